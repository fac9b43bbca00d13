"""Lines of a programme: an event goes in when all of its lines can, and what is stored is compared with care."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from csc_tui.core.imports.columns import assign_columns
from csc_tui.core.imports.programme import (
    FIELDS,
    CheckedProgramme,
    EventChanges,
    compare_event,
    parse_programme_rows,
)
from db.records.calendar import Event, Session
from db.records.catalogue import Course, Module
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState

HEADINGS = (
    "event_ref", "course", "title", "session", "module", "date", "start", "end", "venue", "room", "facilitators",
    "capacity", "minimum", "status", "notes",
)  # fmt: skip
COLUMNS = assign_columns("a.csv", FIELDS, HEADINGS, said={}, remembered=[])
LONDON = ZoneInfo("Europe/London")
MONTH_FIRST = (
    "There is no 04/25/2017 in the calendar: the day comes before the month. Write 25/04/2017 if you mean that day."
)
LOOK = "Check the day, the month and the year."
BR = Course(7, "BR", "Being Restorative", "Restorative Practice", "", "", "", 20, 8, 0, 1)
RL = Course(6, "RL", "Restorative Leadership", "Restorative Practice", "", "", "", 16, 8, 0, 1)
MODULES = [Module(number, 7, number, f"Module {number}", 180) for number in (1, 2, 3)]
CATALOGUE = {"BR": (BR, MODULES), "RL": (RL, [])}
GOOD = {
    "event_ref": "BR-04", "course": "BR", "title": "Being Restorative, cohort 4", "session": "1", "module": "Module 1",
    "date": "26/07/2017", "start": "13:00", "end": "16:00", "venue": "Town Hall", "room": "Main Hall",
    "facilitators": "t6@x.org", "capacity": "20", "minimum": "8", "status": "open", "notes": "",
}  # fmt: skip


def checked(*lines: dict[str, str]) -> CheckedProgramme:
    """Check lines that are GOOD but for what is given, from row 2."""
    rows = [(number, [{**GOOD, **line}[name] for name in HEADINGS]) for number, line in enumerate(lines, 2)]
    return parse_programme_rows(rows, COLUMNS, CATALOGUE, LONDON)


def told(found: CheckedProgramme) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.problem) for each in found.problems]


SECOND = {"session": "2", "module": "Module 2", "date": "09/08/2017"}


def test_lines_of_one_reference_are_one_event_with_its_sessions() -> None:
    found = checked({}, SECOND, {"event_ref": "br-05"})
    assert [(event.reference, len(event.sessions)) for event in found.events] == [("BR-04", 2), ("BR-05", 1)]
    event = found.events[0]
    assert (event.title, event.capacity, event.minimum, event.state) == (GOOD["title"], 20, 8, EventState.OPEN)
    first = event.sessions[0]
    assert (first.date, first.start, first.end) == (date(2017, 7, 26), time(13), time(16))
    assert (first.module, first.module_text, first.facilitators) == (MODULES[0], "", ("t6@x.org",))
    assert found.rejected == 0


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ({"course": "XX"}, "course", "there is no course 'XX'; the courses are BR, RL"),
        ({"date": "30/02/2018"}, "date", "There is no such date as 30/02/2018. " + LOOK),
        (
            {"date": "04/25/2017"},
            "date",
            MONTH_FIRST,
        ),
        ({"date": "soon"}, "date", "Type a date such as 25/04/2017 or 2017-04-25, not 'soon'."),
        ({"start": "16:00", "end": "13:00"}, "start", "A session must end after it starts; 16:00 to 13:00 does not."),
        ({"end": "13:00"}, "start", "A session must end after it starts; 13:00 to 13:00 does not."),
        ({"start": ""}, "start", "a session with a date needs a start and an end"),
        ({"end": "25:00"}, "end", "There is no such time as '25:00'. Type a time such as 09:30, 9.30 or 2pm."),
        ({"session": "0"}, "session", "'0' is not a session number"),
        ({"capacity": "twenty"}, "capacity", "'twenty' is not a number of places"),
        ({"capacity": "-1"}, "capacity", "'-1' is not a number of places"),
        ({"minimum": "21"}, "minimum", "a minimum of 21 is more than the 20 places"),
        ({"venue": ""}, "room", "the room 'Main Hall' needs a venue"),
        ({"facilitators": "Jo Smith"}, "facilitators", "'Jo' is not an e-mail address"),
    ],
)  # fmt: skip
def test_a_bad_line_rejects_its_event_with_the_reason_and_no_other(
    line: dict[str, str], column: str, what: str
) -> None:
    found = checked({"event_ref": "BR-01"}, line)
    assert (2 + 1, column, what) in told(found)
    assert ([event.reference for event in found.events], found.rejected) == (["BR-01"], 1)


@pytest.mark.parametrize(
    ("on", "start", "what"), [("26/03/2017", "01:30", "does not exist"), ("29/10/2017", "01:30", "happens twice")]
)
def test_times_the_clocks_leave_out_or_bring_twice_are_refused(on: str, start: str, what: str) -> None:
    found = checked({"date": on, "start": start, "end": "04:00"})
    assert what in told(found)[0][2]
    assert found.rejected == 1


def test_one_bad_line_of_two_rejects_the_event_as_a_whole() -> None:
    found = checked({}, {**SECOND, "date": "31/06/2017"})
    assert (len(found.events), found.rejected) == (0, 1)
    assert [row for row, _, _ in told(found)] == [3]


@pytest.mark.parametrize("text", ["TBC", "tbc", "to be confirmed", "T.B.A."])
def test_a_date_to_be_confirmed_is_a_session_without_one(text: str) -> None:
    found = checked({"date": text, "start": "", "end": ""})
    (session,) = found.events[0].sessions
    assert (session.date, session.start, session.end, session.unconfirmed) == (None, None, None, True)
    assert found.problems == []


def test_times_without_a_date_are_told_and_not_kept() -> None:
    found = checked({"date": "TBC"})
    assert told(found) == [(2, "date", "date to be confirmed, so its times were not saved")]
    assert found.events[0].sessions[0].start is None


def test_lines_that_disagree_about_their_event_reject_it() -> None:
    found = checked({}, {**SECOND, "capacity": "24"})
    assert told(found) == [(3, "capacity", "'24', but row 2 of BR-04 says '20'")]
    assert found.rejected == 1
    assert told(checked({}, {**SECOND, "course": "RL"}))[0][1] == "course"


def test_a_session_that_stands_twice_rejects_its_event() -> None:
    assert told(checked({}, {})) == [(3, "session", "session 1 of BR-04 is in the file twice")]


def test_sessions_without_numbers_are_numbered_in_their_order() -> None:
    found = checked({"session": ""}, {**SECOND, "session": ""})
    assert [each.number for each in found.events[0].sessions] == [1, 2]


@pytest.mark.parametrize("reference", ["", "BR 04", "B" * 41])
def test_a_line_without_a_reference_is_rejected_alone(reference: str) -> None:
    found = checked({"event_ref": reference}, {})
    assert (told(found)[0][:2], found.rejected, len(found.events)) == ((2, "event_ref"), 1, 1)


def test_a_module_is_known_by_its_title_and_else_by_its_place() -> None:
    titled = checked({"session": "1", "module": "module 3"}).events[0].sessions[0]
    assert (titled.module, titled.module_text) == (MODULES[2], "")
    placed = checked({"session": "2", "module": "Circles"})
    assert (placed.events[0].sessions[0].module, placed.events[0].sessions[0].module_text) == (MODULES[1], "Circles")
    assert "'Module 2' was used" in told(placed)[0][2]
    beyond = checked({"session": "4", "module": "Celebration"})
    assert (beyond.events[0].sessions[0].module, beyond.rejected) == (None, 0)
    assert "does not count towards completion" in told(beyond)[0][2]


def test_unseen_characters_reject_the_event_and_name_the_cell() -> None:
    found = checked({"venue": "Town\x1b Hall"})
    assert told(found)[0][:2] == (2, "venue")
    assert (found.rejected, len(found.events)) == (1, 0)


STORED = Event(
    9, "BR-04", 7, "BR", GOOD["title"], "Restorative Practice", 20, 8, EventState.OPEN, "", 12, 1, 0, 0, None, None,
    None, 1,
)  # fmt: skip
MET = Session(
    31, 9, "BR-04", 1, "Module 1", date(2017, 7, 26), time(13), time(16), "Town Hall", "Main Hall", "", 2, 1, 1
)


def compared(
    line: dict[str, str],
    *,
    stored: Event = STORED,
    session: Session = MET,
    marked: frozenset[int] = frozenset(),
    also: tuple[Session, ...] = (),
) -> EventChanges:
    """What the one line GOOD, but for what is given, changes in what is stored."""
    (event,) = checked(line).events
    leading = {31: frozenset({"t6@x.org"})}
    return compare_event(event, stored, [session, *also], facilitators=leading, marked=marked, columns=COLUMNS)


def differences(changes: EventChanges) -> list[tuple[int | None, str, str, str]]:
    return [(each.session, each.name, each.before, each.after) for each in changes.differences]


def problems(changes: EventChanges) -> list[str]:
    return [each.problem for each in changes.problems]


@pytest.mark.parametrize(
    "line",
    [
        {}, {"venue": "TOWN HALL", "room": "main hall"}, {"facilitators": "T6@X.org"},
        {"date": "", "start": "", "end": ""},
        {"venue": "", "room": ""}, {"room": ""}, {"facilitators": "", "capacity": "", "minimum": "", "status": ""},
    ],
)  # fmt: skip
def test_the_same_again_or_nothing_at_all_changes_nothing(line: dict[str, str]) -> None:
    changes = compared(line)
    assert (differences(changes), problems(changes), changes.fields, changes.sessions) == ([], [], {}, [])


@pytest.mark.parametrize(
    ("line", "difference"),
    [
        ({"date": "27/07/2017"}, (1, "date", "2017-07-26", "2017-07-27")),
        ({"start": "13:30"}, (1, "start", "13:00", "13:30")),
        ({"room": "Annexe"}, (1, "venue", "Town Hall, Main Hall", "Town Hall, Annexe")),
        ({"venue": "Centre4", "room": ""}, (1, "venue", "Town Hall, Main Hall", "Centre4")),
        ({"facilitators": "t6@x.org; t7@x.org"}, (1, "facilitators", "t6@x.org", "t6@x.org; t7@x.org")),
        ({"module": "Module 2"}, (1, "module", "Module 1", "Module 2")),
        ({"capacity": "24"}, (None, "capacity", "20", "24")),
        ({"notes": "Bring lunch"}, (None, "notes", "", "Bring lunch")),
    ],
)  # fmt: skip
def test_what_the_file_says_otherwise_is_a_change(line: dict[str, str], difference: tuple[object, ...]) -> None:
    changes = compared(line)
    assert differences(changes) == [difference]
    assert problems(changes) == []


def test_a_session_can_go_back_to_be_confirmed_when_the_file_says_so() -> None:
    changes = compared({"date": "TBC", "start": "", "end": ""})
    assert [(name, after) for _, name, _, after in differences(changes)] == [("date", ""), ("start", ""), ("end", "")]


def test_a_capacity_below_the_places_taken_is_kept_and_told() -> None:
    changes = compared({"capacity": "12"})
    assert (differences(changes), changes.fields) == ([], {})
    assert problems(changes) == ["12 is fewer than the 13 places taken; 20 was kept"]
    assert differences(compared({"capacity": "13"})) == [(None, "capacity", "20", "13")]
    joined = compared({"capacity": "13"}, stored=replace(STORED, joining=1))
    assert problems(joined) == ["13 is fewer than the 14 places taken; 20 was kept"]


def test_a_minimum_above_the_places_there_are_is_kept_and_told() -> None:
    changes = compared({"capacity": "", "minimum": "21"})
    assert differences(changes) == []
    assert problems(changes) == [f"21 is more than the 20 places; {STORED.minimum} was kept"]
    assert differences(compared({"capacity": "24", "minimum": "21"}))[0][1:] == ("minimum", str(STORED.minimum), "21")


def test_a_session_without_a_number_is_told_once() -> None:
    for text in ("0", "1001"):
        assert [what for _, _, what in told(checked({"session": text}))] == [f"'{text}' is not a session number"]


def test_a_draft_opens_and_any_other_state_is_kept_and_told() -> None:
    assert compared({}, stored=replace(STORED, state=EventState.DRAFT)).fields == {"state": EventState.OPEN}
    (kept,) = compared({}, stored=replace(STORED, state=EventState.CONFIRMED)).problems
    assert kept.problem == "open, but it is confirmed, which was kept"
    assert kept.remedy == Remedy(RemedyKind.CHANGE_EVENT_STATE, event="BR-04")
    assert compared({"status": "cancelled"}).problems[0].remedy == Remedy(RemedyKind.CALL_OFF_EVENT, event="BR-04")


def test_what_is_over_is_not_changed() -> None:
    changes = compared(
        {"date": "27/07/2017", "status": "cancelled"}, stored=replace(STORED, state=EventState.CANCELLED)
    )
    assert (differences(changes), changes.sessions) == ([], [])
    assert problems(changes) == ["BR-04 is cancelled, so it was not changed: date"]


def test_a_session_whose_register_was_taken_is_kept() -> None:
    changes = compared({"date": "27/07/2017"}, marked=frozenset({31}))
    assert differences(changes) == []
    assert problems(changes) == ["the register of session 1 was taken, so its date was kept"]


def test_a_session_that_is_not_in_the_file_stays_and_is_told() -> None:
    changes = compared({}, also=(replace(MET, id=32, number=2),))
    assert differences(changes) == []
    assert problems(changes) == ["session 2 of BR-04 is in the database but not in the file; it was kept"]


def test_a_session_that_is_new_to_the_event_is_added() -> None:
    changes = compared({"session": "2", "module": "Module 2"})
    assert differences(changes)[0] == (2, "session", "", "2017-07-26 13:00-16:00 Town Hall, Main Hall")
    assert [(line.number, session) for line, session, _ in changes.sessions] == [(2, None)]


def test_an_event_never_changes_its_course() -> None:
    changes = compared({"course": "RL", "module": ""})
    assert differences(changes) == []
    assert "in the database as BR, which was kept" in problems(changes)[0]
