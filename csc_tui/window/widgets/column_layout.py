"""Which columns of a list stand side by side at a width, which come on the next page, and the order of the rows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from csc_tui.base.list_arrangements import ListArrangement
from csc_tui.window.widgets.pieces import Pieces, safe_pieces

Row = TypeVar("Row")

GAP = 2
LEAST = 4
"""The fewest cells of a column that is cut."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)  # a frozen generic with slots cannot be called by its full name, Column[Row](), before 3.12
class Column(Generic[Row]):
    """A column, `width` cells wide plus `share` parts of the cells left over.

    A table narrower than `from_width` shows it on a later page. `order` returns what rows are sorted by, where that is
    not the text, and `highest_first` says in which direction first; `name` stands for a column without a title. A
    column without either is always shown and never sorted by.
    """

    title: str
    text: Callable[[Row], Pieces]
    width: int
    share: int = 0
    right: bool = False
    from_width: int = 0
    highest_first: bool = False
    order: Callable[[Row], Any] | None = None
    name: str = ""

    @property
    def known_as(self) -> str:
        """The name the column is chosen and remembered by."""
        return self.name or self.title

    def order_of(self, row: Row) -> Any:
        return natural_order(plain_text(self.text(row))) if self.order is None else self.order(row)


@dataclass(frozen=True)
class ColumnPage(Generic[Row]):
    """Columns side by side, each with its width in cells."""

    columns: tuple[tuple[Column[Row], int], ...]


def plain_text(text: Pieces) -> str:
    return "".join(words for words, _ in safe_pieces(text))


def natural_order(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts a text without regard to capitals, and numbers in it by their value: `BR-9` before `BR-10`."""
    parts: list[tuple[int, int, str]] = []
    place = 0
    folded = text.casefold().strip()
    for found in _NUMBER.finditer(folded):
        if found.start() > place:
            parts.append((1, 0, folded[place : found.start()]))
        parts.append((0, int(found[0]), ""))
        place = found.end()
    if folded[place:]:
        parts.append((1, 0, folded[place:]))
    return tuple(parts)


def sorted_rows(rows: Sequence[Row], column: Column[Row], *, descending: bool) -> list[Row]:
    """Return the rows by a column, those without a value last in both directions, and equal ones as they were."""
    keyed = [(column.order_of(row), row) for row in rows]
    there = [pair for pair in keyed if pair[0] not in ("", (), None)]
    there.sort(key=lambda pair: pair[0], reverse=descending)
    return [row for _, row in there] + [row for key, row in keyed if key in ("", (), None)]


def arranged_columns(columns: Sequence[Column[Row]], arrangement: ListArrangement) -> tuple[Column[Row], ...]:
    """Return the columns to show, in the order chosen; columns the choice does not know keep their place."""
    named = {column.known_as: column for column in columns if column.known_as}
    chosen = [named[name] for name in dict.fromkeys(arrangement.shown) if name in named]
    if not chosen:
        return tuple(columns)
    known = {*arrangement.shown, *arrangement.left_out}
    arranged: list[Column[Row]] = []
    left = iter(chosen)
    for column in columns:
        if not column.known_as or column.known_as not in known:
            arranged.append(column)
        elif column.known_as not in arrangement.left_out and (following := next(left, None)) is not None:
            arranged.append(following)
    return (*arranged, *left)


def lay_out_columns(columns: Sequence[Column[Row]], room: int, width: int) -> list[ColumnPage[Row]]:
    """Return the columns page by page, for `room` cells of a table `width` cells wide.

    What does not fit on the first page comes on later ones, behind the columns that say which row it is.
    """
    first = _fit([column for column in columns if width >= column.from_width], room)
    shown = {id(column) for column, _ in first}
    pages = [ColumnPage(tuple(first))]
    waiting = [column for column in columns if id(column) not in shown]
    leading = _leading(columns)
    while waiting:
        following = waiting.pop(0)
        page = [*(column for column in leading if id(column) in shown), following]
        used = sum(column.width + GAP for column in page)
        while waiting and used + waiting[0].width <= room:
            used += waiting[0].width + GAP
            page.append(waiting.pop(0))
        fitted = _fit(page, room)
        if all(column is not following for column, _ in fitted):  # too narrow for both
            fitted = _fit([following], room)
        pages.append(ColumnPage(tuple(fitted)))
    return pages


def _leading(columns: Sequence[Column[Row]]) -> list[Column[Row]]:
    """Return the first column with a title, and what stands before it."""
    for place, column in enumerate(columns):
        if column.title or column.share:
            return list(columns[: place + 1])
    return list(columns[:1])


def _fit(columns: Sequence[Column[Row]], room: int) -> list[tuple[Column[Row], int]]:
    """Return the columns that fit, each with its width; the last of them may be cut."""
    left = room - sum(column.width for column in columns) - GAP * (len(columns) - 1)
    shares = sum(column.share for column in columns) or 1
    shown = [(column, max(column.width + max(left, 0) * column.share // shares, 1)) for column in columns]
    over = -left - 1
    # half a number is another number, so the last column is cut as such or comes on the next page
    while over > 0 and len(shown) > 1:
        column, size = shown.pop()
        if size - over >= LEAST:
            return [*shown, (column, size - over)]
        over -= size + GAP
    return shown
