"""enrol and cancel."""

from collections.abc import Callable, Sequence

import click

from csc_tui.base.context import Context
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.groups import actions as groups_actions
from db.records.booking import Outcome


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("people", metavar="PERSON...", nargs=-1)
@click.option("--group", default="", metavar="NAME", help="Everybody of a group, such as Practice Leads.")
@click.option("--team", default="", metavar="NAME", help="Everybody of a team.")
@click.option("--waiting", is_flag=True, help="Put them on the waiting list although there are places.")
@click.option("--partial", is_flag=True, help="Enrol those who can be; without it, all or nobody.")
@click.option("--beyond-capacity", is_flag=True, help="Book although there is no place; wants --override REASON.")
@options.override
@options.dry_run
@click.pass_obj
def enrol(
    call: Call,
    reference: str,
    people: tuple[str, ...],
    group: str,
    team: str,
    waiting: bool,
    partial: bool,
    beyond_capacity: bool,
    override: str,
    dry_run: bool,
) -> int:
    """Book people on an event, or put them on its waiting list when it is full.

    PERSON is an e-mail address, an employee number, #id, or a name that fits one person; - reads people from stdin, as
    pasted from an e-mail. If one of them cannot be enrolled nobody is, unless --partial.
    """
    if not (people or group or team):
        raise click.UsageError("Missing argument 'PERSON...': name people, or - for a pasted list, --group, --team.")
    if group and not (people or team):
        return book_and_print(
            call,
            lambda ctx: groups_actions.book_group(
                ctx, group, reference, waiting=waiting, beyond_capacity=beyond_capacity, override=override,
                partial=partial,
            ),
            reference,
            dry_run=dry_run,
        )  # fmt: skip
    wanted = options.typed_people(call.context(), people)
    if group or team:
        wanted += booking_actions.list_people_to_book(call.context(), group=group, team=team)
    return book_and_print(
        call,
        lambda ctx: booking_actions.enrol_people(
            ctx, reference, wanted, waiting=waiting, beyond_capacity=beyond_capacity, override=override,
            partial=partial,
        ),
        reference,
        dry_run=dry_run,
    )  # fmt: skip


def book_and_print(call: Call, change: Callable[[Context], list[Outcome]], reference: str, *, dry_run: bool) -> int:
    """Book people, or show what would become of them, and print each one's outcome; gives the exit code."""
    try:
        outcomes = cli_changes.make_or_preview(call.context(), change, dry_run=dry_run)
    except booking_actions.EnrolmentRefused as problem:
        if call.form != "table":  # on a terminal the sentence says it all
            stdout.print_records(call.form, Outcome, _refused(problem.outcomes))
        return stderr.print_failure(problem)
    stdout.print_records(call.form, Outcome, outcomes)
    refused = _refused(outcomes)
    for each in refused:
        stderr.remark(f"Not enrolled: {each.reason}")
    options.remark_dry_run(dry_run)
    return stderr.RULE_SAID_NO if len(refused) == len(outcomes) else stderr.DONE


def _refused(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [each for each in outcomes if each.outcome == "refused"]


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("person", metavar="PERSON")
@click.option("--reason", default="", metavar="TEXT", help="Why, beginning as the policy's cancel_reasons do.")
@options.dry_run
@click.pass_obj
def cancel(call: Call, reference: str, person: str, reason: str, dry_run: bool) -> None:
    """Give up a person's place, and show who moves up from the waiting list."""
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: booking_actions.cancel_place(ctx, reference, person, reason=reason),
        dry_run=dry_run,
    )
