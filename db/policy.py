"""Policy values and the roles of actors."""

from db.models import EventRow, HistoryRow, PersonRow, PolicyRow, RoleRow
from db.records.startup import Role


def fetch_policy_values() -> dict[str, str]:
    """Return the policy values the council has set."""
    return {row.key: row.value for row in PolicyRow.select(PolicyRow.key, PolicyRow.value)}


def store_policy_value(key: str, value: str) -> None:
    """Set a policy value."""
    PolicyRow.insert(key=key, value=value).on_conflict(
        conflict_target=[PolicyRow.key], update={PolicyRow.value: value}
    ).execute()


def fetch_role(actor: str) -> Role | None:
    """Return the role given to an actor; None without one."""
    found = RoleRow.select(RoleRow.role).where(RoleRow.actor == actor).scalar()
    return None if found is None else Role(found)


def fetch_roles() -> list[tuple[str, Role]]:
    """Return every actor with a role given to them."""
    return [(row.actor, Role(row.role)) for row in RoleRow.select(RoleRow.actor, RoleRow.role).order_by(RoleRow.actor)]


def store_role(actor: str, role: Role) -> None:
    """Give an actor a role."""
    RoleRow.insert(actor=actor, role=role.value).on_conflict(
        conflict_target=[RoleRow.actor], update={RoleRow.role: role.value}
    ).execute()


def count_contents() -> tuple[int, int, int]:
    """Return the numbers of people, events and history lines."""
    return PersonRow.select().count(), EventRow.select().count(), HistoryRow.select().count()
