"""invite, feed, reply and rsvp as a coordinator types them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base import config
from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from tests.builders import booked, csc_here, event, person
from tests.cli.conftest import Csc
from tests.core.mail.test_replies import answer
from tests.servers.mailboxes import CERTIFICATE, PASSWORD, USER, MailServer, mail_server


@pytest.fixture
def ann(database: str) -> Any:
    """Booked on both sessions of BR-90."""
    return booked(event(dates=("2017-06-12", "2017-07-18"), facilitators=[person("Tim Trainer")]), "Ann Smith")[0]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_invite_prints_what_it_wrote_and_says_why(location: str, ann: Any, out: Path) -> None:
    done = csc_here(location, "invite", "BR-90", "--to", out)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        {
            "person": ann.key, "session": number, "method": "REQUEST", "sequence": 0,
            "file": str(out / f"BR-90-session-{number}-ann-smith-{ann.id}-request-0.ics"),
        }
        for number in (1, 2)
    ]  # fmt: skip
    assert done.stderr == f"2 invitations are in {out}: new booking (2).\n"
    assert sorted(os.listdir(out)) == [Path(row["file"]).name for row in json.loads(done.stdout)]


def test_invite_with_nothing_due_is_no_failure(location: str, ann: Any, out: Path) -> None:
    csc_here(location, "invite", "BR-90", "--to", out)
    again = csc_here(location, "invite", "BR-90", "--to", out)
    assert (again.returncode, json.loads(again.stdout), again.stderr) == (0, [], "No invitation is due.\n")
    plain = csc_here(location, "invite", "BR-90", "--to", out, form="plain")
    assert (plain.returncode, plain.stdout) == (0, "")


def test_invite_takes_all_its_options(location: str, ann: Any, out: Path) -> None:
    dry = csc_here(location, "invite", "BR-90", "--to", out, "--dry-run")
    assert (len(json.loads(dry.stdout)), out.exists()) == (2, False)
    assert "would be" in dry.stderr
    one = csc_here(location, "invite", "br-90", "--to", out, "--session", 2, "--person", "Ann Smith", "--eml")
    assert [Path(row["file"]).suffix for row in json.loads(one.stdout)] == [".eml"]
    assert len(json.loads(csc_here(location, "invite", "BR-90", "--to", out, "--facilitators").stdout)) == 2
    assert len(json.loads(csc_here(location, "invite", "BR-90", "--to", out, "--again").stdout)) == 2


def test_invite_names_whom_it_could_not_reach(location: str, database: str, out: Path) -> None:
    booked(event(), "Bo")
    from db import models
    from db.engine.connection import write_transaction

    with write_transaction():
        models.PersonRow.update(email="bo at home").execute()
    done = csc_here(location, "invite", "BR-90", "--to", out)
    assert "Bo was not invited: 'bo at home'" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("BR-99",), 1, "no event BR-99"),
        (("BR-90", "--session", "9"), 1, "no session 9"),
        (("BR-90", "--person", "nobody at all"), 1, "No match for"),
    ],
)
def test_invite_says_what_is_not_there(
    location: str, ann: Any, out: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    done = csc_here(location, "invite", *words, "--to", out)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert not out.exists()


def test_invite_says_why_it_cannot_write(location: str, ann: Any, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    for folder, code in ((tmp_path / "nowhere" / "out", 2), (tmp_path / "notes", 2)):
        done = csc_here(location, "invite", "BR-90", "--to", folder)
        assert done.returncode == code
        assert "Nothing was written" in done.stderr
        assert "Traceback" not in done.stderr
    assert len(json.loads(csc_here(location, "invite", "BR-90", "--to", tmp_path / "out", "--dry-run").stdout)) == 2
    assert csc_here(location, "invite", "BR-90").returncode == 2


def test_feed_writes_one_calendar_and_counts_it(location: str, ann: Any, tmp_path: Path) -> None:
    path = tmp_path / "feed.ics"
    for _ in range(2):
        done = csc_here(location, "feed", "--year", "2017/18", "--course", "BR", "--to", path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", f"2 sessions in {path}.\n")
    assert path.read_bytes().count(b"BEGIN:VEVENT") == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--strand", "XX"), 1, "SOS (Signs of Safety)"),
        (("--course", "XX"), 1, "BR"),
        (("--venue", "nowhere"), 1, "none yet"),
        (("--facilitator", "nobody at all"), 1, "No match for"),
        (("--year", "17/18"), 2, "2017/18"),
    ],
)
def test_feed_says_what_is_not_there_and_what_is(
    location: str, ann: Any, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    done = csc_here(location, "feed", *words, "--to", tmp_path / "feed.ics")
    assert done.returncode == code
    assert says in done.stderr
    assert not (tmp_path / "feed.ics").exists()


def test_feed_leaves_another_file_alone(location: str, ann: Any, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    done = csc_here(location, "feed", "--to", tmp_path / "notes")
    assert (done.returncode, (tmp_path / "notes").read_text()) == (3, "mine")


@pytest.fixture
def file(ctx: Context, csc: Any, tmp_path: Path) -> Path:
    """Ann's invitation to the one session of BR-90."""
    booked(event(), "Ann Smith")
    return Path(csc("invite", "BR-90", "--to", tmp_path / "out").json[0]["file"])


def address(ctx: Context) -> str:
    return people_queries.get_person_card(ctx, "Ann Smith").person.email


def test_an_answer_from_a_file_and_the_same_again(csc: Csc, ctx: Context, file: Path, tmp_path: Path) -> None:
    (tmp_path / "reply.ics").write_bytes(answer(file, "ACCEPTED"))
    done = csc("reply", tmp_path / "reply.ics")
    (row,) = done.json
    assert list(row)[:5] == ["person", "event", "session", "partstat", "outcome"]
    assert (row["event"], row["session"], row["partstat"], row["outcome"]) == ("BR-90", 1, "ACCEPTED", "recorded")
    assert done.code == 0
    assert done.err == "1 reply: 1 recorded.\n"
    assert csc("reply", tmp_path / "reply.ics").json[0]["outcome"] == "already known"
    assert csc("person", "Ann Smith").json["invitations"][0]["partstat"] == "ACCEPTED"


def test_a_decline_says_how_the_place_is_given_up_and_is_listed(csc: Csc, ctx: Context, file: Path) -> None:
    done = csc("reply", "-", stdin=answer(file, "DECLINED"))
    ann = people_queries.get_person_card(ctx, "Ann Smith").person
    assert f"csc cancel BR-90 '{ann.key}' --reason TEXT" in done.err
    (row,) = csc("reply", "--declined").json
    assert (row["event"], row["name"], row["since"]) == ("BR-90", "Ann Smith", "2017-04-11 09:00:00")
    assert csc("event", "BR-90").json["booked"] == 1


def test_a_dry_run_changes_nothing(csc: Csc, file: Path) -> None:
    assert csc("reply", "-", "--dry-run", stdin=answer(file, "DECLINED")).json[0]["outcome"] == "recorded"
    assert csc("reply", "--declined").json == []


def test_a_maildir_with_other_mail(csc: Csc, ctx: Context, file: Path, tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    head = f"From: {address(ctx)}\nContent-Type: text/calendar; method=REPLY\n\n".encode()
    (tmp_path / "mail" / "new" / "1").write_bytes(head + answer(file, "TENTATIVE"))
    (tmp_path / "mail" / "cur" / "2:2,S").write_bytes(b"Subject: lunch?\n\nToday?")
    done = csc("reply", tmp_path / "mail")
    assert [each["outcome"] for each in done.json] == ["recorded"]
    assert done.err == "1 reply: 1 recorded. 1 other message ignored.\n"


def test_a_mailbox_without_any_answer_is_nothing_found(csc: Csc, file: Path, tmp_path: Path) -> None:
    (tmp_path / "mbox").write_bytes(b"From a Mon\nSubject: lunch?\n\nToday?\n")
    done = csc("reply", tmp_path / "mbox")
    assert (done.code, done.json) == (1, [])


@pytest.mark.parametrize("path", ["nowhere.ics", "/dev/null"])
def test_a_file_that_is_not_there_is_said(csc: Csc, file: Path, path: str) -> None:
    done = csc("reply", path)
    assert done.code == 2
    assert done.err.endswith("Nothing was changed.\n")
    assert done.out == ""


def test_without_a_file_it_says_what_is_missing(csc: Csc, file: Path) -> None:
    done = csc("reply")
    assert done.code == 2
    assert "Give a FILE to read, or --imap, or --declined" in done.err


def test_nothing_hostile_reaches_the_terminal(csc: Csc, file: Path) -> None:
    data = answer(file, "DECLINED", uid="x\x1b[2J", address="mailto:a\x9b31m@b.org")
    done = csc("reply", "-", form="plain", stdin=data)
    assert "\x1b" not in done.out + done.err
    assert "\x9b" not in done.out + done.err


def settings(text: str) -> None:
    path = Path(config.settings_path())
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_a_folder_on_a_mail_server(csc: Csc, ctx: Context, file: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(PASSWORD)
    (tmp_path / "secret").chmod(0o600)
    head = f"From: {address(ctx)}\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n".encode()
    reply = head + answer(file, "ACCEPTED")
    with mail_server(MailServer({"INBOX": [b"Subject: lunch?\r\n\r\n", reply]})) as server:
        settings(
            f'[imap]\nhost = "localhost"\nport = {server.port}\nuser = "{USER}"\n'
            f'password_file = "{tmp_path / "secret"}"\nauthorities = "{CERTIFICATE}"\n'
        )
        done = csc("reply", "--imap", "--days", 9)
        assert [each["outcome"] for each in done.json] == ["recorded"]
        assert done.err == "1 reply: 1 recorded. 1 other message ignored.\n"
        assert "UID SEARCH SINCE 1-Apr-2017" in server.asked
    gone = csc("reply", "--imap")
    assert (gone.code, gone.out) == (5, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No mail server is set up"),
        ('[imap]\nhost = "x"\nsecurity = "none"\n', "security in [imap] is tls or starttls"),
    ],
)
def test_what_is_missing_in_the_settings_is_said(csc: Csc, database: str, text: str, said: str) -> None:
    settings(text)
    done = csc("reply", "--imap")
    assert done.code == 2
    assert said in done.err


def test_what_was_said_on_the_telephone(csc: Csc, ctx: Context, file: Path) -> None:
    ann = people_queries.get_person_card(ctx, "Ann Smith").person.key
    assert (
        csc("rsvp", "br-90", "Ann Smith", "declined", "--dry-run").err == "This was a dry run: nothing was changed.\n"
    )
    assert csc("person", "Ann Smith").json["invitations"][0]["partstat"] == "NEEDS-ACTION"
    done = csc("rsvp", "br-90", "Ann Smith", "DECLINED")
    assert done.json == [
        {"person": ann, "name": "Ann Smith", "event": "BR-90", "session": 1, "before": "needs action",
         "after": "declined"}
    ]  # fmt: skip
    assert done.err == f"Ann Smith still has the place. To cancel it: csc cancel BR-90 '{ann}' --reason TEXT.\n"
    assert csc("roster", "BR-90").json[0]["reply"] == "declined"
    assert [each["name"] for each in csc("reply", "--declined").json] == ["Ann Smith"]


def test_an_answer_to_what_was_never_sent_is_refused(csc: Csc, ctx: Context) -> None:
    booked(event(), "Ann Smith")
    done = csc("rsvp", "BR-90", "Ann Smith", "accepted")
    assert (done.code, "no invitation to BR-90 to reply to" in done.err) == (3, True)
    assert csc("rsvp", "BR-90", "Ann Smith", "perhaps").code == 2


def test_a_mail_from_another_address_says_what_to_do(csc: Csc, ctx: Context, file: Path) -> None:
    ann = people_queries.get_person_card(ctx, "Ann Smith").person
    head = b"From: Eve <eve@example.org>\nContent-Type: text/calendar\n\n"
    done = csc("reply", "-", stdin=head + answer(file, "DECLINED"))
    (row,) = done.json
    assert (row["outcome"], row["answered_by"]) == ("sent from another address", "eve@example.org")
    assert "declined, sent from another address (eve@example.org). Nothing was recorded." in done.err
    assert f"csc rsvp BR-90 '{ann.key}' ANSWER --session 1" in done.err
    (line,) = [each for each in csc("today").json if each["kind"] == "answer"]
    assert line["what"] == "Ann Smith, session 1, Mon 12 Jun 2017: declined, sent from another address"
    csc("rsvp", "BR-90", ann.key, "declined", "--session", "1")
    assert [each["kind"] for each in csc("today").json if each["name"] == "Ann Smith"] == ["declined"]
