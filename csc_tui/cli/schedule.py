"""schedule add, clone, move, venue, capacity, state, cancel, clashes."""

from collections.abc import Sequence
from datetime import date, time

import click

from csc_tui.cli import failures, options, output
from csc_tui.cli.book import MOVE_COLUMNS
from csc_tui.cli.call import Call
from csc_tui.cli.options import CLOCK, DAY
from csc_tui.domain.clashes import Clash
from csc_tui.services import inviting, joining, scheduling
from csc_tui.text import count
from db.records import Change, EventState, Move


@click.group()
def schedule() -> None:
    """Add, move, open and cancel events, and find clashes. Each command takes --dry-run to show what it would do."""


def _show(call: Call, changes: Sequence[Change], *, dry_run: bool) -> None:
    output.records(call.form, Change, changes)
    if dry_run:
        failures.remark(options.NOTHING_CHANGED)
        return
    if not changes:
        failures.remark("Nothing to change: it is so already.")
        return
    due = inviting.due_count(call.context(), changes[0].event)
    if due:
        failures.remark(
            f"{count(due, 'invitation is', 'invitations are')} now due: csc invite {changes[0].event} --to DIR"
        )


@schedule.command("add")
@click.argument("course")
@click.option("--date", "days", type=DAY, multiple=True, help="The date of each session, in order; the rest are TBC.")
@click.option("--start", type=CLOCK, help="When the sessions start; they last as long as their module.")
@click.option("--end", type=CLOCK, help="When they end, if not after the module's length.")
@click.option("--venue", default="", help="Where.")
@click.option("--room", default="", help="Which room.")
@click.option("--facilitator", "facilitators", multiple=True, metavar="PERSON", help="Who leads; may be repeated.")
@click.option("--reference", default="", help="Such as BR-11; the next number of the course otherwise.")
@click.option("--title", default="", help="The course's title otherwise.")
@click.option("--capacity", type=click.IntRange(0), help="Places; the course's otherwise.")
@click.option("--minimum", type=click.IntRange(0), help="Below this it may be called off.")
@click.option("--state", type=click.Choice(["draft", "open"]), default="draft", show_default=True)
@options.override
@options.dry_run
@click.pass_obj
def add(
    call: Call,
    course: str,
    days: tuple[date, ...],
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
    changes = scheduling.add(
        call.context(), course, [scheduling.Meeting(day, start, end) for day in days], reference=reference, title=title,
        venue=venue, room=room, capacity=capacity, minimum=minimum, state=EventState(state), facilitators=facilitators,
        override=override, dry_run=dry_run,
    )  # fmt: skip
    _show(call, changes, dry_run=dry_run)


@schedule.command("clone")
@click.argument("reference", metavar="EVENT")
@click.option("--date", "first", type=DAY, required=True, help="The first day of the copy.")
@click.option("--reference", "new_reference", default="", help="Of the copy; the next number otherwise.")
@click.option("--times", type=click.IntRange(1, 52), default=1, show_default=True, help="How many copies: a series.")
@click.option("--every-weeks", type=click.IntRange(0, 52), default=0, help="Weeks between the copies of a series.")
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
    """Copy EVENT to other dates: gaps kept, weekends and bank holidays skipped. The copies are drafts."""
    changes = scheduling.clone(
        call.context(), reference, first, new_reference=new_reference, times=times, every_weeks=every_weeks,
        override=override, dry_run=dry_run,
    )  # fmt: skip
    _show(call, changes, dry_run=dry_run)


@schedule.command("minimum")
@click.argument("reference", metavar="EVENT")
@click.argument("number", type=click.IntRange(0))
@click.option("--decide-by", type=DAY, metavar="DATE", help="When it is decided whether the event takes place.")
@options.dry_run
@click.pass_obj
def minimum(call: Call, reference: str, number: int, decide_by: date | None, dry_run: bool) -> None:
    """Say how many people EVENT needs, and until when that is decided."""
    changes = scheduling.minimum(call.context(), reference, number, decide_by=decide_by, dry_run=dry_run)
    _show(call, changes, dry_run=dry_run)


@schedule.command("merge")
@click.argument("reference", metavar="EVENT")
@click.argument("into", metavar="INTO_EVENT")
@click.option("--reason", default="", metavar="TEXT", help="Why; stands in the history.")
@options.override
@options.dry_run
@click.pass_obj
def merge(call: Call, reference: str, into: str, reason: str, override: str, dry_run: bool) -> None:
    """Move everybody of EVENT to INTO_EVENT of the same course, and call EVENT off."""
    moves = joining.merge(call.context(), reference, into, reason=reason, override=override, dry_run=dry_run)
    output.records(call.form, Move, moves, MOVE_COLUMNS)
    if dry_run:
        failures.remark(options.NOTHING_CHANGED)


@schedule.command("overflow")
@click.argument("reference", metavar="EVENT")
@click.option("--date", "first", type=DAY, required=True, help="The first day of the new event.")
@click.option("--reference", "new_reference", default="", help="Of the new event; the next number otherwise.")
@options.override
@options.dry_run
@click.pass_obj
def overflow(call: Call, reference: str, first: date, new_reference: str, override: str, dry_run: bool) -> None:
    """Open another event like EVENT for the people on its waiting list, in their order."""
    changes, moves = joining.overflow(
        call.context(), reference, first, new_reference=new_reference, override=override, dry_run=dry_run
    )
    output.records(call.form, Move, moves, MOVE_COLUMNS)
    failures.remark(f"The new event is {changes[0].event}, {changes[1].after}.")
    if dry_run:
        failures.remark(options.NOTHING_CHANGED)


@schedule.command("move")
@click.argument("reference", metavar="EVENT")
@click.argument("session", type=click.IntRange(1))
@click.option("--date", "on", type=DAY, required=True, help="The new date.")
@click.option("--start", type=CLOCK, help="The new start; the length stays without --end.")
@click.option("--end", type=CLOCK, help="The new end.")
@options.override
@options.dry_run
@click.pass_obj
def move(
    call: Call,
    reference: str,
    session: int,
    on: date,
    start: time | None,
    end: time | None,
    override: str,
    dry_run: bool,
) -> None:
    """Move SESSION of EVENT to another date or time."""
    changes = scheduling.move(
        call.context(), reference, session, on=on, start=start, end=end, override=override, dry_run=dry_run
    )
    _show(call, changes, dry_run=dry_run)


@schedule.command("venue")
@click.argument("reference", metavar="EVENT")
@click.argument("venue")
@click.argument("room", default="")
@click.option("--session", type=click.IntRange(1), help="Only this session; otherwise all that are not over.")
@options.override
@options.dry_run
@click.pass_obj
def venue_command(
    call: Call, reference: str, venue: str, room: str, session: int | None, override: str, dry_run: bool
) -> None:
    """Put EVENT at another VENUE and ROOM."""
    changes = scheduling.venue(
        call.context(), reference, venue, room, session=session, override=override, dry_run=dry_run
    )
    _show(call, changes, dry_run=dry_run)


@schedule.command("capacity")
@click.argument("reference", metavar="EVENT")
@click.argument("number", type=click.IntRange(0))
@options.override
@options.dry_run
@click.pass_obj
def capacity(call: Call, reference: str, number: int, override: str, dry_run: bool) -> None:
    """Give EVENT another number of places; whoever waits moves up."""
    changes = scheduling.capacity(call.context(), reference, number, override=override, dry_run=dry_run)
    _show(call, changes, dry_run=dry_run)


@schedule.command("state")
@click.argument("reference", metavar="EVENT")
@click.argument("state", type=click.Choice([each.value for each in EventState]))
@options.dry_run
@click.pass_obj
def state(call: Call, reference: str, state: str, dry_run: bool) -> None:
    """Open, confirm, deliver or close EVENT, or take it one step back."""
    _show(call, scheduling.state(call.context(), reference, EventState(state), dry_run=dry_run), dry_run=dry_run)


@schedule.command("cancel")
@click.argument("reference", metavar="EVENT")
@click.option("--reason", default="", metavar="TEXT", help="Why; stands in the history.")
@options.dry_run
@click.pass_obj
def cancel(call: Call, reference: str, reason: str, dry_run: bool) -> None:
    """Call EVENT off. Everybody's enrolment is kept, with the status event_cancelled."""
    _show(call, scheduling.cancel(call.context(), reference, reason=reason, dry_run=dry_run), dry_run=dry_run)


@schedule.command("clashes")
@click.option("--from", "start", type=DAY, metavar="DATE", help="The first day (today).")
@click.pass_obj
def clashes(call: Call, start: date | None) -> int:
    """List sessions that want one room, facilitator or learner at the same time."""
    found = scheduling.clashes(call.context(), start=start)
    if found or call.form in ("csv", "json"):
        output.records(call.form, Clash, found)
    else:
        failures.remark("No clashes.")
    return failures.DONE if found else failures.NOTHING_FOUND
