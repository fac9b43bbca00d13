"""Cells and lines that several screens show alike."""

from collections.abc import Iterable, Sequence

from csc_tui.base.text import LETTERS, MONTHS, format_count, format_date, format_times, status_label
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Piece, Pieces, places_bar
from csc_tui.window.widgets.record_table import Column
from db.records.startup import EventLine, EventState, FoundPerson, SessionLine

STATUS_TONES = {
    "booked": "good",
    "fully_attended": "good",
    "partially_attended": "good",
    "waitlisted": "warning",
    "offered": "warning",
    "requested": "warning",
    "no_show": "error",
}
STATE_TONES = {"draft": "muted", "open": "good", "tentative": "warning", "confirmed": "good", "cancelled": "error"}
STATES = [each.value for each in EventState]
"""The states of an event in their own order, which is that of the sorted lists, too."""
STAGE_WORDS = {"on_the_day": "On the day", "three_months": "After three months"}
"""Stage of an evaluation -> its heading."""


def status_letter(status: str) -> list[Piece]:
    return [(LETTERS.get(status, "?"), STATUS_TONES.get(status, "muted"))]


def status_word(status: str) -> Pieces:
    return [(status_label(status), STATUS_TONES.get(status, "muted"))]


def state_word(state: str) -> Pieces:
    return [(status_label(state), STATE_TONES.get(state, "muted"))]


def places_cell(held: int, capacity: int, width: int = 6) -> list[Piece]:
    """Return a bar and `14/20`; it is toned as a warning when the event is full."""
    figures = f" {held:>2}/{capacity}"
    return [*places_bar(held, capacity, width), (figures, "warning" if held >= capacity > 0 else "plain")]


def waiting_cell(number: int) -> Pieces:
    """Return `3 W`, or nothing where nobody waits."""
    return [(f"{number} {LETTERS['waitlisted']}", "warning")] if number else ""


def short_date(iso: str) -> str:
    """Return `Mon 12 Jun` for lists whose heading gives the year."""
    return format_date(iso)[:-5] if iso else "to confirm"


def month_heading(iso: str) -> str:
    """Return `June 2017`, or the heading of what has no date."""
    return f"{MONTHS[int(iso[5:7]) - 1]} {iso[:4]}" if iso else "To be confirmed"


def venue_cell(line: SessionLine) -> str:
    return ", ".join(part for part in (line.venue, line.room) if part)


def session_times_cell(line: SessionLine) -> str:
    return format_times(line.start, line.end) or "to confirm"


def session_lines(line: SessionLine) -> list[Pieces]:
    """Return two lines on a session: what it is, and when and where."""
    module = f"session {line.session}" + (f", {line.module}" if line.module else "")
    first: Pieces = [(line.event, "accent"), (f"  {line.title}", "strong"), (glyphs().between + module, "plain")]
    facts: list[Piece] = [
        (f"{format_date(line.date)} {format_times(line.start, line.end)}".rstrip(), "plain"),
        (glyphs().between + (venue_cell(line) or "venue to be confirmed"), "plain"),
        (glyphs().between, "plain"),
        (status_label(line.state), STATE_TONES.get(line.state, "muted")),
    ]
    return [first, facts]


def event_lines(line: EventLine, sessions: Sequence[SessionLine], facilitators: Iterable[str]) -> list[Pieces]:
    """Return two lines on an event: what it is, and where and with whom its sessions are."""
    first: Pieces = [
        (line.event, "accent"),
        (f"  {line.title}", "strong"),
        (glyphs().between + status_label(line.state), STATE_TONES.get(line.state, "muted")),
    ]
    venues = dict.fromkeys(filter(None, map(venue_cell, sessions)))
    names = dict.fromkeys(facilitators)
    facts = [
        format_count(line.free, "free place"),
        "; ".join(venues) if venues else "venue to be confirmed",
        f"with {', '.join(names)}" if names else "no facilitator yet",
    ]
    return [first, glyphs().between.join(facts)]


DAY_COLUMN: Column[SessionLine] = Column("", lambda line: short_date(line.date), 10)
"""Says what the headings say, where the sessions are not listed day by day."""

SESSION_COLUMNS: tuple[Column[SessionLine], ...] = (
    Column("Time", session_times_cell, 11, order=lambda line: (line.start, line.date)),
    Column("Event", lambda line: [(line.event, "muted" if line.state == EventState.CANCELLED else "accent")], 12),
    Column("Title", lambda line: line.title, 14, share=3),
    Column("Module", lambda line: line.module, 12, share=1, from_width=136),
    Column("Where", venue_cell, 12, share=2, from_width=96),
    Column("Places", lambda line: places_cell(line.taken, line.capacity), 12, highest_first=True,
           order=lambda line: line.taken / (line.capacity or 1)),
    Column("Wait", lambda line: waiting_cell(line.waiting), 4, right=True, from_width=64, highest_first=True,
           order=lambda line: line.waiting),
    Column("State", lambda line: state_word(line.state), 9, from_width=96, order=lambda line: STATES.index(line.state)),
)  # fmt: skip

EVENT_COLUMNS: tuple[Column[EventLine], ...] = (
    Column("Event", lambda line: [(line.event, "accent")], 13),
    Column("Title", lambda line: line.title, 14, share=1),
    Column("Begins", lambda line: short_date(line.first_date), 10, order=lambda line: line.first_date),
    Column("Places", lambda line: places_cell(line.taken, line.capacity), 12, highest_first=True,
           order=lambda line: line.taken / (line.capacity or 1)),
    Column("Free", lambda line: str(line.free), 4, right=True, from_width=90, highest_first=True,
           order=lambda line: line.free if EventState(line.state).bookable else -1),
    Column("Wait", lambda line: waiting_cell(line.waiting), 4, right=True, from_width=64, highest_first=True,
           order=lambda line: line.waiting),
    Column("State", lambda line: state_word(line.state), 9, from_width=76, order=lambda line: STATES.index(line.state)),
)  # fmt: skip


def bookings_cell(person: FoundPerson) -> Pieces:
    """Return `2 B  1 W  3 F`, the places, queues and completed courses, behind `left` for somebody who left."""
    parts: list[Piece] = [("left ", "warning")] if person.left else []
    for number, status in ((person.booked, "booked"), (person.waiting, "waitlisted")):
        if number:
            parts.append((f"{number} {LETTERS[status]} ", STATUS_TONES[status]))
    if person.completed:
        parts.append((f"{person.completed} F", "muted"))
    return parts


def workplace_cell(person: FoundPerson) -> str:
    """Return `team, organisation`; most people share one organisation, so a narrow column cuts that off."""
    return ", ".join(part for part in (person.team, person.organisation) if part)


def person_lines(person: FoundPerson) -> list[Pieces]:
    """Return two lines on a person: who and where they are, and how to reach them and where they go next."""
    where = glyphs().between.join(part for part in (person.organisation, person.team) if part)
    first: list[Piece] = [(person.name, "strong"), (glyphs().between + where if where else "", "plain")]
    second: list[Piece] = [(person.email or "no e-mail address", "plain")]
    if person.next_event:
        second += [(glyphs().between + "next ", "muted"), (person.next_event, "accent"),
                   (f" {format_date(person.next_date)}", "plain")]  # fmt: skip
    return [first, second]


PERSON_COLUMNS: tuple[Column[FoundPerson], ...] = (
    Column("Name", lambda person: person.name, 18, share=2),
    Column("Works in", workplace_cell, 14, share=3),
    Column("E-mail", lambda person: [(person.email, "muted")], 16, share=2, from_width=67),
    Column("Next", lambda person: f"{person.next_event} {short_date(person.next_date)}" if person.next_event else "",
           24, from_width=100),
    Column("Bookings", bookings_cell, 9, highest_first=True),
)  # fmt: skip


def shown_of_total(shown: int, total: int, most: int, one: str, many: str = "") -> str:
    """Return `200 of 4,312 people`, or `200 of more than 5,000 people` where counting stopped at `most`."""
    if total <= shown:
        return format_count(shown, one, many)
    return f"{shown:,} of {'more than ' if total >= most else ''}{total:,} {many or one + 's'}"
