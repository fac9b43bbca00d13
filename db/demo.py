"""Demonstration data: fictional people, the programme of 2017/18, and bulk writes for a made-up year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from db import models
from db.engine import search as engine_search
from db.engine.connection import bound_location, database, execute_many
from db.engine.driver import is_server
from db.engine.mapping import as_tuples
from db.records import status_numbers
from db.records.catalogue import WaitingRule
from db.records.evaluation import Stage
from db.records.groups import GroupKind
from db.records.people import OrganisationKind, Person, PersonKind
from db.records.startup import EventState

PEOPLE_COUNT = 2375
SEED = 2017
PROGRAMME_FILE = "programme-2017-18.csv"


@dataclass(frozen=True, slots=True)
class DemoWorkplace:
    """A workplace of the demonstration; `weight` is its percentage of all people, `managers` are its managers' job
    titles."""

    organisation: str
    kind: OrganisationKind
    team: str
    weight: int
    jobs: tuple[str, ...]
    managers: tuple[str, ...]


COUNCIL = "North East Lincolnshire Council"
TRAINER_TEAM = "Workforce Development"
_LEADS = ("Team Manager", "Service Manager")
WORKPLACES = (
    DemoWorkplace(
        COUNCIL, OrganisationKind.COUNCIL, "Children's Social Care", 12,
        ("Social Worker", "Senior Social Worker", "Family Support Worker", "Independent Reviewing Officer"),
        ("Team Manager", "Service Manager", "Head of Service"),
    ),
    DemoWorkplace(
        COUNCIL, OrganisationKind.COUNCIL, "Early Help", 9,
        ("Early Help Practitioner", "Family Support Worker", "Youth Worker"), _LEADS,
    ),
    DemoWorkplace(
        COUNCIL, OrganisationKind.COUNCIL, "Families First", 9,
        ("Family Support Worker", "Social Worker", "Early Help Practitioner"), _LEADS,
    ),
    DemoWorkplace(
        COUNCIL, OrganisationKind.COUNCIL, "Youth Offending Service", 7,
        ("Youth Worker", "Senior Youth Worker", "Business Support Officer"), _LEADS,
    ),
    DemoWorkplace(
        COUNCIL, OrganisationKind.COUNCIL, "Adult Services", 7,
        ("Social Worker", "Senior Social Worker", "Business Support Officer"), _LEADS,
    ),
    DemoWorkplace(
        COUNCIL, OrganisationKind.COUNCIL, "Public Health", 6,
        ("Public Health Practitioner", "Business Support Officer"), ("Service Manager", "Head of Service"),
    ),
    DemoWorkplace(
        "Primary school", OrganisationKind.SCHOOL, "Pastoral team", 9,
        ("Teacher", "Teaching Assistant", "Designated Safeguarding Lead"), ("Headteacher", "Deputy Headteacher"),
    ),
    DemoWorkplace(
        "Secondary academy", OrganisationKind.SCHOOL, "Safeguarding team", 8,
        ("Teacher", "Head of Year", "Designated Safeguarding Lead"), ("Principal", "Vice Principal"),
    ),
    DemoWorkplace(
        "Health visiting (NHS)", OrganisationKind.HEALTH, "North locality", 9,
        ("Health Visitor", "Community Nursery Nurse"), ("Locality Manager",),
    ),
    DemoWorkplace(
        "Community health provider", OrganisationKind.HEALTH, "School nursing", 8,
        ("School Nurse", "Health Care Assistant"), ("Clinical Lead",),
    ),
    DemoWorkplace(
        "Police", OrganisationKind.POLICE, "Protecting vulnerable people unit", 7,
        ("Police Constable", "Detective Constable", "Police Community Support Officer"), ("Detective Sergeant",),
    ),
    DemoWorkplace(
        "Voluntary sector alliance", OrganisationKind.VOLUNTARY, "Family support", 9,
        ("Family Support Worker", "Volunteer Co-ordinator", "Advocate"), ("Project Manager",),
    ),
)  # fmt: skip

FORENAMES = (
    "Aaliyah", "Abigail", "Adam", "Agnieszka", "Aisha", "Alan", "Alice", "Amanda", "Amir", "Amy", "Andrew", "Angela",
    "Anne-Marie", "Aoife", "Arjun", "Barbara", "Ben", "Bethany", "Callum", "Carol", "Charlotte", "Chidi", "Chloë",
    "Claire", "Craig", "Daniel", "Danielle", "David", "Dawn", "Deborah", "Donna", "Elaine", "Ellie", "Emma", "Erin",
    "Faith", "Farah", "Fiona", "Gareth", "Gemma", "Grace", "Graham", "Hannah", "Harpreet", "Heather", "Helen", "Ian",
    "Imran", "Isla", "Jack", "Jade", "James", "Jane", "Jean-Paul", "Jenny", "Jessica", "Joanne", "John", "José",
    "Josh", "Judith", "Julie", "Karen", "Kate", "Kayleigh", "Keith", "Kelly", "Kevin", "Kirsty", "Laura", "Lauren",
    "Leah", "Lee", "Liam", "Linda", "Lisa", "Louise", "Łukasz", "Lucy", "Małgorzata", "Margaret", "Mark", "Martin",
    "Mary Jo", "Matthew", "Megan", "Michael", "Michelle", "Mohammed", "Natalie", "Nia", "Niamh", "Nicola", "Noah",
    "Olivia", "Omar", "Patricia", "Paul", "Peter", "Philippa", "Priya", "Rachel", "Rebecca", "Renée", "Richard",
    "Rosa", "Ruth", "Sam", "Samantha", "Sandra", "Sarah", "Seán", "Sharon", "Simon", "Sinéad", "Siobhán", "Sophie",
    "Stacey", "Stephen", "Susan", "Tariq", "Teresa", "Thomas", "Tina", "Tracey", "Valerie", "Victoria", "Wendy",
    "Yasmin", "Zainab", "Zoë",
)  # fmt: skip

SURNAMES = (
    "Adams", "Ahmed", "Akhtar", "Allen", "Anderson", "Bailey", "Baker", "Barker", "Begum", "Bell", "Bennett",
    "Blanchard", "Brown", "Butler", "Campbell", "Carter", "Chapman", "Clark", "Cole", "Collins", "Cook", "Cooper",
    "Cox", "Dąbrowska", "D'Arcy", "Davies", "Davis", "de la Cruz", "Dixon", "D’Souza", "Edwards", "Ellis", "Evans",
    "Fisher", "Foster", "García", "Gibson", "Graham", "Grant", "Gray", "Green", "Griffiths", "Hall", "Harris",
    "Harrison", "Harvey", "Hill", "Holmes", "Howard", "Hughes", "Hunt", "Hussain", "Jackson", "James", "Jenkins",
    "Johnson", "Jones", "Kaur", "Kelly", "Khan", "King", "Knight", "Kowalczyk", "Lawson", "Lee", "Lewis", "Lloyd",
    "MacLeod", "Marshall", "Martin", "Mason", "Matthews", "McCarthy", "McDonald", "Miller", "Mills", "Mitchell",
    "Moore", "Morgan", "Morris", "Müller", "Murphy", "Murray", "Nguyen", "Núñez", "O'Brien", "O'Connor", "Okafor",
    "Okonkwo", "Owen", "Palmer", "Parker", "Patel", "Payne", "Pearson", "Phillips", "Powell", "Price", "Reid",
    "Reynolds", "Richards", "Richardson", "Roberts", "Robinson", "Rogers", "Rose", "Russell", "Scott", "Shaw",
    "Simpson", "Singh", "Smith", "Smith-Jones", "Stevens", "Stewart", "Taylor", "Taylor-Reid", "Thomas", "Thompson",
    "Turner", "van der Berg", "Walker", "Walsh", "Ward", "Watson", "Webb", "White", "Wilkinson", "Williams",
    "Wilson", "Wójcik", "Wood", "Wright", "Young",
)  # fmt: skip

_FREQUENCIES = {
    names: [5 if name.isascii() and name.isalpha() else 1 for name in names] for names in (FORENAMES, SURNAMES)
}
"""The weight of each name: names that test a list (accents, hyphens) are included, but no more often than in a
council."""

FACILITATORS = (
    ("Morag", "MacLeod"), ("Daniel", "Okonkwo"), ("Sinéad", "Walsh"), ("Philippa", "Taylor-Reid"), ("Imran", "Hussain"),
    ("Ruth", "Blanchard"),
)  # fmt: skip
"""The six trainers of the programme file, in the order of their e-mail addresses."""

PRACTICE_LEAD_COUNT = 26

VENUE_ADDRESSES = {
    "Centre4, Grimsby": ("17a Wootton Road, Grimsby", "DN33 1HE"),
    "Cleethorpes Town Hall": ("Knoll Street, Cleethorpes", "DN35 8LN"),
    "Grimsby Town Hall": ("Town Hall Square, Grimsby", "DN31 1HX"),
    "Immingham Civic Centre": ("Pelham Road, Immingham", "DN40 1QF"),
    "Municipal Offices, Grimsby": ("Town Hall Square, Grimsby", "DN31 1HU"),
}
"""Address and postcode of each venue, which the programme file leaves out."""

_BARE_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss"})
"""Letters that do not decompose into a plain one and its accent; an e-mail address takes only plain ones."""


def read_programme_file() -> bytes:
    """Return the programme file that a coordinator would import."""
    return (Path(__file__).parent / "data" / PROGRAMME_FILE).read_bytes()


def generate_people() -> list[Person]:
    """Return the people, the same in every demonstration: the facilitators first, PEOPLE_COUNT in all."""
    chance = Random(SEED)  # noqa: S311 - the same people every time, no secret
    taken: set[str] = set()
    found = [_facilitator(number, *name) for number, name in enumerate(FACILITATORS, 1)]
    taken.update(each.email for each in found)
    places = chance.choices(WORKPLACES, [each.weight for each in WORKPLACES], k=PEOPLE_COUNT - len(found))
    for person_id, place in enumerate(places, len(found) + 1):
        found.append(_person(person_id, place, chance, taken))
    return _with_managers(found, chance)


def demo_workplaces() -> dict[tuple[str, str], OrganisationKind]:
    """Return the kind of organisation of every (organisation, team)."""
    found = {(each.organisation, each.team): each.kind for each in WORKPLACES}
    return {(COUNCIL, TRAINER_TEAM): OrganisationKind.COUNCIL, **found}


def _facilitator(number: int, forename: str, surname: str) -> Person:
    return Person(
        id=number, forename=forename, surname=surname, email=f"trainer{number}@example.org",
        employee_number=str(100000 + number), phone=_phone(number), organisation=COUNCIL, team=TRAINER_TEAM,
        job_title="Practice Trainer", kind=PersonKind.STAFF, is_manager=False, is_facilitator=True,
        is_practice_lead=False, manager_id=None, dietary="", access_needs="", active=True, version=1,
        known_as="", start_date=None, leaving_date=None,
    )  # fmt: skip


def _person(person_id: int, place: DemoWorkplace, chance: Random, taken: set[str]) -> Person:
    forename = chance.choices(FORENAMES, _FREQUENCIES[FORENAMES])[0]
    surname = chance.choices(SURNAMES, _FREQUENCIES[SURNAMES])[0]
    leads = chance.random() < 0.16
    at_council = place.kind is OrganisationKind.COUNCIL
    return Person(
        id=person_id,
        forename=forename,
        surname=surname,
        email=_address(forename, surname, taken),
        employee_number=str(100000 + person_id) if at_council else None,
        phone=_phone(person_id),
        organisation=place.organisation,
        team=place.team,
        job_title=chance.choice(place.managers if leads else place.jobs),
        kind=PersonKind.STAFF if at_council else PersonKind.PARTNER,
        is_manager=leads,
        is_facilitator=False,
        is_practice_lead=False,
        manager_id=None,
        dietary=chance.choices(("", "Vegetarian", "Halal", "Gluten free", "Vegan"), (75, 9, 7, 6, 3))[0],
        access_needs=chance.choices(("", "Hearing loop", "Large print", "Wheelchair access"), (91, 3, 3, 3))[0],
        active=True,
        version=1,
        known_as="",
        start_date=None,
        leaving_date=None,
    )


def _address(forename: str, surname: str, taken: set[str]) -> str:
    name = f"{engine_search.fold_to_letters(forename)}.{engine_search.fold_to_letters(surname)}".translate(
        _BARE_LETTERS
    )
    number = 1
    while (address := f"{name}{number if number > 1 else ''}@example.org") in taken:
        number += 1
    taken.add(address)
    return address


def _phone(number: int) -> str:
    """Return one of the numbers that Ofcom keeps free for drama (01632 960000 to 960999)."""
    return f"01632 960{number * 7 % 1000:03d}"


def _with_managers(found: Sequence[Person], chance: Random) -> list[Person]:
    """Return the people with managers and practice leads chosen.

    Everybody at the council who is no manager gets one of their team; some people become practice leads.
    """
    leaders: dict[str, list[int]] = {}
    for each in found:
        if each.is_manager and each.kind is PersonKind.STAFF:
            leaders.setdefault(each.team, []).append(each.id)
    children = ("Children's Social Care", "Early Help", "Families First")
    leads = set(chance.sample([each.id for each in found if each.team in children], PRACTICE_LEAD_COUNT))
    return [
        replace(
            each,
            manager_id=chance.choice(leaders[each.team]) if each.team in leaders and not each.is_manager else None,
            is_practice_lead=each.id in leads,
        )
        for each in found
    ]


COLUMNS: dict[str, tuple[type[models.Row], tuple[str, ...]]] = {
    "enrolment": (models.EnrolmentRow, ("id", "event", "person", "status", "since", "queue", "offer_ends", "reason")),
    "offer": (models.OfferRow, ("enrolment", "made", "ends")),
    "register": (models.RegisterRow, ("session", "taken_by", "taken_at", "signed_off_by", "signed_off_at")),
    "mark": (models.MarkRow, ("session", "person", "mark", "minutes", "at", "actor")),
    "completion": (models.CompletionRow, ("person", "course", "on")),
    "evaluation": (models.EvaluationRow, ("id", "event", "person", "stage", "received", "source")),
    "answer": (models.AnswerRow, ("evaluation", "question", "value", "text")),
    "membership": (models.MembershipRow, ("group", "person", "role", "joined", "left_on")),
    "group_meeting": (models.GroupMeetingRow, ("group", "event")),
    "commitment": (models.CommitmentRow, ("group", "person", "what", "made", "due", "state", "settled", "remark")),
    "history": (
        models.HistoryRow, ("at", "actor", "verb", "subject", "event", "person", "before", "after", "reason"),
    ),
}  # fmt: skip
"""The table and the columns that insert_demo_rows() takes; other columns keep their default."""


def insert_demo_rows(table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Insert many rows, each in the order of COLUMNS; the driver's executemany is fourteen times as fast as
    `create`."""
    row, fields = COLUMNS[table]
    meta: Any = row._meta
    defaults = {field.name: value for field, value in meta.defaults.items() if field.name not in fields}
    names = ", ".join(f'"{meta.fields[name].column_name}"' for name in (*fields, *defaults))
    marks = ", ".join("?" * (len(fields) + len(defaults)))
    rest = tuple(defaults.values())
    execute_many(
        f'INSERT INTO "{meta.table_name}" ({names}) VALUES ({marks})',  # noqa: S608 - of our own columns' names
        [(*each, *rest) for each in rows],
    )
    if "id" in fields and is_server(bound_location()):  # the server's own counter does not see ids that were given
        database.execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{meta.table_name}', 'id'), max(id)) FROM \"{meta.table_name}\""  # noqa: S608
        )


def update_managers(people: Iterable[Person]) -> None:
    """Store the manager of each person, once all people are stored."""
    execute_many(
        "UPDATE person SET manager_id = ? WHERE id = ?",
        [(each.manager_id, each.id) for each in people if each.manager_id],
    )


def update_event_states(states: Mapping[int, EventState]) -> None:
    """Store the states of events by event id."""
    execute_many("UPDATE event SET state = ? WHERE id = ?", [(state, event_id) for event_id, state in states.items()])


def update_all_counts() -> None:
    """Recompute the counts of every event at once, as `db.booking.update_event_counts` does for one."""
    for column, condition in (
        ("booked", f"status >= {status_numbers.BOOKED}"),
        ("offered", f"status = {status_numbers.OFFERED}"),
        ("waiting", f"status = {status_numbers.WAITLISTED}"),
    ):
        database.execute_sql(
            f"UPDATE event SET {column} = (SELECT count(*) FROM enrolment WHERE event_id = event.id AND {condition})"  # noqa: S608
        )


def update_venue_addresses() -> None:
    """Store the addresses of the programme's venues."""
    for name, (address, postcode) in VENUE_ADDRESSES.items():
        models.VenueRow.update(address=address, postcode=postcode).where(models.VenueRow.name == name).execute()


def update_waiting_rule(course: str) -> None:
    """Make a course offer a freed place for a time instead of booking the next person."""
    models.CourseRow.update(waiting_rule=WaitingRule.OFFER).where(models.CourseRow.code == course).execute()


def store_demo_replies(answers: Iterable[tuple[object, ...]]) -> None:
    """Store replies to invitations: (answer, when, session id, person id)."""
    execute_many(
        "UPDATE invitation SET partstat = ?, replied = ? WHERE session_id = ? AND person_id = ?", list(answers)
    )


def fetch_question_ids() -> list[tuple[int, int, Stage, int]]:
    """Return (id, course id, stage, position) of every question."""
    row = models.QuestionRow
    return as_tuples(row.select(row.id, row.course, row.stage, row.position).order_by(row.id))


def fetch_practice_leads_group() -> int:
    """Return the id of the Practice Leads group."""
    return int(
        models.GroupRow.select(models.GroupRow.id).where(models.GroupRow.kind == GroupKind.PRACTICE_LEADS).scalar()
    )
