"""What can be done to an event itself, behind one key: ask, show what follows, do it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.dates import DATE_HINT, TIME_HINT, WHEN_HINT, When
from csc_tui.base.errors import NotAllowed, NotBookable
from csc_tui.base.text import clean, count, label, show_date
from csc_tui.core.booking.transitions import why_not_changed, why_not_event_move
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import merge_events, suggestions
from csc_tui.core.people import queries as people_queries
from csc_tui.window.booking import book
from csc_tui.window.catalogue import course_rules
from csc_tui.window.dialogs.edit_text import Write
from csc_tui.window.dialogs.form import (
    Answers,
    Field,
    Form,
    missing,
    needed,
    number_of,
    one_of,
    several,
    unless,
    whole_number,
)
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.dialogs.pick import Pick
from csc_tui.window.dialogs.reason import AskReason
from csc_tui.window.shared import changes as shared_changes
from csc_tui.window.shared import proposal
from csc_tui.window.shared.columns import EVENT_COLUMNS, session_times, venue
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.screen import Deed, Found, LiveScreen
from csc_tui.window.widgets.drawing import Pieces
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken
from db.records.booking import Move
from db.records.calendar import Change, Event, EventCard
from db.records.first_picture import EventLine, EventState, Role, SessionLine

EXCUSES = ("Agreed with everybody concerned", "No other date or place is to be had")
WHY_CALLED_OFF = ("Too few people", "The facilitator cannot come", "The venue is not available", "Weather")
WHY_MERGED = ("Both events are thin", "The facilitator cannot come")
MEANINGS = {
    EventState.DRAFT: "Nobody can book, calendars and feeds leave it out",
    EventState.OPEN: "Can be booked",
    EventState.TENTATIVE: "Can be booked; calendars show it as tentative",
    EventState.CONFIRMED: "Takes place: invitations carry the joining instructions",
    EventState.DELIVERED: "Has taken place",
    EventState.CLOSED: "Everything about it is done, for good",
}


def deeds(screen: LiveScreen[Found], card: EventCard) -> list[Deed]:
    """Everything that can be done to the event, with why not."""
    ctx, event = screen.ctx, card.event
    fixed = why_not_changed(event.reference, event.state)
    ended = why_not_event_move(event.reference, event.state, EventState.CANCELLED, people=0)
    undated = "" if event.first_date else f"{event.reference} has no date yet."
    nobody_waits = "" if event.waiting else f"Nobody waits for {event.reference}."
    closed = "" if event.state.bookable else str(NotBookable(event.reference, event.state))
    role = "" if ctx.role >= Role.COORDINATOR else str(NotAllowed(ctx.actor, ctx.role, Role.COORDINATOR))

    def deed(
        key: str, title: str, meaning: str, why_not: str, act: Callable[[LiveScreen[Found], EventCard], Awaitable[None]]
    ) -> Deed:
        return Deed(key, title, meaning, role or why_not, partial(act, screen, card))

    return [
        deed("m", "Move a session", "Another date or other times", fixed, move_session),
        deed("v", "Venue and room", "For one session, or all that are to come", fixed, change_venue),
        deed("l", "Who leads", "For one session, or all that are to come", fixed, change_leaders),
        deed(
            "i", "Joining instructions", "How to get there, what to bring; sent once it is confirmed", fixed, instruct
        ),
        deed("p", "Places", f"Now {event.capacity}; whoever waits moves up when there are more", fixed, capacity),
        deed("n", "Minimum number", "How many it needs, and by when that is decided", fixed, minimum),
        deed("s", "State", f"Now {label(event.state)}: open, confirm, deliver, close", fixed, state),
        deed("x", "Cancel the event", "Everybody's place is kept as cancelled with it", ended, cancel),
        deed("j", "Join into another", "Everybody moves to another event of the course", ended, merge),
        deed("c", "Copy", "The same event again, or a series of them", undated, copy),
        deed("o", "Overflow", "Another event for those on the waiting list", nobody_waits or undated, overflow),
        deed("w", "Waiting list", "Put somebody on it although there are places", closed, _on_the_list),
        deed("b", "Book beyond places", "Although it is full; wants a reason", closed, _beyond_capacity),
        deed("r", "Course rules", f"What {event.course} asks of its bookings", "", _course_rules),
    ]


async def choose(screen: LiveScreen[Found], card: EventCard) -> None:
    """Choose what to do to the event, and do it."""
    deed = await screen.app.push_screen_wait(Menu(f"Change {card.event.reference}", deeds(screen, card)))
    if deed is not None:
        await deed.do()


async def _on_the_list(screen: LiveScreen[Found], card: EventCard) -> None:
    await book.book_somebody(screen, card.event.reference, book.ON_THE_LIST)


async def _beyond_capacity(screen: LiveScreen[Found], card: EventCard) -> None:
    await book.book_somebody(screen, card.event.reference, book.BEYOND_CAPACITY)


async def _course_rules(screen: LiveScreen[Found], card: EventCard) -> None:
    await course_rules.change(screen, card.event.course)


SESSIONS: tuple[Column[SessionLine], ...] = (
    Column("", lambda line: str(line.session), 2, right=True),
    Column("Date", lambda line: show_date(line.date), 15),
    Column("Time", session_times, 11),
    Column("Module", lambda line: line.module, 8, share=1),
    Column("Where", lambda line: venue(line) or "venue to be confirmed", 12, share=3),
)


async def _one_of(screen: LiveScreen[Found], card: EventCard, title: str) -> SessionLine | None:
    if len(card.sessions) == 1:
        return card.sessions[0]
    listing: Listing[SessionLine] = Listing(
        title, SESSIONS, lambda line: str(line.session), card.sessions, choosable=True, empty="It has no sessions."
    )
    return await screen.app.push_screen_wait(listing)


async def move_session(screen: LiveScreen[Found], card: EventCard) -> None:
    reference = card.event.reference
    session = await _one_of(screen, card, f"Which session of {reference} moves?")
    if session is None:
        return
    when, time = needed(partial(typed_day_and_times, screen.ctx)), unless(dates.moment)

    def fields() -> list[Field]:
        now = _session(screen.ctx, reference, session.session)
        return [
            Field("date", "Date", _typed(now.date), f"such as {WHEN_HINT}", when),
            Field("start", "Starts", now.start, f"{TIME_HINT}; empty: as before", time),
            Field("end", "Ends", now.end, "empty: as long as before", time),
        ]

    def propose(answers: Answers, _: Sequence[Field]) -> Proposal[list[Change]]:
        typed = typed_day_and_times(screen.ctx, answers["date"])
        on, start, end = typed.on, typed.start, typed.end
        if start is None:
            start, end = (dates.moment(answers[each]) if answers[each] else None for each in ("start", "end"))
        return _changing(
            card,
            f"Move session {session.session} of {reference}?",
            lambda ctx, override: calendar_actions.move(
                ctx, reference, session.session, on=on, start=start, end=end, override=override
            ),
        )

    await proposal.fill_in(screen, f"Move session {session.session} of {reference}", fields, propose)


def _session(ctx: Context, reference: str, number: int) -> SessionLine:
    found = people_queries.event_card(ctx, reference).sessions
    return proposal.still((each for each in found if each.session == number), f"Session {number} of {reference}")


async def change_venue(screen: LiveScreen[Found], card: EventCard) -> None:
    reference = card.event.reference
    known = await asyncio.to_thread(suggestions.known, screen.ctx)

    def fields(now: EventCard) -> list[Field]:
        first = now.sessions[0] if now.sessions else None
        return [
            Field("venue", "Venue", first.venue if first else "", "a name", missing, one_of(known.venues)),
            Field("room", "Room", first.room if first else "", "may be empty", suggest=one_of(known.rooms)),
        ]

    def run(answers: Answers, session: int | None, ctx: Context, override: str) -> list[Change]:
        return calendar_actions.venue(
            ctx, reference, answers["venue"], answers["room"], session=session, override=override
        )

    await _change_sessions(
        screen, card, (f"Venue and room of {reference}", f"Another place for {reference}?"), fields, run
    )


async def change_leaders(screen: LiveScreen[Found], card: EventCard) -> None:
    reference = card.event.reference
    known = await asyncio.to_thread(suggestions.known, screen.ctx)
    suggest = several(one_of(known.leading))

    def fields(now: EventCard) -> list[Field]:
        return [Field("leaders", "Who leads", "; ".join(now.facilitators), "names, e-mails; more", suggest=suggest)]

    def run(answers: Answers, session: int | None, ctx: Context, override: str) -> list[Change]:
        leaders = [each.strip() for each in answers["leaders"].split(";") if each.strip()]
        return calendar_actions.lead(ctx, reference, leaders, session=session, override=override)

    titles = f"Who leads {reference}", f"Others to lead {reference}?"
    await _change_sessions(screen, card, titles, fields, run)


async def _change_sessions(
    screen: LiveScreen[Found],
    card: EventCard,
    titles: tuple[str, str],
    fields: Callable[[EventCard], Sequence[Field]],
    run: Callable[[Answers, int | None, Context, str], list[Change]],
) -> None:
    """Ask for the fields under the first title and, where there are several sessions, for which one; `run` is given no
    number for all that are to come."""
    asked, proposed = titles

    def read() -> list[Field]:
        now = people_queries.event_card(screen.ctx, card.event.reference)
        rule = unless(lambda text: whole_number(text, "The session"))
        which = Field("session", "Session", "", "its number; empty: all to come", rule)
        return [*fields(now), *([which] if len(now.sessions) > 1 else [])]

    def propose(answers: Answers, _: Sequence[Field]) -> Proposal[list[Change]]:
        number = answers.get("session", "")
        session = whole_number(number, "The session") if number else None
        return _changing(card, proposed, partial(run, answers, session))

    await proposal.fill_in(screen, asked, read, propose)


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """One session, or all that are to come where `number` is None."""

    key: str
    title: str
    meaning: str
    why_not: str
    number: int | None


async def instruct(screen: LiveScreen[Found], card: EventCard) -> None:
    """Write the joining instructions of one session, or of all that are to come."""
    reference = card.event.reference
    found = await asyncio.to_thread(calendar_actions.instructions, screen.ctx, reference)
    number = None
    if len(found) > 1:
        choices = [
            SessionChoice("a", "All that are to come", "The same for each of them", "", None),
            *(
                SessionChoice(
                    str(line.session)[:1] if line.session < 10 else "", f"Session {line.session}",
                    f"{show_date(line.date)}: {found[line.session].partition(chr(10))[0] or 'none yet'}", "",
                    line.session,
                )
                for line in card.sessions
            ),
        ]  # fmt: skip
        chosen = await screen.app.push_screen_wait(Menu(f"Joining instructions of {reference}", choices))
        if chosen is None:
            return
        number = chosen.number
    stored = found.get(number or 1, "") if number or len(set(found.values())) == 1 else ""
    now = "\n".join(clean(line) for line in stored.splitlines())
    what = f"session {number} of {reference}" if number else reference

    def ask(text: str | None, problem: str) -> Write:
        return Write(
            f"Joining instructions of {what}", text=now if text is None else text, problem=problem,
            explanation="Where the door is, what to bring, whom to ring. Learners get them once it is confirmed.",
        )  # fmt: skip

    def propose(text: str) -> Proposal[list[Change]]:
        return _changing(
            card,
            f"Other joining instructions for {what}?" if now else f"Joining instructions for {what}?",
            lambda ctx, _: calendar_actions.instruct(ctx, reference, text, session=number),
        )

    await proposal.ask_and_do(screen, ask, propose)


async def capacity(screen: LiveScreen[Found], card: EventCard) -> None:
    reference = card.event.reference

    def fields() -> list[Field]:
        now = people_queries.event_card(screen.ctx, reference).event
        return [Field("places", "Places", str(now.capacity), "0 means none", number_of("The number of places"))]

    def propose(answers: Answers, _: Sequence[Field]) -> Proposal[list[Change]]:
        number = whole_number(answers["places"], "The number of places")
        return _changing(
            card,
            f"Give {reference} {count(number, 'place')}?",
            lambda ctx, override: calendar_actions.capacity(ctx, reference, number, override=override),
        )

    await proposal.fill_in(screen, f"How many places has {reference}?", fields, propose)


async def minimum(screen: LiveScreen[Found], card: EventCard) -> None:
    reference = card.event.reference
    day = unless(partial(shared_changes.day, screen.ctx))

    def fields() -> list[Field]:
        now = people_queries.event_card(screen.ctx, reference).event
        return [
            Field("people", "People needed", str(now.minimum), fault=number_of("The number of people")),
            Field("by", "Decided by", _typed(str(now.decide_by or "")), f"{DATE_HINT}, or empty", day),
        ]

    def propose(answers: Answers, _: Sequence[Field]) -> Proposal[list[Change]]:
        number = whole_number(answers["people"], "The number of people")
        by = shared_changes.day(screen.ctx, answers["by"]) if answers["by"] else None
        return _changing(
            card,
            f"{reference} needs {count(number, 'person', 'people')}?",
            lambda ctx, _: calendar_actions.minimum(ctx, reference, number, decide_by=by, undated=by is None),
        )

    await proposal.fill_in(screen, f"How many people does {reference} need?", fields, propose)


@dataclass(frozen=True, slots=True)
class StateChoice:
    key: str
    title: str
    meaning: str
    why_not: str
    state: EventState


async def state(screen: LiveScreen[Found], card: EventCard) -> None:
    event = card.event
    people = event.booked + event.offered + event.waiting
    choices = [
        StateChoice(str(number), label(each), meaning, _why_not_made(event, each, people), each)
        for number, (each, meaning) in enumerate(MEANINGS.items(), 1)
    ]

    def ask(_: StateChoice | None, problem: str) -> Menu[StateChoice]:
        return Menu(f"{event.reference} is {label(event.state)}. What is it to be?", choices, problem=problem)

    def propose(choice: StateChoice) -> Proposal[list[Change]]:
        return _changing(
            card,
            f"Make {event.reference} {label(choice.state)}?",
            lambda ctx, _: calendar_actions.state(ctx, event.reference, choice.state),
        )

    await proposal.ask_and_do(screen, ask, propose)


def _why_not_made(event: Event, state: EventState, people: int) -> str:
    return why_not_event_move(event.reference, event.state, state, people=people)


async def cancel(screen: LiveScreen[Found], card: EventCard) -> None:
    reference = card.event.reference

    def ask(reason: str | None, problem: str) -> AskReason:
        return AskReason(f"Cancel the event {reference}", WHY_CALLED_OFF, text=reason or "", problem=problem)

    def propose(reason: str) -> Proposal[list[Change]]:
        return _changing(
            card,
            f"Cancel the whole event {reference}?",
            lambda ctx, _: calendar_actions.cancel(ctx, reference, reason=reason),
            reason=reason,
        )

    await proposal.ask_and_do(screen, ask, propose)


async def merge(screen: LiveScreen[Found], card: EventCard) -> None:
    event = card.event

    def find(text: str) -> tuple[Sequence[EventLine], str]:
        lines = people_queries.free(screen.ctx, text, everything=True)
        found = [line for line in lines if line.course == event.course and line.event != event.reference]
        return found, f"{count(len(found), 'other event')} of {event.course} that can be booked"

    picking: Pick[EventLine] = Pick(
        f"Join {event.reference} into which event?", EVENT_COLUMNS, lambda line: line.event, find,
        placeholder="Parts of an event's name or reference",
    )  # fmt: skip
    picked = await screen.app.push_screen_wait(picking)
    if picked is None:
        return
    into = picked.row.event

    def ask(reason: str | None, problem: str) -> AskReason:
        return AskReason(f"Join {event.reference} into {into}", WHY_MERGED, text=reason or "", problem=problem)

    def propose(reason: str) -> Proposal[list[Move]]:
        return Proposal(
            f"Move everybody of {event.reference} to {into}, and cancel {event.reference}?",
            lambda ctx, override: merge_events.merge(ctx, event.reference, into, reason=reason, override=override),
            lambda moves: [proposal.move_line(each) for each in moves] or [[("Nobody is on it.", "muted")]],
            lambda moves: f"{count(len(moves), 'person', 'people')} moved to {into}; {event.reference} is cancelled.",
            [event.reference, into],
            reason,
        )

    await proposal.ask_and_do(screen, ask, propose)


async def copy(screen: LiveScreen[Found], card: EventCard) -> None:
    reference = card.event.reference
    fields = (
        Field("first", "First day", "", DATE_HINT, needed(partial(shared_changes.day, screen.ctx))),
        Field("times", "How many", "1", "more than one is a series", number_of("How many copies")),
        Field("weeks", "Weeks apart", "", "of a series", unless(lambda text: whole_number(text, "Weeks apart"))),
    )

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(
            f"Copy {reference} to other dates", fields, answers=answers, problem=problem,
            explanation="The copies are drafts without people. The gaps between sessions are kept; weekends and bank "
            "holidays are skipped.",
        )  # fmt: skip

    def propose(answers: Answers) -> Proposal[list[Change]]:
        first = shared_changes.day(screen.ctx, answers["first"])
        times = whole_number(answers["times"], "How many copies")
        weeks = whole_number(answers["weeks"] or "0", "Weeks apart")
        if not 1 <= times <= 52:
            raise RuleBroken(f"A series has 1 to 52 events, not {times}.")
        if times > 1 and not weeks:
            raise RuleBroken("Say how many weeks the events of the series are apart.")
        return Proposal(
            f"Copy {reference}?",
            lambda ctx, override: calendar_actions.clone(
                ctx, reference, first, times=times, every_weeks=weeks, override=override
            ),
            copy_lines,
            lambda changes: f"{', '.join(dict.fromkeys(each.event for each in changes))} added as a draft.",
            excuses=EXCUSES,
        )

    await proposal.ask_and_do(screen, ask, propose)


async def overflow(screen: LiveScreen[Found], card: EventCard) -> None:
    event = card.event
    field = Field("first", "First day", "", DATE_HINT, needed(partial(shared_changes.day, screen.ctx)))

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(
            f"Another event for the waiting list of {event.reference}", [field], answers=answers, problem=problem,
            explanation=f"{count(event.waiting, 'person', 'people')} waiting move there in their order.",
        )  # fmt: skip

    def propose(answers: Answers) -> Proposal[tuple[list[Change], list[Move]]]:
        first = shared_changes.day(screen.ctx, answers["first"])
        return Proposal(
            f"Open another event like {event.reference}?",
            lambda ctx, override: merge_events.overflow(ctx, event.reference, first, override=override),
            lambda done: [
                *copy_lines(done[0]),
                "",
                *map(proposal.move_line, done[1]),
                "",
                [(f"They are to be invited to {done[0][0].event}.", "muted")],
            ],
            lambda done: f"{count(len(done[1]), 'person', 'people')} moved to {done[0][0].event}, which is open.",
            [event.reference],
            excuses=EXCUSES,
        )

    await proposal.ask_and_do(screen, ask, propose)


def _changing(
    card: EventCard, title: str, run: proposal.Run[list[Change]], *, reason: str = ""
) -> Proposal[list[Change]]:
    reference = card.event.reference

    def changed(ctx: Context, override: str) -> list[Change]:
        changes = run(ctx, override)
        if not changes:
            raise RuleBroken(f"{reference} is so already. Nothing was changed.")
        return changes

    return Proposal(title, changed, _change_lines, partial(_changed, reference), [reference], reason, excuses=EXCUSES)


def _changed(reference: str, changes: Sequence[Change]) -> str:
    moved = [Move(each.person, each.name, each.before, each.after) for each in changes if each.person]
    done = f"{reference} is changed."
    if not moved:
        return done
    return f"{done} {proposal.moved_up(moved)}" if len(moved) <= proposal.NAMED else f"{done} {len(moved)} moved."


def _change_lines(changes: Sequence[Change]) -> list[Pieces]:
    lines: list[Pieces] = []
    for each in changes:
        if each.person:
            lines.append(proposal.move_line(Move(each.person, each.name, each.before, each.after)))
        elif each.field == "instructions":
            lines.append(
                [(f"Session {each.session}: ", "muted"), *([] if each.after else [("none any more", "strong")])]
            )
            lines += [[(f"  {line}", "plain")] for line in each.after.splitlines()]
        else:
            what = f"Session {each.session} {each.field}" if each.session else label(each.field).capitalize()
            before, after = _said(each.field, each.before), _said(each.field, each.after)
            lines.append([(f"{what}: ", "muted"), (f"{before} {glyphs().arrow} ", "plain"), (after, "strong")])
    return lines


def copy_lines(changes: Sequence[Change]) -> list[Pieces]:
    """New events as they would be, a line for each session."""
    return [
        [(f"  session {each.session}  ", "muted"), (each.after, "plain")]
        if each.session
        else [(each.event, "accent"), (f"  {each.after}", "muted")]
        for each in changes
    ]


def _said(field: str, value: str) -> str:
    if field in ("date", "decide_by") and value:
        return show_date(value)
    return label(value) or "none"


def typed_day_and_times(ctx: Context, text: str) -> When:
    """A day with or without times, as typed into a field. Raises WrongUse."""
    return dates.when(text, ctx.today(), ctx.first_month)


def _typed(iso: str) -> str:
    """An ISO date as it is typed: `Tue 25 Apr 2017`."""
    return dates.said(date.fromisoformat(iso)) if iso else ""
