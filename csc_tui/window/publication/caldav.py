"""Dialogs that publish the programme to a calendar on a CalDAV server, previewed first."""

import asyncio
from collections import Counter
from functools import partial

from csc_tui.base import credentials, programme_years
from csc_tui.base.text import format_count
from csc_tui.core.mail.invitations import FeedScope
from csc_tui.core.publication import caldav
from csc_tui.core.publication.caldav import Publication, PublishedSession
from csc_tui.core.publication.caldav_rules import SyncStep
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.form import SHORT, Answers, Form, FormField, filled_rule, optional_rule, words_rule
from csc_tui.window.shared import flow
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError
from exports.caldav_server import NoSuchCalendar

SHOWN = 10
"""The most sessions named for one outcome."""
SIGNS = {SyncStep.CREATE: "+", SyncStep.CHANGE: "~", SyncStep.REMOVE: "-", SyncStep.CONFLICT: "!"}


async def ask_publication(screen: DataScreen[Found]) -> None:
    """Ask for the calendar, preview what differs there, and bring it up to date."""
    url, account = credentials.load_calendar_server()
    scope = screen.scope()
    fields = [
        FormField("url", "Address", url, "https://...", filled_rule),
        FormField(
            "year",
            "Year",
            scope.get("year", ""),
            "leave empty for every year",
            optional_rule(programme_years.parse_programme_year),
            room=SHORT,
        ),
        FormField("strand", "Strand", scope.get("strand", ""), "code or name; optional"),
        FormField("course", "Course", scope.get("course", ""), "code; optional"),
        FormField("venue", "Venue", scope.get("venue", ""), "or part of its name; optional"),
        FormField(
            "force", "Overwrite", "no", "yes replaces changes made on the server", words_rule("yes", "no"), room=SHORT
        ),
    ]
    answers: Answers | None = None
    problem_said = made = ""
    while True:
        form = Form(
            "Publish the calendar", fields, answers=answers, problem=problem_said,
            explanation="A calendar on a CalDAV server. The user name and password are under [caldav] in the "
            "settings file.",
        )  # fmt: skip
        answers = await flow.ask_step(screen, form)
        if answers is None:
            return
        address, problem_said = answers["url"], ""
        run = partial(
            caldav.publish_calendar, screen.ctx, caldav.ServerCalendar(address, account, make=address == made),
            FeedScope(
                year=answers["year"], strand=answers["strand"], course=answers["course"], venue=answers["venue"]
            ),
            force=answers["force"].casefold() == "yes",
        )  # fmt: skip
        try:
            found = await asyncio.to_thread(run, dry_run=True)
            if not found.lines:
                screen.say(
                    f"Nothing has changed since last time: {format_count(found.unchanged, 'session')} up to date."
                )
                return
            changes = format_count(sum(each.outcome != SyncStep.CONFLICT for each in found.lines), "change")
            question = ConfirmDialog(
                f"Publish {changes}?", publication_lines(found), do=f"Publish {changes}", leave="Back", irrevocable=True
            )
            if not await flow.ask_step(screen, question):
                continue
            screen.say("Publishing ...")
            done = await asyncio.to_thread(run)
        except NoSuchCalendar:
            said_so = f"There is no calendar at {address}."
            lines = [said_so, "It is created there when the sessions are published."]
            question = ConfirmDialog(
                "Create the calendar?", lines, do="Create the calendar", leave="Back", irrevocable=True
            )
            if await flow.ask_step(screen, question):
                made = address
            else:
                problem_said = f"{said_so} Nothing was published. Check the address '{address}'."
        except CscError as problem:
            problem_said = word_for_window(problem)
        else:
            screen.say(publication_sentence(done))
            screen.state.changed.publish(None)
            return


def publication_lines(found: Publication) -> list[Pieces]:
    """Return the sessions by outcome, with a sign for each."""
    shown: list[Pieces] = []
    for step in (SyncStep.CONFLICT, SyncStep.CREATE, SyncStep.CHANGE, SyncStep.REMOVE):
        some = [each for each in found.lines if each.outcome == step]
        shown += [_line(step, each) for each in some[:SHOWN]]
        if len(some) > SHOWN:
            shown.append([(f"   and {len(some) - SHOWN} more {step.value}", "muted")])
        if some and step is SyncStep.CONFLICT:
            shown.append([("   To replace them, go back and type yes under Overwrite.", "muted")])
    return [*shown, "", [(f"{format_count(found.unchanged, 'session')} unchanged", "muted")]]


def _line(step: SyncStep, each: PublishedSession) -> Pieces:
    tone = "warning" if step is SyncStep.CONFLICT else "good"
    why = f": {each.reason}" if each.reason else ""
    return [
        (f"{SIGNS[step]}  ", tone),
        (f"{each.event} session {each.session}  ", "strong"),
        (step.value + why, "plain"),
    ]


def publication_sentence(done: Publication) -> str:
    numbers = Counter(each.outcome for each in done.lines)
    return f"Published: {', '.join(f'{number} {outcome}' for outcome, number in numbers.items()) or 'nothing new'}."
