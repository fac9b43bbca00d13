"""The dialog that undoes one's last change."""

import asyncio
from collections.abc import Sequence

from csc_tui.base.text import status_label
from csc_tui.core.history import undo as history_undo
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.records.history import UndoneChange

NAMED = 3
"""The most changes of a step that are described one by one once they are undone."""


async def ask_undo(screen: DataScreen[Found]) -> None:
    """Preview what would be restored and undo it, or say why it cannot be undone."""
    what = await asyncio.to_thread(history_undo.show_last_step, screen.ctx)

    def lines(undone: Sequence[UndoneChange]) -> list[Pieces]:
        return [
            [(what, "strong")],
            "",
            [("Will be restored:", "muted")],
            *([(each.what, "plain"), (_step(each), "muted")] for each in undone),
        ]

    def said(undone: Sequence[UndoneChange]) -> str:
        if len(undone) <= NAMED:
            return f"Undone: {what}."
        return f"{history_undo.summarise_undone(undone)}. History (0) lists them."

    await proposal.act_on_proposal(
        screen,
        Proposal(
            "Undo your last change?",
            lambda ctx, _: history_undo.undo_steps(ctx),
            lines,
            said,
            undoable=False,
            do="Undo",
        ),
    )


def _step(each: UndoneChange) -> str:
    if not (each.before or each.after):
        return ""
    return f"  {status_label(each.before) or 'none'} {glyphs().arrow} {status_label(each.after) or 'none'}"
