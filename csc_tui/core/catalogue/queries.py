"""The catalogue as it is shown: each course with its modules, rules, resources and events of a year."""

from collections.abc import Mapping
from dataclasses import dataclass

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from db import catalogue as catalogue_store
from db.engine.connection import read_transaction
from db.records.catalogue import BookingRules, CatalogueCourse, CompletionRules, CourseCounts, Module, Resource, Strand
from db.records.startup import EventLine


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A course of the catalogue.

    `resources` are those of the course and its strand; `events` those of the year and those without a date.
    """

    course: CatalogueCourse
    modules: tuple[Module, ...]
    booking: BookingRules
    completion: CompletionRules
    running: CourseCounts
    events: tuple[EventLine, ...]
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole catalogue; `year` is the programme year of its events, such as 2017/18."""

    year: str
    strands: tuple[Strand, ...]
    entries: tuple[CatalogueEntry, ...]


def show_catalogue(ctx: Context, year: int | None = None) -> Catalogue:
    """Return every strand and course, retired ones too, with the events of a programme year.

    Without `year` it is the current one.
    """
    shown = programme_years.current_programme_year(ctx) if year is None else year
    first, last = programme_years.programme_year_bounds(shown, ctx.first_month)
    events = _by_course(people_queries.list_events(ctx, first=first, last=last))
    with read_transaction():
        running = {each.course_id: each for each in catalogue_store.fetch_course_counts(first, last)}
        resources, modules = catalogue_store.fetch_resources(), catalogue_store.fetch_modules()
        entries = tuple(
            CatalogueEntry(
                course,
                tuple(each for each in modules if each.course_id == course.id),
                catalogue_store.fetch_booking_rules(course.id),
                catalogue_store.fetch_completion_rules(course.id),
                running.get(course.id, CourseCounts(course.id, 0, 0, 0, 0)),
                tuple(events.get(course.code, ())),
                tuple(each for each in resources if _supports(each, course)),
            )
            for course in catalogue_store.fetch_all_courses()
        )
        return Catalogue(programme_years.programme_year_label(shown), tuple(catalogue_store.fetch_strands()), entries)


def show_course(ctx: Context, code: str) -> CatalogueEntry:
    """Return a course with its events of this programme year. Raises NotFound."""
    with read_transaction():
        wanted = catalogue_store.find_course(code).id
    return next(each for each in show_catalogue(ctx).entries if each.course.id == wanted)


def _by_course(found: list[EventLine]) -> Mapping[str, list[EventLine]]:
    by_course: dict[str, list[EventLine]] = {}
    for each in found:
        by_course.setdefault(each.course, []).append(each)
    return by_course


def _supports(resource: Resource, course: CatalogueCourse) -> bool:
    return resource.course == course.code or (not resource.course and resource.strand == course.strand)
