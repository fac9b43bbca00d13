"""Actions that add and change people one at a time, and record that they left or came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from csc_tui.base.close_names import settle_name
from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count, format_date
from csc_tui.base.transaction import action
from csc_tui.core.booking import transitions
from csc_tui.core.booking.event_places import lock_event_places
from csc_tui.core.booking.transitions import EnrolmentAction
from csc_tui.core.imports.columns import look_alike_warning
from csc_tui.core.imports.names import name_key
from csc_tui.core.imports.people import guess_organisation_kind
from csc_tui.core.people import practice_leads
from csc_tui.core.people import rules as people_rules
from csc_tui.core.people.rules import (
    ADDED,
    BLANK_PERSON,
    CHANGED,
    DEFAULT_TEXTS,
    FIELDS_BY_NAME,
    LEFT,
    FieldInvalid,
    FieldRefused,
    PersonConflict,
)
from db import history, organisations, people
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.booking import Status, StatusChange
from db.records.people import Person
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role

BACK = "person back"
"""The verb in the history for a person who came back."""
WHY_LEFT = "left the organisation"
"""The reason for a departure where none is given."""


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A change of a person: (field, before, after) of each field, and remarks.

    Two are equal when the same would be stored, whatever the number of a new person is.
    """

    name: str
    changes: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...]
    person: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Departure:
    """The changes because a person left, their own first, and remarks about what is still to be done."""

    name: str
    moves: list[StatusChange]
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class PersonFormData:
    """The data for the form on a person; `events` are those whose invitations may change with them."""

    person: Person
    texts: dict[str, str]
    events: list[str]


class AddressTaken(FieldRefused):
    """Raised when an e-mail address belongs to another person, who is the `holder`."""

    def __init__(self, holder: Person) -> None:
        former = "" if holder.active else ", who has left"
        super().__init__(
            "email",
            f"{holder.email} is the address of {holder.in_full}{former}. Nothing was changed.",
            None if holder.active else Remedy(RemedyKind.BRING_BACK, person=holder.key),
        )
        self.holder = holder


def get_person_form_data(ctx: Context, reference: str) -> PersonFormData:
    """Return the fields of a person as they are typed. Raises NoSuchPerson and AmbiguousPerson."""
    with read_transaction():
        person = people.find_person(reference)
        return PersonFormData(person, get_person_texts(person), people.fetch_coming_bookings(person.id, ctx.today()))


def list_workplaces(ctx: Context) -> list[tuple[str, str]]:
    """Return (organisation, team) of every team, and (organisation, "") of every organisation."""
    with read_transaction():
        return people.fetch_workplace_names()


@action(role=Role.BOOKER)
def add_person(ctx: Context, wanted: Mapping[str, str]) -> PersonChange:
    """Add a person and return what was stored; people of a similar name are among the remarks.

    A field that is not named is empty. Raises FieldFault and AddressTaken.
    """
    tidy = people_rules.check_person_texts({"surname": "", "email": "", **DEFAULT_TEXTS, **wanted})
    _check_unique(tidy, 0)
    manager = _manager(tidy)
    person = people_rules.apply_person_texts(BLANK_PERSON, tidy, manager.id if manager else None)
    person = _settled_workplace(ctx, person)
    remarks = _like(person) + _new_places(person)
    person = _spelt(person)
    stored = people.fetch_person(people.insert_person(person, guess_organisation_kind(person.organisation)))
    if stored.is_practice_lead:
        practice_leads.follow_practice_lead_marks(ctx, {stored.id: True})
    after = get_person_texts(stored)
    changes = {
        name: ("", after[name]) for name in FIELDS_BY_NAME if after[name] and after[name] != DEFAULT_TEXTS.get(name)
    }
    write_history(
        ctx, ADDED, stored.name, person_id=stored.id,
        after=people_rules.describe_field_changes(changes)[1],
    )  # fmt: skip
    return _kept(stored, changes, remarks)


@action(role=Role.BOOKER)
def change_person(
    ctx: Context,
    reference: str,
    wanted: Mapping[str, str],
    *,
    seen: Mapping[str, str] | None = None,
) -> PersonChange:
    """Change some of a person's fields and return what was stored; invitations follow a new address.

    `seen` is what the form was filled with: raises PersonConflict when any of it has changed since. Raises
    NoSuchPerson, AmbiguousPerson, FieldFault, AddressTaken, and RuleBroken when nothing is different.
    """
    before = people.find_person(reference)
    _refuse_erased(before)
    now = get_person_texts(before)
    if seen is not None and (met := people_rules.field_conflicts(seen, now, wanted)):
        who, when = _changed_by(ctx, before)
        raise PersonConflict(before.name, who, when, met, now)
    different = {name: text for name, text in wanted.items() if name not in now or " ".join(text.split()) != now[name]}
    if different.get("organisation", now["organisation"]) != now["organisation"] and "team" not in different:
        different["team"] = ""  # a team belongs to one organisation
    tidy = people_rules.check_person_texts(different)
    if tidy.get("team") and not (tidy.get("organisation") or now["organisation"]):
        raise FieldInvalid("team", "Team: give the organisation as well. Nothing was changed.")
    _check_unique(tidy, before.id)
    manager = _manager(tidy)
    if manager and manager.id == before.id:
        raise FieldRefused("manager", "Line manager: a person cannot be their own line manager. Nothing was changed.")
    manager_id = (manager.id if manager else None) if "manager" in tidy else before.manager_id
    after = people_rules.apply_person_texts(before, tidy, manager_id)
    remarks = _like(after) if (after.forename, after.surname) != (before.forename, before.surname) else []
    after = _settled_workplace(ctx, after)
    remarks += _new_places(after)
    after = _spelt(after)
    if after == before:
        raise RuleBroken(f"{before.name} already has these details. Nothing was changed.")
    people.update_person(before, after, guess_organisation_kind(after.organisation))
    if after.is_practice_lead != before.is_practice_lead:
        practice_leads.follow_practice_lead_marks(ctx, {before.id: after.is_practice_lead})
    if after.email.casefold() != before.email.casefold():
        people.keep_former_address(before, ctx.today())
    stored = get_person_texts(people.fetch_person(before.id))
    changes = {name: (now[name], stored[name]) for name in FIELDS_BY_NAME if now[name] != stored[name]}
    said = people_rules.describe_field_changes(changes)
    write_history(
        ctx, CHANGED, after.name, person_id=before.id, before=said[0], after=said[1]
    )  # fmt: skip
    return _kept(after, changes, remarks)


@action(role=Role.BOOKER)
def record_departure(ctx: Context, reference: str, *, reason: str = "") -> Departure:
    """Record that a person left and give up their places on events that have not begun; people who wait move up.

    Nothing of them is deleted. Raises NoSuchPerson, AmbiguousPerson, and RuleBroken when they have left already.
    """
    why = reason.strip() or WHY_LEFT
    person = people.find_person(reference)
    if not person.active:
        raise RuleBroken(f"{person.name} has already left. Nothing was changed.")
    people.update_person(person, replace(person, active=False), guess_organisation_kind(person.organisation))
    write_history(
        ctx, LEFT, person.name, person_id=person.id, before="active", after="left", reason=why
    )  # fmt: skip
    moves, begun = _give_up_places(ctx, person, why)
    remarks = [f"Still on {reference}, which has begun." for reference in begun]
    if led := people.fetch_sessions_to_lead(person.id, ctx.today()):
        remarks.append("Still leads " + ", ".join(f"{event} session {number}" for event, number in led) + ".")
    if managed := people.count_managed_people(person.id):
        remarks.append(f"Still the line manager of {format_count(managed, 'person', 'people')}.")
    return Departure(person.name, moves, remarks)


@action(role=Role.BOOKER)
def record_return(ctx: Context, reference: str) -> PersonChange:
    """Record that a person who had left is back; places given up stay given up. Raises NoSuchPerson and RuleBroken."""
    person = people.find_person(reference)
    if person.active:
        raise RuleBroken(f"{person.name} has not left. Nothing was changed.")
    _refuse_erased(person)
    people.update_person(person, replace(person, active=True), guess_organisation_kind(person.organisation))
    write_history(
        ctx, BACK, person.name, person_id=person.id, before="left", after="active"
    )  # fmt: skip
    return PersonChange(person.name, (("active", "no", "yes"),), (), person.key)


def _give_up_places(ctx: Context, person: Person, why: str) -> tuple[list[StatusChange], list[str]]:
    """Return the changes of status, the person's own first, and the references of events that have begun."""
    moves: list[StatusChange] = []
    begun = []
    for reference in people.fetch_coming_bookings(person.id, ctx.today()):
        places = lock_event_places(ctx, reference)
        if places.starts and places.starts <= ctx.now():
            begun.append(reference)
            continue
        places.end_make_ups(why, person.id)
        if leaving := places.find_enrolment(person):
            to = transitions.check_allowed(EnrolmentAction.CANCEL, places.facts(person.name, leaving, reason=why))
            late = leaving.status is Status.BOOKED and places.is_late()
            moves.append(places.change_status(leaving, to, "cancelled", why, late=late))
        moves += places.fill_free_places()
    own = [each for each in moves if each.person == person.key]
    return own + [each for each in moves if each.person != person.key], begun


def _refuse_erased(person: Person) -> None:
    if not person.email:
        raise RuleBroken(
            f"{person.name} was erased, which cannot be undone: only figures are kept. Nothing was changed.",
            Remedy(RemedyKind.ADD_PERSON),
        )


def get_person_texts(person: Person) -> dict[str, str]:
    """Return a person's fields as they are typed; inside a transaction."""
    manager = people.fetch_person(person.manager_id).email if person.manager_id else ""
    return people_rules.person_texts(person, manager)


def _check_unique(tidy: Mapping[str, str], person_id: int) -> None:
    holder = people.fetch_people_by_email([tidy["email"]]).get(tidy["email"].casefold()) if tidy.get("email") else None
    if holder and holder.id != person_id:
        raise AddressTaken(holder)
    number = tidy.get("employee_number")
    holder = people.fetch_people_by_number([number]).get(number) if number else None
    if holder and holder.id != person_id:
        raise FieldRefused("employee_number", f"{number} is the number of {holder.in_full}. Nothing was changed.")


def _manager(tidy: Mapping[str, str]) -> Person | None:
    if not tidy.get("manager"):
        return None
    try:
        return people.find_person(tidy["manager"])
    except (NotFound, RuleBroken) as problem:
        raise FieldRefused("manager", f"Line manager: {problem}", problem.remedy) from problem


def _like(person: Person) -> list[str]:
    odd = look_alike_warning(person.name)
    return [*([f"{odd}."] if odd else []), *_namesakes(person)]


def _namesakes(person: Person) -> list[str]:
    return [
        f"Similar name: {each.in_full}{'' if each.active else ', who has left'}"
        + (f", {each.organisation}" if each.organisation else "")
        for each in _people_called_alike(person)
    ]


def _people_called_alike(person: Person) -> list[Person]:
    """Return people of much the same name, seen through apostrophes, hyphens, blanks, short and swapped names."""
    alike = people.find_similar_people(person.forename, person.surname, besides=person.id)
    key = name_key(person.forename, person.surname)
    others = people.fetch_people_sharing_words(person.forename, person.surname, besides=person.id)
    near = [each for each in others if name_key(each.forename, each.surname) == key]
    return list({each.id: each for each in (*near, *alike)}.values())[: people.CANDIDATES]


def _settled_workplace(ctx: Context, person: Person) -> Person:
    """Return the person with the workplace to store. Raises NameTooClose for one that is probably misspelt."""
    known = people.fetch_workplace_names()
    typed = organisations.fetch_main_name(person.organisation)
    home = settle_name(ctx, "organisation", typed, [name for name, team in known if not team])
    teams = [team for name, team in known if team and name.casefold() == home.casefold()]
    return replace(person, organisation=home, team=settle_name(ctx, "team", person.team, teams))


def _new_places(person: Person) -> list[str]:
    known_names = {(organisation.casefold(), team.casefold()) for organisation, team in people.fetch_workplace_names()}
    home = person.organisation.casefold()
    if home and (home, "") not in known_names:
        kind = guess_organisation_kind(person.organisation)
        team = f", and {person.team} a new team of it" if person.team else ""
        return [f"{person.organisation} is a new organisation ({kind}){team}."]
    if person.team and (home, person.team.casefold()) not in known_names:
        return [f"{person.team} is a new team of {person.organisation}."]
    return []


def _spelt(person: Person) -> Person:
    """Return the person with organisation and team spelt as they are stored already, whatever the case."""
    spelt = {(each.casefold(), team.casefold()): (each, team) for each, team in people.fetch_workplace_names()}
    home = spelt.get((person.organisation.casefold(), ""), (person.organisation, ""))[0]
    team = spelt.get((person.organisation.casefold(), person.team.casefold()), ("", person.team))[1]
    return replace(person, organisation=home, team=team)


def _changed_by(ctx: Context, person: Person) -> tuple[str, str]:
    """Return who changed the person last and when, as the history says."""
    for line in history.fetch_history_lines(person_id=person.id, limit=50):
        if line.verb in (CHANGED, LEFT, BACK, "imported", "undone"):
            at = ctx.local(line.at)
            return line.actor, f"{format_date(at)} {at:%H:%M}"
    return "Someone", ""


def _kept(person: Person, changes: Mapping[str, tuple[str, str]], remarks: list[str]) -> PersonChange:
    return PersonChange(person.name, tuple((name, *each) for name, each in changes.items()), tuple(remarks), person.key)
