"""The short way for look-ups, without the parser library and Peewee; anything but their own options goes to the parser.

`.bench/README.md` has the figures: this way `who` costs little more than starting Python.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from db.records.remedies import Remedy

SHOWN = 100
"""The most rows of a long list that `table` and `plain` show; csv and json hold every row."""
_GLOBALS = ("--db", "--format", "--today", "--as", "--files")
_OPTIONS: dict[str, tuple[str, ...]] = {
    "who": (),
    "next": ("--days", "--from", "--strand", "--course", "--venue"),
    "free": (),
    "event": (),
    "roster": (),
    "waiting": (),
}
_FLAGS = {"free": ("--all",)}
_FORMATS = ("", "table", "plain", "csv", "json")


def run_lookup(arguments: list[str]) -> int | None:
    """Answer a look-up and return its exit code, or return None to pass it to the parser."""
    given, rest = split_options(arguments, _GLOBALS, ())
    if not rest or rest[0] not in _OPTIONS or given.get("--format", "") not in _FORMATS:
        return None
    command = rest[0]
    options, words = split_options(rest[1:], _OPTIONS[command], _FLAGS.get(command, ()), anywhere=True)
    if not _is_plain(command, words) or ("--from" in options and not iso_date(options["--from"])):
        return None
    moment = given.get("--today") or os.environ.get("CSC_TODAY") or ""
    today = iso_date(moment[:10])
    if moment and not (today and _is_moment(moment)):
        return None
    from csc_tui.base import config
    from csc_tui.cli import stderr
    from db.errors import CscError

    try:
        location = config.database_location(given.get("--db"))
        form = given.get("--format", "")
        return answer_lookup(location, command, words, options, today=today, time=moment[11:16] or "09:00", form=form)
    except CscError as problem:
        return stderr.print_failure(problem)
    except BrokenPipeError:
        return stderr.end_quietly()
    except Exception as fault:
        return stderr.print_unexpected(fault)


def _is_plain(command: str, words: list[str]) -> bool:
    """Return whether the words are as many as the command takes and none is an option; `who -x` looks for x."""
    if any(word.startswith("--" if command == "who" else "-") or word == "-h" for word in words):
        return False
    match command:
        case "who":
            return bool(words)
        case "next":
            return not words
        case "free":
            return True
        case _:
            return len(words) == 1


def answer_lookup(
    location: str,
    command: str,
    words: list[str],
    options: dict[str, str],
    *,
    today: str,
    time: str = "09:00",
    form: str = "",
) -> int:
    """Answer a look-up, print it, and return the exit code.

    `today` is an ISO date, empty for the council's now. Raises CscError.
    """
    from csc_tui.base import lookups
    from csc_tui.cli import stderr, stdout

    form = form or stdout.default_format()
    text = " ".join(words)
    connection = lookups.connect_to_database(location)
    try:
        if not today:
            today, time = council_now(lookups.look_up_time_zone(connection))
        if command == "event":
            card = lookups.look_up_event(connection, text)
            now = f"{today} {time}"
            late = [each["name"] for each in card["waiting"] if each["offered_until"] and each["offered_until"] <= now]
            if late:  # a look-up writes nothing, whatever the clock says
                stderr.remark(
                    f"The offer to {', '.join(late)} has run out. Nothing was changed: csc sweep passes the place to "
                    "the next person."
                )
            stdout.print_card(form, card)
            return stderr.DONE
        if command == "who":
            whole = form in ("csv", "json")
            columns, rows = lookups.look_up_people(connection, text, today=today, limit=None if whole else SHOWN + 1)
            if not whole and len(rows) > SHOWN:
                rows = rows[:SHOWN]
                of_all = _total_note(connection, text)
                stderr.remark(f"The first {SHOWN}{of_all}; type more, or csc --format csv who {text} for all.")
        elif command == "next":
            columns, rows = lookups.look_up_sessions(connection, **_period(options, today), **_filters(options))
        elif command == "free":
            columns, rows = lookups.look_up_free_events(
                connection, text, today=today, time=time, everything="--all" in options
            )
        elif command == "roster":
            columns, rows = lookups.look_up_roster(connection, text)
            if not rows:
                former = lookups.look_up_called_off(connection, text)
                if former[1]:
                    columns, rows = former
                    stderr.remark(_CALLED_OFF.format(event=text.strip().upper()))
        else:
            columns, rows = lookups.look_up_waiting_list(connection, text)
        near = None if rows else _suggestion(connection, command, text)
    except Exception as fault:
        problem = lookups.explain_fault(fault, location)
        if problem is None:
            raise
        raise problem from fault
    finally:
        connection.close()
    if rows or form in ("csv", "json"):
        stdout.print_rows(form, columns, rows)
    if not rows:
        from csc_tui.cli.remedies import word_for_shell
        from db.records.remedies import Remark

        shown = "free --all" if command == "free" and ("--all" in options or near) else command
        said = _NOTHING[shown].format(text=text)
        stderr.remark(word_for_shell(Remark(said, near)))
    return stderr.DONE if rows else stderr.NOTHING_FOUND


def _suggestion(connection: object, command: str, text: str) -> Remedy | None:
    """Return the remedy that names what may have been meant by a text that finds nothing."""
    from csc_tui.base import lookups

    if command == "who":
        return lookups.suggest_found_people(connection, text)
    return lookups.suggest_found_events(connection, text) if command == "free" and text else None


def _total_note(connection: object, text: str) -> str:
    """Return ` of 214`, or nothing for several words, which take long to count in a big council."""
    from csc_tui.base import lookups

    if len(text.split()) > 1:
        return ""
    total = lookups.count_found_people(connection, text)
    return f" of {total}{'+' if total >= lookups.MANY else ''}"


_CALLED_OFF = "{event} is cancelled. These people had a place on it or were waiting for one."
_NOTHING = {
    "who": "No match for '{text}'.",
    "next": "No sessions in that time.",
    "free": "No match with a free place. csc free --all includes full events.",
    "free --all": "No match among events that can be booked.",
    "roster": "No one is on {text} yet.",
    "waiting": "No one is waiting for {text}.",
}


def _period(options: dict[str, str], today: str) -> dict[str, str]:
    first = iso_date(options.get("--from", today))  # dates as people type them are left to the parser
    days = options.get("--days", "31")
    if not (days.isdecimal() and days.isascii() and len(days) <= 4 and int(days) <= 3660):
        raise _wrong(f"Use --days with a number up to 3660, not '{days}'.")
    return {"first": first, "last": _plus(first, int(days))}


def _filters(options: dict[str, str]) -> dict[str, str]:
    return {name[2:]: options[name] for name in ("--strand", "--course", "--venue") if name in options}


def _wrong(sentence: str) -> Exception:
    from db.errors import WrongUse

    return WrongUse(sentence)


def iso_date(text: str) -> str:
    """Return `2017-04-25` or `25/04/2017` as an ISO date, and nothing for anything else, 30 February included."""
    text = text.strip()
    pieces = text.split("-") if "-" in text else text.split("/")[::-1]
    if len(pieces) != 3 or not all(piece.isdecimal() and piece.isascii() for piece in pieces):
        return ""
    if [len(pieces[0]), *(len(piece) in (1, 2) for piece in pieces[1:])] != [4, True, True]:
        return ""
    year, month, day = map(int, pieces)
    if not 1900 <= year <= 2999:
        return ""
    iso = f"{year:04d}-{month:02d}-{day:02d}"
    return iso if _plus(iso, 0) == iso else ""  # the C library turns 30 February into a day of March


def _plus(iso: str, days: int) -> str:
    import time

    noon = time.mktime((int(iso[:4]), int(iso[5:7]), int(iso[8:]) + days, 12, 0, 0, 0, 0, -1))
    return time.strftime("%Y-%m-%d", time.localtime(noon))


def _is_moment(text: str) -> bool:
    hours = text[11:].split(":")
    return len(text) == 10 or (
        text[10:11] in ("T", " ")
        and len(hours) in (2, 3)
        and all(piece.isdecimal() and piece.isascii() and len(piece) == 2 for piece in hours)
        and int(hours[0]) < 24
        and all(int(piece) < 60 for piece in hours[1:])
    )


def council_now(zone: str) -> tuple[str, str]:
    """Return date and time in the council's zone from the C library; zoneinfo would cost more than the query."""
    if not os.path.isfile(f"/usr/share/zoneinfo/{zone}"):
        from datetime import datetime
        from zoneinfo import ZoneInfo

        now = datetime.now(ZoneInfo(zone))
        return f"{now:%Y-%m-%d}", f"{now:%H:%M}"
    import time

    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    now_there = time.strftime("%Y-%m-%d %H:%M")
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
    return now_there[:10], now_there[11:]


def split_options(
    arguments: list[str], named: tuple[str, ...], flags: tuple[str, ...], *, anywhere: bool = False
) -> tuple[dict[str, str], list[str]]:
    """Return the options with their values, and the other words.

    It stops at the first other word, unless options may stand anywhere.
    """
    options: dict[str, str] = {}
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        name, equals, value = word.partition("=")
        if word in flags:
            options[word] = ""
        elif name in named and equals:
            options[name] = value
        elif word in named:
            options[word] = next(waiting, "")
        elif anywhere:
            rest.append(word)
        else:
            return options, [word, *waiting]
    return options, rest
