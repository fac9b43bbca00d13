"""The history looked through: narrowed by what is typed, a page at a time."""

from datetime import date

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.history import queries as history_queries
from csc_tui.core.history.queries import HistoryFilter
from db import models
from db.engine.connection import write_transaction
from db.errors import NotFound, WrongUse
from tests import builders


@pytest.fixture
def busy(ctx: Context) -> Context:
    builders.event("BR-90", capacity=5)
    builders.event("BR-91", capacity=5, dates=["2017-07-03"])
    bo = builders.person("Bo O'Ek", email="bo@example.org")
    booking_actions.enrol_people(ctx, "BR-90", [bo.key])
    booking_actions.enrol_people(builders.at(ctx, "2017-05-02", actor="bob"), "BR-91", [bo.key])
    booking_actions.cancel_place(builders.at(ctx, "2017-05-03"), "BR-90", bo.key, reason="100% ill_")
    calendar_actions.set_capacity(builders.at(ctx, "2017-05-04", actor="bob"), "BR-91", 9)
    return ctx


def found(ctx: Context, text: str) -> list[tuple[str, str]]:
    return [(each.line.verb, each.event) for each in history_queries.get_history_page(ctx, text).entries]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("by:bob", [("capacity changed", "BR-91"), ("booked", "BR-91")]),
        ("event:br-90", [("cancelled", "BR-90"), ("booked", "BR-90")]),
        ("event:BR-90 verb:cancel", [("cancelled", "BR-90")]),
        ("person:bo@example.org by:bob", [("booked", "BR-91")]),
        ("since:4/5/2017", [("capacity changed", "BR-91")]),
        ("ILL_", [("cancelled", "BR-90")]),
        ("100%", [("cancelled", "BR-90")]),
        ("%", [("cancelled", "BR-90")]),
        ("o'ek verb:booked by:alice", [("booked", "BR-90")]),
        ("'capacity changed'", [("capacity changed", "BR-91")]),
        ("nowhere", []),
    ],
)
def test_what_is_typed_narrows_it_and_is_never_a_pattern(
    busy: Context, text: str, wanted: list[tuple[str, str]]
) -> None:
    assert found(busy, text) == wanted


@pytest.mark.parametrize(
    ("text", "refusal"), [("event:XX-1", NotFound), ("person:nobody", NotFound), ("since:31/2/2017", WrongUse)]
)
def test_what_cannot_be_meant_is_said(busy: Context, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        history_queries.get_history_page(busy, text)


def test_the_day_begins_by_the_councils_clock(busy: Context) -> None:
    with write_transaction():
        models.HistoryRow.insert(at="2017-06-30 23:30:00", actor="zoe", verb="noted", subject="x").execute()
    # In summer that is half past midnight on 1 July.
    assert found(busy, "by:zoe since:1/7/2017") == [("noted", "")]
    assert history_queries.get_history_page(busy, "by:zoe").entries[0].line.at.day == 1
    assert found(busy, "by:zoe since:2/7/2017") == []


def test_a_page_is_bounded_and_says_that_more_follow(busy: Context) -> None:
    page = history_queries.get_history_page(busy, "", limit=3)
    assert (len(page.entries), page.more) == (3, True)
    everything = history_queries.get_history_page(busy, "", limit=1000)
    assert not everything.more
    assert page.entries == everything.entries[:3]


def test_a_term_takes_the_place_of_another_of_its_kind(ctx: Context) -> None:
    assert history_queries.narrow_history_filter("by:bob ill", "by", "alice") == "ill by:alice"
    assert history_queries.narrow_history_filter("", "verb", "capacity changed") == "verb:'capacity changed'"
    assert history_queries.parse_history_filter(
        ctx, "verb:'capacity changed' by:\"Al Ice\" x since:2017-05-01"
    ) == HistoryFilter(("x",), by="Al Ice", verb="capacity changed", since=date(2017, 5, 1))
    assert history_queries.parse_history_filter(ctx, "verb:'unfinished") == HistoryFilter((), verb="'unfinished")


def test_letters_beyond_ascii_are_found_as_they_are_written(ctx: Context) -> None:
    builders.event("BR-92", title="École")
    calendar_actions.set_capacity(ctx, "BR-92", 9, override="Zoë asked; ÉCOLE")
    assert [found(ctx, text) for text in ("ÉCOLE", "Zoë ASKED", "zoë")] == [[("capacity changed", "BR-92")]] * 3


def test_an_actors_whole_name_is_theirs_alone_and_a_part_finds_every_name_with_it(busy: Context) -> None:
    calendar_actions.set_capacity(builders.at(busy, "2017-05-05", actor="al"), "BR-90", 8)
    assert {each.actor for each in builders.list_history_lines(busy, by="al")} == {"al"}
    assert {each.actor for each in builders.list_history_lines(busy, by="li")} == {"alice"}
    assert {each.actor for each in builders.list_history_lines(busy, by="a")} == {"al", "alice"}
