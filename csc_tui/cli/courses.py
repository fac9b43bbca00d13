"""course list, set, require: what each course asks of its bookings."""

import click

from csc_tui.cli import output
from csc_tui.cli.call import Call
from csc_tui.services import catalogue
from db.records import Change, Strictness

COLUMNS = ("code", "title", "strand", *catalogue.SETTINGS, "prerequisites")


@click.group()
def course() -> None:
    """The courses, and what each asks of its bookings: approval, waiting list, cut-offs, audience, prerequisites."""


@course.command("list")
@click.pass_obj
def list_courses(call: Call) -> None:
    """List the courses with their rules."""
    rows = [
        (
            each.code,
            each.title,
            each.strand,
            *(getattr(booking if hasattr(booking, name) else completion, name) for name in catalogue.SETTINGS),
            ", ".join(f"{code} ({strictness})" for code, strictness in booking.prerequisites),
        )
        for each, booking, completion in catalogue.everything(call.context())
    ]
    output.rows(call.form, COLUMNS, rows)


@course.command("set")
@click.argument("code", metavar="COURSE")
@click.argument("name", metavar="SETTING", type=click.Choice(list(catalogue.SETTINGS)))
@click.argument("value")
@click.pass_obj
def set_rule(call: Call, code: str, name: str, value: str) -> None:
    """Set one rule of COURSE, such as `csc course set RL approval manager`.

    approval none|manager|coordinator; waiting_rule promote|offer; offer_hours, cutoff_days and booking_cutoff_days are
    numbers (days are working days before the first session); managers_only yes|no; audience_rule off|warn|rule;
    completion_rule all_modules|share_of_hours; completion_share is the percentage of the hours; validity_months is
    after how many months the course has to be refreshed, or none.
    """
    output.records(call.form, Change, [catalogue.configure(call.context(), code, name, value)])


@course.command("require")
@click.argument("code", metavar="COURSE")
@click.argument("requires", metavar="COURSE_BEFORE")
@click.option("--strictness", type=click.Choice([each.value for each in Strictness]), default="warn", show_default=True)
@click.pass_obj
def require(call: Call, code: str, requires: str, strictness: str) -> None:
    """Say that COURSE_BEFORE comes before COURSE: as a warning, as a rule, or (off) no longer."""
    output.records(call.form, Change, [catalogue.require(call.context(), code, requires, Strictness(strictness))])
