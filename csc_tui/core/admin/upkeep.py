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
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count, shorten_list
from csc_tui.base.transaction import action
from csc_tui.core.admin import new_database
from csc_tui.core.attendance import outcomes as attendance_outcomes
from csc_tui.core.evaluation import actions as evaluation_actions
from db import history, policy
from db import people as people_store
from db.engine import connection, driver, invariants, migrate, upkeep
from db.engine.connection import read_transaction, write_transaction
from db.errors import DamagedDatabase, MissingDatabase, SchemaTooOld, hide_password
from db.records.admin import Backup, CheckFinding, RestoreResult
from db.records.startup import Role
from exports.files import check_path_allowed

SOUND = "file is sound"
"""What a damaged file fails; nothing more is asked of it then."""
MOST_DETAILS = 5
"""Details of one finding that are shown; the others are counted."""


def initialise_database(location: str, *, actor: str, today: str | None) -> Context:
    """Make a database that holds what the programme page says; if anything fails there is none.

    Raises Duplicate, NotWritable, WrongUse.
    """
    newcomer = _before_the_database(actor, today)
    with migrate.build_database(location):
        new_database.fill_new_database(newcomer)
    return bootstrap.create_context(location, actor=actor, today=today)


def make_backup(ctx: Context, target: str, *, replace: bool = False) -> Backup:
    """Write a verified copy of the live database; others may go on working.

    Raises NotForServers, Duplicate, WrongUse, DatabaseTrouble.
    """
    ctx.require(Role.ADMINISTRATOR)
    location = connection.bound_location()
    _refuse_server(location, "pg_dump makes its backups")
    check_path_allowed(target)
    return upkeep.back_up_file(location, target, replace=replace)


def restore_from_backup(location: str, file: str, *, actor: str, today: str | None) -> RestoreResult:
    """Put a backup in the place of what the database holds; what it held is kept beside it.

    Raises NotForServers, NotAllowed, BadBackup, WrongUse, DatabaseTrouble.
    """
    _refuse_server(location, "pg_restore brings its backups back")
    ctx = _before_the_database(actor, today)
    with suppress(
        MissingDatabase, DamagedDatabase, SchemaTooOld
    ):  # a restore mends these; nothing can say now who may do what
        ctx = bootstrap.create_context(location, actor=actor, today=today)
    ctx.require(Role.ADMINISTRATOR)
    done = upkeep.restore_file(location, file, moment=ctx.now())
    with write_transaction():
        kept = f"before: {Path(done.kept).name}" if done.kept else ""
        history.insert_history_line(ctx.stamp(), actor, "restored", "the database", before=kept, after=Path(file).name)
    return done


def upgrade_database(location: str, *, actor: str, today: str | None) -> RestoreResult | None:
    """Bring an older database up to date, after a backup; None where it was up to date already.

    Raises DatabaseTrouble.
    """
    ctx = _before_the_database(actor, today)
    if driver.is_server(location):
        done = _upgrade_server(location)
    else:
        done = upkeep.upgrade_file(location, moment=ctx.now())
    if done:
        with write_transaction():
            history.insert_history_line(ctx.stamp(), actor, "upgraded", "the database", after=", ".join(done.applied))
    return done


def reindex_people(location: str, *, actor: str, today: str | None) -> int:
    """Make everybody findable whom an older program indexed otherwise; returns how many. Raises DatabaseTrouble."""
    bootstrap.create_context(location, actor=actor, today=today)
    with read_transaction():
        stale = list(invariants.fetch_misindexed_ids())
    for person_id in stale:
        with write_transaction():
            people_store.update_person_index(person_id)
    return len(stale)


def _upgrade_server(location: str) -> RestoreResult | None:
    try:
        bootstrap.bind_database(location)
    except SchemaTooOld:
        return RestoreResult(location, 0, "", tuple(migrate.apply_migrations(location)))
    return None


def check_database(location: str, *, actor: str, today: str | None) -> list[CheckFinding]:
    """Whether the file is sound and what it holds is what the rules say. Raises DatabaseTrouble."""
    found = []
    if not driver.is_server(location):
        broken, dangling = upkeep.fetch_file_faults(location)
        found.append(_finding(SOUND, broken))
        if broken:
            return found
        found.append(_finding("references", dangling))
        found.append(_finding("tables and indexes", upkeep.fetch_schema_drift(location)))
    return found + _breaches(bootstrap.create_context(location, actor=actor, today=today))


def check_open_database(ctx: Context) -> list[CheckFinding]:
    """The same of the database that is open, but for its tables and indexes: to compare those, check_database() makes
    another database, which is no thing to do beside a window that reads. Raises DatabaseTrouble."""
    location = connection.bound_location()
    if driver.is_server(location):
        return _breaches(ctx)
    broken, dangling = upkeep.fetch_file_faults(location)
    sound = _finding(SOUND, broken)
    return [sound] if broken else [sound, _finding("references", dangling), *_breaches(ctx)]


def advice_on_findings(found: Sequence[CheckFinding]) -> str:
    """What is to be said of what check_database() or check_open_database() found wrong; empty where nothing is."""
    wrong = [each.check for each in found if each.result == "wrong"]
    if not wrong:
        return ""
    # Of a damaged file a backup fails; what restore puts in its place it keeps by itself, byte for byte.
    todo = (
        "Bring back the last good backup, which keeps this file beside it: csc admin restore BACKUP."
        if SOUND in wrong
        else "Make a backup, then report this, or bring back the last good backup: csc admin restore BACKUP."
    )
    return f"{format_count(len(wrong), 'check')} found something wrong. Nothing was changed. {todo}"


def _breaches(ctx: Context) -> list[CheckFinding]:
    """What of the stored rows is not as the rules say."""
    with read_transaction():
        found = [
            _finding(each.name, invariants.fetch_breaches(each, ctx.today()), sure=each.sure)
            for each in invariants.INVARIANTS
        ]
        found.append(_finding("people can be found", invariants.fetch_unfindable_people()))
        found.append(_finding("events can be found", invariants.fetch_unfindable_events()))
        found.append(_finding("venues have names of their own", invariants.fetch_similar_venues(), sure=False))
        outcomes, completions = attendance_outcomes.list_outcome_faults()
        found.append(_finding("outcomes follow the marks", outcomes))
        found.append(_finding("completions follow the marks", completions))
        found.append(_finding("answers without names", evaluation_actions.list_anonymity_faults(ctx)))
    return found


@dataclass(frozen=True, slots=True)
class DatabaseSummary:
    """Where the database is, and how much is in it, in words."""

    place: str
    size: str
    schema: int
    holds: str


def get_database_summary(ctx: Context) -> DatabaseSummary:
    """Where the open database is, its size and schema, and what it holds."""
    location = connection.bound_location()
    with read_transaction():
        people, events, lines = policy.count_contents()
    holds = f"{people:,} people, {events:,} events, {lines:,} lines of history"
    if driver.is_server(location):
        return DatabaseSummary(hide_password(location), "on a server", driver.SCHEMA_VERSION, holds)
    size = sum(os.path.getsize(location + end) for end in ("", "-wal") if os.path.exists(location + end))
    return DatabaseSummary(location, f"{size / 1_000_000:,.1f} MB", driver.SCHEMA_VERSION, holds)


def backup_name(ctx: Context) -> str:
    """A name for a backup of now, beside the database."""
    location = Path(connection.bound_location())
    return str(location.with_name(f"{location.stem}-{ctx.now():%Y%m%d-%H%M}.backup{location.suffix}"))


def list_roles(ctx: Context) -> list[tuple[str, str]]:
    """(actor, role) of everybody who has one of their own; last, what everybody else may do."""
    with read_transaction():
        return [
            *((actor, role.word) for actor, role in policy.fetch_roles()),
            ("everybody else", ctx.policy["default_role"]),
        ]


@action(role=Role.ADMINISTRATOR, undoable=False)
def assign_role(ctx: Context, name: str, role: Role) -> None:
    """Raises LastAdministrator rather than leave nobody who could give roles."""
    before = policy.fetch_role(name)
    others = [actor for actor, has in policy.fetch_roles() if has is Role.ADMINISTRATOR and actor != name]
    if role is not Role.ADMINISTRATOR and not others:
        raise LastAdministrator(name)
    policy.store_role(name, role)
    write_history(
        ctx, "gave a role", name, before=before.word if before else "", after=role.word
    )  # fmt: skip


@action(role=Role.ADMINISTRATOR, undoable=False)
def set_default_role(ctx: Context, role: Role) -> str:
    """What everybody may do who has no role of their own; returns what they could do before.

    Raises LastAdministrator rather than leave nobody who could give roles.
    """
    before = policy.fetch_policy_values().get("default_role", DEFAULT_POLICY["default_role"])
    if role is not Role.ADMINISTRATOR and Role.ADMINISTRATOR not in {has for _, has in policy.fetch_roles()}:
        raise LastAdministrator("everybody else")
    policy.store_policy_value("default_role", role.word)
    write_history(ctx, "gave a role", "everybody else", before=before, after=role.word)
    return before


def _before_the_database(actor: str, today: str | None) -> Context:
    """Who acts while there is no database yet to say what they may do."""
    return Context(actor=actor, clock=bootstrap.make_clock(today, ZoneInfo(DEFAULT_POLICY["time_zone"])))


def _refuse_server(location: str, instead: str) -> None:
    if driver.is_server(location):
        raise NotForServers(instead)


def _finding(name: str, details: list[str], *, sure: bool = True) -> CheckFinding:
    if not details:
        return CheckFinding(name, "ok", "")
    return CheckFinding(name, "wrong" if sure else "look", shorten_list(details, MOST_DETAILS, "; "))
