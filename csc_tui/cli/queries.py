"""Commands that only look: today, who, person, next, free, event, roster, waiting, calendar, history.

Look-ups answer through `lookups.answer_lookup`, so that both ways in print the same.
"""

from collections.abc import Sequence
from datetime import date, datetime

import click

from csc_tui.base import programme_years
from csc_tui.cli import lookups, stderr, stdout, text_calendar
from csc_tui.cli.invocation import Call
from csc_tui.cli.options import DAY
from csc_tui.cli.remedies import word_for_shell
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.calendar import queries as calendar_queries
from csc_tui.core.history import queries as history_queries
from csc_tui.core.history.queries import HistoryFilter
from csc_tui.core.people import queries as people_queries
from csc_tui.core.today import decisions
from csc_tui.core.today.decisions import Decision, DecisionKind
from db.records.history import HistoryLine
from db.records.startup import SessionLine

HISTORY_COLUMNS = ("at", "actor", "verb", "subject", "before", "after", "reason", "entered")


def _look_up(call: Call, command: str, words: tuple[str, ...], **options: str) -> int:
    day, time = call.now()
    return lookups.answer_lookup(call.location, command, list(words), options, today=day, time=time, form=call.form)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("text", nargs=-1, required=True)
@click.pass_obj
def who(call: Call, text: tuple[str, ...]) -> int:
    """Find people by the start of any words: name, e-mail, employee number, organisation, team, phone, job.

    `csc who smi jo` finds Jo Smith and John Smithson; accents and case do not matter.
    """
    for word in text:
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    return _look_up(call, "who", text)


@click.command("next")
@click.option("--days", default="31", show_default=True, metavar="N", help="How many days to look ahead.")
@click.option(
    "--from", "start", type=DAY, metavar="DATE", help="The first day, such as 14/6 or tomorrow (default: today)."
)
@click.option("--strand", default="", help="Only this strand: its code, or words of its name.")
@click.option("--course", default="", help="Only this course: its code, or words of its title.")
@click.option("--venue", default="", help="Only venues with these words in their name.")
@click.pass_obj
def next_sessions(call: Call, days: str, start: date | None, strand: str, course: str, venue: str) -> int:
    """List future sessions by date."""
    given = {
        "--days": days,
        "--from": start.isoformat() if start else "",
        "--strand": strand,
        "--course": course,
        "--venue": venue,
    }
    return _look_up(call, "next", (), **{name: value for name, value in given.items() if value})


@click.command("today")
@click.pass_obj
def today_command(call: Call) -> int:
    """List what needs action, the most urgent first, as on the window's Today screen."""
    found = decisions.list_decisions(call.context())
    if found or call.form in ("csv", "json"):
        # On a terminal a line has room for the sentence alone, which says everything.
        columns = ("kind", "event", "what") if call.form == "table" else TODAY_COLUMNS
        stdout.print_rows(call.form, columns, [_decision_row(each, columns) for each in found])
    else:
        stderr.remark("Nothing needs action.")
    if any(sum(each.kind is kind for each in found) == decisions.LIMIT for kind in DecisionKind):
        stderr.remark(f"The {decisions.LIMIT} most urgent of each kind are shown.")
    return stderr.DONE if found else stderr.NOTHING_FOUND


TODAY_COLUMNS = ("kind", "event", "person", "name", "due", "number", "what")


def _decision_row(each: Decision, columns: Sequence[str]) -> tuple[str | int, ...]:
    due = f"{each.due:%Y-%m-%d %H:%M}" if isinstance(each.due, datetime) else str(each.due or "")
    return tuple(due if name == "due" else getattr(each, name) for name in columns)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Include full events.")
@click.pass_obj
def free(call: Call, text: tuple[str, ...], everything: bool) -> int:
    """List events that can still be booked and have a free place, by date.

    TEXT filters the list by the start of any words of reference, course, title or strand.
    """
    return _look_up(call, "free", text, **({"--all": ""} if everything else {}))


@click.command()
@click.argument("reference", metavar="EVENT")
@click.option(
    "--why", default="", metavar="PERSON", help="Explain why this person on the waiting list has not moved up."
)
@click.pass_obj
def event(call: Call, reference: str, why: str) -> int:
    """Show one event: its sessions, who is on it and who is waiting. --why PERSON explains why they have not moved
    up.
    """
    if why:
        told = booking_actions.why_not_promoted(call.context(), reference, why)
        stdout.print_card(call.form, {"person": why, "why": word_for_shell(told)})
        return stderr.DONE
    return _look_up(call, "event", (reference,))


@click.command()
@click.argument("reference", metavar="EVENT")
@click.pass_obj
def roster(call: Call, reference: str) -> int:
    """List who has a place on an event, by surname; of a cancelled event, who was on it, with their telephone."""
    return _look_up(call, "roster", (reference,))


@click.command()
@click.argument("reference", metavar="EVENT")
@click.pass_obj
def waiting(call: Call, reference: str) -> int:
    """Show the waiting list of an event, in order."""
    return _look_up(call, "waiting", (reference,))


@click.command()
@click.argument("reference", metavar="PERSON", nargs=-1, required=True)
@click.pass_obj
def person(call: Call, reference: tuple[str, ...]) -> None:
    """Show one person: bookings, waiting lists, completions, invitations and history.

    PERSON is an e-mail address, an employee number, #id, or a name that matches one person.
    """
    card = people_queries.get_person_card(call.context(), " ".join(reference))
    about = card.person
    stdout.print_card(
        call.form,
        {
            "person": about.key,
            "name": about.name,
            "email": about.email,
            "employee_number": about.employee_number or "",
            "phone": about.phone,
            "organisation": about.organisation,
            "team": about.team,
            "job_title": about.job_title,
            "kind": about.kind.value,
            "known_as": about.known_as,
            "start_date": about.start_date.isoformat() if about.start_date else "",
            "leaving_date": about.leaving_date.isoformat() if about.leaving_date else "",
            "is_manager": about.is_manager,
            "is_facilitator": about.is_facilitator,
            "is_practice_lead": about.is_practice_lead,
            "manager": card.manager,
            "manager_person": f"#{about.manager_id}" if about.manager_id else "",
            "dietary": about.dietary,
            "access_needs": about.access_needs,
            "enrolments": stdout.record_mappings(card.enrolments),
            "completions": stdout.record_mappings(card.completions),
            "no_shows": len(card.no_shows),
            "groups": stdout.record_mappings(card.groups),
            "leads": stdout.record_mappings(card.leads),
            "led": stdout.record_mappings(card.led),
            "hours": stdout.record_mappings(card.hours),
            "invitations": stdout.record_mappings(card.invitations),
            "history": [dict(zip(HISTORY_COLUMNS, row, strict=True)) for row in map(_history_row, card.history)],
        },
    )


@click.command()
@click.argument("text", nargs=-1)
@click.option(
    "--year", metavar="2017/18", help="A programme year, April to March, such as 2017/18 (default: this year)."
)
@click.option("--month", metavar="YYYY-MM", help="One month, such as 2017-06.")
@click.pass_obj
def calendar(call: Call, text: tuple[str, ...], year: str | None, month: str | None) -> int:
    """Show a month or a year: how busy it is, then every session, with those to be confirmed at the end.

    TEXT filters it by words of strand, course, event, venue, facilitator and state, in any order; to filter by one
    of them, name it: state:open with:ty venue:town.
    """
    ctx = call.context()
    if month:
        first, last = text_calendar.month_bounds(month)
    else:
        start = programme_years.parse_asked_year(ctx, year)
        first, last = programme_years.programme_year_bounds(start, ctx.first_month)
    if text:
        sessions = calendar_queries.get_calendar_period(ctx, first, last).sessions_of(" ".join(text))
        sessions = [each for each in sessions if each.date or not month]
    else:
        sessions = people_queries.list_sessions_between(ctx, first, last, undated=not month)
    if call.form in ("json", "csv"):
        stdout.print_records(call.form, SessionLine, sessions)
    else:
        stdout.print_lines(
            text_calendar.month_page(sessions, first, ctx.today())
            if month
            else text_calendar.year_page(sessions, first)
        )
        stdout.print_lines("\n")
        stdout.print_records("table", SessionLine, sessions)
    return stderr.DONE if sessions else stderr.NOTHING_FOUND


@click.command()
@click.option("--event", default="", metavar="EVENT", help="Only this event.")
@click.option("--person", default="", metavar="PERSON", help="Only this person.")
@click.option("--actor", default="", metavar="NAME", help="Only changes by this person.")
@click.option("--since", type=DAY, metavar="DATE", help="Only from this day on.")
@click.pass_obj
def history(call: Call, event: str, person: str, actor: str, since: date | None) -> int:
    """List changes: who did what and when, newest first."""
    limit = None if call.form in ("csv", "json") or since else lookups.SHOWN
    wanted = HistoryFilter(by=actor, event=event, person=person, since=since)
    found = history_queries.list_history(call.context(), wanted, limit=limit)
    if found or call.form in ("csv", "json"):
        rows = [_history_row(each.line) for each in found]
        if call.form in ("csv", "json"):
            stdout.print_rows(call.form, HISTORY_COLUMNS, rows)
        else:  # a column that is nearly always empty would take the room of the others
            told = [(*row[:-2], each.line.why) for row, each in zip(rows, found, strict=True)]
            stdout.print_rows(call.form, HISTORY_COLUMNS[:-1], told)
    else:
        stderr.remark("No match in the history.")
    if limit and len(found) == limit:
        stderr.remark(f"The latest {limit}. For more: --since DATE or --format csv.")
    return stderr.DONE if found else stderr.NOTHING_FOUND


def _history_row(line: HistoryLine) -> tuple[str, ...]:
    """Return the line as HISTORY_COLUMNS; `entered` is empty where the time of the line is the real one."""
    entered = f"{line.entered:%Y-%m-%d %H:%M}" if line.entered else ""
    moment = f"{line.at:%Y-%m-%d %H:%M}"
    return moment, line.actor, line.verb, line.subject, line.before, line.after, line.reason, entered
