"""Rules about marks: how they are written, the minutes behind them, and the outcome of a place."""

import re
from collections.abc import Sequence
from datetime import datetime, time

from csc_tui.base import dates
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
    starts, ends = times_of_session(session)
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


def parse_missed_minutes(text: str, session: Session, kind: MarkKind) -> int:
    """Parse how much of a session somebody missed: `10`, `10 min`, or `9:40`, when they arrived or left.

    Returns minutes from the start for a late mark, and minutes before the end for one who left early. Raises WrongUse
    for another text, and RuleBroken for more than the session had.
    """
    starts, ends = times_of_session(session)
    found = _SPAN.fullmatch(text.strip().casefold())
    if found:
        return _check_missed(session, 60 * int(found["hours"] or 0) + int(found["minutes"] or 0), kind)
    try:
        clock = datetime.combine(starts.date(), dates.parse_time_between(text, starts.time(), ends.time()))
    except WrongUse as refusal:
        verb = "arrived" if kind is MarkKind.LATE else "left"
        raise WrongUse(f"{refusal} Type minutes, such as 10, or when they {verb}.") from None
    return _check_missed(session, _minutes(starts, clock) if kind is MarkKind.LATE else _minutes(clock, ends), kind)


_SPAN = re.compile(
    r"(?=\d)(?:(?P<hours>\d) ?(?:h|hrs?|hours?))? ?(?:(?P<minutes>\d{1,3}) ?(?:m|mins?|minutes?)?)?", re.ASCII
)


def minutes_without(session: Session, missed: int, kind: MarkKind) -> int:
    """Return the minutes somebody attended who missed so many; raises what parse_missed_minutes() raises."""
    return session_minutes(session) - _check_missed(session, missed, kind)


def _check_missed(session: Session, missed: int, kind: MarkKind) -> int:
    """Return the missed minutes where the mark can have them. Raises RuleBroken."""
    if kind not in (MarkKind.LATE, MarkKind.LEFT_EARLY):
        raise RuleBroken(f"A person marked {status_label(kind)} missed no minutes. Nothing was changed.")
    starts, ends = times_of_session(session)
    whole = _minutes(starts, ends)
    if not 0 < missed < whole:
        what = "late" if kind is MarkKind.LATE else "early"
        said = f"{missed} minutes {what}" if missed >= whole else f"not {what}"
        raise RuleBroken(
            f"Session {session.number} of {session.event} lasted {whole} minutes ({starts:%H:%M} to {ends:%H:%M}), so "
            f"that would be {said}. Nothing was changed."
        )
    return missed


def times_of_session(session: Session) -> tuple[datetime, datetime]:
    """Return when a session starts and ends. Raises RuleBroken while that is to be confirmed."""
    if session.starts is None or session.ends is None:
        raise RuleBroken(f"Session {session.number} of {session.event} has no date yet. Nothing was changed.")
    return session.starts, session.ends


def describe_attendance(kind: MarkKind, minutes: int | None, whole: int) -> str:
    """Return `late, there 170 of 180 min`, or the mark alone where no minutes are given."""
    return status_label(kind) if minutes is None else f"{status_label(kind)}, there {minutes} of {whole} min"


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
