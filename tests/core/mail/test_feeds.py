"""Feeds that calendars subscribe to; the numbers are those of exports/INVITATIONS.md."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from csc_tui.base.context import Context
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.mail import invitations
from db.errors import Duplicate, NotFound, WrongUse
from tests.builders import at, booked, event, person

DATES = ("2017-06-12", "2017-07-18", None)


@pytest.fixture
def programme(ctx: Context) -> None:
    """BR-90: two sessions in 2017/18 and one to be confirmed; SOS-90: one in 2018/19; a draft; a cancelled event."""
    trainer = person("Tim Trainer")
    confirmed = event(
        "BR-90", dates=DATES, state="confirmed", venue="Grimsby Town Hall", room="Assembly Room", facilitators=[trainer]
    )
    booked(confirmed, "Ann Smith")
    event("SOS-90", course="SOS-BRIEF", dates=("2018-05-01",), venue="Centre4, Grimsby")
    event("BR-91", state="draft")
    event("BR-92", state="cancelled")


def in_feed(path: str) -> set[tuple[str, str]]:
    found = Calendar.from_ical(Path(path).read_bytes()).walk("VEVENT")
    return {(each["DESCRIPTION"].split(".")[0], each["DTSTART"].dt.date().isoformat()) for each in found}


BR_1, BR_2 = ("BR-90, session 1 of 3", "2017-06-12"), ("BR-90, session 2 of 3", "2017-07-18")
SOS = ("SOS-90", "2018-05-01")


@pytest.mark.parametrize(
    ("wanted", "found", "name"),
    [
        ({}, {BR_1, BR_2, SOS}, "Creating Strong Communities"),
        ({"year": "2017/18"}, {BR_1, BR_2}, "Creating Strong Communities 2017/18"),
        ({"strand": "sos"}, {SOS}, "Creating Strong Communities, Signs of Safety"),
        ({"strand": "Restorative practice"}, {BR_1, BR_2}, "Creating Strong Communities, Restorative Practice"),
        ({"course": "br"}, {BR_1, BR_2}, "Creating Strong Communities, Being Restorative"),
        ({"venue": "centre"}, {SOS}, "Creating Strong Communities, Centre4, Grimsby"),
        ({"person": "Ann Smith"}, {BR_1, BR_2}, "Creating Strong Communities, Ann Smith"),
        ({"person": "Tim Trainer"}, set(), "Creating Strong Communities, Tim Trainer"),
        ({"facilitator": "Tim Trainer"}, {BR_1, BR_2}, "Creating Strong Communities, Tim Trainer"),
        ({"strand": "RP", "year": "2018"}, set(), "Creating Strong Communities 2018/19, Restorative Practice"),
    ],
)
def test_9_a_feed_holds_the_dated_sessions_that_are_neither_draft_nor_cancelled(
    ctx: Context, programme: None, tmp_path: Path, wanted: dict[str, Any], found: Any, name: str
) -> None:
    path = str(tmp_path / "feed.ics")
    assert invitations.write_feed(ctx, path, invitations.FeedScope(**wanted)) == len(found)
    assert in_feed(path) == found
    calendar = Calendar.from_ical(Path(path).read_bytes())
    escaped = name.replace(",", "\\,")
    assert (calendar.get("METHOD"), calendar["NAME"], calendar["X-WR-CALNAME"]) == (None, escaped, escaped)
    assert b"ATTENDEE" not in Path(path).read_bytes()


def test_9_a_feed_is_the_same_bytes_until_something_changes_and_keeps_its_uids(
    ctx: Context, programme: None, tmp_path: Path
) -> None:
    path = tmp_path / "feed.ics"
    invitations.write_feed(ctx, str(path))
    first = path.read_bytes()
    invitations.write_feed(at(ctx, "2017-05-02"), str(path))
    assert path.read_bytes() == first
    calendar_actions.move_session(ctx, "BR-90", 2, calendar_actions.SessionMove(date(2017, 7, 20)))
    invitations.write_feed(ctx, str(path))
    before, after = (
        {each["UID"]: each for each in Calendar.from_ical(data).walk("VEVENT")} for data in (first, path.read_bytes())
    )
    assert before.keys() == after.keys()
    assert len(before) == 3
    newer = [uid for uid in after if after[uid]["DTSTAMP"].dt > before[uid]["DTSTAMP"].dt]
    assert [after[uid]["DTSTART"].dt.date() for uid in newer] == [date(2017, 7, 20)]
    assert after[newer[0]]["SEQUENCE"] > before[newer[0]]["SEQUENCE"]


def test_a_feed_takes_the_place_of_a_feed_and_of_nothing_else(ctx: Context, programme: None, tmp_path: Path) -> None:
    path = tmp_path / "feed.ics"
    path.write_text("my notes")
    with pytest.raises(Duplicate):
        invitations.write_feed(ctx, str(path))
    assert path.read_text() == "my notes"


@pytest.mark.parametrize("wanted", [{"strand": "XX"}, {"course": "XX"}, {"venue": "100%"}, {"person": "nobody"}])
def test_a_feed_of_what_is_not_there_is_refused(
    ctx: Context, programme: None, tmp_path: Path, wanted: dict[str, Any]
) -> None:
    with pytest.raises(NotFound):
        invitations.write_feed(ctx, str(tmp_path / "feed.ics"), invitations.FeedScope(**wanted))
    assert not (tmp_path / "feed.ics").exists()


def test_a_year_that_is_none_is_refused(ctx: Context, programme: None, tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        invitations.write_feed(ctx, str(tmp_path / "feed.ics"), invitations.FeedScope(year="2017/19"))
