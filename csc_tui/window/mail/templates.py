"""The screen of message templates, with a preview of each as a real person would get it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from csc_tui.core.mail import outbox, templates
from csc_tui.core.mail.outbox import LetterPreview
from csc_tui.core.mail.templates import TemplateCard, TemplateLine
from csc_tui.core.mail.wording import Letter
from csc_tui.core.people import queries as people_queries
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.dialogs.reading import ReadingDialog
from csc_tui.window.mail.edit_letter import LetterDialog, LetterDraft
from csc_tui.window.shared.columns import PERSON_COLUMNS, shown_of_total
from csc_tui.window.shared.data_screen import WindowState
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError, Stale
from db.records.mail import MessageKind
from db.records.startup import FoundPerson, Role

COLUMNS: tuple[Column[TemplateLine], ...] = (
    Column("", lambda line: [("*", "accent")] if line.edited_by else "", 1),
    Column("When it is sent", lambda line: line.title, 30, share=2),
    Column("Subject", lambda line: [(line.subject, "muted")], 20, share=2),
)


@dataclass(frozen=True, slots=True)
class TemplatesFound:
    """All kinds of message, in a line each and in full by kind."""

    lines: list[TemplateLine]
    cards: dict[str, TemplateCard]


def load_templates_screen(
    ctx_templates: Callable[[], list[TemplateLine]], card: Callable[[MessageKind], TemplateCard]
) -> TemplatesFound:
    """Return what the screen shows."""
    return TemplatesFound(ctx_templates(), {kind.value: card(kind) for kind in MessageKind})


class TemplatesScreen(FilteredListScreen[TemplatesFound]):
    HELP = (
        "Every kind of message with its subject; * marks those that have been changed. Enter changes the text, and "
        "shows it as a person would get it before anything is saved. v shows it as a person you choose would get it, x "
        "restores the original wording."
    )
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Change", id="templates.edit", tooltip="Change the text of this message"),
        Binding(
            "v", "preview", "Preview", id="templates.preview", tooltip="See it as a person you choose would get it"
        ),
        Binding("x", "reset", "Reset", id="templates.reset", tooltip="Restore the original wording"),
    ]
    NEEDS = {"edit": Role.COORDINATOR, "reset": Role.COORDINATOR}

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self._words = TemplatesFound([], {})
        self.table: RecordTable[TemplateLine] = RecordTable(
            COLUMNS, lambda line: line.kind, choosable=False, pointing=self._cursor_moved, id="templates"
        )

    def body(self) -> ComposeResult:
        yield Static(draw_content([[("Message templates", "strong")]], STYLES), id="summary")
        with Horizontal(id="outbox"):
            yield self.table
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="letter")
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], TemplatesFound]:
        return partial(
            load_templates_screen,
            partial(templates.list_message_templates, self.ctx),
            partial(templates.get_template_card, self.ctx),
        )

    def show(self, found: TemplatesFound) -> None:
        self._words = found
        self.show_rows(found.lines, empty="")
        self._show_pointed()

    def _cursor_moved(self) -> None:
        self._show_pointed()
        self.dim_keys()

    def _pointed(self) -> TemplateCard | None:
        return self._words.cards.get(self.table.pointed.kind) if self.table.pointed else None

    def _show_pointed(self) -> None:
        card = self._pointed()
        lines: list[Pieces] = []
        if card:
            lines = [[("Subject: ", "muted"), (card.letter.subject, "strong")], "", *card.letter.body.split("\n")]
        self.query_one("#letter", Static).update(draw_content(lines, STYLES))
        detail: list[Pieces] = [[(card.title, "strong")], card.letter.subject] if card else []
        self.query_one("#detail", PieceLines).show(detail)
        self.query_one("#preview", VerticalScroll).scroll_home(animate=False)

    @work(group="write")
    async def action_edit(self) -> None:
        card = self._pointed()
        if card is None or self.refused("edit"):
            return
        draft, problem = LetterDraft(card.letter.subject, card.letter.body), ""
        expected = card.letter
        while True:
            given = await self.app.push_screen_wait(LetterDialog(card.title, draft, card.placeholders, problem=problem))
            if given is None:
                return
            draft, problem = given, ""
            letter = Letter(given.subject, given.body)
            problem = await asyncio.to_thread(_problem, self, card.kind, letter)
            if problem:
                continue
            try:
                lines = _lines(
                    await asyncio.to_thread(partial(outbox.preview_letter, self.ctx, card.kind, letter=letter))
                )
            except CscError as nobody:  # no event and nobody to preview it with
                lines = [[(str(nobody), "muted")], "", *letter.body.split("\n")]
            if not await self.app.push_screen_wait(ReadingDialog("Save this text?", lines, do="Save")):
                continue
            try:
                await asyncio.to_thread(
                    partial(templates.set_template, self.ctx, card.kind, subject=letter.subject, body=letter.body,
                            expected=expected)
                )  # fmt: skip
            except Stale as changed:
                problem = f"{changed} The subject is now: {(await self._now(card.kind)).letter.subject}"
                expected = (await self._now(card.kind)).letter
            except CscError as refusal:
                problem = word_for_window(refusal)
            else:
                self.say(f"Saved. The subject is now: {letter.subject}")
                self.state.changed.publish(None)
                return

    async def _now(self, kind: MessageKind) -> TemplateCard:
        return await asyncio.to_thread(templates.get_template_card, self.ctx, kind)

    @work(group="look")
    async def action_preview(self) -> None:
        card = self._pointed()
        if card is None:
            return

        def find(text: str) -> tuple[list[FoundPerson], str]:
            people, total = people_queries.search_people(self.ctx, text, limit=50)
            return people, shown_of_total(len(people), total, people_queries.MANY, "person", "people")

        picked = await self.app.push_screen_wait(
            PickDialog("Preview it for which person?", PERSON_COLUMNS, lambda person: person.person, find,
                 placeholder="Any part of a name, e-mail or team")
        )  # fmt: skip
        if picked is None:
            return
        try:
            found = await asyncio.to_thread(
                partial(outbox.preview_letter, self.ctx, card.kind, person=picked.row.person)
            )
        except CscError as problem:
            self.say(word_for_window(problem), warning=True)
        else:
            await self.app.push_screen_wait(ReadingDialog(card.title, _lines(found)))

    @work(group="write")
    async def action_reset(self) -> None:
        card = self._pointed()
        if card is None or self.refused("reset"):
            return
        if not card.edited_by:
            self.say("This is already the standard text.", warning=True)
            return
        lines: list[Pieces] = [[("The text now, which will be lost: ", "muted"), (card.letter.subject, "strong")]]
        lines += ["", *card.letter.body.split("\n")]
        if await self.app.push_screen_wait(
            ConfirmDialog("Restore the standard wording?", lines, do="Restore", irrevocable=True)
        ):
            try:
                done = await asyncio.to_thread(templates.reset_template, self.ctx, card.kind)
            except CscError as problem:
                self.say(word_for_window(problem), warning=True)
            else:
                self.say(f"Standard text restored. The subject is now: {done.letter.subject}")
                self.state.changed.publish(None)


def _lines(found: LetterPreview) -> list[Pieces]:
    head: list[Pieces] = [[("To: ", "muted"), (found.to, "plain")], [("Subject: ", "muted"), (found.subject, "strong")]]
    note: list[Pieces] = ["", [(found.note, "muted")]] if found.note else []
    return [*head, "", *found.body.rstrip("\n").split("\n"), *note]


def _problem(screen: TemplatesScreen, kind: MessageKind, letter: Letter) -> str:
    """Return why these words cannot be kept, or nothing where they can."""
    try:
        templates.set_template(screen.ctx, kind, subject=letter.subject, body=letter.body, dry_run=True)
    except CscError as problem:
        return word_for_window(problem)
    return ""
