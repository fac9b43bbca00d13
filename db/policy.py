"""Policy keys and the roles of actors."""

from db.models import EventRow, HistoryRow, PersonRow, PolicyRow, RoleRow
from db.records.startup import Role


def fetch_policy_values() -> dict[str, str]:
    return {row.key: row.value for row in PolicyRow.select(PolicyRow.key, PolicyRow.value)}


def store_policy_value(key: str, value: str) -> None:
    PolicyRow.insert(key=key, value=value).on_conflict(
        conflict_target=[PolicyRow.key], update={PolicyRow.value: value}
    ).execute()


def fetch_role(actor: str) -> Role | None:
    found = RoleRow.select(RoleRow.role).where(RoleRow.actor == actor).scalar()
    return None if found is None else Role(found)


def fetch_roles() -> list[tuple[str, Role]]:
    """Every actor with a role of their own."""
    return [(row.actor, Role(row.role)) for row in RoleRow.select(RoleRow.actor, RoleRow.role).order_by(RoleRow.actor)]


def store_role(actor: str, role: Role) -> None:
    RoleRow.insert(actor=actor, role=role.value).on_conflict(
        conflict_target=[RoleRow.actor], update={RoleRow.role: role.value}
    ).execute()


def count_contents() -> tuple[int, int, int]:
    """How many people, events and lines of history there are."""
    return PersonRow.select().count(), EventRow.select().count(), HistoryRow.select().count()
