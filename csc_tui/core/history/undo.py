"""Undoing the actor's last changes, while nobody has built on them and nothing that was sent depends on them."""

from collections.abc import Sequence
from typing import Any

from csc_tui.base.context import Context
from csc_tui.base.history import sweep_actor, write_history
from csc_tui.base.text import format_count
from csc_tui.base.transaction import action
from csc_tui.core.attendance import outcomes
from csc_tui.core.booking import seating
from csc_tui.core.booking.event_places import EventPlaces
from csc_tui.core.history import undo_others
from csc_tui.core.history.undo_others import CannotUndo
from db import attendance, booking, calendar, history, messages, people
from db.engine import journal
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken
from db.records.attendance import MarkKind
from db.records.booking import UNDONE, Status
from db.records.history import UndoneChange
from db.records.startup import EventState, Role


@action(role=Role.BOOKER, undoable=False)
def undo_steps(ctx: Context, steps: int = 1) -> list[UndoneChange]:
    """Undo the actor's last steps, latest first, all or none; called again, it goes on with the one before.

    What a step created is cancelled rather than deleted. Raises NotFound when there is nothing to undo, and CannotUndo
    when something was sent, somebody changed it since, or a seat is gone.
    """
    return [line for _ in range(steps) for line in _undo_last(ctx)]


def show_last_step(ctx: Context) -> str:
    """Return what undo_steps() would undo, in words; empty when there is nothing."""
    with read_transaction():
        past = journal.fetch_last_step(_own_names(ctx))
    return past.what if past else ""


def _own_names(ctx: Context) -> tuple[str, ...]:
    """Return the names in the history of what the actor did, and of what time did when the actor set it going."""
    return ctx.actor, sweep_actor(ctx.actor)


def summarise_undone(undone: Sequence[UndoneChange]) -> str:
    """Return `24 places restored and 2 other changes undone`, for more changes than anybody reads in passing."""
    places = [each for each in undone if {each.before, each.after} <= _PLACE_WORDS]
    restored = [each for each in places if each.after in _LIVE_WORDS and each.before not in _LIVE_WORDS]
    cancelled = [each for each in places if each.before in _LIVE_WORDS and each.after not in _LIVE_WORDS]
    marks = [each for each in undone if {each.before, each.after} <= _MARKS]
    others = len(undone) - len(restored) - len(cancelled) - len(marks)
    parts = [
        f"{format_count(len(some), one)} {done}"
        for some, one, done in ((restored, "place", "restored"), (cancelled, "place", "cancelled"),
                                (marks, "mark", "changed back"))
        if some
    ]  # fmt: skip
    if others:
        parts.append(f"{format_count(others, 'other change' if parts else 'change')} undone")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


_LIVE_WORDS = {each.word for each in Status if each.live}
_PLACE_WORDS = {each.word for each in Status}
_MARKS = {*(each.value for each in MarkKind), ""}


def _undo_last(ctx: Context) -> list[UndoneChange]:
    """Undo the actor's last step and return the changes."""
    past = journal.fetch_last_step(_own_names(ctx))
    if past is None:
        raise NotFound(f"There are no more changes by {ctx.actor} to undo.")
    if not all(journal.is_row_as(kind, row_id, after) for kind, row_id, _, after in (*past.images, *past.apart)):
        raise CannotUndo(past, "someone has changed it since")
    _check_nothing_sent(past)
    _check_nobody_needed(past)
    people.free_addresses([row_id for kind, row_id, *_ in past.images if kind == "person"])
    undone = undo_others.undo_outside_events(ctx, past)
    touched = {_event_of(kind, row_id, after) for kind, row_id, _, after in past.images if kind not in _NO_EVENT}
    marked: set[int] = set()
    for kind, row_id, before, after in past.images:
        goal = before or _withdrawn(kind, after)
        try:
            journal.restore_row(kind, row_id, goal)
        except RuleBroken as fault:
            raise CannotUndo(past, str(fault)) from None
        if kind == "person":
            people.update_person_index(row_id)
        elif kind == "register":
            marked |= _changed_marks(goal, after).keys()
        elif kind == "session":
            marked |= attendance.fetch_marked_people(row_id)
        if kind in ("offer", "invitation"):
            continue  # reported with the enrolment, or with the person
        line = _line(kind, row_id, after, goal)
        undone.append(line)
        write_history(
            ctx, "undone", line.what,
            event_id=None if kind == "person" else _event_of(kind, row_id, after),
            person_id=row_id if kind == "person" else after.get("person_id"),
            before=line.before, after=line.after, reason=past.what,
        )  # fmt: skip
    for event_id in sorted(touched):
        undone += _settle(ctx, event_id, past, marked)
    journal.mark_step_undone(past.id)
    return undone


_NO_EVENT = ("offer", "person")
"""The kinds of row that need no settling of an event."""


def _check_nobody_needed(past: journal.UndoableStep) -> None:
    """Raise CannotUndo when a person was added who has been put on an event since."""
    booked = [row_id for kind, row_id, before, _ in past.images if kind == "enrolment" and before is None]
    for kind, row_id, before, _ in past.images:
        if kind == "person" and before is None and booking.has_live_enrolment(row_id, besides=booked):
            raise CannotUndo(past, "they are on an event now")


def _event_of(kind: str, row_id: int, image: dict[str, Any]) -> int:
    """Return the id of the event to which a row belongs."""
    if kind == "event":
        return row_id
    return int(image["event_id"]) if "event_id" in image else calendar.fetch_event_id(image["session_id"])


def _check_nothing_sent(past: journal.UndoableStep) -> None:
    """Raise CannotUndo when an invitation or a message about the step has been sent since."""
    persons = {
        (after["person_id"], _event_of(kind, row_id, after))
        for kind, row_id, before, after in past.images
        if "person_id" in after and not _is_outcome(before, after)
    }
    persons |= {
        (person_id, _event_of(kind, row_id, after))
        for kind, row_id, before, after in past.images
        if kind == "facilitation"
        for person_id in _leaders(before or after) ^ _leaders(after)
    }
    sessions = {row_id for kind, row_id, _, _ in past.images if kind == "session"}
    event_ids = [row_id for kind, row_id, _, _ in past.images if kind == "event"]
    sessions |= {session.id for event_id in event_ids for session in calendar.fetch_sessions(event_id)}
    if journal.has_dispatch_since(past.sent, people=persons, sessions=sessions):
        raise CannotUndo(
            past, "invitations have been written since",
            " Change it back by hand, and the invitations will be updated.",
        )  # fmt: skip
    marked = {
        (person_id, _event_of(kind, row_id, after))
        for kind, row_id, before, after in past.images
        if kind == "register" and before is not None
        for person_id in _changed_marks(before, after)
    }
    told_events = {
        _event_of(kind, row_id, after) for kind, row_id, _, after in past.images if kind in _KINDS_TOLD_TO_ALL
    }
    if messages.has_message_since(past.id, people=persons | marked, events=told_events):
        raise CannotUndo(
            past, "messages about it have been sent since",
            " Change it back by hand, and the people who were told will be told again.",
        )  # fmt: skip


_KINDS_TOLD_TO_ALL = ("session", "event")
"""The kinds of row of which everybody on the event may have been told."""


def _is_outcome(before: dict[str, Any] | None, after: dict[str, Any]) -> bool:
    """Return whether a place became an outcome of its marks, or the other way round; no calendar depends on that."""
    statuses = [int((image or {}).get("status") or 0) for image in (before, after)]
    return min(statuses) >= Status.BOOKED


def _withdrawn(kind: str, after: dict[str, Any]) -> dict[str, Any]:
    """Return the row that takes the place of one that the step created, because nothing is deleted."""
    match kind:
        case "enrolment":
            return {**after, "status": Status.CANCELLED.value, "reason": UNDONE}
        case "event":
            return {**after, "state": EventState.CANCELLED.value}
        case "make_up" | "person":
            return {**after, "active": False}
        case "offer":
            return {**after, "outcome": "withdrawn"}
        case _:
            return after


def _settle(ctx: Context, event_id: int, past: journal.UndoableStep, marked: set[int]) -> list[UndoneChange]:
    """Bring an event's counts, dates, outcomes and completions in step, fill free seats, and return the changes.

    Raises CannotUndo when the event would no longer be consistent.
    """
    booking.update_event_counts(event_id)
    calendar.update_event_dates(event_id)
    event = calendar.fetch_event_by_id(event_id)
    if event.taken > event.capacity and not history.has_override(event_id):
        many = format_count(event.taken, "person", "people")
        raise CannotUndo(past, f"{event.reference} would have {many} on {event.capacity} places")
    places = EventPlaces(ctx, event)
    on_it = any(each.status <= Status.BOOKED for each in places.roster)
    if event.state is EventState.CANCELLED and (on_it or event.joining):
        raise CannotUndo(past, f"{event.reference} has been cancelled since")
    moves = outcomes.recalculate_outcomes(ctx, places, marked)
    # If nobody has joined the list since, it is put back as it was, even beside a free place.
    if journal.has_later_step(past.id, [each.id for each in seating.ordered_waiting_list(places.roster)]):
        moves += places.fill_free_places()
    return [UndoneChange(f"{each.name} on {event.reference}", each.before, each.after) for each in moves]


def _line(kind: str, row_id: int, after: dict[str, Any], before: dict[str, Any]) -> UndoneChange:
    if kind == "person":
        return _person_line(row_id, after, before)
    event = calendar.fetch_event_by_id(_event_of(kind, row_id, after)).reference
    if kind == "enrolment":
        words = [Status(int(each["status"])).word for each in (after, before)]
        return UndoneChange(booking.fetch_enrolment_label(row_id), *words)
    if kind == "make_up":
        words = ["makes up a module" if each["active"] else "" for each in (after, before)]
        return UndoneChange(f"{people.fetch_person(after['person_id']).name} on {event}", *words)
    if kind == "register":
        return _register_line(row_id, after, before)
    if kind == "facilitation":
        return _facilitators_line(row_id, after, before)
    changed = [key for key in after if after[key] != before[key]]
    number = f" session {after['number']}" if kind == "session" else ""
    said = [", ".join(str(each[key] or "") for key in changed) for each in (after, before)]
    return UndoneChange(f"{event}{number} {', '.join(changed)}".strip(), *said)


def _person_line(row_id: int, after: dict[str, Any], before: dict[str, Any]) -> UndoneChange:
    """Return the change of a person for the report; needs are named, but their values are not shown."""
    name = people.fetch_person(row_id).name
    changed = [key for key in after if after[key] != before[key] and key != "email_key"]
    if "merged_into" in changed:
        return UndoneChange(name, *("merged" if each["merged_into"] else "a record" for each in (after, before)))
    if changed == ["active"]:
        return UndoneChange(name, *("active" if each["active"] else "left" for each in (after, before)))
    told = [key for key in changed if key not in ("dietary", "access_needs") and not key.endswith("_id")]
    labels = ", ".join(key.removesuffix("_id").removeprefix("is_").replace("_", " ") for key in changed)
    said = [", ".join(_word(each[key]) for key in told) for each in (after, before)]
    return UndoneChange(f"{name}: {labels}", *said)


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value or "none")


def _register_line(session_id: int, after: dict[str, Any], before: dict[str, Any]) -> UndoneChange:
    session = calendar.fetch_session_by_id(session_id)
    name = f"{session.event} session {session.number}"
    changed = _changed_marks(before, after)
    if not changed:
        return UndoneChange(f"register of {name}", *("signed off" if _signed(each) else "" for each in (after, before)))
    if len(changed) == 1:
        ((person_id, (was, now)),) = changed.items()
        return UndoneChange(f"{people.fetch_person(person_id).name} in {name}", now, was)
    return UndoneChange(f"register of {name}", *(format_count(len(each["marks"]), "mark") for each in (after, before)))


def _facilitators_line(session_id: int, after: dict[str, Any], before: dict[str, Any]) -> UndoneChange:
    session = calendar.fetch_session_by_id(session_id)
    names = [", ".join(sorted(people.fetch_person(each).name for each in _leaders(image))) for image in (after, before)]
    return UndoneChange(f"{session.event} session {session.number} led by", *(each or "no one" for each in names))


def _leaders(image: dict[str, Any]) -> set[int]:
    return {int(each["person_id"]) for each in image["people"]}


def _changed_marks(before: dict[str, Any], after: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Return (mark before, mark after) by person id, of everybody whose line on a register differs."""
    was, now = ({line[0]: line for line in image["marks"]} for image in (before, after))
    return {
        person_id: (str(was.get(person_id, _NO_MARK)[1]), str(now.get(person_id, _NO_MARK)[1]))
        for person_id in sorted(was.keys() | now.keys())
        if was.get(person_id) != now.get(person_id)
    }


_NO_MARK = (0, "")


def _signed(image: dict[str, Any]) -> bool:
    return any(line[2] for line in image["register"])
