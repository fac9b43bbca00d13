"""Lists as files: whole, private, from one moment, and able to come back by an import."""

import csv
import json
import os
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.people import people_import
from csc_tui.core.reports import list_files
from db import models
from db.engine.connection import write_transaction
from db.errors import Duplicate, WrongUse
from db.records.booking import Status
from db.records.remedies import Remedy, RemedyKind
from exports.workbooks import WorkbookTooLarge
from tests import builders


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def story(ctx: Context) -> None:
    on = builders.event("BR-90", capacity=1, dates=("2017-06-12", None), venue="Town Hall", room="Blue", facilitators=(
        builders.person("Tina Trainer", email="tina@example.org", is_facilitator=True),))  # fmt: skip
    bo = builders.person("=Bo Smith", email="bo@example.org", organisation="Police", phone="+44 1472", team="North",
                         dietary="Halal")  # fmt: skip
    builders.enrolment(on, bo)
    builders.enrolment(on, builders.person("Cy Jones", email="cy@example.org"), Status.WAITLISTED)
    builders.mark(on, 1, bo, "late", minutes=100)


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_people_and_sessions_that_were_exported_are_the_same_when_imported(
    ctx: Context, tmp_path: Path, ending: str
) -> None:
    for kind, take in (("people", people_import.import_people), ("sessions", imports_actions.import_programme)):
        path = tmp_path / f"{kind}.{ending}"
        number = list_files.export_list(ctx, kind, str(path), needs=True)
        report = take(ctx, imports_actions.load_table(str(path)), mapping={})
        assert (report.rows, report.new, report.changed, report.rejected, report.problems) == (number, 0, 0, 0, [])


@pytest.mark.usefixtures("story")
def test_every_kind_says_what_the_database_holds(ctx: Context, tmp_path: Path) -> None:
    found = {}
    for kind in list_files.LIST_KINDS:
        list_files.export_list(ctx, kind, str(tmp_path / f"{kind}.csv"))
        found[kind] = rows(tmp_path / f"{kind}.csv")
    bo = next(each for each in found["people"] if each["email"] == "bo@example.org")
    assert (bo["forename"], bo["phone"], bo["team"], bo["manager"]) == ("'=Bo", "'+44 1472", "North", "no")
    assert bo["person"].startswith("#")
    assert [(each["event"], each["free"], each["waiting"]) for each in found["events"]] == [("BR-90", "0", "1")]
    assert [(each["date"], each["room"], each["facilitators"]) for each in found["sessions"]] == [
        ("2017-06-12", "Blue", "tina@example.org"), ("", "Blue", "tina@example.org"),
    ]  # fmt: skip
    assert [(each["status"], each["since"]) for each in found["enrolments"]] == [
        ("booked", "2017-04-03 09:00"), ("waitlisted", "2017-04-03 09:00"),
    ]  # fmt: skip
    assert [(each["person"], each["mark"], each["minutes"]) for each in found["marks"]] == [
        (bo["person"], "late", "100")
    ]


@pytest.mark.usefixtures("story")
def test_needs_go_along_only_when_they_are_asked_for(ctx: Context, tmp_path: Path) -> None:
    list_files.export_list(ctx, "people", str(tmp_path / "plain.json"))
    list_files.export_list(ctx, "people", str(tmp_path / "needs.json"), needs=True)
    assert "Halal" not in (tmp_path / "plain.json").read_text()
    assert "Halal" in [each["dietary"] for each in json.loads((tmp_path / "needs.json").read_text())]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_a_file_is_for_its_owner_alone_and_is_replaced_only_when_that_is_said(
    ctx: Context, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"people.{ending}"
    path.write_text("mine")
    path.chmod(0o644)
    with pytest.raises(Duplicate) as refused:
        list_files.export_list(ctx, "people", str(path))
    assert refused.value.remedy == Remedy(RemedyKind.REPLACE_FILE)
    assert path.read_text() == "mine"
    list_files.export_list(ctx, "people", str(path), replace=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() != b"mine"
    assert [each for each in os.listdir(tmp_path) if each.endswith(".part")] == []


def test_a_link_is_never_followed(ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "target.csv").write_text("mine")
    (tmp_path / "people.csv").symlink_to(tmp_path / "target.csv")
    with pytest.raises(WrongUse, match="is a link"):
        list_files.export_list(ctx, "people", str(tmp_path / "people.csv"), replace=True)
    assert (tmp_path / "target.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "said"), [("people.txt", "end it with"), ("nowhere/people.csv", "no such file or folder")]
)
def test_a_file_that_cannot_be_is_a_sentence(ctx: Context, tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        list_files.export_list(ctx, "people", str(tmp_path / name))
    assert not (tmp_path / name).exists()


@pytest.mark.usefixtures("story")
def test_nothing_is_left_of_an_export_that_failed_halfway(ctx: Context, tmp_path: Path) -> None:
    with write_transaction():
        models.EventRow.update(notes="x" * 40_000).execute()
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(WorkbookTooLarge):
        list_files.export_list(ctx, "events", str(tmp_path / "events.xlsx"))
    assert sorted(os.listdir(tmp_path)) == before
