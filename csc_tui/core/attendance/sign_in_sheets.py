"""Sign-in sheets of a session, written to a file."""

from csc_tui.base.context import Context
from csc_tui.base.rights import NEEDS_ROLE
from csc_tui.base.text import clean_text, format_date, format_times
from csc_tui.core.attendance import actions as attendance_actions
from db import calendar
from db.engine.connection import read_transaction
from db.errors import NotFound, RuleBroken, WrongUse
from db.records.attendance import RegisterEntry, SignInLine, SignInSheet
from db.records.calendar import Session


def get_sign_in_sheet(ctx: Context, reference: str, number: int, *, with_needs: bool = False) -> SignInSheet:
    """Return the sign-in sheet of a session, with everybody on its register.

    `with_needs` adds diets and access needs. Raises NoSuchEvent, NoSuchSession, NotFound when nobody is on it, and
    NotAllowed for the needs.
    """
    if with_needs:
        ctx.require(NEEDS_ROLE)
    with read_transaction():
        event = calendar.fetch_event(reference)
        found = attendance_actions.list_registers(ctx, reference, number)[0]
        leading = ", ".join(name for _, name in calendar.fetch_event_facilitators(event.id).get(found.session.id, []))
    if not found.entries:
        raise NotFound(
            f"There are no people on the register of {event.reference} session {number}. Nothing was written."
        )
    return SignInSheet(
        event=event.reference,
        session=number,
        title=clean_text(f"{event.reference} {event.title}"),
        about=clean_text(_about(found.session)),
        facilitators=clean_text(leading),
        with_needs=with_needs,
        lines=tuple(_line(entry, with_needs) for entry in found.entries),
    )


def save_sign_in_sheet(ctx: Context, reference: str, number: int, path: str, *, with_needs: bool = False) -> int:
    """Write a sign-in sheet as .pdf to print or .xlsx to fill in, and return the number of people on it.

    Only the file's owner may read it. Raises what get_sign_in_sheet() raises, WrongUse for another kind of file or a
    place that cannot be written, and Duplicate.
    """
    from exports import files, sign_in_sheets

    kind = path.rpartition(".")[2].lower()
    if kind not in ("pdf", "xlsx"):
        raise WrongUse(
            f"Save a sign-in sheet as a .pdf to print or an .xlsx to fill in, not as {path}. Nothing was written."
        )
    made = get_sign_in_sheet(ctx, reference, number, with_needs=with_needs)
    if kind == "xlsx":
        files.write_file(path, sign_in_sheets.render_sign_in_workbook(made))
        return len(made.lines)
    from exports.pdf import LettersMissing  # imported here because it takes 220 ms

    try:
        files.write_file(path, sign_in_sheets.render_sign_in_pdf(made))
    except LettersMissing as problem:
        raise RuleBroken(f"{problem} A sheet in a file that ends in .xlsx shows every letter.") from None
    return len(made.lines)


def _line(entry: RegisterEntry, with_needs: bool) -> SignInLine:
    needs = (entry.dietary, entry.access_needs) if with_needs else ("", "")
    mark = entry.mark.value if entry.mark else ""
    name, organisation, dietary, access = (clean_text(text) for text in (entry.name, entry.organisation, *needs))
    return SignInLine(f"#{entry.person_id}", name, organisation, mark, entry.minutes, dietary, access)


def _about(session: Session) -> str:
    """Return the line about a session: `Session 2, Module 2: Mon 12 Jun 2017, 09:30-12:30, Town Hall, Main Hall`."""
    when = [format_date(session.date), format_times(session.start, session.end)]
    parts = [part for part in (*when, session.venue, session.room) if part]
    return f"Session {session.number}{', ' if session.module else ''}{session.module}: {', '.join(parts)}"
