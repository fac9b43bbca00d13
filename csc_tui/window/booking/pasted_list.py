"""Booking a pasted list: every line is resolved on one screen before anybody is booked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from csc_tui.base import drafts
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking.pasted_lists import PastedLine, PastedLineStanding
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.window import finder
from csc_tui.window.booking import booking_dialogs
from csc_tui.window.booking.pasted_lines import PastedLinesDialog, PastedRow
from csc_tui.window.dialogs.paste import PasteDialog
from csc_tui.window.dialogs.pick import PickDialog, PickedRow
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import proposal
from csc_tui.window.shared.columns import PERSON_COLUMNS, status_letter
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError
from db.records.booking import Outcome
from db.records.startup import FoundPerson

UNSETTLED = {
    PastedLineStanding.AMBIGUOUS: "may be several people: p picks one",
    PastedLineStanding.UNKNOWN: "nobody is found: p picks one, d drops it",
}


@dataclass
class PastedBooking:
    """A pasted list while its lines are being resolved."""

    ctx: Context
    reference: str
    lines: Sequence[PastedLine]
    picked: dict[int, FoundPerson] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    override: str = ""
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def person(self, number: int) -> str:
        """Return the key of the person a line means, or nothing while that is open."""
        return self.picked[number].person if number in self.picked else self.lines[number].person

    def wanted(self) -> list[str]:
        """Return the keys of the people to book, each once."""
        kept = (self.person(number) for number in range(len(self.lines)) if number not in self.dropped)
        return list(dict.fromkeys(filter(None, kept)))

    def load(self) -> None:
        """Preview what would happen to everybody kept. Raises what booking them raises."""
        found = []
        if self.wanted():
            found = preview_change(self.ctx, partial(self.book, self.ctx, self.override)).result
        self.outcomes = {each.person: each for each in found}

    def book(self, ctx: Context, override: str) -> list[Outcome]:
        return booking_actions.enrol_people(
            ctx, self.reference, self.wanted(), booking_actions.PARTIAL_BOOKING, override=override or self.override
        )

    def rows(self) -> list[PastedRow]:
        return [self._row(number, line) for number, line in enumerate(self.lines)]

    def _row(self, number: int, line: PastedLine) -> PastedRow:
        name = self.picked[number].name if number in self.picked else line.name
        if number in self.dropped:
            said = "greeting, no name" if line.standing is PastedLineStanding.NO_NAME else "dropped"
            return PastedRow(number, line.text, name, "", said, dropped=True)
        outcome = self.outcomes.get(self.person(number))
        if outcome is None:
            return PastedRow(number, line.text, name, _mark("?"), UNSETTLED.get(line.standing, line.detail), open=True)
        earlier = [self.person(other) for other in range(number) if other not in self.dropped]
        if self.person(number) in earlier:
            return PastedRow(number, line.text, name, "", "in this list already")
        refused = outcome.outcome == "refused"
        said = outcome.reason if refused or outcome.outcome == "already" else status_label(outcome.outcome)
        noted = "" if refused or said == outcome.reason or not outcome.reason else f": {outcome.reason}"
        letter = _mark("!") if refused else "" if outcome.outcome == "already" else status_letter(outcome.outcome)
        return PastedRow(number, line.text, name, letter, said + noted, open=refused)


def _mark(sign: str) -> Pieces:
    return [(sign, "error")]


async def ask_list_to_book(screen: DataScreen[Found], reference: str) -> None:
    """Ask for a pasted list, have every line resolved, and book everybody in one transaction."""
    title = f"Book a pasted list on {reference}"
    text = problem = ""
    while True:
        paste = PasteDialog(
            title, text=text, problem=problem,
            explanation="Names, e-mail addresses or employee numbers, one or more a line, as they come.",
        )  # fmt: skip
        given = await proposal.ask_text(screen, paste)
        if given is None:
            return
        text = given
        try:
            lines = await asyncio.to_thread(booking_actions.preview_pasted_list, screen.ctx, reference, text)
        except CscError as refusal:
            problem = word_for_window(refusal)
            continue
        found = PastedBooking(screen.ctx, reference, lines)
        found.dropped = {number for number, line in enumerate(lines) if line.standing is PastedLineStanding.NO_NAME}
        if await _ask_about_lines(screen, found):
            await asyncio.to_thread(drafts.discard_draft, screen.ctx, title)
            return
        problem = ""


async def _ask_about_lines(screen: DataScreen[Found], found: PastedBooking) -> bool:
    """Have the lines resolved and book them; return False to go back to the pasted text."""
    at, problem = -1, ""
    while True:
        try:
            await asyncio.to_thread(found.load)
        except CscError as refusal:
            problem = word_for_window(refusal)
        rows = found.rows()
        unsettled = [row.number for row in rows if row.open]
        if at < 0:
            at = next(iter(unsettled), 0)
        chosen = await screen.app.push_screen_wait(
            PastedLinesDialog(
                f"Book a pasted list on {found.reference}", rows, at=at, problem=problem,
                explanation=f"{format_count(len(rows), 'line')}, {format_count(len(unsettled), 'thing')} to settle.",
            )
        )  # fmt: skip
        if chosen is None:
            return False
        at, problem = chosen.number, ""
        if chosen.action == "book":
            title = f"Book these on {found.reference}?"
            problem = await proposal.carry_out_proposal(
                screen, booking_dialogs.booking_proposal(title, found.reference, found.book)
            )
            if not problem:
                return True
        elif chosen.action == "drop":
            found.dropped ^= {at}
        elif chosen.action == "pick":
            await _pick(screen, found, at)
        else:
            why = ReasonDialog(
                f"Book those who clash on {found.reference} all the same?", proposal.OVERRIDE_REASONS,
                text=found.override,
            )  # fmt: skip
            given = await screen.app.push_screen_wait(why)
            found.override = given or found.override


async def _pick(screen: DataScreen[Found], found: PastedBooking, number: int) -> None:
    """Ask which person a line means, with the likely ones first."""
    line = found.lines[number]
    maybe = [
        FoundPerson(key, name, email, place, "", "", 0, 0, 0, "", "") for key, name, email, place in line.candidates
    ]

    def find(text: str) -> tuple[Sequence[FoundPerson], str]:
        if maybe and not text.strip():
            return maybe, f"Who may be meant by '{line.text}'; type to find anybody else."
        return finder.people_to_pick(screen.ctx, text)

    pick: PickDialog[FoundPerson] = PickDialog(
        f"Who is meant by '{line.text}'?", PERSON_COLUMNS, lambda person: person.person, find,
        placeholder="Parts of a name, e-mail, team, phone",
    )  # fmt: skip
    picked: PickedRow[FoundPerson] | None = await screen.app.push_screen_wait(pick)
    if picked is not None:
        found.picked[number] = picked.row
        found.dropped.discard(number)
