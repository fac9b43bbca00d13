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
from db.records.attendance import MarkKind, RegisterLine

EVENT = click.argument("reference", metavar="EVENT")
REASON = click.option("--reason", default="", metavar="TEXT", help="Why a signed-off register is changed.")


@click.command()
@EVENT
@click.argument("number", metavar="[SESSION]", type=click.IntRange(1), required=False)
@click.option(
    "--sign-off",
    is_flag=True,
    help="Sign the register off as complete. After that only a coordinator can change it, giving a reason.",
)
@options.dry_run
@click.pass_obj
def register(call: Call, reference: str, number: int | None, sign_off: bool, dry_run: bool) -> int:
    """Show the register of each session of EVENT, or of one. People making up a module are included.

    People without a mark are listed, too. Minutes are the length of the session, unless others were recorded.
    """
    ctx = call.context()
    if sign_off:
        if number is None:
            raise click.UsageError("Say which session's register to sign off: csc register EVENT SESSION --sign-off.")
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
        stderr.remark(f"No one is on {reference} yet.")
    return stderr.DONE if lines else stderr.NOTHING_FOUND


@click.command()
@EVENT
@click.argument("number", metavar="SESSION", type=click.IntRange(1))
@click.argument("person", metavar="[PERSON", default="")
@click.argument("word", metavar="MARK]", default="")
@click.option("--rest", default="", metavar="MARK", help="Mark everyone who has no mark yet.")
@click.option("--clear", is_flag=True, help="Remove PERSON's mark.")
@click.option("--late-by", type=click.IntRange(1), metavar="MINUTES", help="Minutes late, with MARK late.")
@click.option("--early-by", type=click.IntRange(1), metavar="MINUTES", help="Minutes before the end, with left_early.")
@click.option("--minutes", type=click.IntRange(1), metavar="MINUTES", help="Minutes attended, not minutes late.")
@click.option("--arrived", type=options.CLOCK, metavar="HH:MM", help="When PERSON arrived.")
@click.option("--left", type=options.CLOCK, metavar="HH:MM", help="When PERSON left.")
@click.option("--walk-in", is_flag=True, help="Book PERSON first, because they came without a place.")
@click.option(
    "--new",
    "is_new",
    is_flag=True,
    help="With --walk-in: add PERSON as a new person, typed as 'NAME <E-MAIL>'.",
)
@click.option("--override", default="", metavar="REASON", help="The reason for booking a walk-in on a full event.")
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
    late_by: int | None,
    early_by: int | None,
    minutes: int | None,
    arrived: time | None,
    left: time | None,
    walk_in: bool,
    is_new: bool,
    override: str,
    reason: str,
    dry_run: bool,
) -> None:
    """Mark PERSON present, late, left_early, apologies or absent in a session; or everyone not yet marked, with
    --rest.

    Marking again replaces the mark; the history keeps both. Outcomes and completions are updated at once. With
    --walk-in a person without a place gets a free one and is marked. If the event is full, give a reason with
    --override.
    """
    said = [bool(person and word), bool(rest), bool(person and clear)]
    if said.count(True) != 1 or (rest and (person or clear)) or (clear and word):
        raise click.UsageError("Give PERSON and MARK, or PERSON --clear, or --rest MARK.")
    timed = [each is not None for each in (late_by, early_by, minutes, arrived or left)]
    if any(timed) and not word:
        raise click.UsageError("--late-by, --early-by, --minutes, --arrived and --left need PERSON and MARK.")
    if timed.count(True) > 1:
        raise click.UsageError("Give one of --late-by, --early-by and --minutes, or when PERSON arrived and left.")
    for missed, kind, option in (
        (late_by, MarkKind.LATE, "--late-by"), (early_by, MarkKind.LEFT_EARLY, "--early-by")
    ):  # fmt: skip
        if missed is not None and attendance_rules.parse_mark(word) is not kind:
            raise click.UsageError(f"{option} needs the mark {kind.value}.")
    if (walk_in and not word) or ((is_new or override) and not walk_in):
        raise click.UsageError("--walk-in needs PERSON and MARK; --new and --override need --walk-in.")

    def given() -> attendance_actions.NewMark:
        missed = late_by if late_by is not None else early_by
        return attendance_actions.NewMark(
            attendance_rules.parse_mark(word), minutes=minutes, missed=missed, arrived=arrived, left=left
        )

    ctx = call.context()
    if walk_in:
        whom = people_rules.parse_new_person(person) if is_new else person
        came = cli_changes.make_or_preview(
            ctx,
            lambda ctx: newcomers.record_walk_in(ctx, reference, number, whom, given(), override=override or reason),
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
                given(),
                reason=reason,
            ),
            dry_run=dry_run,
        )
    stdout.print_records(call.form, attendance_actions.PersonMark, found)
    if rest and not found:
        stderr.remark("Everyone is already marked.")
    options.remark_dry_run(dry_run)


@click.command()
@EVENT
@click.argument("number", metavar="SESSION", type=click.IntRange(1))
@click.option("--to", "path", required=True, metavar="FILE", help="A .pdf to print, or an .xlsx to fill in.")
@click.option(
    "--needs", is_flag=True, help="Include dietary and access needs: for the facilitator, not for the sign-in table."
)
@click.pass_obj
def sheet(call: Call, reference: str, number: int, path: str, needs: bool) -> None:
    """Write the sign-in sheet of a session: names, organisations and space to sign.

    To import a completed .xlsx: csc import marks FILE.
    """
    many = sign_in_sheets.save_sign_in_sheet(call.context(), reference, number, path, with_needs=needs)
    stderr.remark(f"{format_count(many, 'person', 'people')} in {path}.")


@click.command()
@click.argument("reference", metavar="[EVENT", default="")
@click.argument("person", metavar="PERSON]", default="")
@click.option("--to", "folder", default="", metavar="DIR", help="The folder to write to; created if it does not exist.")
@click.option("--check", "asked", default="", metavar="REFERENCE", help="Check whether a certificate is genuine.")
@click.pass_obj
def certificate(call: Call, reference: str, person: str, folder: str, asked: str) -> int:
    """Write certificates (PDF) for everyone on EVENT who has completed its course, or only for PERSON.

    People who have not completed it are listed with what they still need. Each certificate has a reference at its
    foot: --check REFERENCE shows whose it is and whether it is genuine.
    """
    if asked:
        if reference or folder:
            raise click.UsageError("Use --check on its own: csc certificate --check REFERENCE.")
        stdout.print_card(
            call.form, stdout.record_mappings([certificates.verify_certificate(call.context(), asked)])[0]
        )
        return stderr.DONE
    if not (reference and folder):
        raise click.UsageError("Give EVENT and --to DIR, or --check REFERENCE.")
    written, others = certificates.issue_certificates(call.context(), reference, folder, person)
    if written or call.form in ("csv", "json"):
        stdout.print_records(call.form, certificates.WrittenCertificate, written)
    for each in others:
        stderr.remark(f"No certificate for {each.name}: {each.needs}.")
    stderr.remark(f"{format_count(len(written), 'certificate')}{' in ' + folder if written else ''}.")
    return stderr.DONE if written else stderr.NOTHING_FOUND
