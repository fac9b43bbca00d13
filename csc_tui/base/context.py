"""The Context: who is acting, what time it is and what the policy says. First argument of every action and query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from csc_tui.base.errors import NotAllowed
from db.records.startup import Role

DEFAULT_POLICY: Mapping[str, str] = {
    "time_zone": "Europe/London",
    "first_month": "4",
    "organiser_name": "Creating Strong Communities",
    "organiser_email": "csc.training@example.org",
    "default_role": "administrator",
    "request_days": "14",
    "cancel_reasons": "illness, workload, annual leave, left the organisation, no longer needed, other",
    "charges": "council=0, school=50, health=50, police=50, voluntary=0, other=50",
    "anonymous_evaluations": "no",
    "charge_exemptions": "illness, bereavement",
    "how_to_cancel": "If you cannot come, please reply to this e-mail as soon as you can: someone may be waiting for a "
    "place.",
    "message_days": "14",
    "reminder_days": "7",
    "refresher_days": "60",
    "manager_copies": "no",
    "messages_off": "",
    "needs_days": "0",
}
"""The policy that holds until a council decides otherwise; every key can be set in the database."""


@dataclass(frozen=True, slots=True)
class NameChoices:
    """The decisions about new names that are close to known ones.

    `chosen` has the name to store by the one that was typed; with `all_new` every new name is one of its own.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    all_new: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The actor with their role, the clock and the policy.

    `clock` returns the present moment, aware; use `now`, `today` and `stamp` rather than calling it. Where somebody
    told the program that moment, `real_clock` returns the true one, which the history keeps beside it.
    """

    actor: str
    clock: Callable[[], datetime]
    role: Role
    policy: Mapping[str, str]
    real_clock: Callable[[], datetime] | None = None
    names: NameChoices = field(default_factory=NameChoices)

    @property
    def zone(self) -> ZoneInfo:
        """The council's time zone."""
        return ZoneInfo(self.policy["time_zone"])

    @property
    def first_month(self) -> int:
        """The month the council's programme year begins with."""
        return int(self.policy["first_month"])

    @property
    def refresher_days(self) -> int:
        """The number of days before it runs out from which a completion is due to be refreshed."""
        return int(self.policy["refresher_days"])

    def now(self) -> datetime:
        """Return the present moment on the council's clock, naive, as session dates are stored."""
        return self.clock().astimezone(self.zone).replace(tzinfo=None)

    def today(self) -> date:
        """Return today's date on the council's clock."""
        return self.now().date()

    def stamp(self) -> datetime:
        """Return the present moment in UTC, naive, to the second, as stamps are stored."""
        return self.clock().astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def entered(self) -> datetime | None:
        """Return the real time in UTC, naive, to the second, where `clock` shows one that was told."""
        return self.real_clock().replace(tzinfo=None, microsecond=0) if self.real_clock else None

    def local(self, stamp: datetime) -> datetime:
        """Convert a stamp (UTC) to the council's clock, naive."""
        return stamp.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def utc(self, local: datetime) -> datetime:
        """Convert a moment on the council's clock to UTC, naive, as stamps are stored."""
        return local.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)

    def require(self, role: Role) -> None:
        """Raise NotAllowed unless the actor has this role or a higher one."""
        if self.role < role:
            raise NotAllowed(self.actor, self.role, role)
