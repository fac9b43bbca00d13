"""The public programme: dates and places of what is not a draft, and nothing about people."""

import re
from pathlib import Path

import pytest

from csc_tui.base.context import Context
from csc_tui.core.catalogue import resources
from csc_tui.core.publication import web_page
from db.errors import Duplicate, WrongUse
from db.records.catalogue import ResourceKind
from db.records.remedies import Remedy, RemedyKind
from tests import builders


@pytest.fixture
def page(ctx: Context, tmp_path: Path) -> str:
    trainer = builders.person("Tina Trainer", email="tina@example.org")
    builders.event("BR-90", dates=("2017-06-12", None), venue="Town Hall", room="Blue", facilitators=[trainer],
                   title="Being <b>Restorative</b>")  # fmt: skip
    builders.booked(builders.event("BR-91", dates=("2018-03-31",), state="confirmed"), "Bo Smith")
    builders.event("BR-92", dates=("2018-04-01",))
    builders.event("BR-93", state="draft")
    builders.event("BR-94", state="cancelled")
    builders.event("BR-95", dates=(None,))
    builders.event("BR-96", dates=("2016-06-12", None))
    resources.add_resource(ctx, resources.NewResource("A link", ResourceKind.LINK, "www.example.org", course="BR"))
    resources.add_resource(
        ctx, resources.NewResource("A file of ours", ResourceKind.DOCUMENT, "/srv/handbook.pdf", course="BR")
    )
    web_page.write_programme_page(ctx, str(tmp_path / "programme.html"))
    return (tmp_path / "programme.html").read_text()


def test_events_of_the_year_are_there_and_drafts_are_not(page: str) -> None:
    assert set(re.findall(r"BR-9\d", page)) == {"BR-90", "BR-91", "BR-95"}
    assert "Mon 12 Jun 2017" in page
    assert "09:30 to 12:30" in page
    assert "Blue, Town Hall" in page
    assert page.count("to be confirmed") == 2
    assert "programme 2017/18" in page


def test_nothing_about_any_person_is_there(page: str) -> None:
    assert not re.search(r"Tina|tina@|Bo Smith", page)


def test_the_page_stands_alone_and_stored_text_is_only_text(page: str) -> None:
    assert "&lt;b&gt;Restorative" in page
    assert not re.search(r"<(script|img|link|iframe)|\bsrc=|@import|url\(", page)
    assert '<a href="https://www.example.org"' in page
    assert "/srv/handbook.pdf" not in page


def test_a_year_without_dates_says_so(ctx: Context, tmp_path: Path) -> None:
    found = web_page.write_programme_page(ctx, str(tmp_path / "page.html"), year="2019/20")
    assert found.sessions == []
    assert "in the coming weeks" in (tmp_path / "page.html").read_text()


def test_a_page_that_is_there_stays_unless_it_is_said(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("mine")
    with pytest.raises(Duplicate) as refused:
        web_page.write_programme_page(ctx, str(path))
    assert refused.value.remedy == Remedy(RemedyKind.REPLACE_FILE)
    with pytest.raises(WrongUse, match="not one year"):
        web_page.write_programme_page(ctx, str(path), year="2017/19", replace=True)
    assert path.read_text() == "mine"
    web_page.write_programme_page(ctx, str(path), replace=True)
    assert path.read_text().startswith("<!doctype html>")
