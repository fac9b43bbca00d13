"""The list of the window: it draws only visible lines, and keeps its place when the rows change."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, ClassVar, Generic, TypeVar

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import (
    TONES,
    Piece,
    Pieces,
    fit_text,
    safe_pieces,
    width_in_cells,
    without_background,
)

Row = TypeVar("Row")

GUTTER = 2
GAP = 2
LEAST = 4
"""The fewest cells of a column that is cut."""


@dataclass(frozen=True)  # a frozen generic with slots cannot be called by its full name, Column[Row](), before 3.12
class Column(Generic[Row]):
    """A column, `width` cells wide plus `share` parts of the cells left over; narrower than `from_width`, tables drop
    it.
    """

    title: str
    text: Callable[[Row], Pieces]
    width: int
    share: int = 0
    right: bool = False
    from_width: int = 0


class RecordTable(ScrollView, Generic[Row], can_focus=True):
    """Shows rows under fixed headings, with a line before each group where `group` names one.

    Where rows are `markable`, space selects them: a sign stands before each selected row, the headings count them, and
    they stay selected by their key when the rows change. Unless `always_point`, the cursor is drawn only while the
    table has the focus.
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
    ]  # fmt: skip
    HELP = "Arrow keys or j and k, page up and down, g and G move through the list; enter opens a row."

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
        id: str | None = None,
    ) -> None:
        """Build the table; `pointing` is called instead of posting Pointed, so that what it shows is drawn with the
        cursor.

        `opens` returns the message that opens what a row points to, such as OpenEvent. Where it returns None, Chosen is
        posted for the screen to decide.
        """
        super().__init__(id=id)
        self._opens = opens
        self._pointing = pointing
        self._columns = tuple(columns)
        self._key = key
        self._group = group
        self._empty = empty
        self._with_titles = titles
        self._titles = self._lines_of_titles()
        self._choosable = choosable
        self._always_point = always_point
        self._rows: list[Row] | None = None
        self._lines: list[int | str] = []
        self._line_of: list[int] = []
        self._cursor = 0
        self._markable = markable
        self._marked: set[str] = set()
        self._matches: frozenset[str] = frozenset()
        self._gutter = GUTTER + markable
        self._tones: dict[str, Style] = {}
        self._base: Style | None = None

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows or ()

    @property
    def columns(self) -> Sequence[Column[Row]]:
        """The columns, including those that a narrow table drops."""
        return self._columns

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
        self._columns = tuple(columns)
        before, self._titles = self._titles, self._lines_of_titles()
        if self._titles != before:
            self._resize(len(self._lines) + self._titles)
        self.refresh()

    def _lines_of_titles(self) -> int:
        return int(self._with_titles and any(column.title for column in self._columns))

    def show(self, rows: Sequence[Row], *, empty: str | None = None, from_top: bool = False) -> None:
        """Show these rows, keeping the cursor on its row and the row in its place; nothing is drawn where nothing
        changed.
        """
        if empty is not None and empty != self._empty:
            self._empty = empty
            if not self._rows or not rows:
                self.refresh()
        moved = from_top and (self._cursor or self.scroll_offset.y)
        if self._rows is not None and list(rows) == self._rows and not moved:
            return
        before, lines_before, cursor_before = self.pointed, self._lines, self._cursor
        seen_at = self._line_of[self._cursor] - self.scroll_offset.y if before is not None else -1
        rows_before, self._rows = self._rows or [], list(rows)
        self._number_lines()
        if self._marked:
            self._marked &= {self._key(row) for row in self._rows}
        self._cursor = 0 if from_top else self._where(before)
        self._resize(len(self._lines) + self._titles)
        if from_top:
            self.scroll_to(y=0, animate=False, force=True)
        else:
            self._keep_in_place(seen_at)
        if lines_before == self._lines and rows_before:
            for index, (old, new) in enumerate(zip(rows_before, self._rows, strict=True)):
                if old != new or (index in (cursor_before, self._cursor) and cursor_before != self._cursor):
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

    def _number_lines(self) -> None:
        self._lines, self._line_of = [], []
        opened = ""
        for index, row in enumerate(self._rows or ()):
            if self._group is not None and (group := self._group(row)) != opened:
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
        self.refresh()
        self._report_pointed()

    def action_choose(self) -> None:
        if self.pointed is not None:
            opening = self._opens(self.pointed) if self._opens else None
            self.post_message(opening or self.Chosen(self))

    def on_click(self, event: events.Click) -> None:
        line = event.y - self._titles + self.scroll_offset.y
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

    def render_line(self, y: int) -> Strip:
        return self._with_thumb(self._drawn(y), y)

    def _drawn(self, y: int) -> Strip:
        width = self.size.width
        if self._base is None:  # found by walking up to the screen, which costs too much for every line
            self._base = self.rich_style
        base = self._base
        if self._titles and y == 0:
            style = self.get_component_rich_style("record-table--titles")
            return self._strip(self._titled(width), style, width, titles=True)
        line = y - self._titles + self.scroll_offset.y
        if line >= len(self._lines):
            told = self._empty_lines(width)
            if line >= len(told):
                return Strip.blank(width, base)
            style = self.get_component_rich_style("record-table--empty")
            return self._strip(fit_text(" " * self._gutter + told[line], width), style, width)
        entry = self._lines[line]
        if isinstance(entry, str):
            style = self.get_component_rich_style("record-table--group")
            return self._strip(fit_text(" " * (self._gutter - 1) + entry, width), style, width)
        if entry == self._cursor and (self._always_point or self.has_focus):
            # The pointer sign shows the cursor without any colour.
            cursor = self.get_component_rich_style("record-table--cursor")
            return self._strip(self._cells(entry, width, pointed=True), cursor, width, toned=False)
        return self._strip(self._cells(entry, width, pointed=False), base, width)

    def _empty_lines(self, width: int) -> list[str]:
        """Return the lines shown where there are no rows, or none before the first rows came."""
        return [] if self._rows is None or self._rows else wrap(self._empty, max(width - self._gutter - 1, 20))

    def _shown(self, width: int) -> list[tuple[Column[Row], int]]:
        columns = [column for column in self._columns if width >= column.from_width]
        left = width - self._gutter - sum(column.width for column in columns) - GAP * (len(columns) - 1) - 1
        shares = sum(column.share for column in columns) or 1
        shown = [(column, max(column.width + max(left, 0) * column.share // shares, 1)) for column in columns]
        over = -left - 1
        # half a number is another number, so the last column is cut as such or dropped
        while over > 0 and len(shown) > 1:
            column, size = shown.pop()
            if size - over >= LEAST:
                return [*shown, (column, size - over)]
            over -= size + GAP
        return shown

    def _titled(self, width: int) -> list[Piece]:
        line: list[Piece] = [(" " * self._gutter, "plain")]
        for column, size in self._shown(width):
            line += [*fit_text(column.title, size, right=column.right), (" " * GAP, "plain")]
        if number := len(self.marked):
            told = f"  {number} selected "
            room = max(width - len(told), 0)
            whole = set_cell_size("".join(words for words, _ in line), room)  # what is cut off is mostly blank
            line = [(whole, "plain"), (told, "plain")]
        return line

    def _cells(self, index: int, width: int, *, pointed: bool) -> list[Piece]:
        row = self.rows[index]
        sign = glyphs().bullet if self._marked and self._key(row) in self._marked else ""
        opening = (glyphs().pointer if pointed else " ") + sign
        line: list[Piece] = [(opening.ljust(self._gutter), "accent" if sign else "plain")]
        for text, size, column in self._laid_out_cells(row, width):
            cell = fit_text(text, size, right=column.right)
            line += [*cell, (" " * GAP, cell[-1][1])]
        return line

    def _laid_out_cells(self, row: Row, width: int) -> Iterator[tuple[Pieces, int, Column[Row]]]:
        """Yield each cell's text, width and column; a long text runs on over empty cells to its right."""
        shown = [(column.text(row), size, column) for column, size in self._shown(width)]
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
        laid = self._laid_out_cells(self.pointed, self.size.width)
        return [
            "".join(words for words, _ in safe_pieces(text)) for text, size, _ in laid if width_in_cells(text) > size
        ]

    def _strip(self, line: list[Piece], style: Style, width: int, *, titles: bool = False, toned: bool = True) -> Strip:
        plain = titles or not toned
        segments = [
            Segment(words, style if plain or tone == "plain" else style + self._tone(tone))
            for words, tone in line
            if words
        ]
        return Strip(segments).adjust_cell_length(width, style).simplify()

    def _with_thumb(self, strip: Strip, y: int) -> Strip:
        """Return the line with a piece of the scroll bar at its end, where the list is longer than the screen."""
        page, length = self._page, len(self._lines)
        if length <= page or y < self._titles:
            return strip
        size = max(page * page // length, 1)
        top = (page - size) * self.scroll_offset.y // max(length - page, 1)
        if not top <= y - self._titles < top + size:
            return strip
        style = without_background(self.get_component_rich_style("record-table--thumb"))
        return Strip([*strip.crop(0, self.size.width - 1), Segment(glyphs().thumb, self.rich_style + style)])

    def _tone(self, tone: str) -> Style:
        if tone not in self._tones:
            self._tones[tone] = without_background(self.get_component_rich_style(f"record-table--{tone}"))
        return self._tones[tone]

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
        self._tones, self._base = {}, None
