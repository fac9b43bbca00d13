"""Certificates outside the register: of one person, and whether one that somebody shows is genuine."""

import asyncio

from csc_tui.base.text import show_date
from csc_tui.core.attendance import certificates
from csc_tui.core.attendance.certificates import Genuine
from csc_tui.window.dialogs.form import Answers, Field, Form
from csc_tui.window.dialogs.read_text import Reading
from csc_tui.window.shared import save_file
from csc_tui.window.shared.screen import Found, LiveScreen
from csc_tui.window.widgets.drawing import Pieces
from db.errors import CscError


async def write_one(screen: LiveScreen[Found], reference: str, person: str, name: str) -> None:
    """Write the certificate of one person for the course of an event, or say what they still need."""
    try:
        _, others = await asyncio.to_thread(certificates.earned, screen.ctx, reference, person)
    except CscError as refusal:
        screen.say(str(refusal), warning=True)
        return
    if others:
        needs = others[0].needs
        screen.say(f"{name} has not completed the course of {reference}: {needs}. Nothing was written.", warning=True)
        return

    def write(folder: str) -> str:
        written, _ = certificates.write(screen.ctx, reference, folder, person)
        return f"The certificate of {name} is {written[0].file}."

    await save_file.ask_and_write(
        screen, f"Certificate of {name}",
        Field("folder", "Folder", save_file.at_home("certificates"), "made if it is not there"), write,
        explanation=f"For the course of {reference}, with a reference at its foot that can be checked.",
    )  # fmt: skip


async def check(screen: LiveScreen[Found]) -> None:
    """Ask for the reference at the foot of a certificate, and say whose it is and whether the registers support it."""
    answers: Answers | None = None
    problem = ""
    while True:
        answers = await screen.app.push_screen_wait(
            Form(
                "Check a certificate", [Field("reference", "Reference")], answers=answers, problem=problem,
                explanation="It stands at the foot of the page.",
            )
        )  # fmt: skip
        if answers is None:
            return
        try:
            found = await asyncio.to_thread(certificates.check, screen.ctx, answers["reference"])
        except CscError as refusal:
            problem = str(refusal)
        else:
            await screen.app.push_screen_wait(Reading(f"{found.reference} is genuine", _lines(found)))
            return


def _lines(found: Genuine) -> list[Pieces]:
    until = f", valid until {show_date(found.valid_until)}" if found.valid_until else ""
    return [
        [(found.name, "strong"), (f"  {found.person}", "muted")],
        [(found.course, "accent"), (f"  {found.title}", "plain")],
        f"Completed on {show_date(found.on)}{until}: {found.standing}.",
        [("The registers support it as they are now.", "muted")],
    ]
