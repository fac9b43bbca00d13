"""What is printed: four formats, and tables that fit the terminal."""

import csv
import io
import json

import pytest

from csc_tui.cli import stdout, tables

COLUMNS = ("event", "title", "first_date", "capacity", "booked", "free", "waiting", "state")
ROWS = [
    ("BR-91", "Being Restorative, cohort 1, for everybody who leads a team", "2017-06-12", 20, 20, 0, 3, "open"),
    ("SOS-INTRO-03", "Introduction", "", 24, 3, 21, 0, "draft"),
]


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_plain_is_one_row_a_line_with_tabs_between(capsys: pytest.CaptureFixture[str]) -> None:
    stdout.print_rows("plain", ("a", "b", "c"), [("x\ty", 1, None), ("", True, "z\n")])
    assert capsys.readouterr().out == "x y\t1\t\n\tyes\tz \n"


def test_json_keeps_numbers_and_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    stdout.print_rows("json", ("a", "b", "c", "d"), [("Zoë \x1b[2J", 1, None, True)])
    text = capsys.readouterr().out
    assert json.loads(text) == [{"a": "Zoë \N{REPLACEMENT CHARACTER}[2J", "b": 1, "c": None, "d": True}]
    assert "Zoë" in text
    stdout.print_rows("json", ("a",), [])
    assert capsys.readouterr().out == "[]\n"


def test_json_keeps_the_lines_of_a_letter(capsys: pytest.CaptureFixture[str]) -> None:
    stdout.print_card("json", {"body": "Dear Bo,\n\nSee you \x1b[2Jthere."})
    assert json.loads(capsys.readouterr().out) == {"body": "Dear Bo,\n\nSee you \N{REPLACEMENT CHARACTER}[2Jthere."}


@pytest.mark.parametrize(
    ("stored", "cell"),
    [
        ("=1+1", "'=1+1"), ("+44 1472", "'+44 1472"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), ("＝1", "'＝1"),
        ("\t=1", " =1"), ("a=1", "a=1"), ("", ""), ("O'Brien", "O'Brien"), ('say "hi", now', 'say "hi", now'),
        ("two\nlines", "two lines"),
    ],
)  # fmt: skip
def test_csv_holds_no_formula(capsys: pytest.CaptureFixture[str], stored: str, cell: str) -> None:
    stdout.print_rows("csv", ("a", "b"), [(stored, 1)])
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [["a", "b"], [cell, "1"]]


def test_a_card_in_csv_holds_its_lists_too(capsys: pytest.CaptureFixture[str]) -> None:
    stdout.print_card("csv", {"event": "BR-91", "roster": [{"name": "Bo"}, {"name": "=Cy"}], "waiting": []})
    assert capsys.readouterr().out.splitlines() == [
        "field,value", "event,BR-91", "roster 1 name,Bo", "roster 2 name,'=Cy",
    ]  # fmt: skip


def test_a_card_shows_what_is_filled_in_and_each_list_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    stdout.print_card(
        "table", {"event": "BR-91", "first_date": "", "is_open": True, "roster": [{"name": "Bo"}], "waiting": []}
    )
    assert capsys.readouterr().out == "event       BR-91\nis open     yes\n\nroster: 1\nname\nBo\n\nwaiting: none\n"


def test_a_terminal_that_cannot_show_a_letter_shows_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    for form in stdout.FORMATS:
        stdout.print_rows(form, ("name",), [("Zoë",)])
    assert raw.getvalue().count(b"Zo?") == 4


def test_no_format_has_colour_codes(capsys: pytest.CaptureFixture[str]) -> None:
    for form in stdout.FORMATS:
        stdout.print_rows(form, COLUMNS, ROWS)
        stdout.print_card(form, {"event": "BR-91", "roster": [dict(zip(COLUMNS, ROWS[0], strict=True))]})
    assert "\x1b" not in capsys.readouterr().out


def test_a_table_reads_as_people_read() -> None:
    assert tables.fitted_table(COLUMNS, ROWS, 200).splitlines() == [
        "event         title                                                        first date  places    free  state",
        "BR-91         Being Restorative, cohort 1, for everybody who leads a team  Mon 12 Jun  20/20 +3     0  open",
        "SOS-INTRO-03  Introduction                                                 TBC         3/24        21  draft",
    ]


def test_a_table_for_eighty_columns_is_cut_where_it_matters_least() -> None:
    assert tables.fitted_table(COLUMNS, ROWS, 80).splitlines() == [
        "event         title                            first date  places    free  state",
        "BR-91         Being Restorative, cohort 1, f…  Mon 12 Jun  20/20 +3     0  open",
        "SOS-INTRO-03  Introduction                     TBC         3/24        21  draft",
    ]


SESSION = (
    "SOS-INTRO-03", "SOS-INTRO", "Signs of Safety: two-day introduction", 1, "Action learning 1", "2017-06-12", "09:30",
    "12:30", "Cleethorpes Town Hall", "Council Chamber", 20, 24, 12, "confirmed", 0, 0,
)  # fmt: skip
PERSON = (
    "#12345", "Claire Smith-Jones", "claire.smith-jones@example.org", "North East Lincolnshire Council",
    "Protecting vulnerable people unit", "partner", 12, 1, 3, "SOS-INTRO-03", "2017-06-12", "",
)  # fmt: skip


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100, 120, 200])
def test_the_lists_a_coordinator_sees_fit_any_usual_terminal(width: int) -> None:
    from db import lookups

    for columns, row, always in (
        (lookups.SESSION_COLUMNS, SESSION, ("SOS-INTRO-03", "Mon 12 Jun", "09:30-12:30")),
        (lookups.FOUND_COLUMNS, PERSON, ("#12345", "Claire")),
        (
            lookups.ROSTER_COLUMNS,
            (*PERSON[:4], "partially_attended", "2017-04-03", "no answer"),
            ("#12345", "partially attended", "no answer"),
        ),
        (
            lookups.EVENT_COLUMNS,
            (*SESSION[:3], "2017-06-12", 24, 20, 1, 3, 12, "confirmed", 0),
            ("Mon 12 Jun", "20/24 +12"),
        ),
    ):
        shown = tables.fitted_table(columns, [row], width)
        if width >= 80:
            assert max(map(len, shown.splitlines())) <= width, shown
            assert all(word in shown for word in always), shown
        assert always[0] in shown


def test_what_is_the_same_nothing_in_every_row_leaves_first() -> None:
    rows = [("#1", "Bo " + "x" * 60, 0, 2), ("#2", "Cy", 0, 0)]
    assert tables.fitted_table(("person", "name", "booked", "waiting"), rows, 80).splitlines()[0].split() == [
        "person", "name", "waiting",
    ]  # fmt: skip
    assert "booked" in tables.fitted_table(("person", "name", "booked", "waiting"), rows, 100)


LEADS = ("Signs of Safety Practice Leads", "practice_leads", "SOS-PL", "Who lead the use of it in practice.", 25)


def test_what_a_list_says_it_can_do_without_leaves_and_what_a_row_is_known_by_stays_whole() -> None:
    columns = ("name", "kind", "course", "description", "members")
    assert tables.fitted_table(columns, [LEADS], 80, ("description", "kind")).splitlines() == [
        "name                            kind            course  members",
        "Signs of Safety Practice Leads  practice leads  SOS-PL       25",
    ]
    assert "Signs of Safety Practice Leads" in tables.fitted_table(columns, [LEADS], 50, ("description", "kind"))


def test_long_text_at_the_end_of_a_row_is_wrapped_under_itself() -> None:
    meaning = "A place is held for this person until a time; then it goes to the next."
    assert tables.fitted_table(
        ("word", "meaning"), [("offered", meaning), ("booked", "A place.")], 50
    ).splitlines() == [
        "word     meaning",
        "offered  A place is held for this person until a",
        "         time; then it goes to the next.",
        "booked   A place.",
    ]


def test_a_long_field_of_a_card_is_wrapped_for_a_terminal_and_whole_in_a_pipe(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stdout.print_card("table", {"code": "BR", "description": "word " * 30})
    shown = capsys.readouterr().out.splitlines()
    assert max(map(len, shown)) <= 80
    assert all(line.startswith(" " * 13 + "word") for line in shown[2:])
    stdout.print_card("plain", {"code": "BR", "description": "word " * 30})
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_years_are_shown_when_the_dates_need_them() -> None:
    near = tables.fitted_table(("date",), [("2017-04-03",), ("2018-03-30",)], 80)
    far = tables.fitted_table(("date",), [("2017-04-03",), ("2018-04-13",), ("",)], 80)
    assert near.splitlines() == ["date", "Mon  3 Apr", "Fri 30 Mar"]
    assert far.splitlines() == ["date", "Mon  3 Apr 2017", "Fri 13 Apr 2018", "TBC"]
    assert tables.fitted_table(("since",), [("2017-04-03",)], 80).splitlines() == ["since", "3 Apr 2017"]


def test_wide_and_joined_letters_keep_the_columns_straight() -> None:
    rows = [("山田", "a"), ("Zoe\N{COMBINING DIAERESIS}", "b"), ("Bo", "c")]
    assert tables.fitted_table(("name", "x"), rows, 80) == "name  x\n山田  a\nZoe\N{COMBINING DIAERESIS}   b\nBo    c\n"


def test_the_width_is_the_terminals_or_what_columns_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables.terminal_width() == 80
    monkeypatch.setenv("COLUMNS", "3")
    assert tables.terminal_width() == 40
    monkeypatch.setenv("COLUMNS", "wide")
    assert tables.terminal_width() >= 40
