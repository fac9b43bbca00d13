"""A new name close to a known one is asked about before it is stored."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.catalogue import venues
from tests import builders
from tests.window.conftest import Window, press, seen, type_in


@pytest.mark.parametrize(("answer", "added"), [("k", False), ("n", True)])
async def test_a_misspelt_venue_is_asked_about(window: Window, june: Context, answer: str, added: bool) -> None:
    builders.event("BR-04", dates=["2017-06-19"], venue="Cleethorpes Library")
    builders.event("BR-05", dates=["2017-06-20"], venue="Grimsby Town Hall")
    async with window() as pilot:
        await press(pilot, "f")
        await type_in(pilot, "venue br-04")
        await press(pilot, "enter", "ctrl+u")
        await type_in(pilot, "Grimbsy Town Hall")
        await press(pilot, "ctrl+s")
        assert "Is this a new venue?" in seen(pilot)
        assert "Use Grimsby Town Hall" in seen(pilot)
        await press(pilot, answer)
        assert ("Grimbsy Town Hall" if added else "Grimsby Town Hall") in seen(pilot)
        await press(pilot, "enter")
    assert ("Grimbsy Town Hall" in {each.name for each in venues.list_venues(june)}) is added
