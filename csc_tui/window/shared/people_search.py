"""The people that a dialog lists while somebody is looked for by typing."""

from collections.abc import Sequence

from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from csc_tui.window.shared.columns import shown_of_total
from db.records.startup import FoundPerson

IN_A_LIST = 50
"""The most people anybody looks through before typing another letter."""


def people_to_pick(ctx: Context, text: str) -> tuple[Sequence[FoundPerson], str]:
    """Return the first people found, or else those with the nearest names, and a remark on how many there are."""
    found, total = people_queries.search_people(ctx, text, limit=IN_A_LIST)
    if found:
        return found, shown_of_total(len(found), total, people_queries.MANY, "person", "people")
    typed = text.strip()
    near = people_queries.search_near_people(ctx, typed, limit=IN_A_LIST)
    if near:
        return near, f"No match for '{typed}'. These names are the nearest."
    return [], f"No match for '{typed}'. Try fewer letters, or part of the name."
