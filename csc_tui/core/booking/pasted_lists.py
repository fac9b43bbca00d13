"""Pasted lists of people: which person in the database each line means."""

from dataclasses import dataclass, replace
from enum import StrEnum

from csc_tui.base.context import Context
from csc_tui.core.booking import pasted_names
from csc_tui.core.booking.pasted_names import PastedEntry
from db import people
from db.engine.connection import read_transaction
from db.errors import AmbiguousPerson, NotFound
from db.records.people import Person

Candidate = tuple[str, str, str, str]
"""A person who may be meant: `#id`, name, e-mail, organisation."""


class PastedLineStanding(StrEnum):
    """The standing of a pasted line on an event."""

    MATCHED = "matched"
    WAITS = "would wait"
    ALREADY = "already"
    CLASHING = "clashing"
    NOT_ALLOWED = "not allowed"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    NO_NAME = "no name"


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line of a pasted list and the person it means.

    `text` is the line as pasted and `typed` the name, number or address in it; `person` (`#id`) is empty while the line
    is not resolved; `candidates` are the people who may be meant; `detail` is a sentence that says more.
    """

    text: str
    standing: PastedLineStanding
    person: str = ""
    name: str = ""
    detail: str = ""
    candidates: tuple[Candidate, ...] = ()
    typed: str = ""


def list_pasted_people(ctx: Context, text: str) -> tuple[list[str], list[str]]:
    """Return the PERSON references in a pasted list for enrol_people(), and the lines that are a greeting.

    A line with one person's name and another's address comes back whole, as a reference that fits nobody.
    """
    with read_transaction():
        found = match_pasted_entries(text)
    wanted = [each.text if each.shown else each.reference for each in found if not each.polite]
    return list(dict.fromkeys(wanted)), list(dict.fromkeys(each.text for each in found if each.polite))


def match_pasted_entries(text: str) -> list[PastedEntry]:
    """Return the entries of a pasted list, compared with the people in the database.

    A name that belongs to the address beside it is dropped, other names become entries of their own. `shown` stays only
    where it is the name of another person, and `polite` only where nobody has that name.
    """
    found: list[PastedEntry] = []
    for each in pasted_names.parse_pasted_names(text):
        if each.polite and not _anybody(each.reference):
            if not (found and found[-1].polite and found[-1].text == each.text):
                found.append(each)
            continue
        others = [name for name in (each.shown, *each.near) if name and not _belongs(name, each.reference)]
        contradicts = each.shown in others and _anybody(each.shown)
        called = each.shown or next(iter(each.near), "")
        found.append(replace(each, shown=each.shown if contradicts else "", near=(), polite=False, called=called))
        found += [PastedEntry(each.text, name) for name in each.near if name in others]
    return found


def _belongs(name: str, reference: str) -> bool:
    """Return whether a name beside an address says nothing new: it is that person's, or where they work."""
    try:
        return people.is_called(people.find_person(reference), name)
    except NotFound:
        return False


def _anybody(name: str) -> bool:
    return bool(list_candidates(name))


def list_candidates(name: str) -> tuple[Candidate, ...]:
    """Return the people that a name may mean."""
    try:
        return (candidate_of(people.find_person(name)),)
    except NotFound:
        return ()
    except AmbiguousPerson as problem:
        return tuple(problem.candidates)


def candidate_of(person: Person) -> Candidate:
    """Return a person in the form in which AmbiguousPerson names them."""
    return person.key, person.name, person.email, person.organisation
