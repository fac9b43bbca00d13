"""People: finding, fetching and storing them, and keeping their search words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import JOIN, IntegrityError, fn

from db import imports, lookups, near_people
from db.engine import journal
from db.engine import search as engine_search
from db.engine.connection import database
from db.engine.mapping import as_records, as_tuples
from db.errors import AmbiguousPerson, Duplicate, NoSuchPerson, Stale
from db.models import (
    EnrolmentRow,
    EventRow,
    FacilitationRow,
    MakeUpRow,
    OrganisationRow,
    PersonAddressRow,
    PersonRow,
    PersonWordRow,
    SessionRow,
    TeamRow,
)
from db.records.booking import Status
from db.records.people import OrganisationKind, Person
from db.records.startup import EventState

CANDIDATES = 8
"""The most candidates named when a name fits more than one person."""


def select_people() -> Any:
    """Return a query for every column of a Person record, with the names of organisation and team."""
    row = PersonRow
    return (
        row.select(
            row.id, row.forename, row.surname, row.email, row.employee_number, row.phone, row.job_title, row.kind,
            row.is_manager, row.is_facilitator, row.is_practice_lead, row.manager.alias("manager_id"), row.dietary,
            row.access_needs, row.active, row.version, row.known_as, row.start_date, row.leaving_date,
            OrganisationRow.name.alias("organisation"), TeamRow.name.alias("team"),
        )
        .join_from(row, OrganisationRow, JOIN.LEFT_OUTER)
        .join_from(row, TeamRow, JOIN.LEFT_OUTER)
    )  # fmt: skip


def fetch_person(person_id: int) -> Person:
    """Return the person with an id. Raises NoSuchPerson."""
    found = _records(select_people().where(PersonRow.id == person_id))
    if not found:
        raise NoSuchPerson(f"#{person_id}", [])
    return found[0]


def fetch_people(ids: list[int]) -> dict[int, Person]:
    """Return the people with these ids, by id; unknown ids are left out."""
    return {person.id: person for person in _records(select_people().where(PersonRow.id.in_(ids)))}


def fetch_people_by_email(addresses: list[str]) -> dict[str, Person]:
    """Return the people with these e-mail addresses, by folded address; unknown ones are left out."""
    keys = [address.strip().casefold() for address in addresses]
    return {
        person.email.casefold(): person for person in _records(select_people().where(PersonRow.email_key.in_(keys)))
    }


def fetch_people_by_former_email(addresses: list[str]) -> dict[str, Person]:
    """Return the one person who had each of these addresses before, by folded address; unknown ones are left out."""
    row, keys = PersonAddressRow, [address.strip().casefold() for address in addresses]
    had: dict[str, list[int]] = {}
    for person_id, key in as_tuples(row.select(row.person, row.email_key).where(row.email_key.in_(keys))):
        had.setdefault(key, []).append(person_id)
    found = fetch_people([ids[0] for ids in had.values()]) if had else {}
    return {key: found[ids[0]] for key, ids in had.items() if len(ids) == 1}


def fetch_people_by_number(numbers: list[str]) -> dict[str, Person]:
    """Return the people with these employee numbers, by number; unknown ones are left out."""
    row = PersonRow
    holders = dict(as_tuples(row.select(row.employee_number, row.id).where(row.employee_number.in_(numbers))))
    targets = {number: _merged_targets([person_id])[0] for number, person_id in holders.items()}
    known = fetch_people(list(targets.values()))
    return {number: known[person_id] for number, person_id in targets.items()}


def find_person(reference: str) -> Person:
    """Return the one person meant by `#id`, an e-mail address, an employee number, or a name that fits nobody else.

    Raises NoSuchPerson, or AmbiguousPerson with the candidates.
    """
    found = _merged_targets(_find_ids(reference.strip()))
    if not found:
        raise NoSuchPerson(reference, near_people.suggest_people(database.connection(), reference))
    chosen = fetch_people(found[:CANDIDATES])
    if len(found) > 1:
        raise AmbiguousPerson(
            reference,
            [(each.key, each.name, each.email, each.organisation) for each in (chosen[i] for i in found[:CANDIDATES])],
            len(found),
        )
    return chosen[found[0]]


def _merged_targets(ids: list[int]) -> list[int]:
    """Return the ids with those of merged records replaced by the record they were merged into, each once."""
    merged = dict(
        as_tuples(
            PersonRow.select(PersonRow.id, PersonRow.merged_into).where(
                PersonRow.id.in_(ids), PersonRow.merged_into.is_null(False)
            )
        )
    )
    targets = [merged.get(each, each) for each in ids]
    return list(dict.fromkeys(targets if not merged else _merged_targets(targets)))


def is_called(person: Person, text: str) -> bool:
    """Return whether every piece of the text begins some word of the person's name, address, workplace or job title."""
    return engine_search.matches_fragments(
        engine_search.split_fragments(text),
        (person.forename, person.surname, person.email, person.organisation, person.team, person.job_title),
    )


def _find_ids(text: str) -> list[int]:
    """Return the ids of everybody the reference can mean; of matching names, only the closest."""
    row = PersonRow
    if text.startswith("#"):
        number = text[1:]
        return _fetch_ids(row.id == int(number)) if number.isdecimal() and len(number) < 19 else []
    if "@" in text:
        former = PersonAddressRow.select(PersonAddressRow.person).where(PersonAddressRow.email_key == text.casefold())
        return _fetch_ids(row.email_key == text.casefold()) or [found for (found,) in as_tuples(former)]
    numbered = _fetch_ids(row.employee_number == text)
    if numbered:
        return numbered
    named = engine_search.split_fragments(text)
    hits = [
        hit
        for hit in lookups.find_person_ids(database.connection(), text)
        if engine_search.matches_fragments(named, hit[1:])
    ]
    closest = min((_distance(named, sort) for _, sort in hits), default=0)
    return [person_id for person_id, sort in hits if _distance(named, sort) == closest]


def _fetch_ids(condition: Any) -> list[int]:
    return [found for (found,) in as_tuples(PersonRow.select(PersonRow.id).where(condition))]


def _distance(named: list[str], sort: str) -> int:
    """Return 0 for the name in its usual order, 1 with the surname first, 2 for beginnings of its words."""
    surname_first = engine_search.split_fragments(sort)
    if named == surname_first:
        return 1
    turned = (surname_first[i:] + surname_first[:i] for i in range(1, len(surname_first)))
    return 0 if named in turned else 2


def insert_person(person: Person, kind: OrganisationKind) -> int:
    """Insert a person with their search words and return the id.

    `kind` is used for an organisation not known yet. Raises Duplicate.
    """
    try:
        person_id: int = PersonRow.insert(**_columns(person, kind)).execute()
    except IntegrityError:  # on a server, two programs may both check before either writes
        raise Duplicate(_TAKEN) from None
    journal.track_row(PersonRow, person_id, new=True)
    update_person_index(person_id)
    return person_id


def update_person(before: Person, after: Person, kind: OrganisationKind) -> None:
    """Store a changed person and their search words.

    Raises Stale where the person was changed since they were read, and Duplicate.
    """
    journal.track_row(PersonRow, before.id)
    same = (PersonRow.id == before.id) & (PersonRow.version == before.version)
    try:
        stored = PersonRow.update(**_columns(after, kind), version=before.version + 1).where(same).execute()
    except IntegrityError:
        raise Duplicate(_TAKEN) from None
    if not stored:
        raise Stale(f"Someone else changed {before.name} a moment ago. Nothing was changed. Check it and try again.")
    update_person_index(before.id)


def keep_former_address(person: Person, until: date) -> None:
    """Keep the address that a person had until a day, so that they are still found by it."""
    imports.keep_former_address(person.id, person.email, until)
    update_person_index(person.id)


_TAKEN = (
    "Someone else was given this e-mail address or employee number a moment ago. Nothing was changed. Check it "
    "and try again."
)


def _columns(person: Person, kind: OrganisationKind) -> dict[str, Any]:
    places = imports.fetch_workplaces()
    if person.organisation:
        imports.insert_workplaces(places, {(person.organisation, person.team): kind})
    organisation_id, team_id = places[person.organisation.casefold(), person.team.casefold()]
    same = (
        "employee_number", "forename", "surname", "email", "phone", "job_title", "kind", "is_manager", "is_facilitator",
        "is_practice_lead", "dietary", "access_needs", "active", "known_as", "start_date", "leaving_date",
    )  # fmt: skip
    return {name: getattr(person, name) for name in same} | {
        "email_key": person.email.casefold(), "organisation": organisation_id, "team": team_id,
        "manager": person.manager_id,
    }  # fmt: skip


def fetch_workplace_names() -> list[tuple[str, str]]:
    """Return (organisation, team) of every team, and (organisation, "") of every organisation, by name."""
    teams = as_tuples(TeamRow.select(OrganisationRow.name, TeamRow.name).join(OrganisationRow))
    return sorted([*teams, *((name, "") for (name,) in as_tuples(OrganisationRow.select(OrganisationRow.name)))])


def fetch_everybody() -> list[Person]:
    """Return every person, former ones included, in the order they were added; merged records are left out."""
    return _records(select_people().where(PersonRow.merged_into.is_null()).order_by(PersonRow.id))


def free_addresses(person_ids: list[int]) -> None:
    """Take the addresses and numbers of people for the moment, so that records that swapped them can be restored."""
    for person_id in person_ids:
        PersonRow.update(email_key=f"#{person_id}", employee_number=None).where(PersonRow.id == person_id).execute()


def fetch_active_facilitators() -> list[Person]:
    """Return the active people who may lead sessions, by surname."""
    return _records(
        select_people().where(PersonRow.is_facilitator, PersonRow.active).order_by(PersonRow.sort, PersonRow.id)
    )


def find_similar_people(forename: str, surname: str, *, besides: int = 0, limit: int = CANDIDATES) -> list[Person]:
    """Return active and former people with the same surname and the same first letter of the forename."""
    if not surname:
        return []
    typed = engine_search.sort_key(forename[:1], surname)
    found = select_people().where(PersonRow.sort.startswith(typed), PersonRow.id != besides).order_by(PersonRow.sort)
    return _records(found.limit(limit))


def fetch_people_sharing_words(forename: str, surname: str, *, besides: int = 0, limit: int = 2_000) -> list[Person]:
    """Return people one of whose search words is a word of this name, active and former ones."""
    words = engine_search.searchable_words((forename, surname, f"{forename}{surname}"))
    ids = PersonWordRow.select(PersonWordRow.person).where(PersonWordRow.word.in_(words))
    found = select_people().where(PersonRow.id.in_(ids), PersonRow.id != besides).order_by(PersonRow.sort)
    return _records(found.limit(limit))


def fetch_coming_bookings(person_id: int, today: date) -> list[str]:
    """Return the references of events not over where the person is booked, offered, waiting, requested or making up."""
    ahead = EventRow.last_date.is_null() | (EventRow.last_date >= today)
    held = (
        EnrolmentRow.select(EventRow.reference)
        .join(EventRow)
        .where(EnrolmentRow.person == person_id, EnrolmentRow.status.between(Status.REQUESTED, Status.BOOKED), ahead)
    )
    made_up = (
        MakeUpRow.select(EventRow.reference)
        .join_from(MakeUpRow, SessionRow)
        .join_from(SessionRow, EventRow)
        .where(MakeUpRow.person == person_id, MakeUpRow.active, ahead)
    )
    return sorted({reference for query in (held, made_up) for (reference,) in as_tuples(query)})


def fetch_sessions_to_lead(person_id: int, today: date) -> list[tuple[str, int]]:
    """Return (event, session number) of each coming or undated session that the person leads."""
    over = (EventState.CANCELLED, EventState.DELIVERED, EventState.CLOSED)
    query = (
        FacilitationRow.select(EventRow.reference, SessionRow.number)
        .join_from(FacilitationRow, SessionRow)
        .join_from(SessionRow, EventRow)
        .where(
            FacilitationRow.person == person_id,
            SessionRow.date.is_null() | (SessionRow.date >= today),
            EventRow.state.not_in(over),
        )
        .order_by(EventRow.reference, SessionRow.number)
    )
    return [(reference, number) for reference, number in as_tuples(query)]


def count_managed_people(person_id: int) -> int:
    """Return the number of active people whose line manager this is."""
    return int(PersonRow.select().where(PersonRow.manager == person_id, PersonRow.active).count())


def fetch_contacts(keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the e-mail address and organisation of people by key, such as `#12`."""
    row = PersonRow
    query = (
        row.select(row.id, row.email, fn.COALESCE(OrganisationRow.name, ""))
        .join(OrganisationRow, JOIN.LEFT_OUTER)
        .where(row.id.in_([int(key.lstrip("#")) for key in keys]))
    )
    return {f"#{person_id}": (email, organisation) for person_id, email, organisation in as_tuples(query)}


def update_person_index(person_id: int) -> None:
    """Recompute the person's search words; call it after a name, address or workplace has changed."""
    if PersonRow.select().where(PersonRow.id == person_id, PersonRow.merged_into.is_null(False)).exists():
        return
    person = fetch_person(person_id)
    found = engine_search.person_words(
        person.forename, person.surname, person.email, person.employee_number, person.organisation, person.team,
        person.phone, person.job_title, person.known_as, imports.fetch_former_addresses([person_id]).get(person_id, ""),
    )  # fmt: skip
    sort = engine_search.sort_key(person.forename, person.surname)
    PersonRow.update(search=engine_search.join_words(found), sort=sort).where(PersonRow.id == person_id).execute()
    PersonWordRow.delete().where(PersonWordRow.person == person_id).execute()
    PersonWordRow.insert_many(
        [(word, sort, person_id) for word in found],
        fields=[PersonWordRow.word, PersonWordRow.sort, PersonWordRow.person],
    ).execute()


def _records(query: Any) -> list[Person]:
    return as_records(_person, query)  # type: ignore[arg-type]


def _person(**columns: Any) -> Person:
    return Person(**{**columns, "organisation": columns["organisation"] or "", "team": columns["team"] or ""})
