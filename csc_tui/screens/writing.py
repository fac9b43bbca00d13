"""Files that are written for a coordinator: ask where to, write, say what is there now."""

import asyncio
import os
from collections.abc import Callable, Sequence

from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.dialogs.form import Answers, Field, Form
from db.errors import CscError, WrongUse

Write = Callable[[str], str]
"""Writes to the path and gives the sentence that says so."""
WriteSo = Callable[[str, Answers], str]
"""The same, told what else was answered."""


async def ask_and_write(
    screen: LiveScreen[Found], title: str, what: Field, write: Write, *, explanation: str = ""
) -> None:
    """Ask for a file or folder until something was written there, or the question is left."""
    await ask_more_and_write(screen, title, [what], lambda path, _: write(path), explanation=explanation)


async def ask_more_and_write(
    screen: LiveScreen[Found], title: str, fields: Sequence[Field], write: WriteSo, *, explanation: str = ""
) -> None:
    """The same, where the first field is the file or folder and others follow."""
    what = fields[0]
    answers: Answers | None = None
    problem = ""
    while True:
        answers = await screen.app.push_screen_wait(
            Form(title, fields, answers=answers, explanation=explanation, problem=problem)
        )
        if answers is None:
            return
        try:
            said = await asyncio.to_thread(write, place(answers[what.name]), answers)
        except CscError as refusal:
            problem = str(refusal)
        else:
            screen.say(said)
            screen.desk.changed.publish(None)
            return


def place(typed: str) -> str:
    """The path that was typed, `~` standing for the home folder. Raises WrongUse."""
    if not typed.strip():
        raise WrongUse("Say where to write. Nothing was written.")
    return os.path.expanduser(typed.strip())


def at_home(name: str) -> str:
    """A file or folder of this name in the home folder, as it can be typed."""
    return os.path.join("~", name)
