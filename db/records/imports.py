"""Remembered headings of imports. Standard library only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RememberedHeading:
    """A heading with the field it was said to mean in imports of a kind.

    `said_on` is None where it was said before that was kept; `headings` are those of the file it was said for.
    """

    kind: str
    heading: str
    field: str
    said_on: date | None
    headings: str
