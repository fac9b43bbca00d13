"""The entry point of the scripts `csc` and `csc-tui`: look-ups take the short way, everything else the parser."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Sequence

    from csc_tui.base.glossary import ManualPage


def main() -> None:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process: a database opened now would get its number
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - it is to stay open
    arguments = sys.argv[1:]
    from csc_tui.cli import lookups

    if "SSH_ORIGINAL_COMMAND" in os.environ:
        arguments = _ssh_key_arguments(arguments)
    try:
        code = lookups.run_lookup(arguments)
        if code is not None:
            _exit_now(code)
        from csc_tui.cli import open_window

        code = open_window.parse_and_open_window(arguments, _manual)
        if code is None:
            from csc_tui.cli.main import run_command_line

            code = run_command_line(arguments)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _ssh_key_arguments(arguments: list[str]) -> list[str]:
    """Return the arguments typed through a restricted SSH key, or print the refusal and exit."""
    from csc_tui.cli import ssh_gate, stderr
    from db.errors import CscError

    try:
        return ssh_gate.allowed_arguments(arguments)
    except CscError as problem:
        sys.exit(stderr.print_failure(problem))


def _manual() -> Sequence[ManualPage]:
    """Return the pages of the commands; the parser is imported only when somebody reads them."""
    from csc_tui.cli import main as cli_main
    from csc_tui.cli import manual

    return manual.manual_pages(cli_main.cli)


def _exit_now(code: int) -> None:
    """Exit at once: everything is written and closed, and Python's own tidying would cost a tenth of a look-up."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            continue
    os._exit(code)
