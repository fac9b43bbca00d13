"""People who call or come without being in the database, or without a place: one step each."""

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import Overridable
from csc_tui.core.attendance.actions import NewMark
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.history import undo
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import newcomers
from csc_tui.core.people import queries as people_queries
from csc_tui.core.people.rules import FieldFault
from db.errors import NoSuchPerson, RuleBroken
from db.records.attendance import MarkKind
from db.records.booking import Status
from tests import builders
from tests.builders import standing

PRESENT = NewMark(MarkKind.PRESENT)
JO = {"forename": "Jo", "surname": "Smith", "email": "jo@x.org"}


@pytest.fixture
def begun(ctx: Context) -> Context:
    """Alice ten minutes after BR-90 has begun."""
    return builders.at(ctx, "2017-06-12T09:40")


def test_a_caller_is_added_and_booked_in_one_step_that_is_undone_as_one(ctx: Context) -> None:
    builders.event("BR-90", dates=["2017-06-12"])
    found = newcomers.book_new_person(ctx, "BR-90", JO)
    assert (found.added.name, found.booked.outcome) == ("Jo Smith", "booked")
    assert standing("BR-90") == {"Jo Smith": "booked"}
    undo.undo_steps(ctx, 1)
    assert standing("BR-90") == {"Jo Smith": "cancelled"}
    assert not people_queries.get_person_card(ctx, "jo@x.org").person.active


def test_a_caller_who_cannot_be_booked_is_not_added(ctx: Context) -> None:
    builders.event("BR-90", dates=["2017-06-12"], state="draft")
    with pytest.raises(RuleBroken, match="is a draft"):
        newcomers.book_new_person(ctx, "BR-90", JO)
    with pytest.raises(FieldFault, match="E-mail"):
        newcomers.book_new_person(ctx, "BR-90", JO | {"email": "nowhere"})
    with pytest.raises(NoSuchPerson):
        people_queries.get_person_card(ctx, "jo@x.org")


def test_a_preview_equals_the_change_although_the_number_of_the_person_is_new(ctx: Context) -> None:
    builders.event("BR-90", dates=["2017-06-12"])
    shown = preview_change(ctx, lambda: newcomers.book_new_person(ctx, "BR-90", JO)).result
    builders.person("Somebody Else")
    assert newcomers.book_new_person(ctx, "BR-90", JO) == shown


def test_a_walk_in_takes_a_free_place_without_a_reason_and_is_marked(begun: Context) -> None:
    event = builders.event("BR-90", capacity=2, dates=["2017-06-12"])
    builders.booked(event, "Al Ash")
    wa = builders.person("Wa Kin")
    found = newcomers.record_walk_in(begun, "BR-90", 1, wa.key, PRESENT)
    assert (found.booked.outcome, found.mark.mark) == ("booked", "present")
    assert standing("BR-90")["Wa Kin"] == "fully_attended"
    (line,) = [each for each in builders.list_history_lines(begun, event="BR-90") if "booked" in each.verb]
    assert (line.verb, line.reason) == ("booked, walk-in", "")


def test_a_walk_in_who_is_new_is_added_as_well(begun: Context) -> None:
    builders.event("BR-90", dates=["2017-06-12"])
    newcomers.record_walk_in(begun, "BR-90", 1, JO, PRESENT)
    assert standing("BR-90") == {"Jo Smith": "fully_attended"}


def test_only_beyond_the_capacity_a_walk_in_wants_a_reason(begun: Context) -> None:
    builders.booked(builders.event("BR-90", capacity=1, dates=["2017-06-12"]), "Al Ash")
    wa = builders.person("Wa Kin")
    with pytest.raises(Overridable, match="beyond the capacity needs a reason"):
        newcomers.record_walk_in(begun, "BR-90", 1, wa.key, PRESENT)
    assert standing("BR-90") == {"Al Ash": "booked"}
    newcomers.record_walk_in(begun, "BR-90", 1, wa.key, PRESENT, override="Room for one more")
    assert standing("BR-90")["Wa Kin"] == "fully_attended"


@pytest.mark.parametrize("waits_as", [Status.WAITLISTED, Status.REQUESTED, Status.OFFERED])
def test_somebody_who_waits_and_comes_has_the_place_that_is_free(begun: Context, waits_as: Status) -> None:
    event = builders.event("BR-90", capacity=1, dates=["2017-06-12"])
    wa = builders.person("Wa Kin")
    builders.enrolment(event, wa, waits_as)
    newcomers.record_walk_in(begun, "BR-90", 1, wa.key, PRESENT)
    assert standing("BR-90") == {"Wa Kin": "fully_attended"}


def test_a_walk_in_with_a_place_is_told_and_one_who_is_busy_wants_a_reason(begun: Context) -> None:
    event = builders.event("BR-90", dates=["2017-06-12"])
    (al,) = builders.booked(event, "Al Ash")
    with pytest.raises(RuleBroken, match="Al Ash is already on the register of BR-90"):
        newcomers.record_walk_in(begun, "BR-90", 1, al.key, PRESENT)
    (busy,) = builders.booked(builders.event("SOS-INTRO-90", course="SOS-INTRO", dates=["2017-06-12"]), "Bo Ek")
    with pytest.raises(Overridable, match="SOS-INTRO-90"):
        newcomers.record_walk_in(begun, "BR-90", 1, busy.key, PRESENT)


def test_a_walk_in_on_a_course_that_wants_approval_is_approved_by_who_may(begun: Context) -> None:
    builders.event("BR-90", dates=["2017-06-12"])
    builders.course(approval="coordinator")
    wa = builders.person("Wa Kin")
    newcomers.record_walk_in(begun, "BR-90", 1, wa.key, PRESENT)
    assert standing("BR-90") == {"Wa Kin": "fully_attended"}


def test_an_ordinary_booking_after_the_start_still_wants_a_reason(begun: Context) -> None:
    builders.event("BR-90", dates=["2017-06-12"])
    with pytest.raises(Overridable, match="began on"):
        booking_actions.enrol_people(begun, "BR-90", [builders.person("Wa Kin").key])
