"""Entering a pile of paper forms: who answered, their answers, and then the next form."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from csc_tui.base.text import format_count
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation.actions import Attender
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.dialogs.pick import PickDialog, PickedRow
from csc_tui.window.evaluation.paper_form import PaperForm
from csc_tui.window.shared import flow
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.record_table import Column
from db.errors import CscError
from db.records.evaluation import Question, Stage

NAMELESS = Attender("", "No name on the form", "")
PEOPLE: tuple[Column[Attender], ...] = (
    Column("", lambda who: [(who.name, "strong" if who.person else "muted")], 28, share=1),
    Column("", lambda who: [(who.email, "muted")], 28, share=1),
)


async def ask_paper_forms(screen: DataScreen[Found], reference: str) -> None:
    """Ask for one form after the other, until the question who answered is left.

    Escape in a form goes back to that question; what was typed into the form is still there when it is opened again.
    """
    forms = {
        stage: await asyncio.to_thread(evaluation_actions.list_form_questions, screen.ctx, reference, stage)
        for stage in Stage
    }
    while (stage := await _stage(screen, reference, forms)) is not None:
        saved = 0
        begun: dict[str, Mapping[int, str]] = {}
        with flow.later_steps():
            while picked := await _whose(screen, reference, stage, saved):
                saved += await _ask_one_form(screen, reference, stage, forms[stage], picked.row, begun)
        if saved:
            return


async def _stage(screen: DataScreen[Found], reference: str, forms: dict[Stage, list[Question]]) -> Stage | None:
    choices = [
        ValueChoice(key, title, meaning, stage, "" if forms[stage] else "The course asks no questions then.")
        for key, title, meaning, stage in (
            ("d", "On the day", "Asked at the end of the event", Stage.ON_THE_DAY),
            ("m", "After three months", "Asked three months later", Stage.THREE_MONTHS),
        )
    ]
    chosen = await flow.ask_step(screen, Menu(f"{reference}: which forms?", choices))
    return chosen.value if chosen else None


async def _whose(screen: DataScreen[Found], reference: str, stage: Stage, saved: int) -> PickedRow[Attender] | None:
    there = await load_or_tell(screen, partial(evaluation_actions.list_people_to_enter, screen.ctx, reference, stage))
    if there is None:
        return None

    def find(text: str) -> tuple[Sequence[Attender], str]:
        wanted = text.casefold().split()
        found = [each for each in there if all(part in f"{each.name} {each.email}".casefold() for part in wanted)]
        remark = f"{format_count(saved, 'form')} saved" if saved else "Press escape when you have finished"
        return [*found, NAMELESS], remark

    return await flow.ask_step(
        screen,
        PickDialog(f"{reference}: whose form?", PEOPLE, lambda who: who.person, find, placeholder="Part of a name"),
    )


async def _ask_one_form(
    screen: DataScreen[Found],
    reference: str,
    stage: Stage,
    questions: Sequence[Question],
    who: Attender,
    begun: dict[str, Mapping[int, str]],
) -> int:
    """Ask for one form and return how many were saved; `begun` keeps the answers of forms that were left, by person."""
    said: Mapping[int, str] = begun.get(who.person, {})
    problem = ""
    while True:
        form = PaperForm(
            f"{reference}: {who.name if who.person else 'a form without a name'}", questions, said, problem
        )
        given = await flow.ask_step(screen, form)
        if given is None:
            begun[who.person] = form.said
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
            screen.say(f"{done.name} has already answered. Nothing was changed.", warning=True)
            return 0
        begun.pop(who.person, None)
        screen.say(f"The answers of {done.name} are saved." if who.person else f"{done.name} is saved.")
        screen.state.changed.publish(None)
        return 1
