"""The table of a report: its figures in as many columns, with bars, as there is room for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from csc_tui.base.text import clean_text
from csc_tui.window.widgets.charts import share_bar
from csc_tui.window.widgets.pieces import Piece, Pieces
from csc_tui.window.widgets.record_table import GAP, GUTTER, Column, RecordTable
from db.records.reports import Report, ReportCell, ReportTarget

NAME, SHORT_NAME, LEAST_NAME, BAR, LEAST_BAR = 30, 24, 18, 24, 8
"""Cells of a name (wide, wide enough before the bar gives way, least) and of a bar (most, least)."""
TEXTS = {"stage": 10, "email": 26, "team": 22, "role": 8, "completed": 10, "needs": 16}
"""Columns of words -> their width in cells."""
HIDDEN = ("person", "source")
STANDING_TONES = {"in date": "good", "due": "warning", "out": "error", "never": "muted"}
AGREEMENT = ("agree", "answered", "invited")


@dataclass(frozen=True, slots=True)
class FigureWording:
    """The words of a report: headings, columns in percent, letters of standings, the word for no data, and the columns
    that a narrow table drops first.
    """

    headings: dict[str, str]
    percents: Sequence[str]
    letters: dict[str, str]
    no_data: str
    leaving: Sequence[str]


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One row of a report, with its cells by the names of its columns."""

    group: str
    name: str
    cells: tuple[tuple[str, ReportCell], ...]
    target: ReportTarget | None

    @property
    def key(self) -> str:
        return f"{self.group}|{self.name}|{self.said('stage')}|{self.said('person')}"

    def said(self, column: str) -> ReportCell:
        return next((value for name, value in self.cells if name == column), None)


class FigureTable(RecordTable[FigureLine]):
    """Draws whichever report it is given; rows of a person can be selected."""

    HELP = "Enter opens the course, team, year or person of a line."

    def __init__(
        self,
        wording: Callable[[Report], FigureWording],
        *,
        pointing: Callable[[], None] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(
            [Column("Figure", _name, LEAST_NAME)],
            lambda line: line.key,
            group=lambda line: line.group,
            empty="Nothing to report.",
            markable=True,
            pointing=pointing,
            id=id,
        )
        self._wording = wording
        self._report: Report | None = None
        self._fitted = 0
        self._legend = ""

    def show_report(self, found: Report, *, empty: str, from_top: bool) -> None:
        self._report, self._fitted = found, 0
        self._fit_columns()
        self.show(figure_lines(found), empty=empty, from_top=from_top)

    @property
    def legend(self) -> str:
        """The meaning of numbered columns, as `(1) SOS-INTRO, (2) BR`; empty where the codes fit."""
        return self._legend

    def on_resize(self) -> None:
        self._fit_columns()
        super().on_resize()

    def _fit_columns(self) -> None:
        if self._report is not None and self.size.width and self._fitted != self.size.width:
            self._fitted = self.size.width
            columns, self._legend = fitted_columns(self._report, self._wording(self._report), self.size.width)
            self.set_columns(columns)
            self._report_pointed()


def figure_lines(found: Report) -> list[FigureLine]:
    targets = found.targets or (None,) * len(found.rows)
    return [
        FigureLine(str(row[0]), str(row[1]), tuple(zip(found.columns[2:], row[2:], strict=True)), target)
        for row, target in zip(found.rows, targets, strict=True)
    ]


def fitted_columns(found: Report, wording: FigureWording, width: int) -> tuple[list[Column[FigureLine]], str]:
    """Return the columns and the legend of a table this wide.

    Where room is short, some columns come on a further page, then the bar is left out, and then codes become numbers.
    """
    lines = figure_lines(found)
    columns = {name: _column(found, wording, name, lines) for name in _shown(found)}
    room = width - GUTTER - 2

    def spare(bar_: int) -> int:
        return room - sum(each.width + GAP for each in columns.values()) - (bar_ + GAP if bar_ else 0)

    drawn = any(isinstance(line.said(found.bars), int | float) for line in lines)
    longest = max((len(line.name) for line in lines), default=0)
    further: dict[str, Column[FigureLine]] = {}

    def put_off(name: str) -> None:
        if name in columns:
            further[name] = replace(columns.pop(name), from_width=width + 1)

    for name in wording.leaving:
        if spare(LEAST_BAR * drawn) < min(longest, NAME):
            put_off(name)
    drawn = drawn and spare(LEAST_BAR) >= min(longest, SHORT_NAME)
    legend = ""
    if spare(0) < LEAST_NAME and found.name == "compliance":
        codes = list(columns)[list(columns).index("reached") + 1 :]
        for number, code in enumerate(codes, 1):
            said = columns[code].text
            columns[code] = Column(
                f"({number})", said, _wide(f"({number})", [_words(said(each)) for each in lines]), right=True
            )
        for name in ("reached", "people"):
            if spare(0) < LEAST_NAME:
                put_off(name)
    while len(columns) > 1 and spare(0) < LEAST_NAME:  # on a further page rather than drawn half
        put_off(list(columns)[-1])
    if found.name == "compliance":
        titles = {name: each.title for name, each in (columns | further).items()}
        numbered = [(titles[name], name) for name in _shown(found) if titles.get(name, "").startswith("(")]
        legend = ", ".join(f"{number} {code}" for number, code in numbered) + "." * bool(numbered)
    name_width = max(min(longest, spare(LEAST_BAR * drawn)), LEAST_NAME)
    found_columns = [Column("", _name, name_width, share=0 if drawn else 1, name="Name"), *columns.values()]
    if drawn:
        bar_width = max(min(spare(0) - GAP - name_width, BAR), LEAST_BAR)
        found_columns.append(Column("", _bar(found, lines, bar_width), bar_width, share=1))
    waiting = [further[name] for name in _shown(found) if name in further]
    return [*found_columns, *waiting], legend


def _name(line: FigureLine) -> str:
    return line.name


def _shown(found: Report) -> list[str]:
    """Return the names of the columns with any content; those of an agreement count as one."""
    names = []
    asked = found.columns.index("invited") if "invited" in found.columns else 0
    for place, name in enumerate(found.columns[2:], 2):
        place = asked if name == "percent" and asked else place  # 0% is shown where nobody answered
        if name in HIDDEN or (name in AGREEMENT and name != "agree"):
            continue
        if found.name == "compliance" or any(row[place] not in (None, "") for row in found.rows):
            names.append("asked" if name == "agree" else name)
    if found.name == "headline":  # its shares stand in the columns of its people
        names = [name for name in names if name not in ("asked", "percent")]
    return names


def _column(found: Report, wording: FigureWording, name: str, lines: Sequence[FigureLine]) -> Column[FigureLine]:
    heading = wording.headings.get(name, name.replace("_", " "))
    if name in TEXTS:
        return Column(heading, lambda line: [(clean_text(line.said(name)), "muted")], TEXTS[name])
    if name == "asked":
        return Column("of", _agreement, _wide("of", [_words(_agreement(line)) for line in lines]), right=True)

    def text(line: FigureLine) -> Pieces:
        return _figure(found, wording, line, name)

    def order(line: FigureLine) -> int | float | None:
        value = line.said(name)
        return value if isinstance(value, int | float) else None

    width = _wide(heading, [_words(text(line)) for line in lines])
    numbers = any(isinstance(line.said(name), int | float) for line in lines)
    return Column(heading, text, width, right=True, highest_first=numbers, order=order if numbers else None)


def _wide(heading: str, words: Sequence[str]) -> int:
    return max(len(heading), *map(len, words), 1)


def _words(pieces: Pieces) -> str:
    return pieces if isinstance(pieces, str) else "".join(text for text, _ in pieces)


def _agreement(line: FigureLine) -> Pieces:
    """Return `95/118/161`: people who agree, who answered, who were asked."""
    if line.said("invited") is None:
        return ""
    return [("/".join(f"{line.said(each) or 0:,}" for each in AGREEMENT), "muted")]


def _figure(found: Report, wording: FigureWording, line: FigureLine, name: str) -> Pieces:
    if found.name == "headline" and line.said("invited") is not None and name in ("people", "since_start"):
        return _percent(line, line.said("percent"), wording) if name == "people" else _agreement(line)
    value = line.said(name)
    if name == "percent":
        return "" if line.said("invited") is None else _percent(line, value, wording)
    if name in wording.percents:
        return "-" if value is None else f"{value} %"
    if isinstance(value, str) and value in wording.letters and found.name == "compliance":
        return [(wording.letters[value], STANDING_TONES[value])]
    if name == "baseline":
        return [(clean_text(value), "accent")]
    return f"{value:,}" if isinstance(value, int | float) else clean_text(value)


def _percent(line: FigureLine, value: ReportCell, wording: FigureWording) -> Pieces:
    return [(wording.no_data, "muted")] if value is None else [(f"{value} %", "strong")]


def _bar(found: Report, lines: Sequence[FigureLine], width: int) -> Callable[[FigureLine], Pieces]:
    of_percents = found.bars in ("percent", "attendance", "reached", "filled")
    most: dict[str, float] = {}
    for line in lines:
        value = line.said(found.bars)
        if isinstance(value, int | float):
            most[line.group] = max(most.get(line.group, 0), value)

    def drawn(line: FigureLine) -> list[Piece]:
        value = line.said(found.bars)
        if not isinstance(value, int | float):
            return []
        return share_bar(value, 100 if of_percents else most[line.group], width, rest=of_percents)

    return drawn
