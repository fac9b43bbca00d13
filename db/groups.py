"""Groups, their members, and teams as groups."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import JOIN, Value, fn

from db import calendar
from db.engine import journal
from db.engine import search as engine_search
from db.engine.mapping import as_records, as_tuples
from db.errors import NotFound, RuleBroken, Stale
from db.models import (
    Commitment,
    Course,
    Enrolment,
    Event,
    GroupMeeting,
    Mark,
    Membership,
    Organisation,
    Person,
    Session,
    Team,
)
from db.models import Group as GroupRow
from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.calendar import Event as EventRecord
from db.records.first_picture import EventState
from db.records.groups import Group, GroupKind, Member
from db.records.people import Belonging


def everything(on: date) -> list[Group]:
    """Every group with the number of its members of that day, by name."""
    row = GroupRow
    there = Membership.select(Membership.group, fn.COUNT(Membership.id).alias("members")).where(_current(on))
    counted = there.group_by(Membership.group).alias("counted")
    query = (
        row.select(
            row.id, row.name, row.kind, fn.COALESCE(Course.code, "").alias("course"), row.description,
            fn.COALESCE(counted.c.members, 0).alias("members"),
        )
        .join_from(row, Course, JOIN.LEFT_OUTER)
        .join_from(row, counted, JOIN.LEFT_OUTER, on=(counted.c.group_id == row.id))
        .order_by(row.name)
    )  # fmt: skip
    return as_records(Group, query)


def find(name: str, on: date) -> Group:
    """By its name, whatever the case, or by a part that no other group's name has. Raises NotFound, RuleBroken."""
    known = everything(on)
    wanted = engine_search.fold(name.strip())
    exact = [each for each in known if engine_search.fold(each.name) == wanted]
    found = exact or [each for each in known if wanted and wanted in engine_search.fold(each.name)]
    if not found:
        listed = ", ".join(each.name for each in known)
        raise NotFound(f"There is no group '{name}'. The groups are: {listed or 'none yet'}.")
    if len(found) > 1:
        listed = "; ".join(each.name for each in found)
        raise RuleBroken(f"Several groups have '{name}' in their names. Nothing was done. Use one of: {listed}.")
    return found[0]


def found(text: str, on: date, limit: int) -> list[tuple[str, str, int]]:
    """(group or team, name, people) of the groups, then the teams, of which every fragment is in the name; a team's
    name has its organisation behind it, as team() reads it."""
    typed = engine_search.fragments(text)
    groups = (
        GroupRow.select(Value("group"), GroupRow.name, fn.COUNT(Membership.id))
        .join(Membership, JOIN.LEFT_OUTER, on=(Membership.group == GroupRow.id) & _current(on))
        .group_by(GroupRow.id, GroupRow.name)
        .order_by(GroupRow.name)
    )
    teams = (
        Team.select(Value("team"), Team.name.concat(", ").concat(Organisation.name), fn.COUNT(Person.id))
        .join_from(Team, Organisation)
        .join_from(Team, Person, on=(Person.team == Team.id) & Person.active)
        .group_by(Team.id, Team.name, Organisation.name)
        .order_by(Team.name, Organisation.name)
    )
    lines = (line for query in (groups, teams) for line in as_tuples(query))
    return [line for line in lines if all(piece in engine_search.fold(line[1]) for piece in typed)][:limit]


def members(name: str, on: date) -> list[int]:
    """The ids of those who belong to the group on that day, by surname. Raises NotFound, RuleBroken."""
    query = (
        Membership.select(Membership.person)
        .join(Person)
        .where(Membership.group == find(name, on).id, _current(on))
        .order_by(Person.sort, Person.id)
    )
    return [person_id for (person_id,) in as_tuples(query)]


def of_person(person_id: int, on: date) -> list[Belonging]:
    """What a person belongs to on a day, by name."""
    row = Membership
    query = (
        row.select(GroupRow.name.alias("group"), GroupRow.kind, row.role, row.joined.alias("since"))
        .join(GroupRow)
        .where(row.person == person_id, _current(on))
        .order_by(GroupRow.name)
    )
    return [Belonging(name, GroupKind(kind).value, role, str(since)) for name, kind, role, since in as_tuples(query)]


def memberships(group_id: int, on: date | None = None) -> list[Member]:
    """Who belongs to a group on a day, or who ever did, by surname and date."""
    row = Membership
    query = (
        row.select(
            row.id, Person.id.alias("person_id"),
            fn.TRIM(Person.forename.concat(" ").concat(Person.surname)).alias("name"), Person.email,
            fn.COALESCE(Organisation.name, "").alias("organisation"), row.role, row.joined, row.left_on,
        )
        .join_from(row, Person)
        .join_from(Person, Organisation, JOIN.LEFT_OUTER)
        .where(row.group == group_id)
        .order_by(Person.sort, Person.id, row.joined)
    )  # fmt: skip
    return as_records(Member, query.where(_current(on)) if on else query)


def name_of(group_id: int) -> str:
    """A group's name by its id."""
    return str(GroupRow.select(GroupRow.name).where(GroupRow.id == group_id).scalar() or "")


def is_used(group_id: int) -> bool:
    """Whether anybody ever belonged to it, or events or commitments are its own."""
    refers = (
        Membership.select().where(Membership.group == group_id),
        GroupMeeting.select().where(GroupMeeting.group == group_id),
        Commitment.select().where(Commitment.group == group_id),
    )
    return any(query.exists() for query in refers)


def has_committed(membership_id: int) -> bool:
    """Whether the member committed to something in the group."""
    here = Membership.select(Membership.group, Membership.person).where(Membership.id == membership_id)
    return any(
        Commitment.select().where(Commitment.group == group_id, Commitment.person == person_id).exists()
        for group_id, person_id in as_tuples(here)
    )


def change_group(group_id: int, **fields: Any) -> None:
    """Store another name, kind, course or description."""
    journal.touching(GroupRow, group_id)
    GroupRow.update(fields).where(GroupRow.id == group_id).execute()


def join(group_id: int, person_id: int, role: str, joined: date) -> None:
    membership_id = Membership.insert(group=group_id, person=person_id, role=role, joined=joined).execute()
    journal.touching(Membership, membership_id, new=True)


def change(member: Member, **fields: Any) -> None:
    """Store another role or a last day. Raises Stale where the membership ended meanwhile."""
    journal.touching(Membership, member.id)
    stored = Membership.update(fields).where(Membership.id == member.id, Membership.left_on.is_null()).execute()
    if not stored:
        raise Stale(f"Somebody else changed the membership of {member.name} a moment ago. Nothing was changed.")


def meets_at(group_id: int, event_id: int) -> None:
    """The event is a meeting of the group; said twice, it is still one."""
    GroupMeeting.insert(group=group_id, event=event_id).on_conflict_ignore().execute()


def meetings(group: Group) -> list[EventRecord]:
    """The events a group meets at, by date: those it was put on as a group, and all of its course where that is no
    other group's. Cancelled ones are left out."""
    told = GroupMeeting.select(GroupMeeting.event).where(GroupMeeting.group == group.id)
    own = GroupRow.select(GroupRow.course).where(GroupRow.id == group.id, GroupRow.course.is_null(False))
    shared = GroupRow.select(GroupRow.course).where(GroupRow.id != group.id, GroupRow.course.is_null(False))
    query = calendar.select().where(
        Event.id.in_(told) | (Event.course.in_(own) & Event.course.not_in(shared)),
        Event.state != EventState.CANCELLED,
    )
    return as_records(EventRecord, query.order_by(Event.first_date.is_null(), Event.first_date, Event.reference))


def sessions_of(event_ids: Sequence[int]) -> list[tuple[int, int, date | None]]:
    """(event id, session number, date) of every session of these events."""
    query = Session.select(Session.event, Session.number, Session.date).where(Session.event.in_(list(event_ids)))
    return as_tuples(query.order_by(Session.event, Session.number))


def places_of(event_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(event id, person id) of everybody who holds a place on one of these events, or has an outcome."""
    query = Enrolment.select(Enrolment.event, Enrolment.person)
    return as_tuples(query.where(Enrolment.event.in_(list(event_ids)), Enrolment.status >= status_numbers.OFFERED))


def marks_of(event_ids: Sequence[int]) -> list[tuple[int, int, int, MarkKind]]:
    """(event id, session number, person id, mark) of every mark of these events."""
    query = Mark.select(Session.event, Session.number, Mark.person, Mark.mark).join(Session)
    return as_tuples(query.where(Session.event.in_(list(event_ids))))


def team(name: str) -> list[int]:
    """The ids of the active people of a team, by surname; `team` or `team, organisation`.

    Raises NotFound, and RuleBroken where several organisations have a team of that name.
    """
    wanted, _, organisation = (part.strip() for part in name.partition(","))
    query = Team.select(Team.id, Team.name, Organisation.name).join(Organisation).order_by(Organisation.name)
    found = [
        row
        for row in as_tuples(query)
        if engine_search.fold(row[1]) == engine_search.fold(wanted)
        and engine_search.fold(organisation) in engine_search.fold(row[2])
    ]
    if not found:
        raise NotFound(f"There is no team '{name}'. csc who finds people by their team.")
    if len(found) > 1:
        listed = "; ".join(f"{team_name}, {place}" for _, team_name, place in found)
        raise RuleBroken(f"Several organisations have a team '{wanted}'. Nothing was done. Use one of: {listed}.")
    people = Person.select(Person.id).where(Person.team == found[0][0], Person.active).order_by(Person.sort, Person.id)
    return [person_id for (person_id,) in as_tuples(people)]


def _current(on: date) -> Any:
    return (Membership.joined <= on) & (Membership.left_on.is_null() | (Membership.left_on > on))
