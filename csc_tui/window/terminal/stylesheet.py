"""A style sheet that parses each source once; Textual would parse them all again for the first screen."""

from textual.css.stylesheet import Stylesheet


class CachedStylesheet(Stylesheet):
    """Forgets its parsed rules only when its variables change, as they do with another theme."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parsed_for = dict(variables)

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._parsed_for:
            self._parsed_for = dict(variables)
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse only what is new, and take the other rules as they were parsed for these variables."""
        self.parse()
