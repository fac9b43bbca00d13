"""Answers by hand and by file, named and apart from names, and what they add up to."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import apsw
import pytest

from csc_tui.base.context import Context
from csc_tui.core.admin import policy
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation.rules import AgreementShare
from csc_tui.core.history import undo
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports.columns import ImportReport, NothingImported
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.reports import list_files
from db import calendar, evaluation, models
from db.engine.connection import read_transaction, write_transaction
from db.errors import WrongUse
from db.records.calendar import Event
from db.records.evaluation import EvaluationAnswer, Stage
from db.records.people import Person
from tests import builders

DAY = Stage.ON_THE_DAY


@pytest.fixture
def people(ctx: Context) -> list[Person]:
    """Bo and Cy were at BR-90, Di was not."""
    found = [builders.person(name, email=f"{name.lower()}@example.org") for name in ("Bo", "Cy", "Di")]
    on = builders.event("BR-90", dates=("2017-04-03",), capacity=5)
    for each, kind in zip(found, ("present", "late", "absent"), strict=True):
        builders.mark(on, 1, each, kind)
    return found


@pytest.fixture
def anonymous(ctx: Context) -> Context:
    return replace(ctx, policy={**ctx.policy, "anonymous_evaluations": "yes"})


def take(ctx: Context, text: str, **options: Any) -> ImportReport:
    table = imports_actions.load_table_bytes("answers.csv", text.encode())
    return evaluation_actions.import_evaluations(ctx, table, mapping={}, **options)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.same, report.rejected


def shares(ctx: Context) -> list[AgreementShare]:
    return [each.share for each in evaluation_actions.show_event_evaluation(ctx, "BR-90").results if each.stage is DAY]


def stored() -> list[tuple[object, ...]]:
    """(person id, value, text) of every answer."""
    with read_transaction():
        query = models.AnswerRow.select(models.EvaluationRow.person, models.AnswerRow.value, models.AnswerRow.text)
        return list(query.join(models.EvaluationRow).order_by(models.AnswerRow.value, models.AnswerRow.text).tuples())


FORM = "Event,Your e-mail,This has supported my practice.,Q2,What will you do differently?\n"
FILE = FORM + "BR-90,BO@example.org,Strongly agree,4 - very,Ask first\nbr-90,cy@example.org,No,2,\n"


@pytest.mark.usefixtures("people")
def test_a_file_of_a_form_tool_goes_in_once_and_says_what_it_adds_up_to(ctx: Context) -> None:
    assert counts(take(ctx, FILE)) == (2, 0, 0, 0)
    assert shares(ctx) == [AgreementShare(1, 2, 2), AgreementShare(1, 2, 2), AgreementShare(0, 1, 2)]
    before = stored()
    assert counts(take(ctx, FILE)) == (0, 0, 2, 0)
    assert stored() == before
    (comment,) = evaluation_actions.show_event_evaluation(ctx, "BR-90").comments
    assert comment == (DAY, "What will you do differently?", "Ask first")


@pytest.mark.usefixtures("people")
def test_a_second_file_brings_a_form_up_to_date_and_an_empty_cell_wipes_nothing(ctx: Context) -> None:
    take(ctx, FILE)
    assert counts(take(ctx, FORM + "BR-90,bo@example.org,no,,\n")) == (0, 1, 0, 0)
    assert shares(ctx) == [AgreementShare(0, 2, 2), AgreementShare(1, 2, 2), AgreementShare(0, 1, 2)]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("BR-90,di@example.org,yes,,", "according to its registers"),
        ("BR-90,nobody@example.org,yes,,", "no person has the address"),
        ("NO-1,bo@example.org,yes,,", "no event NO-1"),
        ("BR-90,,yes,,", "no e-mail address"),
        ("BR-90,bo@example.org,,,", "no question is answered"),
        ("BR-90,bo@example.org,maybe,,", "question 1: 'maybe' is not yes or no"),
        ("BR-90,bo@example.org,,6,", "question 2: '6' is not a number from 1 to 5"),
        ("BR-90,bo@example.org,,10,", "question 2: '10' is not a number from 1 to 5"),
    ],
)
def test_a_row_that_cannot_go_in_says_why_and_the_good_ones_do(ctx: Context, line: str, said: str) -> None:
    report = take(ctx, FILE + line + "\n")
    assert counts(report) == (2, 0, 0, 1)
    assert [(each.row, said in each.problem) for each in report.problems] == [(4, True)]


@pytest.mark.usefixtures("people")
def test_strict_and_a_dry_run_keep_nothing(ctx: Context) -> None:
    with pytest.raises(NothingImported):
        take(ctx, FILE + "NO-1,bo@example.org,yes,,\n", strict=True)
    assert counts(take(ctx, FILE, dry_run=True)) == (2, 0, 0, 0)
    assert stored() == []


@pytest.mark.usefixtures("people")
def test_a_form_that_stands_twice_in_a_file_counts_once(ctx: Context) -> None:
    for _ in range(2):
        report = take(ctx, FILE + "BR-90,bo@example.org,no,,\n")
        assert "the same form as row 2" in report.problems[0].problem
        assert shares(ctx)[0] == AgreementShare(1, 2, 2)


@pytest.mark.usefixtures("people")
def test_forms_without_names_are_told_apart_by_their_numbers(ctx: Context) -> None:
    text = "event,id,stage,received,q1\nBR-90,71,three months,04/07/2017 09:30:11,yes\nBR-90,72,three months,,yes\n"
    assert counts(take(ctx, text)) == (2, 0, 0, 0)
    assert counts(take(ctx, text)) == (0, 0, 2, 0)
    late = [
        each.share
        for each in evaluation_actions.show_event_evaluation(ctx, "BR-90").results
        if each.stage is Stage.THREE_MONTHS
    ]
    assert late[0] == AgreementShare(2, 2, 2)


def test_where_evaluations_are_anonymous_nothing_joins_an_answer_to_a_name(
    ctx: Context, anonymous: Context, people: list[Person], tmp_path: object
) -> None:
    assert counts(take(anonymous, FILE)) == (2, 0, 0, 0)
    assert {person for person, *_ in stored()} == {None}
    assert counts(take(anonymous, FILE)) == (0, 0, 2, 0)
    assert evaluation_actions.enter_answers(anonymous, "BR-90", "bo@example.org", DAY, {1: "no"}).outcome == "same"
    assert shares(anonymous)[0] == AgreementShare(1, 2, 2)
    with read_transaction():
        received = {
            each.received.hour for each in models.EvaluationRow.select().where(models.EvaluationRow.person.is_null())
        }
    assert received == {0}
    with list_files.get_list_table(ctx, "evaluations") as (columns, rows):
        assert [(row[columns.index("email")], row[-1]) for row in rows if row[-1]] == [(None, "Ask first")]


def test_names_stored_before_the_policy_are_kept_out_of_exports(
    ctx: Context, anonymous: Context, people: list[Person]
) -> None:
    take(ctx, FILE)
    with list_files.get_list_table(anonymous, "evaluations") as (columns, rows):
        who = {value for row in rows for name, value in zip(columns, row, strict=True) if name in ("person", "email")}
    assert who == {None}
    with list_files.get_list_table(ctx, "evaluations") as (columns, rows):
        assert {row[columns.index("email")] for row in rows} == {"bo@example.org", "cy@example.org"}


def test_an_answer_on_paper_is_kept_with_who_kept_it(ctx: Context, people: list[Person]) -> None:
    assert evaluation_actions.enter_answers(ctx, "br-90", "Bo", DAY, {1: "yes", 3: " Ask  first "}).outcome == "new"
    assert evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "yes"}).outcome == "same"
    assert evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {2: "5"}).outcome == "changed"
    assert shares(ctx)[0] == AgreementShare(1, 1, 2)
    with read_transaction():
        lines = list(models.HistoryRow.select().where(models.HistoryRow.verb == "evaluation kept"))
    assert [(line.actor, line.person_id, line.after) for line in lines] == [
        ("alice", people[0].id, "on_the_day: new"), ("alice", people[0].id, "on_the_day: changed"),
    ]  # fmt: skip


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("who", "said", "fault"),
    [("Di", {1: "yes"}, evaluation_actions.NotAsked), ("Bo", {9: "yes"}, WrongUse), ("Bo", {1: "perhaps"}, WrongUse)],
)
def test_what_cannot_be_kept_is_a_sentence(
    ctx: Context, who: str, said: dict[int, str], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        evaluation_actions.enter_answers(ctx, "BR-90", who, DAY, said)
    assert stored() == []


def test_an_event_without_registers_has_no_data(ctx: Context) -> None:
    on: Event = builders.event("BR-91")
    found = evaluation_actions.show_event_evaluation(ctx, on.reference)
    assert (found.attended, [each for each in found.results if each.share.percent is not None]) == (0, [])


@pytest.mark.usefixtures("people")
def test_who_has_not_answered_is_known_where_forms_have_names(ctx: Context) -> None:
    evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "yes"})
    assert [each.name for each in evaluation_actions.show_event_evaluation(ctx, "BR-90").missing[DAY]] == ["Cy"]
    assert [each.name for each in evaluation_actions.list_people_to_enter(ctx, "BR-90", DAY)] == ["Cy"]


@pytest.mark.usefixtures("people")
def test_where_forms_are_kept_apart_from_names_nothing_says_who_has_answered(anonymous: Context) -> None:
    evaluation_actions.enter_answers(anonymous, "BR-90", "Bo", DAY, {1: "yes"})
    found = evaluation_actions.show_event_evaluation(anonymous, "BR-90")
    assert (found.missing, found.anonymous) == ({}, True)
    assert [each.name for each in evaluation_actions.list_people_to_enter(anonymous, "BR-90", DAY)] == ["Bo", "Cy"]


@pytest.mark.usefixtures("people")
def test_forms_without_a_name_are_each_one_more_and_hold_no_name(ctx: Context) -> None:
    for said in ({1: "yes", 2: "4"}, {1: "yes", 2: "4"}, {2: "1", 3: "Words"}):
        evaluation_actions.enter_paper_form(ctx, "BR-90", DAY, said)
    assert shares(ctx) == [AgreementShare(2, 2, 2), AgreementShare(2, 3, 3), AgreementShare(0, 1, 2)]
    assert {who for who, _, _ in stored()} == {None}
    found = [each for each in evaluation_actions.show_event_evaluation(ctx, "BR-90").results if each.stage is DAY]
    assert [each.spread for each in found] == [(0, 2), (1, 0, 0, 2, 0), ()]
    with pytest.raises(WrongUse, match="No question is answered"):
        evaluation_actions.enter_paper_form(ctx, "BR-90", DAY, {})


def test_a_dry_run_of_a_form_answers_as_the_form_would_and_keeps_nothing(ctx: Context, people: list[Person]) -> None:
    assert (
        preview_change(
            ctx, lambda: evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "yes"})
        ).result.outcome
        == "new"
    )
    assert (
        preview_change(ctx, lambda: evaluation_actions.enter_paper_form(ctx, "BR-90", DAY, {1: "yes"})).result.name
        == "form 1 without a name"
    )
    assert stored() == []
    assert evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "yes"}).outcome == "new"


def test_a_form_typed_in_by_mistake_is_taken_back_with_its_answers(ctx: Context, people: list[Person]) -> None:
    evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "yes"})
    evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "no", 3: "Nothing"})
    evaluation_actions.enter_paper_form(ctx, "BR-90", DAY, {1: "no"})
    (line,) = undo.undo_steps(ctx)
    assert (line.what, line.before, line.after) == ("form without a name on BR-90", "there", "")
    (line,) = undo.undo_steps(ctx)
    assert (line.what, line.before, line.after) == ("form of Bo on BR-90", "2 answers", "1, as before")
    assert stored() == [(people[0].id, 1, "")]
    undo.undo_steps(ctx)
    assert stored() == []
    assert evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "no"}).outcome == "new"
    (undone, *_) = [each for each in builders.list_history_lines(ctx, person=people[0].key) if each.verb == "undone"]
    assert "Nothing" not in f"{undone}"


def test_forms_typed_in_one_by_one_cannot_be_paired_with_their_names_by_number_day_or_step(
    anonymous: Context, people: list[Person]
) -> None:
    late = [builders.person(f"Ed {letter}") for letter in "ABCDEF"]
    with read_transaction():
        on = calendar.fetch_event("BR-90")
    for number, each in enumerate([*people[:2], *late]):
        if each in late:
            builders.mark(on, 1, each)
        ctx = builders.at(anonymous, f"2017-04-1{number}T10:00")
        assert evaluation_actions.enter_answers(ctx, "BR-90", each.key, DAY, {1: "yes"}).outcome == "new"
    with read_transaction():
        row = models.EvaluationRow
        forms = list(row.select().where(row.person.is_null()).order_by(row.id))
        lines = list(row.select().where(row.person.is_null(False)))
        steps = models.ImageRow.select().where(models.ImageRow.kind == "evaluation").count()
    assert {each.received for each in forms} == {datetime(2017, 4, 3)}
    assert not {each.id for each in forms} & {each.id + off for each in lines for off in (-1, 1)}
    assert steps == 0


def order_in_the_file(location: str) -> list[int]:
    """The values of the answers without a name, in the order of the rows of the file."""
    sql = (
        "SELECT a.value FROM answer a JOIN evaluation e ON e.id = a.evaluation_id WHERE e.person_id IS NULL"
        " AND a.value IS NOT NULL ORDER BY a.rowid"
    )
    return [value for (value,) in apsw.Connection(location).execute(sql)]


@pytest.mark.of_files
def test_the_rows_of_the_file_are_in_no_order_that_tells_whose_answers_they_are(
    anonymous: Context, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def highest_first(_: object, pile: list[dict[int, EvaluationAnswer]]) -> None:
        pile.sort(key=lambda form: [-(given.value or 0) for given in form.values()])

    monkeypatch.setattr(evaluation.SystemRandom, "shuffle", highest_first)
    on = builders.event("BR-90", dates=("2017-04-03",), capacity=5)
    for number in range(1, 5):
        who = builders.person(f"Ed {number}")
        builders.mark(on, 1, who)
        evaluation_actions.enter_answers(anonymous, "BR-90", who.key, DAY, {2: str(number)})
    assert order_in_the_file(location) == [4, 3, 2, 1]  # as the lot has it, and not as they came


def test_with_the_policy_what_was_kept_before_is_parted_from_its_names_for_good(
    ctx: Context, people: list[Person], location: str
) -> None:
    evaluation_actions.enter_answers(ctx, "BR-90", "Bo", DAY, {1: "yes", 3: "Ask first"})
    take(ctx, FILE)
    evaluation_actions.enter_paper_form(ctx, "BR-90", DAY, {1: "no"})
    figures = shares(ctx)
    seen = preview_change(ctx, lambda: policy.set_policy_value(ctx, "anonymous_evaluations", "yes")).result
    assert seen.remark == "2 forms separated from their names, permanently. Backups still have the names."
    assert {person for person, *_ in stored()} != {None}
    assert policy.set_policy_value(ctx, "anonymous_evaluations", "yes") == seen
    then = replace(ctx, policy={**ctx.policy, "anonymous_evaluations": "yes"})
    assert {person for person, *_ in stored()} == {None}
    assert shares(then) == figures
    assert counts(take(then, FILE)) == (0, 0, 2, 0)  # who has answered is known, and what is not
    with read_transaction():
        assert "Ask first" not in str(list(models.ImageRow.select().dicts()))
        assert evaluation_actions.list_anonymity_faults(then) == []
    assert policy.set_policy_value(then, "anonymous_evaluations", "yes").remark == ""


def test_forms_that_earlier_versions_kept_beside_their_names_are_found_and_drawn_anew(
    anonymous: Context, people: list[Person]
) -> None:
    row = models.EvaluationRow
    with write_transaction():
        question = models.QuestionRow.select().where(models.QuestionRow.position == 1).first().id
        for number, who in enumerate(people[:2]):
            for form_id, person in ((5 + 2 * number, who.id), (6 + 2 * number, None)):
                row.insert(id=form_id, event=calendar.fetch_event("BR-90").id, stage=DAY, received=builders.STAMP,
                           person=person).execute()  # fmt: skip
            models.AnswerRow.insert(evaluation=6 + 2 * number, question=question, value=number).execute()
    with read_transaction():
        (said,) = evaluation_actions.list_anonymity_faults(anonymous)
    assert "1 pile of forms whose numbers show who wrote them" in str(said)
    policy.set_policy_value(anonymous, "anonymous_evaluations", "yes")
    with read_transaction():
        assert evaluation_actions.list_anonymity_faults(anonymous) == []
        assert row.select().where(row.person.is_null(), row.id < 9).count() == 0
        assert sorted(value for _, value, _ in stored()) == [0, 1]
