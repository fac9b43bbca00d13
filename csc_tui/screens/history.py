"""The columns of the history, wherever it is shown."""

from csc_tui.text import label, show_date
from csc_tui.widgets.glyphs import glyphs
from csc_tui.widgets.record_table import Column
from db.records import HistoryLine


def change(line: HistoryLine) -> str:
    """`booked → cancelled: Illness`."""
    steps = f" {glyphs().arrow} ".join(label(each) for each in (line.before, line.after) if each)
    return ": ".join(part for part in (steps, line.reason) if part)


HISTORY_COLUMNS: tuple[Column[HistoryLine], ...] = (
    Column("When", lambda line: f"{show_date(line.at)[4:]} {line.at:%H:%M}", 17),
    Column("Who", lambda line: [(line.actor, "accent")], 8, share=1),
    Column("What", lambda line: f"{label(line.verb)} {line.subject}", 18, share=3),
    Column("Change", change, 14, share=3),
)
