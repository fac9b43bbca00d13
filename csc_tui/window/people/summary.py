"""The card of a person beside a list of people."""

from csc_tui.base.text import format_count, format_date
from csc_tui.window.shared.columns import STATUS_TONES, status_letter
from csc_tui.window.widgets.pieces import Pieces
from db.records.people import PersonCard

MOST = 6
"""The most bookings and courses shown."""


def person_summary_lines(card: PersonCard) -> list[Pieces]:
    """Return who they are, where they are booked, and how far they are with each course."""
    person = card.person
    about: list[Pieces] = [[(person.name, "accent")]]
    about += [[(part, "plain")] for part in (person.job_title, person.organisation, person.team) if part]
    about += [[(part, "plain")] for part in (person.email, person.phone) if part]
    if card.manager:
        about.append([("Manager  ", "muted"), (card.manager, "plain")])
    if needs := ", ".join(part for part in (person.dietary, person.access_needs) if part):
        about.append([("Needs  ", "muted"), (needs, "warning")])
    if card.no_shows:
        about.append([("Did not come  ", "muted"), (", ".join(card.no_shows), "error")])
    about += _led(card) + _booked(card) + _courses(card)
    if card.groups:
        about += ["", [("Groups", "strong")], *([(each.group, "plain")] for each in card.groups[:MOST])]
    return about


def _led(card: PersonCard) -> list[Pieces]:
    found: list[Pieces] = [
        [(f"  {each.event:<13} ", "accent"), (format_date(each.date), "muted")] for each in card.leads[:MOST]
    ]
    more = len(card.leads) - MOST
    if more > 0:
        found.append([(f"  and {format_count(more, 'session')} more", "muted")])
    return ["", [("Leads", "strong")], *found] if found else []


def _booked(card: PersonCard) -> list[Pieces]:
    found: list[Pieces] = [
        [*status_letter(each.status), (f" {each.event:<13}", STATUS_TONES.get(each.status, "muted")),
         (format_date(each.first_date), "muted")]
        for each in card.enrolments[:MOST]
    ]  # fmt: skip
    more = len(card.enrolments) - MOST
    if more > 0:
        found.append([(f"  and {more} more", "muted")])
    return ["", [("Bookings", "strong")], *found] if found else ["", [("No bookings.", "muted")]]


def _courses(card: PersonCard) -> list[Pieces]:
    found: list[Pieces] = [
        [(f"{each.course:<15}", "accent"), ("complete" if each.complete else f"needs {each.needs}", "muted")]
        for each in card.completions[:MOST]
    ]
    return ["", [("Courses", "strong")], *found] if found else []
