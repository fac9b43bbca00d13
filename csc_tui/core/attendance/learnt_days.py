"""Rules about the days on which something was learnt earlier, as people write them: a date, a month, a year or `Y`."""

import re
from datetime import date
from typing import NamedTuple

from csc_tui.base import dates
from csc_tui.base.text import MONTH_NAMES
from db.errors import WrongUse
from db.records.attendance import UNKNOWN_DAY, KnownTo

DONE = frozenset((
    "y", "yes", "✓", "✔", "☑", "✅", "true", "1", "done", "complete", "completed", "attended", "passed", "pass",
    "complete via rpl", "completed via rpl", "completed (achieved pass grade)", "achieved",
))  # fmt: skip
"""Words for a completion without its day."""
NOT_DONE = frozenset((
    "", "-", "--", "–", "n", "no", "n/a", "na", "not applicable", "not required", "false", "0", "✗", "✘", "none",
    "never", "not complete", "not completed", "incomplete", "in progress", "not started", "not yet started",
    "not completed (failed)", "completed (did not achieve pass grade)", "did not attend", "dna", "not attended",
))  # fmt: skip
"""Words for no completion at all."""
_MONTHS = {name[:3].casefold(): number for number, name in enumerate(MONTH_NAMES, 1)}


class LearntDay(NamedTuple):
    """The day of something learnt earlier, and how much of it is known; its month or year where that is all."""

    on: date
    known_to: KnownTo


def parse_learnt_day(text: str, today: date) -> LearntDay | None:
    """Return when a cell says that something was completed; None where it says that it was not.

    A cell is a date, `10/2016`, `Oct 2016`, a year or `Y`. Of a month or a year the first day counts. Raises WrongUse
    where it would have to be guessed at, and for a day to come.
    """
    words = " ".join(text.casefold().replace(",", " ").split())
    if words in NOT_DONE:
        return None
    if words in DONE:
        return LearntDay(UNKNOWN_DAY, KnownTo.UNKNOWN)
    found = _month_or_year(words) or LearntDay(dates.parse_file_date(text), KnownTo.DAY)
    if found.on > today:
        raise WrongUse(f"'{text.strip()}' is in the future. A completion is of a day that is over.")
    if found.on <= UNKNOWN_DAY:
        raise WrongUse(f"'{text.strip()}' is too long ago for a completion.")
    return found


def _month_or_year(words: str) -> LearntDay | None:
    if re.fullmatch(r"(19|20)\d\d", words, re.ASCII):
        return LearntDay(date(int(words), 1, 1), KnownTo.YEAR)
    if found := re.fullmatch(r"(\d{1,2})[/.-]((?:19|20)\d\d)|((?:19|20)\d\d)[/.-](\d{1,2})", words, re.ASCII):
        month, year = int(found[1] or found[4]), int(found[2] or found[3])
        return LearntDay(date(year, month, 1), KnownTo.MONTH) if 1 <= month <= 12 else None
    # `Oct-16` is how a spreadsheet shows a month; of `Oct 16` nobody knows whether it is a year or a day.
    named = re.fullmatch(r"([a-z]{3,9})\.?(?:[ /-]?((?:19|20)\d\d)|[-/'](\d\d))", words, re.ASCII)
    number = _MONTHS.get(named[1][:3], 0) if named else 0
    if named and number and MONTH_NAMES[number - 1].casefold().startswith(named[1]):
        year = int(named[2]) if named[2] else 2000 + int(named[3]) - (100 if int(named[3]) >= dates.CENTURY else 0)
        return LearntDay(date(year, number, 1), KnownTo.MONTH)
    return None
