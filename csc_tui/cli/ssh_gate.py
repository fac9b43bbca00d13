"""The gate for SSH keys that are tied to this program (`command="... csc-tui --as alice"`).

sshd puts what the caller typed into SSH_ORIGINAL_COMMAND and starts the program with the words of the key's own line.
Those fix the actor, the database and the folder for files, and the caller cannot change them.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Sequence

ORIGINAL = "SSH_ORIGINAL_COMMAND"
COMMANDS = frozenset(
    [
        "accept",
        "approve",
        "calendar",
        "cancel",
        "charges",
        "decline",
        "enrol",
        "event",
        "export",
        "free",
        "help",
        "history",
        "makeup",
        "manual",
        "mark",
        "next",
        "person",
        "queue",
        "register",
        "report",
        "roster",
        "rsvp",
        "substitute",
        "sweep",
        "today",
        "transfer",
        "undo",
        "waiting",
        "who",
    ]
)
"""Commands that leave the machine's files alone; one that writes a file may only write to `-`, the output."""
_OPTIONS = ("--format", "--today")
_FILES = ("--to", "--pdf", "--html")
ALLOW_TODAY = "--allow-today"
"""The word in a key's own line that lets its caller say another date with --today."""
_NOT_OURS = ("TEXTUAL", "EDITOR", "VISUAL", "PAGER", "BROWSER")
_FIXED = ("--db", "--as", "--files", "--format", "--today", "--plain", "--debug", ALLOW_TODAY)


def allowed_arguments(arguments: Sequence[str]) -> list[str]:
    """Return the arguments to work on: the script's own and, through such a key, the caller's behind them.

    Raises WrongUse for what a caller may not ask. Variables a caller sent that would configure other programs are
    removed.
    """
    words = list(arguments)
    for name in [name for name in os.environ if name.startswith(_NOT_OURS)]:
        del os.environ[name]
    original = os.environ.pop(ORIGINAL, "")
    if not original or "--as" not in [word.partition("=")[0] for word in words] or _has_command(words):
        return words
    free_to_date = ALLOW_TODAY in words
    words = [word for word in words if word != ALLOW_TODAY]
    if not free_to_date:
        os.environ.pop("CSC_TODAY", None)
    import shlex  # imported only for a call through a key

    from db.errors import WrongUse

    try:
        typed = shlex.split(original)
    except ValueError:
        raise WrongUse("The command has a quotation mark that is not closed. Nothing was done.") from None
    if typed and os.path.basename(typed[0]) in ("csc", "csc-tui"):
        del typed[0]
    options = _leading(typed)
    command = typed[len(options)] if len(options) < len(typed) else ""
    if typed and command not in COMMANDS:
        raise WrongUse(
            f"'{command or typed[0]}' cannot be used with this key. You can use {', '.join(sorted(COMMANDS))}; without "
            "a command the window opens. Nothing was done."
        )
    if not free_to_date and any(word.partition("=")[0] == "--today" for word in options):
        raise WrongUse(
            "This key cannot use --today, because changes would be recorded under that date. Nothing was done. The "
            f"person who manages the keys can allow it with {ALLOW_TODAY} in the key's own line."
        )
    for number, word in enumerate(typed):
        name, equals, value = word.partition("=")
        if name in _FILES and not (
            (command, name) == ("export", "--to")
            and (value if equals else "".join(typed[number + 1 : number + 2])) == "-"
        ):
            raise WrongUse(
                f"This key cannot read or write files, so {name} cannot be used. csc export WHAT --to - and csc "
                "--format csv COMMAND print the data, which you can save on your own computer. Nothing was done."
            )
    return words + typed


def _has_command(words: list[str]) -> bool:
    """Return whether the key's own line names a command."""
    waiting = iter(words)
    for word in waiting:
        name, equals, _ = word.partition("=")
        if name not in _FIXED:
            return True
        if not equals and name not in ("--plain", "--debug", ALLOW_TODAY):
            next(waiting, None)
    return False


def _leading(typed: list[str]) -> list[str]:
    """Return the options before the command that a caller may give."""
    found: list[str] = []
    while len(found) < len(typed) and typed[len(found)].partition("=")[0] in _OPTIONS:
        found += typed[len(found) : len(found) + (1 if "=" in typed[len(found)] else 2)]
    return found
