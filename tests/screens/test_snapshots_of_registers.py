"""How the register looks."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.app import CscApp
from csc_tui.context import Context
from csc_tui.services import registers
from db.records import MarkKind
from tests import builders
from tests.screens.conftest import press, settled
from tests.screens.test_snapshots import SIZES, a_week_in_june  # noqa: F401

SCREENS = {
    "taking": ("enter", "r"),
    "selected": ("enter", "r", "home", "space", "space"),
    "rest": ("enter", "r", "r"),
    "minutes": ("enter", "r", "L"),
    "to_come": ("enter", "r", "right"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_register_looks_as_it_did(
    snap_compare: Callable[..., bool],
    location: str,
    a_week_in_june: Context,  # noqa: F811
    screen: str,
    size: str,
) -> None:
    later = builders.at(a_week_in_june, "2017-06-12T14:00")
    registers.mark(later, "BR-04", 1, "Ada Adams", MarkKind.LATE, minutes=150)

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *SCREENS[screen])

    assert snap_compare(CscApp(later, location), terminal_size=SIZES[size], run_before=go)


@pytest.mark.parametrize("size", SIZES)
def test_the_register_without_colours_looks_as_it_did(
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: Callable[..., bool],
    location: str,
    a_week_in_june: Context,  # noqa: F811
    size: str,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    later = builders.at(a_week_in_june, "2017-06-12T14:00")
    registers.mark(later, "BR-04", 1, "Ada Adams", MarkKind.LATE, minutes=150)

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, "enter", "r")

    assert snap_compare(CscApp(later, location), terminal_size=SIZES[size], run_before=go)
