"""Bulk reads and writes of imports: people with their search words, workplaces, remembered headings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from peewee import JOIN, chunked, fn

from db.engine import driver
from db.engine import search as engine_search
from db.engine.connection import bound_location, database, execute_many
from db.engine.driver import is_server
from db.engine.mapping import BATCH_SIZE, as_records, as_tuples
from db.models import (
    FacilitationRow,
    ImportMappingRow,
    MarkRow,
    OrganisationAliasRow,
    OrganisationRow,
    PersonAddressRow,
    PersonRow,
    RegisterRow,
    RoomRow,
    SessionRow,
    TeamRow,
    VenueRow,
)
from db.records.imports import RememberedHeading
from db.records.people import KnownPerson, OrganisationKind, Person

WorkplaceIds = dict[tuple[str, str], tuple[int | None, int | None]]
"""The ids of workplaces by (organisation, team), case-folded."""

_COLUMNS = (
    "employee_number", "forename", "surname", "email", "email_key", "phone", "organisation_id", "team_id", "job_title",
    "kind", "is_manager", "is_facilitator", "is_practice_lead", "dietary", "access_needs", "active", "known_as",
    "start_date", "leaving_date", "search", "sort", "version", "id",
)  # fmt: skip
_INSERT = f"INSERT INTO person ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_UPDATE = f"UPDATE person SET {', '.join(f'{name} = ?' for name in _COLUMNS[:-1])} WHERE id = ?"  # noqa: S608
_INSERT_WORD = "INSERT INTO person_word (word, sort, person_id) VALUES (?, ?, ?)"
_DELETE_WORDS = "DELETE FROM person_word WHERE person_id = ?"


@contextmanager
def keep_connection_open() -> Iterator[None]:
    """Keep a connection open around many transactions.

    Without it each transaction, as the last to close, would copy the whole write-ahead log into the database, which
    takes
    longer than the import itself.
    """
    if is_server(bound_location()):
        yield
        return
    held = driver.open_existing(bound_location())
    try:
        held.execute("SELECT 1 FROM person LIMIT 1").fetchall()
        yield
    finally:
        held.close()


def prepare_bulk_write() -> None:
    """Prepare this transaction's connection for a bulk write: a cache of 64 MB, and a log copied only at 80 MB.

    secure_delete is switched off, because data replaced by an import is no secret to be wiped.
    """
    if not is_server(bound_location()):
        database.connection().pragma("secure_delete", 0)
        database.connection().pragma("cache_size", -64_000)
        database.connection().pragma("wal_autocheckpoint", 20_000)


def fetch_remembered_headings(kind: str = "") -> list[RememberedHeading]:
    """Return what headings were said to mean in earlier imports, of one kind or of all."""
    row = ImportMappingRow
    query = row.select(row.kind, row.heading, row.field, row.said_on, row.headings).order_by(row.kind, row.heading)
    return as_records(RememberedHeading, query.where(row.kind == kind) if kind else query)


def remember_headings(kind: str, meanings: Mapping[str, str], said_on: date, headings: str) -> None:
    """Remember what headings mean for the next import of a kind; `headings` are those of this file."""
    row = ImportMappingRow
    for heading, field in meanings.items():
        row.insert(kind=kind, heading=heading, field=field, said_on=said_on, headings=headings).on_conflict(
            conflict_target=[row.kind, row.heading],
            update={row.field: field, row.said_on: said_on, row.headings: headings},
        ).execute()


def forget_headings(kind: str, headings: Collection[str]) -> int:
    """Forget what headings were said to mean in imports of a kind, and return how many were remembered."""
    row = ImportMappingRow
    return int(row.delete().where(row.kind == kind, row.heading.in_(list(headings))).execute())


def fetch_workplaces() -> WorkplaceIds:
    """Return the ids of every organisation, under (name, ""), and of every team."""
    known: WorkplaceIds = {("", ""): (None, None)}
    names = {}
    for organisation_id, name in as_tuples(OrganisationRow.select(OrganisationRow.id, OrganisationRow.name)):
        known[name.casefold(), ""] = (organisation_id, None)
        names[organisation_id] = name.casefold()
    for team_id, organisation_id, name in as_tuples(TeamRow.select(TeamRow.id, TeamRow.organisation, TeamRow.name)):
        known[names[organisation_id], name.casefold()] = (organisation_id, team_id)
    other = OrganisationAliasRow.select(OrganisationAliasRow.name_key, OrganisationAliasRow.organisation)
    for name_key, organisation_id in as_tuples(other):
        own = names[organisation_id]
        known |= {(name_key, team): ids for (home, team), ids in known.items() if home == own}
    return known


def insert_workplaces(known: WorkplaceIds, wanted: Mapping[tuple[str, str], OrganisationKind]) -> list[str]:
    """Insert the organisations and teams that are not known yet, add them to `known`, and return the new
    organisations."""
    added = []
    for (organisation, team), kind in wanted.items():
        home = organisation.casefold()
        if (home, "") not in known:
            known[home, ""] = (OrganisationRow.insert(name=organisation, kind=kind).execute(), None)
            added.append(organisation)
        if (home, team.casefold()) not in known:
            organisation_id = known[home, ""][0]
            team_id = TeamRow.insert(organisation=organisation_id, name=team).execute()
            known[home, team.casefold()] = (organisation_id, team_id)
    return added


def insert_people(people: Sequence[Person], places: WorkplaceIds) -> list[int]:
    """Insert people with their search words and return their ids; `places` has the ids of their workplaces."""
    ids = _new_ids(len(people))
    rows, words = _rows(people, ids, places)
    execute_many(_INSERT, rows)
    execute_many(_INSERT_WORD, words)
    return list(ids)


def update_people(people: Sequence[Person], places: WorkplaceIds) -> None:
    """Store changed people under their ids, each with the next version number."""
    ids = [each.id for each in people]
    rows, words = _rows([replace(each, version=each.version + 1) for each in people], ids, places)
    execute_many(_UPDATE, rows)
    execute_many(_DELETE_WORDS, [(each,) for each in ids])
    execute_many(_INSERT_WORD, words)


def _rows(
    people: Sequence[Person], ids: Sequence[int], places: WorkplaceIds
) -> tuple[list[tuple[object, ...]], list[tuple[str, str, int]]]:
    rows: list[tuple[object, ...]] = []
    words: list[tuple[str, str, int]] = []
    former = fetch_former_addresses([each.id for each in people if each.id])
    for each, person_id in zip(people, ids, strict=True):
        organisation_id, team_id = places[each.organisation.casefold(), each.team.casefold()]
        found = engine_search.person_words(
            each.forename, each.surname, each.email, each.employee_number, each.organisation, each.team, each.phone,
            each.job_title, each.known_as, former.get(person_id, ""),
        )  # fmt: skip
        sort = engine_search.sort_key(each.forename, each.surname)
        words += [(word, sort, person_id) for word in found]
        rows.append(
            (
                each.employee_number,
                each.forename,
                each.surname,
                each.email,
                each.email.casefold(),
                each.phone,
                organisation_id,
                team_id,
                each.job_title,
                each.kind.value,
                each.is_manager,
                each.is_facilitator,
                each.is_practice_lead,
                each.dietary,
                each.access_needs,
                each.active,
                each.known_as,
                each.start_date,
                each.leaving_date,
                engine_search.join_words(found),
                sort,
                each.version,
                person_id,
            )
        )
    return rows, words


def fetch_former_addresses(ids: Sequence[int] = ()) -> dict[int, str]:
    """Return the former addresses of people, joined by blanks, by person id; without ids of everybody who has any."""
    row = PersonAddressRow
    found: dict[int, str] = {}
    for some in chunked(ids, BATCH_SIZE) if ids else [None]:
        query = row.select(row.person, row.email).order_by(row.person, row.email_key)
        for person_id, email in as_tuples(query.where(row.person.in_(some)) if some else query):
            found[person_id] = f"{found[person_id]} {email}" if person_id in found else email
    return found


def fetch_known_people() -> list[KnownPerson]:
    """Return everybody who is not erased, in short."""
    row = PersonRow
    query = (
        row.select(
            row.id, row.forename, row.surname, row.email, fn.COALESCE(row.employee_number, ""),
            fn.COALESCE(OrganisationRow.name, ""), fn.COALESCE(TeamRow.name, ""), row.active,
        )
        .join_from(row, OrganisationRow, JOIN.LEFT_OUTER)
        .join_from(row, TeamRow, JOIN.LEFT_OUTER)
        .where(row.email != "", row.merged_into.is_null())
        .order_by(row.sort, row.id)
    )  # fmt: skip
    return [KnownPerson(*each) for each in as_tuples(query)]


def update_managers(pairs: Sequence[tuple[int, int]]) -> None:
    """Store the line managers of people; `pairs` are (person id, manager id)."""
    execute_many(
        "UPDATE person SET manager_id = ?, version = version + 1 WHERE id = ?",
        [(manager_id, person_id) for person_id, manager_id in pairs],
    )


def keep_former_address(person_id: int, email: str, until: date) -> None:
    """Keep an address that a person had until a day, so that they are still found by it."""
    key = email.casefold()
    PersonAddressRow.insert(person=person_id, email=email, email_key=key, until=until).on_conflict(
        conflict_target=[PersonAddressRow.person, PersonAddressRow.email_key], update={PersonAddressRow.until: until}
    ).execute()


def _new_ids(count: int) -> Sequence[int]:
    """Return ids that nobody has: the ones after the highest in SQLite, or new ones from the server's counter."""
    if is_server(bound_location()):
        drawn = database.execute_sql(
            "SELECT nextval(pg_get_serial_sequence('person', 'id')) FROM generate_series(1, %s)", (count,)
        )
        return [number for (number,) in drawn.fetchall()]
    highest = database.execute_sql("SELECT coalesce(max(id), 0) FROM person").fetchone()[0]
    return range(highest + 1, highest + 1 + count)


def fetch_facilitator_keys(event_id: int) -> dict[int, frozenset[str]]:
    """Return the e-mail keys of the facilitators of an event's sessions, by session id."""
    query = (
        FacilitationRow.select(FacilitationRow.session, PersonRow.email_key)
        .join_from(FacilitationRow, SessionRow)
        .join_from(FacilitationRow, PersonRow)
        .where(SessionRow.event == event_id)
    )
    found: dict[int, set[str]] = {}
    for session_id, key in as_tuples(query):
        found.setdefault(session_id, set()).add(key)
    return {session_id: frozenset(keys) for session_id, keys in found.items()}


def fetch_marked_sessions(event_id: int) -> frozenset[int]:
    """Return the ids of an event's sessions with a register taken or a person marked."""
    marked = MarkRow.select(MarkRow.session).join(SessionRow).where(SessionRow.event == event_id)
    taken = RegisterRow.select(RegisterRow.session).join(SessionRow).where(SessionRow.event == event_id)
    return frozenset(session_id for (session_id,) in as_tuples(marked | taken))


def fetch_venue_rooms() -> list[tuple[str, str]]:
    """Return (venue, room) of every room, and (venue, "") of every venue."""
    rooms = as_tuples(RoomRow.select(VenueRow.name, RoomRow.name).join(VenueRow))
    return [*rooms, *((name, "") for (name,) in as_tuples(VenueRow.select(VenueRow.name)))]
