"""Two records of one person: moving all that the one has to the other, row by row."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

from db import earlier_learning, people
from db.engine import journal
from db.engine.mapping import as_tuples
from db.models import (
    CommitmentRow,
    CompletionRow,
    EnrolmentRow,
    EvaluationRow,
    FacilitationRow,
    GroupRow,
    InvitationRow,
    MakeUpRow,
    MarkRow,
    MembershipRow,
    PersonAddressRow,
    PersonRow,
    PersonWordRow,
    RegisterRow,
)
from db.records.attendance import MarkKind
from db.records.people import DoubleRecord, Person, PlaceOfRecord

_BEST_FIRST = (MarkKind.PRESENT, MarkKind.LATE, MarkKind.LEFT_EARLY, MarkKind.APOLOGIES, MarkKind.ABSENT)
"""Marks of two records for one session: the first that either has is the one to keep."""


def fetch_merged_records(person_id: int) -> list[int]:
    """Return the ids of the records that were merged into a person's, and into those."""
    merged = [each for (each,) in as_tuples(PersonRow.select(PersonRow.id).where(PersonRow.merged_into == person_id))]
    return [*(one for each in merged for one in fetch_merged_records(each)), *merged]


def fetch_places_of(person_id: int) -> list[PlaceOfRecord]:
    """Return every enrolment of a record, the oldest first."""
    row = EnrolmentRow
    found = row.select(row.id, row.event, row.status, row.queue).where(row.person == person_id).order_by(row.id)
    return [PlaceOfRecord(*each) for each in as_tuples(found)]


def give_enrolment(enrolment_id: int, person_id: int, **fields: Any) -> None:
    """Give an enrolment to a person, with new values of its columns."""
    journal.track_row(EnrolmentRow, enrolment_id)
    row = EnrolmentRow
    row.update({row.person: person_id, row.version: row.version + 1, **fields}).where(row.id == enrolment_id).execute()


def park_person(person: Person, into: int) -> None:
    """Take a record out of every list: what it had belongs to the record it was merged `into`."""
    journal.track_row(PersonRow, person.id)
    row = PersonRow
    row.update(
        merged_into=into, active=False, email_key=f"#{person.id} {person.email.casefold()}", search="",
        version=person.version + 1,
    ).where(row.id == person.id).execute()  # fmt: skip
    PersonWordRow.delete().where(PersonWordRow.person == person.id).execute()


def give_number_away(person_id: int) -> None:
    """Take the employee number of a record, so that another can have it."""
    journal.track_row(PersonRow, person_id)
    PersonRow.update(employee_number=None).where(PersonRow.id == person_id).execute()


def store_former_address(person_id: int, email: str, until: datetime) -> None:
    """Keep an address that a person is still to be found by."""
    journal.track_row(PersonRow, person_id)
    row = PersonAddressRow
    key = email.casefold()
    if not row.select().where(row.person == person_id, row.email_key == key).exists():
        row.insert(person=person_id, email=email, email_key=key, until=until.date()).execute()


def move_make_ups(giver: int, taker: int) -> int:
    """Move the make-ups of one record to another and return their number; two for one session become one."""
    row = MakeUpRow
    taken = {session for (session,) in as_tuples(row.select(row.session).where(row.person == taker, row.active))}
    found = as_tuples(row.select(row.id, row.session, row.active).where(row.person == giver))
    for make_up_id, session, active in found:
        journal.track_row(row, make_up_id)
        values: dict[Any, Any] = {row.person: taker, row.version: row.version + 1}
        if active and session in taken:
            values[row.active] = False
        row.update(values).where(row.id == make_up_id).execute()
    return len(found)


def move_marks(giver: int, taker: int) -> list[int]:
    """Move the marks of one record to another and return the sessions; of two marks the better one is kept."""
    row = MarkRow
    sessions = [session for (session,) in as_tuples(row.select(row.session).where(row.person == giver))]
    for session_id in sessions:
        journal.track_row(RegisterRow, session_id)
        here = row.session == session_id
        marks = {
            person: MarkKind(mark)
            for person, mark in as_tuples(row.select(row.person, row.mark).where(here, row.person.in_((giver, taker))))
        }
        worse = taker if _rank(marks[giver]) < _rank(marks.get(taker)) else giver
        if taker in marks:
            row.delete().where(here, row.person == worse).execute()
        row.update(person=taker).where(here, row.person == giver).execute()
    return sessions


def _rank(mark: MarkKind | None) -> int:
    return len(_BEST_FIRST) if mark is None or mark not in _BEST_FIRST else _BEST_FIRST.index(mark)


def move_facilitations(giver: int, taker: int) -> int:
    """Move the sessions that one record leads to another and return their number."""
    row = FacilitationRow
    sessions = [session for (session,) in as_tuples(row.select(row.session).where(row.person == giver))]
    for session_id in sessions:
        journal.track_row(row, session_id)
        row.delete().where(row.session == session_id, row.person == giver).execute()
        if not row.select().where(row.session == session_id, row.person == taker).exists():
            row.insert(session=session_id, person=taker).execute()
    return len(sessions)


def move_memberships(giver: int, taker: int) -> list[str]:
    """Move the memberships and commitments of one record to another and return the names of the groups.

    Two memberships at one time become one, from the earlier day.
    """
    row = MembershipRow
    own = {
        group: (membership, joined)
        for membership, group, joined in as_tuples(
            row.select(row.id, row.group, row.joined).where(row.person == taker, row.left_on.is_null())
        )
    }
    names = []
    found = row.select(row.id, row.group, GroupRow.name, row.joined, row.left_on).join(GroupRow)
    for membership, group, name, joined, left_on in as_tuples(found.where(row.person == giver)):
        names.append(name)
        journal.track_row(row, membership)
        if left_on is None and group in own:
            kept, since = own[group]
            row.delete().where(row.id == membership).execute()
            if joined < since:
                journal.track_row(row, kept)
                row.update(joined=joined).where(row.id == kept).execute()
        else:
            row.update(person=taker).where(row.id == membership).execute()
    promised = CommitmentRow.select(CommitmentRow.id).where(CommitmentRow.person == giver)
    for (commitment_id,) in as_tuples(promised):
        journal.track_row(CommitmentRow, commitment_id)
        CommitmentRow.update(person=taker).where(CommitmentRow.id == commitment_id).execute()
    return sorted(set(names))


def move_evaluations(giver: int, taker: int) -> int:
    """Move the returned evaluations of one record to another and return their number; of two the later one is kept."""
    row = EvaluationRow
    own = {
        (event, stage): (form, received)
        for form, event, stage, received in as_tuples(
            row.select(row.id, row.event, row.stage, row.received).where(row.person == taker)
        )
    }
    found = as_tuples(row.select(row.id, row.event, row.stage, row.received).where(row.person == giver))
    for form, event, stage, received in found:
        journal.track_row(row, form)
        if (event, stage) in own:
            other, since = own[event, stage]
            journal.track_row(row, other)
            row.delete().where(row.id == (form if received <= since else other)).execute()
            if received <= since:
                continue
        row.update(person=taker).where(row.id == form).execute()
    return len(found)


def move_invitations(giver: int, taker: int) -> int:
    """Move the invitations of one record, with their UIDs, and return their number.

    Where both were invited to a session, that of the giver stays, so that it can be cancelled in the mailbox it is in.
    """
    row = InvitationRow
    both = row.select(row.session).where(row.person == taker)
    found = as_tuples(row.select(row.id).where(row.person == giver, row.session.not_in(both)))
    for (invitation_id,) in found:
        journal.track_row(row, invitation_id)
        row.update(person=taker).where(row.id == invitation_id).execute()
    return len(found)


def move_managed_people(giver: int, taker: int) -> int:
    """Make one record the line manager of everybody who had the other, and return how many they are."""
    row = PersonRow
    found = as_tuples(row.select(row.id).where(row.manager == giver, row.id != taker))
    for (person_id,) in found:
        journal.track_row(row, person_id)
        row.update(manager=taker, version=row.version + 1).where(row.id == person_id).execute()
    return len(found)


def fetch_completed_courses(person_ids: list[int]) -> set[int]:
    """Return the ids of the courses that any of the records has completed, or has learnt something of earlier."""
    row = CompletionRow
    courses = {course for (course,) in as_tuples(row.select(row.course).where(row.person.in_(person_ids)))}
    return courses | earlier_learning.fetch_earlier_courses(person_ids)


def fetch_double_records(alike: Callable[[str, str, str], Hashable]) -> list[DoubleRecord]:
    """Return each record that is probably the same person as an earlier one.

    `alike` returns of forename, surname and organisation what two records of one person have in common. People with two
    employee numbers, or in two teams, are two.
    """
    first: dict[Hashable, Person] = {}
    doubles = []
    for person in people.fetch_everybody():
        earlier = first.setdefault(alike(person.forename, person.surname, person.organisation), person)
        numbers = {earlier.employee_number, person.employee_number} - {None}
        teams = {earlier.team.casefold(), person.team.casefold()} - {""}
        if earlier is not person and len(numbers) < 2 and len(teams) < 2:
            doubles.append(DoubleRecord(earlier.key, earlier.name, person.key, person.name, person.organisation))
    return doubles
