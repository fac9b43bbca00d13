"""The kind of argument that takes one of a few words."""

from typing import Any

import click

from csc_tui.cli import stderr


class OneOf(click.Choice[str]):
    """A click.Choice that names the nearest word for a mistyped one."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return click's sentence, then the word that may have been meant."""
        said = super().get_invalid_choice_message(value, ctx)
        return said + stderr.suggest_word(str(value), self.choices)
