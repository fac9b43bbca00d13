"""n agree of n answered of n invited, and "no data" where nobody answered."""

from dataclasses import replace
from datetime import date

import pytest

from csc_tui.core.evaluation import rules as evaluation_rules
from csc_tui.core.evaluation.rules import AgreementShare
from db.records.evaluation import AnswerCount, AnswerKind, EvaluatedEvent, Question, Stage

DAY, LATER = Stage.ON_THE_DAY, Stage.THREE_MONTHS
EVENT = EvaluatedEvent(7, "BR-01", 1, date(2017, 6, 1), date(2017, 6, 12), 20)
TODAY = date(2017, 6, 12)


def tally(value: int | None, number: int, *, kind: AnswerKind = AnswerKind.AGREE, position: int = 1) -> AnswerCount:
    return AnswerCount(7, DAY, position, kind, position == 1, value, number)


def question(course_id: int = 1, text: str = "It helped.", position: int = 1) -> Question:
    kind = AnswerKind.AGREE if position == 1 else AnswerKind.SCALE
    return Question(position, course_id, DAY, position, text, kind, position == 1)


def test_the_share_is_of_those_who_answered_and_says_how_many_were_asked() -> None:
    share = evaluation_rules.impact_share(DAY, [EVENT], [tally(1, 6), tally(0, 2)], TODAY)
    assert share == AgreementShare(6, 8, 20)
    assert str(share) == "75 % (6 agree / 8 answered / 20 invited)"


def test_without_answers_there_is_no_percentage() -> None:
    share = evaluation_rules.impact_share(DAY, [EVENT], [], TODAY)
    assert (share.percent, str(share)) == (None, "no data (0 agree / 0 answered / 20 invited)")


@pytest.mark.parametrize(
    ("stage", "today", "asked"),
    [
        (DAY, date(2017, 6, 11), 0),
        (DAY, TODAY, 20),
        (LATER, TODAY, 0),
        (LATER, date(2017, 9, 10), 0),
        (LATER, date(2017, 9, 11), 20),
    ],
)
def test_nobody_was_asked_before_the_day(stage: Stage, today: date, asked: int) -> None:
    assert evaluation_rules.number_invited(stage, [EVENT], [], today) == asked


def test_whoever_answered_was_asked_even_where_registers_or_dates_say_otherwise() -> None:
    assert evaluation_rules.impact_share(DAY, [EVENT], [tally(1, 3)], date(2017, 6, 1)).invited == 20
    empty = EvaluatedEvent(7, "BR-01", 1, TODAY, TODAY, 0)
    assert evaluation_rules.impact_share(DAY, [empty], [tally(1, 3)], TODAY).invited == 3


def test_a_scale_has_a_mean_and_its_upper_two_agree() -> None:
    scale = [tally(5, 1, kind=AnswerKind.SCALE, position=2), tally(4, 1, kind=AnswerKind.SCALE, position=2),
             tally(3, 2, kind=AnswerKind.SCALE, position=2)]  # fmt: skip
    (found,) = evaluation_rules.question_results([question(position=2)], [EVENT], scale, TODAY)
    assert (found.mean, found.share) == (3.8, AgreementShare(2, 4, 20))


def test_the_impact_questions_of_several_courses_are_taken_together_and_other_questions_by_their_words() -> None:
    other = EvaluatedEvent(8, "RL-01", 2, TODAY, TODAY, 10)
    questions = [question(), question(2, "It changed how I manage."), question(1, "Useful?", 2), question(2, "Fun?", 2)]
    tallies = [tally(1, 4), AnswerCount(8, DAY, 1, AnswerKind.AGREE, True, 0, 4)]
    found = evaluation_rules.question_results(questions, [EVENT, other], tallies, TODAY)
    assert [(each.question, each.share) for each in found] == [
        (evaluation_rules.IMPACT_QUESTIONS, AgreementShare(4, 8, 30)),
        ("Useful?", AgreementShare(0, 0, 20)),
        ("Fun?", AgreementShare(0, 0, 10)),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "yes"),
    [(AnswerKind.AGREE, 1, True), (AnswerKind.AGREE, 0, False), (AnswerKind.SCALE, 4, True),
     (AnswerKind.SCALE, 3, False), (AnswerKind.TEXT, None, False), (AnswerKind.TEXT, 1, False),
     (AnswerKind.SCALE, None, False), (AnswerKind.AGREE, None, False)],
)  # fmt: skip
def test_who_agrees(kind: AnswerKind, value: int | None, yes: bool) -> None:
    assert evaluation_rules.is_agreement(kind, value) is yes


def test_an_answer_on_the_day_does_not_say_that_people_were_asked_three_months_later() -> None:
    assert evaluation_rules.number_invited(LATER, [EVENT], [tally(1, 6)], TODAY) == 0
    assert evaluation_rules.number_invited(LATER, [EVENT], [replace(tally(1, 6), stage=LATER)], TODAY) == 20


def test_the_impact_share_counts_the_impact_question_of_these_events_at_this_stage_alone() -> None:
    others = [tally(1, 5, position=2), replace(tally(1, 7), stage=LATER), replace(tally(1, 9), event_id=8)]
    assert evaluation_rules.impact_share(DAY, [EVENT], [tally(1, 6), *others], TODAY) == AgreementShare(6, 6, 20)


def test_results_come_by_stage_and_then_by_position_on_the_form() -> None:
    questions = [
        replace(question(text="Do you use it?"), stage=LATER),
        question(text="Useful?", position=2),
        question(),
    ]
    found = evaluation_rules.question_results(questions, [EVENT], [], TODAY)
    assert [each.question for each in found] == ["It helped.", "Useful?", "Do you use it?"]


def test_the_answers_to_another_courses_question_in_that_position_are_not_counted() -> None:
    other = EvaluatedEvent(8, "RL-01", 2, TODAY, TODAY, 10)
    questions = [question(text="Useful?", position=2), question(2, "Fun?", 2)]
    useful, fun = (AnswerCount(event, DAY, 2, AnswerKind.SCALE, False, 5, number) for event, number in ((7, 3), (8, 4)))
    found = evaluation_rules.question_results(questions, [EVENT, other], [useful, fun], TODAY)
    assert [(each.question, each.share.answered) for each in found] == [("Useful?", 3), ("Fun?", 4)]


def test_the_spread_counts_each_value_from_the_lowest() -> None:
    scale = [tally(value, 10 + value, kind=AnswerKind.SCALE, position=2) for value in (5, 1, 2, 4, 3)]
    (found,) = evaluation_rules.question_results([question(position=2)], [EVENT], scale, TODAY)
    assert found.spread == (11, 12, 13, 14, 15)
    (found,) = evaluation_rules.question_results([question()], [EVENT], [tally(1, 6), tally(0, 2)], TODAY)
    assert found.spread == (2, 6)


def test_a_mean_is_of_the_answers_on_a_scale_and_leaves_out_who_gave_none() -> None:
    (found,) = evaluation_rules.question_results([question()], [EVENT], [tally(1, 6), tally(0, 2)], TODAY)
    assert found.mean is None
    scale = [tally(4, 2, kind=AnswerKind.SCALE, position=2), tally(None, 2, kind=AnswerKind.SCALE, position=2)]
    (found,) = evaluation_rules.question_results([question(position=2)], [EVENT], scale, TODAY)
    assert found.mean == 4.0
