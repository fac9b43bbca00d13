"""Writing a report to a file: its table, or a page for a director."""

import asyncio
from functools import partial

from csc_tui.screens import writing
from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.dialogs.confirm import Confirm
from csc_tui.screens.dialogs.form import Answers, Field, Form, missing
from csc_tui.services import exporting
from db.errors import CscError, Duplicate
from db.records import Report

EXPLANATION = (
    "The end of the name says what it becomes: .csv, .xlsx or .json for the table, .pdf or .html for a page with "
    "charts to hand on. Only you can read the file."
)


async def write(screen: LiveScreen[Found], found: Report) -> None:
    """Ask for a name until the file is written, or the question is left."""
    answers: Answers | None = None
    problem = ""
    words = "-".join(filter(None, (found.name, found.period))) + ".pdf"
    name = writing.at_home("".join(sign if sign.isalnum() or sign in "-." else "-" for sign in words))
    while True:
        form = Form("Write the report to which file?", [Field("file", "File", name, fault=missing)], answers=answers,
                    explanation=EXPLANATION, problem=problem)  # fmt: skip
        given = await screen.app.push_screen_wait(form)
        if given is None:
            return
        answers, again = given, False
        while True:
            try:
                path = writing.place(given["file"])
                await asyncio.to_thread(partial(exporting.write_report, screen.ctx, found, path, replace=again))
            except Duplicate as there:
                if again or not await screen.app.push_screen_wait(
                    Confirm("Put this in its place?", [str(there)], do="Replace it")
                ):
                    problem = str(there)
                    break
                again = True
            except CscError as refusal:
                problem = str(refusal)
                break
            else:
                screen.say(f"The report is in {path}.")
                return
