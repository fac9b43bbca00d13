"""who, person, next, free, event, roster, waiting, calendar, history on the command line."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.history import queries as history_queries
from db import lookups
from db.records.booking import Status
from tests import builders
from tests.cli.conftest import Csc

PERSON = {
    "person", "name", "email", "organisation", "team", "kind", "booked", "waiting", "completed", "next_event",
    "next_date", "left",
}  # fmt: skip
SESSION = {
    "event", "course", "title", "session", "module", "date", "start", "end", "venue", "room", "booked", "capacity",
    "waiting", "state", "offered", "joining",
}  # fmt: skip
EVENT = {
    "event",
    "course",
    "title",
    "first_date",
    "capacity",
    "booked",
    "offered",
    "free",
    "waiting",
    "state",
    "joining",
}
QUESTIONS = [
    ("who", "day"), ("who", "bo", "police"), ("who", ""), ("next",), ("next", "--days", "100"),
    ("next", "--from", "13/06/2017", "--strand=rp"), ("free",), ("free", "--all", "br"), ("event", "br-91"),
    ("roster", "BR-91"), ("waiting", "BR-91"),
]  # fmt: skip
ODD = [
    "'",
    '"',
    "%",
    "_",
    "*",
    "NEAR(",
    "a AND",
    "-x",
    "(",
    "\\",
    "a@b",
    "",
    " ",
    "\udcff",
    "\x1b[31m",
    ";",
    "x' OR 1=1",
]


@pytest.fixture
def filled(ctx: Context) -> Context:
    """Two events, one full with a queue, and four people."""
    people = [builders.person(name, organisation="Police", team="Night") for name in ("Bo Day", "Cy Day", "Di Fox")]
    builders.person("Ed Gray")
    first = builders.event("BR-91", dates=["2017-04-20", "2017-06-19"], capacity=1, venue="Town Hall", room="Chamber")
    second = builders.event("SP-1", course="SOS-PL", dates=["2017-06-14"], capacity=2)
    builders.enrolment(first, people[0])
    builders.enrolment(first, people[1], Status.WAITLISTED)
    builders.enrolment(second, people[0])
    return ctx


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("who", "day"), PERSON),
        (("next",), SESSION),
        (("free", "--all"), EVENT),
        (("roster", "BR-91"), {"person", "name", "email", "organisation", "status", "since", "reply"}),
        (("waiting", "BR-91"), {"place", "person", "name", "since", "offered_until"}),
        (("calendar", "--year", "2017/18"), SESSION),
        (("calendar", "--month", "2017-06"), SESSION),
    ],
)
def test_the_keys_of_a_list_are_those_of_the_contract(
    filled: Context, csc: Csc, words: tuple[str, ...], keys: set[str]
) -> None:
    done = csc(*words)
    assert done.code == 0
    assert done.json
    assert all(set(row) == keys for row in done.json)


def test_the_cards_have_what_the_contract_names(filled: Context, csc: Csc) -> None:
    booking_actions.enrol_people(filled, "SP-1", ["di fox"])
    event = csc("event", "BR-91").json
    assert {"event", "course", "title", "state", "capacity", "booked", "sessions", "roster", "waiting"} <= set(event)
    assert [row["name"] for row in event["roster"]] == ["Bo Day"]
    person = csc("person", "di", "fox").json
    assert {"person", "name", "email", "organisation", "team", "kind"} <= set(person)
    assert set(person["enrolments"][0]) == {"event", "course", "title", "status", "first_date"}
    assert person["completions"] == person["invitations"] == []
    assert person["history"] == [
        {
            "at": "2017-04-10 09:00", "actor": "alice", "verb": "booked", "subject": "Di Fox on SP-1", "before": "",
            "after": "booked", "reason": "", "entered": "",
        }
    ]  # fmt: skip
    assert set(csc("history", "--event", "SP-1").json[0]) == {
        "at", "actor", "verb", "subject", "before", "after", "reason", "entered",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["table", "plain", "csv", "json"])
@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_the_quick_way_and_the_real_parser_print_the_same(
    filled: Context, csc: Csc, words: tuple[str, ...], form: str
) -> None:
    quick, parsed = csc(*words, form=form, way="quick"), csc(*words, form=form, way="parser")
    assert quick == parsed
    assert quick.out


@pytest.mark.parametrize("words", [("who", "zz"), ("next", "--days", "0"), ("next", "--days", "x"), ("event", "NO")])
def test_both_ways_say_the_same_when_there_is_nothing(filled: Context, csc: Csc, words: tuple[str, ...]) -> None:
    quick, parsed = csc(*words, form="plain", way="quick"), csc(*words, form="plain", way="parser")
    assert quick == parsed
    assert quick.code in (1, 2)
    assert (quick.out, quick.err[-2:]) == ("", ".\n")


@pytest.mark.parametrize("typed", ODD)
@pytest.mark.parametrize("form", ["plain", "json"])
def test_odd_search_text_is_text(filled: Context, csc: Csc, typed: str, form: str) -> None:
    for command in ("who", "free", "roster"):
        done = csc(command, typed, form=form)
        assert done.code in (0, 1, 2)
        assert "Traceback" not in done.err
        assert "an unexpected fault" not in done.err
        assert "\x1b" not in done.out + done.err
    assert (csc("who", typed).code == 0) is (typed.strip() == "")


def test_names_fold_and_fragments_come_in_any_order(filled: Context, csc: Csc) -> None:
    builders.person("Siobhán O'Brien-Núñez", team="Families First", organisation="Council")
    for words in (
        ["siobhan"],
        ["SIOBHÁN"],
        ["obrien"],
        ["o'brien"],
        ["nunez", "sio"],
        ["families first"],
        ["fam", "nu"],
    ):
        assert [row["name"] for row in csc("who", *words).json] == ["Siobhán O'Brien-Núñez"], words


def test_nothing_found_is_an_empty_list_in_json_a_heading_in_csv_and_exit_1(filled: Context, csc: Csc) -> None:
    assert (csc("who", "zz").code, csc("who", "zz").json) == (1, [])
    assert csc("who", "zz", form="csv").out.splitlines() == [",".join(lookups.FOUND_COLUMNS)]
    for form in ("plain", "table"):
        done = csc("who", "zz", form=form)
        assert (done.code, done.out, done.err) == (1, "", "No match for 'zz'.\n")
    assert csc("roster", "BR-99").err == "csc: There is no event BR-99. csc free --all lists the events to come.\n"
    builders.event("BR-95")
    assert (csc("roster", "BR-95", form="plain").code, csc("waiting", "SP-1", form="plain").code) == (1, 1)
    assert csc("free", "zz", "--all").err == "No match among events that can be booked.\n"
    assert "csc free --all" in csc("free", "BR-91").err


def test_a_long_list_is_cut_for_the_eye_and_whole_in_csv_and_json(filled: Context, csc: Csc) -> None:
    for number in range(101):
        builders.person(f"Pat{number} Green")
    plain = csc("who", "green", form="plain")
    assert len(plain.out.splitlines()) == 100
    assert "The first 100 of 101; type more, or csc --format csv who green for all." in plain.err
    assert "The first 100; type more" in csc("who", "green", "pat", form="plain").err
    assert len(csc("who", "green").json) == 101
    assert len(csc("who", "green", form="csv").out.splitlines()) == 102
    assert csc("who", "pat100", form="plain").err == ""


@pytest.mark.parametrize(
    ("options", "dates"),
    [
        ((), ["2017-04-20"]),
        (("--days", "9"), []),
        (("--days=10",), ["2017-04-20"]),
        (("--days", "70"), ["2017-04-20", "2017-06-14", "2017-06-19"]),
        (("--from", "2017-06-14"), ["2017-06-14", "2017-06-19"]),
        (("--from", "14/06/2017", "--days", "0"), ["2017-06-14"]),
        (("--days", "100", "--venue", "town"), ["2017-04-20", "2017-06-19"]),
        (("--days", "100", "--course", "sos-pl"), ["2017-06-14"]),
    ],
)
def test_next_lists_the_days_asked_for(filled: Context, csc: Csc, options: tuple[str, ...], dates: list[str]) -> None:
    done = csc("next", *options)
    assert [row["date"] for row in done.json] == dates
    assert done.code == (0 if dates else 1)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--from", "2017-02-30"), "There is no such date as 2017-02-30. Check"),
        (("--from", "30/02/2017"), "There is no such date as 30/02/2017. Check"),
        (("--from", "soon"), "Type a date such as 14/6, 14 june, next tue or 25/04/2017, not 'soon'."),
        (("--days", "-1"), "Use --days with a number up to 3660, not '-1'."),
        (("--days", "many"), "--days with"),
        (("--days", "3661"), "--days with"),
        (("--days", "9" * 30), "--days with"),
        (("--days", "٣"), "--days with"),
        (("--days",), "--days"),
    ],
)
def test_bad_days_and_dates_are_said_with_exit_2(
    filled: Context, csc: Csc, options: tuple[str, ...], sentence: str
) -> None:
    done = csc("next", *options)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err


@pytest.mark.parametrize(("option", "named"), [("--strand", "SOS; RP"), ("--course", "BR"), ("--venue", "Town Hall")])
def test_an_unknown_strand_course_or_venue_is_answered_with_the_known_ones(
    filled: Context, csc: Csc, option: str, named: str
) -> None:
    done = csc("next", option, "nowhere")
    assert done.code == 1
    assert named in done.err


def test_free_is_what_can_be_booked_and_has_a_place(filled: Context, csc: Csc) -> None:
    assert [row["event"] for row in csc("free").json] == ["SP-1"]
    assert [row["event"] for row in csc("free", "--all").json] == ["BR-91", "SP-1"]
    assert csc("free", "practice", "leads").json[0]["free"] == 1
    assert csc("free", today="2017-06-14T13:00").code == 1


def test_a_name_that_fits_several_lists_them(filled: Context, csc: Csc) -> None:
    done = csc("person", "day")
    assert (done.code, done.out) == (3, "")
    assert "'day' matches 2 people. Nothing was changed." in done.err
    assert "Bo Day <" in done.err
    assert "Cy Day <" in done.err
    assert csc("person", "zz").code == 1


def test_a_month_has_a_grid_with_its_load_bank_holidays_and_today(filled: Context, csc: Csc) -> None:
    page = csc("calendar", "--month", "2017-04", form="table", today="2017-04-10").out
    assert page.startswith("April 2017: 1 session\n")
    assert "20:1" in page
    assert "[10]" in page
    assert "* 17/04 Easter Monday" in page
    assert "Thu 20 Apr  09:30-12:30  BR-91" in page


def test_a_year_has_a_strip_and_those_to_be_confirmed(filled: Context, csc: Csc) -> None:
    builders.event("BR-95", dates=[None], state="draft")
    page = csc("calendar", form="table").out
    assert page.startswith("Programme year 2017/18: 4 sessions, 1 of them to be confirmed\nApr  May  Jun")
    assert page.splitlines()[3].split() == ["1", "0", "2", "0", "0", "0", "0", "0", "0", "0", "0", "0"]
    assert page.splitlines()[-1].startswith("TBC")
    assert [row["date"] for row in csc("calendar").json] == ["2017-04-20", "2017-06-14", "2017-06-19", ""]
    assert csc("calendar", "--year", "2016/17", form="json").json[0]["event"] == "BR-95"


@pytest.mark.parametrize(
    ("option", "typed", "sentence"),
    [
        ("--year", "2017/19", "2017 is followed by"), ("--year", "0000", "Type a programme year"),
        ("--year", "9999/00", "Type a programme year"), ("--month", "2017-13", "Type a month such as 2017-06"),
        ("--month", "9999-12", "Type a month such as 2017-06"), ("--month", "June", "Type a month such as 2017-06"),
        ("--month", "2017-6-1", "Type a month such as 2017-06"),
    ],
)  # fmt: skip
def test_a_year_or_month_that_is_none_is_wrong_use(
    filled: Context, csc: Csc, option: str, typed: str, sentence: str
) -> None:
    done = csc("calendar", option, typed)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err


def test_history_is_narrowed_and_says_when_there_is_none(filled: Context, csc: Csc) -> None:
    booking_actions.cancel_place(filled, "BR-91", "bo day", reason="ill")
    assert [row["verb"] for row in csc("history", "--event", "br-91").json] == ["promoted", "cancelled"]
    assert [row["reason"] for row in csc("history", "--person", "bo day", "--since", "10/04/2017").json] == ["ill"]
    nothing = csc("history", "--actor", "nobody", form="plain")
    assert (nothing.code, nothing.out, nothing.err) == (1, "", "No match in the history.\n")
    assert csc("history", "--since", "30/02/2017").code == 2


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ((), ""),
        (("--actor", "al"), "by:al"),
        (("--actor", "ali"), "by:ali"),
        (("--event", "br-91", "--actor", "bob"), "event:br-91 by:bob"),
        (("--person", "bo day", "--since", "10/4/2017"), "person:'bo day' since:10/4/2017"),
        (("--since", "12/4/2017"), "since:12/4/2017"),
    ],
)
def test_the_history_of_the_shell_is_that_of_the_window(
    filled: Context, csc: Csc, options: tuple[str, ...], text: str
) -> None:
    calendar_actions.set_capacity(filled, "BR-91", 7)
    calendar_actions.set_capacity(builders.at(filled, "2017-04-11", actor="al"), "BR-91", 8)
    booking_actions.cancel_place(builders.at(filled, "2017-04-12", actor="bob"), "BR-91", "bo day", reason="ill")
    shell = [tuple(row.values())[:-1] for row in csc("history", *options).json]
    window = [each.line for each in history_queries.get_history_page(filled, text).entries]
    assert shell
    assert shell == [
        (f"{line.at:%Y-%m-%d %H:%M}", line.actor, line.verb, line.subject, line.before, line.after, line.reason)
        for line in window
    ]


HOSTILE = "Bo\x1b]52;c;aGk=\x07\x9b2J\u202eEvil\x00\x7f\nDay"


@pytest.mark.parametrize("form", ["table", "plain", "csv", "json"])
def test_control_characters_in_stored_text_never_reach_the_terminal(ctx: Context, csc: Csc, form: str) -> None:
    who = builders.person("Bo " + HOSTILE, organisation="Org " + HOSTILE, team=HOSTILE)
    event = builders.event("BR-91", title=HOSTILE, venue=HOSTILE, room=HOSTILE, capacity=1, dates=["2017-04-20"])
    builders.enrolment(event, who)
    builders.enrolment(event, builders.person(HOSTILE), Status.WAITLISTED)
    for words in (
        ("who", "bo"), ("person", who.key), ("next",), ("free", "--all"), ("event", "BR-91"), ("roster", "BR-91"),
        ("waiting", "BR-91"), ("calendar",), ("calendar", "--month", "2017-04"), ("history",),
        ("cancel", "BR-91", who.key, "--reason", HOSTILE), ("history", "--event", "BR-91"), ("next", "--venue", "zz"),
    ):  # fmt: skip
        done = csc(*words, form=form)
        shown = (done.out + done.err).replace("\n", "").replace("\t" if form == "plain" else "", "")
        assert all(letter.isprintable() for letter in shown), (words, shown)
        assert "\u202e" not in shown
        assert done.code in (0, 1)


def test_today_lists_what_the_window_does_with_the_keys_of_the_contract(ctx: Context, csc: Csc) -> None:
    assert (csc("today").code, csc("today", form="table").err) == (1, "Nothing needs action.\n")
    builders.booked(builders.event("BR-95", dates=["2017-04-03", None]), "Bo Ek")
    done = csc("today")
    assert done.code == 0
    assert done.json == [
        {"kind": "register", "event": "BR-95", "person": "", "name": "", "due": "2017-04-03", "number": 1,
         "what": "Session 1, Mon 3 Apr 2017: no register"},
        {"kind": "undated", "event": "BR-95", "person": "", "name": "", "due": "", "number": 1,
         "what": "1 session without a date"},
    ]  # fmt: skip
    assert "Session 1, Mon 3 Apr 2017: no register" in csc("today", form="table").out


def test_the_calendar_is_narrowed_by_words_as_in_the_window(ctx: Context, csc: Csc) -> None:
    lead = builders.person("Ty Lead")
    builders.event("BR-95", dates=["2017-06-14", None], venue="Town Hall", facilitators=[lead])
    builders.event("SOS-INTRO-95", course="SOS-INTRO", dates=["2017-06-15"], venue="Centre4", state="tentative")

    def found(*words: str) -> list[tuple[str, str]]:
        return [(row["event"], row["date"]) for row in csc("calendar", *words).json]

    assert found("town") == found("with:ty", "br") == [("BR-95", "2017-06-14"), ("BR-95", "")]
    assert found("town", "--month", "2017-06") == [("BR-95", "2017-06-14")]
    assert found("state:tentative") == [("SOS-INTRO-95", "2017-06-15")]
    assert csc("calendar", "town", "centre4").code == 1
    wrong = csc("calendar", "room:1")
    assert (wrong.code, wrong.err) == (
        2, "csc: You cannot filter by 'room:'. You can filter by strand:, course:, event:, venue:, with:, state:.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("who", "dakek"), "'Paweł Dąbek (dabek@example.org)'"),
        (("person", "pawal", "dabek"), "'Paweł Dąbek (dabek@example.org)'"),
        (("cancel", "BR-91", "bo dya", "--reason", "ill"), "Bo Day"),
        (("event", "br91"), "'BR-91'"),
        (("event", "BR 91"), "'BR-91'"),
        (("cancel", "br91", "bo day", "--reason", "ill"), "'BR-91'"),
        (("free", "restoratvie"), "Restorative"),
        (("next", "--course", "sos-lp"), "'SOS-PL'"),
        (("next", "--venue", "twon hall"), "'Town Hall'"),
        (("next", "--strand", "restoratvie"), "Restorative"),
        (("feed", "--course", "sospl", "--to", "x.ics"), "'SOS-PL'"),
        (("report", "compliance", "--team", "polcie"), "Police"),
        (("report", "headline", "--course", "sospl"), "'SOS-PL'"),
        (("course", "show", "sospl"), "'SOS-PL'"),
        (("venue", "set", "twon hall", "--postcode", "DN31 1HU"), "'Town Hall'"),
        (("enroll",), "'enrol'"),
        (("venue", "lsit"), "'list'"),
        (("swap", "BR-91", "bo", "di"), "'substitute'"),
        (("book", "BR-91", "bo"), "'enrol'"),
        (("backup", "x.db"), "'admin backup'"),
        (("schedule", "mvoe"), "'move'"),
        (("next", "--vnue", "x"), "'--venue'"),
        (("report", "atendance"), "'attendance'"),
        (("export", "peple", "--to", "x.csv"), "'people'"),
        (("help", "peple"), "'people'"),
    ],
    ids=str,
)
def test_what_was_probably_meant_is_asked(filled: Context, csc: Csc, words: tuple[str, ...], meant: str) -> None:
    builders.person("Paweł Dąbek", email="dabek@example.org")
    done = csc(*words, form="plain")
    assert done.code in (1, 2)
    assert done.out == ""
    asked = done.err.partition("Did you mean ")[2]
    assert meant in asked, done.err
