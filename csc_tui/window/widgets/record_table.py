"""The list of the window: it draws only visible lines, and keeps its place when the rows change."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from csc_tui.base.list_arrangements import ListArrangement
from csc_tui.base.text import clean_text, format_count
from csc_tui.window.widgets.column_layout import (
    GAP,
    Column,
    ColumnPage,
    arranged_columns,
    lay_out_columns,
    plain_text,
    sorted_rows,
)
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import (
    TONES,
    Piece,
    Pieces,
    fit_text,
    width_in_cells,
    without_background,
)

__all__ = ["GAP", "GUTTER", "Column", "RecordTable"]

Row = TypeVar("Row")

GUTTER = 2
MOST_STRIPS = 1000
"""The most lines kept drawn."""
MOST_ONE_BY_ONE = 4
"""The most lines that are drawn one by one; more of them are sooner drawn together."""


class _View(NamedTuple):
    """The part of a list in sight.

    `shift` turns a line of the screen into a line of the list, `cursor` is the row to point at, -1 for none, and
    `thumb` has the lines of the scroll bar's thumb.
    """

    width: int
    shift: int
    cursor: int
    thumb: range


class RecordTable(ScrollView, Generic[Row], can_focus=True):
    """Shows rows under fixed headings, with a line before each group where `group` names one.

    Where rows are `markable`, space selects them: a sign stands before each selected row, the headings count them, and
    they stay selected by their key when the rows change. Unless `always_point`, the cursor is drawn only while the
    table has the focus.

    Rows are sorted by any column with a title. Columns that do not fit come on further pages; the headings say so.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-table--titles",
        "record-table--group",
        "record-table--cursor",
        "record-table--empty",
        "record-table--thumb",
        *(f"record-table--{tone}" for tone in TONES),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "up", "Up", show=False, id="list.up", tooltip="The row above"),
        Binding("down,j", "down", "Down", show=False, id="list.down", tooltip="The row below"),
        Binding("pageup", "page_up", "Page up", show=False, id="list.page_up", tooltip="Back one page"),
        Binding("pagedown", "page_down", "Page down", show=False, id="list.page_down", tooltip="Forward one page"),
        Binding("home,g", "first", "First", show=False, id="list.first", tooltip="The first row"),
        Binding("end,G", "last", "Last", show=False, id="list.last", tooltip="The last row"),
        Binding("n", "match(1)", "Next match", show=False, id="list.next_match",
                tooltip="The next row that matched the last filter"),
        Binding("N", "match(-1)", "Match before", show=False, id="list.match_before",
                tooltip="The row before that matched the last filter"),
        Binding("enter", "choose", "Open", id="list.choose", tooltip="Open the row under the cursor"),
        Binding("space", "mark", "Select", show=False, id="list.mark", tooltip="Select or deselect this row"),
        Binding("asterisk", "mark_all", "Select all", show=False, id="list.mark_all", key_display="*",
                tooltip="Select every row, or none if some are selected"),
        Binding("escape", "unmark", "Select none", id="list.unmark", tooltip="Clear the selection"),
        Binding("o", "sort", "Sort", show=False, id="list.sort",
                tooltip="Sort by the next column; after the last one, in the list's own order"),
        Binding("O", "reverse", "Reverse", show=False, id="list.reverse", tooltip="Sort in reverse order"),
        Binding("V", "columns", "Columns", show=False, id="list.columns",
                tooltip="Choose which columns are shown, and in which order"),
        Binding("less_than_sign", "turn_columns(-1)", "Columns before", key_display="<", show=False,
                id="list.columns_before", tooltip="The columns to the left of those shown"),
        Binding("greater_than_sign", "turn_columns(1)", "More columns", key_display=">", show=False,
                id="list.columns_after", tooltip="The columns to the right of those shown"),
    ]  # fmt: skip
    HELP = (
        "Arrow keys or j and k, page up and down, g and G move through the list; enter opens a row. o sorts by "
        "the next column, O reverses the order; V chooses the columns, and > shows those that do not fit."
    )

    class Pointed(Message):
        """Posted when the cursor came to another row, or the row under it changed."""

        def __init__(self, table: "RecordTable[Any]") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "RecordTable[Any]":
            return self.table

    class Chosen(Pointed):
        """Posted when enter was pressed, or the row under the cursor was clicked, unless the row opened something."""

    class ColumnsAsked(Pointed):
        """Posted when the key to choose columns was pressed."""

    class Arranged(Pointed):
        """Posted when the user sorted the list or chose its columns."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], str],
        *,
        group: Callable[[Row], str] | None = None,
        empty: str = "",
        titles: bool = True,
        always_point: bool = True,
        choosable: bool = True,
        markable: bool = False,
        pointing: Callable[[], None] | None = None,
        opens: Callable[[Row], Message | None] | None = None,
        reorder: Callable[[], None] | None = None,
        ungrouped: Sequence[Column[Row]] | None = None,
        id: str | None = None,
    ) -> None:
        """Build the table; `pointing` is called instead of posting Pointed, so that what it shows is drawn with the
        cursor.

        `opens` returns the message that opens what a row points to, such as OpenEvent. Where it returns None, Chosen is
        posted for the screen to decide. `reorder` is for a list that shows only the first rows of a query: it is called
        when the order changes, and shows rows in that order. A sorted list keeps its groups and sorts the rows of each;
        but with `ungrouped` it has none, and these columns in front say what the headings said.
        """
        super().__init__(id=id)
        self._reorder = reorder
        self._ungrouped = ungrouped
        self._arrangement = ListArrangement()
        self._pages: list[ColumnPage[Row]] = []
        self._page_at = 0
        self._grouped = False
        self._laid_out_for = -1
        self._opens = opens
        self._pointing = pointing
        self._given_columns = tuple(columns)
        self._columns = tuple(columns)
        self._key = key
        self._group = group
        self._empty = empty
        self._with_titles = titles
        self._titles = self._lines_of_titles()
        self._choosable = choosable
        self._always_point = always_point
        self._given: Sequence[Row] = ()
        self._rows: list[Row] | None = None
        self._lines: list[int | str] = []
        self._line_of: list[int] = []
        self._cursor = 0
        self._markable = markable
        self._marked: set[str] = set()
        self._matches: frozenset[str] = frozenset()
        self._gutter = GUTTER + markable
        self._styles: dict[str, Style] = {}
        self._strips: dict[tuple[object, ...], Strip] = {}
        self._drawn_for = (0, False, "")

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows or ()

    @property
    def columns(self) -> Sequence[Column[Row]]:
        """The columns that are shown, in their order, including those on further pages."""
        return self._columns

    @property
    def all_columns(self) -> Sequence[Column[Row]]:
        """Every column in the list's own order, including those that the user left out."""
        return self._given_columns

    @property
    def arrangement(self) -> ListArrangement:
        return self._arrangement

    @property
    def can_be_arranged(self) -> bool:
        """Whether the list has headings to sort by."""
        return self._with_titles and any(column.title for column in self._given_columns)

    @property
    def order(self) -> tuple[str, bool]:
        """The column the rows are sorted by, empty in the list's own order, and whether from high to low."""
        column = self._sorted_column()
        return ("", False) if column is None else (column.known_as, self._arrangement.descending)

    def _sorted_column(self) -> Column[Row] | None:
        name = self._arrangement.sorted_by
        return next((each for each in self._given_columns if name and each.known_as == name), None)

    def restore(self, arrangement: ListArrangement) -> None:
        """Show the columns and the order that were chosen, from the top where the order is another one."""
        before, self._arrangement = self.order, arrangement
        self._show_columns()
        if self.order == before:
            return
        if self._reorder is not None:
            self._reorder()
        elif self._rows is not None:
            self.show(self._given, from_top=True, again=True)

    def in_order(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows as the list sorts them; a list whose query sorts returns them as they are."""
        column = self._sorted_column()
        if column is None or self._reorder is not None:
            return list(rows)
        found = sorted_rows(rows, column, descending=self._arrangement.descending)
        if (group := self._group) is not None and self._ungrouped is None:
            places = {name: place for place, name in reversed([*enumerate(map(group, rows))])}
            found.sort(key=lambda row: places[group(row)])
        return found

    @property
    def group(self) -> Callable[[Row], str] | None:
        """The function that names the heading of a row."""
        return self._group

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor."""
        return self._cursor

    @property
    def pointed(self) -> Row | None:
        """The row under the cursor, or None."""
        return self.rows[self._cursor] if self._cursor < len(self.rows) else None

    @property
    def pointed_key(self) -> str:
        """The key of the row under the cursor, or nothing."""
        return "" if self.pointed is None else self._key(self.pointed)

    @property
    def keys_below(self) -> Sequence[str]:
        """The keys of the rows below the cursor."""
        return [self._key(row) for row in self.rows[self._cursor + 1 :]]

    @property
    def marked(self) -> list[Row]:
        """The selected rows, in the order of the list."""
        return [row for row in self.rows if self._key(row) in self._marked] if self._marked else []

    @property
    def targets(self) -> list[Row]:
        """The selected rows, or else the one under the cursor."""
        return self.marked or ([] if self.pointed is None else [self.pointed])

    def unmark(self) -> None:
        """Clear the selection."""
        if self._marked:
            self._marked.clear()
            self._say_marked()

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show other columns of the same rows."""
        self._given_columns = tuple(columns)
        self._show_columns()

    def _show_columns(self) -> None:
        columns = arranged_columns(self._given_columns, self._arrangement)
        self._columns = (*(self._ungrouped or ()), *columns) if self._sorted_column() is not None else columns
        self._laid_out_for = -1
        before, self._titles = self._titles, self._lines_of_titles()
        if self._titles != before:
            self._resize(len(self._lines) + self._titles)
        self._redraw()

    def _lines_of_titles(self) -> int:
        return int(self._with_titles and any(column.title for column in self._columns))

    def show(
        self, rows: Sequence[Row], *, empty: str | None = None, from_top: bool = False, again: bool = False
    ) -> None:
        """Show these rows, keeping the cursor on its row and the row in its place; nothing is drawn where nothing
        changed, unless they are to be shown `again` in another order.
        """
        if empty is not None and empty != self._empty:
            self._empty = empty
            if not self._rows or not rows:
                self.refresh()
        moved = from_top and (self._cursor or self.scroll_offset.y)
        rows, self._given = self.in_order(rows), rows
        again = again or self._grouped != self._has_groups()
        if self._rows is not None and rows == self._rows and not moved and not again:
            return
        before, lines_before, cursor_before = self.pointed, self._lines, self._cursor
        seen_at = self._line_of[self._cursor] - self.scroll_offset.y if before is not None else -1
        rows_before, self._rows = self._rows or [], rows
        self._number_lines()
        if self._marked:
            self._marked &= {self._key(row) for row in self._rows}
        self._cursor = 0 if from_top else self._where(before)
        self._resize(len(self._lines) + self._titles)
        if from_top:
            self.scroll_to(y=0, animate=False, force=True)
        else:
            self._keep_in_place(seen_at)
        same_lines = lines_before == self._lines and bool(rows_before)
        self._forget_changed_lines(rows_before if same_lines else [])
        if same_lines and not again:
            moved_between = {cursor_before, self._cursor} if cursor_before != self._cursor else set()
            changed = [
                index
                for index in self._rows_in_sight()
                if index in moved_between or rows_before[index] != self._rows[index]
            ]
            if len(changed) > MOST_ONE_BY_ONE:
                self.refresh()
            else:
                for index in changed:
                    self._refresh_row(index)
        else:
            self.refresh()
        self.place_terminal_cursor()
        if self.pointed != before:
            self._report_pointed()

    def _resize(self, height: int) -> None:
        if height == self.virtual_size.height:
            return
        # Nothing else on the screen depends on how long the list is, unless the list is as high as its rows.
        self.set_reactive(RecordTable.virtual_size, Size(self.size.width, height))
        self.refresh(layout=self.styles.is_auto_height)

    def point_at(self, key: str) -> bool:
        """Put the cursor on the row with this key; return whether there is one."""
        for index, row in enumerate(self.rows):
            if self._key(row) == key:
                self._move(index)
                return True
        return False

    def _forget_changed_lines(self, rows_before: Sequence[Row]) -> None:
        """Draw only the lines anew whose row is another one; all of them where there are no rows to compare with."""
        for key in list(self._strips):
            entry = self._lines[key[0]] if isinstance(key[0], int) and key[0] < len(self._lines) else None
            if not rows_before or (isinstance(entry, int) and rows_before[entry] != self.rows[entry]):
                del self._strips[key]

    def _has_groups(self) -> bool:
        return self._group is not None and (self._ungrouped is None or self._sorted_column() is None)

    def _rows_in_sight(self) -> list[int]:
        top = self.scroll_offset.y
        return [index for index in self._lines[top : top + self._page] if isinstance(index, int)]

    def _number_lines(self) -> None:
        self._grouped = self._has_groups()
        if self._group is None or not self._grouped:
            self._line_of = list(range(len(self._rows or ())))
            self._lines = list(self._line_of)
            return
        self._lines, self._line_of = [], []
        opened = ""
        for index, row in enumerate(self._rows or ()):
            if (group := self._group(row)) != opened:
                self._lines.append(group)
                opened = group
            self._line_of.append(len(self._lines))
            self._lines.append(index)

    def _where(self, row: Row | None) -> int:
        if row is not None:
            key = self._key(row)
            for index, each in enumerate(self.rows):
                if self._key(each) == key:
                    return index
        return max(min(self._cursor, len(self.rows) - 1), 0)

    def _keep_in_place(self, seen_at: int) -> None:
        if not self.rows:
            return
        top = self.scroll_offset.y
        if 0 <= seen_at < self._page:
            top = self._line_of[self._cursor] - seen_at
        bounded = max(min(top, len(self._lines) - self._page), 0)
        if bounded != self.scroll_offset.y:
            self.scroll_to(y=bounded, animate=False, force=True)

    @property
    def _page(self) -> int:
        return max(self.size.height - self._titles, 1)

    def _refresh_row(self, index: int) -> None:
        y = self._line_of[index] - self.scroll_offset.y + self._titles
        if self._titles <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _move(self, index: int) -> None:
        index = max(min(index, len(self.rows) - 1), 0)
        if not self.rows:
            return
        before, self._cursor = self._cursor, index
        line = self._line_of[index]
        top = line - 1 if line and isinstance(self._lines[line - 1], str) else line
        scroll = self.scroll_offset.y
        if top < scroll:
            self.scroll_to(y=top, animate=False, force=True)
        elif line >= scroll + self._page:
            self.scroll_to(y=line - self._page + 1, animate=False, force=True)
        if before != index:
            self._refresh_row(before)
            self._refresh_row(index)
            self._report_pointed()
        self.place_terminal_cursor()

    def _report_pointed(self) -> None:
        # A message would arrive after the cursor is drawn, so what it changes would wait for the next frame.
        if self._pointing is None:
            self.post_message(self.Pointed(self))
        else:
            self._pointing()

    def action_up(self) -> None:
        self._move(self._cursor - 1)

    def action_down(self) -> None:
        self._move(self._cursor + 1)

    def action_page_up(self) -> None:
        self._page_by(-1)

    def action_page_down(self) -> None:
        self._page_by(1)

    def _page_by(self, way: int) -> None:
        """Move by a screenful of lines, headings included, so that no row is passed unseen."""
        if self.rows:
            line = self._line_of[self._cursor] + way * (self._page - 1)
            found = bisect_right(self._line_of, line) - 1 if way > 0 else bisect_left(self._line_of, line)
            self._move(max(found, self._cursor + 1) if way > 0 else min(found, self._cursor - 1))

    def action_first(self) -> None:
        self._move(0)

    def action_last(self) -> None:
        self._move(len(self.rows) - 1)

    def note_matches(self) -> None:
        """Remember the rows shown as those that match, for when the others are shown again."""
        self._matches = frozenset(map(self._key, self.rows))

    def action_match(self, way: int) -> None:
        """Move to the next row that matched the last filter, or to the one before; round the end of the list."""
        count = len(self.rows)
        around = [(self._cursor + way * step) % count for step in range(1, count + 1)] if count else []
        found = next((index for index in around if self._key(self.rows[index]) in self._matches), None)
        if found is None:
            self.notify("Nothing to go to. Press / and type to find something first.", markup=False)
        else:
            self._move(found)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Turn off enter in a list that cannot be chosen from, and space in one whose rows are not selected."""
        if action == "unmark":
            return bool(self.marked) and not self.screen.query("Toast")  # escape dismisses a notice first
        if action in ("sort", "columns"):
            return self.can_be_arranged
        if action == "reverse":
            return self._sorted_column() is not None
        if action == "turn_columns":
            return len(self._laid_out_pages()) > 1
        return self._markable if action in ("mark", "mark_all") else action != "choose" or self._choosable

    def action_mark(self) -> None:
        if self.pointed is not None:
            self._marked ^= {self._key(self.pointed)}
            self._say_marked()
            self._move(self._cursor + 1)

    def action_unmark(self) -> None:
        self.unmark()

    def action_mark_all(self) -> None:
        self._marked = set() if self.marked else {self._key(row) for row in self.rows}
        self._say_marked()

    def _say_marked(self) -> None:
        self._redraw()
        self._report_pointed()

    def action_sort(self) -> None:
        """Sort by the next column; after the last one comes the list's own order."""
        names = ["", *(column.known_as for column in self._columns if column.title)]
        before, _ = self.order
        name = names[(names.index(before) + 1) % len(names)] if before in names else names[0]
        column = next((each for each in self._columns if name and each.known_as == name), None)
        self._sort(name, descending=column is not None and column.highest_first)

    def action_reverse(self) -> None:
        name, descending = self.order
        self._sort(name, descending=not descending)

    def action_columns(self) -> None:
        self.post_message(self.ColumnsAsked(self))

    def action_turn_columns(self, step: int) -> None:
        """Show the next columns, or those before; behind the last page comes the first."""
        self._page_at = (self._page_at + step) % len(self._laid_out_pages())
        self._redraw()

    def _sort(self, name: str, *, descending: bool = False) -> None:
        self.rearrange(replace(self._arrangement, sorted_by=name, descending=descending))

    def _sort_by_heading(self, name: str) -> None:
        """Sort by a column; a second time the other way round, and a third in the list's own order."""
        first = next(column.highest_first for column in self._columns if column.known_as == name)
        if self.order == (name, first):
            self._sort(name, descending=not first)
        elif self.order == (name, not first):
            self._sort("")
        else:
            self._sort(name, descending=first)

    def rearrange(self, arrangement: ListArrangement) -> None:
        """Show the list as the user chose, and post Arranged so that it is remembered."""
        self.restore(arrangement)
        self.post_message(self.Arranged(self))

    def action_choose(self) -> None:
        if self.pointed is not None:
            opening = self._opens(self.pointed) if self._opens else None
            self.post_message(opening or self.Chosen(self))

    def on_click(self, event: events.Click) -> None:
        line = event.y - self._titles + self.scroll_offset.y
        if event.y < self._titles and (name := self._title_at(event.x)):
            self._sort_by_heading(name)
        if event.y < self._titles or not 0 <= line < len(self._lines):
            return
        index = self._lines[line]
        if isinstance(index, str):
            return
        if index == self._cursor and self.has_focus and self._choosable:
            self.action_choose()
        self._move(index)

    def on_mouse_scroll_down(self) -> None:
        self._roll(3)

    def on_mouse_scroll_up(self) -> None:
        self._roll(-3)

    def _roll(self, lines: int) -> None:
        top = max(min(self.scroll_offset.y + lines, len(self._lines) - self._page), 0)
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    def on_resize(self) -> None:
        if self.rows:
            self._move(self._cursor)

    def on_focus(self) -> None:
        if self.rows:
            self._refresh_row(self._cursor)
        self.place_terminal_cursor()

    def on_blur(self) -> None:
        if self.rows:
            self._refresh_row(self._cursor)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(len(self._lines), len(self._empty_lines(width)), 1) + self._titles

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines; Textual's way looks for borders and padding, which a list has not, around each of them."""
        view = self._view()
        lines = [self._drawn_line(y, view) for y in crop.line_range]
        return lines if crop.column_span == (0, view.width) else [line.crop(*crop.column_span) for line in lines]

    def render_line(self, y: int) -> Strip:
        return self._drawn_line(y, self._view())

    def _view(self) -> _View:
        width, focused, top = self.size.width, self.has_focus, self.scroll_offset.y
        drawn_for = (width, focused, self._empty)
        if drawn_for != self._drawn_for or len(self._strips) > MOST_STRIPS:
            self._drawn_for = drawn_for
            self._styles.clear()
            self._strips.clear()
        page, length = self._page, len(self._lines)
        size = max(page * page // length, 1) if length > page else 0
        first = self._titles + (page - size) * top // max(length - page, 1)
        cursor = self._cursor if self._always_point or focused else -1
        return _View(width, top - self._titles, cursor, range(first, first + size))

    def _drawn_line(self, y: int, view: _View) -> Strip:
        """Return a line, drawn only where it is not the one drawn last for the same row."""
        line = y + view.shift
        thumb = y in view.thumb
        key: tuple[object, ...]
        if y < self._titles:
            key = ("titles", len(self._marked))
        else:
            entry = self._lines[line] if line < len(self._lines) else ""
            key = (line, entry == view.cursor, self._is_marked(entry), thumb)
        if (strip := self._strips.get(key)) is None:
            strip = self._strips[key] = self._draw(y, line, view)
        return strip

    def _is_marked(self, entry: int | str) -> bool:
        return bool(self._marked) and isinstance(entry, int) and self._key(self.rows[entry]) in self._marked

    def _draw(self, y: int, line: int, view: _View) -> Strip:
        width, thumb = view.width, y in view.thumb
        if y < self._titles:
            return self._strip(self._titled(width), "titles", width, toned=False)
        if line >= len(self._lines):
            told = self._empty_lines(width)
            if line >= len(told):
                return self._strip([], "plain", width)
            return self._strip([(" " * self._gutter + clean_text(told[line]), "plain")], "empty", width)
        entry = self._lines[line]
        if isinstance(entry, str):
            return self._strip(fit_text(" " * (self._gutter - 1) + entry, width), "group", width, thumb=thumb)
        if entry == view.cursor:  # the pointer sign shows the cursor without any colour
            return self._strip(self._cells(entry, pointed=True), "cursor", width, toned=False, thumb=thumb)
        return self._strip(self._cells(entry, pointed=False), "plain", width, thumb=thumb)

    def _empty_lines(self, width: int) -> list[str]:
        """Return the lines shown where there are no rows, or none before the first rows came."""
        return [] if self._rows is None or self._rows else wrap(self._empty, max(width - self._gutter - 1, 20))

    def _laid_out_pages(self) -> list[ColumnPage[Row]]:
        width = self.size.width
        if self._laid_out_for != width:
            self._laid_out_for = width
            self._pages = lay_out_columns(self._columns, width - self._gutter - 1, width)
            self._page_at = min(self._page_at, len(self._pages) - 1)
            self._strips.clear()
        return self._pages

    def _shown(self) -> Sequence[tuple[Column[Row], int]]:
        """Return the columns of the page in view, each with its width."""
        return self._laid_out_pages()[self._page_at].columns

    def _title_at(self, x: int) -> str:
        """Return the name of the column whose heading is at this cell, or nothing."""
        end = self._gutter
        for column, size in self._shown():
            end += size + GAP
            if x < end:
                return column.title and column.known_as
        return ""

    def _titled(self, width: int) -> list[Piece]:
        line = " " * self._gutter
        name, descending = self.order
        notes = self._further_columns()
        for column, size in self._shown():
            title = clean_text(column.title)
            if name and column.known_as == name:
                sign = glyphs().down if descending else glyphs().up
                title = f"{title[: size - len(sign)]}{sign}"
            if not title and column.name and (fitting := [note for note in notes if len(note) <= size]):
                title, notes = fitting[0], []
            line += plain_text(fit_text(title, size, right=column.right)) + " " * GAP
        selected = f"{number} selected" if (number := len(self.marked)) else ""
        remark = selected
        for note in notes:
            remark = "  ".join(filter(None, (note, selected)))
            if cell_len(line.rstrip()) + len(remark) + 3 <= width:
                break
        if not remark:
            return [(line, "plain")]
        told = f"  {remark} "
        # what is cut off is mostly blank
        return [(set_cell_size(line, max(width - cell_len(told), 0)), "plain"), (told, "plain")]

    def _further_columns(self) -> list[str]:
        """Return what says that there are more columns than fit, from long to short; nothing where all of them do."""
        pages = self._laid_out_pages()
        if len(pages) < 2:
            return []
        number = len(self._columns) - len(pages[self._page_at].columns)
        key = getattr(self.app, "keys", {}).get("list.columns_after", ">")
        return [f"{format_count(number, 'more column')}: {key} shows {'it' if number == 1 else 'them'}",
                f"{number} more: {key}", f"+{number} {key}"]  # fmt: skip

    def _cells(self, index: int, *, pointed: bool) -> list[Piece]:
        row = self.rows[index]
        sign = glyphs().bullet if self._is_marked(index) else ""
        opening = (glyphs().pointer if pointed else " ") + sign
        line: list[Piece] = [(opening.ljust(self._gutter), "accent" if sign else "plain")]
        for text, size, column in self._laid_out_cells(row):
            cell = fit_text(text, size, right=column.right)
            line += cell
            line.append((" " * GAP, cell[-1][1]))
        return line

    def _laid_out_cells(self, row: Row) -> Iterator[tuple[Pieces, int, Column[Row]]]:
        """Yield each cell's text, width and column; a long text runs on over empty cells to its right."""
        shown = [(column.text(row), size, column) for column, size in self._shown()]
        place = 0
        while place < len(shown):
            text, size, column = shown[place]
            place += 1
            while place < len(shown) and not shown[place][0] and not column.right and width_in_cells(text) > size:
                size += GAP + shown[place][1]
                place += 1
            yield text, size, column

    def cut(self) -> list[str]:
        """Return the texts of the row under the cursor that the list had to cut."""
        if self.pointed is None or not self.size.width:
            return []
        return [plain_text(text) for text, size, _ in self._laid_out_cells(self.pointed) if width_in_cells(text) > size]

    def _strip(self, line: list[Piece], base: str, width: int, *, toned: bool = True, thumb: bool = False) -> Strip:
        """Return the line in exactly `width` cells, with few segments; with a `thumb`, a piece of the scroll bar ends
        it.
        """
        room = width - thumb
        joined: list[tuple[list[str], str]] = []
        used = 0
        for words, tone in line:
            if not words:
                continue
            size = len(words) if words.isascii() else cell_len(words)
            if used + size > room:
                words, size = set_cell_size(words, room - used), room - used
            used += size
            if joined and (joined[-1][1] == tone or not toned):
                joined[-1][0].append(words)
            else:
                joined.append(([words], tone))
            if used >= room:
                break
        if used < room:
            if not joined:
                joined.append(([], "plain"))
            joined[-1][0].append(" " * (room - used))
        segments = [Segment("".join(words), self._style(base, tone if toned else "plain")) for words, tone in joined]
        if thumb:
            segments.append(Segment(glyphs().thumb, self._style("plain", "thumb")))
        for each in self.get_line_filters():
            segments = each.apply(segments, self.background_colors[1])
        return Strip(segments, width)

    def _style(self, base: str, tone: str) -> Style:
        """Return the style of a tone on a line of the kind `base`; looking it up for every line would cost too much."""
        key = f"{base} {tone}"
        if key not in self._styles:
            ground = self.rich_style if base == "plain" else self.get_component_rich_style(f"record-table--{base}")
            if tone != "plain":
                ground += without_background(self.get_component_rich_style(f"record-table--{tone}"))
            self._styles[key] = ground
        return self._styles[key]

    def _redraw(self) -> None:
        """Draw every line anew."""
        self._strips.clear()
        self.refresh()

    def place_terminal_cursor(self) -> None:
        """Put the terminal's own cursor on the row, where screen readers and magnifiers follow it."""
        if self.rows and self.has_focus:
            y = self._line_of[self._cursor] - self.scroll_offset.y + self._titles
            self.app.cursor_position = self.content_region.offset + Offset(0, y)

    def refresh_pointed(self) -> None:
        """Draw the row under the cursor again."""
        if self.rows:
            self._refresh_row(self._cursor)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()
