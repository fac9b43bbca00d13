"""Entering a pile of paper forms: who answered, their answers, and then the next form."""

import asyncio
from collections.abc import Sequence
from functools import partial

from csc_tui.base.text import format_count
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation.actions import Attender
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.dialogs.pick import PickDialog, PickedRow
from csc_tui.window.evaluation.paper_form import PaperForm
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.record_table import Column
from db.errors import CscError
from db.records.evaluation import Question, Stage

NAMELESS = Attender("", "The form has no name", "")
PEOPLE: tuple[Column[Attender], ...] = (
    Column("", lambda who: [(who.name, "strong" if who.person else "muted")], 28, share=1),
    Column("", lambda who: [(who.email, "muted")], 28, share=1),
)


async def ask_paper_forms(screen: DataScreen[Found], reference: str) -> None:
    """Ask for one form after the other, until the question who answered is left."""
    forms = {
        stage: await asyncio.to_thread(evaluation_actions.list_form_questions, screen.ctx, reference, stage)
        for stage in Stage
    }
    stage = await _stage(screen, reference, forms)
    if stage is None:
        return
    kept = 0
    while picked := await _whose(screen, reference, stage, kept):
        kept += await _ask_one_form(screen, reference, stage, forms[stage], picked.row)


async def _stage(screen: DataScreen[Found], reference: str, forms: dict[Stage, list[Question]]) -> Stage | None:
    choices = [
        ValueChoice(key, title, meaning, stage, "" if forms[stage] else "The course asks nothing then.")
        for key, title, meaning, stage in (
            ("d", "On the day", "Asked at the end of the event", Stage.ON_THE_DAY),
            ("m", "After three months", "Asked three months later", Stage.THREE_MONTHS),
        )
    ]
    chosen = await screen.app.push_screen_wait(Menu(f"{reference}: which forms?", choices))
    return chosen.value if chosen else None


async def _whose(screen: DataScreen[Found], reference: str, stage: Stage, kept: int) -> PickedRow[Attender] | None:
    there = await load_or_tell(screen, partial(evaluation_actions.list_people_to_enter, screen.ctx, reference, stage))
    if there is None:
        return None

    def find(text: str) -> tuple[Sequence[Attender], str]:
        wanted = text.casefold().split()
        found = [each for each in there if all(part in f"{each.name} {each.email}".casefold() for part in wanted)]
        remark = f"{format_count(kept, 'form')} kept" if kept else "Escape when the pile is done"
        return [*found, NAMELESS], remark

    return await screen.app.push_screen_wait(
        PickDialog(f"{reference}: whose form?", PEOPLE, lambda who: who.person, find, placeholder="Parts of a name")
    )


async def _ask_one_form(
    screen: DataScreen[Found], reference: str, stage: Stage, questions: Sequence[Question], who: Attender
) -> int:
    """Ask for one form and return how many were kept; what was typed stays in it until it is kept or left."""
    said: dict[int, str] = {}
    problem = ""
    while True:
        form = PaperForm(
            f"{reference}: {who.name if who.person else 'a form without a name'}", questions, said, problem
        )
        given = await screen.app.push_screen_wait(form)
        if given is None:
            return 0
        said = given
        keep = (
            partial(evaluation_actions.enter_answers, screen.ctx, reference, who.person, stage, said)
            if who.person
            else partial(evaluation_actions.enter_paper_form, screen.ctx, reference, stage, said)
        )
        try:
            done = await asyncio.to_thread(keep)
        except CscError as refusal:
            problem = word_for_window(refusal)
            continue
        if done.outcome == "same":
            screen.say(f"{done.name} had answered already. Nothing was changed.", warning=True)
            return 0
        screen.say(f"The answers of {done.name} are kept." if who.person else f"{done.name} is kept.")
        screen.state.changed.publish(None)
        return 1
