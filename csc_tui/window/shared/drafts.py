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
from csc_tui.window.shared.data_screen import DataScreen, Found


@dataclass(frozen=True, slots=True)
class _Way:
    key: str
    title: str
    meaning: str
    why_not: str = ""


GO_ON = _Way("g", "Go on with the draft", "everything as it was typed")
BEGIN_ANEW = _Way("n", "Start again", "the draft is deleted")


class DraftQuestionLeft(Exception):
    """Raised when the question whether to use a draft is left."""


async def ask_about_draft(screen: DataScreen[Found], title: str, what: str) -> FormDraft | None:
    """Return the draft of the form `what` if there is one and it is wanted.

    Raises DraftQuestionLeft.
    """
    draft = await asyncio.to_thread(drafts.load_draft, screen.ctx, what)
    if draft is None:
        return None
    said = f"There is a draft from {draft.at}: it was typed and not saved."
    menu = mark_unexpected(Menu(title, (GO_ON, BEGIN_ANEW), explanation=said))
    way = await screen.app.push_screen_wait(menu)
    if way is None:
        raise DraftQuestionLeft
    if way == GO_ON:
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
