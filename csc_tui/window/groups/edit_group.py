"""The menus of changes to groups and commitments, with their dialogs: ask, preview, confirm."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.dates import DATE_HINT, TIME_HINT, parse_typed_time
from csc_tui.base.text import format_count, format_date, status_label
from csc_tui.core.booking import pasted_lists
from csc_tui.core.booking.actions import PARTIAL_BOOKING
from csc_tui.core.calendar import suggestions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.groups.actions import GroupAttendance, GroupMeeting, MemberAttendance
from csc_tui.core.groups.rules import commitment_standing
from csc_tui.core.people import queries as people_queries
from csc_tui.window.booking import booking_dialogs
from csc_tui.window.dialogs.form import SHORT, Answers, FormField, filled_rule, suggest_one, typed_whole_number
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.paste import PasteDialog
from csc_tui.window.dialogs.pick import PickDialog, PickedRow
from csc_tui.window.shared import changes as shared_changes
from csc_tui.window.shared import flow, proposal
from csc_tui.window.shared.columns import EVENT_COLUMNS, PERSON_COLUMNS
from csc_tui.window.shared.data_screen import DataScreen, Found, MenuAction, role_refusal
from csc_tui.window.shared.people_search import people_to_pick
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken, WrongUse
from db.records.booking import Outcome
from db.records.calendar import FieldChange
from db.records.groups import Commitment, CommitmentState, Group, GroupKind, Member
from db.records.startup import EventLine, FoundPerson

MARKS = {"present": "P", "late": "L", "left_early": "E", "apologies": "A", "absent": "N", "booked": "b"}
MARK_TONES = {"present": "good", "late": "warning", "left_early": "warning", "absent": "error", "booked": "muted"}
PRESENT_MARKS = ("present", "late", "left_early")
LEGEND = "P present  L late  E left early  A apologies  N not there  b booked"
CELL = 5
KINDS = ", ".join(status_label(each.value) for each in GroupKind)


async def ask_new_group(screen: DataScreen[Found]) -> bool:
    fields = (
        FormField("name", "Name", fault=filled_rule),
        FormField(
            "kind",
            "Kind",
            status_label(GroupKind.ACTION_LEARNING_SET.value),
            "or practice leads",
            shared_changes.readable_rule(_kind, "not one of the kinds"),
        ),
        FormField("course", "Course", "", "course of its meetings; optional"),
        FormField("description", "About", "", "optional"),
    )

    def propose(answers: Answers) -> Proposal[Group]:
        kind = _kind(answers["kind"])

        def create(ctx: Context, _: str) -> Group:
            made = groups_actions.create_group(
                ctx, answers["name"], kind, course=answers["course"], description=answers["description"]
            )
            return replace(made, id=0)  # the number it gets may differ from the previewed one

        return Proposal(
            "Create this group?",
            create,
            lambda made: [
                [(made.name, "strong")],
                [(f"{status_label(made.kind.value)}, course {made.course or 'not chosen yet'}", "plain")],
            ],
            lambda made: f"{made.name} is created. Enter opens it; a adds people.",
        )

    return await proposal.ask_new_record(screen, "New group", fields, propose)


async def ask_group_changes(screen: DataScreen[Found], group: Group) -> bool:
    if sentence := role_refusal(screen.ctx, groups_actions.change_group.role):
        screen.say(sentence, warning=True)
        return False
    called = group.name

    def fields() -> list[FormField]:
        nonlocal called
        now = groups_actions.get_group(screen.ctx, group.id)
        called = now.name
        return [
            FormField("name", "Name", now.name, fault=filled_rule),
            FormField(
                "kind",
                "Kind",
                status_label(now.kind.value),
                KINDS,
                shared_changes.readable_rule(_kind, "not one of the kinds"),
            ),
            FormField("course", "Course", now.course, "course of its meetings; optional"),
            FormField("description", "About", now.description),
        ]

    def propose(answers: Answers, now: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        anew = shared_changes.changed_answers(now, answers)
        kind = _kind(answers["kind"]) if anew["kind"] is not None else None
        return shared_changes.change_proposal(
            f"Change {group.name}?",
            lambda ctx: groups_actions.change_group(
                ctx, called, new_name=anew["name"], kind=kind, course=anew["course"],
                description=anew["description"],
            ),
            f"{answers['name']} changed.",
        )  # fmt: skip

    return await proposal.ask_record_changes(screen, f"Change {group.name}", fields, propose)


async def ask_new_members(screen: DataScreen[Found], group: Group) -> None:
    """Ask for one new member after the other, until the question is left."""
    taken: list[str] = []
    again = True
    while again:
        again = False

        def ask(before: PickedRow[FoundPerson] | None, problem: str) -> PickDialog[FoundPerson]:
            so_far = f" (added: {proposal.names_line(taken)}; escape when you have finished)" if taken else ""
            return PickDialog(
                f"Add who to {group.name}?{so_far}", PERSON_COLUMNS, lambda person: person.person,
                partial(people_to_pick, screen.ctx), text=before.text if before else "",
                placeholder="Any part of a name, e-mail, team or phone number", problem=problem,
            )  # fmt: skip

        def joining(outcomes: Sequence[Outcome]) -> str:
            nonlocal again
            again = True
            taken.extend(each.name for each in outcomes)
            return f"{outcomes[0].name} is in {group.name}. u undoes this."

        def propose(
            picked: PickedRow[FoundPerson], said: Callable[[Sequence[Outcome]], str] = joining
        ) -> Proposal[list[Outcome]]:
            return _joining(f"Add {picked.row.name} to {group.name}?", group, [picked.row.person], said)

        await proposal.ask_until_done(screen, ask, propose)


async def ask_pasted_members(screen: DataScreen[Found], group: Group) -> bool:
    """Ask for a pasted list and take in everybody on it."""

    def ask(text: str | None, problem: str) -> PasteDialog:
        return PasteDialog(
            f"Add who to {group.name}?", text=text or "", problem=problem,
            explanation="Names, e-mail addresses or employee numbers, one or more on each line, as pasted from an "
                        "e-mail.",
        )  # fmt: skip

    def propose(text: str) -> Proposal[list[Outcome]]:
        wanted, _ = pasted_lists.list_pasted_people(screen.ctx, text)
        if not wanted:
            raise WrongUse("There are no names in the list. Nothing was changed.")
        title = f"Add {format_count(len(wanted), 'person', 'people')} to {group.name}?"
        return _joining(
            title, group, wanted, lambda done: f"{format_count(len(done), 'person', 'people')} are in {group.name}."
        )

    return await proposal.ask_until_done(screen, ask, propose)


def _joining(
    title: str, group: Group, wanted: Sequence[str], said: Callable[[Sequence[Outcome]], str]
) -> Proposal[list[Outcome]]:
    def join(ctx: Context, _: str) -> list[Outcome]:
        outcomes = groups_actions.add_members(ctx, group.name, wanted)
        if all(each.outcome == "already" for each in outcomes):
            raise RuleBroken(
                f"{proposal.names_line([each.name for each in outcomes])}: already in {group.name}. Nothing was "
                "changed."
            )
        return outcomes

    return Proposal(title, join, shared_changes.outcome_lines, said)


MEMBERS: tuple[Column[Member], ...] = (
    Column("Name", lambda each: [(each.name, "strong")], 20, share=2),
    Column("Organisation", lambda each: each.organisation, 20, share=2),
    Column("Role", lambda each: [(each.role, "muted")], 10),
)


async def ask_member(screen: DataScreen[Found], question: str, members: Sequence[Member]) -> Member | None:
    """Ask for a member, found by typing; return None where the question was left."""

    def find(text: str) -> tuple[Sequence[Member], str]:
        words = text.casefold().split()
        fitting = [each for each in members if all(word in each.name.casefold() for word in words)]
        return fitting, format_count(len(fitting), "member") if fitting else f"No match for '{text.strip()}'."

    pick: PickDialog[Member] = PickDialog(
        question, MEMBERS, lambda each: str(each.id), find, placeholder="Any part of a member's name"
    )
    picked = await screen.app.push_screen_wait(pick)
    return picked.row if picked else None


async def ask_member_role(screen: DataScreen[Found], group: Group, member: Member) -> bool:
    fields = [FormField("role", "Role", member.role, "such as chair, or member", filled_rule)]

    def propose(answers: Answers) -> Proposal[list[Outcome]]:
        def give(ctx: Context, _: str) -> list[Outcome]:
            (outcome,) = groups_actions.add_members(ctx, group.name, [f"#{member.person_id}"], role=answers["role"])
            if outcome.outcome == "already":
                raise RuleBroken(f"{member.name} is already {member.role}. Nothing was changed.")
            return [outcome]

        return Proposal(
            f"Change the role of {member.name}?", give, shared_changes.outcome_lines,
            lambda done: f"{member.name} is {done[0].reason} of {group.name}.",
        )  # fmt: skip

    return await proposal.ask_new_record(screen, f"Role of {member.name} in {group.name}", fields, propose)


async def ask_member_leaving(screen: DataScreen[Found], group: Group, member: Member) -> bool:
    fields = (
        FormField(
            "on",
            "Left on",
            format_date(screen.ctx.today()),
            DATE_HINT,
            shared_changes.day_rule(screen.ctx),
        ),
        FormField("reason", "Why", "", "kept in the history; optional"),
    )

    def propose(answers: Answers) -> Proposal[list[Outcome]]:
        on = shared_changes.typed_day(screen.ctx, answers["on"])
        return Proposal(
            f"End the membership of {member.name} in {group.name}?",
            lambda ctx, _: groups_actions.remove_members(
                ctx, group.name, [f"#{member.person_id}"], on=on, reason=answers["reason"]
            ),
            lambda outcomes: [
                *shared_changes.outcome_lines(outcomes),
                "",
                [("Their past membership and commitments are kept: v shows them.", "muted")],
            ],
            lambda _: f"{member.name} has left {group.name}.",
        )

    return await proposal.ask_new_record(screen, f"{member.name} leaves {group.name}", fields, propose)


async def ask_commitment(screen: DataScreen[Found], group: Group, member: Member) -> bool:
    fields = (
        FormField("what", "What they will do", fault=filled_rule),
        FormField("by", "By", "", DATE_HINT, shared_changes.day_rule(screen.ctx)),
        FormField("on", "Made on", format_date(screen.ctx.today()), "", shared_changes.day_rule(screen.ctx)),
    )

    def propose(answers: Answers) -> Proposal[Commitment]:
        due, on = (
            shared_changes.typed_day(screen.ctx, answers["by"]),
            shared_changes.typed_day(screen.ctx, answers["on"]),
        )
        person = f"#{member.person_id}"
        return _commitment_proposal(
            f"Record this commitment of {member.name}?",
            lambda ctx: commitments.add_commitment(ctx, group.name, person, answers["what"], due, on=on),
            "The commitment is recorded.",
        )

    return await proposal.ask_new_record(screen, f"New commitment of {member.name}", fields, propose)


async def open_commitment_menu(screen: DataScreen[Found], commitment: Commitment) -> bool:
    """Ask what became of a commitment or how to change it, and do it."""
    ctx = screen.ctx
    state, settling = commitment.state, commitments.set_commitment_state.role

    def towards(key: str, title: str, meaning: str, to: CommitmentState) -> MenuAction:
        already = f"It is already {status_label(state.value)}." if state is to else ""
        settle = partial(_settle_as, screen, commitment, to)
        return shared_changes.menu_action(ctx, key, title, meaning, settling, settle, already)

    settled = "" if state is CommitmentState.OPEN else f"It is {status_label(state.value)}; open it again first."
    actions = [
        towards("d", "Done", "They have done it", CommitmentState.DONE),
        towards("n", "Not done", "They did not do it by the date", CommitmentState.NOT_DONE),
        towards("w", "Withdrawn", "It is no longer needed", CommitmentState.WITHDRAWN),
        towards("o", "Open again", "It still has to be done", CommitmentState.OPEN),
        shared_changes.menu_action(ctx, "e", "Change", "Change the words or the date",
                      commitments.change_commitment.role, partial(_reword, screen, commitment), settled),
    ]  # fmt: skip
    between = glyphs().between
    said = f"{commitment.what}{between}said on {format_date(commitment.made)}, due {format_date(commitment.due)}"
    if commitment.remark:
        said += f"{between}{commitment.remark}"
    return await flow.open_menu(screen, f"{commitment.name}, {commitment.group}", actions, explanation=said)


async def _settle_as(screen: DataScreen[Found], commitment: Commitment, to: CommitmentState) -> bool:
    fields = [FormField("remark", "What happened", commitment.remark, "optional")]

    def propose(answers: Answers) -> Proposal[Commitment]:
        return _commitment_proposal(
            f"{commitment.name}: {status_label(to.value)}?",
            lambda ctx: commitments.set_commitment_state(ctx, commitment.id, to, remark=answers["remark"]),
            f"{commitment.name}: {status_label(to.value)}.",
        )

    return await proposal.ask_new_record(
        screen, f"{status_label(to.value).capitalize()}: {commitment.what}", fields, propose
    )


async def _reword(screen: DataScreen[Found], commitment: Commitment) -> bool:
    fields = (
        FormField("what", "What they will do", commitment.what, fault=filled_rule),
        FormField("by", "By", format_date(commitment.due), DATE_HINT, shared_changes.day_rule(screen.ctx)),
    )

    def propose(answers: Answers) -> Proposal[Commitment]:
        due = shared_changes.typed_day(screen.ctx, answers["by"])
        return _commitment_proposal(
            "Save this change?",
            lambda ctx: commitments.change_commitment(ctx, commitment.id, what=answers["what"], due=due),
            "The commitment is changed.",
        )

    return await proposal.ask_new_record(screen, f"Change the commitment of {commitment.name}", fields, propose)


def _commitment_proposal(title: str, run: Callable[[Context], Commitment], said: str) -> Proposal[Commitment]:
    def lines(made: Commitment) -> list[Pieces]:
        found: list[Pieces] = [
            [(made.name, "strong"), (f" in {made.group}", "muted")],
            made.what,
            [("by ", "muted"), (format_date(made.due), "plain"), (f"  {status_label(made.state.value)}", "accent")],
        ]
        return [*found, [(made.remark, "muted")]] if made.remark else found

    # The number it gets may differ from the previewed one.
    return Proposal(title, lambda ctx, _: replace(run(ctx), id=0), lines, lambda _: said)


def load_open_commitments(ctx: Context) -> list[Commitment]:
    """Return the open commitments of all groups."""
    return commitments.list_commitments(ctx, open_only=True)


async def open_commitment_list(screen: DataScreen[Found], found: Sequence[Commitment]) -> None:
    """List the open commitments of all groups; enter asks what became of one."""
    today = screen.ctx.today()
    columns: tuple[Column[Commitment], ...] = (
        Column("Who", lambda each: [(each.name, "strong")], 16, share=1),
        Column("What they will do", lambda each: each.what, 20, share=3),
        Column("By", lambda each: format_date(each.due)[4:], 11),
        Column(
            "",
            lambda each: [(status_label(commitment_standing(each, today)), _tone(commitment_standing(each, today)))],
            7,
        ),
    )
    listing: Listing[Commitment] = Listing(
        "Open commitments", columns, lambda each: str(each.id), sorted(found, key=lambda each: (each.group, each.due)),
        group=lambda each: each.group, choosable=True,
        empty="There are no open commitments.",
    )  # fmt: skip
    chosen = await screen.app.push_screen_wait(listing)
    if chosen is not None:
        await open_commitment_menu(screen, chosen)


def _tone(stands: str) -> str:
    return {"overdue": "error", "due": "warning"}.get(stands, "plain")


async def ask_group_meetings(screen: DataScreen[Found], group: Group) -> bool:
    known = await asyncio.to_thread(suggestions.list_suggestions, screen.ctx)
    fields = (
        FormField("date", "First meeting", "", DATE_HINT, shared_changes.day_rule(screen.ctx)),
        FormField("start", "Starts", "", TIME_HINT, shared_changes.readable_rule(parse_typed_time, "no such time")),
        FormField(
            "end",
            "Ends",
            "",
            "empty: the module's length",
            shared_changes.readable_rule(parse_typed_time, "no such time", needed=False),
        ),
        FormField("times", "Meetings", "1", "how many in all", shared_changes.NUMBER_RULE, room=SHORT),
        FormField("weeks", "Weeks apart", "4", "from one meeting to the next", shared_changes.NUMBER_RULE, room=SHORT),
        FormField("venue", "Venue", "", "optional", suggest=suggest_one(known.venues)),
        FormField("room", "Room", "", "optional", suggest=suggest_one(known.rooms)),
    )

    def propose(answers: Answers) -> Proposal[list[FieldChange]]:
        first, start = shared_changes.typed_day(screen.ctx, answers["date"]), parse_typed_time(answers["start"])
        end = parse_typed_time(answers["end"]) if answers["end"] else None
        times, weeks = (
            typed_whole_number(answers["times"], "The number of meetings"),
            typed_whole_number(answers["weeks"], "The number of weeks"),
        )
        return Proposal(
            f"Plan {format_count(times, 'meeting')} of {group.name}?",
            lambda ctx, override: groups_actions.schedule_meetings(
                ctx,
                group.name,
                groups_actions.MeetingSeries(
                    first, start, end=end, times=times, every_weeks=weeks, venue=answers["venue"], room=answers["room"]
                ),
                override=override,
            ),
            shared_changes.change_lines,
            lambda changes: (
                f"Meetings of {group.name} planned: "
                f"{proposal.names_line(list(dict.fromkeys(c.event for c in changes)))}."
            ),
        )

    explanation = (
        f"Today's members are booked on each meeting. Meetings are events of {group.course}; weekends and bank "
        "holidays are skipped."
        if group.course
        else "The group has no course yet. Press e to choose one first."
    )
    return await proposal.ask_new_record(screen, f"Meetings of {group.name}", fields, propose, explanation)


async def ask_event_for_group(screen: DataScreen[Found], group: Group) -> bool:
    """Ask for an event and book the whole group on it."""

    def find(text: str) -> tuple[Sequence[EventLine], str]:
        found = people_queries.list_bookable_events(screen.ctx, text, everything=True)
        if not found:
            return found, f"No event that can be booked matches '{text.strip()}'."
        return found, f"{format_count(len(found), 'event')} to come"

    def ask(before: PickedRow[EventLine] | None, problem: str) -> PickDialog[EventLine]:
        return PickDialog(
            f"Book {group.name} on which event?", EVENT_COLUMNS, lambda line: line.event, find,
            text=before.text if before else "", placeholder="Any part of an event's title or reference",
            problem=problem,
        )  # fmt: skip

    def propose(picked: PickedRow[EventLine]) -> Proposal[list[Outcome]]:
        reference = picked.row.event
        return booking_dialogs.booking_proposal(
            f"Book {group.name} on {reference}?",
            reference,
            lambda ctx, override: groups_actions.book_group(
                ctx, group.name, reference, PARTIAL_BOOKING, override=override
            ),
        )

    return await proposal.ask_until_done(screen, ask, propose)


async def open_group_attendance(screen: DataScreen[Found], found: GroupAttendance) -> str:
    """Show who came to which meeting, as many meetings as fit; return the key of the person chosen, or nothing."""
    dated = [(number, each) for number, each in enumerate(found.meetings) if each.on is not None]
    room = max((min(screen.size.width, 104) - 48) // (CELL + 2), 3)
    held = [each for each in dated if str(each[1].on) <= str(screen.ctx.today())]
    shown = (held[-(room - 1) :] + dated[len(held) :])[:room] if len(dated) > room else dated
    columns: tuple[Column[MemberAttendance], ...] = (
        Column("Member", lambda line: [(line.name, "muted" if line.past else "strong")], 18, share=1),
        *(_cell(number, meeting) for number, meeting in shown),
        Column("Came", partial(_came, [number for number, _ in held]), 6, right=True),
    )
    hidden = len(dated) - len(shown)
    said = LEGEND + (f". There is no room here for {format_count(hidden, 'earlier meeting')}." if hidden else "")
    listing: Listing[MemberAttendance] = Listing(
        f"Attendance of {found.group.name}", columns, lambda line: line.person,
        sorted(found.lines, key=lambda line: line.past), group=lambda line: "Past members" if line.past else "Members",
        explanation=said, choosable=True,
        empty="The group has no members yet.",
    )  # fmt: skip
    if not dated:
        screen.say(f"{found.group.name} has no dated meetings yet. Press D to plan them.", warning=True)
        return ""
    chosen = await screen.app.push_screen_wait(listing)
    return chosen.person if chosen else ""


def _cell(number: int, meeting: GroupMeeting) -> Column[MemberAttendance]:
    def mark(line: MemberAttendance) -> Pieces:
        said = line.marks[number]
        return [(MARKS.get(said, ""), MARK_TONES.get(said, "plain"))]

    return Column(f"{meeting.on:%d/%m}" if meeting.on else "", mark, CELL)


def _came(held: Sequence[int], line: MemberAttendance) -> Pieces:
    """Return `5/6`: the meetings they came to, of those held while they were members."""
    on = [line.marks[number] for number in held if line.marks[number]]
    return f"{sum(mark in PRESENT_MARKS for mark in on)}/{len(on)}" if on else ""


def _kind(text: str) -> GroupKind:
    wanted = text.strip().lower().replace(" ", "_").removesuffix("s")
    for each in GroupKind:
        if each.value.removesuffix("s") == wanted:
            return each
    raise WrongUse(f"The kind of a group is {KINDS}, not '{text}'.")
