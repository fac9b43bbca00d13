"""help and manual: the commands as they describe themselves, and the words of the program."""

from collections.abc import Iterator
from functools import cache

import click

from csc_tui import words
from csc_tui.cli import failures, output
from csc_tui.cli.call import Call
from csc_tui.words import Page
from db.errors import NotFound

WIDTH = 70
"""Cells of a line, so that a page fits a dialog on 80 columns."""
TOPICS = "words"
WORD_COLUMNS = ("heading", "word", "meaning")


@cache
def pages() -> tuple[Page, ...]:
    """A page for the program and one for each command and sub-command, in the order of the command list."""
    from csc_tui.cli.main import cli

    top = click.Context(cli, info_name="csc", terminal_width=WIDTH, **cli.context_settings)
    return (_page(cli, top, "csc"), *_pages_of(cli, top, ""))


def _pages_of(group: click.Group, ctx: click.Context, before: str) -> Iterator[Page]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is None or command.hidden:
            continue
        own = click.Context(command, info_name=name, parent=ctx, terminal_width=WIDTH)
        called = f"{before} {name}".strip()
        yield _page(command, own, called)
        if isinstance(command, click.Group):
            yield from _pages_of(command, own, called)


def _page(command: click.Command, ctx: click.Context, name: str) -> Page:
    return Page(name, command.get_short_help_str(200), command.get_help(ctx))


def page(name: str) -> Page:
    """The page of one command. Raises NotFound with those that are near."""
    wanted = name.strip().casefold()
    for each in pages():
        if each.name == wanted:
            return each
    near = [each.name for each in pages() if any(part in each.name for part in wanted.split())]
    listed = f" Near it: {', '.join(near[:8])}." if near else failures.meant(wanted, [each.name for each in pages()])
    raise NotFound(f"There is no command '{name}'.{listed} csc help lists them all.")


@click.command("help")
@click.argument("topic", nargs=-1)
@click.pass_obj
def help_(call: Call, topic: tuple[str, ...]) -> None:
    """How a command is used, such as `csc help people add`; `csc help words` explains the words of the program.

    Without a TOPIC, every command with its first sentence. `csc help words offer` explains one word.
    """
    if not topic:
        _print_list(call)
    elif topic[0] == TOPICS:
        found = words.found(" ".join(topic[1:]))
        if not found:
            raise NotFound(f"No word fits '{' '.join(topic[1:])}'. csc help words lists them all.")
        output.rows(call.form, WORD_COLUMNS, [(each.heading, each.word, each.meaning) for each in found])
    else:
        _print_pages(call, [page(" ".join(topic))])


@click.command("manual")
@click.argument("command", nargs=-1)
@click.pass_obj
def manual(call: Call, command: tuple[str, ...]) -> None:
    """The whole manual, one command after the other; or one COMMAND with all that belongs to it.

    To read it page by page: csc manual | less
    """
    if not command:
        _print_pages(call, list(pages()))
        return
    name = page(" ".join(command)).name
    _print_pages(call, [each for each in pages() if each.name == name or each.name.startswith(f"{name} ")])


def _print_list(call: Call) -> None:
    output.rows(call.form, ("command", "summary"), [(each.name, each.summary) for each in pages()[1:]])
    failures.remark("csc help COMMAND says how one is used; csc help words explains the words.")


def _print_pages(call: Call, found: list[Page]) -> None:
    if call.form in ("json", "csv"):
        output.records(call.form, Page, found)
    else:
        output.lines(f"\n{'-' * WIDTH}\n".join(each.text for each in found))
