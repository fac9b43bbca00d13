"""Care of the database: creating, backing up, restoring, upgrading and checking it, and people's roles."""

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
from csc_tui.core.people import merging
from db import history, policy
from db import people as people_store
from db.engine import connection, driver, invariants, migrate, upkeep
from db.engine.connection import read_transaction, write_transaction
from db.errors import DamagedDatabase, MissingDatabase, SchemaTooOld, name_location
from db.records.admin import Backup, CheckFinding, RestoreResult
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role
from exports.files import check_path_allowed

SOUND = "file is sound"
"""The check that a damaged file fails; no other is run then."""
MOST_DETAILS = 5
"""The details of one finding that are shown; the rest are counted."""


def initialise_database(location: str, *, actor: str, today: str | None) -> Context:
    """Create a database with the programme of its web page; if anything fails, none is left behind.

    Raises Duplicate, NotWritable and WrongUse.
    """
    newcomer = _before_the_database(actor, today)
    with migrate.build_database(location):
        new_database.fill_new_database(newcomer)
    return bootstrap.create_context(location, actor=actor, today=today)


def make_backup(ctx: Context, target: str, *, replace: bool = False) -> Backup:
    """Write a verified copy of the live database while others go on working.

    Raises NotForServers, Duplicate, WrongUse and DatabaseTrouble.
    """
    ctx.require(Role.ADMINISTRATOR)
    location = connection.bound_location()
    _refuse_server(location, "use pg_dump to back it up")
    check_path_allowed(target)
    return upkeep.back_up_file(location, target, replace=replace)


def restore_from_backup(location: str, file: str, *, actor: str, today: str | None) -> RestoreResult:
    """Replace the database with a backup, and keep what it held beside it.

    Raises NotForServers, NotAllowed, BadBackup, WrongUse and DatabaseTrouble.
    """
    _refuse_server(location, "use pg_restore to restore a backup")
    ctx = _before_the_database(actor, today)
    with suppress(
        MissingDatabase, DamagedDatabase, SchemaTooOld
    ):  # a restore repairs these, but nothing can say now who may do what
        ctx = bootstrap.create_context(location, actor=actor, today=today)
    ctx.require(Role.ADMINISTRATOR)
    done = upkeep.restore_file(location, file, moment=ctx.now())
    with write_transaction():
        kept = f"before: {Path(done.kept).name}" if done.kept else ""
        history.insert_history_line(ctx.stamp(), actor, "restored", "the database", before=kept, after=Path(file).name)
    return done


def upgrade_database(location: str, *, actor: str, today: str | None) -> RestoreResult | None:
    """Bring an older database up to date, after a backup; returns None when it was up to date.

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
    """Update the search index of people indexed by an older program and return their number. Raises DatabaseTrouble."""
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
    """Check that the file is sound and that its content keeps the rules, and return the findings.

    Raises DatabaseTrouble.
    """
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
    """Check the open database as check_database() does, except for tables and indexes.

    To compare those another database would be created, which must not happen beside a window that reads. Raises
    DatabaseTrouble.
    """
    location = connection.bound_location()
    if driver.is_server(location):
        return _breaches(ctx)
    broken, dangling = upkeep.fetch_file_faults(location)
    sound = _finding(SOUND, broken)
    return [sound] if broken else [sound, _finding("references", dangling), *_breaches(ctx)]


def advice_on_findings(found: Sequence[CheckFinding]) -> Remark | None:
    """Return what to do about the findings of a check; None when nothing is wrong."""
    wrong = [each.check for each in found if each.result == "wrong"]
    if not wrong:
        return None
    # A backup of a damaged file fails; restoring keeps the damaged file by itself, byte for byte.
    kind = RemedyKind.RESTORE_GOOD_BACKUP if SOUND in wrong else RemedyKind.REPORT_FAULT
    return Remark(f"{format_count(len(wrong), 'check')} found a problem. Nothing was changed.", Remedy(kind))


def _breaches(ctx: Context) -> list[CheckFinding]:
    """Return a finding for each rule about what is stored."""
    with read_transaction():
        found = [
            _finding(each.name, invariants.fetch_breaches(each, ctx.today()), sure=each.sure)
            for each in invariants.INVARIANTS
        ]
        found.append(_finding("people can be found", invariants.fetch_unfindable_people()))
        found.append(_finding("people have one record", merging.describe_likely_doubles(ctx), sure=False))
        found.append(_finding("events can be found", invariants.fetch_unfindable_events()))
        found.append(_finding("venues have names of their own", invariants.fetch_similar_venues(), sure=False))
        outcomes, completions = attendance_outcomes.list_outcome_faults()
        found.append(_finding("outcomes follow the marks", outcomes))
        found.append(_finding("completions follow the marks", completions))
        found.append(_finding("answers without names", evaluation_actions.list_anonymity_faults(ctx)))
    return found


@dataclass(frozen=True, slots=True)
class DatabaseSummary:
    """The place of the database, and its size and content in words."""

    place: str
    size: str
    schema: int
    holds: str


def get_database_summary(ctx: Context) -> DatabaseSummary:
    """Return the place of the open database, its size, schema and content."""
    location = connection.bound_location()
    with read_transaction():
        people, events, lines = policy.count_contents()
    holds = f"{people:,} people, {events:,} events, {lines:,} lines of history"
    if driver.is_server(location):
        return DatabaseSummary(name_location(location), "on a server", driver.SCHEMA_VERSION, holds)
    size = sum(os.path.getsize(location + end) for end in ("", "-wal") if os.path.exists(location + end))
    return DatabaseSummary(location, f"{size / 1_000_000:,.1f} MB", driver.SCHEMA_VERSION, holds)


def backup_name(ctx: Context) -> str:
    """Return a name for a backup made now, beside the database."""
    location = Path(connection.bound_location())
    return str(location.with_name(f"{location.stem}-{ctx.now():%Y%m%d-%H%M}.backup{location.suffix}"))


def list_roles(ctx: Context) -> list[tuple[str, str]]:
    """Return (actor, role) of everybody with a role of their own, and last the role of everybody else."""
    with read_transaction():
        return [
            *((actor, role.word) for actor, role in policy.fetch_roles()),
            ("everyone else", ctx.policy["default_role"]),
        ]


@action(role=Role.ADMINISTRATOR, undoable=False)
def assign_role(ctx: Context, name: str, role: Role) -> None:
    """Give an actor a role. Raises LastAdministrator when nobody would be left who could give roles."""
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
    """Set the role of everybody without one of their own, and return the role before.

    Raises LastAdministrator when nobody would be left who could give roles.
    """
    before = policy.fetch_policy_values().get("default_role", DEFAULT_POLICY["default_role"])
    if role is not Role.ADMINISTRATOR and Role.ADMINISTRATOR not in {has for _, has in policy.fetch_roles()}:
        raise LastAdministrator
    policy.store_policy_value("default_role", role.word)
    write_history(ctx, "gave a role", "everyone else", before=before, after=role.word)
    return before


def _before_the_database(actor: str, today: str | None) -> Context:
    """Return a context for an actor while there is no database to say what they may do."""
    clock = bootstrap.make_clock(today, ZoneInfo(DEFAULT_POLICY["time_zone"]))
    return Context(actor=actor, clock=clock, role=Role.ADMINISTRATOR, policy=DEFAULT_POLICY)


def _refuse_server(location: str, instead: str) -> None:
    if driver.is_server(location):
        raise NotForServers(instead)


def _finding(name: str, details: Sequence[str | Remark], *, sure: bool = True) -> CheckFinding:
    """Return the finding of a check from its details, with the remedy of the first detail that has one."""
    if not details:
        return CheckFinding(name, "ok", "")
    remedy = next((each.remedy for each in details if isinstance(each, Remark)), None)
    said = shorten_list([str(each) for each in details], MOST_DETAILS, "; ")
    return CheckFinding(name, "wrong" if sure else "look", said, remedy)
