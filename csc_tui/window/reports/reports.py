"""The screen of reports: a list of reports beside the chosen one, drawn with bars, narrowed and opened by line."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from re import split
from textwrap import wrap
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.widgets import Static

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.base.text import MONTHS, clean_text, format_count
from csc_tui.core.evaluation.rules import NO_DATA
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports import queries as reports_queries
from csc_tui.core.reports.queries import ReportChoice
from csc_tui.core.reports.scope import ALL_YEARS
from csc_tui.window.booking import booking_dialogs
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.reports import save_report
from csc_tui.window.shared.data_screen import DataScreen, OpenEvent, OpenEventEvaluation, OpenPerson, WindowState
from csc_tui.window.shared.remedies import WINDOW_REMEDIES
from csc_tui.window.widgets.charts import column_chart
from csc_tui.window.widgets.figure_table import FigureLine, FigureTable, FigureWording
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Piece, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.reports import Report
from db.records.startup import Role

TITLES = {
    "headline": "Headline", "years": "Year by year", "attendance": "Attendance", "waiting": "Waiting lists",
    "organisations": "Organisations", "evaluation": "Evaluation", "modules": "Modules", "compliance": "Teams' progress",
    "invite-next": "Invite next", "hours": "Hours (CPD)", "facilitators": "Facilitators", "venues": "Venues",
}  # fmt: skip
WAYS = {"course": "By course", "event": "By event", "facilitator": "By facilitator", "year": "By year"}
VENUE, LED_BY = "venue", "with"
"""The prefixes that narrow the events, before a colon."""
EVERYTHING = ReportChoice("all", "", "Everything: every course and team")
CHOICES: tuple[Column[ReportChoice], ...] = (
    Column("", lambda choice: [(choice.key if choice.kind in ("strand", "course") else "", "accent")], 10),
    Column("", lambda choice: choice.title, 30, share=1),
    Column("", lambda choice: format_count(choice.people, "person", "people") if choice.people else "", 12, right=True),
)
GROUPS = {"all": "Everything", "strand": "Strands", "course": "Courses", "team": "Organisations and teams"}


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report and what it is narrowed to; `year` is None for every year."""

    name: str
    year: int | None
    strand: str = ""
    course: str = ""
    team: str = ""
    by: str = "course"

    def read(self, ctx: Context) -> Report:
        question = reports_queries.ReportQuestion(
            ALL_YEARS if self.year is None else programme_years.programme_year_label(self.year),
            strand=self.strand,
            course=self.course,
            by=self.by,
            team=self.team if self.name in reports_queries.TEAM_REPORTS else "",
        )
        return reports_queries.get_report(ctx, self.name, question)


def figure_wording(found: Report) -> FigureWording:
    return FigureWording(
        reports_queries.column_headings(found),
        reports_queries.PERCENT_COLUMNS,
        reports_queries.STANDING_LETTERS,
        NO_DATA,
        reports_queries.COLUMNS_DROPPED_FIRST,
    )


class ReportsScreen(DataScreen[Report]):
    PLACE = "reports"
    FIRST = "headline"
    NARROWED_BY: tuple[str, ...] = ("strand", "course", "team")
    AUTO_FOCUS = "#reports"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    HELP = (
        "The reports are listed on the left. Enter goes into the one shown, escape goes back. In a report, enter opens "
        "the course, event or person of a line. / shows one strand, course or team; - and + show other years, y "
        "all of them. S saves it to a file: a table, or a page for a director."
    )
    NEEDS: ClassVar = {"book": Role.BOOKER}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "narrow", "Filter", key_display="/", id="reports.narrow",
                tooltip="Show only one strand, course or team"),
        Binding("minus", "year(-1)", "Year before", key_display="-", show=False, id="reports.year_before",
                tooltip="The programme year before"),
        Binding("plus", "year(1)", "Year", key_display="- +", id="reports.year_after",
                tooltip="The programme year after"),
        Binding("y", "all_years", "All years", id="reports.all_years", tooltip="Switch between all years and one year"),
        Binding("v", "compare", "Compare", id="reports.compare",
                tooltip="Compare the evaluation by course, event, facilitator or year"),
        Binding("b", "book", "Book", id="reports.book",
                tooltip="Book the people selected, or the one under the cursor, on an event"),
        Binding("c", "copy", "Copy e-mails", id="reports.copy",
                tooltip="Copy the addresses of the people selected, or of all listed"),
        Binding("S", "write", "Save", id="reports.write",
                tooltip="Save it to a file: csv, xlsx, json, or a page as pdf or html"),
        Binding("right", "enter_report", "Open", show=False, id="reports.into", tooltip="Go into the report shown"),
        Binding("left", "leave_report", "Back", show=False, id="reports.out", tooltip="Back to the reports"),
    ]  # fmt: skip

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._present = programme_years.current_programme_year(state.ctx)
        self.asked = ShownReport(self.FIRST, self._present)
        self.found: Report | None = None
        self._came_from: list[tuple[ShownReport, str]] = []
        self._point_at = ""
        self._from_top = True
        self.names: RecordTable[str] = RecordTable(
            [Column("", self._title, 16)], str, pointing=self._name_pointed, id="reports"
        )
        self.table = FigureTable(figure_wording, pointing=self._line_pointed, id="figures")

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        with Container(id="report"):
            yield self.names
            with Horizontal():
                yield self.table
        yield Static(id="notes")

    def on_mount(self) -> None:
        # Textual calls the on_mount of every class, and DataScreen's reads the report after this one.
        self.names.show(self._names())

    @property
    def explained(self) -> str:
        """The help of the screen, with what the figures in view mean."""
        return " ".join([self.HELP, *self._notes()])

    def _notes(self) -> list[str]:
        """Return what must be known to read the report, and how to see more of it."""
        if self.found is None:
            return []
        return [*self.found.notes, *([self.found.remedy.worded(WINDOW_REMEDIES)] if self.found.remedy else ())]

    def _names(self) -> list[str]:
        """Return the reports that can be chosen on the left."""
        return list(reports_queries.REPORTS)

    def _title(self, name: str) -> str:
        return TITLES[name]

    def _chosen(self) -> str:
        """Return the chosen report by its name on the left."""
        return self.asked.name

    def _choosing(self, name: str) -> ShownReport:
        return replace(self.asked, name=name)

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        self.query_one("#report").set_class(self.table.has_focus, "-within")
        self.refresh_bindings()

    def reader(self) -> Callable[[], Report]:
        return partial(self.asked.read, self.ctx)

    def scope(self) -> Mapping[str, str]:
        asked = self.asked
        year = "" if asked.year is None else programme_years.programme_year_label(asked.year)
        part = {"year": year, "strand": asked.strand, "course": asked.course}
        return {name: text for name, text in part.items() if text}

    def show(self, found: Report) -> None:
        self.found = found
        self.query_one("#heading", Static).update(draw_content([self._heading(found), self._trend(found)], STYLES))
        self.table.show_report(found, empty=self._empty(found), from_top=self._from_top)
        if self._point_at:
            self.table.point_at(self._point_at)
        self._from_top, self._point_at = False, ""
        self._show_notes()
        self.refresh_bindings()

    def _empty(self, found: Report) -> str:
        """Return what is shown where there are no lines, and where to look next."""
        if found.name == "invite-next":
            return "There is no one to invite: everyone it is meant for has completed it or has a place."
        if found.name in reports_queries.TEAM_REPORTS:
            return "There are no people yet. Press 4, then I, to import them from a file."
        return f"Nothing to report for {found.period}. - and + show other years, / other courses."

    def _heading(self, found: Report) -> list[Piece]:
        asked = self.asked
        parts = [found.period, asked.strand, asked.course]
        if found.name == "evaluation":
            parts.append(WAYS[asked.by].lower())
        if found.name in reports_queries.TEAM_REPORTS and asked.team:
            parts.append("" if asked.team.casefold() in found.title.casefold() else asked.team)
        said = glyphs().between.join(filter(None, parts))
        return [(found.title, "accent"), (glyphs().between + said if said else "", "plain")]

    def _trend(self, found: Report) -> list[Piece]:
        """Return a small column for each month, with the figures of the highest and the last one."""
        if not any(people for _, people in found.trend):
            return [("", "plain")]
        first, last = found.trend[0][0], found.trend[-1][0]
        high, most = max(found.trend, key=lambda each: each[1])
        return [
            ("People by month  ", "muted"), (f"{_month(first)} ", "plain"),
            (column_chart([people for _, people in found.trend]), "good"), (f" {_month(last)}", "plain"),
            (f"   most in {_month(high)}: {most:,}; in {_month(last)}: {found.trend[-1][1]:,}", "muted"),
        ]  # fmt: skip

    def _show_notes(self) -> None:
        """Show the line under the cursor where it is cut, and as many whole sentences on the figures as fit."""
        if self.found is None:
            return
        shown = self.query_one("#notes", Static)
        cut = self.table.cut()[:1]
        sentences = split(r"(?<=[.]) +", clean_text(" ".join(filter(None, [self.table.legend, *self._notes()]))))
        notes = fitting_sentences(sentences, shown.content_size.width, shown.content_size.height - len(cut))
        shown.update(draw_content([*([(each, "strong")] for each in cut), [(notes, "muted")]], STYLES), layout=False)

    def _name_pointed(self) -> None:
        name = self.names.pointed
        if name and name != self._chosen():
            self._came_from.clear()
            self._ask(self._choosing(name))

    def _line_pointed(self) -> None:
        self._show_notes()
        self.dim_keys()

    def lead_to(self, what: str) -> None:
        """Show a report by its name."""
        self.names.point_at(what)

    def _ask(self, asked: ShownReport) -> None:
        """Show another report, from its top."""
        self.asked, self._from_top = asked, True
        self.table.unmark()
        self.reload()

    def on_record_table_chosen(self, message: RecordTable.Chosen) -> None:
        if message.table is self.names:
            self.action_enter_report()
        elif (line := self.table.pointed) is not None:
            self._open(line)

    def _open(self, line: FigureLine) -> None:
        """Open what a line is about."""
        kind, key = line.target or ("", "")
        asked = self.asked
        match kind:
            case "person":
                self.post_message(OpenPerson(key))
            case "event" if asked.name == "evaluation":
                self.post_message(OpenEventEvaluation(key))
            case "event":
                self.post_message(OpenEvent(key))
            case "year" if asked.name == "evaluation":
                self._go_into(replace(asked, by="course", year=programme_years.parse_programme_year(key)), line)
            case "year":
                self._go_into(replace(asked, name="headline", year=programme_years.parse_programme_year(key)), line)
            case "strand":
                self._go_into(replace(asked, strand=key, course=""), line)
            case "course" if asked.name == "evaluation":
                self._go_into(replace(asked, course=key, by="event"), line)
            case "course":
                name = "attendance" if asked.course == key else asked.name
                self._go_into(replace(asked, name=name, course=key, strand=""), line)
            case "team" if asked.name != "evaluation":
                name = asked.name if asked.name in reports_queries.TEAM_REPORTS else "compliance"
                self._go_into(replace(asked, name=name, team=key), line)
            case "venue" | "facilitator":
                self._open_events(VENUE if kind == "venue" else LED_BY, key)
            case _:
                self.say("This line has nothing to open.")

    def _open_events(self, field: str, name: str) -> None:
        """Open the events at a venue, or of a facilitator, in the year of the report."""
        from csc_tui.window.calendar.events import EventsScreen

        words = name.partition(" (#")[0].split()
        year = self._present if self.asked.year is None else self.asked.year
        self.app.push_screen(
            EventsScreen(self.state, year=year, narrowed=" ".join(f"{field}:{word}" for word in words))
        )

    def _go_into(self, asked: ShownReport, line: FigureLine) -> None:
        if asked == self.asked:
            self.say("This is already shown.")
            return
        self._came_from.append((self.asked, line.key))
        self._ask(asked)
        self._follow()

    def _follow(self) -> None:
        """Put the cursor of the list on the report in view."""
        self.names.point_at(self._chosen())

    def action_enter_report(self) -> None:
        self.set_focus(self.table)

    def action_leave_report(self) -> None:
        self.set_focus(self.names)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        found = self.found
        within = self.table.has_focus
        match action:
            case "compare":
                return self.asked.name == "evaluation"
            case "book" | "copy":
                return found is not None and "person" in found.columns and found.name != "facilitators"
            case "year" | "all_years":
                return self.asked.name not in ("compliance", "invite-next", "years")
            case "enter_report":
                return not within
            case "leave_report":
                return within
        return super().check_action(action, parameters)

    def _narrowed(self) -> bool:
        return bool(self.asked.strand or self.asked.course or self.asked.team)

    def can_step_back(self) -> bool:
        return bool(self._came_from) or self.table.has_focus or self._narrowed()

    def step_back(self) -> None:
        """Go back the way one came in, then to the list of reports, then to the report not narrowed."""
        if self._came_from:
            asked, key = self._came_from.pop()
            self._ask(asked)
            self._from_top, self._point_at = False, key
            self._follow()
        elif self.table.has_focus:
            self.set_focus(self.names)
        else:
            self._ask(replace(self.asked, strand="", course="", team=""))

    def action_year(self, step: int) -> None:
        year = self._present if self.asked.year is None else self.asked.year + step
        self._ask(replace(self.asked, year=year))

    def action_all_years(self) -> None:
        self._ask(replace(self.asked, year=self._present if self.asked.year is None else None))

    def action_compare(self) -> None:
        ways = list(WAYS)
        self._ask(replace(self.asked, by=ways[(ways.index(self.asked.by) + 1) % len(ways)]))
        self._follow()

    @work(group="look")
    async def action_narrow(self) -> None:
        choices = await asyncio.to_thread(reports_queries.list_report_choices, self.ctx)
        known = [EVERYTHING, *(choice for choice in choices if choice.kind in self.NARROWED_BY)]

        def find(text: str) -> tuple[Sequence[ReportChoice], str]:
            wanted = text.casefold().split()
            found = [each for each in known if all(part in f"{each.key} {each.title}".casefold() for part in wanted)]
            found.sort(key=lambda each: each.key.casefold() != text.strip().casefold())
            return found, "" if found else f"No match for '{text.strip()}'."

        picked = await self.app.push_screen_wait(
            PickDialog(
                "Show figures for which strand, course or team?",
                CHOICES,
                lambda choice: f"{choice.kind} {choice.key}",
                find,
                group=lambda choice: GROUPS[choice.kind],
                placeholder="Any part of a strand, course, organisation or team",
            )
        )  # fmt: skip
        if picked is not None:
            self._narrow_to(picked.row)

    def _narrow_to(self, choice: ReportChoice) -> None:
        asked = self.asked
        match choice.kind:
            case "strand":
                asked = replace(asked, strand=choice.key, course="")
            case "course":
                asked = replace(asked, strand="", course=choice.key)
            case "team":
                name = asked.name if asked.name in reports_queries.TEAM_REPORTS else "compliance"
                asked = replace(asked, name=name, team=choice.key)
            case _:
                asked = replace(asked, strand="", course="", team="")
        self._came_from.clear()
        self._ask(asked)
        self._follow()

    @work(group="write")
    async def action_write(self) -> None:
        if self.found is not None:
            await save_report.ask_report_file(self, self.found)

    def _people(self, *, everybody: bool) -> list[FigureLine]:
        """Return the selected people, or else everybody or the one under the cursor."""
        if everybody:
            return self.table.marked or list(self.table.rows)
        return self.table.targets

    def action_copy(self) -> None:
        addresses = people_queries.list_addresses(
            self.ctx, [str(line.said("person")) for line in self._people(everybody=True)]
        )
        if not addresses:
            self.say("No one listed here has an address to copy.", warning=True)
            return
        self.app.copy_to_clipboard("; ".join(addresses))
        self.say(f"{format_count(len(addresses), 'address', 'addresses')} copied, if your terminal allows it.")

    @work(group="write")
    async def action_book(self) -> None:
        people = [(str(line.said("person")), line.name) for line in self._people(everybody=False)]
        if people and not self.refused("book"):
            await booking_dialogs.ask_event_for_people(self, people, self.asked.course)


def fitting_sentences(sentences: Sequence[str], width: int, lines: int) -> str:
    """Return as many sentences as fit whole, from the first, and where the others can be read."""
    for number in range(len(sentences), 0, -1):
        said = " ".join([*sentences[:number], *(["? says more."] if number < len(sentences) else [])])
        if len(wrap(said, max(width, 1))) <= lines:
            return said
    return ""


def _month(text: str) -> str:
    return MONTHS[int(text[5:7]) - 1]
