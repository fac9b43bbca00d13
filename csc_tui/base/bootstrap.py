"""Makes the Context every action receives: binds the database, checks its schema, reads the policy and the actor's
role."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.base.dates import parse_moment
from db import lookups
from db.engine import binding
from db.records.startup import Role


def create_context(location: str, *, actor: str, today: str | None) -> Context:
    """Check the database and return the Context for all actions and queries. Raises DatabaseTrouble and WrongUse."""
    with binding.open_connection(location) as connection:
        policy, role = _load_policy_and_role(connection, actor)
    binding.announce_location(location)
    clock = make_clock(today, ZoneInfo(policy["time_zone"]))
    return Context(actor=actor, clock=clock, role=role, policy=policy, real_clock=_true_time if today else None)


def refresh_context(ctx: Context) -> Context:
    """Return the context with the policy and the actor's role read again. Raises DatabaseTrouble."""
    with binding.open_connection() as connection:
        policy, role = _load_policy_and_role(connection, ctx.actor)
    return replace(ctx, role=role, policy=policy)


def _load_policy_and_role(connection: Any, actor: str) -> tuple[dict[str, str], Role]:
    """Return the policy, defaults included, and the role of the actor."""
    policy = {**DEFAULT_POLICY, **lookups.fetch_decided_policy(connection)}
    own = lookups.fetch_role_number(connection, actor)
    return policy, Role(own) if own is not None else Role[policy["default_role"].upper()]


def _true_time() -> datetime:
    return datetime.now(UTC)


def make_clock(today: str | None, zone: tzinfo) -> Callable[[], datetime]:
    """Return the clock: a function that gives the present moment, or always that of --today. Raises WrongUse."""
    if today:
        moment = parse_moment(today, zone)
        return lambda: moment
    return _true_time


def bind_database(location: str) -> None:
    """Bind the process to an existing database of this program's version. Raises DatabaseTrouble."""
    binding.open_database(location).close()
    binding.announce_location(location)
