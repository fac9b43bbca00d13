"""schedule on the command line."""

import pytest

from csc_tui.base.context import Context
from db.records.booking import Status
from tests import builders
from tests.cli.conftest import Csc

CHANGE = {"event", "session", "field", "before", "after", "person", "name"}


@pytest.fixture
def event(ctx: Context) -> Context:
    """BR-90 with Bo on its one place and Cy waiting."""
    on = builders.event("BR-90", capacity=1, dates=["2017-06-12", "2017-06-19"])
    builders.booked(on, "Bo Day")
    builders.enrolment(on, builders.person("Cy Day"), Status.WAITLISTED)
    return ctx


def test_a_move_prints_what_changed(event: Context, csc: Csc) -> None:
    done = csc("schedule", "move", "BR-90", 2, "--date", "26/06/2017", "--start", "10:00", "--end", "13:00")
    assert done.code == 0
    assert all(set(row) == CHANGE for row in done.json)
    assert [(row["session"], row["field"], row["before"], row["after"]) for row in done.json] == [
        (2, "date", "2017-06-19", "2017-06-26"), (2, "start", "09:30", "10:00"), (2, "end", "12:30", "13:00"),
    ]  # fmt: skip
    assert [row["date"] for row in csc("event", "BR-90").json["sessions"]] == ["2017-06-12", "2017-06-26"]


def test_a_capacity_prints_who_moved_up_and_how_many_invitations_are_due(event: Context, csc: Csc) -> None:
    done = csc("schedule", "capacity", "BR-90", 2)
    assert [(row["field"], row["name"], row["after"]) for row in done.json] == [
        ("capacity", "", "2"), ("status", "Cy Day", "booked"),
    ]  # fmt: skip
    assert done.err == "4 invitations are now due: csc invite BR-90 --to DIR\n"
    again = csc("schedule", "capacity", "BR-90", 2)
    assert (again.code, again.json, again.err) == (0, [], "There is nothing to change.\n")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("move", "BR-90", "1", "--date", "30/02/2017"), 2, "There is no such date as 30/02/2017. Check"),
        (("move", "BR-90", "1", "--date", "2017-02-30"), 2, "There is no such date as 2017-02-30"),
        (("move", "BR-90", "1", "--date", "0001-01-01"), 2, "There is no such date as 0001-01-01"),
        (("move", "BR-90", "1", "--date", "soon"), 2, "Type a date such as"),
        (("move", "BR-90", "1", "--date", "2017-06-12", "--start", "25:00"), 2, "Type a time such as 09:30"),
        (("move", "BR-90", "1"), 2, "--date"),
        (("move", "BR-90", "9", "--date", "2017-06-13"), 1, "BR-90 has no session 9."),
        (("move", "BR-90", "0", "--date", "2017-06-13"), 2, "0"),
        (("move", "NOPE", "1", "--date", "2017-06-13"), 1, "There is no event NOPE"),
        (("move", "BR-90", "1", "--date", "2017-06-13", "--end", "09:00"), 3, "end after it starts"),
        (("capacity", "BR-90", "-1"), 2, "-1"),
        (("capacity", "BR-90", "many"), 2, "many"),
        (("capacity", "BR-90", "0"), 3, "has 1 places taken"),
        (("state", "BR-90", "delivered"), 3, "it cannot become delivered"),
        (("state", "BR-90", "happy"), 2, "happy"),
        (("state", "BR-90", "cancelled"), 3, "csc schedule cancel"),
        (("cancel", "BR-90"), 3, "needs a reason"),
        (("add", "NOPE"), 1, "There is no course NOPE"),
        (("add", "BR", "--date", "2017-06-13"), 2, "Give the start time"),
        (("clone", "BR-90", "--date", "2017-09-04", "--reference", "BR-90"), 3, "There is already an event BR-90"),
        (("venue", "BR-90", " "), 2, "A venue needs a name"),
        (("frob",), 2, "No such command"),
    ],
)  # fmt: skip
def test_a_no_is_a_sentence_with_its_exit_code_and_changes_nothing(
    event: Context, csc: Csc, words: tuple[str, ...], code: int, sentence: str
) -> None:
    before = (csc("event", "BR-90").out, csc("calendar").out, csc("history").out)
    done = csc("schedule", *words)
    assert (done.code, done.out) == (code, "")
    assert sentence in done.err
    assert done.err.startswith("csc: ")
    assert (csc("event", "BR-90").out, csc("calendar").out, csc("history").out) == before


@pytest.mark.parametrize(
    "words",
    [
        ("move", "BR-90", "1", "--date", "13/06/2017"), ("capacity", "BR-90", "9"), ("state", "BR-90", "confirmed"),
        ("cancel", "BR-90", "--reason", "snow"), ("venue", "BR-90", "Hall", "1"),
        ("clone", "BR-90", "--date", "4/9/2017"),
        ("add", "BR", "--date", "04/09/2017", "--start", "0930", "--state", "open"),
    ],
)  # fmt: skip
def test_each_change_has_a_dry_run_that_shows_it(event: Context, csc: Csc, words: tuple[str, ...]) -> None:
    before = (csc("event", "BR-90").out, csc("calendar").out, csc("history").out)
    plan = csc("schedule", *words, "--dry-run")
    assert plan.code == 0
    assert plan.err.endswith("This was a dry run: nothing was changed.\n")
    assert (csc("event", "BR-90").out, csc("calendar").out, csc("history").out) == before
    assert csc("schedule", *words).json == plan.json != []


def test_an_event_is_added_opened_booked_and_called_off(ctx: Context, csc: Csc) -> None:
    csc("schedule", "add", "br", "--date", "05/06/2017", "--start", "09:30", "--reference", "br-50", "--venue", "Hall")
    assert csc("event", "BR-50").json["state"] == "draft"
    assert csc("schedule", "state", "BR-50", "open").code == 0
    assert csc("enrol", "BR-50", builders.person().email).json[0]["outcome"] == "booked"
    done = csc("schedule", "cancel", "BR-50", "--reason", "too few")
    assert [row["after"] for row in done.json] == ["cancelled", "event_cancelled"]
    assert csc("next", "--days", 100).code == 1


def test_clashes_have_the_keys_of_the_contract_and_none_is_exit_1(event: Context, csc: Csc) -> None:
    none = csc("schedule", "clashes", form="table")
    assert (none.code, none.out, none.err) == (1, "", "No clashes.\n")
    builders.event("BR-81", venue="Hall", room="1")
    builders.event("BR-82", venue="Hall", room="1")
    done = csc("schedule", "clashes", "--from", "10/06/2017")
    assert done.code == 0
    assert done.json == [
        {
            "kind": "room", "date": "2017-06-12", "event": "BR-81", "session": 1, "other_event": "BR-82",
            "other_session": 1, "what": "Hall, 1",
        }
    ]  # fmt: skip
    assert csc("schedule", "clashes", "--from", "13/06/2017").code == 1


def test_dates_are_typed_as_people_type_them_with_their_times_behind_them(ctx: Context, csc: Csc) -> None:
    days = ("--date", "next tue 9.30-12.30", "--date", "tue 25 april 1-4pm", "--date", "2/5", "--start", "10.00")
    done = csc("schedule", "add", "br", *days, "--reference", "BR-50")
    assert [row["after"] for row in done.json][1:] == [
        "Tue 18 Apr 2017 09:30-12:30", "Tue 25 Apr 2017 13:00-16:00", "Tue 2 May 2017 10:00-13:00",
    ]  # fmt: skip
    moved = csc("schedule", "move", "BR-50", 1, "--date", "wed 19 april 2pm").json
    assert [(row["field"], row["after"]) for row in moved] == [
        ("date", "2017-04-19"), ("start", "14:00"), ("end", "17:00"),
    ]  # fmt: skip
    wrong = csc("schedule", "move", "BR-50", 1, "--date", "tue 19 april")
    assert (wrong.code, wrong.err) == (
        2, "csc: 19 April 2017 is a Wednesday, not a Tuesday. Type Wed 19 Apr 2017 or Tue 18 Apr 2017.\n",
    )  # fmt: skip
    assert [row["date"] for row in csc("next", "--from", "tue week", "--days", "7").json] == [
        "2017-04-19",
        "2017-04-25",
    ]


def test_joining_instructions_are_given_shown_and_taken_away(ctx: Context, csc: Csc) -> None:
    builders.event("BR-50", dates=["2017-06-12", "2017-06-19"])
    none = csc("schedule", "instructions", "br-50")
    assert (none.code, none.err) == (0, "BR-50 has no joining instructions yet.\n")
    dry = csc("schedule", "instructions", "BR-50", "Ring.", "--dry-run")
    assert dry.err.endswith("This was a dry run: nothing was changed.\n")
    assert [(row["session"], row["after"]) for row in dry.json] == [(1, "Ring."), (2, "Ring.")]
    assert csc("schedule", "instructions", "BR-50", 2, "-", stdin="Ring.\nTwice.\n").code == 0
    assert csc("schedule", "instructions", "BR-50").json == [
        {"session": 1, "instructions": ""},
        {"session": 2, "instructions": "Ring."}, {"session": 2, "instructions": "Twice."},
    ]  # fmt: skip
    assert csc("schedule", "instructions", "BR-50", 1).json == [{"session": 1, "instructions": ""}]
    assert csc("schedule", "instructions", "BR-50", "").json[0]["after"] == ""
    assert csc("schedule", "instructions", "BR-50", 3).code == 1
    assert csc("schedule", "instructions", "BR-50", 1, "Ring", "twice").code == 2


def test_who_leads_is_said_anew_tried_first_and_nobody_only_by_name(ctx: Context, csc: Csc) -> None:
    builders.event("BR-50", dates=["2017-06-12", "2017-06-19"])
    ann = builders.person("Ann Ash")
    dry = csc("schedule", "lead", "br-50", ann.key, "--dry-run")
    assert [(row["session"], row["field"], row["after"]) for row in dry.json] == [
        (1, "led by", "Ann Ash"), (2, "led by", "Ann Ash"),
    ]  # fmt: skip
    assert csc("schedule", "lead", "BR-50", ann.key, "--session", 2).code == 0
    assert csc("schedule", "lead", "BR-50", "--nobody").json[0]["before"] == "Ann Ash"
    assert csc("schedule", "lead", "BR-50").code == 2
    assert csc("schedule", "lead", "BR-50", "Nobody Known").code == 1


def test_a_decision_day_is_set_and_taken_away(event: Context, csc: Csc) -> None:
    set_ = csc("schedule", "minimum", "BR-90", 1, "--decide-by", "02/06/2017")
    assert ("decide_by", "", "2017-06-02") in [(row["field"], row["before"], row["after"]) for row in set_.json]
    gone = csc("schedule", "minimum", "BR-90", 1, "--undated")
    assert [(row["field"], row["before"], row["after"]) for row in gone.json] == [("decide_by", "2017-06-02", "")]
    assert csc("schedule", "minimum", "BR-90", 1, "--undated", "--decide-by", "02/06/2017").code == 2


def test_the_year_of_a_typed_date_is_that_of_the_councils_programme(ctx: Context, csc: Csc) -> None:
    assert csc("admin", "policy", "set", "first_month", "9").code == 0
    plan = csc("schedule", "add", "br", "--date", "1/6 9.30-12.30", "--dry-run", today="2017-10-10")
    assert [row["after"] for row in plan.json][1] == "Fri 1 Jun 2018 09:30-12:30"
    builders.event("BR-90", dates=["2017-11-06"])
    moved = csc("schedule", "move", "BR-90", 1, "--date", "1/6", "--dry-run", today="2017-10-10")
    assert [row["after"] for row in moved.json if row["field"] == "date"] == ["2018-06-01"]


def test_tomorrow_is_counted_in_the_zone_of_the_council(ctx: Context, csc: Csc) -> None:
    assert csc("admin", "policy", "set", "time_zone", "Pacific/Auckland").code == 0
    plan = csc("schedule", "add", "br", "--date", "tomorrow 9.30-12.30", "--dry-run", today="2017-10-10T14:00+01:00")
    assert [row["after"] for row in plan.json][1] == "Thu 12 Oct 2017 09:30-12:30", "in Auckland the 11th has begun"
