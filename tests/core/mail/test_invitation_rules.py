"""Which invitations are due and why; the numbers are those of exports/INVITATIONS.md."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from csc_tui.core.mail import invitation_rules, wording
from csc_tui.core.mail.invitation_rules import DueInvitation, Letterhead
from csc_tui.core.mail.wording import Letter
from db.records.catalogue import Resource, ResourceKind
from db.records.mail import (
    Appointment,
    EntryStatus,
    Invitation,
    InvitationMethod,
    InvitationRole,
    MailAddress,
    MessageKind,
)
from db.records.startup import EventState

LEARNER, FACILITATOR = InvitationRole.LEARNER, InvitationRole.FACILITATOR
ANN, BO = MailAddress("Ann Smith", "ann@example.org"), MailAddress("Bo Young", "bo@example.org")
LETTERHEAD = Letterhead(MailAddress("Learning", "learning@example.org"), "Answer this e-mail.")
NOW, STAMP = datetime(2017, 4, 10, 9), datetime(2017, 4, 10, 8)
SESSION = Appointment(
    session_id=1, event="BR-03", title="Being Restorative", state=EventState.OPEN, number=1, of=3, module="Module 1",
    date=date(2017, 7, 18), start=time(9, 30), end=time(12, 30), venue="Grimsby Town Hall", room="Assembly Room",
    address="Town Hall Square", postcode="DN31 1HU", notes="Ring the bell.", revision=2,
)  # fmt: skip
ANNS_PLACE = {(1, 7): LEARNER}


def plan(
    session: Any = SESSION,
    invited: Any = ANNS_PLACE,
    ledger: Any = (),
    *,
    ann: Any = ANN,
    letterhead: Any = LETTERHEAD,
    now: Any = NOW,
    again: Any = False,
) -> Any:
    people = {7: ann, 8: BO}
    return invitation_rules.plan_invitations(
        [session], invited, people, ledger, letterhead, now=now, stamp=STAMP, again=again
    )


def due(*args: Any, **others: Any) -> list[DueInvitation]:
    found: list[DueInvitation] = plan(*args, **others).due
    return found


def only(found: Iterable[DueInvitation]) -> DueInvitation:
    (one,) = found
    return one


def as_sent(one: DueInvitation) -> Invitation:
    return replace(invitation_rules.ledger_line(one), id=one.invitation_id or 5)


@pytest.fixture
def first() -> DueInvitation:
    """Ann's first invitation."""
    return only(due())


@pytest.fixture
def sent(first: DueInvitation) -> list[Invitation]:
    """The ledger after it."""
    return [as_sent(first)]


def test_a_new_booking_is_a_request_of_sequence_0(first: DueInvitation) -> None:
    assert (first.method, first.entry.sequence, first.reason) == (InvitationMethod.REQUEST, 0, "new booking")
    assert (first.attendee, first.organiser) == (ANN, LETTERHEAD.organiser)


def test_nothing_is_due_twice(sent: list[Invitation]) -> None:
    assert due(ledger=sent) == []


def test_3_each_person_has_an_invitation_for_each_session() -> None:
    second = replace(SESSION, session_id=2, number=2)
    invited = {(session, person): LEARNER for session in (1, 2) for person in (7, 8)}
    found = invitation_rules.plan_invitations(
        [SESSION, second], invited, {7: ANN, 8: BO}, [], LETTERHEAD, now=NOW, stamp=STAMP
    ).due
    assert [(each.attendee.name, each.session) for each in found] == [
        ("Ann Smith", 1), ("Ann Smith", 2), ("Bo Young", 1), ("Bo Young", 2),
    ]  # fmt: skip
    assert len({each.entry.uid for each in found}) == 4


def test_4_the_uid_comes_from_the_ledger_though_all_it_was_made_from_has_changed(
    first: DueInvitation, sent: list[Invitation]
) -> None:
    moved = replace(SESSION, event="BR-99", date=date(2017, 8, 1))
    assert only(due(moved, ledger=sent)).entry.uid == first.entry.uid


def test_4_the_uid_is_made_without_chance_and_tells_nothing(first: DueInvitation) -> None:
    assert only(due()).entry.uid == first.entry.uid
    assert not {"ann", "br-03", "example"} & {*first.entry.uid.lower().replace("@", "-").split("-")}


def test_4_who_is_booked_again_goes_on_with_the_same_uid_and_a_higher_sequence(
    first: DueInvitation, sent: list[Invitation]
) -> None:
    gone = only(due(invited={}, ledger=sent))
    back = only(due(ledger=[as_sent(gone)]))
    assert (back.method, back.entry.uid, back.entry.sequence) == (InvitationMethod.REQUEST, first.entry.uid, 2)
    assert back.reason == "invited again"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"date": date(2017, 7, 20)}, "moved from Tue 18 Jul 2017 09:30-12:30"),
        ({"start": time(10)}, "moved from Tue 18 Jul 2017 09:30-12:30"),
        ({"end": time(13)}, "moved from Tue 18 Jul 2017 09:30-12:30"),
        ({"venue": "Centre4"}, "moved from Grimsby Town Hall, Assembly Room, DN31 1HU"),
        ({"room": "Main Hall"}, "moved from Grimsby Town Hall, Assembly Room, DN31 1HU"),
        (
            {"date": date(2017, 7, 20), "room": "Main Hall"},
            "moved from Tue 18 Jul 2017 09:30-12:30, Grimsby Town Hall, Assembly Room, DN31 1HU",
        ),
    ],
)
def test_6_another_date_time_or_place_raises_the_sequence_by_one(
    sent: list[Invitation], change: dict[str, Any], reason: str
) -> None:
    update = only(due(replace(SESSION, **change), ledger=sent))
    assert (update.method, update.entry.sequence, update.reason) == (InvitationMethod.REQUEST, 1, reason)
    assert update.entry.stamped > sent[0].stamped
    assert due(replace(SESSION, **change), ledger=[as_sent(update)]) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": "Being More Restorative"}, "title changed"),
        ({"module": "First module"}, "title changed"),
        ({"state": EventState.TENTATIVE}, "now tentative"),
        ({"state": EventState.CONFIRMED}, "details changed"),
    ],
)
def test_6_any_other_change_is_sent_in_the_same_sequence_with_a_newer_stamp(
    sent: list[Invitation], change: dict[str, Any], reason: str
) -> None:
    update = only(due(replace(SESSION, **change), ledger=sent))
    assert (update.method, update.entry.sequence, update.reason) == (InvitationMethod.REQUEST, 0, reason)
    assert update.entry.stamped > sent[0].stamped
    assert due(replace(SESSION, **change), ledger=[as_sent(update)]) == []


def test_6_a_corrected_address_gets_the_invitation_too(sent: list[Invitation]) -> None:
    corrected = replace(ANN, address="ann.smith@example.org")
    update = only(due(ledger=sent, ann=corrected))
    assert (update.attendee, update.reason) == (corrected, "e-mail address changed")


def test_6_the_stamp_is_newer_though_the_clock_went_backwards(sent: list[Invitation]) -> None:
    later = [replace(sent[0], stamped=STAMP + timedelta(days=2))]
    assert only(due(replace(SESSION, room="Main Hall"), ledger=later)).entry.stamped == STAMP + timedelta(
        days=2, seconds=1
    )


def test_6_what_was_sent_can_be_written_again_just_as_it_was(first: DueInvitation, sent: list[Invitation]) -> None:
    assert only(due(ledger=sent, again=True)).entry == first.entry
    gone = only(due(invited={}, ledger=sent))
    assert only(due(invited={}, ledger=[as_sent(gone)], again=True)).entry == gone.entry
    assert due(ledger=sent, again=True, now=datetime(2017, 7, 18, 12, 30)) == [], "the session is over"
    moved = only(due(replace(SESSION, room="Main Hall"), ledger=sent, again=True))
    assert moved.reason.startswith("moved from"), "what has changed is not sent as it was"


def test_8_a_place_given_up_is_a_cancel_above_the_last_sequence(first: DueInvitation, sent: list[Invitation]) -> None:
    gone = only(due(invited={}, ledger=sent))
    assert (gone.method, gone.entry.sequence, gone.entry.status) == (InvitationMethod.CANCEL, 1, EntryStatus.CANCELLED)
    assert (gone.entry.uid, gone.organiser, gone.attendee) == (first.entry.uid, first.organiser, first.attendee)
    assert gone.entry.stamped > first.entry.stamped
    assert gone.reason == "place cancelled"
    assert due(invited={}, ledger=[as_sent(gone)]) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": EventState.CANCELLED}, "event cancelled"),
        ({"state": EventState.DRAFT}, "event is a draft again"),
        ({"date": None, "start": None, "end": None}, "date to be confirmed again"),
        ({"date": date(2017, 4, 3)}, "took place on Mon 3 Apr 2017"),
    ],
)
def test_8_so_is_a_session_that_will_not_be_though_the_place_is_held(
    sent: list[Invitation], change: dict[str, Any], reason: str
) -> None:
    gone = only(due(replace(SESSION, **change), ledger=sent))
    assert (gone.method, gone.reason) == (InvitationMethod.CANCEL, reason)
    assert (gone.entry.starts, gone.entry.place) == (datetime(2017, 7, 18, 9, 30), sent[0].place_and_time[40:])


def test_8_a_cancel_goes_where_the_request_went_and_comes_from_where_it_came_from(
    first: DueInvitation, sent: list[Invitation]
) -> None:
    elsewhere = replace(LETTERHEAD, organiser=MailAddress("New", "new@example.org"))
    gone = only(due(invited={}, ledger=sent, ann=replace(ANN, address="other@example.org"), letterhead=elsewhere))
    assert (gone.organiser.address, gone.attendee.address) == (first.organiser.address, first.attendee.address)


def test_8_an_update_keeps_its_organiser_and_an_invitation_after_a_cancel_takes_the_new_one(
    sent: list[Invitation],
) -> None:
    elsewhere = replace(LETTERHEAD, organiser=MailAddress("New", "new@example.org"))
    assert due(ledger=sent, letterhead=elsewhere) == []
    update = only(due(replace(SESSION, room="Main Hall"), ledger=sent, letterhead=elsewhere))
    assert update.organiser.address == LETTERHEAD.organiser.address
    gone = only(due(invited={}, ledger=sent))
    assert only(due(ledger=[as_sent(gone)], letterhead=elsewhere)).organiser == elsewhere.organiser


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.DELIVERED, EventState.CLOSED, EventState.CANCELLED])
def test_only_an_event_that_can_be_booked_invites(state: EventState) -> None:
    assert due(replace(SESSION, state=state)) == []


@pytest.mark.parametrize("state", [EventState.DELIVERED, EventState.CLOSED])
def test_what_was_delivered_changes_no_calendar(sent: list[Invitation], state: EventState) -> None:
    assert due(replace(SESSION, state=state, room="Main Hall"), ledger=sent) == []
    assert due(replace(SESSION, state=state), {}, sent) == []


def test_a_session_to_be_confirmed_or_over_invites_nobody() -> None:
    assert due(replace(SESSION, date=None, start=None, end=None)) == []
    assert due(now=datetime(2017, 7, 18, 12, 30)) == []
    assert len(due(now=datetime(2017, 7, 18, 12, 29))) == 1


def test_a_session_that_is_over_is_not_taken_out_of_a_calendar(sent: list[Invitation]) -> None:
    assert due(invited={}, ledger=sent, now=datetime(2017, 7, 18, 12, 30)) == []


def test_who_has_no_usable_address_is_named_and_the_others_are_invited() -> None:
    found = plan(invited={(1, 7): LEARNER, (1, 8): LEARNER}, ann=replace(ANN, address="ann at home"))
    assert [each.attendee for each in found.due] == [BO]
    assert list(found.unreachable) == [7]


@pytest.mark.parametrize(
    "address",
    ["ann@example.org", "a.b+c@x-y.example.co.uk", "o'neil@example.org", "a" * 242 + "@example.org"],
)
def test_usable_addresses(address: str) -> None:
    assert invitation_rules.is_usable_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@", "@example.org", "ann@example", "ann @example.org", "ann@example.org\nBcc: x@y.org",
     "ann@example.org, bo@example.org", "Ann <ann@example.org>", "ann@example..org", "zoë@example.org", '"a b"@x.org',
     ".ann@example.org", "a" * 243 + "@example.org"],
)  # fmt: skip
def test_addresses_that_mail_cannot_be_sent_to(address: str) -> None:
    assert not invitation_rules.is_usable_address(address)


def test_joining_instructions_wait_for_confirmed() -> None:
    waiting, confirmed = only(due()), only(due(replace(SESSION, state=EventState.CONFIRMED)))
    assert "Ring the bell." not in waiting.entry.description
    assert "Town Hall Square\nRing the bell." in confirmed.entry.description
    notes = only(due(replace(SESSION, state=EventState.CONFIRMED, address="")))
    assert "Joining instructions:\nRing the bell.\n\n" in notes.entry.description
    address = only(due(replace(SESSION, state=EventState.CONFIRMED, notes="")))
    assert "Joining instructions:\nTown Hall Square\n\n" in address.entry.description
    bare = only(due(replace(SESSION, state=EventState.CONFIRMED, address="", notes="")))
    assert bare.entry.description == "BR-03, session 1 of 3.\n\nAnswer this e-mail."


def test_5_the_description_holds_links_and_how_to_cancel() -> None:
    links = (
        Resource(1, "Handbook", ResourceKind.DOCUMENT, "https://example.org/handbook", "", "BR"),
        Resource(2, "Never handed over", ResourceKind.DOCUMENT, "", "", "BR"),
    )
    said = only(due(letterhead=replace(LETTERHEAD, resources=links))).entry.description
    assert "- Handbook: https://example.org/handbook" in said
    assert "Never handed over" not in said
    assert said.endswith("Answer this e-mail.")


def test_the_module_is_named_where_there_are_several() -> None:
    assert only(due()).entry.summary == "Being Restorative: Module 1"
    assert only(due(replace(SESSION, of=1))).entry.summary == "Being Restorative"
    assert only(due(replace(SESSION, of=2))).entry.summary == "Being Restorative: Module 1"
    assert only(due(replace(SESSION, module=""))).entry.summary == "Being Restorative: session 1"


def test_a_facilitator_is_told_as_one_and_told_when_it_is_over() -> None:
    first = only(due(invited={(1, 7): FACILITATOR}))
    assert (first.role, first.entry.summary) == (FACILITATOR, "Being Restorative: Module 1 (facilitating)")
    assert only(due(invited={}, ledger=[as_sent(first)])).reason == "no longer facilitating"


def test_a_facilitator_is_told_how_many_are_on_the_register_and_a_learner_is_not() -> None:
    session = replace(SESSION, places=20, register=12)
    assert "On the register: 12 of 20 places." in only(due(session, {(1, 7): FACILITATOR})).entry.description
    assert "register" not in only(due(session)).entry.description


def test_a_number_that_changes_on_the_register_is_no_reason_to_send_but_comes_along() -> None:
    first = only(due(replace(SESSION, places=20, register=12), {(1, 7): FACILITATOR}))
    fuller = replace(SESSION, places=20, register=13)
    assert due(fuller, {(1, 7): FACILITATOR}, [as_sent(first)]) == []
    update = only(due(replace(fuller, room="Main Hall"), {(1, 7): FACILITATOR}, [as_sent(first)]))
    assert "On the register: 13 of 20 places." in update.entry.description


def letter(due: DueInvitation) -> Letter:
    return wording.fill_letter(
        wording.DEFAULT_LETTERS[MessageKind.INVITATION], invitation_rules.invitation_letter_values(due, "The office")
    )


def test_a_mail_is_headed_by_what_it_is(first: DueInvitation, sent: list[Invitation]) -> None:
    assert letter(first).subject == "Invitation: Being Restorative: Module 1, Tue 18 Jul 2017 09:30-12:30"
    assert letter(only(due(replace(SESSION, room="x"), ledger=sent))).subject.startswith("Update: ")
    assert letter(only(due(invited={}, ledger=sent))).subject.startswith("Cancelled: ")
    assert letter(first).body.startswith(
        "Being Restorative: Module 1\nTue 18 Jul 2017 09:30-12:30\nGrimsby Town Hall, Assembly Room, DN31 1HU\n\nBR-03"
    )


def test_namesakes_come_one_after_the_other_each_with_all_their_sessions() -> None:
    second = replace(SESSION, session_id=2, number=2)
    invited = {(session, person): LEARNER for session in (1, 2) for person in (8, 7)}
    found = invitation_rules.plan_invitations(
        [SESSION, second], invited, {7: ANN, 8: replace(BO, name="ann smith")}, [], LETTERHEAD, now=NOW, stamp=STAMP
    ).due
    assert [(each.person_id, each.session) for each in found] == [(7, 1), (7, 2), (8, 1), (8, 2)]


def test_a_cancel_needs_no_usable_address_today_because_it_goes_to_the_one_invited(sent: list[Invitation]) -> None:
    found = plan(invited={}, ledger=sent, ann=replace(ANN, address="ann at home"))
    assert (only(found.due).attendee.address, found.unreachable) == (ANN.address, {})


def test_nothing_is_written_again_unless_it_is_asked_for(sent: list[Invitation]) -> None:
    found = invitation_rules.plan_invitations(
        [SESSION], ANNS_PLACE, {7: ANN}, sent, LETTERHEAD, now=NOW, stamp=STAMP
    )  # fmt: skip
    assert found.due == []


def test_a_place_that_was_to_be_confirmed_is_named_as_such_when_it_is_known() -> None:
    nowhere = replace(SESSION, venue="", room="", postcode="")
    first = only(due(nowhere))
    assert only(due(ledger=[as_sent(first)])).reason == "moved from a place to be confirmed"


def test_the_ledger_line_has_the_number_of_the_one_it_replaces_and_0_where_there_is_none(
    first: DueInvitation, sent: list[Invitation]
) -> None:
    assert invitation_rules.ledger_line(first).id == 0
    assert invitation_rules.ledger_line(only(due(replace(SESSION, room="x"), ledger=sent))).id == sent[0].id == 5


@pytest.mark.parametrize(("of", "said"), [(1, "BR-03."), (2, "BR-03, session 1 of 2."), (3, "BR-03, session 1 of 3.")])
def test_a_session_is_numbered_where_an_event_has_several(of: int, said: str) -> None:
    assert invitation_rules.event_session_label(replace(SESSION, of=of)) == said


def test_a_letter_calls_a_person_by_their_first_name(first: DueInvitation) -> None:
    assert invitation_rules.invitation_letter_values(first, "The office")["forename"] == "Ann"
