"""A practice lead is a member of the group of Practice Leads, and nobody else is one."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.groups import actions as group_actions
from csc_tui.core.history import undo
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import queries as people_queries
from tests import builders

GROUP = "Signs of Safety Practice Leads"


def leads(ctx: Context) -> list[str]:
    """Who belongs to the group, after a check that those and no others carry the mark and are found."""
    members = [each.name for each in group_actions.show_group(ctx, GROUP)[1]]
    found = [each.name for each in people_queries.search_people(ctx, "practice lead")[0]]
    there = [name for name in ("Bo Ek", "Cy Low", "New Lead") if people_queries.search_people(ctx, name)[1]]
    marked = [name for name in there if people_queries.get_person_card(ctx, name).person.is_practice_lead]
    assert sorted(members) == sorted(found) == sorted(marked)
    return sorted(members)


@pytest.fixture
def two(ctx: Context) -> Context:
    builders.person("Bo Ek", organisation="Oasis")
    builders.person("Cy Low")
    return ctx


def test_joining_and_leaving_the_group_makes_and_ends_a_practice_lead(two: Context) -> None:
    group_actions.add_members(two, GROUP, ["bo ek"])
    assert leads(two) == ["Bo Ek"]
    assert [each.name for each in people_queries.search_people(two, "oasis practice leads")[0]] == ["Bo Ek"]
    group_actions.remove_members(two, GROUP, ["bo ek"])
    assert leads(two) == []
    undo.undo_steps(two)
    assert leads(two) == ["Bo Ek"]


def test_a_mark_in_the_form_joins_and_leaves_the_group(two: Context) -> None:
    people_actions.change_person(two, "cy low", {"is_practice_lead": "yes"})
    people_actions.add_person(
        two, {"forename": "New", "surname": "Lead", "email": "n@x.org", "is_practice_lead": "yes"}
    )
    assert leads(two) == ["Cy Low", "New Lead"]
    people_actions.change_person(two, "cy low", {"is_practice_lead": "no"})
    assert leads(two) == ["New Lead"]
    undo.undo_steps(two)
    assert leads(two) == ["Cy Low", "New Lead"]
