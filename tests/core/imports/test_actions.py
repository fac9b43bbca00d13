"""The story of an import: what goes in, what is reported, and what a second one changes."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.base.progress import Progress
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.imports.columns import ImportReport, ImportStopped, NothingImported, StoppedHalfway, StopRequested
from csc_tui.core.people import people_import
from csc_tui.core.people import queries as people_queries
from db import calendar, history, imports, models, people
from db.engine import connection
from db.engine.connection import read_transaction, write_transaction
from db.engine.mapping import as_tuples
from db.errors import NotWritable, WrongUse
from db.records.booking import Status
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import EventState, Role
from exports.table_search import Table
from tests import builders
from tests.builders import ROOT, booked, enrolment, event, person

DATA = Path(__file__).parents[2] / "data"
SHIPPED = ROOT / "db" / "data" / "programme-2017-18.csv"
HEADINGS = ("Employee No", "Forename", "Surname", "Email", "Telephone", "Organisation", "Team", "Manager?")
PROGRAMME = (
    "event_ref", "course", "title", "session", "module", "date", "start", "end", "venue", "room", "facilitators",
    "capacity", "minimum", "status", "notes",
)  # fmt: skip
LINE = (
    "BR-04", "BR", "Cohort 4", "1", "Module 1", "26/07/2017", "13:00", "16:00", "Centre4, Grimsby", "Main Hall",
    "jo.marsh@x.org", "20", "8", "open", "",
)  # fmt: skip


def table(headings: tuple[str, ...], *rows: tuple[str, ...]) -> Table:
    return Table(
        "file.csv", headings, [(n, [*row, *[""] * (len(headings) - len(row))]) for n, row in enumerate(rows, 2)], ()
    )


def extract(*rows: tuple[str, ...]) -> Table:
    return table(HEADINGS, *rows)


def line(**otherwise: str) -> tuple[str, ...]:
    return tuple(otherwise.get(name, value) for name, value in zip(PROGRAMME, LINE, strict=True))


def programme(*lines: tuple[str, ...]) -> Table:
    return table(PROGRAMME, *lines)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.rows, report.new, report.changed, report.same, report.rejected


def told(report: ImportReport) -> list[tuple[int, str]]:
    return [(each.row, each.column) for each in report.problems]


def everything(location: str) -> list[object]:
    """Every row of every table."""
    with read_transaction():
        return [as_tuples(each.select().order_by(*each._meta.sorted_fields)) for each in models.TABLES]


def test_the_hr_extract_comes_in_with_every_row_accounted_for_and_once(ctx: Context) -> None:
    expected = json.loads((DATA / "people-hr-extract.expected.json").read_text())
    file = imports_actions.load_table(str(DATA / "people-hr-extract.csv"))
    first = people_import.import_people(ctx, file, mapping={})
    assert counts(first) == (expected["rows"], expected["new"], 0, expected["same_person"], expected["rejected"])
    assert len({each.row for each in first.problems}) == expected["rejected"]
    before = everything(connection.bound_location())
    second = people_import.import_people(ctx, file, mapping={})
    assert counts(second) == (2450, 0, 0, 2418, 32)
    assert everything(connection.bound_location()) == before


def test_imported_people_are_found_as_if_they_had_been_entered_one_by_one(ctx: Context) -> None:
    people_import.import_people(
        ctx, extract(("7", "Siobhán", "O'Connor", "S.OConnor@x.org", "01472 1", "Police", "Response")), mapping={}
    )
    with read_transaction():
        found = people.find_person("siobhan oconnor")
        words = as_tuples(models.PersonWordRow.select(models.PersonWordRow.word, models.PersonWordRow.sort))
        row = as_tuples(models.PersonRow.select(models.PersonRow.search, models.PersonRow.sort))
    assert (found.name, found.email, found.organisation, found.team) == (
        "Siobhán O'Connor", "S.OConnor@x.org", "Police", "Response"
    )  # fmt: skip
    with write_transaction():
        people.update_person_index(found.id)
    with read_transaction():
        assert sorted(words) == sorted(
            as_tuples(models.PersonWordRow.select(models.PersonWordRow.word, models.PersonWordRow.sort))
        )
        assert row == as_tuples(models.PersonRow.select(models.PersonRow.search, models.PersonRow.sort))


def test_a_dry_run_says_the_same_and_changes_nothing(ctx: Context) -> None:
    file = extract(("7", "Ann", "Lee", "a@x.org", "", "Police", "Response"), ("", "Bo", "", "b@x.org"))
    before = everything(connection.bound_location())
    planned = people_import.import_people(ctx, file, mapping={"Telephone": "ignore"}, dry_run=True)
    assert everything(connection.bound_location()) == before
    done = people_import.import_people(ctx, file, mapping={})
    assert counts(planned) == counts(done) == (2, 1, 0, 0, 1)


def test_strict_lets_nothing_in_unless_all_can_go(ctx: Context) -> None:
    before = everything(connection.bound_location())
    with pytest.raises(NothingImported) as refused:
        people_import.import_people(
            ctx, extract(("", "Ann", "Lee", "a@x.org"), ("", "Bo", "", "b@x.org")), mapping={}, strict=True
        )
    assert counts(refused.value.report) == (2, 0, 0, 0, 1)
    assert told(refused.value.report) == [(3, "Surname")]
    assert everything(connection.bound_location()) == before
    assert people_import.import_people(ctx, extract(("", "Ann", "Lee", "a@x.org")), mapping={}, strict=True).new == 1


def test_strict_takes_back_what_went_in_before_the_database_said_no(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_import, "PEOPLE_AT_ONCE", 1)
    people_import.import_people(ctx, extract(("7", "Zoë", "Old", "old@x.org")), mapping={})
    with pytest.raises(NothingImported, match="1 row cannot be imported"):
        people_import.import_people(
            ctx, extract(("", "Ann", "Able", "a@x.org"), ("7", "Zoë", "Young", "young@x.org")), mapping={}, strict=True
        )
    with read_transaction():
        assert people.fetch_people_by_email(["a@x.org"]) == {}


def test_a_second_extract_brings_people_up_to_date_and_the_history_says_how(ctx: Context) -> None:
    people_import.import_people(
        ctx, extract(("7", "Ann", "Lee", "a@x.org", "1", "Police", "Response", "no")), mapping={}
    )
    report = people_import.import_people(
        ctx, extract(("7", "Ann", "Lee", "A@x.org", "2", "Council", "", "yes")), mapping={}
    )
    assert counts(report) == (1, 0, 1, 0, 0)
    with read_transaction():
        found = people.find_person("a@x.org")
        (said,) = history.fetch_history_lines(person_id=found.id)
        assert people.find_person("Ann Lee") == found
        words = [word for (word,) in as_tuples(models.PersonWordRow.select(models.PersonWordRow.word))]
    assert (found.phone, found.organisation, found.team, found.is_manager, found.version) == (
        "2",
        "Council",
        "",
        True,
        2,
    )
    assert "council" in words
    assert "police" not in words
    assert (said.actor, said.verb, said.subject) == ("alice", "imported", "Ann Lee")
    assert said.before == "telephone number 1; organisation Police; team Response; manager no"
    assert said.after == "telephone number 2; organisation Council; team -; manager yes"


def test_another_address_for_a_known_employee_number_is_reported_and_makes_nobody_new(ctx: Context) -> None:
    people_import.import_people(ctx, extract(("7", "Ann", "Lee", "a@x.org")), mapping={})
    report = people_import.import_people(
        ctx, extract(("7", "Ann", "Leigh", "leigh@x.org"), ("", "Ann", "Leigh", "leigh@x.org")), mapping={}
    )
    assert counts(report) == (2, 0, 0, 0, 2)
    assert "Ann Lee <a@x.org>" in report.problems[0].problem


def test_a_number_that_is_another_persons_is_not_taken_but_the_rest_is(ctx: Context) -> None:
    people_import.import_people(ctx, extract(("7", "Ann", "Lee", "a@x.org"), ("", "Bo", "Fry", "b@x.org")), mapping={})
    report = people_import.import_people(ctx, extract(("7", "Bo", "Fry", "b@x.org", "01472 9")), mapping={})
    assert (counts(report), told(report)) == ((1, 0, 1, 0, 0), [(2, "Employee No")])
    with read_transaction():
        bo = people.find_person("b@x.org")
    assert (bo.employee_number, bo.phone) == (None, "01472 9")


def test_organisations_and_teams_are_not_doubled_by_case(ctx: Context) -> None:
    report = people_import.import_people(
        ctx,
        extract(
            ("", "Ann", "Lee", "a@x.org", "", "Police", "Response"),
            ("", "Bo", "Fry", "b@x.org", "", "POLICE", "response"),
        ),
        mapping={},
    )
    with read_transaction():
        assert models.OrganisationRow.select().count() == models.TeamRow.select().count() == 1
    assert report.remarks == [Remark("New organisations: Police.")]


def test_a_team_without_an_organisation_is_told(ctx: Context) -> None:
    report = people_import.import_people(ctx, extract(("", "Ann", "Lee", "a@x.org", "", "", "Response")), mapping={})
    assert (report.new, told(report)) == (1, [(2, "Team")])


def test_a_mapping_is_remembered_for_the_next_file(ctx: Context) -> None:
    headings = ("Known by", "Surname", "Email", "Grade")
    file = table(headings, ("Annie", "Lee", "a@x.org", "7"))
    first = people_import.import_people(ctx, file, mapping={"Known by": "forename", "Grade": "ignore"})
    assert first.remarks == []
    second = people_import.import_people(ctx, table(headings, ("Bobby", "Fry", "b@x.org", "8")), mapping={})
    with read_transaction():
        assert people.find_person("b@x.org").forename == "Bobby"
    assert [each.sentence for each in second.remarks] == [
        "'Grade' was left out, as chosen on Mon 10 Apr 2017.",
        "'Known by' was read as the forename, as chosen on Mon 10 Apr 2017.",
    ]


def test_a_mapping_of_a_dry_run_is_not_remembered(ctx: Context) -> None:
    file = table(("Known by", "Surname", "Email"), ("Annie", "Lee", "a@x.org"))
    people_import.import_people(ctx, file, mapping={"Known by": "forename"}, dry_run=True)
    assert people_import.import_people(ctx, file, mapping={}).remarks[0] == Remark(
        "Columns not used: Known by.", Remedy(RemedyKind.MAP_COLUMNS)
    )


def test_only_a_coordinator_imports(ctx: Context) -> None:
    booker = replace(ctx, role=Role.BOOKER)
    with pytest.raises(NotAllowed):
        people_import.import_people(booker, extract(("", "Ann", "Lee", "a@x.org")), mapping={})
    with pytest.raises(NotAllowed):
        imports_actions.import_programme(booker, programme(line()), mapping={})


def test_progress_is_told_to_the_end(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_import, "PEOPLE_AT_ONCE", 2)
    seen: list[tuple[int, int]] = []
    rows = [("", "Ann", "Lee", f"a{n}@x.org") for n in range(5)]
    people_import.import_people(ctx, extract(*rows), mapping={}, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_a_database_that_gives_up_halfway_is_told_with_what_is_in(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_import, "PEOPLE_AT_ONCE", 1)
    store, calls = imports.insert_people, []

    def full(*given: object) -> list[int]:
        calls.append(given)
        if len(calls) == 3:
            raise NotWritable("The disk is full. Nothing was changed. Make room and try again.")
        return store(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "insert_people", full)
    rows = [("", "Ann", f"Lee{n}", f"a{n}@x.org") for n in range(4)]
    with pytest.raises(StoppedHalfway) as stopped:
        people_import.import_people(ctx, extract(*rows), mapping={})
    assert "The first 2 of 4 were imported" in str(stopped.value)
    assert "Nothing was changed" not in str(stopped.value)
    with read_transaction():
        assert models.PersonRow.select().count() == 2
    monkeypatch.setattr(imports, "insert_people", store)
    assert counts(people_import.import_people(ctx, extract(*rows), mapping={})) == (4, 2, 0, 2, 0)


def test_the_programme_comes_in_and_a_second_time_changes_nothing(ctx: Context) -> None:
    file = imports_actions.load_table(str(SHIPPED))
    assert counts(imports_actions.import_programme(ctx, file, mapping={})) == (108, 51, 0, 0, 0)
    before = everything(connection.bound_location())
    second = imports_actions.import_programme(ctx, file, mapping={})
    assert (counts(second), second.problems, second.remarks) == ((108, 0, 0, 51, 0), [], [])
    assert everything(connection.bound_location()) == before
    with read_transaction():
        assert models.SessionRow.select().count() == 108
        assert models.SessionRow.select().where(models.SessionRow.date.is_null()).count() == 4
        assert models.SessionRow.select().where(models.SessionRow.module.is_null()).count() == 0
        restorative = calendar.fetch_event("BR-04")
        trainer = people.find_person("trainer6@example.org")
        assert calendar.fetch_event_facilitators(restorative.id)
    assert (restorative.state, restorative.capacity, str(restorative.first_date)) == (EventState.OPEN, 20, "2017-07-26")
    assert trainer.is_facilitator


def test_a_dry_run_of_a_programme_says_what_would_be_made_and_makes_nothing(ctx: Context) -> None:
    before = everything(connection.bound_location())
    report = imports_actions.import_programme(ctx, programme(line()), mapping={}, dry_run=True)
    assert everything(connection.bound_location()) == before
    assert counts(report) == (1, 1, 0, 0, 0)
    done = imports_actions.import_programme(ctx, programme(line()), mapping={})
    assert done.remarks == report.remarks
    assert any("jo.marsh@x.org" in str(each) for each in done.remarks)
    assert Remark("New venues: Centre4, Grimsby.") in done.remarks


def test_a_moved_session_is_moved_with_its_history_and_one_version_more(ctx: Context) -> None:
    imports_actions.import_programme(ctx, programme(line()), mapping={})
    moved = imports_actions.import_programme(ctx, programme(line(date="27/07/2017", room="Annexe")), mapping={})
    assert counts(moved) == (1, 0, 1, 0, 0)
    assert Remark("BR-04 session 1: date: 2017-07-26 -> 2017-07-27") in moved.remarks
    with read_transaction():
        changed = calendar.fetch_event("BR-04")
        (session,) = calendar.fetch_sessions(changed.id)
        said = [(each.subject, each.before, each.after) for each in history.fetch_history_lines(event_id=changed.id)]
    assert (str(session.date), session.room, session.version) == ("2017-07-27", "Annexe", 2)
    assert str(changed.first_date) == "2017-07-27"
    assert ("BR-04 session 1: date", "2017-07-26", "2017-07-27") in said
    assert ("BR-04 session 1: venue", "Centre4, Grimsby, Main Hall", "Centre4, Grimsby, Annexe") in said


def test_an_event_with_a_bad_line_stays_out_and_the_others_go_in(ctx: Context) -> None:
    report = imports_actions.import_programme(
        ctx,
        programme(line(), line(session="2", module="Module 2", date="30/02/2018"), line(event_ref="BR-05")),
        mapping={},
    )
    assert (counts(report), told(report)) == ((3, 1, 0, 0, 1), [(3, "date")])
    with read_transaction():
        assert not calendar.has_event("BR-04")
        assert calendar.has_event("BR-05")


def test_strict_keeps_the_whole_programme_out(ctx: Context) -> None:
    before = everything(connection.bound_location())
    with pytest.raises(NothingImported, match="1 event cannot be imported"):
        imports_actions.import_programme(
            ctx, programme(line(), line(event_ref="BR-05", course="XX")), mapping={}, strict=True
        )
    assert everything(connection.bound_location()) == before


def test_more_places_seat_as_many_as_wait(ctx: Context) -> None:
    imports_actions.import_programme(ctx, programme(line(capacity="1", minimum="0")), mapping={})
    with read_transaction():
        full = calendar.fetch_event("BR-04")
    booked(full, "Ann Able")
    waiting = [person("Bo Busy"), person("Cy Calm")]
    for each in waiting:
        enrolment(full, each, Status.WAITLISTED)
    report = imports_actions.import_programme(ctx, programme(line(capacity="2", minimum="0")), mapping={})
    assert Remark("BR-04: Bo Busy is now booked.") in report.remarks
    with read_transaction():
        after = calendar.fetch_event("BR-04")
    assert (after.capacity, after.booked, after.waiting) == (2, 2, 1)


def test_fewer_places_than_are_taken_are_refused_and_the_rest_is_changed(ctx: Context) -> None:
    imports_actions.import_programme(ctx, programme(line(minimum="0")), mapping={})
    with read_transaction():
        there = calendar.fetch_event("BR-04")
    booked(there, "Ann Able", "Bo Busy")
    report = imports_actions.import_programme(
        ctx, programme(line(capacity="1", minimum="0", title="Cohort four")), mapping={}
    )
    assert (counts(report), told(report)) == ((1, 0, 1, 0, 0), [(2, "capacity")])
    with read_transaction():
        after = calendar.fetch_event("BR-04")
        assert " four " in models.EventRow.get(models.EventRow.reference == "BR-04").search
    assert (after.capacity, after.title) == (20, "Cohort four")


def test_a_new_event_never_needs_more_people_than_it_has_places_for(ctx: Context) -> None:
    file = programme(
        line(capacity="2", minimum=""), line(event_ref="BR-05", date="27/07/2017", capacity="", minimum="99")
    )
    tried = imports_actions.import_programme(ctx, file, mapping={}, dry_run=True)
    report = imports_actions.import_programme(ctx, file, mapping={})
    assert tried.problems == report.problems
    with read_transaction():
        small, large = calendar.fetch_event("BR-04"), calendar.fetch_event("BR-05")
    assert (small.capacity, small.minimum) == (2, 2)
    assert large.minimum == large.capacity
    assert [each.problem for each in report.problems] == [
        f"99 is more than the {large.capacity} places; {large.capacity} was kept"
    ]


def test_venues_and_rooms_are_not_doubled_by_case(ctx: Context) -> None:
    imports_actions.import_programme(ctx, programme(line()), mapping={})
    imports_actions.import_programme(
        ctx, programme(line(event_ref="BR-05", venue="CENTRE4, grimsby", room="main hall")), mapping={}
    )
    with read_transaction():
        assert (models.VenueRow.select().count(), models.RoomRow.select().count()) == (1, 1)


def test_a_known_person_who_leads_becomes_a_facilitator_and_a_new_one_is_named_later(ctx: Context) -> None:
    known = person("Jo Marsh", email="Jo.Marsh@x.org")
    imports_actions.import_programme(ctx, programme(line(facilitators="jo.marsh@X.org; sam.hill@x.org")), mapping={})
    with read_transaction():
        assert people.fetch_person(known.id).is_facilitator
        assert people.find_person("sam.hill@x.org").name == "Sam Hill"
    people_import.import_people(ctx, extract(("8", "Samantha", "Hill-Wood", "sam.hill@x.org")), mapping={})
    with read_transaction():
        sam = people.find_person("sam.hill@x.org")
        assert [name for _, name in calendar.fetch_event_facilitators(calendar.fetch_event("BR-04").id)[1]] == [
            "Samantha Hill-Wood",
            "Jo Marsh",
        ]
    assert sam.is_facilitator


def test_facilitators_of_a_session_are_exchanged(ctx: Context) -> None:
    imports_actions.import_programme(ctx, programme(line()), mapping={})
    imports_actions.import_programme(ctx, programme(line(facilitators="sam.hill@x.org")), mapping={})
    with read_transaction():
        (names,) = calendar.fetch_event_facilitators(calendar.fetch_event("BR-04").id).values()
    assert [name for _, name in names] == ["Sam Hill"]


def test_an_event_entered_by_hand_is_the_same_event(ctx: Context) -> None:
    event("BR-04", dates=["2017-07-26"], start="13:00", end="16:00", capacity=20, minimum=8, title="Cohort 4")
    report = imports_actions.import_programme(ctx, programme(line(venue="", room="", facilitators="")), mapping={})
    assert counts(report) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "unreadable"])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.csv"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "unreadable":
        path.write_text("Name\n")

        def forbidden(*_: object, **__: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("builtins.open", forbidden)
    with pytest.raises(WrongUse, match=r"Nothing was imported\."):
        imports_actions.load_table(str(path))


def stop_after(batches: int) -> Progress:
    told = []

    def progress(done: int, of: int) -> None:
        told.append((done, of))
        if len(told) == batches:
            raise StopRequested

    return progress


def many(number: int) -> bytes:
    return b"Surname,E-mail\n" + b"".join(b"Smith,s%d@example.org\n" % each for each in range(number))


def test_an_import_that_is_stopped_keeps_what_is_in_and_goes_on_later(ctx: Context) -> None:
    table = imports_actions.load_table_bytes("people.csv", many(1200))
    with pytest.raises(ImportStopped, match="The first 500 of 1,200 were imported") as stopped:
        people_import.import_people(ctx, table, mapping={}, progress=stop_after(1))
    assert (stopped.value.done, stopped.value.report.new) == (500, 500)
    assert people_queries.search_people(ctx, "smith")[1] == 500
    assert "people from people.csv" in builders.list_history_lines(ctx)[0].subject
    again = people_import.import_people(ctx, table, mapping={})
    assert (again.new, again.same) == (700, 500)


@pytest.mark.parametrize(("strict", "dry_run"), [(True, False), (False, True)])
def test_stopping_what_is_all_or_nothing_leaves_nothing(ctx: Context, strict: bool, dry_run: bool) -> None:
    table = imports_actions.load_table_bytes("people.csv", many(1200))
    with pytest.raises(ImportStopped, match="Nothing was imported"):
        people_import.import_people(ctx, table, mapping={}, progress=stop_after(2), strict=strict, dry_run=dry_run)
    assert people_queries.search_people(ctx, "smith")[1] == 0


def test_stopping_after_the_last_batch_is_no_stop(ctx: Context) -> None:
    table = imports_actions.load_table_bytes("people.csv", many(600))
    assert people_import.import_people(ctx, table, mapping={}, progress=stop_after(2)).new == 600


def test_the_clashes_of_a_programme_are_named_before_anything_goes_in(ctx: Context) -> None:
    trainer, learner = person("Jo Marsh", email="jo.marsh@x.org"), person("Bo Ek", email="bo@x.org")
    event("SP-1", course="SOS-INTRO", dates=["2017-07-26"], start="13:00", end="15:00", venue="Centre4, Grimsby",
          room="Main Hall", facilitators=[trainer])  # fmt: skip
    enrolment(event("SP-2", course="SOS-SAT", dates=["2017-07-26"], start="14:00", end="15:00"), trainer)
    enrolment(event("SP-3", course="SOS-BRIEF", dates=["2017-07-26"], start="15:30", end="17:00"), learner)
    enrolment(event("BR-04", dates=[None]), learner)
    second = (*("BR-05" if each == "BR-04" else each for each in LINE[:9]), "Annexe", *LINE[10:])
    table = programme(LINE, second)
    for dry_run in (True, False):
        report = imports_actions.import_programme(ctx, table, mapping={}, dry_run=dry_run)
        told = [(each.row, each.column, each.problem) for each in report.problems]
        for one in (
            (2, "room", "Centre4, Grimsby, Main Hall is taken by SP-1 session 1 at that time"),
            (2, "facilitators", "Jo Marsh leads SP-1 session 1 at that time"),
            (3, "facilitators", "Jo Marsh leads BR-04 session 1 at that time"),
            (2, "date", "Bo Ek has a place on SP-3 session 1 at that time"),
            (2, "facilitators", "Jo Marsh leads BR-04 session 1 and has a place on SP-2 session 1 at that time"),
        ):
            assert one in told
        assert all("Annexe" not in problem for _, _, problem in told)
    assert report.rejected == 0
    assert imports_actions.import_programme(ctx, table, mapping={}).problems == [], "nothing is new any more"


def test_a_programme_without_clashes_or_with_cancelled_ones_names_none(ctx: Context) -> None:
    event("SP-1", course="SOS-INTRO", dates=["2017-07-26"], start="13:00", end="15:00", venue="Centre4, Grimsby",
          room="Main Hall", state="cancelled")  # fmt: skip
    assert imports_actions.import_programme(ctx, programme(LINE), mapping={}, dry_run=True).problems == []
