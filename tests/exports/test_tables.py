"""Tables come out of files as they were typed, and a file that is broken as a file says where."""

import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from db.errors import WrongUse
from exports import tables
from exports.table_search import BrokenFile, column_letters
from exports.tables import parse_table
from exports.workbook_files import ERROR_CELL


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """An .xlsx with these sheets, dates and times formatted as Excel does."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    formats = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        time: book.add_format({"num_format": "hh:mm"}),
        timedelta: book.add_format({"num_format": "[h]:mm"}),
    }
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value == "#N/A":
                    sheet.write_formula(i, j, "=NA()", None, "#N/A")
                else:
                    sheet.write(i, j, value, *([formats[type(value)]] if type(value) in formats else []))
    book.close()
    return held.getvalue()


def cells(data: bytes, sheet: str = "") -> list[list[str]]:
    return [row for _, row in parse_table("file", data, sheet=sheet).rows]


def test_rows_are_numbered_as_a_spreadsheet_does_and_blank_ones_left_out() -> None:
    table = parse_table("a.csv", b'\r\nName,Town\r\nAnn,"Hull\r\n(North)"\r\n,\r\n\r\nBo,York\r\n')
    assert table.headings == ("Name", "Town")
    assert table.rows == [(3, ["Ann", "Hull\r\n(North)"]), (6, ["Bo", "York"])]
    assert table.remarks == ()


@pytest.mark.parametrize(
    ("data", "remark"),
    [
        ("Name\nZoë\n".encode(), ""),
        ("\ufeffName\nZoë\n".encode(), ""),
        ("\ufeffName\nZoë\n".encode("utf-16-le"), "UTF-16"),
        ("\ufeffName\nZoë\n".encode("utf-16-be"), "UTF-16"),
        ("Name\nZoë\n".encode("cp1252"), "Windows-1252"),
    ],
)
def test_the_encoding_is_found_and_said_unless_it_is_utf_8(data: bytes, remark: str) -> None:
    table = parse_table("a.csv", data)
    assert table.headings == ("Name",)
    assert table.rows == [(2, ["Zoë"])]
    assert [remark in each for each in table.remarks] == ([True] if remark else [])


def test_windows_text_shows_a_word_to_check_and_its_line() -> None:
    (remark,) = parse_table("a.csv", "Name\nAnn\nSiobhán\n".encode("cp1252")).remarks
    assert "'Siobhán' in line 3" in remark


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_marks_between_cells_are_read_and_said(mark: str, word: str) -> None:
    table = parse_table("a.csv", f"Name{mark}Town\nAnn{mark}Hull, York\n".encode())
    assert table.rows == [(2, ["Ann", "Hull, York"])]
    assert word in table.remarks[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\r\n , \r\n", "is empty"),
        (b"Name,Town\nAnn\n", "row 2 has 1 cell,"),
        (b"Name,Town\nAnn,Hull\nBo,York,Leeds\n", "row 3 has 3 cells"),
        (b"E-mail,Name,e-mail\na,b,c\n", "columns A and C"),
        (b"Name,Town\nAnn,Hu\0ll\n", "row 2, column B"),
        ("Name\nAnn\n".encode("utf-16-le"), "UTF-16 without its marker"),
        (b"\xff\xfeN", "is marked as UTF-16"),
        ("Name\nZoë\nAnn ".encode() + b"\xe9\n", "in line 3"),
        (b"Name\nAnn\n\x81\x8d\n", "line 3"),
        (b'Name,Town\nAnn,"Hull\nBo,York\n', "quotation mark"),
        (b'Name,Town\nAnn,"Hull"s\n', "row 2"),
        (b"Name\n" + b"x" * 200_000 + b"\n", "too long"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_a_file_broken_as_a_file_is_refused_whole_with_the_place(data: bytes, said: str) -> None:
    with pytest.raises(BrokenFile) as refused:
        parse_table("a.csv", data)
    assert said in str(refused.value)
    assert "Nothing was imported." in str(refused.value)


def test_a_column_without_a_heading_is_left_out_and_said() -> None:
    table = parse_table("a.csv", b"Name,,Town,\nAnn,old,Hull,\n")
    assert table.headings == ("Name", "", "Town")
    assert "Column B" in table.remarks[0]


def test_excel_values_come_as_they_would_be_typed() -> None:
    typed = [
        100000, 1.5, True, date(2017, 4, 25), datetime(2017, 4, 25, 9, 30), time(9, 30), timedelta(hours=9), " Zoë ",
        "#N/A", "007",
    ]  # fmt: skip
    data = workbook(("Programme", [[f"H{n}" for n in range(10)], typed]))
    assert cells(data) == [
        [
            "100000",
            "1.5",
            "Yes",
            "2017-04-25",
            "2017-04-25 09:30",
            "09:30",
            "09:00",
            " Zoë ",
            ERROR_CELL,
            "007",
        ]
    ]


def test_rows_of_a_table_that_starts_lower_keep_their_numbers() -> None:
    data = workbook(("A", [[], [], ["Name"], [], ["Ann"]]))
    assert parse_table("a.xlsx", data).rows == [(5, ["Ann"])]


def test_a_title_above_the_headings_is_passed_over_and_said() -> None:
    data = workbook(("A", [["Programme 2017/18"], ["Name", "Town"], ["Ann", "Hull"]]))
    table = parse_table("a.xlsx", data)
    assert (table.headings, table.rows) == (("Name", "Town"), [(3, ["Ann", "Hull"])])
    assert table.remarks == ("a.xlsx: row 1 above the headings was not read ('Programme 2017/18').",)


REPORT = """Report: Employee listing
Run date: 10/04/2017,,
,,
Surname,Work email,Team
Aldous,a@x.org,Duty
Surname,Work email,Team
Bolam,b@x.org,Duty
Total records: 2
"""


def test_titles_above_totals_below_and_repeated_headings_are_told_and_left_out() -> None:
    table = parse_table("a.csv", REPORT.encode())
    assert table.rows == [(5, ["Aldous", "a@x.org", "Duty"]), (7, ["Bolam", "b@x.org", "Duty"])]
    assert [each.partition("(")[2].partition(")")[0] for each in table.remarks] == [
        "'Report: Employee listing'", "'Surname Work email Team'", "'Total records: 2'",
    ]  # fmt: skip


@pytest.mark.parametrize("foot", ["Total,,2", "TOTAL", "Grand total,2,14", "Printed 10/04/2017", "Page 1 of 1", "-- "])
def test_a_line_of_totals_below_is_no_row(foot: str) -> None:
    table = parse_table("a.csv", f"Name,Town,Age\nAnn,Hull,7\nBo,York,7\n{foot}\n".encode())
    assert [number for number, _ in table.rows] == [2, 3]
    assert len(table.remarks) == 1


def test_somebody_called_total_is_a_row() -> None:
    assert len(parse_table("a.csv", b"Name,Town\nAnn,Hull\nTotal,York\n").rows) == 2


def test_of_several_sections_the_one_with_known_headings_is_read() -> None:
    text = "1. Summary\nTitle\tModule 1\nStart\t09:28\n\n2. Participants\nName\tEmail\tRole\n"
    text += "Ann\ta@x.org\tGuest\n\n3. Activities\nName\tJoin\tEmail\nAnn\t09:30\ta@x.org\n"
    table = parse_table("a.csv", text.encode("utf-16"), is_heading=lambda cell: cell in ("Name", "Email", "Role"))
    assert (table.headings, table.rows) == (("Name", "Email", "Role"), [(7, ["Ann", "a@x.org", "Guest"])])
    assert "3 lines of other sections below it were not read" in table.remarks[-1]


@pytest.mark.parametrize("first", ["#TYPE Selected.User", "sep=;"])
def test_a_first_line_for_programs_is_passed_over(first: str) -> None:
    assert parse_table("a.csv", f"{first}\r\nName;Town\r\nAnn;Hull\r\n".encode()).rows == [(3, ["Ann", "Hull"])]


def test_a_number_written_as_a_formula_keeps_its_zeros() -> None:
    assert cells(b'No,Name\n="00123",Ann\n"=""00124""",Bo\n') == [["00123", "Ann"], ["00124", "Bo"]]


def test_zeros_that_stand_only_in_the_format_of_a_cell_are_kept_and_said() -> None:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet, padded = book.add_worksheet("A"), book.add_format({"num_format": "00000"})
    sheet.write_row(0, 0, ["No", "Name"])
    sheet.write(1, 0, 123, padded)
    sheet.write(1, 1, "Ann")
    book.close()
    table = parse_table("a.xlsx", held.getvalue())
    assert table.rows == [(2, ["00123", "Ann"])]
    assert "123 was read as 00123" in table.remarks[0]


def test_merged_headings_on_two_lines_are_joined() -> None:
    known = {"Email", "Forename", "Surname"}.__contains__
    rows = b"Email,Who,,Session 1,,Session 2,\n,Forename,Surname,Mark,Minutes,Mark,Minutes\na@x.org,Ann,Lee,P,5,P,6\n"
    assert parse_table("a.csv", rows, is_heading=known).headings == (
        "Email", "Forename", "Surname", "Session 1 Mark", "Session 1 Minutes", "Session 2 Mark", "Session 2 Minutes",
    )  # fmt: skip
    assert parse_table("a.csv", b"Name,,Town\nForename,Surname,\nAnn,Lee,Hull\n", is_heading=known).headings == (
        "Forename", "Surname", "Town",
    )  # fmt: skip


def test_a_hidden_sheet_is_not_read_and_of_merged_cells_the_first_holds_the_text() -> None:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet, notes = book.add_worksheet("Programme"), book.add_worksheet("Notes")
    notes.hide()
    notes.write(0, 0, "Only for us")
    for place, row in enumerate((["event", "date"], ["", "25/04/2017"], ["", "26 April 2017"])):
        sheet.write_row(place, 0, row)
    sheet.merge_range(1, 0, 2, 0, "BR-01")
    book.close()
    assert cells(held.getvalue()) == [["BR-01", "25/04/2017"], ["", "26 April 2017"]]


def test_a_workbook_with_several_filled_sheets_wants_to_know_which() -> None:
    data = workbook(("Staff", [["Name"], ["Ann"]]), ("Empty", []), ("Partners", [["Name"], ["Bo"]]))
    with pytest.raises(BrokenFile, match="Staff, Partners"):
        parse_table("a.xlsx", data)
    assert cells(data, sheet="partners") == [["Bo"]]
    with pytest.raises(WrongUse, match="Staff, Empty, Partners"):
        parse_table("a.xlsx", data, sheet="Others")
    with pytest.raises(WrongUse, match="not a workbook"):
        parse_table("a.csv", b"Name\n", sheet="Staff")


def test_one_filled_sheet_among_empty_ones_is_the_one() -> None:
    assert cells(workbook(("Empty", []), ("Staff", [["Name"], ["Ann"]]))) == [["Ann"]]


def archive(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return held.getvalue()


def test_a_zip_that_is_no_workbook_says_so() -> None:
    with pytest.raises(BrokenFile, match="is a zip file"):
        parse_table("a.xlsx", archive({"letter.txt": b"Dear all"}))


def test_a_workbook_that_would_unpack_too_large_is_refused_unpacked() -> None:
    bomb = archive({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(30_000_000)})
    assert len(bomb) < 100_000
    with pytest.raises(BrokenFile, match="is far too large when unpacked for"):
        parse_table("a.xlsx", bomb)


def test_a_workbook_that_declares_less_than_it_holds_is_refused() -> None:
    bomb = bytearray(archive({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(30_000_000)}))
    place = bomb.rfind(b"PK\x01\x02")
    struct.pack_into("<I", bomb, place + 24, 1000)
    with pytest.raises(BrokenFile, match="is far too large when unpacked for"):
        parse_table("a.xlsx", bytes(bomb))


def test_a_cell_in_the_farthest_corner_is_refused_before_memory_runs_out() -> None:
    members = zipfile.ZipFile(io.BytesIO(workbook(("A", [["Name"], ["Ann"]]))))
    parts = {each: members.read(each) for each in members.namelist()}
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", corner)
    with pytest.raises(BrokenFile, match="row 1,048,576, column XFD"):
        parse_table("a.xlsx", archive(parts))


@pytest.mark.parametrize(
    "cell",
    ['<c r="xfd1048576"><v>1</v></c>', '<c r = "XFD1048576" ><v>1</v></c>', '<c r="ZZZZZZ99999999999"><v>1</v></c>'],
)
@pytest.mark.parametrize("place", ["xl/worksheets/sheet1.xml", "xl/elsewhere.xml"])
def test_a_cell_far_away_never_ends_the_program(cell: str, place: str) -> None:
    members = zipfile.ZipFile(io.BytesIO(workbook(("A", [["Name"], ["Ann"]]))))
    parts = {each: members.read(each) for each in members.namelist()}
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    parts[place] = sheet.replace(b"</sheetData>", f"<row>{cell}</row></sheetData>".encode())
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"worksheets/sheet1.xml", place.removeprefix("xl/").encode())
    with pytest.raises(BrokenFile, match="Nothing was imported"):
        parse_table("a.xlsx", archive(parts))


def test_a_file_of_commas_is_refused_before_memory_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 1000)
    with pytest.raises(BrokenFile, match="more than 1,000 cells"):
        parse_table("a.csv", b"Name" + b"," * 1001)


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
