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
from csc_tui.window.dialogs.form import Answers, Form, FormField, filled_rule, optional_rule, words_rule
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
            "empty: every year",
            optional_rule(programme_years.parse_programme_year),
        ),
        FormField("strand", "Strand", scope.get("strand", ""), "code or name"),
        FormField("course", "Course", scope.get("course", ""), "its code"),
        FormField("venue", "Venue", scope.get("venue", ""), "or part of its name"),
        FormField("force", "Overwrite", "no", "yes: what was edited there", words_rule("yes", "no")),
    ]
    answers: Answers | None = None
    problem_said = made = ""
    while True:
        form = Form(
            "Publish the calendar", fields, answers=answers, problem=problem_said,
            explanation="A calendar on a CalDAV server. User and password come from [caldav] of the settings file.",
        )  # fmt: skip
        answers = await screen.app.push_screen_wait(form)
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
                    f"Nothing changed since the last time: {format_count(found.unchanged, 'session')} as they "
                    "should be."
                )
                return
            if not await screen.app.push_screen_wait(
                ConfirmDialog("Publish these sessions?", publication_lines(found), irrevocable=True)
            ):
                return
            screen.say("Publishing ...")
            done = await asyncio.to_thread(run)
        except NoSuchCalendar:
            said_so = f"There is no calendar at {address}."
            if await screen.app.push_screen_wait(
                ConfirmDialog(
                    "Make the calendar?",
                    [said_so, "It is made there when the sessions are published."],
                    irrevocable=True,
                )
            ):
                made = address
            else:
                problem_said = f"{said_so} Nothing was published. Check the address."
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
            shown.append([("   Yes under Overwrite puts ours in their place.", "muted")])
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
