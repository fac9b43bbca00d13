"""The menu of changes to an event, with the dialogs behind it: ask, preview, confirm."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.dates import DATE_HINT, TIME_HINT, WHEN_HINT, TypedDay
from csc_tui.base.text import clean_text, format_count, format_date, status_label
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking.transitions import why_not_bookable, why_not_changeable, why_not_event_state
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers, suggestions
from csc_tui.core.people import queries as people_queries
from csc_tui.window.booking import booking_dialogs
from csc_tui.window.catalogue import course_rules
from csc_tui.window.dialogs.form import (
    SHORT,
    Answers,
    FieldRefusal,
    Form,
    FormField,
    filled_rule,
    number_rule,
    optional_rule,
    required_rule,
    suggest_one,
    suggest_several,
    typed_whole_number,
)
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.dialogs.paste import TextEditDialog
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import changes as shared_changes
from csc_tui.window.shared import flow, proposal
from csc_tui.window.shared.columns import EVENT_COLUMNS, session_times_cell, venue_cell
from csc_tui.window.shared.data_screen import DataScreen, Found, MenuAction, role_refusal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken
from db.records.booking import StatusChange
from db.records.calendar import Event, EventCard, FieldChange
from db.records.startup import EventLine, EventState, Role, SessionLine

EXCUSES = ("Agreed with everyone concerned", "No other date or place is available")
WHY_CALLED_OFF = ("Too few people", "The facilitator cannot come", "The venue is not available", "Weather")
WHY_MERGED = ("Too few people on both", "The facilitator cannot come")
DATE_ROOM = 28
"""Cells for a date with times behind it."""
MEANINGS = {
    EventState.DRAFT: "Not open for booking; left out of calendars and feeds",
    EventState.OPEN: "Open for booking",
    EventState.TENTATIVE: "Open for booking; tentative in calendars",
    EventState.CONFIRMED: "Going ahead: invitations include the joining instructions",
    EventState.DELIVERED: "Has taken place",
    EventState.CLOSED: "Finished: nothing about it can change any more",
}


def event_menu(screen: DataScreen[Found], card: EventCard) -> list[MenuAction]:
    """Return every change of the event, each with the reason it is not allowed, if so."""
    ctx, event = screen.ctx, card.event
    fixed = why_not_changeable(event.reference, event.state)
    ended = why_not_event_state(event.reference, event.state, EventState.CANCELLED, people=0)
    undated = "" if event.first_date else f"{event.reference} has no date yet."
    nobody_waits = "" if event.waiting else f"No one is on the waiting list of {event.reference}."
    closed = why_not_bookable(event.reference, event.state)

    def action(
        key: str,
        title: str,
        meaning: str,
        role: Role,
        why_not: str,
        act: Callable[[DataScreen[Found], EventCard], Awaitable[object]],
    ) -> MenuAction:
        return MenuAction(key, title, meaning, role_refusal(ctx, role) or why_not, partial(act, screen, card))

    return [
        action(
            "m",
            "Move a session",
            "To another date or time",
            calendar_actions.move_session.role,
            fixed,
            ask_session_move,
        ),
        action(
            "v",
            "Venue and room",
            "For one session, or all to come",
            calendar_actions.set_session_venue.role,
            fixed,
            ask_event_venue,
        ),
        action(
            "l",
            "Facilitators",
            "For one session, or all to come",
            calendar_actions.assign_facilitators.role,
            fixed,
            ask_event_leaders,
        ),
        action(
            "i",
            "Joining instructions",
            "How to get there, what to bring; sent once confirmed",
            calendar_actions.set_joining_instructions.role,
            fixed,
            ask_instructions,
        ),
        action(
            "p",
            "Places",
            f"Now {event.capacity}; with more, the waiting list moves up",
            calendar_actions.set_capacity.role,
            fixed,
            ask_event_capacity,
        ),
        action(
            "n",
            "Minimum number",
            "How many people it needs, and when to decide",
            calendar_actions.set_minimum.role,
            fixed,
            ask_event_minimum,
        ),
        action(
            "s",
            "State",
            f"Now {status_label(event.state)}: open, confirm, deliver, close",
            calendar_actions.set_event_state.role,
            fixed,
            ask_event_state,
        ),
        action(
            "x",
            "Cancel the event",
            "All places on it are cancelled too",
            calendar_actions.cancel_event.role,
            ended,
            ask_event_cancellation,
        ),
        action(
            "j",
            "Merge into another",
            "Everyone moves to another event of the course",
            event_transfers.merge_events.role,
            ended,
            ask_event_merge,
        ),
        action(
            "c",
            "Copy",
            "The same event again, once or as a series",
            calendar_actions.clone_event.role,
            undated,
            ask_event_copies,
        ),
        action(
            "o",
            "Overflow",
            "Another event for the people on the waiting list",
            event_transfers.add_overflow_event.role,
            nobody_waits or undated,
            ask_overflow_event,
        ),
        action(
            "w",
            "Waiting list",
            "Add someone although there are free places",
            booking_actions.enrol_people.role,
            closed,
            _on_the_list,
        ),
        action(
            "b",
            "Book over capacity",
            "Although it is full; needs a reason",
            booking_actions.enrol_people.role,
            closed,
            _beyond_capacity,
        ),
        action(
            "r",
            "Course rules",
            f"Approval, waiting list and deadlines of {event.course}",
            Role.COORDINATOR,
            "",
            _course_rules,
        ),
    ]


async def open_event_menu(screen: DataScreen[Found], card: EventCard) -> None:
    """Ask what to change about the event, and do it."""
    await flow.open_menu(screen, f"Change {card.event.reference}", event_menu(screen, card))


async def _on_the_list(screen: DataScreen[Found], card: EventCard) -> None:
    await booking_dialogs.ask_person_to_book(screen, card.event.reference, booking_dialogs.ON_THE_LIST)


async def _beyond_capacity(screen: DataScreen[Found], card: EventCard) -> None:
    await booking_dialogs.ask_person_to_book(screen, card.event.reference, booking_dialogs.BEYOND_CAPACITY)


async def _course_rules(screen: DataScreen[Found], card: EventCard) -> bool:
    return await course_rules.ask_course_rules(screen, card.event.course)


SESSIONS: tuple[Column[SessionLine], ...] = (
    Column("", lambda line: str(line.session), 2, right=True),
    Column("Date", lambda line: format_date(line.date), 15),
    Column("Time", session_times_cell, 11),
    Column("Module", lambda line: line.module, 8, share=1),
    Column("Where", lambda line: venue_cell(line) or "venue to be confirmed", 12, share=3),
)


async def _one_of(screen: DataScreen[Found], card: EventCard, title: str) -> SessionLine | None:
    listing: Listing[SessionLine] = Listing(
        title, SESSIONS, lambda line: str(line.session), card.sessions, choosable=True, empty="It has no sessions."
    )
    return await flow.ask_step(screen, listing)


async def ask_session_move(screen: DataScreen[Found], card: EventCard) -> bool:
    """Ask which session is to be moved, where there are several, and for its new date and times."""
    reference = card.event.reference
    if len(card.sessions) == 1:
        return await _move_session(screen, card, card.sessions[0])
    while (session := await _one_of(screen, card, f"Which session of {reference} would you like to move?")) is not None:
        with flow.later_steps():
            if await _move_session(screen, card, session):
                return True
    return False


async def _move_session(screen: DataScreen[Found], card: EventCard, session: SessionLine) -> bool:
    reference = card.event.reference
    when, time = _day_or_none_rule(screen.ctx), optional_rule(dates.parse_typed_time)

    def fields() -> list[FormField]:
        now = _session(screen.ctx, reference, session.session)
        return [
            FormField("date", "Date", _typed(now.date), f"such as {WHEN_HINT}, or tbc", when, room=DATE_ROOM),
            FormField("start", "Starts", now.start, f"{TIME_HINT}; leave empty to keep the time", time, room=SHORT),
            FormField("end", "Ends", now.end, "leave empty to keep the length", time, room=SHORT),
        ]

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        if dates.is_to_be_confirmed(answers["date"]):
            return _changing(
                card,
                f"Take the date of session {session.session} of {reference} back?",
                lambda ctx, override: calendar_actions.withdraw_session_date(
                    ctx, reference, session.session, override=override
                ),
            )
        typed = typed_day_and_times(screen.ctx, answers["date"])
        on, start, end = typed.on, typed.start, typed.end
        if start is None:
            start, end = (dates.parse_typed_time(answers[each]) if answers[each] else None for each in ("start", "end"))
        return _changing(
            card,
            f"Move session {session.session} of {reference}?",
            lambda ctx, override: calendar_actions.move_session(
                ctx,
                reference,
                session.session,
                calendar_actions.SessionMove(on, start=start, end=end),
                override=override,
            ),
        )

    return await proposal.ask_record_changes(screen, f"Move session {session.session} of {reference}", fields, propose)


def _day_or_none_rule(ctx: Context) -> Callable[[str], str]:
    """Return the rule of a field for a day with or without times, or for one that is to be confirmed."""
    day = required_rule(partial(typed_day_and_times, ctx))
    return lambda text: "" if dates.is_to_be_confirmed(text) else day(text)


def _session(ctx: Context, reference: str, number: int) -> SessionLine:
    found = people_queries.get_event_card(ctx, reference).sessions
    return proposal.still_there((each for each in found if each.session == number), f"Session {number} of {reference}")


async def ask_event_venue(screen: DataScreen[Found], card: EventCard) -> bool:
    reference = card.event.reference
    known = await asyncio.to_thread(suggestions.list_suggestions, screen.ctx)

    def fields(now: EventCard) -> list[FormField]:
        first = now.sessions[0] if now.sessions else None
        return [
            FormField(
                "venue", "Venue", first.venue if first else "", "required", filled_rule, suggest_one(known.venues)
            ),
            FormField("room", "Room", first.room if first else "", "optional", suggest=suggest_one(known.rooms)),
        ]

    def run(answers: Answers, session: int | None, ctx: Context, override: str) -> list[FieldChange]:
        return calendar_actions.set_session_venue(
            ctx, reference, answers["venue"], answers["room"], session=session, override=override
        )

    return await _change_sessions(
        screen, card, (f"Venue and room of {reference}", f"Change the venue of {reference}?"), fields, run
    )


async def ask_event_leaders(screen: DataScreen[Found], card: EventCard) -> bool:
    reference = card.event.reference
    known = await asyncio.to_thread(suggestions.list_suggestions, screen.ctx)
    suggest = suggest_several(suggest_one(known.leading))

    def fields(now: EventCard) -> list[FormField]:
        said = "names or e-mails, separated by ;"
        return [FormField("leaders", "Facilitators", "; ".join(now.facilitators), said, suggest=suggest)]

    def run(answers: Answers, session: int | None, ctx: Context, override: str) -> list[FieldChange]:
        leaders = [each.strip() for each in answers["leaders"].split(";") if each.strip()]
        return calendar_actions.assign_facilitators(ctx, reference, leaders, session=session, override=override)

    titles = f"Facilitators of {reference}", f"Change the facilitators of {reference}?"
    return await _change_sessions(screen, card, titles, fields, run)


async def _change_sessions(
    screen: DataScreen[Found],
    card: EventCard,
    titles: tuple[str, str],
    fields: Callable[[EventCard], Sequence[FormField]],
    run: Callable[[Answers, int | None, Context, str], list[FieldChange]],
) -> bool:
    """Ask for the fields under the first title and, with several sessions, for the number of one.

    `run` gets no number for all sessions to come.
    """
    asked, proposed = titles

    def read() -> list[FormField]:
        now = people_queries.get_event_card(screen.ctx, card.event.reference)
        rule = optional_rule(lambda text: typed_whole_number(text, "The session"))
        which = FormField("session", "Session", "", "its number; empty means all sessions to come", rule, room=SHORT)
        return [*fields(now), *([which] if len(now.sessions) > 1 else [])]

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        number = answers.get("session", "")
        session = typed_whole_number(number, "The session") if number else None
        return _changing(card, proposed, partial(run, answers, session))

    return await proposal.ask_record_changes(screen, asked, read, propose)


async def ask_instructions(screen: DataScreen[Found], card: EventCard) -> bool:
    """Ask for the joining instructions of one session or of all sessions to come, and save them."""
    reference = card.event.reference
    found = await asyncio.to_thread(calendar_actions.get_joining_instructions, screen.ctx, reference)
    if len(found) <= 1:
        return await _write_instructions(screen, card, None, found)
    while True:
        choices = [
            ValueChoice[int | None]("a", "All sessions to come", "The same text for each", None),
            *(
                ValueChoice[int | None](
                    str(line.session)[:1] if line.session < 10 else "", f"Session {line.session}",
                    f"{format_date(line.date)}: {found[line.session].partition(chr(10))[0] or 'none yet'}",
                    line.session,
                )
                for line in card.sessions
            ),
        ]  # fmt: skip
        chosen = await flow.ask_step(screen, Menu(f"Joining instructions of {reference}", choices))
        if chosen is None:
            return False
        with flow.later_steps():
            if await _write_instructions(screen, card, chosen.value, found):
                return True


async def _write_instructions(
    screen: DataScreen[Found], card: EventCard, number: int | None, found: Mapping[int, str]
) -> bool:
    """Ask for the instructions of the session, or of all sessions to come for None; `found` are those of each."""
    reference = card.event.reference
    stored = found.get(number or 1, "") if number or len(set(found.values())) == 1 else ""
    now = "\n".join(clean_text(line) for line in stored.splitlines())
    what = f"session {number} of {reference}" if number else reference

    def ask(text: str | None, problem: str) -> TextEditDialog:
        return TextEditDialog(
            f"Joining instructions of {what}", text=now if text is None else text, problem=problem,
            explanation="Where to go, what to bring, who to ring. Learners get them once the event is confirmed.",
        )  # fmt: skip

    def propose(text: str) -> Proposal[list[FieldChange]]:
        return _changing(
            card,
            f"Change the joining instructions of {what}?" if now else f"Save the joining instructions of {what}?",
            lambda ctx, _: calendar_actions.set_joining_instructions(ctx, reference, text, session=number),
        )

    return await proposal.ask_until_done(screen, ask, propose)


async def ask_event_capacity(screen: DataScreen[Found], card: EventCard) -> bool:
    reference = card.event.reference

    def fields() -> list[FormField]:
        now = people_queries.get_event_card(screen.ctx, reference).event
        rule = number_rule("The number of places")
        return [FormField("places", "Places", str(now.capacity), "in all, taken ones included", rule, room=SHORT)]

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        number = typed_whole_number(answers["places"], "The number of places")
        return _changing(
            card,
            f"Give {reference} {format_count(number, 'place')}?",
            lambda ctx, override: calendar_actions.set_capacity(ctx, reference, number, override=override),
        )

    return await proposal.ask_record_changes(screen, f"Places of {reference}", fields, propose)


async def ask_event_minimum(screen: DataScreen[Found], card: EventCard) -> bool:
    reference = card.event.reference
    day = optional_rule(partial(shared_changes.typed_day, screen.ctx))

    def fields() -> list[FormField]:
        now = people_queries.get_event_card(screen.ctx, reference).event
        return [
            FormField(
                "people",
                "Minimum number",
                str(now.minimum),
                "people; 0 means no minimum",
                number_rule("The number of people"),
                room=SHORT,
            ),
            FormField(
                "by", "Decide by", _typed(str(now.decide_by or "")), f"{DATE_HINT}; optional", day, room=DATE_ROOM
            ),
        ]

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        number = typed_whole_number(answers["people"], "The number of people")
        by = shared_changes.typed_day(screen.ctx, answers["by"]) if answers["by"] else None
        return _changing(
            card,
            f"Set the minimum of {reference} to {format_count(number, 'person', 'people')}?",
            lambda ctx, _: calendar_actions.set_minimum(ctx, reference, number, decide_by=by, undated=by is None),
        )

    return await proposal.ask_record_changes(screen, f"Minimum number for {reference}", fields, propose)


@dataclass(frozen=True, slots=True)
class StateChoice:
    key: str
    title: str
    meaning: str
    why_not: str
    state: EventState


async def ask_event_state(screen: DataScreen[Found], card: EventCard) -> bool:
    event = card.event
    people = len(card.roster) + len(card.waiting) + len(card.make_ups)
    choices = [
        StateChoice(str(number), status_label(each), meaning, _why_not_made(event, each, people), each)
        for number, (each, meaning) in enumerate(MEANINGS.items(), 1)
    ]

    def ask(_: StateChoice | None, problem: str) -> Menu[StateChoice]:
        return Menu(
            f"{event.reference} is {status_label(event.state)}. Which state should it have?", choices, problem=problem
        )

    def propose(choice: StateChoice) -> Proposal[list[FieldChange]]:
        return _changing(
            card,
            f"Change {event.reference} to {status_label(choice.state)}?",
            lambda ctx, _: calendar_actions.set_event_state(ctx, event.reference, choice.state),
        )

    return await proposal.ask_until_done(screen, ask, propose)


def _why_not_made(event: Event, state: EventState, people: int) -> str:
    return why_not_event_state(event.reference, event.state, state, people=people)


async def ask_event_cancellation(screen: DataScreen[Found], card: EventCard) -> bool:
    reference = card.event.reference

    def ask(reason: str | None, problem: str) -> ReasonDialog:
        return ReasonDialog(f"Cancel the event {reference}", WHY_CALLED_OFF, text=reason or "", problem=problem)

    def propose(reason: str) -> Proposal[list[FieldChange]]:
        return _changing(
            card,
            f"Cancel the whole event {reference}?",
            lambda ctx, _: calendar_actions.cancel_event(ctx, reference, reason=reason),
            reason=reason,
            do="Cancel the event",
        )

    return await proposal.ask_until_done(screen, ask, propose)


async def ask_event_merge(screen: DataScreen[Found], card: EventCard) -> bool:
    event = card.event

    def find(text: str) -> tuple[Sequence[EventLine], str]:
        lines = people_queries.list_bookable_events(screen.ctx, text, everything=True)
        found = [line for line in lines if line.course == event.course and line.event != event.reference]
        return found, f"{format_count(len(found), 'other event')} of {event.course} open for booking"

    text = ""
    while True:
        picking: PickDialog[EventLine] = PickDialog(
            f"Which event takes over the people of {event.reference}?", EVENT_COLUMNS, lambda line: line.event, find,
            text=text, placeholder="Part of an event's title or reference",
        )  # fmt: skip
        picked = await flow.ask_step(screen, picking)
        if picked is None:
            return False
        text = picked.text
        with flow.later_steps():
            if await _merge_into(screen, event, picked.row.event):
                return True


async def _merge_into(screen: DataScreen[Found], event: Event, into: str) -> bool:
    def ask(reason: str | None, problem: str) -> ReasonDialog:
        return ReasonDialog(f"Merge {event.reference} into {into}", WHY_MERGED, text=reason or "", problem=problem)

    def propose(reason: str) -> Proposal[list[StatusChange]]:
        return Proposal(
            f"Move everyone on {event.reference} to {into} and cancel {event.reference}?",
            lambda ctx, override: event_transfers.merge_events(
                ctx, event.reference, into, reason=reason, override=override
            ),
            lambda moves: [proposal.move_line(each) for each in moves] or [[("No people on this event.", "muted")]],
            lambda moves: (
                f"{format_count(len(moves), 'person', 'people')} moved to {into}; {event.reference} is cancelled."
            ),
            reason=reason,
            do="Merge the events",
        )

    return await proposal.ask_until_done(screen, ask, propose)


async def ask_event_copies(screen: DataScreen[Found], card: EventCard) -> bool:
    reference = card.event.reference
    fields = (
        _first_day(screen.ctx),
        FormField("times", "Copies", "1", "how many events", number_rule("The number of copies"), room=SHORT),
        FormField(
            "weeks",
            "Weeks apart",
            "",
            "from one copy to the next, if more than one",
            optional_rule(lambda text: typed_whole_number(text, "The number of weeks")),
            room=SHORT,
        ),
    )

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(
            f"Copy {reference} to other dates", fields, answers=answers, problem=problem,
            explanation="The copies are drafts without people. Gaps between sessions stay the same; weekends and bank "
            "holidays are skipped.",
        )  # fmt: skip

    def propose(answers: Answers) -> Proposal[list[FieldChange]]:
        first = shared_changes.typed_day(screen.ctx, answers["first"])
        times = typed_whole_number(answers["times"], "The number of copies")
        weeks = typed_whole_number(answers["weeks"] or "0", "The number of weeks")
        if not 1 <= times <= 52:
            raise FieldRefusal("times", f"You can make 1 to 52 copies at once, not {times}.")
        if times > 1 and not weeks:
            raise FieldRefusal("weeks", "Type how many weeks there are from one copy to the next.")
        return Proposal(
            f"Copy {reference}?",
            lambda ctx, override: calendar_actions.clone_event(
                ctx, reference, calendar_actions.EventCopies(first, times=times, every_weeks=weeks), override=override
            ),
            new_event_lines,
            lambda changes: _copied_sentence(list(dict.fromkeys(each.event for each in changes))),
            excuses=EXCUSES,
            do="Add the copy" if times == 1 else f"Add {times} copies",
        )

    return await proposal.ask_until_done(screen, ask, propose)


async def ask_overflow_event(screen: DataScreen[Found], card: EventCard) -> bool:
    event = card.event
    field = _first_day(screen.ctx)

    def ask(answers: Answers | None, problem: str) -> Form:
        return Form(
            f"Another event for the waiting list of {event.reference}", [field], answers=answers, problem=problem,
            explanation=f"{format_count(event.waiting, 'person', 'people')} on the waiting list will move to it.",
        )  # fmt: skip

    def propose(answers: Answers) -> Proposal[tuple[list[FieldChange], list[StatusChange]]]:
        first = shared_changes.typed_day(screen.ctx, answers["first"])
        return Proposal(
            f"Add another event like {event.reference}?",
            lambda ctx, override: event_transfers.add_overflow_event(ctx, event.reference, first, override=override),
            lambda done: [
                *new_event_lines(done[0]),
                "",
                *map(proposal.move_line, done[1]),
                "",
                [(f"They will be due an invitation to {done[0][0].event}.", "muted")],
            ],
            lambda done: (
                f"{format_count(len(done[1]), 'person', 'people')} moved to {done[0][0].event}, which is open."
            ),
            excuses=EXCUSES,
        )

    return await proposal.ask_until_done(screen, ask, propose)


def _first_day(ctx: Context) -> FormField:
    rule = required_rule(partial(shared_changes.typed_day, ctx))
    return FormField("first", "First day", "", DATE_HINT, rule, room=DATE_ROOM)


def _copied_sentence(references: Sequence[str]) -> str:
    """Return `BR-05 was added as a draft.`, or how many were added and the first and last of them."""
    if len(references) == 1:
        return f"{references[0]} was added as a draft."
    return f"{format_count(len(references), 'draft')} added: {references[0]} to {references[-1]}."


def _changing(
    card: EventCard, title: str, run: proposal.Run[list[FieldChange]], *, reason: str = "", do: str = "Save"
) -> Proposal[list[FieldChange]]:
    reference = card.event.reference

    def changed(ctx: Context, override: str) -> list[FieldChange]:
        changes = run(ctx, override)
        if not changes:
            raise RuleBroken(f"{reference} is already like that. Nothing was changed.")
        return changes

    return Proposal(title, changed, _change_lines, partial(_changed, reference), reason=reason, excuses=EXCUSES, do=do)


def _changed(reference: str, changes: Sequence[FieldChange]) -> str:
    moved = [StatusChange(each.person, each.name, each.before, each.after) for each in changes if each.person]
    done = f"{reference} is changed."
    if not moved:
        return done
    return (
        f"{done} {proposal.moved_up_sentence(moved)}"
        if len(moved) <= proposal.NAMES_SHOWN
        else f"{done} {len(moved)} people moved up."
    )


def _change_lines(changes: Sequence[FieldChange]) -> list[Pieces]:
    lines: list[Pieces] = []
    for each in changes:
        if each.person:
            lines.append(proposal.move_line(StatusChange(each.person, each.name, each.before, each.after)))
        elif each.field == "instructions":
            lines.append([(f"Session {each.session}: ", "muted"), *([] if each.after else [("removed", "strong")])])
            lines += [[(f"  {line}", "plain")] for line in each.after.splitlines()]
        else:
            what = f"Session {each.session} {each.field}" if each.session else status_label(each.field).capitalize()
            before, after = _said(each.field, each.before), _said(each.field, each.after)
            lines.append([(f"{what}: ", "muted"), (f"{before} {glyphs().arrow} ", "plain"), (after, "strong")])
    return lines


def new_event_lines(changes: Sequence[FieldChange]) -> list[Pieces]:
    """Return the new events as they would be, with a line for each session."""
    return [
        [(f"  session {each.session}  ", "muted"), (each.after, "plain")]
        if each.session
        else [(each.event, "accent"), (f"  {each.after}", "muted")]
        for each in changes
    ]


def _said(field: str, value: str) -> str:
    if field in ("date", "decide_by") and value:
        return format_date(value)
    return status_label(value) or "none"


def typed_day_and_times(ctx: Context, text: str) -> TypedDay:
    """Parse a day, with or without times, typed into a field. Raises WrongUse."""
    return dates.parse_day_and_times(ctx, text)


def _typed(iso: str) -> str:
    """Return an ISO date as it can be typed: `Tue 25 Apr 2017`."""
    return format_date(iso) if iso else ""
