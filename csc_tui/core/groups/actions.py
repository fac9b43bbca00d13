"""Actions and queries about groups of people who meet: Practice Leads, action learning sets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from csc_tui.base import workdays
from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count, format_date
from csc_tui.base.transaction import action
from csc_tui.base.typed_text import one_line, required_line
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.groups.rules import commitment_standing
from db import calendar, catalogue, commitments, groups, people
from db.engine.connection import read_transaction
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from db.records.booking import Outcome
from db.records.calendar import Event, FieldChange
from db.records.groups import Group, GroupKind, Member
from db.records.people import Person
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState, Role

MEMBER = "member"
"""The role of a member for whom no other is given."""
MOST_MEETINGS = 26
"""The most meetings that one series may have."""


@dataclass(frozen=True, slots=True)
class GroupMeeting:
    """A session at which a group meets; `on` is None while the date is to be confirmed."""

    event: str
    title: str
    state: EventState
    session: int
    on: date | None


@dataclass(frozen=True, slots=True)
class MemberAttendance:
    """A member's attendance at the group's meetings, one entry for each.

    An entry is a mark, `booked` or empty; `past` members have left.
    """

    person: str
    name: str
    past: bool
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupAttendance:
    """A group's meetings and the attendance of each member."""

    group: Group
    meetings: list[GroupMeeting]
    lines: list[MemberAttendance]


@dataclass(frozen=True, slots=True)
class GroupOverview:
    """A group at a glance: its next dated meeting, and how many commitments are open and overdue."""

    group: Group
    next_event: str
    next_on: date | None
    open: int
    overdue: int


def list_group_overviews(ctx: Context) -> list[GroupOverview]:
    """Return every group at a glance, by name."""
    today = ctx.today()
    with read_transaction():
        still = commitments.fetch_commitments(open_only=True)
        found = []
        for group in groups.fetch_groups(today):
            on, reference = min(_coming(groups.fetch_group_meetings(group), today), default=(None, ""))
            own = [each for each in still if each.group_id == group.id]
            late = sum(commitment_standing(each, today) == "overdue" for each in own)
            found.append(GroupOverview(group, reference, on, len(own), late))
        return found


def _coming(meetings: Sequence[Event], today: date) -> Iterator[tuple[date, str]]:
    """Yield the next day on which each event meets; sessions are read only for events under way."""
    for event in meetings:
        if event.first_date and event.first_date >= today:
            yield event.first_date, event.reference
        elif event.last_date and event.last_date >= today:
            days = (each.date for each in calendar.fetch_sessions(event.id) if each.date and each.date >= today)
            yield min(days), event.reference


def get_group(ctx: Context, group_id: int) -> Group:
    """Return a group by its id. Raises NotFound when it has gone."""
    with read_transaction():
        for each in groups.fetch_groups(ctx.today()):
            if each.id == group_id:
                return each
    raise NotFound("This group no longer exists: its creation was undone.")


def list_groups(ctx: Context) -> list[Group]:
    """Return every group with the number of its members today."""
    with read_transaction():
        return groups.fetch_groups(ctx.today())


def show_group(ctx: Context, name: str, *, past: bool = False) -> tuple[Group, list[Member]]:
    """Return a group and its members today, or with `past` everybody who ever was one.

    Raises NotFound and RuleBroken.
    """
    with read_transaction():
        group = groups.find_group(name, ctx.today())
        return group, groups.fetch_members(group.id, None if past else ctx.today())


@action(role=Role.COORDINATOR)
def create_group(ctx: Context, name: str, kind: GroupKind, *, course: str = "", description: str = "") -> Group:
    """Create a group, for a course where one is named. Raises Duplicate, NotFound and WrongUse."""
    called = required_line(name, "A group", "a name")
    _check_name(ctx, called)
    course_id = catalogue.find_course(course).id if course.strip() else None
    catalogue.insert_group(called, kind, one_line(description), course_id)
    write_history(ctx, "group made", called, after=kind.value)
    return groups.find_group(called, ctx.today())


@action(role=Role.COORDINATOR)
def change_group(
    ctx: Context,
    name: str,
    *,
    new_name: str | None = None,
    kind: GroupKind | None = None,
    course: str | None = None,
    description: str | None = None,
) -> list[FieldChange]:
    """Change a group's name, kind, course or description and return the changes.

    None leaves a field as it is, and an empty course removes it. Raises NotFound, RuleBroken, Duplicate and WrongUse.
    """
    group = groups.find_group(name, ctx.today())
    fields: dict[str, object] = {}
    changes = []
    if new_name is not None and (called := required_line(new_name, "A group", "a name")) != group.name:
        _check_name(ctx, called, besides=group.id)
        fields["name"] = called
        changes.append(("name", group.name, called))
    if kind is not None and kind is not group.kind:
        fields["kind"] = kind
        changes.append(("kind", group.kind.value, kind.value))
    if course is not None and (code := course.strip().upper()) != group.course:
        fields["course"] = catalogue.find_course(code).id if code else None
        changes.append(("course", group.course, code))
    if description is not None and (said := one_line(description)) != group.description:
        fields["description"] = said
        changes.append(("description", group.description, said))
    if fields:
        groups.update_group(group.id, **fields)
    for what, before, after in changes:
        write_history(ctx, "group changed", f"{group.name}: {what}", before=before, after=after)
    return [FieldChange(group.name, None, *each) for each in changes]


@action(role=Role.COORDINATOR)
def add_members(
    ctx: Context,
    name: str,
    wanted: Sequence[str],
    *,
    role: str = MEMBER,
    on: date | None = None,
) -> list[Outcome]:
    """Add people to a group from a day on (by default today), or change the role of those who are in it; all or nobody.

    Raises WrongUse, NotFound, NoSuchPerson, AmbiguousPerson and RuleBroken.
    """
    part = one_line(role).lower()
    if not wanted or not part:
        raise WrongUse("Say who joins and in which role. Nothing was changed.")
    joined = on or ctx.today()
    group = groups.find_group(name, ctx.today())
    return [_add_member(ctx, group, each, part, joined) for each in _find_people(wanted)]


def _add_member(ctx: Context, group: Group, person: Person, role: str, joined: date) -> Outcome:
    before = _membership(group, person)
    if before and before.role == role:
        return Outcome(person.key, person.name, "already", f"{role} since {format_date(before.joined)}")
    if before:
        groups.update_membership(before, role=role)
        verb, outcome = "role in group", "changed"
    else:
        overlapping = [
            each for each in groups.fetch_members(group.id)
            if each.person_id == person.id and each.left_on and each.left_on > joined
        ]  # fmt: skip
        if overlapping:
            raise RuleBroken(
                f"{person.name} was in {group.name} until {format_date(overlapping[-1].left_on)}, so a new membership "
                "begins then or later. Nothing was changed."
            )
        groups.insert_membership(group.id, person.id, role, joined)
        verb, outcome = "joined group", "joined"
    write_history(
        ctx, verb, f"{person.name} in {group.name}", person_id=person.id,
        before=before.role if before else "", after=f"{role} from {format_date(joined)}" if not before else role,
    )  # fmt: skip
    return Outcome(person.key, person.name, outcome, role)


@action(role=Role.COORDINATOR)
def remove_members(
    ctx: Context,
    name: str,
    wanted: Sequence[str],
    *,
    on: date | None = None,
    reason: str = "",
) -> list[Outcome]:
    """End memberships of a group on a day (by default today), the first day without them; all or nobody.

    Past memberships stay on record. Raises WrongUse, NotFound, NoSuchPerson, AmbiguousPerson and RuleBroken.
    """
    if not wanted:
        raise WrongUse("Say who leaves. Nothing was changed.")
    last = on or ctx.today()
    done = []
    group = groups.find_group(name, ctx.today())
    for person in _find_people(wanted):
        before = _membership(group, person)
        if before is None:
            raise RuleBroken(f"{person.name} is not in {group.name}. Nothing was changed.")
        if last < before.joined:
            raise RuleBroken(
                f"{person.name} joined {group.name} on {format_date(before.joined)} and cannot leave before that. "
                "Nothing was changed."
            )
        groups.update_membership(before, left_on=last)
        write_history(
            ctx, "left group", f"{person.name} in {group.name}", person_id=person.id,
            before=before.role, after=f"until {format_date(last)}", reason=reason,
        )  # fmt: skip
        done.append(Outcome(person.key, person.name, "left", f"{before.role} until {format_date(last)}"))
    return done


def _find_people(wanted: Sequence[str]) -> list[Person]:
    """Return the people meant by the references, each once. Raises NoSuchPerson and AmbiguousPerson."""
    return list({person.id: person for person in map(people.find_person, wanted)}.values())


def _membership(group: Group, person: Person) -> Member | None:
    """Return the person's current membership of the group, or None."""
    its = groups.fetch_members(group.id)
    return next((each for each in its if each.person_id == person.id and each.left_on is None), None)


@action(role=Role.BOOKER)
def book_group(
    ctx: Context,
    name: str,
    reference: str,
    options: booking_actions.BookingOptions = booking_actions.ORDINARY_BOOKING,
    *,
    override: str = "",
) -> list[Outcome]:
    """Book everybody who is in a group today on an event and make the event a meeting of the group.

    Raises NotFound when there is no such group or nobody in it, and what enrol_people() raises.
    """
    group = groups.find_group(name, ctx.today())
    wanted = [f"#{person_id}" for person_id in groups.find_group_members(group.name, ctx.today())]
    if not wanted:
        raise NotFound(f"{group.name} has no members today. No one was booked.")
    outcomes = booking_actions.enrol_people(ctx, reference, wanted, options, override=override)
    groups.insert_group_meeting(group.id, calendar.fetch_event(reference).id)
    return outcomes


@dataclass(frozen=True, slots=True)
class MeetingSeries:
    """When and where a group meets; without an end a meeting lasts as long as its module."""

    first: date
    start: time
    end: time | None = None
    times: int = 1
    every_weeks: int = 4
    venue: str = ""
    room: str = ""


@action(role=Role.COORDINATOR)
def schedule_meetings(ctx: Context, name: str, series: MeetingSeries, *, override: str = "") -> list[FieldChange]:
    """Create a series of meetings of a group and book its members of today on all of them.

    The meetings are events of the group's course: one event for each meeting where the course has one module, else one
    event with a session for each. A meeting on a weekend or bank holiday is put on the next working day. Raises
    NotFound, WrongUse, and RuleBroken for a clash without `override`.
    """
    if not 1 <= series.times <= MOST_MEETINGS or (series.times > 1 and not 1 <= series.every_weeks <= 52):
        raise WrongUse(f"A series can have 1 to {MOST_MEETINGS} meetings, 1 to 52 weeks apart. Nothing was changed.")
    group = groups.find_group(name, ctx.today())
    wanted = groups.find_group_members(group.name, ctx.today())
    if not group.course:
        raise RuleBroken(
            f"{group.name} has no course yet, and its meetings need one. Nothing was changed.",
            Remedy(RemedyKind.NAME_GROUP_COURSE, group=group.name),
        )
    if not wanted:
        raise NotFound(f"{group.name} has no members today, so its meetings would be empty. Nothing was changed.")
    course = catalogue.find_active_course(group.course)
    modules = len(catalogue.fetch_modules(course.id))
    if 1 < modules < series.times:
        raise WrongUse(
            f"{course.code} has {modules} modules, so its group meets {modules} times, not {series.times}. "
            "Nothing was changed."
        )
    days = [
        calendar_actions.SessionPlan(day, series.start, series.end)
        for day in _days(series.first, series.times, series.every_weeks)
    ]
    events = [[each] for each in days] if modules <= 1 else [days]
    changes: list[FieldChange] = []
    for number, meetings in enumerate(events, len(groups.fetch_group_meetings(group)) + 1):
        made = calendar_actions.add_event(
            ctx,
            calendar_actions.NewEvent(
                course.code,
                meetings,
                title=_meeting_title(group, number, modules),
                venue=series.venue,
                room=series.room,
                capacity=max(course.capacity, len(wanted)),
                minimum=min(course.minimum, len(wanted)),
                state=EventState.OPEN,
            ),
            override=override,
        )
        reference = made[0].event
        booking_actions.enrol_people(ctx, reference, [f"#{each}" for each in wanted], override=override)
        groups.insert_group_meeting(group.id, calendar.fetch_event(reference).id)
        booked = FieldChange(reference, None, "booked", "", format_count(len(wanted), "person", "people"))
        changes += [*made, booked]
    return changes


def show_group_attendance(ctx: Context, name: str) -> GroupAttendance:
    """Return the attendance of a group's members, past ones too, at its meetings. Raises NotFound and RuleBroken."""
    with read_transaction():
        group = groups.find_group(name, ctx.today())
        by_event = {each.id: each for each in groups.fetch_group_meetings(group)}
        held: dict[int, list[int]] = {}
        for event_id, person_id in groups.fetch_meeting_places(list(by_event)):
            held.setdefault(event_id, []).append(person_id)
        meetings: list[GroupMeeting] = []
        noted: dict[tuple[str, int, int], str] = {}
        for event_id, number, on in groups.fetch_meeting_sessions(list(by_event)):
            event = by_event[event_id]
            meetings.append(GroupMeeting(event.reference, event.title, event.state, number, on))
            noted |= {(event.reference, number, person_id): "booked" for person_id in held.get(event_id, ())}
        for event_id, number, person_id, mark in groups.fetch_meeting_marks(list(by_event)):
            noted[by_event[event_id].reference, number, person_id] = mark.value
        meetings.sort(key=lambda each: (each.on is None, each.on, each.event, each.session))
        members = groups.fetch_members(group.id)
        lines = []
        for person_id in dict.fromkeys(each.person_id for each in members):
            its = [each for each in members if each.person_id == person_id]
            marks_of = tuple(noted.get((each.event, each.session, person_id), "") for each in meetings)
            past = all(each.left_on is not None and each.left_on <= ctx.today() for each in its)
            lines.append(MemberAttendance(f"#{person_id}", its[-1].name, past, marks_of))
        return GroupAttendance(group, meetings, lines)


def _days(first: date, times: int, every_weeks: int) -> list[date]:
    """Return the days of a series of meetings, each moved to a working day."""
    return [workdays.next_working_day(first + timedelta(weeks=each * every_weeks)) for each in range(times)]


def _meeting_title(group: Group, number: int, modules: int) -> str:
    return f"{group.name}: meeting {number}" if modules <= 1 else group.name


def _check_name(ctx: Context, called: str, *, besides: int = 0) -> None:
    if any(
        each.name.casefold() == called.casefold() and each.id != besides for each in groups.fetch_groups(ctx.today())
    ):
        raise Duplicate(f"There is already a group '{called}'. Nothing was changed.")
