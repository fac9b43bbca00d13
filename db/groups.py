"""Groups, their members and meetings, and teams used as groups."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import JOIN, Value, fn

from db import calendar, expressions
from db.engine import journal
from db.engine import search as engine_search
from db.engine.mapping import as_records, as_tuples
from db.errors import RuleBroken, Stale, UnknownName
from db.models import (
    CommitmentRow,
    CourseRow,
    EnrolmentRow,
    EventRow,
    GroupMeetingRow,
    GroupRow,
    MarkRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
    SessionRow,
    TeamRow,
)
from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.calendar import Event as EventRecord
from db.records.groups import Group, GroupKind, Member
from db.records.people import MembershipLine
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState


def fetch_groups(on: date) -> list[Group]:
    """Return every group with the number of its members on a day, by name."""
    row = GroupRow
    there = MembershipRow.select(MembershipRow.group, fn.COUNT(MembershipRow.id).alias("members")).where(_current(on))
    counted = there.group_by(MembershipRow.group).alias("counted")
    query = (
        row.select(
            row.id, row.name, row.kind, fn.COALESCE(CourseRow.code, "").alias("course"), row.description,
            fn.COALESCE(counted.c.members, 0).alias("members"),
        )
        .join_from(row, CourseRow, JOIN.LEFT_OUTER)
        .join_from(row, counted, JOIN.LEFT_OUTER, on=(counted.c.group_id == row.id))
        .order_by(row.name)
    )  # fmt: skip
    return as_records(Group, query)


def find_group(name: str, on: date) -> Group:
    """Return the group with a name, in any case, or with a part of it that no other group has.

    Raises NotFound and RuleBroken.
    """
    known = fetch_groups(on)
    wanted = engine_search.fold_text(name.strip())
    exact = [each for each in known if engine_search.fold_text(each.name) == wanted]
    found = exact or [each for each in known if wanted and wanted in engine_search.fold_text(each.name)]
    if not found:
        listed = ", ".join(each.name for each in known)
        raise UnknownName(
            f"There is no group '{name}'.", name, [each.name for each in known],
            otherwise=f"The groups are: {listed or 'none yet'}.",
        )  # fmt: skip
    if len(found) > 1:
        listed = "; ".join(each.name for each in found)
        raise RuleBroken(f"'{name}' matches several groups. Nothing was changed. Use one of: {listed}.")
    return found[0]


def find_groups_and_teams(text: str, on: date, limit: int) -> list[tuple[str, str, int]]:
    """Return (group or team, name, people) of the groups, then the teams, whose name contains every fragment.

    A team's name is followed by its organisation, as find_team_members() takes it.
    """
    typed = engine_search.split_fragments(text)
    groups = (
        GroupRow.select(Value("group"), GroupRow.name, fn.COUNT(MembershipRow.id))
        .join(MembershipRow, JOIN.LEFT_OUTER, on=(MembershipRow.group == GroupRow.id) & _current(on))
        .group_by(GroupRow.id, GroupRow.name)
        .order_by(GroupRow.name)
    )
    teams = (
        TeamRow.select(Value("team"), TeamRow.name.concat(", ").concat(OrganisationRow.name), fn.COUNT(PersonRow.id))
        .join_from(TeamRow, OrganisationRow)
        .join_from(TeamRow, PersonRow, on=(PersonRow.team == TeamRow.id) & PersonRow.active)
        .group_by(TeamRow.id, TeamRow.name, OrganisationRow.name)
        .order_by(TeamRow.name, OrganisationRow.name)
    )
    lines = (line for query in (groups, teams) for line in as_tuples(query))
    return [line for line in lines if all(piece in engine_search.fold_text(line[1]) for piece in typed)][:limit]


def find_group_members(name: str, on: date) -> list[int]:
    """Return the ids of a group's members on a day, by surname. Raises NotFound and RuleBroken."""
    query = (
        MembershipRow.select(MembershipRow.person)
        .join(PersonRow)
        .where(MembershipRow.group == find_group(name, on).id, _current(on))
        .order_by(PersonRow.sort, PersonRow.id)
    )
    return [person_id for (person_id,) in as_tuples(query)]


def fetch_person_memberships(person_id: int, on: date) -> list[MembershipLine]:
    """Return the groups a person belongs to on a day, by name."""
    row = MembershipRow
    query = (
        row.select(GroupRow.name.alias("group"), GroupRow.kind, row.role, row.joined.alias("since"))
        .join(GroupRow)
        .where(row.person == person_id, _current(on))
        .order_by(GroupRow.name)
    )
    return [
        MembershipLine(name, GroupKind(kind).value, role, str(since)) for name, kind, role, since in as_tuples(query)
    ]


def fetch_members(group_id: int, on: date | None = None) -> list[Member]:
    """Return the members of a group on a day, or all it ever had, by surname and date."""
    row = MembershipRow
    query = (
        row.select(
            row.id, PersonRow.id.alias("person_id"),
            expressions.person_name().alias("name"), PersonRow.email,
            fn.COALESCE(OrganisationRow.name, "").alias("organisation"), row.role, row.joined, row.left_on,
        )
        .join_from(row, PersonRow)
        .join_from(PersonRow, OrganisationRow, JOIN.LEFT_OUTER)
        .where(row.group == group_id)
        .order_by(PersonRow.sort, PersonRow.id, row.joined)
    )  # fmt: skip
    return as_records(Member, query.where(_current(on)) if on else query)


def fetch_group_name(group_id: int) -> str:
    """Return a group's name by its id; empty without one."""
    return str(GroupRow.select(GroupRow.name).where(GroupRow.id == group_id).scalar() or "")


def is_group_used(group_id: int) -> bool:
    """Return whether the group ever had members, meetings or commitments."""
    refers = (
        MembershipRow.select().where(MembershipRow.group == group_id),
        GroupMeetingRow.select().where(GroupMeetingRow.group == group_id),
        CommitmentRow.select().where(CommitmentRow.group == group_id),
    )
    return any(query.exists() for query in refers)


def has_commitment(membership_id: int) -> bool:
    """Return whether the member made a commitment in the group."""
    here = MembershipRow.select(MembershipRow.group, MembershipRow.person).where(MembershipRow.id == membership_id)
    return any(
        CommitmentRow.select().where(CommitmentRow.group == group_id, CommitmentRow.person == person_id).exists()
        for group_id, person_id in as_tuples(here)
    )


def update_group(group_id: int, **fields: Any) -> None:
    """Store new values of a group's columns."""
    journal.track_row(GroupRow, group_id)
    GroupRow.update(fields).where(GroupRow.id == group_id).execute()


def insert_membership(group_id: int, person_id: int, role: str, joined: date) -> None:
    """Add a person to a group from a day on."""
    membership_id = MembershipRow.insert(group=group_id, person=person_id, role=role, joined=joined).execute()
    journal.track_row(MembershipRow, membership_id, new=True)
    _mark_practice_lead(person_id)


def fetch_practice_lead_group() -> int | None:
    """Return the id of the first group of Practice Leads, or None where there is none."""
    found = GroupRow.select(fn.MIN(GroupRow.id)).where(GroupRow.kind == GroupKind.PRACTICE_LEADS).scalar()
    return int(found) if found else None


def fetch_current_practice_leads(person_ids: Sequence[int]) -> dict[int, list[Member]]:
    """Return the current memberships of these people in groups of Practice Leads, by person id."""
    groups = GroupRow.select(GroupRow.id).where(GroupRow.kind == GroupKind.PRACTICE_LEADS)
    found: dict[int, list[Member]] = {}
    for (group_id,) in as_tuples(groups):
        for member in fetch_members(group_id):
            if member.left_on is None and member.person_id in person_ids:
                found.setdefault(member.person_id, []).append(member)
    return found


def mark_practice_leads(person_ids: Sequence[int]) -> None:
    """Mark these people as practice leads while they belong to a group of Practice Leads, and not otherwise."""
    for person_id in person_ids:
        _mark_practice_lead(person_id)


def _mark_practice_lead(person_id: int) -> None:
    """Mark a person as a practice lead while they belong to a group of Practice Leads, and not otherwise."""
    row = MembershipRow
    belongs = bool(
        row.select()
        .join(GroupRow)
        .where(row.person == person_id, row.left_on.is_null(), GroupRow.kind == GroupKind.PRACTICE_LEADS)
        .exists()
    )
    marked = PersonRow.select(PersonRow.is_practice_lead).where(PersonRow.id == person_id).scalar()
    if belongs != bool(marked):
        journal.track_row(PersonRow, person_id)
        PersonRow.update(is_practice_lead=belongs).where(PersonRow.id == person_id).execute()


def update_membership(member: Member, **fields: Any) -> None:
    """Store new values of a membership's columns. Raises Stale where it ended meanwhile."""
    journal.track_row(MembershipRow, member.id)
    stored = (
        MembershipRow.update(fields).where(MembershipRow.id == member.id, MembershipRow.left_on.is_null()).execute()
    )
    if not stored:
        raise Stale(f"Someone else changed the membership of {member.name} a moment ago. Nothing was changed.")
    _mark_practice_lead(member.person_id)


def insert_group_meeting(group_id: int, event_id: int) -> None:
    """Make the event a meeting of the group, which it may be already."""
    GroupMeetingRow.insert(group=group_id, event=event_id).on_conflict_ignore().execute()


def fetch_group_meetings(group: Group) -> list[EventRecord]:
    """Return the events at which a group meets, by date, without cancelled ones.

    These are the events it was booked on as a group, and all events of its course unless another group has the same
    one.
    """
    booked = GroupMeetingRow.select(GroupMeetingRow.event).where(GroupMeetingRow.group == group.id)
    own = GroupRow.select(GroupRow.course).where(GroupRow.id == group.id, GroupRow.course.is_null(False))
    shared = GroupRow.select(GroupRow.course).where(GroupRow.id != group.id, GroupRow.course.is_null(False))
    query = calendar.select_events().where(
        EventRow.id.in_(booked) | (EventRow.course.in_(own) & EventRow.course.not_in(shared)),
        EventRow.state != EventState.CANCELLED,
    )
    return as_records(
        EventRecord, query.order_by(EventRow.first_date.is_null(), EventRow.first_date, EventRow.reference)
    )


def fetch_meeting_sessions(event_ids: Sequence[int]) -> list[tuple[int, int, date | None]]:
    """Return (event id, session number, date) of every session of the events."""
    query = SessionRow.select(SessionRow.event, SessionRow.number, SessionRow.date).where(
        SessionRow.event.in_(list(event_ids))
    )
    return as_tuples(query.order_by(SessionRow.event, SessionRow.number))


def fetch_meeting_places(event_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return (event id, person id) of everybody with a place, an offer or an outcome on one of the events."""
    query = EnrolmentRow.select(EnrolmentRow.event, EnrolmentRow.person)
    return as_tuples(
        query.where(EnrolmentRow.event.in_(list(event_ids)), EnrolmentRow.status >= status_numbers.OFFERED)
    )


def fetch_meeting_marks(event_ids: Sequence[int]) -> list[tuple[int, int, int, MarkKind]]:
    """Return (event id, session number, person id, mark) of every mark of the events."""
    query = MarkRow.select(SessionRow.event, SessionRow.number, MarkRow.person, MarkRow.mark).join(SessionRow)
    return as_tuples(query.where(SessionRow.event.in_(list(event_ids))))


def find_team_members(name: str) -> list[int]:
    """Return the ids of the active people of a team, given as `team` or `team, organisation`, by surname.

    Raises NotFound, and RuleBroken where several organisations have a team of that name.
    """
    wanted, _, organisation = (part.strip() for part in name.partition(","))
    query = (
        TeamRow.select(TeamRow.id, TeamRow.name, OrganisationRow.name)
        .join(OrganisationRow)
        .order_by(OrganisationRow.name)
    )
    teams = as_tuples(query)
    found = [
        row
        for row in teams
        if engine_search.fold_text(row[1]) == engine_search.fold_text(wanted)
        and engine_search.fold_text(organisation) in engine_search.fold_text(row[2])
    ]
    if not found:
        known = [f"{team_name}, {place}" if organisation else team_name for _, team_name, place in teams]
        raise UnknownName(
            f"There is no team '{name}'.", name, dict.fromkeys(known), remedy=Remedy(RemedyKind.FIND_PEOPLE)
        )
    if len(found) > 1:
        listed = "; ".join(f"{team_name}, {place}" for _, team_name, place in found)
        raise RuleBroken(f"Several organisations have a team '{wanted}'. Nothing was changed. Use one of: {listed}.")
    people = (
        PersonRow.select(PersonRow.id)
        .where(PersonRow.team == found[0][0], PersonRow.active)
        .order_by(PersonRow.sort, PersonRow.id)
    )
    return [person_id for (person_id,) in as_tuples(people)]


def _current(on: date) -> Any:
    return (MembershipRow.joined <= on) & (MembershipRow.left_on.is_null() | (MembershipRow.left_on > on))
