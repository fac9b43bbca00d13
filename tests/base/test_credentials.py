"""Passwords come from a file of their own or the keyring, and from nowhere else."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from csc_tui.base import config, credentials
from db.errors import WrongUse
from db.records.calendar import Credentials


def settings(text: str) -> None:
    path = Path(config.settings_path())
    path.parent.mkdir(parents=True)
    path.write_text(text)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("correct horse\n")
    path.chmod(0o600)
    return path


def read(name: str = "caldav") -> Credentials:
    return credentials.load_account(name, credentials.load_section(name, {"url": str}))


def test_the_password_is_the_one_line_of_its_file(secret: Path) -> None:
    settings(f'[caldav]\nuser = "csc"\npassword_file = "{secret}"\nurl = "https://example.org/"\n')
    assert read() == Credentials("csc", "correct horse")


def test_without_a_section_one_is_nobody() -> None:
    assert read() == Credentials()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(secret: Path, mode: int) -> None:
    secret.chmod(mode)
    settings(f'[caldav]\nuser = "csc"\npassword_file = "{secret}"\n')
    with pytest.raises(WrongUse, match="chmod 600"):
        read()


def test_what_is_no_file_with_a_password_is_refused(secret: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "empty").touch(0o600)
    settings("")
    for name in ("pipe", "empty", "nowhere"):
        with pytest.raises(WrongUse, match="password"):
            credentials.load_account("imap", {"user": "csc", "password_file": str(tmp_path / name)})


def test_a_password_in_the_settings_file_is_refused_without_being_shown() -> None:
    settings('[caldav]\npassword = "correct horse"\n')
    with pytest.raises(WrongUse, match="must not be written in") as said:
        read()
    assert "horse" not in str(said.value)


def test_a_key_that_means_nothing_is_named() -> None:
    settings('[caldav]\nusr = "csc"\n')
    with pytest.raises(WrongUse, match="unknown key 'usr'"):
        read()


def test_a_value_of_another_kind_is_named() -> None:
    settings("[caldav]\nuser = 7\n")
    with pytest.raises(WrongUse, match="should be text in quotes, not 7"):
        read()


def test_the_keyring_is_asked_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    fake = SimpleNamespace(get_password=lambda *words: asked.append(words) or "correct horse")
    monkeypatch.setitem(sys.modules, "keyring", fake)
    settings('[imap]\nuser = "csc"\nkeyring = "csc-tui imap"\n')
    assert read("imap") == Credentials("csc", "correct horse")
    assert asked == [("csc-tui imap", "csc")]


def test_a_keyring_that_is_not_installed_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    settings('[imap]\nuser = "csc"\nkeyring = "csc-tui imap"\n')
    with pytest.raises(WrongUse, match="library is not installed"):
        read("imap")
