"""The care of the database: made, copied, put back, brought up to date, checked, and who may do what."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from csc_tui.base import bootstrap
from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.base.errors import LastAdministrator, NotForServers
from csc_tui.base.text import count, some
from csc_tui.base.transaction import deciding
from csc_tui.core.admin import new_database
from csc_tui.core.attendance import outcomes as attendance_outcomes
from csc_tui.core.evaluation import actions as evaluation_actions
from db import history, policy
from db import people as people_store
from db.engine import connection, driver, invariants, migrate, upkeep
from db.engine.connection import reading, writing
from db.errors import Damaged, Missing, SchemaTooOld, shown
from db.records.admin import Backup, Finding, Restored
from db.records.first_picture import Role
from exports.files import check_within

SOUND = "file is sound"
"""What a damaged file fails; nothing more is asked of it then."""
SHOWN = 5
"""Details of one finding that are shown; the others are counted."""


def initialise(location: str, *, actor: str, today: str | None) -> Context:
    """Make a database that holds what the programme page says; if anything fails there is none.

    Raises Duplicate, NotWritable, WrongUse.
    """
    newcomer = _before_the_database(actor, today)
    with migrate.building(location):
        new_database.found(newcomer)
    return bootstrap.start(location, actor=actor, today=today)


def backup(ctx: Context, target: str, *, replace: bool = False) -> Backup:
    """Write a verified copy of the live database; others may go on working.

    Raises NotForServers, Duplicate, WrongUse, DatabaseTrouble.
    """
    ctx.require(Role.ADMINISTRATOR)
    location = connection.bound()
    _refuse_server(location, "pg_dump makes its backups")
    check_within(target)
    return upkeep.backup(location, target, replace=replace)


def restore(location: str, file: str, *, actor: str, today: str | None) -> Restored:
    """Put a backup in the place of what the database holds; what it held is kept beside it.

    Raises NotForServers, NotAllowed, BadBackup, WrongUse, DatabaseTrouble.
    """
    _refuse_server(location, "pg_restore brings its backups back")
    ctx = _before_the_database(actor, today)
    with suppress(Missing, Damaged, SchemaTooOld):  # a restore mends these; nothing can say now who may do what
        ctx = bootstrap.start(location, actor=actor, today=today)
    ctx.require(Role.ADMINISTRATOR)
    done = upkeep.restore(location, file, moment=ctx.now())
    with writing():
        kept = f"before: {Path(done.kept).name}" if done.kept else ""
        history.add(ctx.stamp(), actor, "restored", "the database", before=kept, after=Path(file).name)
    return done


def upgrade(location: str, *, actor: str, today: str | None) -> Restored | None:
    """Bring an older database up to date, after a backup; None where it was up to date already.

    Raises DatabaseTrouble.
    """
    ctx = _before_the_database(actor, today)
    if driver.is_server(location):
        done = _upgrade_server(location)
    else:
        done = upkeep.upgrade(location, moment=ctx.now())
    if done:
        with writing():
            history.add(ctx.stamp(), actor, "upgraded", "the database", after=", ".join(done.applied))
    return done


def index_anew(location: str, *, actor: str, today: str | None) -> int:
    """Make everybody findable whom an older program indexed otherwise; returns how many. Raises DatabaseTrouble."""
    bootstrap.start(location, actor=actor, today=today)
    with reading():
        stale = list(invariants.misindexed())
    for person_id in stale:
        with writing():
            people_store.reindex(person_id)
    return len(stale)


def _upgrade_server(location: str) -> Restored | None:
    try:
        bootstrap.bind(location)
    except SchemaTooOld:
        return Restored(location, 0, "", tuple(migrate.bring_up(location)))
    return None


def check(location: str, *, actor: str, today: str | None) -> list[Finding]:
    """Whether the file is sound and what it holds is what the rules say. Raises DatabaseTrouble."""
    found = []
    if not driver.is_server(location):
        broken, dangling = upkeep.faults(location)
        found.append(_finding(SOUND, broken))
        if broken:
            return found
        found.append(_finding("references", dangling))
        found.append(_finding("tables and indexes", upkeep.drift(location)))
    return found + _breaches(bootstrap.start(location, actor=actor, today=today))


def inspect(ctx: Context) -> list[Finding]:
    """The same of the database that is open, but for its tables and indexes: to compare those, check() makes another
    database, which is no thing to do beside a window that reads. Raises DatabaseTrouble."""
    location = connection.bound()
    if driver.is_server(location):
        return _breaches(ctx)
    broken, dangling = upkeep.faults(location)
    sound = _finding(SOUND, broken)
    return [sound] if broken else [sound, _finding("references", dangling), *_breaches(ctx)]


def advice(found: Sequence[Finding]) -> str:
    """What is to be said of what check() or inspect() found wrong; empty where nothing is."""
    wrong = [each.check for each in found if each.result == "wrong"]
    if not wrong:
        return ""
    # Of a damaged file a backup fails; what restore puts in its place it keeps by itself, byte for byte.
    todo = (
        "Bring back the last good backup, which keeps this file beside it: csc admin restore BACKUP."
        if SOUND in wrong
        else "Make a backup, then report this, or bring back the last good backup: csc admin restore BACKUP."
    )
    return f"{count(len(wrong), 'check')} found something wrong. Nothing was changed. {todo}"


def _breaches(ctx: Context) -> list[Finding]:
    """What of the stored rows is not as the rules say."""
    with reading():
        found = [
            _finding(each.name, invariants.breaches(each, ctx.today()), sure=each.sure)
            for each in invariants.INVARIANTS
        ]
        found.append(_finding("people can be found", invariants.unfindable_people()))
        found.append(_finding("events can be found", invariants.unfindable_events()))
        found.append(_finding("venues have names of their own", invariants.venues_alike(), sure=False))
        outcomes, completions = attendance_outcomes.faults()
        found.append(_finding("outcomes follow the marks", outcomes))
        found.append(_finding("completions follow the marks", completions))
        found.append(_finding("answers without names", evaluation_actions.not_apart(ctx)))
    return found


@dataclass(frozen=True, slots=True)
class Holding:
    """Where the database is, and how much is in it, in words."""

    place: str
    size: str
    schema: int
    holds: str


def holding(ctx: Context) -> Holding:
    """Where the open database is, its size and schema, and what it holds."""
    location = connection.bound()
    with reading():
        people, events, lines = policy.counts()
    holds = f"{people:,} people, {events:,} events, {lines:,} lines of history"
    if driver.is_server(location):
        return Holding(shown(location), "on a server", driver.SCHEMA_VERSION, holds)
    size = sum(os.path.getsize(location + end) for end in ("", "-wal") if os.path.exists(location + end))
    return Holding(location, f"{size / 1_000_000:,.1f} MB", driver.SCHEMA_VERSION, holds)


def backup_name(ctx: Context) -> str:
    """A name for a backup of now, beside the database."""
    location = Path(connection.bound())
    return str(location.with_name(f"{location.stem}-{ctx.now():%Y%m%d-%H%M}.backup{location.suffix}"))


def roles(ctx: Context) -> list[tuple[str, str]]:
    """(actor, role) of everybody who has one of their own; last, what everybody else may do."""
    with reading():
        return [*((actor, role.word) for actor, role in policy.roles()), ("everybody else", ctx.policy["default_role"])]


def give_role(ctx: Context, name: str, role: Role) -> None:
    """Raises LastAdministrator rather than leave nobody who could give roles."""
    ctx.require(Role.ADMINISTRATOR)
    with deciding(ctx, undoable=False):
        before = policy.role_of(name)
        others = [actor for actor, has in policy.roles() if has is Role.ADMINISTRATOR and actor != name]
        if role is not Role.ADMINISTRATOR and not others:
            raise LastAdministrator(name)
        policy.give_role(name, role)
        history.add(
            ctx.stamp(), ctx.actor, "gave a role", name, before=before.word if before else "", after=role.word
        )  # fmt: skip


def give_others_role(ctx: Context, role: Role, *, dry_run: bool = False) -> str:
    """What everybody may do who has no role of their own; returns what they could do before.

    Raises LastAdministrator rather than leave nobody who could give roles.
    """
    ctx.require(Role.ADMINISTRATOR)
    with deciding(ctx, dry_run, undoable=False):
        before = policy.everything().get("default_role", DEFAULT_POLICY["default_role"])
        if role is not Role.ADMINISTRATOR and Role.ADMINISTRATOR not in {has for _, has in policy.roles()}:
            raise LastAdministrator("everybody else")
        policy.put("default_role", role.word)
        history.add(ctx.stamp(), ctx.actor, "gave a role", "everybody else", before=before, after=role.word)
    return before


def _before_the_database(actor: str, today: str | None) -> Context:
    """Who acts while there is no database yet to say what they may do."""
    return Context(actor=actor, clock=bootstrap.clock(today, ZoneInfo(DEFAULT_POLICY["time_zone"])))


def _refuse_server(location: str, instead: str) -> None:
    if driver.is_server(location):
        raise NotForServers(instead)


def _finding(name: str, details: list[str], *, sure: bool = True) -> Finding:
    if not details:
        return Finding(name, "ok", "")
    return Finding(name, "wrong" if sure else "look", some(details, SHOWN, "; "))
