"""Lines and proposals that show a change of the catalogue, a group or a setting before it is made."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial

from csc_tui.base import dates
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from csc_tui.window.dialogs.form import Answers, FormField, typed_whole_number
from csc_tui.window.shared.data_screen import MenuAction, role_refusal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError, RuleBroken
from db.records.booking import Outcome
from db.records.calendar import FieldChange
from db.records.startup import Role

OUTCOME_TONES = {"joined": "good", "changed": "good", "left": "warning", "booked": "good", "waitlisted": "warning"}


def readable_rule(read: Callable[[str], object], said: str, *, needed: bool = True) -> Callable[[str], str]:
    """Return a field rule that answers with `said` where `read` refuses the text; an empty field passes unless
    `needed`.
    """

    def fault(text: str) -> str:
        if not text and not needed:
            return ""
        try:
            read(text)
        except CscError:
            return said
        return ""

    return fault


def typed_day(ctx: Context, text: str) -> date:
    """Parse a day typed into a field. Raises WrongUse."""
    return dates.parse_typed_day(ctx, text)


def day_rule(ctx: Context) -> Callable[[str], str]:
    """Return a field rule that accepts only a readable day."""
    return readable_rule(partial(typed_day, ctx), "this is not a date")


NUMBER_RULE = readable_rule(partial(typed_whole_number, what=""), "this must be a whole number")


def changed_answers(fields: Sequence[FormField], answers: Answers) -> dict[str, str | None]:
    """Return the answers that differ from what the form opened with, and None for every other field.

    None leaves a field alone, so that a change somebody else made meanwhile is kept.
    """
    return {field.name: answers[field.name] if answers[field.name] != field.value else None for field in fields}


def change_lines(changes: Sequence[FieldChange]) -> list[Pieces]:
    """Return one line a change, `BR  Title: Being → Being Restorative`, naming a run of the same event once."""
    lines: list[Pieces] = []
    named = ""
    for each in changes:
        if each.event != named:
            lines += [""] if lines else []
            lines.append([(each.event, "accent")])
            named = each.event
        what = f"session {each.session} {each.field}" if each.session else status_label(each.field)
        step = f"{status_label(each.before)} {glyphs().arrow} " if each.before else ""
        lines.append([(f"  {what}: ", "muted"), (step, "plain"), (status_label(each.after) or "none", "strong")])
    return lines


def change_proposal(
    title: str,
    run: Callable[[Context], Sequence[FieldChange]],
    said: str,
    *,
    warning: str = "",
    do: str = "Save",
) -> Proposal[list[FieldChange]]:
    """Return a proposal that lists the changes `run` makes; it raises RuleBroken where nothing would change."""

    def changed(ctx: Context, _: str) -> list[FieldChange]:
        changes = list(run(ctx))
        if not changes:
            raise RuleBroken("Nothing is different, so nothing was changed.")
        return changes

    def lines(changes: Sequence[FieldChange]) -> list[Pieces]:
        found = change_lines(changes)
        if warning:
            found += ["", [(warning, "warning")]]
        return found

    return Proposal(title, changed, lines, lambda _: said, do=do)


def outcome_lines(outcomes: Sequence[Outcome]) -> list[Pieces]:
    """Return one line a person, `joined  Bo Ek  member`, under the number of people."""
    lines: list[Pieces] = [[(format_count(len(outcomes), "person", "people"), "strong")], ""]
    for each in outcomes:
        lines.append(
            [(f"{status_label(each.outcome):<10}", OUTCOME_TONES.get(each.outcome, "muted")), (each.name, "strong"),
             (f"  {each.reason}", "muted")]
        )  # fmt: skip
    return lines


def menu_action(
    ctx: Context, key: str, title: str, meaning: str, role: Role, act: Callable[[], Awaitable[object]], no: str = ""
) -> MenuAction:
    """Return one action of a menu; `no` is the reason it cannot be done at the moment."""
    return MenuAction(key, title, meaning, role_refusal(ctx, role) or no, act)
