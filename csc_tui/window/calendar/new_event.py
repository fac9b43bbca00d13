"""Planning a new event: which course, when its modules meet and where; shown with what is in the way before it is."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.dates import WHEN_HINT
from csc_tui.base.text import clean, count, show_date
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import suggestions
from csc_tui.core.calendar.actions import Draft, Meeting
from csc_tui.core.calendar.suggestions import Known
from csc_tui.core.catalogue import course_rules
from csc_tui.window.calendar.edit_event import EXCUSES, copy_lines, typed_day_and_times
from csc_tui.window.dialogs.form import Answers, Field, number_of, one_of, several, unless, whole_number
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import proposal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.screen import Found, LiveScreen, OpenEvent
from csc_tui.window.widgets.drawing import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import CscError, RuleBroken
from db.records.calendar import Change
from db.records.catalogue import Course
from db.records.first_picture import EventState

Answer = TypeVar("Answer")
COURSES: tuple[Column[Course], ...] = (
    Column("Course", lambda course: [(course.code, "accent")], 10),
    Column("Title", lambda course: course.title, 20, share=2),
    Column("For", lambda course: [(course.audience, "muted")], 16, share=1, from_width=72),
)


async def read(screen: LiveScreen[Found], question: Callable[[], Answer]) -> Answer | None:
    """Ask in a thread; where it fails, say why."""
    try:
        return await asyncio.to_thread(question)
    except CscError as problem:
        screen.say(str(problem), warning=True)
        return None


async def plan(screen: LiveScreen[Found], first: date) -> None:
    """Choose a course, fill in what is proposed, see it, and open the event."""
    courses = await read(screen, partial(course_rules.everything, screen.ctx))
    if courses is None:
        return
    listing: Listing[Course] = Listing(
        f"A new event from {show_date(first)}: of which course?", COURSES, lambda course: course.code,
        [course for course, _, _ in courses], choosable=True, group=lambda course: course.strand,
        empty="There are no courses yet.",
    )  # fmt: skip
    course = await screen.app.push_screen_wait(listing)
    if course is None:
        return
    draft = await read(screen, partial(calendar_actions.draft, screen.ctx, course.code, first))
    known = await read(screen, partial(suggestions.known, screen.ctx))
    if draft is not None and known is not None:
        await _fill_in(screen, draft, known)


async def _fill_in(screen: LiveScreen[Found], draft: Draft, known: Known) -> None:
    course = draft.course
    when = unless(partial(_meeting, screen.ctx))
    fields = [
        *(
            Field(f"session{number}", module.title or f"Session {number}", _as_typed(meeting), fault=when)
            for number, (module, meeting) in enumerate(zip(draft.modules, draft.meetings, strict=True), 1)
        ),
        Field("venue", "Venue", clean(draft.venue), suggest=one_of(known.venues)),
        Field("room", "Room", clean(draft.room), "may be empty", suggest=one_of(known.rooms)),
        Field("facilitators", "Who leads", "", "names, e-mails; more", suggest=several(one_of(known.leading))),
        Field("capacity", "Places", str(course.capacity), fault=number_of("The number of places")),
        Field("open", "Open for booking", "no", "yes, or no: a draft", _yes_or_no, one_of(("yes", "no"))),
    ]
    like = f"Times and place are those of {draft.like}. " if draft.like else ""

    made: list[str] = []

    def propose(answers: Answers) -> Proposal[list[Change]]:
        meetings = [_meeting(screen.ctx, answers[f"session{number}"]) for number in range(1, len(draft.modules) + 1)]
        state = EventState.OPEN if answers["open"].casefold().startswith("y") else EventState.DRAFT
        capacity = whole_number(answers["capacity"], "The number of places")
        leading = [each.strip() for each in answers["facilitators"].split(";") if each.strip()]

        def said(changes: Sequence[Change]) -> str:
            made.append(changes[0].event)
            return f"{changes[0].event} is planned, {count(len(changes) - 1, 'session')}, {state.value}."

        return Proposal(
            f"Plan this event of {course.code}?",
            lambda ctx, override: calendar_actions.add(
                ctx, course.code, meetings, venue=answers["venue"], room=answers["room"], capacity=capacity,
                state=state, facilitators=leading, override=override,
            ),
            partial(_lines, answers),
            said,
            excuses=EXCUSES,
        )  # fmt: skip

    explanation = f"{like}Dates are typed {WHEN_HINT}; one left empty is to be confirmed."
    await proposal.ask_form(screen, f"A new event: {course.title}", fields, propose, explanation)
    if made:
        screen.post_message(OpenEvent(made[0]))


def _yes_or_no(text: str) -> str:
    return "" if text.casefold() in ("yes", "y", "no", "n", "") else f"this is yes or no, not '{text}'"


def _lines(answers: Answers, changes: Sequence[Change]) -> list[Pieces]:
    where = ", ".join(filter(None, (answers["venue"], answers["room"]))) or "Venue to be confirmed"
    return [*copy_lines(changes), "", clean(where)]


def _as_typed(meeting: Meeting) -> str:
    """`Mon 12 Jun 2017 09:30-12:30`, as it can be typed again."""
    if meeting.on is None or meeting.start is None:
        return ""
    end = f"-{meeting.end:%H:%M}" if meeting.end else ""
    return f"{dates.said(meeting.on)} {meeting.start:%H:%M}{end}"


def _meeting(ctx: Context, text: str) -> Meeting:
    """What was typed for one session. Raises WrongUse, and RuleBroken for a day without a time."""
    if not text:
        return Meeting(None, None, None)
    typed = typed_day_and_times(ctx, text)
    if typed.start is None:
        raise RuleBroken(f"Type when it starts, too: {dates.said(typed.on)} 9.30, or 9.30-12.30.")
    return Meeting(typed.on, typed.start, typed.end)
