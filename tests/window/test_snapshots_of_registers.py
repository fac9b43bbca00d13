"""How the register looks."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.window.app import CscApp
from db.records.attendance import MarkKind
from tests import builders
from tests.window.conftest import press, settled
from tests.window.test_snapshots import SIZES

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
    a_week_in_june: Context,
    screen: str,
    size: str,
) -> None:
    later = builders.at(a_week_in_june, "2017-06-12T14:00")
    attendance_actions.mark_person(
        later, "BR-04", 1, "Ada Adams", attendance_actions.NewMark(MarkKind.LATE, minutes=150)
    )

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *SCREENS[screen])

    assert snap_compare(CscApp(later, location), terminal_size=SIZES[size], run_before=go)


@pytest.mark.parametrize("size", SIZES)
def test_the_register_without_colours_looks_as_it_did(
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: Callable[..., bool],
    location: str,
    a_week_in_june: Context,
    size: str,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    later = builders.at(a_week_in_june, "2017-06-12T14:00")
    attendance_actions.mark_person(
        later, "BR-04", 1, "Ada Adams", attendance_actions.NewMark(MarkKind.LATE, minutes=150)
    )

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, "enter", "r")

    assert snap_compare(CscApp(later, location), terminal_size=SIZES[size], run_before=go)
