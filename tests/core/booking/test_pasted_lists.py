"""A pasted list on one screen: each line with who is meant and what it comes to, then one transaction."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed, NotBookable
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import pasted_lists
from csc_tui.core.booking.pasted_lists import PastedLine
from csc_tui.core.mail.change_preview import preview_change
from db import models
from db.engine.connection import write_transaction
from db.errors import NoSuchEvent, NotFound, RuleBroken
from db.records.people import Person
from db.records.startup import Role
from tests import builders
from tests.builders import standing


@pytest.fixture
def people(ctx: Context) -> dict[str, Person]:
    """BR-90 has two places, one of them Zoe's. Dee is busy at that time. There are two Jo Smiths."""
    found = {
        name: builders.person(name, email=f"{name.split()[0].lower()}@x.org", team="Early Help", organisation="Council")
        for name in ("Al Ash", "Bo Bell")
    } | {
        name: builders.person(name, email=f"{name.split()[0].lower()}@x.org", employee_number=number)
        for name, number in (("Cy Carr", "100023"), ("Dee Dodd", None), ("Zoe Zane", None))
    }
    builders.person("Jo Smith", email="jo@x.org"), builders.person("Jo Smith", email="jo.s@x.org")
    builders.enrolment(builders.event("BR-90", capacity=2), found["Zoe Zane"])
    builders.enrolment(builders.event("BR-80"), found["Dee Dodd"])
    return found


def lines(ctx: Context, text: str) -> list[tuple[str, str, str]]:
    return [
        (each.text, each.standing.value, each.name) for each in booking_actions.preview_pasted_list(ctx, "BR-90", text)
    ]


PASTED = """\
Dear all, please book

- Mrs Al Ash
* Bell, Bo (Early Help)
2) 100023
Dee Dodd
zoe@x.org; Jo Smith
Somebody Unknown <nobody@x.org>
Kind regards
"""


def test_every_line_is_accounted_for(ctx: Context, people: dict[str, Person]) -> None:
    assert lines(ctx, PASTED) == [
        ("Dear all, please book", "no name", ""),
        ("- Mrs Al Ash", "matched", "Al Ash"),
        ("* Bell, Bo (Early Help)", "would wait", "Bo Bell"),
        ("2) 100023", "would wait", "Cy Carr"),
        ("Dee Dodd", "clashing", "Dee Dodd"),
        ("zoe@x.org; Jo Smith", "already", "Zoe Zane"),
        ("zoe@x.org; Jo Smith", "ambiguous", ""),
        ("Somebody Unknown <nobody@x.org>", "unknown", ""),
        ("Kind regards", "no name", ""),
    ]
    assert standing("BR-90") == {"Zoe Zane": "booked"}  # looking changes nothing


def test_what_is_chosen_goes_in_with_one_transaction_as_it_was_shown(ctx: Context, people: dict[str, Person]) -> None:
    found = booking_actions.preview_pasted_list(ctx, "BR-90", PASTED)
    chosen = [line.person for line in found if line.standing.value in ("matched", "would wait")]
    assert [each.outcome for each in booking_actions.enrol_people(ctx, "BR-90", chosen)] == [
        "booked",
        "waitlisted",
        "waitlisted",
    ]
    assert {line.standing.value for line in booking_actions.preview_pasted_list(ctx, "BR-90", "al ash\nbo bell")} == {
        "already"
    }


def test_each_line_says_what_is_the_matter(ctx: Context, people: dict[str, Person]) -> None:
    def one(text: str) -> PastedLine:
        (found,) = booking_actions.preview_pasted_list(ctx, "BR-90", text)
        return found

    assert "Dee Dodd is already booked on BR-80 session 1" in one("dee dodd").detail
    assert one("zoe zane").detail == "already booked"
    assert [each[2] for each in one("jo smith").candidates] == ["jo@x.org", "jo.s@x.org"]
    assert "No match for 'nobody@x.org'" in one("nobody@x.org").detail
    builders.course(managers_only=True, audience_rule="rule")
    assert (one("al ash").standing.value, one("al ash").person) == ("not allowed", people["Al Ash"].key)
    assert "The course is for managers only, and Al Ash is not a manager." in one("al ash").detail
    builders.course(audience_rule="warn", approval="coordinator")
    assert (one("al ash").standing.value, one("al ash").detail) == (
        "matched", "A request that needs approval. The course is for managers only, and Al Ash is not a manager.",
    )  # fmt: skip


def test_with_a_reason_nothing_clashes_and_a_start_that_has_passed_is_set_aside(
    ctx: Context, people: dict[str, Person]
) -> None:
    begun = builders.at(ctx, "2017-06-12T10:00")
    (line,) = booking_actions.preview_pasted_list(begun, "BR-90", "dee dodd", override="was there")
    assert (line.standing.value, line.detail) == ("matched", "Dee Dodd has a place on BR-80 on Mon 12 Jun 2017.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Al Ash <al@x.org>", [("matched", "Al Ash")]),
        ("Ash, Al, al@x.org", [("matched", "Al Ash")]),
        ("al@x.org, Early Help", [("matched", "Al Ash")]),
        ("Ash\tAl\tal@x.org\tCouncil", [("matched", "Al Ash")]),
        ("please book al@x.org", [("matched", "Al Ash")]),
        ("Bo Bell, al@x.org", [("matched", "Al Ash"), ("would wait", "Bo Bell")]),
        ("Bo Bell; al@x.org", [("matched", "Bo Bell"), ("would wait", "Al Ash")]),
        ("al@x.org, Nobody Knows", [("matched", "Al Ash"), ("unknown", "")]),
        ("Bo Bell <al@x.org>", [("ambiguous", "")]),
        ("Bo Bell <bo.private@x.org>", [("unknown", "")]),
        ("al ash\nAL@X.ORG", [("matched", "Al Ash"), ("already", "Al Ash")]),
        ("Jo Smith, jo@x.org", [("matched", "Jo Smith")]),  # the address says which of the two
        ("Dear Jo", [("unknown", "")]),
    ],
)  # fmt: skip
def test_a_name_beside_an_address_is_neither_dropped_nor_booked_by_mistake(
    ctx: Context, people: dict[str, Person], text: str, found: list[tuple[str, str]]
) -> None:
    assert [(line[1], line[2]) for line in lines(ctx, text)] == found


def test_a_contradiction_offers_both_and_an_unknown_address_whom_the_name_may_mean(
    ctx: Context, people: dict[str, Person]
) -> None:
    (both,) = booking_actions.preview_pasted_list(ctx, "BR-90", "Bo Bell <al@x.org>")
    assert [each[1] for each in both.candidates] == ["Al Ash", "Bo Bell"]
    (maybe,) = booking_actions.preview_pasted_list(ctx, "BR-90", "Bo Bell <bo.private@x.org>")
    assert [each[1] for each in maybe.candidates] == ["Bo Bell"]


def test_polite_words_are_somebody_if_somebody_is_called_so(ctx: Context, people: dict[str, Person]) -> None:
    builders.person("Hi Best")
    assert lines(ctx, "Hi Best") == [("Hi Best", "matched", "Hi Best")]
    assert lines(ctx, "Dear Hi Best") == [("Dear Hi Best", "no name", "")]
    assert pasted_lists.list_pasted_people(ctx, "Hi Best\nMany thanks\nDear all, please book") == (
        ["Hi Best"], ["Many thanks", "Dear all, please book"],
    )  # fmt: skip


def test_the_command_lines_references_say_two_things_at_once_for_nobody(
    ctx: Context, people: dict[str, Person]
) -> None:
    wanted, _ = pasted_lists.list_pasted_people(ctx, "Bo Bell <al@x.org>\nBo Bell, al@x.org")
    assert wanted == ["Bo Bell <al@x.org>", "al@x.org", "Bo Bell"]
    done = preview_change(
        ctx, lambda: booking_actions.enrol_people(ctx, "BR-90", wanted, booking_actions.PARTIAL_BOOKING)
    ).result
    assert [each.outcome for each in done] == ["refused", "booked", "waitlisted"]


def test_a_list_is_for_an_event_that_can_be_booked_by_one_who_may_book(ctx: Context, people: dict[str, Person]) -> None:
    builders.event("BR-91", state="draft")
    with pytest.raises(NotBookable):
        booking_actions.preview_pasted_list(ctx, "BR-91", "al ash")
    with pytest.raises(NoSuchEvent):
        booking_actions.preview_pasted_list(ctx, "NOPE", "al ash")
    with pytest.raises(NotAllowed):
        booking_actions.preview_pasted_list(replace(ctx, role=Role.VIEWER), "BR-90", "al ash")
    assert booking_actions.preview_pasted_list(ctx, "BR-90", "\n  \n") == []


def test_a_group_and_a_team_are_booked_in_one_step(ctx: Context, people: dict[str, Person]) -> None:
    assert booking_actions.list_people_to_book(ctx, team="early help") == [people["Al Ash"].key, people["Bo Bell"].key]
    with write_transaction():
        group = models.GroupRow.insert(name="Practice Leads 2017", kind="practice_leads").execute()
        row = models.MembershipRow
        row.insert(group=group, person=people["Cy Carr"].id, joined="2017-01-01").execute()
        row.insert(group=group, person=people["Al Ash"].id, joined="2016-01-01", left_on="2017-04-01").execute()
        row.insert(group=group, person=people["Bo Bell"].id, joined="2017-05-01").execute()
    assert booking_actions.list_people_to_book(ctx, group="practice leads 2017") == [people["Cy Carr"].key]
    done = booking_actions.enrol_people(ctx, "BR-90", booking_actions.list_people_to_book(ctx, team="Early Help"))
    assert [each.outcome for each in done] == ["booked", "waitlisted"]
    for name in ("%", "_arly help", "zz"):
        with pytest.raises(NotFound, match="There is no team"):
            booking_actions.list_people_to_book(ctx, team=name)
        with pytest.raises(NotFound, match=r"There is no group .*Practice Leads 2017"):
            booking_actions.list_people_to_book(ctx, group=name)
    builders.person("Eve Early", organisation="Police", team="Early Help")
    with pytest.raises(RuleBroken, match="Use one of: Early Help, Council; Early Help, Police"):
        booking_actions.list_people_to_book(ctx, team="Early Help")
    assert len(booking_actions.list_people_to_book(ctx, team="early help, council")) == 2
