"""What is held on one person: handed over whole, or made nameless; and needs that go when they have served."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from csc_tui.base import drafts
from csc_tui.base.context import Context
from csc_tui.base.text import count, label, show_date, some
from csc_tui.base.transaction import deciding
from csc_tui.core.booking.charges import parse_list
from db import history, people, policy
from db import privacy as store
from db.engine import connection, driver, upkeep
from db.engine.connection import reading
from db.errors import CscError, RuleBroken, WrongUse
from db.records.first_picture import Role
from db.records.people import Person
from exports import disclosure, files

DISCLOSED, ERASED, NEEDS_REMOVED = "disclosed", "erased", "needs removed"
BACKUPS = (
    "It cannot be taken back. Make a backup first if it may be needed (csc admin backup FILE), and remember that every "
    "backup, and every file written before, still holds what is erased here."
)
WRITERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {".json": disclosure.as_json, ".html": disclosure.as_html}
NAMED = 8
"""So many references are named in one sentence."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What was written: `rows` is how many lines of all kinds it holds."""

    file: str
    person: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Gone:
    """One kind of thing that erasing touches."""

    what: str
    number: int
    becomes: str


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased, with what became of everything held on them, and what is left to be seen to."""

    person: str
    name: str
    lines: tuple[Gone, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """Whose needs were removed; `last` is the day of their last session."""

    person: str
    name: str
    last: date


def disclose(ctx: Context, reference: str, path: str, *, replace: bool = False) -> Disclosed:
    """Write everything held on one person to a .json or .html file for its owner alone; the history says so.

    Raises NoSuchPerson, AmbiguousPerson, Duplicate for a file that is there, WrongUse.
    """
    ctx.require(Role.ADMINISTRATOR)
    ending = os.path.splitext(path)[1].lower()
    if ending not in WRITERS:
        raise WrongUse(f"{path} does not say which kind of file: end it with .json or .html. Nothing was written.")
    with deciding(ctx, undoable=False):
        person, found = _held(ctx, reference)
        note_disclosed(ctx, person)
        with files.writer(path, replace=replace) as file:
            file.write(WRITERS[ending](found))
    return Disclosed(path, person.key, person.name, rows_of(found))


def disclose_aloud(ctx: Context, reference: str) -> dict[str, Any]:
    """The same, to be printed, in the order of the tables. Raises NoSuchPerson, AmbiguousPerson."""
    ctx.require(Role.ADMINISTRATOR)
    with deciding(ctx, undoable=False):
        person, found = _held(ctx, reference)
        note_disclosed(ctx, person)
    return found


def note_disclosed(ctx: Context, person: Person) -> None:
    """Inside deciding()."""
    history.add(ctx.stamp(), ctx.actor, DISCLOSED, person.name, person_id=person.id)


def rows_of(found: Mapping[str, Any]) -> int:
    """How many rows all sections of a disclosure hold."""
    return sum(len(section) for section in found.values() if isinstance(section, list))


def _held(ctx: Context, reference: str) -> tuple[Person, dict[str, Any]]:
    person = people.find(reference)
    aliases = store.known(person.id)
    about = [
        "Everything the database holds on one person. Times are by the council's clock.",
        "What is said of others in it (line managers, whoever acted) may have to be covered before it is handed over.",
        "Not in here: backups, files and mails that were written before, and what mail servers and calendars keep.",
    ]
    if aliases.shared:
        about.append(
            f"Others are called {' or '.join(aliases.shared)}, too: texts that hold that name alone are not in here."
        )
    found: dict[str, Any] = {
        "about": " ".join(about), "name": person.name, "written": show_date(ctx.now()), "by": ctx.actor,
        "line_manager_of": people.managed_by(person.id),
    }  # fmt: skip
    found |= {label(table): [_plain(ctx, row) for row in rows] for table, rows in store.held(person.id).items()}
    found["steps that can be undone"] = [_plain(ctx, row) for row in store.steps(person.id)]
    texts = store.about_others(person.id, store.mentions(aliases.terms, store.everywhere()))
    found["texts that name them"] = [
        {"where": f"{label(table._meta.table_name)}, {label(field.name)}", "text": text} for table, field, text in texts
    ]
    found["drafts on this machine"] = [
        {"by": actor, "typed": draft.at, **draft.answers}
        for actor in _actors(ctx)
        if (draft := drafts.find(replace(ctx, actor=actor), person.key))
    ]
    return person, found


def _actors(ctx: Context) -> list[str]:
    """Everybody of whom it is known that they work here: a draft is found by whose it is."""
    return sorted({*history.actors(), *(actor for actor, _ in policy.roles()), ctx.actor})


def _plain(ctx: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    return {label(name): _value(ctx, value) for name, value in row.items()}


def _value(ctx: Context, value: Any) -> Any:
    if isinstance(value, datetime):
        return ctx.local(value).isoformat(" ")
    return value if value is None or isinstance(value, str | int | float | list | dict) else str(value)


def erase(ctx: Context, reference: str, *, reason: str, dry_run: bool = False) -> Erased:
    """Make somebody nameless for good: what says who they are goes, what figures are counted from stays.

    finish() is to be called when it is done. Raises NoSuchPerson, AmbiguousPerson, RuleBroken while they hold a place
    or lead something that is to come.
    """
    ctx.require(Role.ADMINISTRATOR)
    why = " ".join(reason.split())
    if not why:
        raise WrongUse("Erasing somebody needs a reason: it stands in the history. Nothing was changed.")
    with deciding(ctx, dry_run, undoable=False):
        person = people.find(reference)
        _check_free(ctx, person)
        aliases = store.known(person.id)
        done = store.erase(person.id, aliases, ctx.today(), reasons=_reasons(ctx))
        gone = people.get(person.id)
        history.add(
            ctx.stamp(), ctx.actor, ERASED, gone.name, person_id=gone.id,
            reason=store.without_name(person.id, aliases, why),
        )  # fmt: skip
        remarks = [f"The name still stands in: {'; '.join(named)}." for named in [store.still_named(aliases)] if named]
        if aliases.shared:
            remarks.append(
                f"Others are called {' or '.join(aliases.shared)}, too: where that name stands in texts about others, "
                "it was left."
            )
    return Erased(person.key, person.name, tuple(Gone(*each) for each in done), tuple(remarks))


def finish(ctx: Context, person: str) -> str:
    """See that no draft and no free place of the file holds what was erased; a sentence where that could not be done.

    It writes the file anew, which on a large one takes some seconds.
    """
    with reading():
        actors = _actors(ctx)
    for actor in actors:
        drafts.drop(replace(ctx, actor=actor), person)
    return write_anew()


def write_anew() -> str:
    """See that no free place of the file holds what was taken away; a sentence where that could not be done."""
    location = connection.bound()
    if driver.is_server(location):
        return "The server lets go of the old rows when it vacuums its tables next."
    try:
        upkeep.compact(location)
    except CscError as problem:
        return f"What was taken away may be in unused places of the file yet: it could not be written anew. {problem}"
    return ""


def _check_free(ctx: Context, person: Person) -> None:
    if not person.email:
        raise RuleBroken(f"{person.name} has been erased already. Nothing was changed.")
    if booked := people.bookings_to_come(person.id, ctx.today()):
        raise RuleBroken(
            f"{person.name} holds, asked or waits for a place on {some(booked, NAMED)}. Nothing was erased. "
            f"First say that they left, which gives up their places: csc people leave {person.key}; or cancel each."
        )
    if led := people.leads(person.id, ctx.today()):
        sessions = some([f"{event} session {number}" for event, number in led], NAMED)
        raise RuleBroken(
            f"{person.name} leads {sessions}. Nothing was erased. First let somebody else lead it, or cancel it."
        )


def _reasons(ctx: Context) -> frozenset[str]:
    """What is offered as a reason says nothing of one person, and charges depend on it."""
    kept = parse_list(ctx.policy["cancel_reasons"]) + parse_list(ctx.policy["charge_exemptions"])
    return frozenset(each.casefold() for each in kept)


def retain(ctx: Context, *, dry_run: bool = False) -> tuple[list[Removed], list[str]]:
    """Remove the dietary and access needs of everybody whose last session is longer ago than the policy says.

    Returns whose, and what should be known besides. Safe to run as often as wanted: where nothing is due, nothing is
    written.
    """
    ctx.require(Role.ADMINISTRATOR)
    days = int(ctx.policy["needs_days"])
    with reading():
        kept = store.with_needs()
        if not days:
            said = f"needs_days is 0, so needs are never removed; those of {count(len(kept), 'person', 'people')} are "
            return [], [f"{said}kept. To change that: csc admin policy set needs_days 90."]
        due, never = _due(ctx, kept, days)
    if due:
        with deciding(ctx, dry_run, undoable=False):
            kept = store.with_needs()
            due, never = _due(ctx, kept, days)
            store.drop_needs([int(each.person[1:]) for each in due])
            history.add_many(
                ctx.stamp(), ctx.actor, NEEDS_REMOVED,
                [(each.name, int(each.person[1:]), "given", "-") for each in due],
                reason=f"more than {count(days, 'day')} after the last session",
            )  # fmt: skip
    many = count(len(never), "person", "people")
    return due, [f"Those of {many} stay: they have not been on any event yet."] if never else []


def _due(ctx: Context, kept: Mapping[int, str], days: int) -> tuple[list[Removed], list[int]]:
    latest = ctx.today() - timedelta(days=days)
    last = store.last_days(kept)
    due = [
        Removed(f"#{person_id}", name, day)
        for person_id, name in kept.items()
        if (day := last.get(person_id)) and day < latest
    ]
    return due, [person_id for person_id in kept if person_id not in last]
