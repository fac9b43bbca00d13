"""Drafts of forms, kept with every key and offered when the same form is opened again."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from csc_tui.base import drafts
from csc_tui.base.drafts import FormDraft
from csc_tui.window.dialogs.dialog import mark_unexpected
from csc_tui.window.dialogs.form import Answers
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.shared import flow
from csc_tui.window.shared.data_screen import DataScreen, Found


@dataclass(frozen=True, slots=True)
class _Way:
    key: str
    title: str
    meaning: str
    why_not: str = ""


USE_DRAFT = _Way("c", "Continue with the draft", "Everything as you typed it")
START_AGAIN = _Way("s", "Start again", "The draft is discarded")


class DraftQuestionLeft(Exception):
    """Raised when the question whether to use a draft is left."""


async def ask_about_draft(screen: DataScreen[Found], title: str, what: str) -> FormDraft | None:
    """Return the draft of the form `what` if there is one and it is wanted.

    A form that was left by going back in the flow under way opens with its draft, unasked. Raises DraftQuestionLeft.
    """
    draft = await asyncio.to_thread(drafts.load_draft, screen.ctx, what)
    if draft is None or (flow.is_later_step() and what in screen.state.stepped_back):
        return draft
    said = f"There is a draft from {draft.at} that was not saved."
    menu = mark_unexpected(Menu(title, (USE_DRAFT, START_AGAIN), explanation=said))
    way = await flow.ask_step(screen, menu)
    if way is None:
        raise DraftQuestionLeft
    if way == USE_DRAFT:
        return draft
    drafts.discard_draft(screen.ctx, what)
    return None


async def text_draft(screen: DataScreen[Found], what: str) -> FormDraft | None:
    """Return the draft of a dialog for one text; the dialog opens with it, so nothing is asked."""
    draft = await asyncio.to_thread(drafts.load_draft, screen.ctx, what)
    return draft if draft and draft.answers.get("text") else None


def draft_keeper(screen: DataScreen[Found], what: str, seen: Mapping[str, str]) -> Callable[[Answers], str]:
    """Return the callback through which a form reports every change; `seen` is what the form was filled with."""
    return partial(_keep, screen, what, seen)


def _keep(screen: DataScreen[Found], what: str, seen: Mapping[str, str], answers: Answers) -> str:
    return drafts.save_draft(screen.ctx, what, answers, seen)
