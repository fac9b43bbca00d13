"""Organisations: what is known of each, its other names, and joining two records of one."""

from typing import Any

from peewee import JOIN, fn

from db import people
from db.engine.mapping import as_tuples
from db.errors import Stale
from db.models import OrganisationAliasRow, OrganisationRow, PersonRow, TeamRow
from db.records.people import Organisation, OrganisationKind


def fetch_organisations() -> list[Organisation]:
    """Return every organisation, by name."""
    row, parent = OrganisationRow, OrganisationRow.alias()
    names: dict[int, list[str]] = {}
    for organisation_id, name in as_tuples(
        OrganisationAliasRow.select(OrganisationAliasRow.organisation, OrganisationAliasRow.name).order_by(
            OrganisationAliasRow.name
        )
    ):
        names.setdefault(organisation_id, []).append(name)
    teams: dict[int, list[str]] = {}
    for organisation_id, name in as_tuples(TeamRow.select(TeamRow.organisation, TeamRow.name).order_by(TeamRow.name)):
        teams.setdefault(organisation_id, []).append(name)
    counted = dict(
        as_tuples(
            PersonRow.select(PersonRow.organisation, fn.COUNT(PersonRow.id))
            .where(PersonRow.active)
            .group_by(PersonRow.organisation)
        )
    )
    query = (
        row.select(
            row.id, row.name, row.kind, fn.COALESCE(parent.name, ""), PersonRow.id, row.exempt, row.invoice_address,
            row.notes, row.version,
        )
        .join_from(row, parent, JOIN.LEFT_OUTER, on=(row.parent == parent.id))
        .join_from(row, PersonRow, JOIN.LEFT_OUTER, on=(row.contact == PersonRow.id))
        .order_by(fn.LOWER(row.name), row.id)
    )  # fmt: skip
    found = as_tuples(query)
    contacts = people.fetch_people([contact for *_, contact, _exempt, _address, _notes, _version in found if contact])
    return [
        Organisation(
            number, name, OrganisationKind(kind), tuple(names.get(number, ())), above,
            contacts[contact].email if contact else "", bool(exempt), address, notes, tuple(teams.get(number, ())),
            counted.get(number, 0), version,
        )
        for number, name, kind, above, contact, exempt, address, notes, version in found
    ]  # fmt: skip


def fetch_main_name(name: str) -> str:
    """Return the name of the organisation that has this other name, or the name itself where none has it."""
    row = OrganisationAliasRow
    found = (
        row.select(OrganisationRow.name).join(OrganisationRow).where(row.name_key == name.strip().casefold()).scalar()
    )
    return str(found) if found else name


def update_organisation(before: Organisation, **fields: Any) -> None:
    """Store new values of an organisation's columns. Raises Stale where it was changed since it was read."""
    row = OrganisationRow
    same = (row.id == before.id) & (row.version == before.version)
    if not row.update(**fields, version=before.version + 1).where(same).execute():
        raise Stale(f"Someone else changed {before.name} a moment ago. Nothing was changed. Check it and try again.")


def store_other_names(organisation_id: int, names: list[str]) -> None:
    """Replace the other names of an organisation."""
    row = OrganisationAliasRow
    row.delete().where(row.organisation == organisation_id).execute()
    for name in names:
        row.insert(organisation=organisation_id, name=name, name_key=name.casefold()).execute()


def fetch_ids_of_people(organisation_id: int) -> list[int]:
    """Return the ids of everybody of an organisation, former people and merged records included."""
    row = PersonRow
    return [
        each for (each,) in as_tuples(row.select(row.id).where(row.organisation == organisation_id).order_by(row.id))
    ]


def move_people(giver: int, taker: int) -> int:
    """Move everybody of one organisation, with their teams, to another and return how many they are.

    A team that both have becomes one.
    """
    own = {
        name.casefold(): team_id
        for team_id, name in as_tuples(TeamRow.select(TeamRow.id, TeamRow.name).where(TeamRow.organisation == taker))
    }
    for team_id, name in as_tuples(TeamRow.select(TeamRow.id, TeamRow.name).where(TeamRow.organisation == giver)):
        if there := own.get(name.casefold()):
            PersonRow.update(team=there).where(PersonRow.team == team_id).execute()
            TeamRow.delete().where(TeamRow.id == team_id).execute()
        else:
            TeamRow.update(organisation=taker).where(TeamRow.id == team_id).execute()
    moved = fetch_ids_of_people(giver)
    PersonRow.update(organisation=taker, version=PersonRow.version + 1).where(PersonRow.organisation == giver).execute()
    return len(moved)


def delete_organisation(organisation_id: int, replaced_by: int) -> None:
    """Delete an organisation that nobody belongs to; organisations below it belong to the other one."""
    OrganisationRow.update(parent=replaced_by).where(OrganisationRow.parent == organisation_id).execute()
    OrganisationRow.delete().where(OrganisationRow.id == organisation_id).execute()


def update_people_index(person_ids: list[int]) -> None:
    """Recompute the search words of people whose organisation has another name."""
    for person_id in person_ids:
        people.update_person_index(person_id)
