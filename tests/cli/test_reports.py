"""report and export as they are typed."""

import csv
import html
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from csc_tui.core.reports import queries as reports_queries
from tests import builders
from tests.cli.conftest import Csc

END = "2018-03-31"


@pytest.mark.parametrize("form", ["plain", "table"])
def test_the_headline_of_an_empty_year_shows_the_baselines_beside_nothing(csc: Csc, form: str) -> None:
    shown = csc("report", "headline", form=form, today=END)
    assert shown.code == 0
    for figure in ("2,375", "182", "over 400", "74 %", "no data", "2017/18", "31 Mar 2017"):
        assert figure in shown.out, figure


@pytest.mark.parametrize("name", list(reports_queries.REPORTS))
def test_every_report_fits_80_columns_and_comes_in_every_form(
    csc: Csc, name: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = builders.person("Bo \x1b[2JSmith", organisation="A very long name of an organisation, in several parts",
                         team="And of a team that is long as well", is_facilitator=True)  # fmt: skip
    on = builders.event(facilitators=[bo], venue="Grimsby Town Hall")
    builders.mark(on, 1, bo)
    monkeypatch.setenv("COLUMNS", "80")
    table = csc("report", name, form="table", today=END).out
    assert max(map(len, table.splitlines())) <= 80
    assert "\x1b" not in table
    assert "█" in table or name in ("evaluation", "waiting", "attendance", "compliance")
    found = csc("report", name, today=END).json
    assert isinstance(found, list)
    assert csc("report", name, form="csv", today=END).out.startswith("by,name,")
    path = tmp_path / "report.json"
    assert csc("report", name, "--to", path, today=END).code == 0
    assert [list(each) for each in json.loads(path.read_text())] == [list(each) for each in found]
    assert path.stat().st_mode & 0o777 == 0o600


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name in ("src", "href", "onload", "onerror") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_stands_alone_and_stored_text_is_only_text(csc: Csc, database: str, tmp_path: Path) -> None:
    name = "<script>alert(1)</script> & \u202eCo"
    on = builders.event()
    builders.mark(on, 1, builders.person("Bo", organisation=name))
    path = tmp_path / "report.html"
    assert csc("report", "headline", "--html", path, today=END).code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    page = Text()
    page.feed(path.read_text())
    assert "script" not in page.tags
    assert html.escape("<script>") in path.read_text()
    assert "\u202e" not in page.words
    assert {"svg", "rect", "table", "style"} <= set(page.tags)
    for figure in ("2,375", "over 400", "74 %", "no data", "Being Restorative"):
        assert figure in page.words, figure
    again = csc("report", "headline", "--html", path, today=END)
    assert (again.code, "--replace" in again.err) == (3, True)


def test_a_year_that_is_none_is_wrong_use(csc: Csc) -> None:
    shown = csc("report", "headline", "--year", "2017/19")
    assert (shown.code, shown.out) == (2, "")


def test_the_matrix_of_a_team_has_letters_on_a_terminal_and_words_in_a_file(
    csc: Csc, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.person("Bo Smith", organisation="Police", team="North")
    monkeypatch.setenv("COLUMNS", "80")
    shown = csc("report", "compliance", "--team", "north", form="table", today=END)
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "(1) SOS-INTRO" in shown.out
    assert ".: never" in " ".join(shown.out.split())
    (line,) = csc("report", "compliance", "--team", "north", today=END).json
    assert (line["BR"], line["RL"], line["person"][0]) == ("never", "", "#")
    wrong = csc("report", "compliance", "--team", "south", today=END)
    assert (wrong.code, wrong.out, "Traceback" in wrong.err) == (1, "", False)


def test_whom_to_invite_is_a_list_of_addresses_by_course_and_team(csc: Csc, database: str) -> None:
    builders.person("Bo Smith", email="bo@example.org", organisation="Police", team="North")
    courses = csc("report", "invite-next", today=END).json
    assert {"SOS-INTRO", "people", "never"} - set(courses[0]) == {"SOS-INTRO"}
    (line,) = csc("report", "invite-next", "--course", "br", "--team", "north", today=END).json
    assert (line["email"], line["by"]) == ("bo@example.org", "never")


def test_the_page_of_a_report_without_bars_and_of_one_with_months(csc: Csc, database: str, tmp_path: Path) -> None:
    bo = builders.person("Bo <Smith>", organisation="Police", team="North")
    builders.mark(builders.event(), 1, bo)
    for words in (("invite-next", "--course", "br", "--team", "north"), ("attendance",)):
        path = tmp_path / f"{words[0]}.html"
        assert csc("report", *words, "--html", path, today=END).code == 0
    assert "Bo &lt;Smith&gt;" in (tmp_path / "invite-next.html").read_text()
    assert "people who attended, by month" in (tmp_path / "attendance.html").read_text()


def test_the_page_of_a_report_of_no_period_is_headed_by_its_title_alone(
    csc: Csc, database: str, tmp_path: Path
) -> None:
    path = tmp_path / "compliance.html"
    assert csc("report", "compliance", "--html", path, today=END).code == 0
    assert "<h1>Compliance</h1>" in path.read_text()
    assert "<title>Compliance</title>" in path.read_text()


def test_export_says_which_file_and_how_many_rows(csc: Csc, tmp_path: Path, database: str) -> None:
    builders.person("Bo Smith")
    path = tmp_path / "people.xlsx"
    assert csc("export", "people", "--to", path).json == [{"file": str(path), "rows": 1}]
    assert path.read_bytes().startswith(b"PK")
    again = csc("export", "people", "--to", path)
    assert (again.code, again.out) == (3, "")
    assert "--replace" in again.err
    assert csc("export", "people", "--to", path, "--replace").code == 0


def test_a_hyphen_prints_a_list_of_any_length_with_nothing_a_terminal_obeys(csc: Csc, database: str) -> None:
    for number in range(600):
        builders.person(f"Bo{number} =Smith", job_title="\x1b[2Jclerk")
    shown = csc("export", "people", "--to", "-", form="csv")
    found = list(csv.DictReader(io.StringIO(shown.out)))
    assert len(found) == 600
    assert {each["surname"] for each in found} == {"'=Smith"}
    assert "\x1b" not in shown.out
    assert len(csc("export", "people", "--to", "-").json) == 600
    assert json.loads(csc("export", "marks", "--to", "-").out) == []


def test_a_hyphen_wants_a_format_that_any_program_reads(csc: Csc) -> None:
    shown = csc("export", "people", "--to", "-", form="plain")
    assert (shown.code, shown.out) == (2, "")
    assert "--format csv" in shown.err
