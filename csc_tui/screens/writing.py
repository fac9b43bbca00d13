"""Files that are written for a coordinator: ask where to, write, say what is there now."""

import asyncio
import os
from collections.abc import Callable

from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.dialogs.form import Answers, Field, Form
from db.errors import CscError, WrongUse

Write = Callable[[str], str]
"""Writes to the path and gives the sentence that says so."""


async def ask_and_write(
    screen: LiveScreen[Found], title: str, what: Field, write: Write, *, explanation: str = ""
) -> None:
    """Ask for a file or folder until something was written there, or the question is left."""
    answers: Answers | None = None
    problem = ""
    while True:
        answers = await screen.app.push_screen_wait(
            Form(title, [what], answers=answers, explanation=explanation, problem=problem)
        )
        if answers is None:
            return
        try:
            said = await asyncio.to_thread(write, place(answers[what.name]))
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
