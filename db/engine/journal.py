"""What each step did to each row, so that an actor's last step can be taken back."""

import json
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import IntegrityError, chunked, fn

from db.engine.mapping import as_tuples
from db.errors import RuleBroken
from db.models import (
    Answer,
    Commitment,
    Course,
    Dispatch,
    Enrolment,
    Evaluation,
    Event,
    Facilitation,
    Group,
    Image,
    Invitation,
    MakeUp,
    Mark,
    Membership,
    Module,
    Offer,
    Person,
    Prerequisite,
    Question,
    Register,
    Resource,
    Row,
    Session,
    Step,
    Strand,
)

KINDS: dict[str, type[Row]] = {
    "enrolment": Enrolment, "event": Event, "make_up": MakeUp, "offer": Offer, "register": Register, "session": Session,
    "facilitation": Facilitation, "course": Course, "strand": Strand, "resource": Resource, "group": Group,
    "membership": Membership, "commitment": Commitment, "question": Question, "person": Person,
    "evaluation": Evaluation,
}  # fmt: skip
OF_NO_EVENT = frozenset(("course", "strand", "resource", "group", "membership", "commitment", "question", "evaluation"))
"""Kinds whose rows settle nothing on an event: the catalogue, the groups, and forms that came back."""
AT_ONCE = 500
"""Ids in one condition."""
NOTHING = "null"
"""The image of a row that is not there."""
DERIVED = {"version", "booked", "offered", "waiting", "joining", "first_date", "last_date", "search", "sort"}
"""Columns that follow from others, or only count changes: neither compared nor put back."""
_local = threading.local()


@dataclass(slots=True)
class _Open:
    """The step under way: the rows it touched, each as it was before (None: the step made it)."""

    before: dict[tuple[str, int], str | None] = field(default_factory=dict)
    what: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Past:
    """A step that can be looked back on; `images` are (kind, row id, before, after) as mappings, before None if new.

    `apart` are the same of what belongs to no event; there, after is None if it was taken away."""

    id: int
    what: str
    sent: int
    images: list[tuple[str, int, dict[str, Any] | None, dict[str, Any]]]
    apart: list[tuple[str, int, dict[str, Any] | None, dict[str, Any] | None]]


@contextmanager
def step(at: datetime, actor: str) -> Iterator[None]:
    """Keep what is touched inside, as one step of the actor; inside another step it belongs to that one."""
    if getattr(_local, "open", None) is not None:
        yield
        return
    opened = _local.open = _Open()
    try:
        yield
    finally:
        _local.open = None
    changed = [
        (kind, row_id, before, after)
        for (kind, row_id), before in opened.before.items()
        if (after := _image(kind, row_id)) != (before or NOTHING)
    ]
    if not changed:
        return
    sent = Dispatch.select(fn.COALESCE(fn.MAX(Dispatch.id), 0)).scalar()
    step_id = Step.insert(at=at, actor=actor, what="; ".join(opened.what)[:2000], sent=sent).execute()
    Image.insert_many(
        [(step_id, *each) for each in changed], fields=[Image.step, Image.kind, Image.row, Image.before, Image.after]
    ).execute()


def say(what: str) -> None:
    """Add to what the step under way is called."""
    opened: _Open | None = getattr(_local, "open", None)
    if opened is not None:
        opened.what.append(what)


def touching(row: type[Row], row_id: int, *, new: bool = False) -> None:
    """To be called before a row is changed, or right after it was made."""
    opened: _Open | None = getattr(_local, "open", None)
    kind = next(kind for kind, table in KINDS.items() if table is row)
    if opened is not None and (kind, row_id) not in opened.before:
        opened.before[kind, row_id] = None if new else _image(kind, row_id)


def last_of(actor: str) -> Past | None:
    """The actor's latest step that is not undone, with its images in the order in which they can be put back."""
    found = as_tuples(
        Step.select(Step.id, Step.what, Step.sent)
        .where(Step.actor == actor, ~Step.undone)
        .order_by(Step.id.desc())
        .limit(1)
    )
    if not found:
        return None
    step_id, what, sent = found[0]
    # What was made anew goes first, so that nobody is on an event twice while the rest is put back.
    images = as_tuples(
        Image.select(Image.kind, Image.row, Image.before, Image.after)
        .where(Image.step == step_id)
        .order_by(Image.before.is_null().desc(), Image.kind, Image.row)
    )
    read = [
        (kind, row, json.loads(before) if before else None, json.loads(after)) for kind, row, before, after in images
    ]
    return Past(
        step_id, what, sent,
        [each for each in read if each[0] not in OF_NO_EVENT], [each for each in read if each[0] in OF_NO_EVENT],
    )  # fmt: skip


def now(kind: str, row_id: int) -> dict[str, Any] | None:
    """A row as it is at present, in the form of an image; None where it is not there."""
    found: dict[str, Any] | None = json.loads(_image(kind, row_id))
    return found


def steps_of(row: type[Row], row_id: int) -> set[int]:
    """The steps that touched a row."""
    kind = next(kind for kind, table in KINDS.items() if table is row)
    return {step for (step,) in as_tuples(Image.select(Image.step).where(Image.kind == kind, Image.row == row_id))}


def forget(step_ids: Collection[int], what: str | None = None) -> int:
    """Let steps be such that they cannot be taken back, with what they kept; returns how many still could."""
    number = 0
    for some in chunked(sorted(step_ids), AT_ONCE):
        number += Step.select().where(Step.id.in_(some), ~Step.undone).count()
        Image.delete().where(Image.step.in_(some)).execute()
        named = {} if what is None else {"what": what}
        Step.update(undone=True, **named).where(Step.id.in_(some)).execute()
    return number


def put_back(kind: str, row_id: int, before: dict[str, Any] | None) -> None:
    """Give a row its earlier values, or take away one that was not there; its version goes on.

    Raises RuleBroken where another row has taken its place, or depends on it.
    """
    table = KINDS[kind]
    try:
        if before is None:
            table.delete().where(table.id == row_id).execute()
        elif table is Register:
            _put_register_back(row_id, before)
        elif table is Facilitation:
            _put_facilitators_back(row_id, before)
        elif table is Course:
            _put_course_back(row_id, before)
        elif table is Evaluation:
            _put_form_back(row_id, before)
        else:
            _put_row_back(table, row_id, before)
    except IntegrityError:
        raise RuleBroken(_TAKEN if kind in OF_NO_EVENT else "the same person has been put there anew since") from None


_TAKEN = "something depends on it, or another has taken its place since"


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


def mark_undone(step_id: int) -> None:
    """This step is not offered again."""
    Step.update(undone=True).where(Step.id == step_id).execute()


def sent_since(dispatch_id: int, *, people: set[tuple[int, int]], sessions: set[int]) -> bool:
    """Whether anything was written or sent after the dispatch to one of these (person id, event id), or about one of
    these sessions."""
    later = (
        Dispatch.select(Invitation.person, Session.event, Session.id)
        .join_from(Dispatch, Invitation)
        .join_from(Invitation, Session)
        .where(Dispatch.id > dispatch_id)
    )
    return any((person, event) in people or session in sessions for person, event, session in as_tuples(later))


def touched_since(step_id: int, enrolment_ids: list[int]) -> bool:
    """Whether a later step, that stands, touched one of these enrolments."""
    query = Image.select().join(Step).where(Step.id > step_id, ~Step.undone)
    return bool(query.where(Image.kind == "enrolment", Image.row.in_(enrolment_ids)).exists())


def _image(kind: str, row_id: int) -> str:
    table = KINDS[kind]
    if table is Register:
        return _register_image(row_id)
    if table is Facilitation:
        return _facilitators_image(row_id)
    columns = [column for name, column in table._meta.columns.items() if name not in DERIVED and name != "id"]
    found = as_tuples(table.select(*columns).where(table.id == row_id))
    if not found:
        return NOTHING
    named = {column.column_name: value for column, value in zip(columns, found[0], strict=True)}
    if table is Course:
        named |= _of_course(row_id)
    elif table is Evaluation:
        named["answers"] = as_tuples(
            Answer.select(*_ANSWER).where(Answer.evaluation == row_id).order_by(Answer.question)
        )
    return json.dumps(named, default=str, sort_keys=True)


_MODULE = (Module.id, Module.position, Module.title, Module.minutes)
_PREREQUISITE = (Prerequisite.requires, Prerequisite.strictness)
_OUT_OF_THE_WAY = 1_000_000


def _of_course(course_id: int) -> dict[str, Any]:
    """A course is one thing with its modules and with what comes before it."""
    return {
        "modules": as_tuples(Module.select(*_MODULE).where(Module.course == course_id).order_by(Module.position)),
        "prerequisites": as_tuples(
            Prerequisite.select(*_PREREQUISITE).where(Prerequisite.course == course_id).order_by(Prerequisite.requires)
        ),
    }


def _put_course_back(course_id: int, before: dict[str, Any]) -> None:
    own = {name: value for name, value in before.items() if name not in ("modules", "prerequisites")}
    _put_row_back(Course, course_id, own)
    here = Module.course == course_id
    Module.delete().where(here, Module.id.not_in([module[0] for module in before["modules"]] or [0])).execute()
    # No two modules of a course stand at one place, not even for a moment.
    Module.update(position=Module.position + _OUT_OF_THE_WAY).where(here).execute()
    for module_id, position, title, minutes in before["modules"]:
        values = {Module.position: position, Module.title: title, Module.minutes: minutes}
        if not Module.update(values).where(Module.id == module_id).execute():
            Module.insert({Module.id: module_id, Module.course: course_id, **values}).execute()
    Prerequisite.delete().where(Prerequisite.course == course_id).execute()
    for requires, strictness in before["prerequisites"]:
        kept = Prerequisite.strictness.python_value(strictness)
        Prerequisite.insert(course=course_id, requires=requires, strictness=kept).execute()


_ANSWER = (Answer.question, Answer.value, Answer.text)


def _put_form_back(form_id: int, before: dict[str, Any]) -> None:
    """A form is one thing with its answers."""
    _put_row_back(Evaluation, form_id, {name: value for name, value in before.items() if name != "answers"})
    Answer.delete().where(Answer.evaluation == form_id).execute()
    for question, value, text in before["answers"]:
        Answer.insert(evaluation=form_id, question=question, value=value, text=text).execute()


_REGISTER = (Register.taken_by, Register.taken_at, Register.signed_off_by, Register.signed_off_at)
_MARK = (Mark.person, Mark.mark, Mark.minutes, Mark.at, Mark.actor)


def _register_image(session_id: int) -> str:
    """A register is one thing with the marks on it, known by its session; one that nobody took is empty, not absent."""
    taken = as_tuples(Register.select(*_REGISTER).where(Register.session == session_id))
    marks = as_tuples(Mark.select(*_MARK).where(Mark.session == session_id).order_by(Mark.person))
    event_id = _event_of(session_id)
    return json.dumps({"event_id": event_id, "register": taken, "marks": marks}, default=str, sort_keys=True)


def _facilitators_image(session_id: int) -> str:
    """Who leads a session is one thing, known by its session."""
    led = as_tuples(
        Facilitation.select(Facilitation.person).where(Facilitation.session == session_id).order_by(Facilitation.person)
    )
    people = [{"person_id": person_id} for (person_id,) in led]
    return json.dumps({"event_id": _event_of(session_id), "people": people}, sort_keys=True)


def _put_facilitators_back(session_id: int, before: dict[str, Any]) -> None:
    Facilitation.delete().where(Facilitation.session == session_id).execute()
    for each in before["people"]:
        Facilitation.insert(session=session_id, person=each["person_id"]).execute()


def _event_of(session_id: int) -> int:
    return int(Session.select(Session.event).where(Session.id == session_id).scalar())


def _put_register_back(session_id: int, before: dict[str, Any]) -> None:
    Mark.delete().where(Mark.session == session_id).execute()
    Register.delete().where(Register.session == session_id).execute()
    for table, fields, key in ((Register, _REGISTER, "register"), (Mark, _MARK, "marks")):
        for values in before[key]:
            row = {each: each.python_value(value) for each, value in zip(fields, values, strict=True)}
            table.insert({table.session: session_id, **row}).execute()
