"""certificate: written for those who completed a course, and checked."""

import click

from csc_tui.base.text import format_count
from csc_tui.cli import stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.attendance import certificates


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
