"""A certificate says how long somebody learned."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from db.records.attendance import Certificate
from exports import certificates


@pytest.mark.parametrize(("minutes", "said"), [(60, "1 hour of CPD attended"), (90, "1.5 hours of CPD attended")])
def test_hours_are_counted_in_words_that_fit(minutes: int, said: str) -> None:
    one = Certificate("C-1", 1, "Bo Smith", "Being Restorative", ("Module 1",), date(2017, 6, 26), None, minutes, "Us")
    assert said in PdfReader(io.BytesIO(certificates.render_certificate_pdf(one))).pages[0].extract_text()
