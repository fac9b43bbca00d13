"""The scope of a report: its period, courses and people."""

from dataclasses import dataclass
from datetime import date

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from db.records.catalogue import ReportCourse
from db.records.people import Workplace

ALL_YEARS = "all"
"""The word that stands for every year since the start, where a programme year is asked for."""
SINCE_THE_START = "since the start"
EARLIEST = date(1900, 1, 1)
"""The first day of a period since the start."""


@dataclass(frozen=True, slots=True)
class ReportScope:
    """The period, courses and people that a report is about.

    `until` is the last day of the period or today, whichever comes first; `year` is the last year of the period. `home`
    is the organisation or team it is about, None for everybody.
    """

    ctx: Context
    year: int
    first: date
    last: date
    until: date
    courses: dict[int, ReportCourse]
    by: str = "course"
    home: Workplace | None = None

    @property
    def ids(self) -> list[int]:
        """Return the ids of the courses."""
        return list(self.courses)

    @property
    def whole(self) -> bool:
        """Return whether the period is every year since the start."""
        return self.first == EARLIEST

    @property
    def label(self) -> str:
        """Return the period in words."""
        return SINCE_THE_START if self.whole else programme_years.programme_year_label(self.year)
