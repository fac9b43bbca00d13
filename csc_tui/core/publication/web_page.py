"""The programme of a year as everybody may see it."""

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from db import calendar, catalogue
from db.engine.connection import reading
from db.errors import NotFound
from db.records.calendar import PublicCourse, PublicProgramme


def programme(ctx: Context, year: str = "") -> PublicProgramme:
    """A programme year (the present one): drafts and cancelled events left out, and nothing about any person.

    Raises NotFound where there is no programme, WrongUse for what is no year.
    """
    month = int(ctx.policy["first_month"])
    number = programme_years.parse(year) if year else programme_years.programme_year(ctx.today(), month)
    with reading():
        about = catalogue.programme()
        if about is None:
            raise NotFound("This database holds no programme yet. Nothing was written.")
        minutes: dict[int, int] = {}
        for module in catalogue.modules():
            minutes[module.course_id] = minutes.get(module.course_id, 0) + module.minutes
        return PublicProgramme(
            about.name,
            about.description,
            programme_years.label(number),
            catalogue.strands(),
            [
                PublicCourse(
                    each.strand, each.code, each.title, each.description, each.audience, minutes.get(each.id, 0)
                )
                for each in catalogue.catalogue()
            ],
            calendar.to_publish(*programme_years.bounds(number, month)),
            catalogue.resources(),
            f"{ctx.policy['organiser_name']}, {ctx.policy['organiser_email']}",
        )


def write_page(ctx: Context, path: str, *, year: str = "", replace: bool = False) -> PublicProgramme:
    """Write the page of a year, one file that needs no other. Raises Duplicate, NotFound, WrongUse."""
    from exports import files, pages

    found = programme(ctx, year)
    with files.writer(path, replace=replace) as file:
        file.write(pages.programme(found))
    return found
