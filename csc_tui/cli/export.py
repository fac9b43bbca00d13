"""export: lists as files."""

import click

from csc_tui.cli import stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.reports import list_files
from db.errors import WrongUse

STDOUT = "-"
to_file = click.option(
    "--to", "path", required=True, metavar="FILE",
    help="Where to: a file ending with .csv, .xlsx or .json, or - for stdout with --format csv or json.",
)  # fmt: skip
replace = click.option("--replace", is_flag=True, help="Take the place of a file that is there.")


@click.command("export")
@click.argument("kind", metavar="LIST", type=click.Choice(list_files.LIST_KINDS))
@to_file
@replace
@click.option("--needs", is_flag=True, help="With people: their dietary and access needs, too.")
@click.pass_obj
def export(call: Call, kind: str, path: str, replace: bool, needs: bool) -> None:
    """Write a whole LIST to a file that only you can read.

    LIST is people, events, sessions, enrolments, marks, evaluations or figures.
    No text in it is ever a formula to a spreadsheet, and people and sessions can be imported again. Times are by the
    council's clock. For Excel take .xlsx: it shows every accent and keeps dates as dates.
    """
    ctx = call.context()
    if path == STDOUT:
        check_streamable(call.form)
        with list_files.get_list_table(ctx, kind, needs=needs) as (columns, rows):
            stdout.print_stream(call.form, columns, rows)
        return
    number = list_files.export_list(ctx, kind, path, needs=needs, replace=replace)
    stdout.print_rows(call.form, ("file", "rows"), [(path, number)])


def check_streamable(form: str) -> None:
    """Raises WrongUse unless the format says how to print a list of any length."""
    if form not in ("csv", "json"):
        raise WrongUse("--to - prints csv or json: say --format csv or --format json before the command.")
