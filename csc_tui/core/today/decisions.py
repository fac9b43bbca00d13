"""The decisions and tasks that wait for a coordinator today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date
from csc_tui.core.mail import invitation_rules, invitations
from db import catalogue, commitments, figures, today
from db.engine.connection import read_transaction
from db.records.catalogue import Resource
from db.records.mail import Appointment, Invitation, InvitationMethod, InvitationRole, MailAddress, PartStat

OFFERS_WITHIN, MINIMUM_WITHIN = timedelta(days=2), timedelta(days=14)
AHEAD, BEHIND = timedelta(days=92), timedelta(days=92)
"""The time ahead in which clashes and invitations are looked for, and the time back for registers."""
LIMIT = 50
"""The most decisions of each kind, the most urgent ones."""
AT_ONCE = 60
"""The number of events whose invitations are looked at together."""
NEVER_INVITED = 0
"""The id that stands for everybody who was never invited to a session."""


class DecisionKind(StrEnum):
    """The kinds of decision in order of urgency: what ends by itself, must be decided, is broken, or is to be done."""

    OFFER = "offer"
    MINIMUM = "minimum"
    CLASH = "clash"
    DECLINED = "declined"
    ANSWER = "answer"
    REQUEST = "request"
    REGISTER = "register"
    INVITATION = "invitation"
    COMMITMENT = "commitment"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something about an event or a group that somebody has to decide or do.

    `number` counts the people, sessions or invitations it is about; `name` is the one person or thing it is about, and
    `person` their key. `due` is when people asked, when the offer ends (local time), or the day of the session or
    decision. `other` is what a clash is with, what was answered, or what was committed to; `done` counts the marks of a
    register. For a commitment `number` is its own, `event` is empty and `title` is the group.
    """

    kind: DecisionKind
    event: str
    title: str
    number: int
    name: str
    due: datetime | date | None
    session: int = 0
    person: str = ""
    other: str = ""
    done: int = 0

    @property
    def urgent(self) -> bool:
        """Return whether it ends by itself, must be decided, or is broken."""
        kind = DecisionKind
        return self.kind in (kind.OFFER, kind.MINIMUM, kind.CLASH, kind.DECLINED, kind.ANSWER)

    @property
    def is_register(self) -> bool:
        """Return whether it is about a register that is not taken."""
        return self.kind is DecisionKind.REGISTER

    @property
    def what(self) -> str:
        """Return what is to be decided or done, in words."""
        match self.kind:
            case DecisionKind.OFFER:
                return f"{self.name} may accept until {format_date(self.due)[:10].rstrip()} {self.due:%H:%M}"
            case DecisionKind.MINIMUM:
                return f"{self.number} short of the minimum, decide by {format_date(self.due)}"
            case DecisionKind.CLASH:
                who = self.name if self.number == 1 else f"{self.name} and {self.number - 1} more"
                return f"Session {self.session} clashes with {self.other}, {format_date(self.due)[:-5]}: {who}"
            case DecisionKind.DECLINED:
                more = f" and {format_count(self.number - 1, 'other')}" if self.number > 1 else ""
                return f"{self.name} declined session {self.session}{more}, {format_date(self.due)}"
            case DecisionKind.ANSWER:
                return f"{self.name}, session {self.session}, {format_date(self.due)}: {self.other}"
            case DecisionKind.REQUEST:
                return f"{format_count(self.number, 'request')} to approve, since {format_date(self.due)}"
            case DecisionKind.REGISTER:
                left = f"{self.number} not marked yet" if self.done else "no register"
                return f"Session {self.session}, {format_date(self.due)}: {left}"
            case DecisionKind.INVITATION:
                return f"{format_count(self.number, 'invitation')} due, the first for {format_date(self.due)}"
            case DecisionKind.COMMITMENT:
                return f"{self.name}, due {format_date(self.due)}: {self.other}"
            case DecisionKind.UNDATED:
                return f"{format_count(self.number, 'session')} without a date"


def list_decisions(ctx: Context) -> list[Decision]:
    """Return what is to be decided and done, the most urgent first, at most LIMIT of each kind.

    These are offers that run out within two days, events below their minimum to be decided on within two weeks,
    unexplained clashes, places whose invitation was declined, replies that only a coordinator can settle, requests,
    registers, invitations that are due, overdue commitments, and sessions without a date.
    """
    now = ctx.now()
    with read_transaction():
        offered = figures.fetch_ending_offers(ctx.stamp() + OFFERS_WITHIN)
        thin = figures.fetch_events_below_minimum(now.date() + MINIMUM_WITHIN)
        clashing = today.fetch_unexplained_clashes(now.date(), now.date() + AHEAD, LIMIT)
        declined = today.fetch_declined_people(now, LIMIT)
        held = today.fetch_undecided_replies(now, LIMIT)
        asking = figures.fetch_open_requests()
        registers = today.fetch_unmarked_registers(now.date() - BEHIND, now, LIMIT)
        uninvited = _uninvited(ctx, now)
        promised = commitments.fetch_commitments(due_before=now.date(), limit=LIMIT)
        undated = today.fetch_undated_events(LIMIT)
    kind = DecisionKind
    return [
        *(
            Decision(kind.OFFER, event, title, 1, name, ctx.local(at), person=f"#{person}")
            for event, title, name, at, person in offered[:LIMIT]
        ),
        *(Decision(kind.MINIMUM, event, title, short, "", by) for event, title, short, by in thin[:LIMIT]),
        *(
            Decision(kind.CLASH, event, title, many, name, on, session, other=f"{other} session {number}")
            for _, event, title, session, on, other, number, name, many in clashing
        ),
        *(
            Decision(kind.DECLINED, event, title, many, name, on, session, f"#{person}")
            for event, title, person, name, session, on, many in declined
        ),
        *(
            Decision(kind.ANSWER, event, title, 1, name, on, session, f"#{person}", other=said)
            for event, title, person, name, session, on, said in held
        ),
        *(Decision(kind.REQUEST, event, title, many, "", ctx.local(at)) for event, title, many, at in asking[:LIMIT]),
        *(
            Decision(kind.REGISTER, event, title, missing, "", on, session, done=marked)
            for event, title, session, on, missing, marked in registers
        ),
        *uninvited[:LIMIT],
        *(
            Decision(kind.COMMITMENT, "", each.group, each.id, each.name, each.due, person=f"#{each.person_id}",
                     other=each.what)
            for each in promised
        ),
        *(
            Decision(kind.UNDATED, event, title, many, "", None, session)
            for event, title, session, many, _ in undated
        ),
    ]  # fmt: skip


def _uninvited(ctx: Context, now: datetime) -> list[Decision]:
    """Return the events with learners' invitations due and how many, looking at no more events than needed."""
    ahead = today.fetch_events_ahead(now.date(), now.date() + AHEAD)
    resources = catalogue.fetch_resources()
    found: list[Decision] = []
    for start in range(0, len(ahead), AT_ONCE):
        found += _uninvited_of(ctx, now, ahead[start : start + AT_ONCE], resources)
        if len(found) >= LIMIT:
            break
    return sorted(found, key=lambda each: (str(each.due), each.event))


def _uninvited_of(
    ctx: Context, now: datetime, event_ids: Sequence[int], resources: Sequence[Resource]
) -> list[Decision]:
    """Return the invitations that are due for some events, asking the rule once for all who were sent the same.

    One stand-in for each session represents everybody who was sent the same invitation to it.
    """
    appointments = today.fetch_coming_appointments(event_ids, now.date(), now.date() + AHEAD)
    ids = [each.session_id for each in appointments]
    many: dict[tuple[int, int], int] = {}
    invited: dict[int, dict[tuple[int, int], InvitationRole]] = {session: {} for session in ids}
    people: dict[int, MailAddress] = {NEVER_INVITED: MailAddress("", "somebody@example.org")}
    ledger: dict[int, list[Invitation]] = {session: [] for session in ids}
    for stand_in, (session, method, place_and_time, content, address, held, number) in enumerate(
        today.fetch_sent_invitations(ids), NEVER_INVITED + 1
    ):
        many[session, stand_in] = number
        people[stand_in] = MailAddress("", address)
        ledger[session].append(_sent(session, stand_in, method, place_and_time, content, address))
        if held:
            invited[session][session, stand_in] = InvitationRole.LEARNER
    for session, address in today.fetch_uninvited_learners(ids):
        if invitation_rules.is_usable_address(address):
            many[session, NEVER_INVITED] = many.get((session, NEVER_INVITED), 0) + 1
            invited[session][session, NEVER_INVITED] = InvitationRole.LEARNER
    about = {each.reference: each for each in today.fetch_events_by_id(event_ids)}
    found = []
    for reference, sessions in _by_event(appointments).items():
        plan = invitation_rules.plan_invitations(
            sessions,
            {key: role for each in sessions for key, role in invited[each.session_id].items()},
            people,
            [line for each in sessions for line in ledger[each.session_id]],
            invitations.get_letterhead(ctx, about[reference], resources),
            now=now,
            stamp=ctx.stamp(),
        )
        if plan.due:
            number = sum(many[each.session_id, each.person_id] for each in plan.due)
            first = min(each.entry.starts for each in plan.due).date()
            found.append(Decision(DecisionKind.INVITATION, reference, sessions[0].title, number, "", first))
    return found


def _by_event(appointments: Iterable[Appointment]) -> dict[str, list[Appointment]]:
    found: dict[str, list[Appointment]] = {}
    for each in appointments:
        found.setdefault(each.event, []).append(each)
    return found


def _sent(session: int, stand_in: int, method: str, place_and_time: str, content: str, address: str) -> Invitation:
    organiser, to, rest = content.split("\n", 2)  # an address that was erased counts as the present one
    content = "\n".join((organiser, to or address, rest))
    return Invitation(
        id=1, session_id=session, person_id=stand_in, uid="", sequence=0, method=InvitationMethod(method),
        role=InvitationRole.LEARNER, place_and_time=place_and_time, content=content, stamped=datetime.min,
        partstat=PartStat.NEEDS_ACTION,
    )  # fmt: skip
