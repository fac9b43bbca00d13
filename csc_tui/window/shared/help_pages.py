"""Help from anywhere: the keys that work here and on all screens, the glossary, the manual, the tour."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from textual.app import App

from csc_tui.base import glossary as base_glossary
from csc_tui.base.glossary import GlossaryWord, ManualPage
from csc_tui.window.dialogs.browse import BrowseDialog, PageDialog
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.help import ALL_KEYS, GLOSSARY, KEY_WIDTH, MANUAL, Help, help_of_screen
from csc_tui.window.shared import key_language
from csc_tui.window.shared.key_language import ScreenKey
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column

WORD_COLUMNS: tuple[Column[GlossaryWord], ...] = (
    Column("Word", lambda word: [(word.word, "accent")], 21),
    Column("Meaning", lambda word: word.meaning, 24, share=1),
)
PAGE_COLUMNS: tuple[Column[ManualPage], ...] = (
    Column("csc ...", lambda page: [(page.name, "accent")], 21),
    Column("What it does", lambda page: page.summary, 24, share=1),
)
KEY_COLUMNS: tuple[Column[ScreenKey], ...] = (
    Column("Key", lambda key: [(key.keys, "accent")], KEY_WIDTH),
    Column("What", lambda key: [(key.what, "strong")], 14),
    Column("Meaning", lambda key: key.meaning, 24, share=1),
)
Manual = Callable[[], Sequence[ManualPage]]


async def open_help(app: App[Any], manual: Manual | None, asked: str = "") -> str:
    """Show the help of the screen on top, or the page `asked`; return what was asked for where it is no page."""
    if isinstance(app.screen, Help):
        return ""
    if not asked:
        chosen = await app.push_screen_wait(help_of_screen(app.screen))
        asked = chosen or ""
    if asked == ALL_KEYS:
        await open_all_keys(app)
    elif asked == GLOSSARY:
        await open_glossary(app)
    elif asked == MANUAL:
        await open_manual(app, manual)
    else:
        return asked
    return ""


async def ask_about_tour(app: App[Any]) -> bool:
    """Return whether to leave this window for the tour's own."""
    lines: list[Pieces] = [
        [("The tour takes five minutes. You try things out, so it opens", "plain")],
        [("a separate window with fictional people.", "plain")],
        "",
        [("Press q there to close it and come back to this window.", "plain")],
    ]
    agreed = await app.push_screen_wait(ConfirmDialog("Start the tour?", lines, do="Start the tour", irrevocable=False))
    return agreed is True


async def open_glossary(app: App[Any]) -> None:
    """Show the glossary, searched by typing."""
    await app.push_screen_wait(
        BrowseDialog(
            "Glossary", WORD_COLUMNS, lambda word: word.word, base_glossary.search_glossary, lambda word: word.meaning,
            group=lambda word: word.heading, placeholder="Part of a word", choosable=False,
            empty="No match in the glossary.",
        )
    )  # fmt: skip


async def open_all_keys(app: App[Any]) -> None:
    """Show every key of every screen, searched by typing."""
    keys = await asyncio.to_thread(key_language.list_screen_keys, type(app), app.get_key_display)

    def find(text: str) -> list[ScreenKey]:
        parts = text.casefold().split()
        return [each for each in keys if text.strip() in each.each_key or all(part in each.text for part in parts)]

    await app.push_screen_wait(
        BrowseDialog(
            "All keys", KEY_COLUMNS, lambda key: f"{key.screen} {key.keys} {key.what}", find,
            lambda key: glyphs().between.join((key.screen, key.keys, key.meaning)), group=lambda key: key.screen,
            placeholder="A key, a screen or what it does", choosable=False, empty="No key matches that.",
        )
    )  # fmt: skip


async def open_manual(app: App[Any], manual: Manual | None) -> None:
    """Show the manual of the command line, searched by typing; enter shows one command's page."""
    pages = await asyncio.to_thread(manual) if manual else ()

    def find(text: str) -> list[ManualPage]:
        parts = [f" {part}" for part in text.casefold().split()]
        named = [page for page in pages if all(part in f" {page.name}" for part in parts)]
        told = [page for page in pages if all(part in page.text.casefold() for part in parts)]
        return named + [page for page in told if page not in named]

    text = at = ""
    while True:
        browse: BrowseDialog[ManualPage] = BrowseDialog(
            "Manual of the command line", PAGE_COLUMNS, lambda page: page.name, find, lambda page: page.summary,
            text=text, at=at, placeholder="Part of a command, or of what it does",
            empty="No command matches that." if pages else "The manual is not available here.",
        )  # fmt: skip
        picked = await app.push_screen_wait(browse)
        if picked is None:
            return
        text, at = picked.text, picked.row.name
        await app.push_screen_wait(PageDialog(f"csc {at}" if at != "csc" else "csc", picked.row.text))
