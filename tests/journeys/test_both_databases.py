"""The year of the demonstration on a file and on a server: whoever asks, and whatever is done, both say the same."""

from collections.abc import Iterator

import pytest

from csc_tui.cli import main
from csc_tui.core.demo import database
from csc_tui.core.reports import queries as reports_queries
from csc_tui.core.reports.list_files import LIST_KINDS
from tests.builders import csc
from tests.servers import databases

pytestmark = databases.needs_server

NOW = "2017-06-12T14:00"
DEEDS = {
    "enrol SOS-BRIEF-02 #100 #101 #102": 0,
    "cancel SOS-ALS-02 #91 --reason Illness": 0,
    "enrol SOS-ALS-02 #103 --waiting": 0,
    "enrol BR-09 #100": 3,
    "cancel SOS-BRIEF-02 #101 --reason Illness": 0,
    "undo": 0,
    "people add --forename Émile --surname O'Brien --email emile@example.org": 0,
    "people add --forename Emile --surname Obrien --email EMILE@example.org": 3,
    "venue add Ärztehaus": 0,
    "venue add town": 0,
    "group create zebra --kind practice_leads": 0,
    "group create Zulu --kind practice_leads": 0,
    "group add Zulu #101 #100": 0,
    "group add zebra #100": 0,
    "sweep": 0,
    "undo 1": 0,
}
"""What is done, in this order, and how it ends."""
QUESTIONS = (
    "today", "who smith", "who siobhan", "who é", "who #100", "person #100", "person #7", "next --days 60", "free",
    "free --all", "free brief", "calendar", "history", "history --event BR-09", "history --actor helen", "course list",
    "group list", "group show Zulu", "resource list", "venue list", "outbox list", "template list", "charges",
    "admin roles", "admin policy", "course show BR", "course show SOS-ALS", "question list BR", "evaluation BR-03",
    "register BR-03 1", "register SOS-ALS-02 1", "event SOS-ALS-02", "roster SOS-ALS-02", "waiting SOS-ALS-02",
    "event SOS-BRIEF-02", "roster SOS-BRIEF-02", "history --event SOS-BRIEF-02", "event BR-03",
)  # fmt: skip
QUICK = ("who smith", "who é o", "next --days 60", "free", "free town hall", "event SOS-ALS-02", "roster SOS-ALS-02")
"""Answered without a parser, in a process of their own."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    path = str(tmp_path_factory.mktemp("both") / "year.db")
    with databases.new_database() as address:
        for each in (path, address):
            database.create_demo(each, today=NOW)
        yield path, address


def said(location: str, words: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capfd.readouterr()
    code = main.run_command_line(["--db", location, "--today", NOW, "--as", "alice", "--format", "csv", *words.split()])
    out, err = capfd.readouterr()
    return code, out, err


def test_whatever_is_done_and_asked_both_answer_the_same(
    both: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    reports = [f"report {name}{rest}" for name in reports_queries.REPORTS for rest in ("", " --year all")]
    reports += [f"report {name} --course BR" for name in reports_queries.TEAM_REPORTS]
    exports = [f"export {kind} --to -" for kind in LIST_KINDS]
    for words in (*DEEDS, *QUESTIONS, *reports, *exports):
        on_file, on_server = (said(each, words, capfd) for each in both)
        assert on_server == on_file, words
        assert on_file[0] == DEEDS.get(words, 0), words


@pytest.mark.parametrize("words", QUICK)
def test_a_look_up_answers_the_same(both: tuple[str, str], words: str) -> None:
    on_file, on_server = (csc(each, *words.split(), today=NOW) for each in both)
    assert (on_server.returncode, on_server.stdout) == (on_file.returncode, on_file.stdout)
    assert on_file.stdout
