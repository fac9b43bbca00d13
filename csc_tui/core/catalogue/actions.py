"""Actions that change the catalogue: strands, courses and their modules."""

from collections.abc import Sequence
from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count, shorten_list
from csc_tui.base.transaction import action
from csc_tui.base.typed_text import one_line, required_line
from csc_tui.core.admin import new_database
from csc_tui.core.attendance import outcomes
from csc_tui.core.catalogue import rules as catalogue_rules
from db import calendar, catalogue, earlier_learning
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from db.records.calendar import FieldChange
from db.records.catalogue import CatalogueCourse, Module
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role

LARGEST = 10_000
"""The most places a course may have; a larger number is taken for a typing error."""
MOST_NAMED = 5
"""The most events or sessions that one sentence names; the rest are counted."""


@action(role=Role.COORDINATOR)
def add_strand(ctx: Context, code: str, name: str, *, description: str = "") -> FieldChange:
    """Add a strand after the others. Raises Duplicate, NotFound and WrongUse."""
    short, called = catalogue_rules.parse_code(code, "strand"), required_line(name, "A strand", "a name")
    _check_new_strand(short, called)
    programme = catalogue.fetch_programme()
    if programme is None:
        raise NotFound("There is no programme in this database yet.", Remedy(RemedyKind.MAKE_PROGRAMME))
    catalogue.insert_strand(programme.id, catalogue.next_position(), short, called, one_line(description))
    return _write_down(ctx, "strand added", short, "name", "", called)


@action(role=Role.COORDINATOR)
def change_strand(
    ctx: Context, code: str, *, name: str | None = None, description: str | None = None
) -> list[FieldChange]:
    """Change a strand's name or description; None leaves one as it is. Raises NotFound, Duplicate and WrongUse."""
    strand = catalogue.find_strand(code)
    wanted: dict[str, str] = {}
    if name is not None:
        wanted["name"] = required_line(name, "A strand", "a name")
        _check_new_strand("", wanted["name"], besides=strand.id)
    if description is not None:
        wanted["description"] = one_line(description)
    changed = {key: value for key, value in wanted.items() if value != getattr(strand, key)}
    if changed:
        catalogue.update_strand(strand.id, **changed)
        calendar.update_event_index(strand_id=strand.id)
    return [
        _write_down(ctx, "strand changed", strand.code, key, getattr(strand, key), value)
        for key, value in changed.items()
    ]


@action(role=Role.COORDINATOR)
def retire_strand(ctx: Context, code: str) -> list[FieldChange]:
    """Retire every course of a strand, or delete the strand if it is empty. Raises NotFound and RuleBroken."""
    strand = catalogue.find_strand(code)
    if not catalogue.is_strand_used(strand.id):
        catalogue.delete_strand(strand.id)
        return [_write_down(ctx, "strand removed", strand.code, "name", strand.name, "")]
    running = [each for each in catalogue.fetch_all_courses() if each.strand_id == strand.id and each.active]
    if not running:
        raise RuleBroken(f"Every course of {strand.name} is already archived. Nothing was changed.")
    return [_retire(ctx, each) for each in running]


@dataclass(frozen=True, slots=True)
class CourseToAdd:
    """A course to be added at the end of a strand; `modules` are (title, minutes)."""

    strand: str
    code: str
    title: str
    modules: Sequence[tuple[str, int]]
    description: str = ""
    audience: str = ""
    impact_question: str = ""
    capacity: int = 20
    minimum: int = 0
    managers_only: bool = False


@action(role=Role.COORDINATOR)
def add_course(ctx: Context, wanted: CourseToAdd) -> list[FieldChange]:
    """Add a course at the end of its strand, with its modules and evaluation questions.

    Raises NotFound, Duplicate and WrongUse.
    """
    short, called = (
        catalogue_rules.parse_code(wanted.code, "course"),
        required_line(wanted.title, "A course", "a title"),
    )
    if not wanted.modules:
        raise WrongUse("A course needs at least one module, with its length. Nothing was changed.")
    catalogue_rules.check_module_titles([each for each, _ in wanted.modules])
    _check_places(wanted.capacity, wanted.minimum)
    question = one_line(wanted.impact_question) or new_database.IMPACT_QUESTION
    if any(each.code == short for each in catalogue.fetch_all_courses()):
        raise Duplicate(f"There is already a course {short}. Nothing was changed. Choose another code.")
    belongs = catalogue.find_strand(wanted.strand)
    course_id = catalogue.insert_course(
        belongs.id, catalogue.next_position(belongs.id), short, called, description=one_line(wanted.description),
        audience=one_line(wanted.audience), impact_question=question, capacity=wanted.capacity, minimum=wanted.minimum,
        managers_only=wanted.managers_only,
    )  # fmt: skip
    for position, (name, minutes) in enumerate(wanted.modules, 1):
        catalogue.insert_module(course_id, position, name, minutes)
    new_database.add_default_questions(course_id, question)
    return [
        _write_down(ctx, "course added", short, "title", "", called),
        *(
            FieldChange(short, None, f"module {number}", "", _module(*each))
            for number, each in enumerate(wanted.modules, 1)
        ),
    ]


@dataclass(frozen=True, slots=True)
class CourseChange:
    """The changes to make to a course; None leaves a field as it is."""

    title: str | None = None
    description: str | None = None
    audience: str | None = None
    capacity: int | None = None
    minimum: int | None = None
    strand: str | None = None


@action(role=Role.COORDINATOR)
def change_course(ctx: Context, code: str, asked: CourseChange) -> list[FieldChange]:
    """Change a course's title, description, audience, places or strand.

    Planned events keep their title and places. Raises NotFound, WrongUse and Stale.
    """
    course = catalogue.find_course(code)
    wanted: dict[str, object] = {}
    if asked.title is not None:
        wanted["title"] = required_line(asked.title, "A course", "a title")
    if asked.description is not None:
        wanted["description"] = one_line(asked.description)
    if asked.audience is not None:
        wanted["audience"] = one_line(asked.audience)
    if asked.capacity is not None or asked.minimum is not None:
        wanted["capacity"] = course.capacity if asked.capacity is None else asked.capacity
        wanted["minimum"] = course.minimum if asked.minimum is None else asked.minimum
        _check_places(int(str(wanted["capacity"])), int(str(wanted["minimum"])))
    changed = {key: value for key, value in wanted.items() if value != getattr(course, key)}
    done = [
        _write_down(ctx, "course changed", course.code, key, str(getattr(course, key)), str(value))
        for key, value in changed.items()
    ]
    if asked.strand is not None and (belongs := catalogue.find_strand(asked.strand)).id != course.strand_id:
        changed |= {"strand": belongs.id, "position": catalogue.next_position(belongs.id)}
        done.append(_write_down(ctx, "course changed", course.code, "strand", course.strand, belongs.name))
    if changed:
        catalogue.update_course(course, **changed)
        calendar.update_event_index(course_id=course.id)
    return done


@action(role=Role.COORDINATOR)
def retire_course(ctx: Context, code: str) -> FieldChange:
    """Retire a course, so that no event of it can be planned any more. Raises NotFound and RuleBroken."""
    course = catalogue.find_course(code)
    if not course.active:
        raise RuleBroken(f"{course.code} is already archived. Nothing was changed.")
    return _retire(ctx, course)


@action(role=Role.COORDINATOR)
def bring_back_course(ctx: Context, code: str) -> FieldChange:
    """Bring a retired course back, so that events of it can be planned. Raises NotFound and RuleBroken."""
    course = catalogue.find_course(code)
    if course.active:
        raise RuleBroken(f"{course.code} is not archived. Nothing was changed.")
    catalogue.update_course(course, active=True)
    return _write_down(ctx, "course restored", course.code, "state", "archived", "active")


@action(role=Role.COORDINATOR)
def add_module(ctx: Context, code: str, title: str, minutes: int) -> list[FieldChange]:
    """Add a module after the others; the changes say for how many people the course is no longer complete.

    Raises NotFound and WrongUse.
    """
    course = catalogue.find_course(code)
    called = required_line(title, "A module", "a title")
    there = catalogue.fetch_modules(course.id)
    catalogue_rules.check_module_titles([*(each.title for each in there), called])
    catalogue.insert_module(course.id, len(there) + 1, called, minutes)
    number = f"module {len(there) + 1}"
    done = [_write_down(ctx, "course changed", course.code, number, "", _module(called, minutes))]
    return done + _completions(ctx, course)


@action(role=Role.COORDINATOR)
def change_module(
    ctx: Context,
    code: str,
    number: int,
    *,
    title: str | None = None,
    minutes: int | None = None,
) -> list[FieldChange]:
    """Change the title or length of a module; None leaves one as it is. Raises NotFound and WrongUse."""
    course = catalogue.find_course(code)
    module, others = _one_module(course, number)
    called = module.title if title is None else required_line(title, "A module", "a title")
    length = module.minutes if minutes is None else minutes
    catalogue_rules.check_module_titles([*(each.title for each in others), called])
    if (called, length) == (module.title, module.minutes):
        return []
    catalogue.update_module(module, called, length)
    before = _module(module.title, module.minutes)
    done = [_write_down(ctx, "course changed", course.code, f"module {number}", before, _module(called, length))]
    return done + _completions(ctx, course)


@action(role=Role.COORDINATOR)
def move_module(ctx: Context, code: str, number: int, to: int) -> list[FieldChange]:
    """Move a module to another place in the order of its course.

    Sessions and attendance belong to the module and move with it. Raises NotFound, WrongUse, and RuleBroken when it is
    at that place already.
    """
    course = catalogue.find_course(code)
    module, others = _one_module(course, number)
    if not 1 <= to <= len(others) + 1:
        raise WrongUse(
            f"{course.code} has {format_count(len(others) + 1, 'module')}, so none can be number {to}. Nothing was "
            "changed."
        )
    if to == number:
        raise RuleBroken(f"{module.title} is already module {number}. Nothing was changed.")
    anew = [*others[: to - 1], module, *others[to - 1 :]]
    catalogue.update_module_order(course.id, [each.id for each in anew])
    return [
        _write_down(ctx, "course changed", course.code, each.title, f"module {each.position}", f"module {place}")
        for place, each in enumerate(anew, 1)
        if each.position != place
    ]


@action(role=Role.COORDINATOR)
def remove_module(ctx: Context, code: str, number: int) -> list[FieldChange]:
    """Remove a module for which there are no sessions; later modules move up. Raises NotFound and RuleBroken."""
    course = catalogue.find_course(code)
    module, others = _one_module(course, number)
    named = f"Module {number} of {course.code}, {module.title},"
    if attended := catalogue.fetch_module_sessions(module.id, attended=True):
        raise RuleBroken(
            f"{named} cannot be removed, because attendance has been recorded for it "
            f"({shorten_list(attended, MOST_NAMED)}), and people's hours and completions depend on it. Nothing was "
            "changed. To leave it out in future, create a new course without it."
        )
    sessions = catalogue.fetch_module_sessions(module.id)
    if sessions:
        raise RuleBroken(
            f"{named} cannot be removed, because sessions are planned for it "
            f"({shorten_list(sessions, MOST_NAMED)}). Nothing was "
            "changed. Move those sessions to another module first."
        )
    if earlier_learning.is_module_learnt_earlier(module.id):
        raise RuleBroken(
            f"{named} cannot be removed: people learnt it earlier, and their completions rest on it. Nothing was "
            "changed. A new course without it leaves them as they are."
        )
    if not others:
        raise RuleBroken(f"{named} is its only module, and a course needs at least one. Nothing was changed.")
    catalogue.delete_module(module)
    before = _module(module.title, module.minutes)
    done = [_write_down(ctx, "course changed", course.code, f"module {number}", before, "")]
    return done + _completions(ctx, course)


def _retire(ctx: Context, course: CatalogueCourse) -> FieldChange:
    coming = catalogue.fetch_unfinished_events(course.id, ctx.today())
    if coming:
        raise RuleBroken(
            f"{course.code} has {format_count(len(coming), 'event')} still to come "
            f"({shorten_list(coming, MOST_NAMED)}), so it cannot be archived yet. Nothing was changed. Wait until they "
            "are over, or cancel them first."
        )
    catalogue.update_course(course, active=False)
    return _write_down(ctx, "course archived", course.code, "state", "active", "archived")


def _completions(ctx: Context, course: CatalogueCourse) -> list[FieldChange]:
    """Bring completions in step with the modules and return the number that changed, if any, as a change."""
    changed = outcomes.recalculate_completions(ctx, course.id)
    said = f"of {format_count(changed, 'person', 'people')} recalculated from the marks"
    return [FieldChange(course.code, None, "completion", "", said)] if changed else []


def _one_module(course: CatalogueCourse, number: int) -> tuple[Module, list[Module]]:
    """Return the module with this number and the other modules of the course. Raises NotFound."""
    there = catalogue.fetch_modules(course.id)
    for each in there:
        if each.position == number:
            return each, [other for other in there if other.id != each.id]
    listed = ", ".join(f"{each.position} {each.title}" for each in there) or "none"
    raise NotFound(f"{course.code} has no module {number}. It has: {listed}. Nothing was changed.")


def _check_new_strand(code: str, name: str, *, besides: int = 0) -> None:
    for each in catalogue.fetch_strands():
        if each.id != besides and (each.code == code or each.name.casefold() == name.casefold()):
            raise Duplicate(f"There is already a strand {each.code} ({each.name}). Nothing was changed.")


def _check_places(capacity: int, minimum: int) -> None:
    if not 0 <= capacity <= LARGEST:
        raise WrongUse(f"Type a number of places from 0 to {LARGEST}, not {capacity}. Nothing was changed.")
    if not 0 <= minimum <= capacity:
        raise WrongUse(
            f"The minimum of {format_count(minimum, 'person', 'people')} is more than the "
            f"{format_count(capacity, 'place')}. Nothing was changed."
        )


def _module(title: str, minutes: int) -> str:
    return f"{title}, {catalogue_rules.length_in_words(minutes)}"


def _write_down(ctx: Context, verb: str, code: str, field: str, before: str, after: str) -> FieldChange:
    write_history(ctx, verb, f"{code}: {field}", before=before, after=after)
    return FieldChange(code, None, field, before, after)
