"""From settings to a Context: bind the database, check its schema, read the policy and the actor's role."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from csc_tui.context import DEFAULT_POLICY, Context
from db import connection, driver, policy
from db.errors import SchemaTooNew, SchemaTooOld, WrongUse
from db.records import Role


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """`2017-06-12` (taken as nine in the morning) or `2017-06-12T14:30`, in the council's zone. Raises WrongUse."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"--today takes a date such as 2017-06-12 or 2017-06-12T14:30, not '{text}'.") from None
    if len(text) <= 10:
        moment = moment.replace(hour=9)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def start(location: str, *, actor: str, today: str | None) -> Context:
    """Check the database and give the Context all services want. Raises DatabaseTrouble and WrongUse."""
    bind(location)
    with connection.reading():
        said = {**DEFAULT_POLICY, **policy.everything()}
        role = policy.role_of(actor) or Role[said["default_role"].upper()]
    zone = ZoneInfo(said["time_zone"])
    if today:
        moment = parse_moment(today, zone)
        return Context(actor=actor, clock=lambda: moment, role=role, policy=said)
    return Context(actor=actor, clock=lambda: datetime.now(UTC), role=role, policy=said)


def bind(location: str) -> None:
    """Bind the process to an existing database of this program's version."""
    if connection.is_server(location):
        connection.bind(location)
        with connection.reading():
            version = policy.schema_version()
        if version < driver.SCHEMA_VERSION:
            raise SchemaTooOld(location)
        if version > driver.SCHEMA_VERSION:
            raise SchemaTooNew(location)
        return
    driver.open_existing(location).close()
    connection.bind(location)
