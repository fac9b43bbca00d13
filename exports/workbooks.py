"""Writes a table as an .xlsx workbook, row by row; text is always written as text."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

from db.errors import RuleBroken
from exports.table_search import column_letters
from exports.tables import Value, cell_in_words

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767
"""Excel's own limits: rows under the headings, and characters of a cell."""
WIDEST, NARROWEST = 50, 9
"""The widest and narrowest column, in characters."""


class WorkbookTooLarge(RuleBroken):
    """A workbook cannot hold a table this large."""

    def __init__(self, what: str) -> None:
        super().__init__(f"A workbook cannot hold {what}. Nothing was written. Use a file name that ends with .csv.")


def write_workbook(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], *, title: str = "Table"
) -> int:
    """Write the table on one sheet with its headings frozen and a filter, and return the number of rows.

    Raises WorkbookTooLarge.
    """
    import xlsxwriter  # imported here because only a workbook needs it

    # Written row by row through a temporary file, so that the table does not stay in memory. The fixed time stamp lets
    # the same rows make the same bytes.
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    book.set_properties({"created": datetime(2017, 4, 1)})
    try:
        sheet = book.add_worksheet(title)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for place, name in enumerate(columns):
            sheet.set_column(place, place, min(max(len(name) + 2, NARROWEST), WIDEST))
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name.replace("_", " "), bold)
        number = 0
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise WorkbookTooLarge(f"more than {MOST_ROWS:,} rows")
            for place, value in enumerate(row):
                _write(sheet, number, place, value, day)
        if columns:
            sheet.autofilter(0, 0, number, len(columns) - 1)
    finally:
        book.close()
    return number


def _write(sheet: "Worksheet", row: int, column: int, value: Value, day: object) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
        sheet.write_datetime(row, column, value, day)
    elif words := cell_in_words(value):
        if len(words) > LONGEST_TEXT:
            where = f"{column_letters(column)}{row + 1}"
            raise WorkbookTooLarge(f"a text of {len(words):,} characters, in {where}")
        sheet.write_string(row, column, words)
