"""Groups, their members, and teams as groups."""

from datetime import date

from db import search
from db.errors import NotFound, RuleBroken
from db.mapping import as_tuples
from db.models import Group, Membership, Organisation, Person, Team


def members(name: str, on: date) -> list[int]:
    """The ids of those who belong to the group on that day, by surname. Raises NotFound."""
    group_id = Group.select(Group.id).where(Group.name ** name.strip()).scalar()
    if group_id is None:
        known = ", ".join(row.name for row in Group.select(Group.name).order_by(Group.name))
        raise NotFound(f"There is no group '{name}'. The groups are: {known or 'none yet'}.")
    query = (
        Membership.select(Membership.person)
        .join(Person)
        .where(
            Membership.group == group_id,
            Membership.joined <= on,
            Membership.left_on.is_null() | (Membership.left_on > on),
        )
        .order_by(Person.sort, Person.id)
    )
    return [person_id for (person_id,) in as_tuples(query)]


def team(name: str) -> list[int]:
    """The ids of the active people of a team, by surname; `team` or `team, organisation`.

    Raises NotFound, and RuleBroken where several organisations have a team of that name.
    """
    wanted, _, organisation = (part.strip() for part in name.partition(","))
    query = Team.select(Team.id, Team.name, Organisation.name).join(Organisation).where(Team.name**wanted)
    found = [row for row in as_tuples(query) if search.fold(organisation) in search.fold(row[2])]
    if not found:
        raise NotFound(f"There is no team '{name}'. csc who finds people by their team.")
    if len(found) > 1:
        listed = "; ".join(f"{team_name}, {place}" for _, team_name, place in found)
        raise RuleBroken(f"Several organisations have a team '{wanted}'. Nothing was done. Use one of: {listed}.")
    people = Person.select(Person.id).where(Person.team == found[0][0], Person.active).order_by(Person.sort, Person.id)
    return [person_id for (person_id,) in as_tuples(people)]
