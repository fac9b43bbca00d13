"""A report as a PDF, opened and read back."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from db.records.reports import Report, ReportCell
from exports import report_pdf
from exports.report_pdf import ReportStyle

STYLE = ReportStyle({"people": "this year"}, ("percent",), "no data", ("mean",), ("team",))


def report(
    rows: list[tuple[ReportCell, ...]], columns: tuple[str, ...] = ("by", "name", "people"), **more: Any
) -> Report:
    return Report("headline", "Headline figures", "2017/18", columns, rows, "people", ("Everybody once.",), **more)


def pages(found: Report) -> list[str]:
    read = PdfReader(BytesIO(report_pdf.render_report_pdf(found, "Programme, 2017/18", STYLE)))
    return [page.extract_text() for page in read.pages]


def test_figures_names_and_notes_can_be_read_back() -> None:
    rows: list[tuple[ReportCell, ...]] = [("strand", "Signs of Safety", 2375), ("strand", "Łukasz & Co [/b]", 7)]
    (text,) = pages(report(rows, trend=(("2017-04", 61), ("2017-05", 118))))
    for said in ("Headline figures", "Programme, 2017/18", "Strand", "2,375", "Łukasz & Co [/b]", "Apr", "118",
                 "Everybody once.", "this year"):  # fmt: skip
        assert said in text, said


def test_no_answers_are_no_data_and_an_agreement_stands_with_its_numbers() -> None:
    columns = ("by", "name", "agree", "answered", "invited", "percent")
    (text,) = pages(report([("impact", "BR", 0, 0, 12, None), ("impact", "RL", 3, 4, 9, 75)], columns))
    assert "no data" in text
    assert "75 %" in text


def test_figures_stay_on_one_page_and_it_says_what_was_cut() -> None:
    rows: list[tuple[ReportCell, ...]] = [("all", "everyone", 500)]
    rows += [("course", f"Course {number}", number) for number in range(8)]
    rows += [("team", f"Team {number}", number) for number in range(300)]
    (text,) = pages(report(rows))
    assert all(f"Course {number}" in text for number in range(8))
    assert "Team 299" in text
    assert "Team 0" not in text.splitlines()
    assert "more" in text


def test_a_list_of_people_is_never_cut_and_has_the_headings_on_each_page() -> None:
    rows: list[tuple[ReportCell, ...]] = [
        ("Early Help", f"Person {number}", f"#{number}", number) for number in range(200)
    ]
    found = pages(report(rows, ("by", "name", "person", "people")))
    assert len(found) > 2
    assert all("this year" in text for text in found[:-1])
    assert "Person 199" in found[-1]
    assert sum(text.count("Person ") for text in found) == 200


@pytest.mark.parametrize("rows", [[], [("all", "", None)], [("x" * 300, "y" * 300, 10**12)], [("all", "a\x1b[2J", 0)]])
def test_nothing_and_too_much_are_drawn_all_the_same(rows: list[tuple[ReportCell, ...]]) -> None:
    assert len(pages(report(rows))) == 1


def test_the_same_report_is_the_same_bytes() -> None:
    found = report([("all", "everyone", 5)])
    assert report_pdf.render_report_pdf(found, "x", STYLE) == report_pdf.render_report_pdf(found, "x", STYLE)
