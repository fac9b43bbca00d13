"""The window, opened without the parser's library where nothing but the global options was typed: it starts sooner."""

from __future__ import annotations

import os
import sys

from csc_tui.cli import lookups

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Callable, Sequence

    from csc_tui.base.glossary import Page

    Manual = Callable[[], Sequence[Page]]

NAMED = ("--db", "--today", "--as", "--files")
FLAGS = ("--plain", "--debug")


def run(arguments: list[str], manual: Manual) -> int | None:
    """Open the window and return its exit code; None when the real parser should have it."""
    given, rest = lookups.take(arguments, NAMED, FLAGS)
    if rest or not all(given[name] for name in NAMED if name in given):
        return None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    from csc_tui.base import config
    from csc_tui.cli import stderr
    from db.errors import CscError

    debug = "--debug" in given
    try:
        if "--files" in given:
            from exports import files

            files.confine(given["--files"])
        location = config.database_location(given.get("--db"))
        today = given.get("--today") or os.environ.get("CSC_TODAY") or None
        actor, plain = config.acting(given.get("--as")), "--plain" in given
        return window(location, actor, today, manual=manual, plain=plain, debug=debug)
    except CscError as problem:
        return stderr.fail(problem)
    except KeyboardInterrupt:
        stderr.remark("csc: interrupted; what was not finished was not done.")
        return stderr.INTERRUPTED
    except Exception as fault:
        if debug:
            raise
        return stderr.unexpected(fault)


def window(
    location: str,
    actor: str,
    today: str | None,
    *,
    manual: Manual,
    plain: bool,
    debug: bool,
    practice: bool = False,
    tour: bool = False,
) -> int:
    """Open it, whoever parsed the options; `manual` gives the pages of the commands. Raises CscError."""
    # The other end of SSH may set variables, and with these Textual would load code, press keys or write files.
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    from csc_tui.window import app  # Textual, only when the window is wanted

    return app.run(
        location, actor=actor, today=today, plain=plain, debug=debug, manual=manual, practice=practice, tour=tour
    )
