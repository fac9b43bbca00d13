"""Taking back one's last change, while nobody has built on it and nothing that was sent depends on it."""

from dataclasses import dataclass
from typing import Any

from csc_tui.context import Context
from csc_tui.services import settling
from csc_tui.services.deciding import deciding
from csc_tui.services.seats import Desk
from csc_tui.text import count
from db import attendance, enrolments, events, history, journal, people
from db.errors import NotFound, RuleBroken
from db.records import EventState, Role, Status


@dataclass(frozen=True, slots=True)
class Undone:
    """One thing that was put back: what it is, and its most telling column before and after."""

    what: str
    before: str
    after: str


def undo(ctx: Context, steps: int = 1, *, dry_run: bool = False) -> list[Undone]:
    """Take back the actor's last steps, latest first; all of them or none.

    What a step made anew is cancelled rather than deleted. Raises NotFound (nothing to take back), RuleBroken
    (something was sent, or somebody changed it since, or a seat is gone).
    """
    ctx.require(Role.BOOKER)
    with deciding(ctx, dry_run):
        return [line for _ in range(steps) for line in _undo_last(ctx)]


def _undo_last(ctx: Context) -> list[Undone]:
    past = journal.last_of(ctx.actor)
    if past is None:
        raise NotFound(f"There is nothing more of {ctx.actor}'s to take back.")
    for kind, row_id, _, after in past.images:
        if journal.now(kind, row_id) != after:
            raise RuleBroken(f"'{past.what}' cannot be taken back: somebody has changed it since. Nothing was changed.")
    _check_nothing_sent(past)
    undone = []
    touched: set[int] = set()
    marked: set[int] = set()
    for kind, row_id, before, after in reversed(past.images):
        journal.put_back(kind, row_id, before or _withdrawn(kind, after))
        touched |= _events_of(kind, row_id, after)
        if kind == "register" and before is not None:
            marked |= _remarked(before, after).keys()
        elif kind == "session":
            marked |= attendance.people_marked(row_id)
        undone.append(_line(kind, row_id, after, before or _withdrawn(kind, after)))
    for event_id in touched:
        _settle(ctx, event_id, past.what, marked)
    journal.mark_undone(past.id)
    history.add(ctx.stamp(), ctx.actor, "undone", past.what)
    return undone


def _events_of(kind: str, row_id: int, after: dict[str, Any]) -> set[int]:
    """The event whose counts a row has to do with; none for an offer, which comes with its enrolment."""
    if kind == "make_up":
        return {events.session_by_id(after["session_id"]).event_id}
    return {after["event_id"]} if "event_id" in after else {row_id} if kind == "event" else set()


def _check_nothing_sent(past: journal.Past) -> None:
    concerned = {
        after["person_id"]
        for kind, _, before, after in past.images
        if kind in ("enrolment", "make_up") and not _is_outcome(before, after)
    }
    sessions = {row_id for kind, row_id, _, _ in past.images if kind == "session"}
    event_ids = [row_id for kind, row_id, _, _ in past.images if kind == "event"]
    sessions |= {session.id for event_id in event_ids for session in events.sessions(event_id)}
    if journal.sent_since(past.sent, people=concerned, sessions=sessions):
        raise RuleBroken(
            f"'{past.what}' cannot be taken back: invitations have been written since. Nothing was changed. "
            "Make the change the other way round, and the calendars follow."
        )


def _is_outcome(before: dict[str, Any] | None, after: dict[str, Any]) -> bool:
    """Whether a place became an outcome of its marks, or the other way round: no calendar depends on that."""
    statuses = [int((image or {}).get("status") or 0) for image in (before, after)]
    return min(statuses) >= Status.BOOKED


def _withdrawn(kind: str, after: dict[str, Any]) -> dict[str, Any]:
    """What becomes of a row the step made: nothing is deleted."""
    match kind:
        case "enrolment":
            return {**after, "status": Status.CANCELLED.value, "reason": "undone"}
        case "event":
            return {**after, "state": EventState.CANCELLED.value}
        case "make_up":
            return {**after, "active": False}
        case "offer":
            return {**after, "outcome": "withdrawn"}
        case _:
            return after


def _settle(ctx: Context, event_id: int, what: str, marked: set[int]) -> None:
    """Count again, see that the event still holds together, and that outcomes and completions of these people follow
    their marks."""
    enrolments.recount(event_id)
    events.redate(event_id)
    event = events.by_id(event_id)
    taken = event.booked + event.offered + event.joining
    if taken > event.capacity and not history.has_override(event_id):
        raise RuleBroken(
            f"'{what}' cannot be taken back: {event.reference} would have {count(taken, 'person', 'people')} on "
            f"{event.capacity} places. Nothing was changed."
        )
    desk = Desk(ctx, event)
    settling.settle(ctx, desk, marked)
    desk.fill()


def _line(kind: str, row_id: int, after: dict[str, Any], before: dict[str, Any]) -> Undone:
    match kind:
        case "enrolment":
            words = [Status(int(each["status"])).word for each in (after, before)]
            return Undone(f"{enrolments.name_of(row_id)}", *words)
        case "event":
            changed = [key for key in after if after[key] != before[key]]
            return Undone(
                f"{after['reference']} {', '.join(changed)}", *(_said(each, changed) for each in (after, before))
            )
        case "session":
            changed = [key for key in after if after[key] != before[key]]
            name = f"session {after['number']} {', '.join(changed)}"
            return Undone(name, *(_said(each, changed) for each in (after, before)))
        case "register":
            return _register_line(row_id, after, before)
        case _:
            return Undone(kind.replace("_", " "), "", "")


def _register_line(session_id: int, after: dict[str, Any], before: dict[str, Any]) -> Undone:
    session = events.session_by_id(session_id)
    name = f"{session.event} session {session.number}"
    changed = _remarked(before, after)
    if not changed:
        return Undone(f"register of {name}", *("signed off" if _signed(each) else "" for each in (after, before)))
    if len(changed) == 1:
        ((person_id, (was, now)),) = changed.items()
        return Undone(f"{people.get(person_id).name} in {name}", now, was)
    return Undone(f"register of {name}", *(count(len(each["marks"]), "mark") for each in (after, before)))


def _remarked(before: dict[str, Any], after: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Person id -> mark before and after, of everybody whose line on a register is another."""
    was, now = ({line[0]: line for line in image["marks"]} for image in (before, after))
    return {
        person_id: (str(was.get(person_id, _NO_MARK)[1]), str(now.get(person_id, _NO_MARK)[1]))
        for person_id in sorted(was.keys() | now.keys())
        if was.get(person_id) != now.get(person_id)
    }


_NO_MARK = (0, "")


def _signed(image: dict[str, Any]) -> bool:
    return any(line[2] for line in image["register"])


def _said(image: dict[str, Any], keys: list[str]) -> str:
    return ", ".join(str(image[key] or "") for key in keys)
