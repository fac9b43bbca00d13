"""Opening the window without the parser's library where only global options were typed, which starts sooner."""

from __future__ import annotations

import gc
import os
import sys

from csc_tui.cli import lookups

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Callable, Sequence

    from csc_tui.base.glossary import ManualPage

    Manual = Callable[[], Sequence[ManualPage]]

NAMED = ("--db", "--today", "--as", "--files")
FLAGS = ("--plain", "--debug", "--allow-today")


def parse_and_open_window(arguments: list[str], manual: Manual) -> int | None:
    """Open the window and return its exit code, or return None to pass the arguments to the parser."""
    given, rest = lookups.split_options(arguments, NAMED, FLAGS)
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

            files.confine_files(given["--files"])
        location = config.database_location(given.get("--db"))
        today = given.get("--today") or os.environ.get("CSC_TODAY") or None
        actor, plain = config.current_actor(given.get("--as")), "--plain" in given
        return open_window_on(location, actor, today, manual=manual, plain=plain, debug=debug)
    except CscError as problem:
        return stderr.print_failure(problem)
    except KeyboardInterrupt:
        stderr.remark("csc: interrupted. Unfinished changes were not made.")
        return stderr.INTERRUPTED
    except Exception as fault:
        if debug:
            raise
        return stderr.print_unexpected(fault)


def open_window_on(
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
    """Open the window and return its exit code; `manual` returns the pages of the commands. Raises CscError."""
    # The other end of SSH may set variables with which Textual would load code, press keys or write files.
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    gc.disable()  # a start makes thousands of objects and no rubbish; run_window collects again
    from csc_tui.window import app  # Textual is imported only for the window

    return app.run_window(
        location, actor=actor, today=today, plain=plain, debug=debug, manual=manual, practice=practice, tour=tour
    )
