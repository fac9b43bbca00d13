"""register, mark, sheet and certificate: who was there, and the proof of it."""

from datetime import time

import click

from csc_tui.base.text import format_count
from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import certificates, sign_in_sheets
from csc_tui.core.attendance import rules as attendance_rules
from csc_tui.core.people import newcomers
from csc_tui.core.people import rules as people_rules
from db.records.attendance import RegisterLine

EVENT = click.argument("reference", metavar="EVENT")
REASON = click.option("--reason", default="", metavar="TEXT", help="Why a signed-off register is changed.")


@click.command()
@EVENT
@click.argument("number", metavar="[SESSION]", type=click.IntRange(1), required=False)
@click.option("--sign-off", is_flag=True, help="It is complete and right: changes now need a coordinator and a reason.")
@options.dry_run
@click.pass_obj
def register(call: Call, reference: str, number: int | None, sign_off: bool, dry_run: bool) -> int:
    """Show who was there, for each session of EVENT or for one; people who make up a module in it are included.

    Who has no mark yet stands there without one. Minutes are those of the session unless others were noted.
    """
    ctx = call.context()
    if sign_off:
        if number is None:
            raise click.UsageError("Say which session's register is signed off: csc register EVENT SESSION --sign-off.")
        found = [
            cli_changes.make_or_preview(
                ctx, lambda ctx: attendance_actions.sign_off_register(ctx, reference, number), dry_run=dry_run
            )
        ]
    else:
        found = attendance_actions.list_registers(ctx, reference, number)
    lines = attendance_actions.list_register_lines(found)
    if number is None and len(found) > 1:
        stdout.print_records(call.form, RegisterLine, lines)
    else:
        fields = ("person", "name", "mark", "minutes")
        stdout.print_rows(call.form, fields, [tuple(getattr(line, name) for name in fields) for line in lines])
    for each in found:
        if each.state and each.state.signed_off_by:
            verb = "would be" if sign_off and dry_run else "is"
            stderr.remark(f"Session {each.session.number} {verb} signed off by {each.state.signed_off_by}.")
        elif each.state and each.unmarked:
            stderr.remark(
                f"Session {each.session.number}: {format_count(len(each.unmarked), 'person', 'people')} unmarked."
            )
    options.remark_dry_run(dry_run)
    if not lines:
        stderr.remark(f"Nobody is on {reference} yet.")
    return stderr.DONE if lines else stderr.NOTHING_FOUND


@click.command()
@EVENT
@click.argument("number", metavar="SESSION", type=click.IntRange(1))
@click.argument("person", metavar="[PERSON", default="")
@click.argument("word", metavar="MARK]", default="")
@click.option("--rest", default="", metavar="MARK", help="Mark all who have no mark yet, and nobody else.")
@click.option("--clear", is_flag=True, help="Take PERSON's mark away.")
@click.option("--minutes", type=click.IntRange(1), metavar="N", help="How long PERSON was there.")
@click.option("--arrived", type=options.CLOCK, metavar="HH:MM", help="When PERSON came.")
@click.option("--left", type=options.CLOCK, metavar="HH:MM", help="When PERSON went.")
@click.option("--walk-in", is_flag=True, help="Book PERSON first, who came without a place.")
@click.option(
    "--new",
    "is_new",
    is_flag=True,
    help="With --walk-in: add PERSON, given as 'NAME <E-MAIL>', who is not in the database yet.",
)
@click.option("--override", default="", metavar="REASON", help="Why to book a walk-in anyway, such as beyond capacity.")
@REASON
@options.dry_run
@click.pass_obj
def mark(
    call: Call,
    reference: str,
    number: int,
    person: str,
    word: str,
    rest: str,
    clear: bool,
    minutes: int | None,
    arrived: time | None,
    left: time | None,
    walk_in: bool,
    is_new: bool,
    override: str,
    reason: str,
    dry_run: bool,
) -> None:
    """Mark PERSON present, late, left_early, apologies or absent in a session; or everybody who is left, with --rest.

    Marking again replaces the mark, and the history keeps both. Outcomes and completions follow at once. With --walk-in
    somebody who came without a place gets a free one and is marked; beyond the capacity, --override says why.
    """
    said = [bool(person and word), bool(rest), bool(person and clear)]
    if said.count(True) != 1 or (rest and (person or clear)) or (clear and word):
        raise click.UsageError("Say PERSON and MARK, or PERSON --clear, or --rest MARK.")
    timed = minutes is not None or arrived is not None or left is not None
    if timed and not word:
        raise click.UsageError("--minutes, --arrived and --left belong to PERSON and MARK.")
    if (walk_in and not word) or ((is_new or override) and not walk_in):
        raise click.UsageError("--walk-in belongs to PERSON and MARK, and --new and --override to --walk-in.")
    ctx = call.context()
    if walk_in:
        whom = people_rules.parse_new_person(person) if is_new else person
        given = attendance_actions.NewMark(
            attendance_rules.parse_mark(word), minutes=minutes, arrived=arrived, left=left
        )
        came = cli_changes.make_or_preview(
            ctx,
            lambda ctx: newcomers.record_walk_in(ctx, reference, number, whom, given, override=override or reason),
            dry_run=dry_run,
        )
        found = [came.mark]
        if came.booked.reason:
            stderr.remark(came.booked.reason)
    elif rest:
        kind = attendance_rules.parse_mark(rest)
        found = cli_changes.make_or_preview(
            ctx, lambda ctx: attendance_actions.mark_rest(ctx, reference, number, kind, reason=reason), dry_run=dry_run
        )
    elif clear:
        found = cli_changes.make_or_preview(
            ctx,
            lambda ctx: attendance_actions.clear_mark(ctx, reference, number, person, reason=reason),
            dry_run=dry_run,
        )
    else:
        found = cli_changes.make_or_preview(
            ctx,
            lambda ctx: attendance_actions.mark_person(
                ctx,
                reference,
                number,
                person,
                attendance_actions.NewMark(
                    attendance_rules.parse_mark(word), minutes=minutes, arrived=arrived, left=left
                ),
                reason=reason,
            ),
            dry_run=dry_run,
        )
    stdout.print_records(call.form, attendance_actions.PersonMark, found)
    if rest and not found:
        stderr.remark("Everybody is marked already.")
    options.remark_dry_run(dry_run)


@click.command()
@EVENT
@click.argument("number", metavar="SESSION", type=click.IntRange(1))
@click.option("--to", "path", required=True, metavar="FILE", help="A .pdf to print, or an .xlsx to fill in.")
@click.option("--needs", is_flag=True, help="With dietary and access needs: for the trainer, not for the table.")
@click.pass_obj
def sheet(call: Call, reference: str, number: int, path: str, needs: bool) -> None:
    """Write the sign-in sheet of a session: names, organisations, room to sign.

    An .xlsx that was filled in comes back with csc import marks FILE.
    """
    many = sign_in_sheets.save_sign_in_sheet(call.context(), reference, number, path, with_needs=needs)
    stderr.remark(f"{format_count(many, 'person', 'people')} in {path}.")


@click.command()
@click.argument("reference", metavar="[EVENT", default="")
@click.argument("person", metavar="PERSON]", default="")
@click.option("--to", "folder", default="", metavar="DIR", help="The folder to write to; made if it is not there.")
@click.option("--check", "asked", default="", metavar="REFERENCE", help="Whether a certificate is genuine.")
@click.pass_obj
def certificate(call: Call, reference: str, person: str, folder: str, asked: str) -> int:
    """Write the certificates (PDF) of everybody on EVENT who completed its course, or of PERSON alone.

    Who has not completed it gets none, and is named with what they need. Each certificate has a reference at its foot;
    --check REFERENCE says whose it is and whether the registers support it.
    """
    if asked:
        if reference or folder:
            raise click.UsageError("--check stands alone: csc certificate --check REFERENCE.")
        stdout.print_card(
            call.form, stdout.record_mappings([certificates.verify_certificate(call.context(), asked)])[0]
        )
        return stderr.DONE
    if not (reference and folder):
        raise click.UsageError("Say EVENT and --to DIR, or --check REFERENCE.")
    written, others = certificates.issue_certificates(call.context(), reference, folder, person)
    if written or call.form in ("csv", "json"):
        stdout.print_records(call.form, certificates.WrittenCertificate, written)
    for each in others:
        stderr.remark(f"No certificate for {each.name}: {each.needs}.")
    stderr.remark(f"{format_count(len(written), 'certificate')}{' in ' + folder if written else ''}.")
    return stderr.DONE if written else stderr.NOTHING_FOUND
