"""The terminal's own cursor where the focus is: screen readers and magnifiers follow it."""

from textual.widget import Widget
from textual.widgets import Input

from csc_tui.window.widgets.record_table import RecordTable


def place_cursor(widget: Widget) -> None:
    """Put it there; to be called when the widget has its place on the screen."""
    if isinstance(widget, Input):
        widget.app.cursor_position = widget.cursor_screen_offset
        widget.refresh()
    elif isinstance(widget, RecordTable):
        widget.place_terminal_cursor()
        widget.refresh_pointed()
