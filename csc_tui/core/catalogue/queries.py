"""The catalogue as it is looked at: each course with its modules, rules, resources, and its events of a year."""

from collections.abc import Mapping
from dataclasses import dataclass

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from db import catalogue as catalogue_store
from db.engine.connection import reading
from db.records.catalogue import BookingRules, CatalogueCourse, CompletionRules, Module, Resource, Running, Strand
from db.records.first_picture import EventLine


@dataclass(frozen=True, slots=True)
class Entry:
    """`resources` are those of the course and of its strand; `events` those of the year and those without a date."""

    course: CatalogueCourse
    modules: tuple[Module, ...]
    booking: BookingRules
    completion: CompletionRules
    running: Running
    events: tuple[EventLine, ...]
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The whole catalogue; `year` is the programme year its events are of, as 2017/18."""

    year: str
    strands: tuple[Strand, ...]
    entries: tuple[Entry, ...]


def catalogue(ctx: Context, year: int | None = None) -> Shelf:
    """Every strand and every course, the retired ones too, with what runs in a programme year (this one)."""
    first_month = int(ctx.policy["first_month"])
    shown = programme_years.programme_year(ctx.today(), first_month) if year is None else year
    first, last = programme_years.bounds(shown, first_month)
    events = _by_course(people_queries.events(ctx, first=first, last=last))
    with reading():
        running = {each.course_id: each for each in catalogue_store.running(first, last)}
        resources, modules = catalogue_store.resources(), catalogue_store.modules()
        entries = tuple(
            Entry(
                course,
                tuple(each for each in modules if each.course_id == course.id),
                catalogue_store.booking_rules(course.id),
                catalogue_store.completion_rules(course.id),
                running.get(course.id, Running(course.id, 0, 0, 0, 0)),
                tuple(events.get(course.code, ())),
                tuple(each for each in resources if _supports(each, course)),
            )
            for course in catalogue_store.ever_run()
        )
        return Shelf(programme_years.label(shown), tuple(catalogue_store.strands()), entries)


def one(ctx: Context, code: str) -> Entry:
    """One course, with its events of this programme year. Raises NotFound."""
    with reading():
        wanted = catalogue_store.find_ever_run(code).id
    return next(each for each in catalogue(ctx).entries if each.course.id == wanted)


def _by_course(found: list[EventLine]) -> Mapping[str, list[EventLine]]:
    by_course: dict[str, list[EventLine]] = {}
    for each in found:
        by_course.setdefault(each.course, []).append(each)
    return by_course


def _supports(resource: Resource, course: CatalogueCourse) -> bool:
    return resource.course == course.code or (not resource.course and resource.strand == course.strand)
