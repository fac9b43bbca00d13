"""admin: init, upgrade, backup, restore, check, roles and policy of the database, and the data held on people."""

from dataclasses import replace

import click

from csc_tui.base import config
from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, reports, stderr, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.cli.remedies import SHELL_REMEDIES, word_for_shell
from csc_tui.core.admin import policy as admin_policy
from csc_tui.core.admin import upkeep
from csc_tui.core.admin.policy import Setting
from csc_tui.core.people import privacy
from csc_tui.core.people.privacy import Disclosure, ErasureLine, RemovedNeeds
from db.errors import name_location
from db.records.admin import Backup, CheckFinding, RestoreResult
from db.records.startup import Role

ROLE = OneOf([role.word for role in Role])


@click.group()
def admin() -> None:
    """Create the database, keep it safe, and set who may do what."""


@admin.command()
@click.pass_obj
def init(call: Call) -> None:
    """Create a new database with the programme: its courses, resources and headline figures.

    Only your account can read it, and you become its administrator. An existing database is never changed.
    """
    upkeep.initialise_database(call.location, actor=config.current_actor(call.actor), today=call.today)
    stderr.remark(
        f"Made {name_location(call.location)} with the Creating Strong Communities programme. "
        "Next: csc import programme FILE and csc import people FILE."
    )


@admin.command()
@click.pass_obj
def upgrade(call: Call) -> None:
    """Bring the database of an older version up to date. A backup is made first, and a failure changes nothing."""
    actor = config.current_actor(call.actor)
    done = upkeep.upgrade_database(call.location, actor=actor, today=call.today)
    stdout.print_rows(call.form, ("migration",), [(name,) for name in done.applied] if done else [])
    if number := upkeep.reindex_people(call.location, actor=actor, today=call.today):
        stderr.remark(f"{format_count(number, 'person', 'people')} can be found by name again.")
    elif not done:
        stderr.remark(f"{name_location(call.location)} is already up to date. Nothing was changed.")
    if done and done.kept:
        stderr.remark(f"Brought up to date. The database as it was before is kept in {done.kept}.")


@admin.command()
@click.argument("file", type=click.Path())
@click.option("--replace", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def backup(call: Call, file: str, replace: bool) -> None:
    """Write a checked copy of the database to FILE. Others can keep working while it runs.

    Always use this: a file copied in another way while someone saves can be damaged. Only your account can read FILE.
    """
    stdout.print_records(call.form, Backup, [upkeep.make_backup(call.context(), file, replace=replace)])


@admin.command()
@click.argument("file", type=click.Path())
@click.pass_obj
def restore(call: Call, file: str) -> None:
    """Replace the contents of the database with the backup FILE.

    FILE is checked first. What it replaces is kept as a dated backup next to the database. Others can have the
    database open: they see the restored contents at once.
    """
    done = upkeep.restore_from_backup(call.location, file, actor=config.current_actor(call.actor), today=call.today)
    stdout.print_rows(call.form, ("file", "rows", "kept"), [(done.file, done.rows, done.kept)])
    stderr.remark(_restore_sentence(done))


def _restore_sentence(done: RestoreResult) -> str:
    said = f"Restored {format_count(done.rows, 'row')} from {done.file}."
    if done.applied:
        said += " It was from an older version and was brought up to date."
    return said + (f" What it replaced is kept in {done.kept}." if done.kept else "")


@admin.command()
@click.pass_obj
def check(call: Call) -> int:
    """Check that the file is not damaged and that its contents follow the rules.

    Each result is ok, look (unusual, but may be intended) or wrong. If anything is wrong the exit code is 4.
    """
    found = upkeep.check_database(call.location, actor=config.current_actor(call.actor), today=call.today)
    said = [replace(each, detail=each.worded(SHELL_REMEDIES), remedy=None) for each in found]
    stdout.print_records(call.form, CheckFinding, said)
    advice = upkeep.advice_on_findings(found)
    if not advice:
        return stderr.DONE
    stderr.remark(f"csc: {name_location(call.location)}: {word_for_shell(advice)}")
    return stderr.DATABASE_TROUBLE


@admin.group(invoke_without_command=True)
@click.pass_context
def roles(ctx: click.Context) -> None:
    """Who may do what: viewer, booker, coordinator or administrator. Each role includes those before it.

    Anyone who can open the database file itself has every role. Roles prevent mistakes, not misuse.
    On a PostgreSQL server, access is controlled by the server's own accounts.
    """
    if ctx.invoked_subcommand is None:
        stdout.print_rows(ctx.obj.form, ("actor", "role"), upkeep.list_roles(ctx.obj.context()))


@roles.command("set")
@click.argument("name")
@click.argument("role", metavar="ROLE", type=ROLE)
@click.pass_obj
def set_role(call: Call, name: str, role: str) -> None:
    """Give NAME a ROLE: viewer, booker, coordinator or administrator. There must always be at least one
    administrator.
    """
    upkeep.assign_role(call.context(), name, Role[role.upper()])


@roles.command("others")
@click.argument("role", metavar="ROLE", type=ROLE)
@click.pass_obj
def set_others(call: Call, role: str) -> None:
    """Give a ROLE (viewer, booker, coordinator or administrator) to everyone who has not been given one."""
    upkeep.set_default_role(call.context(), Role[role.upper()])


@admin.group("policy", invoke_without_command=True)
@click.pass_context
def policy(ctx: click.Context) -> None:
    """The council's own settings: time zone, cancellation reasons, charges, the sender of invitations and so on."""
    if ctx.invoked_subcommand is None:
        _list_policy(ctx.obj)


@policy.command("list")
@click.pass_obj
def list_policy(call: Call) -> None:
    """List every key with its value and its default."""
    _list_policy(call)


def _list_policy(call: Call) -> None:
    stdout.print_records(call.form, Setting, admin_policy.list_settings(call.context()), leaving=("default",))


@policy.command("set")
@click.argument("key")
@click.argument("value")
@options.dry_run
@click.pass_obj
def set_policy(call: Call, key: str, value: str, dry_run: bool) -> None:
    """Set one KEY, such as `csc admin policy set charges "council=0, school=50"`. The value is checked first."""
    done = cli_changes.make_or_preview(
        call.context(), lambda ctx: admin_policy.set_policy_value(ctx, key, value), dry_run=dry_run
    )
    stdout.print_rows(call.form, ("key", "before", "after"), [(done.key, done.before, done.after)])
    if done.remark:
        stderr.remark(done.remark)
        if not dry_run and (sentence := privacy.purge_database_file()):
            stderr.remark(sentence)
    options.remark_dry_run(dry_run)


@admin.command()
@click.argument("person")
@click.option(
    "--to",
    "path",
    required=True,
    metavar="FILE",
    help="A new file ending in .json or .html, or - for JSON on stdout.",
)
@options.replace
@click.pass_obj
def disclose(call: Call, person: str, path: str, replace: bool) -> None:
    """Write everything held about PERSON to one file that only you can read.

    Fields, places, marks, completions, offers, invitations, messages with their text, evaluations, groups, history,
    changes that can be undone, texts that name them, drafts on this machine. The history shows that this was done.
    """
    ctx = call.context()
    if path == reports.STDOUT:
        stdout.print_card("json", privacy.get_disclosure(ctx, person))
        return
    stdout.print_records(call.form, Disclosure, [privacy.write_disclosure(ctx, person, path, replace=replace)])


@admin.command()
@click.argument("person")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the history. Do not name anyone.")
@options.dry_run
@click.pass_obj
def erase(call: Call, person: str, reason: str, dry_run: bool) -> None:
    """Erase PERSON permanently. Everything that identifies them is deleted; figures are kept without a name.

    Refused while they have a place or lead a session to come. It cannot be undone. Earlier backups and files still
    contain the person: delete old ones yourself.
    """
    ctx = call.context()
    done = cli_changes.make_or_preview(
        ctx, lambda ctx: privacy.erase_person(ctx, person, reason=reason), dry_run=dry_run
    )
    stdout.print_records(call.form, ErasureLine, done.lines)
    for remark in done.remarks:
        stderr.remark(remark)
    if dry_run:
        stderr.remark(word_for_shell(privacy.ERASURE_WARNING))
        stderr.remark(options.NOTHING_CHANGED)
        return
    if sentence := privacy.finish_erasure(ctx, done.person):
        stderr.remark(sentence)
    stderr.remark(f"{done.person} has been erased. Earlier backups and files still contain them.")


@admin.command()
@options.dry_run
@click.pass_obj
def retention(call: Call, dry_run: bool) -> None:
    """Remove dietary and access needs that have expired: needs_days after the person's last session.

    Suitable for a nightly job: if nothing is due it changes nothing and exits with 0. The history shows whose needs
    were removed, but not what they were.
    """
    found, remarks = privacy.remove_expired_needs(call.context(), dry_run=dry_run)
    stdout.print_records(call.form, RemovedNeeds, found)
    for remark in remarks:
        stderr.remark(word_for_shell(remark))
    if found and not dry_run and (sentence := privacy.purge_database_file()):
        stderr.remark(sentence)
    options.remark_dry_run(dry_run)
