"""The programme of a year as everybody may see it."""

from csc_tui.context import Context
from csc_tui.domain import years
from db import courses, events
from db.connection import reading
from db.errors import NotFound
from db.records import PublicCourse, PublicProgramme


def programme(ctx: Context, year: str = "") -> PublicProgramme:
    """A programme year (the present one): drafts and cancelled events left out, and nothing about any person.

    Raises NotFound where there is no programme, WrongUse for what is no year.
    """
    month = int(ctx.policy["first_month"])
    number = years.parse(year) if year else years.programme_year(ctx.today(), month)
    with reading():
        about = courses.programme()
        if about is None:
            raise NotFound("This database holds no programme yet. Nothing was written.")
        minutes: dict[int, int] = {}
        for module in courses.modules():
            minutes[module.course_id] = minutes.get(module.course_id, 0) + module.minutes
        return PublicProgramme(
            about.name,
            about.description,
            years.label(number),
            courses.strands(),
            [
                PublicCourse(
                    each.strand, each.code, each.title, each.description, each.audience, minutes.get(each.id, 0)
                )
                for each in courses.catalogue()
            ],
            events.to_publish(*years.bounds(number, month)),
            courses.resources(),
            f"{ctx.policy['organiser_name']}, {ctx.policy['organiser_email']}",
        )


def write_page(ctx: Context, path: str, *, year: str = "", replace: bool = False) -> PublicProgramme:
    """Write the page of a year, one file that needs no other. Raises Duplicate, NotFound, WrongUse."""
    from exports import files, pages

    found = programme(ctx, year)
    with files.writer(path, replace=replace) as file:
        file.write(pages.programme(found))
    return found
