"""What the global options said, handed to every command."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from csc_tui import bootstrap, config
from csc_tui.cli import quick
from csc_tui.context import DEFAULT_POLICY, Context


@dataclass(frozen=True, slots=True)
class Call:
    """`form` is the output format; `db`, `today` and `actor` are as typed, None where they were not."""

    db: str | None
    form: str
    today: str | None
    actor: str | None
    debug: bool

    @property
    def location(self) -> str:
        return config.database_location(self.db)

    def today_iso(self) -> str:
        """The day to take for today, as look-ups want it. Raises WrongUse."""
        if not self.today:
            return quick.council_today()
        return bootstrap.parse_moment(self.today, ZoneInfo(DEFAULT_POLICY["time_zone"])).date().isoformat()

    def context(self) -> Context:
        """Open the way to the services. Raises DatabaseTrouble and WrongUse."""
        return bootstrap.start(self.location, actor=config.acting(self.actor), today=self.today)
