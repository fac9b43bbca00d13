"""What is held on one person: disclosed whole, erased without changing a figure, and needs that go in time."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from peewee import ForeignKeyField

from csc_tui.base import drafts
from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.admin import policy, upkeep
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.history import undo
from csc_tui.core.mail import invitations, message_files, outbox
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import privacy
from csc_tui.core.people import queries as people_queries
from csc_tui.core.reports import queries as reports_queries
from db import models
from db import privacy as store
from db.engine.connection import database, read_transaction, write_transaction
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from db.records.attendance import MarkKind
from db.records.booking import Status
from db.records.evaluation import Stage
from db.records.people import Person
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import EventState, Role
from tests import builders
from tests.servers import databases

LEADS = "Practice Leads"
SECRETS = (
    "Siobhán", "Siobh\\u00e1n", "Quillfeather", "O'Brien-Li", "quill@example.org", "siobhan@example.org",
    "01472 998877", "Beekeeper", "E-77123", "coeliac", "ground floor", "sister Agatha", "my wheelchair",
    "funeral of an uncle",
)  # fmt: skip
"""What only the person's life holds: names and addresses of now and of before, and what they said."""
JUNE, LATER = "2017-06-30", "2017-07-20"


@pytest.fixture
def manager(ctx: Context) -> Person:
    return builders.person("Mo Head", email="mo@example.org")


@pytest.fixture
def person(ctx: Context, manager: Person, tmp_path: Path) -> str:
    """The key of somebody with everything a person can have, and nothing of it to come after 19 June."""
    wide = replace(ctx, policy={**ctx.policy, "manager_copies": "yes"})
    kept = people_actions.add_person(ctx, {
        "forename": "Siobhán", "surname": "Quillfeather", "email": "quill@example.org", "phone": "01472 998877",
        "employee_number": "E-77123", "job_title": "Beekeeper", "manager": manager.email, "dietary": "coeliac",
        "access_needs": "ground floor", "organisation": "A School",
    })  # fmt: skip
    key = kept.person
    builders.event("BR-90", dates=("2017-06-12", "2017-06-19"), capacity=1, state="confirmed")
    builders.course("BR", cutoff_days=30)
    upkeep.assign_role(ctx, "bob", Role.BOOKER)
    meeting = builders.event("BR-91", dates=("2017-06-13",), capacity=5)
    (other,) = builders.booked(builders.event("BR-92", dates=("2017-06-14",), capacity=2), "Cy Low")
    for reference in ("BR-90", "BR-91", "BR-92"):
        booking_actions.enrol_people(ctx, reference, [key], override="late reply of Siobhán Quillfeather")
    booking_actions.cancel_place(builders.at(ctx, "2017-06-12"), "BR-91", key, reason="funeral of an uncle")
    booking_actions.cancel_place(builders.at(ctx, "2017-06-12"), "BR-92", key, reason="illness")
    groups_actions.add_members(ctx, LEADS, [key])
    commitments.add_commitment(ctx, LEADS, key, "Ring my sister Agatha", date(2017, 5, 1))
    invitations.write_invitations(ctx, "BR-90", str(tmp_path / "invitations"))
    people_actions.change_person(ctx, key, {"surname": "O'Brien-Li", "email": "siobhan@example.org"})
    message_files.write_messages(builders.at(wide, "2017-06-08"), str(tmp_path / "mails"))
    attendance_actions.mark_person(
        builders.at(ctx, "2017-06-12T14:00"), "BR-90", 1, key, attendance_actions.NewMark(MarkKind.PRESENT)
    )
    attendance_actions.mark_person(
        builders.at(ctx, "2017-06-19T14:00"), "BR-90", 2, key, attendance_actions.NewMark(MarkKind.ABSENT)
    )
    evaluation_actions.enter_answers(
        builders.at(ctx, "2017-06-20"), "BR-90", key, Stage.ON_THE_DAY, {1: "yes", 3: "my wheelchair"}
    )
    message_files.write_messages(builders.at(wide, "2017-06-20"), str(tmp_path / "mails"))
    with write_transaction():
        models.PersonRow.update(manager=int(key[1:])).where(models.PersonRow.id == other.id).execute()
        models.EventRow.update(notes="Keys: Siobhán O'Brien-Li, siobhan@example.org").execute()
        models.GroupMeetingRow.insert(group=1, event=meeting.id).execute()
    drafts.save_draft(replace(ctx, actor="bob"), key, {"surname": "O'Brien-Li"}, {})
    return key


@pytest.fixture
def june(ctx: Context) -> Context:
    return builders.at(ctx, JUNE)


def everything_stored() -> dict[str, list[tuple[Any, ...]]]:
    with read_transaction():
        return {
            name: sorted(database.execute_sql(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in database.get_tables()
        }


def notes(reference: str) -> str:
    with read_transaction():
        return str(models.EventRow.select(models.EventRow.notes).where(models.EventRow.reference == reference).scalar())


def on_disk(location: str) -> bytes:
    return b"".join(Path(location + end).read_bytes() for end in ("", "-wal") if os.path.exists(location + end))


def figures(ctx: Context, name: str) -> list[str]:
    """Every report there is of past figures, as rows without the name of the one person."""
    found = [
        (
            report,
            by,
            year,
            reports_queries.get_report(ctx, report, reports_queries.ReportQuestion(year=year, by=by)).rows,
        )
        for report in reports_queries.REPORTS
        if report not in reports_queries.TEAM_REPORTS  # these are of who is here now
        for by in (reports_queries.COMPARED_BY if report == "evaluation" else ("course",))
        for year in ("2016", "2017", reports_queries.ALL_YEARS)
    ]
    return [re.sub(f"{re.escape(name)}|Erased person #\\d+", "somebody", str(each)) for each in found]


# Disclosing.


def test_a_disclosure_holds_all_of_a_life(june: Context, person: str, tmp_path: Path) -> None:
    path = tmp_path / "held.json"
    done = privacy.write_disclosure(june, person, str(path))
    text = path.read_text()
    found = json.loads(text)
    for secret in (*(each for each in SECRETS if "\\" not in each), "illness"):
        assert secret in text, secret
    empty = {name for name, rows in found.items() if rows == []}
    assert empty == {"facilitation", "make up", "offer", "completion", "earlier learning"}
    assert done.rows == sum(len(rows) for rows in found.values() if isinstance(rows, list))
    assert found["line_manager_of"] == 1
    assert found["person"][0]["manager"].startswith("Mo Head (#")
    assert {(each["session"], each["mark"]) for each in found["mark"]} == {
        ("BR-90 session 1", "present"), ("BR-90 session 2", "absent"),
    }  # fmt: skip
    assert {each["status"] for each in found["enrolment"]} == {"partially_attended", "cancelled"}
    assert [(each["by"], each["surname"]) for each in found["drafts on this machine"]] == [("bob", "O'Brien-Li")]
    assert any(each["where"] == "event, notes" for each in found["texts that name them"])
    assert "body" in found["message"][0]
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert builders.list_history_lines(june, person=person)[0].verb == "disclosed"


def test_every_reference_to_a_person_and_to_their_rows_is_disclosed(june: Context, person: str) -> None:
    """A new table that refers to people is in the file without anybody thinking of it."""
    found = privacy.get_disclosure(june, person)
    parents = {models.PersonRow, models.EnrolmentRow, models.EvaluationRow, models.InvitationRow}
    for table in models.TABLES:
        refers = any(
            isinstance(each, ForeignKeyField) and each.rel_model in parents for each in table._meta.sorted_fields
        )
        if refers and table is not models.PersonWordRow:
            assert table._meta.table_name.replace("_", " ") in found


def test_of_a_register_only_the_own_line_is_disclosed(june: Context, person: str) -> None:
    attendance_actions.mark_person(
        builders.at(june, "2017-06-14T14:00"), "BR-92", 1, "Cy Low", attendance_actions.NewMark(MarkKind.PRESENT)
    )
    found = privacy.get_disclosure(june, person)
    kept = [each for each in found["steps that can be undone"] if each["kind"] == "register"]
    assert kept
    assert {line[0] for each in kept for line in (*each["before"], *each["after"])} == {int(person[1:])}


def test_a_disclosure_never_writes_over_a_file_and_then_says_nothing_in_the_history(
    june: Context, person: str, tmp_path: Path
) -> None:
    path = tmp_path / "held.json"
    path.write_text("mine")
    with pytest.raises(Duplicate):
        privacy.write_disclosure(june, person, str(path))
    with pytest.raises(WrongUse, match=r"\.json or \.html"):
        privacy.write_disclosure(june, person, str(tmp_path / "held.pdf"))
    assert path.read_text() == "mine"
    assert "disclosed" not in [each.verb for each in builders.list_history_lines(june, person=person)]


def test_stored_markup_is_text_in_a_disclosure_that_is_read(june: Context, tmp_path: Path) -> None:
    who = builders.person("<b>Bo</b> \u202eEk")
    privacy.write_disclosure(june, who.key, str(tmp_path / "held.html"))
    page = (tmp_path / "held.html").read_text()
    assert "&lt;b&gt;Bo" in page
    assert "<b>" not in page
    privacy.write_disclosure(june, who.key, str(tmp_path / "held.json"))
    text = (tmp_path / "held.json").read_text()
    assert "\u202e" not in text
    assert json.loads(text)["name"] == who.name


# Erasing.


def test_after_erasing_nothing_in_the_file_tells_who_it_was(june: Context, person: str, location: str) -> None:
    done = privacy.erase_person(june, person, reason="Siobhán O'Brien-Li asked for it")
    left = privacy.finish_erasure(june, done.person)
    assert left == ("The server deletes the old rows when it next vacuums its tables." if databases.SERVER else "")
    for table, rows in everything_stored().items():
        for secret in SECRETS:
            assert secret not in str(rows), (table, secret)
            assert secret.lower() not in str(rows).lower(), (table, secret)
    raw = on_disk(location)
    for secret in SECRETS:
        assert secret.encode() not in raw, secret
    assert drafts.load_draft(replace(june, actor="bob"), person) is None
    (line, *_) = builders.list_history_lines(june, person=person)
    assert (line.verb, line.subject, line.reason) == (
        "erased", f"Erased person {person}", f"Erased person {person} asked for it",
    )  # fmt: skip


def test_no_figure_of_the_past_changes(june: Context, person: str) -> None:
    people_actions.record_departure(june, person)  # how many are here now is no figure of the past
    before = figures(june, "Siobhán O'Brien-Li")
    charged = [each.amount for each in _charges(june)]
    privacy.erase_person(june, person, reason="asked")
    assert figures(june, "Siobhán O'Brien-Li") == before
    assert [each.amount for each in _charges(june)] == charged


def _charges(ctx: Context) -> list[Any]:
    from csc_tui.core.booking import queries as booking_queries

    found = booking_queries.list_charges(ctx, date(2017, 4, 1), date(2018, 3, 31))
    assert len(found) >= 2  # one of them exempt for its reason
    return found


def test_every_check_holds_and_nothing_is_due_to_them(june: Context, person: str) -> None:
    soon = builders.at(june, "2017-06-22")
    with write_transaction():
        models.MessageRow.delete().execute()  # as if nothing had been written yet
    assert [each for each in outbox.list_outbox(soon) if "Siobhán" in each.to]
    privacy.erase_person(soon, person, reason="asked")
    assert [each for each in upkeep.check_open_database(soon) if each.result == "wrong"] == []
    plan = invitations.get_invitation_plan(soon, "BR-90")
    assert (plan.due, list(plan.unreachable)) == ([], [])
    assert [each for each in outbox.list_outbox(soon) if "Siobhán" in each.to or "Erased" in each.to] == []


def test_the_address_can_be_used_anew_by_somebody_new(june: Context, person: str) -> None:
    privacy.erase_person(june, person, reason="asked")
    with pytest.raises(NotFound):
        people_actions.get_person_form_data(june, "siobhan@example.org")
    assert people_queries.search_people(june, "siobhan")[1] == 0
    anew = people_actions.add_person(
        june, {"surname": "O'Brien-Li", "email": "siobhan@example.org", "employee_number": "E-77123"}
    )
    assert anew.person != person
    for refused in (
        people_actions.record_return,
        lambda ctx, key: people_actions.change_person(ctx, key, {"email": "x@example.org"}),
    ):
        with pytest.raises(RuleBroken, match="only figures are kept"):
            refused(june, person)


def test_a_preview_changes_nothing_and_says_what_would_go(june: Context, person: str) -> None:
    before = everything_stored()
    told = preview_change(june, lambda: privacy.erase_person(june, person, reason="asked")).result
    assert everything_stored() == before
    assert {each.what for each in told.lines} >= {"messages", "invitations", "evaluations", "commitments"}
    assert privacy.erase_person(june, person, reason="asked") == told


def test_what_they_were_on_cannot_be_undone_any_more(june: Context, person: str) -> None:
    assert undo.show_last_step(june)
    privacy.erase_person(june, person, reason="asked")
    with read_transaction():
        assert not models.StepRow.select().where(models.StepRow.what.contains("Siobh")).exists()
    while True:  # whatever can still be taken back does not bring them back
        try:
            undo.undo_steps(june)
        except (NotFound, RuleBroken):
            break
    assert people_actions.get_person_form_data(june, person).person.name == f"Erased person {person}"


@pytest.mark.parametrize("status", [Status.BOOKED, Status.OFFERED, Status.WAITLISTED, Status.REQUESTED])
def test_whoever_has_something_to_come_is_not_erased(ctx: Context, status: Status) -> None:
    who = builders.person("Bo Ek")
    builders.enrolment(builders.event("BR-90"), who, status)
    with pytest.raises(RuleBroken, match="BR-90") as refused:
        privacy.erase_person(ctx, who.key, reason="asked")
    assert refused.value.remedy == Remedy(RemedyKind.RECORD_LEAVING, person=who.key)
    assert people_actions.get_person_form_data(ctx, who.key).person.name == "Bo Ek"


def test_whoever_led_what_was_called_off_leads_nothing_to_come(ctx: Context) -> None:
    lead = builders.person("Lee Day")
    builders.event("BR-90", dates=["2017-06-12"], facilitators=[lead], state=EventState.CANCELLED)
    builders.event("BR-91", dates=[None], facilitators=[lead], state=EventState.CLOSED)
    assert privacy.erase_person(ctx, lead.key, reason="asked").person == lead.key


def test_whoever_leads_something_to_come_is_not_erased(ctx: Context) -> None:
    who = builders.person("Bo Ek")
    builders.event("BR-90", facilitators=[who])
    with pytest.raises(RuleBroken, match="leads BR-90 session 1"):
        privacy.erase_person(ctx, who.key, reason="asked")
    privacy.erase_person(builders.at(ctx, LATER), who.key, reason="asked")
    assert [row[1] for row in reports_queries.get_report(builders.at(ctx, LATER), "facilitators").rows] == [
        f"Erased person {who.key}"
    ]


def test_a_namesake_keeps_their_name(june: Context, person: str) -> None:
    twin = builders.person("Siobhán O'Brien-Li", email="twin@example.org")
    with write_transaction():
        models.VenueRow.insert(name="Quillfeather House").execute()
        models.EventRow.update(notes="Ask Siobhán O'Brien-Li").where(models.EventRow.reference == "BR-92").execute()
    done = privacy.erase_person(june, person, reason="asked")
    assert any("Other people are also called" in each for each in done.remarks)
    assert people_actions.get_person_form_data(june, twin.key).person.name == "Siobhán O'Brien-Li"
    assert notes("BR-92") == "Ask Siobhán O'Brien-Li"


def test_what_things_are_called_stays_and_is_told(june: Context, person: str) -> None:
    with write_transaction():
        models.VenueRow.insert(name="Siobhán O'Brien-Li Hall").execute()
    done = privacy.erase_person(june, person, reason="asked")
    assert done.remarks == ("The name still appears in: venue (name).",)
    with read_transaction():
        assert models.VenueRow.select().where(models.VenueRow.name == "Siobhán O'Brien-Li Hall").exists()


def test_a_name_within_another_word_is_left(june: Context) -> None:
    who = builders.person("Jo Li", email="jo@example.org")
    builders.event("BR-90", dates=("2017-06-12",))
    with write_transaction():
        models.EventRow.update(notes="Jo Lister, xjo@example.org, jo li; Jo Li.").execute()
    privacy.erase_person(june, who.key, reason="asked")
    assert notes("BR-90") == (f"Jo Lister, xjo@example.org, Erased person {who.key}; Erased person {who.key}.")


def test_where_answers_are_kept_apart_only_that_somebody_answered_goes(june: Context) -> None:
    secret = replace(june, policy={**june.policy, "anonymous_evaluations": "yes"})
    on = builders.event("BR-90", dates=("2017-06-12",))
    who, other = builders.booked(on, "Bo Ek", "Cy Low")
    for each in (who, other):
        builders.mark(on, 1, each)
        evaluation_actions.enter_answers(secret, "BR-90", each.key, Stage.ON_THE_DAY, {1: "yes", 3: "fine"})
    before = evaluation_actions.show_event_evaluation(secret, "BR-90").results
    privacy.erase_person(secret, who.key, reason="asked")
    assert evaluation_actions.show_event_evaluation(secret, "BR-90").results == before
    with read_transaction():
        assert models.EvaluationRow.select().count() == 3


@pytest.mark.parametrize("again", [False, True])
def test_erasing_needs_an_administrator_a_reason_and_somebody(june: Context, again: bool) -> None:
    who = builders.person("Bo Ek")
    if again:
        privacy.erase_person(june, who.key, reason="asked")
        with pytest.raises(RuleBroken, match="already been erased"):
            privacy.erase_person(june, who.key, reason="asked")
        return
    with pytest.raises(WrongUse, match="reason"):
        privacy.erase_person(june, who.key, reason="  ")
    for role in (Role.VIEWER, Role.BOOKER, Role.COORDINATOR):
        with pytest.raises(NotAllowed):
            privacy.erase_person(replace(june, role=role), who.key, reason="asked")
        with pytest.raises(NotAllowed):
            privacy.get_disclosure(replace(june, role=role), who.key)
        with pytest.raises(NotAllowed):
            privacy.remove_expired_needs(replace(june, role=role))


def referring() -> Iterator[tuple[str, str]]:
    for table in models.TABLES:
        for field in table._meta.sorted_fields:
            if isinstance(field, ForeignKeyField) and field.rel_model is models.PersonRow:
                yield table.__name__, field.name


def test_no_table_that_refers_to_people_is_forgotten_by_erasing() -> None:
    """Whoever adds one decides here: its rows stay as they are, or db.privacy.erase_person_rows() does something to
    them."""
    stay = {("FacilitationRow", "person"), ("MakeUpRow", "person"), ("MarkRow", "person"), ("CompletionRow", "person")}
    changed = {
        ("PersonRow", "manager"), ("PersonWordRow", "person"), ("EnrolmentRow", "person"), ("EvaluationRow", "person"),
        ("MembershipRow", "person"), ("CommitmentRow", "person"), ("InvitationRow", "person"), ("MessageRow", "person"),
        ("HistoryRow", "person"), ("PersonAddressRow", "person"), ("EarlierLearningRow", "person"),
    }  # fmt: skip
    assert set(referring()) == stay | changed
    for name, _ in stay:  # nothing in them can say who it was but the one who noted it
        assert {each.name for each in store.text_columns(getattr(models, name))} <= {"actor"}


def test_what_keeps_its_names_is_listed_with_columns_that_are_there() -> None:
    for table, names in store.NAMES_OF_THINGS.items():
        assert set(names) <= {each.name for each in store.text_columns(table)}, table
    assert {f"{table.__name__}.{field.name}" for table, field in store.erasable_columns()} == {
        "OrganisationRow.invoice_address",
        "OrganisationRow.notes",
        "EventRow.notes",
        "SessionRow.notes",
        "EnrolmentRow.reason",
        "LearningFileRow.name",
        "EarlierLearningRow.provider",
        "EarlierLearningRow.evidence",
        "EvaluationRow.source",
        "AnswerRow.text",
        "AnswerRow.given",
        "GroupRow.description",
        "MembershipRow.role",
        "CommitmentRow.what",
        "CommitmentRow.remark",
        "InvitationRow.place_and_time",
        "InvitationRow.content",
        "DispatchRow.file",
        "MessageRow.name",
        "MessageRow.address",
        "MessageRow.subject",
        "MessageRow.body",
        "MessageRow.told",
        "MessageRow.fault",
        "StepRow.what",
        "HistoryRow.subject",
        "HistoryRow.before",
        "HistoryRow.after",
        "HistoryRow.reason",
    }


# Needs that have served.


@pytest.fixture
def ninety(ctx: Context) -> Context:
    policy.set_policy_value(ctx, "needs_days", "90")
    return replace(ctx, policy={**ctx.policy, "needs_days": "90"})


def test_needs_go_so_many_days_after_the_last_session(ninety: Context) -> None:
    on = builders.event("BR-90", dates=("2017-06-12", "2017-06-19"))
    who = builders.person("Bo Ek", dietary="coeliac")
    builders.enrolment(on, who)
    at_last = builders.at(ninety, "2017-09-17")
    before = everything_stored()
    assert privacy.remove_expired_needs(at_last) == ([], [])
    assert everything_stored() == before
    day_after = builders.at(ninety, "2017-09-18")
    assert privacy.remove_expired_needs(day_after, dry_run=True)[0] == [
        privacy.RemovedNeeds(who.key, "Bo Ek", date(2017, 6, 19))
    ]
    assert everything_stored() == before
    assert [each.person for each in privacy.remove_expired_needs(day_after)[0]] == [who.key]
    assert people_actions.get_person_form_data(ninety, who.key).person.dietary == ""
    assert privacy.remove_expired_needs(day_after) == ([], [])
    line = builders.list_history_lines(ninety, person=who.key)[0]
    assert (line.verb, line.reason) == ("needs removed", "more than 90 days after the last session")
    assert "coeliac" not in str(everything_stored())


def test_needs_stay_while_something_is_to_come_and_of_who_was_never_on_anything(ninety: Context) -> None:
    over = builders.event("BR-90", dates=("2017-06-12",), capacity=9)
    undated, cancelled = builders.event("BR-91", dates=(None,)), builders.event("BR-92", dates=("2018-06-12",))
    to_come, gone, leads, never = (builders.person(f"{name} Ek", access_needs="lift") for name in "ABCD")
    for each in (to_come, gone, leads):
        builders.enrolment(over, each)
    builders.enrolment(undated, to_come, Status.WAITLISTED)
    builders.enrolment(cancelled, gone, Status.CANCELLED)
    builders.event("BR-93", dates=("2018-06-12",), facilitators=[leads])
    found, remarks = privacy.remove_expired_needs(builders.at(ninety, "2018-01-20"))
    assert [each.person for each in found] == [gone.key]
    assert remarks == [Remark("The needs of 1 person are kept: they have not been on an event yet.")]
    assert people_actions.get_person_form_data(ninety, never.key).person.access_needs == "lift"


def test_needs_that_went_do_not_come_back_by_undoing(ninety: Context) -> None:
    key = people_actions.add_person(ninety, {"surname": "Ek", "email": "ek@example.org", "dietary": "coeliac"}).person
    people_actions.change_person(ninety, key, {"phone": "1"})
    with read_transaction():
        who = models.PersonRow.get_by_id(int(key[1:]))
    builders.enrolment(builders.event("BR-90", dates=("2017-06-12",)), who)
    assert len(privacy.remove_expired_needs(builders.at(ninety, "2018-01-20"))[0]) == 1
    assert "coeliac" not in str(everything_stored())
    undo.undo_steps(ninety)
    found = people_actions.get_person_form_data(ninety, key).person
    assert (found.phone, found.dietary) == ("", "")


@pytest.mark.of_files
def test_nothing_in_the_file_tells_the_needs_that_went_nor_what_was_parted_from_a_name(
    ninety: Context, location: str
) -> None:
    on = builders.event("BR-90", dates=("2017-04-03",))
    who = builders.person("Bo Ek", dietary="coeliac")
    builders.mark(on, 1, who)
    builders.enrolment(on, who)
    evaluation_actions.enter_answers(ninety, "BR-90", who.key, Stage.ON_THE_DAY, {3: "Ask first"})
    assert len(privacy.remove_expired_needs(builders.at(ninety, "2018-01-20"))[0]) == 1
    policy.set_policy_value(ninety, "anonymous_evaluations", "yes")
    assert privacy.purge_database_file() == ""
    raw = on_disk(location)
    assert b"coeliac" not in raw
    assert raw.count(b"Ask first") == 1


def test_without_a_policy_needs_are_kept(ctx: Context) -> None:
    builders.person("Bo Ek", dietary="coeliac")
    found, remarks = privacy.remove_expired_needs(ctx)
    assert found == []
    assert "needs_days is 0" in str(remarks[0])
