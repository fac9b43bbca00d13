"""The screen of one group: its members, their commitments, and its meetings."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date, status_label
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments as groups_commitments
from csc_tui.core.groups.actions import GroupAttendance, GroupMeeting
from csc_tui.core.groups.rules import commitment_standing
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.groups import edit_group
from csc_tui.window.shared.columns import state_word
from csc_tui.window.shared.data_screen import (
    MenuAction,
    OpenEvent,
    OpenPerson,
    WindowState,
    load_or_tell,
)
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.groups import Commitment, Group, Member

STANDING_TONES = {"overdue": "error", "due": "warning", "done": "good", "not_done": "warning", "withdrawn": "muted"}


@dataclass(frozen=True, slots=True)
class GroupScreenLine:
    """One line of the group; `about` is its member, commitment or meeting."""

    key: str
    group: str
    first: Pieces
    what: Pieces
    when: str
    more: Pieces
    about: Member | Commitment | GroupMeeting


def _open_line(line: GroupScreenLine) -> OpenEvent | OpenPerson | None:
    match line.about:
        case Member():
            return OpenPerson(f"#{line.about.person_id}")
        case GroupMeeting():
            return OpenEvent(line.about.event)
        case Commitment():
            return None


COLUMNS: tuple[Column[GroupScreenLine], ...] = (
    Column("", lambda line: line.first, 16, share=1),
    Column("", lambda line: line.what, 26, share=3),
    Column("", lambda line: line.when, 11),
    Column("", lambda line: line.more, 9),
)


@dataclass(frozen=True, slots=True)
class GroupFound:
    group: Group
    members: list[Member]
    commitments: list[Commitment]
    attendance: GroupAttendance


def load_group_screen(ctx: Context, group_id: int) -> GroupFound:
    """Return the group by its id, because its name may change while it is in view. Raises NotFound."""
    group = groups_actions.get_group(ctx, group_id)
    return GroupFound(
        group,
        groups_actions.show_group(ctx, group.name, past=True)[1],
        groups_commitments.list_commitments(ctx, group=group.name),
        groups_actions.show_group_attendance(ctx, group.name),
    )


class GroupScreen(FilteredListScreen[GroupFound]):
    HELP = (
        "Everything about one group. a adds people, one after the other as you type names; P adds a pasted list; "
        "x ends the membership of the member under the cursor. K records what they say they will do; enter on a "
        "commitment records what became of it. D plans meetings, b books the group on an event, r shows who was at "
        "which meeting, v shows past members and settled commitments. e changes the group, or the role of a member."
    )
    NEEDS: ClassVar = {
        **dict.fromkeys(("add", "paste", "role"), groups_actions.add_members.role),
        "leave": groups_actions.remove_members.role,
        "meet": groups_actions.schedule_meetings.role,
        "commit": groups_commitments.add_commitment.role,
        "book": groups_actions.book_group.role,
    }
    REPEATABLE = frozenset({"leave"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="group.add", tooltip="Add people to the group, as you type their names"),
        Binding("K", "commit", "Commitment", id="group.commit", tooltip="Record what the member says they will do"),
        Binding("r", "grid", "Attendance", id="group.attendance", tooltip="Who came to which meeting"),
        Binding("D", "meet", "Meetings", id="group.meet", tooltip="Plan meetings and book all members on them"),
        Binding("b", "book", "Book", id="group.book", tooltip="Book the whole group on an event"),
        Binding("v", "past", "Past", id="group.past", tooltip="Show or hide past members and settled commitments"),
        Binding(
            "x", "leave", "Leaves", id="group.leave", tooltip="End the membership; past membership is kept on record"
        ),
        Binding("P", "paste", "Paste a list", show=False, id="group.paste", tooltip="Add a pasted list of people"),
        Binding("e", "change", "Change", id="group.change", tooltip="The group itself, or the role of a member"),
    ]

    def __init__(self, state: WindowState, group_id: int) -> None:
        super().__init__(state)
        self.group_id = group_id
        self.found: GroupFound | None = None
        self._past = False
        self.table: RecordTable[GroupScreenLine] = RecordTable(
            COLUMNS, lambda line: line.key, group=lambda line: line.group, titles=False, opens=_open_line, id="group",
        )  # fmt: skip

    def place_key(self) -> str:
        return str(self.group_id)

    def open_again(self) -> "Callable[[], GroupScreen]":
        return partial(GroupScreen, self.state, self.group_id)

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        yield self.table

    def reader(self) -> Callable[[], GroupFound]:
        return partial(load_group_screen, self.ctx, self.group_id)

    def show(self, found: GroupFound) -> None:
        self.found = found
        today = self.ctx.today()
        self.query_one("#heading", Static).update(draw_content(_heading(found), STYLES))
        held = [each for each in found.attendance.meetings if each.on and each.on < today]
        lines = [
            _commitment(each, commitment_standing(each, today)) for each in found.commitments if each.settled is None
        ]
        lines += [_meeting(each, "Meetings to come") for each in found.attendance.meetings if each not in held]
        lines += [_member(each) for each in found.members if _belongs(each, self.ctx)]
        lines += [_meeting(each, "Meetings held") for each in reversed(held)]
        if self._past:
            lines += [_member(each, past=True) for each in found.members if not _belongs(each, self.ctx)]
            lines += [_commitment(each, each.state.value) for each in found.commitments if each.settled is not None]
        self.show_rows(lines, empty="No members yet. a adds people, P adds a pasted list.")

    @work(group="write")
    async def on_record_table_chosen(self) -> None:
        line = self.table.pointed
        if line is not None and isinstance(line.about, Commitment):
            await edit_group.open_commitment_menu(self, line.about)

    def action_past(self) -> None:
        self._past = not self._past
        if self.found:
            self.show(self.found)
        said = (
            "Past members and commitments are shown below."
            if self._past
            else "Only current members and commitments are shown."
        )
        self.say(said)

    async def _member(self, found: GroupFound, question: str) -> Member | None:
        """Return the current member under the cursor or of the commitment there, else ask for one."""
        line = self.table.pointed
        current = [each for each in found.members if _belongs(each, self.ctx)]
        if line and not isinstance(line.about, GroupMeeting):
            for each in current:
                if each.person_id == line.about.person_id:
                    return each
        return await edit_group.ask_member(self, question, current)

    @work(group="write")
    async def action_add(self) -> None:
        if self.found and not self.refused("add"):
            await edit_group.ask_new_members(self, self.found.group)

    @work(group="write")
    async def action_paste(self) -> None:
        if self.found and not self.refused("paste"):
            await edit_group.ask_pasted_members(self, self.found.group)

    @work(group="write")
    async def action_change(self) -> None:
        if self.found is not None:
            actions = [
                MenuAction("g", "The group", "Name, kind, course and description", "", self._change_group),
                MenuAction("r", "A member's role", "Such as chair, or member", self.why_not("role"), self._change_role),
            ]
            chosen = await self.app.push_screen_wait(Menu(f"Change {self.found.group.name}", actions))
            if chosen is not None:
                await chosen.do()

    async def _change_group(self) -> None:
        if self.found:
            await edit_group.ask_group_changes(self, self.found.group)

    async def _change_role(self) -> None:
        if self.found and (member := await self._member(self.found, "Whose role do you want to change?")):
            await edit_group.ask_member_role(self, self.found.group, member)

    @work(group="write")
    async def action_leave(self) -> None:
        found = None if self.refused("leave") else self.found
        if found and (member := await self._member(found, "Whose membership ends?")):
            await edit_group.ask_member_leaving(self, found.group, member)

    @work(group="write")
    async def action_commit(self) -> None:
        found = None if self.refused("commit") else self.found
        if found and (member := await self._member(found, "Whose commitment is it?")):
            await edit_group.ask_commitment(self, found.group, member)

    @work(group="write")
    async def action_meet(self) -> None:
        if self.found and not self.refused("meet"):
            await edit_group.ask_group_meetings(self, self.found.group)

    @work(group="write")
    async def action_book(self) -> None:
        if self.found and not self.refused("book"):
            await edit_group.ask_event_for_group(self, self.found.group)

    @work(group="write")
    async def action_grid(self) -> None:
        if self.found is None:
            return
        found = await load_or_tell(self, partial(groups_actions.show_group_attendance, self.ctx, self.found.group.name))
        if found is None:
            return
        person = await edit_group.open_group_attendance(self, found)
        if person:
            self.post_message(OpenPerson(person))


def _belongs(member: Member, ctx: Context) -> bool:
    return member.left_on is None or member.left_on > ctx.today()


def _heading(found: GroupFound) -> list[Pieces]:
    group, between = found.group, glyphs().between
    course = f"course {group.course}" if group.course else "no course yet: e chooses one"
    first: Pieces = [(group.name, "accent"), (f"{between}{status_label(group.kind.value)}{between}{course}", "plain")]
    held = [each for each in found.attendance.meetings if each.on is not None]
    still = [each for each in found.commitments if each.settled is None]
    second = between.join(
        (
            format_count(group.members, "member"),
            format_count(len(held), "dated meeting"),
            format_count(len(still), "open commitment"),
        )
    )
    return [first, second, *([[(group.description, "muted")]] if group.description else [])]


def _member(member: Member, *, past: bool = False) -> GroupScreenLine:
    when = format_date(member.left_on if past else member.joined)[4:]
    role: Pieces = [(member.role, "strong" if member.role != groups_actions.MEMBER else "muted")]
    group = "Past members, with the date they left" if past else "Members, with the date they joined"
    return GroupScreenLine(f"member {member.id}", group, member.name, member.organisation, when, role, member)


def _commitment(each: Commitment, stands: str) -> GroupScreenLine:
    settled = each.settled is not None
    what: Pieces = each.what
    if settled and each.remark:
        what = [(each.what, "plain"), (f"{glyphs().between}{each.remark}", "muted")]
    when = format_date(each.settled if settled else each.due)[4:]
    more: Pieces = [(status_label(stands), STANDING_TONES.get(stands, "plain"))]
    group = "Past commitments" if settled else "Commitments, with their due dates"
    return GroupScreenLine(f"commitment {each.id}", group, each.name, what, when, more, each)


def _meeting(each: GroupMeeting, group: str) -> GroupScreenLine:
    session = f"{glyphs().between}session {each.session}" if each.session > 1 else ""
    return GroupScreenLine(
        f"meeting {each.event} {each.session}", group, [(each.event, "accent")], f"{each.title}{session}",
        format_date(each.on)[4:] if each.on else "to confirm", state_word(each.state), each,
    )  # fmt: skip
