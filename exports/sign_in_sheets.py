"""Sign-in sheets: to print (PDF), or to fill in and import again with `import marks` (XLSX)."""

import io
from datetime import datetime
from typing import TYPE_CHECKING

from db.records.attendance import MarkKind, SignInSheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook

EMPTY_LINES = 3
"""Empty lines for walk-ins."""
LINE = 9
"""Height of a line in millimetres, with room for a signature."""
COLUMNS = ("Event", "Session", "Person", "Name", "Organisation", "Signature", "Mark", "Minutes")
WIDTHS = (14, 8, 9, 28, 30, 26, 12, 9)
NEEDS = ("Dietary needs", "Access needs")


def render_sign_in_workbook(sheet: SignInSheet) -> bytes:
    """Return a workbook whose rows `import marks` reads again; the mark is picked from a list."""
    import xlsxwriter  # imported here because only a workbook needs it

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    # A fixed time stamp, so that the same sheet makes the same bytes.
    book.set_properties({"created": datetime(2017, 4, 1), "title": sheet.title})
    _fill(book, sheet)
    book.close()
    return target.getvalue()


def _fill(book: "Workbook", sheet: SignInSheet) -> None:
    page = book.add_worksheet("Register")
    bold, plain = book.add_format({"bold": True, "border": 1}), book.add_format({"border": 1, "valign": "vcenter"})
    columns = (*COLUMNS, *NEEDS) if sheet.with_needs else COLUMNS
    for place, name in enumerate(columns):
        page.set_column(place, place, WIDTHS[place] if place < len(WIDTHS) else 24)
        page.write_string(0, place, name, bold)
    for number, each in enumerate(sheet.lines, 1):
        page.set_row(number, 24)
        minutes = "" if each.minutes is None else str(each.minutes)
        cells = [sheet.event, str(sheet.session), each.person, each.name, each.organisation, "", each.mark, minutes]
        for place, text in enumerate([*cells, each.dietary, each.access_needs][: len(columns)]):
            page.write_string(number, place, text, plain)
    last = max(len(sheet.lines), 1)
    page.data_validation(1, 6, last, 6, {"validate": "list", "source": [kind.value for kind in MarkKind]})
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    # In the print header, & begins a code, and 255 characters are the most it takes.
    head = f"{sheet.title}: {sheet.about}".replace("&", "&&")
    page.set_header(f"&L{head[:240].rstrip('&')}")  # half of a && would be a code again
    page.set_footer("&C&P / &N")


def render_sign_in_pdf(sheet: SignInSheet) -> bytes:
    """Return a sheet to print and sign, with a few empty lines at its end, as a PDF."""
    from fpdf.enums import Align  # imported here because it takes 220 ms

    from exports.pdf import HEADINGS, LARGE, PLAIN, PdfDocument

    page = PdfDocument(title=sheet.title, foot=f"{sheet.event} session {sheet.session}", landscape=sheet.with_needs)
    page.line_of(sheet.title, size=LARGE)
    page.line_of(sheet.about)
    if sheet.facilitators:
        page.line_of(f"With {sheet.facilitators}")
    page.ln(4)
    page.set_font_size(PLAIN)
    headings = ["", "Name", "Organisation", *(NEEDS if sheet.with_needs else ()), "Signature"]
    widths = (8, 50, 50, 45, 45, 60) if sheet.with_needs else (8, 55, 55, 60)
    with page.table(
        col_widths=widths, text_align=Align.L, line_height=5, min_row_height=LINE, headings_style=HEADINGS
    ) as table:
        table.row(headings)
        for number, each in enumerate(sheet.lines, 1):
            needs = [each.dietary, each.access_needs] if sheet.with_needs else []
            table.row([page.shown(text) for text in (str(number), each.name, each.organisation, *needs, "")])
        for number in range(len(sheet.lines) + 1, len(sheet.lines) + 1 + EMPTY_LINES):
            table.row([str(number), *[""] * (len(headings) - 1)])
    return page.data()
