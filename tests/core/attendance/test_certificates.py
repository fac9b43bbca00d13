"""The story of a certificate: earned, written, checked, and no longer true."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed, NotOnEvent
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import certificates
from csc_tui.core.attendance.certificate_reference import CertificateReference
from csc_tui.core.attendance.completion import CompletionStanding
from csc_tui.core.catalogue import course_rules
from csc_tui.core.people import queries as people_queries
from db import calendar
from db.engine.connection import read_transaction
from db.errors import Duplicate, NotFound, RuleBroken
from db.records.attendance import MarkKind
from db.records.people import Person
from db.records.startup import Role
from tests import builders
from tests.builders import at, booked, enrolment, event, person

DAYS = ("2017-06-12", "2017-06-19", "2017-06-26")
PRESENT = MarkKind.PRESENT


@pytest.fixture
def later(ctx: Context) -> Context:
    return at(ctx, "2017-06-26T17:00")


@pytest.fixture
def people(later: Context) -> list[Person]:
    """Łucja completed the course, Al misses module 2, Cy came to nothing."""
    found = booked(event("BR-90", capacity=20, dates=DAYS), "Łucja D’Souza", "Al Barnes", "Cy Clark")
    attendance_actions.mark_person(later, "BR-90", 2, found[1].key, attendance_actions.NewMark(MarkKind.APOLOGIES))
    for number in (1, 2, 3):
        attendance_actions.mark_person(
            later, "BR-90", number, found[2].key, attendance_actions.NewMark(MarkKind.ABSENT)
        )
        attendance_actions.mark_rest(later, "BR-90", number, PRESENT)
    return found


def text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)


def test_those_who_completed_the_course_get_a_certificate_and_the_others_hear_what_they_need(
    later: Context, people: list[Person], tmp_path: Path
) -> None:
    written, others = certificates.issue_certificates(later, "BR-90", str(tmp_path / "out"))
    assert [each.name for each in written] == ["Łucja D’Souza"]
    assert [(each.name, each.needs) for each in others] == [
        ("Al Barnes", "needs module 2"), ("Cy Clark", "no session was attended"),
    ]  # fmt: skip
    (file,) = (tmp_path / "out").iterdir()
    assert str(file) == written[0].file
    assert file.stat().st_mode & 0o777 == 0o600
    printed = text(file)
    for piece in ("Łucja D’Souza", "Being Restorative", "26 June 2017", "9 hours", written[0].reference):
        assert piece in printed
    told = [line for line in builders.list_history_lines(later, event="BR-90") if line.verb == "certificate written"]
    assert [line.after for line in told] == [written[0].reference]


def test_a_second_copy_takes_the_place_of_the_first_and_of_nothing_else(
    later: Context, people: list[Person], tmp_path: Path
) -> None:
    ((first,), _) = certificates.issue_certificates(later, "BR-90", str(tmp_path))
    before = Path(first.file).read_bytes()
    certificates.issue_certificates(later, "BR-90", str(tmp_path))
    assert Path(first.file).read_bytes() == before
    Path(first.file).write_bytes(b"a letter")
    with pytest.raises(Duplicate):
        certificates.issue_certificates(later, "BR-90", str(tmp_path))
    assert Path(first.file).read_bytes() == b"a letter"
    told = [line for line in builders.list_history_lines(later, event="BR-90") if line.verb == "certificate written"]
    assert len(told) == 2


def test_one_person_is_refused_with_what_they_need(later: Context, people: list[Person], tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="Al Barnes has not completed the course of BR-90: needs module 2"):
        certificates.issue_certificates(later, "BR-90", str(tmp_path / "out"), people[1].key)
    with pytest.raises(NotOnEvent):
        certificates.issue_certificates(later, "BR-90", str(tmp_path / "out"), person("Di Dunn").key)
    with pytest.raises(NotAllowed):
        certificates.issue_certificates(replace(later, role=Role.VIEWER), "BR-90", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_reference_is_genuine_until_a_mark_is_corrected(later: Context, people: list[Person], tmp_path: Path) -> None:
    (made,), _ = certificates.list_earned_certificates(later, "BR-90", people[0].key)
    found = certificates.verify_certificate(later, made.reference.lower())
    assert (found.name, found.course, found.on, found.standing) == (
        "Łucja D’Souza", "BR", date(2017, 6, 26), CompletionStanding.IN_DATE,
    )  # fmt: skip
    attendance_actions.mark_person(later, "BR-90", 2, people[0].key, attendance_actions.NewMark(MarkKind.ABSENT))
    with pytest.raises(RuleBroken, match="a mark has been corrected since"):
        certificates.verify_certificate(later, made.reference)


def test_a_reference_that_nobody_was_given_is_not_genuine(later: Context, people: list[Person]) -> None:
    with pytest.raises(NotFound, match="typing mistake"):
        certificates.verify_certificate(later, "BR-1-20170626-AAAA")
    for made_up in (
        CertificateReference("BR", people[1].id, date(2017, 6, 26)),
        CertificateReference("BR", 999, date(2017, 6, 26)),
        CertificateReference("NOPE", people[0].id, date(2017, 6, 26)),
    ):
        with pytest.raises(RuleBroken, match="is not valid"):
            certificates.verify_certificate(later, str(made_up))


def test_an_earlier_certificate_of_a_refreshed_course_stays_genuine_and_says_that_it_ran_out(
    later: Context, people: list[Person]
) -> None:
    course_rules.set_course_rule(later, "BR", "validity_months", "12")
    (first,), _ = certificates.list_earned_certificates(later, "BR-90", people[0].key)
    assert first.valid_until == date(2018, 6, 26)
    again = at(later, "2018-07-31T17:00")
    other = event("BR-91", capacity=20, dates=("2018-07-02", "2018-07-03", "2018-07-04"))
    enrolment(other, people[0])
    for number in (1, 2, 3):
        attendance_actions.mark_person(again, "BR-91", number, people[0].key, attendance_actions.NewMark(PRESENT))
    (second,), _ = certificates.list_earned_certificates(again, "BR-91", people[0].key)
    assert second.valid_until == date(2019, 7, 4)
    assert certificates.verify_certificate(again, first.reference).standing is CompletionStanding.OUT
    assert certificates.verify_certificate(again, second.reference).standing is CompletionStanding.IN_DATE


def test_when_a_completion_is_due_to_be_refreshed_is_the_councils_to_say(later: Context, people: list[Person]) -> None:
    course_rules.set_course_rule(later, "BR", "validity_months", "12")
    (first,), _ = certificates.list_earned_certificates(later, "BR-90", people[0].key)
    spring = at(later, "2018-03-01T09:00")  # 117 days before it runs out
    early = replace(spring, policy={**spring.policy, "refresher_days": "150"})
    assert certificates.verify_certificate(spring, first.reference).standing is CompletionStanding.IN_DATE
    assert certificates.verify_certificate(early, first.reference).standing is CompletionStanding.DUE
    cards = [people_queries.get_person_card(ctx, people[0].key) for ctx in (spring, early)]
    assert [card.completions[0].standing for card in cards] == ["in date", "due"]


@pytest.mark.usefixtures("people")
def test_a_name_of_letters_that_cannot_be_printed_gets_no_page_and_keeps_nobody_elses(
    later: Context, tmp_path: Path
) -> None:
    priya = person("प्रिया शर्मा", email="n9@example.org")
    with read_transaction():
        there = calendar.fetch_event("BR-90")
    enrolment(there, priya)
    for number in (1, 2, 3):
        attendance_actions.mark_person(later, "BR-90", number, priya.key, attendance_actions.NewMark(PRESENT))
    with pytest.raises(RuleBroken, match="cannot be printed in its own letters"):
        certificates.issue_certificates(later, "BR-90", str(tmp_path / "one"), priya.key)
    assert not (tmp_path / "one").exists()
    written, others = certificates.issue_certificates(later, "BR-90", str(tmp_path / "all"))
    assert [each.name for each in written] == ["Łucja D’Souza"]
    assert "cannot be printed in its own letters" in {each.name: each.needs for each in others}[priya.name]
