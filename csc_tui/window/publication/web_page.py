"""What is handed on as a file: the programme as a page for a website, and whole lists."""

from functools import partial

from csc_tui.base import programme_years
from csc_tui.base.text import count
from csc_tui.core.publication import web_page
from csc_tui.core.reports import lists as reports_lists
from csc_tui.window.dialogs.form import Answers, Field, missing, unless
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.shared import save_file
from csc_tui.window.shared.screen import Deed, Found, LiveScreen

LISTS = (
    ("p", "people", "Everybody, with team, organisation and manager", False),
    ("n", "people with needs", "The same, with dietary and access needs", True),
    ("e", "events", "Every event, with places and state", False),
    ("s", "sessions", "Every session, with date, venue and who leads", False),
    ("b", "enrolments", "Every booking, with its status", False),
    ("m", "marks", "Every mark of the registers", False),
    ("v", "evaluations", "Every form, named only where the policy lets it be", False),
    ("f", "figures", "The headline figures, with their baselines", False),
)
"""Key, list, what is in it, and whether needs are."""


async def page(screen: LiveScreen[Found]) -> None:
    """Write the public programme of a year."""
    ctx = screen.ctx
    this_year = programme_years.label(programme_years.programme_year(ctx.today(), ctx.first_month))
    year = screen.scope().get("year", this_year)

    def write(path: str, answers: Answers, replace: bool) -> str:
        found = web_page.write_page(ctx, path, year=answers["year"], replace=replace)
        events = len({each.event for each in found.sessions})
        return f"{count(events, 'event')} with {count(len(found.sessions), 'session')} of {found.year} in {path}."

    await save_file.ask_and_replace(
        screen,
        "Write the programme page",
        [
            Field("file", "File", save_file.at_home(f"programme-{year.replace('/', '-')}.html"), "one page", missing),
            Field("year", "Year", year, f"empty: {this_year}", unless(programme_years.parse)),
        ],
        write,
        explanation="For the council's website: courses with their dates and places, in one file that needs no other. "
        "Drafts, cancelled events and everything about people are left out.",
    )


async def lists(screen: LiveScreen[Found]) -> None:
    """Choose a whole list, and write it."""
    deeds = [
        Deed(key, title.capitalize(), meaning, "", partial(_list, screen, title, needs))
        for key, title, meaning, needs in LISTS
    ]
    chosen = await screen.app.push_screen_wait(Menu("Write which whole list?", deeds))
    if chosen is not None:
        await chosen.do()


async def _list(screen: LiveScreen[Found], title: str, needs: bool) -> None:
    kind = title.partition(" ")[0]

    def write(path: str, _: Answers, replace: bool) -> str:
        number = reports_lists.export(screen.ctx, kind, path, needs=needs, replace=replace)
        return f"{count(number, 'row')} written to {path}."

    name = save_file.at_home(f"{title.replace(' ', '-')}-{screen.ctx.today().isoformat()}.xlsx")
    await save_file.ask_and_replace(
        screen,
        f"Write all {title}",
        [Field("file", "File", name, ".xlsx, .csv or .json", missing)],
        write,
        explanation="Every row there is, of all years. The end of the name says which kind of file; only you can read "
        "it. ctrl+s on a screen writes the list in front, as it is filtered.",
    )
