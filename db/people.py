"""People: found, fetched, kept findable."""

from typing import Any

from peewee import JOIN

from db import lookups, search
from db.connection import database
from db.errors import AmbiguousPerson, NoSuchPerson
from db.mapping import as_records, as_tuples
from db.models import Organisation, PersonWord, Team
from db.models import Person as PersonRow
from db.records import Person

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
    return search.begins(
        search.fragments(text),
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
    named = search.fragments(text)
    hits = [hit for hit in lookups.found_by(database.connection(), text) if search.begins(named, hit[1:])]
    closest = min((_distance(named, sort) for _, sort in hits), default=0)
    return [person_id for person_id, sort in hits if _distance(named, sort) == closest]


def _ids(condition: Any) -> list[int]:
    return [found for (found,) in as_tuples(PersonRow.select(PersonRow.id).where(condition))]


def _distance(named: list[str], sort: str) -> int:
    """0 for the name as it is said, 1 with the surname first, 2 for the beginnings of its words."""
    surname_first = search.fragments(sort)
    if named == surname_first:
        return 1
    turned = (surname_first[i:] + surname_first[:i] for i in range(1, len(surname_first)))
    return 0 if named in turned else 2


def reindex(person_id: int) -> None:
    """Make the person findable by what is stored now; to be called when a name, address or place of work changed."""
    person = get(person_id)
    found = search.person_words(
        person.forename, person.surname, person.email, person.employee_number, person.organisation, person.team,
        person.phone, person.job_title,
    )  # fmt: skip
    sort = search.sort_key(person.forename, person.surname)
    PersonRow.update(search=search.joined(found), sort=sort).where(PersonRow.id == person_id).execute()
    PersonWord.delete().where(PersonWord.person == person_id).execute()
    PersonWord.insert_many(
        [(word, sort, person_id) for word in found], fields=[PersonWord.word, PersonWord.sort, PersonWord.person]
    ).execute()


def _records(query: Any) -> list[Person]:
    return as_records(_person, query)  # type: ignore[arg-type]


def _person(**columns: Any) -> Person:
    return Person(**{**columns, "organisation": columns["organisation"] or "", "team": columns["team"] or ""})
