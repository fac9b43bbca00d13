"""Certificates outside the register: writing one for one person, and checking one by its reference."""

import asyncio

from csc_tui.base.text import format_date
from csc_tui.core.attendance import certificates
from csc_tui.core.attendance.certificates import VerifiedCertificate
from csc_tui.window.dialogs.form import Answers, Form, FormField, filled_rule
from csc_tui.window.dialogs.reading import ReadingDialog
from csc_tui.window.shared import save_file
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError


async def ask_certificate_folder(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Write the certificate of one person for the course of an event, or say what they still need."""
    try:
        _, others = await asyncio.to_thread(certificates.list_earned_certificates, screen.ctx, reference, person)
    except CscError as refusal:
        screen.say(word_for_window(refusal), warning=True)
        return
    if others:
        needs = others[0].needs
        screen.say(f"{name} has not completed the course of {reference}: {needs}. Nothing was written.", warning=True)
        return

    def write(folder: str) -> str:
        written, _ = certificates.issue_certificates(screen.ctx, reference, folder, person)
        return f"The certificate of {name} is {written[0].file}."

    await save_file.ask_file_and_write(
        screen, f"Certificate of {name}",
        FormField("folder", "Folder", save_file.home_path("certificates"), "created if it does not exist", filled_rule),
        write, do="Write the certificate",
        explanation=f"For the course of {reference}, with a reference at the foot that can be checked. A copy of this "
        "certificate that is already in the folder is replaced.",
    )  # fmt: skip


async def ask_certificate_check(screen: DataScreen[Found]) -> None:
    """Ask for the reference at the foot of a certificate, and show whose it is and whether the registers support it."""
    answers: Answers | None = None
    problem = ""
    while True:
        form = Form(
            "Check a certificate", [FormField("reference", "Reference", "", "at the foot of the page", filled_rule)],
            do="Check", answers=answers,
        )  # fmt: skip
        form.refuse_field("reference", problem)
        answers = await screen.app.push_screen_wait(form)
        if answers is None:
            return
        try:
            found = await asyncio.to_thread(certificates.verify_certificate, screen.ctx, answers["reference"])
        except CscError as refusal:
            problem = word_for_window(refusal)
        else:
            await screen.app.push_screen_wait(ReadingDialog(f"{found.reference} is genuine", _lines(found)))
            return


def _lines(found: VerifiedCertificate) -> list[Pieces]:
    until = f", valid until {format_date(found.valid_until)}" if found.valid_until else ""
    return [
        [(found.name, "strong"), (f"  {found.person}", "muted")],
        [(found.course, "accent"), (f"  {found.title}", "plain")],
        f"Completed on {format_date(found.on)}{until}: {found.standing}.",
        [("The registers confirm it.", "muted")],
    ]
