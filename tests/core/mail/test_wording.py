"""How messages are worded: what may be filled in, and that nothing else is."""

import pytest

from csc_tui.core.mail import wording
from csc_tui.core.mail.wording import Letter
from db.errors import WrongUse
from db.records.mail import MessageKind

OFFER = MessageKind.OFFER


@pytest.mark.parametrize("kind", MessageKind)
def test_the_programs_own_words_can_be_kept_as_they_are(kind: MessageKind) -> None:
    assert wording.check_letter(kind, wording.DEFAULT_LETTERS[kind]) == wording.DEFAULT_LETTERS[kind]


@pytest.mark.parametrize("kind", MessageKind)
def test_whatever_may_be_filled_in_is(kind: MessageKind) -> None:
    names = wording.allowed_placeholders(kind)
    filled = wording.fill_letter(
        Letter("s", " ".join(f"{{{name}}}" for name in names)), {name: f"<{name}>" for name in names}
    )
    assert filled.body == " ".join(f"<{name}>" for name in names) + "\n"


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        ("", "text", "The subject cannot be empty"),
        ("subject", " \n ", "The text cannot be empty"),
        ("Hello {surname}", "text", r"The subject has {surname}, .* The placeholders are: {forename}, {name}"),
        ("subject", "{questions}", "message"),
        ("subject", "{forename", "without its partner"),
        ("subject", "forename}", "without its partner"),
        ("subject", "{forename.__class__}", "one plain word"),
        ("subject", "{forename[0]}", "one plain word"),
        ("subject", "{forename!r}", "one plain word"),
        ("subject", "{forename:>900000000}", "one plain word"),
        ("subject", "{}", "one plain word"),
        ("subject", "{0}", "one plain word"),
        ("x" * 201, "text", "200 characters at most, not 201"),
        ("subject", "x" * 20_001, "20000"),
    ],
)
def test_words_that_could_not_be_filled_in_are_refused(subject: str, body: str, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        wording.check_letter(OFFER, Letter(subject, body))


def test_words_are_trimmed_and_a_subject_is_one_line() -> None:
    kept = wording.check_letter(OFFER, Letter(" A\n place\t", "\r\nDear {forename},  \r\nyes\r\n\r\n"))
    assert kept == Letter("A place", "Dear {forename},\nyes")


def test_what_could_move_a_cursor_is_kept_as_a_sign_that_can_be_seen() -> None:
    kept = wording.check_letter(OFFER, Letter("A\x1b[2Jplace", "Dear\x07 {forename}\tyes"))
    assert kept == Letter("A\ufffd[2Jplace", "Dear\ufffd {forename} yes")


def test_a_bracket_written_twice_stays_one() -> None:
    assert wording.fill_letter(wording.check_letter(OFFER, Letter("{{x}}", "y")), {}).subject == "{x}"


def test_what_is_filled_in_is_never_filled_in_again() -> None:
    filled = wording.fill_letter(Letter("{name}", "{name}"), {"name": "{organiser} {{", "organiser": "The office"})
    assert filled == Letter("{organiser} {{", "{organiser} {{\n")


def test_a_subject_stays_one_line_whatever_is_filled_in() -> None:
    assert wording.fill_letter(Letter("To {name}", "x"), {"name": "Bo\r\nBcc: all"}).subject == "To Bo Bcc: all"


def test_a_paragraph_that_comes_out_empty_leaves_no_gap() -> None:
    assert wording.fill_letter(Letter("s", "One\n\n{links}\n\nTwo"), {"links": ""}).body == "One\n\nTwo\n"


def test_every_kind_has_a_title_and_words() -> None:
    assert set(wording.MESSAGE_TITLES) == set(wording.DEFAULT_LETTERS) == set(MessageKind)
