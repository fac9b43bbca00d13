"""Settings: flag before environment before file before default."""

import os
from pathlib import Path

import pytest

from csc_tui.base import config
from db.errors import WrongUse


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Where the settings file of this test goes."""
    folder = tmp_path / "config" / "csc-tui"
    folder.mkdir(parents=True)
    return folder / "settings.toml"


def test_the_flag_wins_then_the_environment_then_the_file_then_the_default(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert config.database_location(None) == str(tmp_path / "data" / "csc-tui" / "csc.db")
    settings.write_text('db = "/srv/file.db"')
    assert config.database_location(None) == "/srv/file.db"
    monkeypatch.setenv("CSC_DB", "/srv/environment.db")
    assert config.database_location(None) == "/srv/environment.db"
    assert config.database_location("/srv/flag.db") == "/srv/flag.db"
    monkeypatch.setenv("CSC_DB", "")
    assert config.database_location("") == "/srv/file.db"


def test_a_path_may_be_relative_or_from_home_and_an_address_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    assert config.database_location("~/csc.db") == "/home/alice/csc.db"
    assert config.database_location("csc.db") == os.path.join(os.getcwd(), "csc.db")
    assert config.database_location("postgresql://host/csc") == "postgresql://host/csc"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("db = ", "cannot be read"),
        ("database = 'x'", "has an unknown key 'database'. The keys are: db, theme, plain, keys"),
        ("db = 5", "'db' should be text in quotes, not 5"),
        ("keys = 'x'", "'keys' should be a table, not 'x'"),
        ("plain = 'yes'", "'plain' should be true or false, not 'yes'"),
    ],
)
def test_a_fault_in_the_file_names_the_file_and_the_key(settings: Path, text: str, sentence: str) -> None:
    settings.write_text(text)
    with pytest.raises(WrongUse) as problem:
        config.load_settings()
    assert str(settings) in str(problem.value)
    assert sentence in str(problem.value)


def test_a_file_that_is_no_text_or_no_file_is_said(settings: Path) -> None:
    settings.write_bytes(b"\xff\xfe")
    with pytest.raises(WrongUse, match="cannot be read"):
        config.load_settings()
    settings.unlink()
    settings.mkdir()
    with pytest.raises(WrongUse, match="cannot be read"):
        config.load_settings()


def test_no_file_is_no_fault_and_what_is_known_is_read(settings: Path) -> None:
    assert config.load_settings() == {}
    settings.write_text('theme = "nord"\n[keys]\n"roster.cancel" = "y"')
    assert config.load_settings() == {"theme": "nord", "keys": {"roster.cancel": "y"}}


def test_who_acts_is_the_flag_or_the_account_and_never_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    account = config.current_actor(None)
    for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "mallory")
    assert config.current_actor(None) == account
    assert config.current_actor("") == account
    assert config.current_actor("alice") == "alice"
