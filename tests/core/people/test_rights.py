"""Who may see a person's needs, on whichever way they are asked for, and what the history keeps of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import sign_in_sheets
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports import list_files
from db.records.startup import Role
from tests import builders


@pytest.fixture
def needs(ctx: Context) -> Context:
    builders.event("BR-90", dates=["2017-04-20"])
    bo = builders.person("Bo Ek", dietary="vegan", access_needs="hearing loop")
    booking_actions.enrol_people(ctx, "BR-90", [bo.key])
    return ctx


def test_a_viewer_sees_nobodys_needs(needs: Context, tmp_path: Path) -> None:
    viewer = replace(needs, role=Role.VIEWER)
    card = people_queries.get_person_card(viewer, "bo ek").person
    assert (card.dietary, card.access_needs) == ("", "")
    (entry,) = attendance_actions.list_registers(viewer, "BR-90", 1)[0].entries
    assert (entry.dietary, entry.access_needs) == ("", "")
    with pytest.raises(NotAllowed):
        list_files.export_list(viewer, "people", str(tmp_path / "v.csv"), needs=True)
    with pytest.raises(NotAllowed):
        sign_in_sheets.get_sign_in_sheet(viewer, "BR-90", 1, with_needs=True)
    assert not list(tmp_path.glob("*.csv"))


def test_a_booker_sees_them_and_taking_a_list_of_people_away_is_kept(needs: Context, tmp_path: Path) -> None:
    booker = replace(needs, role=Role.BOOKER)
    assert people_queries.get_person_card(booker, "bo ek").person.dietary == "vegan"
    assert list_files.export_list(booker, "people", str(tmp_path / "v.csv"), needs=True) == 1
    list_files.export_list(booker, "people", str(tmp_path / "w.csv"))
    list_files.export_list(booker, "events", str(tmp_path / "x.csv"))
    lines = [each for each in builders.list_history_lines(needs) if each.verb == "exported"]
    assert [(each.subject, each.after, each.reason) for each in lines] == [
        ("people", "1 row", ""), ("people", "1 row", "with dietary and access needs"),
    ]  # fmt: skip
