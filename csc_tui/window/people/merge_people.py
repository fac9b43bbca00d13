"""Merging another record of the same person into the one on the screen, after a look at every field that differs."""

from collections.abc import Sequence
from functools import partial

from csc_tui.base.text import status_label
from csc_tui.core.people import merging
from csc_tui.core.people.merging import PeopleMerge
from csc_tui.core.people.rules import FIELDS
from csc_tui.window.dialogs.form import Answers, Form, FormField
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.shared import proposal as shared_proposal
from csc_tui.window.shared.columns import PERSON_COLUMNS
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.people_search import people_to_pick
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.pieces import Pieces
from db.records.startup import FoundPerson


async def ask_merge(screen: DataScreen[Found], person: str, name: str) -> None:
    """Ask for the other record, then what is to be kept of each field that differs, and merge."""
    dialog: PickDialog[FoundPerson] = PickDialog(
        f"Which record is {name}, too?", PERSON_COLUMNS, lambda found: found.person,
        partial(people_to_pick, screen.ctx), placeholder="Parts of a name, e-mail, team, phone",
    )  # fmt: skip
    picked = await screen.app.push_screen_wait(dialog)
    if picked is None:
        return
    other = picked.row
    if other.person == person:
        screen.say(f"That is the record of {name} on the screen. Nothing was changed. Choose another.", warning=True)
        return
    names = [each.name for each in FIELDS]
    both = await load_or_tell(
        screen,
        lambda: (merging.pick_texts(screen.ctx, person, names), merging.pick_texts(screen.ctx, other.person, names)),
    )
    if both is None:
        return
    own, others = both
    fields = _differing_fields(own, others)

    def propose(answers: Answers) -> Proposal[PeopleMerge]:
        return Proposal(
            f"Merge {other.name} into {name}?",
            lambda ctx, _: merging.merge_people(ctx, person, other.person, answers),
            _merge_lines,
            lambda done: f"{done.other_name} is merged into {done.name}.",
        )

    if not fields:
        await shared_proposal.act_on_proposal(screen, propose({}))
        return

    def ask(before: Answers | None, problem: str) -> Form:
        return Form(
            f"Keep of {name} and {other.name}", fields, answers=before or {}, problem=problem,
            explanation="These fields differ. The values shown are kept; the other record's value is next to each.",
        )  # fmt: skip

    await shared_proposal.ask_until_done(screen, ask, propose)


def _differing_fields(own: Answers, others: Answers) -> list[FormField]:
    return [
        FormField(
            each.name, each.label, own[each.name] or others[each.name], f"other: {others[each.name] or 'empty'}",
            each.fault,
        )
        for each in FIELDS
        if own[each.name] != others[each.name]
    ]  # fmt: skip


def _merge_lines(done: PeopleMerge) -> Sequence[Pieces]:
    lines: list[Pieces] = [
        [("Moves: ", "muted"), (merging.describe_moved(done.moved), "plain")],
        [(f"Both addresses now find {done.name}.", "plain")],
    ]
    for each in done.fields:
        lines.append([(f"{each.label}: ", "muted"), (each.after or "empty", "strong")])
    if done.places:
        lines += ["", [("As a result:", "strong")]]
        lines += [
            [(f"  {move.name}: {status_label(move.before)}, then {status_label(move.after)}", "plain")]
            for move in done.places
        ]
    return lines
