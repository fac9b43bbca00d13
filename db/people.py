"""People: found, fetched, kept findable."""

from datetime import date
from typing import Any

from peewee import JOIN, IntegrityError

from db import imports, lookups
from db.engine import journal
from db.engine import search as engine_search
from db.engine.connection import database
from db.engine.mapping import as_records, as_tuples
from db.errors import AmbiguousPerson, Duplicate, NoSuchPerson, Stale
from db.models import Enrolment, Event, Facilitation, MakeUp, Organisation, PersonWord, Session, Team
from db.models import Person as PersonRow
from db.records.booking import Status
from db.records.first_picture import EventState
from db.records.people import OrganisationKind, Person

CANDIDATES = 8
"""So many are named when a name fits more than one person."""


def select() -> Any:
    """Every column of a Person record, with the names of organisation and team."""
    row = PersonRow
    return (
        row.select(
            row.id, row.forename, row.surname, row.email, row.employee_number, row.phone, row.job_title, row.kind,
            row.is_manager, row.is_facilitator, row.is_practice_lead, row.manager.alias("manager_id"), row.dietary,
            row.access_needs, row.active, row.version,
            Organisation.name.alias("organisation"), Team.name.alias("team"),
        )
        .join_from(row, Organisation, JOIN.LEFT_OUTER)
        .join_from(row, Team, JOIN.LEFT_OUTER)
    )  # fmt: skip


def get(person_id: int) -> Person:
    """Raises NoSuchPerson."""
    found = _records(select().where(PersonRow.id == person_id))
    if not found:
        raise NoSuchPerson(f"#{person_id}")
    return found[0]


def by_ids(ids: list[int]) -> dict[int, Person]:
    """Those of the ids that exist."""
    return {person.id: person for person in _records(select().where(PersonRow.id.in_(ids)))}


def by_emails(addresses: list[str]) -> dict[str, Person]:
    """By folded address, those that exist."""
    keys = [address.strip().casefold() for address in addresses]
    return {person.email.casefold(): person for person in _records(select().where(PersonRow.email_key.in_(keys)))}


def by_numbers(numbers: list[str]) -> dict[str, Person]:
    """By employee number, those that exist."""
    found = _records(select().where(PersonRow.employee_number.in_(numbers)))
    return {person.employee_number: person for person in found if person.employee_number}


def find(reference: str) -> Person:
    """The one person meant by `#id`, an e-mail address, an employee number or a name that fits nobody else.

    Raises NoSuchPerson, or AmbiguousPerson with the candidates.
    """
    found = _meant(reference.strip())
    if not found:
        raise NoSuchPerson(reference)
    chosen = by_ids(found[:CANDIDATES])
    if len(found) > 1:
        raise AmbiguousPerson(
            reference,
            [(each.key, each.name, each.email, each.organisation) for each in (chosen[i] for i in found[:CANDIDATES])],
            len(found),
        )
    return chosen[found[0]]


def is_called(person: Person, text: str) -> bool:
    """Whether every piece of the text begins some word of the person's name, address, place of work or job."""
    return engine_search.begins(
        engine_search.fragments(text),
        (person.forename, person.surname, person.email, person.organisation, person.team, person.job_title),
    )


def _meant(text: str) -> list[int]:
    """Ids of everybody the reference can mean; of those whose name fits, the ones it fits best."""
    row = PersonRow
    if text.startswith("#"):
        number = text[1:]
        return _ids(row.id == int(number)) if number.isdecimal() and len(number) < 19 else []
    if "@" in text:
        return _ids(row.email_key == text.casefold())
    numbered = _ids(row.employee_number == text)
    if numbered:
        return numbered
    named = engine_search.fragments(text)
    hits = [hit for hit in lookups.found_by(database.connection(), text) if engine_search.begins(named, hit[1:])]
    closest = min((_distance(named, sort) for _, sort in hits), default=0)
    return [person_id for person_id, sort in hits if _distance(named, sort) == closest]


def _ids(condition: Any) -> list[int]:
    return [found for (found,) in as_tuples(PersonRow.select(PersonRow.id).where(condition))]


def _distance(named: list[str], sort: str) -> int:
    """0 for the name as it is said, 1 with the surname first, 2 for the beginnings of its words."""
    surname_first = engine_search.fragments(sort)
    if named == surname_first:
        return 1
    turned = (surname_first[i:] + surname_first[:i] for i in range(1, len(surname_first)))
    return 0 if named in turned else 2


def add(person: Person, kind: OrganisationKind) -> int:
    """Store somebody new, findable at once, and return the id; `kind` is that of an organisation not yet known.

    Raises Duplicate.
    """
    try:
        person_id: int = PersonRow.insert(**_columns(person, kind)).execute()
    except IntegrityError:  # on a server, where two may look at once before either writes
        raise Duplicate(_TAKEN) from None
    journal.touching(PersonRow, person_id, new=True)
    reindex(person_id)
    return person_id


def change(before: Person, after: Person, kind: OrganisationKind) -> None:
    """Store what is kept of a person, and find them by it. Raises Stale if somebody changed it since it was read, and
    Duplicate."""
    journal.touching(PersonRow, before.id)
    same = (PersonRow.id == before.id) & (PersonRow.version == before.version)
    try:
        stored = PersonRow.update(**_columns(after, kind), version=before.version + 1).where(same).execute()
    except IntegrityError:
        raise Duplicate(_TAKEN) from None
    if not stored:
        raise Stale(f"Somebody else changed {before.name} a moment ago. Nothing was changed. Look again.")
    reindex(before.id)


_TAKEN = "Somebody else took this e-mail address or employee number a moment ago. Nothing was changed. Look again."


def _columns(person: Person, kind: OrganisationKind) -> dict[str, Any]:
    places = imports.work_places()
    if person.organisation:
        imports.add_work_places(places, {(person.organisation, person.team): kind})
    organisation_id, team_id = places[person.organisation.casefold(), person.team.casefold()]
    same = (
        "employee_number", "forename", "surname", "email", "phone", "job_title", "kind", "is_manager", "is_facilitator",
        "is_practice_lead", "dietary", "access_needs", "active",
    )  # fmt: skip
    return {name: getattr(person, name) for name in same} | {
        "email_key": person.email.casefold(), "organisation": organisation_id, "team": team_id,
        "manager": person.manager_id,
    }  # fmt: skip


def places_of_work() -> list[tuple[str, str]]:
    """(organisation, team) of every team, and (organisation, "") of every organisation, by name."""
    teams = as_tuples(Team.select(Organisation.name, Team.name).join(Organisation))
    return sorted([*teams, *((name, "") for (name,) in as_tuples(Organisation.select(Organisation.name)))])


def facilitators() -> list[Person]:
    """Active people who may lead sessions, by surname."""
    return _records(select().where(PersonRow.is_facilitator, PersonRow.active).order_by(PersonRow.sort, PersonRow.id))


def alike(forename: str, surname: str, *, besides: int = 0, limit: int = CANDIDATES) -> list[Person]:
    """Active and former people whose name begins like this one: the same surname, and the same first letter."""
    if not surname:
        return []
    typed = engine_search.sort_key(forename[:1], surname)
    found = select().where(PersonRow.sort.startswith(typed), PersonRow.id != besides).order_by(PersonRow.sort)
    return _records(found.limit(limit))


def bookings_to_come(person_id: int, today: date) -> list[str]:
    """The references of events that are not over, on which the person holds, asks or waits for a place or makes
    something up."""
    ahead = Event.last_date.is_null() | (Event.last_date >= today)
    held = (
        Enrolment.select(Event.reference)
        .join(Event)
        .where(Enrolment.person == person_id, Enrolment.status.between(Status.REQUESTED, Status.BOOKED), ahead)
    )
    made_up = (
        MakeUp.select(Event.reference)
        .join_from(MakeUp, Session)
        .join_from(Session, Event)
        .where(MakeUp.person == person_id, MakeUp.active, ahead)
    )
    return sorted({reference for query in (held, made_up) for (reference,) in as_tuples(query)})


def leads(person_id: int, today: date) -> list[tuple[str, int]]:
    """(event, session number) of each session to come, or without a date yet, that the person facilitates."""
    over = (EventState.CANCELLED, EventState.DELIVERED, EventState.CLOSED)
    query = (
        Facilitation.select(Event.reference, Session.number)
        .join_from(Facilitation, Session)
        .join_from(Session, Event)
        .where(
            Facilitation.person == person_id,
            Session.date.is_null() | (Session.date >= today),
            Event.state.not_in(over),
        )
        .order_by(Event.reference, Session.number)
    )
    return [(reference, number) for reference, number in as_tuples(query)]


def managed_by(person_id: int) -> int:
    """How many active people have this one as their line manager."""
    return int(PersonRow.select().where(PersonRow.manager == person_id, PersonRow.active).count())


def reindex(person_id: int) -> None:
    """Make the person findable by what is stored now; to be called when a name, address or place of work changed."""
    person = get(person_id)
    found = engine_search.person_words(
        person.forename, person.surname, person.email, person.employee_number, person.organisation, person.team,
        person.phone, person.job_title,
    )  # fmt: skip
    sort = engine_search.sort_key(person.forename, person.surname)
    PersonRow.update(search=engine_search.joined(found), sort=sort).where(PersonRow.id == person_id).execute()
    PersonWord.delete().where(PersonWord.person == person_id).execute()
    PersonWord.insert_many(
        [(word, sort, person_id) for word in found], fields=[PersonWord.word, PersonWord.sort, PersonWord.person]
    ).execute()


def _records(query: Any) -> list[Person]:
    return as_records(_person, query)  # type: ignore[arg-type]


def _person(**columns: Any) -> Person:
    return Person(**{**columns, "organisation": columns["organisation"] or "", "team": columns["team"] or ""})
