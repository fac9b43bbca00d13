"""The dialog that takes people of a list into a group."""

from collections.abc import Callable, Sequence
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import format_count
from csc_tui.core.groups import actions as groups_actions
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.records.booking import Outcome
from db.records.groups import Group

GROUPS: tuple[Column[Group], ...] = (
    Column("Group", lambda group: [(group.name, "strong")], 24, share=1),
    Column("Course", lambda group: group.course, 10),
    Column("People", lambda group: str(group.members), 6, right=True),
)


async def ask_group_to_join(
    screen: DataScreen[Found], people: Sequence[tuple[str, str]], *, after: Callable[[], None]
) -> None:
    """Ask for a group for these people, (key, name) of each, and take them in from today."""
    who = people[0][1] if len(people) == 1 else format_count(len(people), "person", "people")
    groups = await load_or_tell(screen, partial(groups_actions.list_groups, screen.ctx))
    if groups is None:
        return

    def ask(_: Group | None, problem: str) -> Listing[Group]:
        return Listing(
            f"Add {who} to which group?", GROUPS, lambda each: str(each.id), groups, choosable=True,
            empty="There are no groups yet.", problem=problem,
        )  # fmt: skip

    def propose(group: Group) -> Proposal[list[Outcome]]:
        def add(ctx: Context, _: str) -> list[Outcome]:
            return groups_actions.add_members(ctx, group.name, [key for key, _ in people])

        return Proposal(f"Add {who} to {group.name}?", add, lambda found: _lines(group, found),
                        lambda found: f"{group.name}: {_totals(found)}.", after=after)  # fmt: skip

    await proposal.ask_until_done(screen, ask, propose)


def _lines(group: Group, found: Sequence[Outcome]) -> list[Pieces]:
    return [
        [(each.name, "strong"), (f"  joins {group.name} from today", "plain")]
        if each.outcome == "joined"
        else [(each.name, "muted"), (f"  is already in the group: {each.reason}", "muted")]
        for each in found
    ]


def _totals(found: Sequence[Outcome]) -> str:
    """Return `3 joined, 1 already in it`."""
    joined = sum(each.outcome == "joined" for each in found)
    return f"{joined} joined" + (f", {len(found) - joined} already in the group" if joined < len(found) else "")
