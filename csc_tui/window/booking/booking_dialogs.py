"""Dialogs that book one person or many, from an event, a person or a list: ask, preview, confirm."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from csc_tui.base.context import Context
from csc_tui.base.errors import Overridable
from csc_tui.base.text import MARK_LETTERS, format_count, status_label
from csc_tui.core.attendance.actions import NewMark
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import queries as booking_queries
from csc_tui.core.booking.actions import ORDINARY_BOOKING, PARTIAL_BOOKING, BookingOptions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.people import newcomers
from csc_tui.core.people import queries as people_queries
from csc_tui.core.people.newcomers import NewBooking, WalkIn
from csc_tui.window.dialogs.menu import Menu, ValueChoice
from csc_tui.window.dialogs.pick import PickDialog, PickedRow
from csc_tui.window.shared import proposal
from csc_tui.window.shared.columns import EVENT_COLUMNS, PERSON_COLUMNS, status_letter
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.people_search import people_to_pick
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken
from db.records.attendance import MarkKind
from db.records.booking import Outcome
from db.records.catalogue import WaitingElsewhere
from db.records.groups import GroupLine
from db.records.startup import EventLine, FoundPerson

Result = TypeVar("Result")
GROUP_COLUMNS: tuple[Column[GroupLine], ...] = (
    Column("Name", lambda line: [(line.name, "strong")], 30, share=1),
    Column("People", lambda line: str(line.people), 6, right=True),
)
OUTCOME_WORDS = {
    "booked": "is booked on",
    "waitlisted": "is on the waiting list of",
    "requested": "has asked for a place on",
}


@dataclass(frozen=True, slots=True)
class BookingWay:
    """A way to put somebody on an event.

    `title` comes before the event's reference; `excuses` are the reasons offered.
    """

    title: str = "Book a person on"
    options: BookingOptions = ORDINARY_BOOKING
    excuses: Sequence[str] = proposal.OVERRIDE_REASONS


ORDINARY = BookingWay()
ON_THE_LIST = BookingWay("Add a person to the waiting list of", BookingOptions(waiting=True))
BEYOND_CAPACITY = BookingWay("Book a person beyond the capacity of", BookingOptions(beyond_capacity=True))
WHY_WALK_IN = ("Walk-in", "Came in place of a colleague")


async def ask_person_to_book(screen: DataScreen[Found], reference: str, way: BookingWay = ORDINARY) -> None:
    """Ask for a person and book them on the event; somebody who is not in the database is added first."""
    ctx = screen.ctx

    async def add(text: str) -> bool:
        from csc_tui.window.people import edit_person  # imported only to add somebody

        def propose(wanted: Mapping[str, str]) -> Proposal[NewBooking]:
            name = edit_person.new_person_name(wanted)
            return Proposal(
                f"Add {name} and book them on {reference}?",
                lambda ctx, override: newcomers.book_new_person(
                    ctx, reference, wanted, way.options, override=override
                ),
                lambda found: [
                    *_booking_lines(ctx, reference, found.booked), "", *edit_person.person_change_lines(found.added),
                ],
                lambda found: f"{found.added.name} is added and {OUTCOME_WORDS[found.booked.outcome]} {reference}.",
                excuses=way.excuses,
            )  # fmt: skip

        title = f"New person to book on {reference}"
        return await edit_person.ask_caller_fields(screen, title, text, propose) is not None

    async def propose(person: FoundPerson) -> Proposal[Outcome] | None:
        decided = await _ask_other_waiting(screen, reference, person.person, person.name, way)
        return _booking(ctx, reference, person.person, person.name, decided) if decided else None

    await ask_person(screen, f"{way.title} {reference}", propose, add)


async def _ask_other_waiting(
    screen: DataScreen[Found], reference: str, person: str, name: str, way: BookingWay
) -> BookingWay | None:
    """Ask what becomes of a person's other waiting on the course, where it asks that; None where that was left."""
    waits = await load_or_tell(
        screen, partial(booking_queries.list_waiting_to_ask_about, screen.ctx, reference, person)
    )
    if not waits or way.options.waiting:
        return way
    lists = " and ".join(waits)
    choices = (
        ValueChoice("r", "Remove", f"take {name} off the waiting list of {lists}", WaitingElsewhere.REMOVE),
        ValueChoice("k", "Keep", f"{name} stays on the waiting list of {lists}", WaitingElsewhere.KEEP),
    )
    question = f"What would you like to do when {reference} is booked?"
    chosen = await screen.app.push_screen_wait(Menu(f"{name} also waits for {lists}", choices, explanation=question))
    return replace(way, options=replace(way.options, waiting_elsewhere=chosen.value)) if chosen else None


async def ask_walk_in(screen: DataScreen[Found], reference: str, session: int) -> str:
    """Ask who came to a session without a place, book them, mark them present and return their key.

    Returns an empty text where the question was left.
    """
    came: list[WalkIn] = []
    what = f"{reference} session {session}"

    def walk_in(title: str, whom: str | Mapping[str, str]) -> Proposal[WalkIn]:
        def record(ctx: Context, override: str) -> WalkIn:
            mark = NewMark(MarkKind.PRESENT)
            return newcomers.record_walk_in(ctx, reference, session, whom, mark, override=override)

        def sentence(found: WalkIn) -> str:
            came.append(found)
            return f"{found.mark.name} has a place on {reference} and is marked present."

        return Proposal(title, record, partial(_walk_in_lines, screen.ctx, reference), sentence, excuses=WHY_WALK_IN)

    async def add(text: str) -> bool:
        from csc_tui.window.people import edit_person  # imported only to add somebody

        return (
            await edit_person.ask_caller_fields(
                screen,
                f"New person at {what}",
                text,
                lambda wanted: walk_in(f"Add {edit_person.new_person_name(wanted)} to {what}, present?", wanted),
            )
            is not None
        )

    async def propose(person: FoundPerson) -> Proposal[WalkIn]:
        return walk_in(f"Book {person.name} on {what} and mark them present?", person.person)

    await ask_person(screen, f"Walk-in at {what}", propose, add)
    return came[-1].mark.person if came else ""


def _walk_in_lines(ctx: Context, reference: str, found: WalkIn) -> list[Pieces]:
    return [
        *_booking_lines(ctx, reference, found.booked),
        [(MARK_LETTERS[MarkKind.PRESENT], "good"), (f"  {found.mark.name} is marked present", "good")],
    ]


async def ask_person(
    screen: DataScreen[Found],
    title: str,
    propose: Callable[[FoundPerson], Awaitable[Proposal[Result] | None]],
    add: Callable[[str], Awaitable[bool]],
) -> None:
    """Ask for a person until the proposal for them is made or the question is left.

    The last row adds what was typed as a new person: `add` does that and returns whether it was done. Escape at a later
    question comes back to this one.
    """
    text = problem = ""
    while True:
        picked = await screen.app.push_screen_wait(
            PickDialog(
                title, PERSON_COLUMNS, lambda person: person.person, partial(people_or_new, screen.ctx), text=text,
                placeholder="Parts of a name, e-mail, team, phone", problem=problem,
            )
        )  # fmt: skip
        if picked is None:
            return
        text = picked.text
        if not picked.row.person:
            if await add(text):
                return
            problem = ""
            continue
        done, problem = await _carry_out(screen, await propose(picked.row))
        if done:
            return


async def _carry_out(screen: DataScreen[Found], proposed: Proposal[Result] | None) -> tuple[bool, str]:
    """Carry out a proposal, if there is one; return whether it was made, and the sentence of a refusal."""
    if proposed is None:
        return False, ""
    done: list[Result] = []
    sentence = partial(proposal.remember_result, done, proposed.sentence)
    problem = await proposal.carry_out_proposal(screen, replace(proposed, sentence=sentence))
    return bool(done), problem


def people_or_new(ctx: Context, text: str) -> tuple[Sequence[FoundPerson], str]:
    """Return the people found and, last, a row without a key that adds what was typed as a new person."""
    found, remark = people_to_pick(ctx, text)
    typed = " ".join(text.split())
    if not typed:
        return found, remark
    new = FoundPerson("", f"Add {typed}", "", "as a new person", "", "", 0, 0, 0, "", "")
    return [*found, new], remark if found else f"No match for '{typed[:SHOWN_OF_TYPED]}'. Enter adds a new person."


SHOWN_OF_TYPED = 30
"""The most letters of what was typed that a line repeats."""


async def ask_to_book_person(screen: DataScreen[Found], reference: str, person: str, name: str) -> None:
    """Preview and confirm the booking of a person on an event that are both known."""
    if decided := await _ask_other_waiting(screen, reference, person, name, ORDINARY):
        await proposal.act_on_proposal(screen, _booking(screen.ctx, reference, person, name, decided))


async def ask_event_to_book(screen: DataScreen[Found], person: str, name: str, course: str = "") -> None:
    """Ask for an event and book the person on it; escape at a later question comes back to this one."""
    ask = _ask_event(screen, f"Book {name} on which event?", course)
    picked, problem = None, ""
    while True:
        picked = await screen.app.push_screen_wait(ask(picked, problem))
        if picked is None:
            return
        reference = picked.row.event
        decided = await _ask_other_waiting(screen, reference, person, name, ORDINARY)
        proposed = _booking(screen.ctx, reference, person, name, decided) if decided else None
        done, problem = await _carry_out(screen, proposed)
        if done:
            return


def _ask_event(screen: DataScreen[Found], title: str, course: str) -> proposal.Ask[PickedRow[EventLine]]:
    """Return the question for an event to book, full ones too; before one types, only the course's own are listed."""

    def find(text: str) -> tuple[Sequence[EventLine], str]:
        found = people_queries.list_bookable_events(screen.ctx, text, everything=True)
        mine = [each for each in found if each.course == course]
        listed = mine if mine and not text.strip() else found
        if not listed:
            return listed, f"No bookable event matches '{text.strip()}'."
        return listed, f"{format_count(len(listed), 'event')} to come; a full one has a waiting list to join"

    def ask(before: PickedRow[EventLine] | None, problem: str) -> PickDialog[EventLine]:
        return PickDialog(
            title, EVENT_COLUMNS, lambda line: line.event, find,
            text=before.text if before else "", placeholder="Parts of an event's name or reference", problem=problem,
        )  # fmt: skip

    return ask


async def ask_group_to_book(screen: DataScreen[Found], reference: str) -> None:
    """Ask for a group or team and book everybody in it who can be booked."""

    def find(text: str) -> tuple[Sequence[GroupLine], str]:
        found = people_queries.search_groups(screen.ctx, text)
        if not found:
            return found, f"No group or team matches '{text.strip()}'." if text.strip() else "There are no groups yet."
        return found, format_count(len(found), "group or team", "groups and teams")

    def ask(before: PickedRow[GroupLine] | None, problem: str) -> PickDialog[GroupLine]:
        return PickDialog(
            f"Book a whole group or team on {reference}", GROUP_COLUMNS, lambda line: f"{line.kind} {line.name}", find,
            group=lambda line: "Groups" if line.kind == "group" else "Teams", text=before.text if before else "",
            placeholder="Parts of the name", problem=problem,
        )  # fmt: skip

    def propose(picked: PickedRow[GroupLine]) -> Proposal[list[Outcome]]:
        line = picked.row

        def book(ctx: Context, override: str) -> list[Outcome]:
            if line.kind == "group":  # only a group can be set to meet at the event
                return groups_actions.book_group(ctx, line.name, reference, PARTIAL_BOOKING, override=override)
            wanted = booking_actions.list_people_to_book(ctx, team=line.name)
            if not wanted:
                raise RuleBroken(f"{line.name} has no members today. Nothing was changed.")
            return booking_actions.enrol_people(ctx, reference, wanted, PARTIAL_BOOKING, override=override)

        return booking_proposal(f"Book {line.name} on {reference}?", reference, book)

    await proposal.ask_until_done(screen, ask, propose)


async def ask_event_for_people(
    screen: DataScreen[Found],
    people: Sequence[tuple[str, str]],
    course: str = "",
    *,
    after: Callable[[], None] = lambda: None,
) -> None:
    """Ask for an event, those of a course first, and book these people, (key, name) of each, in one step."""
    if len(people) == 1:
        await ask_event_to_book(screen, *people[0], course)
        return
    who = format_count(len(people), "person", "people")

    def propose(picked: PickedRow[EventLine]) -> Proposal[list[Outcome]]:
        reference, keys = picked.row.event, [key for key, _ in people]

        def book(ctx: Context, override: str) -> list[Outcome]:
            return booking_actions.enrol_people(ctx, reference, keys, PARTIAL_BOOKING, override=override)

        return replace(booking_proposal(f"Book {who} on {reference}?", reference, book), after=after)

    await proposal.ask_until_done(screen, _ask_event(screen, f"Book {who} on which event?", course), propose)


def _booking(ctx: Context, reference: str, person: str, name: str, way: BookingWay = ORDINARY) -> Proposal[Outcome]:
    def book(ctx: Context, override: str) -> Outcome:
        (outcome,) = booking_actions.enrol_people(ctx, reference, [person], way.options, override=override)
        if outcome.outcome == "already":
            raise RuleBroken(f"{name} is {outcome.reason} on {reference}. Nothing was changed.")
        return outcome

    return Proposal(
        f"Book {name} on {reference}?",
        book,
        partial(_booking_lines, ctx, reference),
        lambda outcome: f"{outcome.name} {OUTCOME_WORDS[outcome.outcome]} {reference}.",
        excuses=way.excuses,
    )


def _booking_lines(ctx: Context, reference: str, outcome: Outcome) -> list[Pieces]:
    event = people_queries.get_event_card(ctx, reference).event
    lines: list[Pieces] = [[(event.title, "strong")], ""]
    letter = status_letter(outcome.outcome)
    if outcome.outcome == "booked":
        taken = event.taken + 1
        left = f"{max(event.free - 1, 0) or 'none'} left" if event.free else "beyond the capacity"
        after = f"{taken} of {event.capacity} places taken, {left}"
        lines.append([*letter, (f"  {outcome.name} gets a place", "good"), (f"{glyphs().between}{after}", "plain")])
    elif outcome.outcome == "waitlisted":
        lines.append([*letter, (f"  {outcome.name} joins the waiting list", "warning"),
                      (f" as number {event.waiting + 1}", "plain")])  # fmt: skip
        waited = "has people waiting for its free places" if event.waiting else "still has free places"
        why = waited if event.free else "is full"
        taken = event.taken
        lines.append([(f"   {reference} {why}: {taken} of {event.capacity} taken", "muted")])
    else:
        lines.append([*letter, (f"  {outcome.name} requests a place", "warning")])
        lines.append([("   This course needs approval: the place is booked once the request is approved.", "muted")])
    if outcome.reason:
        lines.append([(f"   {outcome.reason}", "warning")])
    return lines


def booking_proposal(title: str, reference: str, book: proposal.Run[list[Outcome]]) -> Proposal[list[Outcome]]:
    """Return the proposal to book several people in one step; `book` returns one outcome for each."""

    def checked(ctx: Context, override: str) -> list[Outcome]:
        outcomes = book(ctx, override)
        if not any(each.outcome in OUTCOME_WORDS for each in outcomes):
            said = "\n".join(["No one would be booked.", *(f"{_why(each)}." for each in outcomes[:8])])
            raise Overridable(said) if any(each.overridable for each in outcomes) else RuleBroken(said)
        return outcomes

    return Proposal(title, checked, _outcome_lines, lambda outcomes: f"{reference}: {_totals(outcomes)}.")


def _outcome_lines(outcomes: Sequence[Outcome]) -> list[Pieces]:
    lines: list[Pieces] = [[(_totals(outcomes), "strong")], ""]
    for each in outcomes:
        taken = each.outcome in OUTCOME_WORDS
        letter = status_letter(each.outcome) if taken else [(" ", "plain")]
        what = f"  {status_label(each.outcome)}" if taken else ""
        why = f"  {each.reason}" if each.reason else ""
        lines.append([*letter, (f"  {each.name or each.person}", "strong" if taken else "muted"),
                      (what, "plain"), (why, "warning")])  # fmt: skip
    return lines


def _totals(outcomes: Sequence[Outcome]) -> str:
    """Return `3 booked, 1 waitlisted, 1 refused`."""
    return ", ".join(
        f"{number} {status_label(what)}" for what, number in Counter(each.outcome for each in outcomes).items()
    )


def _why(outcome: Outcome) -> str:
    return f"{outcome.name or outcome.person}: {outcome.reason.rstrip('.')}"
