"""organisation: list organisations, show one, change its details, and join two that are one."""

from typing import Any

import click

from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.people import organisations
from csc_tui.core.people.organisations import FIELDS
from db.records.people import Organisation, OrganisationKind

COLUMNS = ("organisation", "kind", "people", "teams", "part_of", "contact", "exempt")
CHANGE_COLUMNS = ("organisation", "field", "before", "after")


@click.group()
def organisation() -> None:
    """Where people work: the kind of each organisation, its other names, who books for it and where invoices go."""


@organisation.command("list")
@click.argument("text", nargs=-1)
@click.pass_obj
def list_(call: Call, text: tuple[str, ...]) -> int:
    """List the organisations, or those with TEXT in a name."""
    found = organisations.list_organisations(call.context(), " ".join(text))
    stdout.print_rows(call.form, COLUMNS, [_row(each) for each in found])
    if not found:
        stderr.remark(f"No match for '{' '.join(text)}'." if text else "There are no organisations yet.")
    return stderr.DONE if found else stderr.NOTHING_FOUND


@organisation.command("show")
@click.argument("name")
@click.pass_obj
def show(call: Call, name: str) -> None:
    """Show everything known of the organisation NAME."""
    found = organisations.get_organisation(call.context(), name)
    card: dict[str, Any] = {
        "organisation": found.name, "kind": found.kind.value, "other_names": list(found.other_names),
        "part_of": found.parent, "contact": found.contact, "exempt": found.exempt,
        "invoice_address": found.invoice_address, "notes": found.notes, "people": found.people,
        "teams": list(found.teams),
    }  # fmt: skip
    stdout.print_card(call.form, card)


@organisation.command("change")
@click.argument("organisation")
@click.option("--name", default=None, help="A new name.")
@click.option(
    "--kind", type=click.Choice([str(each) for each in OrganisationKind]), help="Its kind, which decides charges."
)
@click.option("--other-names", default=None, metavar="NAME;NAME", help="Its other names, as used in files.")
@click.option("--part-of", "parent", default=None, metavar="NAME", help="The organisation it is part of.")
@click.option("--contact", default=None, metavar="PERSON", help="The person who books for this organisation.")
@click.option("--exempt/--not-exempt", "exempt", default=None, help="Whether it is exempt from charges.")
@click.option("--invoice-address", default=None, metavar="TEXT", help="Where invoices are sent.")
@click.option("--notes", default=None, metavar="TEXT", help="Anything else worth knowing.")
@options.dry_run
@click.pass_obj
def change(call: Call, /, organisation: str, dry_run: bool, **given: Any) -> None:
    """Change the details of ORGANISATION: each option replaces what is there, '' empties it.

    Imports recognise it by its other names, too.
    """
    said = {True: "yes", False: "no"}
    wanted = {field: said.get(value, value) for field, value in given.items() if value is not None}
    if not wanted:
        raise click.UsageError("Say what to change, such as --kind or --contact.")
    done = cli_changes.make_or_preview(
        call.context(), lambda ctx: organisations.change_organisation(ctx, organisation, wanted), dry_run=dry_run
    )
    names = {label: field for field, label in FIELDS.items()}
    stdout.print_rows(
        call.form, CHANGE_COLUMNS, [(each.event, names[each.field], each.before, each.after) for each in done]
    )
    options.remark_dry_run(dry_run)


@organisation.command("join")
@click.argument("organisation")
@click.argument("other")
@options.dry_run
@click.pass_obj
def join(call: Call, organisation: str, other: str, dry_run: bool) -> None:
    """Join two organisations: everyone in OTHER moves to ORGANISATION, and OTHER becomes another name of it. This
    cannot be undone: check with --dry-run first.
    """
    done = cli_changes.make_or_preview(
        call.context(), lambda ctx: organisations.join_organisations(ctx, organisation, other), dry_run=dry_run
    )
    stdout.print_rows(
        call.form, ("organisation", "other", "people", "teams"),
        [(done.name, done.other, done.people, "; ".join(done.teams))],
    )  # fmt: skip
    stderr.remark(f"{format_count(done.people, 'person moves', 'people move')} from {done.other} to {done.name}.")
    options.remark_dry_run(dry_run)


def _row(found: Organisation) -> tuple[object, ...]:
    return (
        found.name, found.kind.value, found.people, len(found.teams), found.parent, found.contact,
        "yes" if found.exempt else "",
    )  # fmt: skip
