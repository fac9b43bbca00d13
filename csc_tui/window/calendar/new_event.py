"""Dialogs that plan a new event: its course, its days, times and venues, shown with clashes before it is added."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from csc_tui.base.context import Context
from csc_tui.base.dates import WHEN_HINT
from csc_tui.base.text import clean_text, format_count, format_date
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import suggestions
from csc_tui.core.calendar.actions import EventDraft, SessionPlan
from csc_tui.core.calendar.suggestions import Suggestions
from csc_tui.core.catalogue import course_rules
from csc_tui.window.calendar.edit_event import EXCUSES, new_event_lines, typed_day_and_times
from csc_tui.window.dialogs.form import (
    SHORT,
    Answers,
    FormField,
    number_rule,
    optional_rule,
    suggest_one,
    suggest_several,
    typed_whole_number,
)
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import flow, proposal
from csc_tui.window.shared.data_screen import DataScreen, Found, OpenEvent, load_or_tell
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken
from db.records.calendar import FieldChange
from db.records.catalogue import Course
from db.records.startup import EventState

Answer = TypeVar("Answer")
COURSES: tuple[Column[Course], ...] = (
    Column("Course", lambda course: [(course.code, "accent")], 10),
    Column("Title", lambda course: course.title, 20, share=2),
    Column("For", lambda course: [(course.audience, "muted")], 16, share=1, from_width=72),
)


WHEN_ROOM = 28
"""Cells for a date with times behind it."""


async def ask_new_event(screen: DataScreen[Found], first: date) -> None:
    """Ask for a course and a form filled in with a proposal, preview the event, add it and open it."""
    courses = await load_or_tell(screen, partial(course_rules.list_course_rules, screen.ctx))
    if courses is None:
        return
    at = ""
    while True:
        listing: Listing[Course] = Listing(
            f"New event from {format_date(first)}: which course?", COURSES, lambda course: course.code,
            [course for course, _, _ in courses], choosable=True, group=lambda course: course.strand,
            empty="No courses yet.", at=at,
        )  # fmt: skip
        course = await flow.ask_step(screen, listing)
        if course is None:
            break
        at = course.code
        draft = await load_or_tell(screen, partial(calendar_actions.draft_event, screen.ctx, course.code, first))
        known = await load_or_tell(screen, partial(suggestions.list_suggestions, screen.ctx))
        with flow.later_steps():
            if draft is None or known is None or await _ask_event(screen, draft, known):
                break
    flow.end_flow(screen.state)


async def _ask_event(screen: DataScreen[Found], draft: EventDraft, known: Suggestions) -> bool:
    """Ask for the days, times and places of the event; return whether it was added."""
    course = draft.course
    when = optional_rule(partial(_meeting, screen.ctx))
    fields = [
        *(
            FormField(
                f"session{number}", module.title or f"Session {number}", _as_typed(meeting), fault=when, room=WHEN_ROOM
            )
            for number, (module, meeting) in enumerate(zip(draft.modules, draft.meetings, strict=True), 1)
        ),
        FormField("venue", "Venue", clean_text(draft.venue), suggest=suggest_one(known.venues)),
        FormField("room", "Room", clean_text(draft.room), "optional", suggest=suggest_one(known.rooms)),
        FormField(
            "facilitators",
            "Facilitators",
            "",
            "names or e-mails, separated by ;",
            suggest=suggest_several(suggest_one(known.leading)),
        ),
        FormField(
            "capacity", "Places", str(course.capacity), "in all", number_rule("The number of places"), room=SHORT
        ),
        FormField(
            "open",
            "Open for booking",
            "no",
            "yes, or no for a draft",
            _yes_or_no,
            suggest_one(("yes", "no")),
            room=SHORT,
        ),
    ]
    like = f"Times and place are taken from {draft.like}. " if draft.like else ""

    made: list[str] = []

    def propose(answers: Answers) -> Proposal[list[FieldChange]]:
        meetings = [_meeting(screen.ctx, answers[f"session{number}"]) for number in range(1, len(draft.modules) + 1)]
        state = EventState.OPEN if answers["open"].casefold().startswith("y") else EventState.DRAFT
        capacity = typed_whole_number(answers["capacity"], "The number of places")
        leading = [each.strip() for each in answers["facilitators"].split(";") if each.strip()]

        def said(changes: Sequence[FieldChange]) -> str:
            made.append(changes[0].event)
            sessions = format_count(len(changes) - 1, "session")
            return f"{changes[0].event} was added with {sessions} ({state.value})."

        return Proposal(
            f"Add this event of {course.code}?",
            lambda ctx, override: calendar_actions.add_event(
                ctx,
                calendar_actions.NewEvent(
                    course.code,
                    meetings,
                    venue=answers["venue"],
                    room=answers["room"],
                    capacity=capacity,
                    state=state,
                    facilitators=leading,
                ),
                override=override,
            ),
            partial(_lines, answers),
            said,
            excuses=EXCUSES,
            do="Add the event",
        )

    explanation = f"{like}Type dates such as {WHEN_HINT}. Leave one empty if it is still to be confirmed."
    await proposal.ask_new_record(screen, f"New event: {course.title}", fields, propose, explanation)
    if made:
        screen.post_message(OpenEvent(made[0]))
    return bool(made)


def _yes_or_no(text: str) -> str:
    return "" if text.casefold() in ("yes", "y", "no", "n", "") else f"type yes or no, not '{text}'"


def _lines(answers: Answers, changes: Sequence[FieldChange]) -> list[Pieces]:
    where = ", ".join(filter(None, (answers["venue"], answers["room"]))) or "Venue to be confirmed"
    return [*new_event_lines(changes), "", clean_text(where)]


def _as_typed(meeting: SessionPlan) -> str:
    """Return `Mon 12 Jun 2017 09:30-12:30`, as it can be typed again."""
    if meeting.on is None or meeting.start is None:
        return ""
    end = f"-{meeting.end:%H:%M}" if meeting.end else ""
    return f"{format_date(meeting.on)} {meeting.start:%H:%M}{end}"


def _meeting(ctx: Context, text: str) -> SessionPlan:
    """Parse what was typed for one session. Raises WrongUse, and RuleBroken for a day without a time."""
    if not text:
        return SessionPlan(None, None, None)
    typed = typed_day_and_times(ctx, text)
    if typed.start is None:
        raise RuleBroken(f"Type the start time as well: {format_date(typed.on)} 9.30, or 9.30-12.30.")
    return SessionPlan(typed.on, typed.start, typed.end)
