"""Rules about marks: how they are written, the minutes behind them, and the outcome of a place."""

from collections.abc import Sequence
from datetime import datetime, time

from csc_tui.base.text import format_date, status_label
from db.errors import RuleBroken, WrongUse
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.calendar import Session
from db.records.startup import EventState

MARK_WORDS = {
    **{kind.value: kind for kind in MarkKind},
    **dict.fromkeys(("attended", "here", "yes"), MarkKind.PRESENT),
    **dict.fromkeys(("arrived_late", "came_late"), MarkKind.LATE),
    **dict.fromkeys(("left", "went_early"), MarkKind.LEFT_EARLY),
    **dict.fromkeys(("apology", "sent_apologies", "apologised"), MarkKind.APOLOGIES),
    **dict.fromkeys(("no", "no_show", "did_not_attend"), MarkKind.ABSENT),
}
"""The words for each mark, in lower case with `_` between them."""


def parse_mark(text: str) -> MarkKind:
    """Return the mark meant by words such as `present`, `Left early`, `sent apologies`. Raises WrongUse."""
    found = MARK_WORDS.get("_".join(text.casefold().replace("-", " ").replace("_", " ").split()))
    if found is None:
        raise WrongUse(f"'{text}' is not a mark. The marks are {', '.join(MarkKind)}. Nothing was changed.")
    return found


def outcome_of_marks(marks: Sequence[MarkKind]) -> Status:
    """Return the outcome of a booked place from its marks, one for each session of the event."""
    attended = sum(mark.attended for mark in marks)
    if attended == len(marks):
        return Status.FULLY_ATTENDED
    if attended:
        return Status.PARTIALLY_ATTENDED
    return Status.UNABLE_TO_ATTEND if MarkKind.APOLOGIES in marks else Status.NO_SHOW


def status_from_marks(marks: Sequence[MarkKind | None]) -> Status:
    """Return the status of a place from its marks; it stays booked while a session has no mark (None)."""
    given = [mark for mark in marks if mark]
    return outcome_of_marks(given) if given and len(given) == len(marks) else Status.BOOKED


def attended_minutes(mark: MarkKind, noted: int | None, whole: int) -> int:
    """Return the minutes that a mark stands for, in a session of `whole` minutes.

    Without stored minutes a person who came late or left early counts as there throughout, because a few minutes are
    seldom written down.
    """
    if not mark.attended:
        return 0
    return whole if noted is None else min(noted, whole)


def minutes_to_record(
    session: Session, mark: MarkKind, minutes: int | None, arrived: time | None, left: time | None
) -> int | None:
    """Return the minutes to store for a person in a dated session; None where none were given.

    Raises WrongUse for minutes and times together, and RuleBroken for times that are impossible.
    """
    if minutes is None and arrived is None and left is None:
        return None
    if minutes is not None and (arrived or left):
        raise WrongUse("Give the minutes, or the times of arrival and leaving, but not both. Nothing was changed.")
    if not mark.attended:
        raise RuleBroken(f"A person marked {status_label(mark)} cannot have any minutes. Nothing was changed.")
    starts, ends = session.starts, session.ends
    if starts is None or ends is None:
        raise RuleBroken(f"Session {session.number} of {session.event} has no date yet. Nothing was changed.")
    times = f"{starts:%H:%M} to {ends:%H:%M}"
    whole = _minutes(starts, ends)
    if minutes is not None:
        if not 0 < minutes <= whole:
            raise RuleBroken(
                f"Session {session.number} of {session.event} lasted {whole} minutes ({times}), so {minutes} minutes "
                "is not possible. Nothing was changed."
            )
        return minutes
    came = max(datetime.combine(starts.date(), arrived), starts) if arrived else starts
    went = min(datetime.combine(starts.date(), left), ends) if left else ends
    if went <= came:
        raise RuleBroken(
            f"Session {session.number} of {session.event} was from {times}; {came:%H:%M} to {went:%H:%M} is not "
            "within that. Nothing was changed."
        )
    return _minutes(came, went)


def why_not_markable(session: Session, state: EventState, now: datetime) -> str:
    """Return a sentence that says why nobody can be marked in a session; empty when people can."""
    what = f"{session.event} session {session.number}"
    if state in (EventState.DRAFT, EventState.CANCELLED):
        return f"{session.event} is {state}, so it has no register. Nothing was changed."
    if session.starts is None:
        return f"The date of {what} is still to be confirmed, so no one can be marked. Nothing was changed."
    if session.starts > now:
        return (
            f"{what} begins on {format_date(session.starts)} at {session.starts:%H:%M}, so people cannot be marked "
            "yet. Nothing was changed."
        )
    return ""


def session_minutes(session: Session) -> int:
    """Return the minutes of a dated session, 0 while it is to be confirmed."""
    return _minutes(session.starts, session.ends) if session.starts and session.ends else 0


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds()) // 60
