"""What a report is asked about: which time, which courses, which people."""

from dataclasses import dataclass
from datetime import date

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from db.records.catalogue import ReportCourse
from db.records.people import Workplace

ALL_YEARS = "all"
"""Stands for every year since the start, where a programme year is asked for."""
SINCE_THE_START = "since the start"
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class ReportScope:
    """`until` is the last day of the period or today, whichever is first; `year` is the last one of the period.

    `home` is the organisation or team the report is about, None for everybody.
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
        return list(self.courses)

    @property
    def whole(self) -> bool:
        """Whether it is about every year since the start."""
        return self.first == EARLIEST

    @property
    def label(self) -> str:
        return SINCE_THE_START if self.whole else programme_years.programme_year_label(self.year)
