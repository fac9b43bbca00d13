"""The screen of people, found by typing."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from csc_tui.base.limits import NO_LIMIT
from csc_tui.core.people import queries as people_queries
from csc_tui.window.booking import booking_dialogs, place_dialogs
from csc_tui.window.groups import join_group
from csc_tui.window.people import edit_person, summary
from csc_tui.window.shared.columns import PERSON_COLUMNS, person_lines, shown_of_total
from csc_tui.window.shared.data_screen import DataScreen, OpenPerson, WindowState
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.filter_input import FilterInput, FilterSummary
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content
from csc_tui.window.widgets.record_table import RecordTable
from db.errors import CscError
from db.records.list_order import ListOrder
from db.records.startup import FoundPerson, Role

PAGE = 200
ORDERS = {"Name": "name", "Works in": "workplace", "E-mail": "email", "Next": "next", "Bookings": "bookings"}
"""Column -> what the people are sorted by."""
WIDTHS = [(0, "-narrow"), (112, "-wide")]
"""The least width in cells -> the class of the screen; a wide one has a card beside the list."""


class PeopleScreen(DataScreen[tuple[list[FoundPerson], int]]):
    PLACE = "people"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    HELP = (
        "Press / and type any parts of a name, e-mail address, employee number, organisation, team or phone number, in "
        "any order; tab goes back to the list with what is found, escape shows everyone again. B counts places, W "
        "waiting lists, F courses completed. Enter opens the person, a adds a new one, e changes the one under the "
        "cursor. Space selects people, * all that are shown; b books them on an event, J adds them to a group, c "
        "copies their addresses."
    )
    NEEDS: ClassVar = {
        "add": Role.BOOKER, "change": Role.BOOKER, "import": Role.COORDINATOR, "book": Role.BOOKER,
        "join": Role.COORDINATOR,
    }  # fmt: skip
    REPEATABLE = frozenset({"book", "join"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="people.filter", tooltip="Find people by typing"),
        Binding("b", "book", "Book", id="people.book", tooltip="Book this person, or all selected, on an event"),
        Binding("J", "join", "Group", id="people.join", tooltip="Add this person, or all selected, to a group"),
        Binding("c", "copy", "Copy e-mails", id="people.copy", tooltip="Copy this address, or all selected"),
        Binding("a,ctrl+n", "add", "New person", id="people.add", tooltip="Add a person"),
        Binding("e,ctrl+e", "change", "Change", id="people.change", tooltip="Change the details of this person"),
        Binding("I", "import", "Import", show=False, id="people.import", tooltip="Import people from a file"),
    ]

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._limit = PAGE
        self._from_top = False
        self.table: RecordTable[FoundPerson] = RecordTable(
            PERSON_COLUMNS, lambda person: person.person, markable=True, pointing=self._pointed,
            opens=lambda person: OpenPerson(person.person), reorder=self._reorder, id="people",
        )  # fmt: skip
        self.side = Static(id="side")
        self.detail = PieceLines(id="detail")
        self.summary = FilterSummary()
        self.filter = FilterInput(self.table, self._narrow, placeholder="/ name, e-mail, team, phone", id="filter")

    def body(self) -> ComposeResult:
        with Horizontal(id="finding"):
            yield self.filter
            yield self.summary
        with Horizontal(id="beside"):
            yield self.table
            yield self.side
        yield self.detail

    def reader(self) -> Callable[[], tuple[list[FoundPerson], int]]:
        return partial(
            people_queries.search_people, self.ctx, self.filter.value, limit=self._limit, order=self._order()
        )

    def _order(self) -> ListOrder | None:
        by, descending = self.table.order
        return ListOrder(ORDERS[by], descending) if by else None

    def _reorder(self) -> None:
        self._from_top, self._limit = True, PAGE
        self.reload()

    def show(self, found: tuple[list[FoundPerson], int]) -> None:
        people, total = found
        text = self.filter.value.strip()
        empty = (
            f"No match for '{text}'. Try fewer or shorter parts of the name, or press ctrl+n to add a new person."
            if text
            else "There are no people yet. Press a to add one, or I to import them from a file."
        )
        self.table.show(people, empty=empty, from_top=self._from_top)
        self._from_top = False
        if self.side.display:  # the card has more than the row, and that may be what changed
            self._show_pointed_person()
        self.summary.set_text(shown_of_total(len(people), total, people_queries.MANY, "person", "people"))

    def every_row(self, table: RecordTable[Any]) -> Callable[[], Sequence[FoundPerson]]:
        text, order = self.filter.value, self._order()
        return lambda: people_queries.search_people(self.ctx, text, limit=NO_LIMIT, order=order)[0]

    def _narrow(self, text: str) -> None:
        self._from_top, self._limit = True, PAGE
        if self._order() is None:
            self.read_now()
        else:
            self.reload()  # sorting everybody who fits may take longer than a key

    def _pointed(self) -> None:
        if self.table.cursor == self._limit - 1:  # the last row fetched: fetch as many again
            self._limit += PAGE
            self.reload()
        self._show_pointed_person()

    def _show_pointed_person(self) -> None:
        """Show the person under the cursor beside the list where there is room, else in two lines below it."""
        if self.side.display:
            self._read_beside()
        else:
            person = self.table.pointed
            lines = person_lines(person) if person else []
            self.detail.show(lines)

    @work(exclusive=True, group="beside")
    async def _read_beside(self) -> None:
        person = self.table.pointed
        lines: list[Pieces] = []
        if person is not None:
            try:
                lines = summary.person_summary_lines(
                    await asyncio.to_thread(people_queries.get_person_card, self.ctx, person.person)
                )
            except CscError as problem:
                lines = [[(word_for_window(problem), "error")]]
        self.side.update(draw_content(lines, STYLES), layout=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_pointed_person)

    @work(group="write")
    async def action_book(self) -> None:
        people = self.table.targets
        if people and not self.refused("book"):
            await booking_dialogs.ask_event_for_people(
                self, [(each.person, each.name) for each in people], after=self.table.unmark
            )  # fmt: skip

    @work(group="write")
    async def action_join(self) -> None:
        people = self.table.targets
        if people and not self.refused("join"):
            await join_group.ask_group_to_join(
                self, [(each.person, each.name) for each in people], after=self.table.unmark
            )

    @work(group="look")
    async def action_copy(self) -> None:
        await place_dialogs.copy_addresses(self, [each.person for each in self.table.targets], "The list is empty")

    @work(group="write")
    async def action_add(self) -> None:
        if not self.refused("add"):
            found = self.table.rows
            await edit_person.ask_new_person(self, "" if found else self.filter.value)

    @work(group="write")
    async def action_change(self) -> None:
        if (person := self.table.pointed) is not None and not self.refused("change"):
            await edit_person.ask_person_changes(self, person.person)

    @work(group="write")
    async def action_import(self) -> None:
        if not self.refused("import"):
            from csc_tui.window.imports import import_file

            await import_file.ask_file_to_import(self, import_file.KINDS["people"])

    def lead_to(self, what: str) -> None:
        """Show the people whom a text finds, such as those of a team."""
        self.filter.value = what

    def action_filter(self) -> None:
        self.set_focus(self.filter)  # at once: what is typed ahead is for the filter
