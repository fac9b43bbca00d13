"""schedule: add, copy, move and cancel events, change their venue, capacity and state, and find clashes."""

from collections.abc import Callable, Sequence
from datetime import date, time

import click

from csc_tui.base.clashes import Clash
from csc_tui.base.context import Context
from csc_tui.base.dates import TypedDay
from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.cli.options import CLOCK, DAY, DAY_AND_TIMES, DAY_OR_NONE
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers
from csc_tui.core.mail import invitations
from db.errors import NoSuchSession
from db.records.booking import StatusChange
from db.records.calendar import FieldChange
from db.records.startup import EventState


@click.group()
def schedule() -> None:
    """Add, move, open and cancel events, and find clashes. Each command takes --dry-run to show what it would do."""


def _show(call: Call, changes: Sequence[FieldChange], *, dry_run: bool) -> None:
    stdout.print_records(call.form, FieldChange, changes)
    if dry_run:
        stderr.remark(options.NOTHING_CHANGED)
        return
    if not changes:
        stderr.remark("There is nothing to change.")
        return
    due = invitations.due_invitation_count(call.context(), changes[0].event)
    if due:
        stderr.remark(
            f"{format_count(due, 'invitation is', 'invitations are')} now due: csc invite {changes[0].event} --to DIR"
        )


def _change(call: Call, reference: str, change: Callable[[Context], Sequence[FieldChange]], *, dry_run: bool) -> None:
    _show(call, cli_changes.make_or_preview(call.context(), change, dry_run=dry_run), dry_run=dry_run)


@schedule.command("add")
@click.argument("course")
@click.option(
    "--date",
    "days",
    type=DAY_AND_TIMES,
    multiple=True,
    help='The date of each session, in order, with its times or without: "wed 14 june 9.30-12.30"; the rest are TBC.',
)
@click.option("--start", type=CLOCK, help="When the sessions start, such as 9.30. They last as long as their module.")
@click.option("--end", type=CLOCK, help="When they end, if different from the module's length.")
@click.option("--venue", default="", help="The venue.")
@click.option("--room", default="", help="The room.")
@click.option("--facilitator", "facilitators", multiple=True, metavar="PERSON", help="A facilitator; can be repeated.")
@click.option(
    "--reference", default="", help="The event's reference, such as BR-11 (default: the course's next number)."
)
@click.option("--title", default="", help="The event's title (default: the course's).")
@click.option("--capacity", type=click.IntRange(0), metavar="PLACES", help="Places in all (default: the course's).")
@click.option("--minimum", type=click.IntRange(0), metavar="PEOPLE",
              help="The minimum number of people; with fewer it may be cancelled.")  # fmt: skip
@click.option("--state", type=OneOf(["draft", "open"]), default="draft", show_default=True)
@options.new_names
@options.override
@options.dry_run
@click.pass_obj
def add(
    call: Call,
    course: str,
    days: tuple[TypedDay, ...],
    start: time | None,
    end: time | None,
    venue: str,
    room: str,
    facilitators: tuple[str, ...],
    reference: str,
    title: str,
    capacity: int | None,
    minimum: int | None,
    state: str,
    override: str,
    dry_run: bool,
) -> None:
    """Add an event of COURSE, with a session for each of its modules."""
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: calendar_actions.add_event(
            ctx,
            calendar_actions.NewEvent(
                course,
                [calendar_actions.SessionPlan(day.on, *_times(day, start, end)) for day in days],
                reference=reference,
                title=title,
                venue=venue,
                room=room,
                capacity=capacity,
                minimum=minimum,
                state=EventState(state),
                facilitators=facilitators,
            ),
            override=override,
        ),
        dry_run=dry_run,
    )
    _show(call, changes, dry_run=dry_run)


def _times(typed: TypedDay, start: time | None, end: time | None) -> tuple[time | None, time | None]:
    """Return the times typed with the day, else those of the options; an end belongs to its own start."""
    return (typed.start, typed.end or (None if start else end)) if typed.start else (start, end)


@schedule.command("clone")
@click.argument("reference", metavar="EVENT")
@click.option("--date", "first", type=DAY, required=True, help="The first day of the copy.")
@click.option("--reference", "new_reference", default="", help="The copy's reference (default: the next number).")
@click.option(
    "--times",
    type=click.IntRange(1, 52),
    metavar="COPIES",
    default=1,
    show_default=True,
    help="The number of copies, for a series.",
)
@click.option("--every-weeks", type=click.IntRange(0, 52), metavar="WEEKS", default=0,
              help="Weeks from one copy to the next.")  # fmt: skip
@options.override
@options.dry_run
@click.pass_obj
def clone(
    call: Call,
    reference: str,
    first: date,
    new_reference: str,
    times: int,
    every_weeks: int,
    override: str,
    dry_run: bool,
) -> None:
    """Copy EVENT to other dates, with the same gaps between sessions. Weekends and bank holidays are skipped. Copies
    are drafts.
    """
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: calendar_actions.clone_event(
            ctx,
            reference,
            calendar_actions.EventCopies(first, new_reference=new_reference, times=times, every_weeks=every_weeks),
            override=override,
        ),
        dry_run=dry_run,
    )
    _show(call, changes, dry_run=dry_run)


@schedule.command("minimum")
@click.argument("reference", metavar="EVENT")
@click.argument("number", type=click.IntRange(0))
@click.option("--decide-by", type=DAY, metavar="DATE", help="The date for deciding whether the event goes ahead.")
@click.option("--undated", is_flag=True, help="Remove the date for deciding.")
@options.dry_run
@click.pass_obj
def minimum(call: Call, reference: str, number: int, decide_by: date | None, undated: bool, dry_run: bool) -> None:
    """Set how many people EVENT needs to go ahead, and the date by which to decide."""
    if decide_by and undated:
        raise click.UsageError("Use --decide-by DATE or --undated, not both.")
    _change(
        call,
        reference,
        lambda ctx: calendar_actions.set_minimum(ctx, reference, number, decide_by=decide_by, undated=undated),
        dry_run=dry_run,
    )


@schedule.command("merge")
@click.argument("reference", metavar="EVENT")
@click.argument("into", metavar="INTO_EVENT")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in the history.")
@options.override
@options.dry_run
@click.pass_obj
def merge(call: Call, reference: str, into: str, reason: str, override: str, dry_run: bool) -> None:
    """Move everyone on EVENT to INTO_EVENT of the same course, and cancel EVENT."""
    cli_changes.make_and_print_moves(
        call,
        lambda ctx: event_transfers.merge_events(ctx, reference, into, reason=reason, override=override),
        dry_run=dry_run,
    )


@schedule.command("overflow")
@click.argument("reference", metavar="EVENT")
@click.option("--date", "first", type=DAY, required=True, help="The first day of the new event.")
@click.option("--reference", "new_reference", default="", help="The new event's reference (default: the next number).")
@options.override
@options.dry_run
@click.pass_obj
def overflow(call: Call, reference: str, first: date, new_reference: str, override: str, dry_run: bool) -> None:
    """Add another event like EVENT for the people on its waiting list, in order.

    People already booked elsewhere at that time stay on the list, unless you give a reason with --override.
    """
    changes, moves = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: event_transfers.add_overflow_event(
            ctx, reference, first, new_reference=new_reference, override=override
        ),
        dry_run=dry_run,
    )
    stdout.print_records(call.form, StatusChange, moves, cli_changes.MOVE_COLUMNS)
    stderr.remark(f"The new event is {changes[0].event}, {changes[1].after}.")
    options.remark_dry_run(dry_run)


@schedule.command("move")
@click.argument("reference", metavar="EVENT")
@click.argument("session", type=click.IntRange(1))
@click.option(
    "--date",
    "typed",
    type=DAY_OR_NONE,
    required=True,
    help='The new date, as "14/6" or "wed 14 june 9.30-12.30"; tbc: to be confirmed again.',
)
@click.option("--start", type=CLOCK, help="The new start; without --end the length stays the same.")
@click.option("--end", type=CLOCK, help="The new end.")
@options.override
@options.dry_run
@click.pass_obj
def move(
    call: Call,
    reference: str,
    session: int,
    typed: TypedDay | str,
    start: time | None,
    end: time | None,
    override: str,
    dry_run: bool,
) -> None:
    """Move SESSION of EVENT to another date or time, or take its date back until a new one is known."""
    if isinstance(typed, str):
        _change(
            call,
            reference,
            lambda ctx: calendar_actions.withdraw_session_date(ctx, reference, session, override=override),
            dry_run=dry_run,
        )
        return
    start, end = _times(typed, start, end)
    _change(
        call,
        reference,
        lambda ctx: calendar_actions.move_session(
            ctx, reference, session, calendar_actions.SessionMove(typed.on, start=start, end=end), override=override
        ),
        dry_run=dry_run,
    )


@schedule.command("venue")
@click.argument("reference", metavar="EVENT")
@click.argument("venue")
@click.argument("room", default="")
@click.option("--session", type=click.IntRange(1), help="Only this session (default: all that are not over).")
@options.new_names
@options.override
@options.dry_run
@click.pass_obj
def venue_command(
    call: Call, reference: str, venue: str, room: str, session: int | None, override: str, dry_run: bool
) -> None:
    """Put EVENT at another VENUE and ROOM."""
    _change(
        call,
        reference,
        lambda ctx: calendar_actions.set_session_venue(ctx, reference, venue, room, session=session, override=override),
        dry_run=dry_run,
    )


@schedule.command("lead")
@click.argument("reference", metavar="EVENT")
@click.argument("people", metavar="PERSON...", nargs=-1)
@click.option("--session", type=click.IntRange(1), help="Only this session (default: all that are not over).")
@click.option("--nobody", is_flag=True, help="Remove all facilitators for now.")
@options.override
@options.dry_run
@click.pass_obj
def lead(
    call: Call, reference: str, people: tuple[str, ...], session: int | None, nobody: bool, override: str, dry_run: bool
) -> None:
    """Set who leads EVENT, replacing its facilitators. To invite them: csc invite EVENT --facilitators."""
    if bool(people) == nobody:
        raise click.UsageError("Name the facilitators, or use --nobody.")
    _change(
        call,
        reference,
        lambda ctx: calendar_actions.assign_facilitators(ctx, reference, people, session=session, override=override),
        dry_run=dry_run,
    )


@schedule.command("instructions")
@click.argument("reference", metavar="EVENT")
@click.argument("words", metavar="[SESSION] [TEXT]", nargs=-1)
@options.dry_run
@click.pass_obj
def instructions(call: Call, reference: str, words: tuple[str, ...], dry_run: bool) -> int:
    """Set the joining instructions of EVENT, or of one SESSION: TEXT, or - to read them from stdin.

    Without TEXT they are shown, one row for each line; "" removes them. Learners get them once the event is confirmed.
    """
    number = int(words[0]) if words and words[0].isascii() and words[0].isdecimal() else None
    rest = words[1:] if number is not None else words
    if len(rest) > 1:
        raise click.UsageError('Put the text in quotation marks: csc schedule instructions BR-04 1 "Ring twice."')
    if rest:
        text = options.stdin_text() if rest[0] == "-" else rest[0]
        _change(
            call,
            reference,
            lambda ctx: calendar_actions.set_joining_instructions(ctx, reference, text, session=number),
            dry_run=dry_run,
        )
        return stderr.DONE
    found = calendar_actions.get_joining_instructions(call.context(), reference)
    if number is not None and number not in found:
        raise NoSuchSession(reference, number)
    rows = [
        (session, line)
        for session, text in found.items()
        if number in (None, session)
        for line in text.splitlines() or [""]
    ]
    stdout.print_rows(call.form, ("session", "instructions"), rows)
    if not any(line for _, line in rows):
        stderr.remark(f"{reference.upper()} has no joining instructions yet.")
    return stderr.DONE


@schedule.command("capacity")
@click.argument("reference", metavar="EVENT")
@click.argument("number", type=click.IntRange(0))
@options.override
@options.dry_run
@click.pass_obj
def capacity(call: Call, reference: str, number: int, override: str, dry_run: bool) -> None:
    """Change the number of places of EVENT. People move up from the waiting list if there is room."""
    _change(
        call,
        reference,
        lambda ctx: calendar_actions.set_capacity(ctx, reference, number, override=override),
        dry_run=dry_run,
    )


@schedule.command("state")
@click.argument("reference", metavar="EVENT")
@click.argument("state", metavar="STATE", type=OneOf([each.value for each in EventState]))
@options.dry_run
@click.pass_obj
def state(call: Call, reference: str, state: str, dry_run: bool) -> None:
    """Open, confirm, deliver or close EVENT, or take it one step back.

    STATE is draft, open, tentative, confirmed, delivered or closed; To cancel an event: csc schedule cancel.
    """
    _change(
        call,
        reference,
        lambda ctx: calendar_actions.set_event_state(ctx, reference, EventState(state)),
        dry_run=dry_run,
    )


@schedule.command("cancel")
@click.argument("reference", metavar="EVENT")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in the history.")
@options.dry_run
@click.pass_obj
def cancel(call: Call, reference: str, reason: str, dry_run: bool) -> None:
    """Cancel EVENT. Everyone's booking is kept on record, with the status event_cancelled."""
    _change(call, reference, lambda ctx: calendar_actions.cancel_event(ctx, reference, reason=reason), dry_run=dry_run)


@schedule.command("clashes")
@click.option("--from", "start", type=DAY, metavar="DATE", help="The first day (today).")
@click.pass_obj
def clashes(call: Call, start: date | None) -> int:
    """List sessions at the same time with the same room, facilitator or learner."""
    found = calendar_actions.list_clashes(call.context(), start=start)
    if found or call.form in ("csv", "json"):
        stdout.print_records(call.form, Clash, found)
    else:
        stderr.remark("No clashes.")
    return stderr.DONE if found else stderr.NOTHING_FOUND
