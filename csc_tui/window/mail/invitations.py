"""Dialogs that write an event's due invitations to a folder, shown first with their reasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.progress import Progress
from csc_tui.base.text import format_count
from csc_tui.core.mail import invitations
from csc_tui.core.mail.invitation_rules import DueInvitation
from csc_tui.core.mail.invitations import InviteResult
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.form import SHORT, Answers, Form, FormField, filled_rule, required_rule, suggest_one
from csc_tui.window.dialogs.progress import ProgressDialog, run_with_progress
from csc_tui.window.shared import flow, save_file
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.proposal import names_line
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError, WrongUse
from db.records.mail import InvitationMethod, MailAddress

KINDS = {"ics": False, "eml": True}
"""Format of the files -> whether it is whole mails."""


@dataclass(frozen=True, slots=True)
class DueInvitations:
    """The invitations due to learners and to facilitators, and the people no mail can reach."""

    learners: Sequence[DueInvitation]
    facilitators: Sequence[DueInvitation]
    unreachable: Sequence[MailAddress]

    @property
    def number(self) -> int:
        return len(self.learners) + len(self.facilitators)


def load_due_invitations(ctx: Context, reference: str) -> DueInvitations:
    """Return the invitations that are due. Raises NoSuchEvent."""
    learners, facilitators = (
        invitations.get_invitation_plan(ctx, reference, facilitators=each) for each in (False, True)
    )
    unreachable = {**learners.unreachable, **facilitators.unreachable}
    return DueInvitations(learners.due, facilitators.due, list(unreachable.values()))


async def ask_invitations_folder(screen: DataScreen[Found], reference: str) -> None:
    """Ask for a folder, show what is due and why, and write the invitations; escape stops it on the way."""
    found = await load_or_tell(screen, partial(load_due_invitations, screen.ctx, reference))
    if found is None:
        return
    if not found.number:
        whom = f" {_unreached(found.unreachable)}" if found.unreachable else ""
        screen.say(f"No invitation of {reference} is due.{whom}", warning=bool(whom))
        return
    await _ask_folder_and_write(screen, reference, found)


async def _ask_folder_and_write(screen: DataScreen[Found], reference: str, found: DueInvitations) -> None:
    do = f"Write {format_count(found.number, 'invitation')}"
    fields = (
        FormField("folder", "Folder", screen.state.typed.get("invitations", save_file.home_path("invitations")),
              "created if it does not exist", filled_rule),
        FormField("kind", "As", screen.state.typed.get("invitations as", "ics"), "ics: calendar files; eml: e-mails",
              required_rule(_kind), suggest_one(tuple(KINDS)), room=SHORT),
    )  # fmt: skip
    answers: Answers | None = None
    problem = ""
    while True:
        form = Form(f"{do} of {reference}", fields, answers=answers, problem=problem)
        answers = await flow.ask_step(screen, form)
        if answers is None:
            return
        problem = ""
        folder, mail = save_file.typed_path(answers["folder"]), _kind(answers["kind"])
        question = ConfirmDialog(f"{do} of {reference}?", _lines(found, folder), do=do, leave="Back", irrevocable=True)
        if not await flow.ask_step(screen, question):
            continue
        screen.state.typed.update({"invitations": answers["folder"], "invitations as": answers["kind"]})
        title = f"Writing the invitations of {reference}"
        working: ProgressDialog[list[InviteResult]] = ProgressDialog(
            title, _work(screen.ctx, reference, found, folder, mail), what="invitations",
            explanation="If you stop, the invitations not yet written stay due.",
        )  # fmt: skip
        try:
            written = await run_with_progress(screen.app, working)
        except CscError as refusal:
            problem = word_for_window(refusal)
        else:
            unwritten = dict.fromkeys(sentence for each in written for sentence in each.unwritten)
            whom = [*unwritten, *([_unreached(found.unreachable)] if found.unreachable else [])]
            number = sum(len(each.written) for each in written)
            screen.say(" ".join([f"{format_count(number, 'invitation')} in {folder}.", *whom]), warning=bool(whom))
            return
        finally:
            screen.state.changed.publish(None)


def _work(
    ctx: Context, reference: str, found: DueInvitations, folder: str, mail: bool
) -> Callable[[Progress], list[InviteResult]]:
    """Return the work that writes the learners' and then the facilitators' invitations."""

    def run(progress: Progress) -> list[InviteResult]:
        written: list[InviteResult] = []
        for facilitators, some in ((False, found.learners), (True, found.facilitators)):
            if some:
                before = sum(len(each.written) for each in written)
                try:
                    done = invitations.write_invitations(
                        ctx, reference, folder, invitations.InvitationOptions(facilitators=facilitators, mail=mail),
                        progress=lambda ready, _, before=before: progress(before + ready, found.number),  # type: ignore[misc]
                    )  # fmt: skip
                except CscError as problem:
                    if not before:
                        raise
                    raise WrongUse(
                        f"{before} invitations to learners were written, those to facilitators were not. "
                        f"{word_for_window(problem)}"
                    ) from None
                written.append(done)
        return written

    return run


def _kind(typed: str) -> bool:
    found = KINDS.get(typed.strip().lower().lstrip("."))
    if found is None:
        raise WrongUse(f"Choose {' or '.join(KINDS)}, not '{typed}'. Nothing was written.")
    return found


def _lines(found: DueInvitations, folder: str) -> list[Pieces]:
    """Return a line for each kind and reason with the people it is for, and the folder."""
    lines: list[Pieces] = []
    for title, some in (("For learners", found.learners), ("For facilitators", found.facilitators)):
        if not some:
            continue
        lines += [[(title, "strong")]] if not lines else ["", [(title, "strong")]]
        for method, reason in dict.fromkeys((each.method, each.reason) for each in some):
            its = [each for each in some if (each.method, each.reason) == (method, reason)]
            kind = "cancellation" if method is InvitationMethod.CANCEL else "invitation"
            who = list(dict.fromkeys(each.attendee.name for each in its))
            lines.append(
                [
                    (
                        f"{format_count(len(its), kind)}: {reason}",
                        "warning" if method is InvitationMethod.CANCEL else "plain",
                    )
                ]
            )
            lines.append([(f"   {names_line(who)}", "muted")])
    if found.unreachable:
        lines += ["", [(_unreached(found.unreachable), "error")]]
    lines += ["", [("To ", "muted"), (folder, "plain")]]
    return [*lines, [("Invitations that have been written count as sent. This cannot be undone.", "warning")]]


def _unreached(whom: Sequence[MailAddress]) -> str:
    told = ", ".join(f"{each.name} ('{each.address}')" for each in whom[:3])
    more = f" and {len(whom) - 3} more" if len(whom) > 3 else ""
    return f"No e-mail can reach {told}{more}. Correct the address, then invite again."
