"""Reads names and sentences as people type them: one line, with single spaces."""

from db.errors import WrongUse


def one_line(text: str) -> str:
    """Return the text as one line with single spaces."""
    return " ".join(text.split())


def required_line(text: str, what: str, needs: str, *, most: int | None = None) -> str:
    """Return the text as one line that must not be empty: `what` (a group) needs `needs` (a name). Raises WrongUse."""
    typed = one_line(text)
    if not typed:
        raise WrongUse(f"{what} needs {needs}. Nothing was changed.")
    if most is not None and len(typed) > most:
        raise WrongUse(f"{what} can have {most} characters at most, not {len(typed)}. Nothing was changed.")
    return typed
