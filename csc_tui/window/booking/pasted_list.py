"""Booking a pasted list: lines that are resolved are booked together, and doubtful ones stay until they are."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from csc_tui.base import drafts as base_drafts
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking.pasted_lists import PastedLine, PastedLineStanding
from csc_tui.core.mail import change_preview
from csc_tui.window.booking import booking_dialogs
from csc_tui.window.booking.booking_dialogs import OUTCOME_WORDS
from csc_tui.window.booking.pasted_lines import PastedLinesDialog, PastedRow
from csc_tui.window.dialogs.paste import PasteDialog
from csc_tui.window.dialogs.pick import PickDialog, PickedRow
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import drafts, proposal
from csc_tui.window.shared.columns import PERSON_COLUMNS, status_letter
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError
from db.records.booking import Outcome
from db.records.startup import FoundPerson

UNRESOLVED = {
    PastedLineStanding.AMBIGUOUS: "may be several people: p chooses one",
    PastedLineStanding.UNKNOWN: "no match: p finds, a adds a new person",
}
LineId = str
"""The text of a pasted line and its number among equal ones, which stay the same when other lines change."""


@dataclass
class PastedDecisions:
    """The decisions about lines: `picked` has (key, name) of the person meant; `kept` lines are put back in."""

    picked: dict[LineId, tuple[str, str]] = field(default_factory=dict)
    dropped: set[LineId] = field(default_factory=set)
    kept: set[LineId] = field(default_factory=set)
    override: str = ""

    def as_text(self) -> str:
        """Return the decisions for a draft."""
        return json.dumps([self.picked, sorted(self.dropped), sorted(self.kept), self.override])

    @classmethod
    def from_text(cls, text: str) -> "PastedDecisions":
        """Return the decisions of a draft; none where they cannot be read."""
        try:
            picked, dropped, kept, override = json.loads(text)
            people = {str(line): (str(key), str(name)) for line, (key, name) in picked.items()}
            return cls(people, {*map(str, dropped)}, {*map(str, kept)}, str(override))
        except (ValueError, TypeError, AttributeError):
            return cls()


@dataclass
class PastedBooking:
    """A pasted list while its lines are being resolved; `ids` has the LineId of each line."""

    ctx: Context
    reference: str
    lines: Sequence[PastedLine]
    decided: PastedDecisions
    ids: list[LineId] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seen: Counter[str] = Counter()
        for line in self.lines:
            about = f"{line.text}\0{line.typed}"
            seen[about] += 1
            self.ids.append(f"{about}\0{seen[about]}")

    def is_dropped(self, number: int) -> bool:
        line = self.ids[number]
        greeting = self.lines[number].standing is PastedLineStanding.NO_NAME and line not in self.decided.picked
        return line in self.decided.dropped or (greeting and line not in self.decided.kept)

    def drop_or_keep(self, number: int) -> None:
        """Leave a line out, or put it back in."""
        line = self.ids[number]
        if self.is_dropped(number):
            self.decided.dropped.discard(line)
            self.decided.kept.add(line)
        else:
            self.decided.kept.discard(line)
            self.decided.dropped.add(line)

    def pick(self, number: int, person: str, name: str) -> None:
        """Note which person a line means."""
        self.decided.picked[self.ids[number]] = (person, name)
        self.decided.dropped.discard(self.ids[number])

    def person(self, number: int) -> str:
        """Return the key of the person a line means, or nothing while that is open."""
        picked = self.decided.picked.get(self.ids[number])
        return picked[0] if picked else self.lines[number].person

    def wanted(self) -> list[str]:
        """Return the keys of the people to book, each once."""
        kept = (self.person(number) for number in range(len(self.lines)) if not self.is_dropped(number))
        return list(dict.fromkeys(filter(None, kept)))

    def load(self) -> None:
        """Preview what would happen to everybody kept. Raises what booking them raises."""
        found, wanted = [], self.wanted()
        if wanted:
            book = partial(self.book, wanted, self.ctx, self.decided.override)
            found = change_preview.preview_change(self.ctx, book).result
        self.outcomes = {each.person: each for each in found}

    def book(self, people: Sequence[str], ctx: Context, override: str) -> list[Outcome]:
        """Book people by their keys, with the reason given for the list where none is given now."""
        options = booking_actions.PARTIAL_BOOKING
        return booking_actions.enrol_people(
            ctx, self.reference, people, options, override=override or self.decided.override
        )

    def rows(self) -> list[PastedRow]:
        return [self._row(number, line) for number, line in enumerate(self.lines)]

    def _row(self, number: int, line: PastedLine) -> PastedRow:
        several = sum(each.text == line.text for each in self.lines) > 1
        pasted = line.typed if several else line.text  # of a line with several people, the part that is one of them
        picked = self.decided.picked.get(self.ids[number])
        name = picked[1] if picked else line.name
        if self.is_dropped(number):
            said = "greeting, no name" if line.standing is PastedLineStanding.NO_NAME else "left out"
            return PastedRow(number, pasted, name, "", said, dropped=True)
        outcome = self.outcomes.get(self.person(number))
        if outcome is None:
            said = UNRESOLVED.get(line.standing, line.detail) or "no person yet: p finds one"
            return PastedRow(number, pasted, name, _mark("?"), said, open=True)
        earlier = [self.person(other) for other in range(number) if not self.is_dropped(other)]
        if self.person(number) in earlier:
            return PastedRow(number, pasted, name, "", "in this list already")
        refused = outcome.outcome == "refused"
        said = outcome.reason if refused or outcome.outcome == "already" else status_label(outcome.outcome)
        noted = "" if refused or said == outcome.reason or not outcome.reason else f": {outcome.reason}"
        letter = _mark("!") if refused else "" if outcome.outcome == "already" else status_letter(outcome.outcome)
        return PastedRow(
            number, pasted, name, letter, said + noted, open=refused, ready=outcome.outcome in OUTCOME_WORDS
        )


def _mark(sign: str) -> Pieces:
    return [(sign, "error")]


class ListPasteDialog(PasteDialog):
    """Asks for a pasted list; escape leaves it, and the draft stays."""

    HELP = (
        "Paste here as your terminal does it (often ctrl+shift+v or the middle button). ctrl+s shows what each line "
        "would do. Escape closes this and keeps the list as a draft."
    )

    def action_leave(self) -> None:
        self.dismiss(None)


async def ask_list_to_book(screen: DataScreen[Found], reference: str) -> None:
    """Ask for a pasted list, have its lines resolved, and book them; what is left of it stays as a draft."""
    title = f"Book a pasted list on {reference}"
    try:
        draft = await drafts.ask_about_draft(screen, title, title)
    except drafts.DraftQuestionLeft:
        return
    text, decided, problem = "", PastedDecisions(), ""
    if draft:
        text, decided = draft.answers.get("text", ""), PastedDecisions.from_text(draft.answers.get("decided", ""))
    straight_on = "decided" in draft.answers if draft else False
    while True:
        if not straight_on:
            given = await _ask_list_text(screen, title, text, decided, problem)
            if given is None:
                return
            text = given
        straight_on, problem = False, ""
        try:
            lines = await asyncio.to_thread(booking_actions.preview_pasted_list, screen.ctx, reference, text)
        except CscError as refusal:
            problem = word_for_window(refusal)
            continue
        found = PastedBooking(screen.ctx, reference, lines, decided)
        if await _resolve_lines(screen, found, partial(_keep_draft, screen, title, text)):
            await asyncio.to_thread(base_drafts.discard_draft, screen.ctx, title)
            return


def _keep_draft(screen: DataScreen[Found], title: str, text: str, decided: PastedDecisions) -> None:
    base_drafts.save_draft(screen.ctx, title, {"text": text, "decided": decided.as_text()}, {})


async def _ask_list_text(
    screen: DataScreen[Found], title: str, text: str, decided: PastedDecisions, problem: str
) -> str | None:
    """Ask for the text of the list; None where it was left, and then what stands there is a draft."""
    paste = ListPasteDialog(
        title, text=text, problem=problem,
        explanation="Names, e-mail addresses or employee numbers, one or more a line.",
    )  # fmt: skip
    keep = drafts.draft_keeper(screen, title, {})

    def keep_text(answers: dict[str, str]) -> str:
        if not answers["text"].strip():
            base_drafts.discard_draft(screen.ctx, title)
            return ""
        return keep({**answers, "decided": decided.as_text()} if decided != PastedDecisions() else answers)

    paste.draft(keep_text, unsaved=bool(text))
    given = await screen.app.push_screen_wait(paste)
    if given is None and (await drafts.text_draft(screen, title)) is not None:
        screen.say("The list is kept as a draft. To continue, press P on the event.")
    return given


async def _resolve_lines(
    screen: DataScreen[Found], found: PastedBooking, keep: Callable[[PastedDecisions], None]
) -> bool:
    """Have the lines resolved and book them; return False to go back to the pasted text."""
    at, problem = -1, ""
    while True:
        await asyncio.to_thread(keep, found.decided)
        try:
            await asyncio.to_thread(found.load)
        except CscError as refusal:
            problem = word_for_window(refusal)
        rows = found.rows()
        at = _next_open(rows, at)
        chosen = await screen.app.push_screen_wait(
            PastedLinesDialog(f"Book a pasted list on {found.reference}", rows, at=at, problem=problem)
        )
        if chosen is None:
            return False
        at, problem = chosen.number, ""
        match chosen.action:
            case "book":
                if not any(row.ready for row in rows):
                    screen.say(f"Every line is resolved, and there is no one left to book on {found.reference}.")
                    return True
                booked, problem = await _book_ready(screen, found, rows)
                if booked and not any(row.open for row in rows):
                    return True
                at = -1 if booked else at
            case "drop":
                found.drop_or_keep(at)
            case "pick":
                await _pick(screen, found, at)
            case "add":
                await _add(screen, found, at, found.lines[at].typed)
            case _:
                why = ReasonDialog(
                    f"Book on {found.reference} although a rule refuses it?", proposal.OVERRIDE_REASONS,
                    text=found.decided.override,
                )  # fmt: skip
                given = await screen.app.push_screen_wait(why)
                found.decided.override = given or found.decided.override


def _next_open(rows: Sequence[PastedRow], at: int) -> int:
    """Return the line for the cursor: the next one from `at` on that needs a decision, else the first that does."""
    unresolved = [row.number for row in rows if row.open]
    return next((number for number in unresolved if number >= at), (unresolved or [max(at, 0)])[0])


async def _book_ready(screen: DataScreen[Found], found: PastedBooking, rows: Sequence[PastedRow]) -> tuple[bool, str]:
    """Book the lines that are ready; return whether that was done, and the sentence of a refusal."""
    ready = list(dict.fromkeys(found.person(row.number) for row in rows if row.ready))
    stay = sum(row.open for row in rows)
    booking = booking_dialogs.booking_proposal(
        f"Book {format_count(len(ready), 'person', 'people')} on {found.reference}?",
        found.reference,
        partial(found.book, ready),
    )

    def lines(outcomes: list[Outcome]) -> list[Pieces]:
        told = list(booking.lines(outcomes))
        if stay:
            told += ["", [(f"{format_count(stay, 'line stays', 'lines stay')} in the list for a decision.", "muted")]]
        return told

    done: list[list[Outcome]] = []
    sentence = partial(proposal.remember_result, done, booking.sentence)
    problem = await proposal.carry_out_proposal(screen, replace(booking, lines=lines, sentence=sentence))
    return bool(done), problem


async def _pick(screen: DataScreen[Found], found: PastedBooking, number: int) -> None:
    """Ask which person a line means, opening with what was typed and the likely people first."""
    line = found.lines[number]
    typed = _name_typed(line)
    maybe = [
        FoundPerson(key, name, email, place, "", "", 0, 0, 0, "", "") for key, name, email, place in line.candidates
    ]

    def find(text: str) -> tuple[Sequence[FoundPerson], str]:
        people, remark = booking_dialogs.people_or_new(screen.ctx, text)
        if maybe and text.strip() in ("", typed):
            likely = {each.person for each in maybe}
            others = [each for each in people if each.person not in likely]
            return [*maybe, *others], "The likeliest people come first; type to find someone else."
        return people, remark

    pick: PickDialog[FoundPerson] = PickDialog(
        f"Who is meant by '{line.text}'?", PERSON_COLUMNS, lambda person: person.person, find, text=typed,
        placeholder="Parts of a name, e-mail, team, phone",
    )  # fmt: skip
    picked: PickedRow[FoundPerson] | None = await screen.app.push_screen_wait(pick)
    if picked is None:
        return
    if picked.row.person:
        found.pick(number, picked.row.person, picked.row.name)
    else:
        await _add(screen, found, number, line.typed if picked.text.strip() == typed else picked.text)


async def _add(screen: DataScreen[Found], found: PastedBooking, number: int, text: str) -> None:
    """Add the person of a line, with the form filled from the text."""
    from csc_tui.window.people import edit_person  # imported only to add somebody

    if added := await edit_person.ask_pasted_person(screen, text):
        found.pick(number, added.person, added.name)


def _name_typed(line: PastedLine) -> str:
    """Return the name in a line, or the address or number where there is no name."""
    name, _, _ = line.typed.partition(" <")
    return name
