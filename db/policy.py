"""Policy keys and the roles of actors."""

from db.models import Event, History, Person, Policy
from db.models import Role as RoleRow
from db.records.first_picture import Role


def everything() -> dict[str, str]:
    return {row.key: row.value for row in Policy.select(Policy.key, Policy.value)}


def put(key: str, value: str) -> None:
    Policy.insert(key=key, value=value).on_conflict(
        conflict_target=[Policy.key], update={Policy.value: value}
    ).execute()


def role_of(actor: str) -> Role | None:
    found = RoleRow.select(RoleRow.role).where(RoleRow.actor == actor).scalar()
    return None if found is None else Role(found)


def roles() -> list[tuple[str, Role]]:
    """Every actor with a role of their own."""
    return [(row.actor, Role(row.role)) for row in RoleRow.select(RoleRow.actor, RoleRow.role).order_by(RoleRow.actor)]


def give_role(actor: str, role: Role) -> None:
    RoleRow.insert(actor=actor, role=role.value).on_conflict(
        conflict_target=[RoleRow.actor], update={RoleRow.role: role.value}
    ).execute()


def counts() -> tuple[int, int, int]:
    """How many people, events and lines of history there are."""
    return Person.select().count(), Event.select().count(), History.select().count()
