"""Rules that read a file of what people learnt before or elsewhere: one completion a row, or one person a row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csc_tui.core.attendance.learnt_days import DONE, NOT_DONE
from csc_tui.core.imports.columns import ImportField, heading_key
from db.records.catalogue import CatalogueCourse, Module
from exports.table_search import Table

PERSON_FIELDS = (
    ImportField("person", "the person", ("person", "personid", "delegate", "learner")),
    ImportField(
        "number", "the employee number",
        ("employeenumber", "employeeno", "payrollnumber", "payrollno", "staffnumber", "idnumber", "useridnumber",
         "usersidnumber", "learneridnumber"),
        ranked=True,
    ),
    ImportField(
        "email", "the e-mail address",
        ("email", "emailaddress", "mail", "workemail", "useremail", "usersemail", "useremailaddress",
         "usersemailaddress", "learneremail", "username", "upn"),
        ranked=True, identifies=True,
    ),
    ImportField(
        "name", "the name",
        ("name", "fullname", "userfullname", "usersfullname", "userfullnamelinkedtoprofile", "usersname",
         "learnername", "delegatename", "employeename", "firstnamesurname", "firstnamelastname"),
        ranked=True,
    ),
)  # fmt: skip
"""The fields that say whose row it is."""
COURSE_FIELDS = (
    ImportField(
        "course", "the course",
        ("course", "coursecode", "courseshortname", "courseidnumber", "coursenumber"), ranked=True,
    ),
    ImportField(
        "title", "the title of the course",
        ("coursename", "coursefullname", "coursetitle", "training", "trainingcourse", "event", "eventname"),
        ranked=True,
    ),
)  # fmt: skip
DATE_FIELDS = (
    ImportField("module", "the module", ("module", "modulename", "part")),
    ImportField(
        "date", "the day of completion",
        ("date", "completiondate", "datecompleted", "completedon", "completedate", "dateofcompletion",
         "coursecompletiondate", "timecompleted", "completiontime", "coursecomplete", "completed", "attendedon",
         "dateattended", "on"),
        ranked=True,
    ),
    ImportField(
        "status", "whether it was completed",
        ("status", "completionstatus", "coursecompletionstatus", "result", "outcome", "progress"), ranked=True,
    ),
    ImportField("provider", "the provider", ("provider", "trainingprovider", "supplier", "deliveredby")),
    ImportField(
        "evidence", "the evidence", ("evidence", "certificate", "certificateno", "certificatenumber", "reference")
    ),
    ImportField(
        "expires", "the last day it holds",
        ("expires", "expirydate", "expiry", "expireson", "validuntil", "expirationdate"), ranked=True,
    ),
)  # fmt: skip
LONG_FIELDS = (*PERSON_FIELDS, *COURSE_FIELDS, *DATE_FIELDS)
"""The fields of a file with one completion in each row."""


@dataclass(frozen=True, slots=True)
class LearntSubject:
    """A course, or one module of it, as files name it; `field` is the name of its column."""

    course_id: int
    module_id: int | None
    field: str
    label: str
    headings: tuple[str, ...]


class CourseDirectory:
    """The courses and their modules, found by what files call them."""

    def __init__(self, courses: Sequence[CatalogueCourse], modules: Sequence[Module]) -> None:
        of_course: dict[int, list[Module]] = {}
        for module in modules:
            of_course.setdefault(module.course_id, []).append(module)
        self.modules = of_course
        # What can be run comes last, so that a title belongs to it rather than to an archived course.
        ordered = sorted((each for each in courses if each.id in of_course), key=lambda each: each.active)
        subjects = [
            LearntSubject(each.id, None, each.code.lower(), each.title, _keys(each.code, each.title))
            for each in ordered
        ]
        taken = {key for each in subjects for key in each.headings}
        titles = [heading_key(module.title) for module in modules]
        for course in ordered:
            for module in of_course[course.id]:
                number = f"{course.code}/{module.position}"
                keys = [heading_key(f"{course.code} module {module.position}"), heading_key(number)]
                own = heading_key(module.title)
                keys += [own] if own not in taken and titles.count(own) == 1 else []
                label = f"{course.code}, {module.title}"
                subjects.append(LearntSubject(course.id, module.id, number.lower(), label, tuple(keys)))
        self.subjects = subjects
        self.by_field = {each.field: each for each in subjects}
        self._by_key = {key: each for each in subjects for key in each.headings}

    def fields(self) -> list[ImportField]:
        """Return a field for each course and module, for files with a column for each."""
        return [ImportField(each.field, each.label, each.headings) for each in self.subjects]

    def find_subject(self, text: str) -> LearntSubject | None:
        """Return the course or module of a name in a file; None where it is not known."""
        return self._by_key.get(heading_key(text))

    def find_module(self, course_id: int, text: str) -> Module | None:
        """Return a module of a course by its number or its title; None where there is none."""
        words = text.casefold().removeprefix("module").strip()
        for module in self.modules[course_id]:
            if words == str(module.position) or heading_key(text) == heading_key(module.title):
                return module
        return None


def _keys(code: str, title: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((heading_key(code), heading_key(title))))


def join_completion_dates(table: Table) -> Table:
    """Return a table of which each column of dates is joined with the column of the activity before it.

    Learning platforms write `Quiz` and `Quiz - Completion date`, or no heading above the date.
    """
    keys = [heading_key(heading) for heading in table.headings]
    pairs = {
        place: place + 1
        for place, key in enumerate(keys[:-1])
        if key and (keys[place + 1] == f"{key}completiondate" or (not keys[place + 1] and _is_activity(table, place)))
    }
    if not pairs:
        return table
    drop = set(pairs.values())
    rows = []
    for number, cells in table.rows:
        joined = [
            (cells[pairs[place]].strip() or cell) if place in pairs and cell.strip().casefold() in DONE else cell
            for place, cell in enumerate(cells)
        ]
        rows.append((number, [cell for place, cell in enumerate(joined) if place not in drop]))
    headings = tuple(heading for place, heading in enumerate(table.headings) if place not in drop)
    remarks = tuple(each for each in table.remarks if "has no heading" not in each)
    return replace(table, headings=headings, rows=rows, remarks=remarks)


def _is_activity(table: Table, place: int) -> bool:
    """Return whether every cell of a column says that something was completed or that it was not."""
    said = {cells[place].strip().casefold() for _, cells in table.rows}
    return bool(said - {""}) and said <= DONE | NOT_DONE


def course_in_file_name(name: str, directory: CourseDirectory) -> LearntSubject | None:
    """Return the course that a learning platform named a file after, such as `completion-sos_intro.csv`."""
    stem = re.sub(r"\.[a-z]+$", "", name.casefold())
    found = re.match(r"(?:completion|progress)[-._](.+)", stem)
    return directory.find_subject(found[1]) if found else None


def is_long(fields: Mapping[str, str]) -> bool:
    """Return whether the headings are those of a file with one completion in each row: one names the course."""
    return bool(set(fields.values()) & {"course", "title"})
