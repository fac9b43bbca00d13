"""Rules about the fields of a person: the name of each, what may be typed, and the sentence when it may not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from csc_tui.base import dates
from csc_tui.core.booking import pasted_names
from csc_tui.core.imports import people
from csc_tui.core.imports.columns import text_fault
from csc_tui.core.imports.people import LONGEST_NUMBER, PERSON_KINDS, YES_OR_NO
from db.errors import CscError, RuleBroken, Stale, WrongUse
from db.records.people import Person, PersonKind
from db.records.remedies import Remedy

LONGEST = 200
"""The most characters of a name, a team or a need."""
LONGEST_PHONE = 40
"""The most characters of a phone number."""
ADDED, CHANGED, LEFT = "person added", "person changed", "person left"
"""Verbs of the history."""
BLANK_PERSON = Person(
    id=0, forename="", surname="", email="", employee_number=None, phone="", organisation="", team="", job_title="",
    kind=PersonKind.STAFF, is_manager=False, is_facilitator=False, is_practice_lead=False, manager_id=None, dietary="",
    access_needs="", active=True, version=1, known_as="",
    start_date=None, leaving_date=None,
)  # fmt: skip
"""The person that a new one starts from."""


@dataclass(frozen=True, slots=True)
class PersonField:
    """A field of a person.

    `rule` says what may be typed and `fault` what is wrong with a text; a `private` field stays out of the history.
    """

    name: str
    label: str
    rule: str
    fault: Callable[[str], str]
    private: bool = False


class FieldFault(CscError):
    """Raised when a field cannot be stored; `field` is its name."""

    def __init__(self, field: str, sentence: str, remedy: Remedy | None = None) -> None:
        super().__init__(sentence, remedy)
        self.field = field


class FieldInvalid(FieldFault, WrongUse):
    """Raised when the typed text breaks the field's rule."""


class FieldRefused(FieldFault, RuleBroken):
    """Raised when the typed text is valid but cannot be stored, for example because another person has it."""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that somebody else changed meanwhile: what it was, what it is now, and what was typed."""

    field: str
    label: str
    was: str
    theirs: str
    yours: str

    @property
    def both(self) -> bool:
        """Return whether both people changed the field, to different texts."""
        return self.yours not in (self.was, self.theirs)


class PersonConflict(Stale):
    """Raised when somebody else changed the person since the form was filled; `now` holds the stored texts."""

    def __init__(
        self, name: str, who: str, when: str, differences: list[FieldConflict], now: Mapping[str, str]
    ) -> None:
        fields = ", ".join(each.label.lower() for each in differences)
        super().__init__(
            f"{who} changed {name} in the meantime{f' ({when})' if when else ''}: {fields}. Nothing was saved; what "
            "you typed is kept."
        )
        self.who, self.when, self.differences, self.now = who, when, differences, now


def _text(longest: int, *, needed: str = "") -> Callable[[str], str]:
    def fault(text: str) -> str:
        if not text:
            return needed
        if len(text) > longest:
            return f"longer than {longest} characters"
        return text_fault(text)

    return fault


def _yes_or_no(text: str) -> str:
    return "" if text.casefold() in YES_OR_NO else "yes or no"


def _kind(text: str) -> str:
    return "" if text.casefold() in PERSON_KINDS else "staff or partner"


def _date(text: str) -> str:
    if text:
        try:
            dates.parse_file_date(text)
        except WrongUse:
            return "a date such as 25/04/2017"
    return ""


FIELDS: tuple[PersonField, ...] = (
    PersonField("forename", "Forename", "optional", _text(LONGEST)),
    PersonField("surname", "Surname", "required", _text(LONGEST, needed="a surname is required")),
    PersonField("email", "E-mail", "required, must be unique", people.address_fault),
    PersonField("phone", "Phone", "include the area code", _text(LONGEST_PHONE)),
    PersonField("employee_number", "Employee number", "must be unique", _text(LONGEST_NUMBER)),
    PersonField("organisation", "Organisation", "a new name creates it", _text(LONGEST)),
    PersonField("team", "Team", "in this organisation", _text(LONGEST)),
    PersonField("job_title", "Job", "job title", _text(LONGEST)),
    PersonField("known_as", "Known as", "the forename they go by", _text(LONGEST)),
    PersonField("start_date", "Started", "a date such as 25/04/2017", _date),
    PersonField("leaving_date", "Last day", "a date, past or to come", _date),
    PersonField("kind", "Kind", "staff or partner", _kind),
    PersonField("manager", "Line manager", "e-mail, number or name", _text(LONGEST)),
    PersonField("is_manager", "Manager", "yes or no", _yes_or_no),
    PersonField("is_facilitator", "Facilitator", "yes or no", _yes_or_no),
    PersonField("is_practice_lead", "Practice lead", "yes or no", _yes_or_no),
    PersonField("dietary", "Dietary needs", "only what a caterer needs", _text(LONGEST), private=True),
    PersonField("access_needs", "Access needs", "only what a venue needs", _text(LONGEST), private=True),
)
"""The fields of a person, in the order of the form."""
FIELDS_BY_NAME = {field.name: field for field in FIELDS}
DEFAULT_TEXTS = {"kind": "staff", "is_manager": "no", "is_facilitator": "no", "is_practice_lead": "no"}
"""The texts in the fields of a new person."""


def person_texts(person: Person, manager: str) -> dict[str, str]:
    """Return a person's fields as they are typed; `manager` is the address of the line manager."""
    return {
        each.name: manager if each.name == "manager" else people.field_in_words(getattr(person, each.name))
        for each in FIELDS
    }


def check_person_texts(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the texts without needless blanks. Raises FieldInvalid for the first field that breaks its rule."""
    tidy = {name: " ".join(text.split()) for name, text in wanted.items()}
    if unknown := sorted(tidy.keys() - FIELDS_BY_NAME.keys()):
        raise WrongUse(f"A person has no field '{unknown[0]}'. The fields are: {', '.join(FIELDS_BY_NAME)}.")
    for field in FIELDS:
        if field.name in tidy and (fault := field.fault(tidy[field.name])):
            raise FieldInvalid(field.name, f"{field.label}: {fault}. Nothing was changed.")
    if tidy.get("team") and tidy.get("organisation") == "":
        raise FieldInvalid(
            "organisation", "Organisation: give the organisation of the team as well. Nothing was changed."
        )
    return tidy


def apply_person_texts(person: Person, tidy: Mapping[str, str], manager_id: int | None) -> Person:
    """Return the person with the checked texts in place of the old ones."""
    values: dict[str, object] = {}
    for name, text in tidy.items():
        if name == "manager":
            values["manager_id"] = manager_id
        elif name == "kind":
            values[name] = PERSON_KINDS[text.casefold()]
        elif name.startswith("is_"):
            values[name] = YES_OR_NO[text.casefold()]
        elif name.endswith("_date"):
            values[name] = dates.parse_file_date(text) if text else None
        elif name == "employee_number":
            values[name] = text or None
        else:
            values[name] = text
    return replace(person, **values)  # type: ignore[arg-type]


def describe_field_changes(changes: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return the fields before and after, in words for the history; of private fields only whether they are given."""

    def said(name: str, value: str) -> str:
        label = FIELDS_BY_NAME[name].label.lower()
        if FIELDS_BY_NAME[name].private:
            return f"{label} {'given' if value else '-'}"
        return f"{label} {value or '-'}"

    return (
        "; ".join(said(name, before) for name, (before, _) in changes.items()),
        "; ".join(said(name, after) for name, (_, after) in changes.items()),
    )


def field_conflicts(seen: Mapping[str, str], now: Mapping[str, str], yours: Mapping[str, str]) -> list[FieldConflict]:
    """Return the fields that differ from what was seen."""
    return [
        FieldConflict(each.name, each.label, seen[each.name], now[each.name], yours.get(each.name, seen[each.name]))
        for each in FIELDS
        if each.name in seen and seen[each.name] != now[each.name]
    ]


def parse_new_person(text: str) -> dict[str, str]:
    """Return the name and address typed in a search, such as `Jo Smith <jo@x.org>` or `Smith, Jo`, by field."""
    found = pasted_names.parse_pasted_names(text)
    entry = next((each for each in found if "@" in each.reference), found[0] if found else None)
    if entry is None:
        return {}
    if "@" not in entry.reference:
        *first, last = entry.reference.split() or [""]
        return {"forename": " ".join(map(_capital, first)), "surname": _capital(last)}
    name = entry.shown or next(iter(entry.near), "")
    if name:
        *first, last = name.split()
        return {"forename": " ".join(map(_capital, first)), "surname": _capital(last), "email": entry.reference}
    forename, surname = people.name_from_address(entry.reference)
    return {"forename": forename, "surname": surname, "email": entry.reference}


def _capital(word: str) -> str:
    """Return a word typed in small letters with capitals; `McDonald` stays as it is."""
    return word if word != word.lower() else "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
