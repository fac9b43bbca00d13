"""The same program on PostgreSQL, where CSC_TEST_SERVER names a server that lets databases be made and dropped."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.demo import database
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.mail import delivery, message_files, outbox
from csc_tui.core.mail.mail_server import MailServer
from csc_tui.core.mail.outbox import MessageChoice
from csc_tui.core.reports import queries as reports_queries
from db import messages, models
from db.engine import binding, connection, driver, migrate
from db.engine.watcher import ChangeWatcher
from db.errors import BusyDatabase, NotWritable, SchemaTooNew
from db.records.calendar import Event
from db.records.evaluation import Stage
from db.records.mail import MessageKind
from db.records.people import Person
from exports.smtp import Security, SmtpServer
from tests import builders
from tests.builders import csc
from tests.core.mail.mailroom import mailroom
from tests.journeys.test_seats_under_load import PROCESSES, all_at_once
from tests.servers import databases

pytestmark = databases.needs_server


@pytest.fixture
def address() -> Iterator[str]:
    """A new empty database."""
    with databases.new_database() as made:
        yield made


def test_a_database_is_made_once_and_every_check_is_ok(address: str) -> None:
    assert "There is no database" in csc(address, "who", "smith").stderr
    assert csc(address, "admin", "init").returncode == 0
    assert csc(address, "admin", "init").returncode == 3
    assert csc(address, "who", "smith").returncode == 1
    done = csc(address, "admin", "check")
    assert (done.returncode, {row["result"] for row in json.loads(done.stdout)}) == (0, {"ok"})
    assert "up to date" in csc(address, "admin", "upgrade").stderr


def test_backups_are_the_servers_business(address: str) -> None:
    csc(address, "admin", "init")
    for words, tool in (("backup b.db", "pg_dump"), ("restore b.db", "pg_restore")):
        done = csc(address, "admin", *words.split())
        assert done.returncode == 3
        assert tool in done.stderr


def test_the_migrated_tables_have_the_checks_and_the_partial_indexes(address: str) -> None:
    migrate.create_empty_database(address)
    with connection.read_transaction():
        found = connection.database.execute_sql(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'enrolment_one_live'"
            " UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'event'::regclass"
        ).fetchall()
    told = " ".join(text for (text,) in found)
    assert "WHERE (status >= 40)" in told
    assert "CHECK ((capacity >= 0))" in told


@pytest.fixture
def last_place(address: str) -> Event:
    upkeep.initialise_database(address, actor="alice", today="2017-04-10T09:00")
    event = builders.event("BR-90", capacity=3)
    builders.booked(event, "Ann Early", "Ben Early")
    return event


def test_one_of_eight_gets_the_last_place(address: str, last_place: Event) -> None:
    people: list[Person] = [builders.person(f"Person Number{number}") for number in range(PROCESSES)]
    assert all_at_once(address, "ours", people) == {"booked": 1, "waitlisted": PROCESSES - 1}
    bootstrap.bind_database(address)
    assert {each.result for each in upkeep.check_database(address, actor="alice", today=None)} == {"ok"}


def test_every_report_is_read_and_a_form_is_typed_in(address: str, last_place: Event) -> None:
    who = builders.person("Cy Young", organisation="Police", team="North")
    ctx = bootstrap.create_context(address, actor="alice", today="2017-06-13T09:00")
    builders.mark(last_place, 1, who)
    evaluation_actions.enter_paper_form(ctx, "BR-90", Stage.ON_THE_DAY, {1: "yes", 2: "4"})
    for name in reports_queries.REPORTS:
        for year in ("", "all"):
            found = reports_queries.get_report(ctx, name, reports_queries.ReportQuestion(year=year))
            assert all(len(row) == len(found.columns) for row in found.rows)
    for name in reports_queries.TEAM_REPORTS:
        (row,) = reports_queries.get_report(ctx, name, reports_queries.ReportQuestion(course="BR", team="north")).rows
        assert (row[1], row[2]) == ("Cy Young", who.key)
    assert reports_queries.get_report(ctx, "headline").trend[-1] == ("2017-06", 1)
    (impact,) = [
        each
        for each in evaluation_actions.show_event_evaluation(ctx, "BR-90").results
        if each.is_impact and each.share.answered
    ]
    assert (impact.share.agree, impact.spread) == (1, (0, 1))


def test_messages_are_made_once_and_by_one_sender_at_a_time(address: str, tmp_path: Path) -> None:
    ctx = upkeep.initialise_database(address, actor="alice", today="2017-04-10T09:00")
    builders.event("BR-90", capacity=2)
    people = [builders.person(name) for name in ("Ann Smith", "Bo Young", "Cy Jones")]
    booking_actions.enrol_people(ctx, "BR-90", [each.key for each in people])
    assert (
        len(message_files.write_messages(ctx, str(tmp_path), MessageChoice(kind=MessageKind.CONFIRMATION)).lines) == 2
    )
    with mailroom() as (room, port):
        server = SmtpServer("127.0.0.1", port, Security.NONE)
        with messages.lock_sending(), pytest.raises(delivery.AlreadySending):
            delivery.send_messages(ctx, MailServer(server, 0))
        assert len(delivery.send_messages(ctx, MailServer(server, 0)).sent) == 3
        assert delivery.send_messages(ctx, MailServer(server, 0)).sent == []
    assert (len(room.arrived), room.twice()) == (3, [])
    assert outbox.list_outbox(ctx) == []


@pytest.fixture
def founded(address: str) -> Context:
    return upkeep.initialise_database(address, actor="alice", today="2017-04-10T09:00")


IMPORT = "surname,forename,email,organisation\n{}\n"


def test_two_imports_of_one_new_person_make_them_once(founded: Context, address: str, tmp_path: Path) -> None:
    file = tmp_path / "extract.csv"
    file.write_text(IMPORT.format("\n".join(f"Smith{n},Jo,jo{n}@x.org,New place" for n in range(300))))
    program = "import sys; print('ready', flush=True); sys.stdin.readline()\n" + IMPORTER
    told = builders.all_at_once([(program, address, str(file))] * 3)
    assert sorted(each.strip() for each in told) == ["0 300", "0 300", "300 0"]
    assert csc(address, "who", "smith1").stdout.count("jo1@x.org") == 1
    assert {each.result for each in upkeep.check_database(address, actor="alice", today=None)} == {"ok"}


IMPORTER = """
from csc_tui.base import bootstrap
from csc_tui.core.imports import actions as imports_actions
from csc_tui.core.people import people_import
ctx = bootstrap.create_context(sys.argv[1], actor='alice', today='2017-04-10T09:00')
done = people_import.import_people(ctx, imports_actions.load_table(sys.argv[2]), mapping={}, strict=True)
print(done.new, done.same)
"""


def test_what_is_read_inside_comes_from_one_moment(founded: Context) -> None:
    with connection.read_transaction():
        before = models.PersonRow.select().count()
        thread = threading.Thread(target=builders.person)
        thread.start()
        thread.join()
        assert models.PersonRow.select().count() == before
    with connection.read_transaction():
        assert models.PersonRow.select().count() == before + 1


def test_whoever_waits_too_long_for_the_others_is_told(
    founded: Context, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_QUEUE", connection._QUEUE.replace("15s", "50ms"))
    holder = driver.connect_server(address)
    holder.autocommit = False
    holder.execute(connection._QUEUE)
    with pytest.raises(BusyDatabase, match="is using the database"):
        builders.person()
    holder.rollback()
    builders.person()
    holder.close()


def test_a_watcher_whose_line_is_cut_says_so_once_and_goes_on(founded: Context, address: str) -> None:
    watcher = ChangeWatcher(address)
    other = driver.connect_server(address)
    other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                  " AND datname = current_database()")  # fmt: skip
    with pytest.raises(NotWritable, match="server ended the connection"):
        watcher.changed()
    builders.person()
    assert watcher.changed()
    assert not watcher.changed()
    watcher.close()
    other.close()


def backend() -> int:
    (number,) = connection.database.execute_sql("SELECT pg_backend_pid()").fetchone()
    return int(number)


def test_one_connection_serves_question_after_question(founded: Context, address: str) -> None:
    with connection.read_transaction():
        first = backend()
    with connection.write_transaction():
        assert backend() == first
    with binding.open_connection() as asked:
        assert asked.execute("SELECT pg_backend_pid()").fetchone() == (first,)


def test_a_kept_connection_that_the_server_ended_is_made_anew_without_a_word(founded: Context, address: str) -> None:
    with connection.read_transaction():
        first = backend()
    with closing(driver.connect_server(address)) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
    with connection.read_transaction():
        assert backend() != first
    builders.person()


def test_a_connection_of_another_database_is_never_used(founded: Context, address: str) -> None:
    builders.person()
    with databases.new_database() as other:
        migrate.create_empty_database(other)
        with connection.read_transaction():
            assert models.PersonRow.select().count() == 0


def test_what_was_not_finished_does_not_go_on_in_the_next_question(founded: Context, address: str) -> None:
    with binding.open_connection() as asked:
        asked.execute("BEGIN")
        asked.execute("DELETE FROM schema_migration")
    with closing(driver.connect_server(address)) as other:
        assert other.execute("SELECT count(*) FROM schema_migration").fetchone() != (0,)
    with connection.read_transaction():
        assert connection.database.execute_sql("SELECT count(*) FROM schema_migration").fetchone() != (0,)


def test_a_change_of_the_tables_by_another_program_does_not_trouble_a_kept_connection(
    founded: Context, address: str
) -> None:
    def asked() -> None:
        with connection.read_transaction():
            connection.database.execute_sql("SELECT * FROM policy").fetchall()

    for _ in range(8):  # a driver that keeps plans would have one by now
        asked()
    with closing(driver.connect_server(address)) as other:
        other.execute("ALTER TABLE policy ADD COLUMN added integer")
    asked()


def test_a_process_that_was_there_before_an_upgrade_changes_nothing_after_it(founded: Context, address: str) -> None:
    with closing(driver.connect_server(address)) as other:
        other.execute("INSERT INTO schema_migration (name, applied) VALUES ('0099_later', now())")
    with pytest.raises(SchemaTooNew):
        builders.person("Bo Ek")


def test_an_account_without_rights_is_told_a_sentence(founded: Context, address: str) -> None:
    with closing(driver.connect_server(address)) as server:
        server.execute("DROP ROLE IF EXISTS csc_test_reader")
        server.execute("CREATE ROLE csc_test_reader LOGIN")
        server.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO csc_test_reader")
        reader = f"{address}?user=csc_test_reader"
        try:
            assert csc(reader, "who", "smith").returncode in (0, 1)
            done = csc(reader, "venue", "add", "Centre4")
            assert (done.returncode, "This account is not allowed" in done.stderr) == (4, True)
            server.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM csc_test_reader")
            done = csc(reader, "who", "smith")
            assert (done.returncode, "This account is not allowed" in done.stderr) == (4, True)
        finally:
            server.execute("DROP OWNED BY csc_test_reader")
            server.execute("DROP ROLE csc_test_reader")


def test_a_demonstration_that_fails_leaves_no_tables(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: Any) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(database, "_fill", fails)
    with pytest.raises(RuntimeError):
        database.create_demo(address, today=None)
    with closing(driver.connect_server(address)) as server:
        assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
