"""csc outbox and csc template, as scripts and people use them."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from csc_tui.base import bootstrap
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.mail import delivery
from tests import builders
from tests.cli.conftest import Csc
from tests.core.mail.mailroom import mailroom


@pytest.fixture
def booked(location: str) -> None:
    """Ann Smith and Bo_B Young, booked this morning on BR-90; Cy Jones waits."""
    ctx = bootstrap.create_context(location, actor="alice", today="2017-04-10T09:00")
    builders.event(capacity=2, venue="Grimsby Town Hall")
    for name, email in (("Ann Smith", "ann_smith@example.org"), ("Bo_B Young", "bo@example.org"),
                        ("Cy Jones", "cy@example.org")):  # fmt: skip
        builders.person(name, email=email)
    booking_actions.enrol_people(ctx, "BR-90", ["ann_smith@example.org", "bo@example.org", "cy@example.org"])


def settings(text: str) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "csc-tui"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(text)


def test_the_list_has_the_columns_of_the_contract(csc: Csc, booked: None) -> None:
    done = csc("outbox", "list", "--kind", "confirmation")
    assert done.code == 0
    first = done.json[0]
    assert list(first)[:6] == ["id", "to", "subject", "event", "kind", "state"]
    assert (first["to"], first["event"], first["state"]) == ("Ann Smith <ann_smith@example.org>", "BR-90", "waiting")
    assert first["subject"] == "You have a place: Being Restorative, Mon 12 Jun 2017"


def test_a_table_names_people_as_they_are_called(csc: Csc, booked: None) -> None:
    out = csc("outbox", "list", form="table").out
    assert "Bo_B Young" in out
    assert "waiting list" in out


def test_nothing_due_is_said_and_is_1(csc: Csc) -> None:
    done = csc("outbox", "list", form="plain")
    assert (done.code, done.out, done.err) == (1, "", "Nothing is due.\n")
    assert csc("outbox", "list").json == []
    assert csc("outbox", "list", "--made", form="table").err == "Nothing has been sent yet.\n"
    assert csc("outbox", "write", "--to", "/tmp/nowhere", form="plain").err == "No message is due.\n"
    assert not os.path.exists("/tmp/nowhere")


def test_a_message_is_shown_whole(csc: Csc, booked: None) -> None:
    code = csc("outbox", "list", "--kind", "waiting_list").json[0]["id"]
    card = csc("outbox", "show", code).json
    assert (card["to"], card["kind"]) == ("Cy Jones <cy@example.org>", "waiting_list")
    plain = csc("outbox", "show", code.upper(), form="plain").out
    assert "\n\nDear Cy,\n\nBeing Restorative (BR-90) is full at the moment" in plain
    assert csc("outbox", "show", "m1").code == 1


def test_what_is_written_is_listed_as_made(csc: Csc, booked: None, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    dry = csc("outbox", "write", "--to", folder, "--dry-run")
    assert len(dry.json) == 5
    assert not folder.exists()
    done = csc("outbox", "write", "--to", folder, "--event", "BR-90")
    assert [each["kind"] for each in done.json].count("invitation") == 2
    assert f"5 messages are in {folder}." in done.err
    assert sorted({Path(name).suffix for name in os.listdir(folder)}) == [".eml", ".ics"]
    assert all(stat.S_IMODE((folder / name).stat().st_mode) == 0o600 for name in os.listdir(folder))
    assert csc("outbox", "list").json == []
    assert {each["state"] for each in csc("outbox", "list", "--made").json} == {"written"}
    assert len(csc("outbox", "list", "--state", "written").json) == 5


def test_it_is_said_what_is_to_be_forgotten(csc: Csc, booked: None) -> None:
    assert csc("outbox", "forget").code == 2
    assert len(csc("outbox", "forget", "--all", "--dry-run").json) == 5
    done = csc("outbox", "forget", "--kind", "confirmation")
    assert [each["event"] for each in done.json] == ["BR-90", "BR-90"]
    assert {each["kind"] for each in csc("outbox", "list").json} == {"invitation", "waiting_list"}
    assert csc("outbox", "forget", "m1").code == 1


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("outbox", "send"), 2, "No mail server is set up"),
        (("outbox", "send", "--again", "m1", "--event", "BR-90"), 2, "Use --again on its own"),
        (("outbox", "list", "--kind", "letter"), 2, "'letter' is not one of"),
        (("outbox", "list", "--event", "NOPE-1"), 1, "There is no event NOPE-1"),
        (("outbox", "write"), 2, "Missing option '--to'"),
        (("template", "set", "offer"), 2, "Say what to change"),
        (("template", "set", "offer", "--file", "/nowhere"), 2, "/nowhere cannot be read"),
        (("template", "set", "offer", "--subject", "{x}"), 2, "message"),
        (("template", "reset", "offer"), 1, "the standard text"),
        (("template", "preview", "offer"), 1, "A preview needs an event"),
    ],
)
def test_wrong_use_gets_a_sentence(csc: Csc, words: tuple[str, ...], code: int, sentence: str) -> None:
    done = csc(*words)
    assert (done.code, sentence in done.err) == (code, True), done.err


def test_sending_from_the_command_line(csc: Csc, booked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "PAUSES", (0.01, 0.01))  # a server that is gone is asked three times all the same
    with mailroom() as (room, port):
        settings(f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nper_minute = 0')
        assert csc("outbox", "send", "--check").err.endswith("Nothing was sent.\n")
        dry = csc("outbox", "send", "--dry-run", "--kind", "confirmation")
        assert (len(dry.json), len(room.arrived)) == (2, 0)
        done = csc("outbox", "send", "--kind", "confirmation", "--at-most", "1")
        assert (done.code, len(done.json), done.err) == (0, 1, "1 message sent.\n")
        assert csc("outbox", "send", done.json[0]["id"]).code == 3
        assert csc("outbox", "send", "--again", done.json[0]["id"]).code == 0
        assert room.recipients == ["ann_smith@example.org"] * 2
        assert csc("outbox", "send").code == 0
        assert len(room.arrived) == 6
    refused = csc("outbox", "send", "--again", done.json[0]["id"])
    assert (refused.code, "did not work as expected" in refused.err) == (5, True)


def test_ctrl_c_finishes_what_is_under_way_and_is_130(location: str, booked: None) -> None:
    with mailroom() as (room, port):
        settings(f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nper_minute = 0')
        started: list[subprocess.Popen[str]] = []

        def interrupt(number: int) -> None:
            if number == 1:
                started[0].send_signal(signal.SIGINT)

        room.on_data = interrupt
        words = ["--db", location, "--today", "2017-04-10T09:00", "--as", "alice", "--format", "json", "outbox", "send"]
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", "from csc_tui.cli.entry import main; main()", *words], cwd=builders.ROOT,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        out, err = started[0].communicate(timeout=60)
        assert started[0].returncode == 130, err
        assert "Stopped. " in err
        assert "Traceback" not in err
        assert len(json.loads(out)) == len(room.arrived) < 5


def test_words_are_shown_changed_and_given_back(csc: Csc, booked: None, tmp_path: Path) -> None:
    assert len(csc("template", "list").json) == 16
    shown = csc("template", "show", "offer").json
    assert {"placeholder": "until", "meaning": "when the offer of the place ends"} in shown["placeholders"]
    words = tmp_path / "words.txt"
    words.write_text("Dear {forename},\n\nhello.\n")
    assert csc("template", "set", "confirmation", "--file", words, "--dry-run").code == 0
    assert csc("template", "show", "confirmation").json["edited_by"] == ""
    assert csc("template", "set", "confirmation", "--file", words, "--subject", "Hello {forename}").code == 0
    assert csc("template", "set", "confirmation", "--file", "-", stdin="Dear {name},\n\nhi.").code == 0
    looked = csc("template", "preview", "confirmation", form="plain")
    assert looked.out == "To: Ann Smith <ann_smith@example.org>\nSubject: Hello Ann\n\nDear Ann Smith,\n\nhi.\n"
    assert csc("template", "show", "confirmation").json["edited_by"] == "alice"
    assert csc("template", "reset", "confirmation").json["edited_by"] == ""
    assert csc("template", "set", "offer", "--file", "-", stdin=b"\xff\xfe").code == 2


def test_every_command_explains_itself(csc: Csc) -> None:
    for words in (("outbox",), ("outbox", "send"), ("outbox", "write"), ("template",), ("template", "set")):
        assert len(csc(*words, "--help").out) > 80
