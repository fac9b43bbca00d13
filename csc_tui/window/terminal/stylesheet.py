"""The style sheet, each of its sources parsed once: Textual parses them all anew for the first screen."""

from textual.css.stylesheet import Stylesheet


class CachedStylesheet(Stylesheet):
    """Forgets what it parsed only when its variables are others, as they are in another theme."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parsed_for = dict(variables)

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._parsed_for:
            self._parsed_for = dict(variables)
            super().set_variables(variables)

    def reparse(self) -> None:
        """What was parsed for these variables is taken again; only what is new is parsed."""
        self.parse()
