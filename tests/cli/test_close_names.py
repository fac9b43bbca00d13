"""A new name close to a known one is added only when somebody says that it is new."""

from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.catalogue import venues
from csc_tui.core.people import actions as people_actions
from tests import builders
from tests.cli.conftest import Csc

WRONG = "Grimbsy Town Hall"


@pytest.fixture
def hall(ctx: Context) -> Context:
    """A draft event at Grimsby Town Hall, and Bo Ek of Youth Justice."""
    builders.event("BR-90", dates=["2017-06-12"], venue="Grimsby Town Hall", state="draft")
    builders.person("Bo Ek", organisation="Humberside Police", team="Youth Justice")
    return ctx


def venue_names(ctx: Context) -> set[str]:
    return {each.name for each in venues.list_venues(ctx)}


@pytest.mark.parametrize(
    "words",
    [
        ("venue", "add", WRONG),
        ("schedule", "venue", "BR-90", WRONG),
        ("schedule", "add", "BR", "--date", "2017-07-12", "--start", "09:30", "--venue", WRONG),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_misspelt_venue_is_refused_until_it_is_said_to_be_new(
    hall: Context, csc: Csc, words: tuple[str, ...]
) -> None:
    before = venue_names(hall)
    done = csc(*words)
    assert done.code == 3
    assert f"'{WRONG}' is close to the venue 'Grimsby Town Hall'. Nothing was changed." in done.err
    assert "--new" in done.err
    assert venue_names(hall) == before
    assert csc(*words, "--dry-run").code == 3
    assert csc(*words, "--new").code == 0
    assert venue_names(hall) == before | {WRONG}


def test_another_case_or_another_number_is_no_question(hall: Context, csc: Csc) -> None:
    assert csc("schedule", "venue", "BR-90", "GRIMSBY town hall").code == 0
    assert csc("venue", "add", "Annexe 1").code == 0
    assert csc("venue", "add", "Annexe 2").code == 0


@pytest.mark.parametrize(
    ("organisation", "team", "said"),
    [
        ("Humbreside Police", "Youth Justice", "the organisation 'Humberside Police'"),
        ("Humberside Police", "Youht Justice", "the team 'Youth Justice'"),
    ],
)
def test_a_misspelt_workplace_is_refused_until_it_is_said_to_be_new(
    hall: Context, csc: Csc, organisation: str, team: str, said: str
) -> None:
    words = ("people", "add", "--surname", "Low", "--email", "low@example.org", "--organisation", organisation,
             "--team", team)  # fmt: skip
    done = csc(*words)
    assert (done.code, said in done.err) == (3, True), done.err
    before = people_actions.list_workplaces(hall)
    assert csc(*words, "--new").code == 0
    assert len(people_actions.list_workplaces(hall)) > len(before)
    change = ("people", "change", "low@example.org", "--organisation", "Humberside Polise", "--team", "")
    assert csc(*change).code == 3
    assert csc(*change, "--new").code == 0


def test_an_imported_event_at_a_misspelt_venue_is_listed(hall: Context, csc: Csc, tmp_path: Path) -> None:
    file = tmp_path / "programme.csv"
    file.write_text(
        "event_ref,course,session,date,start,end,venue\n"
        f"BR-91,BR,1,12/07/2017,09:30,12:30,{WRONG}\n"
        "BR-92,BR,1,13/07/2017,09:30,12:30,Grimsby Town Hall\n"
    )
    done = csc("import", "programme", file)
    assert done.json["new"] == 1
    [problem] = done.json["problems"]
    assert problem["row"] == 2
    assert f"'{WRONG}' is close to the venue 'Grimsby Town Hall'" in problem["problem"]
    assert WRONG not in venue_names(hall)
    assert csc("import", "programme", file, "--new").json["new"] == 1
    assert WRONG in venue_names(hall)
