"""Questions for where to write a file, asked until it is written."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence

from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.form import Answers, FinalForm, Form, FormField
from csc_tui.window.shared import flow
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError, Duplicate

Write = Callable[[str], str]
"""Writes to the path and returns the sentence that says so."""
WriteSo = Callable[[str, Answers], str]
"""Writes to the path with the other answers of the form and returns the sentence that says so."""
Replace = Callable[[str, Answers, bool], str]
"""Writes to the path with the other answers; the flag allows it to replace a file."""
Preview = Callable[[str], Sequence[Pieces]]
"""Returns the lines that say what would be written to the path."""


class WritingLeft(Exception):
    """Raised where a confirmation was left, so that the form is shown again as it was."""


async def ask_file_and_write(
    screen: DataScreen[Found],
    title: str,
    what: FormField,
    write: Write,
    *,
    do: str,
    explanation: str = "",
    preview: Preview | None = None,
) -> bool:
    """Ask for a file or folder until something is written there or the question is left; return whether it is.

    With a `preview`, its lines are confirmed before anything is written; `do` names what is written.
    """

    async def put(path: str, _: Answers) -> str:
        if preview is not None:
            lines = await asyncio.to_thread(preview, path)
            if not await flow.ask_step(screen, ConfirmDialog(f"{do}?", lines, do=do, leave="Back", irrevocable=True)):
                raise WritingLeft
        return await asyncio.to_thread(write, path)

    return await _ask(screen, title, [what], put, "Continue" if preview else do, explanation)


async def ask_form_and_write(
    screen: DataScreen[Found],
    title: str,
    fields: Sequence[FormField],
    write: WriteSo,
    *,
    do: str,
    explanation: str = "",
) -> bool:
    """Ask with a form whose first field is the file or folder, until something is written or the form is left."""

    async def put(path: str, answers: Answers) -> str:
        return await asyncio.to_thread(write, path, answers)

    return await _ask(screen, title, fields, put, do, explanation)


async def ask_file_and_replace(
    screen: DataScreen[Found],
    title: str,
    fields: Sequence[FormField],
    write: Replace,
    *,
    do: str,
    explanation: str = "",
) -> bool:
    """Ask until a file is written or the question is left, and confirm before an existing file is replaced."""

    async def put(path: str, answers: Answers) -> str:
        try:
            return await asyncio.to_thread(write, path, answers, False)
        except Duplicate:
            if not await ask_to_replace(screen, path):
                raise WritingLeft from None
        return await asyncio.to_thread(write, path, answers, True)

    return await _ask(screen, title, fields, put, do, explanation)


async def ask_to_replace(screen: DataScreen[Found], path: str) -> bool:
    """Ask whether to replace the file at the path."""
    agreed = await flow.ask_step(screen, replace_question(path))
    return bool(agreed)


def replace_question(path: str) -> ConfirmDialog:
    """Return the question whether to replace the file at the path."""
    lines = [f"{path} already exists.", "Its contents would be lost."]
    return ConfirmDialog("Replace the file?", lines, do="Replace the file", leave="Back", irrevocable=True)


async def _ask(
    screen: DataScreen[Found],
    title: str,
    fields: Sequence[FormField],
    put: Callable[[str, Answers], Awaitable[str]],
    do: str,
    explanation: str,
) -> bool:
    what = fields[0]
    answers: Answers | None = None
    problem = ""
    while True:
        kind = FinalForm if do != "Continue" else Form
        form = kind(title, fields, do=do, answers=answers, explanation=explanation)
        form.refuse_field(what.name, problem)
        answers = await flow.ask_step(screen, form)
        if answers is None:
            return False
        problem = ""
        try:
            said = await put(typed_path(answers[what.name]), answers)
        except WritingLeft:
            continue
        except CscError as refusal:
            problem = word_for_window(refusal)
        else:
            screen.say(said)
            screen.state.changed.publish(None)
            return True


def typed_path(typed: str) -> str:
    """Return the path that was typed with `~` expanded; the fields that ask for one refuse an empty text."""
    return os.path.expanduser(typed.strip())


def home_path(name: str) -> str:
    """Return a path of this name in the home folder, as it can be typed."""
    return os.path.join("~", name)
