"""People of a list taken into a group: choose it, see who comes in, do it."""

import asyncio
from collections.abc import Callable, Sequence

from csc_tui.screens.base import Found, LiveScreen
from csc_tui.screens.dialogs.confirm import Confirm
from csc_tui.screens.dialogs.listing import Listing
from csc_tui.services import grouping
from csc_tui.text import count
from csc_tui.widgets.drawing import Pieces
from csc_tui.widgets.record_table import Column
from db.errors import CscError
from db.records import Group

GROUPS: tuple[Column[Group], ...] = (
    Column("Group", lambda group: [(group.name, "strong")], 24, share=1),
    Column("Course", lambda group: group.course, 10),
    Column("People", lambda group: str(group.members), 6, right=True),
)


async def join(screen: LiveScreen[Found], people: Sequence[tuple[str, str]], *, after: Callable[[], None]) -> None:
    """Choose a group for these people, by key and name, and take them in from today."""
    who = people[0][1] if len(people) == 1 else count(len(people), "person", "people")
    problem = ""
    while True:
        try:
            groups = await asyncio.to_thread(grouping.everything, screen.ctx)
        except CscError as refusal:
            screen.say(str(refusal), warning=True)
            return
        group = await screen.app.push_screen_wait(
            Listing(
                f"Add {who} to which group?", GROUPS, lambda each: str(each.id), groups, choosable=True,
                empty="There are no groups yet.", problem=problem,
            )
        )  # fmt: skip
        if group is None:
            return
        lines: list[Pieces] = [[(name, "strong"), (f"  joins {group.name} from today", "plain")] for _, name in people]
        if not await screen.app.push_screen_wait(Confirm(f"Add {who} to {group.name}?", lines)):
            return
        try:
            outcomes = await asyncio.to_thread(grouping.add, screen.ctx, group.name, [key for key, _ in people])
        except CscError as refusal:
            problem = str(refusal)
            continue
        joined = sum(each.outcome == "joined" for each in outcomes)
        already = f", {len(outcomes) - joined} already in it" if joined < len(outcomes) else ""
        screen.say(f"{group.name}: {joined} joined{already}.")
        screen.desk.changed.publish(None)
        after()
        return
