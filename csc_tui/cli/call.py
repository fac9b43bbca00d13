"""What the global options said, handed to every command."""

from dataclasses import dataclass

from csc_tui import bootstrap, config
from csc_tui.context import Context


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

    def context(self) -> Context:
        """Open the way to the services. Raises DatabaseTrouble and WrongUse."""
        return bootstrap.start(self.location, actor=config.acting(self.actor), today=self.today)
