"""Dialogs for the questions of a course's evaluation: list, add, reword and remove them."""

from collections.abc import Sequence
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import status_label
from csc_tui.core.evaluation import questions
from csc_tui.core.evaluation.questions import QuestionLine
from csc_tui.window.dialogs.form import Answers, FormField, filled_rule, required_rule, suggest_one
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import flow, proposal
from csc_tui.window.shared.columns import STAGE_WORDS
from csc_tui.window.shared.data_screen import DataScreen, Found, MenuAction, load_or_tell
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import WrongUse
from db.records.calendar import FieldChange
from db.records.evaluation import AnswerKind, Stage

KINDS = {AnswerKind.AGREE: "yes or no", AnswerKind.SCALE: "1 to 5", AnswerKind.TEXT: "words"}
NEW = "Add a question"


def _kind(line: QuestionLine) -> Pieces:
    return [(KINDS[AnswerKind(line.kind)], "muted")] if line.kind else ""


COLUMNS: tuple[Column[QuestionLine], ...] = (
    Column("", lambda line: [(f"{line.position}." if line.position else "+", "muted")], 3, right=True),
    Column("Question", lambda line: [(line.text, "strong" if line.impact else "plain")], 30, share=1),
    Column("Answer", _kind, 9),
    Column("Forms", lambda line: f"{line.answers:,}" if line.position else "", 6, right=True),
)


async def open_questions(screen: DataScreen[Found], code: str) -> None:
    """Show the questions, and change the one chosen, until the list is left."""
    while True:
        asked = await load_or_tell(screen, partial(questions.list_course_questions, screen.ctx, code))
        if asked is None:
            return
        rows = [
            row
            for stage in Stage
            for row in (
                *(each for each in asked if each.stage == stage),
                QuestionLine(stage.value, 0, NEW, "", False, 0),
            )
        ]
        listing: Listing[QuestionLine] = Listing(
            f"Evaluation questions of {code}", COLUMNS, lambda line: f"{line.stage} {line.position}", rows,
            group=lambda line: STAGE_WORDS[line.stage], choosable=True,
            explanation="The impact question comes first. Press enter to change a question.",
        )  # fmt: skip
        chosen = await flow.ask_step(screen, listing)
        if chosen is None:
            return
        with flow.later_steps():
            if chosen.position:
                await _change(screen, code, chosen)
            else:
                await _add(screen, code, Stage(chosen.stage))


async def _add(screen: DataScreen[Found], code: str, stage: Stage) -> bool:
    kinds = tuple(KINDS.values())
    fields = [
        FormField("text", "Question", fault=filled_rule),
        FormField(
            "kind",
            "Answered with",
            "1 to 5",
            "yes or no, 1 to 5, or words",
            required_rule(_read_kind),
            suggest_one(kinds),
        ),
    ]

    def propose(answers: Answers) -> Proposal[list[FieldChange]]:
        kind = _read_kind(answers["kind"])

        def add(ctx: Context, _: str) -> list[FieldChange]:
            return questions.add_question(ctx, code, stage, answers["text"], kind)

        return Proposal(
            f"Add this question to {code}?", add, _lines, lambda _: f"The question was added to {code}.", do="Add"
        )

    return await proposal.ask_new_record(screen, f"{code}: new question, {STAGE_WORDS[stage].lower()}", fields, propose)


async def _change(screen: DataScreen[Found], code: str, line: QuestionLine) -> None:
    stage = Stage(line.stage)
    why_not = (
        "The impact question cannot be removed."
        if line.impact
        else f"It cannot be removed: {line.answers:,} forms answer it."
        if line.answers
        else ""
    )

    async def reword() -> bool:
        def fields() -> list[FormField]:
            found = questions.list_course_questions(screen.ctx, code)
            same = (each for each in found if (each.stage, each.position) == (line.stage, line.position))
            now = proposal.still_there(same, f"Question {line.position} of {code}")
            return [FormField("text", "Question", now.text, fault=filled_rule)]

        def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
            run = partial(_reword, code, stage, line.position, answers["text"])
            return Proposal(
                "Change the question?", run, _lines, lambda _: f"The question of {code} was changed.", do="Save"
            )

        return await proposal.ask_record_changes(screen, f"{code}, question {line.position}", fields, propose)

    async def remove() -> bool:
        run = partial(_remove, code, stage, line.position)
        return await proposal.act_on_proposal(
            screen,
            Proposal("Remove this question?", run, _lines, lambda _: f"{code} no longer asks it.", do="Remove"),
        )

    actions = [
        MenuAction("w", "Reword", "Change the wording; answers already given still count", "", reword),
        MenuAction("x", "Remove", "Take it off the form", why_not, remove),
    ]
    await flow.open_menu(screen, f"{code}, question {line.position}", actions, explanation=line.text)


def _reword(code: str, stage: Stage, position: int, text: str, ctx: Context, _: str) -> list[FieldChange]:
    return questions.reword_question(ctx, code, stage, position, text)


def _remove(code: str, stage: Stage, position: int, ctx: Context, _: str) -> list[FieldChange]:
    return questions.remove_question(ctx, code, stage, position)


def _read_kind(text: str) -> AnswerKind:
    """Parse `yes or no`, `1 to 5`, `words`, or the command line's names. Raises WrongUse."""
    said = " ".join(text.casefold().split())
    for kind, words in KINDS.items():
        if said in (words, kind.value):
            return kind
    raise WrongUse(f"Type yes or no, 1 to 5, or words, not '{text}'.")


def _lines(changes: Sequence[FieldChange]) -> list[Pieces]:
    lines: list[Pieces] = []
    for each in changes:
        if each.before:
            lines.append([(f"{status_label(each.field).capitalize()}: ", "muted"), (each.before, "plain")])
        arrow = glyphs().arrow if each.before else f"{status_label(each.field).capitalize()}:"
        lines.append([(f"{arrow} ", "muted"), (each.after or "no longer asked", "strong")])
    return lines
