"""Rules that read the rows of a filled sign-in sheet or an attendance report: person, session, mark and minutes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from csc_tui.base import dates
from csc_tui.base.text import MARK_LETTERS, format_count
from csc_tui.core.attendance.rules import parse_mark
from csc_tui.core.imports.columns import ImportColumns, ImportField, ImportProblem, unfit_cells
from db.errors import WrongUse
from db.records.attendance import MarkKind

FIELDS = (
    ImportField(
        "event",
        "the event",
        ("event", "eventref", "eventreference", "reference"),
        needed=True,
        named_once=True,
    ),
    ImportField(
        "session",
        "the session's number",
        ("session", "sessionno", "sessionnumber"),
        needed=True,
        named_once=True,
    ),
    ImportField("person", "the person", ("person", "personid", "id", "employeeno", "employeenumber", "delegate")),
    ImportField(
        "email",
        "the e-mail address",
        ("email", "emailaddress", "mail", "workemail", "useremail", "participantidupn", "upn"),
        ranked=True,
        identifies=True,
    ),
    ImportField(
        "name",
        "the name",
        ("name", "fullname", "attendee", "delegatename", "nameoriginalname", "participant", "participantname"),
    ),
    ImportField(
        "mark", "the mark", ("mark", "attendance", "attended", "status", "outcome"), needed=True, instead="minutes"
    ),
    ImportField(
        "minutes",
        "the minutes attended",
        (
            "minutes", "mins", "minutesattended", "inmeetingduration", "totaldurationminutes", "durationminutes",
            "attendanceduration", "duration", "timeinsession",
        ),
        ranked=True,
    ),
    ImportField("joined", "when they joined", ("firstjoin", "jointime", "joined", "firstjointime"), ranked=True),
)  # fmt: skip
"""The fields of a sign-in sheet or an attendance report."""
_MOST_MINUTES = 1440
"""The minutes of a day."""
CROSS = "x"
"""The answer that a cross is asked for: some mean present by it, the window absent."""
_LETTERS = {letter: MarkKind(kind) for kind, letter in MARK_LETTERS.items()}
_FILE_WORDS = {
    **dict.fromkeys(("y", "✓", "✔", "☑", "✅", "1", "true", "ok", "there", "in full"), MarkKind.PRESENT),
    **dict.fromkeys(("n", "0", "false", "✗", "✘", "dna", "did not attend", "awol", "not attended"), MarkKind.ABSENT),
    **dict.fromkeys(("apols", "apol", "sent apols", "with apologies"), MarkKind.APOLOGIES),
}  # fmt: skip
"""Words and signs that people fill in, besides the mark's own words."""
_NO_MARK = ("n/a", "na", "-", "--", "?", "tbc", "not applicable")
_TIMED = (
    (re.compile(r"(?:left|leaving|went)(?: early)?(?: at)? (\d.*)"), MarkKind.LEFT_EARLY),
    (re.compile(r"(?:late|arrived|came|joined)(?: late)?(?: at)?,? (\d.*)"), MarkKind.LATE),
)


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark as read from a file; `person` is how the file names them, `minutes` None where it gives none.

    `arrived` and `left` are the times that a mark such as `Left at 11.30` gives.
    """

    row: int
    person: str
    mark: MarkKind
    minutes: int | None
    arrived: time | None = None
    left: time | None = None


@dataclass(frozen=True, slots=True)
class SessionMarks:
    """The marks of one session in a file; `days` are those on which an attendance report has people joining."""

    event: str
    session: int
    lines: list[MarkLine]
    days: set[date] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class CheckedMarks:
    """The rows of a sign-in sheet by session, in the order of the file; `unmarked` counts rows without a mark.

    `crosses` counts the rows that wait for the meaning of a cross; in a `report` everybody named was there, for so many
    minutes.
    """

    sheets: Sequence[SessionMarks]
    unmarked: int
    problems: Sequence[ImportProblem]
    rejected: int
    crosses: int = 0
    report: bool = False


def fields_of_marks(event: str, session: str) -> tuple[ImportField, ...]:
    """Return the fields of a file of marks; what was named for the whole file need not be in it."""
    named = {"event": event, "session": session}
    return tuple(replace(each, needed=False) if named.get(each.name) else each for each in FIELDS)


@dataclass(frozen=True, slots=True)
class NamedOnce:
    """The event and session said for the whole file, and the meaning of a cross; empty where nothing was said."""

    event: str
    session: str
    cross: str


def parse_mark_rows(
    rows: Sequence[tuple[int, Sequence[str]]], columns: ImportColumns, named: NamedOnce
) -> CheckedMarks:
    """Return the good rows by session, and the problems of the others."""
    if "mark" not in columns.places:
        return _parse_report(rows, columns, named)
    pick = columns.picker([each.name for each in FIELDS if each.name != "joined"])
    sheets: dict[tuple[str, int], SessionMarks] = {}
    problems: list[ImportProblem] = []
    unmarked = rejected = crosses = 0
    for row, cells in rows:
        event, session, person, email, name, mark, minutes = pick(cells)
        event, session = event or named.event, session or named.session
        number, noted = _number(session), parse_minutes(minutes)
        who = person or email or name
        found = unfit_cells(row, cells, columns)
        if not found and (not mark or mark.casefold() in _NO_MARK) and not minutes:
            unmarked += 1
            continue
        if not found and mark.casefold() == CROSS and not named.cross:
            found = [
                ImportProblem(row, columns.heading("mark"), f"'{mark}' is not used until you say what a cross means")
            ]
            crosses += 1
        given = _given_mark(mark, named.cross)
        if given is None and mark.casefold() == CROSS and named.cross:
            unmarked += 1
            continue
        kind = given.mark if given else None
        found = found or [
            ImportProblem(row, columns.heading(each), what)
            for each, wrong, what in (
                ("event", not event, "no event"),
                ("session", number is None, f"'{session}' is not a session number"),
                ("person", not who, "no person is named"),
                ("mark", kind is None, _no_mark(mark)),
                (
                    "minutes", bool(minutes) and (noted is None or noted > _MOST_MINUTES),
                    f"'{minutes}' is not a number of minutes",
                ),
                (
                    "minutes", noted == 0 and kind is not None and kind.attended,
                    f"marked {mark} with 0 minutes",
                ),
            )
            if wrong
        ]  # fmt: skip
        if found or given is None or number is None:
            problems += found
            rejected += 1
            continue
        sheet = sheets.setdefault((event.upper(), number), SessionMarks(event.upper(), number, []))
        sheet.lines.append(replace(given, row=row, person=who, minutes=noted or None))
    return CheckedMarks(list(sheets.values()), unmarked, problems, rejected, crosses)


def _given_mark(text: str, cross: str) -> MarkLine | None:
    """Return a mark with its times, as a line of nobody yet; None where it is none."""
    plain = " ".join(text.casefold().split()).rstrip(".!")
    if plain == CROSS:
        return MarkLine(0, "", MarkKind(cross), None) if cross in tuple(MarkKind) else None
    for pattern, kind in _TIMED:
        if found := pattern.fullmatch(plain):
            try:
                at = dates.parse_file_time(found[1])
            except WrongUse:
                return None
            late = kind is MarkKind.LATE
            return MarkLine(0, "", kind, None, arrived=at if late else None, left=None if late else at)
    known = _FILE_WORDS.get(plain) or _LETTERS.get(plain.upper())
    if known:
        return MarkLine(0, "", known, None)
    try:
        return MarkLine(0, "", parse_mark(text), None)
    except WrongUse:
        return None


def _no_mark(text: str) -> str:
    plain = " ".join(text.casefold().split())
    for pattern, _ in _TIMED:
        if found := pattern.fullmatch(plain):
            try:
                dates.parse_file_time(found[1])
            except WrongUse as problem:
                return f"'{text}': {str(problem).rstrip('.')}"
    return f"'{text}' is not a mark; the marks are {', '.join(MarkKind)}"


def _parse_report(rows: Sequence[tuple[int, Sequence[str]]], columns: ImportColumns, named: NamedOnce) -> CheckedMarks:
    """Return who was in an online meeting and for how long; rejoining is added up, and who cannot be told is listed."""
    pick = columns.picker([each.name for each in FIELDS if each.name != "mark"])
    sheets: dict[tuple[str, int], SessionMarks] = {}
    together: dict[tuple[str, int, str], MarkLine] = {}
    strangers: dict[str, tuple[int, int]] = {}
    problems: list[ImportProblem] = []
    rejected = 0
    for row, cells in rows:
        event, session, person, email, name, minutes, joined = pick(cells)
        event, number = (event or named.event).upper(), _number(session or named.session)
        noted = parse_minutes(minutes)
        found = unfit_cells(row, cells, columns)
        if not found and not event:
            found.append(ImportProblem(row, columns.heading("event"), "no event"))
        if not found and number is None:
            what = f"'{session or named.session}' is not a session number"
            found.append(ImportProblem(row, columns.heading("session"), what))
        if not found and noted is None:
            found.append(ImportProblem(row, columns.heading("minutes"), f"'{minutes}' is not a length of time"))
        if found or noted is None or number is None:
            problems += found
            rejected += 1
        elif who := person or email:
            sheet = sheets.setdefault((event, number), SessionMarks(event, number, []))
            sheet.days.update(_day_of(joined))
            key = (event, number, who.casefold())
            before = together.get(key, MarkLine(row, who, MarkKind.PRESENT, 0))
            together[key] = replace(before, minutes=(before.minutes or 0) + noted)
        else:
            first, before_minutes = strangers.get(name, (row, 0))
            strangers[name] = (first, before_minutes + noted)
    for (event, number, _), line in together.items():
        sheets[event, number].lines.append(line)
    for name, (row, total) in strangers.items():
        said = f"'{name}' has" if name else "a person without a name has"
        what = (
            f"{said} no e-mail address; there for {format_count(total, 'minute')}; find out who it is and mark them "
            "by hand"
        )
        problems.append(ImportProblem(row, columns.heading("name"), what))
    rejected += len(strangers)
    return CheckedMarks(list(sheets.values()), 0, problems, rejected, report=True)


def _day_of(stamp: str) -> set[date]:
    try:
        return {dates.parse_file_moment(stamp).date()} if stamp else set()
    except WrongUse:
        return set()


_LENGTH = re.compile(
    r"(?:(\d{1,2}) ?(?:h|hrs?|hours?) ?)?(?:(\d{1,4}) ?(?:m|mins?|minutes?) ?)?(?:(\d{1,5}) ?(?:s|secs?|seconds?))?"
)


def parse_minutes(text: str) -> int | None:
    """Return whole minutes written `178`, `2h 58m 10s` or `02:58:10`, without the seconds; None for anything else."""
    if (number := _number(text)) is not None:
        return number
    plain = text.casefold().replace(",", " ").strip()
    if found := re.fullmatch(r"(\d{1,2}):(\d{2}):(\d{2})", plain):
        return int(found[1]) * 60 + int(found[2])
    if plain and (found := _LENGTH.fullmatch(" ".join(plain.split()))):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 60 + minutes + seconds // 60
    return None


def _number(text: str) -> int | None:
    """Return a whole number as a spreadsheet may write it, such as `2` or `2.0`, or None."""
    whole = text.removesuffix(".0")
    return int(whole) if whole.isdecimal() and whole.isascii() and len(whole) < 6 else None
