"""Tables written as CSV, JSON and workbooks: never a formula, and the text comes back as it was."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from exports import tables, workbooks
from exports.cells import FORMULA_STARTS, escape_formula, unescape_formula

DIFFICULT = [
    "=1+1", "+44 1472 300000", "-x", "@SUM(A1)", "\tq", "＝1", "'=a", "''=a", "'x", "O'Brien", "_x0041_", "a\nb",
    "a\rb", "a\x07b", " lead ", "http://example.org", "007", "1e5", "TRUE", "é\u202e", "a;=1", '"quoted"', "#12",
]  # fmt: skip
WRITERS = {"file.csv": tables.write_csv, "file.xlsx": workbooks.write_workbook}


def written(write: Callable[..., int], columns: list[str], rows: list[tuple[tables.Value, ...]]) -> bytes:
    file = io.BytesIO()
    assert write(file, columns, rows) == len(rows)
    return file.getvalue()


@pytest.mark.parametrize("name", WRITERS)
def test_difficult_text_comes_back_as_it_was(name: str) -> None:
    data = written(WRITERS[name], ["text", "number", "day"], [(each, 5, date(2017, 4, 25)) for each in DIFFICULT])
    rows = [cells for _, cells in tables.parse_table(name, data).rows]
    assert rows == [[each, "5", "2017-04-25"] for each in DIFFICULT]


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    data = written(tables.write_csv, ["text"], [(each,) for each in DIFFICULT])
    cells = [row[0] for row in csv.reader(io.StringIO(data.decode(), newline=""))]
    assert len(cells) == len(DIFFICULT) + 1
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    data = written(workbooks.write_workbook, ["text"], [(each,) for each in DIFFICULT])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


@pytest.mark.parametrize("text", DIFFICULT)
def test_guarding_can_always_be_undone(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


def test_json_brings_text_and_kinds_back_and_holds_nothing_a_terminal_obeys() -> None:
    rows: list[tuple[tables.Value, ...]] = [(each, True, None, 7) for each in [*DIFFICULT, "\x9b2J", "\x1b[2J"]]
    data = written(tables.write_json, ["text", "yes", "nothing", "number"], rows)
    assert [tuple(each.values()) for each in json.loads(data)] == rows
    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(data.decode())
    assert json.loads(written(tables.write_json, ["text"], [])) == []


def test_days_and_times_are_written_as_they_are_typed() -> None:
    row = (date(2017, 4, 25), datetime(2017, 4, 25, 9, 30), time(9, 30), False, None, -5)
    data = written(tables.write_csv, list("abcdef"), [row])
    assert data == b"a,b,c,d,e,f\r\n2017-04-25,2017-04-25 09:30,09:30,no,,-5\r\n"


def test_the_same_rows_make_the_same_workbook() -> None:
    assert written(workbooks.write_workbook, ["a"], [("b",)]) == written(workbooks.write_workbook, ["a"], [("b",)])


def test_a_text_that_no_cell_holds_is_refused_and_its_cell_named() -> None:
    with pytest.raises(workbooks.WorkbookTooLarge, match=r"32,768 characters.*B3.*\.csv"):
        written(workbooks.write_workbook, ["a", "b"], [("", ""), ("", "x" * 32_768)])
