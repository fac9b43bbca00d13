"""Every free text of a whole year is what an attacker would type: no list, card, page or screen obeys any of it."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import apsw
import pytest

from csc_tui.base import bootstrap
from csc_tui.cli import lookups, main
from csc_tui.core.demo import database
from csc_tui.window.app import CscApp
from csc_tui.window.shared.data_screen import MODES
from tests.window.conftest import press, seen, settled

POISON = "=Bo [/] [@click=app.quit]x[/] \x1b]52;c;eA==\x07\x1b[2J\x9b2J\x7f\u202eevil\u2066\u2028 '\"<b>%_\\ "
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal does instead of showing it; tabs and ends of lines are the program's own."""
TEXTS = {
    "answer": "text", "baseline": "label qualifier source", "commitment": "what remark",
    "course": "title description audience impact_question", "dispatch": "file actor", "enrolment": "reason",
    "event": "title notes", "history": "actor subject before after reason", "mark": "actor",
    "message": "name subject body told fault actor", "module": "title", "organisation": "name",
    "people_group": "name description", "programme": "name description", "question": "text",
    "person": "forename surname phone job_title dietary access_needs employee_number",
    "register": "taken_by signed_off_by", "resource": "title edition", "room": "name", "session": "title notes",
    "step": "what", "strand": "name description", "team": "name", "template": "subject body",
    "venue": "name address postcode",
}  # fmt: skip
COMMANDS = (
    "today", "who bo", "person #{person}", "next", "free", "event {event}", "roster {event}", "waiting {event}",
    "calendar", "calendar --month 2017-06", "history", "charges", "register {event} 1", "course list", "course show BR",
    "group list", "resource list", "venue list", "outbox list", "template list", "reply --declined", "makeup #{person}",
    "report headline", "report years", "report attendance", "report waiting", "report organisations",
    "report evaluation", "evaluation {event}", "schedule clashes", "sweep --dry-run", "undo --dry-run",
    "invite {event} --to nowhere --dry-run", "enrol {event} #{person} --dry-run",
    "cancel {event} #{person} --reason x --dry-run", "rsvp {event} #{person} accepted --dry-run",
)  # fmt: skip


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("poisoned") / "csc.db"
    database.create_demo(str(path), today=None)
    raw = apsw.Connection(str(path))
    for table, columns in TEXTS.items():
        for column in columns.split():
            raw.execute(f"UPDATE {table} SET {column} = ? || {column} WHERE {column} != ''", (POISON,))
    raw.close()
    return path


@pytest.fixture
def poisoned(year: Path, tmp_path: Path) -> str:
    return str(shutil.copy(year, tmp_path / "csc.db"))


@pytest.fixture
def words(poisoned: str) -> list[list[str]]:
    raw = apsw.Connection(poisoned)
    ((event, person),) = raw.execute(
        "SELECT v.reference, e.person_id FROM event v JOIN enrolment e ON e.event_id = v.id"
        " WHERE v.state = 'open' AND e.status = 70 ORDER BY v.id LIMIT 1"
    ).fetchall()
    raw.close()
    return [[word.format(event=event, person=person) for word in each.split()] for each in COMMANDS]


@pytest.mark.parametrize("form", ["table", "plain", "csv", "json"])
def test_no_command_prints_what_a_terminal_obeys_nor_a_formula(
    poisoned: str, words: list[list[str]], form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    showed = 0
    for each in words:
        given = ["--db", poisoned, "--format", form, "--today", database.demo_moment(None), "--as", "demo", *each]
        code = lookups.run_lookup(given)
        if code is None:
            code = main.run_command_line(given)
        done = capsys.readouterr()
        assert code in (0, 1, 3), (each, done.err)
        assert not OBEYED.search(done.out + done.err), each
        showed += "=Bo" in done.out
        if form == "csv":
            cells = [cell for row in csv.reader(io.StringIO(done.out)) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], each
        if form == "json" and done.out:
            json.loads(done.out)
    assert showed > len(words) / 2, showed


async def test_no_screen_obeys_it_or_falls_over(poisoned: str) -> None:
    app = CscApp(bootstrap.create_context(poisoned, actor="demo", today=database.demo_moment(None)), poisoned)
    showed = 0
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settled(pilot)
        for mode in MODES:
            for keys in ((mode.key,), ("down", "enter"), ("escape",)):
                await press(pilot, *keys)
                shown = seen(pilot)
                assert app.is_running
                assert not OBEYED.search(shown), (mode.key, keys)
                showed += "[/]" in shown
    assert showed > len(MODES)
