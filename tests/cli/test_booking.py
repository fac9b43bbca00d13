"""enrol and cancel on the command line."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from db import policy
from db.engine.connection import write_transaction
from db.records.startup import Role
from tests import builders
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
    assert "fits 2 people" in done.err
    assert "> Police; #" in done.err
    assert on_it(event) == []


def test_a_refusal_prints_those_refused_and_never_that_the_others_are_booked(event: Context, csc: Csc) -> None:
    someone = builders.person("Bo Day").email
    for form in ("plain", "csv", "json", "table"):
        done = csc("enrol", "BR-90", someone, "nobody@example.org", "zz", form=form)
        assert done.code == 3
        assert "booked" not in done.out
        assert done.err.startswith("csc: Nobody was enrolled.\nNobody is found for 'nobody@example.org'.")
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
    assert "Not taken for names: Dear all, please book" in done.err
    assert "Not enrolled: Nobody is found for 'nobody@example.org'" in done.err
    assert on_it(event) == ["Bo Day", "Cy Day"]


@pytest.mark.parametrize(
    ("pasted", "code", "sentence"),
    [
        (b"", 2, "Nobody was named"),
        (b"\n \n", 2, "Nobody was named"),
        (b"Zo\xeb Adams\n", 2, "not UTF-8 text (byte 3). Nothing was changed."),
        (b"\xef\xbb\xbfbo@example.org\n", 0, ""),
        (b"\x00\x1b[2J\n", 3, "Nobody was enrolled."),
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
        "1 invitation would be due: REQUEST to Bo Day for session 1.\nA dry run: nothing was changed.\n"
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
        (("cancel", "BR-90", "zz", "--reason", "ill"), 1, "Nobody is found for 'zz'"),
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
        assert "This needs the role of booker; alice has that of viewer. Nothing was changed." in done.err
    assert on_it(replace(event, role=Role.VIEWER)) == []
    assert csc("who", "zz").code == 1  # looking is for all
