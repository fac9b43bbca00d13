"""Reads .xlsx workbooks: checked while they are unpacked, then read in a process of its own."""

import io
import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from db.errors import WrongUse
from db.records.remedies import Remedy, RemedyKind
from exports import workbook_process
from exports.table_search import BrokenFile, column_letters

LARGEST_UNPACKED = 400_000_000
"""The most bytes a workbook may unpack to."""
LARGEST_RATIO = 200
"""How many times larger a workbook may be unpacked; the ones Excel writes stay under 30."""
MOST_MEMBERS = 2_000
MOST_CELLS = 10_000_000
"""The most cells from a sheet's corner to its last filled row and column: the reader holds them all in memory."""
ERROR_CELL = "#ERROR!"
"""The text read for a formula that gave an error; the reader itself would give an empty cell."""


@dataclass(slots=True)
class SheetMarks:
    """The cells of a sheet that the reader does not tell apart.

    `errors` are formulas without a value, `zeros` numbers that are shown with leading zeros, with their width.
    """

    errors: list[tuple[int, int]] = field(default_factory=list)
    zeros: dict[tuple[int, int], int] = field(default_factory=dict)


def read_workbook(name: str, data: bytes, sheet: str) -> tuple[list[list[str]], list[str]]:
    """Return the lines of a sheet as they would be typed, and remarks; `sheet` names one of several.

    Raises BrokenFile and WrongUse.
    """
    marks = _check_workbook(name, data)
    found = _read_apart(name, data, sheet)
    chosen = _sheet(name, found, sheet)
    lines: list[list[str]] = found["rows"]
    held = marks.get(chosen, SheetMarks())
    for row, column in held.errors:
        if row < len(lines) and column < len(lines[row]):
            lines[row][column] = ERROR_CELL
    return lines, [*_put_zeros_back(name, lines, held.zeros)]


def _put_zeros_back(name: str, lines: list[list[str]], zeros: Mapping[tuple[int, int], int]) -> Iterator[str]:
    """Write numbers with the zeros they are shown with, and yield a remark for each column of them."""
    told: dict[int, str] = {}
    for (row, column), width in zeros.items():
        if row < len(lines) and column < len(lines[row]) and lines[row][column].isdecimal():
            number = lines[row][column]
            lines[row][column] = number.zfill(width)
            if len(number) < width:
                told.setdefault(column, f"{number} was read as {number.zfill(width)}")
    for column, example in told.items():
        yield (
            f"{name}: the leading zeros in column {column_letters(column)} stand only in the format of its cells; "
            f"they were kept ({example})."
        )


def _read_apart(name: str, data: bytes, sheet: str) -> dict[str, Any]:
    """Return what the process that reads workbooks found. Raises BrokenFile where it failed or was stopped."""
    command = [sys.executable, "-P", str(Path(workbook_process.__file__)), sheet]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=2 * workbook_process.SECONDS, check=False
        )
        found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError):
        found = {}
    if not found:
        raise BrokenFile(
            name, "needs more memory or time to be read than a table does; it is damaged or made to do harm.",
            "Open it in Excel, copy the table into a new workbook and save that.",
        )  # fmt: skip
    if "fault" in found:
        raise BrokenFile(
            name, f"cannot be read as a workbook ({found['fault']}).", "Open it in Excel and save it again."
        )
    return found


def _sheet(name: str, found: Mapping[str, Any], wanted: str) -> str:
    """Return the name of the sheet that was chosen. Raises BrokenFile and WrongUse where none was."""
    chosen: list[str] = found["filled"]
    if len(chosen) == 1:
        return chosen[0]
    if wanted:
        listed = ", ".join(found["sheets"])
        raise WrongUse(f"{name} has no sheet '{wanted}'. Nothing was imported. Its sheets are: {listed}.")
    if not chosen:
        raise BrokenFile(name, "has only empty sheets.", "Check that it is the right file.")
    raise BrokenFile(name, f"has several sheets: {', '.join(chosen)}.", remedy=Remedy(RemedyKind.NAME_SHEET))


_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^<>]*?\br\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,7})[\"'][^<>]*>")
_STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d{1,5})[\"']")
_FORMAT = re.compile(r"<(?:\w+:)?numFmt\s[^<>]*>")
_FORMATS_USED = re.compile(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT_USED = re.compile(r"<(?:\w+:)?xf\s[^<>]*>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


_BOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_LARGEST_PART = 20_000_000
"""The most bytes of each part that is read whole."""


def _check_workbook(name: str, data: bytes) -> dict[str, SheetMarks]:
    """Return the marks of each sheet, by its name; raise BrokenFile for a workbook that would not fit into memory.

    Nothing is unpacked whole before it is checked.
    """
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        raise _damaged(name) from None
    declared = sum(each.file_size for each in members)
    if len(members) > MOST_MEMBERS or declared > min(LARGEST_UNPACKED, max(LARGEST_RATIO * len(data), 1_000_000)):
        raise _too_large(name)
    parts = {each.filename: b"" for each in members if each.filename in (_BOOK, _RELATIONS, _STYLES)}
    if _BOOK not in parts:
        raise BrokenFile(name, "is a zip file, but not an .xlsx workbook.", "Save the table as .xlsx or as CSV.")
    for member in members:
        if member.filename in parts:
            for chunk in _checked_chunks(name, data, member):
                parts[member.filename] += chunk
                if len(parts[member.filename]) > _LARGEST_PART:
                    raise _too_large(name)
    known = {part: content.decode("utf-8", "replace") for part, content in parts.items()}
    sheets, widths = _sheet_files(known), _zero_formats(known.get(_STYLES, ""))
    found: dict[str, SheetMarks] = {}
    for member in members:
        if member.filename not in parts:
            scan = _SheetScan(name, widths)
            is_sheet = member.filename in sheets.values() or member.filename.startswith("xl/worksheets/")
            for chunk in _checked_chunks(name, data, member):
                if is_sheet:
                    scan.look(chunk)
            found[member.filename] = scan.marks
    return {title: found.get(file, SheetMarks()) for title, file in sheets.items()}


def _checked_chunks(name: str, data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the unpacked bytes of a member. Raises BrokenFile where it holds more than it declares."""
    size = 0
    for chunk in _unpacked(name, data, member):
        size += len(chunk)
        if size > member.file_size:
            raise _too_large(name)
        yield chunk


def _too_large(name: str) -> BrokenFile:
    return BrokenFile(
        name, "is far too large when unpacked for a list of people or dates. It may be an attack.",
        "Open it in Excel, copy the table into a new workbook and save that.",
    )  # fmt: skip


def _zero_formats(styles: str) -> dict[int, int]:
    """Return the number of figures of each cell style that shows leading zeros, such as the format `00000`."""
    codes = {}
    for tag in _FORMAT.findall(styles):
        attributes = _attributes(tag)
        if re.fullmatch("0{2,40}", attributes.get("formatCode", "")):
            codes[attributes.get("numFmtId", "")] = len(attributes["formatCode"])
    used = _FORMATS_USED.search(styles)
    tags = _FORMAT_USED.findall(used[0]) if used else []
    formats = [_attributes(tag).get("numFmtId", "") for tag in tags]
    return {style: codes[code] for style, code in enumerate(formats) if code in codes}


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
    """Scans the cells of a worksheet as it is unpacked: how far they reach, and what the reader would not tell."""

    def __init__(self, name: str, zero_formats: Mapping[int, int]) -> None:
        self._name, self._rest, self._rows, self._columns = name, b"", 1, 1
        self._zero_formats = zero_formats
        self.marks = SheetMarks()

    def look(self, chunk: bytes) -> None:
        """Scan the next piece of the worksheet. Raises BrokenFile where its cells reach too far."""
        text = self._rest + chunk
        for found in _CELL.finditer(text):
            if found[0].endswith(b"/>"):  # formatted but empty: the reader leaves it out
                continue
            row, column = int(found[2]), _column_number(found[1].upper())
            self._rows, self._columns = max(self._rows, row), max(self._columns, column)
            if found[1] and (b't="e"' in found[0] or b"t='e'" in found[0]):
                self.marks.errors.append((row - 1, column - 1))
            if found[1] and self._zero_formats and (style := _STYLE.search(found[0])):
                width = self._zero_formats.get(int(style[1]))
                if width:
                    self.marks.zeros[row - 1, column - 1] = width
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
