"""resource: the documents and links of courses and strands."""

from collections.abc import Iterable

import click

from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.catalogue import resources
from db.records.catalogue import Resource, ResourceKind

COLUMNS = ("resource", "title", "kind", "address", "edition", "course", "strand")
course = click.option("--course", default="", help="Of this course, by code.")
strand = click.option("--strand", default="", help="Of this strand, by code or name.")


@click.group()
def resource() -> None:
    """Documents and links that support a course or a strand; invitations name them."""


@resource.command("list")
@course
@strand
@click.pass_obj
def list_resources(call: Call, course: str, strand: str) -> None:
    """List the resources, each with its number; those of a course include its strand's."""
    _print(call, resources.list_resources(call.context(), strand=strand, course=course))


@resource.command("add")
@click.argument("title")
@click.option("--link", default="", metavar="ADDRESS", help="A web page.")
@click.option("--document", default=None, metavar="WHERE", help="A document: a path or web address, '' while unknown.")
@click.option("--edition", default="", help="Which edition, such as 2 or March 2017.")
@course
@strand
@options.dry_run
@click.pass_obj
def add(
    call: Call, title: str, link: str, document: str | None, edition: str, course: str, strand: str, dry_run: bool
) -> None:
    """Add a link or a document called TITLE to a course or a strand."""
    if bool(link) == (document is not None):
        raise click.UsageError("Say what it is: --link ADDRESS or --document WHERE.")
    kind = ResourceKind.LINK if link else ResourceKind.DOCUMENT
    made = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: resources.add_resource(
            ctx, title, kind, link or document or "", strand=strand, course=course, edition=edition
        ),
        dry_run=dry_run,
    )
    _print(call, [made])
    options.remark_dry_run(dry_run)


@resource.command("change")
@click.argument("number", metavar="RESOURCE", type=int)
@click.option("--title", default=None)
@click.option("--address", default=None, metavar="WHERE")
@click.option("--edition", default=None)
@options.dry_run
@click.pass_obj
def change(call: Call, number: int, title: str | None, address: str | None, edition: str | None, dry_run: bool) -> None:
    """Give RESOURCE, named by its number, another title, address or edition."""
    done = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: resources.change_resource(ctx, number, title=title, address=address, edition=edition),
        dry_run=dry_run,
    )
    _print(call, [done])
    options.remark_dry_run(dry_run)


@resource.command("remove")
@click.argument("number", metavar="RESOURCE", type=int)
@options.dry_run
@click.pass_obj
def remove(call: Call, number: int, dry_run: bool) -> None:
    """Take RESOURCE, named by its number, away, and show what it was."""
    _print(
        call,
        [
            cli_changes.make_or_preview(
                call.context(), lambda ctx: resources.remove_resource(ctx, number), dry_run=dry_run
            )
        ],
    )
    options.remark_dry_run(dry_run)


def _print(call: Call, found: Iterable[Resource]) -> None:
    rows = [
        (each.id, each.title, each.kind.value, each.address, each.edition, each.course, each.strand) for each in found
    ]
    stdout.print_rows(call.form, COLUMNS, rows, leaving=("edition", "strand", "kind"))
