"""The rules of a course in one line each, and the form that changes them."""

import asyncio
from collections.abc import Sequence
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from csc_tui.core.catalogue import course_rules
from csc_tui.window.dialogs.form import SHORT, Answers, FieldRefusal, FormField
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import changes as shared_changes
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from csc_tui.window.widgets.record_table import Column
from db.errors import RuleBroken
from db.records.calendar import FieldChange
from db.records.catalogue import (
    Approval,
    BookingRules,
    CompletionRule,
    CompletionRules,
    Course,
    Strictness,
    WaitingElsewhere,
    WaitingRule,
)

LABELS = {
    "approval": ("Approval", "none, manager or coordinator"),
    "waiting_rule": ("Waiting list", "promote or offer"),
    "offer_hours": ("Offers last", "hours to accept"),
    "cutoff_days": ("Cancel by", "working days before the event"),
    "booking_cutoff_days": ("Book by", "working days before the event"),
    "managers_only": ("Managers only", "yes or no"),
    "audience_rule": ("If not a manager", "off, warn or rule (refused)"),
    "waiting_elsewhere": ("Also waits", "for another event: remove, ask or keep"),
    "completion_rule": ("Completed by", "all modules, or share of hours"),
    "completion_share": ("Share of hours", "percent to attend"),
    "validity_months": ("Valid for", "months; none means for ever"),
}
Line = tuple[Course, BookingRules, CompletionRules]
COLUMNS: tuple[Column[Line], ...] = (
    Column("Course", lambda line: [(line[0].code, "accent")], 9),
    Column("Title", lambda line: line[0].title, 17, share=1),
    Column(
        "Rules",
        lambda line: [(booking_rules_line(line[1]) + glyphs().between + completion_rule_line(line[2]), "muted")],
        37,
        share=2,
    ),
)


def booking_rules_line(rules: BookingRules) -> str:
    """Return `coordinator approves · waiting list: moves up automatically · cancel 5 working days before`."""
    parts = []
    if rules.approval is not Approval.NONE:
        parts.append(f"{rules.approval} approves")
    parts.append(
        f"free places are offered for {rules.offer_hours} hours"
        if rules.waiting_rule is WaitingRule.OFFER
        else "waiting list: moves up automatically"
    )
    if rules.waiting_elsewhere is WaitingElsewhere.REMOVE:
        parts.append("a place ends other waiting")
    if rules.cutoff_days:
        parts.append(f"cancel {format_count(rules.cutoff_days, 'working day')} before")
    if rules.booking_cutoff_days:
        parts.append(f"book {format_count(rules.booking_cutoff_days, 'working day')} before")
    if rules.managers_only and rules.audience_rule is not Strictness.OFF:
        parts.append(f"for managers{_how(rules.audience_rule)}")
    parts += [f"after {code}{_how(strict)}" for code, strict in rules.prerequisites if strict is not Strictness.OFF]
    return glyphs().between.join(parts)


def completion_rule_line(rules: CompletionRules) -> str:
    """Return `completed by all modules`, or `completed by 80 % of the hours, for 24 months`."""
    by_share = rules.completion_rule is CompletionRule.SHARE_OF_HOURS
    how = f"{rules.completion_share} % of the hours" if by_share else "all modules"
    return f"completed by {how}" + (
        f", for {format_count(rules.validity_months, 'month')}" if rules.validity_months else ""
    )


def _how(strictness: Strictness) -> str:
    return " only" if strictness is Strictness.RULE else " (warns)"


async def open_course_rules(screen: DataScreen[Found]) -> None:
    """Ask for a course, and change its rules."""
    courses = await asyncio.to_thread(course_rules.list_course_rules, screen.ctx)
    listing: Listing[Line] = Listing(
        "Which course's rules would you like to change?", COLUMNS, lambda line: line[0].code, courses, choosable=True,
        group=lambda line: line[0].strand, empty="There are no courses.",
    )  # fmt: skip
    chosen = await screen.app.push_screen_wait(listing)
    if chosen is not None:
        await ask_course_rules(screen, chosen[0].code)


async def ask_course_rules(screen: DataScreen[Found], code: str) -> bool:
    """Ask for changes with a form that has a field for each rule of the course."""

    def fields() -> list[FormField]:
        found = course_rules.list_course_rules(screen.ctx)
        _, booking, completing = proposal.still_there((each for each in found if each[0].code == code), code)
        before = ", ".join(f"{each} {strict}" for each, strict in booking.prerequisites)
        return [
            *(
                FormField(name, said, _rule_text(completing if name in COMPLETION else booking, name), hint, room=SHORT)
                for name, (said, hint) in LABELS.items()
            ),
            FormField("after", "Comes after", before, "courses, such as SOS-INTRO rule", room=28),
        ]

    def propose(answers: Answers, now: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        anew = shared_changes.changed_answers(now, answers)
        held = _read_prerequisites(now[-1].value)
        wanted = {name: text for name, text in anew.items() if text is not None and name != "after"}
        needed = _read_prerequisites(answers["after"])
        needed = {each: Strictness.OFF for each in held if each not in needed} | needed
        other = [(each, strict) for each, strict in needed.items() if held.get(each) is not strict]

        def configure(ctx: Context, _: str) -> list[FieldChange]:
            if not wanted and not other:
                raise RuleBroken("Nothing is different, so nothing was changed.")
            holding = course_rules.count_completed_people(ctx, code)
            changes = [
                *(course_rules.set_course_rule(ctx, code, name, _typed(name, value)) for name, value in wanted.items()),
                *(course_rules.require_prerequisite(ctx, code, each, strict) for each, strict in other),
            ]
            if COMPLETION & wanted.keys():
                numbers = [
                    format_count(number, "person", "people")
                    for number in (holding, course_rules.count_completed_people(ctx, code))
                ]
                changes.append(FieldChange(code, None, COMPLETED, *numbers))
            return changes

        return Proposal(
            f"Change the rules of {code}?",
            configure,
            partial(_lines, code),
            lambda _: f"The rules of {code} were changed.",
            do="Save",
        )

    return await proposal.ask_record_changes(screen, f"Rules of {code}", fields, propose)


COMPLETION = CompletionRules.__dataclass_fields__.keys()
"""The names of the rules that say when a course is completed."""
COMPLETED = "people who have completed it"


def _rule_text(rules: BookingRules | CompletionRules, name: str) -> str:
    """Return a rule as its field shows it."""
    return status_label(course_rules.rule_in_words(getattr(rules, name)))


def _typed(name: str, value: str) -> str:
    """Return a field's text as the rule is stored."""
    return "_".join(value.split()) if name == "completion_rule" else value


def _read_prerequisites(text: str) -> dict[str, Strictness]:
    """Parse `SOS-INTRO rule, BR` into course -> strictness, warn where none is given. Raises WrongUse."""
    found = {}
    for piece in filter(None, (part.strip() for part in text.split(","))):
        code, _, strict = piece.partition(" ")
        if strict.strip() not in ("", *Strictness):
            raise FieldRefusal("after", f"After {code}, type off, warn or rule, not '{strict.strip()}'.")
        found[code.upper()] = Strictness(strict.strip() or Strictness.WARN)
    return found


def _lines(code: str, changes: Sequence[FieldChange]) -> list[Pieces]:
    lines: list[Pieces] = []
    for each in changes:
        what = LABELS[each.field][0] if each.field in LABELS else each.field.capitalize()
        step = f"{status_label(each.before)} {glyphs().arrow} " if each.before else ""
        lines.append([(f"{what}: ", "muted"), (step, "plain"), (status_label(each.after), "strong")])
    return [*lines, "", [(f"This applies to every event of {code} from now on.", "plain")]]
