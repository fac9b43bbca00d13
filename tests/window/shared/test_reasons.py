"""Every refusal that a reason sets aside is followed by a question for one, and by the change once it is given."""

import pytest

from csc_tui.base.context import Context
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen
from csc_tui.window.shared.proposal import Proposal
from db.errors import CscError
from tests.architecture.test_remedies import OVERRIDABLE
from tests.window.conftest import Window, press, settled, told, type_in


@pytest.mark.parametrize("kind", OVERRIDABLE, ids=lambda kind: kind.__name__)
async def test_a_reason_is_asked_for_and_handed_on(window: Window, june: Context, kind: type[CscError]) -> None:
    given: list[str] = []

    def run(ctx: Context, override: str) -> str:
        if not override:
            raise OVERRIDABLE[kind]
        given.append(override)
        return override

    change = Proposal("Do this?", run, lambda _: ["It would be done."], lambda _: "It is done.", undoable=False)
    async with window() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, DataScreen)
        screen.run_worker(proposal.act_on_proposal(screen, change), group="write")
        await settled(pilot)
        assert "Do this anyway?" in told(pilot)
        shown = " ".join(told(pilot).split())
        assert str(OVERRIDABLE[kind]).splitlines()[0] in shown
        assert "--" not in shown
        await type_in(pilot, "agreed")
        await press(pilot, "enter")
        assert "Reason: agreed" in told(pilot)
        await press(pilot, "enter")
    assert set(given) == {"agreed"}
