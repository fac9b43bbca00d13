"""Registers, outcomes and evaluations of the demonstration's year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.demo.year import ADMINISTRATOR, COORDINATOR, DemoYear, Row
from db.records.attendance import MarkKind
from db.records.booking import Enrolment, Status
from db.records.calendar import Event, Session
from db.records.evaluation import Stage
from db.records.startup import EventState

MARKS = (MarkKind.PRESENT, MarkKind.LATE, MarkKind.LEFT_EARLY, MarkKind.APOLOGIES, MarkKind.ABSENT)
MARK_WEIGHTS = (84, 5, 3, 5, 3)
"""The frequency of each of MARKS, in percent."""
CLOSED = timedelta(days=21)
"""The time after an event's last day at which it is closed."""
THREE_MONTHS = timedelta(days=91)
"""The time after an event at which the second evaluation is asked for."""
WORDS = (
    "Begin each meeting with what is going well.",
    "Use scaling questions with the family.",
    "Ask before I advise.",
    "Draw up the safety plan together with grandparents and school.",
    "More practice in small groups, please.",
    "Nothing new for me, but a good reminder.",
)
"""The answers in free text."""


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """A question of a course; `position` is its place in the form: agreement, a scale of 1 to 5, free text."""

    id: int
    course_id: int
    stage: Stage
    position: int


class DemoRegisters:
    """Takes the registers of sessions that are over; the one of the session that began last is only half taken."""

    def __init__(self, year: DemoYear, questions: Sequence[DemoQuestion]) -> None:
        self.year, self.questions = year, questions
        self.registers: list[Row] = []
        self.marks: dict[tuple[int, int], Row] = {}
        self.evaluations: list[Row] = []
        self.answers: list[Row] = []
        sessions = [each for event in year.events for each in year.sessions[event.id]]
        begun = [each for each in sessions if each.starts and each.starts <= year.now]
        self.unfinished = max(begun, key=lambda each: (each.starts, each.id), default=None)

    def take(self, event: Event) -> None:
        """Mark the people at each session of an event; with the last session the places get their outcomes."""
        sessions = self.year.sessions[event.id]
        over = [each for each in sessions if each.ends and each.ends + timedelta(hours=1) <= self.year.until]
        complete = bool(over) and len(over) == len(sessions) and self.unfinished not in sessions
        for session in over:
            if session != self.unfinished and session.ends and self.year.live(event):
                self._take(event, session, session.ends)
        if complete and over[-1].ends:
            self._deliver(event, over[-1].ends)

    def begin_the_last(self) -> None:
        """Mark every other person of the unfinished session; the rest are still to be marked."""
        session = self.unfinished
        if session is None or session.starts is None:
            return
        at = min(self.year.now, session.starts + timedelta(minutes=15))
        self.registers.append((session.id, COORDINATOR, self.year.utc(at), None, None))
        roster = [each for each in self.year.rosters[session.event_id] if each.status is Status.BOOKED]
        kinds = (MarkKind.PRESENT, MarkKind.PRESENT, MarkKind.LATE, MarkKind.PRESENT, MarkKind.APOLOGIES)
        for number, each in enumerate(roster[::2]):
            self._mark(session, each, kinds[number % len(kinds)], at)
            self._settle(each, at)

    def _settle(self, enrolment: Enrolment, at: datetime) -> Status:
        """Give a place its outcome once there is a mark for each session, and return its status."""
        keys = [(session.id, enrolment.person_id) for session in self.year.sessions[enrolment.event_id]]
        marks = [self.marks[key][2] if key in self.marks else None for key in keys]
        status = attendance_rules.status_from_marks([mark if isinstance(mark, MarkKind) else None for mark in marks])
        if status is not Status.BOOKED:
            self.year.replace(replace(enrolment, status=status, since=self.year.utc(at)))
        return status

    def _take(self, event: Event, session: Session, ended: datetime) -> None:
        year = self.year
        at = ended + timedelta(minutes=year.chance.randint(5, 40))
        for each in year.live(event):
            mark = year.chance.choices(MARKS, MARK_WEIGHTS)[0]
            self._mark(session, each, mark, at)
            if not mark.attended:
                year.comes_back(event, each.person_id, at)
        signed = datetime.combine(ended.date() + timedelta(days=1), time(10, 15))
        signature = (ADMINISTRATOR, year.utc(signed)) if signed <= year.until else (None, None)
        self.registers.append((session.id, COORDINATOR, year.utc(at), *signature))
        year.write(at, COORDINATOR, "register taken", f"{event.reference} session {session.number}", event)

    def _mark(self, session: Session, enrolment: Enrolment, mark: MarkKind, at: datetime) -> None:
        """Store a mark, with the minutes of a person who came late or left early."""
        minutes = None
        if mark in (MarkKind.LATE, MarkKind.LEFT_EARLY) and session.starts and session.ends:
            minutes = (session.ends - session.starts).seconds // 60 - 5 * self.year.chance.randint(2, 9)
        key = session.id, enrolment.person_id
        self.marks[key] = (*key, mark, minutes, self.year.utc(at), COORDINATOR)

    def _deliver(self, event: Event, ended: datetime) -> None:
        """Give each place its outcome, and collect evaluations of the people who came."""
        for each in self.year.live(event):
            status = self._settle(each, ended + timedelta(minutes=45))
            if status >= Status.PARTIALLY_ATTENDED:
                self._evaluate(event, each, Stage.ON_THE_DAY, ended, 0.72)
                self._evaluate(event, each, Stage.THREE_MONTHS, ended + THREE_MONTHS, 0.45)
        self.year.change_state(event, EventState.DELIVERED, ended + timedelta(minutes=50))
        if ended + CLOSED <= self.year.until:
            self.year.change_state(event, EventState.CLOSED, ended + CLOSED)

    def _evaluate(self, event: Event, enrolment: Enrolment, stage: Stage, asked: datetime, share: float) -> None:
        chance = self.year.chance
        received = asked + timedelta(hours=chance.randint(1, 120))
        if chance.random() > share or received > self.year.until:
            return
        number = len(self.evaluations) + 1
        self.evaluations.append((number, event.id, enrolment.person_id, stage, self.year.utc(received), "form"))
        pleased = chance.random() < 0.78
        for question in self.questions:
            if (question.course_id, question.stage) != (event.course_id, stage):
                continue
            if question.position == 1:
                self.answers.append((number, question.id, int(pleased), ""))
            elif question.position == 2:
                self.answers.append((number, question.id, chance.randint(3, 5) - (0 if pleased else 2), ""))
            elif chance.random() < 0.5:
                self.answers.append((number, question.id, None, chance.choice(WORDS)))
