"""Invitations of an event that are due: shown with their reasons, then written to a folder."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.text import count
from csc_tui.core.mail import invitations
from csc_tui.core.mail.invitation_rules import Due
from csc_tui.core.mail.invitations import Invited
from csc_tui.window.dialogs.confirm import Confirm
from csc_tui.window.dialogs.form import Answers, Field, Form, missing, needed, one_of
from csc_tui.window.dialogs.progress import Progress, Working, worked
from csc_tui.window.shared import save_file
from csc_tui.window.shared.proposal import names
from csc_tui.window.shared.screen import Found, LiveScreen
from csc_tui.window.widgets.drawing import Pieces
from db.errors import CscError, WrongUse
from db.records.mail import Mailbox, Method

KINDS = {"ics": False, "eml": True}
"""What can be written, and whether that is whole mails."""


@dataclass(frozen=True, slots=True)
class ToWrite:
    """What is due, learners' and facilitators', and whom no mail can reach."""

    learners: Sequence[Due]
    facilitators: Sequence[Due]
    unreachable: Sequence[Mailbox]

    @property
    def number(self) -> int:
        return len(self.learners) + len(self.facilitators)


def due(ctx: Context, reference: str) -> ToWrite:
    """Raises NoSuchEvent."""
    learners, facilitators = (invitations.look(ctx, reference, facilitators=each) for each in (False, True))
    unreachable = {**learners.unreachable, **facilitators.unreachable}
    return ToWrite(learners.due, facilitators.due, list(unreachable.values()))


async def write_due(screen: LiveScreen[Found], reference: str) -> None:
    """Show what is due and why, ask where to, write it; escape stops it on the way."""
    try:
        found = await asyncio.to_thread(due, screen.ctx, reference)
    except CscError as problem:
        screen.say(str(problem), warning=True)
        return
    if not found.number:
        whom = f" {_unreached(found.unreachable)}" if found.unreachable else ""
        screen.say(f"No invitation of {reference} is due.{whom}", warning=bool(whom))
        return
    title = f"Write {count(found.number, 'invitation')} of {reference}?"
    if not await screen.app.push_screen_wait(Confirm(title, _lines(found), do="Where to")):
        return
    await _write(screen, reference, found)


async def _write(screen: LiveScreen[Found], reference: str, found: ToWrite) -> None:
    fields = (
        Field("folder", "Folder", screen.desk.typed.get("invitations", save_file.at_home("invitations")),
              "made if it is not there", missing),
        Field("kind", "As", screen.desk.typed.get("invitations as", "ics"), "ics: calendar files; eml: mails",
              needed(_kind), one_of(tuple(KINDS))),
    )  # fmt: skip
    answers: Answers | None = None
    problem = ""
    while True:
        answers = await screen.app.push_screen_wait(
            Form(f"Invitations of {reference}", fields, answers=answers, problem=problem)
        )
        if answers is None:
            return
        try:
            folder, mail = save_file.place(answers["folder"]), _kind(answers["kind"])
        except CscError as refusal:
            problem = str(refusal)
            continue
        screen.desk.typed.update({"invitations": answers["folder"], "invitations as": answers["kind"]})
        title = f"Writing the invitations of {reference}"
        working: Working[list[Invited]] = Working(
            title, _work(screen.ctx, reference, found, folder, mail), what="invitations",
            explanation="Stopped before the end, those not finished are due still.",
        )  # fmt: skip
        try:
            written = await worked(screen.app, working)
        except CscError as refusal:
            problem = str(refusal)
        else:
            unwritten = dict.fromkeys(sentence for each in written for sentence in each.unwritten)
            whom = [*unwritten, *([_unreached(found.unreachable)] if found.unreachable else [])]
            number = sum(len(each.written) for each in written)
            screen.say(" ".join([f"{count(number, 'invitation')} in {folder}.", *whom]), warning=bool(whom))
            return
        finally:
            screen.desk.changed.publish(None)


def _work(ctx: Context, reference: str, found: ToWrite, folder: str, mail: bool) -> Callable[[Progress], list[Invited]]:
    """Writes the learners' and then the facilitators'."""

    def run(progress: Progress) -> list[Invited]:
        written: list[Invited] = []
        for facilitators, some in ((False, found.learners), (True, found.facilitators)):
            if some:
                before = sum(len(each.written) for each in written)
                try:
                    done = invitations.invite(
                        ctx, reference, folder, facilitators=facilitators, mail=mail,
                        progress=lambda ready, _, before=before: progress(before + ready, found.number),  # type: ignore[misc]
                    )  # fmt: skip
                except CscError as problem:
                    if not before:
                        raise
                    raise WrongUse(
                        f"The learners' {before} are written, the facilitators' are not. {problem}"
                    ) from None
                written.append(done)
        return written

    return run


def _kind(typed: str) -> bool:
    found = KINDS.get(typed.strip().lower().lstrip("."))
    if found is None:
        raise WrongUse(f"Invitations are written as {' or '.join(KINDS)}, not '{typed}'. Nothing was written.")
    return found


def _lines(found: ToWrite) -> list[Pieces]:
    """One line for each kind and reason, with whom it is for."""
    lines: list[Pieces] = []
    for title, some in (("For learners", found.learners), ("For facilitators", found.facilitators)):
        if not some:
            continue
        lines += [[(title, "strong")]] if not lines else ["", [(title, "strong")]]
        for method, reason in dict.fromkeys((each.method, each.reason) for each in some):
            its = [each for each in some if (each.method, each.reason) == (method, reason)]
            kind = "cancellation" if method is Method.CANCEL else "invitation"
            who = list(dict.fromkeys(each.attendee.name for each in its))
            lines.append([(f"{count(len(its), kind)}: {reason}", "warning" if method is Method.CANCEL else "plain")])
            lines.append([(f"   {names(who)}", "muted")])
    if found.unreachable:
        lines += ["", [(_unreached(found.unreachable), "error")]]
    return lines


def _unreached(whom: Sequence[Mailbox]) -> str:
    told = ", ".join(f"{each.name} ('{each.address}')" for each in whom[:3])
    more = f" and {len(whom) - 3} more" if len(whom) > 3 else ""
    return f"No mail can reach {told}{more}: correct the address and invite again."
