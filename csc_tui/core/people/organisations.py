"""Organisations: what is known of each, renaming it, changing its kind, and joining two records of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count
from csc_tui.base.transaction import action
from csc_tui.core.imports.columns import text_fault
from csc_tui.core.imports.people import YES_OR_NO
from db import organisations, people
from db.engine.connection import read_transaction
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from db.records.calendar import FieldChange
from db.records.people import Organisation, OrganisationKind
from db.records.startup import Role

LONGEST = 200
"""The most characters of a name."""
LONGEST_NOTE = 2000
"""The most characters of an invoice address or notes."""
CHANGED, JOINED = "organisation changed", "organisations joined"
"""Verbs of the history."""
FIELDS: Mapping[str, str] = {
    "name": "Name", "kind": "Kind", "other_names": "Other names", "parent": "Part of", "contact": "Booking contact",
    "exempt": "Exempt from charges", "invoice_address": "Invoice address", "notes": "Notes",
}  # fmt: skip
"""The fields of an organisation with their labels, in the order of the form."""


@dataclass(frozen=True, slots=True)
class OrganisationJoin:
    """The outcome of joining two organisations: how many people moved, and the teams of the one that is gone."""

    name: str
    other: str
    people: int
    teams: tuple[str, ...]


def list_organisations(ctx: Context, text: str) -> list[Organisation]:
    """Return the organisations with the text in their name or another name of theirs, by name."""
    del ctx  # every query takes it
    wanted = text.strip().casefold()
    with read_transaction():
        found = organisations.fetch_organisations()
    return [each for each in found if any(wanted in name.casefold() for name in (each.name, *each.other_names))]


def get_organisation(ctx: Context, text: str) -> Organisation:
    """Return the organisation called so, or the only one with the text in its name. Raises NotFound and RuleBroken."""
    return _find(list_organisations(ctx, text), text)


def organisation_texts(organisation: Organisation) -> dict[str, str]:
    """Return the fields of an organisation as they are typed."""
    return {
        "name": organisation.name, "kind": organisation.kind.value, "other_names": "; ".join(organisation.other_names),
        "parent": organisation.parent, "contact": organisation.contact,
        "exempt": "yes" if organisation.exempt else "no", "invoice_address": organisation.invoice_address,
        "notes": organisation.notes,
    }  # fmt: skip


def organisation_field_fault(field: str, text: str) -> str:
    """Return what is wrong with the text typed for a field, in a few words; empty if nothing."""
    if field == "kind":
        return "" if text.casefold() in set(OrganisationKind) else "one of " + ", ".join(OrganisationKind)
    if field == "exempt":
        return "" if text.casefold() in YES_OR_NO else "yes or no"
    if field == "name" and not text.strip():
        return "a name is required"
    longest = LONGEST_NOTE if field in ("invoice_address", "notes") else LONGEST
    return f"longer than {longest} characters" if len(text) > longest else text_fault(text)


@action(role=Role.COORDINATOR, undoable=False)
def change_organisation(ctx: Context, text: str, wanted: Mapping[str, str]) -> list[FieldChange]:
    """Change fields of an organisation and return what changed.

    Several other names are separated by semicolons. Raises NotFound, NoSuchPerson, Duplicate, WrongUse, Stale, and
    RuleBroken when nothing is different.
    """
    every = organisations.fetch_organisations()
    before = _find(every, text)
    now = organisation_texts(before)
    tidy = _checked_texts(wanted)
    different = {field: value for field, value in tidy.items() if value != now[field]}
    if not different:
        raise RuleBroken(f"{before.name} already has these details. Nothing was changed.")
    _check_names(every, before, different)
    organisations.update_organisation(before, **_columns(every, before, different))
    if "other_names" in different:
        organisations.store_other_names(before.id, _split_names(different["other_names"]))
    if "name" in different:
        organisations.update_people_index(organisations.fetch_ids_of_people(before.id))
    changes = [FieldChange(before.name, None, FIELDS[each], now[each], value) for each, value in different.items()]
    for each in changes:
        write_history(ctx, CHANGED, f"{before.name}: {each.field.lower()}", before=each.before, after=each.after)
    return changes


@action(role=Role.COORDINATOR, undoable=False)
def join_organisations(ctx: Context, kept: str, other: str) -> OrganisationJoin:
    """Move everybody of the organisation `other` to `kept`; its name goes on as another name of that one.

    Raises NotFound, and RuleBroken where both are one.
    """
    every = organisations.fetch_organisations()
    taker, giver = _find(every, kept), _find(every, other)
    if taker.id == giver.id:
        raise RuleBroken(f"Both are {taker.name}. Nothing was changed. Choose two organisations.")
    moved = organisations.fetch_ids_of_people(giver.id)
    organisations.move_people(giver.id, taker.id)
    organisations.store_other_names(giver.id, [])
    organisations.delete_organisation(giver.id, taker.id)
    organisations.store_other_names(taker.id, list(dict.fromkeys((*taker.other_names, giver.name, *giver.other_names))))
    organisations.update_people_index(moved)
    write_history(
        ctx, JOINED, taker.name, before=giver.name, after=f"{format_count(len(moved), 'person', 'people')} moved"
    )
    return OrganisationJoin(taker.name, giver.name, len(moved), giver.teams)


def _find(every: Sequence[Organisation], text: str) -> Organisation:
    wanted = " ".join(text.split()).casefold()
    if exact := [each for each in every if wanted in (name.casefold() for name in (each.name, *each.other_names))]:
        return exact[0]
    fitting = [each for each in every if wanted and wanted in each.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        listed = "; ".join(each.name for each in fitting[:8])
        raise RuleBroken(f"'{text}' matches {len(fitting)} organisations. Nothing was changed. Use one of: {listed}.")
    raise NotFound(f"There is no organisation '{text}'.")


def _checked_texts(wanted: Mapping[str, str]) -> dict[str, str]:
    tidy = {field: " ".join(text.split()) for field, text in wanted.items()}
    if unknown := sorted(tidy.keys() - FIELDS.keys()):
        raise WrongUse(f"An organisation has no field '{unknown[0]}'. The fields are: {', '.join(FIELDS)}.")
    for field, text in tidy.items():
        if fault := organisation_field_fault(field, text):
            raise WrongUse(f"{FIELDS[field]}: {fault}. Nothing was changed.")
    for field in ("kind", "exempt"):
        if field in tidy:
            tidy[field] = tidy[field].casefold()
    if "exempt" in tidy:
        tidy["exempt"] = "yes" if YES_OR_NO[tidy["exempt"]] else "no"
    return tidy


def _split_names(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (part.strip() for part in text.split(";")))))


def _check_names(every: Sequence[Organisation], own: Organisation, different: Mapping[str, str]) -> None:
    """Raise Duplicate where a name belongs to another organisation."""
    taken = {
        name.casefold(): each.name for each in every if each.id != own.id for name in (each.name, *each.other_names)
    }
    names = [different["name"]] if "name" in different else []
    for name in (*names, *_split_names(different.get("other_names", ""))):
        if holder := taken.get(name.casefold()):
            raise Duplicate(f"{name} is the name of {holder}. Nothing was changed. Join the two if they are one.")


def _columns(every: Sequence[Organisation], before: Organisation, different: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {
        field: text for field, text in different.items() if field in ("name", "invoice_address", "notes")
    }
    if "kind" in different:
        values["kind"] = OrganisationKind(different["kind"])
    if "exempt" in different:
        values["exempt"] = different["exempt"] == "yes"
    if "parent" in different:
        above = _find(every, different["parent"]) if different["parent"] else None
        if above and before.id in _ids_above(every, above):
            raise RuleBroken(f"{above.name} is part of {before.name}. Nothing was changed.")
        values["parent"] = above.id if above else None
    if "contact" in different:
        values["contact"] = people.find_person(different["contact"]).id if different["contact"] else None
    return values


def _ids_above(every: Sequence[Organisation], organisation: Organisation) -> set[int]:
    """Return the ids of an organisation and of all that it is part of."""
    by_name = {each.name: each for each in every}
    found: set[int] = set()
    above: Organisation | None = organisation
    while above is not None and above.id not in found:
        found.add(above.id)
        above = by_name.get(above.parent)
    return found
