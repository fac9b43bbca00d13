"""The screen of the catalogue: every course under its strand, its modules, and how often it runs in a year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base import programme_years
from csc_tui.base.text import format_count
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.catalogue import rules as catalogue_rules
from csc_tui.core.catalogue.queries import Catalogue, CatalogueEntry
from csc_tui.window.catalogue import edit_catalogue
from csc_tui.window.catalogue.course import CourseScreen
from csc_tui.window.catalogue.course_rules import booking_rules_line
from csc_tui.window.shared import columns as shared_columns
from csc_tui.window.shared.data_screen import MenuAction, WindowState
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import Piece, Pieces, fit_text
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.catalogue import Module, Strand
from db.records.startup import EventLine, Role


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A course, or a strand without courses to show."""

    strand: Strand
    entry: CatalogueEntry | None


def _made_up(entry: CatalogueEntry) -> str:
    """Return `3 x 3 h` where all modules are as long, else `2, 14 h`."""
    lengths = [each.minutes for each in entry.modules]
    if not lengths:
        return "none"
    if len(set(lengths)) == 1:
        return f"{len(lengths)} x {catalogue_rules.length_in_words(lengths[0])}"
    return f"{len(lengths)}, {catalogue_rules.length_in_words(sum(lengths))}"


def _of(show: Callable[[CatalogueEntry], Pieces]) -> Callable[[CatalogueLine], Pieces]:
    return lambda line: show(line.entry) if line.entry else ""


def _code(line: CatalogueLine) -> Pieces:
    if line.entry is None:
        return ""
    return [(line.entry.course.code, "accent" if line.entry.course.active else "muted")]


def _title(line: CatalogueLine) -> Pieces:
    if line.entry is None:
        return [("no course to show", "muted")]
    course = line.entry.course
    return course.title if course.active else [("archived  ", "warning"), (course.title, "muted")]


COLUMNS: tuple[Column[CatalogueLine], ...] = (
    Column("Course", _code, 10),
    Column("Title", _title, 20, share=2),
    Column("Modules", _of(_made_up), 8),
    Column("Events", _of(lambda entry: str(entry.running.events or "")), 6, right=True),
    Column(
        "Places",
        _of(
            lambda entry: (
                shared_columns.places_cell(entry.running.taken, entry.running.places, 3) if entry.running.events else ""
            )
        ),
        11,
    ),
    Column("Wait", _of(lambda entry: shared_columns.waiting_cell(entry.running.waiting)), 5, right=True),
    Column("Rules", _of(lambda entry: [(booking_rules_line(entry.booking), "muted")]), 20, share=2, from_width=110),
)


class CatalogueScreen(FilteredListScreen[Catalogue]):
    PLACE = "courses"
    HELP = (
        "Every course under its strand: its modules and their length, its events in the year with the places taken, "
        "and the number waiting. Enter opens a course with its modules, rules, resources and events. a adds a course, "
        "e changes the course under the cursor or the strands, v shows the archived courses as well."
    )
    NEEDS: ClassVar = {"new_course": Role.COORDINATOR, "strands": Role.COORDINATOR}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "new_course", "New course", id="courses.new", tooltip="Add a course to the catalogue"),
        Binding("e", "change", "Change", id="courses.change", tooltip="Change the course, or the strands"),
        Binding("v", "archived", "Archived", id="courses.archived", tooltip="Show or hide the archived courses"),
        Binding("minus", "year(-1)", "Year before", key_display="-", show=False, id="courses.year_before",
                tooltip="The programme year before"),
        Binding("plus", "year(1)", "Year", key_display="- +", id="courses.year_after",
                tooltip="The programme year after"),
    ]  # fmt: skip

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._year = programme_years.current_programme_year(state.ctx)
        self._with_archived = False
        self.shelf: Catalogue | None = None
        self.table: RecordTable[CatalogueLine] = RecordTable(
            COLUMNS,
            lambda line: line.entry.course.code if line.entry else f"strand {line.strand.code}",
            group=lambda line: f"{line.strand.name} ({line.strand.code})",
            pointing=self._show_detail,
            id="courses",
        )

    def body(self) -> ComposeResult:
        yield Static(id="summary", markup=False)
        yield self.table
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], Catalogue]:
        return partial(catalogue_queries.show_catalogue, self.ctx, self._year)

    def show(self, found: Catalogue) -> None:
        self.shelf = found
        lines = []
        for strand in found.strands:
            its = [
                CatalogueLine(strand, each)
                for each in found.entries
                if each.course.strand_id == strand.id and (each.course.active or self._with_archived)
            ]
            lines += its or [CatalogueLine(strand, None)]
        self.show_rows(lines, empty="There are no strands yet. Press e to add one, then a to add a course to it.")
        running = [each.running for each in found.entries]
        run = sum(each.course.active for each in found.entries)
        retired = len(found.entries) - run
        between = glyphs().between
        parts = [
            f"{found.year}: {format_count(run, 'course')}",
            format_count(sum(each.events for each in running), "event"),
            f"{sum(each.taken for each in running):,} of {sum(each.places for each in running):,} places taken",
        ]
        if retired:
            parts.append(f"{retired} archived{'' if self._with_archived else ': v shows them'}")
        self.query_one("#summary", Static).update(between.join(parts), layout=False)
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.table.pointed
        self.query_one("#detail", PieceLines).show(_detail(line) if line else [])

    @property
    def pointed(self) -> CatalogueEntry | None:
        return self.table.pointed.entry if self.table.pointed else None

    def on_record_table_chosen(self) -> None:
        if entry := self.pointed:
            self.app.push_screen(CourseScreen(self.state, entry.course.code, self._year))

    def action_year(self, step: int) -> None:
        self._year += step
        self.reload()

    def action_archived(self) -> None:
        self._with_archived = not self._with_archived
        self.reload()

    @work(group="write")
    async def action_new_course(self) -> None:
        if not self.refused("new_course") and self.shelf is not None:
            here = self.table.pointed
            await edit_catalogue.ask_new_course(self, here.strand.code if here else "")

    async def _strands(self) -> None:
        here = self.table.pointed
        await edit_catalogue.open_strand_menu(self, here.strand if here else None)

    def menu_actions(self) -> Sequence[MenuAction]:
        why_not = self.why_not("strands")
        return [
            MenuAction("", "Strands", "Add, rename or archive a strand", why_not, self._strands),
            *super().menu_actions(),
        ]

    @work(group="write")
    async def action_change(self) -> None:
        strands = MenuAction("g", "Strands", "Add, rename or archive a strand", self.why_not("strands"), self._strands)
        if entry := self.pointed:
            await edit_catalogue.open_course_menu(self, entry, others=[strands])
        else:
            self.do(strands)


def _detail(line: CatalogueLine) -> list[Pieces]:
    """Return two lines on what the course is about and for whom, and on its rules and resources.

    Below them come its modules and its events of the year, for a tall window.
    """
    if line.entry is None:
        return [[(line.strand.name, "strong"), (f"  {line.strand.description}", "plain")], ""]
    entry, between = line.entry, glyphs().between
    about = between.join(part for part in (entry.course.title, entry.course.audience, entry.course.description) if part)
    resources = format_count(len(entry.resources), "resource")
    return [
        [(entry.course.code, "accent"), (f"  {about}", "plain")],
        [(booking_rules_line(entry.booking), "plain"), (f"{between}{resources}", "muted")],
        "",
        [("Modules  ", "strong"), (between.join(map(_module, entry.modules)) or "none yet", "plain")],
        [
            ("Events   ", "strong"),
            (f"{format_count(len(entry.events), 'event')} in the year or without a date", "muted"),
        ],
        *map(_event, entry.events),
    ]


def _module(module: Module) -> str:
    return f"{module.position} {module.title}, {catalogue_rules.length_in_words(module.minutes)}"


def _event(line: EventLine) -> list[Piece]:
    return [
        *fit_text([(f"  {line.event}", "accent")], 16), *fit_text(shared_columns.short_date(line.first_date), 12),
        *fit_text(shared_columns.places_cell(line.taken, line.capacity), 14),
        *fit_text(shared_columns.waiting_cell(line.waiting), 6),
        *shared_columns.state_word(line.state),
    ]  # fmt: skip
