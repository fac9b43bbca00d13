"""The dialog that writes a report to a file: its table, or a page for a director."""

from csc_tui.core.reports import list_files
from csc_tui.window.dialogs.form import Answers, FormField, filled_rule
from csc_tui.window.shared import save_file
from csc_tui.window.shared.data_screen import DataScreen, Found
from db.records.reports import Report

EXPLANATION = (
    "The ending of the name decides the kind of file: .csv, .xlsx or .json for the table, .pdf or .html for a page "
    "with charts. Only you can read the file."
)


async def ask_report_file(screen: DataScreen[Found], found: Report) -> None:
    """Ask for a file until the report is written or the question is left."""
    words = "-".join(filter(None, (found.name, found.period))) + ".pdf"
    name = save_file.home_path("".join(sign if sign.isalnum() or sign in "-." else "-" for sign in words))

    def put(path: str, _: Answers, replace: bool) -> str:
        list_files.write_report(screen.ctx, found, path, replace=replace)
        return f"The report is in {path}."

    await save_file.ask_file_and_replace(
        screen, "Write the report to a file", [FormField("file", "File", name, fault=filled_rule)], put,
        do="Write the report", explanation=EXPLANATION,
    )  # fmt: skip
