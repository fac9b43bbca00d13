"""Brings back how the user arranged each list, and keeps what they change."""

from typing import Any

from textual.app import App
from textual.screen import Screen

from csc_tui.base import list_arrangements
from csc_tui.base.context import Context
from csc_tui.base.list_arrangements import ListArrangement
from csc_tui.window.widgets.record_table import RecordTable


class ListMemory:
    """The arrangements of one user, read when the first list is shown."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known: dict[str, ListArrangement] | None = None

    @property
    def _arrangements(self) -> dict[str, ListArrangement]:
        if self._known is None:
            self._known = list_arrangements.load_list_arrangements(self._ctx)
        return self._known

    def restore_lists(self, screen: Screen[Any]) -> None:
        """Arrange the lists of a screen as they were arranged last; to be called before they have rows."""
        if not self._arrangements:
            return
        for table in screen.query(RecordTable):
            arrangement = self._arrangements.get(_name(screen, table))
            if arrangement is not None:
                table.restore(arrangement)

    def keep(self, screen: Screen[Any], table: RecordTable[Any]) -> str:
        """Keep the arrangement of a list; return a sentence for the user where it cannot be remembered."""
        self._arrangements[_name(screen, table)] = table.arrangement
        return list_arrangements.save_list_arrangements(self._ctx, self._arrangements)


async def ask_columns_to_show(app: App[Any], table: RecordTable[Any]) -> None:
    """Ask which columns a list is to show, and show them."""
    names = [column.known_as for column in table.all_columns if column.known_as]
    shown = [column.known_as for column in table.columns if column.known_as]
    from csc_tui.window.dialogs.choose_columns import ChooseColumns

    chosen = await app.push_screen_wait(ChooseColumns(names, shown, table.arrangement))
    if chosen is not None:
        table.rearrange(chosen)


def _name(screen: Screen[Any], table: RecordTable[Any]) -> str:
    """Return what a list is remembered by; lists in dialogs have the dialog's title."""
    return f"{type(screen).__name__} {screen.title or ''} {table.id or ''}"
