"""Evaluations answered by mail, as people really write them."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import forms


def mail(body: str, *, subject: str = "Re: [evaluation BR-02 on_the_day] What did you think?", html: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "Ann Smith <Ann@Example.org>"
    message["Date"] = "Mon, 12 Jun 2017 13:05:00 +0000"
    if body:
        message.set_content(body)
    if html:
        (message.add_alternative if body else message.set_content)(html, subtype="html")
    return message.as_bytes()


def read(*mails: bytes) -> forms.Table:
    return forms.read("mbox", [("x", each) for each in mails], zone="Europe/London")


def answers(data: bytes) -> dict[str, str]:
    table = read(data)
    ((_, cells),) = table.rows
    return {name: said for name, said in zip(table.headings, cells, strict=True) if said and name.startswith("answer")}


def test_a_mail_is_a_line_of_the_table_with_its_event_sender_stage_and_time():
    table = read(mail("Q1: yes\nQ2: 4\n"))
    assert table.headings == ("event", "email", "stage", "received", "answer_1", "answer_2")
    assert table.rows == [(1, ["BR-02", "Ann@Example.org", "on_the_day", "2017-06-12 14:05", "yes", "4"])]


@pytest.mark.parametrize("line", ["Q1: 5", "q1 = 5", "1. 5", "1) 5", "  Question 1: 5 ", "1: 5"])
def test_an_answer_may_be_written_in_several_ways(line):
    assert answers(mail(f"Hello,\n\n{line}\nThanks")) == {"answer_1": "5"}


@pytest.mark.parametrize(
    "end",
    ["> 1: 2", "-----Original Message-----\n2: 3", "From: CSC <csc@example.org>\n2: 3", "On Mon, CSC wrote:\n2. Text?",
     "________________________________\n2: 3", "-- \n2: 3"],
)  # fmt: skip
def test_what_is_quoted_or_stands_below_is_no_answer(end):
    assert answers(mail(f"1: 5\n{end}\n")) == {"answer_1": "5"}


def test_of_a_mail_without_plain_text_the_markup_is_taken_out():
    html = "<style>3: x</style><div>1: yes</div><p>2:&nbsp;4<br>3: <b>Good</b></p><blockquote>4: 1</blockquote>"
    assert answers(mail("", html=html)) == {"answer_1": "yes", "answer_2": "4", "answer_3": "Good"}


@pytest.mark.parametrize(
    ("subject", "event", "stage"),
    [
        ("AW: [Evaluation br-02/three_months]", "BR-02", "three_months"),
        ("[evaluation BR-02]", "BR-02", ""),
        ("Zoë: [evaluation SOS-PL-09 3 months]", "SOS-PL-09", "3 months"),
    ],
)
def test_the_subject_says_what_is_answered(subject, event, stage):
    ((_, cells),) = read(mail("1: 5", subject=subject)).rows
    assert (cells[0], cells[2]) == (event, stage)


def test_other_mail_is_counted_and_left_alone():
    table = read(mail("1: 5", subject="lunch?"), mail("1: 5"), b"")
    assert [number for number, _ in table.rows] == [2]
    assert table.remarks == ("2 messages are no answers to an evaluation and were left alone.",)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_the_bytes(data):
    read(b"Subject: [evaluation BR-02]\n" + data)
