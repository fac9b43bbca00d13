"""Organisations are renamed, given another kind and joined, and everybody in them follows."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import queries as booking_queries
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import organisations
from csc_tui.core.people import queries as people_queries
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from tests import builders


@pytest.fixture
def homes(ctx: Context) -> Context:
    builders.person("Bo Ek", email="bo@x.org", organisation="Oasis Academy", team="Year 5")
    builders.person("Cy Low", email="cy@x.org", organisation="Oasis Acadamy", team="year 5")
    builders.person("Di Fox", email="di@x.org", organisation="Oasis Acadamy", team="Office")
    builders.person("Ed Ash", email="ed@x.org", organisation="The Trust")
    return ctx


def test_a_kind_can_be_corrected_and_a_field_is_checked(homes: Context) -> None:
    done = organisations.change_organisation(homes, "oasis academy", {"kind": "school", "contact": "bo@x.org"})
    assert [(each.field, each.after) for each in done] == [("Kind", "school"), ("Booking contact", "bo@x.org")]
    card = organisations.get_organisation(homes, "Oasis Academy")
    assert (card.kind, card.contact, card.people, card.teams) == ("school", "bo@x.org", 1, ("Year 5",))
    for wanted, sentence in (
        ({"kind": "castle"}, "one of council"), ({"name": " "}, "a name is required"),
        ({"shoe": "1"}, "has no field 'shoe'"),
    ):  # fmt: skip
        with pytest.raises(WrongUse, match=sentence):
            organisations.change_organisation(homes, "oasis academy", wanted)
    with pytest.raises(RuleBroken, match="Oasis Academy already has these details"):
        organisations.change_organisation(homes, "oasis academy", {"kind": "school"})
    with pytest.raises(NotFound):
        organisations.get_organisation(homes, "nowhere")
    with pytest.raises(RuleBroken, match="matches 2 organisations"):
        organisations.get_organisation(homes, "oasis aca")


def test_everybody_is_found_by_a_new_name(homes: Context, location: str) -> None:
    organisations.change_organisation(homes, "The Trust", {"name": "Humber Trust"})
    assert people_queries.search_people(homes, "humber")[1] == 1
    assert people_queries.search_people(homes, "the trust")[1] == 0
    found = upkeep.check_database(location, actor="alice", today="2017-04-10T09:00")
    assert not [each for each in found if each.result == "wrong"]


def test_joining_moves_everybody_and_keeps_the_other_name(homes: Context, location: str) -> None:
    done = organisations.join_organisations(homes, "Oasis Academy", "Oasis Acadamy")
    assert (done.people, done.teams) == (2, ("Office", "year 5"))
    card = organisations.get_organisation(homes, "oasis acadamy")
    assert (card.name, card.people, card.teams) == ("Oasis Academy", 3, ("Office", "Year 5"))
    people_actions.add_person(homes, {"surname": "New", "email": "new@x.org", "organisation": "oasis acadamy"})
    assert organisations.get_organisation(homes, "Oasis Academy").people == 4
    assert len(organisations.list_organisations(homes, "oasis")) == 1
    with pytest.raises(RuleBroken, match="Both are Oasis Academy"):
        organisations.join_organisations(homes, "Oasis Academy", "oasis acadamy")
    found = upkeep.check_database(location, actor="alice", today="2017-04-10T09:00")
    assert not [each for each in found if each.result == "wrong"]


def test_a_name_belongs_to_one_organisation_and_none_is_part_of_itself(homes: Context) -> None:
    with pytest.raises(Duplicate, match="the trust is the name of The Trust"):
        organisations.change_organisation(homes, "Oasis Academy", {"other_names": "Oasis; the trust"})
    organisations.change_organisation(homes, "Oasis Academy", {"parent": "The Trust"})
    with pytest.raises(RuleBroken, match="is part of"):
        organisations.change_organisation(homes, "The Trust", {"parent": "Oasis Academy"})


def test_an_exempt_organisation_is_not_charged(homes: Context) -> None:
    builders.event("BR-90", dates=["2017-04-12"])
    organisations.change_organisation(homes, "Oasis Academy", {"kind": "school"})
    builders.course(cutoff_days=5)
    booking_actions.enrol_people(homes, "BR-90", ["bo@x.org"])
    booking_actions.cancel_place(builders.at(homes, "2017-04-11"), "BR-90", "bo@x.org", reason="workload")
    days = builders.at(homes, "2017-04-30").today().replace(day=1), builders.at(homes, "2017-04-30").today()
    assert [each.amount for each in booking_queries.list_charges(homes, *days)] == [50]
    organisations.change_organisation(homes, "Oasis Academy", {"exempt": "yes"})
    assert [(each.amount, each.exempt) for each in booking_queries.list_charges(homes, *days)] == [
        (0, "organisation exempt")
    ]
