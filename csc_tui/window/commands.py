"""What can be done from any screen by its name in the palette."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from csc_tui.base import programme_years
from csc_tui.base.clashes import Clash
from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.base.text import count, show_date
from csc_tui.core.booking import charge_list, expiry
from csc_tui.core.booking.charges import Charge
from csc_tui.core.booking.expiry import Swept
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.window.catalogue import course_rules
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import proposal as shared_proposal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.screen import Deed, Found, LiveScreen, OpenEvent
from csc_tui.window.widgets.drawing import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken
from db.records.booking import Move
from db.records.first_picture import Role


def deeds(screen: LiveScreen[Found]) -> list[Deed]:
    """In the order of the palette."""
    ctx = screen.ctx

    def deed(title: str, meaning: str, role: Role, act: Callable[[LiveScreen[Found]], Awaitable[None]]) -> Deed:
        why_not = "" if ctx.role >= role else str(NotAllowed(ctx.actor, ctx.role, role))
        return Deed("", title, meaning, why_not, partial(act, screen))

    return [
        deed("Sweep", "Offers that ran out, requests nobody answered, and who moves up", Role.BOOKER, sweep),
        deed("Rules of a course", "Approval, waiting list, cut-offs, audience", Role.COORDINATOR, course_rules.choose),
        deed("Read answers", "Answers to invitations, from files or the mail server", Role.BOOKER, answers),
        deed("Publish the calendar", "The programme on a CalDAV server", Role.COORDINATOR, publish),
        deed("Write a feed", "A calendar others can subscribe to: all, or a part of it", Role.VIEWER, feed),
        deed("Write the programme page", "A year as one page, for the council's website", Role.VIEWER, page),
        deed("Write a whole list", "People, events, bookings, marks, forms: every row of them", Role.VIEWER, lists),
        deed("Venues", "Addresses, postcodes and rooms, as invitations say them", Role.VIEWER, venues),
        deed("Words of messages", "How each kind of message is worded", Role.VIEWER, templates),
        *(deed(title, meaning, Role.COORDINATOR, partial(_import, name)) for name, title, meaning in IMPORTS),
        deed(
            "Needs that have served", "Remove dietary and access needs, as needs_days says", Role.ADMINISTRATOR, needs
        ),
        deed("Check a certificate", "Whose it is, by the reference at its foot", Role.VIEWER, certificate),
        deed("Clashes", "Sessions to come that want one room, facilitator or learner", Role.VIEWER, clashes),
        deed("Charges", "Late cancellations and no-shows of a year, with what they cost", Role.VIEWER, charges),
    ]


async def answers(screen: LiveScreen[Found]) -> None:
    """The answers that came in."""
    from csc_tui.window.mail import read_replies

    await read_replies.read(screen)


async def publish(screen: LiveScreen[Found]) -> None:
    """The programme where calendars are kept."""
    from csc_tui.window.publication import caldav

    await caldav.publish(screen)


async def feed(screen: LiveScreen[Found]) -> None:
    """The programme, or a part of it, as a calendar file to subscribe to."""
    from csc_tui.window.publication import feeds

    await feeds.write(screen)


async def page(screen: LiveScreen[Found]) -> None:
    """The programme for a website."""
    from csc_tui.window.publication import web_page

    await web_page.page(screen)


async def lists(screen: LiveScreen[Found]) -> None:
    """Every row of a list, for a spreadsheet."""
    from csc_tui.window.publication import web_page

    await web_page.lists(screen)


async def needs(screen: LiveScreen[Found]) -> None:
    """Dietary and access needs that have served."""
    from csc_tui.window.people import privacy

    await privacy.retain(screen)


async def certificate(screen: LiveScreen[Found]) -> None:
    """Whether a certificate that somebody shows is genuine."""
    from csc_tui.window.attendance import certificates

    await certificates.check(screen)


async def venues(screen: LiveScreen[Found]) -> None:
    """Where sessions are held."""
    from csc_tui.window.catalogue.venues import VenuesScreen

    screen.app.push_screen(VenuesScreen(screen.desk))


async def templates(screen: LiveScreen[Found]) -> None:
    """Go to how messages are worded."""
    from csc_tui.window.mail.templates import TemplatesScreen

    screen.app.push_screen(TemplatesScreen(screen.desk))


IMPORTS = (
    ("people", "Import people", "Bring in an HR extract, after a look at what it would do"),
    ("programme", "Import a programme", "Bring in events and their sessions from a file"),
    ("marks", "Import marks", "Take registers from a filled sign-in sheet"),
    ("evaluations", "Import evaluations", "Keep the answers of a file from any form tool"),
)


async def _import(name: str, screen: LiveScreen[Found]) -> None:
    from csc_tui.window.imports import bring_in  # reads files of every kind: only who imports pays for it

    await bring_in.bring_in(screen, bring_in.KINDS[name])


async def sweep(screen: LiveScreen[Found]) -> None:
    """Show what time has brought, and do it."""

    def run(ctx: Context, _: str) -> list[Swept]:
        swept = expiry.sweep(ctx)
        if not swept:
            raise RuleBroken("Nothing is due: no offer ran out, and no request waits for too long.")
        return swept

    def lines(swept: Sequence[Swept]) -> list[Pieces]:
        return [
            [
                (f"{each.event}  ", "accent"),
                *shared_proposal.move_line(Move(each.person, each.name, each.before, each.after)),
            ]
            for each in swept
        ]

    proposal = Proposal(
        "Do what time has brought?", run, lines, lambda swept: f"{count(len(swept), 'place')} changed.", undoable=False
    )
    await shared_proposal.put(screen, proposal)


async def clashes(screen: LiveScreen[Found]) -> None:
    """List what clashes from today on; enter opens the event."""
    found = await asyncio.to_thread(calendar_actions.clashes, screen.ctx)
    listing: Listing[Clash] = Listing(
        "Clashes of the sessions to come", CLASHES, str, found, choosable=True,
        explanation="BR-01/2 is its session 2. Enter opens the event that is named first." if found else "",
        empty="No two sessions to come want one room, facilitator or learner at the same time.",
    )  # fmt: skip
    if chosen := await screen.app.push_screen_wait(listing):
        screen.post_message(OpenEvent(chosen.event))


CLASHES: tuple[Column[Clash], ...] = (
    Column("When", lambda clash: show_date(clash.date), 15),
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


OTHER_YEARS = "< in the calendar or the events first, for the year before."


async def charges(screen: LiveScreen[Found]) -> None:
    """List the charges of the programme year that is in front, or else of today's."""
    ctx, shown = screen.ctx, screen.scope().get("year", "")
    year = programme_years.parse(shown) if shown else programme_years.programme_year(ctx.today(), ctx.first_month)
    found = await asyncio.to_thread(charge_list.charge_list, ctx, *programme_years.bounds(year, ctx.first_month))
    total = sum(each.amount for each in found)
    listing: Listing[Charge] = Listing(
        f"Charges of {programme_years.label(year)}", CHARGES, lambda line: f"{line.month} {line.event} {line.person}",
        found,
        group=lambda line: f"{line.month}  {line.kind}  {line.organisation}",
        explanation=f"{count(len(found), 'place')} given up late or not used, {total} pounds. {OTHER_YEARS}" if found
        else OTHER_YEARS,
        empty="Nobody gave up a place late or stayed away from one: there is nothing to charge.",
    )  # fmt: skip
    await screen.app.push_screen_wait(listing)
