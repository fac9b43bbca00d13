"""The lines of the registers' screen: everybody with their marks, and the state of a register."""

from collections.abc import Sequence
from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.core.attendance.actions import EventRegisters, SessionRegister
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.records.attendance import MarkKind, RegisterEntry

TONES = {
    MarkKind.PRESENT: "good",
    MarkKind.LATE: "warning",
    MarkKind.LEFT_EARLY: "warning",
    MarkKind.APOLOGIES: "muted",
    MarkKind.ABSENT: "error",
}


@dataclass(frozen=True, slots=True)
class RegisterPersonLine:
    """One person, with an entry for the number of each session on whose register they are."""

    person_id: int
    name: str
    organisation: str
    needs: str
    only_making_up: bool
    entries: dict[int, RegisterEntry]

    @property
    def key(self) -> str:
        return f"#{self.person_id}"

    def mark(self, session: int) -> MarkKind | None:
        entry = self.entries.get(session)
        return entry.mark if entry else None


def lines_of_registers(found: EventRegisters) -> list[RegisterPersonLine]:
    """Return everybody on any of the registers by surname; those who only make a module up come last."""
    entries: dict[int, dict[int, RegisterEntry]] = {}
    for each in found.sessions:
        for entry in each.entries:
            entries.setdefault(entry.person_id, {})[entry.session] = entry
    order = {
        entry.person_id: place
        for place, entry in enumerate(sorted(_longest_first(found.sessions), key=lambda entry: not entry.joining))
    }
    lines = []
    for person_id, its in entries.items():
        entry = next(iter(its.values()))
        needs = glyphs().between.join(part for part in (entry.dietary, entry.access_needs) if part)
        making_up = all(each.joining for each in its.values())
        lines.append(RegisterPersonLine(person_id, entry.name, entry.organisation, needs, making_up, its))
    return sorted(lines, key=lambda line: (line.only_making_up, order[line.person_id]))


def _longest_first(sessions: Sequence[SessionRegister]) -> list[RegisterEntry]:
    """Return one entry for each person, in the order of the registers, which is by surname."""
    found: dict[int, RegisterEntry] = {}
    for each in sorted(sessions, key=lambda each: -len(each.entries)):
        for entry in each.entries:
            found.setdefault(entry.person_id, entry)
    return list(found.values())


def likely_session(sessions: Sequence[SessionRegister], ctx: Context) -> int:
    """Return the session to take next: of those that have begun, today's, else the last incomplete one.

    Returns 0 where there are no sessions.
    """
    begun = [each for each in sessions if not each.why_not]
    open_now = [each for each in begun if each.unmarked]
    today = [each for each in open_now if each.session.date == ctx.today()]
    for some in (today[:1], open_now[-1:], begun[-1:], sessions[:1]):
        for each in some:
            return each.session.number
    return 0


def register_state_line(register: SessionRegister) -> Pieces:
    """Return whether the register can be taken, is being taken, or is signed off."""
    if register.why_not:
        return [(register.why_not.removesuffix(" Nothing was changed."), "warning")]
    state = register.state
    if state is None:
        return [("Not taken yet.", "muted")]
    if state.signed_off_by:
        return [(f"Signed off by {state.signed_off_by}: a change takes a coordinator and a reason.", "warning")]
    if not register.unmarked and register.entries:
        return [("Everyone has a mark; s signs the register off.", "good")]
    return [(f"Begun by {state.taken_by}.", "muted")]
