"""The cells that several screens show alike."""

from collections.abc import Iterable, Sequence

from csc_tui.base.text import LETTERS, MONTHS, count, label, show_date, show_times
from csc_tui.window.widgets.drawing import Piece, Pieces, places_bar
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.record_table import Column
from db.records.first_picture import EventLine, EventState, FoundPerson, SessionLine

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
STAGE_WORDS = {"on_the_day": "On the day", "three_months": "After three months"}
"""When an evaluation is asked for."""


def status_letter(status: str) -> list[Piece]:
    return [(LETTERS.get(status, "?"), STATUS_TONES.get(status, "muted"))]


def status_word(status: str) -> Pieces:
    return [(label(status), STATUS_TONES.get(status, "muted"))]


def state_word(state: str) -> Pieces:
    return [(label(state), STATE_TONES.get(state, "muted"))]


def places(held: int, capacity: int, width: int = 6) -> list[Piece]:
    """A bar and `14/20`."""
    figures = f" {held:>2}/{capacity}"
    return [*places_bar(held, capacity, width), (figures, "warning" if held >= capacity > 0 else "plain")]


def waiting(number: int) -> Pieces:
    """`3 W`, or nothing."""
    return [(f"{number} {LETTERS['waitlisted']}", "warning")] if number else ""


def short_date(iso: str) -> str:
    """`Mon 12 Jun`, for lists that say the year elsewhere."""
    return show_date(iso)[:-5] if iso else "to confirm"


def month_of(iso: str) -> str:
    """`June 2017` as a heading; undated things come under their own."""
    return f"{MONTHS[int(iso[5:7]) - 1]} {iso[:4]}" if iso else "To be confirmed"


def venue(line: SessionLine) -> str:
    return ", ".join(part for part in (line.venue, line.room) if part)


def session_times(line: SessionLine) -> str:
    return show_times(line.start, line.end) or "to confirm"


def session_detail(line: SessionLine) -> list[Pieces]:
    """Two lines on a session: what it is, and when and where."""
    module = f"session {line.session}" + (f", {line.module}" if line.module else "")
    first: Pieces = [(line.event, "accent"), (f"  {line.title}", "strong"), (glyphs().between + module, "plain")]
    facts: list[Piece] = [
        (f"{show_date(line.date)} {show_times(line.start, line.end)}".rstrip(), "plain"),
        (glyphs().between + (venue(line) or "venue to be confirmed"), "plain"),
        (glyphs().between, "plain"),
        (label(line.state), STATE_TONES.get(line.state, "muted")),
    ]
    return [first, facts]


def event_detail(line: EventLine, sessions: Sequence[SessionLine], facilitators: Iterable[str]) -> list[Pieces]:
    """Two lines on an event: what it is, and where and with whom its sessions are."""
    first: Pieces = [(line.event, "accent"), (f"  {line.title}", "strong"), (glyphs().between + label(line.state),
                     STATE_TONES.get(line.state, "muted"))]  # fmt: skip
    venues = dict.fromkeys(filter(None, map(venue, sessions)))
    names = dict.fromkeys(facilitators)
    facts = [
        count(line.free, "free place"),
        "; ".join(venues) if venues else "venue to be confirmed",
        f"with {', '.join(names)}" if names else "nobody leads it yet",
    ]
    return [first, glyphs().between.join(facts)]


SESSION_COLUMNS: tuple[Column[SessionLine], ...] = (
    Column("Time", session_times, 11),
    Column("Event", lambda line: [(line.event, "muted" if line.state == EventState.CANCELLED else "accent")], 12),
    Column("Title", lambda line: line.title, 14, share=3),
    Column("Module", lambda line: line.module, 12, share=1, from_width=136),
    Column("Where", venue, 12, share=2, from_width=96),
    Column("Places", lambda line: places(line.held, line.capacity), 12),
    Column("Wait", lambda line: waiting(line.waiting), 4, right=True, from_width=64),
    Column("State", lambda line: state_word(line.state), 9, from_width=96),
)

EVENT_COLUMNS: tuple[Column[EventLine], ...] = (
    Column("Event", lambda line: [(line.event, "accent")], 13),
    Column("Title", lambda line: line.title, 14, share=1),
    Column("Begins", lambda line: short_date(line.first_date), 10),
    Column("Places", lambda line: places(line.booked + line.offered, line.capacity), 12),
    Column("Free", lambda line: str(line.free), 4, right=True, from_width=90),
    Column("Wait", lambda line: waiting(line.waiting), 4, right=True, from_width=64),
    Column("State", lambda line: state_word(line.state), 9, from_width=76),
)


def bookings(person: FoundPerson) -> Pieces:
    """`2 B  1 W  3 F`: places, queues and courses completed; of who left, that they did."""
    parts: list[Piece] = [("left ", "warning")] if person.left else []
    for number, status in ((person.booked, "booked"), (person.waiting, "waitlisted")):
        if number:
            parts.append((f"{number} {LETTERS[status]} ", STATUS_TONES[status]))
    if person.completed:
        parts.append((f"{person.completed} F", "muted"))
    return parts


def works_in(person: FoundPerson) -> str:
    """The team first: most people are of the same organisation, which a narrow list cuts off."""
    return ", ".join(part for part in (person.team, person.organisation) if part)


def person_detail(person: FoundPerson) -> list[Pieces]:
    """Two lines on a person: who they are and where, how to reach them and where they are next."""
    where = glyphs().between.join(part for part in (person.organisation, person.team) if part)
    first: list[Piece] = [(person.name, "strong"), (glyphs().between + where if where else "", "plain")]
    second: list[Piece] = [(person.email or "no e-mail address", "plain")]
    if person.next_event:
        second += [(glyphs().between + "next ", "muted"), (person.next_event, "accent"),
                   (f" {show_date(person.next_date)}", "plain")]  # fmt: skip
    return [first, second]


PERSON_COLUMNS: tuple[Column[FoundPerson], ...] = (
    Column("Name", lambda person: person.name, 18, share=2),
    Column("Works in", works_in, 14, share=3),
    Column("E-mail", lambda person: [(person.email, "muted")], 16, share=2, from_width=67),
    Column("Next", lambda person: f"{person.next_event} {short_date(person.next_date)}" if person.next_event else "",
           24, from_width=100),
    Column("Bookings", bookings, 9),
)  # fmt: skip


def how_many(shown: int, total: int, most: int, one: str, many: str = "") -> str:
    """`200 of 4,312 people`; `200 of more than 5,000 people` where counting stopped."""
    if total <= shown:
        return count(shown, one, many)
    return f"{shown:,} of {'more than ' if total >= most else ''}{total:,} {many or one + 's'}"
