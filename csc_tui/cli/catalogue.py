"""course and resource: strands, courses, modules, and the documents and links that support them."""

from collections.abc import Iterable
from typing import Any

import click

from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.catalogue import course_rules, resources
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.catalogue import rules as catalogue_rules
from db.records.calendar import FieldChange
from db.records.catalogue import Resource, ResourceKind, Strictness

COLUMNS = ("code", "title", "strand", *course_rules.SETTINGS, "prerequisites")
LEAVING = (
    "completion_share", "offer_hours", "validity_months", "booking_cutoff_days", "cutoff_days", "waiting_elsewhere",
    "audience_rule", "managers_only", "completion_rule", "strand", "prerequisites", "waiting_rule",
)  # fmt: skip


@click.group()
def course() -> None:
    """The catalogue: courses with their modules and strands, and their rules for booking and completion."""


@course.command("list")
@click.pass_obj
def list_courses(call: Call) -> None:
    """List the courses with their rules."""
    rows = [
        (
            each.code,
            each.title,
            each.strand,
            *(getattr(booking if hasattr(booking, name) else completion, name) for name in course_rules.SETTINGS),
            ", ".join(f"{code} ({strictness})" for code, strictness in booking.prerequisites),
        )
        for each, booking, completion in course_rules.list_course_rules(call.context())
    ]
    stdout.print_rows(call.form, COLUMNS, rows, leaving=LEAVING)


@course.command("set")
@click.argument("code", metavar="COURSE")
@click.argument("name", metavar="SETTING", type=OneOf(list(course_rules.SETTINGS)))
@click.argument("value")
@options.dry_run
@click.pass_obj
def set_rule(call: Call, code: str, name: str, value: str, dry_run: bool) -> None:
    """Set one rule of COURSE, such as `csc course set RL approval manager`.

    approval none|manager|coordinator; waiting_rule promote|offer; offer_hours, cutoff_days and booking_cutoff_days are
    numbers (days are working days before the first session); managers_only yes|no; audience_rule off|warn|rule;
    waiting_elsewhere remove|ask|keep is for those who get a place and wait for another event of the course;
    completion_rule all_modules|share_of_hours; completion_share is the percentage of the hours; validity_months is
    how many months a completion lasts, or none.
    """
    stdout.print_records(
        call.form,
        FieldChange,
        [
            cli_changes.make_or_preview(
                call.context(), lambda ctx: course_rules.set_course_rule(ctx, code, name, value), dry_run=dry_run
            )
        ],
    )
    options.remark_dry_run(dry_run)


@course.command("require")
@click.argument("code", metavar="COURSE")
@click.argument("requires", metavar="COURSE_BEFORE")
@click.option("--strictness", type=OneOf([each.value for each in Strictness]), default="warn", show_default=True)
@options.dry_run
@click.pass_obj
def require(call: Call, code: str, requires: str, strictness: str, dry_run: bool) -> None:
    """Require COURSE_BEFORE before COURSE: as a warning, as a rule, or no longer (off)."""
    change = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: course_rules.require_prerequisite(ctx, code, requires, Strictness(strictness)),
        dry_run=dry_run,
    )
    stdout.print_records(call.form, FieldChange, [change])
    options.remark_dry_run(dry_run)


class MinutesParam(click.ParamType):  # type: ignore[type-arg]
    """The length of a module: 180, 3h or 3:30."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return value if isinstance(value, int) else catalogue_rules.parse_module_length(value)


class ModuleParam(click.ParamType):  # type: ignore[type-arg]
    """The title and length of a module: `Day 1 7h`."""

    name = "module"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        found = catalogue_rules.parse_modules(value)
        if len(found) != 1:
            raise click.BadParameter(f"'{value}' is not a module, such as \"Day 1 7h\"", ctx, param)
        return found[0]


@course.command("show")
@click.argument("code", metavar="COURSE")
@click.pass_obj
def show(call: Call, code: str) -> None:
    """Show one COURSE, even if archived: its modules, rules, resources, and its events this programme year."""
    entry = catalogue_queries.show_course(call.context(), code)
    its = entry.course
    stdout.print_card(call.form, {
        "code": its.code, "title": its.title, "strand": its.strand, "state": "run" if its.active else "retired",
        "description": its.description, "audience": its.audience, "impact_question": its.impact_question,
        "capacity": its.capacity, "minimum": its.minimum,
        **{name: getattr(entry.booking if hasattr(entry.booking, name) else entry.completion, name)
           for name in course_rules.SETTINGS},
        "prerequisites": ", ".join(f"{each} ({strictness})" for each, strictness in entry.booking.prerequisites),
        "modules": [{"module": each.position, "title": each.title, "minutes": each.minutes} for each in entry.modules],
        "resources": [{"resource": each.id, "title": each.title, "kind": each.kind.value, "address": each.address,
                       "edition": each.edition} for each in entry.resources],
        "events": stdout.record_mappings(entry.events),
    })  # fmt: skip


@course.command("add")
@click.argument("strand")
@click.argument("code")
@click.argument("title")
@click.option(
    "--module",
    "modules",
    type=ModuleParam(),
    multiple=True,
    metavar="'TITLE LENGTH'",
    help="A module, such as 'Day 1 7h' or 'Briefing 90' (minutes). Repeat for each, in order.",
)
@click.option("--description", default="", help="What it is about.")
@click.option("--audience", default="", help="Who it is for.")
@click.option(
    "--impact-question", default="", help="The statement that people agree or disagree with in the evaluation."
)
@click.option(
    "--capacity", type=click.IntRange(0), default=20, show_default=True, help="The number of places of its events."
)
@click.option(
    "--minimum",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The minimum number of people its events need.",
)
@click.option("--managers-only", is_flag=True, help="Warn when someone who is not a manager is booked.")
@options.dry_run
@click.pass_obj
def add(
    call: Call,
    strand: str,
    code: str,
    title: str,
    modules: tuple[tuple[str, int], ...],
    description: str,
    audience: str,
    impact_question: str,
    capacity: int,
    minimum: int,
    managers_only: bool,
    dry_run: bool,
) -> None:
    """Add a course to a STRAND (its code or name), with its modules and its evaluation questions."""
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: catalogue_actions.add_course(
            ctx,
            catalogue_actions.CourseToAdd(
                strand,
                code,
                title,
                modules,
                description=description,
                audience=audience,
                impact_question=impact_question,
                capacity=capacity,
                minimum=minimum,
                managers_only=managers_only,
            ),
        ),
        dry_run=dry_run,
    )
    cli_changes.print_changes(call, changes, "course", dry_run=dry_run)


@course.command("change")
@click.argument("code", metavar="COURSE")
@click.option("--title", default=None)
@click.option("--description", default=None)
@click.option("--audience", default=None)
@click.option("--capacity", default=None, type=click.IntRange(0), help="The number of places of future events.")
@click.option(
    "--minimum", default=None, type=click.IntRange(0), help="The minimum number of people future events need."
)
@click.option("--strand", default=None, help="Move it to another strand, by code or name.")
@options.dry_run
@click.pass_obj
def change(call: Call, /, code: str, dry_run: bool, **fields: Any) -> None:
    """Change the title, description, audience, number of places or strand of COURSE. Planned events stay as they
    are.
    """
    if all(value is None for value in fields.values()):
        raise click.UsageError("Say what to change: --title, --description, --audience, --capacity, ...")
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: catalogue_actions.change_course(ctx, code, catalogue_actions.CourseChange(**fields)),
        dry_run=dry_run,
    )
    cli_changes.print_changes(call, changes, "course", dry_run=dry_run)


@course.command("retire")
@click.argument("code", metavar="COURSE")
@options.dry_run
@click.pass_obj
def retire(call: Call, code: str, dry_run: bool) -> None:
    """Archive COURSE: no new events can be planned; its events, completions and figures are kept."""
    cli_changes.print_changes(
        call,
        [
            cli_changes.make_or_preview(
                call.context(), lambda ctx: catalogue_actions.retire_course(ctx, code), dry_run=dry_run
            )
        ],
        "course",
        dry_run=dry_run,
    )


@course.command("restore")
@click.argument("code", metavar="COURSE")
@options.dry_run
@click.pass_obj
def restore(call: Call, code: str, dry_run: bool) -> None:
    """Restore an archived COURSE."""
    cli_changes.print_changes(
        call,
        [
            cli_changes.make_or_preview(
                call.context(), lambda ctx: catalogue_actions.bring_back_course(ctx, code), dry_run=dry_run
            )
        ],
        "course",
        dry_run=dry_run,
    )


@course.group("module")
def module() -> None:
    """The modules of a course, in order, with the length of each. Each session is for one module."""


@module.command("add")
@click.argument("code", metavar="COURSE")
@click.argument("title")
@click.argument("minutes", metavar="LENGTH", type=MinutesParam())
@options.dry_run
@click.pass_obj
def add_module(call: Call, code: str, title: str, minutes: int, dry_run: bool) -> None:
    """Add a module at the end of COURSE. LENGTH is 180 (minutes), 3h or 3:30. People who had completed COURSE will
    need it, too.
    """
    changes = cli_changes.make_or_preview(
        call.context(), lambda ctx: catalogue_actions.add_module(ctx, code, title, minutes), dry_run=dry_run
    )
    cli_changes.print_changes(call, changes, "course", dry_run=dry_run)


@module.command("change")
@click.argument("code", metavar="COURSE")
@click.argument("number", metavar="MODULE", type=int)
@click.option("--title", default=None)
@click.option("--length", "minutes", type=MinutesParam(), default=None, help="180, 3h or 3:30.")
@options.dry_run
@click.pass_obj
def change_module(call: Call, code: str, number: int, title: str | None, minutes: int | None, dry_run: bool) -> None:
    """Change the title or length of MODULE of COURSE. MODULE is its number."""
    if title is None and minutes is None:
        raise click.UsageError("Say what to change: --title or --length")
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: catalogue_actions.change_module(ctx, code, number, title=title, minutes=minutes),
        dry_run=dry_run,
    )
    cli_changes.print_changes(call, changes, "course", dry_run=dry_run)


@module.command("move")
@click.argument("code", metavar="COURSE")
@click.argument("number", metavar="MODULE", type=int)
@click.argument("to", metavar="PLACE", type=int)
@options.dry_run
@click.pass_obj
def move_module(call: Call, code: str, number: int, to: int, dry_run: bool) -> None:
    """Change the order: make MODULE of COURSE number PLACE. Its sessions and attendance move with it."""
    changes = cli_changes.make_or_preview(
        call.context(), lambda ctx: catalogue_actions.move_module(ctx, code, number, to), dry_run=dry_run
    )
    cli_changes.print_changes(call, changes, "course", dry_run=dry_run)


@module.command("remove")
@click.argument("code", metavar="COURSE")
@click.argument("number", metavar="MODULE", type=int)
@options.dry_run
@click.pass_obj
def remove_module(call: Call, code: str, number: int, dry_run: bool) -> None:
    """Remove MODULE, by its number, from COURSE. Refused if it has sessions or attendance."""
    changes = cli_changes.make_or_preview(
        call.context(), lambda ctx: catalogue_actions.remove_module(ctx, code, number), dry_run=dry_run
    )
    cli_changes.print_changes(call, changes, "course", dry_run=dry_run)


@course.group("strand")
def strand() -> None:
    """The strands that courses belong to."""


@strand.command("list")
@click.pass_obj
def list_strands(call: Call) -> None:
    """List the strands with their number of active and archived courses."""
    shelf = catalogue_queries.show_catalogue(call.context())
    rows = []
    for each in shelf.strands:
        states = [entry.course.active for entry in shelf.entries if entry.course.strand_id == each.id]
        rows.append((each.code, each.name, each.description, sum(states), len(states) - sum(states)))
    stdout.print_rows(call.form, ("code", "name", "description", "courses", "retired"), rows, leaving=("description",))


@strand.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--description", default="")
@options.dry_run
@click.pass_obj
def add_strand(call: Call, code: str, name: str, description: str, dry_run: bool) -> None:
    """Add a strand with a short CODE and a NAME, after the others."""
    change = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: catalogue_actions.add_strand(ctx, code, name, description=description),
        dry_run=dry_run,
    )
    cli_changes.print_changes(call, [change], "strand", dry_run=dry_run)


@strand.command("change")
@click.argument("code", metavar="STRAND")
@click.option("--name", default=None)
@click.option("--description", default=None)
@options.dry_run
@click.pass_obj
def change_strand(call: Call, code: str, name: str | None, description: str | None, dry_run: bool) -> None:
    """Change the name or description of STRAND."""
    if name is None and description is None:
        raise click.UsageError("Say what to change: --name or --description")
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: catalogue_actions.change_strand(ctx, code, name=name, description=description),
        dry_run=dry_run,
    )
    cli_changes.print_changes(call, changes, "strand", dry_run=dry_run)


@strand.command("retire")
@click.argument("code", metavar="STRAND")
@options.dry_run
@click.pass_obj
def retire_strand(call: Call, code: str, dry_run: bool) -> None:
    """Archive every course of STRAND. An empty strand is removed."""
    changes = cli_changes.make_or_preview(
        call.context(), lambda ctx: catalogue_actions.retire_strand(ctx, code), dry_run=dry_run
    )
    cli_changes.print_changes(call, changes, "course", dry_run=dry_run)


RESOURCE_COLUMNS = ("resource", "title", "kind", "address", "edition", "course", "strand")
resource_course = click.option("--course", default="", help="Of this course, by code.")
resource_strand = click.option("--strand", default="", help="Of this strand, by code or name.")


@click.group()
def resource() -> None:
    """Documents and links that support a course or a strand. Invitations include them."""


@resource.command("list")
@resource_course
@resource_strand
@click.pass_obj
def list_resources(call: Call, course: str, strand: str) -> None:
    """List the resources, each with its number; those of a course include its strand's."""
    _print_resources(call, resources.list_resources(call.context(), strand=strand, course=course))


@resource.command("add")
@click.argument("title")
@click.option("--link", default="", metavar="ADDRESS", help="A web page.")
@click.option(
    "--document", default=None, metavar="WHERE", help="A document: a path or web address, or '' if not known yet."
)
@click.option("--edition", default="", help="Which edition, such as 2 or March 2017.")
@resource_course
@resource_strand
@options.dry_run
@click.pass_obj
def resource_add(
    call: Call, title: str, link: str, document: str | None, edition: str, course: str, strand: str, dry_run: bool
) -> None:
    """Add a link or a document called TITLE to a course or a strand."""
    if bool(link) == (document is not None):
        raise click.UsageError("Say what it is: --link ADDRESS or --document WHERE.")
    kind = ResourceKind.LINK if link else ResourceKind.DOCUMENT
    made = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: resources.add_resource(
            ctx,
            resources.NewResource(title, kind, link or document or "", strand=strand, course=course, edition=edition),
        ),
        dry_run=dry_run,
    )
    _print_resources(call, [made])
    options.remark_dry_run(dry_run)


@resource.command("change")
@click.argument("number", metavar="RESOURCE", type=int)
@click.option("--title", default=None)
@click.option("--address", default=None, metavar="WHERE")
@click.option("--edition", default=None)
@options.dry_run
@click.pass_obj
def resource_change(
    call: Call, number: int, title: str | None, address: str | None, edition: str | None, dry_run: bool
) -> None:
    """Change the title, address or edition of RESOURCE. RESOURCE is its number in csc resource list."""
    done = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: resources.change_resource(ctx, number, title=title, address=address, edition=edition),
        dry_run=dry_run,
    )
    _print_resources(call, [done])
    options.remark_dry_run(dry_run)


@resource.command("remove")
@click.argument("number", metavar="RESOURCE", type=int)
@options.dry_run
@click.pass_obj
def resource_remove(call: Call, number: int, dry_run: bool) -> None:
    """Remove RESOURCE, by its number, and show what it was."""
    _print_resources(
        call,
        [
            cli_changes.make_or_preview(
                call.context(), lambda ctx: resources.remove_resource(ctx, number), dry_run=dry_run
            )
        ],
    )
    options.remark_dry_run(dry_run)


def _print_resources(call: Call, found: Iterable[Resource]) -> None:
    rows = [
        (each.id, each.title, each.kind.value, each.address, each.edition, each.course, each.strand) for each in found
    ]
    stdout.print_rows(call.form, RESOURCE_COLUMNS, rows, leaving=("edition", "strand", "kind"))
