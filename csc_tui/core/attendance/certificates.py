"""Certificates for people who completed a course, and the check whether a certificate is genuine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from csc_tui.base.context import Context
from csc_tui.base.errors import NotOnEvent
from csc_tui.base.history import write_history
from csc_tui.base.text import clean_text, format_date
from csc_tui.core.attendance import certificate_reference, completion, outcomes
from csc_tui.core.attendance.certificate_reference import CertificateReference
from csc_tui.core.attendance.completion import AttendedModule, CompletionStanding, CourseRequirements
from csc_tui.core.attendance.earlier_learning import describe_learnt_day
from db import attendance, calendar, earlier_learning, people
from db.engine.connection import read_transaction, write_transaction
from db.errors import NoSuchPerson, NotFound, RuleBroken
from db.records.attendance import Certificate, EarlierLearning
from db.records.calendar import Event
from db.records.people import Person
from db.records.startup import Role


@dataclass(frozen=True, slots=True)
class WrittenCertificate:
    """A certificate that was written to a file."""

    person: str
    name: str
    reference: str
    file: str


@dataclass(frozen=True, slots=True)
class UncertifiedPerson:
    """A person who has not completed the course, and what they need."""

    person: str
    name: str
    needs: str


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """The completion that a certificate stands for, and whether it still holds."""

    reference: str
    person: str
    name: str
    course: str
    title: str
    on: date
    valid_until: date | None
    standing: CompletionStanding


def list_earned_certificates(
    ctx: Context, reference: str, person: str = ""
) -> tuple[list[Certificate], list[UncertifiedPerson]]:
    """Return the certificates of everybody on an event who completed its course, and the people who have not.

    With `person` only that person is asked about. Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson and NotOnEvent.
    """
    with read_transaction():
        event = calendar.fetch_event(reference)
        ids = list(dict.fromkeys(entry.person_id for entry in attendance.fetch_register_entries(event.id)))
        if person:
            whom = people.find_person(person)
            if whom.id not in ids:
                raise NotOnEvent(whom.name, event.reference)
            ids = [whom.id]
        needed = outcomes.list_course_requirements().get(event.course_id)
        named = people.fetch_people(ids)
        there = outcomes.list_attended_modules(event.course_id, ids)
        learnt: dict[int, list[EarlierLearning]] = {}
        for each in earlier_learning.fetch_earlier_learning(course_id=event.course_id, person_ids=ids):
            learnt.setdefault(each.person_id, []).append(each)
    certificates, others = [], []
    for person_id in ids:
        its = there.get(person_id, [])
        on = completion.completed_on(its, needed) if needed else None
        here = any(not each.earlier for each in its)
        if needed and on and here:
            certificate = _certificate(ctx, event, named[person_id], its, needed, on)
            earlier = tuple(_told_earlier(each, needed) for each in learnt.get(person_id, ()) if each.on <= on)
            certificates.append(replace(certificate, earlier=earlier))
        else:
            needs = _needs(event, its if here else (), needed)
            if needed and any(each.module_id is None for each in learnt.get(person_id, ())):
                needs = f"completed it before or elsewhere; here {needs}"
            others.append(UncertifiedPerson(f"#{person_id}", named[person_id].name, needs))
    return certificates, others


def issue_certificates(
    ctx: Context, reference: str, folder: str, person: str = ""
) -> tuple[list[WrittenCertificate], list[UncertifiedPerson]]:
    """Write the certificates of an event into a folder, one PDF each, all or none; a new copy replaces an older one.

    Raises what list_earned_certificates() raises, RuleBroken when the one person named has not completed the course,
    LettersMissing for the only name of letters that cannot be printed, and Duplicate or WrongUse for the folder.
    """
    ctx.require(Role.BOOKER)
    made, others = list_earned_certificates(ctx, reference, person)
    if person and others:
        raise RuleBroken(
            f"{others[0].name} has not completed the course of {reference.upper()}: {others[0].needs}. "
            "Nothing was written."
        )
    if not made:
        return [], others
    from exports import certificates as exports_certificates
    from exports import files  # imported here because it is slow and only writing needs it
    from exports.pdf import LettersMissing

    pages = []
    for each in made:
        try:
            pages.append((each, exports_certificates.render_certificate_pdf(each)))
        except LettersMissing as problem:
            if len(made) == 1:
                raise
            others.append(UncertifiedPerson(f"#{each.person_id}", each.name, f"a certificate by hand: {problem}"))
    made = [each for each, _ in pages]
    written = []
    with files.file_batch(folder) as batch:
        for each, page in pages:
            name = f"{files.safe_file_name(each.reference)}-{files.safe_file_name(each.name)}.pdf".lower()
            batch.add(name, page, may_replace=_copy_of(each))
            written.append(
                WrittenCertificate(f"#{each.person_id}", each.name, each.reference, f"{folder.rstrip('/')}/{name}")
            )
        batch.settle()
        with write_transaction():
            event = calendar.fetch_event(reference)
            for each in made:
                write_history(
                    ctx, "certificate written", f"{each.name}: {each.title}", event_id=event.id,
                    person_id=each.person_id, after=each.reference,
                )  # fmt: skip
            batch.place()
    return written, others


def verify_certificate(ctx: Context, text: str) -> VerifiedCertificate:
    """Return the completion that a certificate's reference stands for, by the marks as they are now.

    Raises NotFound when the reference is not one of ours, and RuleBroken when the marks no longer support it.
    """
    found = certificate_reference.parse_certificate_reference(text)
    if found is None:
        raise NotFound(
            f"'{text}' is not a certificate reference. Check it against the foot of the certificate: there may be a "
            "typing mistake."
        )
    with read_transaction():
        by_code = {
            needed.course: (course_id, needed) for course_id, needed in outcomes.list_course_requirements().items()
        }
        course_id, needed = by_code.get(found.course, (0, None))
        try:
            whom = people.fetch_person(found.person_id)
        except NoSuchPerson:
            raise _unsupported(found) from None
        its = outcomes.list_attended_modules(course_id, [whom.id]).get(whom.id, [])
    if needed is None or completion.completed_on([each for each in its if each.on <= found.on], needed) != found.on:
        raise _unsupported(found)
    return VerifiedCertificate(
        str(found), whom.key, whom.name, needed.course, needed.title, found.on,
        completion.valid_until(found.on, needed.validity_months),
        completion.completion_standing(
            found.on, needed.validity_months, ctx.today(), refresher_days=ctx.refresher_days
        ),
    )  # fmt: skip


def _certificate(
    ctx: Context, event: Event, person: Person, its: Sequence[AttendedModule], needed: CourseRequirements, on: date
) -> Certificate:
    attended = {each.module_id for each in its if not each.earlier}
    return Certificate(
        reference=str(CertificateReference(needed.course, person.id, on)),
        person_id=person.id,
        name=clean_text(person.name),
        title=clean_text(needed.title),
        modules=tuple(clean_text(module.title) for module in needed.modules if module.id in attended),
        on=on,
        valid_until=completion.valid_until(on, needed.validity_months),
        minutes=sum(each.minutes for each in its if each.on <= on and not each.earlier),
        organiser=clean_text(ctx.policy["organiser_name"]),
    )


def _told_earlier(learnt: EarlierLearning, needed: CourseRequirements) -> str:
    """Return `Module title, October 2016, Leeds City Council`, or without a title for the whole course."""
    title = next((each.title for each in needed.modules if each.id == learnt.module_id), "")
    return clean_text(", ".join(filter(None, (title, describe_learnt_day(learnt), learnt.provider))))


def _needs(event: Event, its: Sequence[AttendedModule], needed: CourseRequirements | None) -> str:
    """Return what a person still needs to complete the course of an event, in words."""
    if needed is None:
        return f"{event.course} has no modules, so it cannot be completed"
    if not its:
        return "no session was attended"
    (progress,) = completion.progress_by_course(its, {event.course_id: needed})
    return f"needs {progress.needs}"


def _copy_of(certificate: Certificate) -> Callable[[bytes], bool]:
    """Return a function that tells whether a file is an older copy of this certificate."""
    from exports import certificates as exports_certificates

    return lambda data: exports_certificates.is_certificate(data, certificate.reference)


def _unsupported(found: CertificateReference) -> RuleBroken:
    return RuleBroken(
        f"{found} is in the right form, but according to the registers this person did not complete {found.course} on "
        f"{format_date(found.on)}: the certificate was not issued here, or a mark has been corrected since. It is not "
        "valid."
    )
