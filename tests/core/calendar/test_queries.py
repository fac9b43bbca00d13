"""Narrowing the calendar and the list of events by what is typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_tui.base.context import Context
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import queries as calendar_queries
from db.engine import search as engine_search
from db.errors import WrongUse
from tests import builders

YEAR = (date(2017, 4, 1), date(2018, 3, 31))
WORDS = {"strand": " rp restorative practice", "course": " br", "event": " br04 br 04", "venue": " town hall",
         "with": "", "state": " open"}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True), ("  ", True), ("br-04", True), ("TOWN br", True), ("ha to", True), ("all", False),
        ("venue:hall", True), ("venue:br", False), ("with:hall", False), ("Venue:HALL state:op", True),
        ("venue:", True), (":", False), ("-", False), ("br zz", False),
    ],
)  # fmt: skip
def test_every_word_typed_begins_a_word_of_the_thing(text: str, fits: bool) -> None:
    if text == ":":
        with pytest.raises(WrongUse, match="You cannot filter by ':'"):
            calendar_queries.parse_word_filter(text)
    else:
        assert calendar_queries.parse_word_filter(text)(WORDS) is fits


def test_a_year_is_read_without_the_words_it_is_narrowed_by(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    builders.event(dates=["2017-06-12", "2017-06-19"])
    folded: list[object] = []
    words = engine_search.searchable_words
    monkeypatch.setattr(engine_search, "searchable_words", lambda texts: folded.append(texts) or words(texts))
    calendar_queries._folded.cache_clear()
    programme = calendar_queries.get_calendar_period(ctx, *YEAR)
    assert (len(programme.sessions_of("")), len(programme.events_of(" "))) == (2, 1)
    assert not folded
    assert len(programme.sessions_of("br")) == 2
    assert folded


def test_accents_and_case_do_not_matter(ctx: Context) -> None:
    builders.event(dates=["2017-06-12"], venue="Café Zoë", facilitators=[builders.person("Siobhán O'Brien")])
    programme = calendar_queries.get_calendar_period(ctx, *YEAR)
    for text in ("cafe", "ZOE", "siobhan obrien", "with:brien"):
        assert len(programme.sessions_of(text)) == len(programme.events_of(text)) == 1, text


def test_an_event_fits_by_any_of_its_sessions_and_a_session_by_its_own(ctx: Context) -> None:
    event = builders.event(dates=["2017-06-12", "2017-06-19", None], venue="Town Hall")
    calendar_actions.set_session_venue(ctx, event.reference, "Centre4", session=2)
    programme = calendar_queries.get_calendar_period(ctx, *YEAR)
    assert [each.session for each in programme.sessions_of("town")] == [1, 3]
    assert [each.session for each in programme.sessions_of("centre")] == [2]
    assert [each.event for each in programme.events_of("town")] == ["BR-90"]
    assert [each.event for each in programme.events_of("town centre")] == ["BR-90"]


def test_a_course_that_is_given_no_more_still_has_its_strand(ctx: Context) -> None:
    builders.event(dates=["2017-06-12"])
    builders.course("BR", active=False)
    assert len(calendar_queries.get_calendar_period(ctx, *YEAR).sessions_of("strand:restorative")) == 1


@given(st.text(max_size=20))
def test_whatever_is_typed_is_an_answer_or_a_sentence(text: str) -> None:
    try:
        fits = calendar_queries.parse_word_filter(text)
    except WrongUse:
        assert ":" in text
    else:
        assert fits(WORDS) in (True, False)


@pytest.mark.parametrize(
    ("typed", "parts", "others"),
    [
        ("", {}, []),
        ("strand:rest", {"strand": "RP"}, []),
        ("being", {"course": "BR"}, []),
        ("venue:grimsby with:ty", {"venue": "Grimsby Town Hall", "with": "Tim Ty"}, []),
        ("venue:town", {"venue": "town"}, []),
        ("town", {}, ["town"]),
        ("state:open assembly grimsby", {"venue": "Grimsby Town Hall"}, ["state:open", "assembly"]),
        ("tim ann", {"with": "Tim Ty"}, ["ann"]),
        ("venue:", {}, []),
        ("nothing", {}, ["nothing"]),
    ],
)
def test_what_is_typed_is_named_as_the_part_of_the_programme_it_leaves(
    ctx: Context, typed: str, parts: dict[str, str], others: list[str]
) -> None:
    leaders = [builders.person("Tim Ty"), builders.person("Ann Low")]
    builders.event("BR-90", dates=["2017-06-12"], venue="Grimsby Town Hall", room="Assembly Room", facilitators=leaders)
    builders.event("SOS-90", course="SOS-BRIEF", dates=["2017-06-13"], venue="Louth Town Hall")
    assert calendar_queries.get_calendar_period(ctx, *YEAR).parts_of(typed) == (parts, others)
