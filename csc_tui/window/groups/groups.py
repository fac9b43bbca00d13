"""The screen of groups: Practice Leads and action learning sets, their next meetings and open commitments."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.text import format_count, status_label
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups.actions import GroupOverview
from csc_tui.window.groups import edit_group
from csc_tui.window.groups.group import GroupScreen
from csc_tui.window.shared.columns import short_date
from csc_tui.window.shared.data_screen import WindowState, load_or_tell
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import Piece, Pieces, fit_text
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError
from db.records.groups import Member

NAME = 38
"""Cells of a name below the list."""


def commitments_cell(line: GroupOverview) -> Pieces:
    """Return `3 open, 1 overdue`."""
    if not line.open:
        return ""
    late: Pieces = [(f", {line.overdue} overdue", "error")] if line.overdue else []
    return [(f"{line.open} open", "plain"), *late]


COLUMNS: tuple[Column[GroupOverview], ...] = (
    Column("Group", lambda line: [(line.group.name, "strong")], 34, share=3),
    Column("Members", lambda line: str(line.group.members), 7, right=True),
    Column("Course", lambda line: [(line.group.course, "accent")], 10, from_width=90),
    Column("Meets next", lambda line: f"{short_date(str(line.next_on or ''))}" if line.next_event else "", 10),
    Column("Event", lambda line: [(line.next_event, "accent")], 12, from_width=100),
    Column("Commitments", commitments_cell, 17),
)


class GroupsScreen(FilteredListScreen[list[GroupOverview]]):
    PLACE = "groups"
    HELP = (
        "Every group: how many members it has today, when it meets next, and how many of its commitments are open "
        "or overdue. Enter opens a group with its members, meetings and commitments. a adds a group, K lists the open "
        "commitments of all groups."
    )
    NEEDS: ClassVar = {"new": groups_actions.create_group.role}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "new", "New group", id="groups.new", tooltip="Add a group"),
        Binding("K", "owed", "Commitments", id="groups.commitments", tooltip="Open commitments of all groups"),
    ]

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self.table: RecordTable[GroupOverview] = RecordTable(
            COLUMNS, lambda line: str(line.group.id), group=lambda line: _kinds(line), id="groups",
            pointing=self._show_pointed_group,
        )  # fmt: skip

    def body(self) -> ComposeResult:
        yield Static(id="summary", markup=False)
        yield self.table
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], list[GroupOverview]]:
        return partial(groups_actions.list_group_overviews, self.ctx)

    def show(self, found: list[GroupOverview]) -> None:
        order = sorted(found, key=lambda line: line.group.kind.value, reverse=True)
        self.show_rows(order, empty="There are no groups yet. Press a to add one.")
        members = sum(each.group.members for each in found)
        late = sum(each.overdue for each in found)
        parts = [format_count(len(found), "group"), format_count(members, "member"),
                 format_count(late, "commitment") + " overdue"]  # fmt: skip
        self.query_one("#summary", Static).update(glyphs().between.join(parts), layout=False)

        self._show_pointed_group()

    def _show_pointed_group(self) -> None:
        """Show the group under the cursor in two lines and, in a tall window, its members."""
        lines: list[Pieces] = []
        if (line := self.table.pointed) is not None:
            group = line.group
            lines = [
                [(group.name, "strong"), (f"  {format_count(group.members, 'member')}", "muted")],
                group.description or "No description yet.",
            ]
            if self.has_class("-tall"):
                self._show_members(group.name, lines)
        self.query_one("#detail", PieceLines).show(lines)

    @work(exclusive=True, group="beside")
    async def _show_members(self, name: str, lines: Sequence[Pieces]) -> None:
        """Add the members of a group to the lines on it."""
        try:
            _, members = await asyncio.to_thread(groups_actions.show_group, self.ctx, name)
        except CscError as problem:
            below: list[Pieces] = [[(word_for_window(problem), "error")]]
        else:
            below = _names(members, self.size.width - 2)
        self.query_one("#detail", PieceLines).show([*lines, "", *below])

    def on_record_table_chosen(self) -> None:
        if (line := self.table.pointed) is not None:
            self.app.push_screen(GroupScreen(self.state, line.group.id))

    @work(group="write")
    async def action_new(self) -> None:
        if not self.refused("new"):
            await edit_group.ask_new_group(self)

    @work(group="write")
    async def action_owed(self) -> None:
        found = await load_or_tell(self, partial(edit_group.load_open_commitments, self.ctx))
        if found is None:
            return
        await edit_group.open_commitment_list(self, found)


def _names(members: Sequence[Member], width: int) -> list[Pieces]:
    """Return the members' names in columns, those with a role of their own first."""
    known = sorted(members, key=lambda each: each.role == groups_actions.MEMBER)
    cells: list[Piece] = [
        (f"{each.name}, {each.role}" if each.role != groups_actions.MEMBER else each.name, "plain") for each in known
    ]
    across = max(width // NAME, 1)
    rows = [cells[first : first + across] for first in range(0, len(cells), across)]
    return [[piece for cell in row for piece in fit_text([cell], NAME)] for row in rows]


def _kinds(line: GroupOverview) -> str:
    return status_label(line.group.kind.value).capitalize() + ("s" if line.group.kind.value.endswith("set") else "")
