"""Dialogs that write a calendar feed: the part of the programme, a preview, the file."""

import asyncio
from functools import partial

from csc_tui.base import programme_years
from csc_tui.base.context import Context
from csc_tui.base.text import format_count, format_date, format_times
from csc_tui.core.calendar import suggestions
from csc_tui.core.catalogue import course_rules
from csc_tui.core.mail import invitations
from csc_tui.core.mail.invitations import FeedContent
from csc_tui.window.dialogs.confirm import ConfirmDialog
from csc_tui.window.dialogs.form import SHORT, Answers, Form, FormField, filled_rule, optional_rule, suggest_one
from csc_tui.window.shared import flow, save_file
from csc_tui.window.shared.data_screen import DataScreen, Found
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.pieces import Pieces
from db.errors import CscError

SHOWN = 8
"""The most sessions named before the feed is written."""
EXPLANATION = (
    "A calendar that others can subscribe to, without anyone's address. Leave fields empty for the whole programme, or "
    "fill some in to narrow it. Drafts, cancelled events and sessions without a date are left out."
)


async def ask_feed_file(screen: DataScreen[Found]) -> None:
    """Ask for the part and the file, beginning with what is in view, preview the sessions and write the feed."""
    ctx, scope = screen.ctx, dict(screen.scope())
    others = scope.pop("others", "")
    fields = await asyncio.to_thread(_fields, ctx, {"file": _name(*scope.values()), **scope})
    left_out = f" The filter '{others}' cannot be used for a feed." if others else ""
    answers: Answers | None = None
    problem = ""
    while True:
        form = Form(
            "Write a calendar feed", fields, answers=answers, explanation=EXPLANATION + left_out, problem=problem
        )
        answers = await flow.ask_step(screen, form)
        if answers is None:
            return
        problem = ""
        part = {name: text for name, text in answers.items() if name != "file"}
        try:
            path = save_file.typed_path(answers["file"])
            found = await asyncio.to_thread(partial(invitations.get_feed_content, ctx, invitations.FeedScope(**part)))
            replaces = await asyncio.to_thread(invitations.replaces_feed, path)
            do = "Replace the feed" if replaces else "Write the feed"
            if await flow.ask_step(
                screen, ConfirmDialog(f"{do}?", _lines(found, path, replaces), do=do, leave="Back", irrevocable=True)
            ):
                await asyncio.to_thread(invitations.write_feed_content, ctx, found, path)
                screen.say(f"{format_count(len(found.sessions), 'session')} in {path}.")
                return
        except CscError as refusal:
            problem = word_for_window(refusal)


def _fields(ctx: Context, filled: dict[str, str]) -> list[FormField]:
    """Return the form's fields with suggestions; an unknown name is refused only when it is looked up."""
    known = suggestions.list_suggestions(ctx)
    about = [course for course, _, _ in course_rules.list_course_rules(ctx)]
    strands, courses = list(dict.fromkeys(each.strand for each in about)), [each.code for each in about]
    return [
        FormField("file", "File", save_file.home_path(filled["file"]), "ending in .ics", filled_rule),
        FormField(
            "year",
            "Year",
            filled.get("year", ""),
            "leave empty for every year",
            optional_rule(programme_years.parse_programme_year),
            room=SHORT,
        ),
        FormField("strand", "Strand", filled.get("strand", ""), "code or name; optional", suggest=suggest_one(strands)),
        FormField("course", "Course", filled.get("course", ""), "code; optional", suggest=suggest_one(courses)),
        FormField(
            "venue",
            "Venue",
            filled.get("venue", ""),
            "or part of its name; optional",
            suggest=suggest_one(known.venues),
        ),
        FormField(
            "facilitator",
            "Facilitator",
            filled.get("facilitator", ""),
            "name or e-mail; optional",
            suggest=suggest_one(known.leading),
        ),
        FormField("person", "For one person", filled.get("person", ""), "name or e-mail; optional"),
    ]


def _name(*parts: str) -> str:
    """Return `programme-2017-18.ics`."""
    words = "-".join(("programme", *parts))
    return "".join(sign if sign.isalnum() or sign in "-." else "-" for sign in words) + ".ics"


def _lines(found: FeedContent, path: str, replaces: bool) -> list[Pieces]:
    sessions = [each for each, _ in found.sessions]
    lines: list[Pieces] = [[(found.title, "strong")]]
    if sessions:
        events = format_count(len({each.event for each in sessions}), "event")
        time = f"{format_date(sessions[0].date)} to {format_date(sessions[-1].date)}"
        lines.append(f"{format_count(len(sessions), 'session')} of {events}, {time}.")
    else:
        lines.append([("No sessions yet. Subscribers will see them once they are planned.", "warning")])
    lines += ["", [("To ", "muted"), (path, "plain")]]
    if replaces:
        lines.append([("This replaces the feed that is already there.", "warning")])
    lines.append("")
    for each in sessions[:SHOWN]:
        when = f"{format_date(each.date):15}  {format_times(each.start, each.end):11}"
        lines.append([(f"{when}  ", "plain"), (each.event, "accent"), (f"  {each.title}", "muted")])
    if len(sessions) > SHOWN:
        lines.append([(f"and {len(sessions) - SHOWN} more", "muted")])
    return lines
