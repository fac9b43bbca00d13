"""The actions that the palette offers on every screen."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from csc_tui.base import programme_years
from csc_tui.base.clashes import Clash
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date
from csc_tui.core.booking import expiry
from csc_tui.core.booking import queries as booking_queries
from csc_tui.core.booking.charges import Charge
from csc_tui.core.booking.expiry import SweptMove
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.window.catalogue import course_rules
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import proposal as shared_proposal
from csc_tui.window.shared.data_screen import DataScreen, Found, MenuAction, OpenEvent, role_refusal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken
from db.records.booking import StatusChange
from db.records.startup import Role


def palette_actions(screen: DataScreen[Found]) -> list[MenuAction]:
    """Return the actions in the order of the palette, each with the reason it is not allowed, if so."""
    ctx = screen.ctx

    def action(title: str, meaning: str, role: Role, act: Callable[[DataScreen[Found]], Awaitable[None]]) -> MenuAction:
        return MenuAction("", title, meaning, role_refusal(ctx, role), partial(act, screen))

    return [
        action("Sweep", "Expired offers, unanswered requests, and people who move up", Role.BOOKER, ask_sweep),
        action(
            "Rules of a course",
            "Approval, waiting list, cut-offs, audience",
            Role.COORDINATOR,
            course_rules.open_course_rules,
        ),
        action("Read answers", "Answers to invitations, from files or the mail server", Role.BOOKER, open_replies),
        action("Publish the calendar", "The programme on a CalDAV server", Role.COORDINATOR, open_publication),
        action("Write a feed", "A calendar others can subscribe to: all, or a part of it", Role.VIEWER, open_feed_form),
        action(
            "Write the programme page",
            "A year as one page, for the council's website",
            Role.VIEWER,
            open_programme_page,
        ),
        action(
            "Write a whole list",
            "People, events, bookings, marks, forms: every row of them",
            Role.VIEWER,
            open_whole_lists,
        ),
        action("Organisations", "Kind, other names, booking contact, charges", Role.VIEWER, open_organisations),
        action("Venues", "Addresses, postcodes and rooms, as invitations say them", Role.VIEWER, open_venues),
        action("Message templates", "The text of each kind of message", Role.VIEWER, open_templates),
        *(action(title, meaning, Role.COORDINATOR, partial(_import, name)) for name, title, meaning in IMPORTS),
        action(
            "Expired dietary and access needs",
            "Remove dietary and access needs, as needs_days says",
            Role.ADMINISTRATOR,
            open_needs_removal,
        ),
        action("Check a certificate", "Whose it is, by the reference at its foot", Role.VIEWER, open_certificate_check),
        action("Clashes", "Sessions to come that want one room, facilitator or learner", Role.VIEWER, open_clashes),
        action("Charges", "Late cancellations and no-shows of a year, with what they cost", Role.VIEWER, open_charges),
    ]


async def open_replies(screen: DataScreen[Found]) -> None:
    """Ask for the replies to invitations, from files or the mail server."""
    from csc_tui.window.mail import reply_files

    await reply_files.ask_replies_source(screen)


async def open_publication(screen: DataScreen[Found]) -> None:
    """Ask for the CalDAV server to publish the programme to."""
    from csc_tui.window.publication import caldav

    await caldav.ask_publication(screen)


async def open_feed_form(screen: DataScreen[Found]) -> None:
    """Ask for the part of the programme to write as a calendar file that others subscribe to."""
    from csc_tui.window.publication import feeds

    await feeds.ask_feed_file(screen)


async def open_programme_page(screen: DataScreen[Found]) -> None:
    """Ask for the file to write the programme's web page to."""
    from csc_tui.window.publication import web_page

    await web_page.ask_programme_page(screen)


async def open_whole_lists(screen: DataScreen[Found]) -> None:
    """Ask which whole list to write to a file, for a spreadsheet."""
    from csc_tui.window.publication import web_page

    await web_page.ask_whole_list(screen)


async def open_needs_removal(screen: DataScreen[Found]) -> None:
    """Ask to remove dietary and access needs that are no longer needed."""
    from csc_tui.window.people import privacy

    await privacy.ask_needs_removal(screen)


async def open_certificate_check(screen: DataScreen[Found]) -> None:
    """Ask for the reference of a certificate and say whether it is genuine."""
    from csc_tui.window.attendance import certificates

    await certificates.ask_certificate_check(screen)


async def open_venues(screen: DataScreen[Found]) -> None:
    """Open the screen of venues."""
    from csc_tui.window.catalogue.venues import VenuesScreen

    screen.app.push_screen(VenuesScreen(screen.state))


async def open_organisations(screen: DataScreen[Found]) -> None:
    """Open the screen of organisations."""
    from csc_tui.window.people.organisations import OrganisationsScreen

    screen.app.push_screen(OrganisationsScreen(screen.state))


async def open_templates(screen: DataScreen[Found]) -> None:
    """Open the screen of message templates."""
    from csc_tui.window.mail.templates import TemplatesScreen

    screen.app.push_screen(TemplatesScreen(screen.state))


IMPORTS = (
    ("people", "Import people", "Import an HR extract, with a preview first"),
    ("programme", "Import a programme", "Import events and their sessions from a file"),
    ("marks", "Import marks", "Take registers from a filled sign-in sheet"),
    ("evaluations", "Import evaluations", "Keep the answers of a file from any form tool"),
    ("completions", "Import earlier learning", "Import what people learnt before or elsewhere"),
)


async def _import(name: str, screen: DataScreen[Found]) -> None:
    from csc_tui.window.imports import import_file  # it reads files of every kind, so it is imported only for an import

    await import_file.ask_file_to_import(screen, import_file.KINDS[name])


async def ask_sweep(screen: DataScreen[Found]) -> None:
    """Preview, confirm and do what has become due with time: expired offers, unanswered requests, promotions."""

    def run(ctx: Context, _: str) -> list[SweptMove]:
        swept = expiry.sweep_events(ctx)
        if not swept:
            raise RuleBroken("Nothing is due: no offer ran out, and no request waits for too long.")
        return swept

    def lines(swept: Sequence[SweptMove]) -> list[Pieces]:
        return [
            [
                (f"{each.event}  ", "accent"),
                *shared_proposal.move_line(StatusChange(each.person, each.name, each.before, each.after)),
            ]
            for each in swept
        ]

    proposal = Proposal(
        "Process expired offers?",
        run,
        lines,
        lambda swept: f"{format_count(len(swept), 'place')} changed.",
        undoable=False,
    )
    await shared_proposal.act_on_proposal(screen, proposal)


async def open_clashes(screen: DataScreen[Found]) -> None:
    """List the clashes from today on; enter opens the event."""
    found = await asyncio.to_thread(calendar_actions.list_clashes, screen.ctx)
    listing: Listing[Clash] = Listing(
        "Clashes of the sessions to come", CLASHES, str, found, choosable=True,
        explanation="BR-01/2 is its session 2. Enter opens the event that is named first." if found else "",
        empty="No two sessions to come want one room, facilitator or learner at the same time.",
    )  # fmt: skip
    if chosen := await screen.app.push_screen_wait(listing):
        screen.post_message(OpenEvent(chosen.event))


CLASHES: tuple[Column[Clash], ...] = (
    Column("When", lambda clash: format_date(clash.date), 15),
    Column("Session", lambda clash: [(f"{clash.event}/{clash.session}", "accent")], 14),
    Column("And", lambda clash: [(f"{clash.other_event}/{clash.other_session}", "accent")], 14),
    Column("Want", lambda clash: f"{clash.kind}: {clash.what}", 14, share=1),
)
CHARGES: tuple[Column[Charge], ...] = (
    Column("Name", lambda line: line.name, 14, share=2),
    Column("Event", lambda line: [(line.event, "accent")], 12),
    Column("What", lambda line: line.what, 17),
    Column("Why", lambda line: [(line.reason, "muted")], 12, share=1, from_width=72),
    Column("Pounds", lambda line: [(line.exempt, "muted")] if line.exempt else str(line.amount), 9, right=True),
)


OTHER_YEARS = "For the year before, press - in the calendar or the events first."


async def open_charges(screen: DataScreen[Found]) -> None:
    """List the charges of the programme year in front, or else of today's."""
    ctx, shown = screen.ctx, screen.scope().get("year", "")
    year = programme_years.parse_asked_year(ctx, shown)
    found = await asyncio.to_thread(
        booking_queries.list_charges, ctx, *programme_years.programme_year_bounds(year, ctx.first_month)
    )
    total = sum(each.amount for each in found)
    listing: Listing[Charge] = Listing(
        f"Charges of {programme_years.programme_year_label(year)}",
        CHARGES,
        lambda line: f"{line.month} {line.event} {line.person}",
        found,
        group=lambda line: f"{line.month}  {line.kind}  {line.organisation}",
        explanation=f"{format_count(len(found), 'place')} cancelled late or not used, {total} pounds. {OTHER_YEARS}"
        if found
        else OTHER_YEARS,
        empty="There were no late cancellations or no-shows, so there is nothing to charge.",
    )
    await screen.app.push_screen_wait(listing)
