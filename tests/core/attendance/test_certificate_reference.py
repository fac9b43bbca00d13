"""The reference of a certificate."""

from datetime import date

import pytest

from csc_tui.core.attendance import certificate_reference
from csc_tui.core.attendance.certificate_reference import CertificateReference, parse_certificate_reference

GIVEN = CertificateReference("SOS-INTRO", 12, date(2017, 6, 26))


def test_a_reference_says_what_was_completed_by_whom_and_when() -> None:
    assert str(GIVEN).startswith("SOS-INTRO-12-20170626-")
    assert parse_certificate_reference(str(GIVEN)) == GIVEN
    assert parse_certificate_reference(f" {str(GIVEN).lower()} ") == GIVEN


@pytest.mark.parametrize("place", range(len(str(GIVEN))))
def test_one_wrong_letter_anywhere_is_noticed(place: int) -> None:
    text = str(GIVEN)
    wrong = "8" if text[place] != "8" else "9"
    assert parse_certificate_reference(text[:place] + wrong + text[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "-", "BR-12", "BR-12-20170626", "-12-20170626-AAAA", "BR-²-20170626-AAAA"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse_certificate_reference(text) is None


def test_a_day_that_is_none_makes_no_reference() -> None:
    said = "BR-12-20170230"
    assert parse_certificate_reference(f"{said}-{certificate_reference._check_letters(said)}") is None
