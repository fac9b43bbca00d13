"""help and manual: written by the commands themselves."""

import pytest

from csc_tui.base import glossary
from csc_tui.base.text import LETTERS, status_label
from csc_tui.cli import main, manual
from tests.cli.conftest import Csc


def test_every_command_and_sub_command_has_a_page_that_fits_a_dialog() -> None:
    names = [each.name for each in manual.manual_pages(main.cli)]
    assert names[0] == "csc"
    assert set(main.COMMANDS) <= set(names)
    assert {"people add", "schedule move", "admin roles set"} <= set(names)
    for page in manual.manual_pages(main.cli):
        assert page.summary, page.name
        assert page.text.startswith("Usage: csc"), page.name


def test_a_page_is_what_help_says_on_the_command_itself(csc: Csc) -> None:
    asked = csc("help", "enrol", form="plain").out
    said = csc("enrol", "--help", form="plain").out
    assert asked.split() == said.split()


def test_help_without_a_topic_lists_every_command(csc: Csc) -> None:
    listed = {row["command"]: row["summary"] for row in csc("help").json}
    assert listed["who"].startswith("Find people")
    assert "people leave" in listed


def test_help_explains_a_word(csc: Csc) -> None:
    (offered, *_) = csc("help", "words", "offered").json
    assert offered["word"] == "offered  O"
    assert csc("help", "words", "nonsense").code == 1


def test_help_on_nothing_known_names_what_is_near(csc: Csc) -> None:
    done = csc("help", "people", "remove")
    assert done.code == 1
    assert "people leave" in done.err


def test_help_on_a_slip_of_the_keys_asks_what_was_meant(csc: Csc) -> None:
    done = csc("help", "persom")
    assert (done.code, done.err) == (
        1, "csc: There is no command 'persom'. Did you mean 'person'? csc help lists them all.\n"
    )  # fmt: skip


def test_the_manual_of_a_group_has_all_of_its_commands(csc: Csc) -> None:
    text = csc("manual", "people", form="plain").out
    assert "Usage: csc people add" in text
    assert "Usage: csc people leave" in text
    assert "Usage: csc who" not in text


def test_help_needs_no_database(csc: Csc, tmp_path: object) -> None:
    assert csc("help", "words", db=f"{tmp_path}/none.db").code == 0
    assert csc("manual", db=f"{tmp_path}/none.db").code == 0


@pytest.mark.parametrize("status", LETTERS)
def test_the_glossary_has_every_status_with_its_letter(status: str) -> None:
    assert any(each.word == f"{status_label(status)}  {LETTERS[status]}" for each in glossary.GLOSSARY)


def test_no_word_is_explained_twice() -> None:
    names = [each.word for each in glossary.GLOSSARY]
    assert len(names) == len(set(names))
