"""Questions for where to write a file, asked until it is written."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence

from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.form import Answers, FinalForm, FormField
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from db.errors import CscError, Duplicate, WrongUse

Write = Callable[[str], str]
"""Writes to the path and returns the sentence that says so."""
WriteSo = Callable[[str, Answers], str]
"""Writes to the path with the other answers of the form and returns the sentence that says so."""
Replace = Callable[[str, Answers, bool], str]
"""Writes to the path with the other answers; the flag allows it to replace a file."""


async def ask_file_and_write(
    screen: DataScreen[Found], title: str, what: FormField, write: Write, *, explanation: str = ""
) -> None:
    """Ask for a file or folder until something is written there or the question is left."""
    await ask_form_and_write(screen, title, [what], lambda path, _: write(path), explanation=explanation)


async def ask_form_and_write(
    screen: DataScreen[Found], title: str, fields: Sequence[FormField], write: WriteSo, *, explanation: str = ""
) -> None:
    """Ask with a form whose first field is the file or folder, until something is written or the form is left."""

    async def put(path: str, answers: Answers) -> str:
        return await asyncio.to_thread(write, path, answers)

    await _ask(screen, title, fields, put, explanation)


async def ask_file_and_replace(
    screen: DataScreen[Found], title: str, fields: Sequence[FormField], write: Replace, *, explanation: str = ""
) -> None:
    """Ask until a file is written or the question is left, and confirm before an existing file is replaced."""

    async def put(path: str, answers: Answers) -> str:
        try:
            return await asyncio.to_thread(write, path, answers, False)
        except Duplicate:
            question = ConfirmDialog(
                "Replace the file?",
                [f"{path} is there already.", "What it holds now would be gone."],
                do="Replace it",
                irrevocable=True,
            )
            if not await screen.app.push_screen_wait(question):
                raise WrongUse(f"{path} was left as it is. Name another file.") from None
        return await asyncio.to_thread(write, path, answers, True)

    await _ask(screen, title, fields, put, explanation)


async def _ask(
    screen: DataScreen[Found],
    title: str,
    fields: Sequence[FormField],
    put: Callable[[str, Answers], Awaitable[str]],
    explanation: str,
) -> None:
    what = fields[0]
    answers: Answers | None = None
    problem = ""
    while True:
        answers = await screen.app.push_screen_wait(
            FinalForm(title, fields, answers=answers, explanation=explanation, problem=problem)
        )
        if answers is None:
            return
        try:
            said = await put(typed_path(answers[what.name]), answers)
        except CscError as refusal:
            problem = word_for_window(refusal)
        else:
            screen.say(said)
            screen.state.changed.publish(None)
            return


def typed_path(typed: str) -> str:
    """Return the path that was typed with `~` expanded. Raises WrongUse."""
    if not typed.strip():
        raise WrongUse("Say where to write. Nothing was written.")
    return os.path.expanduser(typed.strip())


def home_path(name: str) -> str:
    """Return a path of this name in the home folder, as it can be typed."""
    return os.path.join("~", name)
