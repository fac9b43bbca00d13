"""Where the scripts `csc` and `csc-tui` come in: a look-up takes the short way, everything else the real parser."""

import sys


def main() -> None:
    arguments = sys.argv[1:]
    from csc_tui.cli import quick

    try:
        code = quick.run(arguments)
        if code is None:
            from csc_tui.cli.main import run

            code = run(arguments)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
