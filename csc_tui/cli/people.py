"""people: add somebody, change what is kept of them, and record that they left or came back."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from csc_tui.base.text import format_count, status_label
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.core.attendance import earlier_learning
from csc_tui.core.imports.people import PERSON_KINDS
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import merging
from csc_tui.core.people.actions import PersonChange
from csc_tui.core.people.rules import FIELDS
from db.records.booking import StatusChange

CHANGE_COLUMNS = ("person", "name", "field", "before", "after")
MERGE_COLUMNS = ("person", "field", "kept", "other", "after")
Command = TypeVar("Command", bound=Callable[..., Any])


_FLAGS = {
    "is_manager": "--is-manager/--not-manager",  # --manager is the line manager's
    "is_facilitator": "--facilitator/--not-facilitator",
    "is_practice_lead": "--practice-lead/--not-practice-lead",
}


def _field_options(command: Command) -> Command:
    """Add an option for each field of a person; a field not given is left as it is."""
    for each in reversed(FIELDS):
        if each.name in _FLAGS:
            sentence = f"Whether they are a {each.label.lower()}."
            option = click.option(_FLAGS[each.name], each.name, default=None, help=sentence)
        elif each.name == "kind":
            kinds = OneOf(sorted({str(kind) for kind in PERSON_KINDS.values()}))
            option = click.option("--kind", type=kinds, help="Council staff, or from a partner organisation.")
        else:
            flag = f"--{each.name.replace('_', '-')}"
            metavar = "PERSON" if each.name == "manager" else "TEXT"
            option = click.option(flag, each.name, default=None, metavar=metavar, help=f"{each.label}: {each.rule}.")
        command = option(command)
    return command


def _wanted(given: dict[str, Any]) -> dict[str, str]:
    said = {True: "yes", False: "no"}
    return {name: said.get(value, value) for name, value in given.items() if value is not None}


@click.group()
def people() -> None:
    """Add people, change their details, and record people leaving and coming back.

    To add many at once: csc import people. To find them: csc who. To show one: csc person.
    """


@people.command("add")
@_field_options
@options.new_names
@options.dry_run
@click.pass_obj
def add(call: Call, /, dry_run: bool, **given: Any) -> None:
    """Add a person. --surname and --email are required; the rest can be added later.

    An address that is already in use is refused, and people with a similar name are shown.
    """
    _print(
        call,
        cli_changes.make_or_preview(
            call.context(), lambda ctx: people_actions.add_person(ctx, _wanted(given)), dry_run=dry_run
        ),
        dry_run,
    )


@people.command("change")
@click.argument("person")
@_field_options
@options.new_names
@options.dry_run
@click.pass_obj
def change(call: Call, /, person: str, dry_run: bool, **given: Any) -> None:
    """Change PERSON's details: each option replaces what is stored, '' empties it.

    After a change of e-mail address, invitations sent to the old one are due again.
    """
    ctx, wanted = call.context(), _wanted(given)
    if not wanted:
        raise click.UsageError("Say what to change, such as --email or --team.")
    done = cli_changes.make_or_preview(
        ctx, lambda ctx: people_actions.change_person(ctx, person, wanted), dry_run=dry_run
    )
    _print(call, done, dry_run)


@people.command("leave")
@click.argument("person")
@click.option("--reason", default="", metavar="TEXT", help=f"Why (default: {people_actions.WHY_LEFT}).")
@options.dry_run
@click.pass_obj
def leave(call: Call, person: str, reason: str, dry_run: bool) -> None:
    """Record that PERSON has left. Places on events that have not begun are cancelled, and people waiting move up.

    Their record is kept. To bring them back: csc people back.
    """
    ctx = call.context()
    done = cli_changes.make_or_preview(
        ctx, lambda ctx: people_actions.record_departure(ctx, person, reason=reason), dry_run=dry_run
    )
    stdout.print_records(call.form, StatusChange, done.moves, cli_changes.MOVE_COLUMNS)
    stderr.remark(f"{done.name} is no longer active; {format_count(len(done.moves), 'place')} changed.")
    for remark in done.remarks:
        stderr.remark(remark)
    options.remark_dry_run(dry_run)


@people.command("back")
@click.argument("person")
@options.dry_run
@click.pass_obj
def back(call: Call, person: str, dry_run: bool) -> None:
    """Record that PERSON has come back. Cancelled places are not restored."""
    _print(
        call,
        cli_changes.make_or_preview(
            call.context(), lambda ctx: people_actions.record_return(ctx, person), dry_run=dry_run
        ),
        dry_run,
    )


@people.command("learnt")
@click.argument("person")
@click.argument("course")
@click.option("--on", required=True, metavar="DATE", help="When: 12/05/2015, 10/2016, a year, or Y for not known.")
@click.option("--module", default="", metavar="N", help="Only this module of it, by its number or title.")
@click.option("--provider", default="", metavar="TEXT", help="Who gave the training.")
@click.option("--evidence", default="", metavar="TEXT", help="What shows it, such as the number of a certificate.")
@click.option("--expires", default="", metavar="DATE", help="The last day it holds, where its source says so.")
@options.dry_run
@click.pass_obj
def learnt(call: Call, /, person: str, course: str, dry_run: bool, **given: str) -> None:
    """Record that PERSON learnt COURSE before or elsewhere. It counts like a course attended here.

    To record many people at once, use csc import completions.
    """
    wanted = earlier_learning.NewLearning(course, **given)
    done = cli_changes.make_or_preview(
        call.context(), lambda ctx: earlier_learning.add_earlier_learning(ctx, person, wanted), dry_run=dry_run
    )
    stdout.print_card(call.form, stdout.record_mappings([done])[0])
    options.remark_dry_run(dry_run)


@people.command("merge")
@click.argument("person")
@click.argument("other")
@click.option(
    "--take",
    multiple=True,
    metavar="FIELD",
    type=click.Choice([each.name for each in FIELDS]),
    help="Use OTHER's value for this field; can be repeated.",
)
@options.dry_run
@click.pass_obj
def merge(call: Call, person: str, other: str, take: tuple[str, ...], dry_run: bool) -> None:
    """Merge two records of one person: PERSON is kept, and gets everything that OTHER has.

    Places, waiting lists, marks, evaluations, completions, invitations, groups and notes move. A field that PERSON
    has empty is filled from OTHER. After that both addresses find PERSON. Check with --dry-run first; csc undo
    reverses the merge.
    """
    ctx = call.context()
    wanted = merging.pick_texts(ctx, other, take)
    done = cli_changes.make_or_preview(
        ctx, lambda ctx: merging.merge_people(ctx, person, other, wanted), dry_run=dry_run
    )
    rows = [(done.person, each.field, each.kept, each.other, each.after) for each in done.fields]
    stdout.print_rows(call.form, MERGE_COLUMNS, rows)
    stderr.remark(
        f"{done.other_name} ({done.other}) is merged into {done.name} ({done.person}): "
        f"{merging.describe_moved(done.moved)}."
    )
    for move in done.places:
        stderr.remark(f"{move.name} was {status_label(move.before)} and is now {status_label(move.after)}.")
    options.remark_dry_run(dry_run)


def _print(call: Call, done: PersonChange, dry_run: bool) -> None:
    rows = [(done.person, done.name, *each) for each in done.changes]
    stdout.print_rows(call.form, CHANGE_COLUMNS, rows)
    for remark in done.remarks:
        stderr.remark(remark)
    options.remark_dry_run(dry_run)
