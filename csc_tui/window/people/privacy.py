"""Dialogs that disclose or erase what is held on one person, and remove expired needs."""

import asyncio
import os
from collections.abc import Sequence

from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date
from csc_tui.core.people import privacy
from csc_tui.core.people.privacy import Erasure, RemovedNeeds
from csc_tui.window.dialogs.form import Answers, FinalForm, FormField, filled_rule
from csc_tui.window.dialogs.reason import ReasonDialog
from csc_tui.window.shared import flow, proposal, save_file
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError, Duplicate, RuleBroken
from db.records.people import Person

WHY_ERASED = ("They asked for it", "The retention period has ended", "Entered by mistake")


async def ask_disclosure_file(screen: DataScreen[Found], person: Person) -> None:
    """Ask for a file and write everything held on the person there."""
    path, problem = f"~/{person.key.removeprefix('#')}-{screen.ctx.today().isoformat()}.html", ""
    field = FormField("file", "File", path, "ending in .html or .json", filled_rule)
    while True:
        form = FinalForm(
            f"Everything held on {person.name}",
            [field],
            do="Write the file",
            answers={"file": path},
            explanation="One file with everything, messages and history too: .html to read or print, .json for a "
            "program. Only you can read the file. The history records that it was written.",
        )
        form.refuse_field("file", problem)
        given: Answers | None = await flow.ask_step(screen, form)
        if given is None:
            return
        path, problem = given["file"], ""
        full = os.path.abspath(os.path.expanduser(path))
        try:
            written = await asyncio.to_thread(privacy.write_disclosure, screen.ctx, person.key, full)
        except Duplicate:
            if not await save_file.ask_to_replace(screen, path):
                continue
            try:
                written = await asyncio.to_thread(privacy.write_disclosure, screen.ctx, person.key, full, replace=True)
            except CscError as refusal:
                problem = word_for_window(refusal)
                continue
        except CscError as refusal:
            problem = word_for_window(refusal)
            continue
        screen.say(f"{format_count(written.rows, 'entry', 'entries')} written to {written.file}.")
        screen.state.changed.publish(None)
        return


async def ask_erasure(screen: DataScreen[Found], person: Person) -> None:
    """Ask why, preview what would go, and erase the person for good."""
    done: list[Erasure] = []

    def ask(reason: str | None, problem: str) -> ReasonDialog:
        return ReasonDialog(
            f"Erase {person.name}", WHY_ERASED, text=reason or "", problem=problem,
            explanation="Their name, address and everything they wrote are erased permanently. Figures stay. The "
            "history keeps the reason.",
        )  # fmt: skip

    def said(erased: Erasure) -> str:
        done.append(erased)
        return f"{erased.name} was erased. Backups and files written before still contain them."

    def propose(reason: str) -> Proposal[Erasure]:
        return Proposal(
            f"Erase {person.name} permanently?",
            lambda ctx, _: privacy.erase_person(ctx, person.key, reason=reason),
            _gone_lines,
            said,
            reason=reason,
            undoable=False,
            do="Erase permanently",
        )

    await proposal.ask_until_done(screen, ask, propose)
    if done:
        left = await asyncio.to_thread(privacy.finish_erasure, screen.ctx, done[0].person)
        if left:
            screen.say(left, warning=True)


async def ask_needs_removal(screen: DataScreen[Found]) -> None:
    """Preview whose dietary and access needs have expired, and remove them."""

    def run(ctx: Context, _: str) -> list[RemovedNeeds]:
        found, remarks = privacy.remove_expired_needs(ctx)
        if not found:
            raise RuleBroken(" ".join(["No needs have expired.", *map(word_for_window, remarks)]))
        return found

    def lines(found: Sequence[RemovedNeeds]) -> list[Pieces]:
        return [
            [("Their dietary and access needs are removed permanently. Everything else stays.", "plain")],
            "",
            *([(each.name, "strong"), (f"  last session {format_date(each.last)}", "muted")] for each in found),
        ]

    done: list[RemovedNeeds] = []

    def said(found: list[RemovedNeeds]) -> str:
        done.extend(found)
        return f"The needs of {format_count(len(found), 'person', 'people')} were removed."

    await proposal.act_on_proposal(
        screen, Proposal("Remove expired needs?", run, lines, said, undoable=False, do="Remove needs")
    )
    if done:
        await rewrite_and_tell(screen)


async def rewrite_and_tell(screen: DataScreen[Found]) -> None:
    """Rewrite the database file so that no free space in it holds removed data, and say what prevents that."""
    if left := await asyncio.to_thread(privacy.purge_database_file):
        screen.say(left, warning=True)


def _gone_lines(erased: Erasure) -> list[Pieces]:
    lines: list[Pieces] = [
        [(f"{each.number:>5}  ", "muted"), (each.what, "strong"), (f" {glyphs().arrow} {each.becomes}", "plain")]
        for each in erased.lines
    ]
    lines += ["", [(word_for_window(privacy.ERASURE_WARNING), "warning")]]
    if erased.remarks:
        lines += ["", *([(remark, "warning")] for remark in erased.remarks)]
    return lines
