"""The parser: every command of csc, each imported only when it is called."""

import importlib
import os
import sys
from functools import partial
from typing import Any

import click

from csc_tui.base import config
from csc_tui.cli import open_window, stderr, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.cli.remedies import SHELL_REMEDIES
from db.errors import CscError

COMMANDS = {
    "today": "queries:today_command",
    "who": "queries:who",
    "person": "queries:person",
    "next": "queries:next_sessions",
    "free": "queries:free",
    "event": "queries:event",
    "roster": "queries:roster",
    "waiting": "queries:waiting",
    "calendar": "queries:calendar",
    "history": "queries:history",
    "people": "people:people",
    "organisation": "organisation:organisation",
    "enrol": "booking:enrol",
    "cancel": "booking:cancel",
    "transfer": "booking:transfer",
    "substitute": "booking:substitute",
    "approve": "booking:approve",
    "decline": "booking:decline",
    "accept": "booking:accept",
    "queue": "booking:queue",
    "makeup": "booking:makeup",
    "sweep": "booking:sweep",
    "undo": "booking:undo",
    "charges": "booking:charges",
    "register": "attendance:register",
    "mark": "attendance:mark",
    "sheet": "attendance:sheet",
    "certificate": "attendance:certificate",
    "schedule": "calendar:schedule",
    "course": "catalogue:course",
    "import": "imports:imports",
    "export": "reports:export",
    "report": "reports:report",
    "evaluation": "evaluation:evaluation",
    "answer": "evaluation:answer",
    "question": "evaluation:question",
    "programme": "publication:programme",
    "group": "groups:group",
    "resource": "catalogue:resource",
    "venue": "venue:venue",
    "invite": "mail:invite",
    "feed": "mail:feed",
    "publish": "publication:publish",
    "reply": "mail:reply",
    "rsvp": "mail:rsvp",
    "outbox": "outbox:outbox_",
    "template": "outbox:template",
    "admin": "admin:admin",
    "demo": "demo:demo",
    "help": "manual:help_",
    "manual": "manual:manual",
}
"""Command -> its module in this folder, and the click command in it."""


class CommandGroup(click.Group):
    """A group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its whole first sentence, which click would cut."""
        found = [(name, self.get_command(ctx, name)) for name in COMMANDS]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(200)) for name, command in found if command])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        # Click itself would look for the nearest of the commands it has loaded, which are none.
        near = stderr.suggest_word(args[0], COMMANDS) or _suggest_other_word(args[0])
        raise click.UsageError(f"No such command '{args[0]}'.{near}", ctx)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"csc_tui.cli.{module}"), attribute)
        return command


@click.group(cls=CommandGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db", metavar="PATH_OR_URL", help="The database to work on (environment: CSC_DB).")
@click.option(
    "--format",
    "form",
    type=OneOf(stdout.FORMATS),
    help="The output format (default: table on a terminal, otherwise plain).",
)
@click.option("--today", metavar="YYYY-MM-DD[THH:MM]", help="The date and time to use as now (environment: CSC_TODAY).")
@click.option("--as", "actor", metavar="NAME", help="Who is making the change; kept in the history.")
@click.option("--files", metavar="DIR", help="Only read and write files in this folder: for the line of an SSH key.")
@click.option("--allow-today", is_flag=True, help="Allow --today: for the line of an SSH key.")
@click.option("--plain", is_flag=True, help="Show the window as lines of text, for a screen reader.")
@click.option("--debug", is_flag=True, help="Show where an unexpected fault happened.")
@click.version_option(package_name="csc-tui", prog_name="csc-tui")
@click.pass_context
def cli(
    ctx: click.Context,
    db: str | None,
    form: str | None,
    today: str | None,
    actor: str | None,
    files: str | None,
    allow_today: bool,
    plain: bool,
    debug: bool,
) -> int:
    """A year of training from a terminal: events, places, waiting lists and calendar invitations.

    Without a command, on a terminal, the window opens.
    """
    if files is not None:
        from exports.files import confine_files

        confine_files(files)
    ctx.obj = Call(
        db=db,
        form=form or stdout.default_format(),
        today=today or os.environ.get("CSC_TODAY") or None,
        actor=actor,
        plain=plain,
        debug=debug,
    )
    if ctx.invoked_subcommand is None:
        if not (config.is_terminal() and sys.stdin.isatty()):
            stderr.remark(ctx.get_help())
            ctx.exit(stderr.WRONG_USE)
        from csc_tui.cli import manual

        return open_window.open_window_on(
            ctx.obj.location,
            config.current_actor(actor),
            ctx.obj.today,
            manual=partial(manual.manual_pages, cli),
            plain=plain,
            debug=debug,
        )
    return stderr.DONE


def run_command_line(arguments: list[str]) -> int:
    """Run the program and return its exit code; every error ends in one sentence on stderr."""
    debug = "--debug" in arguments
    try:
        result: Any = cli.main(arguments, prog_name="csc", standalone_mode=False)
    except CscError as problem:
        return stderr.print_failure(problem)
    except click.ClickException as problem:
        stderr.remark(f"csc: {_wrong_use(problem)}")
        return stderr.WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        stderr.remark("csc: interrupted. Unfinished changes were not made.")
        return stderr.INTERRUPTED
    except (BrokenPipeError, SystemExit):  # click turns the one into the other
        return stderr.end_quietly()
    except Exception as fault:
        if debug:
            raise
        return stderr.print_unexpected(fault)
    return result if isinstance(result, int) else stderr.DONE


def _suggest_other_word(typed: str) -> str:
    """Return the suggestion of the commands that people call by another word, such as `swap` for `substitute`."""
    from csc_tui.base.command_words import CommandWords
    from csc_tui.cli import manual
    from db.errors import ask_whether_meant

    pieces = [typed.casefold()]
    known = [(page.name, CommandWords(page.name, "")) for page in manual.manual_pages(cli)]
    meant = [(words.cost(pieces) or 0, len(name.split()), name) for name, words in known if words.is_named_by(pieces)]
    near = ask_whether_meant([name for _, _, name in sorted(meant)[:3]])
    return f" {near.worded(SHELL_REMEDIES)}" if near else ""


def _with_suggestion(problem: click.ClickException) -> str:
    """Return the parser's complaint, with the names that may have been meant as everywhere else."""
    match problem:
        case click.NoSuchOption():
            known = [name for each in problem.ctx.command.params for name in each.opts] if problem.ctx else []
            return f"No such option '{problem.option_name}'.{stderr.suggest_word(problem.option_name, known)}"
        case click.exceptions.NoSuchCommand() if problem.ctx and isinstance(problem.ctx.command, click.Group):
            known = problem.ctx.command.list_commands(problem.ctx)
            return f"No such command '{problem.command_name}'.{stderr.suggest_word(problem.command_name, known)}"
    return " ".join(problem.format_message().split())


def _wrong_use(problem: click.ClickException) -> str:
    """Return the parser's complaint and where to read on."""
    said = _with_suggestion(problem)
    said = said if said.endswith(("?", "?)")) else f"{said.rstrip('.')}."
    asked = getattr(problem, "ctx", None)
    path = asked.command_path if asked else "csc"
    name = getattr(problem, "option_name", "")
    if path != "csc" and any(name in option.opts for option in cli.params):
        return f"{name} goes before the command: csc {name} ... {path.removeprefix('csc ')}."
    return f"{said} {path} --help shows how to use it."
