"""The reference on a certificate, which names the course, person and day and detects mistyping."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters without those that are easily taken for another."""


@dataclass(frozen=True, slots=True)
class CertificateReference:
    """A reference such as `BR-12-20170626-7KQM`: course, person, day of completion and four check letters."""

    course: str
    person_id: int
    on: date

    def __str__(self) -> str:
        said = f"{self.course}-{self.person_id}-{self.on:%Y%m%d}"
        return f"{said}-{_check_letters(said)}"


def parse_certificate_reference(text: str) -> CertificateReference | None:
    """Return the parts of a reference, or None when it is mistyped."""
    said, _, letters = text.strip().upper().rpartition("-")
    course, _, rest = said.rpartition("-")[0].rpartition("-")
    day = said.rpartition("-")[2]
    if not (course and rest.isdecimal() and rest.isascii() and len(rest) < 19 and letters == _check_letters(said)):
        return None
    try:
        return CertificateReference(course, int(rest), datetime.strptime(day, "%Y%m%d").date())
    except ValueError:
        return None


def _check_letters(said: str) -> str:
    """Return the four letters that follow from the other parts."""
    number = int.from_bytes(sha256(said.encode()).digest()[:8])
    return "".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(4))
