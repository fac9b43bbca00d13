"""Flows of several questions, in which escape goes back to the question before and what was typed is still there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.shared.data_screen import DataScreen, Found, MenuAction, WindowState

Answer = TypeVar("Answer")

_later_step: ContextVar[bool] = ContextVar("later_step", default=False)


@contextmanager
def later_steps() -> Iterator[None]:
    """Mark the questions asked inside as following another question, to which escape goes back."""
    before = _later_step.set(True)
    try:
        yield
    finally:
        _later_step.reset(before)


def is_later_step() -> bool:
    """Return whether another question came before the one asked now."""
    return _later_step.get()


def end_flow(state: WindowState) -> None:
    """Forget which forms were left by going back, once the first question of a flow is answered for good or left."""
    if not is_later_step():
        state.stepped_back.clear()


async def ask_step(screen: DataScreen[Found], dialog: Dialog[Answer]) -> Answer | None:
    """Show a dialog and return its answer; as a later step its escape is named Back."""
    if is_later_step():
        dialog.step_back()
    return await screen.app.push_screen_wait(dialog)


async def open_menu(
    screen: DataScreen[Found], title: str, actions: Sequence[MenuAction], *, explanation: str = "", link: str = ""
) -> bool:
    """Ask for an action and do it; an action that returns False was left, and the menu is shown again.

    Returns False where the menu itself was left.
    """
    at = ""
    while True:
        chosen = await ask_step(screen, Menu(title, actions, explanation=explanation, link=link, at=at))
        if chosen is None:
            end_flow(screen.state)
            return False
        at = chosen.title
        with later_steps():
            done = await chosen.do()
        if done is not False:
            end_flow(screen.state)
            return True
