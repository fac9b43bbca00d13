"""certificate: written for those who completed a course, and checked."""

import click

from csc_tui.base.text import count
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
        stdout.card(call.form, stdout.mappings([certificates.check(call.context(), asked)])[0])
        return stderr.DONE
    if not (reference and folder):
        raise click.UsageError("Say EVENT and --to DIR, or --check REFERENCE.")
    written, others = certificates.write(call.context(), reference, folder, person)
    if written or call.form in ("csv", "json"):
        stdout.records(call.form, certificates.Certified, written)
    for each in others:
        stderr.remark(f"No certificate for {each.name}: {each.needs}.")
    stderr.remark(f"{count(len(written), 'certificate')}{' in ' + folder if written else ''}.")
    return stderr.DONE if written else stderr.NOTHING_FOUND
