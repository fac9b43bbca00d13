"""Files brought in from the window: tried, looked at, done or stopped."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.imports import import_run
from csc_tui.core.people import queries as people_queries
from csc_tui.window.imports import import_file
from db.records.startup import Role
from tests import builders
from tests.window.conftest import Window, line_with, press, said, seen, settled, told, type_in

PEOPLE = "Forename,Surname,E-mail,Mystery\nJo,Smith,jo@example.org,0123\n,,bad,1\n"


def written(folder: Path, text: str, name: str = "people.csv") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


async def choose(pilot: object, path: str, what: str = "Import people") -> None:
    await press(pilot, "ctrl+p")  # type: ignore[arg-type]
    await type_in(pilot, what)  # type: ignore[arg-type]
    await press(pilot, "enter")  # type: ignore[arg-type]
    await type_in(pilot, path)  # type: ignore[arg-type]
    await press(pilot, "ctrl+s")  # type: ignore[arg-type]


async def test_a_file_is_tried_first_and_brought_in_when_told(window: Window, june: Context, tmp_path: Path) -> None:
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, PEOPLE))
        assert "2 rows; people: 1 new, 0 changed, 0 the same, 1 rejected." in told(pilot)
        assert "no surname" in line_with(pilot, "Surname")
        assert not people_queries.search_people(june, "smith")[1]
        await press(pilot, "enter")
        assert "1 new" in said(pilot)
    assert people_queries.search_people(june, "smith")[1] == 1


async def test_leaving_the_look_brings_nothing_in_and_keeps_the_file_named(
    window: Window, june: Context, tmp_path: Path
) -> None:
    path = written(tmp_path, PEOPLE)
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, path)
        await press(pilot, "escape")
        assert path[:24] in line_with(pilot, "File ")
        await press(pilot, "escape")
    assert not people_queries.search_people(june, "smith")[1]


async def test_a_column_nobody_knows_is_told_and_can_be_named(window: Window, june: Context, tmp_path: Path) -> None:
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, PEOPLE))
        assert "Columns not used: Mystery. Press V to say what a column holds." in told(pilot)
        await press(pilot, "V", "down", "down", "down")
        await type_in(pilot, "pho")
        await press(pilot, "right", "ctrl+s", "enter")
    (found,), _ = people_queries.search_people(june, "0123")
    assert found.name == "Jo Smith"


async def test_headings_that_say_too_little_are_asked_about(window: Window, june: Context, tmp_path: Path) -> None:
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, "One,Two\nSmith,jo@example.org\n"))
        assert "has no column for" in told(pilot)
        assert "--map" not in told(pilot)
        await type_in(pilot, "surname")
        await press(pilot, "down")
        await type_in(pilot, "email")
        await press(pilot, "ctrl+s", "enter")
    assert people_queries.search_people(june, "smith")[1] == 1


async def test_what_is_wrong_is_written_to_a_file(window: Window, tmp_path: Path) -> None:
    target = tmp_path / "wrong.csv"
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, PEOPLE))
        await press(pilot, "S", "ctrl+u")
        await type_in(pilot, str(target))
        await press(pilot, "ctrl+s")
        assert "1 rejected" in told(pilot)
    assert target.read_text(encoding="utf-8-sig").splitlines()[0] == "row,column,problem"
    assert "no surname" in target.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("", "choose a file"), ("/nowhere/at/all.csv", "there is no such file"), ("/", "this is a folder, not a file")],
)
async def test_a_path_that_leads_nowhere_is_said_at_the_field(window: Window, path: str, sentence: str) -> None:
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, path)
        assert f"! {sentence.capitalize()}." in told(pilot)


async def test_a_file_that_is_no_table_is_a_sentence(window: Window, tmp_path: Path) -> None:
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, ""))
        assert "people.csv" in told(pilot)
        assert "Nothing was imported." in told(pilot)


async def test_nothing_new_cannot_be_brought_in(window: Window, tmp_path: Path) -> None:
    builders.person("Jo Smith", email="jo@example.org")
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, "Forename,Surname,E-mail\nJo,Smith,jo@example.org\n"))
        await press(pilot, "enter")
        assert "There is nothing to import" in told(pilot)


async def test_evaluations_are_asked_when_they_were_asked(window: Window) -> None:
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "ctrl+p")
        await type_in(pilot, "import eval")
        await press(pilot, "enter")
        assert "on_the_day or three_months" in line_with(pilot, "Asked")


@pytest.mark.parametrize("as_folder", [False, True])
async def test_evaluations_answered_by_mail_are_brought_in(
    window: Window, june: Context, tmp_path: Path, as_folder: bool
) -> None:
    event = builders.event("BR-90", dates=["2017-04-03"])
    (ann,) = builders.booked(event, "Ann Smith")
    builders.mark(event, 1, ann)
    mails = tmp_path / "mails"
    mails.mkdir()
    (mails / "answer.eml").write_text(
        f"From: {ann.email}\nDate: Mon, 3 Apr 2017 13:05:00 +0000\nSubject: [evaluation BR-90 on_the_day]\n\nQ1: yes\n"
    )
    async with window(size=(120, 40)) as pilot:
        await press(pilot, "ctrl+p")
        await type_in(pilot, "import eval")
        await press(pilot, "enter")
        await type_in(pilot, str(mails if as_folder else mails / "answer.eml"))
        await press(pilot, "ctrl+s")
        assert "1 new" in told(pilot)
        await press(pilot, "enter")
    assert evaluation_actions.show_event_evaluation(june, "BR-90").results[0].share.answered == 1


async def test_a_long_import_shows_how_far_it_is_and_stops_at_escape(
    window: Window, june: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pause between two batches is the clock here: it lasts until the test lets it end."""
    monkeypatch.setattr(import_file, "LONG", 600)
    arrived, go_on = threading.Event(), threading.Event()

    def pause(_: float) -> None:
        arrived.set()
        assert go_on.wait(20)

    monkeypatch.setattr(import_run, "sleep", pause)
    rows = "".join(f"A,Smith{n},s{n}@example.org\n" for n in range(1200))
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, "Forename,Surname,E-mail\n" + rows))
        assert "1,200 new" in told(pilot)
        await pilot.press("enter")
        while not arrived.is_set():
            await pilot.pause()
        for _ in range(20):  # the thread told of it before it paused; it is drawn when the keys are idle
            await pilot.pause()
        assert "500 of 1,200" in seen(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "Stopping at the next safe point" in told(pilot)
        go_on.set()
        await settled(pilot)
        assert "The first 1,000 of 1,200 were imported and the others were not." in told(pilot)
        await press(pilot, "escape")
        assert "Today" in seen(pilot)
    assert people_queries.search_people(june, "smith")[1] == 1000


def test_paths_are_suggested_folder_by_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    written(tmp_path / "data", "", "people.csv")
    written(tmp_path / "data", "", "people.docx")
    written(tmp_path / "data", "", ".hidden.csv")
    assert import_file.suggest_path(f"{tmp_path}/da") == f"{tmp_path}/data/"
    assert import_file.suggest_path(f"{tmp_path}/data/") == f"{tmp_path}/data/people.csv"
    assert import_file.suggest_path(f"{tmp_path}/data/people.d") is None
    assert import_file.suggest_path("/nowhere/at/a") is None


@pytest.mark.parametrize(("place", "title"), [(("4"), "Import people"), (("3",), "Import a programme")])
async def test_a_list_imports_its_own_kind(window: Window, place: tuple[str, ...], title: str) -> None:
    builders.event("BR-04", dates=["2017-06-19"])
    async with window() as pilot:
        await press(pilot, *place, "I")
        assert title in seen(pilot)


async def test_a_booker_imports_nothing_and_is_told_why(window: Window, june: Context) -> None:
    async with window(ctx=replace(june, role=Role.BOOKER)) as pilot:
        await press(pilot, "3", "I")
        assert "This needs the coordinator role" in said(pilot)


async def test_a_new_address_is_asked_about_once_and_taken(window: Window, june: Context, tmp_path: Path) -> None:
    builders.person("Rachel Lawson", email="rachel.lawson@example.org", employee_number="100000")
    path = written(tmp_path, "Employee No,Forename,Surname,Email\n100000,Rachel,Marsh,rachel.marsh@example.org\n")
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, path)
        assert "1 person has a known number and a new e-mail address" in told(pilot)
        assert "Press A to answer for the whole file" in told(pilot)
        await press(pilot, "A")
        assert "keep the old ones as former" in told(pilot)
        await press(pilot, "1")
        assert "1 changed" in told(pilot)
        await press(pilot, "enter")
    (found,), _ = people_queries.search_people(june, "rachel.lawson@example.org")
    assert found.name == "Rachel Marsh"


async def test_who_is_not_in_the_file_is_written_to_another(window: Window, tmp_path: Path) -> None:
    for number in range(4):
        builders.person(f"Jo Smith{number}", email=f"jo{number}@example.org", organisation="Acme Care")
    rows = "".join(f"Jo,Smith{n},jo{n}@example.org,Acme Care\n" for n in range(3))
    target = tmp_path / "absent.csv"
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, "Forename,Surname,Email,Organisation\n" + rows))
        assert "1 person of these organisations is stored and not in the file" in told(pilot)
        await press(pilot, "v", "ctrl+u")
        await type_in(pilot, str(target))
        await press(pilot, "ctrl+s")
    assert "Jo Smith3" in target.read_text(encoding="utf-8-sig")


async def test_nothing_to_answer_and_nobody_absent_is_said(window: Window, tmp_path: Path) -> None:
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, written(tmp_path, PEOPLE))
        await press(pilot, "A")
        assert "the file leaves no question open" in told(pilot)
        await press(pilot, "v")
        assert "no one is missing from the file" in told(pilot)


async def test_what_numbers_mean_is_asked_once_before_the_review(window: Window, june: Context, tmp_path: Path) -> None:
    event = builders.event("BR-90", dates=["2017-04-03"])
    (ann,) = builders.booked(event, "Ann Smith")
    builders.mark(event, 1, ann)
    path = written(tmp_path, f"event,email,This has supported my practice.\nBR-90,{ann.email},5\n", "forms.csv")
    async with window(size=(120, 40)) as pilot:
        await choose(pilot, path, "import eval")
        assert "is an agree question and has numbers (5). Which of them mean agree?" in told(pilot)
        await press(pilot, "1")
        assert "1 new" in told(pilot)
        await press(pilot, "enter")
    (result, *_) = evaluation_actions.show_event_evaluation(june, "BR-90").results
    assert (result.share.agree, result.share.answered) == (1, 1)
