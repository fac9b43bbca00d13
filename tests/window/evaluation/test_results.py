"""What people thought, seen and typed in."""

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from csc_tui.base.context import Context
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation import questions
from db.records.evaluation import Stage
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, pointed, press, said, seen, told, type_in


@pytest.fixture
def evaluated(june: Context) -> Context:
    """Four people were at BR-90 in March, two of whom answered on the day."""
    ty = builders.person("Ty Lead", is_facilitator=True)
    on = builders.event("BR-90", dates=["2017-03-02"], state="closed", facilitators=[ty], capacity=9)
    for name in ("Ada Adams", "Bo Ek", "Cy Young", "Di Low"):
        who = builders.person(name, email=f"{name.split()[0].lower()}@example.org")
        builders.enrolment(on, who)
        builders.mark(on, 1, who)
    april = builders.at(june, "2017-04-10")
    evaluation_actions.enter_answers(
        april, "BR-90", "Ada Adams", Stage.ON_THE_DAY, {1: "yes", 2: "5", 3: "Ask [b]first[/b]"}
    )
    evaluation_actions.enter_answers(april, "BR-90", "Bo Ek", Stage.ON_THE_DAY, {1: "no", 2: "2"})
    return june


async def to_event(pilot: Pilot[None]) -> None:
    await press(pilot, "7", "minus", "down", "enter", "enter")


async def test_the_ways_to_compare_stand_on_the_left(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await press(pilot, "7", "minus")
        assert "Evaluation · 2016/17 · by course" in seen(pilot)
        assert "1/2/4" in line_with(pilot, "This has")
        assert "50 %" in line_with(pilot, "This has")
        await press(pilot, "down", "down")
        assert "by facilitator" in seen(pilot)
        assert "Ty Lead" in seen(pilot)


async def test_a_year_without_forms_says_no_data_and_never_nought(window: Window, evaluated: Context) -> None:
    on = builders.event("RL-90", course="RL", dates=["2017-05-02"], state="closed")
    builders.mark(on, 1, builders.person("Eve Moss"))
    async with window() as pilot:
        await press(pilot, "7")
        assert "no data" in line_with(pilot, "0/0/1")
        assert "0 %" not in seen(pilot)


async def test_an_event_shows_answers_words_and_who_has_not_answered(window: Window, evaluated: Context) -> None:
    async with window(size=(120, 40)) as pilot:
        await to_event(pilot)
        assert "On the day: 2 of 4 answered" in seen(pilot)
        assert "Ask [b]first[/b]" in seen(pilot)
        assert "no 1, yes 1" in seen(pilot)
        assert "1:0 2:1 3:0 4:0 5:1" in seen(pilot)
        assert "On the day, not answered yet: 2 people" in seen(pilot)
        assert "After three months: 0 of 4 answered" in seen(pilot)
        assert "no data" in seen(pilot)
        await press(pilot, "c")
        assert pilot.app.clipboard == "di@example.org; cy@example.org"


async def test_what_is_cut_stands_below_in_full(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await to_event(pilot)
        assert "This has supported my practice. · 50 % (1 agree / 2 answered / 4 invited)" in told(pilot)


async def test_a_pile_of_forms_is_typed_in_one_key_an_answer(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await to_event(pilot)
        await press(pilot, "a", "d")
        assert "Di Low" in seen(pilot)
        assert "Ada Adams" not in told(pilot)
        await type_in(pilot, "cy")
        await press(pilot, "enter", "y", "4")
        await type_in(pilot, "Ask first. 5 times")
        await press(pilot, "enter")
        assert "1 form saved" in told(pilot)
        await press(pilot, "enter", "n", "5", "enter", "escape")
        assert "On the day: 4 of 4 answered" in seen(pilot)
    found = evaluation_actions.show_event_evaluation(evaluated, "BR-90")
    assert [each.spread for each in found.results if each.stage is Stage.ON_THE_DAY] == [(2, 2), (0, 1, 0, 1, 2), ()]
    assert "Ask first. 5 times" in [words for _, _, words in found.comments]


async def test_a_wrong_key_is_said_and_an_answer_can_be_gone_back_to(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await to_event(pilot)
        await press(pilot, "a", "d", "enter", "7")
        assert "'7' is not an answer to this question" in told(pilot)
        await press(pilot, "y", "3", "up", "up", "n")
        assert "practice? 3" in told(pilot)
        await press(pilot, "up", "backspace", "ctrl+s")
    assert evaluation_actions.show_event_evaluation(evaluated, "BR-90").results[0].spread == (1, 1)


async def test_an_empty_form_is_not_kept(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await to_event(pilot)
        await press(pilot, "a", "d", "enter", "ctrl+s")
        assert "No question is answered yet" in told(pilot)


async def test_a_form_without_a_name_counts_as_one_more_each_time(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await to_event(pilot)
        await press(pilot, "a", "d")
        for _ in range(2):
            await press(pilot, "up", "down", "down", "down", "enter", "y", "ctrl+s")
            assert "without a name is saved" in said(pilot)
    shares = [each.share for each in evaluation_actions.show_event_evaluation(evaluated, "BR-90").results]
    assert (shares[0].agree, shares[0].answered) == (3, 4)


async def test_what_was_typed_stays_when_it_cannot_be_kept(
    window: Window, evaluated: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    from db.errors import BusyDatabase

    def busy(*_: object) -> None:
        raise BusyDatabase()

    async with window() as pilot:
        await to_event(pilot)
        await press(pilot, "a", "d", "enter", "y", "4")
        await type_in(pilot, "Keep me")
        monkeypatch.setattr(evaluation_actions, "enter_answers", busy)
        await press(pilot, "enter")
        assert "Keep me" in seen(pilot)
        monkeypatch.undo()


async def test_where_forms_are_kept_apart_nobody_sees_who_has_answered(window: Window, evaluated: Context) -> None:
    apart = replace(evaluated, policy={**evaluated.policy, "anonymous_evaluations": "yes"})
    evaluation_actions.enter_answers(apart, "BR-90", "Cy Young", Stage.ON_THE_DAY, {1: "yes"})
    async with window(apart, size=(120, 40)) as pilot:
        await to_event(pilot)
        assert "stored without names" in seen(pilot)
        assert "not answered yet" not in seen(pilot)
        await press(pilot, "c")
        assert "no one can see who has not answered" in said(pilot)
        await press(pilot, "a", "d")
        assert "Ada Adams" in told(pilot)
        await type_in(pilot, "cy")
        await press(pilot, "enter", "n", "ctrl+s")
        assert "has already answered" in said(pilot)


async def test_a_viewer_reads_and_types_nothing_in(window: Window, evaluated: Context) -> None:
    async with window(replace(evaluated, role=Role.VIEWER)) as pilot:
        await to_event(pilot)
        await press(pilot, "a")
        assert "viewer" in said(pilot)


async def test_somebody_who_has_not_answered_can_be_opened(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await to_event(pilot)
        await press(pilot, *["down"] * 4)
        assert "Di Low" in pointed(pilot)
        await press(pilot, "enter")
        assert "di@example.org" in seen(pilot)
        await press(pilot, "escape", "E")
        assert "BR-90" in seen(pilot)


async def test_what_a_course_asks_is_changed_in_the_window(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await press(pilot, "7", "minus", "e")
        assert "Evaluation questions of BR" in told(pilot)
        await press(pilot, "down", "enter")
        assert "2 forms answer it." in told(pilot)
        await press(pilot, "w", "ctrl+u")
        await type_in(pilot, "How useful was it?")
        await press(pilot, "enter")
        assert "answers to the old words: 2, which still count" in told(pilot).lower()
        await press(pilot, "enter")
        assert "How useful was it?" in told(pilot)
        await press(pilot, "down", "down", "down", "enter")
        await type_in(pilot, "Was the room warm?")
        await press(pilot, "enter", "ctrl+u")
        await type_in(pilot, "perhaps")
        await press(pilot, "enter")
        assert "yes or no, 1 to 5, or words, not 'perhaps'" in told(pilot)
        await press(pilot, "ctrl+u")
        await type_in(pilot, "yes or no")
        await press(pilot, "enter", "enter")
        assert "Was the room warm?" in told(pilot)
        await press(pilot, "escape")
    texts = [each.text for each in questions.list_course_questions(evaluated, "BR")]
    assert {"How useful was it?", "Was the room warm?"} <= set(texts)


async def test_what_people_wrote_runs_on_where_no_figure_stands_beside_it(window: Window, june: Context) -> None:
    on = builders.event("BR-90", dates=["2017-03-02"], state="closed")
    who = builders.person("Ada Adams", email="ada@example.org")
    builders.enrolment(on, who)
    builders.mark(on, 1, who)
    said = "Draw up the safety plan with the grandparents and the school."
    evaluation_actions.enter_answers(builders.at(june, "2017-04-10"), "BR-90", "Ada Adams", Stage.ON_THE_DAY, {3: said})
    async with window() as pilot:
        await to_event(pilot)
        assert said in line_with(pilot, "Draw up")


async def test_a_form_that_was_left_is_still_filled_in(window: Window, evaluated: Context) -> None:
    async with window() as pilot:
        await to_event(pilot)
        await press(pilot, "a", "d")
        await type_in(pilot, "cy")
        await press(pilot, "enter", "n", "4", "escape")
        assert "whose form?" in seen(pilot)
        await type_in(pilot, "cy")
        await press(pilot, "enter")
        assert "4" in line_with(pilot, "2.")
        await press(pilot, "escape", "escape")
        assert "which forms?" in seen(pilot)
