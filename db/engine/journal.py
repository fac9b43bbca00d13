"""The journal: keeps each step's rows before and after, so that an actor's last step can be undone."""

import json
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError, chunked, fn

from db.engine.mapping import BATCH_SIZE, as_tuples
from db.errors import RuleBroken
from db.models import (
    AnswerRow,
    CommitmentRow,
    CourseRow,
    DispatchRow,
    EarlierLearningRow,
    EnrolmentRow,
    EvaluationRow,
    EventRow,
    FacilitationRow,
    GroupRow,
    ImageRow,
    InvitationRow,
    LearningFileRow,
    MakeUpRow,
    MarkRow,
    MembershipRow,
    ModuleRow,
    OfferRow,
    PersonAddressRow,
    PersonRow,
    PrerequisiteRow,
    QuestionRow,
    RegisterRow,
    ResourceRow,
    Row,
    SessionRow,
    StepRow,
    StrandRow,
)

KINDS: dict[str, type[Row]] = {
    "enrolment": EnrolmentRow,
    "event": EventRow,
    "make_up": MakeUpRow,
    "offer": OfferRow,
    "register": RegisterRow,
    "session": SessionRow,
    "facilitation": FacilitationRow,
    "course": CourseRow,
    "strand": StrandRow,
    "resource": ResourceRow,
    "group": GroupRow,
    "membership": MembershipRow,
    "commitment": CommitmentRow,
    "question": QuestionRow,
    "person": PersonRow,
    "evaluation": EvaluationRow,
    "invitation": InvitationRow,
    "learning_file": LearningFileRow,
    "earlier_learning": EarlierLearningRow,
}
KINDS_WITHOUT_EVENT = frozenset(
    (
        "course", "strand", "resource", "group", "membership", "commitment", "question", "evaluation", "learning_file",
        "earlier_learning",
    )
)  # fmt: skip
"""Kinds whose rows affect no place on an event: the catalogue, the groups, returned evaluations, earlier learning."""
NO_ROW = "null"
"""The image of a row that does not exist."""
DERIVED = {"version", "booked", "offered", "waiting", "joining", "first_date", "last_date", "search", "sort"}
"""Columns computed from others, or that only count changes: neither compared nor restored."""
_local = threading.local()


@dataclass(slots=True)
class _OpenStep:
    """The step under way.

    `before` has the image of each row it touched, None for a new one; `events` are those named as affected although
    none
    of their rows was touched.
    """

    before: dict[tuple[str, int], str | None] = field(default_factory=dict)
    what: list[str] = field(default_factory=list)
    events: set[int] = field(default_factory=set)


@dataclass(slots=True)
class TouchedRows:
    """The ids of touched rows by kind, and the events named as affected."""

    rows: dict[str, set[int]] = field(default_factory=dict)
    events: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class UndoableStep:
    """A step that can be undone, with the images of its rows.

    `images` are (kind, row id, before, after) with the columns as mappings; before is None for a new row. `apart` are
    those of KINDS_WITHOUT_EVENT, where after is None for a deleted row. `sent` is the last dispatch before the step.
    """

    id: int
    what: str
    sent: int
    images: list[tuple[str, int, dict[str, Any] | None, dict[str, Any]]]
    apart: list[tuple[str, int, dict[str, Any] | None, dict[str, Any] | None]]


@contextmanager
def record_step(at: datetime, actor: str) -> Iterator[None]:
    """Keep the rows touched inside as one step of the actor; inside another step, they belong to that one."""
    if getattr(_local, "open", None) is not None:
        yield
        return
    opened = _local.open = _OpenStep()
    try:
        yield
    finally:
        _local.open = None
    changed = [
        (kind, row_id, before, after)
        for (kind, row_id), before in opened.before.items()
        if (after := _image(kind, row_id)) != (before or NO_ROW)
    ]
    if not changed:
        return
    sent = DispatchRow.select(fn.COALESCE(fn.MAX(DispatchRow.id), 0)).scalar()
    step_id = StepRow.insert(at=at, actor=actor, what="; ".join(opened.what)[:2000], sent=sent).execute()
    ImageRow.insert_many(
        [(step_id, *each) for each in changed],
        fields=[ImageRow.step, ImageRow.kind, ImageRow.row, ImageRow.before, ImageRow.after],
    ).execute()


@contextmanager
def watch_rows() -> Iterator[TouchedRows]:
    """Collect the rows touched inside without keeping a step; the result is complete when the block ends."""
    touched = TouchedRows()
    opened = _local.open = _OpenStep()
    try:
        yield touched
    finally:
        _local.open = None
        touched.events |= opened.events
        for kind, row_id in opened.before:
            touched.rows.setdefault(kind, set()).add(row_id)


def track_events(event_ids: Iterable[int]) -> None:
    """Name events that a change affects although it touches none of their rows, such as a new address of a venue."""
    opened: _OpenStep | None = getattr(_local, "open", None)
    if opened is not None:
        opened.events |= set(event_ids)


def describe_step(what: str) -> None:
    """Add words to the description of the step under way."""
    opened: _OpenStep | None = getattr(_local, "open", None)
    if opened is not None:
        opened.what.append(what)


def track_row(row: type[Row], row_id: int, *, new: bool = False) -> None:
    """Note a row for the step under way; call it before the row is changed, or right after a `new` one was inserted."""
    opened: _OpenStep | None = getattr(_local, "open", None)
    kind = next(kind for kind, table in KINDS.items() if table is row)
    if opened is not None and (kind, row_id) not in opened.before:
        opened.before[kind, row_id] = None if new else _image(kind, row_id)


def fetch_last_step(actors: Sequence[str]) -> UndoableStep | None:
    """Return the actors' latest step that is not undone, with its images in the order to restore them."""
    found = as_tuples(
        StepRow.select(StepRow.id, StepRow.what, StepRow.sent)
        .where(StepRow.actor.in_(actors), ~StepRow.undone)
        .order_by(StepRow.id.desc())
        .limit(1)
    )
    if not found:
        return None
    step_id, what, sent = found[0]
    # New rows are removed first: otherwise restoring the old ones could put a person on an event twice.
    images = as_tuples(
        ImageRow.select(ImageRow.kind, ImageRow.row, ImageRow.before, ImageRow.after)
        .where(ImageRow.step == step_id)
        .order_by(ImageRow.before.is_null().desc(), ImageRow.kind, ImageRow.row)
    )
    read = [
        (kind, row, json.loads(before) if before else None, json.loads(after)) for kind, row, before, after in images
    ]
    # What goes back to another person comes before what takes its place again.
    read.sort(key=lambda image: not _changed_hands(image[2], image[3]))
    return UndoableStep(
        step_id,
        what,
        sent,
        [each for each in read if each[0] not in KINDS_WITHOUT_EVENT],
        [each for each in read if each[0] in KINDS_WITHOUT_EVENT],
    )


def _changed_hands(before: dict[str, Any] | None, after: dict[str, Any] | None) -> bool:
    """Return whether a row was given to another person."""
    return before is not None and after is not None and before.get("person_id") != after.get("person_id")


def fetch_row_image(kind: str, row_id: int) -> dict[str, Any] | None:
    """Return a row as it is now, in the form of an image; None where it does not exist."""
    found: dict[str, Any] | None = json.loads(_image(kind, row_id))
    return found


def fetch_row_steps(row: type[Row], row_id: int) -> set[int]:
    """Return the ids of the steps that touched a row."""
    kind = next(kind for kind, table in KINDS.items() if table is row)
    return {
        step
        for (step,) in as_tuples(ImageRow.select(ImageRow.step).where(ImageRow.kind == kind, ImageRow.row == row_id))
    }


def discard_steps(step_ids: Collection[int], what: str | None = None) -> int:
    """Delete the images of steps, so that they can no longer be undone; return how many still could be.

    `what`, where given, replaces their description.
    """
    number = 0
    for some in chunked(sorted(step_ids), BATCH_SIZE):
        number += StepRow.select().where(StepRow.id.in_(some), ~StepRow.undone).count()
        ImageRow.delete().where(ImageRow.step.in_(some)).execute()
        named = {} if what is None else {"what": what}
        StepRow.update(undone=True, **named).where(StepRow.id.in_(some)).execute()
    return number


def is_row_as(kind: str, row_id: int, image: dict[str, Any] | None) -> bool:
    """Return whether a row still is as an image has it; columns that the image does not know yet do not count."""
    now = fetch_row_image(kind, row_id)
    return now == image or (
        now is not None and image is not None and all(now.get(name) == value for name, value in image.items())
    )


def restore_row(kind: str, row_id: int, before: dict[str, Any] | None) -> None:
    """Restore the earlier values of a row, or delete one that did not exist; its version still goes up.

    Raises RuleBroken where another row has taken its place or depends on it.
    """
    table = KINDS[kind]
    try:
        if before is None:
            table.delete().where(table.id == row_id).execute()
        elif table is RegisterRow:
            _put_register_back(row_id, before)
        elif table is FacilitationRow:
            _put_facilitators_back(row_id, before)
        elif table is CourseRow:
            _put_course_back(row_id, before)
        elif table is EvaluationRow:
            _put_form_back(row_id, before)
        elif table is PersonRow:
            _put_person_back(row_id, before)
        else:
            _put_row_back(table, row_id, before)
    except IntegrityError:
        raise RuleBroken(
            _TAKEN if kind in KINDS_WITHOUT_EVENT else "the same person has been added again since"
        ) from None


_TAKEN = "something else depends on it, or has replaced it since"


def _put_row_back(table: Any, row_id: int, before: dict[str, Any]) -> None:
    values: dict[Any, Any] = {
        table._meta.columns[column]: table._meta.columns[column].python_value(value) for column, value in before.items()
    }
    if not table.select().where(table.id == row_id).exists():
        table.insert({table.id: row_id, **values}).execute()
        return
    if "version" in table._meta.columns:
        values[table._meta.columns["version"]] = table._meta.columns["version"] + 1
    table.update(values).where(table.id == row_id).execute()


def mark_step_undone(step_id: int) -> None:
    """Mark a step as undone, so that it is not offered again."""
    StepRow.update(undone=True).where(StepRow.id == step_id).execute()


def has_dispatch_since(dispatch_id: int, *, people: set[tuple[int, int]], sessions: set[int]) -> bool:
    """Return whether anything was sent after the dispatch to one of the (person id, event id), or about one of the
    sessions."""
    later = (
        DispatchRow.select(InvitationRow.person, SessionRow.event, SessionRow.id)
        .join_from(DispatchRow, InvitationRow)
        .join_from(InvitationRow, SessionRow)
        .where(DispatchRow.id > dispatch_id)
    )
    return any((person, event) in people or session in sessions for person, event, session in as_tuples(later))


def has_later_step(step_id: int, enrolment_ids: list[int]) -> bool:
    """Return whether a later step that is not undone touched one of the enrolments."""
    query = ImageRow.select().join(StepRow).where(StepRow.id > step_id, ~StepRow.undone)
    return bool(query.where(ImageRow.kind == "enrolment", ImageRow.row.in_(enrolment_ids)).exists())


def _image(kind: str, row_id: int) -> str:
    table = KINDS[kind]
    if table is RegisterRow:
        return _register_image(row_id)
    if table is FacilitationRow:
        return _facilitators_image(row_id)
    columns = [column for name, column in table._meta.columns.items() if name not in DERIVED and name != "id"]
    found = as_tuples(table.select(*columns).where(table.id == row_id))
    if not found:
        return NO_ROW
    named = {column.column_name: value for column, value in zip(columns, found[0], strict=True)}
    if table is CourseRow:
        named |= _of_course(row_id)
    elif table is PersonRow:
        named["addresses"] = as_tuples(
            PersonAddressRow.select(*_ADDRESS)
            .where(PersonAddressRow.person == row_id)
            .order_by(PersonAddressRow.email_key)
        )
    elif table is EvaluationRow:
        named["answers"] = as_tuples(
            AnswerRow.select(*_ANSWER).where(AnswerRow.evaluation == row_id).order_by(AnswerRow.question)
        )
    return json.dumps(named, default=str, sort_keys=True)


_MODULE = (ModuleRow.id, ModuleRow.position, ModuleRow.title, ModuleRow.minutes)
_PREREQUISITE = (PrerequisiteRow.requires, PrerequisiteRow.strictness)
_OUT_OF_THE_WAY = 1_000_000


def _of_course(course_id: int) -> dict[str, Any]:
    """Return a course's modules and prerequisites, which its image includes."""
    return {
        "modules": as_tuples(
            ModuleRow.select(*_MODULE).where(ModuleRow.course == course_id).order_by(ModuleRow.position)
        ),
        "prerequisites": as_tuples(
            PrerequisiteRow.select(*_PREREQUISITE)
            .where(PrerequisiteRow.course == course_id)
            .order_by(PrerequisiteRow.requires)
        ),
    }


def _put_course_back(course_id: int, before: dict[str, Any]) -> None:
    own = {name: value for name, value in before.items() if name not in ("modules", "prerequisites")}
    _put_row_back(CourseRow, course_id, own)
    here = ModuleRow.course == course_id
    ModuleRow.delete().where(here, ModuleRow.id.not_in([module[0] for module in before["modules"]] or [0])).execute()
    # No two modules of a course may have the same position, not even for a moment.
    ModuleRow.update(position=ModuleRow.position + _OUT_OF_THE_WAY).where(here).execute()
    for module_id, position, title, minutes in before["modules"]:
        values = {ModuleRow.position: position, ModuleRow.title: title, ModuleRow.minutes: minutes}
        if not ModuleRow.update(values).where(ModuleRow.id == module_id).execute():
            ModuleRow.insert({ModuleRow.id: module_id, ModuleRow.course: course_id, **values}).execute()
    PrerequisiteRow.delete().where(PrerequisiteRow.course == course_id).execute()
    for requires, strictness in before["prerequisites"]:
        value = PrerequisiteRow.strictness.python_value(strictness)
        PrerequisiteRow.insert(course=course_id, requires=requires, strictness=value).execute()


_ADDRESS = (PersonAddressRow.email, PersonAddressRow.email_key, PersonAddressRow.until)


def _put_person_back(person_id: int, before: dict[str, Any]) -> None:
    """Restore a person together with the addresses they had before."""
    _put_row_back(PersonRow, person_id, {name: value for name, value in before.items() if name != "addresses"})
    if "addresses" in before:  # images of earlier versions have none
        PersonAddressRow.delete().where(PersonAddressRow.person == person_id).execute()
        for email, email_key, until in before["addresses"]:
            PersonAddressRow.insert(
                person=person_id, email=email, email_key=email_key, until=date.fromisoformat(until)
            ).execute()


_ANSWER = (AnswerRow.question, AnswerRow.value, AnswerRow.text, AnswerRow.given)


def _put_form_back(form_id: int, before: dict[str, Any]) -> None:
    """Restore an evaluation together with its answers."""
    _put_row_back(EvaluationRow, form_id, {name: value for name, value in before.items() if name != "answers"})
    AnswerRow.delete().where(AnswerRow.evaluation == form_id).execute()
    for question, value, text, *given in before["answers"]:  # images of earlier versions have none
        AnswerRow.insert(
            evaluation=form_id, question=question, value=value, text=text, given=given[0] if given else ""
        ).execute()


_REGISTER = (RegisterRow.taken_by, RegisterRow.taken_at, RegisterRow.signed_off_by, RegisterRow.signed_off_at)
_MARK = (MarkRow.person, MarkRow.mark, MarkRow.minutes, MarkRow.at, MarkRow.actor)


def _register_image(session_id: int) -> str:
    """Return the image of a register with its marks, known by its session; one never taken is empty, not absent."""
    taken = as_tuples(RegisterRow.select(*_REGISTER).where(RegisterRow.session == session_id))
    marks = as_tuples(MarkRow.select(*_MARK).where(MarkRow.session == session_id).order_by(MarkRow.person))
    event_id = _event_of(session_id)
    return json.dumps({"event_id": event_id, "register": taken, "marks": marks}, default=str, sort_keys=True)


def _facilitators_image(session_id: int) -> str:
    """Return the image of a session's facilitators, all of them together, known by the session."""
    led = as_tuples(
        FacilitationRow.select(FacilitationRow.person)
        .where(FacilitationRow.session == session_id)
        .order_by(FacilitationRow.person)
    )
    people = [{"person_id": person_id} for (person_id,) in led]
    return json.dumps({"event_id": _event_of(session_id), "people": people}, sort_keys=True)


def _put_facilitators_back(session_id: int, before: dict[str, Any]) -> None:
    FacilitationRow.delete().where(FacilitationRow.session == session_id).execute()
    for each in before["people"]:
        FacilitationRow.insert(session=session_id, person=each["person_id"]).execute()


def _event_of(session_id: int) -> int:
    return int(SessionRow.select(SessionRow.event).where(SessionRow.id == session_id).scalar())


def _put_register_back(session_id: int, before: dict[str, Any]) -> None:
    MarkRow.delete().where(MarkRow.session == session_id).execute()
    RegisterRow.delete().where(RegisterRow.session == session_id).execute()
    for table, fields, key in ((RegisterRow, _REGISTER, "register"), (MarkRow, _MARK, "marks")):
        for values in before[key]:
            row = {each: each.python_value(value) for each, value in zip(fields, values, strict=True)}
            table.insert({table.session: session_id, **row}).execute()
