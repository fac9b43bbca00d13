"""Actions on the calendar: adding, moving, opening and cancelling events, their capacity, and clashes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from csc_tui.base import clashes as base_clashes
from csc_tui.base import session_times, workdays
from csc_tui.base.clashes import Claim, Clash
from csc_tui.base.close_names import settle_name
from csc_tui.base.context import Context
from csc_tui.base.errors import CapacityTooSmall, ReasonNeeded, SessionTaken, SlotTaken
from csc_tui.base.history import write_history
from csc_tui.base.text import clean_text, format_date, shorten_list
from csc_tui.base.transaction import action
from csc_tui.base.typed_text import one_line
from csc_tui.core.attendance import outcomes
from csc_tui.core.booking.event_places import EventPlaces
from csc_tui.core.booking.transitions import check_event_state, why_not_changeable
from db import attendance, booking, calendar, catalogue, people
from db import clashes as clashes_store
from db.engine.connection import read_transaction
from db.errors import Duplicate, RuleBroken, WrongUse
from db.records.booking import Status, StatusChange
from db.records.calendar import Event, FieldChange, Session
from db.records.catalogue import Course, Module
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState, Role

LONGEST_INSTRUCTIONS = 4000
"""The most characters that a session's joining instructions may have."""


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """The date and times of a session of a new event; all None while to be confirmed."""

    on: date | None
    start: time | None
    end: time | None


@dataclass(frozen=True, slots=True)
class EventDraft:
    """A suggestion for a new event of a course, with a meeting for each module.

    `like` is the reference of the earlier event it was modelled on, empty where there is none.
    """

    course: Course
    modules: list[Module]
    meetings: list[SessionPlan]
    venue: str
    room: str
    like: str


def draft_event(ctx: Context, course_code: str, first: date) -> EventDraft:
    """Return a suggestion for a new event of a course that begins on a day.

    It has the gaps, times and place of the course's latest event; without one, meetings a week apart in the morning. A
    day after the first that falls on a weekend or bank holiday is put on a working day. Raises NotFound.
    """
    with read_transaction():
        course = catalogue.find_active_course(course_code)
        modules = catalogue.fetch_modules(course.id)
        latest = calendar.fetch_latest_event(course.id)
        sessions = [each for each in calendar.fetch_sessions(latest.id) if each.date] if latest else []
    begins = sessions[0].date if sessions else None
    taken: dict[date, date] = {}
    meetings = []
    for number, module in enumerate(modules):
        model = sessions[number] if number < len(sessions) else None
        after = model.date - begins if model and model.date and begins else timedelta(weeks=number)
        start = (model.start if model else None) or (sessions[0].start if sessions else None) or time(9, 30)
        on = first if not after else _copied_day(first + after, timedelta(0), taken)
        meetings.append(SessionPlan(on, start, _same_day(start, module.minutes)))
    where = sessions[0] if sessions else None
    return EventDraft(
        course, modules, meetings, where.venue if where else "", where.room if where else "",
        latest.reference if latest and sessions else "",
    )  # fmt: skip


def _same_day(start: time, minutes: int) -> time | None:
    """Return the end of a session; None where it would be after midnight."""
    try:
        return session_times.later_same_day(start, timedelta(minutes=minutes))
    except RuleBroken:
        return None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be added; what is left out follows its course, and there may be fewer meetings than modules."""

    course: str
    meetings: Sequence[SessionPlan]
    reference: str = ""
    title: str = ""
    venue: str = ""
    room: str = ""
    capacity: int | None = None
    minimum: int | None = None
    state: EventState = EventState.DRAFT
    facilitators: Sequence[str] = ()


@action(role=Role.COORDINATOR)
def add_event(ctx: Context, wanted: NewEvent, *, override: str = "") -> list[FieldChange]:
    """Add an event of a course with a session for each module; modules without a meeting are to be confirmed.

    Raises NotFound, Duplicate, WrongUse, and RuleBroken for more meetings than modules or a clash without `override`.
    """
    course = catalogue.find_active_course(wanted.course)
    modules = catalogue.fetch_modules(course.id)
    if len(wanted.meetings) > len(modules):
        raise RuleBroken(
            f"{course.code} has {len(modules)} modules; {len(wanted.meetings)} dates are too many. Nothing was added."
        )
    places = course.capacity if wanted.capacity is None else wanted.capacity
    minimum = min(course.minimum, places) if wanted.minimum is None else wanted.minimum
    if wanted.minimum is not None and minimum > places:
        raise WrongUse(f"A minimum of {minimum} is more than the {places} places. Nothing was added.")
    reference = _new_reference(wanted.reference, course)
    event_id = calendar.insert_event(
        reference, course.id, wanted.title or course.title, state=wanted.state, notes="", capacity=places,
        minimum=minimum,
    )  # fmt: skip
    trainers = [people.find_person(each) for each in wanted.facilitators]
    if wanted.room and not wanted.venue:
        raise WrongUse(f"Name the venue of the room {wanted.room}. Nothing was added.")
    venue = settle_name(ctx, "venue", one_line(wanted.venue), calendar.fetch_venue_names())
    venue_id, room_id = calendar.ensure_venue_and_room(venue, one_line(wanted.room))
    for number, module in enumerate(modules, 1):
        meeting = wanted.meetings[number - 1] if number <= len(wanted.meetings) else SessionPlan(None, None, None)
        session_id = _add_session(ctx, event_id, number, module, meeting, venue_id, room_id)
        for trainer in trainers:
            calendar.insert_facilitator(session_id, trainer.id)
    return _added(ctx, event_id, override)


@dataclass(frozen=True, slots=True)
class EventCopies:
    """When the copies of an event start; those of a series are `every_weeks` apart and take the next references."""

    first: date
    new_reference: str = ""
    times: int = 1
    every_weeks: int = 0


@action(role=Role.COORDINATOR)
def clone_event(ctx: Context, reference: str, copies: EventCopies, *, override: str = "") -> list[FieldChange]:
    """Copy an event to another first day, or as a series, as drafts without people.

    The gaps between sessions are kept; a session that would fall on a weekend or bank holiday is put on the next
    working day. Raises NoSuchEvent, Duplicate, WrongUse and RuleBroken.
    """
    if copies.times > 1 and (copies.every_weeks < 1 or copies.new_reference):
        raise WrongUse(
            "Copies in a series are at least a week apart and get the next references automatically. Nothing was "
            "added.",
            Remedy(RemedyKind.NAME_WEEKS),
        )
    event = calendar.fetch_event(reference)
    changes = []
    for step in range(copies.times):
        first = copies.first + timedelta(weeks=step * copies.every_weeks)
        changes += add_event_copy(ctx, event, first, copies.new_reference, override)
    return changes


def add_event_copy(ctx: Context, event: Event, first: date, new_reference: str, override: str) -> list[FieldChange]:
    """Add one copy of an event, as clone_event() describes it, within the caller's transaction."""
    if event.first_date is None:
        raise RuleBroken(
            f"{event.reference} has no date yet, so its sessions cannot be spaced in the same way. Nothing was added."
        )
    course = catalogue.find_active_course(event.course)
    event_id = calendar.insert_event(
        _new_reference(new_reference, course), event.course_id, event.title, capacity=event.capacity,
        minimum=event.minimum, state=EventState.DRAFT, notes=event.notes,
    )  # fmt: skip
    modules = {module.title: module for module in catalogue.fetch_modules(course.id)}
    trainers = calendar.fetch_event_facilitators(event.id)
    taken: dict[date, date] = {}
    for session in calendar.fetch_sessions(event.id):
        on = _copied_day(session.date, first - event.first_date, taken) if session.date else None
        meeting = SessionPlan(on, session.start, session.end)
        module = modules.get(session.module)
        session_id = _add_session(ctx, event_id, session.number, module, meeting, session.venue_id, session.room_id)
        for person_id, _ in trainers.get(session.id, []):
            calendar.insert_facilitator(session_id, person_id)
    return _added(ctx, event_id, override)


@action(role=Role.COORDINATOR)
def set_minimum(
    ctx: Context,
    reference: str,
    number: int,
    *,
    decide_by: date | None = None,
    undated: bool = False,
) -> list[FieldChange]:
    """Set the people an event needs and the day by which that is decided.

    Without `decide_by` the day stays, and with `undated` there is none. Raises NoSuchEvent, WrongUse and RuleBroken.
    """
    event = calendar.lock_event(reference)
    _check_changeable(event)
    if number > event.capacity:
        raise WrongUse(
            f"A minimum of {number} is more than the {event.capacity} places of {event.reference}. Nothing was "
            "changed. Give it more places first."
        )
    day = None if undated else decide_by or event.decide_by
    if day and event.first_date and day >= event.first_date:
        raise WrongUse(
            f"{event.reference} begins on {format_date(event.first_date)}, so {format_date(day)} is too late for the "
            "decision. Nothing was changed. Choose an earlier day."
        )
    changes = [
        FieldChange(event.reference, None, field, _plain(before), _plain(after))
        for field, before, after in (("minimum", event.minimum, number), ("decide_by", event.decide_by, day))
        if before != after
    ]
    if changes:
        calendar.update_event(event, minimum=number, decide_by=day)
        _write_down(ctx, event, "minimum changed", changes, "")
    return changes


@dataclass(frozen=True, slots=True)
class SessionMove:
    """When a session is to take place; without times it keeps its own, and without an end its length."""

    on: date
    start: time | None = None
    end: time | None = None


@action(role=Role.COORDINATOR)
def withdraw_session_date(ctx: Context, reference: str, number: int, *, override: str = "") -> list[FieldChange]:
    """Take the date of a session back, so that it is to be confirmed again; invitations for it become due as cancelled.

    Raises NoSuchEvent, NoSuchSession, SessionTaken when its register was taken, and RuleBroken when it has no date.
    """
    event = calendar.lock_event(reference)
    _check_changeable(event)
    session = calendar.fetch_session(event, number)
    if session.date is None:
        raise RuleBroken(f"Session {number} of {event.reference} has no date. Nothing was changed.")
    marked = attendance.fetch_marked_people(session.id)
    if marked and not override:
        raise SessionTaken(event.reference, number, session.date)
    changes = [FieldChange(event.reference, number, "date", _plain(session.date), "to be confirmed")]
    calendar.update_session(session, date=None, start=None, end=None)
    calendar.update_event_dates(event.id)
    _write_down(ctx, event, "moved", changes, override)
    places = EventPlaces(ctx, calendar.fetch_event_by_id(event.id))
    moves = outcomes.recalculate_outcomes(ctx, places, marked)
    return changes + _as_changes(event, [*moves, *places.fill_free_places()])


@action(role=Role.COORDINATOR)
def move_session(
    ctx: Context, reference: str, number: int, move: SessionMove, *, override: str = ""
) -> list[FieldChange]:
    """Move a session to another date or time, and move up people who could not before.

    A later start puts off the booking cut-off, so that people may move up again. Raises NoSuchEvent, NoSuchSession, and
    RuleBroken for impossible times, for a clash without `override`, or when its register was taken.
    """
    event = calendar.lock_event(reference)
    _check_changeable(event)
    session = calendar.fetch_session(event, number)
    marked = attendance.fetch_marked_people(session.id)
    if marked and not override:
        raise SessionTaken(event.reference, number, session.date)
    begins = move.start or session.start
    if begins is None:
        raise WrongUse(
            f"Session {number} of {event.reference} has no time yet. Nothing was changed. Give its start and end times."
        )
    ends = move.end or (
        session_times.later_same_day(begins, _length(session)) if move.start or session.end is None else session.end
    )
    session_times.check_session_times(move.on, begins, ends, ctx.zone)
    _check_slots([replace(session, date=move.on, start=begins, end=ends)], event.capacity, override, CLASH_KINDS)
    changes = [
        FieldChange(event.reference, number, field, _plain(before), _plain(after))
        for field, before, after in (
            ("date", session.date, move.on), ("start", session.start, begins), ("end", session.end, ends),
        )
        if before != after
    ]  # fmt: skip
    if changes:
        calendar.update_session(session, date=move.on, start=begins, end=ends)
        calendar.update_event_dates(event.id)
        _write_down(ctx, event, "moved", changes, override)
        places = EventPlaces(ctx, calendar.fetch_event_by_id(event.id))
        moves = outcomes.recalculate_outcomes(ctx, places, marked)
        # A later start can put off the booking cut-off, so that people move up for whom it was too late.
        changes += _as_changes(event, [*moves, *places.fill_free_places()])
    return changes


@action(role=Role.COORDINATOR)
def set_session_venue(
    ctx: Context,
    reference: str,
    place: str,
    room: str = "",
    *,
    session: int | None = None,
    override: str = "",
) -> list[FieldChange]:
    """Move one session, or all that are not over, to another venue. Raises NoSuchEvent, NoSuchSession and SlotTaken."""
    if not place.strip():
        raise WrongUse("A venue needs a name. Nothing was changed.")
    event = calendar.lock_event(reference)
    _check_changeable(event)
    place = settle_name(ctx, "venue", one_line(place), calendar.fetch_venue_names())
    new = bool(place) and not calendar.has_venue(place)
    venue_id, room_id = calendar.ensure_venue_and_room(place, one_line(room))
    chosen = _chosen_sessions(ctx, event, session)
    _check_slots(
        [replace(each, venue_id=venue_id, room_id=room_id) for each in chosen], event.capacity, override, ("room",)
    )
    changes = []
    for each in chosen:
        if (each.venue_id, each.room_id) != (venue_id, room_id):
            calendar.update_session(each, venue=venue_id, room=room_id)
            where = (each, calendar.fetch_session_by_id(each.id))
            before, after = (", ".join(filter(None, (one.venue, one.room))) for one in where)
            changes.append(FieldChange(event.reference, each.number, "venue", before, after))
    if new and changes:  # shows a mistyped venue before it is used again
        changes.append(FieldChange(event.reference, None, "new venue", "", one_line(place)))
    _write_down(ctx, event, "venue changed", changes, override)
    return changes


@action(role=Role.COORDINATOR)
def assign_facilitators(
    ctx: Context,
    reference: str,
    wanted: Sequence[str],
    *,
    session: int | None = None,
    override: str = "",
) -> list[FieldChange]:
    """Replace the facilitators of one session, or of all that are not over; their invitations follow.

    Raises NoSuchEvent, NoSuchSession, NoSuchPerson, AmbiguousPerson and SlotTaken.
    """
    event = calendar.lock_event(reference)
    _check_changeable(event)
    leaders = {person.id: person.name for person in map(people.find_person, wanted)}
    chosen = _chosen_sessions(ctx, event, session)
    before = calendar.fetch_event_facilitators(event.id)
    changes = []
    for each in chosen:
        led_by = dict(before.get(each.id, []))
        if led_by.keys() != leaders.keys():
            calendar.replace_facilitators(each.id, list(leaders))
            names = [", ".join(sorted(who.values())) or "no one" for who in (led_by, leaders)]
            changes.append(FieldChange(event.reference, each.number, "led by", *names))
    _check_slots(chosen, event.capacity, override, ("facilitator",))
    _write_down(ctx, event, "facilitators changed", changes, override)
    return changes + _list_leading_learners(event, chosen)


def _list_leading_learners(event: Event, sessions: Sequence[Session]) -> list[FieldChange]:
    """Return a line of the kind `clash` for each facilitator of the sessions who has a place elsewhere at that time.

    It is told and not refused: who leads is the council's decision, and the place is what has to give way.
    """
    others = calendar.fetch_sessions_on([each.date for each in sessions if each.date])
    met = [
        (one, other)
        for one in sessions
        for other in others
        if one.id == other.id or base_clashes.sessions_overlap(one, other)
    ]
    ids = {each.id for each in sessions}
    return [
        FieldChange(event.reference, each.leads.number, "clash", "", each.sentence)
        for each in base_clashes.find_leading_learners(met, _list_claims(met, ("facilitator", "learner")))
        if each.leads.id in ids
    ]


def get_joining_instructions(ctx: Context, reference: str) -> dict[int, str]:
    """Return the joining instructions of an event's sessions, by session number. Raises NoSuchEvent."""
    with read_transaction():
        return calendar.fetch_joining_instructions(calendar.fetch_event(reference).id)


@action(role=Role.COORDINATOR)
def set_joining_instructions(
    ctx: Context, reference: str, text: str, *, session: int | None = None
) -> list[FieldChange]:
    """Set the joining instructions of one session, or of all that are not over; empty text removes them.

    People who were invited are told once the event is confirmed. Raises NoSuchEvent, NoSuchSession, RuleBroken, and
    WrongUse for a text that is too long.
    """
    lines = [clean_text(line).rstrip() for line in text.strip().splitlines()]
    wanted = "\n".join(lines)
    if len(wanted) > LONGEST_INSTRUCTIONS:
        raise WrongUse(
            f"Joining instructions can have {LONGEST_INSTRUCTIONS} characters at most, not {len(wanted)}. Nothing was "
            "changed. Put longer ones in a document and add it to the course."
        )
    event = calendar.lock_event(reference)
    _check_changeable(event)
    before = calendar.fetch_joining_instructions(event.id)
    chosen = _chosen_sessions(ctx, event, session)
    changes = [
        FieldChange(event.reference, each.number, "instructions", before[each.number], wanted)
        for each in chosen
        if before[each.number] != wanted
    ]
    for each in chosen:
        if before[each.number] != wanted:
            calendar.update_session(each, notes=wanted)
    _write_down(ctx, event, "instructions changed", changes, "")
    return changes


@action(role=Role.COORDINATOR)
def set_capacity(ctx: Context, reference: str, number: int, *, override: str = "") -> list[FieldChange]:
    """Set the number of places on an event and move up as many people as find a free place.

    Raises CapacityTooSmall when more places are taken, unless `override` gives a reason.
    """
    if number < 0:
        raise WrongUse("The number of places must be 0 or more. Nothing was changed.")
    event = calendar.lock_event(reference)
    _check_changeable(event)
    if number < event.taken and not override.strip():
        raise CapacityTooSmall(event.reference, event.taken, number)
    changes = []
    if number != event.capacity:
        changes = [FieldChange(event.reference, None, "capacity", str(event.capacity), str(number))]
        calendar.update_event(event, capacity=number)
        _write_down(ctx, event, "capacity changed", changes, override)
    return changes + _as_changes(event, EventPlaces(ctx, calendar.fetch_event_by_id(event.id)).fill_free_places())


@action(role=Role.COORDINATOR)
def set_event_state(ctx: Context, reference: str, to: EventState) -> list[FieldChange]:
    """Change an event's state: open, confirm, deliver or close it, or take it one step back.

    An event is cancelled by cancel_event(). Raises RuleBroken.
    """
    if to is EventState.CANCELLED:
        raise ReasonNeeded("Cancelling an event", Remedy(RemedyKind.CANCEL_EVENT, event=reference))
    event = calendar.lock_event(reference)
    check_event_state(
        event.reference, event.state, to, people=len(booking.fetch_live_enrolments(event.id)) + event.joining
    )
    if to is EventState.DELIVERED and EventPlaces(ctx, event).facts("", None).started_on is None:
        raise RuleBroken(f"{event.reference} has not begun, so it cannot be delivered. Nothing was changed.")
    return _change_state(ctx, event, to, "")


@action(role=Role.COORDINATOR)
def cancel_event(ctx: Context, reference: str, *, reason: str) -> list[FieldChange]:
    """Cancel an event and give everybody on it the status event_cancelled; nothing is deleted. Raises RuleBroken."""
    if not reason.strip():
        raise ReasonNeeded("Cancelling an event")
    event = calendar.lock_event(reference)
    check_event_state(event.reference, event.state, EventState.CANCELLED, people=0)
    changes = _change_state(ctx, event, EventState.CANCELLED, reason)
    places = EventPlaces(ctx, event)
    moves = [
        places.change_status(each, Status.EVENT_CANCELLED, "event cancelled", reason)
        for each in places.roster
        if each.status <= Status.BOOKED
    ]
    places.end_make_ups(reason)
    booking.update_event_counts(event.id)
    return changes + _as_changes(event, moves)


def list_clashes(ctx: Context, *, start: date | None = None, until: date | None = None) -> list[Clash]:
    """Return the clashes over a room, facilitator or learner from `start` (by default today) to `until`, if given."""
    with read_transaction():
        met = base_clashes.overlapping_pairs(calendar.fetch_sessions_from(start or ctx.today(), until))
        return _clashes_of_pairs(met, _list_claims(met, CLASH_KINDS))


def list_event_clashes(ctx: Context, reference: str) -> list[Clash]:
    """Return the clashes of the coming sessions of one event over a room, facilitator or learner.

    Raises NoSuchEvent.
    """
    with read_transaction():
        event = calendar.fetch_event(reference)
        if event.state is EventState.CANCELLED:
            return []
        own = [each for each in calendar.fetch_sessions(event.id) if each.date and each.date >= ctx.today()]
        others = [
            each for each in calendar.fetch_sessions_on([each.date for each in own if each.date]) if each not in own
        ]
        met = [(one, other) for one in own for other in others if base_clashes.sessions_overlap(one, other)]
        return _clashes_of_pairs(met, _list_claims(met, CLASH_KINDS))


def _clashes_of_pairs(met: Sequence[tuple[Session, Session]], wants: Sequence[Claim]) -> list[Clash]:
    """Return the clashes among pairs of sessions, those of people who lead and learn included, by date."""
    crossed = [each.clash for each in base_clashes.find_leading_learners(met, wants)]
    return sorted([*base_clashes.clashes_among(met, wants), *crossed], key=lambda each: each.date)


_CLAIM_QUERIES = {
    "room": clashes_store.fetch_session_rooms,
    "facilitator": clashes_store.fetch_session_facilitators,
    "learner": clashes_store.fetch_session_learners,
}
CLASH_KINDS = tuple(_CLAIM_QUERIES)
"""The kinds of thing that two sessions at one time cannot share."""
_TAKEN = {"room": "is taken by", "facilitator": "leads"}


def _list_claims(met: Sequence[tuple[Session, Session]], kinds: Sequence[str]) -> list[Claim]:
    ids = sorted({each.id for pair in met for each in pair})
    return [Claim(session, kind, thing, what) for kind in kinds for session, thing, what in _CLAIM_QUERIES[kind](ids)]


def _check_slots(changed: Sequence[Session], capacity: int, override: str, kinds: Sequence[str]) -> None:
    """Raise SlotTaken when something speaks against sessions as planned, unless there is an override.

    That is another session with a claim of one of these kinds, a day off, or a room smaller than the event's capacity.
    """
    if override.strip():
        return
    ids = {each.id for each in changed}
    others = [
        each for each in calendar.fetch_sessions_on([each.date for each in changed if each.date]) if each.id not in ids
    ]
    met = [
        (one, other)
        for place, one in enumerate(changed)
        for other in (*changed[place + 1 :], *others)
        if base_clashes.sessions_overlap(one, other)
    ]
    found = _list_claims(met, kinds)
    planned = {each.id: each.room_id for each in changed}
    rooms = {want.thing_id: want.what for want in found if want.kind == "room"}
    found = [want for want in found if want.kind != "room" or want.session_id not in planned]
    found += [Claim(session, "room", room, rooms[room]) for session, room in planned.items() if room in rooms]
    against = _clash_sentences(base_clashes.clashes_among(met, found))
    against += [each.sentence for each in base_clashes.find_leading_learners(met, found)]
    against += [
        f"{format_date(day)} is {workdays.day_off_name(day)}"
        for day in sorted({each.date for each in changed if each.date})
        if not workdays.is_working_day(day)
    ]
    against += [
        f"{room.name} has room for {room.capacity} people and the event has {capacity} places"
        for room in map(calendar.fetch_room, sorted({room for room in planned.values() if room}))
        if room.capacity is not None and room.capacity < capacity
    ]
    if against:
        raise SlotTaken(against)


def _clash_sentences(found: Sequence[Clash]) -> list[str]:
    """Return a sentence for each clash; learners who clash with the same session share one."""
    learners: dict[tuple[str, int], list[str]] = {}
    for each in found:
        if each.kind == "learner":
            learners.setdefault((each.other_event, each.other_session), []).append(each.what)
    told = [
        f"{each.what} {_TAKEN[each.kind]} {each.other_event} session {each.other_session} at that time"
        for each in found
        if each.kind != "learner"
    ]
    return told + [
        f"{shorten_list(names, LEARNERS_NAMED)} {'is' if len(names) == 1 else 'are'} on {event} session {number} at "
        "that time"
        for (event, number), names in learners.items()
    ]


LEARNERS_NAMED = 12
"""The most learners that the sentence on one clash names; the list of clashes names all."""


def _added(ctx: Context, event_id: int, override: str) -> list[FieldChange]:
    """Bring a new event's dates up to date, check its slots, write the history and return what was added."""
    calendar.update_event_dates(event_id)
    event, sessions = calendar.fetch_event_by_id(event_id), calendar.fetch_sessions(event_id)
    _check_slots(sessions, event.capacity, override, ("room", "facilitator"))
    changes = [FieldChange(event.reference, None, "state", "", event.state)]
    for each in sessions:
        when = f"{format_date(each.date)} {each.start:%H:%M}-{each.end:%H:%M}" if each.date else "to be confirmed"
        changes.append(FieldChange(event.reference, each.number, "date", "", when))
    write_history(ctx, "event added", event.reference, event_id=event.id, after=event.title, reason=override)
    return changes


def _add_session(
    ctx: Context,
    event_id: int,
    number: int,
    module: Module | None,
    meeting: SessionPlan,
    venue_id: int | None,
    room_id: int | None,
) -> int:
    start, end = meeting.start, meeting.end
    if meeting.on:
        if start is None:
            raise WrongUse("Give the start time of each session that has a date. Nothing was added.")
        if end is None:
            end = session_times.later_same_day(start, timedelta(minutes=module.minutes if module else 60))
        session_times.check_session_times(meeting.on, start, end, ctx.zone)
    else:
        start = end = None
    return calendar.insert_session(
        event_id, number, module_id=module.id if module else None, on=meeting.on, start=start, end=end,
        venue_id=venue_id, room_id=room_id,
    )  # fmt: skip


def _copied_day(day: date, by: timedelta, taken: dict[date, date]) -> date:
    """Return the working day of a copied session; `taken` maps earlier days, so that different days stay different."""
    if day not in taken:
        earliest = day + by
        while workdays.next_working_day(earliest) in taken.values():
            earliest = workdays.next_working_day(earliest) + timedelta(days=1)
        taken[day] = workdays.next_working_day(earliest)
    return taken[day]


def _change_state(ctx: Context, event: Event, to: EventState, reason: str) -> list[FieldChange]:
    calendar.update_event(event, state=to)
    changes = [FieldChange(event.reference, None, "state", event.state, to)]
    _write_down(ctx, event, f"event {to}", changes, reason)
    return changes


def _write_down(ctx: Context, event: Event, verb: str, changes: Sequence[FieldChange], reason: str) -> None:
    """Write a history entry for each change of an event."""
    for each in changes:
        what = f"{event.reference} session {each.session}" if each.session else event.reference
        write_history(
            ctx, verb, f"{what}: {each.field}", event_id=event.id, before=each.before,
            after=each.after, reason=reason,
        )  # fmt: skip


def _as_changes(event: Event, moves: Sequence[StatusChange]) -> list[FieldChange]:
    return [
        FieldChange(event.reference, None, "status", each.before, each.after, each.person, each.name) for each in moves
    ]


def _chosen_sessions(ctx: Context, event: Event, number: int | None) -> list[Session]:
    """Return one session, or all that are not over. Raises NoSuchSession, and RuleBroken when all are over."""
    if number is not None:
        return [calendar.fetch_session(event, number)]
    coming = [each for each in calendar.fetch_sessions(event.id) if not each.ends or each.ends > ctx.now()]
    if not coming:
        raise RuleBroken(
            f"Every session of {event.reference} is over. Nothing was changed.", Remedy(RemedyKind.NAME_SESSION)
        )
    return coming


def _check_changeable(event: Event) -> None:
    if sentence := why_not_changeable(event.reference, event.state):
        raise RuleBroken(f"{sentence} Nothing was changed.")


def _new_reference(wanted: str, course: Course) -> str:
    """Return the wanted reference, or the course's code with the next number, such as BR-11.

    Raises WrongUse and Duplicate.
    """
    if not wanted.strip():
        numbers = [each.removeprefix(course.code + "-") for each in calendar.find_references(course.code + "-")]
        return f"{course.code}-{max((int(each) for each in numbers if each.isdecimal()), default=0) + 1:02d}"
    reference = wanted.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,39}", reference):
        raise WrongUse(
            f"A reference can only have letters, digits and hyphens, such as BR-11, not '{wanted}'. Nothing was added."
        )
    if calendar.has_event(reference):
        raise Duplicate(f"There is already an event {reference}. Nothing was added.", Remedy(RemedyKind.NAME_REFERENCE))
    return reference


def _length(session: Session) -> timedelta:
    if session.start and session.end:
        return session_times.time_between(session.start, session.end)
    raise WrongUse(
        f"Session {session.number} of {session.event} has no length yet. Nothing was changed. Give its end time as "
        "well."
    )


def _plain(value: date | time | int | None) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else "" if value is None else str(value)
