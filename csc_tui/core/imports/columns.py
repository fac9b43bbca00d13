"""Rules that every import shares: which column is which field, what a cell may hold, and the report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from csc_tui.base.text import format_count
from db.errors import DatabaseTrouble, RuleBroken, WrongUse
from db.records.imports import RememberedHeading
from db.records.remedies import Remark, Remedy, RemedyKind
from exports.unsafe_characters import find_unsafe_character

IGNORE = "ignore"
"""The field of a column that is not to be read."""
FORGET = "forget"
"""The field of a column whose remembered meaning is to be forgotten."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something in a file that was not imported, or not as it stands; `row` is the row of the spreadsheet."""

    row: int
    column: str
    problem: str
    remedy: Remedy | None = None

    def worded(self, words: Mapping[str, str]) -> str:
        """Return the problem followed by its remedy in a face's words; a problem has no full stop of its own."""
        return f"{self.problem}. {self.remedy.worded(words)}" if self.remedy else self.problem


@dataclass(frozen=True, slots=True)
class ImportQuestion:
    """A question about the whole file, asked once; rows that wait for its answer are among those rejected.

    `choices` are (answer, its words).
    """

    name: str
    sentence: str
    choices: tuple[tuple[str, str], ...]
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class AbsentPerson:
    """An active person of an organisation of the file whom the file does not have."""

    person: str
    name: str
    email: str
    organisation: str
    team: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import.

    `rows` counts lines of the file, the other numbers people or events; `remarks` are about the file as a whole, and
    `questions` are those not answered yet.
    """

    rows: int
    new: int
    changed: int
    same: int
    rejected: int
    problems: Sequence[ImportProblem]
    remarks: Sequence[Remark]
    questions: Sequence[ImportQuestion]
    absent: Sequence[AbsentPerson]


class NothingImported(RuleBroken):
    """Raised when a row cannot be imported and the import is strict; `report` says why."""

    def __init__(self, report: ImportReport, what: str) -> None:
        super().__init__(
            f"{format_count(report.rejected, what)} cannot be imported, so nothing was imported.",
            Remedy(RemedyKind.IMPORT_GOOD_ROWS),
        )
        self.report = report


class StoppedHalfway(DatabaseTrouble):
    """Raised when the database failed after part of a file was stored."""

    def __init__(self, problem: DatabaseTrouble, done: int, of: int) -> None:
        why = str(problem).replace("Nothing was changed.", "").replace("  ", " ")
        super().__init__(
            f"The first {done:,} of {of:,} were imported and the others were not: {why.strip()} Correct this, then "
            "import the file again.",
            problem.remedy,
        )


class StopRequested(Exception):
    """Raised by a progress function to stop an import, so that no further batch is begun."""


class ImportStopped(RuleBroken):
    """Raised when somebody stopped an import; `done` items are stored, or none when it is strict."""

    def __init__(self, report: ImportReport, done: int, of: int) -> None:
        super().__init__(
            f"Stopped. The first {done:,} of {of:,} were imported and the others were not. To continue, import the "
            "same file again: rows already imported are skipped."
            if done
            else "Stopped. Nothing was imported."
        )
        self.report, self.done = report, done


class HeadingsUnclear(RuleBroken):
    """Raised when the headings do not say which column is which."""


class QuestionOpen(RuleBroken):
    """Raised when a question has to be answered before anything of the file can be read."""

    def __init__(self, question: ImportQuestion) -> None:
        super().__init__(f"{question.sentence} Nothing was imported.", question.remedy)
        self.question = question


@dataclass(frozen=True, slots=True)
class ImportField:
    """A field that a column can be read as; `headings` are its usual headings, in letters and digits alone.

    A `needed` field may be missing where the field `instead` is there. Of several columns for a `ranked` field the one
    whose heading comes first is read. A column that `identifies` somebody is not left out of a file for what was said
    about another. What can be `named_once` for the whole file need not be in it.
    """

    name: str
    label: str
    headings: tuple[str, ...]
    needed: bool = False
    instead: str = ""
    ranked: bool = False
    identifies: bool = False
    named_once: bool = False


@dataclass(frozen=True, slots=True)
class ImportColumns:
    """The place of each field in a row; a field that the file does not have is read as empty.

    `acted` are the remembered meanings that decided about a column, `set_aside` those that would have left out what the
    file needs.
    """

    places: Mapping[str, int]
    headings: Sequence[str]
    unread: Sequence[str]
    acted: Sequence[RememberedHeading] = ()
    set_aside: Sequence[RememberedHeading] = ()

    def heading(self, field: str) -> str:
        """Return the file's own heading for a field, to name it in an ImportProblem."""
        return self.headings[self.places[field]] if field in self.places else field

    def picker(self, names: Sequence[str]) -> Callable[[Sequence[str]], list[str]]:
        """Return a function that picks the cells of a row in the order of the names, without needless blanks."""
        places = [self.places.get(name, -1) for name in names]

        def pick(cells: Sequence[str]) -> list[str]:
            return [" ".join(cells[place].split()) if place >= 0 else "" for place in places]

        return pick


def heading_key(heading: str) -> str:
    """Return the letters and digits of a heading, so that `E-mail Address` and `EMAIL ADDRESS:` are equal."""
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


def assign_columns(
    name: str,
    fields: Sequence[ImportField],
    headings: Sequence[str],
    *,
    said: Mapping[str, str],
    remembered: Sequence[RememberedHeading],
) -> ImportColumns:
    """Return which column holds which field: as given, else as it was read last time, else as the heading suggests.

    `said` maps headings to fields. Raises WrongUse for an unknown column or field, and HeadingsUnclear
    when two columns claim one field or a needed one is missing.
    """
    spoken = _checked(fields, headings, said)
    guesses = {key: field.name for field in fields for key in field.headings}
    known = {field.name for field in fields} | {IGNORE}
    memory = {heading_key(each.heading): each for each in remembered if each.field in known}
    forgotten = {heading_key(heading) for heading, field in said.items() if field == FORGET}
    memory = {key: each for key, each in memory.items() if key not in spoken.keys() | forgotten}
    set_aside = _needed_here(fields, headings, memory, spoken, guesses)
    before = {key: each.field for key, each in memory.items() if each not in set_aside}
    claims: dict[str, list[tuple[int, int]]] = {}
    unread = []
    for place, heading in enumerate(headings):
        key = heading_key(heading)
        ways = (spoken.get(key), before.get(key), guesses.get(key))
        rank, field = next(((rank, way) for rank, way in enumerate(ways) if way in known), (0, None))
        if field is None or field == IGNORE:
            unread += [heading] if heading and field is None else []
        else:
            claims.setdefault(field, []).append((rank, place))
    labels = {field.name: field.label for field in fields}
    ranked = {field.name: field.headings for field in fields if field.ranked}
    places = {}
    for field, wanted in claims.items():
        best = min(rank for rank, _ in wanted)
        chosen = [place for rank, place in wanted if rank == best]
        order = ranked.get(field, ())
        if len(chosen) > 1 and all(heading_key(headings[place]) in order for place in chosen):
            chosen.sort(key=lambda place: order.index(heading_key(headings[place])))
            unread += [headings[place] for place in chosen[1:]]
            chosen = chosen[:1]
        if len(chosen) > 1:
            first, second = (headings[place] for place in chosen[:2])
            raise HeadingsUnclear(
                f"{name}: both '{first}' and '{second}' could be {labels[field]}. Nothing was imported.",
                Remedy(RemedyKind.IGNORE_COLUMN, column=second),
            )
        places[field] = chosen[0]
        unread += [headings[place] for rank, place in wanted if rank != best]
    _check_complete(name, fields, headings, places)
    keys = {heading_key(heading): guesses.get(heading_key(heading), "") for heading in headings if heading}
    acted = [each for key, each in memory.items() if key in keys and key in before and each.field != keys[key]]
    return ImportColumns(places, headings, unread, acted, set_aside)


def _needed_here(
    fields: Sequence[ImportField],
    headings: Sequence[str],
    memory: Mapping[str, RememberedHeading],
    spoken: Mapping[str, str],
    guesses: Mapping[str, str],
) -> list[RememberedHeading]:
    """Return the columns that were to be left out of another file, and without which nobody is identified in this."""
    here = headings_key(headings)
    needed = {field.name for field in fields if field.identifies}
    keys = [heading_key(heading) for heading in headings if heading]
    taken = {
        spoken.get(key) or (memory[key].field if key in memory else guesses.get(key)) for key in keys
    }  # fmt: skip
    return [
        memory[key]
        for key in keys
        if key in memory
        and memory[key].field == IGNORE
        and memory[key].headings != here
        and guesses.get(key) in needed - taken
    ]


def headings_key(headings: Iterable[str]) -> str:
    """Return the headings of a file as one text, to tell whether another file is of the same form."""
    return " ".join(heading_key(heading) for heading in headings if heading)


def known_heading(fields: Sequence[ImportField]) -> Callable[[str], bool]:
    """Return a function that tells whether a cell is a usual heading of one of the fields."""
    known = {key for field in fields for key in field.headings}
    return lambda cell: heading_key(cell) in known


def guess_columns(
    fields: Sequence[ImportField],
    headings: Sequence[str],
    *,
    said: Mapping[str, str],
    remembered: Sequence[RememberedHeading],
) -> list[tuple[str, str]]:
    """Return each heading with the field it would be read as, empty where it cannot be told; never raises."""
    forgotten = {heading_key(heading) for heading, field in said.items() if field == FORGET}
    ways = [{heading_key(heading): field for heading, field in said.items() if field != FORGET}]
    ways.append({key: each.field for each in remembered if (key := heading_key(each.heading)) not in forgotten})
    ways.append({key: field.name for field in fields for key in field.headings})
    known = {field.name for field in fields} | {IGNORE}
    return [
        (heading, next((way[key] for way in ways if way.get(key) in known), ""))
        for heading in headings
        if (key := heading_key(heading))
    ]


def _checked(fields: Sequence[ImportField], headings: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    names = [field.name for field in fields]
    there = {heading_key(heading) for heading in headings}
    for heading, field in said.items():
        if field not in names and field not in (IGNORE, FORGET):
            raise WrongUse(
                f"There is no field '{field}'. The fields are: {', '.join([*names, IGNORE, FORGET])}.",
                Remedy(RemedyKind.CORRECT_MAPPING),
            )
        if heading_key(heading) not in there:
            raise WrongUse(
                f"The file has no column '{heading}'. Its headings are: {_listed(headings)}.",
                Remedy(RemedyKind.CORRECT_MAPPING),
            )
    return {heading_key(heading): field for heading, field in said.items() if field != FORGET}


def _check_complete(
    name: str, fields: Sequence[ImportField], headings: Sequence[str], places: Mapping[str, int]
) -> None:
    missing = [each for each in fields if each.needed and each.name not in places and each.instead not in places]
    if missing:
        labels = " and ".join(field.label for field in missing)
        raise HeadingsUnclear(
            f"{name} has no column for {labels}. Its headings are: {_listed(headings)}. Nothing was imported.",
            Remedy(RemedyKind.NAME_EVENT, field=missing[0].name)
            if missing[0].named_once
            else Remedy(RemedyKind.MAP_NEEDED_FIELD, field=missing[0].name),
        )


def _listed(headings: Iterable[str]) -> str:
    return ", ".join(heading for heading in headings if heading)


_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#ERROR!")


def unfit_cells(row: int, cells: Sequence[str], columns: ImportColumns) -> list[ImportProblem]:
    """Return a problem for each cell of a row with invisible characters or a formula's error."""
    whole = "".join(cells)
    if whole.isprintable() and "#" not in whole:
        return []
    return [
        ImportProblem(row, columns.headings[place], what)
        for place in sorted(columns.places.values())
        if (what := text_fault(cells[place]))
    ]


def text_fault(cell: str) -> str:
    """Return what no cell and no field may hold, in words; empty if the text is good."""
    if (found := find_unsafe_character(cell)) is not None:
        return f"has an invisible character, {character_name(cell[found])}, at position {found + 1}"
    if cell.strip() in _ERRORS:
        return f"has {cell.strip()}, a formula error, instead of a value"
    return ""


def look_alike_warning(name: str) -> str:
    """Return a warning about a name that mixes letters of another alphabet into a word of plain ones.

    Empty if it does not. A word that is wholly in another alphabet is a word of a language.
    """
    if name.isascii():
        return ""
    for word in name.split():
        if any(letter.isascii() and letter.isalpha() for letter in word):
            for letter in word:
                if letter.isalpha() and "LATIN" not in character_name(letter):
                    return f"'{name}' has {character_name(letter)}, which is not a plain letter and may be a lookalike"
    return ""


def character_name(letter: str) -> str:
    """Return the name of a character: `ZERO WIDTH SPACE (U+200B)`."""
    import unicodedata

    code = f"U+{ord(letter):04X}"
    return f"{unicodedata.name(letter, '')} ({code})".strip() if unicodedata.name(letter, "") else code
