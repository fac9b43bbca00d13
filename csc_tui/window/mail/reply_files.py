"""Dialogs that read replies to invitations from files or the mail server, shown before they are kept."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence

from csc_tui.base import credentials
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, status_label
from csc_tui.core.mail import replies
from csc_tui.core.mail.replies import ExtractedReply, ReplyResult
from csc_tui.core.mail.reply_rules import VERDICTS_TO_DECIDE, ReplyVerdict
from csc_tui.window.dialogs.form import Answers, Form, FormField, filled_rule
from csc_tui.window.shared import proposal
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError, RuleBroken, WrongUse

SERVER = "mail server"
SHOWN = 12
"""The most replies named before they are kept."""
TONES = {"ACCEPTED": "good", "DECLINED": "warning", "TENTATIVE": "warning"}
LETTERS = {"ACCEPTED": "y", "DECLINED": "n", "TENTATIVE": "?"}
"""One sign for each reply, so that its meaning never rests on colour."""


async def ask_replies_source(screen: DataScreen[Found]) -> None:
    """Ask where the replies are, preview what they would change, and keep them."""
    try:
        usual = SERVER if credentials.load_section("imap", credentials.IMAP).get("host") else ""
    except CscError as fault:
        screen.say(word_for_window(fault), warning=True)
        return
    fields = [FormField("place", "From", usual, f"path, or {SERVER}", filled_rule)]
    answers: Answers | None = None
    problem = ""
    while True:
        form = Form(
            "Read replies to invitations", fields, answers=answers, problem=problem,
            explanation="A file (.ics, .eml), a folder, a Maildir or an mbox on the computer csc-tui runs on; or "
                        f"'{SERVER}', if one is set up in the settings file.",
        )  # fmt: skip
        answers = await screen.app.push_screen_wait(form)
        if answers is None:
            return
        try:
            found = await asyncio.to_thread(_gathered, screen.ctx, answers["place"])
        except CscError as fault:
            problem = word_for_window(fault)
        else:
            problem = await proposal.carry_out_proposal(screen, _proposal(answers["place"], found))
        if not problem:
            return


def _gathered(ctx: Context, place: str) -> list[ExtractedReply]:
    """Read all replies before the database is asked for anything, because a mail server may take its time."""
    if place in ("", "-"):
        raise WrongUse("Choose where the replies are.")
    if place == SERVER:
        return list(replies.extract_replies(replies.list_reply_sources(ctx, [], store=credentials.load_mailstore())))
    return list(replies.extract_replies(replies.list_reply_sources(ctx, [os.path.expanduser(place)])))


def _proposal(place: str, found: Sequence[ExtractedReply]) -> Proposal[replies.RepliesReport]:
    def run(ctx: Context, _: str) -> replies.RepliesReport:
        done = replies.record_replies(ctx, found)
        if not done.answered:
            raise RuleBroken(
                f"There is no reply to an invitation in {place}: {format_count(done.others, 'message')} read."
            )
        return done

    return Proposal("Save these replies?", run, reply_lines, replies_sentence, undoable=False)


def reply_lines(done: replies.RepliesReport) -> list[Pieces]:
    """Return what is new first, then the numbers of everything else."""
    fresh = [each for each in done.answered if each.outcome == ReplyVerdict.RECORDED]
    shown: list[Pieces] = [_line(each) for each in fresh[:SHOWN]] or [[("There is nothing new.", "muted")]]
    if len(fresh) > SHOWN:
        shown.append([(f"and {len(fresh) - SHOWN} more", "muted")])
    asking = [each for each in done.answered if each.outcome in VERDICTS_TO_DECIDE]
    if asking:
        shown += ["", [("Not recorded: you need to decide. Today lists them.", "warning")]]
        shown += [[*_line(each), (f", {each.outcome}", "plain")] for each in asking[:SHOWN]]
    others = Counter(
        each.outcome for each in done.answered if each.outcome != ReplyVerdict.RECORDED and each not in asking
    )
    if others or done.others:
        shown.append("")
    shown += [[(f"{number} ", "plain"), (outcome, "muted")] for outcome, number in others.most_common()]
    if done.others:
        shown.append([(f"{format_count(done.others, 'other message')}, ignored", "muted")])
    if any(each.partstat == "DECLINED" for each in fresh):
        shown += ["", [("A decline does not cancel the place. Today lists the people who declined.", "plain")]]
    return shown


def _line(each: ReplyResult) -> Pieces:
    between = glyphs().between
    return [
        (LETTERS.get(each.partstat, " "), TONES.get(each.partstat, "muted")),
        (f"  {each.name}", "strong"),
        (f"  {status_label(each.partstat.lower())}", TONES.get(each.partstat, "plain")),
        (f"{between}{each.event} session {each.session}", "plain"),
    ]


def replies_sentence(done: replies.RepliesReport) -> str:
    fresh = Counter(each.partstat.lower() for each in done.answered if each.outcome == ReplyVerdict.RECORDED)
    words: Sequence[str] = [f"{number} {answer}" for answer, number in fresh.most_common()]
    asking = sum(each.outcome in VERDICTS_TO_DECIDE for each in done.answered)
    decide = f" {asking} to decide: see Today." if asking else ""
    recorded = format_count(sum(fresh.values()), "reply", "replies").capitalize()
    return f"{recorded} recorded{': ' + ', '.join(words) if words else ''}.{decide}"
