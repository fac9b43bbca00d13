"""Reads tables from CSV files and workbooks: headings, and rows of plain text numbered as in a spreadsheet.

Also writes CSV and JSON, row by row; `exports.workbooks` writes workbooks.
"""

import csv
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from db.errors import RuleBroken, WrongUse
from db.records.remedies import Remedy, RemedyKind
from exports.cells import FORMULA_STARTS, escape_formula, unescape_formula
from exports.unsafe_characters import JSON_ESCAPES

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LARGEST_FILE = 100_000_000
"""The most bytes of a file that is read."""
LARGEST_UNPACKED = 400_000_000
"""The most bytes a workbook may unpack to."""
LARGEST_RATIO = 200
"""How many times larger a workbook may be unpacked; the ones Excel writes stay under 30."""
MOST_MEMBERS = 2_000
MOST_CELLS = 10_000_000
"""The most cells from a sheet's corner to its last filled row and column: the reader holds them all in memory."""
ERROR_CELL = "#ERROR!"
"""The text read for a formula that gave an error; the reader itself would give an empty cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table read from a file: `rows` are (number, cells), one cell for each heading; `remarks` tell how it was
    read."""

    name: str
    headings: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    remarks: tuple[str, ...]


class BrokenFile(RuleBroken):
    """The file is broken as a file, so none of it was used."""

    def __init__(self, name: str, what: str, advice: str = "", remedy: Remedy | None = None) -> None:
        super().__init__(f"{name} {what} Nothing was imported. {advice}".rstrip(), remedy)


def parse_table(name: str, data: bytes, *, sheet: str = "") -> Table:
    """Parse the bytes of a CSV file or an .xlsx workbook; `sheet` names one of several sheets.

    Raises BrokenFile for a file of another kind or without a table, WrongUse for a sheet that does not exist.
    """
    if len(data) > LARGEST_FILE:
        raise BrokenFile(name, f"has more than {LARGEST_FILE // 1_000_000} MB.", "Split it into several files.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        lines, remarks = _workbook(name, data, sheet)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BrokenFile(
            name, "is a workbook of an old kind (.xls) or behind a password.", "Save it as .xlsx or CSV, unprotected."
        )
    elif sheet:
        raise WrongUse(
            f"{name} is no workbook, so it has no sheet '{sheet}'. Nothing was imported.",
            Remedy(RemedyKind.LEAVE_OUT_SHEET),
        )
    else:
        lines, remarks = _text(name, data)
    return _table(name, lines, remarks)


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


_GUARDED = re.compile(f"'[{re.escape(''.join(FORMULA_STARTS))}]")


def column_letters(index: int) -> str:
    """Return a column's name in a spreadsheet: A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _table(name: str, lines: Sequence[Sequence[str]], remarks: list[str]) -> Table:
    first = next((i for i, cells in enumerate(lines) if any(map(str.strip, cells))), None)
    if first is None:
        raise BrokenFile(name, "is empty.", "Check that it is the right file.")
    headings = [" ".join(cell.split()) for cell in lines[first]]
    while headings and not headings[-1]:
        headings.pop()
    _check_headings(name, headings, first + 1)
    width = len(headings)
    rows, ragged = [], []
    for number, cells in enumerate(lines[first + 1 :], first + 2):
        if not any(cells) or not any(map(str.strip, cells)):
            continue
        if len(cells) != width:
            if len(cells) < width or any(map(str.strip, cells[width:])):
                ragged.append((number, len(cells)))
                continue
            cells = cells[:width]
        rows.append((number, list(cells)))
    if ragged and width == 1:
        raise BrokenFile(
            name, f"begins in row {first + 1} with '{headings[0]}' alone, which is no line of headings.",
            "Delete what stands above the headings and save it again.",
        )  # fmt: skip
    if ragged:
        raise BrokenFile(
            name, f"has {width} headings, but {_ragged(ragged)}: values may stand under the wrong heading.",
            "Put the cells of those rows under their headings and save it again.",
        )  # fmt: skip
    nameless = [i for i, heading in enumerate(headings) if not heading and any(cells[i].strip() for _, cells in rows)]
    remarks += [f"Column {column_letters(i)} of {name} has no heading; it was not read." for i in nameless]
    return Table(name, tuple(headings), rows, tuple(remarks))


def _check_headings(name: str, headings: Sequence[str], number: int) -> None:
    seen: dict[str, int] = {}
    for i, heading in enumerate(headings):
        before = seen.setdefault(heading.casefold(), i)
        if heading and before != i:
            raise BrokenFile(
                name, f"has the heading '{heading}' twice in row {number}: columns {column_letters(before)} and "
                f"{column_letters(i)}.", "Rename or remove one of them.",
            )  # fmt: skip


def _ragged(ragged: Sequence[tuple[int, int]]) -> str:
    listed = ", ".join(f"row {number} has {cells} cell{'s' if cells != 1 else ''}" for number, cells in ragged[:5])
    return listed + (f" and {len(ragged) - 5} more rows are alike" if len(ragged) > 5 else "")


def _text(name: str, data: bytes) -> tuple[list[list[str]], list[str]]:
    text, remarks = _decoded(name, data)
    delimiter = _delimiter(text)
    if delimiter != ",":
        remarks.append(f"{name} was read with {'tabs' if delimiter == chr(9) else 'semicolons'} between its cells.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[list[str]] = []
    try:
        if _GUARDED.search(text):
            lines.extend([unescape_formula(cell) for cell in cells] for cells in reader)
        else:
            lines.extend(reader)
    except csv.Error as fault:
        what = "has a cell that is too long" if "limit" in str(fault) else "has a quotation mark that does not fit"
        raise BrokenFile(
            name, f"{what}, in or after row {len(lines) + 1}.",
            "A cell in quotation marks ends with one, and has two for each one in it. Mend that row and try again.",
        ) from None  # fmt: skip
    if "\0" in text:
        row, column = next((i, j) for i, cells in enumerate(lines) for j, cell in enumerate(cells) if "\0" in cell)
        raise BrokenFile(
            name, f"has a NUL character in row {row + 1}, column {column_letters(column)}.",
            "Empty that cell, type it anew and save the file again.",
        )  # fmt: skip
    return lines, remarks


def _decoded(name: str, data: bytes) -> tuple[str, list[str]]:
    """Return the text, and a remark unless the file is UTF-8, the usual encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), [f"{name} was read as UTF-16."]
        except UnicodeDecodeError:
            raise BrokenFile(name, "says it is UTF-16 and is not.", "Save it as CSV UTF-8.") from None
    if data.count(0, 0, 4096) > min(len(data), 4096) // 5:
        raise BrokenFile(
            name, "looks like UTF-16 without the mark that says so, or is no text at all.", "Save it as CSV UTF-8."
        )
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
    mostly = data.decode("utf-8-sig", "replace")
    if any(letter > "\x7f" and letter != "\ufffd" for letter in mostly):
        raise BrokenFile(name, f"is UTF-8 with damage in line {line}.", "Mend that line and save it as CSV UTF-8.")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise BrokenFile(
            name, f"is neither UTF-8 nor Windows-1252 (line {line}).", "Save it as CSV UTF-8 and try again."
        ) from None
    example = next(word for word in re.split(r"[\s,;\"]+", text) if not word.isascii())
    return text, [
        f"{name} is not UTF-8; it was read as Windows-1252. Check its accents, such as '{example[:40]}' in line {line}."
    ]


def _delimiter(text: str) -> str:
    """Return the sign between the headings: a comma, unless there are only semicolons or tabs."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    if "," in heading:
        return ","
    return max(";\t,", key=heading.count) if ";" in heading or "\t" in heading else ","


def _workbook(name: str, data: bytes, sheet: str) -> tuple[list[list[str]], list[str]]:
    errors = _check_workbook(name, data)
    import python_calamine as calamine  # imported here because only a workbook needs it

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        chosen = _sheet(name, book, sheet)
        lines = [[_cell(value) for value in row] for row in book.get_sheet_by_name(chosen).to_python(False)]
    except (calamine.CalamineError, OSError, ValueError) as fault:
        raise BrokenFile(
            name, f"cannot be read as a workbook ({str(fault).splitlines()[0]}).", "Open it in Excel and save it again."
        ) from None
    for row, column in errors.get(chosen, []):
        if row < len(lines) and column < len(lines[row]):
            lines[row][column] = ERROR_CELL
    return lines, []


def _sheet(name: str, book: "CalamineWorkbook", wanted: str) -> str:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    named = [each.name for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    listed = ", ".join(named)
    if wanted:
        for each in named:
            if each.casefold() == wanted.strip().casefold():
                return each
        raise WrongUse(f"{name} has no sheet '{wanted}'. Nothing was imported. Its sheets are: {listed}.")
    seen = [each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible]
    filled = [each for each in named if each in seen and book.get_sheet_by_name(each).height]
    if not filled:
        raise BrokenFile(name, "has no sheet with anything on it.", "Check that it is the right file.")
    if len(filled) > 1:
        raise BrokenFile(name, f"has several sheets: {', '.join(filled)}.", remedy=Remedy(RemedyKind.NAME_SHEET))
    return filled[0]


def _cell(value: object) -> str:
    """Return a cell as it would be typed: whole numbers without a point, dates as 2017-04-25, times as 09:30."""
    match value:
        case str():
            return value
        case bool():
            return "Yes" if value else "No"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta() if timedelta() <= value < timedelta(days=1):
            return f"{(datetime.min + value).time():%H:%M}"
        case _:
            return str(value)


Places = list[tuple[int, int]]
"""(row, column) of cells, counted from 0."""

_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^<>]*?\br=[\"']([A-Z]{0,3})(\d{1,7})[\"'][^<>]*>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _check_workbook(name: str, data: bytes) -> dict[str, Places]:
    """Return the cells with errors by sheet; raise BrokenFile for a workbook that would not fit into memory.

    Nothing is unpacked whole before it is checked.
    """
    too_large = BrokenFile(
        name, "would unpack to far more than a list of people or dates needs; it may be an attack.",
        "Open it in Excel, copy the table into a new workbook and save that.",
    )  # fmt: skip
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        raise _damaged(name) from None
    declared = sum(each.file_size for each in members)
    if len(members) > MOST_MEMBERS or declared > min(LARGEST_UNPACKED, max(LARGEST_RATIO * len(data), 1_000_000)):
        raise too_large
    errors: dict[str, Places] = {}
    known: dict[str, str] = {}
    for member in members:
        scan = _SheetScan(name) if member.filename.startswith("xl/worksheets/") else None
        keep = member.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        size, content = 0, b""
        for chunk in _unpacked(name, data, member):
            size += len(chunk)
            if size > member.file_size:  # it holds more than it declares
                raise too_large
            if scan:
                scan.look(chunk)
            if keep:
                content += chunk
        if scan:
            errors[member.filename] = scan.errors
        if keep:
            known[member.filename] = content.decode("utf-8", "replace")
    if "xl/workbook.xml" not in known:
        raise BrokenFile(name, "is a zip file, but no .xlsx workbook.", "Save the table as .xlsx or as CSV.")
    return {title: errors.get(file, []) for title, file in _sheet_files(known).items()}


def _unpacked(name: str, data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes of a member piece by piece, beyond its declared size, where zipfile itself stops."""
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged(name)
    try:
        lengths: tuple[int, int] = struct.unpack_from("<HH", data, member.header_offset + 26)
        start = member.header_offset + 30 + sum(lengths)
        packed = memoryview(data)[start : start + member.compress_size]
        if member.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed)
            return
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        for begin in range(0, len(packed), 1 << 14):
            waiting: bytes | memoryview = packed[begin : begin + (1 << 14)]
            while waiting:
                yield inflate.decompress(waiting, 1 << 18)
                waiting = inflate.unconsumed_tail
    except (struct.error, zlib.error):
        raise _damaged(name) from None


def _damaged(name: str) -> BrokenFile:
    return BrokenFile(name, "is damaged or protected and cannot be opened.", "Open it in Excel and save it again.")


class _SheetScan:
    """Scans the cells of a worksheet as it is unpacked: how far they reach, and which hold errors."""

    def __init__(self, name: str) -> None:
        self._name, self._rest, self._rows, self._columns = name, b"", 1, 1
        self.errors: Places = []

    def look(self, chunk: bytes) -> None:
        """Scan the next piece of the worksheet. Raises BrokenFile where its cells reach too far."""
        text = self._rest + chunk
        for found in _CELL.finditer(text):
            if found[0].endswith(b"/>"):  # formatted but empty: the reader leaves it out
                continue
            row, column = int(found[2]), _column_number(found[1])
            self._rows, self._columns = max(self._rows, row), max(self._columns, column)
            if found[1] and (b't="e"' in found[0] or b"t='e'" in found[0]):
                self.errors.append((row - 1, column - 1))
        if self._rows * self._columns > MOST_CELLS:
            raise BrokenFile(
                self._name, f"has a sheet that reaches to row {self._rows:,}, "
                f"column {column_letters(self._columns - 1)}.",
                "Delete the rows and columns beyond the table, or save the table as CSV.",
            )  # fmt: skip
        self._rest = text[text.rfind(b"<") :][-4096:] if b"<" in text else b""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_files(parts: dict[str, str]) -> dict[str, str]:
    """Return the member of the archive that holds each sheet, by the sheet's name."""
    targets = {}
    for tag in _RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", "")):
        attributes = _attributes(tag)
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    files = {}
    for tag in _SHEET.findall(parts["xl/workbook.xml"]):
        attributes = _attributes(tag)
        files[attributes.get("name", "")] = targets.get(attributes.get("id", ""), "")
    return files


def _attributes(tag: str) -> dict[str, str]:
    return {key.rpartition(":")[2]: unescape(one or other) for key, one, other in _ATTRIBUTE.findall(tag)}
