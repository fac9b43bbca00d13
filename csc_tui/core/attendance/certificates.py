"""Certificates: for those who completed a course and nobody else, and the answer to whoever asks if one is genuine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from csc_tui.base.context import Context
from csc_tui.base.errors import NotOnEvent
from csc_tui.base.text import clean
from csc_tui.core.attendance import certificate_reference, completion, outcomes
from csc_tui.core.attendance.certificate_reference import Reference
from csc_tui.core.attendance.completion import Attended, Needed, Standing
from db import attendance, calendar, history, people
from db.engine.connection import reading, writing
from db.errors import NoSuchPerson, NotFound, RuleBroken
from db.records.attendance import Certificate
from db.records.calendar import Event
from db.records.first_picture import Role
from db.records.people import Person


@dataclass(frozen=True, slots=True)
class Certified:
    """One certificate that was written."""

    person: str
    name: str
    reference: str
    file: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """Somebody who has not completed the course, and what they need."""

    person: str
    name: str
    needs: str


@dataclass(frozen=True, slots=True)
class Genuine:
    """What a reference stands for, and whether the completion still holds: in date, due, or out."""

    reference: str
    person: str
    name: str
    course: str
    title: str
    on: date
    valid_until: date | None
    standing: Standing


def earned(ctx: Context, reference: str, person: str = "") -> tuple[list[Certificate], list[NotYet]]:
    """The certificates of everybody on an event, or of one person, who completed its course; and who has not.

    Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson, NotOnEvent.
    """
    with reading():
        event = calendar.get(reference)
        ids = list(dict.fromkeys(entry.person_id for entry in attendance.register(event.id)))
        if person:
            whom = people.find(person)
            if whom.id not in ids:
                raise NotOnEvent(whom.name, event.reference)
            ids = [whom.id]
        needed = outcomes.courses_needed().get(event.course_id)
        named = people.by_ids(ids)
        there = outcomes.attended(event.course_id, ids)
    certificates, others = [], []
    for person_id in ids:
        its = there.get(person_id, [])
        on = completion.completed_on(its, needed) if needed else None
        if needed and on:
            certificates.append(_certificate(ctx, event, named[person_id], its, needed, on))
        else:
            others.append(NotYet(f"#{person_id}", named[person_id].name, _needs(event, its, needed)))
    return certificates, others


def write(ctx: Context, reference: str, folder: str, person: str = "") -> tuple[list[Certified], list[NotYet]]:
    """Write them into a folder, a PDF each: all or none. A new copy takes the place of an older one.

    Raises what earned() raises; RuleBroken where the one person named has not completed the course; Duplicate,
    WrongUse for the folder.
    """
    ctx.require(Role.BOOKER)
    made, others = earned(ctx, reference, person)
    if person and others:
        raise RuleBroken(
            f"{others[0].name} has not completed the course of {reference.upper()}: {others[0].needs}. "
            "Nothing was written."
        )
    if not made:
        return [], others
    from exports import certificates as exports_certificates
    from exports import files  # only who writes pays for it

    written = []
    with files.into(folder) as batch:
        for each in made:
            name = f"{files.safe_name(each.reference)}-{files.safe_name(each.name)}.pdf".lower()
            batch.add(name, exports_certificates.pdf(each), may_replace=_copy_of(each))
            written.append(Certified(f"#{each.person_id}", each.name, each.reference, f"{folder.rstrip('/')}/{name}"))
        batch.settle()
        with writing():
            event = calendar.get(reference)
            for each in made:
                history.add(
                    ctx.stamp(), ctx.actor, "certificate written", f"{each.name}: {each.title}", event_id=event.id,
                    person_id=each.person_id, after=each.reference,
                )  # fmt: skip
            batch.place()
    return written, others


def check(ctx: Context, text: str) -> Genuine:
    """What the reference on a certificate stands for, by the marks as they are now.

    Raises NotFound where it is no reference of ours, RuleBroken where the marks no longer support it.
    """
    found = certificate_reference.parse(text)
    if found is None:
        raise NotFound(
            f"'{text}' is no reference of a certificate: something in it is mistyped, or it was never ours. Look at "
            "the foot of the page again."
        )
    with reading():
        by_code = {needed.course: (course_id, needed) for course_id, needed in outcomes.courses_needed().items()}
        course_id, needed = by_code.get(found.course, (0, None))
        try:
            whom = people.get(found.person_id)
        except NoSuchPerson:
            raise _unsupported(found) from None
        its = outcomes.attended(course_id, [whom.id]).get(whom.id, [])
    if needed is None or completion.completed_on([each for each in its if each.on <= found.on], needed) != found.on:
        raise _unsupported(found)
    return Genuine(
        str(found), whom.key, whom.name, needed.course, needed.title, found.on,
        completion.valid_until(found.on, needed.validity_months),
        completion.standing(found.on, needed.validity_months, ctx.today()),
    )  # fmt: skip


def _certificate(
    ctx: Context, event: Event, person: Person, its: Sequence[Attended], needed: Needed, on: date
) -> Certificate:
    lacking = completion.missing(its, needed)
    return Certificate(
        reference=str(Reference(needed.course, person.id, on)),
        person_id=person.id,
        name=clean(person.name),
        title=clean(needed.title),
        modules=tuple(clean(module.title) for module in needed.modules if module not in lacking),
        on=on,
        valid_until=completion.valid_until(on, needed.validity_months),
        minutes=sum(each.minutes for each in its if each.on <= on),
        organiser=clean(ctx.policy["organiser_name"]),
    )


def _needs(event: Event, its: Sequence[Attended], needed: Needed | None) -> str:
    if needed is None:
        return f"{event.course} has no modules, so it cannot be completed"
    if not its:
        return "nothing of it was attended"
    (progress,) = completion.progress(its, {event.course_id: needed})
    return f"needs {progress.needs}"


def _copy_of(certificate: Certificate) -> Callable[[bytes], bool]:
    from exports import certificates as exports_certificates

    return lambda data: exports_certificates.is_certificate(data, certificate.reference)


def _unsupported(found: Reference) -> RuleBroken:
    return RuleBroken(
        f"{found} is written correctly, but the registers do not say that this person completed {found.course} on "
        f"{found.on:%d/%m/%Y}: it was never ours, or a mark has been corrected since. The certificate does not hold."
    )
