"""Undo: one's last change taken back, after a look at what is put back."""

import asyncio
from collections.abc import Sequence

from csc_tui.base.text import label
from csc_tui.core.history import undo as history_undo
from csc_tui.window.shared import proposal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.screen import Found, LiveScreen
from csc_tui.window.widgets.drawing import Pieces
from csc_tui.window.widgets.glyphs import glyphs
from db.records.history import Undone


async def undo(screen: LiveScreen[Found]) -> None:
    """Show what would be put back, and do it; or say why it cannot be."""
    what = await asyncio.to_thread(history_undo.last, screen.ctx)

    def lines(undone: Sequence[Undone]) -> list[Pieces]:
        return [
            [(what, "strong")],
            "",
            [("Is put back:", "muted")],
            *([(each.what, "plain"), (_step(each), "muted")] for each in undone),
        ]

    await proposal.put(
        screen,
        Proposal(
            "Take back your last change?",
            lambda ctx, _: history_undo.undo(ctx),
            lines,
            lambda _: f"Undone: {what}.",
            undoable=False,
        ),
    )


def _step(each: Undone) -> str:
    if not (each.before or each.after):
        return ""
    return f"  {label(each.before) or 'none'} {glyphs().arrow} {label(each.after) or 'none'}"
