"""The calendar itself: adding, moving, opening and cancelling events, their capacity, and clashes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from csc_tui.base import clashes as base_clashes
from csc_tui.base import session_times, workdays
from csc_tui.base.clashes import Clash, Want
from csc_tui.base.context import Context
from csc_tui.base.errors import CapacityTooSmall, ReasonNeeded, SlotTaken
from csc_tui.base.text import clean
from csc_tui.base.transaction import deciding
from csc_tui.base.typed_text import line
from csc_tui.core.attendance import outcomes
from csc_tui.core.booking import seating
from csc_tui.core.booking.event_places import Desk
from csc_tui.core.booking.transitions import check_event_move, why_not_changed
from db import attendance, booking, calendar, catalogue, history, people
from db import clashes as clashes_store
from db.engine.connection import reading
from db.errors import Duplicate, RuleBroken, WrongUse
from db.records.booking import Move, Status
from db.records.calendar import Change, Event, Session
from db.records.catalogue import Course, Module
from db.records.first_picture import EventState, Role

LONGEST_INSTRUCTIONS = 4000
"""Letters of the joining instructions of a session."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where one session of a new event is to be; all None while to be confirmed."""

    on: date | None
    start: time | None
    end: time | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new event of a course could be, from the one before: a meeting for each of its modules, by title."""

    course: Course
    modules: list[Module]
    meetings: list[Meeting]
    venue: str
    room: str
    like: str


def draft(ctx: Context, course_code: str, first: date) -> Draft:
    """An event of the course from that day on, with the gaps, times and place of its latest event; where there is none,
    a week apart in the morning. What falls on a weekend or bank holiday but the first day is put on a working day.

    Raises NotFound.
    """
    with reading():
        course = catalogue.find(course_code)
        modules = catalogue.modules(course.id)
        latest = calendar.latest_of(course.id)
        sessions = [each for each in calendar.sessions(latest.id) if each.date] if latest else []
    begins = sessions[0].date if sessions else None
    taken: dict[date, date] = {}
    meetings = []
    for number, module in enumerate(modules):
        model = sessions[number] if number < len(sessions) else None
        after = model.date - begins if model and model.date and begins else timedelta(weeks=number)
        start = (model.start if model else None) or (sessions[0].start if sessions else None) or time(9, 30)
        on = first if not after else _copied_day(first + after, timedelta(0), taken)
        meetings.append(Meeting(on, start, _same_day(start, module.minutes)))
    where = sessions[0] if sessions else None
    return Draft(
        course, modules, meetings, where.venue if where else "", where.room if where else "",
        latest.reference if latest and sessions else "",
    )  # fmt: skip


def _same_day(start: time, minutes: int) -> time | None:
    """When it ends; None where that would be after midnight."""
    try:
        return session_times.later(start, timedelta(minutes=minutes))
    except RuleBroken:
        return None


def add(
    ctx: Context,
    course_code: str,
    meetings: Sequence[Meeting],
    *,
    reference: str = "",
    title: str = "",
    venue: str = "",
    room: str = "",
    capacity: int | None = None,
    minimum: int | None = None,
    state: EventState = EventState.DRAFT,
    facilitators: Sequence[str] = (),
    override: str = "",
    dry_run: bool = False,
) -> list[Change]:
    """A new event of a course, with a session for each module; modules without a meeting are to be confirmed.

    Raises NotFound, Duplicate, WrongUse, RuleBroken (more meetings than modules, a clash without `override`).
    """
    ctx.require(Role.COORDINATOR)
    with deciding(ctx, dry_run):
        course = catalogue.find(course_code)
        modules = catalogue.modules(course.id)
        if len(meetings) > len(modules):
            raise RuleBroken(
                f"{course.code} has {len(modules)} modules; {len(meetings)} dates are too many. Nothing was added."
            )
        places = course.capacity if capacity is None else capacity
        if minimum is not None and minimum > places:
            raise WrongUse(f"A minimum of {minimum} is more than the {places} places. Nothing was added.")
        reference = _new_reference(reference, course)
        event_id = calendar.add(
            reference, course.id, title or course.title, state=state, notes="", capacity=places,
            minimum=min(course.minimum, places) if minimum is None else minimum,
        )  # fmt: skip
        trainers = [people.find(each) for each in facilitators]
        if room and not venue:
            raise WrongUse(f"The room {room} needs a venue. Nothing was added.")
        venue_id, room_id = calendar.place(line(venue), line(room))
        for number, module in enumerate(modules, 1):
            meeting = meetings[number - 1] if number <= len(meetings) else Meeting(None, None, None)
            session_id = _add_session(ctx, event_id, number, module, meeting, venue_id, room_id)
            for trainer in trainers:
                calendar.add_facilitator(session_id, trainer.id)
        return _added(ctx, event_id, override)


def clone(
    ctx: Context,
    reference: str,
    first: date,
    *,
    new_reference: str = "",
    times: int = 1,
    every_weeks: int = 0,
    override: str = "",
    dry_run: bool = False,
) -> list[Change]:
    """The same event again from another first day, or a series of them so many weeks apart: the gaps between its
    sessions are kept, and a session that would fall on a weekend or bank holiday is put on the next working day.
    The copies are drafts without people.

    Raises NoSuchEvent, Duplicate, WrongUse, RuleBroken.
    """
    ctx.require(Role.COORDINATOR)
    if times > 1 and (every_weeks < 1 or new_reference):
        raise WrongUse(
            "The copies of a series are a week apart or more, and take the next references themselves. Nothing was "
            "added. Say how many weeks (on the command line: --every-weeks), and no reference."
        )
    with deciding(ctx, dry_run):
        event = calendar.get(reference)
        changes = []
        for step in range(times):
            changes += copy_event(ctx, event, first + timedelta(weeks=step * every_weeks), new_reference, override)
    return changes


def copy_event(ctx: Context, event: Event, first: date, new_reference: str, override: str) -> list[Change]:
    """One copy of an event, inside deciding(); see clone()."""
    if event.first_date is None:
        raise RuleBroken(f"{event.reference} has no date yet, so there are no gaps to keep. Nothing was added.")
    course = catalogue.find(event.course)
    event_id = calendar.add(
        _new_reference(new_reference, course), event.course_id, event.title, capacity=event.capacity,
        minimum=event.minimum, state=EventState.DRAFT, notes=event.notes,
    )  # fmt: skip
    modules = {module.title: module for module in catalogue.modules(course.id)}
    trainers = calendar.facilitators(event.id)
    taken: dict[date, date] = {}
    for session in calendar.sessions(event.id):
        on = _copied_day(session.date, first - event.first_date, taken) if session.date else None
        meeting = Meeting(on, session.start, session.end)
        module = modules.get(session.module)
        session_id = _add_session(ctx, event_id, session.number, module, meeting, session.venue_id, session.room_id)
        for person_id, _ in trainers.get(session.id, []):
            calendar.add_facilitator(session_id, person_id)
    return _added(ctx, event_id, override)


def minimum(
    ctx: Context,
    reference: str,
    number: int,
    *,
    decide_by: date | None = None,
    undated: bool = False,
    dry_run: bool = False,
) -> list[Change]:
    """How many people the event needs, and until when that is decided: as before where nothing is said, by no day where
    it is `undated`. Raises NoSuchEvent, WrongUse, RuleBroken."""
    ctx.require(Role.COORDINATOR)
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        _check_changeable(event)
        if number > event.capacity:
            raise WrongUse(
                f"A minimum of {number} is more than the {event.capacity} places of {event.reference}. Nothing was "
                "changed. Give it more places first."
            )
        day = None if undated else decide_by or event.decide_by
        if day and event.first_date and day >= event.first_date:
            raise WrongUse(
                f"{event.reference} begins on {event.first_date:%d/%m/%Y}, so {day:%d/%m/%Y} is too late to decide. "
                "Nothing was changed. Choose an earlier day."
            )
        changes = [
            Change(event.reference, None, field, _plain(before), _plain(after))
            for field, before, after in (("minimum", event.minimum, number), ("decide_by", event.decide_by, day))
            if before != after
        ]
        if changes:
            calendar.change(event, minimum=number, decide_by=day)
            _write_down(ctx, event, "minimum changed", changes, "")
    return changes


def move(
    ctx: Context,
    reference: str,
    number: int,
    *,
    on: date,
    start: time | None = None,
    end: time | None = None,
    override: str = "",
    dry_run: bool = False,
) -> list[Change]:
    """Give a session another date or time; without times it keeps its own, without an end its length. Whoever waits
    and may move up again because of it does.

    Raises NoSuchEvent, NoSuchSession, RuleBroken (a time that cannot be, a clash without `override`, or a register
    that was taken).
    """
    ctx.require(Role.COORDINATOR)
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        _check_changeable(event)
        session = calendar.session(event, number)
        marked = attendance.people_marked(session.id)
        if marked and not override:
            raise RuleBroken(
                f"The register of {event.reference} session {number} was taken, so it took place on "
                f"{session.date:%d/%m/%Y}. Nothing was changed. Where that date was wrong, give a reason: --override."
            )
        begins = start or session.start
        if begins is None:
            raise WrongUse(
                f"Session {number} of {event.reference} has no time yet. Nothing was changed. Say when it starts and "
                "ends."
            )
        ends = end or (session_times.later(begins, _length(session)) if start or session.end is None else session.end)
        session_times.check_session(on, begins, ends, ctx.zone)
        _check_slots([replace(session, date=on, start=begins, end=ends)], event.capacity, override, EVERYTHING)
        changes = [
            Change(event.reference, number, field, _plain(before), _plain(after))
            for field, before, after in (
                ("date", session.date, on), ("start", session.start, begins), ("end", session.end, ends),
            )
            if before != after
        ]  # fmt: skip
        if changes:
            calendar.change_session(session, date=on, start=begins, end=ends)
            calendar.redate(event.id)
            _write_down(ctx, event, "moved", changes, override)
            desk = Desk(ctx, calendar.by_id(event.id))
            moves = outcomes.settle(ctx, desk, marked)
            # A later start can put the booking cut-off off: who was too late to move up is no more.
            changes += _as_changes(event, [*moves, *desk.fill()])
    return changes


def venue(
    ctx: Context,
    reference: str,
    place: str,
    room: str = "",
    *,
    session: int | None = None,
    override: str = "",
    dry_run: bool = False,
) -> list[Change]:
    """Put one session, or all that are not over, at another venue. Raises NoSuchEvent, NoSuchSession, SlotTaken."""
    ctx.require(Role.COORDINATOR)
    if not place.strip():
        raise WrongUse("A venue needs a name. Nothing was changed.")
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        _check_changeable(event)
        new = bool(line(place)) and not calendar.is_venue(line(place))
        venue_id, room_id = calendar.place(line(place), line(room))
        chosen = _one_or_to_come(ctx, event, session)
        _check_slots(
            [replace(each, venue_id=venue_id, room_id=room_id) for each in chosen], event.capacity, override, ("room",)
        )
        changes = []
        for each in chosen:
            if (each.venue_id, each.room_id) != (venue_id, room_id):
                calendar.change_session(each, venue=venue_id, room=room_id)
                where = (each, calendar.session_by_id(each.id))
                before, after = (", ".join(filter(None, (one.venue, one.room))) for one in where)
                changes.append(Change(event.reference, each.number, "venue", before, after))
        if new and changes:  # a slip of the key is seen before it is a second town hall
            changes.append(Change(event.reference, None, "new venue", "", line(place)))
        _write_down(ctx, event, "venue changed", changes, override)
    return changes


def lead(
    ctx: Context,
    reference: str,
    wanted: Sequence[str],
    *,
    session: int | None = None,
    override: str = "",
    dry_run: bool = False,
) -> list[Change]:
    """Say who leads one session, or all that are not over: these people and nobody else. Their invitations follow.

    Raises NoSuchEvent, NoSuchSession, NoSuchPerson, AmbiguousPerson, SlotTaken.
    """
    ctx.require(Role.COORDINATOR)
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        _check_changeable(event)
        leaders = {person.id: person.name for person in map(people.find, wanted)}
        chosen = _one_or_to_come(ctx, event, session)
        before = calendar.facilitators(event.id)
        changes = []
        for each in chosen:
            led_by = dict(before.get(each.id, []))
            if led_by.keys() != leaders.keys():
                calendar.set_facilitators(each.id, list(leaders))
                names = [", ".join(sorted(who.values())) or "nobody" for who in (led_by, leaders)]
                changes.append(Change(event.reference, each.number, "led by", *names))
        _check_slots(chosen, event.capacity, override, ("facilitator",))
        _write_down(ctx, event, "facilitators changed", changes, override)
    return changes


def instructions(ctx: Context, reference: str) -> dict[int, str]:
    """Session number -> the joining instructions of the session. Raises NoSuchEvent."""
    with reading():
        return calendar.instructions(calendar.get(reference).id)


def instruct(
    ctx: Context, reference: str, text: str, *, session: int | None = None, dry_run: bool = False
) -> list[Change]:
    """Give one session, or all that are not over, these joining instructions; empty text takes them away. Whoever was
    invited is to be told once the event is confirmed.

    Raises NoSuchEvent, NoSuchSession, WrongUse (too long), RuleBroken.
    """
    ctx.require(Role.COORDINATOR)
    lines = [clean(line).rstrip() for line in text.strip().splitlines()]
    wanted = "\n".join(lines)
    if len(wanted) > LONGEST_INSTRUCTIONS:
        raise WrongUse(
            f"Joining instructions of {len(wanted)} letters are too long for a calendar; {LONGEST_INSTRUCTIONS} are "
            "the most. Nothing was changed. Longer ones are better kept as a document of the course."
        )
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        _check_changeable(event)
        before = calendar.instructions(event.id)
        chosen = _one_or_to_come(ctx, event, session)
        changes = [
            Change(event.reference, each.number, "instructions", before[each.number], wanted)
            for each in chosen
            if before[each.number] != wanted
        ]
        for each in chosen:
            if before[each.number] != wanted:
                calendar.change_session(each, notes=wanted)
        _write_down(ctx, event, "instructions changed", changes, "")
    return changes


def capacity(ctx: Context, reference: str, number: int, *, override: str = "", dry_run: bool = False) -> list[Change]:
    """Another number of places; whoever waits moves up in the same transaction, as many as there are places.

    Raises CapacityTooSmall when fewer than are taken, unless `override` gives a reason.
    """
    ctx.require(Role.COORDINATOR)
    if number < 0:
        raise WrongUse("A capacity cannot be negative; 0 means no places. Nothing was changed.")
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        _check_changeable(event)
        held = seating.held(booking.for_event(event.id)) + event.joining
        if number < held and not override.strip():
            raise CapacityTooSmall(event.reference, held, number)
        changes = []
        if number != event.capacity:
            changes = [Change(event.reference, None, "capacity", str(event.capacity), str(number))]
            calendar.change(event, capacity=number)
            _write_down(ctx, event, "capacity changed", changes, override)
        return changes + _as_changes(event, Desk(ctx, calendar.by_id(event.id)).fill())


def state(ctx: Context, reference: str, to: EventState, *, dry_run: bool = False) -> list[Change]:
    """Open, confirm, deliver, close an event, or take it one step back. Cancelling is cancel()'s. Raises RuleBroken."""
    ctx.require(Role.COORDINATOR)
    if to is EventState.CANCELLED:
        raise ReasonNeeded("Cancelling an event", f"csc schedule cancel {reference} --reason TEXT")
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        check_event_move(event.reference, event.state, to, people=event.booked + event.offered + event.waiting)
        if to is EventState.DELIVERED and Desk(ctx, event).facts("", None).started_on is None:
            raise RuleBroken(f"{event.reference} has not begun, so it cannot be delivered. Nothing was changed.")
        return _change_state(ctx, event, to, "")


def cancel(ctx: Context, reference: str, *, reason: str, dry_run: bool = False) -> list[Change]:
    """Call an event off: everybody on it gets the status event_cancelled, and nothing is deleted. Raises RuleBroken."""
    ctx.require(Role.COORDINATOR)
    if not reason.strip():
        raise ReasonNeeded("Cancelling an event")
    with deciding(ctx, dry_run):
        event = calendar.lock(reference)
        check_event_move(event.reference, event.state, EventState.CANCELLED, people=0)
        changes = _change_state(ctx, event, EventState.CANCELLED, reason)
        desk = Desk(ctx, event)
        moves = [
            desk.move(each, Status.EVENT_CANCELLED, "event cancelled", reason)
            for each in desk.roster
            if each.status <= Status.BOOKED
        ]
        desk.end_make_ups(reason)
        booking.recount(event.id)
    return changes + _as_changes(event, moves)


def clashes(ctx: Context, *, start: date | None = None, until: date | None = None) -> list[Clash]:
    """Sessions from `start` (today), `until` a day or for good, that want one room, facilitator or learner at the same
    time."""
    with reading():
        met = base_clashes.pairs(calendar.sessions_from(start or ctx.today(), until))
        return base_clashes.find(met, _wants(met, EVERYTHING))


def clashes_of(ctx: Context, reference: str) -> list[Clash]:
    """The same of the sessions to come of one event. Raises NoSuchEvent."""
    with reading():
        event = calendar.get(reference)
        if event.state is EventState.CANCELLED:
            return []
        own = [each for each in calendar.sessions(event.id) if each.date and each.date >= ctx.today()]
        others = [each for each in calendar.sessions_on([each.date for each in own if each.date]) if each not in own]
        met = [(one, other) for one in own for other in others if base_clashes.overlap(one, other)]
        return base_clashes.find(met, _wants(met, EVERYTHING))


_WANTED = {"room": clashes_store.rooms, "facilitator": clashes_store.facilitators, "learner": clashes_store.learners}
EVERYTHING = tuple(_WANTED)
_TAKEN = {"room": "is taken by", "facilitator": "leads", "learner": "is on"}


def _wants(met: Sequence[tuple[Session, Session]], kinds: Sequence[str]) -> list[Want]:
    ids = sorted({each.id for pair in met for each in pair})
    return [Want(session, kind, thing, what) for kind in kinds for session, thing, what in _WANTED[kind](ids)]


def _check_slots(changed: Sequence[Session], capacity: int, override: str, kinds: Sequence[str]) -> None:
    """Raise SlotTaken when something speaks against sessions as they are to be, that only a reason sets aside: another
    session that wants one of the same kinds of thing, a day off, a room smaller than the event's capacity."""
    if override.strip():
        return
    ids = {each.id for each in changed}
    others = [each for each in calendar.sessions_on([each.date for each in changed if each.date]) if each.id not in ids]
    met = [
        (one, other)
        for place, one in enumerate(changed)
        for other in (*changed[place + 1 :], *others)
        if base_clashes.overlap(one, other)
    ]
    found = _wants(met, kinds)
    planned = {each.id: each.room_id for each in changed}
    rooms = {want.thing_id: want.what for want in found if want.kind == "room"}
    found = [want for want in found if want.kind != "room" or want.session_id not in planned]
    found += [Want(session, "room", room, rooms[room]) for session, room in planned.items() if room in rooms]
    against = [
        f"{each.what} {_TAKEN[each.kind]} {each.other_event} session {each.other_session} at that time"
        for each in base_clashes.find(met, found)
    ]
    against += [
        f"{day:%d/%m/%Y} is {workdays.name_of(day)}"
        for day in sorted({each.date for each in changed if each.date})
        if not workdays.is_working_day(day)
    ]
    against += [
        f"{room.name} holds {room.capacity} and the event has {capacity} places"
        for room in map(calendar.room, sorted({room for room in planned.values() if room}))
        if room.capacity is not None and room.capacity < capacity
    ]
    if against:
        raise SlotTaken(against)


def _added(ctx: Context, event_id: int, override: str) -> list[Change]:
    calendar.redate(event_id)
    event, sessions = calendar.by_id(event_id), calendar.sessions(event_id)
    _check_slots(sessions, event.capacity, override, ("room", "facilitator"))
    changes = [Change(event.reference, None, "state", "", event.state)]
    for each in sessions:
        when = f"{each.date:%d/%m/%Y} {each.start:%H:%M}-{each.end:%H:%M}" if each.date else "to be confirmed"
        changes.append(Change(event.reference, each.number, "date", "", when))
    history.add(
        ctx.stamp(), ctx.actor, "event added", event.reference, event_id=event.id, after=event.title, reason=override
    )
    return changes


def _add_session(
    ctx: Context,
    event_id: int,
    number: int,
    module: Module | None,
    meeting: Meeting,
    venue_id: int | None,
    room_id: int | None,
) -> int:
    start, end = meeting.start, meeting.end
    if meeting.on:
        if start is None:
            raise WrongUse("A session with a date needs a start. Nothing was added.")
        if end is None:
            end = session_times.later(start, timedelta(minutes=module.minutes if module else 60))
        session_times.check_session(meeting.on, start, end, ctx.zone)
    else:
        start = end = None
    return calendar.add_session(
        event_id, number, module_id=module.id if module else None, on=meeting.on, start=start, end=end,
        venue_id=venue_id, room_id=room_id,
    )  # fmt: skip


def _copied_day(day: date, by: timedelta, taken: dict[date, date]) -> date:
    """The working day of a copied session; `taken` maps earlier ones, so that different days stay different."""
    if day not in taken:
        earliest = day + by
        while workdays.next_working_day(earliest) in taken.values():
            earliest = workdays.next_working_day(earliest) + timedelta(days=1)
        taken[day] = workdays.next_working_day(earliest)
    return taken[day]


def _change_state(ctx: Context, event: Event, to: EventState, reason: str) -> list[Change]:
    calendar.change(event, state=to)
    changes = [Change(event.reference, None, "state", event.state, to)]
    _write_down(ctx, event, f"event {to}", changes, reason)
    return changes


def _write_down(ctx: Context, event: Event, verb: str, changes: Sequence[Change], reason: str) -> None:
    for each in changes:
        what = f"{event.reference} session {each.session}" if each.session else event.reference
        history.add(
            ctx.stamp(), ctx.actor, verb, f"{what}: {each.field}", event_id=event.id, before=each.before,
            after=each.after, reason=reason,
        )  # fmt: skip


def _as_changes(event: Event, moves: Sequence[Move]) -> list[Change]:
    return [Change(event.reference, None, "status", each.before, each.after, each.person, each.name) for each in moves]


def _one_or_to_come(ctx: Context, event: Event, number: int | None) -> list[Session]:
    """One session, or all that are not over. Raises NoSuchSession, RuleBroken where all of them are."""
    if number is not None:
        return [calendar.session(event, number)]
    coming = [each for each in calendar.sessions(event.id) if not each.ends or each.ends > ctx.now()]
    if not coming:
        raise RuleBroken(
            f"Every session of {event.reference} is over. Nothing was changed. One of them is changed by its number: "
            "--session N."
        )
    return coming


def _check_changeable(event: Event) -> None:
    if sentence := why_not_changed(event.reference, event.state):
        raise RuleBroken(f"{sentence} Nothing was changed.")


def _new_reference(wanted: str, course: Course) -> str:
    """What was asked for, or the course's code with the number behind the highest one used: BR-11."""
    if not wanted.strip():
        numbers = [each.removeprefix(course.code + "-") for each in calendar.references_like(course.code + "-")]
        return f"{course.code}-{max((int(each) for each in numbers if each.isdecimal()), default=0) + 1:02d}"
    reference = wanted.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,39}", reference):
        raise WrongUse(
            f"A reference is of letters, digits and hyphens, such as BR-11, not '{wanted}'. Nothing was added."
        )
    if calendar.exists(reference):
        raise Duplicate(f"There is an event {reference} already. Nothing was added. Choose another with --reference.")
    return reference


def _length(session: Session) -> timedelta:
    if session.start and session.end:
        return session_times.length(session.start, session.end)
    raise WrongUse(
        f"Session {session.number} of {session.event} has no length yet. Nothing was changed. Say when it ends, too."
    )


def _plain(value: date | time | int | None) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else "" if value is None else str(value)
