"""Evaluations answered by mail, as people really write them."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_tui.core.mail import wording
from db.records.mail import MessageKind
from exports import evaluation_mail
from exports.table_search import Table


def mail(body: str, *, subject: str = "Re: [evaluation BR-02 on_the_day] What did you think?", html: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "Ann Smith <Ann@Example.org>"
    message["Date"] = "Mon, 12 Jun 2017 13:05:00 +0000"
    if body:
        message.set_content(body)
    if html:
        (message.add_alternative if body else message.set_content)(html, subtype="html")
    return message.as_bytes()


def read(*mails: bytes) -> Table:
    return evaluation_mail.parse_evaluation_mails("mbox", [("x", each) for each in mails], zone="Europe/London")


def answers(data: bytes) -> dict[str, str]:
    table = read(data)
    ((_, cells),) = table.rows
    return {name: said for name, said in zip(table.headings, cells, strict=True) if said and name.startswith("answer")}


def test_a_mail_is_a_line_of_the_table_with_its_event_sender_stage_and_time() -> None:
    table = read(mail("Q1: yes\nQ2: 4\n"))
    assert table.headings == ("event", "email", "stage", "received", "answer_1", "answer_2")
    assert table.rows == [(1, ["BR-02", "Ann@Example.org", "on_the_day", "2017-06-12 14:05", "yes", "4"])]


@pytest.mark.parametrize("line", ["Q1: 5", "q1 = 5", "1. 5", "1) 5", "  Question 1: 5 ", "1: 5"])
def test_an_answer_may_be_written_in_several_ways(line: str) -> None:
    assert answers(mail(f"Hello,\n\n{line}\nThanks")) == {"answer_1": "5"}


@pytest.mark.parametrize(
    "end",
    ["> 1: 2", "-----Original Message-----\n2: 3", "From: CSC <csc@example.org>\n2: 3", "On Mon, CSC wrote:\n2. Text?",
     "________________________________\n2: 3", "-- \n2: 3"],
)  # fmt: skip
def test_what_is_quoted_or_stands_below_is_no_answer(end: str) -> None:
    assert answers(mail(f"1: 5\n{end}\n")) == {"answer_1": "5"}


def test_of_a_mail_without_plain_text_the_markup_is_taken_out() -> None:
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
def test_the_subject_says_what_is_answered(subject: str, event: str, stage: str) -> None:
    ((_, cells),) = read(mail("1: 5", subject=subject)).rows
    assert (cells[0], cells[2]) == (event, stage)


@pytest.mark.parametrize(
    ("kind", "stage"), [(MessageKind.EVALUATION, "on_the_day"), (MessageKind.FOLLOW_UP, "three_months")]
)
def test_what_the_requests_are_headed_is_understood_in_their_answers(kind: MessageKind, stage: str) -> None:
    subject = wording.DEFAULT_LETTERS[kind].subject.format(title="Being Restorative", event="BR-02")
    ((_, cells),) = read(mail("1: yes", subject=f"Re: {subject}")).rows
    assert (cells[0], cells[2]) == ("BR-02", stage)


@pytest.mark.parametrize("kind", [MessageKind.EVALUATION, MessageKind.FOLLOW_UP])
@pytest.mark.parametrize("before", ["> ", ""])
def test_nothing_of_the_request_is_an_answer_even_where_a_program_does_not_mark_it(
    kind: MessageKind, before: str
) -> None:
    text = wording.DEFAULT_LETTERS[kind].body.replace("{questions}", "1. Was it useful?\n2. What else?")
    below = "".join(f"{before}{line}\n" for line in text.splitlines())
    assert answers(mail(f"2: no\n\n{below}")) == {"answer_2": "no"}
    assert answers(mail(f"\n{below}")) == {}


def test_other_mail_is_counted_and_left_alone() -> None:
    table = read(mail("1: 5", subject="lunch?"), mail("1: 5"), b"")
    assert [number for number, _ in table.rows] == [2]
    assert table.remarks == ("Ignored 2 messages that are not answers to an evaluation.",)


@pytest.mark.parametrize("sign", ["-", " ", "1", "On ", "Q"])
def test_a_line_made_to_keep_a_program_busy_is_read_like_any(sign: str) -> None:
    """Nothing here grows with the square of the length, or this would not end."""
    assert answers(mail(f"1: yes\n{sign * 100_000}\n")) == {"answer_1": "yes"}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_of_a_mail_are_a_fault(data: bytes) -> None:
    read(b"Subject: [evaluation BR-02]\n" + data)
