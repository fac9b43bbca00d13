"""What a course asks: added, reworded, taken away, and all of it taken back."""

from dataclasses import replace

import pytest

from csc_tui.base.context import Context
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation import questions
from csc_tui.core.history import undo
from csc_tui.core.mail.change_preview import preview_change
from db.errors import CscError, NotFound, RuleBroken, WrongUse
from db.records.evaluation import AnswerKind, Stage
from tests import builders

DAY, LATER = Stage.ON_THE_DAY, Stage.THREE_MONTHS


def asked(ctx: Context, stage: Stage = DAY) -> dict[int, str]:
    return {each.position: each.text for each in questions.list_course_questions(ctx, "br") if each.stage == stage}


def test_a_question_is_added_behind_the_others_and_taken_back(ctx: Context) -> None:
    before = asked(ctx)
    (change,) = questions.add_question(ctx, "BR", DAY, "  Was the room\n warm? ", AnswerKind.AGREE)
    assert (change.field, change.after) == ("question 4 on the day", "Was the room warm?")
    assert asked(ctx) == {**before, 4: "Was the room warm?"}
    undo.undo_steps(ctx)
    assert asked(ctx) == before


def test_a_dry_run_adds_nothing(ctx: Context) -> None:
    before = asked(ctx)
    preview_change(ctx, lambda: questions.add_question(ctx, "BR", DAY, "Warm?", AnswerKind.SCALE))
    preview_change(ctx, lambda: questions.reword_question(ctx, "BR", DAY, 2, "Other"))
    preview_change(ctx, lambda: questions.remove_question(ctx, "BR", DAY, 3))
    assert asked(ctx) == before


def test_other_words_keep_the_answers_and_say_how_many(ctx: Context) -> None:
    on = builders.event("BR-90", dates=["2017-04-03"])
    builders.mark(on, 1, builders.person("Bo Ek"))
    evaluation_actions.enter_answers(ctx, "BR-90", "Bo Ek", DAY, {2: "4"})
    done = questions.reword_question(ctx, "BR", DAY, 2, "How useful was it?")
    assert [(each.field, each.after) for each in done][1] == ("answers to the old words", "1, which still count")
    (result,) = [
        each
        for each in evaluation_actions.show_event_evaluation(ctx, "BR-90").results
        if each.question == "How useful was it?"
    ]
    assert result.share.answered == 1
    undo.undo_steps(ctx)
    assert asked(ctx)[2] == "How useful will this be in your practice?"


def test_what_was_answered_and_the_question_of_impact_stay(ctx: Context) -> None:
    on = builders.event("BR-90", dates=["2017-04-03"])
    builders.mark(on, 1, builders.person("Bo Ek"))
    evaluation_actions.enter_answers(ctx, "BR-90", "Bo Ek", DAY, {3: "Ask first"})
    with pytest.raises(RuleBroken, match="1 form answers this question"):
        questions.remove_question(ctx, "BR", DAY, 3)
    with pytest.raises(RuleBroken, match="impact question"):
        questions.remove_question(ctx, "BR", DAY, 1)


def test_a_question_taken_away_comes_back_at_its_place(ctx: Context) -> None:
    before = asked(ctx, LATER)
    questions.remove_question(ctx, "BR", LATER, 2)
    assert list(asked(ctx, LATER)) == [1, 3]
    assert list(asked(ctx)) == [1, 2, 3]
    undo.undo_steps(ctx)
    assert asked(ctx, LATER) == before


def test_a_question_somebody_has_answered_since_is_not_taken_back(ctx: Context) -> None:
    on = builders.event("BR-90", dates=["2017-04-03"])
    builders.mark(on, 1, builders.person("Bo Ek"))
    questions.add_question(ctx, "BR", DAY, "Warm?", AnswerKind.AGREE)
    evaluation_actions.enter_answers(replace(ctx, actor="bob"), "BR-90", "Bo Ek", DAY, {4: "yes"})
    with pytest.raises(RuleBroken, match="people have answered it"):
        undo.undo_steps(ctx)


@pytest.mark.parametrize(
    ("code", "position", "text", "fault", "said"),
    [
        ("NOPE", 1, "x", NotFound, "There is no course NOPE"),
        ("BR", 9, "x", NotFound, "BR has no question 9 on the day. The questions are: 1, 2, 3."),
        ("BR", 2, "  ", WrongUse, "needs words"),
        ("BR", 2, "x" * 301, WrongUse, "can have 300 characters at most"),
        ("BR", 3, "What will you do differently?", RuleBroken, "already has these words"),
    ],
)
def test_what_cannot_be_is_a_sentence(
    ctx: Context, code: str, position: int, text: str, fault: type[CscError], said: str
) -> None:
    with pytest.raises(fault, match=said.replace(".", r"\.")):
        questions.reword_question(ctx, code, DAY, position, text)


def test_other_words_of_the_question_of_impact_are_the_courses_and_what_asks_it_in_the_old_ones_is_named(
    ctx: Context,
) -> None:
    old = asked(ctx)[1]
    done = questions.reword_question(ctx, "BR", DAY, 1, "I work otherwise now.")
    assert [(each.field, each.after) for each in done][1:] == [
        ("question 1 after three months", f"still asked as: {old}")
    ]
    assert catalogue_queries.show_course(ctx, "BR").course.impact_question == "I work otherwise now."
    assert len(questions.reword_question(ctx, "BR", LATER, 1, "I work otherwise now.")) == 1
    undo.undo_steps(ctx, 2)
    assert catalogue_queries.show_course(ctx, "BR").course.impact_question == old == asked(ctx, LATER)[1]
