"""Rules that read the rows of an HR extract, merge them by e-mail address and compare them with stored people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from csc_tui.core.imports.columns import (
    ImportColumns,
    ImportField,
    ImportProblem,
    character_name,
    look_alike_warning,
    unfit_cells,
)
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
        ),
    ),
    ImportField(
        "forename",
        "the forename",
        ("forename", "forenames", "firstname", "firstnames", "givenname", "givennames", "knownas", "preferredname"),
    ),
    ImportField("surname", "the surname", ("surname", "lastname", "familyname", "secondname"), needed=True),
    ImportField(
        "email",
        "the e-mail address",
        ("email", "emailaddress", "mail", "emailaddresswork", "workemail", "workemailaddress", "primaryemail"),
        needed=True,
    ),
    ImportField(
        "phone",
        "the telephone number",
        (
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
            "worktelephone",
            "workphone",
            "extension",
        ),
    ),
    ImportField(
        "organisation",
        "the organisation",
        ("organisation", "organization", "organisationname", "employer", "company", "agency", "school"),
    ),
    ImportField(
        "team", "the team", ("team", "teamname", "dept", "department", "service", "servicearea", "section", "unit")
    ),
    ImportField("job_title", "the job title", ("jobtitle", "job", "role", "post", "posttitle", "position", "jobrole")),
    ImportField("is_manager", "whether this is a manager", ("manager", "ismanager", "linemanageryn", "managesstaff")),
    ImportField("kind", "staff or partner", ("staffpartner", "kind", "type", "stafforpartner", "internalexternal")),
    ImportField("dietary", "dietary needs", ("dietary", "dietaryneeds", "dietaryrequirements", "diet", "food")),
    ImportField(
        "access_needs",
        "access needs",
        ("accessneeds", "access", "accessrequirements", "additionalneeds", "reasonableadjustments"),
    ),
    ImportField("is_facilitator", "whether this is a facilitator", ("facilitator", "isfacilitator", "trainer")),
    ImportField("is_practice_lead", "whether this is a practice lead", ("practicelead", "ispracticelead")),
)
"""The fields of an HR extract."""

LABELS = {field.name: field.label.removeprefix("the ").removeprefix("whether this is a ") for field in FIELDS}
"""The words for each field."""
PERSON_KINDS = {
    **dict.fromkeys(("staff", "employee", "internal", "council"), PersonKind.STAFF),
    **dict.fromkeys(("partner", "external", "partner organisation"), PersonKind.PARTNER),
}
"""The words for each kind of person."""
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
    """A person as read from a file; empty text or None where it says nothing."""

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


@dataclass(frozen=True, slots=True)
class CheckedPeople:
    """The people of a file, each once; `repeats` counts the further rows of each, by e-mail key."""

    lines: Sequence[PersonLine]
    repeats: dict[str, int]
    problems: Sequence[ImportProblem]
    rejected: int


def parse_people_rows(rows: Sequence[tuple[int, Sequence[str]]], columns: ImportColumns) -> CheckedPeople:
    """Return the people in the good rows, and the problems of the others.

    Rows of one person are merged: the first stands, and later ones add what it does not say.
    """
    pick = columns.picker([field.name for field in FIELDS])
    lines: dict[str, PersonLine] = {}
    repeats: dict[str, int] = {}
    numbers: dict[str, PersonLine] = {}
    spelt: dict[str, str] = {}
    problems: list[ImportProblem] = []
    rejected = 0
    for row, cells in rows:
        found = unfit_cells(row, cells, columns)
        line = None if found else _line(row, pick(cells), columns, found)
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
    return CheckedPeople(by_name, repeats, problems, rejected)


def _line(row: int, values: Sequence[str], columns: ImportColumns, found: list[ImportProblem]) -> PersonLine | None:
    (
        number, forename, surname, email, phone, organisation, team, job_title, manager, kind, dietary, access,
        facilitator, lead,
    ) = values  # fmt: skip

    def refuse(field: str, what: str) -> None:
        found.append(ImportProblem(row, columns.heading(field), what))

    if not surname:
        refuse("surname", "no surname")
    if what := address_fault(email):
        refuse("email", what)
    if len(number) > LONGEST_NUMBER:
        refuse("employee_number", f"longer than {LONGEST_NUMBER} characters")
    answers = []
    for field, text in (("is_manager", manager), ("is_facilitator", facilitator), ("is_practice_lead", lead)):
        answers.append(YES_OR_NO.get(text.lower()) if text else None)
        if text and answers[-1] is None:
            refuse(field, f"'{text}' is neither yes nor no")
    sort = PERSON_KINDS.get(kind.lower()) if kind else None
    if kind and sort is None:
        refuse("kind", f"'{kind}' is neither staff nor partner")
    if found:
        return None
    return PersonLine(
        row, email.casefold(), number, forename, surname, email, phone, organisation, team, job_title, answers[0], sort,
        dietary, access, answers[1], answers[2],
    )  # fmt: skip


def address_fault(address: str) -> str:
    """Return what is wrong with an e-mail address, empty if nothing; look-alike letters are named, never replaced."""
    if not address:
        return "no e-mail address"
    if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
        return ""
    odd = next((letter for letter in address if not letter.isascii()), "")
    if odd:
        return f"'{address}' has {character_name(odd)}, which is no plain letter and may only look like one"
    return f"'{address}' is not an e-mail address"


def _spelt_alike(line: PersonLine, spelt: dict[str, str]) -> PersonLine:
    """Return a line with organisation and team spelt as the file wrote them first, whatever the case."""
    organisation = spelt.setdefault(line.organisation.casefold(), line.organisation)
    team = spelt.setdefault(line.team.casefold(), line.team)
    if (organisation, team) == (line.organisation, line.team):
        return line
    return line._replace(organisation=organisation, team=team)


def _merged(first: PersonLine, again: PersonLine, columns: ImportColumns) -> tuple[PersonLine, list[ImportProblem]]:
    added: dict[str, object] = {}
    told = []
    for name, had, has in zip(PersonLine._fields[2:], first[2:], again[2:], strict=True):
        if name == "email" or has == had or has in ("", None):
            continue
        if name == "team" and first.organisation and again.organisation not in ("", first.organisation):
            what = f"a team of another organisation than that of row {first.row}, which was kept"
        elif had in ("", None):
            added[name] = has
            what = f"added to the same person in row {first.row}, which has none"
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
        access_needs=line.access_needs, active=True, version=1,
    )  # fmt: skip


def apply_person_line(line: PersonLine, stored: Person, columns: ImportColumns) -> tuple[Person, list[ImportProblem]]:
    """Return the stored person with the changes of a line, and problems for what was not taken.

    An empty cell removes nothing. A name is kept unless it was only made up from the address, and so is a number.
    """
    problems = []

    def keep(field: str, said: str, kept: str) -> None:
        problems.append(
            ImportProblem(line.row, columns.heading(field), f"'{said}': stored is '{kept}', which was kept")
        )

    changes: dict[str, object] = {}
    if is_named_by_address(stored):
        changes |= {"forename": line.forename, "surname": line.surname}
    else:
        for field in ("forename", "surname"):
            said, kept = getattr(line, field), getattr(stored, field)
            if said and said != kept:
                keep(field, said, kept)
    if line.employee_number and stored.employee_number is None:
        changes["employee_number"] = line.employee_number
    elif line.employee_number not in ("", stored.employee_number):
        keep("employee_number", line.employee_number, stored.employee_number or "")
    for field in (
        "phone", "job_title", "kind", "is_manager", "is_facilitator", "is_practice_lead", "dietary", "access_needs",
    ):  # fmt: skip
        said = getattr(line, field)
        if said not in ("", None):
            changes[field] = said
    if line.organisation and line.organisation.casefold() != stored.organisation.casefold():
        changes |= {"organisation": line.organisation, "team": ""}
    if line.team and line.team.casefold() != str(changes.get("team", stored.team)).casefold():
        changes["team"] = line.team if line.organisation or stored.organisation else ""
    return replace(stored, **changes), problems  # type: ignore[arg-type]


def describe_person_changes(before: Person, after: Person) -> tuple[str, str]:
    """Return the fields that differ, before and after, in words for the history."""
    fields = [field for field in LABELS if getattr(before, field) != getattr(after, field)]
    said = [f"{LABELS[field]} {field_in_words(getattr(before, field)) or '-'}" for field in fields]
    now = [f"{LABELS[field]} {field_in_words(getattr(after, field)) or '-'}" for field in fields]
    return "; ".join(said), "; ".join(now)


def field_in_words(value: object) -> str:
    """Return the value of a field in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
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
