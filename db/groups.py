"""Groups, their members, and teams as groups."""

from datetime import date

from peewee import JOIN, Value, fn

from db import search
from db.errors import NotFound, RuleBroken
from db.mapping import as_tuples
from db.models import Group, Membership, Organisation, Person, Team


def found(text: str, on: date, limit: int) -> list[tuple[str, str, int]]:
    """(group or team, name, people) of the groups, then the teams, of which every fragment is in the name; a team's
    name has its organisation behind it, as team() reads it."""
    typed = search.fragments(text)
    belongs = (Membership.joined <= on) & (Membership.left_on.is_null() | (Membership.left_on > on))
    groups = (
        Group.select(Value("group"), Group.name, fn.COUNT(Membership.id))
        .join(Membership, JOIN.LEFT_OUTER, on=(Membership.group == Group.id) & belongs)
        .group_by(Group.id, Group.name)
        .order_by(Group.name)
    )
    teams = (
        Team.select(Value("team"), Team.name.concat(", ").concat(Organisation.name), fn.COUNT(Person.id))
        .join_from(Team, Organisation)
        .join_from(Team, Person, on=(Person.team == Team.id) & Person.active)
        .group_by(Team.id, Team.name, Organisation.name)
        .order_by(Team.name, Organisation.name)
    )
    lines = (line for query in (groups, teams) for line in as_tuples(query))
    return [line for line in lines if all(piece in search.fold(line[1]) for piece in typed)][:limit]


def members(name: str, on: date) -> list[int]:
    """The ids of those who belong to the group on that day, by surname. Raises NotFound."""
    known = as_tuples(Group.select(Group.id, Group.name).order_by(Group.name))
    group_id = next((each for each, called in known if search.fold(called) == search.fold(name.strip())), None)
    if group_id is None:
        listed = ", ".join(called for _, called in known)
        raise NotFound(f"There is no group '{name}'. The groups are: {listed or 'none yet'}.")
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
    query = Team.select(Team.id, Team.name, Organisation.name).join(Organisation).order_by(Organisation.name)
    found = [
        row
        for row in as_tuples(query)
        if search.fold(row[1]) == search.fold(wanted) and search.fold(organisation) in search.fold(row[2])
    ]
    if not found:
        raise NotFound(f"There is no team '{name}'. csc who finds people by their team.")
    if len(found) > 1:
        listed = "; ".join(f"{team_name}, {place}" for _, team_name, place in found)
        raise RuleBroken(f"Several organisations have a team '{wanted}'. Nothing was done. Use one of: {listed}.")
    people = Person.select(Person.id).where(Person.team == found[0][0], Person.active).order_by(Person.sort, Person.id)
    return [person_id for (person_id,) in as_tuples(people)]
