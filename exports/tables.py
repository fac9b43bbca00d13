"""Reads tables from CSV files and workbooks: headings, and rows of plain text numbered as in a spreadsheet.

Also writes CSV and JSON, row by row; `exports.workbooks` writes workbooks.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import BinaryIO

from db.errors import WrongUse
from db.records.remedies import Remedy, RemedyKind
from exports import workbook_files
from exports.cells import FORMULA_STARTS, escape_formula, unescape_formula
from exports.table_search import BrokenFile, Table, column_letters, find_table
from exports.unsafe_characters import JSON_ESCAPES

LARGEST_FILE = 100_000_000
"""The most bytes of a file that is read."""
MOST_CELLS = workbook_files.MOST_CELLS
"""The most cells of a file: the reader holds them all in memory."""
IsHeading = Callable[[str], bool]
"""Whether a cell is a heading that an import knows."""


def parse_table(name: str, data: bytes, *, sheet: str = "", is_heading: IsHeading = lambda _: False) -> Table:
    """Find the table in the bytes of a CSV file or an .xlsx workbook; `sheet` names one of several sheets.

    `is_heading` tells the headings an import knows, which helps to find the line of headings.

    Raises BrokenFile for a file of another kind or without a table, WrongUse for a sheet that does not exist.
    """
    if len(data) > LARGEST_FILE:
        raise BrokenFile(name, f"is larger than {LARGEST_FILE // 1_000_000} MB.", "Split it into several files.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        lines, remarks = workbook_files.read_workbook(name, data, sheet)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BrokenFile(name, "is an old workbook (.xls) or has a password.", "Save it as .xlsx or CSV, unprotected.")
    elif sheet:
        raise WrongUse(
            f"{name} is not a workbook, so it has no sheet '{sheet}'. Nothing was imported.",
            Remedy(RemedyKind.LEAVE_OUT_SHEET),
        )
    else:
        lines, remarks = _text(name, data)
    return find_table(name, lines, remarks, is_heading)


Value = str | int | float | bool | date | datetime | time | None
"""The value of a cell to be written."""
_AT_ONCE = 500
"""Rows that are written at once."""


def write_csv(file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write the table as CSV (RFC 4180, UTF-8) with formulas escaped, and return the number of rows."""
    sheet, rest, number = io.StringIO(newline=""), iter(rows), 0
    writer = csv.writer(sheet)
    writer.writerow(columns)
    while True:
        file.write(sheet.getvalue().encode())
        sheet.seek(0)
        sheet.truncate()
        batch = [[escape_formula(value) if isinstance(value, str) else cell_in_words(value) for value in row]
                 for row in islice(rest, _AT_ONCE)]  # fmt: skip
        if not batch:
            return number
        writer.writerows(batch)
        number += len(batch)


def write_json(file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write the table as one array of objects, a line for each, and return the number of rows."""
    number = 0
    for number, row in enumerate(rows, 1):
        plain = (value if isinstance(value, str | bool | int | float | None) else cell_in_words(value) for value in row)
        line = json.dumps(dict(zip(columns, plain, strict=True)), ensure_ascii=False).translate(JSON_ESCAPES)
        file.write(("," if number > 1 else "[").encode() + b"\n" + line.encode())
    file.write(b"\n]\n" if number else b"[]\n")
    return number


def cell_in_words(value: Value) -> str:
    """Return a cell as text: dates as 2017-04-25, times as 09:30, an unknown value as an empty string."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case time():
            return f"{value:%H:%M}"
        case _:
            return str(value)


_GUARDED = re.compile(f"'[{re.escape(''.join(FORMULA_STARTS))}]|=\"")
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
"""The signs that may stand between the cells of a line, in words."""
_TRIED = 200
"""The lines by which the sign between cells is found."""


def _text(name: str, data: bytes) -> tuple[list[list[str]], list[str]]:
    text, remarks = _decoded(name, data)
    lines_before, delimiter, text = _first_line(text)
    delimiter = delimiter or _delimiter(text)
    if text.count(delimiter) + text.count("\n") > MOST_CELLS:
        raise BrokenFile(name, f"has more than {MOST_CELLS:,} cells.", "Split it into several files.")
    if delimiter != ",":
        remarks.append(f"{name} was read with {_DELIMITERS[delimiter]} between its cells.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[list[str]] = [[] for _ in range(lines_before)]
    try:
        if _GUARDED.search(text):
            lines.extend([_plain(cell) for cell in cells] for cells in reader)
        else:
            lines.extend(reader)
    except csv.Error as fault:
        what = "has a cell that is too long" if "limit" in str(fault) else "has a quotation mark that does not fit"
        raise BrokenFile(
            name, f"{what}, in or after row {len(lines) + 1}.",
            "A cell that starts with a quotation mark must end with one, and quotation marks inside it must be "
            "doubled. Correct that row and try again.",
        ) from None  # fmt: skip
    if "\0" in text:
        row, column = next((i, j) for i, cells in enumerate(lines) for j, cell in enumerate(cells) if "\0" in cell)
        raise BrokenFile(
            name, f"has a NUL character in row {row + 1}, column {column_letters(column)}.",
            "Empty that cell, type its text again and save the file.",
        )  # fmt: skip
    return lines, remarks


def _plain(cell: str) -> str:
    """Return a cell without what makes it safe for a spreadsheet: an apostrophe before a formula, or `="00123"`."""
    if found := _AS_TEXT.fullmatch(cell):
        return found[1].replace('""', '"')
    return unescape_formula(cell)


def _first_line(text: str) -> tuple[int, str, str]:
    """Return the text without a first line that only programs read, how many lines that was, and the sign it names.

    Excel writes `sep=;`, PowerShell `#TYPE` and the kind of its records.
    """
    first, end, rest = text.partition("\n")
    if found := re.fullmatch(r"sep=([;,\t|])", first.rstrip("\r").casefold()):
        return 1, found[1], rest
    if end and first.startswith("#TYPE "):
        return 1, "", rest
    return 0, "", text


def _decoded(name: str, data: bytes) -> tuple[str, list[str]]:
    """Return the text, and a remark unless the file is UTF-8, the usual encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), [f"{name} was read as UTF-16."]
        except UnicodeDecodeError:
            raise BrokenFile(name, "is marked as UTF-16 but is not.", "Save it as CSV UTF-8.") from None
    if data.count(0, 0, 4096) > min(len(data), 4096) // 5:
        raise BrokenFile(name, "looks like UTF-16 without its marker, or is not text.", "Save it as CSV UTF-8.")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
    mostly = data.decode("utf-8-sig", "replace")
    if any(letter > "\x7f" and letter != "\ufffd" for letter in mostly):
        raise BrokenFile(name, f"is damaged UTF-8 in line {line}.", "Correct that line and save it as CSV UTF-8.")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise BrokenFile(
            name, f"is not UTF-8 or Windows-1252 (line {line}).", "Save it as CSV UTF-8 and try again."
        ) from None
    example = next(word for word in re.split(r"[\s,;\"]+", text) if not word.isascii())
    return text, [
        f"{name} is not UTF-8; it was read as Windows-1252. Check its accents, such as '{example[:40]}' in line {line}."
    ]


def _delimiter(text: str) -> str:
    """Return the sign between the cells: the one that splits most lines into equally many cells, else a comma."""
    lines = [line for line in text[:200_000].split("\n")[:_TRIED] if line.strip()]

    def evenly_split(delimiter: str) -> int:
        widths = [line.count(delimiter) for line in lines]
        return max((wide * widths.count(wide) for wide in set(widths)), default=0)

    return max(_DELIMITERS, key=evenly_split)
