"""Names and sentences as people type them: one line, with single blanks."""

from db.errors import WrongUse


def line(text: str) -> str:
    """The same in one line."""
    return " ".join(text.split())


def needed(text: str, what: str, needs: str, *, most: int | None = None) -> str:
    """One line that must not be empty: `what` (a group) needs `needs` (a name). Raises WrongUse."""
    typed = line(text)
    if not typed:
        raise WrongUse(f"{what} needs {needs}. Nothing was changed.")
    if most is not None and len(typed) > most:
        raise WrongUse(f"{what} has at most {most} letters, not {len(typed)}. Nothing was changed.")
    return typed
