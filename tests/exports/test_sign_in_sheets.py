"""Sign-in sheets: what stands on them, and that a filled one comes back."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from pypdf import PdfReader

from db.records.attendance import SignInLine, SignInSheet
from exports import sign_in_sheets, tables
from exports.pdf import LettersMissing

BO = SignInLine("#1", "Łukasz D’Souza-Wójcik", "=SUM(A1)", "", None, "no nuts", "hearing loop")
AL = SignInLine("#2", "Al Barnes", "Humber Police", "late", 150, "", "")
SHEET = SignInSheet(
    "BR-90", 2, "BR-90 Being Restorative & more", "Session 2: Mon 12 Jun 2017, 09:30-12:30", "Ruth B", False, (BO, AL)
)


def text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_the_printed_sheet_has_everybody_as_typed_and_lines_for_the_unannounced() -> None:
    printed = text(sign_in_sheets.render_sign_in_pdf(SHEET))
    for piece in (SHEET.title, SHEET.about, "With Ruth B", BO.name, BO.organisation, AL.name, "Signature", "\n5"):
        assert piece in printed


@pytest.mark.parametrize("needs", [False, True])
def test_needs_stand_on_a_sheet_only_when_asked_for(needs: bool) -> None:
    sheet = replace(SHEET, with_needs=needs)
    assert ("no nuts" in text(sign_in_sheets.render_sign_in_pdf(sheet))) is needs
    table = tables.parse_table("sheet.xlsx", sign_in_sheets.render_sign_in_workbook(sheet))
    assert ("Dietary needs" in table.headings, "hearing loop" in table.rows[0][1]) == (needs, needs)


def test_a_long_list_goes_on_over_pages_with_its_headings() -> None:
    many = replace(SHEET, lines=tuple(replace(AL, name=f"Person {n}") for n in range(60)))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(sign_in_sheets.render_sign_in_pdf(many))).pages]
    assert len(pages) > 2
    assert all("Organisation" in page for page in pages)
    assert "Person 59" in "".join(pages)


def test_the_workbook_comes_back_as_it_was_written_and_holds_no_formula() -> None:
    table = tables.parse_table("sheet.xlsx", sign_in_sheets.render_sign_in_workbook(SHEET))
    assert table.headings == sign_in_sheets.COLUMNS
    assert [cells for _, cells in table.rows] == [
        ["BR-90", "2", "#1", BO.name, "=SUM(A1)", "", "", ""],
        ["BR-90", "2", "#2", "Al Barnes", "Humber Police", "", "late", "150"],
    ]


def test_the_same_sheet_is_the_same_bytes() -> None:
    assert sign_in_sheets.render_sign_in_pdf(SHEET) == sign_in_sheets.render_sign_in_pdf(SHEET)
    assert sign_in_sheets.render_sign_in_workbook(SHEET) == sign_in_sheets.render_sign_in_workbook(SHEET)


@pytest.mark.parametrize("name", ["王 Wang", "محمد الحسن", "प्रिया शर्मा", "ירון כהן"])
def test_a_name_that_cannot_be_printed_in_its_own_letters_is_refused(name: str) -> None:
    with pytest.raises(LettersMissing, match=r"cannot be printed in its own letters.* Nothing was written"):
        sign_in_sheets.render_sign_in_pdf(replace(SHEET, lines=(replace(AL, name=name),)))


@pytest.mark.parametrize("name", ["Łukasz Świątek", "Đặng Nguyễn", "Χαρά Παπαδοπούλου", "Олена Шевченко", "ꞍŊ Ọlá"])
def test_a_name_of_another_alphabet_is_printed_in_its_own_letters(name: str) -> None:
    assert name in text(sign_in_sheets.render_sign_in_pdf(replace(SHEET, lines=(replace(AL, name=name),))))


def test_a_sign_that_is_no_letter_is_visibly_missing() -> None:
    printed = text(sign_in_sheets.render_sign_in_pdf(replace(SHEET, lines=(replace(AL, name="Wang \U0001f984"),))))
    assert "Wang \N{REPLACEMENT CHARACTER}" in printed


def test_a_long_heading_of_many_ampersands_is_not_cut_within_one() -> None:
    data = sign_in_sheets.render_sign_in_workbook(replace(SHEET, title="x" + "&" * 300))
    page = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    head = re.search("<oddHeader>(.*)</oddHeader>", page)
    assert head
    assert head[1].replace("&amp;", "&").removeprefix("&L").count("&") % 2 == 0
