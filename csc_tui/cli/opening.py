"""The window, opened without the parser's library where nothing but the global options was typed: it starts sooner."""

from __future__ import annotations

import os
import sys

from csc_tui.cli import quick

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Sequence

    from csc_tui.words import Page

NAMED = ("--db", "--today", "--as", "--files")
FLAGS = ("--plain", "--debug")


def run(arguments: list[str]) -> int | None:
    """Open the window and return its exit code; None when the real parser should have it."""
    given, rest = quick.take(arguments, NAMED, FLAGS)
    if rest or not all(given[name] for name in NAMED if name in given):
        return None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    from csc_tui import config
    from csc_tui.cli import failures
    from db.errors import CscError

    debug = "--debug" in given
    try:
        if "--files" in given:
            from exports import files

            files.confine(given["--files"])
        location = config.database_location(given.get("--db"))
        today = given.get("--today") or os.environ.get("CSC_TODAY") or None
        return window(location, config.acting(given.get("--as")), today, plain="--plain" in given, debug=debug)
    except CscError as problem:
        return failures.fail(problem)
    except KeyboardInterrupt:
        failures.remark("csc: interrupted; what was not finished was not done.")
        return failures.INTERRUPTED
    except Exception as fault:
        if debug:
            raise
        return failures.unexpected(fault)


def window(
    location: str,
    actor: str,
    today: str | None,
    *,
    plain: bool,
    debug: bool,
    practice: bool = False,
    tour: bool = False,
) -> int:
    """Open it, whoever parsed the options. Raises CscError."""
    # The other end of SSH may set variables, and with these Textual would load code, press keys or write files.
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    from csc_tui import app  # Textual, only when the window is wanted

    return app.run(
        location, actor=actor, today=today, plain=plain, debug=debug, manual=_manual, practice=practice, tour=tour
    )


def _manual() -> Sequence[Page]:
    """The pages of the commands; the parser is imported when somebody reads them."""
    from csc_tui.cli import manual

    return manual.pages()
