"""Queries of the window and the cards, returned as records; lists use db.lookups, as the command line does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.base.history import localise_history_line
from csc_tui.base.rights import may_see_needs
from csc_tui.core.attendance import outcomes
from csc_tui.core.attendance.completion import AttendedModule, completion_standing, progress_by_course
from csc_tui.core.attendance.earlier_learning import describe_earlier_learning
from db import (
    attendance,
    booking,
    calendar,
    catalogue,
    earlier_learning,
    invitations,
    lookups,
    makeups,
    near_people,
    people_order,
)
from db import groups as group_store
from db import history as history_store
from db import people as person_store
from db.engine.connection import database, read_transaction
from db.records.attendance import UNKNOWN_DAY, HeldCompletion
from db.records.booking import FormerLine, MakeUpLine, RosterLine, WaitingLine
from db.records.calendar import EventCard
from db.records.groups import GroupLine
from db.records.history import HistoryLine
from db.records.list_order import ListOrder
from db.records.people import CourseProgress, LearningHours, PersonCard
from db.records.startup import EventLine, FoundPerson, SessionLine

RECENT = 100
"""The number of history lines on a card."""
MANY = lookups.COUNT_LIMIT
"""The number at which counting stops."""


def search_people(
    ctx: Context, text: str, *, limit: int = 200, order: ListOrder | None = None
) -> tuple[list[FoundPerson], int]:
    """Return the first people who match every fragment by the start of a word, and how many match (at most MANY).

    `order` is by one of PERSON_ORDERS; without it they come by surname, those with an exact word first.
    """
    today = ctx.today().isoformat()
    with read_transaction():
        raw = database.connection()
        if order is None:
            rows = lookups.find_people_by_words(raw, text, today, limit)
        else:
            rows = people_order.find_people_in_order(raw, text, today, limit, by=order.by, descending=order.descending)
        found = [FoundPerson(*row) for row in rows]
        return found, len(found) if len(found) < limit else lookups.count_people(raw, text)


def search_near_people(ctx: Context, text: str, *, limit: int) -> list[FoundPerson]:
    """Return the people whose names are nearest to a misspelt text; asked where search_people() finds nobody."""
    with read_transaction():
        raw = database.connection()
        return [
            FoundPerson(*row) for row in near_people.find_near_people_rows(raw, text, ctx.today().isoformat(), limit)
        ]


def list_bookable_events(ctx: Context, text: str = "", *, everything: bool = False) -> list[EventLine]:
    """Return the events that can be booked now and have a free place, or with `everything` the full ones, too."""
    now = ctx.now()
    with read_transaction():
        rows = lookups.find_events(
            database.connection(), text, bookable=(f"{now:%Y-%m-%d}", f"{now:%H:%M}"), free=not everything
        )
    return [EventLine(*row) for row in rows]


def list_events(
    ctx: Context, text: str = "", *, first: date | None = None, last: date | None = None
) -> list[EventLine]:
    """Return every event that begins between two days, drafts and those to be confirmed included."""
    with read_transaction():
        rows = lookups.find_events(
            database.connection(), text, first=first.isoformat() if first else "", last=last.isoformat() if last else ""
        )
    return [EventLine(*row) for row in rows]


def list_sessions_between(ctx: Context, first: date, last: date, *, undated: bool = False) -> list[SessionLine]:
    """Return every session from `first` to `last`, cancelled events included.

    With `undated` those to be confirmed come last.
    """
    with read_transaction():
        raw = database.connection()
        rows = lookups.find_sessions(raw, first.isoformat(), last.isoformat(), cancelled=True)
        if undated:
            rows += lookups.find_sessions(raw, "", "", cancelled=True, undated=True)
    return [SessionLine(*row) for row in rows]


def get_event_card(ctx: Context, reference: str) -> EventCard:
    """Return an event with its sessions, roster, queue and latest history. Raises NoSuchEvent."""
    with read_transaction():
        event = calendar.fetch_event(reference)
        raw = database.connection()
        names = {name for each in calendar.fetch_event_facilitators(event.id).values() for _, name in each}
        waiting = [WaitingLine(*row) for row in lookups.fetch_waiting_list(raw, reference)]
        make_ups = [MakeUpLine(*row) for row in lookups.fetch_make_ups(raw, reference)]
        return EventCard(
            event=event,
            sessions=[SessionLine(*row) for row in lookups.fetch_event_sessions(raw, reference)],
            roster=[RosterLine(*row) for row in lookups.fetch_roster(raw, reference)],
            waiting=waiting,
            make_ups=make_ups,
            former=[FormerLine(*row) for row in lookups.fetch_former_people(raw, reference)],
            facilitators=sorted(names),
            history=_local(ctx, history_store.fetch_history_lines(event_id=event.id, limit=RECENT)),
            contacts=person_store.fetch_contacts(
                [*(each.person for each in waiting), *(each.person for each in make_ups)]
            ),
        )


def get_person_card(ctx: Context, reference: str) -> PersonCard:
    """Return everything that coordinators ask about one person; needs are left out for somebody who may not see them.

    Raises NoSuchPerson and AmbiguousPerson.
    """
    with read_transaction():
        person = person_store.find_person(reference)
        if not may_see_needs(ctx):
            person = replace(person, dietary="", access_needs="")
        led = calendar.fetch_led_sessions(person.id)
        today = ctx.today().isoformat()
        return PersonCard(
            person=person,
            leads=[each for each in led if not each.date or each.date >= today],
            led=[each for each in reversed(led) if each.date and each.date < today],
            manager=person_store.fetch_person(person.manager_id).name if person.manager_id else "",
            enrolments=booking.fetch_person_enrolments(person.id),
            completions=_as_of_today(ctx, person.id, list_course_progress(person.id)),
            hours=list_cpd_hours(ctx, person.id),
            invitations=invitations.fetch_person_invitations(person.id),
            history=_local(ctx, history_store.fetch_history_lines(person_id=person.id, limit=RECENT)),
            groups=group_store.fetch_person_memberships(person.id, ctx.today()),
        )


def list_addresses(ctx: Context, keys: Sequence[str]) -> list[str]:
    """Return the e-mail addresses of people by their keys, each once and in that order; who has none is left out."""
    ids = [int(key.lstrip("#")) for key in keys]
    with read_transaction():
        found = person_store.fetch_people(ids)
    return list(dict.fromkeys(found[each].email for each in ids if each in found and found[each].email))


def list_course_codes(ctx: Context) -> list[str]:
    """Return the codes of all courses, archived ones included."""
    del ctx  # every query takes it
    with read_transaction():
        return [each.code for each in catalogue.fetch_all_courses()]


def list_course_progress(person_id: int) -> list[CourseProgress]:
    """Return a person's progress in each course they learnt anything of; to be called inside a transaction."""
    courses = outcomes.list_course_requirements()
    attended = [AttendedModule(*row) for row in attendance.fetch_person_modules(person_id)]
    whole: dict[int, list[HeldCompletion]] = {}
    told: dict[str, list[str]] = {}
    for each in earlier_learning.fetch_earlier_learning(person_ids=[person_id]):
        needed = courses[each.course_id]
        told.setdefault(needed.course, []).append(describe_earlier_learning(each, needed))
        if each.module_id is None:
            whole.setdefault(each.course_id, []).append(HeldCompletion(each.on, each.expires))
        elif module := outcomes.module_learnt_earlier(needed, each):
            attended.append(module)
    found = progress_by_course(attended, courses, whole)
    return [replace(each, earlier="; ".join(told.get(each.course, ()))) for each in found]


def list_cpd_hours(ctx: Context, person_id: int) -> list[LearningHours]:
    """Return the hours of attended learning (CPD) by programme year, latest first.

    To be called inside a transaction.
    """
    minutes: Counter[int] = Counter()
    for on, _, attended in attendance.fetch_attended_minutes(person_id):
        minutes[programme_years.programme_year_of(on, ctx.first_month)] += attended
    return [
        LearningHours(programme_years.programme_year_label(year), round(minutes[year] / 60, 2))
        for year in sorted(minutes, reverse=True)
    ]


def _as_of_today(ctx: Context, person_id: int, found: list[CourseProgress]) -> list[CourseProgress]:
    """Return progress with bookings, the next chance, and how a completion stands that has to be refreshed."""
    if not found:
        return found
    lacking = attendance.fetch_missing_modules(person_id)
    coming = {module for _, module in lacking} - {
        module for _, module in attendance.fetch_missing_modules(person_id, ctx.today())
    }
    chances = _chances(ctx, person_id, lacking)
    needed = {each.course: each for each in outcomes.list_course_requirements().values()}
    return [
        replace(
            each,
            next_chance=chances.get(each.course, ""),
            standing=completion_standing(
                date.fromisoformat(each.on) if each.on else UNKNOWN_DAY,
                needed[each.course].validity_months,
                ctx.today(),
                refresher_days=ctx.refresher_days,
                expires=date.fromisoformat(each.valid_until),
            )
            if each.valid_until
            else "",
            modules=" ".join(
                "booked" if module.id in coming else said
                for module, said in zip(needed[each.course].modules, each.modules.split(), strict=True)
            ),
        )
        for each in found
    ]


def _chances(ctx: Context, person_id: int, lacking: list[tuple[str, int]]) -> dict[str, str]:
    """Return the next session for a missing module, by course: one that is booked or has a free place."""
    booked = booking.fetch_booked_events(person_id)
    chances: dict[str, str] = {}
    for course, session in sorted(
        makeups.fetch_make_up_sessions(lacking, after=ctx.today()), key=lambda each: (str(each[1].date), each[1].id)
    ):
        if course not in chances and (session.event_id in booked or calendar.fetch_event_by_id(session.event_id).free):
            chances[course] = f"{session.event} session {session.number}, {session.date}"
    return chances


def search_groups(ctx: Context, text: str = "", *, limit: int = 50) -> list[GroupLine]:
    """Return the groups and teams with every fragment in their name, with how many belong to them today."""
    with read_transaction():
        return [GroupLine(*row) for row in group_store.find_groups_and_teams(text, ctx.today(), limit)]


def _local(ctx: Context, found: list[HistoryLine]) -> list[HistoryLine]:
    return [localise_history_line(ctx, line) for line in found]
