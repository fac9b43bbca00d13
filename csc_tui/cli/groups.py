"""group: Practice Leads, action learning sets, and booking all of a group in one step."""

from datetime import date

import click

from csc_tui.cli import book, options, output
from csc_tui.cli.call import Call
from csc_tui.services import grouping
from db.errors import NotFound
from db.records import Group, GroupKind, Member, Outcome

GROUP_COLUMNS = ("name", "kind", "course", "description", "members")
MEMBER_COLUMNS = ("person", "name", "email", "organisation", "role", "joined", "left")
on_day = click.option("--on", type=options.DAY, metavar="DATE", help="From which day; today without it.")


@click.group()
def group() -> None:
    """Groups of people who meet: Practice Leads, action learning sets; who belongs to them, since when and as what.

    NAME is a group's name or a part of it that no other group has.
    """


@group.command("list")
@click.pass_obj
def list_groups(call: Call) -> None:
    """List the groups with the number of their members."""
    _print_groups(call, grouping.everything(call.context()))


@group.command("show")
@click.argument("name")
@click.option("--all", "past", is_flag=True, help="Also those who have left.")
@click.pass_obj
def show(call: Call, name: str, past: bool) -> None:
    """List who belongs to the group NAME today."""
    _, members = grouping.show(call.context(), name, past=past)
    output.rows(call.form, MEMBER_COLUMNS, [_member(each) for each in members])


@group.command("create")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice([each.value for each in GroupKind]))
@click.option("--course", default="", help="The course its meetings are events of, by code.")
@click.option("--description", default="", help="What it is for.")
@click.pass_obj
def create(call: Call, name: str, kind: str, course: str, description: str) -> None:
    """Make a group called NAME."""
    made = grouping.create(call.context(), name, GroupKind(kind), course=course, description=description)
    _print_groups(call, [made])


@group.command("add")
@click.argument("name")
@click.argument("people", metavar="PERSON...", nargs=-1, required=True)
@click.option("--role", default=grouping.MEMBER, show_default=True, help="What they are in it, such as chair.")
@on_day
@click.pass_obj
def add(call: Call, name: str, people: tuple[str, ...], role: str, on: date | None) -> None:
    """Take people into the group NAME, or give members another role; - reads people from stdin. All or nobody."""
    done = grouping.add(call.context(), name, options.people_given(call.context(), people), role=role, on=on)
    output.records(call.form, Outcome, done)


@group.command("remove")
@click.argument("name")
@click.argument("people", metavar="PERSON...", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; stands in the history.")
@on_day
@click.pass_obj
def remove(call: Call, name: str, people: tuple[str, ...], reason: str, on: date | None) -> None:
    """End the memberships of people in the group NAME; that they were members is kept. All or nobody."""
    done = grouping.remove(call.context(), name, options.people_given(call.context(), people), reason=reason, on=on)
    output.records(call.form, Outcome, done)


@group.command("enrol")
@click.argument("name")
@click.argument("reference", metavar="EVENT")
@click.option("--partial", is_flag=True, help="Enrol those who can be; without it, all or nobody.")
@options.override
@options.dry_run
@click.pass_context
def enrol(ctx: click.Context, name: str, reference: str, partial: bool, override: str, dry_run: bool) -> int:
    """Book everybody who is in the group NAME today on EVENT, in one step."""
    found, members = grouping.show(ctx.obj.context(), name)
    if not members:
        raise NotFound(f"{found.name} has no members today. Nobody was enrolled.")
    done: int = ctx.invoke(
        book.enrol, reference=reference, people=(), group=name, team="", waiting=False, partial=partial,
        beyond_capacity=False, override=override, dry_run=dry_run,
    )  # fmt: skip
    return done


def _print_groups(call: Call, found: list[Group]) -> None:
    output.rows(call.form, GROUP_COLUMNS, [tuple(getattr(each, name) for name in GROUP_COLUMNS) for each in found])


def _member(each: Member) -> tuple[object, ...]:
    return f"#{each.person_id}", each.name, each.email, each.organisation, each.role, each.joined, each.left_on
