"""Names and sentences as people type them."""

import pytest

from csc_tui.base.typed_text import one_line, required_line
from db.errors import WrongUse


def test_what_was_typed_is_one_line_with_single_blanks() -> None:
    assert one_line("  Practice \n  Leads\t") == "Practice Leads"
    assert required_line(" Practice  Leads ", "A group", "a name", most=14) == "Practice Leads"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (" \n ", "A group needs a name. Nothing was changed."),
        ("x" * 15, "A group can have 14 characters at most, not 15. Nothing was changed."),
    ],
)
def test_what_is_missing_or_too_long_is_said(typed: str, sentence: str) -> None:
    with pytest.raises(WrongUse) as refused:
        required_line(typed, "A group", "a name", most=14)
    assert str(refused.value) == sentence
