"""Rules that read the rows of an HR extract, merge them by e-mail address and compare them with stored people."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from datetime import date
from typing import NamedTuple

from csc_tui.base import dates
from csc_tui.base.text import format_date
from csc_tui.core.imports import names
from csc_tui.core.imports.columns import (
    ImportColumns,
    ImportField,
    ImportProblem,
    character_name,
    look_alike_warning,
    unfit_cells,
)
from db.errors import WrongUse
from db.records.people import OrganisationKind, Person, PersonKind

FIELDS = (
    ImportField(
        "employee_number",
        "the employee number",
        (
            "employeeno",
            "employeenumber",
            "employeeid",
            "empno",
            "empid",
            "staffno",
            "staffnumber",
            "staffid",
            "payrollno",
            "payrollnumber",
            "payrollid",
            "personnelno",
            "personnelnumber",
            "assignmentnumber",
            "idnumber",
        ),
    ),
    ImportField(
        "forename",
        "the forename",
        ("forename", "forenames", "firstname", "firstnames", "givenname", "givennames"),
    ),
    ImportField(
        "surname", "the surname", ("surname", "lastname", "familyname", "secondname"), needed=True, instead="name"
    ),
    ImportField(
        "name",
        "the whole name",
        ("name", "fullname", "employeename", "displayname", "staffname", "personname", "staffmember", "employee"),
    ),
    ImportField(
        "known_as",
        "the name they go by",
        ("knownas", "knownasname", "preferredname", "preferredforename", "preferredfirstname"),
    ),
    ImportField(
        "email",
        "the e-mail address",
        (
            "email",
            "emailaddress",
            "mail",
            "emailaddresswork",
            "workemail",
            "workemailaddress",
            "primaryemail",
            "email1value",
        ),
        needed=True,
        identifies=True,
    ),
    ImportField(
        "phone",
        "the telephone number",
        (
            "workphone",
            "businessphone",
            "worktelephone",
            "telephone",
            "telephoneno",
            "telephonenumber",
            "phone",
            "phoneno",
            "phonenumber",
            "mobile",
            "mobileno",
            "mobilenumber",
            "tel",
            "telno",
            "contactnumber",
            "phone1value",
            "mobilephone",
            "extension",
        ),
        ranked=True,
    ),
    ImportField(
        "organisation",
        "the organisation",
        (
            "organisation",
            "organization",
            "organisationname",
            "organizationname",
            "organization1name",
            "employer",
            "company",
            "agency",
            "school",
            "institution",
        ),
    ),
    ImportField(
        "organisation_kind", "the kind of organisation", ("organisationkind", "organisationtype", "organizationtype")
    ),
    ImportField(
        "team",
        "the team",
        (
            "team",
            "teamname",
            "dept",
            "department",
            "service",
            "servicearea",
            "section",
            "unit",
            "organizationalunit",
            "organisationalunit",
            "organisationunit",
        ),
    ),
    ImportField(
        "job_title",
        "the job title",
        (
            "jobtitle",
            "job",
            "role",
            "post",
            "posttitle",
            "position",
            "positiontitle",
            "jobrole",
            "organization1title",
            "organizationtitle",
            "title",
        ),
        ranked=True,
    ),
    ImportField("is_manager", "whether this is a manager", ("manager", "ismanager", "linemanageryn", "managesstaff")),
    ImportField(
        "manager",
        "the line manager",
        ("linemanager", "linemanagername", "reportsto", "reportstoname", "managername", "supervisor", "supervisorname"),
    ),
    ImportField(
        "manager_email",
        "the line manager's e-mail address",
        ("linemanageremail", "linemanageremailaddress", "manageremail", "manageremailaddress", "reportstoemail"),
    ),
    ImportField(
        "manager_number",
        "the line manager's number",
        (
            "linemanagernumber",
            "linemanagerno",
            "linemanageremployeenumber",
            "linemanageremployeeno",
            "linemanagerid",
            "managernumber",
            "managerid",
            "manageremployeenumber",
            "reportstonumber",
            "reportstoid",
        ),
    ),
    ImportField(
        "start_date",
        "the first day",
        (
            "startdate",
            "started",
            "start",
            "entrydate",
            "datestarted",
            "dateofjoining",
            "datejoined",
            "joindate",
            "joiningdate",
            "hiredate",
            "employmentstartdate",
            "continuousservicedate",
        ),
        ranked=True,
    ),
    ImportField(
        "leaving_date",
        "the last day",
        (
            "leavingdate",
            "leavedate",
            "dateofleaving",
            "dateleft",
            "terminationdate",
            "enddate",
            "lastday",
            "lastworkingday",
            "leaverdate",
            "employmentenddate",
        ),
        ranked=True,
    ),
    ImportField("status", "whether they are here", ("status", "employmentstatus", "employeestatus", "staffstatus")),
    ImportField("active", "whether they are here", ("active", "enabled", "isactive", "current", "accountenabled")),
    ImportField("kind", "staff or partner", ("staffpartner", "kind", "type", "stafforpartner", "internalexternal")),
    ImportField("dietary", "dietary needs", ("dietary", "dietaryneeds", "dietaryrequirements", "diet", "food")),
    ImportField(
        "access_needs",
        "access needs",
        ("accessneeds", "access", "accessrequirements", "additionalneeds", "reasonableadjustments"),
    ),
    ImportField("is_facilitator", "whether this is a facilitator", ("facilitator", "isfacilitator", "trainer")),
    ImportField("is_practice_lead", "whether this is a practice lead", ("practicelead", "ispracticelead")),
    ImportField("person", "the number in the database the file is from", ("person",)),
)
"""The fields of an HR extract."""

LABELS = {field.name: field.label.removeprefix("the ").removeprefix("whether this is a ") for field in FIELDS}
"""The words for each field."""
PERSON_KINDS = {
    **dict.fromkeys(("staff", "employee", "internal", "council"), PersonKind.STAFF),
    **dict.fromkeys(("partner", "external", "partner organisation"), PersonKind.PARTNER),
}
"""The words for each kind of person."""
HERE_OR_LEFT = {
    **dict.fromkeys(("active", "current", "employed", "here", "in post", "permanent", "temporary", "starter"), True),
    **dict.fromkeys(
        ("leaver", "left", "inactive", "terminated", "ended", "former", "resigned", "retired", "dismissed", "leaving",
         "no longer employed", "deceased", "withdrawn"),
        False,
    ),
}  # fmt: skip
"""The words for whether somebody is here or has left."""
NEVER = 2100
"""The year from which a leaving date says that there is none: HR systems write 31.12.9999."""
YES_OR_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "x"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}
"""The words for yes and no."""
LONGEST_ADDRESS, LONGEST_NUMBER = 254, 40
"""Limits in characters; the first is that of RFC 5321, section 4.5.3.1.3, without its angle brackets."""

# The addr-spec of RFC 5322, section 3.4.1, in its plain form: no quoted strings, no comments, a domain with a dot.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")


class PersonLine(NamedTuple):
    """A person as read from a file; empty text or None where it says nothing.

    `here` is False for somebody who has left; `manager` is how the file names the line manager: an e-mail address, a
    number or a name.
    """

    row: int
    key: str
    employee_number: str
    forename: str
    surname: str
    email: str
    phone: str
    organisation: str
    team: str
    job_title: str
    is_manager: bool | None
    kind: PersonKind | None
    dietary: str
    access_needs: str
    is_facilitator: bool | None
    is_practice_lead: bool | None
    known_as: str
    start_date: date | None
    leaving_date: date | None
    here: bool | None
    manager: str
    organisation_kind: OrganisationKind | None

    @property
    def name(self) -> str:
        """The forename and surname."""
        return f"{self.forename} {self.surname}".strip()


@dataclass(frozen=True, slots=True)
class CheckedPeople:
    """The people of a file, each once; `repeats` counts the further rows of each, by e-mail key."""

    lines: Sequence[PersonLine]
    repeats: dict[str, int]
    problems: Sequence[ImportProblem]
    rejected: int


def parse_people_rows(rows: Sequence[tuple[int, Sequence[str]]], columns: ImportColumns, today: date) -> CheckedPeople:
    """Return the people in the good rows, and the problems of the others; who left before `today` is not here.

    Rows of one person are merged: the first stands, and later ones add what it does not say.
    """
    columns = _columns_by_content(rows, columns)
    reader = _LineReader(columns, today)
    lines: dict[str, PersonLine] = {}
    repeats: dict[str, int] = {}
    numbers: dict[str, PersonLine] = {}
    spelt: dict[str, str] = {}
    problems: list[ImportProblem] = []
    rejected = 0
    for row, cells in rows:
        found = unfit_cells(row, cells, columns)
        line = None if found else reader.read(row, cells, found)
        if line:
            line = _spelt_alike(line, spelt)
        if line and line.employee_number:
            holder = numbers.setdefault(line.employee_number, line)
            if holder.key != line.key:
                other = f"{holder.forename} {holder.surname} in row {holder.row}, who has another e-mail address"
                what = f"{line.employee_number} is the number of {other}"
                found.append(ImportProblem(row, columns.heading("employee_number"), what))
        if line is None or found:
            problems += found
            rejected += 1
        elif line.key in lines:
            repeats[line.key] = repeats.get(line.key, 0) + 1
            first = lines[line.key]
            if line[2:] != first[2:]:
                lines[line.key], told = _merged(first, line, columns)
                problems += told
        else:
            lines[line.key] = line
            for field, name in (("forename", line.forename), ("surname", line.surname)):
                if what := look_alike_warning(name):
                    problems.append(ImportProblem(row, columns.heading(field), f"{what}; it was kept"))
    # The index of words is in the order of names, so neighbours stored together touch a third of its pages.
    by_name = sorted(lines.values(), key=lambda line: (line.surname, line.forename))
    return CheckedPeople(by_name, repeats, sorted([*problems, *reader.noted], key=lambda each: each.row), rejected)


def _columns_by_content(rows: Sequence[tuple[int, Sequence[str]]], columns: ImportColumns) -> ImportColumns:
    """Return the columns, those whose heading means two things assigned by what their cells hold.

    `Manager` is yes or no, or the line manager; `Title` a job, or `Mrs`.
    """
    places = dict(columns.places)
    managers = _texts_in(rows, places.get("is_manager"))
    if 2 * sum(1 for text in managers if re.search(r"[@ ,=\d]", text[1:])) > len(managers) and "manager" not in places:
        places["manager"] = places.pop("is_manager")
    jobs = _texts_in(rows, places.get("job_title"))
    if jobs and all(map(names.is_only_a_title, jobs)):
        del places["job_title"]
    return replace(columns, places=places)


def _texts_in(rows: Sequence[tuple[int, Sequence[str]]], place: int | None) -> list[str]:
    return [] if place is None else [text for _, cells in rows if (text := cells[place].strip())]


class _LineReader:
    """Reads the rows of an extract into lines; `noted` are the problems of cells that reject no row."""

    def __init__(self, columns: ImportColumns, today: date) -> None:
        self._columns, self._today = columns, today
        self._names = [field.name for field in FIELDS if field.name != "person"]
        self._pick = columns.picker(self._names)
        self._dated = bool({"start_date", "leaving_date", "status", "active"} & columns.places.keys())
        self.noted: list[ImportProblem] = []

    def read(self, row: int, cells: Sequence[str], found: list[ImportProblem]) -> PersonLine | None:
        """Return the line of a row, or None with its problems in `found`."""
        said = dict(zip(self._names, self._pick(cells), strict=True))
        columns = self._columns

        def refuse(field: str, what: str) -> None:
            found.append(ImportProblem(row, columns.heading(field), what))

        forename, surname = said["forename"] or said["known_as"], said["surname"]
        if said["name"] and not surname:
            split = names.split_name(said["name"])
            forename, surname = forename or split.forename, split.surname
            if split.doubtful:
                what = f"'{said['name']}' was read as forename '{forename}' and surname '{surname}'; check it"
                self.noted.append(ImportProblem(row, columns.heading("name"), what))
        if not surname:
            refuse("surname", "no surname")
        email, *others = said["email"].split(" ::: ")  # as Google writes several addresses
        if others:
            what = f"'{said['email']}': the first address was used"
            self.noted.append(ImportProblem(row, columns.heading("email"), what))
        if what := address_fault(email):
            refuse("email", what)
        number = said["employee_number"]
        if len(number) > LONGEST_NUMBER:
            refuse("employee_number", f"longer than {LONGEST_NUMBER} characters")
        answers = []
        for field in ("is_manager", "is_facilitator", "is_practice_lead"):
            text = said[field]
            answers.append(YES_OR_NO.get(text.lower()) if text else None)
            if text and answers[-1] is None:
                refuse(field, f"'{text}' is not yes or no")
        kind = said["kind"]
        sort = PERSON_KINDS.get(kind.lower()) if kind else None
        if kind and sort is None:
            refuse("kind", f"'{kind}' is not staff or partner")
        if found:
            return None
        start, leaves, here = self._employment(row, said) if self._dated else (None, None, None)
        known_as = "" if said["known_as"] == forename else said["known_as"]
        return PersonLine(
            row, email.casefold(), number, forename, surname, email, said["phone"], said["organisation"], said["team"],
            said["job_title"], answers[0], sort, said["dietary"], said["access_needs"], answers[1], answers[2],
            known_as, start, leaves, here, said["manager_email"] or said["manager_number"] or said["manager"],
            _organisation_kind(said["organisation_kind"]),
        )  # fmt: skip

    def _employment(self, row: int, said: Mapping[str, str]) -> tuple[date | None, date | None, bool | None]:
        """Return the first day, the last day, and whether somebody is here, None where the row does not say."""
        start, leaves = self._date(row, "start_date", said), self._date(row, "leaving_date", said)
        leaves = None if leaves and leaves.year >= NEVER else leaves
        here = HERE_OR_LEFT.get(said["status"].casefold()) if said["status"] else None
        if here is None and said["active"]:
            here = YES_OR_NO.get(said["active"].casefold(), HERE_OR_LEFT.get(said["active"].casefold()))
        if leaves:
            here = leaves >= self._today
        return start, leaves, here

    def _date(self, row: int, field: str, said: Mapping[str, str]) -> date | None:
        if not said[field] or re.search(r"9999|2999", said[field]):
            return None
        try:
            return dates.parse_file_date(said[field])
        except WrongUse as problem:
            heading = self._columns.heading(field)
            self.noted.append(ImportProblem(row, heading, f"{str(problem).rstrip('.')}; the row was read without it"))
            return None


def _organisation_kind(text: str) -> OrganisationKind | None:
    try:
        return OrganisationKind(text.casefold()) if text else None
    except ValueError:
        return None


def address_fault(address: str) -> str:
    """Return what is wrong with an e-mail address, empty if nothing; look-alike letters are named, never replaced."""
    if not address:
        return "no e-mail address"
    if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
        return ""
    odd = next((letter for letter in address if not letter.isascii()), "")
    if odd:
        return f"'{address}' has {character_name(odd)}, which is not a plain letter and may be a lookalike"
    return f"'{address}' is not an e-mail address"


def _spelt_alike(line: PersonLine, spelt: dict[str, str]) -> PersonLine:
    """Return a line with organisation and team spelt as the file wrote them first, whatever the case."""
    organisation = spelt.setdefault(line.organisation.casefold(), line.organisation)
    team = spelt.setdefault(line.team.casefold(), line.team)
    if (organisation, team) == (line.organisation, line.team):
        return line
    return line._replace(organisation=organisation, team=team)


_OF_POSTS = ("leaving_date", "start_date", "here")
"""The fields in which several posts of one person are read together."""


def _merged(first: PersonLine, again: PersonLine, columns: ImportColumns) -> tuple[PersonLine, list[ImportProblem]]:
    # Somebody with several posts is here while one of them lasts.
    posts = (first, again)
    ends = [each.leaving_date for each in posts if each.leaving_date]
    starts = [each.start_date for each in posts if each.start_date]
    added: dict[str, object] = {
        "leaving_date": max(ends) if len(ends) == len(posts) else None, "start_date": min(starts, default=None),
        "here": next((each.here for each in posts if each.here is not False), False),
    }  # fmt: skip
    told = []
    for name, had, has in zip(PersonLine._fields[2:], first[2:], again[2:], strict=True):
        if name in ("email", *_OF_POSTS) or has == had or has in ("", None):
            continue
        if name == "team" and first.organisation and again.organisation not in ("", first.organisation):
            what = f"a team of a different organisation from row {first.row}, which was kept"
        elif had in ("", None):
            added[name] = has
            what = f"added to the same person in row {first.row}, which had none"
        elif name == "job_title":
            if str(has) in str(had).split("; "):
                continue
            added[name] = f"{had}; {has}"
            what = f"a second job of the person in row {first.row}, which was added"
            told.append(ImportProblem(again.row, columns.heading(name), f"'{has}': {what}"))
            continue
        else:
            what = f"the same person as in row {first.row}, where it is '{field_in_words(had)}'; that was kept"
        told.append(ImportProblem(again.row, columns.heading(name), f"'{field_in_words(has)}': {what}"))
    return first._replace(**added), told  # type: ignore[arg-type]


def person_from_line(line: PersonLine) -> Person:
    """Return a new person from a line, without an id yet."""
    return Person(
        id=0, forename=line.forename, surname=line.surname, email=line.email,
        employee_number=line.employee_number or None, phone=line.phone, organisation=line.organisation,
        team=line.team if line.organisation else "", job_title=line.job_title, kind=line.kind or PersonKind.STAFF,
        is_manager=bool(line.is_manager), is_facilitator=bool(line.is_facilitator),
        is_practice_lead=bool(line.is_practice_lead), manager_id=None, dietary=line.dietary,
        access_needs=line.access_needs, active=line.here is not False, version=1, known_as=line.known_as,
        start_date=line.start_date, leaving_date=line.leaving_date,
    )  # fmt: skip


def apply_person_line(
    line: PersonLine, stored: Person, columns: ImportColumns, *, renamed: bool
) -> tuple[Person, list[ImportProblem]]:
    """Return the stored person with the changes of a line, and problems for what was not taken.

    An empty cell removes nothing. A name is kept unless it was only made up from the address, or they are `renamed` as
    the file says; a number is kept.
    """
    problems = []

    def keep(field: str, said: str, kept: str) -> None:
        problems.append(
            ImportProblem(line.row, columns.heading(field), f"'{said}': the stored value '{kept}' was kept")
        )

    changes: dict[str, object] = {}
    if is_named_by_address(stored) or renamed:
        changes |= {"forename": line.forename or stored.forename, "surname": line.surname}
    else:
        for field in ("forename", "surname"):
            said, kept = getattr(line, field), getattr(stored, field)
            if said and said != kept and not _is_split(columns):
                keep(field, said, kept)
        if _is_split(columns) and line.name.casefold() != stored.name.casefold():
            keep("name", line.name, stored.name)
    if line.employee_number and stored.employee_number is None:
        changes["employee_number"] = line.employee_number
    elif line.employee_number not in ("", stored.employee_number):
        keep("employee_number", line.employee_number, stored.employee_number or "")
    for field in (
        "phone", "job_title", "kind", "is_manager", "is_facilitator", "is_practice_lead", "dietary", "access_needs",
        "known_as", "start_date", "leaving_date",
    ):  # fmt: skip
        said = getattr(line, field)
        if said not in ("", None):
            changes[field] = said
    if line.organisation and line.organisation.casefold() != stored.organisation.casefold():
        changes |= {"organisation": line.organisation, "team": ""}
    if line.team and line.team.casefold() != str(changes.get("team", stored.team)).casefold():
        changes["team"] = line.team if line.organisation or stored.organisation else ""
    return replace(stored, **changes), problems  # type: ignore[arg-type]


def _is_split(columns: ImportColumns) -> bool:
    """Return whether names stand in one column, so that where they were split is no difference."""
    return "surname" not in columns.places


def describe_person_changes(before: Person, after: Person) -> tuple[str, str]:
    """Return the fields that differ, before and after, in words for the history."""
    kept = {each.name for each in fields_of(Person)}
    fields = [field for field in LABELS if field in kept and getattr(before, field) != getattr(after, field)]
    said = [f"{LABELS[field]} {field_in_words(getattr(before, field)) or '-'}" for field in fields]
    now = [f"{LABELS[field]} {field_in_words(getattr(after, field)) or '-'}" for field in fields]
    return "; ".join(said), "; ".join(now)


def field_in_words(value: object) -> str:
    """Return the value of a field in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return format_date(value)
    return str(value or "")


def name_from_address(address: str) -> tuple[str, str]:
    """Return a forename and surname guessed from an address: `jo.smith@x.org` is Jo Smith."""
    *first, last = re.split(r"[._]+", address.partition("@")[0].strip("._")) or [""]
    return " ".join(each.capitalize() for each in first), last.capitalize() or address


def is_named_by_address(person: Person) -> bool:
    """Return whether a person's name is only the guess from the address that a programme import made."""
    unknown = person.employee_number is None and not person.organisation and not person.phone
    return unknown and (person.forename, person.surname) == name_from_address(person.email)


_ORGANISATIONS = (
    (OrganisationKind.POLICE, ("police", "constabulary")),
    (OrganisationKind.HEALTH, ("health", "nhs", "hospital", "surgery", "medical", "clinical")),
    (OrganisationKind.VOLUNTARY, ("voluntary", "charity", "trust", "foundation", "church", "alliance")),
    (OrganisationKind.SCHOOL, ("school", "academy", "college", "nursery", "primary", "secondary")),
    (OrganisationKind.COUNCIL, ("council", "borough", "authority")),
)


def guess_organisation_kind(name: str) -> OrganisationKind:
    """Return the kind of organisation that a name suggests; an academy trust is a school, a health trust is health."""
    words = set(re.findall(r"[a-z]+", name.casefold()))
    kinds = [kind for kind, hints in _ORGANISATIONS if words & set(hints)]
    if OrganisationKind.SCHOOL in kinds and OrganisationKind.HEALTH not in kinds:
        return OrganisationKind.SCHOOL
    return kinds[0] if kinds else OrganisationKind.OTHER
