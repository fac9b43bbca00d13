"""How help, the tour, the forms on a person and the imports look."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.base.glossary import ManualPage
from csc_tui.core.people import actions as people_actions
from csc_tui.window.app import CscApp
from tests import builders
from tests.window.conftest import press, settled, type_in
from tests.window.test_snapshots import SIZES

PAGES = (
    ManualPage("csc", "A year of training from a terminal.", "Usage: csc [OPTIONS] COMMAND"),
    ManualPage("who", "Find people by the beginnings of any words.", "Usage: csc who TEXT...\n\n  Find people.\n"),
    ManualPage("people leave", "PERSON left: places are given up.", "Usage: csc people leave PERSON\n"),
)
FILE = "Forename,Surname,E-mail,Mystery\nJo,Smith,jo@example.org,0123\n,,bad,1\nAda,Adams,p0@example.org,2\n"


async def overtaken(pilot: Pilot[Any]) -> None:
    await press(pilot, "4", "slash", *"ada", "enter", "e", "down", "down", "down")
    await type_in(pilot, "0199")
    later = builders.at(pilot.app.ctx, "2017-06-12T09:05", actor="bea")  # type: ignore[attr-defined]
    people_actions.change_person(later, "Ada Adams", {"phone": "0144", "job_title": "Team Manager"})
    await press(pilot, "ctrl+s")


async def importing(pilot: Pilot[Any]) -> None:
    Path("people.csv").write_text(FILE)
    await press(pilot, "ctrl+p")
    await type_in(pilot, "import people")
    await press(pilot, "enter")
    await type_in(pilot, "people.csv")
    await press(pilot, "ctrl+s")


async def faults(pilot: Pilot[Any]) -> None:
    await press(pilot, "4", "ctrl+n", "ctrl+s")


SCREENS: dict[str, tuple[str, ...] | Callable[[Pilot[Any]], Any]] = {
    "glossary": ("f1", "g", "o", "f", "f"),
    "manual": ("f1", "m"),
    "manual_page": ("f1", "m", "down", "enter"),
    "person_form": ("4", "enter", "e"),
    "person_faults": faults,
    "overtaken": overtaken,
    "nobody_found": ("f", *"zorba", "space", *"greek"),
    "import_file": ("ctrl+p", *"import", "space", *"people", "enter"),
    "import_look": importing,
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", SCREENS)
def test_help_and_people_look_as_they_did(
    snap_compare: Callable[..., bool],
    location: str,
    a_week_in_june: Context,
    screen: str,
    size: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "csc_tui.window.app.POLL_SECONDS", 3600
    )  # the second at which one is told of others is the clock's

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        todo = SCREENS[screen]
        if callable(todo):
            await todo(pilot)
        else:
            await press(pilot, *todo)

    app = CscApp(a_week_in_june, location, manual=lambda: PAGES)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=go)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [(), ("f",)], ids=["screen", "dialog"])
def test_the_tour_looks_as_it_did(
    snap_compare: Callable[..., bool],
    location: str,
    a_week_in_june: Context,
    keys: tuple[str, ...],
    size: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("csc_tui.window.tour.tour.LOOK_SECONDS", 3600)

    async def go(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await press(pilot, *keys)

    app = CscApp(a_week_in_june, location, practice=True, tour=True)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=go)
