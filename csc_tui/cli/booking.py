"""enrol, cancel and the other commands that change who has a place on an event, and undo."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import click

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout, text_calendar
from csc_tui.cli.invocation import Call
from csc_tui.cli.remedies import word_for_shell
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import expiry, makeups
from csc_tui.core.booking import queries as booking_queries
from csc_tui.core.booking.charges import Charge
from csc_tui.core.booking.expiry import SweptMove
from csc_tui.core.booking.makeups import MakeUpSession
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.history import undo as history_undo
from csc_tui.core.people import newcomers
from csc_tui.core.people import rules as people_rules
from db.records.booking import Outcome
from db.records.catalogue import WaitingElsewhere
from db.records.history import UndoneChange


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("people", metavar="PERSON...", nargs=-1)
@click.option("--group", default="", metavar="NAME", help="Everyone in a group, such as Practice Leads.")
@click.option("--team", default="", metavar="NAME", help="Everyone in a team.")
@click.option(
    "--new",
    "new_person",
    default="",
    metavar="'NAME <E-MAIL>'",
    help="Add this new person and book them.",
)
@click.option("--waiting", is_flag=True, help="Put them on the waiting list even if there are places.")
@click.option("--partial", is_flag=True, help="Book those who can be booked (default: all or none).")
@click.option("--beyond-capacity", is_flag=True, help="Book even if no place is free; needs --override REASON.")
@click.option(
    "--waiting-elsewhere",
    type=click.Choice(["remove", "keep"]),
    default=None,
    help="For those who wait for another event of the course; by default as the course says.",
)
@options.override
@options.dry_run
@click.pass_obj
def enrol(
    call: Call,
    reference: str,
    people: tuple[str, ...],
    group: str,
    team: str,
    new_person: str,
    waiting: bool,
    partial: bool,
    beyond_capacity: bool,
    waiting_elsewhere: str | None,
    override: str,
    dry_run: bool,
) -> int:
    """Book people on an event, or put them on its waiting list when it is full.

    PERSON is an e-mail address, an employee number, #id, or a name that matches one person; - reads people from
    stdin, as pasted from an e-mail. If one of them cannot be booked, no one is, unless you add --partial.
    """
    if not (people or group or team or new_person):
        raise click.UsageError("Missing argument 'PERSON...': give people, or - for a pasted list, --group, --team.")
    if new_person and (people or group or team):
        raise click.UsageError("--new books one person only: leave out PERSON, --group and --team.")
    way = booking_actions.BookingOptions(
        waiting=waiting, beyond_capacity=beyond_capacity, partial=partial,
        waiting_elsewhere=WaitingElsewhere(waiting_elsewhere) if waiting_elsewhere else None,
    )  # fmt: skip
    if new_person:
        wanted_new = people_rules.parse_new_person(new_person)
        return book_and_print(
            call,
            lambda ctx: [newcomers.book_new_person(ctx, reference, wanted_new, way, override=override).result],
            reference,
            dry_run=dry_run,
        )
    if group and not (people or team):
        return book_and_print(
            call,
            lambda ctx: groups_actions.book_group(ctx, group, reference, way, override=override),
            reference,
            dry_run=dry_run,
        )
    wanted = options.typed_people(call.context(), people)
    if group or team:
        wanted += booking_actions.list_people_to_book(call.context(), group=group, team=team)
    return book_and_print(
        call,
        lambda ctx: booking_actions.enrol_people(ctx, reference, wanted, way, override=override),
        reference,
        dry_run=dry_run,
    )


def book_and_print(call: Call, change: Callable[[Context], list[Outcome]], reference: str, *, dry_run: bool) -> int:
    """Book people or preview that, print each one's outcome, and return the exit code."""
    try:
        outcomes = cli_changes.make_or_preview(call.context(), change, dry_run=dry_run)
    except booking_actions.EnrolmentRefused as problem:
        if call.form != "table":  # a table need not repeat the sentence
            stdout.print_records(call.form, Outcome, word_outcomes(_refused(problem.outcomes)))
        return stderr.print_failure(problem)
    stdout.print_records(call.form, Outcome, word_outcomes(outcomes))
    refused = _refused(outcomes)
    for each in refused:
        stderr.remark(f"Not enrolled: {word_for_shell(each.remark)}")
    options.remark_dry_run(dry_run)
    return stderr.RULE_SAID_NO if len(refused) == len(outcomes) else stderr.DONE


def word_outcomes(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes with each reason as the shell prints it."""
    return [replace(each, reason=word_for_shell(each.remark), remedy=None) for each in outcomes]


def _refused(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [each for each in outcomes if each.outcome == "refused"]


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("person", metavar="PERSON")
@click.option("--reason", default="", metavar="TEXT", help="Why, starting with one of the policy's cancel_reasons.")
@options.dry_run
@click.pass_obj
def cancel(call: Call, reference: str, person: str, reason: str, dry_run: bool) -> None:
    """Cancel a person's place, and show who moves up from the waiting list."""
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: booking_actions.cancel_place(ctx, reference, person, reason=reason),
        dry_run=dry_run,
    )


def _remark_all(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        stderr.remark(sentence)


EVENT = click.argument("reference", metavar="EVENT")
PERSON = click.argument("person", metavar="PERSON")
REASON = click.option("--reason", default="", metavar="TEXT", help="Why; kept in the history.")


@click.command()
@EVENT
@PERSON
@click.argument("to_reference", metavar="TO_EVENT")
@REASON
@options.override
@options.dry_run
@click.pass_obj
def transfer(
    call: Call, reference: str, person: str, to_reference: str, reason: str, override: str, dry_run: bool
) -> None:
    """Move PERSON from EVENT to TO_EVENT in one step, and show who moves up.

    TO_EVENT must have a free place. A transfer to another course that needs approval can only be made by a person
    who can approve it.
    """
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: booking_actions.transfer_person(
            ctx, reference, person, to_reference, reason=reason, override=override
        ),
        dry_run=dry_run,
    )


@click.command()
@EVENT
@PERSON
@click.argument("new_person", metavar="NEW_PERSON")
@REASON
@options.override
@options.dry_run
@click.pass_obj
def substitute(
    call: Call, reference: str, person: str, new_person: str, reason: str, override: str, dry_run: bool
) -> None:
    """Give PERSON's place on EVENT to NEW_PERSON, until the event starts."""
    other = booking_queries.list_other_places(call.context(), reference, new_person)
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: booking_actions.substitute_person(
            ctx, reference, person, new_person, reason=reason, override=override
        ),
        dry_run=dry_run,
    )
    _remark_all(other)


@click.command()
@EVENT
@PERSON
@options.override
@options.dry_run
@click.pass_obj
def approve(call: Call, reference: str, person: str, override: str, dry_run: bool) -> None:
    """Approve PERSON's request: a place, or the waiting list if EVENT is full."""
    other = booking_queries.list_other_places(call.context(), reference, person)
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: booking_actions.approve_request(ctx, reference, person, override=override),
        dry_run=dry_run,
    )
    _remark_all(other)


@click.command()
@EVENT
@PERSON
@REASON
@options.dry_run
@click.pass_obj
def decline(call: Call, reference: str, person: str, reason: str, dry_run: bool) -> None:
    """Decline PERSON's request, or the place that PERSON was offered."""
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: booking_actions.decline_place(ctx, reference, person, reason=reason),
        dry_run=dry_run,
    )


@click.command()
@EVENT
@PERSON
@options.dry_run
@click.pass_obj
def accept(call: Call, reference: str, person: str, dry_run: bool) -> None:
    """Accept the place on EVENT that PERSON was offered."""
    other = booking_queries.list_other_places(call.context(), reference, person)
    cli_changes.make_and_print_moves(
        call, lambda ctx: booking_actions.accept_offer(ctx, reference, person), dry_run=dry_run
    )
    _remark_all(other)


@click.command()
@EVENT
@PERSON
@click.argument("place", type=click.IntRange(1))
@REASON
@options.dry_run
@click.pass_obj
def queue(call: Call, reference: str, person: str, place: int, reason: str, dry_run: bool) -> None:
    """Move PERSON to another PLACE on EVENT's waiting list, counted as in csc waiting. The reason is kept in the
    history.
    """
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: booking_actions.reorder_waiting_list(ctx, reference, person, place, reason=reason),
        dry_run=dry_run,
    )


@click.command()
@PERSON
@click.argument("reference", metavar="[EVENT", default="")
@click.argument("session", metavar="SESSION]", type=click.IntRange(0), default=0)
@click.option("--leave", is_flag=True, help="Give up the place in that session.")
@REASON
@options.override
@options.dry_run
@click.pass_obj
def makeup(
    call: Call, person: str, reference: str, session: int, leave: bool, reason: str, override: str, dry_run: bool
) -> int:
    """List where PERSON can make up a module they missed; with EVENT and SESSION take a place in that session."""
    ctx = call.context()
    if not reference:
        found = makeups.list_make_up_sessions(ctx, person)
        if found or call.form in ("csv", "json"):
            stdout.print_records(call.form, MakeUpSession, found)
        else:
            stderr.remark("Nothing to make up, or no coming session with a free place.")
        return stderr.DONE if found else stderr.NOTHING_FOUND
    if not session:
        raise click.UsageError("Choose a session of the event: csc makeup PERSON EVENT SESSION.")
    if leave:
        cli_changes.make_and_print_moves(
            call, lambda ctx: makeups.cancel_make_up(ctx, person, reference, session, reason=reason),
            dry_run=dry_run,
        )  # fmt: skip
        if not dry_run:
            stderr.remark(f"The place in {reference} session {session} is cancelled.")
        return stderr.DONE
    taken = cli_changes.make_or_preview(
        ctx,
        lambda ctx: makeups.book_make_up(ctx, person, reference, session, override=override),
        dry_run=dry_run,
    )
    stdout.print_records(call.form, MakeUpSession, [taken])
    options.remark_dry_run(dry_run)
    return stderr.DONE


@click.command()
@options.dry_run
@click.pass_obj
def sweep(call: Call, dry_run: bool) -> None:
    """Process expired offers and unanswered requests, and move people up. Safe to run from cron."""
    swept = expiry.sweep_events(call.context(), dry_run=dry_run)
    stdout.print_records(call.form, SweptMove, swept, ("event", *cli_changes.MOVE_COLUMNS))
    if not swept:
        stderr.remark("Nothing was due.")
    elif dry_run:
        stderr.remark(options.NOTHING_CHANGED)


@click.command()
@click.argument("steps", metavar="[N]", type=click.IntRange(1, 50), default=1)
@options.dry_run
@click.pass_obj
def undo(call: Call, steps: int, dry_run: bool) -> None:
    """Undo your own last change (or the last N), unless something later depends on it or has been sent."""
    undone = cli_changes.make_or_preview(
        call.context(), lambda ctx: history_undo.undo_steps(ctx, steps), dry_run=dry_run
    )
    stdout.print_records(call.form, UndoneChange, undone, ("what", "from", "to"))
    stderr.remark(options.NOTHING_CHANGED if dry_run else f"Undone: {history_undo.summarise_undone(undone)}.")


@click.command()
@click.option("--month", metavar="YYYY-MM", help="Events that begin in this month, such as 2017-06.")
@click.option("--year", metavar="2017/18", help="Events that begin in this programme year (default: this year).")
@click.pass_obj
def charges(call: Call, month: str | None, year: str | None) -> int:
    """List late cancellations and no-shows with their charges, by month and kind of organisation.

    The amounts and exemptions are policy: csc admin policy set charges "council=0, school=50".
    """
    ctx = call.context()
    bounds: tuple[date, date]
    if month:
        bounds = text_calendar.month_bounds(month)
    else:
        bounds = programme_years.programme_year_bounds(programme_years.parse_asked_year(ctx, year), ctx.first_month)
    found = booking_queries.list_charges(ctx, *bounds)
    if found or call.form in ("csv", "json"):
        stdout.print_records(call.form, Charge, found)
    stderr.remark(f"{format_count(len(found), 'line')}, {sum(each.amount for each in found)} pounds.")
    return stderr.DONE if found else stderr.NOTHING_FOUND
