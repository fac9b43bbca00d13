"""Calendar invitations, written once and updated when something changes, and feeds to subscribe to."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.base.errors import WorkStopped
from csc_tui.base.history import write_history
from csc_tui.base.progress import Progress
from csc_tui.base.text import format_count
from csc_tui.core.mail import invitation_rules, templates, wording
from csc_tui.core.mail.invitation_rules import DueInvitation, InvitationPlan, Letterhead
from csc_tui.core.mail.wording import Letter
from db import calendar as calendar_store
from db import catalogue, invitations, people
from db.engine.connection import read_transaction, write_transaction
from db.errors import CscError, RuleBroken, Stale, UnknownName
from db.records.calendar import Event
from db.records.catalogue import Resource
from db.records.mail import Appointment, CalendarEntry, InvitationMethod, InvitationRole, MailAddress, MessageKind
from db.records.startup import Role


@dataclass(frozen=True, slots=True)
class WrittenInvitation:
    """An invitation that was written, or would be; `person` is `#id`, `session` its number."""

    person: str
    session: int
    method: InvitationMethod
    sequence: int
    file: str


@dataclass(frozen=True, slots=True)
class InviteResult:
    """The result of writing invitations.

    `reasons` counts each reason; `unreachable` are people whose address cannot be used; `unwritten` are sentences about
    invitations of which no mail could be made.
    """

    written: list[WrittenInvitation]
    reasons: Counter[str]
    unreachable: list[MailAddress]
    unwritten: list[str]


def list_due_invitations(
    ctx: Context,
    reference: str,
    *,
    session: int | None = None,
    person: str = "",
    facilitators: bool = False,
    again: bool = False,
) -> list[DueInvitation]:
    """Return the invitations that are due for an event's learners, or for its facilitators, each with its reason.

    With `again` what was sent and still holds is included. Raises NoSuchEvent, NoSuchSession, NoSuchPerson and
    AmbiguousPerson.
    """
    with read_transaction():
        event = calendar_store.fetch_event(reference)
        session_id, among = _narrowed(event, session, person)
        plans = _plans(ctx, [event], [_role(facilitators)], ctx.stamp(), session_id, among, again)
    return plans[0][1].due


def list_due_by_event(
    ctx: Context, references: Sequence[str], *, learners_only: bool = False
) -> dict[str, list[DueInvitation]]:
    """Return the invitations that are due by event, learners' before facilitators'. Raises NoSuchEvent.

    The number of database queries does not grow with the number of events, up to EVENTS_AT_ONCE.
    """
    roles = [InvitationRole.LEARNER] if learners_only else list(InvitationRole)
    stamp = ctx.stamp()
    found: dict[str, list[DueInvitation]] = {}
    with read_transaction():
        for start in range(0, len(references), EVENTS_AT_ONCE):
            some = calendar_store.fetch_events(references[start : start + EVENTS_AT_ONCE])
            for event, plan in _plans(ctx, some, roles, stamp):
                found.setdefault(event.reference, []).extend(plan.due)
    return found


EVENTS_AT_ONCE = 100
"""The number of events that are read together, so that the use of memory is bounded."""


def get_invitation_plan(ctx: Context, reference: str, *, facilitators: bool = False) -> InvitationPlan:
    """Return the invitations that are due for an event and the people that no mail can reach. Raises NoSuchEvent."""
    with read_transaction():
        return _plans(ctx, [calendar_store.fetch_event(reference)], [_role(facilitators)], ctx.stamp())[0][1]


def due_invitation_count(ctx: Context, reference: str, *, facilitators: bool = False) -> int:
    """Return the number of invitations that write_invitations() would write now. Raises NoSuchEvent."""
    return len(list_due_invitations(ctx, reference, facilitators=facilitators))


@dataclass(frozen=True, slots=True)
class InvitationOptions:
    """Which invitations of an event to write, and in what form.

    Those of all its learners, unless `session` or `person` narrows them or they are for the `facilitators`; with
    `again` also what was written before and still holds. `mail` makes whole mails of them instead of calendar files.
    """

    session: int | None = None
    person: str = ""
    facilitators: bool = False
    again: bool = False
    mail: bool = False


ORDINARY_INVITATIONS = InvitationOptions()


def write_invitations(
    ctx: Context,
    reference: str,
    folder: str,
    options: InvitationOptions = ORDINARY_INVITATIONS,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> InviteResult:
    """Write the invitations that are due into a folder, as calendar files or mails, and store them in the ledger.

    AT_ONCE are written together: the files are on the disk before the ledger says so, and if anything fails, neither is
    kept. If no mail can be made of one, the reason is returned and the others are written. The folder is made only when
    there are files. `progress` is told of each and can stop the work. Raises what list_due_invitations() raises; Stale
    if the event changed meanwhile; Duplicate or WrongUse for the folder; RuleBroken while the policy names no mailbox
    to send from; InvitationsPartlyWritten for any of these once some are kept.
    """
    if not dry_run:
        ctx.require(Role.BOOKER)
        check_organiser(ctx)
    stamp, mail = ctx.stamp(), options.mail

    def decide(some: Sequence[int]) -> InvitationPlan:
        return _plans(ctx, [event], [_role(options.facilitators)], stamp, session_id, some, options.again)[0][1]

    with read_transaction():
        event = calendar_store.fetch_event(reference)
        session_id, among = _narrowed(event, options.session, options.person)
        turns = _turns(event.id, among)
        of = 0 if dry_run else sum(len(decide(some).due) for some in turns)
        worded = templates.get_wording(MessageKind.INVITATION)
    done, ready = InviteResult([], Counter(), [], []), 0

    def made_one() -> None:
        nonlocal ready
        ready += 1
        if progress:
            progress(ready, max(ready, of))

    for some in turns:
        with read_transaction():
            plan = decide(some)
        done.unreachable.extend(plan.unreachable.values())
        written: Sequence[DueInvitation] = plan.due
        if plan.due and not dry_run:
            make = partial(make_invitation_mail, ctx, worded=worded) if mail else partial(make_invitation_calendar, ctx)
            try:
                written = _write(ctx, event, folder, plan, partial(decide, some), make, mail, done.unwritten, made_one)
            except CscError as problem:
                if done.written:
                    raise InvitationsPartlyWritten(len(done.written), folder, problem) from None
                raise
        for each in written:
            path = os.path.join(folder, invitation_file_name(event.reference, each, mail))
            done.written.append(
                WrittenInvitation(f"#{each.person_id}", each.session, each.method, each.entry.sequence, path)
            )
            done.reasons[each.reason] += 1
    return done


def _write(
    ctx: Context,
    event: Event,
    folder: str,
    plan: InvitationPlan,
    decide: Callable[[], InvitationPlan],
    make: Callable[[DueInvitation], bytes],
    mail: bool,
    unwritten: list[str],
    made_one: Callable[[], None],
) -> list[DueInvitation]:
    """Write the files and the ledger together, or neither; `unwritten` takes the reason where no mail can be made."""
    from exports import files  # imported here because it is slow and only writing needs it

    made: list[DueInvitation] = []
    with files.file_batch(folder) as batch:
        for each in plan.due:
            try:
                data = make(each)
            except RuleBroken as problem:  # a name that no mail can carry must not hold up the other invitations
                unwritten.append(str(problem))
            else:
                made.append(each)
                batch.add(
                    invitation_file_name(event.reference, each, mail),
                    data,
                    may_replace=may_replace_invitation(each, mail),
                )
            made_one()
        batch.settle()
        with write_transaction():
            calendar_store.lock_event(event.reference)
            if decide() != plan:
                raise Stale(
                    f"{event.reference} changed while its invitations were being written. None was written and none "
                    "counts as sent. Try again."
                )
            paths = [os.path.join(folder, invitation_file_name(event.reference, each, mail)) for each in made]
            invitations.store_sent_invitations(
                list(zip(map(invitation_rules.ledger_line, made), paths, strict=True)), ctx.actor
            )
            record_invitation_history(ctx, event.id, event.reference, made)
            batch.place()
    return made


AT_ONCE = 500
"""The number of invitations worked out, written and stored together, so that the use of memory is bounded."""


class InvitationsPartlyWritten(RuleBroken):
    """Raised when writing failed after some invitations had been written and stored."""

    def __init__(self, kept: int, folder: str, problem: CscError) -> None:
        why = "Stopped." if isinstance(problem, WorkStopped) else str(problem)
        super().__init__(
            f"{why} {format_count(kept, 'invitation')} had already been written to {folder} and will not be written "
            "again; the others are still due."
        )


def _turns(event_id: int, among: Collection[int] | None) -> list[list[int]]:
    """Return the ids of the people who may have something due, by name and in groups of a bounded size."""
    sources = (invitations.fetch_booked_learners, invitations.fetch_make_up_learners, invitations.fetch_facilitations)
    ids = {person_id for source in sources for _, person_id in source([event_id], among)}
    ids |= invitations.fetch_invited_people(event_id, among)
    mailboxes = invitations.fetch_mail_addresses(ids)
    order = sorted(ids, key=lambda person_id: (mailboxes[person_id].name.casefold(), person_id))
    size = max(1, AT_ONCE // max(1, len(invitations.fetch_appointments(event_id))))
    return [order[start : start + size] for start in range(0, len(order), size)]


@dataclass(frozen=True, slots=True)
class FeedScope:
    """The sessions a feed is about, in words of a person; what is empty narrows nothing."""

    year: str = ""
    strand: str = ""
    course: str = ""
    person: str = ""
    venue: str = ""
    facilitator: str = ""


WHOLE_PROGRAMME = FeedScope()


def write_feed(ctx: Context, path: str, scope: FeedScope = WHOLE_PROGRAMME) -> int:
    """Write a calendar to subscribe to and return the number of sessions in it.

    Raises what get_feed_content() and write_feed_content() raise.
    """
    found = get_feed_content(ctx, scope)
    write_feed_content(ctx, found, path)
    return len(found.sessions)


def write_feed_content(ctx: Context, found: "FeedContent", path: str) -> None:
    """Write a feed. Raises WrongUse for the path, and Duplicate for a file that is no feed."""
    from exports import files, ical

    entries = [entry for _, entry in found.sessions]
    data = ical.render_feed(entries, name=found.title, busy=found.busy, zone=ctx.policy["time_zone"])
    # Subscribers fetch the next edition from the same place, so a feed may replace a feed without asking.
    files.write_file(path, data, may_replace=ical.is_feed)


def replaces_feed(path: str) -> bool:
    """Return whether a feed written to a path replaces an earlier one. Raises what write_feed_content() raises."""
    from exports import files, ical

    return files.replaces_file(path, may_replace=ical.is_feed)


@dataclass(frozen=True, slots=True)
class FeedContent:
    """The content of a feed or of a calendar on a server.

    `busy` says whether its sessions take up the reader's time.
    """

    title: str
    sessions: list[tuple[Appointment, CalendarEntry]]
    busy: bool


def get_feed_content(ctx: Context, scope: FeedScope) -> FeedContent:
    """Return the dated sessions that may be made public, or those of one person.

    Sessions of drafts, cancelled ones and those to be confirmed are left out. Raises NotFound for an unknown strand,
    course, venue or person, and WrongUse for the year.
    """
    title = [ctx.policy["organiser_name"]]
    with read_transaction():
        first = last = None
        if scope.year:
            start = programme_years.parse_programme_year(scope.year)
            first, last = programme_years.programme_year_bounds(start, ctx.first_month)
            title[0] += f" {programme_years.programme_year_label(start)}"
        if scope.strand:
            known = {each.code: f"{each.code} ({each.name})" for each in catalogue.fetch_strands()}
            title.append(_known(invitations.fetch_strand_name(scope.strand), "strand", scope.strand, known))
        if scope.course:
            known = {each.code: each.code for each in catalogue.fetch_active_courses()}
            title.append(_known(invitations.fetch_course_title(scope.course), "course", scope.course, known))
        if scope.venue:
            known = {name: name for name in invitations.fetch_venue_names()}
            fitting = " and ".join(invitations.fetch_venue_names(scope.venue))
            title.append(_known(fitting, "venue", scope.venue, known))
        who = people.find_person(scope.person) if scope.person else None
        leader = people.find_person(scope.facilitator) if scope.facilitator else None
        title += [each.name for each in (who, leader) if each]
        found = invitations.fetch_feed_appointments(
            first=first, last=last, strand=scope.strand, course=scope.course, venue=scope.venue,
            person_id=who.id if who else None, facilitator_id=leader.id if leader else None,
        )  # fmt: skip
    sessions = [(each, entry) for each in found if (entry := _published(each))]
    return FeedContent(", ".join(title), sessions, bool(who or leader))


def _narrowed(event: Event, session: int | None, person: str) -> tuple[int | None, list[int] | None]:
    """Return the ids of the session and the people meant; None is all.

    Raises NoSuchSession, NoSuchPerson and AmbiguousPerson.
    """
    session_id = calendar_store.fetch_session(event, session).id if session is not None else None
    return session_id, [people.find_person(person).id] if person else None


def _role(facilitators: bool) -> InvitationRole:
    return InvitationRole.FACILITATOR if facilitators else InvitationRole.LEARNER


def _plans(
    ctx: Context,
    about: Sequence[Event],
    roles: Sequence[InvitationRole],
    stamp: datetime,
    session_id: int | None = None,
    among: Collection[int] | None = None,
    again: bool = False,
) -> list[tuple[Event, InvitationPlan]]:
    """Return a plan for each event and role, in that order, for everybody or among these people."""
    ids = [each.id for each in about]
    appointments = invitations.fetch_appointments_by_event(ids)
    ledger = {(line.session_id, line.person_id): line for line in invitations.fetch_invitations(ids, among)}
    learner, facilitator = InvitationRole.LEARNER, InvitationRole.FACILITATOR
    invited = {
        (each.session_id, person_id): learner
        for event_id, person_id in invitations.fetch_booked_learners(ids, among)
        for each in appointments.get(event_id, ())
    }
    invited.update(dict.fromkeys(invitations.fetch_make_up_learners(ids, among), learner))
    # A facilitator of a session is invited as such, whether booked on it or not.
    invited.update(dict.fromkeys(invitations.fetch_facilitations(ids, among), facilitator))

    event_of = {each.session_id: event_id for event_id, its in appointments.items() for each in its}
    keys: dict[tuple[int, InvitationRole], list[invitation_rules.Key]] = {}
    for key, role in ({key: line.role for key, line in ledger.items()} | invited).items():
        if session_id in (None, key[0]):
            keys.setdefault((event_of[key[0]], role), []).append(key)
    mailboxes = invitations.fetch_mail_addresses({person_id for _, person_id in ledger.keys() | invited.keys()})
    resources, found = catalogue.fetch_resources(), []
    for event in about:
        for role in roles:
            its = keys.get((event.id, role), [])
            plan = invitation_rules.plan_invitations(
                appointments.get(event.id, []),
                {key: role for key in its if key in invited},
                mailboxes,
                [ledger[key] for key in its if key in ledger],
                get_letterhead(ctx, event, resources),
                now=ctx.now(),
                stamp=stamp,
                again=again,
            )
            found.append((event, plan))
    return found


def get_letterhead(ctx: Context, event: Event, resources: Sequence[Resource]) -> Letterhead:
    """Return the parts that all invitations of an event share; of the resources, those of its course and strand."""
    organiser = MailAddress(ctx.policy["organiser_name"], ctx.policy["organiser_email"])
    about = [
        each for each in resources if each.course == event.course or (not each.course and each.strand == event.strand)
    ]
    return Letterhead(organiser, ctx.policy["how_to_cancel"], about)


def check_organiser(ctx: Context) -> None:
    """Raise RuleBroken while the policy names no mailbox to send from."""
    address = ctx.policy["organiser_email"]
    if not invitation_rules.is_usable_address(address):
        raise RuleBroken(
            f"The sender of invitations, '{address}', is not an e-mail address. Nothing was written. Correct "
            "organiser_email in the policy."
        )


def invitation_file_name(reference: str, due: DueInvitation, mail: bool) -> str:
    """Return the name of an invitation's file."""
    from exports.files import safe_file_name

    who = f"{safe_file_name(due.attendee.name)}-{due.person_id}".lower()
    kind = f"{due.method.value.lower()}-{due.entry.sequence}"
    return f"{safe_file_name(reference)}-session-{due.session}-{who}-{kind}.{'eml' if mail else 'ics'}"


def make_invitation_calendar(ctx: Context, due: DueInvitation) -> bytes:
    """Return the calendar file of an invitation."""
    from exports import ical

    return ical.render_invitation(
        due.entry, method=due.method, organiser=due.organiser, attendee=due.attendee, zone=ctx.policy["time_zone"]
    )


def fill_invitation_letter(ctx: Context, due: DueInvitation, worded: Letter) -> Letter:
    """Return the text of the mail that carries an invitation."""
    return wording.fill_letter(worded, invitation_rules.invitation_letter_values(due, ctx.policy["organiser_name"]))


def make_invitation_mail(
    ctx: Context, due: DueInvitation, worded: Letter, *, key: str = "", calendar: bytes = b""
) -> bytes:
    """Return the mail that carries an invitation, with `calendar` as its calendar file if that was made already.

    Raises RuleBroken for a name or title that no mail can carry.
    """
    from exports import mail as exports_mail

    letter = fill_invitation_letter(ctx, due, worded)
    return exports_mail.render_invitation_mail(
        calendar or make_invitation_calendar(ctx, due),
        method=due.method,
        organiser=due.organiser,
        attendee=due.attendee,
        subject=letter.subject,
        body=letter.body,
        stamped=due.entry.stamped,
        key=key,
    )


def may_replace_invitation(due: DueInvitation, mail: bool) -> Callable[[bytes], bool]:
    """Return a function that tells whether a file is an earlier copy of this invitation and may be replaced.

    Such a copy is left by a run that stopped before the ledger knew of it, or has a title that has changed since.
    """
    from exports import ical
    from exports.mail import read_attached_calendar

    return lambda data: ical.is_copy_of_invitation(read_attached_calendar(data) if mail else data, due.entry)


def record_invitation_history(ctx: Context, event_id: int, reference: str, written: Iterable[DueInvitation]) -> None:
    """Write a history entry for each person, method and reason; to be called inside a write transaction."""
    numbers: dict[tuple[int, str, InvitationMethod, str], list[str]] = {}
    for each in written:
        numbers.setdefault((each.person_id, each.attendee.name, each.method, each.reason), []).append(str(each.session))
    for (person_id, name, method, reason), sessions in numbers.items():
        write_history(
            ctx, "invited" if method is InvitationMethod.REQUEST else "uninvited",
            f"{name} to {reference}", event_id=event_id, person_id=person_id,
            after=f"session{'s' if len(sessions) > 1 else ''} {', '.join(sessions)}", reason=reason,
        )  # fmt: skip


def _published(appointment: Appointment) -> CalendarEntry | None:
    """Return an appointment as a feed shows it; the stamp depends on its revision alone, so that all editions agree."""
    return invitation_rules.make_calendar_entry(
        appointment,
        uid=invitation_rules.feed_uid(appointment),
        sequence=appointment.revision,
        stamped=_FIRST_EDITION + timedelta(seconds=appointment.revision),
        summary=invitation_rules.calendar_title(appointment, InvitationRole.LEARNER),
        description=invitation_rules.event_session_label(appointment),
    )


_FIRST_EDITION = datetime(2017, 4, 1)


def _known(found: str | None, what: str, typed: str, known: Mapping[str, str]) -> str:
    if not found:
        raise UnknownName(
            f"There is no {what} '{typed}'. Nothing was written.", typed, known,
            otherwise=f"Known are: {', '.join(known.values()) or 'none yet'}.",
        )  # fmt: skip
    return found
