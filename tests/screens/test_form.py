"""A form says beside each field what is wrong there, and ends what was begun."""

import pytest

from csc_tui.screens.dialogs.form import one_of, several
from tests import builders
from tests.screens.conftest import Window, press, seen, type_in


@pytest.mark.parametrize(
    ("begun", "ended"),
    [
        ("ru", "ruth Blanchard"),
        ("ruth@x.org; mo", "ruth@x.org; morag MacLeod"),
        ("Ruth Blanchard;", None),
        ("Ruth Blanchard; x", None),
    ],
)
def test_the_last_of_several_is_ended(begun: str, ended: str | None) -> None:
    assert several(one_of(("Ruth Blanchard", "Morag MacLeod")))(begun) == ended


async def test_a_new_event_suggests_venues_rooms_and_who_leads(window: Window) -> None:
    builders.event("BR-04", dates=["2017-06-13"], venue="Grimsby Town Hall", room="Assembly Room")
    builders.person("Ruth Blanchard", is_facilitator=True)
    async with window() as pilot:
        await press(pilot, "2", "n")
        await press(pilot, "enter")
        for label, begun, ended in (
            ("Venue", "gri", "msby Town Hall"), ("Room", "ass", "embly Room"), ("Who leads", "ru", "th Blanchard"),
        ):  # fmt: skip
            while pilot.app.focused.id != {"Who leads": "facilitators"}.get(label, label.lower()):  # type: ignore[union-attr]
                await press(pilot, "down")
            await press(pilot, "ctrl+u")
            await type_in(pilot, begun)
            await press(pilot, "right")
            assert begun + ended in seen(pilot)
