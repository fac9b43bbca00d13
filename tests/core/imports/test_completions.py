"""What people learnt before or elsewhere comes in from spreadsheets and from learning platforms."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import certificates, earlier_learning, learnt_days, outcomes
from csc_tui.core.attendance.earlier_learning import NewLearning
from csc_tui.core.history import undo
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports import completions_import
from csc_tui.core.imports.columns import FORGET, HeadingsUnclear, ImportReport, NothingImported
from csc_tui.core.people import merging
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports import queries as reports_queries
from db import attendance, catalogue
from db import earlier_learning as store
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken, WrongUse
from db.records.attendance import UNKNOWN_DAY, KnownTo, MarkKind
from db.records.people import Person
from exports.table_search import Table
from tests import builders

TODAY = date(2017, 4, 10)


@pytest.fixture
def jo(ctx: Context) -> Person:
    return builders.person("Jo Smith", employee_number="1001")


@pytest.fixture
def al(ctx: Context) -> Person:
    return builders.person("Al Barnes")


def table(headings: tuple[str, ...], *rows: tuple[str, ...], name: str = "before.csv") -> Table:
    return Table(name, headings, [(number, list(row)) for number, row in enumerate(rows, 2)], ())


def take(ctx: Context, found: Table, **asked: Any) -> ImportReport:
    return completions_import.import_completions(ctx, found, **{"mapping": {}, **asked})


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.same, report.rejected


def completed(ctx: Context, person: Person) -> dict[str, str]:
    return {each.course: each.on for each in people_queries.get_person_card(ctx, person.key).completions}


@pytest.mark.parametrize(
    ("text", "on", "known_to"),
    [
        ("12/05/2015", date(2015, 5, 12), KnownTo.DAY),
        ("2015-05-12", date(2015, 5, 12), KnownTo.DAY),
        ("25-Apr-15", date(2015, 4, 25), KnownTo.DAY),
        ("42136", date(2015, 5, 12), KnownTo.DAY),
        ("Tuesday, 12 May 2015, 10:02 AM", date(2015, 5, 12), KnownTo.DAY),
        ("12/05/15, 10:02", date(2015, 5, 12), KnownTo.DAY),
        ("10/2016", date(2016, 10, 1), KnownTo.MONTH),
        ("2016-10", date(2016, 10, 1), KnownTo.MONTH),
        ("Oct 2016", date(2016, 10, 1), KnownTo.MONTH),
        ("September 2016", date(2016, 9, 1), KnownTo.MONTH),
        ("Oct-16", date(2016, 10, 1), KnownTo.MONTH),
        ("2016", date(2016, 1, 1), KnownTo.YEAR),
        ("Y", UNKNOWN_DAY, KnownTo.UNKNOWN),
        (" yes ", UNKNOWN_DAY, KnownTo.UNKNOWN),
        ("Completed", UNKNOWN_DAY, KnownTo.UNKNOWN),
    ],
)
def test_a_cell_says_when_and_how_much_of_that_is_known(text: str, on: date, known_to: KnownTo) -> None:
    assert learnt_days.parse_learnt_day(text, TODAY) == (on, known_to)


@pytest.mark.parametrize("text", ["", "n/a", "N/A", "No", "-", "Not yet started", "Not completed"])
def test_a_cell_says_that_nothing_was_learnt(text: str) -> None:
    assert learnt_days.parse_learnt_day(text, TODAY) is None


@pytest.mark.parametrize("text", ["x", "booked", "13/2016", "Oct 16", "01/05/2018", "12/05", "2016/17", "w/c 12/5/15"])
def test_a_cell_that_would_have_to_be_guessed_at_is_refused(text: str) -> None:
    with pytest.raises(WrongUse):
        learnt_days.parse_learnt_day(text, TODAY)


def test_a_row_for_each_completion_comes_in_and_a_second_time_changes_nothing(
    ctx: Context, jo: Person, al: Person
) -> None:
    found = table(
        ("email", "course", "date", "provider", "evidence"),
        (jo.email, "SOS-INTRO", "12/05/2015", "Leeds City Council", "C-17"),
        (al.email, "sos-intro", "Y", "", ""),
        ("nobody@example.org", "SOS-INTRO", "2016", "", ""),
        (al.email, "SOS-INTRO", "sometime", "", ""),
    )
    before = take(ctx, found, dry_run=True)
    assert counts(before) == (2, 0, 0, 2)
    assert completed(ctx, jo) == {}
    report = take(ctx, found)
    assert counts(report) == counts(before)
    assert [(each.row, each.column) for each in report.problems] == [(4, "email"), (5, "date")]
    assert completed(ctx, jo) == {"SOS-INTRO": "2015-05-12"}
    (card,) = people_queries.get_person_card(ctx, jo.key).completions
    assert card.complete
    assert card.earlier == "Tue 12 May 2015, Leeds City Council, C-17"
    (unknown,) = people_queries.get_person_card(ctx, al.key).completions
    assert (unknown.complete, unknown.on, unknown.earlier) == (True, "", "on a day not known")
    assert counts(take(ctx, found)) == (0, 0, 2, 2)
    with read_transaction():
        assert outcomes.list_outcome_faults() == ([], [])


def test_what_a_later_file_says_more_is_kept_and_undone_alone(ctx: Context, jo: Person) -> None:
    headings = ("Employee No", "Course", "Date", "Provider")
    take(ctx, table(headings, ("1001", "SOS-INTRO", "2016", "")))
    assert counts(take(ctx, table(headings, ("1001", "SOS-INTRO", "2016", "Barnardo's")))) == (0, 1, 0, 0)
    (card,) = people_queries.get_person_card(ctx, jo.key).completions
    assert card.earlier == "2016, Barnardo's"
    undo.undo_steps(ctx)
    (card,) = people_queries.get_person_card(ctx, jo.key).completions
    assert card.earlier == "2016"


def test_one_mistaken_file_is_taken_back_whole(ctx: Context, jo: Person, al: Person) -> None:
    headings = ("Name", "SOS-INTRO", "Being Restorative")
    take(ctx, table(headings, ("Jo Smith", "2016", "10/2016"), ("Barnes, Al", "Y", "n/a")), wide=True)
    assert completed(ctx, jo) == {"BR": "2016-10-01", "SOS-INTRO": "2016-01-01"}
    assert completed(ctx, al) == {"SOS-INTRO": ""}
    (line,) = undo.undo_steps(ctx)
    assert line.what == "before.csv"
    assert completed(ctx, jo) == {}
    assert completed(ctx, al) == {}
    with read_transaction():
        assert store.fetch_earlier_learning() == []
        assert store.fetch_held_completions(catalogue.find_course("BR").id) == {}


def test_a_wide_sheet_has_a_column_for_each_course_said_once(ctx: Context, jo: Person) -> None:
    found = table(
        ("Employee Number", "Team", "Signs of safety e-learn", "BR/2"), ("1001", "Early Help", "12/05/2015", "2016")
    )
    with pytest.raises(HeadingsUnclear):
        take(ctx, table(("Employee Number", "Signs of safety e-learn"), ("1001", "2015")))
    report = take(ctx, found, mapping={"Signs of safety e-learn": "sos-intro"})
    assert counts(report) == (2, 0, 0, 0)
    assert any("Team" in str(each) for each in report.remarks)
    again = take(ctx, found)
    assert counts(again) == (0, 0, 2, 0)
    assert any("as chosen" in str(each) for each in again.remarks)
    lines = {each.course: each for each in people_queries.get_person_card(ctx, jo.key).completions}
    assert lines["BR"].modules.split()[1] == "done"
    assert not lines["BR"].complete


def test_doubtful_cells_of_a_wide_sheet_are_named_by_row_column_and_reason(ctx: Context, jo: Person) -> None:
    report = take(ctx, table(("E-mail", "SOS-INTRO", "BR"), (jo.email, "maybe", "2016"), ("who@x.org", "", "2016")))
    assert counts(report) == (1, 0, 0, 2)
    assert [(each.row, each.column) for each in report.problems] == [(2, "SOS-INTRO"), (3, "E-mail")]
    assert "not a person stored here" in report.problems[1].problem


def test_strict_takes_all_or_nothing(ctx: Context, jo: Person) -> None:
    with pytest.raises(NothingImported):
        take(ctx, table(("email", "course", "date"), (jo.email, "BR", "2016"), (jo.email, "BR", "x")), strict=True)
    assert completed(ctx, jo) == {}
    with pytest.raises(NotFound):
        undo.undo_steps(ctx)


def test_totaras_export_comes_in_as_it_is(ctx: Context, jo: Person) -> None:
    found = table(
        ("User's Fullname", "User's Email", "Course Name", "Course Shortname", "Completion Status", "Completion Date"),
        ("Jo Smith", jo.email, "Being Restorative", "BR", "Complete", "12 May 2015"),
        ("Jo Smith", jo.email, "Intro to Signs", "SOS-INTRO", "Complete via RPL", ""),
        ("Jo Smith", jo.email, "Signs of Safety", "SP", "In progress", ""),
    )
    assert counts(take(ctx, found)) == (2, 0, 0, 0)
    assert completed(ctx, jo) == {"BR": "2015-05-12", "SOS-INTRO": ""}


def test_moodles_course_completion_export_comes_in_as_it_is(ctx: Context, jo: Person, al: Person) -> None:
    found = table(
        ("ID", "Name", "Email address", "Quiz", "Quiz - Completion date", "Course complete"),
        ("5", "Jo Smith", jo.email, "Completed", "11/05/15, 09:00", "12/05/15, 10:02"),
        ("6", "Al Barnes", al.email, "Not completed", "", ""),
        name="completion-sos-intro.csv",
    )
    report = take(ctx, found)
    assert counts(report) == (1, 0, 0, 0)
    assert completed(ctx, jo) == {"SOS-INTRO": "2015-05-12"}
    assert completed(ctx, al) == {}


def test_moodles_activities_are_modules_with_their_dates(ctx: Context, jo: Person) -> None:
    with read_transaction():
        titles = [each.title for each in catalogue.fetch_modules(catalogue.find_course("BR").id)]
    headings = ("", "Email address", *(part for title in titles for part in (title, f"{title} - Completion date")))
    cells = ("Jo Smith", jo.email, *(("Completed", "Tuesday, 12 May 2015, 10:02 AM") * len(titles)))
    assert counts(take(ctx, table(headings, cells))) == (len(titles), 0, 0, 0)
    assert completed(ctx, jo) == {"BR": "2015-05-12"}


def test_a_course_of_another_name_is_asked_about_once_and_remembered(ctx: Context, jo: Person) -> None:
    found = table(("email", "training", "date"), (jo.email, "Safeguarding basics", "2016"))
    report = take(ctx, found)
    assert counts(report) == (0, 0, 0, 1)
    (question,) = report.questions
    assert "Safeguarding basics" in question.sentence
    assert counts(take(ctx, found, answers={question.name: "sos-intro"})) == (1, 0, 0, 0)
    assert counts(take(ctx, found)) == (0, 0, 1, 0)
    take(ctx, found, mapping={"Safeguarding basics": FORGET})
    assert counts(take(ctx, found)) == (0, 0, 0, 1)


def test_earlier_learning_counts_in_compliance_and_only_in_a_column_of_its_own_in_the_headline(
    ctx: Context, jo: Person
) -> None:
    take(ctx, table(("email", "course", "date"), (jo.email, "BR", "12/05/2015")))
    scope = reports_queries.ReportQuestion(course="BR")
    rows = reports_queries.get_report(ctx, "headline", scope)
    at = {name: place for place, name in enumerate(rows.columns)}
    (line,) = [row for row in rows.rows if row[0] == "course"]
    assert (line[at["people"]], line[at["since_start"]], line[at["earlier"]]) == (0, 0, 1)
    matrix = reports_queries.get_report(ctx, "compliance", scope)
    assert sum(int(row[matrix.columns.index("BR")] or 0) for row in matrix.rows if row[0] != "team") >= 1


def test_a_source_that_says_until_when_is_held_to_it(ctx: Context, jo: Person) -> None:
    take(ctx, table(("email", "course", "date", "expires"), (jo.email, "BR", "12/05/2015", "12/05/2016")))
    (card,) = people_queries.get_person_card(ctx, jo.key).completions
    assert (card.valid_until, card.standing) == ("2016-05-12", "out")
    matrix = reports_queries.get_report(ctx, "compliance", reports_queries.ReportQuestion(course="BR"))
    assert all(not row[matrix.columns.index("BR")] for row in matrix.rows)


def test_one_thing_is_added_by_hand_and_undone(ctx: Context, jo: Person) -> None:
    wanted = NewLearning("br", "", "12/05/2015", "Leeds", "", "")
    done = earlier_learning.add_earlier_learning(ctx, jo.key, wanted)
    assert (done.course, done.completed) == ("BR", "2015-05-12")
    with pytest.raises(RuleBroken):
        earlier_learning.add_earlier_learning(ctx, jo.key, wanted)
    for wrong in ("n/a", "maybe", "01/01/2030"):
        with pytest.raises(WrongUse):
            earlier_learning.add_earlier_learning(ctx, jo.key, NewLearning("br", "", wrong, "", "", ""))
    with pytest.raises(NotFound):
        earlier_learning.add_earlier_learning(ctx, jo.key, NewLearning("br", "99", "2016", "", "", ""))
    undo.undo_steps(ctx)
    assert completed(ctx, jo) == {}


def test_two_records_of_one_person_share_what_was_learnt_and_undo_parts_it(
    ctx: Context, jo: Person, al: Person
) -> None:
    take(ctx, table(("email", "course", "date"), (al.email, "BR", "12/05/2015")))
    merging.merge_people(ctx, jo.key, al.key, {})
    assert completed(ctx, jo) == {"BR": "2015-05-12"}
    undo.undo_steps(ctx)
    assert completed(ctx, jo) == {}
    assert completed(ctx, al) == {"BR": "2015-05-12"}


def test_a_prerequisite_is_met_by_what_was_learnt_elsewhere(ctx: Context, jo: Person) -> None:
    take(ctx, table(("email", "course", "date"), (jo.email, "SOS-INTRO", "Y")))
    with read_transaction():
        assert attendance.fetch_completed_courses(jo.id) == {"SOS-INTRO"}


def test_moodles_dates_may_stand_under_no_heading(ctx: Context, jo: Person, tmp_path: Path) -> None:
    with read_transaction():
        titles = [each.title for each in catalogue.fetch_modules(catalogue.find_course("BR").id)]
    heads = ",".join(f'"{title}",""' for title in titles)
    cells = ",".join('"Completed","Tuesday, 12 May 2015, 10:02 AM"' for _ in titles)
    path = tmp_path / "progress.csv"
    path.write_text(f'"","Email address",{heads}\n"Jo Smith","{jo.email}",{cells}\n')
    fields = completions_import.list_completion_fields(ctx)
    report = take(ctx, imports_actions.load_table(str(path), fields=fields))
    assert counts(report) == (len(titles), 0, 0, 0)
    assert completed(ctx, jo) == {"BR": "2015-05-12"}


def test_a_certificate_tells_what_was_learnt_earlier_and_stands_for_what_was_attended_here(
    ctx: Context, jo: Person
) -> None:
    later = builders.at(ctx, "2017-06-26T17:00")
    builders.enrolment(builders.event("BR-90", dates=("2017-06-12", "2017-06-19")), jo)
    for number in (1, 2):
        attendance_actions.mark_person(later, "BR-90", number, jo.key, attendance_actions.NewMark(MarkKind.PRESENT))
    certificates_of, needy = certificates.list_earned_certificates(later, "BR-90")
    assert (certificates_of, len(needy)) == ([], 1)
    earlier_learning.add_earlier_learning(later, jo.key, NewLearning("br", "3", "10/2016", "Leeds", "", ""))
    (certificate,), _ = certificates.list_earned_certificates(later, "BR-90")
    assert len(certificate.modules) == 2
    assert certificate.minutes == 360
    assert certificate.earlier[0].endswith("October 2016, Leeds")
    assert certificates.verify_certificate(later, certificate.reference).on == date(2017, 6, 19)
