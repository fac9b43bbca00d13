"""The screen of organisations: what is known of each, and the forms that change or join them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.core.people import organisations
from csc_tui.core.people.organisations import FIELDS, OrganisationJoin
from csc_tui.window.dialogs.form import Answers, FormField
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import WindowState
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.calendar import FieldChange
from db.records.people import Organisation
from db.records.startup import Role

COLUMNS: tuple[Column[Organisation], ...] = (
    Column("Organisation", lambda each: [(each.name, "strong")], 24, share=3),
    Column("Kind", lambda each: each.kind.value, 10),
    Column("People", lambda each: str(each.people or ""), 6, right=True),
    Column("Teams", lambda each: str(len(each.teams) or ""), 5, right=True),
    Column("Booking contact", lambda each: [(each.contact, "muted")], 22, share=2),
)
_RULES = {
    "name": "required, must be unique", "kind": "charges go by it", "other_names": "separated by semicolons",
    "parent": "another organisation", "contact": "e-mail, number or name", "exempt": "yes: it is never charged",
    "invoice_address": "one line", "notes": "one line",
}  # fmt: skip


class OrganisationsScreen(FilteredListScreen[list[Organisation]]):
    HELP = (
        "The organisations that people work for. Charges and reports go by the kind of each. An import that has one of "
        "the other names puts people into it. Enter changes the organisation under the cursor; J joins another one "
        "with it, where two are really one."
    )
    NEEDS: ClassVar[Mapping[str, Role]] = {
        "change": organisations.change_organisation.role, "join": organisations.join_organisations.role,
    }  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "change", "Change", id="organisations.change", tooltip="Name, kind, contact and the rest"),
        Binding("J", "join", "Join", id="organisations.join", tooltip="Join another organisation with this one"),
    ]

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self.table: RecordTable[Organisation] = RecordTable(COLUMNS, lambda each: str(each.id), id="organisations")

    def body(self) -> ComposeResult:
        with Horizontal(id="finding"):
            yield Static(id="summary", markup=False)
        yield self.table
        yield Static(id="detail")

    def reader(self) -> Callable[[], list[Organisation]]:
        return partial(organisations.list_organisations, self.ctx, "")

    def show(self, found: list[Organisation]) -> None:
        self.show_rows(found, empty="There are no organisations yet. They come with the people who work for them.")
        self.query_one("#summary", Static).update(format_count(len(found), "organisation"))
        self._show_detail()

    def on_record_table_pointed(self) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        """Show what the list has no room for."""
        each = self.table.pointed
        lines: list[Pieces] = []
        if each is not None:
            known = {
                "Also": "; ".join(each.other_names), "Part of": each.parent, "Teams": "; ".join(each.teams),
                "Charges": "exempt" if each.exempt else "", "Invoices to": each.invoice_address, "Notes": each.notes,
            }  # fmt: skip
            lines = [[(f"{label}: ", "muted"), (text, "plain")] for label, text in known.items() if text]
        self.query_one("#detail", Static).update(draw_content(lines, STYLES), layout=False)

    def on_record_table_chosen(self) -> None:
        self.action_change()

    @work(group="write")
    async def action_change(self) -> None:
        pointed = self.table.pointed
        if pointed is not None and not self.refused("change"):
            await ask_organisation_changes(self, pointed)

    @work(group="write")
    async def action_join(self) -> None:
        pointed = self.table.pointed
        if pointed is not None and not self.refused("join"):
            await ask_organisation_to_join(self, pointed)


async def ask_organisation_changes(screen: OrganisationsScreen, organisation: Organisation) -> None:
    """Ask for changes of what is known of an organisation."""
    called = organisation.name

    def fields() -> list[FormField]:
        nonlocal called
        every = organisations.list_organisations(screen.ctx, "")
        now = proposal.still_there((each for each in every if each.id == organisation.id), organisation.name)
        called = now.name
        texts = organisations.organisation_texts(now)
        return [
            FormField(field, label, texts[field], _RULES[field], partial(organisations.organisation_field_fault, field))
            for field, label in FIELDS.items()
        ]

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        return Proposal(
            f"Change {organisation.name}?",
            lambda ctx, _: organisations.change_organisation(ctx, called, answers),
            _change_lines,
            lambda _: f"{organisation.name} was changed.",
            undoable=False,
        )

    await proposal.ask_record_changes(screen, organisation.name, fields, propose)


async def ask_organisation_to_join(screen: OrganisationsScreen, organisation: Organisation) -> None:
    """Ask which other organisation is the same, and join it with this one."""

    def find(text: str) -> tuple[Sequence[Organisation], str]:
        found = [each for each in organisations.list_organisations(screen.ctx, text) if each.id != organisation.id]
        return found, format_count(len(found), "organisation")

    dialog: PickDialog[Organisation] = PickDialog(
        f"Which organisation is {organisation.name}, too?", COLUMNS, lambda each: str(each.id), find,
        placeholder="Part of its name",
    )  # fmt: skip
    picked = await screen.app.push_screen_wait(dialog)
    if picked is None:
        return
    other = picked.row.name

    def run(ctx: Context, _: str) -> OrganisationJoin:
        return organisations.join_organisations(ctx, organisation.name, other)

    joining = Proposal(
        f"Join {other} with {organisation.name}?", run, _join_lines,
        lambda done: f"{done.other} is {done.name} now.", undoable=False,
    )  # fmt: skip
    await proposal.act_on_proposal(screen, joining)


def _change_lines(changes: Sequence[FieldChange]) -> list[Pieces]:
    return [
        [
            (f"{each.field}: ", "muted"),
            (f"{each.before} {glyphs().arrow} " if each.before else "", "plain"),
            (each.after or "empty", "strong"),
        ]
        for each in changes
    ]


def _join_lines(done: OrganisationJoin) -> list[Pieces]:
    lines: list[Pieces] = [
        [(f"{format_count(done.people, 'person moves', 'people move')} from {done.other} to {done.name}.", "plain")],
        [(f"{done.other} stays known as another name of it.", "plain")],
    ]
    if done.teams:
        lines.append([("Teams that move: ", "muted"), ("; ".join(done.teams), "plain")])
    return [*lines, "", [("This cannot be undone.", "warning")]]
