"""The only writer to stderr, and the meaning of exit codes."""

from __future__ import annotations

import os
import sys

from csc_tui.base.text import clean_text
from db.errors import CscError, DatabaseTrouble, NotFound, ServiceUnreachable, WrongUse, suggest_near

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Iterable

DONE, NOTHING_FOUND, WRONG_USE, RULE_SAID_NO, DATABASE_TROUBLE, UNANSWERED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


def exit_code(problem: CscError) -> int:
    """Return 0 done, 1 nothing found, 2 wrong use, 3 a rule refused, 4 the database needs attention, 5 no answer."""
    match problem:
        case NotFound():
            return NOTHING_FOUND
        case WrongUse():
            return WRONG_USE
        case DatabaseTrouble():
            return DATABASE_TROUBLE
        case ServiceUnreachable():
            return UNANSWERED
        case _:
            return RULE_SAID_NO


def remark(text: str) -> None:
    """Print a remark beside the data."""
    for line in text.splitlines():
        sys.stderr.write(clean_text(line) + "\n")
    sys.stderr.flush()


def print_failure(problem: CscError) -> int:
    """Print the sentence of an error with what can be done about it, and return its exit code."""
    from csc_tui.cli.remedies import word_for_shell  # only who is refused pays for it

    remark(f"csc: {word_for_shell(problem)}")
    return exit_code(problem)


def suggest_word(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for an unknown word, or nothing where no known one is near."""
    from csc_tui.cli.remedies import SHELL_REMEDIES  # only for a mistyped word

    near = suggest_near(word, known)
    return f" {near.worded(SHELL_REMEDIES)}" if near else ""


def print_unexpected(fault: BaseException) -> int:
    """Print an unexpected error, or input that is not UTF-8, in a sentence instead of a traceback; return the exit
    code.
    """
    if isinstance(fault, UnicodeEncodeError):
        remark("csc: The typed text is not UTF-8. Nothing was changed.")
        return WRONG_USE
    remark(
        f"csc: an unexpected fault ({type(fault).__name__}: {fault}). Unfinished changes were not made. Run it again "
        "with csc --debug to see where, and report it."
    )
    return DATABASE_TROUBLE


def end_quietly() -> int:
    """End without a word after the reader of the output went away, as `head` expects; return the exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE
