"""Where sessions are held, and what of it stands in invitations."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.catalogue import venues
from csc_tui.core.mail import change_preview, invitations
from db.engine.connection import write_transaction
from db.errors import Duplicate, NotFound, RuleBroken, Stale, WrongUse
from db.models import VenueRow
from db.records.startup import Role
from tests import builders
from tests.builders import booked, event


def called(ctx: Context, name: Any) -> Any:
    (found,) = [each for each in venues.list_venues(ctx) if each.name == name]
    return found


@pytest.fixture
def hall(ctx: Context) -> Any:
    """BR-90 with Ann on it, in a room of Kirk Hall, which has no address yet."""
    booked(event(venue="Kirk Hall", room="Main Hall"), "Ann Smith")
    return called(ctx, "Kirk Hall")


def test_an_address_comes_into_the_invitations_place(ctx: Context, hall: Any, tmp_path: Path) -> None:
    invitations.write_invitations(ctx, "BR-90", str(tmp_path / "first"))
    changes = venues.change_venue(ctx, "kirk", address=" 1 Kirk  Street ", postcode="dn311hu")
    assert [(each.field, each.before, each.after) for each in changes] == [
        ("address", "", "1 Kirk Street"), ("postcode", "", "DN31 1HU"),
    ]  # fmt: skip
    (again,) = invitations.write_invitations(ctx, "BR-90", str(tmp_path / "second")).written
    (entry,) = Calendar.from_ical(Path(again.file).read_bytes()).walk("VEVENT")
    assert entry["LOCATION"] == "Kirk Hall, Main Hall, DN31 1HU"
    assert again.sequence == 1


def test_a_preview_names_the_invitations_and_changes_nothing(ctx: Context, hall: Any, tmp_path: Path) -> None:
    invitations.write_invitations(ctx, "BR-90", str(tmp_path / "first"))
    assert venues.list_events_at_venue(ctx, "Kirk Hall") == ["BR-90"]
    shown = change_preview.preview_change(ctx, lambda: venues.change_venue(ctx, "Kirk Hall", postcode="DN31 1HU"))
    assert [each.reason for each in shown.invitations] == ["moved from Kirk Hall, Main Hall"]
    assert called(ctx, "Kirk Hall") == hall


def test_rooms_are_added_and_given_a_number_and_those_not_named_stay(ctx: Context, hall: Any) -> None:
    venues.change_venue(ctx, "Kirk Hall", rooms=venues.parse_rooms("main hall=40, Room 2"))
    assert called(ctx, "Kirk Hall").rooms == (("Main Hall", 40), ("Room 2", None))
    venues.change_venue(ctx, "Kirk Hall", rooms={"Room 2": 12})
    assert venues.format_rooms(called(ctx, "Kirk Hall").rooms) == "Main Hall=40, Room 2=12"


def test_a_new_venue_and_its_line_in_the_history(ctx: Context) -> None:
    made = venues.add_venue(ctx, "Kirk Hall", postcode="DN31 1HU", rooms={"Main Hall": 40})
    assert (made.postcode, made.rooms, made.coming) == ("DN31 1HU", (("Main Hall", 40),), 0)
    newest = builders.list_history_lines(ctx)[0]
    assert (newest.verb, newest.subject, newest.after) == ("venue added", "Kirk Hall", "DN31 1HU; Main Hall=40")
    venues.change_venue(ctx, "Kirk Hall", name="Church Hall")
    newest = builders.list_history_lines(ctx)[0]
    assert (newest.verb, newest.before, newest.after) == ("venue changed", "Kirk Hall", "Church Hall")


def test_sessions_to_come_are_counted_and_no_others(ctx: Context, hall: Any) -> None:
    event("BR-91", dates=("2017-04-03", "2017-05-01"), venue="Kirk Hall")
    event("BR-92", dates=("2017-05-02",), venue="Kirk Hall", state="cancelled")
    assert called(ctx, "Kirk Hall").coming == 2


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"name": ""}, WrongUse),
        ({"name": "Kirk\x1b[2J"}, WrongUse),
        ({"name": "x" * 201}, WrongUse),
        ({"name": "Church Hall"}, Duplicate),
        ({"name": "church  HALL"}, Duplicate),
        ({"postcode": "Grimsby"}, WrongUse),
        ({"rooms": {"Main Hall": 0}}, WrongUse),
        ({"rooms": {"": 3}}, WrongUse),
        ({"postcode": ""}, RuleBroken),
        ({"name": "Kirk Hall"}, RuleBroken),
    ],
)
def test_what_makes_no_sense_or_no_difference_is_refused(
    ctx: Context, hall: Any, given: dict[str, Any], fault: Any
) -> None:
    venues.add_venue(ctx, "Church Hall")
    with pytest.raises(fault, match="Nothing was changed"):
        venues.change_venue(ctx, "Kirk Hall", **given)
    assert called(ctx, "Kirk Hall") == hall


@pytest.mark.parametrize("text", ["Hall=many", "Hall=-1", "Hall=1234567", "Hall=٤"])
def test_a_number_of_people_is_a_number(text: str) -> None:
    with pytest.raises(WrongUse):
        venues.parse_rooms(text)


ROOMS = "type rooms as NAME=PEOPLE, such as Main Hall=40"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", "", "a name is required"), ("name", "Kirk Hall", ""), ("postcode", "", ""),
        ("postcode", "dn31 1hu", ""),
        ("postcode", "DN31", "this is not a postcode, such as DN31 1HU"),
        ("address", "a\x1bb", "this must be one line"), ("address", "", ""),
        ("rooms", "Hall=many", ROOMS), ("rooms", "Hall=0", ROOMS), ("rooms", "Hall=4, Nave", ""),
    ],
)  # fmt: skip
def test_each_field_says_what_is_wrong_with_it(field: str, text: str, said: str) -> None:
    assert venues.venue_field_fault(field, text) == said


def test_a_name_that_fits_two_or_none(ctx: Context, hall: Any) -> None:
    venues.add_venue(ctx, "Kirk House")
    with pytest.raises(RuleBroken, match="Kirk Hall; Kirk House"):
        venues.list_events_at_venue(ctx, "kirk")
    with pytest.raises(NotFound):
        venues.list_events_at_venue(ctx, "100%")


def test_of_two_names_that_differ_in_case_alone_the_one_that_was_typed_is_meant(ctx: Context, hall: Any) -> None:
    with write_transaction():
        VenueRow.insert(name="KIRK Hall").execute()
    venues.change_venue(ctx, "KIRK Hall", name="Kirk Annexe")
    assert [each.name for each in venues.list_venues(ctx)] == ["Kirk Annexe", "Kirk Hall"]


def test_what_somebody_changed_meanwhile_is_not_overwritten(
    ctx: Context, hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_transaction():
        VenueRow.update(version=7).where(VenueRow.name == "Kirk Hall").execute()
    monkeypatch.setattr(venues, "_find", lambda ctx, text: hall)
    with pytest.raises(Stale):
        venues.change_venue(ctx, "Kirk Hall", address="1 Kirk Street")


def test_a_booker_may_look_and_not_change(ctx: Context, hall: Any) -> None:
    booker = replace(ctx, role=Role.BOOKER)
    assert venues.list_venues(booker)
    with pytest.raises(NotAllowed):
        venues.change_venue(booker, "Kirk Hall", address="1 Kirk Street")
