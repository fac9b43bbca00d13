"""The programme, its strands and its courses, with modules, questions, resources and baselines."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from peewee import JOIN, fn

from db import expressions
from db.engine import journal
from db.engine.mapping import as_records, as_tuples
from db.errors import Stale, UnknownName
from db.models import (
    BaselineRow,
    CourseRow,
    EarlierLearningRow,
    EventRow,
    GroupRow,
    MarkRow,
    ModuleRow,
    PrerequisiteRow,
    ProgrammeRow,
    QuestionRow,
    ResourceRow,
    SessionRow,
    StrandRow,
)
from db.records.catalogue import (
    BookingRules,
    CatalogueCourse,
    CompletionRules,
    Course,
    CourseCounts,
    Module,
    Programme,
    Resource,
    ResourceKind,
    Strand,
    Strictness,
    WaitingElsewhere,
)
from db.records.evaluation import AnswerKind, Stage
from db.records.groups import GroupKind
from db.records.reports import Baseline
from db.records.startup import EventState

AnyCourse = TypeVar("AnyCourse", Course, CatalogueCourse)


def fetch_programme() -> Programme | None:
    """Return the programme of the database; None while it is empty."""
    row = ProgrammeRow
    found = as_records(Programme, row.select(row.id, row.name, row.description, row.started).order_by(row.id).limit(1))
    return found[0] if found else None


def fetch_strands() -> list[Strand]:
    """Return the strands in order."""
    row = StrandRow
    return as_records(Strand, row.select(row.id, row.code, row.name, row.description).order_by(row.position))


def find_strand(text: str) -> Strand:
    """Return the strand with a code or name, in any case. Raises NotFound, naming the strands there are."""
    known = fetch_strands()
    for each in known:
        if text.strip().casefold() in (each.code.casefold(), each.name.casefold()):
            return each
    listed = ", ".join(f"{each.code} ({each.name})" for each in known) or "none yet"
    raise UnknownName(
        f"There is no strand '{text}'.", text, [name for each in known for name in (each.code, each.name)],
        otherwise=f"The strands are: {listed}.",
    )  # fmt: skip


def fetch_active_courses() -> list[Course]:
    """Return the courses that can be run, by strand and position."""
    row = CourseRow
    query = (
        row.select(
            row.id, row.code, row.title, StrandRow.name.alias("strand"), row.description, row.audience,
            row.impact_question, row.capacity, row.minimum, row.cutoff_days, row.version,
        )
        .join(StrandRow)
        .where(row.active)
        .order_by(StrandRow.position, row.position)
    )  # fmt: skip
    return as_records(Course, query)


def fetch_course_names() -> dict[str, tuple[str, str, str]]:
    """Return (strand code, strand name, title) of every course, archived ones included, by course code."""
    query = CourseRow.select(CourseRow.code, StrandRow.code, StrandRow.name, CourseRow.title).join(StrandRow)
    return {code: (strand, name, title) for code, strand, name, title in as_tuples(query)}


def find_active_course(code: str) -> Course:
    """Return the course that can be run with a code, in any case. Raises NotFound, naming the codes there are."""
    return _by_code(fetch_active_courses(), code)


def fetch_all_courses() -> list[CatalogueCourse]:
    """Return every course, archived ones included, by strand and position."""
    row = CourseRow
    query = (
        row.select(
            row.id, row.strand.alias("strand_id"), row.code, row.title, StrandRow.name.alias("strand"),
            row.description, row.audience, row.impact_question, row.capacity, row.minimum, row.position, row.active,
            row.version,
        )
        .join(StrandRow)
        .order_by(StrandRow.position, row.position, row.id)
    )  # fmt: skip
    return as_records(CatalogueCourse, query)


def find_course(code: str) -> CatalogueCourse:
    """Return the course with a code, in any case, also an archived one. Raises NotFound, naming the codes there are."""
    return _by_code(fetch_all_courses(), code)


def _by_code(known: Sequence[AnyCourse], code: str) -> AnyCourse:
    for each in known:
        if each.code.casefold() == code.strip().casefold():
            return each
    listed = ", ".join(each.code for each in known) or "none yet"
    raise UnknownName(
        f"There is no course {code}.", code, [name for each in known for name in (each.code, each.title)],
        otherwise=f"The courses are: {listed}.",
    )  # fmt: skip


def fetch_course_counts(first: date, last: date) -> list[CourseCounts]:
    """Return for each course the counts of its events that begin within the dates and are not cancelled."""
    row = EventRow
    query = (
        row.select(
            row.course.alias("course_id"), fn.COUNT(row.id).alias("events"), fn.SUM(row.capacity).alias("places"),
            fn.SUM(expressions.seats_taken()).alias("taken"), fn.SUM(row.waiting).alias("waiting"),
        )
        .where(row.state != EventState.CANCELLED, row.first_date.between(first, last))
        .group_by(row.course)
    )  # fmt: skip
    return as_records(CourseCounts, query)


def fetch_unfinished_events(course_id: int, today: date) -> list[str]:
    """Return the references of the course's events that are not over or have no date yet."""
    query = (
        EventRow.select(EventRow.reference)
        .where(
            EventRow.course == course_id,
            EventRow.state.not_in((EventState.CANCELLED, EventState.CLOSED)),
            EventRow.last_date.is_null() | (EventRow.last_date >= today),
        )
        .order_by(EventRow.reference)
    )
    return [reference for (reference,) in as_tuples(query)]


def fetch_module_sessions(module_id: int, *, attended: bool = False) -> list[str]:
    """Return `BR-04 session 2` for each session of a module; with `attended`, only those with marks."""
    query = (
        SessionRow.select(EventRow.reference, SessionRow.number)
        .join(EventRow)
        .where(SessionRow.module == module_id)
        .order_by(EventRow.reference, SessionRow.number)
    )
    if attended:
        query = query.where(SessionRow.id.in_(MarkRow.select(MarkRow.session)))
    return [f"{reference} session {number}" for reference, number in as_tuples(query)]


def is_course_used(course_id: int) -> bool:
    """Return whether events, groups, resources, baselines or other courses refer to the course."""
    refers = (
        EventRow.select().where(EventRow.course == course_id),
        GroupRow.select().where(GroupRow.course == course_id),
        ResourceRow.select().where(ResourceRow.course == course_id),
        BaselineRow.select().where(BaselineRow.course == course_id),
        PrerequisiteRow.select().where(PrerequisiteRow.requires == course_id),
        EarlierLearningRow.select().where(EarlierLearningRow.course == course_id),
    )
    return any(query.exists() for query in refers)


def is_strand_used(strand_id: int) -> bool:
    """Return whether courses, resources or baselines belong to the strand."""
    refers = (
        CourseRow.select().where(CourseRow.strand == strand_id),
        ResourceRow.select().where(ResourceRow.strand == strand_id),
        BaselineRow.select().where(BaselineRow.strand == strand_id),
    )
    return any(query.exists() for query in refers)


def fetch_booking_rules(course_id: int) -> BookingRules:
    """Return the booking rules of a course."""
    row = CourseRow
    query = row.select(
        row.approval, row.waiting_rule, row.offer_hours, row.cutoff_days, row.booking_cutoff_days, row.managers_only,
        row.audience_rule, row.waiting_elsewhere,
    ).where(row.id == course_id)  # fmt: skip
    needed = (
        PrerequisiteRow.select(CourseRow.code, PrerequisiteRow.strictness)
        .join(CourseRow, on=(PrerequisiteRow.requires == CourseRow.id))
        .where(PrerequisiteRow.course == course_id)
        .order_by(CourseRow.code)
    )
    return BookingRules(*(*as_tuples(query)[0], tuple(as_tuples(needed))))


def fetch_completion_rules(course_id: int) -> CompletionRules:
    """Return the completion rules of a course."""
    row = CourseRow
    query = row.select(row.completion_rule, row.completion_share, row.validity_months).where(row.id == course_id)
    return as_records(CompletionRules, query)[0]


def update_course_rule(course: Course, name: str, value: object) -> None:
    """Store one of the BookingRules or CompletionRules of a course. Raises Stale."""
    update_course(course, **{name: value})


def update_course(course: Course | CatalogueCourse, **fields: object) -> None:
    """Store new values of a course's columns. Raises Stale where it was changed since it was read."""
    journal.track_row(CourseRow, course.id)
    stored = (
        CourseRow.update({**fields, "version": course.version + 1})
        .where(CourseRow.id == course.id, CourseRow.version == course.version)
        .execute()
    )
    if not stored:
        raise Stale(f"Someone else changed {course.code} a moment ago. Nothing was changed. Check it and try again.")


def store_prerequisite(course_id: int, requires_id: int, strictness: Strictness) -> None:
    """Store how strictly one course must be completed before another; OFF removes the condition."""
    journal.track_row(CourseRow, course_id)
    here = (PrerequisiteRow.course == course_id) & (PrerequisiteRow.requires == requires_id)
    PrerequisiteRow.delete().where(here).execute()
    if strictness is not Strictness.OFF:
        PrerequisiteRow.insert(course=course_id, requires=requires_id, strictness=strictness).execute()


def fetch_course_title(course_id: int) -> str:
    """Return the title of a course."""
    return str(CourseRow.select(CourseRow.title).where(CourseRow.id == course_id).scalar())


def fetch_modules(course_id: int | None = None) -> list[Module]:
    """Return the modules of one course, or of all, in order."""
    row = ModuleRow
    query = row.select(row.id, row.course.alias("course_id"), row.position, row.title, row.minutes)
    if course_id is not None:
        query = query.where(row.course == course_id)
    return as_records(Module, query.order_by(row.course, row.position))


def fetch_resources() -> list[Resource]:
    """Return the resources in order, each with its strand and, where it is about one course only, that course's
    code."""
    row = ResourceRow
    course_strand = StrandRow.alias()
    query = (
        row.select(
            row.id, row.title, row.kind, row.address,
            _first_of(StrandRow.name, course_strand.name).alias("strand"), _first_of(CourseRow.code).alias("course"),
            row.edition, row.version,
        )
        .join_from(row, StrandRow, JOIN.LEFT_OUTER)
        .join_from(row, CourseRow, JOIN.LEFT_OUTER)
        .join_from(CourseRow, course_strand, JOIN.LEFT_OUTER)
        .order_by(row.position, row.id)
    )  # fmt: skip
    return as_records(Resource, query)


def fetch_baselines() -> list[Baseline]:
    """Return the baseline figures in order."""
    row = BaselineRow
    query = (
        row.select(
            row.id, row.label, row.value, row.unit, row.qualifier, StrandRow.name.alias("strand"),
            _first_of(CourseRow.code).alias("course"), row.source, row.as_of,
        )
        .join_from(row, StrandRow)
        .join_from(row, CourseRow, JOIN.LEFT_OUTER)
        .order_by(row.position, row.id)
    )  # fmt: skip
    return as_records(Baseline, query)


def insert_programme(name: str, description: str, started: date) -> int:
    """Insert the programme and return its id."""
    return int(ProgrammeRow.insert(name=name, description=description, started=started).execute())


def insert_strand(programme_id: int, position: int, code: str, name: str, description: str) -> int:
    """Insert a strand and return its id."""
    strand_id = int(
        StrandRow.insert(
            programme=programme_id, position=position, code=code, name=name, description=description
        ).execute()
    )
    journal.track_row(StrandRow, strand_id, new=True)
    return strand_id


def update_strand(strand_id: int, **fields: str) -> None:
    """Store new values of a strand's columns."""
    journal.track_row(StrandRow, strand_id)
    StrandRow.update(fields).where(StrandRow.id == strand_id).execute()


def delete_strand(strand_id: int) -> None:
    """Delete a strand that nothing belongs to."""
    journal.track_row(StrandRow, strand_id)
    StrandRow.delete().where(StrandRow.id == strand_id).execute()


def next_position(strand_id: int | None = None) -> int:
    """Return the position after the last strand, or after the last course of a strand."""
    if strand_id is None:
        return int(StrandRow.select(fn.COALESCE(fn.MAX(StrandRow.position), 0) + 1).scalar())
    query = CourseRow.select(fn.COALESCE(fn.MAX(CourseRow.position), 0) + 1)
    return int(query.where(CourseRow.strand == strand_id).scalar())


def insert_course(
    strand_id: int,
    position: int,
    code: str,
    title: str,
    *,
    description: str,
    audience: str,
    impact_question: str,
    capacity: int,
    minimum: int,
    managers_only: bool,
    waiting_elsewhere: WaitingElsewhere = WaitingElsewhere.ASK,
) -> int:
    """Insert a course without modules and return its id; `managers_only` warns when somebody else is booked."""
    course_id = int(
        CourseRow.insert(
            strand=strand_id, position=position, code=code, title=title, description=description, audience=audience,
            impact_question=impact_question, capacity=capacity, minimum=minimum, managers_only=managers_only,
            audience_rule=Strictness.WARN if managers_only else Strictness.OFF,
            waiting_elsewhere=waiting_elsewhere,
        ).execute()
    )  # fmt: skip
    journal.track_row(CourseRow, course_id, new=True)
    return course_id


def insert_module(course_id: int, position: int, title: str, minutes: int) -> int:
    """Insert a module and return its id."""
    journal.track_row(CourseRow, course_id)
    return int(ModuleRow.insert(course=course_id, position=position, title=title, minutes=minutes).execute())


def update_module(module: Module, title: str, minutes: int) -> None:
    """Store a new title and length of a module."""
    journal.track_row(CourseRow, module.course_id)
    ModuleRow.update(title=title, minutes=minutes).where(ModuleRow.id == module.id).execute()


def delete_module(module: Module) -> None:
    """Delete a module that no session is for, and close the gap in the order."""
    journal.track_row(CourseRow, module.course_id)
    ModuleRow.delete().where(ModuleRow.id == module.id).execute()
    for each in fetch_modules(module.course_id):
        if each.position > module.position:
            ModuleRow.update(position=each.position - 1).where(ModuleRow.id == each.id).execute()


def update_module_order(course_id: int, ids: Sequence[int]) -> None:
    """Store a new order of a course's modules."""
    journal.track_row(CourseRow, course_id)
    row, here = ModuleRow, ModuleRow.course == course_id
    # No two modules of a course may have the same position, not even for a moment.
    row.update(position=row.position + len(ids)).where(here).execute()
    for place, module_id in enumerate(ids, 1):
        row.update(position=place).where(here, row.id == module_id).execute()


def insert_question(
    course_id: int, stage: Stage, position: int, text: str, kind: AnswerKind, *, is_impact: bool = False
) -> int:
    """Insert an evaluation question and return its id."""
    return int(
        QuestionRow.insert(
            course=course_id, stage=stage, position=position, text=text, kind=kind, is_impact=is_impact
        ).execute()
    )


def insert_resource(
    position: int,
    title: str,
    kind: ResourceKind,
    address: str,
    *,
    strand_id: int | None = None,
    course_id: int | None = None,
    edition: str = "",
) -> int:
    """Insert a link or document of a strand or of one course, and return its id.

    A document's address is empty until its file is given.
    """
    resource_id = int(
        ResourceRow.insert(
            position=position, title=title, kind=kind, address=address, strand=strand_id, course=course_id,
            edition=edition,
        ).execute()
    )  # fmt: skip
    journal.track_row(ResourceRow, resource_id, new=True)
    return resource_id


def update_resource(resource: Resource, **fields: str) -> None:
    """Store new values of a resource's columns. Raises Stale where it was changed since it was read."""
    journal.track_row(ResourceRow, resource.id)
    row = ResourceRow
    here = (row.id == resource.id) & (row.version == resource.version)
    if not row.update({**fields, "version": resource.version + 1}).where(here).execute():
        raise Stale(
            f"Someone else changed '{resource.title}' a moment ago. Nothing was changed. Check it and try again."
        )


def delete_resource(resource_id: int) -> None:
    """Delete a resource."""
    journal.track_row(ResourceRow, resource_id)
    ResourceRow.delete().where(ResourceRow.id == resource_id).execute()


def insert_baseline(
    position: int,
    strand_id: int,
    course_id: int | None,
    label: str,
    value: int,
    *,
    unit: str,
    qualifier: str,
    source: str,
    as_of: date,
) -> int:
    """Insert a baseline figure and return its id."""
    return int(
        BaselineRow.insert(
            position=position, strand=strand_id, course=course_id, label=label, value=value, unit=unit,
            qualifier=qualifier, source=source, as_of=as_of,
        ).execute()
    )  # fmt: skip


def insert_group(name: str, kind: GroupKind, description: str, course_id: int | None = None) -> int:
    """Insert a group and return its id."""
    group_id = int(GroupRow.insert(name=name, kind=kind, description=description, course=course_id).execute())
    journal.track_row(GroupRow, group_id, new=True)
    return group_id


def _first_of(*columns: Any) -> Any:
    """Return SQL for the first known value of the columns, or empty text."""
    return fn.COALESCE(*columns, "")
