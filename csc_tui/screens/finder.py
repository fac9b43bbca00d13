"""Finding people and events from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from csc_tui.context import Context
from csc_tui.screens.columns import how_many, month_of, short_date
from csc_tui.screens.dialogs.pick import Pick
from csc_tui.services import lookup
from csc_tui.text import count
from csc_tui.widgets.record_table import Column
from db.records import FoundPerson

PEOPLE, EVENTS = 40, 12
"""How many of each are listed before another letter narrows them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A person or an event; `key` is what opens it."""

    kind: str
    key: str
    name: str
    what: str
    more: str


COLUMNS: tuple[Column[Hit], ...] = (
    Column("", lambda hit: [(hit.name, "accent" if hit.kind == "Events" else "strong")], 18, share=2),
    Column("", lambda hit: hit.what, 18, share=3),
    Column("", lambda hit: [(hit.more, "muted")], 16, share=2),
)


def finder(ctx: Context, text: str = "") -> Pick[Hit]:
    """The dialog that finds by typing."""
    return Pick(
        "Find a person or an event", COLUMNS, lambda hit: f"{hit.kind} {hit.key}", lambda typed: find(ctx, typed),
        group=lambda hit: hit.kind, text=text, placeholder="Parts of a name, e-mail, team, event or reference",
    )  # fmt: skip


def find_people(ctx: Context, text: str) -> tuple[Sequence[FoundPerson], str]:
    """The first people found, and how many there are."""
    found, total = lookup.people(ctx, text, limit=IN_A_LIST)
    if not found:
        return found, f"Nobody is found for '{text.strip()}'. Try fewer or shorter parts of the name."
    return found, how_many(len(found), total, lookup.MANY, "person", "people")


IN_A_LIST = 50
"""As many as anybody looks through before typing another letter."""


def find(ctx: Context, text: str) -> tuple[Sequence[Hit], str]:
    """Events first, for they are few; and a remark on how many there are of both."""
    if not text.strip():
        return [], "Type any parts, in any order."
    events = lookup.events(ctx, text)
    people, total = lookup.people(ctx, text, limit=PEOPLE)
    hits = [
        Hit("Events", each.event, each.event, each.title,
            f"{short_date(each.first_date)} {month_of(each.first_date)[4:] if each.first_date else ''}".strip())
        for each in events[:EVENTS]
    ]  # fmt: skip
    hits += [
        Hit("People", each.person, each.name, each.organisation or each.team or each.kind, each.email)
        for each in people
    ]
    if not hits:
        return hits, f"Nothing is found for '{text.strip()}'. Try fewer or shorter parts."
    return hits, f"{count(len(events), 'event')}, {how_many(len(people), total, lookup.MANY, 'person', 'people')}"
