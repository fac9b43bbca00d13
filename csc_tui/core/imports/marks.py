"""Rows of a filled sign-in sheet: who, in which session, with which mark. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from csc_tui.core.attendance.rules import parse_mark
from csc_tui.core.imports.columns import Columns, Field, Problem, unfit_cells
from db.errors import WrongUse
from db.records.attendance import MarkKind

FIELDS = (
    Field("event", "the event", ("event", "eventref", "eventreference", "reference"), needed=True),
    Field("session", "the session's number", ("session", "sessionno", "sessionnumber"), needed=True),
    Field("person", "the person", ("person", "personid", "id", "employeeno", "employeenumber", "delegate")),
    Field("email", "the e-mail address", ("email", "emailaddress", "mail", "workemail")),
    Field("name", "the name", ("name", "fullname", "attendee", "delegatename")),
    Field("mark", "the mark", ("mark", "attendance", "attended", "status", "outcome"), needed=True),
    Field("minutes", "the minutes", ("minutes", "mins", "minutesattended")),
)
_MOST = 1440
"""Minutes of a day."""


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One mark as the file says it; `person` is how the file names them, `minutes` None where it says nothing."""

    row: int
    person: str
    mark: MarkKind
    minutes: int | None


@dataclass(frozen=True, slots=True)
class SheetOf:
    """What a file says about one session."""

    event: str
    session: int
    lines: list[MarkLine]


@dataclass(frozen=True, slots=True)
class CheckedMarks:
    """`sheets` in the order of the file; `unmarked` rows say nothing about anybody."""

    sheets: Sequence[SheetOf]
    unmarked: int
    problems: Sequence[Problem]
    rejected: int


def check(rows: Sequence[tuple[int, Sequence[str]]], columns: Columns) -> CheckedMarks:
    """Sort good rows from bad ones, and bring those of one session together."""
    pick = columns.picker([field.name for field in FIELDS])
    sheets: dict[tuple[str, int], SheetOf] = {}
    problems: list[Problem] = []
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
            Problem(row, columns.heading(field), what)
            for field, wrong, what in (
                ("event", not event, "no event"),
                ("session", number is None, f"'{session}' is no session number"),
                ("person", not who, "nobody is named"),
                ("mark", kind is None, f"'{mark}' is no mark; there are {', '.join(MarkKind)}"),
                (
                    "minutes", bool(minutes) and (noted is None or noted > _MOST),
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
        sheet = sheets.setdefault((event.upper(), number), SheetOf(event.upper(), number, []))
        sheet.lines.append(MarkLine(row, who, kind, noted or None))
    return CheckedMarks(list(sheets.values()), unmarked, problems, rejected)


def _kind(text: str) -> MarkKind | None:
    try:
        return parse_mark(text)
    except WrongUse:
        return None


def _number(text: str) -> int | None:
    """A whole number as a spreadsheet may write it: `2`, `2.0`."""
    whole = text.removesuffix(".0")
    return int(whole) if whole.isdecimal() and whole.isascii() and len(whole) < 6 else None
