"""Imports of what people learnt before or elsewhere: spreadsheets of years gone by, and learning platforms' exports."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Unpack

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.base.transaction import change_transaction
from csc_tui.core.attendance import learnt_days, outcomes
from csc_tui.core.attendance.learnt_days import LearntDay
from csc_tui.core.imports import completions
from csc_tui.core.imports.columns import (
    FORGET,
    IGNORE,
    HeadingsUnclear,
    ImportField,
    ImportQuestion,
    ImportReport,
    guess_columns,
    heading_key,
    text_fault,
)
from csc_tui.core.imports.completions import (
    LONG_FIELDS,
    PERSON_FIELDS,
    CourseDirectory,
    LearntSubject,
)
from csc_tui.core.imports.import_run import ImportOptions, ImportRun
from db import catalogue, earlier_learning, imports
from db.engine import journal
from db.engine import search as engine_search
from db.engine.connection import read_transaction
from db.errors import NotFound, WrongUse
from db.records.attendance import EarlierLearning, SameLearning
from db.records.people import KnownPerson
from db.records.remedies import Remark, Remedy, RemedyKind
from exports.table_search import Table

KIND = "completions"
AT_ONCE = 40_000
"""The completions stored in one transaction."""
COURSE_QUESTION = "course "
"""The beginning of the name of a question about a course that is not known; the rest is the course as it is written."""
MOST_COURSES_ASKED = 12


def list_completion_fields(ctx: Context) -> list[ImportField]:
    """Return the fields that a column can be read as: of one completion a row, and each course and module."""
    del ctx  # every query takes it
    with read_transaction():
        directory = _load_directory()
    return [*LONG_FIELDS, *directory.fields()]


def import_completions(
    ctx: Context, table: Table, *, wide: bool = False, course: str = "", provider: str = "",
    **asked: Unpack[ImportOptions],
) -> ImportReport:  # fmt: skip
    """Import what people learnt before or elsewhere, as one step that can be undone whole.

    The rows hold one completion each, or in a `wide` table one person each with a column for each course or module.
    `course` and `provider` are those of the whole file, where no column says them. The report counts completions.
    Raises NothingImported when `strict` and something cannot be imported, HeadingsUnclear, NotFound and WrongUse.
    """
    with read_transaction():
        directory = _load_directory()
        remembered = imports.fetch_remembered_headings(KIND)
    table = completions.join_completion_dates(table)
    named = _find_named_course(directory, course) or completions.course_in_file_name(table.name, directory)
    known = {heading_key(heading) for heading in table.headings}
    of_headings = {heading: field for heading, field in asked["mapping"].items() if heading_key(heading) in known}
    of_courses = {heading: field for heading, field in asked["mapping"].items() if heading not in of_headings}
    guessed = dict(guess_columns(LONG_FIELDS, table.headings, said=of_headings, remembered=remembered))
    long = not wide and (completions.is_long(guessed) or (named is not None and "date" in guessed.values()))
    fields = [*LONG_FIELDS] if long else [*PERSON_FIELDS, *directory.fields()]
    run = ImportRun(ctx, KIND, table, fields, {**asked, "mapping": of_headings if long else asked["mapping"]})
    if not set(run.columns.places) & {field.name for field in PERSON_FIELDS}:
        raise HeadingsUnclear(
            f"{table.name} has no column that looks like a person: an e-mail address, an employee number or a name. "
            "Nothing was imported.",
            Remedy(RemedyKind.MAP_NEEDED_FIELD, field="email"),
        )
    if named and long and not course and "course" not in run.columns.places:
        run.remarks.append(Remark(f"The course is {named.label}, as the name of the file says."))
    reader = _CompletionReader(run, directory, _PersonDirectory(), provider.strip())
    if long:
        meanings = {heading_key(each.heading): each.field for each in remembered}
        meanings |= {heading_key(heading): field for heading, field in of_courses.items()}
        found = reader.read_long(named, meanings)
        reader.ask_about_courses()
    else:
        found = reader.read_wide()
    _CompletionImport(run).store(found)
    if long and not run.dry_run:
        reader.remember_courses(of_courses)
    return run.report()


def _load_directory() -> CourseDirectory:
    return CourseDirectory(catalogue.fetch_all_courses(), catalogue.fetch_modules())


def _find_named_course(directory: CourseDirectory, text: str) -> LearntSubject | None:
    """Return the course or module that was named for the whole file. Raises NotFound."""
    if not text.strip():
        return None
    found = directory.by_field.get(text.strip().lower()) or directory.find_subject(text)
    if found is None:
        listed = ", ".join(each.field.upper() for each in directory.subjects if each.module_id is None)
        raise NotFound(f"There is no course '{text.strip()}'. Nothing was imported. The courses are: {listed}.")
    return found


class _PersonDirectory:
    """Everybody by what files call them: number, address (also a former one), `#5`, or a name that only one has."""

    def __init__(self) -> None:
        with read_transaction():
            known = imports.fetch_known_people()
            former = imports.fetch_former_addresses()
        self.by_id: dict[int, KnownPerson] = {each.id: each for each in known}
        self._by_text = {key: each for each, keys in former.items() if each in self.by_id for key in keys.split()}
        self._by_text = {key.casefold(): each for key, each in self._by_text.items()}
        self._by_text |= {each.employee_number.casefold(): each.id for each in known if each.employee_number}
        self._by_text |= {each.email.casefold(): each.id for each in known if each.email}
        self._by_text |= {f"#{each.id}": each.id for each in known}
        self._by_name: dict[str, list[int]] = {}
        for each in known:
            for name in {f"{each.forename} {each.surname}", f"{each.surname} {each.forename}"}:
                self._by_name.setdefault(engine_search.fold_text(name), []).append(each.id)

    def find(self, cells: Mapping[str, str]) -> tuple[int, str, str]:
        """Return the person's id, or 0 with the field that is wrong and why."""
        found: dict[int, str] = {}
        for field in ("person", "number", "email"):
            if (text := cells[field].casefold()) and (person_id := self._by_text.get(text)):
                found.setdefault(person_id, field)
        if len(found) > 1:
            (one, first), (other, second) = list(found.items())[:2]
            return 0, second, f"is of {self._name(other)}, but {cells[first]} is of {self._name(one)}"
        if found:
            return next(iter(found)), "", ""
        given = next((field for field in ("email", "number", "person") if cells[field]), "")
        name = cells["name"] or (cells["person"] if given == "person" else "")
        if given in ("", "person") and name:
            alike = self._by_name.get(engine_search.fold_text(name.replace(",", " ").replace("  ", " ")), [])
            if len(set(alike)) == 1:
                return alike[0], "", ""
            several = "is the name of several people; give an address or a number"
            why = several if alike else "is not a person stored here"
            return 0, "name" if cells["name"] else "person", f"'{name}' {why}"
        if not given:
            return 0, "email", "no person is named"
        return 0, given, f"'{cells[given]}' is not a person stored here"

    def _name(self, person_id: int) -> str:
        known = self.by_id[person_id]
        return f"{known.forename} {known.surname}".strip()


class _CompletionReader:
    """Reads the rows of a file; what cannot be read is noted in the report."""

    def __init__(self, run: ImportRun, directory: CourseDirectory, people: _PersonDirectory, provider: str) -> None:
        self.run, self.directory, self.people, self.provider = run, directory, people, provider
        self._today = run.ctx.today()
        self._days: dict[str, LearntDay | str | None] = {}
        self._unknown: Counter[str] = Counter()

    def read_wide(self) -> list[EarlierLearning]:
        """Return the completions of a table with a column for each course or module. Raises HeadingsUnclear."""
        places = self.run.columns.places
        subjects = [(places[name], each) for name, each in self.directory.by_field.items() if name in places]
        if not subjects:
            raise HeadingsUnclear(
                f"{self.run.table.name} has no column that is a course or a module, by its code or its title. Nothing "
                "was imported.",
                Remedy(RemedyKind.MAP_NEEDED_FIELD, field=next(iter(self.directory.by_field), "")),
            )
        found = []
        pick = self.run.columns.picker([field.name for field in PERSON_FIELDS])
        days = self._days
        for row, cells in self.run.table.rows:
            person_id = 0
            for place, subject in subjects:
                text = cells[place]
                if not text:
                    continue
                day = days[text] if text in days else self._day(text)
                if day is None:
                    continue
                if not person_id and not (person_id := self._person(row, pick(cells))):
                    break
                if isinstance(day, str):
                    self.run.reject(row, subject.field, day)
                else:
                    found.append(EarlierLearning(
                        person_id, subject.course_id, subject.module_id, day.on, day.known_to, self.provider,
                    ))  # fmt: skip
        return found

    def read_long(self, named: LearntSubject | None, meanings: Mapping[str, str]) -> list[EarlierLearning]:
        """Return the completions of a table with one in each row.

        `named` is the course of the whole file, `meanings` the fields that courses were said to be, by heading_key().
        """
        names = [field.name for field in LONG_FIELDS]
        pick = self.run.columns.picker(names)
        found = []
        for row, picked in self.run.table.rows:
            cells = dict(zip(names, pick(picked), strict=True))
            if not any(cells.values()):
                continue
            if (learnt := self._read_row(row, cells, named, meanings)) is not None:
                found.append(learnt)
        return found

    def _read_row(
        self, row: int, cells: Mapping[str, str], named: LearntSubject | None, meanings: Mapping[str, str]
    ) -> EarlierLearning | None:
        """Return the completion of a row; None where there is none, or where it was rejected."""
        for field, text in cells.items():
            if fault := text_fault(text):
                self.run.reject(row, field, fault)
                return None
        status = self._day(cells["status"]) if cells["status"] else ""
        day = self._day(cells["date"]) if cells["date"] or status is None else status
        # No date says that it is not completed yet, where the file is of one course or has the standing beside it.
        if status is None or day is None or (day == "" and (named or "status" in self.run.columns.places)):
            return None
        if not (subject := self._subject(row, cells, named, meanings)):
            return None
        module_id = subject.module_id
        if cells["module"]:
            module = self.directory.find_module(subject.course_id, cells["module"])
            if module is None:
                self.run.reject(row, "module", f"{subject.label} has no module '{cells['module']}'")
                return None
            module_id = module.id
        if isinstance(day, str):
            self.run.reject(row, "date", day or "is missing; type Y where the day is not known")
            return None
        if not (person_id := self._person(row, [cells[field.name] for field in PERSON_FIELDS])):
            return None
        expires = self._expiry(row, cells["expires"], day.on)
        if isinstance(expires, str):
            self.run.reject(row, "expires", expires)
            return None
        return EarlierLearning(
            person_id, subject.course_id, module_id, day.on, day.known_to, cells["provider"] or self.provider,
            cells["evidence"], expires,
        )  # fmt: skip

    def _expiry(self, row: int, text: str, on: date) -> date | str | None:
        if not text or text.casefold() in ("n/a", "never", "none", "-"):
            return None
        try:
            expires = dates.parse_file_date(text)
        except WrongUse as fault:
            return str(fault).rstrip(".")
        return f"'{text}' is before the day of completion" if expires < on else expires

    def _subject(
        self, row: int, cells: Mapping[str, str], named: LearntSubject | None, meanings: Mapping[str, str]
    ) -> LearntSubject | None:
        """Return the course of a row; None where it is to be left out, or is not known and was noted."""
        texts = [cells["course"], cells["title"]]
        if not any(texts) and named:
            return named
        for text in filter(None, texts):
            field = self.run.answers.get(COURSE_QUESTION + text) or meanings.get(heading_key(text), "")
            if field == IGNORE:
                return None
            if subject := self.directory.by_field.get(field) or self.directory.find_subject(text):
                return subject
        if not any(texts):
            self.run.reject(row, "course", "no course is named")
            return None
        self._unknown[next(filter(None, texts))] += 1
        self.run.reject(
            row, "course" if texts[0] else "title", f"'{next(filter(None, texts))}' is no course here",
            Remedy(RemedyKind.SAY_COURSE, course=next(filter(None, texts))),
        )  # fmt: skip
        return None

    def ask_about_courses(self) -> None:
        """Ask which courses those are that the file names and the catalogue does not have."""
        choices = (
            *((each.field, f"{each.field.upper()}, {each.label}") for each in self.directory.subjects
              if each.module_id is None),
            (IGNORE, "None of these: leave it out"),
        )  # fmt: skip
        for text, number in self._unknown.most_common(MOST_COURSES_ASKED):
            rows = format_count(number, "row names", "rows name")
            self.run.ask(ImportQuestion(
                COURSE_QUESTION + text, f"{rows} '{text}', which is no course here.", choices,
                Remedy(RemedyKind.SAY_COURSE, course=text),
            ))  # fmt: skip

    def remember_courses(self, said: Mapping[str, str]) -> None:
        """Remember for the next file which courses were meant, or forget it."""
        answered = {
            name.removeprefix(COURSE_QUESTION): field
            for name, field in self.run.answers.items()
            if name.startswith(COURSE_QUESTION)
        }
        meanings = {**said, **answered}
        known = {*self.directory.by_field, IGNORE, FORGET}
        if unknown := [field for field in meanings.values() if field not in known]:
            raise WrongUse(f"There is no course '{unknown[0]}'. What is in the file was imported; say it again.")
        with change_transaction(self.run.ctx, undoable=False):
            self.run.remember_headings(KIND, meanings)

    def _person(self, row: int, picked: Sequence[str]) -> int:
        """Return the id of the person of a row; 0 where it was rejected."""
        cells = dict(zip([field.name for field in PERSON_FIELDS], picked, strict=True))
        person_id, field, why = self.people.find(cells)
        if not person_id:
            self.run.reject(row, field, why)
        return person_id

    def _day(self, text: str) -> LearntDay | str | None:
        """Return when something was completed, None for not at all, or why that cannot be told."""
        if text not in self._days:
            try:
                self._days[text] = text_fault(text) or learnt_days.parse_learnt_day(text, self._today)
            except WrongUse as fault:
                self._days[text] = str(fault).rstrip(".")
        return self._days[text]


class _CompletionImport:
    """Stores what was read, some courses to a transaction, and keeps the file as one step that can be undone."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self._file = 0
        self._known: tuple[int, set[int] | None, dict[SameLearning, EarlierLearning]] = (0, None, {})
        """The course that the batch before ended with, whose learning was asked for (None for everybody), and that."""

    def store(self, found: Sequence[EarlierLearning]) -> None:
        """Store everything, or nothing in a dry run."""
        ordered = sorted(found, key=lambda each: each.course_id)
        try:
            with imports.keep_connection_open(), _without_collecting():
                self.run.store_items(ordered, AT_ONCE, self.take)
        finally:
            if self._file:
                with change_transaction(self.run.ctx):
                    journal.describe_step(f"completions from {self.run.table.name}")
                    earlier_learning.track_learning_file(self._file)

    def take(self, batch: Sequence[EarlierLearning]) -> None:
        """Store one batch, and bring the completions of its people in step."""
        new: list[EarlierLearning] = []
        learnt: dict[int, dict[SameLearning, EarlierLearning]] = {}
        learners: dict[int, set[int]] = {}
        for course_id, some in _by_course(batch):
            known = self._load_known(course_id, {each.person_id for each in some})
            fresh = self._compare(some, known)
            new += fresh
            learnt[course_id] = known
            learners[course_id] = {each.person_id for each in fresh}
        if self.run.dry_run or not new:
            return
        imports.prepare_bulk_write()
        if not self._file:
            self._file = earlier_learning.insert_learning_file(
                self.run.table.name, self.run.ctx.stamp(), self.run.ctx.actor
            )
        earlier_learning.insert_learning_of_file(self._file, new)
        for course_id, ids in learners.items():
            outcomes.settle_completions(course_id, ids, learnt[course_id].values())

    def _load_known(self, course_id: int, people: set[int]) -> dict[SameLearning, EarlierLearning]:
        """Return what is stored of a course for these people; of one that the batch before began, what that knew."""
        if self._known[0] != course_id:
            asked = people if len(people) <= outcomes.MANY_PEOPLE else None
            found = earlier_learning.fetch_earlier_learning(course_id=course_id, person_ids=asked)
            self._known = course_id, asked, {each.same_as: each for each in found}
        elif (before := self._known[1]) is not None and not people <= before:
            self._known = 0, None, {}
            return self._load_known(course_id, people | before)
        return self._known[2]

    def _compare(
        self, some: Sequence[EarlierLearning], known: dict[SameLearning, EarlierLearning]
    ) -> list[EarlierLearning]:
        """Return what is not `known` yet, or says more than what is, add it to that, and count all of it."""
        fresh = []
        changed = 0
        for learnt in some:
            same = learnt[:5]  # `same_as`, without the call
            before = known.get(same)
            after = learnt if before is None else _with_details(learnt, before)
            if after != before:
                changed += before is not None
                known[same] = after
                fresh.append(after)
        self.run.new += len(fresh) - changed
        self.run.changed += changed
        self.run.same += len(some) - len(fresh)
        return fresh


def _with_details(learnt: EarlierLearning, before: EarlierLearning) -> EarlierLearning:
    """Return a record with what the one before says and it does not."""
    return learnt._replace(
        provider=learnt.provider or before.provider, evidence=learnt.evidence or before.evidence,
        expires=learnt.expires or before.expires, file=before.file,
    )  # fmt: skip


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave rubbish where it is for the block: so many records stay that looking through them takes a third of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _by_course(batch: Sequence[EarlierLearning]) -> Iterator[tuple[int, list[EarlierLearning]]]:
    """Yield the completions of each course; they are in the order of the courses."""
    some: list[EarlierLearning] = []
    for each in batch:
        if some and some[0].course_id != each.course_id:
            yield some[0].course_id, some
            some = []
        some.append(each)
    if some:
        yield some[0].course_id, some
