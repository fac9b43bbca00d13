"""help and manual: the pages of the commands, and the glossary."""

from collections.abc import Iterator
from functools import cache

import click

from csc_tui.base import glossary
from csc_tui.base.glossary import ManualPage
from csc_tui.cli import stderr, stdout
from csc_tui.cli.invocation import Call
from db.errors import NotFound

WIDTH = 70
"""Cells of a line, so that a page fits a dialog on 80 columns."""
TOPICS = "words"
WORD_COLUMNS = ("heading", "word", "meaning")


@cache
def manual_pages(program: click.Group) -> tuple[ManualPage, ...]:
    """Return a page for the program and one for each command and subcommand, in the order of the command list."""
    top = click.Context(program, info_name="csc", terminal_width=WIDTH, **program.context_settings)
    return (_page(program, top, "csc"), *_pages_of(program, top, ""))


def _pages_here() -> tuple[ManualPage, ...]:
    """Return the pages of the program whose command is running."""
    program = click.get_current_context().find_root().command
    assert isinstance(program, click.Group)  # noqa: S101 - the root of a command line is its group
    return manual_pages(program)


def _pages_of(group: click.Group, ctx: click.Context, before: str) -> Iterator[ManualPage]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is None or command.hidden:
            continue
        own = click.Context(command, info_name=name, parent=ctx, terminal_width=WIDTH)
        called = f"{before} {name}".strip()
        yield _page(command, own, called)
        if isinstance(command, click.Group):
            yield from _pages_of(command, own, called)


def _page(command: click.Command, ctx: click.Context, name: str) -> ManualPage:
    return ManualPage(name, command.get_short_help_str(200), command.get_help(ctx))


def manual_page(name: str) -> ManualPage:
    """Return the page of one command. Raises NotFound with similar ones."""
    wanted = name.strip().casefold()
    found = _pages_here()
    for each in found:
        if each.name == wanted:
            return each
    near = [each.name for each in found if any(part in each.name for part in wanted.split())]
    listed = f" Similar: {', '.join(near[:8])}." if near else stderr.suggest_word(wanted, [each.name for each in found])
    raise NotFound(f"There is no command '{name}'.{listed} csc help lists them all.")


@click.command("help")
@click.argument("topic", nargs=-1)
@click.pass_obj
def help_(call: Call, topic: tuple[str, ...]) -> None:
    """Show how to use a command, such as `csc help people add`. `csc help words` is the glossary.

    Without a TOPIC, list every command in a sentence. `csc help words offer` explains one word.
    """
    if not topic:
        _print_list(call)
    elif topic[0] == TOPICS:
        found = glossary.search_glossary(" ".join(topic[1:]))
        if not found:
            raise NotFound(f"No match for '{' '.join(topic[1:])}'. csc help words lists them all.")
        stdout.print_rows(call.form, WORD_COLUMNS, [(each.heading, each.word, each.meaning) for each in found])
    else:
        _print_pages(call, [manual_page(" ".join(topic))])


@click.command("manual")
@click.argument("command", nargs=-1)
@click.pass_obj
def manual(call: Call, command: tuple[str, ...]) -> None:
    """Show the whole manual, or one COMMAND with its subcommands.

    To read it page by page: csc manual | less
    """
    if not command:
        _print_pages(call, list(_pages_here()))
        return
    name = manual_page(" ".join(command)).name
    _print_pages(call, [each for each in _pages_here() if each.name == name or each.name.startswith(f"{name} ")])


def _print_list(call: Call) -> None:
    stdout.print_rows(call.form, ("command", "summary"), [(each.name, each.summary) for each in _pages_here()[1:]])
    stderr.remark("csc help COMMAND shows how to use one; csc help words is the glossary.")


def _print_pages(call: Call, found: list[ManualPage]) -> None:
    if call.form in ("json", "csv"):
        stdout.print_records(call.form, ManualPage, found)
    else:
        stdout.print_lines(f"\n{'-' * WIDTH}\n".join(each.text for each in found))
