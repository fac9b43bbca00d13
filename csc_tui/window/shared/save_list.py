"""Writing the list in front to a file as it is filtered."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from textual.app import App
from textual.screen import Screen

from csc_tui.base.context import Context
from csc_tui.base.text import clean_text, format_count
from csc_tui.core.reports import list_files
from csc_tui.window.dialogs.form import FinalForm, FormField, filled_rule
from csc_tui.window.shared.data_screen import DataScreen
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.shared.save_file import replace_question
from csc_tui.window.widgets.glyphs import LINES
from csc_tui.window.widgets.pieces import safe_pieces
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError, Duplicate
from exports.tables import Value

SCALAR = (str, int, float, bool, date, datetime, time, type(None))
Said = Callable[[str, bool], None]
"""Says a sentence; the second argument makes it a warning."""


def list_in_front(screen: Screen[Any]) -> RecordTable[Any] | None:
    """Return the list with the focus, else the longest one shown."""
    if isinstance(screen.focused, RecordTable) and screen.focused.rows:
        return screen.focused
    shown = [each for each in screen.query(RecordTable) if each.display and each.rows]
    return max(shown, key=lambda each: len(each.rows), default=None)


async def ask_and_save_list(app: App[Any], ctx: Context, say: Said) -> None:
    """Ask for a file name and write the list there, asking again where that is refused."""
    screen = app.screen
    table = list_in_front(screen)
    if table is None:
        say("There is no list to save here, or it is empty.", True)
        return
    read = screen.every_row(table) if isinstance(screen, DataScreen) else None
    name = table.id if table.id not in (None, "listing") else "list"
    path, problem = f"~/{name}-{ctx.today().isoformat()}.csv", ""
    field = FormField("file", "File", path, "ending in .csv, .xlsx or .json", fault=filled_rule)
    while True:
        form = FinalForm(
            "Write this list to a file",
            [field],
            do="Write the list",
            answers={"file": path},
            explanation="Everything in the list as it is filtered now. Only you can read the file.",
        )
        form.refuse_field("file", problem)
        given = await app.push_screen_wait(form)
        if given is None:
            return
        path, problem = given["file"], ""
        try:
            number = await _write(app, os.path.abspath(os.path.expanduser(path)), table, read)
        except CscError as refusal:
            problem = word_for_window(refusal)
            continue
        if number is not None:
            say(f"{format_count(number, 'row')} written to {os.path.abspath(os.path.expanduser(path))}.", False)
            return


async def _write(
    app: App[Any], path: str, table: RecordTable[Any], read: Callable[[], Sequence[Any]] | None
) -> int | None:
    """Write the rows and return how many, or None where an existing file is to stay. Raises CscError."""
    rows = await asyncio.to_thread(read) if read else table.rows
    columns, lines = rows_to_save(table.columns, rows, table.group)
    try:
        return await asyncio.to_thread(list_files.write_table, path, columns, lines)
    except Duplicate:
        if not await app.push_screen_wait(replace_question(path)):
            return None
    return await asyncio.to_thread(list_files.write_table, path, columns, list(lines), replace=True)


def rows_to_save(
    columns: Sequence[Column[Any]], rows: Sequence[Any], group: Callable[[Any], str] | None = None
) -> tuple[list[str], Sequence[Sequence[Value]]]:
    """Return headings and lines to save.

    Plain records give their fields, as the command line prints them; other rows give what the columns show, behind the
    heading each row stands under.
    """
    first = rows[0] if rows else None
    if is_dataclass(first) and all(isinstance(getattr(first, each.name), (*SCALAR, Enum)) for each in fields(first)):
        names = [each.name for each in fields(first)]
        return names, [[_value(getattr(row, name)) for name in names] for row in rows]
    headed = [each.title or f"column {number}" for number, each in enumerate(columns, 1)]
    if group is None:
        return headed, [list(_shown(columns, row)) for row in rows]
    return ["Under", *headed], [[clean_text(group(row)), *_shown(columns, row)] for row in rows]


def _value(value: object) -> Value:
    given = value.value if isinstance(value, Enum) else value
    return given if isinstance(given, SCALAR) else clean_text(given)


def _shown(columns: Sequence[Column[Any]], row: object) -> Iterator[str]:
    for column in columns:
        words = "".join(text for text, _ in safe_pieces(column.text(row)))
        yield words.replace(LINES.taken, "").replace(LINES.left, "").strip()
