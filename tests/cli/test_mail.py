"""`invite` and `feed` as a coordinator types them."""

import json
import os
from pathlib import Path

import pytest

from tests.builders import booked, csc, event, person


@pytest.fixture
def ann(database):
    """Booked on both sessions of BR-90."""
    return booked(event(dates=("2017-06-12", "2017-07-18"), facilitators=[person("Tim Trainer")]), "Ann Smith")[0]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_invite_prints_what_it_wrote_and_says_why(location, ann, out):
    done = csc(location, "invite", "BR-90", "--to", out)
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


def test_invite_with_nothing_due_is_no_failure(location, ann, out):
    csc(location, "invite", "BR-90", "--to", out)
    again = csc(location, "invite", "BR-90", "--to", out)
    assert (again.returncode, json.loads(again.stdout), again.stderr) == (0, [], "No invitation is due.\n")
    plain = csc(location, "invite", "BR-90", "--to", out, form="plain")
    assert (plain.returncode, plain.stdout) == (0, "")


def test_invite_takes_all_its_options(location, ann, out):
    dry = csc(location, "invite", "BR-90", "--to", out, "--dry-run")
    assert (len(json.loads(dry.stdout)), out.exists()) == (2, False)
    assert "would be" in dry.stderr
    one = csc(location, "invite", "br-90", "--to", out, "--session", 2, "--person", "Ann Smith", "--eml")
    assert [Path(row["file"]).suffix for row in json.loads(one.stdout)] == [".eml"]
    assert len(json.loads(csc(location, "invite", "BR-90", "--to", out, "--facilitators").stdout)) == 2
    assert len(json.loads(csc(location, "invite", "BR-90", "--to", out, "--again").stdout)) == 2


def test_invite_names_whom_it_could_not_reach(location, database, out):
    booked(event(), "Bo")
    from db import models
    from db.engine.connection import write_transaction

    with write_transaction():
        models.PersonRow.update(email="bo at home").execute()
    done = csc(location, "invite", "BR-90", "--to", out)
    assert "Bo was not invited: mail cannot be sent to 'bo at home'" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("BR-99",), 1, "no event BR-99"),
        (("BR-90", "--session", "9"), 1, "no session 9"),
        (("BR-90", "--person", "nobody at all"), 1, "Nobody is found"),
    ],
)
def test_invite_says_what_is_not_there(location, ann, out, words, code, says):
    done = csc(location, "invite", *words, "--to", out)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert not out.exists()


def test_invite_says_why_it_cannot_write(location, ann, tmp_path):
    (tmp_path / "notes").write_text("mine")
    for folder, code in ((tmp_path / "nowhere" / "out", 2), (tmp_path / "notes", 2)):
        done = csc(location, "invite", "BR-90", "--to", folder)
        assert done.returncode == code
        assert "Nothing was written" in done.stderr
        assert "Traceback" not in done.stderr
    assert len(json.loads(csc(location, "invite", "BR-90", "--to", tmp_path / "out", "--dry-run").stdout)) == 2
    assert csc(location, "invite", "BR-90").returncode == 2


def test_feed_writes_one_calendar_and_counts_it(location, ann, tmp_path):
    path = tmp_path / "feed.ics"
    for _ in range(2):
        done = csc(location, "feed", "--year", "2017/18", "--course", "BR", "--to", path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", f"2 sessions in {path}.\n")
    assert path.read_bytes().count(b"BEGIN:VEVENT") == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--strand", "XX"), 1, "SOS (Signs of Safety)"),
        (("--course", "XX"), 1, "BR"),
        (("--venue", "nowhere"), 1, "none yet"),
        (("--facilitator", "nobody at all"), 1, "Nobody is found"),
        (("--year", "17/18"), 2, "2017/18"),
    ],
)
def test_feed_says_what_is_not_there_and_what_is(location, ann, tmp_path, words, code, says):
    done = csc(location, "feed", *words, "--to", tmp_path / "feed.ics")
    assert done.returncode == code
    assert says in done.stderr
    assert not (tmp_path / "feed.ics").exists()


def test_feed_leaves_another_file_alone(location, ann, tmp_path):
    (tmp_path / "notes").write_text("mine")
    done = csc(location, "feed", "--to", tmp_path / "notes")
    assert (done.returncode, (tmp_path / "notes").read_text()) == (3, "mine")
