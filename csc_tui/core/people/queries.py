"""What the window and the cards ask: read-only, as records. The lists are `db.lookups`, as on the command line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.core.attendance import outcomes
from csc_tui.core.attendance.completion import Attended, progress, standing
from db import attendance, booking, calendar, imports, invitations, lookups, makeups
from db import catalogue as catalogue_store
from db import groups as group_store
from db import history as history_store
from db import people as person_store
from db.engine import search as engine_search
from db.engine.connection import database, reading
from db.records.booking import MakeUpLine, RosterLine, WaitingLine
from db.records.calendar import EventCard
from db.records.catalogue import Course
from db.records.first_picture import EventLine, FoundPerson, SessionLine
from db.records.groups import GroupLine
from db.records.history import HistoryLine
from db.records.people import CourseProgress, Hours, PersonCard

RECENT = 100
"""History lines on a card."""
MANY = lookups.MANY
"""Where counting stops."""
ALL = 10_000_000
"""For a list that is to be whole: more people than there are."""


def people(ctx: Context, text: str, *, limit: int = 200) -> tuple[list[FoundPerson], int]:
    """The first people of whom every fragment begins some word, and how many there are (no more than MANY)."""
    with reading():
        raw = database.connection()
        found = [FoundPerson(*row) for row in lookups.people(raw, text, ctx.today().isoformat(), limit)]
        return found, len(found) if len(found) < limit else lookups.count_people(raw, text)


def free(ctx: Context, text: str = "", *, everything: bool = False) -> list[EventLine]:
    """Events that can be booked now: those with a place left, or with `everything` the full ones, too."""
    now = ctx.now()
    with reading():
        rows = lookups.events(
            database.connection(), text, bookable=(f"{now:%Y-%m-%d}", f"{now:%H:%M}"), free=not everything
        )
    return [EventLine(*row) for row in rows]


def events(ctx: Context, text: str = "", *, first: date | None = None, last: date | None = None) -> list[EventLine]:
    """Every event whose first date lies between the two, drafts and those to be confirmed included."""
    with reading():
        rows = lookups.events(
            database.connection(), text, first=first.isoformat() if first else "", last=last.isoformat() if last else ""
        )
    return [EventLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Courses and venues with the words they are found by: few enough to be read once for many questions."""

    courses: list[tuple[list[str], Course]]
    venues: list[tuple[list[str], str]]

    def find(self, text: str) -> tuple[list[Course], list[str]]:
        """Those of whose code, title, strand or name every fragment begins some word."""
        typed = engine_search.fragments(text)

        def fits(known: list[str]) -> bool:
            return all(any(word.startswith(piece) for word in known) for piece in typed)

        return [each for known, each in self.courses if fits(known)], [
            each for known, each in self.venues if fits(known)
        ]


def shelf(ctx: Context) -> Shelf:
    """Every course and venue, for finding among them."""
    with reading():
        catalogue, names = catalogue_store.catalogue(), sorted({name for name, _ in imports.known_venues()})
    return Shelf(
        [(engine_search.words((each.code, each.title, each.strand)), each) for each in catalogue],
        [(engine_search.words((name,)), name) for name in names],
    )


def sessions_between(ctx: Context, first: date, last: date, *, undated: bool = False) -> list[SessionLine]:
    """Every session from first to last, cancelled events included; with `undated` those to be confirmed come last."""
    with reading():
        raw = database.connection()
        rows = lookups.sessions(raw, first.isoformat(), last.isoformat(), cancelled=True)
        if undated:
            rows += lookups.sessions(raw, "", "", cancelled=True, undated=True)
    return [SessionLine(*row) for row in rows]


def event_card(ctx: Context, reference: str) -> EventCard:
    """An event with its sessions, roster, queue and latest history. Raises NoSuchEvent."""
    with reading():
        event = calendar.get(reference)
        raw = database.connection()
        names = {name for each in calendar.facilitators(event.id).values() for _, name in each}
        return EventCard(
            event=event,
            sessions=[SessionLine(*row) for row in lookups.event_sessions(raw, reference)],
            roster=[RosterLine(*row) for row in lookups.roster(raw, reference)],
            waiting=[WaitingLine(*row) for row in lookups.waiting(raw, reference)],
            make_ups=[MakeUpLine(*row) for row in lookups.make_ups(raw, reference)],
            facilitators=sorted(names),
            history=_local(ctx, history_store.lines(event_id=event.id, limit=RECENT)),
        )


def person_card(ctx: Context, reference: str) -> PersonCard:
    """Everything a coordinator is asked about one person. Raises NoSuchPerson, AmbiguousPerson."""
    with reading():
        person = person_store.find(reference)
        led = calendar.led_by(person.id)
        today = ctx.today().isoformat()
        return PersonCard(
            person=person,
            leads=[each for each in led if not each.date or each.date >= today],
            led=[each for each in reversed(led) if each.date and each.date < today],
            manager=person_store.get(person.manager_id).name if person.manager_id else "",
            enrolments=booking.of_person(person.id),
            completions=_as_of_today(ctx, person.id, completions(person.id)),
            hours=hours(ctx, person.id),
            invitations=invitations.of_person(person.id),
            history=_local(ctx, history_store.lines(person_id=person.id, limit=RECENT)),
            groups=group_store.of_person(person.id, ctx.today()),
        )


def addresses(ctx: Context, keys: Sequence[str]) -> list[str]:
    """The e-mail addresses of these people, by their keys, once each and in that order."""
    with reading():
        found = person_store.by_ids([int(key.lstrip("#")) for key in keys])
    return list(dict.fromkeys(found[int(key.lstrip("#"))].email for key in keys if int(key.lstrip("#")) in found))


def completions(person_id: int) -> list[CourseProgress]:
    """How far the person has come with each course they attended; inside reading() or writing()."""
    return progress([Attended(*row) for row in attendance.attended(person_id)], outcomes.courses_needed())


def hours(ctx: Context, person_id: int) -> list[Hours]:
    """The hours of attended learning (CPD) of each programme year, latest first; inside reading() or writing()."""
    first_month = int(ctx.policy["first_month"])
    minutes: Counter[int] = Counter()
    for on, _, attended in attendance.hours_of(person_id):
        minutes[programme_years.programme_year(on, first_month)] += attended
    return [Hours(programme_years.label(year), round(minutes[year] / 60, 2)) for year in sorted(minutes, reverse=True)]


def _as_of_today(ctx: Context, person_id: int, found: list[CourseProgress]) -> list[CourseProgress]:
    """The same with what is booked and to be had, and with how a completion stands that has to be refreshed."""
    if not found:
        return found
    lacking = attendance.modules_missing(person_id)
    coming = {module for _, module in lacking} - {
        module for _, module in attendance.modules_missing(person_id, ctx.today())
    }
    chances = _chances(ctx, person_id, lacking)
    needed = {each.course: each for each in outcomes.courses_needed().values()}
    return [
        replace(
            each,
            next_chance=chances.get(each.course, ""),
            standing=standing(date.fromisoformat(each.on), needed[each.course].validity_months, ctx.today())
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
    """By course code, the next session in which a missing module can be had: one that the person is booked on, or that
    has a place."""
    booked = booking.events_booked(person_id)
    chances: dict[str, str] = {}
    for course, session in sorted(
        makeups.sessions_for(lacking, after=ctx.today()), key=lambda each: (str(each[1].date), each[1].id)
    ):
        if course not in chances and (session.event_id in booked or calendar.by_id(session.event_id).free):
            chances[course] = f"{session.event} session {session.number}, {session.date}"
    return chances


def groups(ctx: Context, text: str = "", *, limit: int = 50) -> list[GroupLine]:
    """Groups and teams of whose name every fragment is a part, with how many belong to them today."""
    with reading():
        return [GroupLine(*row) for row in group_store.found(text, ctx.today(), limit)]


def history(
    ctx: Context,
    *,
    event: str = "",
    person: str = "",
    actor: str = "",
    since: date | None = None,
    limit: int | None = None,
) -> list[HistoryLine]:
    """Who did what, newest first, by the council's clock. Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson."""
    with reading():
        found = history_store.lines(
            event_id=calendar.get(event).id if event else None,
            person_id=person_store.find(person).id if person else None,
            actor=actor or None,
            since=ctx.utc(datetime.combine(since, time.min)) if since else None,
            limit=limit,
        )
    return _local(ctx, found)


def _local(ctx: Context, found: list[HistoryLine]) -> list[HistoryLine]:
    return [replace(line, at=ctx.local(line.at)) for line in found]
