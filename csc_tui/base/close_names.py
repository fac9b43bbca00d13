"""New names that are close to known ones: a misspelt venue must not become a second venue without a question."""

from collections.abc import Sequence

from csc_tui.base.context import Context
from csc_tui.base.errors import NameTooClose
from db.engine import spelling


def settle_name(ctx: Context, kind: str, typed: str, known: Sequence[str]) -> str:
    """Return the name to store: a known one is taken as it is, and of a new one what was decided about it.

    Raises NameTooClose for a new name that is close to a known one, as long as nobody has decided.
    """
    if not typed or typed.casefold() in map(str.casefold, known):
        return typed
    if decided := ctx.names.chosen.get(typed):
        return decided
    near = "" if ctx.names.all_new else spelling.find_namesake(typed, known)
    if near:
        raise NameTooClose(kind, typed, near)
    return typed
