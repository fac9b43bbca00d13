"""The values of the global options, passed to every command."""

from dataclasses import dataclass, replace

from csc_tui.base import bootstrap, config
from csc_tui.base.context import Context, NameChoices


@dataclass(frozen=True, slots=True)
class Call:
    """The global options; `form` is the output format, and what was not typed is None."""

    db: str | None
    form: str
    today: str | None
    actor: str | None
    debug: bool
    plain: bool = False
    names_are_new: bool = False

    @property
    def location(self) -> str:
        return config.database_location(self.db)

    def now(self) -> tuple[str, str]:
        """Return the date and time to take for now, as look-ups want them; empty for the clock's. Raises WrongUse."""
        if not self.today:
            return "", ""
        now = self.context().now()
        return f"{now:%Y-%m-%d}", f"{now:%H:%M}"

    def context(self) -> Context:
        """Open the way to the services. Raises DatabaseTrouble and WrongUse."""
        ctx = bootstrap.create_context(self.location, actor=config.current_actor(self.actor), today=self.today)
        return replace(ctx, names=NameChoices(all_new=True)) if self.names_are_new else ctx
