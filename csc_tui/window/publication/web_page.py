"""Dialogs that write the programme as a web page, and whole lists as files."""

from functools import partial

from csc_tui.base import programme_years
from csc_tui.base.text import format_count
from csc_tui.core.publication import web_page
from csc_tui.core.reports import list_files
from csc_tui.window.dialogs.form import SHORT, Answers, FormField, filled_rule, optional_rule
from csc_tui.window.shared import flow, save_file
from csc_tui.window.shared.data_screen import DataScreen, Found, MenuAction

LISTS = (
    ("p", "people", "Everyone, with team, organisation and manager", False),
    ("n", "people with needs", "Everyone, with dietary and access needs too", True),
    ("e", "events", "Every event, with places and state", False),
    ("s", "sessions", "Every session, with date, venue and facilitators", False),
    ("b", "enrolments", "Every booking, with its status", False),
    ("m", "marks", "Every mark of the registers", False),
    ("v", "evaluations", "Every form, with names only where the policy allows it", False),
    ("f", "figures", "The headline figures, with their baselines", False),
)
"""Key, list, its contents, and whether it includes needs."""


async def ask_programme_page(screen: DataScreen[Found]) -> None:
    """Ask for a year and a file, and write the public programme."""
    ctx = screen.ctx
    this_year = programme_years.programme_year_label(programme_years.current_programme_year(ctx))
    year = screen.scope().get("year", this_year)

    def write(path: str, answers: Answers, replace: bool) -> str:
        found = web_page.write_programme_page(ctx, path, year=answers["year"], replace=replace)
        events = len({each.event for each in found.sessions})
        return (
            f"{format_count(events, 'event')} with {format_count(len(found.sessions), 'session')} of "
            f"{found.year} in {path}."
        )

    await save_file.ask_file_and_replace(
        screen,
        "Write the programme as a web page",
        [
            FormField(
                "file",
                "File",
                save_file.home_path(f"programme-{year.replace('/', '-')}.html"),
                "ending in .html",
                filled_rule,
            ),
            FormField(
                "year",
                "Year",
                year,
                f"empty: {this_year}",
                optional_rule(programme_years.parse_programme_year),
                room=SHORT,
            ),
        ],
        write,
        do="Write the page",
        explanation="For the council's website: courses with dates and free places, in a single file. Drafts, "
        "cancelled events and everything about people are left out.",
    )


async def ask_whole_list(screen: DataScreen[Found]) -> None:
    """Ask for a whole list, and write it."""
    actions = [
        MenuAction(key, title.capitalize(), meaning, "", partial(_list, screen, title, needs))
        for key, title, meaning, needs in LISTS
    ]
    await flow.open_menu(screen, "Which list would you like to write?", actions)


async def _list(screen: DataScreen[Found], title: str, needs: bool) -> bool:
    kind = title.partition(" ")[0]

    def write(path: str, _: Answers, replace: bool) -> str:
        number = list_files.export_list(screen.ctx, kind, path, needs=needs, replace=replace)
        return f"{format_count(number, 'row')} written to {path}."

    name = save_file.home_path(f"{title.replace(' ', '-')}-{screen.ctx.today().isoformat()}.xlsx")
    return await save_file.ask_file_and_replace(
        screen,
        f"Write all {title}",
        [FormField("file", "File", name, ".xlsx, .csv or .json", filled_rule)],
        write,
        do="Write the list",
        explanation="Every row, of all years. The ending of the name decides the kind of file, and only you can read "
        "it. To write only the list on a screen, as it is filtered, press S there.",
    )
