"""People: found, fetched, kept findable."""

from typing import Any

from peewee import JOIN

from db import search
from db.errors import AmbiguousPerson, NoSuchPerson
from db.mapping import as_records
from db.models import Organisation, PersonWord, Team
from db.models import Person as PersonRow
from db.records import Person

CANDIDATES = 50


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


def matching(reference: str) -> list[Person]:
    """Whom a PERSON reference can mean: `#id`, an e-mail address, an employee number or a name; at most a few."""
    text = reference.strip()
    if text.startswith("#") and text[1:].isdecimal():
        return _records(select().where(PersonRow.id == int(text[1:])))
    if "@" in text:
        return _records(select().where(PersonRow.email_key == text.casefold()))
    numbered = _records(select().where(PersonRow.employee_number == text))
    if numbered:
        return numbered
    named = search.fragments(text)
    if not named:
        return []
    query = select()
    for piece in named:
        query = query.where(PersonRow.search.contains(f" {piece}"))
    found = _records(query.order_by(PersonRow.sort, PersonRow.id).limit(CANDIDATES))
    whole = [person for person in found if search.fragments(person.name) == named]
    turned = [person for person in found if search.fragments(f"{person.surname} {person.forename}") == named]
    return whole or turned or found


def find(reference: str) -> Person:
    """The one person meant. Raises NoSuchPerson, or AmbiguousPerson with the candidates."""
    found = matching(reference)
    if not found:
        raise NoSuchPerson(reference)
    if len(found) > 1:
        raise AmbiguousPerson(
            reference, [(person.key, person.name, person.email, person.organisation) for person in found]
        )
    return found[0]


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
