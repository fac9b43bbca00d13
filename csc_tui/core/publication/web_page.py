"""The programme of a year as a public web page."""

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from db import calendar, catalogue
from db.engine.connection import read_transaction
from db.errors import NotFound
from db.records.calendar import PublicCourse, PublicProgramme


def get_public_programme(ctx: Context, year: str = "") -> PublicProgramme:
    """Return a programme year without drafts, cancelled events and any person; by default the current year.

    Raises NotFound when there is no programme, and WrongUse for the year.
    """
    number = programme_years.parse_asked_year(ctx, year)
    with read_transaction():
        about = catalogue.fetch_programme()
        if about is None:
            raise NotFound("There is no programme in this database yet. Nothing was written.")
        minutes: dict[int, int] = {}
        for module in catalogue.fetch_modules():
            minutes[module.course_id] = minutes.get(module.course_id, 0) + module.minutes
        return PublicProgramme(
            about.name,
            about.description,
            programme_years.programme_year_label(number),
            catalogue.fetch_strands(),
            [
                PublicCourse(
                    each.strand, each.code, each.title, each.description, each.audience, minutes.get(each.id, 0)
                )
                for each in catalogue.fetch_active_courses()
            ],
            calendar.fetch_public_sessions(*programme_years.programme_year_bounds(number, ctx.first_month)),
            catalogue.fetch_resources(),
            f"{ctx.policy['organiser_name']}, {ctx.policy['organiser_email']}",
        )


def write_programme_page(ctx: Context, path: str, *, year: str = "", replace: bool = False) -> PublicProgramme:
    """Write the page of a year as one file that needs no other. Raises Duplicate, NotFound and WrongUse."""
    from exports import files, pages

    found = get_public_programme(ctx, year)
    with files.file_writer(path, replace=replace) as file:
        file.write(pages.render_programme_page(found))
    return found
