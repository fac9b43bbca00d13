"""Reports on paper, with charts.

Figures are cut to fit one page, saying how many lines are left out; lists of people take as many pages as they need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from db.records.reports import Report, ReportCell
from exports.pdf import LARGE, SMALL, PdfDocument

ROW, GAP, HEAD = 3.7, 1.5, 4.4
GUTTER, FOOT = 8, 20
"""Millimetres: a line of a table, the space above a table, its heading; the space between two columns, and the
page's foot."""
HIGH, LONGEST, PLAIN_BAR, LEAST_BAR = 12, 50, 22, 10
"""Millimetres: the highest month, the longest bar, the usual bar beside long names, the shortest bar worth drawing."""
LEAST_NAME, FEWEST = 40, 3
"""Millimetres kept for names, and lines kept of every table."""
INK, QUIET, LINE, BAR = (27, 31, 36), (87, 96, 106), (208, 215, 222), (31, 111, 139)
HIDDEN = ("source", "person")


@dataclass(frozen=True, slots=True)
class ReportStyle:
    """The wording and the priorities of a printed report.

    `headings` are the words for columns, `percents` the columns in percent and `no_data` the words for no answers.
    Columns
    in `leaving` are dropped first where room is short, and tables whose heading begins as in `cut_first` are cut first.
    """

    headings: dict[str, str]
    percents: Sequence[str]
    no_data: str
    leaving: Sequence[str]
    cut_first: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of a report; `narrow` where it fits into half the page, `more` counts the lines cut."""

    by: str
    rows: list[tuple[ReportCell, ...]]
    narrow: bool = False
    more: int = 0

    @property
    def high(self) -> float:
        """The height of the table in millimetres."""
        return GAP + HEAD + ROW * (len(self.rows) + bool(self.more))


def render_report_pdf(found: Report, heading: str, style: ReportStyle) -> bytes:
    """Return the report as a PDF."""
    page = PdfDocument(title=f"{found.title}, {found.period}".rstrip(", "), foot=heading, numbered=True)
    page.set_text_color(*INK)
    page.line_of(found.title, size=LARGE)
    page.set_text_color(*QUIET)
    page.line_of(heading, size=SMALL)
    page.set_text_color(*INK)
    _trend(page, found)
    tables = [_Table(str(by), list(rows)) for by, rows in groupby(found.rows, key=lambda row: row[0])]
    remarks = " ".join(found.notes)
    notes = ROW * (1 + len(remarks) // 115) + GAP
    room = page.h - page.get_y() - FOOT - notes
    if "person" not in found.columns and _high(_blocks(tables)) > room:
        tables = [_Table(each.by, each.rows, _is_narrow(page, found, each, style)) for each in tables]
        tables = _cut(tables, found, style, room)
    wide = page.w - 2 * page.l_margin
    for block in _blocks(tables):
        top, left = page.get_y(), _left(block)
        _draw_column(page, found, block[:left], style, (wide - GUTTER) / 2 if block[0].narrow else wide)
        end = page.get_y()
        if block[left:]:
            page.set_left_margin(page.l_margin + (wide + GUTTER) / 2)
            page.set_xy(page.l_margin, top)
            _draw_column(page, found, block[left:], style, (wide - GUTTER) / 2)
            page.set_left_margin(page.l_margin - (wide + GUTTER) / 2)
            page.set_xy(page.l_margin, max(end, page.get_y()))
    if not tables:
        page.ln(GAP)
        page.line_of("Nothing to report.", size=SMALL)
    page.ln(GAP)
    page.set_text_color(*QUIET)
    page.set_font(page.font_family, size=SMALL - 1)
    page.multi_cell(0, ROW, page.shown(remarks), align="L", new_x="LMARGIN", new_y="NEXT")
    return page.data()


def _is_narrow(page: PdfDocument, found: Report, table: _Table, style: ReportStyle) -> bool:
    """Return whether all columns of the table, and its names hardly cut, fit into half the page."""
    half = (page.w - 2 * page.l_margin - GUTTER) / 2
    names = max(page.get_string_width(page.shown(str(row[1]))) for row in table.rows)
    columns = _columns(page, found, table, style, half)
    return sum(columns.values()) + min(names, LEAST_NAME) <= half and len(columns) <= 3 and names <= half


def _blocks(tables: Sequence[_Table]) -> list[list[_Table]]:
    """Group the tables: narrow ones that follow each other share a block of two columns, each other one is a block."""
    found: list[list[_Table]] = []
    for table in tables:
        if found and table.narrow and found[-1][-1].narrow:
            found[-1].append(table)
        else:
            found.append([table])
    return found


def _left(block: Sequence[_Table]) -> int:
    """Return the number of tables in a block's left column that makes the block as low as possible."""
    return min(range(1, len(block) + 1), key=lambda left: max(_sum(block[:left]), _sum(block[left:])))


def _high(blocks: Sequence[Sequence[_Table]]) -> float:
    return sum(max(_sum(block[: _left(block)]), _sum(block[_left(block) :])) for block in blocks)


def _sum(tables: Sequence[_Table]) -> float:
    return sum(table.high for table in tables)


def _cut(tables: list[_Table], found: Report, style: ReportStyle, room: float) -> list[_Table]:
    """Cut the smallest lines of long tables until all tables fit the page."""
    tables = list(tables)
    bars = found.columns.index(found.bars) if found.bars in found.columns else 0

    def size(row: tuple[ReportCell, ...]) -> float:
        value = row[bars]
        return value if isinstance(value, int | float) else 0

    while _high(_blocks(tables)) > room:
        long = [place for place, table in enumerate(tables) if len(table.rows) > FEWEST]
        if not long:
            break
        first = [place for place in long if tables[place].by.startswith(tuple(style.cut_first))]
        place = max(first or long, key=lambda each: len(tables[each].rows))
        table = tables[place]
        least = min(range(len(table.rows)), key=lambda number: (size(table.rows[number]), -number))
        rows = [*table.rows[:least], *table.rows[least + 1 :]]
        tables[place] = _Table(table.by, rows, table.narrow, table.more + 1)
    return tables


def _trend(page: PdfDocument, found: Report) -> None:
    """Draw a chart of the people who attended, one bar for each month."""
    most = max((people for _, people in found.trend), default=0)
    if not most:
        return
    page.ln(GAP)
    page.set_font(page.font_family, size=SMALL)
    page.cell(0, HEAD, "People who attended, by month", new_x="LMARGIN", new_y="NEXT")
    top, step = page.get_y() + ROW, min((page.w - 2 * page.l_margin) / len(found.trend), 15)
    page.set_fill_color(*BAR)
    for place, (month, people) in enumerate(found.trend):
        high, x = HIGH * people / most, page.l_margin + place * step
        if people:
            page.rect(x, top + HIGH - high, step - 3, high, style="F")
        for y, text in (
            (top + HIGH - high - ROW, f"{people:,}"),
            (top + HIGH, f"{date.fromisoformat(month + '-01'):%b}"),
        ):
            page.set_xy(x - 1.5, y)
            page.cell(step, ROW, text, align="C")
    page.set_xy(page.l_margin, top + HIGH + ROW)


def _draw_column(page: PdfDocument, found: Report, tables: Sequence[_Table], style: ReportStyle, wide: float) -> None:
    """Draw tables below each other; column headings are left out where they are those of the table before."""
    before: dict[str, float] = {}
    for table in tables:
        columns = _columns(page, found, table, style, wide)
        _draw(page, found, table, style, wide, columns, said=table.narrow and columns == before)
        before = columns


def _draw(
    page: PdfDocument,
    found: Report,
    table: _Table,
    style: ReportStyle,
    wide: float,
    columns: dict[str, float],
    *,
    said: bool,
) -> None:
    values = [row[found.columns.index(found.bars)] if found.bars in found.columns else None for row in table.rows]
    numbers = [value if isinstance(value, int | float) else None for value in values]
    most = 100 if found.bars in style.percents else max((value for value in numbers if value), default=0)
    names = max(page.get_string_width(page.shown(str(each))) for each in (table.by, *(row[1] for row in table.rows)))
    left = wide - sum(columns.values())
    bar = min(max(left - names - 5, PLAIN_BAR), left - LEAST_NAME, LONGEST) if most else 0
    bar = bar if bar >= LEAST_BAR else 0
    name = wide - sum(columns.values()) - bar
    page.ln(GAP)
    if page.get_y() + HEAD + 3 * ROW > page.h - FOOT:
        page.add_page()
    _heading(page, table, {} if said else columns, name, wide, style)
    for row, value in zip(table.rows, numbers, strict=True):
        if page.get_y() + ROW > page.h - FOOT:
            page.add_page()
            _heading(page, table, columns, name, wide, style)
        cells = dict(zip(found.columns, row, strict=True))
        page.cell(name, ROW, _within(page, str(row[1]), name - 2))
        for column, its in columns.items():
            page.cell(its, ROW, page.shown(_cell_text(found, cells, column, style)), align="R")
        if bar and value:
            page.set_fill_color(*BAR)
            page.rect(
                page.get_x() + 2, page.get_y() + 0.9, max((bar - 3) * min(value / most, 1), 0.3), ROW - 1.8, style="F"
            )
        page.set_xy(page.l_margin, page.get_y() + ROW)
        page.set_draw_color(*LINE)
        page.line(page.l_margin, page.get_y(), page.l_margin + wide, page.get_y())
    if table.more:
        page.set_text_color(*QUIET)
        page.cell(0, ROW, f"and {table.more:,} more", new_x="LMARGIN", new_y="NEXT")
        page.set_text_color(*INK)


def _heading(
    page: PdfDocument, table: _Table, columns: dict[str, float], name: float, wide: float, style: ReportStyle
) -> None:
    page.set_font(page.font_family, size=SMALL + 1)
    page.set_text_color(*BAR)
    by = table.by[:1].upper() + table.by[1:]
    room = name if columns else wide
    page.cell(room, HEAD, _within(page, by, room - 2))
    page.set_font(page.font_family, size=SMALL)
    page.set_text_color(*QUIET)
    for column, its in columns.items():
        page.cell(its, HEAD, page.shown(_word(column, style)), align="R")
    page.set_text_color(*INK)
    page.set_xy(page.l_margin, page.get_y() + HEAD)
    page.set_draw_color(*QUIET)
    page.line(page.l_margin, page.get_y(), page.l_margin + wide, page.get_y())


def _columns(page: PdfDocument, found: Report, table: _Table, style: ReportStyle, wide: float) -> dict[str, float]:
    """Return the columns with any value in this table, as many as there is room for, with their widths."""
    page.set_font(page.font_family, size=SMALL)
    asked = [dict(zip(found.columns, row, strict=True)) for row in table.rows]
    widths = {}
    for column in found.columns[2:]:
        texts = [page.shown(_cell_text(found, row, column, style)) for row in asked]
        if column not in HIDDEN and any(each not in ("", "-") for each in texts):
            widths[column] = max(page.get_string_width(each) for each in (_word(column, style), *texts)) + 3
    for leaving in style.leaving:
        if sum(widths.values()) + LEAST_NAME > wide:
            widths.pop(leaving, None)
    return widths


def _word(column: str, style: ReportStyle) -> str:
    return style.headings.get(column, column.replace("_", " "))


def _cell_text(found: Report, row: dict[str, ReportCell], column: str, style: ReportStyle) -> str:
    value = row[column]
    if value is None:
        if column == "percent":
            return style.no_data if row.get("invited") is not None else ""
        return "-" if column in style.percents else ""
    if column in style.percents:
        return f"{value} %"
    return f"{value:,}" if isinstance(value, int | float) else value


def _within(page: PdfDocument, text: str, width: float) -> str:
    """Return the text, cut to a width in millimetres."""
    shown = page.shown(text)
    if page.get_string_width(shown) <= width:
        return shown
    while shown and page.get_string_width(shown + "…") > width:
        shown = shown[:-1]
    return shown + "…"
