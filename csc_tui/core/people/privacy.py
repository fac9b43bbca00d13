"""Data protection: disclosing everything held on a person, erasing a person, and removing needs that have expired."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from csc_tui.base import drafts
from csc_tui.base.context import Context
from csc_tui.base.history import write_history, write_history_lines
from csc_tui.base.text import format_count, format_date, shorten_list, status_label
from csc_tui.base.transaction import action, change_transaction
from csc_tui.core.booking.charges import parse_comma_list
from db import history, merging, people, policy
from db import privacy as store
from db.engine import connection, driver, upkeep
from db.engine.connection import read_transaction
from db.errors import CscError, RuleBroken, WrongUse
from db.records.people import Person
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role
from exports import disclosure, files

DISCLOSED, ERASED, NEEDS_REMOVED = "disclosed", "erased", "needs removed"
ERASURE_WARNING = Remark(
    "This cannot be undone. Make a backup first if you may need one, and remember that earlier backups and files still "
    "contain what is erased here.",
    Remedy(RemedyKind.MAKE_BACKUP),
)
"""The warning to show before a person is erased."""
DISCLOSURE_WRITERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    ".json": disclosure.render_disclosure_json,
    ".html": disclosure.render_disclosure_html,
}
"""The function that renders a disclosure, by the ending of the file's name."""
MOST_EVENTS_NAMED = 8
"""The most references that one sentence names."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A disclosure that was written; `rows` is the number of rows of all kinds in it."""

    file: str
    person: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """A kind of thing that an erasure touches, how many there are, and what becomes of them."""

    what: str
    number: int
    becomes: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """A person who was erased, what became of everything held on them, and remarks about what is still to be done."""

    person: str
    name: str
    lines: tuple[ErasureLine, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemovedNeeds:
    """A person whose needs were removed; `last` is the day of their last session."""

    person: str
    name: str
    last: date


@action(role=Role.ADMINISTRATOR, undoable=False)
def write_disclosure(ctx: Context, reference: str, path: str, *, replace: bool = False) -> Disclosure:
    """Write everything held on a person to a .json or .html file, and note it in the history.

    Only the file's owner may read it. Raises NoSuchPerson, AmbiguousPerson, WrongUse, and Duplicate when the file
    exists already.
    """
    ending = os.path.splitext(path)[1].lower()
    if ending not in DISCLOSURE_WRITERS:
        raise WrongUse(f"{path} does not say which kind of file: end it with .json or .html. Nothing was written.")
    person, found = _held(ctx, reference)
    record_disclosure(ctx, person)
    with files.file_writer(path, replace=replace) as file:
        file.write(DISCLOSURE_WRITERS[ending](found))
    return Disclosure(path, person.key, person.name, disclosure_row_count(found))


@action(role=Role.ADMINISTRATOR, undoable=False)
def get_disclosure(ctx: Context, reference: str) -> dict[str, Any]:
    """Return everything held on a person, in the order of the tables, and note it in the history.

    Raises NoSuchPerson and AmbiguousPerson.
    """
    person, found = _held(ctx, reference)
    record_disclosure(ctx, person)
    return found


def record_disclosure(ctx: Context, person: Person) -> None:
    """Note in the history that what is held on a person was disclosed; to be called inside a transaction."""
    write_history(ctx, DISCLOSED, person.name, person_id=person.id)


def disclosure_row_count(found: Mapping[str, Any]) -> int:
    """Return the number of rows in all sections of a disclosure."""
    return sum(len(section) for section in found.values() if isinstance(section, list))


def _held(ctx: Context, reference: str) -> tuple[Person, dict[str, Any]]:
    person = people.find_person(reference)
    aliases = store.fetch_aliases(person.id)
    about = [
        "Everything the database holds on one person. Times are by the council's clock.",
        "It also names other people, such as line managers. You may need to remove them before handing it over.",
        "Not included: backups, files and e-mails written earlier, and what mail servers and calendars store.",
    ]
    if aliases.shared:
        about.append(
            f"Other people are also called {' or '.join(aliases.shared)}: texts with only that name are not included."
        )
    found: dict[str, Any] = {
        "about": " ".join(about), "name": person.name, "written": format_date(ctx.now()), "by": ctx.actor,
        "line_manager_of": people.count_managed_people(person.id),
    }  # fmt: skip
    found |= {
        status_label(table): [_plain(ctx, row) for row in rows]
        for table, rows in store.fetch_person_rows(person.id).items()
    }
    for record_id in merging.fetch_merged_records(person.id):
        found[f"the record that was merged into theirs (#{record_id})"] = [
            {"table": status_label(table), **_plain(ctx, row)}
            for table, rows in store.fetch_person_rows(record_id).items()
            for row in rows
        ]
    found["steps that can be undone"] = [_plain(ctx, row) for row in store.fetch_person_steps(person.id)]
    texts = store.texts_about_others(person.id, store.find_mentions(aliases.terms, store.searchable_columns()))
    found["texts that name them"] = [
        {"where": f"{status_label(table._meta.table_name)}, {status_label(field.name)}", "text": text}
        for table, field, text in texts
    ]
    found["drafts on this machine"] = [
        {"by": actor, "typed": draft.at, **draft.answers}
        for actor in _actors(ctx)
        if (draft := drafts.load_draft(replace(ctx, actor=actor), person.key))
    ]
    return person, found


def _actors(ctx: Context) -> list[str]:
    """Return everybody known to work here; drafts are found by the name of their writer."""
    return sorted({*history.fetch_actors(), *(actor for actor, _ in policy.fetch_roles()), ctx.actor})


def _plain(ctx: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    return {status_label(name): _value(ctx, value) for name, value in row.items()}


def _value(ctx: Context, value: Any) -> Any:
    if isinstance(value, datetime):
        return ctx.local(value).isoformat(" ")
    return value if value is None or isinstance(value, str | int | float | list | dict) else str(value)


@action(role=Role.ADMINISTRATOR, undoable=False)
def erase_person(ctx: Context, reference: str, *, reason: str) -> Erasure:
    """Make a person nameless for good: what identifies them is removed, what figures are counted from stays.

    Call finish_erasure() afterwards. Raises NoSuchPerson, AmbiguousPerson, WrongUse, and RuleBroken while they hold a
    place or lead a session to come.
    """
    why = " ".join(reason.split())
    if not why:
        raise WrongUse("Give a reason for erasing this person: it is kept in the history. Nothing was changed.")
    person = people.find_person(reference)
    _check_free(ctx, person)
    for record_id in merging.fetch_merged_records(person.id):  # first, or the name would seem to be another person's
        store.erase_person_rows(record_id, store.fetch_aliases(record_id), ctx.today(), reasons=_reasons(ctx))
    aliases = store.fetch_aliases(person.id)
    done = store.erase_person_rows(person.id, aliases, ctx.today(), reasons=_reasons(ctx))
    gone = people.fetch_person(person.id)
    write_history(
        ctx, ERASED, gone.name, person_id=gone.id,
        reason=store.mask_name(person.id, aliases, why),
    )  # fmt: skip
    remarks = [
        f"The name still appears in: {'; '.join(named)}." for named in [store.find_remaining_names(aliases)] if named
    ]
    if aliases.shared:
        remarks.append(
            f"Other people are also called {' or '.join(aliases.shared)}: that name was left in texts about other "
            "people."
        )
    return Erasure(person.key, person.name, tuple(ErasureLine(*each) for each in done), tuple(remarks))


def finish_erasure(ctx: Context, person: str) -> str:
    """Remove drafts and unused parts of the file that may hold erased data; returns a sentence if that failed, else "".

    It rewrites the file, which takes some seconds for a large one.
    """
    with read_transaction():
        actors = _actors(ctx)
    for actor in actors:
        drafts.discard_draft(replace(ctx, actor=actor), person)
    return purge_database_file()


def purge_database_file() -> str:
    """Rewrite the file so that its unused parts hold no removed data; returns a sentence if that failed, else ""."""
    location = connection.bound_location()
    if driver.is_server(location):
        return "The server deletes the old rows when it next vacuums its tables."
    try:
        upkeep.compact_file(location)
    except CscError as problem:
        return f"Erased data may still be in unused parts of the file, because it could not be compacted. {problem}"
    return ""


def _check_free(ctx: Context, person: Person) -> None:
    if not person.email:
        raise RuleBroken(f"{person.name} has already been erased. Nothing was changed.")
    if booked := people.fetch_coming_bookings(person.id, ctx.today()):
        raise RuleBroken(
            f"{person.name} has, has asked for or is waiting for a place on {shorten_list(booked, MOST_EVENTS_NAMED)}. "
            "Nothing was erased.",
            Remedy(RemedyKind.RECORD_LEAVING, person=person.key),
        )
    if led := people.fetch_sessions_to_lead(person.id, ctx.today()):
        sessions = shorten_list([f"{event} session {number}" for event, number in led], MOST_EVENTS_NAMED)
        raise RuleBroken(
            f"{person.name} leads {sessions}. Nothing was erased. Choose another facilitator first, or cancel it."
        )


def _reasons(ctx: Context) -> frozenset[str]:
    """Return the reasons that are offered to everybody; they identify nobody, and charges depend on them."""
    kept = parse_comma_list(ctx.policy["cancel_reasons"]) + parse_comma_list(ctx.policy["charge_exemptions"])
    return frozenset(each.casefold() for each in kept)


def remove_expired_needs(ctx: Context, *, dry_run: bool = False) -> tuple[list[RemovedNeeds], list[Remark]]:
    """Remove the dietary and access needs of people whose last session is longer ago than the policy allows.

    Returns whose needs were removed, and remarks. Safe to run as often as wanted: nothing is written when none are due.
    """
    ctx.require(Role.ADMINISTRATOR)
    days = int(ctx.policy["needs_days"])
    with read_transaction():
        kept = store.fetch_people_with_needs()
        if not days:
            said = (
                "needs_days is 0, so needs are never removed; those of "
                f"{format_count(len(kept), 'person', 'people')} are "
            )
            return [], [Remark(f"{said}kept.", Remedy(RemedyKind.KEEP_NEEDS_FOR))]
        due, never = _due(ctx, kept, days)
    if due:
        with change_transaction(ctx, undoable=False, dry_run=dry_run):
            kept = store.fetch_people_with_needs()
            due, never = _due(ctx, kept, days)
            store.delete_needs([int(each.person[1:]) for each in due])
            write_history_lines(
                ctx, NEEDS_REMOVED,
                [(each.name, int(each.person[1:]), "given", "-") for each in due],
                reason=f"more than {format_count(days, 'day')} after the last session",
            )  # fmt: skip
    many = format_count(len(never), "person", "people")
    return due, [Remark(f"The needs of {many} are kept: they have not been on an event yet.")] if never else []


def _due(ctx: Context, kept: Mapping[int, str], days: int) -> tuple[list[RemovedNeeds], list[int]]:
    """Return the people whose needs have expired, and the ids of those who were never on an event."""
    latest = ctx.today() - timedelta(days=days)
    last = store.fetch_last_session_days(kept)
    due = [
        RemovedNeeds(f"#{person_id}", name, day)
        for person_id, name in kept.items()
        if (day := last.get(person_id)) and day < latest
    ]
    return due, [person_id for person_id in kept if person_id not in last]
