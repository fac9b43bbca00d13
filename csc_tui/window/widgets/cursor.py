"""The terminal's own cursor, which screen readers and magnifiers follow."""

from textual.widget import Widget
from textual.widgets import Input

from csc_tui.window.widgets.record_table import RecordTable


def place_cursor(widget: Widget) -> None:
    """Put the terminal's cursor into the widget; to be called once the widget has its place on the screen."""
    if isinstance(widget, Input):
        widget.app.cursor_position = widget.cursor_screen_offset
        widget.refresh()
    elif isinstance(widget, RecordTable):
        widget.place_terminal_cursor()
        widget.refresh_pointed()
