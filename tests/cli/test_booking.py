"""enrol, cancel and what else happens to a place: columns, exit codes, and the sentence when a rule refuses."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from db import calendar, policy
from db.engine.connection import write_transaction
from db.records.booking import Status
from db.records.startup import Role
from tests import builders
from tests.builders import standing
from tests.cli.conftest import Csc


@pytest.fixture
def event(ctx: Context) -> Context:
    """BR-90 with two places, in June."""
    builders.event("BR-90", capacity=2)
    return ctx


def on_it(ctx: Context) -> list[str]:
    return [line.name for line in people_queries.get_event_card(ctx, "BR-90").roster]


def test_a_booking_prints_one_outcome_for_each_person(event: Context, csc: Csc) -> None:
    people = [builders.person(name) for name in ("Bo Day", "Cy Day", "Di Day")]
    done = csc("enrol", "BR-90", *[each.email for each in people], people[0].key)
    assert (done.code, done.err) == (0, "")
    assert [set(row) for row in done.json] == [{"person", "name", "outcome", "reason"}] * 4
    assert [(row["person"], row["outcome"]) for row in done.json] == [
        (people[0].key, "booked"), (people[1].key, "booked"), (people[2].key, "waitlisted"), (people[0].key, "already"),
    ]  # fmt: skip


def test_a_name_that_is_in_doubt_lists_the_candidates_and_does_nothing(event: Context, csc: Csc) -> None:
    builders.person("Jo Smith", organisation="Police")
    builders.person("Jo Smith", organisation="Health")
    done = csc("enrol", "BR-90", "jo smith")
    assert done.code == 3
    assert [row["outcome"] for row in done.json] == ["refused"]
    assert "matches 2 people" in done.err
    assert "> Police; #" in done.err
    assert on_it(event) == []


def test_a_refusal_prints_those_refused_and_never_that_the_others_are_booked(event: Context, csc: Csc) -> None:
    someone = builders.person("Bo Day").email
    for form in ("plain", "csv", "json", "table"):
        done = csc("enrol", "BR-90", someone, "nobody@example.org", "zz", form=form)
        assert done.code == 3
        assert "booked" not in done.out
        assert done.err.startswith("csc: No one was booked.\nNo match for 'nobody@example.org'.")
        assert ("nobody@example.org" in done.out) is (form != "table")
    assert on_it(event) == []


PASTED = """\
Dear all, please book
- {a}
Someone Unknown <nobody@example.org>
  2) Mr {b};
> {c}
"""


def test_a_pasted_list_is_done_whole_or_with_partial_as_far_as_it_goes(event: Context, csc: Csc) -> None:
    a, b, c = builders.person("Bo Day").email, "Cy Day", "Fox, Di"
    builders.person("Cy Day"), builders.person("Di Fox")
    text = PASTED.format(a=a, b=b, c=c)
    assert csc("enrol", "BR-90", "-", stdin=text).code == 3
    assert on_it(event) == []
    done = csc("enrol", "BR-90", "-", "--partial", stdin=text)
    assert done.code == 0
    assert [row["outcome"] for row in done.json] == ["booked", "refused", "booked", "waitlisted"]
    assert "Ignored, not names: Dear all, please book" in done.err
    assert "Not enrolled: No match for 'nobody@example.org'" in done.err
    assert on_it(event) == ["Bo Day", "Cy Day"]


@pytest.mark.parametrize(
    ("pasted", "code", "sentence"),
    [
        (b"", 2, "No one was named"),
        (b"\n \n", 2, "No one was named"),
        (b"Zo\xeb Adams\n", 2, "not UTF-8 (byte 3). Nothing was changed."),
        (b"\xef\xbb\xbfbo@example.org\n", 0, ""),
        (b"\x00\x1b[2J\n", 3, "No one was booked."),
    ],
)
def test_what_is_pasted_may_be_nothing_or_no_text(
    event: Context, csc: Csc, pasted: bytes, code: int, sentence: str
) -> None:
    builders.person("Bo Day", email="bo@example.org")
    done = csc("enrol", "BR-90", "-", stdin=pasted)
    assert done.code == code
    assert sentence in done.err
    assert "\x1b" not in done.out + done.err


def test_partial_that_enrols_nobody_says_so_in_its_exit_code(event: Context, csc: Csc) -> None:
    assert csc("enrol", "BR-90", "zz", "--partial").code == 3


def test_a_dry_run_shows_and_does_nothing(event: Context, csc: Csc) -> None:
    who = builders.person("Bo Day")
    plan = csc("enrol", "BR-90", who.email, "--dry-run")
    assert plan.code == 0
    assert plan.err == (
        "1 invitation would be due: REQUEST to Bo Day for session 1.\nThis was a dry run: nothing was changed.\n"
    )
    assert on_it(event) == []
    assert csc("enrol", "BR-90", who.email).json == plan.json
    plan = csc("cancel", "BR-90", who.email, "--reason", "ill", "--dry-run")
    assert on_it(event) == ["Bo Day"]
    assert csc("cancel", "BR-90", who.email, "--reason", "ill").json == plan.json


def test_a_cancellation_prints_who_moved(event: Context, csc: Csc) -> None:
    people = [builders.person(name) for name in ("Bo Day", "Cy Day", "Di Day")]
    csc("enrol", "BR-90", *[each.email for each in people])
    done = csc("cancel", "BR-90", "bo day", "--reason", "ill")
    assert (done.code, done.err) == (0, "")
    assert done.json == [
        {"person": people[0].key, "name": "Bo Day", "from": "booked", "to": "cancelled"},
        {"person": people[2].key, "name": "Di Day", "from": "waitlisted", "to": "booked"},
    ]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("enrol", "NOPE-1", "bo day"), 1, "There is no event NOPE-1."),
        (("enrol", "BR-91", "bo day"), 3, "BR-91 is a draft"),
        (("enrol", "BR-90"), 2, "Missing argument"),
        (("cancel", "BR-90", "bo day"), 3, "Cancelling a place needs a reason."),
        (("cancel", "BR-90", "bo day", "--reason", " "), 3, "needs a reason"),
        (("cancel", "BR-90", "bo day", "--reason", "ill"), 3, "Bo Day has no place on BR-90"),
        (("cancel", "BR-90", "zz", "--reason", "ill"), 1, "No match for 'zz'"),
        (("cancel", "BR-90"), 2, "Missing argument"),
        (("enrol", "BR-90", "bo day", "--overide", "x"), 2, "--override"),
    ],
)
def test_a_no_is_a_sentence_with_its_exit_code(
    event: Context, csc: Csc, words: tuple[str, ...], code: int, sentence: str
) -> None:
    builders.person("Bo Day")
    builders.event("BR-91", state="draft")
    done = csc(*words)
    assert (done.code, done.out) == (code, "")
    assert sentence in done.err
    assert done.err.startswith("csc: ")
    assert on_it(event) == []


def test_an_override_with_a_reason_passes_the_start(event: Context, csc: Csc) -> None:
    who = builders.person("Bo Day").email
    assert csc("enrol", "BR-90", who, today="2017-06-12T10:00").code == 3
    done = csc("enrol", "BR-90", who, "--override", "was there", today="2017-06-12T10:00")
    assert done.json[0]["outcome"] == "booked"


def test_waiting_puts_people_on_the_list_although_there_are_places(event: Context, csc: Csc) -> None:
    assert csc("enrol", "BR-90", builders.person().email, "--waiting").json[0]["outcome"] == "waitlisted"


def test_a_viewer_is_told_what_it_needs(event: Context, csc: Csc) -> None:
    with write_transaction():
        policy.store_role("alice", Role.VIEWER)
    for words in (("enrol", "BR-90", builders.person().email), ("cancel", "BR-90", "x", "--reason", "y")):
        done = csc(*words)
        assert (done.code, done.out) == (3, "")
        assert "This needs the booker role; alice has the viewer role. Nothing was changed." in done.err
    assert on_it(replace(event, role=Role.VIEWER)) == []
    assert csc("who", "zz").code == 1  # looking is for all


MOVE = {"person", "name", "from", "to"}


@pytest.fixture
def events(ctx: Context) -> Context:
    """BR-90 is full with Al and Bo, and Cy waits; BR-91 in another week has two places."""
    full = builders.event("BR-90", capacity=2)
    builders.booked(full, "Al Ash", "Bo Bell")
    builders.enrolment(full, builders.person("Cy Carr"), Status.WAITLISTED)
    builders.event("BR-91", capacity=2, dates=["2017-06-19"])
    builders.person("Di Dodd")
    return ctx


def told(rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    assert all(set(row) == MOVE for row in rows)
    return [(row["name"], row["from"], row["to"]) for row in rows]


def test_a_transfer_prints_who_moved(events: Context, csc: Csc) -> None:
    done = csc("transfer", "BR-90", "al ash", "BR-91", "--reason", "on leave")
    assert (done.code, done.err) == (0, "")
    assert told(done.json) == [
        ("Al Ash", "booked", "transferred"), ("Al Ash", "", "booked"), ("Cy Carr", "waitlisted", "booked"),
    ]  # fmt: skip


def test_a_substitute_prints_both(events: Context, csc: Csc) -> None:
    done = csc("substitute", "BR-90", "al ash", "di dodd")
    assert (done.code, done.err) == (0, "")
    assert told(done.json) == [("Al Ash", "booked", "substituted"), ("Di Dodd", "", "booked")]


def test_a_request_is_approved_or_declined(events: Context, csc: Csc) -> None:
    assert csc("course", "set", "BR", "approval", "coordinator").code == 0
    for who in ("di dodd", "cy carr"):
        csc("enrol", "BR-91", who, "--override", "on both")
    done = csc("approve", "BR-91", "di dodd")
    assert (done.code, done.err, told(done.json)) == (0, "", [("Di Dodd", "requested", "booked")])
    done = csc("decline", "BR-91", "cy carr", "--reason", "not this year")
    assert (done.code, told(done.json)) == (0, [("Cy Carr", "requested", "declined")])


def test_an_offer_is_accepted_declined_or_runs_out(events: Context, csc: Csc) -> None:
    csc("course", "set", "BR", "waiting_rule", "offer")
    done = csc("cancel", "BR-90", "al ash", "--reason", "ill")
    assert told(done.json) == [("Al Ash", "booked", "cancelled"), ("Cy Carr", "waitlisted", "offered")]
    assert csc("waiting", "BR-90").json[0]["offered_until"] == "2017-04-12 09:00"  # by the council's clock
    assert csc("event", "BR-90").json["waiting"][0]["offered_until"] == "2017-04-12 09:00"
    plan = csc("accept", "BR-90", "cy carr", "--dry-run")
    assert standing("BR-90")["Cy Carr"] == "offered"
    done = csc("accept", "BR-90", "cy carr")
    assert (done.code, done.json) == (0, plan.json)
    assert told(done.json) == [("Cy Carr", "offered", "booked")]


def test_the_queue_is_put_in_another_order(events: Context, csc: Csc) -> None:
    csc("enrol", "BR-90", "di dodd")
    done = csc("queue", "BR-90", "di dodd", 1, "--reason", "starts a new job")
    assert (done.code, done.err, told(done.json)) == (0, "", [("Di Dodd", "place 2", "place 1")])
    assert [row["name"] for row in csc("waiting", "BR-90").json] == ["Di Dodd", "Cy Carr"]


@pytest.mark.parametrize(
    "words",
    [
        ("transfer", "BR-90", "al ash", "BR-91"),
        ("substitute", "BR-90", "al ash", "di dodd"),
        ("cancel", "BR-90", "al ash", "--reason", "ill"),
        ("queue", "BR-90", "cy carr", "1", "--reason", "first"),
        ("schedule", "merge", "BR-91", "BR-90", "--reason", "thin"),
        ("schedule", "overflow", "BR-90", "--date", "2017-07-03"),
    ],
)
def test_each_change_has_a_dry_run_that_shows_it(events: Context, csc: Csc, words: tuple[str, ...]) -> None:
    before = standing("BR-90"), standing("BR-91")
    plan = csc(*words, "--dry-run")
    assert plan.code == 0
    assert plan.err.endswith("This was a dry run: nothing was changed.\n")
    assert (standing("BR-90"), standing("BR-91")) == before
    assert csc("undo").code == 1  # and there is nothing to take back
    assert csc(*words).json == plan.json


def test_a_dry_run_names_the_invitations_that_would_change(events: Context, csc: Csc, tmp_path: object) -> None:
    csc("invite", "BR-90", "--to", f"{tmp_path}/out")
    said = csc("transfer", "BR-90", "al ash", "BR-91", "--dry-run").err
    assert said == (
        "3 invitations would be due: CANCEL to Al Ash for session 1; REQUEST to Cy Carr for session 1; REQUEST to "
        "Al Ash for session 1.\nThis was a dry run: nothing was changed.\n"
    )


NO = [
    (("transfer", "BR-90", "di dodd", "BR-91"), 3, "Di Dodd has no place on BR-90"),
    (("transfer", "BR-90", "al ash", "NOPE"), 1, "There is no event NOPE"),
    (("transfer", "BR-90", "al ash", "BR-90"), 3, "are the same event"),
    (("transfer", "BR-90", "al ash"), 2, "TO_EVENT"),
    (("substitute", "BR-90", "al ash", "zz"), 1, "No match for 'zz'"),
    (("substitute", "BR-90", "al ash", "bo bell"), 3, "Bo Bell is already booked on BR-90"),
    (("substitute", "BR-90", "cy carr", "di dodd"), 3, "only a booked place can be given"),
    (("approve", "BR-90", "al ash"), 3, "only a request can be approved"),
    (("decline", "BR-90", "al ash"), 3, "Declining needs a reason"),
    (("accept", "BR-90", "cy carr"), 3, "only an offered place can be accepted"),
    (("queue", "BR-90", "cy carr", "7", "--reason", "x"), 3, "have places 1 to 1"),
    (("queue", "BR-90", "cy carr", "0", "--reason", "x"), 2, "0"),
    (("queue", "BR-90", "cy carr", "1"), 3, "A reason is needed"),
    (("makeup", "al ash", "BR-91"), 2, "Choose a session of the event"),
    (("makeup", "al ash", "BR-91", "1"), 3, "has not missed"),
    (("makeup", "al ash", "BR-91", "1", "--leave"), 1, "is not making up a module"),
    (("undo", "0"), 2, "0"),
    (("undo",), 1, "There are no more changes by alice to undo"),
    (("charges", "--month", "June"), 2, "June"),
    (("event", "BR-90", "--why", "di dodd"), 3, "Di Dodd has no place on BR-90 and is not waiting"),
    (("event", "NOPE", "--why", "di dodd"), 1, "There is no event NOPE"),
]


@pytest.mark.parametrize(("words", "code", "sentence"), NO)
def test_a_refused_change_of_a_place_is_a_sentence_with_its_exit_code(
    events: Context, csc: Csc, words: tuple[str, ...], code: int, sentence: str
) -> None:
    before = standing("BR-90"), standing("BR-91")
    done = csc(*words)
    assert (done.code, done.out) == (code, "")
    assert sentence in done.err
    assert (standing("BR-90"), standing("BR-91")) == before


@pytest.mark.parametrize(
    "words",
    [
        ("transfer", "BR-90", "al ash", "BR-91"), ("substitute", "BR-90", "al ash", "di dodd"),
        ("approve", "BR-90", "al ash"), ("decline", "BR-90", "al ash", "--reason", "x"), ("accept", "BR-90", "al ash"),
        ("queue", "BR-90", "cy carr", "1", "--reason", "x"), ("sweep",), ("undo",), ("makeup", "al ash", "BR-91", "1"),
    ],
)  # fmt: skip
def test_a_viewer_changes_nothing(events: Context, csc: Csc, words: tuple[str, ...]) -> None:
    with write_transaction():
        policy.store_role("alice", Role.VIEWER)
    done = csc(*words)
    assert (done.code, done.out) == (3, "")
    assert "alice has the viewer role. Nothing was changed." in done.err


def test_sweep_can_run_as_often_as_wanted(events: Context, csc: Csc) -> None:
    csc("course", "set", "BR", "waiting_rule", "offer")
    csc("cancel", "BR-90", "al ash", "--reason", "ill")
    later = "2017-04-13T09:00"
    plan = csc("sweep", "--dry-run", today=later)
    assert plan.err == "This was a dry run: nothing was changed.\n"
    done = csc("sweep", today=later)
    assert (done.code, done.err, done.json) == (0, "", plan.json)
    assert [tuple(row.values())[0::2] for row in done.json] == [("BR-90", "Cy Carr", "expired")]
    assert set(done.json[0]) == {"event", *MOVE}
    for _ in range(2):
        again = csc("sweep", today=later)
        assert (again.code, again.json, again.err) == (0, [], "Nothing was due.\n")


@pytest.mark.parametrize("way", ["quick", "parser"])
def test_a_look_at_an_event_changes_nothing_and_says_which_offer_ran_out(events: Context, csc: Csc, way: str) -> None:
    csc("enrol", "BR-90", "di dodd")
    csc("course", "set", "BR", "waiting_rule", "offer")
    csc("cancel", "BR-90", "al ash", "--reason", "ill")
    in_time = csc("event", "BR-90", today="2017-04-12T08:59", way=way)
    assert (in_time.err, [row["name"] for row in in_time.json["waiting"]]) == ("", ["Cy Carr", "Di Dodd"])
    before = csc("history").json
    for _ in range(2):
        later = csc("event", "BR-90", today="2017-04-12T09:00", way=way)
        assert later.err == (
            "The offer to Cy Carr has run out. Nothing was changed: csc sweep passes the place to the next person.\n"
        )
        assert [row["name"] for row in later.json["waiting"]] == ["Cy Carr", "Di Dodd"]
    assert csc("history").json == before


def test_what_time_did_names_who_set_it_going_and_is_undone_by_them(events: Context, csc: Csc) -> None:
    csc("course", "set", "BR", "waiting_rule", "offer")
    csc("cancel", "BR-90", "al ash", "--reason", "ill")
    csc("sweep", today="2017-04-12T09:00")
    told = [row for row in csc("history", "--event", "BR-90").json if row["verb"] == "offer ran out"]
    assert [row["actor"] for row in told] == ["sweep (alice)"]
    csc("undo", today="2017-04-12T09:01")
    assert standing("BR-90")["Cy Carr"] == "offered"


def test_a_change_under_another_date_keeps_the_real_time_beside_it(events: Context, csc: Csc) -> None:
    csc("enrol", "BR-90", "di dodd", today="2017-04-11")
    (line,) = [row for row in csc("history", "--person", "di dodd").json if row["verb"] == "waitlisted"]
    assert line["at"] == "2017-04-11 09:00"
    real = datetime.now(UTC)
    assert line["entered"][:13] in (f"{real:%Y-%m-%d %H}", f"{real + timedelta(hours=1):%Y-%m-%d %H}")
    assert "(entered on " in csc("history", "--person", "di dodd", form="table").out


def test_undo_takes_back_one_or_several_steps(events: Context, csc: Csc) -> None:
    before = standing("BR-90")
    csc("cancel", "BR-90", "al ash", "--reason", "ill")
    plan = csc("undo", "--dry-run")
    assert plan.err == "This was a dry run: nothing was changed.\n"
    done = csc("undo")
    assert (done.code, done.err, done.json) == (0, "Undone: 1 place restored and 1 other change undone.\n", plan.json)
    assert [(row["what"], row["from"], row["to"]) for row in done.json] == [
        ("Al Ash on BR-90", "cancelled", "booked"), ("Cy Carr on BR-90", "booked", "waitlisted"),
    ]  # fmt: skip
    csc("cancel", "BR-90", "al ash", "--reason", "ill")
    csc("cancel", "BR-90", "bo bell", "--reason", "ill")
    assert "places restored" in csc("undo", 2).err
    assert standing("BR-90") == before


def test_a_missed_module_is_made_up(events: Context, csc: Csc) -> None:
    past = builders.event("BR-80", dates=["2017-03-06", "2017-03-13"])
    jo = builders.person("Jo Smith")
    builders.mark(past, 1, jo, "absent")
    (chance,) = csc("makeup", "jo smith").json
    assert chance == {
        "course": "BR", "module": "Module 1", "event": "BR-91", "session": 1, "date": "2017-06-19", "start": "09:30",
        "venue": "", "free": 2,
    }  # fmt: skip
    plan = csc("makeup", "jo smith", "BR-91", 1, "--dry-run")
    assert plan.err == (
        "1 invitation would be due: REQUEST to Jo Smith for session 1.\nThis was a dry run: nothing was changed.\n"
    )
    assert csc("makeup", "jo smith", "BR-91", 1).json == plan.json == [{**chance, "free": 1}]
    card = csc("event", "BR-91").json
    assert (card["joining"], card["free"]) == (1, 1)
    assert card["make_ups"] == [{"session": 1, "person": jo.key, "name": "Jo Smith", "module": "Module 1"}]
    assert csc("free", "BR-91").json[0]["free"] == 1
    done = csc("makeup", "jo smith", "BR-91", 1, "--leave", "--reason", "ill")
    assert (done.code, done.json, done.err) == (0, [], "The place in BR-91 session 1 is cancelled.\n")
    assert csc("makeup", "al ash").code == 1


def test_charges_are_listed_by_month_or_year(events: Context, csc: Csc) -> None:
    csc("course", "set", "BR", "cutoff_days", 5)
    csc("cancel", "BR-90", "al ash", "--reason", "workload", today="2017-06-10")
    done = csc("charges", "--month", "2017-06")
    assert (done.code, done.err) == (0, "1 line, 50 pounds.\n")
    (row,) = done.json
    assert (row["month"], row["name"], row["what"], row["reason"], row["amount"], row["exempt"]) == (
        "2017-06", "Al Ash", "late cancellation", "workload", 50, "",
    )  # fmt: skip
    assert csc("charges", "--year", "2017/18").json == done.json
    none = csc("charges", "--month", "2017-05")
    assert (none.code, none.json) == (1, [])


def test_why_somebody_was_not_promoted(events: Context, csc: Csc) -> None:
    done = csc("event", "BR-90", "--why", "cy carr")
    assert (done.code, done.err) == (0, "")
    assert done.json == {"person": "cy carr", "why": "No place on BR-90 is free."}


def test_a_group_or_a_team_is_booked_in_one_step(events: Context, csc: Csc) -> None:
    for name in ("Eve East", "Fi East"):
        builders.person(name, organisation=f"{name} School", team="Pastoral")
    builders.person("Gil East", organisation="Eve East School")
    done = csc("enrol", "BR-91", "--team", "pastoral, eve east")
    assert [(row["name"], row["outcome"]) for row in done.json] == [("Eve East", "booked")]
    assert csc("enrol", "BR-91", "--team", "pastoral").code == 3
    assert csc("enrol", "BR-91", "--team", "nowhere").code == 1
    assert csc("enrol", "BR-91", "--group", "nobody").code == 1


def test_the_real_command_line_says_the_same(events: Context, location: str) -> None:
    done: subprocess.CompletedProcess[str] = builders.csc(location, "transfer", "BR-90", "al ash", "BR-91")
    assert done.returncode == 0
    assert [row["to"] for row in json.loads(done.stdout)] == ["transferred", "booked", "booked"]
    done = builders.csc(location, "accept", "BR-90", "al ash")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "csc: Al Ash has no place on BR-90 and is not waiting for one. Nothing was changed.\n"


def test_a_caller_who_is_not_in_the_database_is_added_and_booked(event: Context, csc: Csc) -> None:
    dry = csc("enrol", "BR-90", "--new", "Jo Smith <jo@x.org>", "--dry-run")
    assert (dry.code, on_it(event)) == (0, [])
    done = csc("enrol", "BR-90", "--new", "Jo Smith <jo@x.org>")
    assert done.code == 0
    assert [(row["name"], row["outcome"]) for row in done.json] == [("Jo Smith", "booked")]
    assert csc("person", done.json[0]["person"]).json["email"] == "jo@x.org"
    again = csc("enrol", "BR-90", "--new", "Jo Smith <jo@x.org>")
    assert again.code == 3
    assert "jo@x.org is the address of Jo Smith" in again.err
    assert csc("enrol", "BR-90", "--new", "Bo Ek <bo@x.org>", "jo@x.org").code == 2


def test_a_cancelled_event_lists_its_people_and_how_to_reach_them(event: Context, csc: Csc) -> None:
    bo = builders.person("Bo Day", phone="01472 111111")
    csc("enrol", "BR-90", bo.key)
    csc("schedule", "cancel", "BR-90", "--reason", "The trainer is ill")
    roster = csc("roster", "BR-90")
    assert "BR-90 is cancelled." in roster.err
    (line,) = roster.json
    wanted = {"person": bo.key, "name": "Bo Day", "phone": "01472 111111", "was": "booked", "status": "event_cancelled"}
    assert wanted.items() <= line.items()
    card = csc("event", "BR-90").json
    assert (card["free"], [each["name"] for each in card["former"]]) == (0, ["Bo Day"])


def test_a_cancelled_place_is_on_the_card_of_the_event_and_not_on_the_roster(event: Context, csc: Csc) -> None:
    bo = builders.person("Bo Day")
    csc("enrol", "BR-90", bo.key)
    csc("cancel", "BR-90", bo.key, "--reason", "Illness")
    assert csc("roster", "BR-90").json == []
    (line,) = csc("event", "BR-90").json["former"]
    assert (line["name"], line["was"], line["status"], line["reason"]) == ("Bo Day", "booked", "cancelled", "Illness")


def test_the_shell_says_where_else_a_person_is_and_which_option_ends_other_waiting(event: Context, csc: Csc) -> None:
    jo = builders.person("Jo Smith")
    builders.enrolment(builders.event("BR-03", capacity=0, dates=["2017-06-20"]), jo, Status.WAITLISTED)
    builders.enrolment(builders.event("BR-05", dates=["2017-07-20"]), jo)
    (line,) = csc("enrol", "BR-90", jo.key, "--dry-run").json
    assert line["reason"] == (
        "Jo Smith waits for BR-03 on Tue 20 Jun 2017 and has a place on BR-05 on Thu 20 Jul 2017. "
        "--waiting-elsewhere remove takes them off other waiting lists of the course."
    )
    (line,) = csc("enrol", "BR-90", jo.key, "--waiting-elsewhere", "remove").json
    assert "is taken off the waiting list of BR-03" in line["reason"]
    assert standing("BR-03") == {"Jo Smith": "cancelled"}


def test_accepting_and_approving_say_where_else_the_person_is(event: Context, csc: Csc) -> None:
    jo = builders.person("Jo Smith")
    builders.enrolment(builders.event("BR-05", dates=["2017-07-20"]), jo)
    builders.event("BR-06", capacity=3, dates=["2017-06-20"])
    builders.event("BR-07", capacity=3, dates=["2017-06-27"])
    with write_transaction():
        six, seven = (calendar.fetch_event(reference) for reference in ("BR-06", "BR-07"))
    builders.enrolment(six, jo, Status.OFFERED)
    builders.enrolment(seven, jo, Status.REQUESTED)
    assert "has a place on BR-05" in csc("accept", "BR-06", jo.key).err
    assert "has a place on BR-06 on Tue 20 Jun 2017" in csc("approve", "BR-07", jo.key).err
