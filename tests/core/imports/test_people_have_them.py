"""Files as people have them: for each file of tests/data/cases what comes of it, and what is said."""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from peewee import JOIN

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.core.admin import new_database
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports import known_files
from csc_tui.core.imports import marks as imports_marks
from csc_tui.core.imports import people as imports_people
from csc_tui.core.imports import programme as imports_programme
from csc_tui.core.imports.columns import HeadingsUnclear, ImportReport, QuestionOpen
from csc_tui.core.mail import invitations
from csc_tui.core.people import people_import
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports import list_files
from db import calendar, models
from db import people as stored_people
from db.engine import connection, migrate
from db.engine.connection import read_transaction
from db.engine.mapping import as_tuples
from db.records.calendar import Session
from db.records.people import Person
from db.records.remedies import Remedy, RemedyKind
from exports.table_search import Table
from tests import builders

CASES = Path(__file__).parents[2] / "data" / "cases"


def programme(ctx: Context, name: str) -> ImportReport:
    table = imports_actions.load_table(str(CASES / name), fields=imports_programme.FIELDS)
    return imports_actions.import_programme(ctx, table, mapping={})


def sessions(reference: str) -> list[Session]:
    with read_transaction():
        return calendar.fetch_sessions(calendar.fetch_event(reference).id)


def said(report: ImportReport, row: int) -> str:
    return "; ".join(each.problem for each in report.problems if each.row == row)


def test_dates_as_excel_saves_them_are_read_or_a_sentence(ctx: Context) -> None:
    report = programme(ctx, "programme-dates-as-excel-saves.csv")
    assert (report.new, report.rejected) == (6, 3)
    for reference, end in (("Y-1", time(12, 30)), ("Y-3", time(12)), ("Y-4", time(16, 30)), ("Y-6", time(16, 30))):
        (session,) = sessions(reference)
        assert (session.date, session.end) == (date(2017, 4, 25), end), reference
    assert "is a Tuesday, not a Wednesday" in said(report, 8)
    assert "the day comes before the month" in said(report, 9)
    assert "has no year" in said(report, 10)
    assert "in the morning or in the afternoon" in said(report, 10)


def test_times_in_one_column_are_read_and_several_days_asked_about(ctx: Context) -> None:
    report = programme(ctx, "programme-one-time-column.csv")
    assert (report.new, report.rejected) == (3, 1)
    assert (sessions("X-1")[0].start, sessions("X-1")[0].end) == (time(9, 30), time(12, 30))
    assert (sessions("X-2")[0].date, sessions("X-2")[0].end) == (date(2017, 5, 2), time(16, 30))
    assert sessions("X-3")[0].date is None
    assert sessions("X-3")[0].venue == ""
    assert "is a week, not a day" in said(report, 4)
    assert "Put each session on its own line" in said(report, 5)


def test_a_programme_of_an_earlier_year_comes_in(ctx: Context) -> None:
    assert programme(ctx, "history-programme.csv").new == 1
    assert [each.date for each in sessions("BR-OLD-1")] == [date(2016, 5, 10), date(2016, 5, 17), date(2016, 5, 24)]


@pytest.mark.parametrize("name", sorted(each.name for each in CASES.iterdir()))
def test_each_file_has_a_table_in_it(name: str) -> None:
    assert imports_actions.load_table(str(CASES / name)).rows


def people(ctx: Context, name: str, **asked: Any) -> ImportReport:
    table = imports_actions.load_table(str(CASES / name), fields=imports_people.FIELDS)
    return people_import.import_people(ctx, table, mapping={}, **asked)


def found(reference: str) -> Person:
    with read_transaction():
        return stored_people.find_person(reference)


def known(forename: str, surname: str, email: str, **columns: str) -> Person:
    headings = ("Forename", "Surname", "Email", *columns)
    table = Table("before.csv", headings, [(2, [forename, surname, email, *columns.values()])], ())
    ctx = bootstrap.create_context(connection.bound_location(), actor="alice", today="2017-04-10T09:00")
    people_import.import_people(ctx, table, mapping={}, answers={"namesakes": "yes"})
    return found(email)


def test_an_hr_report_with_titles_and_a_total_gives_its_two_people(ctx: Context) -> None:
    report = people(ctx, "hr-report-lines-above-total-below.csv")
    assert (report.rows, report.new, report.rejected) == (2, 2, 0)
    alex = found("0012345")
    assert (alex.name, alex.manager_id) == ("Alex Aldous", found("0011111").id)
    assert any("Total records: 2" in each.sentence for each in report.remarks)


def test_numbers_made_safe_for_excel_keep_their_zeros_and_who_left_is_a_leaver(ctx: Context) -> None:
    assert people(ctx, "hr-excel-safe-numbers.csv").new == 2
    ama, sian = found("00012345"), found("00012346")
    assert (ama.name, ama.active, ama.start_date, ama.leaving_date) == ("Ama Osei-Bonsu", True, date(2015, 4, 1), None)
    assert (sian.active, sian.leaving_date) == (False, date(2017, 3, 31))


def test_a_known_number_with_a_new_address_waits_for_one_answer(ctx: Context) -> None:
    before = known("Rachel", "Lawson", "rachel.lawson@example.org", **{"Employee No": "100000"})
    asked = people(ctx, "hr-same-number-new-address.csv")
    assert (asked.new, asked.changed, asked.rejected) == (0, 0, 1)
    assert [each.name for each in asked.questions] == ["new_addresses"]
    done = people(ctx, "hr-same-number-new-address.csv", answers={"new_addresses": "yes"})
    assert (done.changed, done.questions) == (1, [])
    for reference in ("100000", "rachel.marsh@example.org", "rachel.lawson@example.org"):
        assert (found(reference).id, found(reference).name) == (before.id, "Rachel Marsh")
    again = people(ctx, "hr-same-number-new-address.csv")
    assert (again.same, again.rejected) == (1, 0)
    assert people_queries.search_people(ctx, "rachel.lawson@example")[1] == 1


def test_a_number_of_somebody_of_another_name_is_never_taken(ctx: Context) -> None:
    known("Zed", "Bell", "zed.bell@example.org", **{"Employee No": "100000"})
    done = people(ctx, "hr-same-number-new-address.csv", answers={"new_addresses": "yes"})
    assert (done.changed, done.rejected) == (0, 1)
    assert "who has another name and address" in said(done, 2)


@pytest.mark.parametrize("name", ["Amy Lawson", "Lawson Amy", "Amy L'awson", "Amy Law-son", "AMY LAWSON"])
def test_a_known_name_under_another_address_is_not_silently_a_second_person(ctx: Context, name: str) -> None:
    forename, surname = name.split()
    known(forename, surname, "amy.lawson@example.org", Organisation="Primary school")
    asked = people(ctx, "hr-same-person-other-address.csv")
    assert (asked.new, asked.rejected) == (0, 1)
    assert "similar name to" in said(asked, 2)
    assert [each.name for each in asked.questions] == ["namesakes"]
    assert people(ctx, "hr-same-person-other-address.csv", answers={"namesakes": "yes"}).new == 1


def test_a_new_mail_domain_is_taken_with_the_same_answer(ctx: Context) -> None:
    amy = known("Amy", "Lawson", "amy.lawson@example.org", Organisation="Primary school")
    assert people(ctx, "hr-same-person-other-address.csv", answers={"new_addresses": "yes"}).changed == 1
    assert found("amy.lawson@schools.example.org").id == amy.id == found("amy.lawson@example.org").id


def test_who_left_gives_up_places_and_the_dry_run_says_which(ctx: Context) -> None:
    event = builders.event("BR-90", dates=["2017-06-19"])
    known("Rachel", "Lawson", "rachel.lawson@example.org", **{"Employee No": "100000"})
    builders.enrolment(event, found("100000"))
    tried = people(ctx, "hr-leavers.csv", dry_run=True)
    sentence = "Rachel Lawson left on Fri 31 Mar 2017 and loses BR-90."
    assert sentence in [each.sentence for each in tried.remarks]
    assert (tried.changed, found("100000").active) == (1, True)
    assert sentence in [each.sentence for each in people(ctx, "hr-leavers.csv").remarks]
    assert (found("100000").active, found("100000").leaving_date) == (False, date(2017, 3, 31))
    assert people(ctx, "hr-leavers.csv").same == 1


def test_line_managers_of_a_file_are_found_in_it_wherever_they_stand(ctx: Context) -> None:
    tried = people(ctx, "hr-line-managers.csv", dry_run=True)
    report = people(ctx, "hr-line-managers.csv")
    assert (tried.new, tried.problems, report.new) == (2, report.problems, 2)
    assert found("5001").manager_id == found("5002").id
    again = people(ctx, "hr-line-managers.csv")
    assert (again.same, again.changed) == (2, 0)


@pytest.mark.parametrize(
    "manager", ["Bell Zed", "BELL, Zed", "Zed Bell (he/him)", "zed.bell@example.org", "77", "CN=Zed Bell,OU=x"]
)
def test_a_line_manager_is_named_by_address_number_or_name(ctx: Context, manager: str) -> None:
    known("Zed", "Bell", "zed.bell@example.org", **{"Employee No": "77"})
    ama = known("Ama", "Osei", "ama.osei@example.org", **{"Line manager": manager})
    assert ama.manager_id == found("77").id


def test_a_line_manager_who_cannot_be_told_is_said_and_the_row_goes_in(ctx: Context) -> None:
    table = Table("a.csv", ("Surname", "Email", "Line manager"), [(2, ["Osei", "ama@example.org", "Zoe Zing"])], ())
    report = people_import.import_people(ctx, table, mapping={})
    assert (report.new, said(report, 2)) == (
        1, "'Zoe Zing': no person has this name or number; the line manager was not changed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "address", "fields"),
    [
        ("contacts-outlook-cp1252.csv", "zoe.odea@example.org",
         {"name": "Zoë O’Dea", "phone": "01472 300100", "organisation": "Acme Care", "team": "Homes",
          "job_title": "Manager"}),
        ("contacts-google-utf16.csv", "ian.gow@example.org",
         {"name": "Ian Gow", "phone": "01472 300200", "organisation": "Acme Care", "job_title": "Nurse"}),
        ("directory-export-type-line.csv", "ada.dir@example.org",
         {"name": "Ada Dir", "organisation": "Acme Care", "team": "Homes", "job_title": "Nurse", "active": True}),
        ("moodle-grades.csv", "moe.odle@example.org",
         {"name": "Moe Odle", "employee_number": "00077", "organisation": "Acme Care", "team": "Homes"}),
    ],
)  # fmt: skip
def test_the_files_of_other_programs_give_a_person_with_what_they_say(
    ctx: Context, name: str, address: str, fields: dict[str, object]
) -> None:
    report = people(ctx, name)
    assert (report.new, report.rejected) == (1, 0)
    person = found(address)
    assert {field: getattr(person, field) for field in fields} == fields
    if "cp1252" in name:
        assert any("Windows-1252" in each.sentence for each in report.remarks)


def test_a_new_extract_says_who_is_missing_from_it(ctx: Context) -> None:
    for number in range(1, 5):
        known("Jo", f"Smith{number}", f"jo{number}@example.org", Organisation="Acme Care")
    rows = [(n, ["Jo", f"Smith{n}", f"jo{n}@example.org", "Acme Care"]) for n in range(1, 4)]
    report = people_import.import_people(
        ctx, Table("a.csv", ("Forename", "Surname", "Email", "Organisation"), rows, ()), mapping={}
    )
    assert [each.name for each in report.absent] == ["Jo Smith4"]
    assert any(
        "1 person of these organisations is stored and not in the file" in each.sentence for each in report.remarks
    )


def test_what_export_people_writes_comes_back_to_the_last_column(ctx: Context, tmp_path: Path) -> None:
    known("Zed", "Bell", "zed.bell@example.org", Organisation="Acme Trust", Team="Homes", Started="1-Apr-15")
    known("Ama", "Osei", "ama.osei@example.org", **{"Line manager": "Zed Bell", "Known as": "Amy", "Enabled": "no"})
    path = str(tmp_path / "people.csv")
    list_files.export_list(ctx, "people", path)
    table = imports_actions.load_table(path, fields=imports_people.FIELDS)
    again = people_import.import_people(ctx, table, mapping={})
    assert (again.changed, again.rejected, again.problems, again.remarks) == (0, 0, [], [])
    other = str(tmp_path / "other.db")
    migrate.create_empty_database(other)
    ctx = bootstrap.create_context(other, actor="alice", today="2017-04-10T09:00")
    new_database.fill_new_database(ctx)
    people_import.import_people(ctx, table, mapping={})
    copy = str(tmp_path / "copy.csv")
    list_files.export_list(ctx, "people", copy)
    first, second = (Path(each).read_text().splitlines() for each in (path, copy))
    assert [line.partition(",")[2] for line in first] == [line.partition(",")[2] for line in second]


@pytest.mark.parametrize(
    ("headings", "what"),
    [
        ("Timestamp,Email,Q1", "a form of Google Forms"),
        ("ID,Start time,Completion time,Email,Name,Q1", "a form of Microsoft Forms"),
        ("Respondent ID,Collector ID,Q1", "a survey of SurveyMonkey"),
        ("Order #,First Name,Last Name,Email,Ticket Type", "an Eventbrite event"),
        ("Name (Original Name),User Email,Total Duration (Minutes)", "a Zoom meeting"),
        ("Name,First Join,Last Leave,Email", "a Teams meeting"),
        ("First name,Email address,Last downloaded from this course", "a Moodle course"),
    ],
)
def test_the_file_of_a_known_program_is_recognised(headings: str, what: str) -> None:
    found = known_files.recognise_file(headings.split(","))
    assert found is not None
    assert found.what.endswith(what)


def test_a_file_of_another_kind_says_what_it_is_and_where_it_belongs(ctx: Context) -> None:
    with pytest.raises(HeadingsUnclear, match="participants of a Zoom meeting: it holds marks, not people") as refused:
        people(ctx, "zoom-participants.csv")
    assert refused.value.remedy == Remedy(RemedyKind.IMPORT_AS, subject="marks")
    report = people(ctx, "contacts-google-utf16.csv")
    assert report.remarks[0].sentence == "contacts-google-utf16.csv is contacts of Google."


@pytest.fixture
def after_session(ctx: Context) -> Context:
    """BR-01 with three sessions, on the day after the first; nobody is booked yet."""
    builders.event("BR-01", capacity=30, dates=("2017-04-27", "2017-05-11", "2017-05-25"))
    return builders.at(ctx, "2017-04-28T09:00")


def book(*addresses: str) -> list[Person]:
    with read_transaction():
        event = calendar.fetch_event("BR-01")
    there = [builders.person(each.partition("@")[0].replace(".", " ").title(), email=each) for each in addresses]
    for each in there:
        builders.enrolment(event, each)
    return there


def marks(ctx: Context, name: str, **asked: Any) -> ImportReport:
    table = imports_actions.load_table(str(CASES / name), fields=imports_marks.FIELDS)
    return imports_actions.import_marks(ctx, table, mapping={}, **asked)


def register(ctx: Context) -> dict[str, tuple[str, int | None]]:
    lines = attendance_actions.list_register_lines(attendance_actions.list_registers(ctx, "BR-01", 1))
    return {line.name: (line.mark, line.minutes) for line in lines if line.mark}


def test_the_attendance_report_of_teams_marks_who_can_be_told_and_lists_the_others(after_session: Context) -> None:
    book("rachel.lawson@example.org", "zed.bell@example.org")
    report = marks(after_session, "teams-attendance-utf16.csv", event="BR-01", session="1")
    assert (report.new, report.rejected) == (1, 1)
    assert register(after_session) == {"Rachel Lawson": ("present", 178)}
    assert "'Kelly Driscoll (Guest)' has no e-mail address; there for 60 minutes" in report.problems[0].problem
    assert any("not in the report and not marked: Zed Bell" in each.sentence for each in report.remarks)
    assert marks(after_session, "teams-attendance-utf16.csv", event="BR-01", session="1").same == 1


def test_the_report_of_zoom_lists_guests_and_devices(after_session: Context) -> None:
    book("rachel.lawson@example.org")
    report = marks(after_session, "zoom-participants.csv", event="BR-01", session="1")
    assert register(after_session) == {"Rachel Lawson": ("present", 178)}
    told = "; ".join(each.problem for each in report.problems)
    assert "'Kelly Driscoll' has no e-mail address; there for 170 minutes" in told
    assert "'iPad' has no e-mail address" in told
    assert "ruth.hunt@example.org" in told
    assert "there for 20 minutes" in told


def test_who_joins_again_has_the_minutes_added_up_and_never_more_than_the_session(after_session: Context) -> None:
    book("rachel.lawson@example.org", "zed.bell@example.org")
    rows = [["Rachel", "rachel.lawson@example.org", "1h 10m 30s"], ["Rachel", "Rachel.Lawson@example.org", "45m"],
            ["Zed", "zed.bell@example.org", "04:10:00"]]  # fmt: skip
    table = Table("a.csv", ("Name", "Email", "Duration"), list(enumerate(rows, 2)), ())
    imports_actions.import_marks(after_session, table, mapping={}, event="br-01", session="1")
    assert register(after_session) == {"Rachel Lawson": ("present", 115), "Zed Bell": ("present", 180)}


def test_marks_as_people_fill_them_are_read_and_a_cross_is_asked_about_once(after_session: Context) -> None:
    rows = imports_actions.load_table(str(CASES / "marks-as-people-fill-them.csv")).rows
    book(*(cells[2] for _, cells in rows))
    asked = marks(after_session, "marks-as-people-fill-them.csv")
    assert (asked.new, asked.same, asked.rejected) == (12, 1, 1)
    assert [each.name for each in asked.questions] == ["x"]
    read = register(after_session)
    for cells in (cells for _, cells in rows):
        name = cells[2].partition("@")[0].replace(".", " ").title()
        want = {"DNA": "absent", "Did not attend": "absent", "Apologies": "apologies", "Late": "late",
                "Left at 11.30": "left_early", "N/A": None, "x": None}.get(cells[3], "present")  # fmt: skip
        assert read.get(name, (None, None))[0] == want, cells
    assert read["Sue Bell2"] == ("left_early", 120)
    assert marks(after_session, "marks-as-people-fill-them.csv", answers={"x": "absent"}).new == 1
    assert register(after_session)["Beth Bennett"] == ("absent", 0)


@pytest.mark.parametrize("letter", ["P", "l", "E", "A"])
def test_the_letters_of_the_window_are_marks(after_session: Context, letter: str) -> None:
    book("zed.bell@example.org")
    table = Table("a.csv", ("Email", "Mark"), [(2, ["zed.bell@example.org", letter])], ())
    imports_actions.import_marks(after_session, table, mapping={}, event="BR-01", session="1")
    meant = {"P": "present", "l": "late", "E": "left_early", "A": "apologies"}
    assert register(after_session)["Zed Bell"][0] == meant[letter]


def test_somebody_not_on_the_register_is_asked_about_and_booked_when_told(after_session: Context) -> None:
    builders.person("Zed Bell", email="zed.bell@example.org")
    table = Table("a.csv", ("Email", "Mark"), [(2, ["zed.bell@example.org", "Y"])], ())
    asked = imports_actions.import_marks(after_session, table, mapping={}, event="BR-01", session="1")
    assert (asked.rejected, [each.name for each in asked.questions]) == (1, ["walk_ins"])
    imports_actions.import_marks(
        after_session, table, mapping={}, event="BR-01", session="1", answers={"walk_ins": "yes"}
    )
    assert register(after_session) == {"Zed Bell": ("present", 180)}


def test_the_marks_of_an_earlier_year_put_people_on_its_registers(ctx: Context) -> None:
    amy = builders.person("Amy Lawson", email="amy.lawson@example.org")
    programme(ctx, "history-programme.csv")
    report = marks(ctx, "history-marks.csv")
    assert (report.new, report.rejected) == (3, 0)
    card = people_queries.get_person_card(ctx, amy.key)
    assert [(each.event, each.status) for each in card.enrolments] == [("BR-OLD-1", "fully_attended")]
    assert [(each.course, each.complete, each.on) for each in card.completions] == [("BR", True, "2016-05-24")]
    assert invitations.list_due_invitations(ctx, "BR-OLD-1") == []


def test_a_file_without_its_event_says_how_to_name_it(ctx: Context) -> None:
    with pytest.raises(HeadingsUnclear) as refused:
        marks(ctx, "zoom-participants.csv")
    assert refused.value.remedy is not None
    assert refused.value.remedy.kind == "name event"


@pytest.fixture
def evaluated(after_session: Context) -> Context:
    """The day after the last session of BR-01; Amy, John and Zed were there."""
    for each in book("amy.lawson@example.org", "john.lawson@example.org", "zed.bell@example.org"):
        with read_transaction():
            event = calendar.fetch_event("BR-01")
        builders.mark(event, 1, each)
    return builders.at(after_session, "2017-05-26T18:00")


def evaluations(ctx: Context, table: Table | str, **asked: Any) -> ImportReport:
    if isinstance(table, str):
        fields = evaluation_actions.list_evaluation_fields(ctx)
        table = imports_actions.load_table(str(CASES / table), fields=fields)
    return evaluation_actions.import_evaluations(ctx, table, **{"mapping": {}, **asked})


def forms(*rows: list[str], question: str = "This has supported my practice.") -> Table:
    headings = ("event", "email", question, "What will you do differently?")
    return Table("forms.csv", headings, [(n, [*row, *[""] * (4 - len(row))]) for n, row in enumerate(rows, 2)], ())


def answers() -> list[tuple[str | None, int | None, str, str]]:
    """(e-mail address, value, text, as given) of every answer."""
    row = models.AnswerRow
    with read_transaction():
        query = (
            row.select(models.PersonRow.email, row.value, row.text, row.given)
            .join_from(row, models.EvaluationRow)
            .join_from(models.EvaluationRow, models.PersonRow, JOIN.LEFT_OUTER)
        )
        return sorted(as_tuples(query), key=repr)


def test_words_of_a_scale_are_read_the_same_way_and_kept_as_given(evaluated: Context) -> None:
    assert evaluations(evaluated, "evaluation-likert-words.csv").new == 2
    assert answers() == [
        ("amy.lawson@example.org", 1, "", "Tend to agree"), ("john.lawson@example.org", 1, "", "Somewhat agree"),
    ]  # fmt: skip


def test_the_anonymous_form_of_microsoft_comes_in_nameless(evaluated: Context) -> None:
    report = evaluations(evaluated, "evaluation-ms-forms-anonymous.xlsx")
    assert (report.new, report.rejected, report.problems) == (2, 0, [])
    assert [each[0] for each in answers()].count(None) == 2
    assert ("john.lawson@example.org", 1, "", "Strongly agree") in answers()


def test_a_column_left_out_before_is_told_and_the_answer_is_stored_once_under_the_name(evaluated: Context) -> None:
    evaluations(evaluated, "evaluation-ms-forms-anonymous.xlsx", mapping={"Email": "ignore"})
    before = len(answers())
    report = evaluations(evaluated, "evaluation-email-and-id.csv")
    assert report.new == 1
    assert any("'Email' was to be left out, as chosen on Fri 26 May 2017" in each.sentence for each in report.remarks)
    assert ("amy.lawson@example.org", 0, "", "Disagree") in answers()
    assert len(answers()) == before + 1
    assert evaluations(evaluated, "evaluation-email-and-id.csv").same == 1


def test_a_form_that_came_nameless_is_named_later_and_not_stored_twice(evaluated: Context) -> None:
    evaluations(evaluated, "evaluation-email-and-id.csv", mapping={"Email": "ignore"})
    assert answers() == [(None, 0, "", "Disagree")]
    evaluations(evaluated, "evaluation-email-and-id.csv", mapping={"Email": "email"})
    assert answers() == [("amy.lawson@example.org", 0, "", "Disagree")]


NUMBERS = (["BR-01", "amy.lawson@example.org", "1"], ["BR-01", "john.lawson@example.org", "5"],
           ["BR-01", "zed.bell@example.org", "3"])  # fmt: skip


def test_numbers_under_a_statement_are_asked_about_once_and_the_answer_is_remembered(evaluated: Context) -> None:
    with pytest.raises(QuestionOpen) as asked:
        evaluations(evaluated, forms(*NUMBERS))
    assert asked.value.question.name == "scale This has supported my practice."
    assert answers() == []
    assert evaluations(evaluated, forms(*NUMBERS), answers={"scale": "1-5"}).new == 3
    assert answers() == [
        ("amy.lawson@example.org", 0, "", "1"), ("john.lawson@example.org", 1, "", "5"),
        ("zed.bell@example.org", None, "", "3"),
    ]  # fmt: skip
    again = evaluations(evaluated, forms(*NUMBERS))
    assert again.same == 3
    assert any("was read from 1 (agrees least) to 5 (agrees most)" in each.sentence for each in again.remarks)
    with pytest.raises(QuestionOpen):
        evaluations(evaluated, forms(*NUMBERS), mapping={"This has supported my practice.": "forget"})


@pytest.mark.parametrize(("scale", "values"), [("5-1", [1, 0, None]), ("1-7", [0, 1, 0]), ("0-10", [0, None, 0])])
def test_a_scale_may_run_the_other_way_or_farther(evaluated: Context, scale: str, values: list[int | None]) -> None:
    evaluations(evaluated, forms(*NUMBERS), answers={"scale This has supported my practice.": scale})
    assert [each[1] for each in answers()] == values


def test_no_and_yes_as_numbers_need_no_question(evaluated: Context) -> None:
    rows = (["BR-01", "amy.lawson@example.org", "1"], ["BR-01", "john.lawson@example.org", "0"])
    assert evaluations(evaluated, forms(*rows)).new == 2
    assert [each[1] for each in answers()] == [1, 0]


@pytest.mark.parametrize("word", ["Don't know", "Not sure", "Neither", "Neither agree nor disagree", "N/A"])
def test_an_answer_that_is_neither_is_an_answer_and_said_apart(evaluated: Context, word: str) -> None:
    evaluations(evaluated, forms(["BR-01", "amy.lawson@example.org", word], ["BR-01", "zed.bell@example.org", "Agree"]))
    assert ("amy.lawson@example.org", None, "", word) in answers()
    share = evaluation_actions.show_event_evaluation(evaluated, "BR-01").results[0].share
    assert (share.agree, share.undecided, share.answered) == (1, 1, 2)
    assert "1 agree / 1 neither / 2 answered" in str(share)


def test_one_unreadable_answer_keeps_the_rest_and_comments_keep_their_lines(evaluated: Context) -> None:
    report = evaluations(evaluated, forms(["BR-01", "amy.lawson@example.org", "purple", "More circles\n  and  tea"]))
    assert (report.new, report.rejected) == (1, 0)
    assert "'purple' is not yes or no" in report.problems[0].problem
    assert answers() == [("amy.lawson@example.org", None, "More circles\nand tea", "")]


@pytest.mark.parametrize("stamp", ["2017/05/26 2:05:09 pm GMT+1", "05/26/2017 02:05:09 PM", "yesterday", "9999-01-01"])
def test_no_stamp_of_a_form_tool_rejects_a_row(evaluated: Context, stamp: str) -> None:
    headings = ("Timestamp", "Username", "This has supported my practice.")
    table = Table("forms.csv", headings, [(2, [stamp, "amy.lawson@example.org", "Agree"])], ())
    assert evaluations(evaluated, table, event="BR-01").new == 1
    with read_transaction():
        (received,) = models.EvaluationRow.select(models.EvaluationRow.received).tuples()[0]
    assert received <= evaluated.stamp()


def test_nameless_forms_without_numbers_are_told_apart_by_their_times(evaluated: Context) -> None:
    headings = ("Timestamp", "This has supported my practice.")
    rows = [(n, ["26/05/2017 14:05:09", word]) for n, word in enumerate(("Agree", "Disagree"), 2)]
    for new, same in ((2, 0), (0, 2)):
        report = evaluations(evaluated, Table("forms.csv", headings, rows, ()), event="br-01")
        assert (report.new, report.same) == (new, same)
