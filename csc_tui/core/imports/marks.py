"""Rules that read the rows of a filled sign-in sheet: the person, the session and the mark."""

from collections.abc import Sequence
from dataclasses import dataclass

from csc_tui.core.attendance.rules import parse_mark
from csc_tui.core.imports.columns import ImportColumns, ImportField, ImportProblem, unfit_cells
from db.errors import WrongUse
from db.records.attendance import MarkKind

FIELDS = (
    ImportField("event", "the event", ("event", "eventref", "eventreference", "reference"), needed=True),
    ImportField("session", "the session's number", ("session", "sessionno", "sessionnumber"), needed=True),
    ImportField("person", "the person", ("person", "personid", "id", "employeeno", "employeenumber", "delegate")),
    ImportField("email", "the e-mail address", ("email", "emailaddress", "mail", "workemail")),
    ImportField("name", "the name", ("name", "fullname", "attendee", "delegatename")),
    ImportField("mark", "the mark", ("mark", "attendance", "attended", "status", "outcome"), needed=True),
    ImportField("minutes", "the minutes", ("minutes", "mins", "minutesattended")),
)
"""The fields of a sign-in sheet."""
_MOST_MINUTES = 1440
"""The minutes of a day."""


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark as read from a file; `person` is how the file names them, `minutes` None where it gives none."""

    row: int
    person: str
    mark: MarkKind
    minutes: int | None


@dataclass(frozen=True, slots=True)
class SessionMarks:
    """The marks of one session in a file."""

    event: str
    session: int
    lines: list[MarkLine]


@dataclass(frozen=True, slots=True)
class CheckedMarks:
    """The rows of a sign-in sheet by session, in the order of the file; `unmarked` counts rows without a mark."""

    sheets: Sequence[SessionMarks]
    unmarked: int
    problems: Sequence[ImportProblem]
    rejected: int


def parse_mark_rows(rows: Sequence[tuple[int, Sequence[str]]], columns: ImportColumns) -> CheckedMarks:
    """Return the good rows by session, and the problems of the others."""
    pick = columns.picker([field.name for field in FIELDS])
    sheets: dict[tuple[str, int], SessionMarks] = {}
    problems: list[ImportProblem] = []
    unmarked = rejected = 0
    for row, cells in rows:
        event, session, person, email, name, mark, minutes = pick(cells)
        number, kind, noted = _number(session), _kind(mark), _number(minutes)
        who = person or email or name
        found = unfit_cells(row, cells, columns)
        if not found and not mark and not minutes:
            unmarked += 1
            continue
        found = found or [
            ImportProblem(row, columns.heading(field), what)
            for field, wrong, what in (
                ("event", not event, "no event"),
                ("session", number is None, f"'{session}' is no session number"),
                ("person", not who, "nobody is named"),
                ("mark", kind is None, f"'{mark}' is no mark; there are {', '.join(MarkKind)}"),
                (
                    "minutes", bool(minutes) and (noted is None or noted > _MOST_MINUTES),
                    f"'{minutes}' is no number of minutes",
                ),
                (
                    "minutes", noted == 0 and kind is not None and kind.attended,
                    f"marked {mark}, and 0 minutes",
                ),
            )
            if wrong
        ]  # fmt: skip
        if found or kind is None or number is None:
            problems += found
            rejected += 1
            continue
        sheet = sheets.setdefault((event.upper(), number), SessionMarks(event.upper(), number, []))
        sheet.lines.append(MarkLine(row, who, kind, noted or None))
    return CheckedMarks(list(sheets.values()), unmarked, problems, rejected)


def _kind(text: str) -> MarkKind | None:
    try:
        return parse_mark(text)
    except WrongUse:
        return None


def _number(text: str) -> int | None:
    """Return a whole number as a spreadsheet may write it, such as `2` or `2.0`, or None."""
    whole = text.removesuffix(".0")
    return int(whole) if whole.isdecimal() and whole.isascii() and len(whole) < 6 else None
