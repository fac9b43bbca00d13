"""register, mark, sheet and certificate: rows, remarks and exit codes."""

from pathlib import Path

import pytest

from csc_tui.base.context import Context
from db.records.people import Person
from tests.builders import booked, event, person
from tests.cli.conftest import Csc

EVENING = "2017-06-19T17:00"


@pytest.fixture
def people(ctx: Context) -> list[Person]:
    return booked(event("BR-90", capacity=20, dates=("2017-06-12", "2017-06-19")), "Bo Adams", "Al Barnes")


def test_a_register_has_a_row_for_each_person_and_a_column_for_the_session_when_there_are_several(
    csc: Csc, people: list[Person]
) -> None:
    bo, al = people
    csc("mark", "BR-90", 1, bo.key, "late", "--arrived", "10:00", today=EVENING)
    assert csc("register", "BR-90", 1).json == [
        {"person": bo.key, "name": "Bo Adams", "mark": "late", "minutes": 150},
        {"person": al.key, "name": "Al Barnes", "mark": "", "minutes": None},
    ]
    every = csc("register", "BR-90").json
    assert [(row["session"], row["name"]) for row in every] == [
        (1, "Bo Adams"), (1, "Al Barnes"), (2, "Bo Adams"), (2, "Al Barnes"),
    ]  # fmt: skip


def test_the_rest_are_marked_and_shown(csc: Csc, people: list[Person]) -> None:
    bo, al = people
    assert csc("mark", "BR-90", 1, al.email, "Left early", today=EVENING).json == [
        {"person": al.key, "name": "Al Barnes", "mark": "left_early"}
    ]
    done = csc("mark", "BR-90", 1, "--rest", "present", today=EVENING)
    assert (done.code, done.json) == (0, [{"person": bo.key, "name": "Bo Adams", "mark": "present"}])
    again = csc("mark", "BR-90", 1, "--rest", "present", today=EVENING)
    assert (again.code, again.json) == (0, [])
    assert "Everyone is already marked" in again.err


def test_a_mark_is_taken_away_and_a_dry_run_takes_none(csc: Csc, people: list[Person]) -> None:
    bo, _ = people
    csc("mark", "BR-90", 1, bo.key, "present", today=EVENING)
    dry = csc("mark", "BR-90", 1, bo.key, "--clear", "--dry-run", today=EVENING)
    assert "nothing was changed" in dry.err
    assert csc("register", "BR-90", 1).json[0]["mark"] == "present"
    assert csc("mark", "BR-90", 1, bo.key, "--clear", today=EVENING).json[0]["mark"] == ""
    assert csc("mark", "BR-90", 1, bo.key, "--clear", today=EVENING).code == 1


def test_a_register_is_signed_off_once_everybody_is_marked(csc: Csc, people: list[Person]) -> None:
    bo, _ = people
    early = csc("register", "BR-90", 1, "--sign-off", today=EVENING)
    assert early.code == 3
    assert "Bo Adams, Al Barnes are not marked yet" in early.err
    csc("mark", "BR-90", 1, "--rest", "present", today=EVENING)
    dry = csc("register", "BR-90", 1, "--sign-off", "--dry-run", today=EVENING)
    assert "Session 1 would be signed off by alice." in dry.err
    done = csc("register", "BR-90", 1, "--sign-off", today=EVENING)
    assert done.code == 0
    assert "signed off by alice" in done.err
    late = csc("mark", "BR-90", 1, bo.key, "absent", today=EVENING)
    assert (late.code, "needs a reason" in late.err) == (3, True)
    assert csc("mark", "BR-90", 1, bo.key, "absent", "--reason", "mistaken", today=EVENING).code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("mark", "BR-90", "1"), 2, "Give PERSON and MARK"),
        (("mark", "BR-90", "1", "#1"), 2, "Give PERSON and MARK"),
        (("mark", "BR-90", "1", "#1", "present", "--rest", "present"), 2, "Give PERSON and MARK"),
        (("mark", "BR-90", "1", "#1", "present", "--clear"), 2, "Give PERSON and MARK"),
        (("mark", "BR-90", "1", "--rest", "present", "--minutes", "5"), 2, "need PERSON"),
        (("mark", "BR-90", "1", "#1", "late", "--minutes", "5", "--late-by", "5"), 2, "Give one of --late-by"),
        (("mark", "BR-90", "1", "#1", "late", "--early-by", "5"), 2, "--early-by needs the mark left_early"),
        (("mark", "BR-90", "1", "#1", "late", "--late-by", "180"), 3, "would be 180 minutes late"),
        (("mark", "BR-90", "1", "#1", "perhaps"), 2, "The marks are present, late"),
        (("mark", "BR-90", "1", "#1", "absent", "--minutes", "5"), 3, "cannot have any minutes"),
        (("mark", "BR-90", "9", "#1", "present"), 1, "no session 9"),
        (("mark", "NOPE", "1", "#1", "present"), 1, "no event NOPE"),
        (("mark", "BR-90", "1", "#99", "present"), 1, "No match for"),
        (("mark", "BR-90", "2", "#1", "present", "--left", "25:00"), 2, "Type a time such as 09:30"),
        (("register", "BR-90", "--sign-off"), 2, "session"),
        (("register", "BR-90", "7"), 1, "no session 7"),
    ],
)
def test_a_no_is_a_sentence_with_its_exit_code(
    csc: Csc, people: list[Person], words: tuple[str, ...], code: int, said: str
) -> None:
    done = csc(*words, today=EVENING)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_marking_before_the_session_is_refused(csc: Csc, people: list[Person]) -> None:
    done = csc("mark", "BR-90", 2, "--rest", "present", today="2017-06-19T09:00")
    assert done.code == 3
    assert "begins on Mon 19 Jun 2017 at 09:30, so people cannot be marked yet" in done.err


def test_an_event_without_anybody_has_an_empty_register(csc: Csc, ctx: Context) -> None:
    event("BR-91")
    done = csc("register", "BR-91")
    assert (done.code, done.json) == (1, [])
    assert "No one is on BR-91 yet" in done.err


def test_the_card_says_what_is_missing_and_how_many_hours_were_attended(csc: Csc, people: list[Person]) -> None:
    bo, _ = people
    csc("mark", "BR-90", 1, bo.key, "present", today=EVENING)
    card = csc("person", bo.key, today=EVENING).json
    assert [(each["course"], each["needs"], each["next_chance"]) for each in card["completions"]] == [
        ("BR", "modules 2 and 3", "")
    ]
    assert card["hours"] == [{"year": "2017/18", "hours": 3.0}]


def test_a_course_is_told_how_it_is_completed_and_for_how_long(csc: Csc) -> None:
    csc("course", "set", "BR", "validity_months", "24")
    csc("course", "set", "BR", "completion_rule", "share_of_hours")
    csc("course", "set", "BR", "completion_share", "80")
    (course,) = [each for each in csc("course", "list").json if each["code"] == "BR"]
    assert (course["validity_months"], course["completion_rule"], course["completion_share"]) == (
        24, "share_of_hours", 80,
    )  # fmt: skip
    assert csc("course", "set", "BR", "validity_months", "none").json[0]["after"] == "none"
    assert csc("course", "set", "BR", "completion_share", "101").code == 2


@pytest.mark.parametrize("end", ["pdf", "xlsx"])
def test_a_sheet_is_written_for_its_owner_alone_and_over_nothing(
    csc: Csc, people: list[Person], tmp_path: Path, end: str
) -> None:
    file = tmp_path / f"sheet.{end}"
    done = csc("sheet", "BR-90", 1, "--to", file)
    assert done.code == 0
    assert f"2 people in {file}" in done.err
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    again = csc("sheet", "BR-90", 1, "--to", file, "--needs")
    assert again.code != 0
    assert "already exists" in again.err
    assert file.read_bytes() == before


def test_a_sheet_of_nobody_and_of_another_kind_is_refused(csc: Csc, people: list[Person], tmp_path: Path) -> None:
    event("BR-91")
    for reference, name, code, said in (
        ("BR-91", "a.pdf", 1, "There are no people on the register"),
        ("BR-90", "a.docx", 2, "a .pdf to print or an .xlsx"),
    ):  # fmt: skip
        done = csc("sheet", reference, 1, "--to", tmp_path / name)
        assert (done.code, done.out) == (code, "")
        assert said in done.err
        assert not (tmp_path / name).exists()


LAST_EVENING = "2017-06-26T17:00"


@pytest.fixture
def learners(ctx: Context, csc: Csc) -> list[Person]:
    found = booked(
        event("BR-90", capacity=9, dates=("2017-06-12", "2017-06-19", "2017-06-26")), "Bo Adams", "Al Barnes"
    )
    csc("mark", "BR-90", 2, found[1].key, "absent", today=LAST_EVENING)
    for number in (1, 2, 3):
        csc("mark", "BR-90", number, "--rest", "present", today=LAST_EVENING)
    return found


def test_certificates_are_written_and_checked(csc: Csc, learners: list[Person], tmp_path: Path) -> None:
    done = csc("certificate", "BR-90", "--to", tmp_path / "out", today=LAST_EVENING)
    assert done.code == 0
    (row,) = done.json
    assert (row["person"], row["name"]) == (learners[0].key, "Bo Adams")
    assert Path(row["file"]).read_bytes().startswith(b"%PDF")
    assert "No certificate for Al Barnes: needs module 2." in done.err
    checked = csc("certificate", "--check", row["reference"], today=LAST_EVENING)
    assert (checked.code, checked.json["name"], checked.json["on"], checked.json["standing"]) == (
        0, "Bo Adams", "2017-06-26", "in date",
    )  # fmt: skip


def test_a_refused_certificate_is_a_sentence_with_its_exit_code(
    csc: Csc, learners: list[Person], tmp_path: Path
) -> None:
    for words, code, said in (
        (("BR-90",), 2, "--to DIR"),
        (("--to", tmp_path), 2, "Give EVENT"),
        (("BR-90", "--check", "X"), 2, "on its own"),
        (("--check", "BR-1-20170626-AAAA"), 1, "typing mistake"),
        (("BR-90", learners[1].key, "--to", tmp_path / "out"), 3, "needs module 2"),
        (("NOPE", "--to", tmp_path / "out"), 1, "no event NOPE"),
    ):
        done = csc("certificate", *words, today=LAST_EVENING)
        assert (done.code, done.out) == (code, "")
        assert said in done.err


def test_an_event_that_nobody_completed_writes_nothing(csc: Csc, ctx: Context, tmp_path: Path) -> None:
    booked(event("BR-91"), "Cy Clark")
    done = csc("certificate", "BR-91", "--to", tmp_path / "out")
    assert (done.code, done.json) == (1, [])
    assert not (tmp_path / "out").exists()


def test_a_walk_in_is_booked_and_marked_with_one_command(csc: Csc, people: list[Person]) -> None:
    wa = person("Wa Kin")
    refused = csc("mark", "BR-90", 1, wa.key, "present", today=EVENING)
    assert refused.code == 1
    assert "For a walk-in add --walk-in, which books them first." in refused.err
    done = csc("mark", "BR-90", 1, wa.key, "late", "--arrived", "10:00", "--walk-in", today=EVENING)
    assert (done.code, done.json) == (0, [{"person": wa.key, "name": "Wa Kin", "mark": "late"}])
    assert csc("register", "BR-90", 1).json[-1] == {
        "person": wa.key, "name": "Wa Kin", "mark": "late", "minutes": 150,
    }  # fmt: skip
    new = csc("mark", "BR-90", 1, "Jo Smith <jo@x.org>", "present", "--walk-in", "--new", today=EVENING)
    assert (new.code, new.json[0]["name"]) == (0, "Jo Smith")


def test_a_walk_in_beyond_the_capacity_wants_a_reason_from_the_shell(csc: Csc, ctx: Context) -> None:
    booked(event("BR-90", capacity=1), "Bo Adams")
    wa = person("Wa Kin")
    refused = csc("mark", "BR-90", 1, wa.key, "present", "--walk-in", today=EVENING)
    assert refused.code == 3
    assert "beyond the capacity needs a reason" in refused.err
    done = csc("mark", "BR-90", 1, wa.key, "present", "--walk-in", "--override", "room for one more", today=EVENING)
    assert done.code == 0


@pytest.mark.parametrize(
    "words", [("--rest", "present", "--walk-in"), ("bo", "present", "--new"), ("bo", "present", "--override", "why")]
)
def test_options_of_walk_ins_alone_are_wrong_use(csc: Csc, people: list[Person], words: tuple[str, ...]) -> None:
    done = csc("mark", "BR-90", 1, *words, today=EVENING)
    assert done.code == 2
    assert "--walk-in" in done.err


@pytest.mark.parametrize(("mark", "option"), [("late", "--late-by"), ("left_early", "--early-by")])
def test_minutes_late_or_early_are_taken_off_the_session(
    csc: Csc, people: list[Person], mark: str, option: str
) -> None:
    assert csc("mark", "BR-90", 1, people[0].key, mark, option, 10, today=EVENING).code == 0
    assert "170" in csc("register", "BR-90", 1, today=EVENING).out
