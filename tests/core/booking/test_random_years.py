"""Years made up by lot, with everything odd that happens in one: every figure is that of a second, plain count."""

from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.core.attendance import outcomes
from csc_tui.core.reports import queries as reports_queries
from db import booking, models
from db.engine.connection import read_transaction, write_transaction
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.catalogue import CompletionRule
from db.records.reports import Report
from tests import builders

DAYS = (
    *(date(2016, 2, 29), date(2016, 3, 31), date(2016, 4, 1), date(2017, 3, 31), date(2017, 4, 1), date(2018, 3, 31)),
    *(date(2018, 4, 1), date(2017, 3, 26), date(2017, 10, 29), date(2017, 5, 31), date(2017, 6, 30)),
)
TODAY = date(2018, 2, 28)
THERE = ("present", "late", "left_early")
NAMES = ("Jo Smith", "Ann Lee", "Bo Ek")
HOMES = (("Police", "North"), ("Police", "South"), ("Health", ""), ("", ""))


@dataclass(frozen=True)
class Attendance:
    """One mark of somebody who was there by now."""

    person: int
    course: int
    module: int | None
    on: date
    minutes: int


class Recount:
    """Everything stored, read table by table, and counted in plain loops."""

    def __init__(self) -> None:
        with read_transaction():
            tables = (
                models.PersonRow,
                models.EventRow,
                models.SessionRow,
                models.MarkRow,
                models.CourseRow,
                models.ModuleRow,
            )
            self.people, self.events, self.sessions, self.marks, self.courses, modules = (
                list(table.select().dicts()) for table in tables
            )
            organisations = {each["id"]: each["name"] for each in models.OrganisationRow.select().dicts()}
            teams = {each["id"]: each["name"] for each in models.TeamRow.select().dicts()}
            self.enrolments = list(models.EnrolmentRow.select().dicts())
        self.course_of = {each["id"]: each["course"] for each in self.events}
        session_of = {each["id"]: each for each in self.sessions}
        self.modules: dict[int, dict[int, int]] = defaultdict(dict)
        for each in modules:
            self.modules[each["course"]][each["id"]] = each["minutes"]
        self.home = {
            each["id"]: (organisations.get(each["organisation"], ""), teams.get(each["team"], ""))
            for each in self.people
        }
        self.there: list[Attendance] = []
        self.read: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for mark in self.marks:
            session = session_of[mark["session"]]
            if session["date"] > TODAY:
                continue
            self.read.append((mark, session))
            start, end = session["start"], session["end"]
            whole = (end.hour - start.hour) * 60 + end.minute - start.minute
            if mark["mark"] in THERE:
                noted = mark["minutes"]
                self.there.append(
                    Attendance(
                        mark["person"], self.course_of[session["event"]], session["module"], session["date"],
                        whole if noted is None or noted > whole else noted,
                    )
                )  # fmt: skip

    def developed(self, first: date, course: int | None = None) -> set[int]:
        return {each.person for each in self.there if each.on >= first and course in (None, each.course)}

    def completed(self, person: int, course: dict[str, Any]) -> date | None:
        """Day by day: on which day was the rule met with what was attended since it was met last?"""
        mine = sorted((each for each in self.there if (each.person, each.course) == (person, course["id"])),
                      key=lambda each: each.on)  # fmt: skip
        needed, begun, met = self.modules[course["id"]], 0, None
        for place in range(len(mine)):
            since = mine[begun : place + 1]
            credit = {
                module: min(max((each.minutes for each in since if each.module == module), default=0), minutes)
                for module, minutes in needed.items()
            }
            if course["completion_rule"] == "share_of_hours":
                done = sum(credit.values()) * 100 >= course["completion_share"] * sum(needed.values())
            else:
                done = {each.module for each in since} >= set(needed)
            if done and (met is None or course["validity_months"]):
                met, begun = mine[place].on, place + 1
        return met


def made_up(chance: Random) -> None:
    with write_transaction():
        rules = (("BR", "all_modules", 100, 12), ("SOS-INTRO", "share_of_hours", 60, None),
                 ("SOS-BRIEF", "all_modules", 100, 1))  # fmt: skip
        for code, rule, share, months in rules:
            models.CourseRow.update(
                completion_rule=CompletionRule(rule), completion_share=share, validity_months=months
            ).where(models.CourseRow.code == code).execute()
    people = []
    for number in range(30):
        organisation, team = chance.choice(HOMES)
        kind, active = chance.choice(("staff", "partner")), chance.random() < 0.9
        people.append(
            builders.person(chance.choice(NAMES), email=f"p{number}@example.org", organisation=organisation, team=team,
                            is_manager=chance.random() < 0.3, kind=kind, active=active)
        )  # fmt: skip
    for number in range(25):
        code = chance.choice(("BR", "SOS-INTRO", "SOS-BRIEF", "RL", "SOS-PL"))
        first = chance.choice((*DAYS, *(date(2015, 4, 1) + timedelta(days=chance.randrange(1_150)) for _ in range(12))))
        days = [first + timedelta(days=7 * step) for step in range(chance.randrange(4))]
        on = builders.event(
            f"X-{number:02d}", course=code, capacity=chance.choice((0, 8, 40)), dates=[day.isoformat() for day in days],
            start=chance.choice(("00:15", "09:30", "09:30")), end=chance.choice(("12:30", "16:45", "10:10")),
            state=chance.choice(("confirmed", "delivered", "closed", "cancelled", "open", "draft")),
        )  # fmt: skip
        with write_transaction():
            of_event = models.SessionRow.event == on.id
            sessions = list(models.SessionRow.select().where(of_event).order_by(models.SessionRow.number))
            if days and chance.random() < 0.3:  # the first module over and over
                models.SessionRow.update(module=sessions[0].module_id).where(of_event).execute()
            for who in chance.sample(people, 12):
                if chance.random() < 0.7:
                    status = chance.choice((Status.BOOKED, Status.CANCELLED, Status.WAITLISTED))
                    models.EnrolmentRow.insert(
                        event=on.id, person=who.id, status=status, since=builders.STAMP
                    ).execute()
                for each in sessions:
                    if each.date <= TODAY and chance.random() < 0.7:
                        kind = chance.choice(list(MarkKind))
                        minutes = chance.choice((None, 5, 90, 180)) if kind.attended else None
                        models.MarkRow.insert(session=each.id, person=who.id, mark=kind, minutes=minutes,
                                           at=builders.STAMP, actor="alice").execute()  # fmt: skip
            booking.update_event_counts(on.id)


def column(found: Report, name: str, *by: str) -> dict[str, Any]:
    place = found.columns.index(name)
    return {str(row[1]): row[place] for row in found.rows if not by or row[0] in by}


def nonzero(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_of_a_random_year_is_that_of_a_plain_count(ctx: Context, seed: int) -> None:
    made_up(Random(seed))
    ctx = builders.at(ctx, f"{TODAY}T09:00")
    recount = Recount()
    with write_transaction():
        for course in recount.courses:
            outcomes.recalculate_completions(ctx, course["id"])
    headline, start = reports_queries.get_report(ctx, "headline"), date(2017, 4, 1)
    always = date(1900, 1, 1)
    for name, first in (("people", start), ("since_start", always)):
        everyone = recount.developed(first)
        assert column(headline, name, "all") == {"everyone": len(everyone)}
        assert column(headline, name, "course") == {
            each["title"]: len(recount.developed(first, each["id"])) for each in recount.courses
        }
        facts = {each["id"]: each for each in recount.people}
        managers = Counter("managers" if facts[each]["is_manager"] else "others" for each in everyone)
        assert nonzero(column(headline, name, "managers")) == managers
        assert nonzero(column(headline, name, "staff or partner")) == Counter(facts[each]["kind"] for each in everyone)
        assert nonzero(column(headline, name, "organisation")) == Counter(
            recount.home[each][0] or "not recorded" for each in everyone
        )
        assert nonzero(column(headline, name, "team")) == Counter(
            ", ".join(reversed(recount.home[each])) if recount.home[each][1] else "not recorded" for each in everyone
        )
    by_year = defaultdict(set)
    for each in recount.there:
        by_year[each.on.year if each.on.month >= 4 else each.on.year - 1].add(each.person)
    assert column(headline, "people", "year") == {
        f"{number}/{(number + 1) % 100}": len(who) for number, who in sorted(by_year.items())
    }
    number_of = Counter(
        (each["title"], len({one.module for one in recount.there if (one.person, one.course) == (who, each["id"])}))
        for each in recount.courses for who in recount.developed(always, each["id"])
    )  # fmt: skip
    for each in recount.courses:
        for said, people in column(headline, "since_start", f"modules of {each['title']}").items():
            assert people == number_of[each["title"], int(said.split()[0])], (each["code"], said)

    attendance = reports_queries.get_report(ctx, "attendance")
    of_year = [mark for mark, session in recount.read if session["date"] >= start]
    row = dict(zip(attendance.columns, attendance.rows[0], strict=True))
    assert row["attended"] == sum(mark["mark"] in THERE for mark in of_year)
    assert (row["apologies"], row["absent"]) == tuple(
        sum(mark["mark"] == kind for mark in of_year) for kind in ("apologies", "absent")
    )
    begun = [
        each for each in recount.events
        if each["first_date"] and start <= each["first_date"] <= TODAY and each["state"] not in ("draft", "cancelled")
    ]  # fmt: skip
    booked = Counter(each["event"] for each in recount.enrolments if each["status"] >= Status.BOOKED)
    assert (row["events"], row["places"]) == (len(begun), sum(each["capacity"] for each in begun))
    assert row["booked"] == sum(booked[each["id"]] for each in begun)

    completions = {
        (person["id"], course["code"]): met
        for person in recount.people for course in recount.courses if (met := recount.completed(person["id"], course))
    }  # fmt: skip
    assert len(completions) > 5
    with read_transaction():
        query = models.CompletionRow.select(models.CompletionRow.person, models.CourseRow.code, models.CompletionRow.on)
        assert {(who, code): on for who, code, on in query.join(models.CourseRow).tuples()} == completions

    def stands(who: int, course: dict[str, Any]) -> str:
        """In words, from the day of completion."""
        on, months = completions.get((who, course["code"])), course["validity_months"]
        if on is None or months is None:
            return "in date" if on else "never"
        year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
        last = date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
        return "out" if last < TODAY else "due" if last < TODAY + timedelta(days=60) else "in date"

    teams = reports_queries.get_report(ctx, "compliance")
    for course in recount.courses:
        if course["code"] in teams.columns:
            held = Counter(
                recount.home[each["id"]] for each in recount.people
                if each["active"] and stands(each["id"], course) in ("in date", "due")
            )  # fmt: skip
            place = teams.columns.index(course["code"])
            lines = {(str(row[0]), str(row[1])): row[place] for row in teams.rows}
            assert lines.get(("Police", "North"), 0) == held["Police", "North"], course["code"]
            assert lines.get(("Police", "all of it"), 0) == held["Police", "North"] + held["Police", "South"]
    for name in ("Police", "Health"):
        for row in reports_queries.get_report(ctx, "compliance", reports_queries.ReportQuestion(team=name)).rows:
            line = dict(
                zip(
                    teams.columns[:0]
                    + reports_queries.get_report(ctx, "compliance", reports_queries.ReportQuestion(team=name)).columns,
                    row,
                    strict=True,
                )
            )
            who = int(str(line["person"]).removeprefix("#"))
            for course in recount.courses:
                if line.get(course["code"]):
                    assert line[course["code"]] == stands(who, course), (course["code"], line)

    minutes = Counter[str]()
    for each in recount.there:
        if next(one for one in recount.people if one["id"] == each.person)["active"] and each.on >= start:
            minutes[recount.home[each.person][0] or "no organisation"] += each.minutes
    hours = reports_queries.get_report(ctx, "hours")
    summed = Counter[str]()
    for row in hours.rows:
        if row[1] == "all of it" or (row[0] == "Health" and row[1] != "no team"):
            summed[str(row[0])] += float(row[3] or 0)
    assert {name: round(value, 1) for name, value in summed.items() if value} == {
        name: round(value / 60, 1) for name, value in minutes.items() if value
    }
