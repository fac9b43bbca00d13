"""Who belongs to a group, since when and as what."""

from datetime import date

import pytest

from csc_tui.context import Context
from csc_tui.services import enrolling, grouping, lookup
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from db.records import GroupKind, Person
from tests import builders

LEADS = "Practice Leads"


@pytest.fixture
def bo(ctx: Context) -> Person:
    return builders.person("Bo Smith")


def members(ctx: Context, moment: str = "2017-04-10", *, past: bool = False) -> list[tuple[str, str]]:
    return [(each.name, each.role) for each in grouping.show(builders.at(ctx, moment), LEADS, past=past)[1]]


def test_a_member_belongs_from_the_day_they_join_until_the_day_they_leave(ctx: Context, bo: Person) -> None:
    assert grouping.add(ctx, LEADS, [bo.key], on=date(2017, 5, 1))[0].outcome == "joined"
    assert (members(ctx), members(ctx, "2017-05-01")) == ([], [("Bo Smith", "member")])
    grouping.remove(ctx, LEADS, [bo.key], on=date(2017, 6, 1))
    assert (members(ctx, "2017-05-31"), members(ctx, "2017-06-01")) == ([("Bo Smith", "member")], [])
    grouping.add(ctx, LEADS, [bo.key], on=date(2017, 9, 1), role="Chair")
    assert members(ctx, "2017-09-01", past=True) == [("Bo Smith", "member"), ("Bo Smith", "chair")]
    verbs = [line.verb for line in lookup.history(ctx, person=bo.key)]
    assert verbs == ["joined group", "left group", "joined group"]


def test_who_is_in_it_already_stays_and_may_get_another_role(ctx: Context, bo: Person) -> None:
    grouping.add(ctx, LEADS, [bo.key])
    assert grouping.add(ctx, LEADS, [bo.key])[0].outcome == "already"
    assert grouping.add(ctx, LEADS, [bo.key], role="chair")[0].outcome == "changed"
    assert members(ctx) == [("Bo Smith", "chair")]


def test_one_who_cannot_leave_keeps_everybody_in(ctx: Context, bo: Person) -> None:
    grouping.add(ctx, LEADS, [bo.key])
    with pytest.raises(RuleBroken, match="Cy is not in"):
        grouping.remove(ctx, LEADS, [bo.key, builders.person("Cy").key])
    with pytest.raises(RuleBroken, match="cannot leave before"):
        grouping.remove(ctx, LEADS, [bo.key], on=date(2017, 4, 9))
    assert members(ctx) == [("Bo Smith", "member")]


def test_two_times_in_a_group_do_not_overlap(ctx: Context, bo: Person) -> None:
    grouping.add(ctx, LEADS, [bo.key], on=date(2017, 1, 1))
    grouping.remove(ctx, LEADS, [bo.key], on=date(2017, 3, 1))
    with pytest.raises(RuleBroken, match="until 01/03/2017"):
        grouping.add(ctx, LEADS, [bo.key], on=date(2017, 2, 1))


def test_a_group_is_made_once_and_found_by_a_part_of_its_name(ctx: Context, bo: Person) -> None:
    made = grouping.create(ctx, " Set  of 100% ", GroupKind.ACTION_LEARNING_SET, course="sos-als")
    assert (made.name, made.course, made.members) == ("Set of 100%", "SOS-ALS", 0)
    with pytest.raises(Duplicate):
        grouping.create(ctx, "SET OF 100%", GroupKind.ACTION_LEARNING_SET)
    grouping.add(ctx, "100%", [bo.key])
    assert {each.name: each.members for each in grouping.everything(ctx)}["Set of 100%"] == 1
    assert enrolling.belonging(ctx, group="set of") == [bo.key]


@pytest.mark.parametrize("name", ["%", "_", "", "nope"])
def test_a_name_is_text_to_look_for_and_never_a_pattern(ctx: Context, name: str) -> None:
    with pytest.raises(NotFound, match="The groups are: Signs of Safety Practice Leads"):
        grouping.show(ctx, name)
    with pytest.raises(NotFound):
        enrolling.belonging(ctx, team=name or "%")


def test_a_name_that_fits_several_groups_names_them(ctx: Context) -> None:
    grouping.create(ctx, "Practice Leads of the North", GroupKind.PRACTICE_LEADS)
    with pytest.raises(RuleBroken, match="Use one of: Practice Leads of the North; Signs of Safety Practice Leads"):
        grouping.show(ctx, LEADS)


def test_nobody_named_and_a_course_that_is_not_there_are_sentences(ctx: Context) -> None:
    with pytest.raises(WrongUse):
        grouping.add(ctx, LEADS, [])
    with pytest.raises(NotFound, match="The courses are: SOS-INTRO"):
        grouping.create(ctx, "New", GroupKind.PRACTICE_LEADS, course="NOPE")
    assert len(grouping.everything(ctx)) == 1
