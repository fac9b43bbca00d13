"""The screen of one course: its modules, rules and resources, and its events of a year."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.catalogue import rules as catalogue_rules
from csc_tui.core.catalogue.queries import CatalogueEntry
from csc_tui.window.catalogue import course_rules, edit_catalogue
from csc_tui.window.evaluation import questions
from csc_tui.window.shared.columns import places_cell, short_date, state_word
from csc_tui.window.shared.data_screen import OpenEvent, WindowState
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import NotFound
from db.records.catalogue import CompletionRule, Module, Resource
from db.records.startup import EventLine, Role


@dataclass(frozen=True, slots=True)
class CourseScreenLine:
    """One line of the course; `about` is its module, resource or event, and None for a rule."""

    key: str
    group: str
    first: str
    what: str
    detail: Pieces
    more: Pieces
    about: Module | Resource | EventLine | None = None


QUESTIONS_LINE = "rule questions"
COLUMNS: tuple[Column[CourseScreenLine], ...] = (
    Column("", lambda line: [(line.first, "accent" if isinstance(line.about, EventLine) else "plain")], 14),
    Column("", lambda line: line.what, 22, share=2),
    Column("", lambda line: line.detail, 20, share=1),
    Column("", lambda line: line.more, 10),
)


def load_course_screen(ctx: Context, code: str, year: int) -> CatalogueEntry:
    """Return the course with its events of the year. Raises NotFound."""
    for each in catalogue_queries.show_catalogue(ctx, year).entries:
        if each.course.code == code:
            return each
    raise NotFound(f"The course {code} no longer exists.")


class CourseScreen(FilteredListScreen[CatalogueEntry]):
    HELP = (
        "Everything on one course. Enter on a module or a rule changes it, on Evaluation its questions, on a resource "
        "shows what you can do with it, on an event opens the event. a adds a module, a link or a document, x removes "
        "the module or resource under the cursor, c copies the address of a resource, e shows everything you can "
        "change. To move a module, change its position."
    )
    NEEDS: ClassVar = dict.fromkeys(("add", "remove"), Role.COORDINATOR)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="course.add", tooltip="Add a module, a link or a document"),
        Binding("x", "remove", "Remove", id="course.remove", tooltip="Remove the module or resource under the cursor"),
        Binding("c", "copy", "Copy address", id="course.copy", tooltip="Copy the address of the resource"),
        Binding("e", "change", "Change", id="course.change", tooltip="Everything you can change about the course"),
    ]

    def __init__(self, state: WindowState, code: str, year: int) -> None:
        super().__init__(state)
        self.code = code
        self.year = year
        self.found: CatalogueEntry | None = None
        self.table: RecordTable[CourseScreenLine] = RecordTable(
            COLUMNS, lambda line: line.key, group=lambda line: line.group, titles=False, id="course",
            opens=lambda line: OpenEvent(line.about.event) if isinstance(line.about, EventLine) else None,
        )  # fmt: skip

    def place_key(self) -> str:
        return self.code

    def open_again(self) -> "Callable[[], CourseScreen]":
        return partial(CourseScreen, self.state, self.code, self.year)

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        yield self.table

    def reader(self) -> Callable[[], CatalogueEntry]:
        return partial(load_course_screen, self.ctx, self.code, self.year)

    def scope(self) -> Mapping[str, str]:
        return {"year": programme_years.programme_year_label(self.year), "course": self.code}

    def show(self, found: CatalogueEntry) -> None:
        self.found = found
        self.query_one("#heading", Static).update(draw_content(_heading(found), STYLES))
        self.show_rows(_lines(found), empty="")

    @work(group="write")
    async def on_record_table_chosen(self) -> None:
        line, found = self.table.pointed, self.found
        if line is None or found is None:
            return
        match line.about:
            case Module():
                if not self.refused("add"):
                    await edit_catalogue.ask_module_changes(self, found, line.about)
            case Resource():
                await edit_catalogue.open_resource_menu(self, found, line.about)
            case _ if line.key == QUESTIONS_LINE:
                if not self.refused("add"):
                    await questions.open_questions(self, self.code)
            case _ if not found.course.active:
                self.say(f"{self.code} is archived. Restore it to change its rules.", warning=True)
            case _:
                if not self.refused("add"):
                    await course_rules.ask_course_rules(self, self.code)

    @work(group="write")
    async def action_add(self) -> None:
        if self.found and not self.refused("add"):
            await edit_catalogue.open_addition_menu(self, self.found)

    @work(group="write")
    async def action_remove(self) -> None:
        line = self.table.pointed
        if self.found is None or line is None or self.refused("remove"):
            return
        if isinstance(line.about, Module):
            await edit_catalogue.ask_module_removal(self, self.found, line.about)
        elif isinstance(line.about, Resource):
            await edit_catalogue.ask_resource_removal(self, line.about)
        else:
            self.say("Put the cursor on a module or resource first. Nothing was changed.", warning=True)

    def action_copy(self) -> None:
        line = self.table.pointed
        if line is not None and isinstance(line.about, Resource):
            edit_catalogue.copy_resource_address(self, line.about)
        else:
            self.say("Put the cursor on a resource first.", warning=True)

    @work(group="write")
    async def action_change(self) -> None:
        if self.found is not None:
            await edit_catalogue.open_course_menu(self, self.found)


def _heading(found: CatalogueEntry) -> list[Pieces]:
    course, between = found.course, glyphs().between
    first: Pieces = [(course.code, "accent"), (f"  {course.title}", "strong"), (f"{between}{course.strand}", "plain"),
                     *([(f"{between}archived", "warning")] if not course.active else [])]  # fmt: skip
    total = catalogue_rules.length_in_words(sum(each.minutes for each in found.modules))
    needs = f", needs {course.minimum}" if course.minimum else ""
    second = between.join(
        part
        for part in (
            f"{format_count(len(found.modules), 'module')}, {total}",
            f"{format_count(course.capacity, 'place')}{needs}",
            course.audience,
        )
        if part
    )
    lines: list[Pieces] = [first, second]
    if course.description:
        lines.append([(course.description, "muted")])
    return lines


def _completes(found: CatalogueEntry) -> str:
    rule = found.completion
    said = (
        "attending every module"
        if rule.completion_rule is CompletionRule.ALL_MODULES
        else f"attending {rule.completion_share} per cent of the hours"
    )
    months = rule.validity_months
    return f"{said}, for {format_count(months, 'month')}" if months else said


def _lines(found: CatalogueEntry) -> list[CourseScreenLine]:
    lines = [
        CourseScreenLine(f"module {each.id}", "Modules", f"Module {each.position}", each.title,
             catalogue_rules.length_in_words(each.minutes), "", each)
        for each in found.modules
    ]  # fmt: skip
    lines.append(
        CourseScreenLine("rule booking", "Rules", "Booking", course_rules.booking_rules_line(found.booking), "", "")
    )
    lines.append(CourseScreenLine("rule completion", "Rules", "Completed by", _completes(found), "", ""))
    lines.append(CourseScreenLine(QUESTIONS_LINE, "Rules", "Evaluation", found.course.impact_question, "", ""))
    lines += [
        CourseScreenLine(
            f"resource {each.id}",
            "Documents and links",
            status_label(each.kind.value).capitalize(),
            each.title,
            [(each.address or "no address yet", "plain" if each.address else "warning")],
            [(f"edition {each.edition}" if each.edition else "" if each.course else "of strand", "muted")],
            each,
        )
        for each in found.resources
    ]
    group = (
        f"Events: {format_count(found.running.events, 'event')}, {found.running.taken} of {found.running.places} places"
    )
    lines += [
        CourseScreenLine(f"event {each.event}", group, each.event, short_date(each.first_date),
             places_cell(each.taken, each.capacity), state_word(each.state),
             each)
        for each in found.events
    ]  # fmt: skip
    return lines
