"""group: Practice Leads and action learning sets, with their members, meetings and commitments."""

from datetime import date, time

import click

from csc_tui.cli import booking, options, stdout
from csc_tui.cli import changes as cli_changes
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.core.booking.actions import BookingOptions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.groups.rules import commitment_standing
from db.records.booking import Outcome
from db.records.groups import Commitment, CommitmentState, Group, GroupKind, Member

GROUP_COLUMNS = ("name", "kind", "course", "description", "members")
MEMBER_COLUMNS = ("person", "name", "email", "organisation", "role", "joined", "left")
COMMITMENT_COLUMNS = (
    "commitment", "group", "person", "name", "what", "made", "due", "standing", "settled", "remark",
)  # fmt: skip
KIND = OneOf([each.value for each in GroupKind])
on_day = click.option("--on", type=options.DAY, metavar="DATE", help="The first day (default: today).")


@click.group()
def group() -> None:
    """Groups of people who meet, such as Practice Leads or action learning sets, with their members.

    NAME is a group's name, or enough of it to match only that group.
    """


@group.command("list")
@click.pass_obj
def list_groups(call: Call) -> None:
    """List the groups with the number of their members."""
    _print_groups(call, groups_actions.list_groups(call.context()))


@group.command("show")
@click.argument("name")
@click.option("--all", "past", is_flag=True, help="Include people who have left.")
@click.pass_obj
def show(call: Call, name: str, past: bool) -> None:
    """List today's members of the group NAME."""
    _, members = groups_actions.show_group(call.context(), name, past=past)
    stdout.print_rows(call.form, MEMBER_COLUMNS, [_member(each) for each in members])


@group.command("create")
@click.argument("name")
@click.option("--kind", required=True, type=KIND)
@click.option("--course", default="", help="The code of the course its meetings belong to.")
@click.option("--description", default="", help="What it is for.")
@options.dry_run
@click.pass_obj
def create(call: Call, name: str, kind: str, course: str, description: str, dry_run: bool) -> None:
    """Create a group called NAME."""
    made = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: groups_actions.create_group(ctx, name, GroupKind(kind), course=course, description=description),
        dry_run=dry_run,
    )
    _print_groups(call, [made])
    options.remark_dry_run(dry_run)


@group.command("change")
@click.argument("name")
@click.option("--name", "new_name", default=None, help="Another name.")
@click.option("--kind", default=None, type=KIND)
@click.option("--course", default=None, help="The code of the course its meetings belong to; '' for none.")
@click.option("--description", default=None, help="What it is for.")
@options.dry_run
@click.pass_obj
def change(
    call: Call,
    name: str,
    new_name: str | None,
    kind: str | None,
    course: str | None,
    description: str | None,
    dry_run: bool,
) -> None:
    """Change the name, kind, course or description of the group NAME."""
    if all(each is None for each in (new_name, kind, course, description)):
        raise click.UsageError("Say what to change: --name, --kind, --course or --description")
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: groups_actions.change_group(
            ctx, name, new_name=new_name, kind=GroupKind(kind) if kind else None, course=course, description=description
        ),
        dry_run=dry_run,
    )
    cli_changes.print_changes(call, changes, "group", dry_run=dry_run)


@group.command("add")
@click.argument("name")
@click.argument("people", metavar="PERSON...", nargs=-1, required=True)
@click.option(
    "--role", default=groups_actions.MEMBER, show_default=True, help="Their role in the group, such as chair."
)
@on_day
@options.dry_run
@click.pass_obj
def add(call: Call, name: str, people: tuple[str, ...], role: str, on: date | None, dry_run: bool) -> None:
    """Add people to the group NAME, or change members' roles; - reads people from stdin. All or none."""
    ctx = call.context()
    done = cli_changes.make_or_preview(
        ctx,
        lambda ctx: groups_actions.add_members(ctx, name, options.typed_people(ctx, people), role=role, on=on),
        dry_run=dry_run,
    )
    stdout.print_records(call.form, Outcome, done)
    options.remark_dry_run(dry_run)


@group.command("remove")
@click.argument("name")
@click.argument("people", metavar="PERSON...", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; kept in the history.")
@on_day
@options.dry_run
@click.pass_obj
def remove(call: Call, name: str, people: tuple[str, ...], reason: str, on: date | None, dry_run: bool) -> None:
    """End people's membership of the group NAME. Past membership is kept on record. All or none."""
    ctx = call.context()
    done = cli_changes.make_or_preview(
        ctx,
        lambda ctx: groups_actions.remove_members(ctx, name, options.typed_people(ctx, people), reason=reason, on=on),
        dry_run=dry_run,
    )
    stdout.print_records(call.form, Outcome, done)
    options.remark_dry_run(dry_run)


@group.command("enrol")
@click.argument("name")
@click.argument("reference", metavar="EVENT")
@click.option("--partial", is_flag=True, help="Book those who can be booked (default: all or none).")
@options.override
@options.dry_run
@click.pass_obj
def enrol(call: Call, name: str, reference: str, partial: bool, override: str, dry_run: bool) -> int:
    """Book today's members of the group NAME on EVENT, in one step. EVENT becomes a meeting of the group."""
    return booking.book_and_print(
        call,
        lambda ctx: groups_actions.book_group(ctx, name, reference, BookingOptions(partial=partial), override=override),
        reference,
        dry_run=dry_run,
    )


@group.command("meet")
@click.argument("name")
@click.option("--date", "first", type=options.DAY, required=True, help="The first day.")
@click.option("--start", type=options.CLOCK, required=True, help="When each meeting starts.")
@click.option("--end", type=options.CLOCK, help="When it ends (default: after the module's length).")
@click.option("--times", type=click.IntRange(1, groups_actions.MOST_MEETINGS), metavar="MEETINGS", default=1,
              show_default=True, help="How many meetings.")  # fmt: skip
@click.option("--every-weeks", type=click.IntRange(1, 52), metavar="WEEKS", default=4, show_default=True,
              help="Weeks from one meeting to the next.")  # fmt: skip
@click.option("--venue", default="", help="The venue.")
@click.option("--room", default="", help="The room.")
@options.override
@options.dry_run
@click.pass_obj
def meet(
    call: Call,
    name: str,
    first: date,
    start: time,
    end: time | None,
    times: int,
    every_weeks: int,
    venue: str,
    room: str,
    override: str,
    dry_run: bool,
) -> None:
    """Plan meetings of the group NAME: events of its course, with today's members booked on them."""
    changes = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: groups_actions.schedule_meetings(
            ctx,
            name,
            groups_actions.MeetingSeries(
                first, start, end=end, times=times, every_weeks=every_weeks, venue=venue, room=room
            ),
            override=override,
        ),
        dry_run=dry_run,
    )
    cli_changes.print_changes(call, changes, "event", dry_run=dry_run)


@group.command("attendance")
@click.argument("name")
@click.pass_obj
def attendance(call: Call, name: str) -> None:
    """Show who in the group NAME came to which meeting: the mark, booked, or empty."""
    found = groups_actions.show_group_attendance(call.context(), name)
    rows = [
        (line.person, line.name, meeting.event, meeting.session, meeting.on, mark)
        for line in found.lines
        for meeting, mark in zip(found.meetings, line.marks, strict=True)
    ]
    stdout.print_rows(call.form, ("person", "name", "event", "session", "date", "mark"), rows)


@group.command("commit")
@click.argument("name")
@click.argument("person")
@click.argument("what")
@click.option("--by", "due", type=options.DAY, required=True, metavar="DATE", help="By when they will do it.")
@click.option("--on", type=options.DAY, metavar="DATE", help="When they made it (default: today).")
@options.dry_run
@click.pass_obj
def commit(call: Call, name: str, person: str, what: str, due: date, on: date | None, dry_run: bool) -> None:
    """Record a commitment: WHAT a member of the group NAME will do, and by when."""
    _print_commitments(
        call,
        [
            cli_changes.make_or_preview(
                call.context(),
                lambda ctx: commitments.add_commitment(ctx, name, person, what, due, on=on),
                dry_run=dry_run,
            )
        ],
    )
    options.remark_dry_run(dry_run)


@group.command("commitments")
@click.argument("name", required=False, default="")
@click.option("--person", default="", help="Only this person.")
@click.option("--open", "open_only", is_flag=True, help="Only open commitments.")
@click.option("--overdue", is_flag=True, help="Only overdue commitments.")
@click.pass_obj
def list_commitments(call: Call, name: str, person: str, open_only: bool, overdue: bool) -> None:
    """List the commitments of the group NAME, or of all groups, and whether they were kept."""
    ctx = call.context()
    found = commitments.list_commitments(ctx, group=name, person=person, open_only=open_only or overdue)
    _print_commitments(
        call, [each for each in found if not overdue or commitment_standing(each, ctx.today()) == "overdue"]
    )


@group.command("settle")
@click.argument("number", metavar="COMMITMENT", type=int)
@click.argument("outcome", metavar="[OUTCOME]", type=OneOf([each.value for each in CommitmentState]), default="done")
@click.option("--remark", default="", help="What happened.")
@click.option("--on", type=options.DAY, metavar="DATE", help="When (default: today).")
@options.dry_run
@click.pass_obj
def settle(call: Call, number: int, outcome: str, remark: str, on: date | None, dry_run: bool) -> None:
    """Record the outcome of a COMMITMENT, by its number: done (default), not_done, withdrawn, or open again."""
    done = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: commitments.set_commitment_state(ctx, number, CommitmentState(outcome), remark=remark, on=on),
        dry_run=dry_run,
    )
    _print_commitments(call, [done])
    options.remark_dry_run(dry_run)


@group.command("recommit")
@click.argument("number", metavar="COMMITMENT", type=int)
@click.option("--what", default=None, help="The new words.")
@click.option("--by", "due", type=options.DAY, metavar="DATE", help="The new date.")
@options.dry_run
@click.pass_obj
def recommit(call: Call, number: int, what: str | None, due: date | None, dry_run: bool) -> None:
    """Change the words or date of an open COMMITMENT, by its number."""
    if what is None and due is None:
        raise click.UsageError("Say what to change: --what or --by")
    _print_commitments(
        call,
        [
            cli_changes.make_or_preview(
                call.context(),
                lambda ctx: commitments.change_commitment(ctx, number, what=what, due=due),
                dry_run=dry_run,
            )
        ],
    )
    options.remark_dry_run(dry_run)


def _print_commitments(call: Call, found: list[Commitment]) -> None:
    today = call.context().today()
    rows = [
        (
            each.id,
            each.group,
            f"#{each.person_id}",
            each.name,
            each.what,
            each.made,
            each.due,
            commitment_standing(each, today),
            each.settled,
            each.remark,
        )
        for each in found
    ]
    stdout.print_rows(call.form, COMMITMENT_COLUMNS, rows, leaving=("made", "settled", "remark", "group", "person"))


def _print_groups(call: Call, found: list[Group]) -> None:
    rows = [tuple(getattr(each, name) for name in GROUP_COLUMNS) for each in found]
    stdout.print_rows(call.form, GROUP_COLUMNS, rows, leaving=("description", "kind"))


def _member(each: Member) -> tuple[object, ...]:
    return f"#{each.person_id}", each.name, each.email, each.organisation, each.role, each.joined, each.left_on
