"""The same program on PostgreSQL, where CSC_TEST_SERVER names a server that lets databases be made and dropped."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from csc_tui import bootstrap
from csc_tui.services import enrolling, evaluating, mailing, outbox, reporting, sending, upkeep
from csc_tui.services.outbox import Choice
from db import connection, messages, migrate
from db.records import Event, MessageKind, Person, Stage
from exports.smtp import Security, Server
from tests import builders
from tests.builders import csc
from tests.journeys.test_seats_under_load import PROCESSES, all_at_once
from tests.services.mailroom import mailroom

SERVER = os.environ.get("CSC_TEST_SERVER", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="CSC_TEST_SERVER names no server")


@pytest.fixture
def address() -> Iterator[str]:
    """A new empty database, ordered as English is and not byte by byte."""
    import psycopg

    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS csc_test WITH (FORCE)")
        server.execute("CREATE DATABASE csc_test TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-GB'")
        yield f"{SERVER}/csc_test"
        server.execute("DROP DATABASE csc_test WITH (FORCE)")


def test_a_database_is_made_once_and_every_check_is_ok(address: str) -> None:
    assert "There is no database" in csc(address, "who", "smith").stderr
    assert csc(address, "admin", "init").returncode == 0
    assert csc(address, "admin", "init").returncode == 3
    assert csc(address, "who", "smith").returncode == 1
    done = csc(address, "admin", "check")
    assert (done.returncode, {row["result"] for row in json.loads(done.stdout)}) == (0, {"ok"})
    assert "up to date already" in csc(address, "admin", "upgrade").stderr


def test_backups_are_the_servers_business(address: str) -> None:
    csc(address, "admin", "init")
    for words, tool in (("backup b.db", "pg_dump"), ("restore b.db", "pg_restore")):
        done = csc(address, "admin", *words.split())
        assert done.returncode == 3
        assert tool in done.stderr


def test_the_migrated_tables_have_the_checks_and_the_partial_indexes(address: str) -> None:
    migrate.create(address)
    with connection.reading():
        found = connection.database.execute_sql(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'enrolment_one_live'"
            " UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'event'::regclass"
        ).fetchall()
    told = " ".join(text for (text,) in found)
    assert "WHERE (status >= 40)" in told
    assert "CHECK ((capacity >= 0))" in told


@pytest.fixture
def last_place(address: str) -> Event:
    upkeep.initialise(address, actor="alice", today="2017-04-10T09:00")
    event = builders.event("BR-90", capacity=3)
    builders.booked(event, "Ann Early", "Ben Early")
    return event


def test_one_of_eight_gets_the_last_place(address: str, last_place: Event) -> None:
    people: list[Person] = [builders.person(f"Person Number{number}") for number in range(PROCESSES)]
    assert all_at_once(address, "ours", people) == {"booked": 1, "waitlisted": PROCESSES - 1}
    bootstrap.bind(address)
    assert {each.result for each in upkeep.check(address, actor="alice", today=None)} == {"ok"}


def test_every_report_is_read_and_a_form_is_typed_in(address: str, last_place: Event) -> None:
    who = builders.person("Cy Young", organisation="Police", team="North")
    ctx = bootstrap.start(address, actor="alice", today="2017-06-13T09:00")
    builders.mark(last_place, 1, who)
    evaluating.paper(ctx, "BR-90", Stage.ON_THE_DAY, {1: "yes", 2: "4"})
    for name in reporting.REPORTS:
        for year in ("", "all"):
            found = reporting.report(ctx, name, year=year)
            assert all(len(row) == len(found.columns) for row in found.rows)
    for name in reporting.TEAM_REPORTS:
        (row,) = reporting.report(ctx, name, course="BR", team="north").rows
        assert (row[1], row[2]) == ("Cy Young", who.key)
    assert reporting.report(ctx, "headline").trend[-1] == ("2017-06", 1)
    (impact,) = [each for each in evaluating.results(ctx, "BR-90").results if each.is_impact and each.share.answered]
    assert (impact.share.agree, impact.spread) == (1, (0, 1))


def test_messages_are_made_once_and_by_one_sender_at_a_time(address: str, tmp_path: Path) -> None:
    ctx = upkeep.initialise(address, actor="alice", today="2017-04-10T09:00")
    builders.event("BR-90", capacity=2)
    people = [builders.person(name) for name in ("Ann Smith", "Bo Young", "Cy Jones")]
    enrolling.enrol(ctx, "BR-90", [each.key for each in people])
    assert len(mailing.write(ctx, str(tmp_path), Choice(kind=MessageKind.CONFIRMATION)).lines) == 2
    with mailroom() as (room, port):
        server = Server("127.0.0.1", port, Security.NONE)
        with messages.alone(), pytest.raises(sending.NotAlone):
            sending.send(ctx, server)
        assert len(sending.send(ctx, server).sent) == 3
        assert sending.send(ctx, server).sent == []
    assert (len(room.arrived), room.twice()) == (3, [])
    assert outbox.everything(ctx) == []
