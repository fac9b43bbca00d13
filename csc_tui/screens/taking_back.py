"""Undo: one's last change taken back, after a look at what is put back."""

import asyncio
from collections.abc import Sequence

from csc_tui.screens import proposing
from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.proposing import Proposal
from csc_tui.services import undoing
from csc_tui.text import label
from csc_tui.widgets.drawing import Pieces
from csc_tui.widgets.glyphs import glyphs
from db.records import Undone


async def undo(screen: LiveScreen[Found]) -> None:
    """Show what would be put back, and do it; or say why it cannot be."""
    what = await asyncio.to_thread(undoing.last, screen.ctx)

    def lines(undone: Sequence[Undone]) -> list[Pieces]:
        return [
            [(what, "strong")],
            "",
            [("Is put back:", "muted")],
            *([(each.what, "plain"), (_step(each), "muted")] for each in undone),
        ]

    await proposing.put(
        screen,
        Proposal(
            "Take back your last change?",
            lambda ctx, _: undoing.undo(ctx),
            lines,
            lambda _: f"Undone: {what}.",
            undoable=False,
        ),
    )


def _step(each: Undone) -> str:
    if not (each.before or each.after):
        return ""
    return f"  {label(each.before) or 'none'} {glyphs().arrow} {label(each.after) or 'none'}"
