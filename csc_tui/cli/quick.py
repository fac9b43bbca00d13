"""The short way for look-ups: known options only, no parser library, no Peewee. Anything else is the real parser's.

`speed.md` has the figures: this way `who` costs little more than starting Python.
"""

import os

SHOWN = 100
"""Rows that `table` and `plain` show of a long list of people; csv and json hold every row."""
_GLOBALS = ("--db", "--format", "--today", "--as")
_OPTIONS: dict[str, tuple[str, ...]] = {
    "who": (),
    "next": ("--days", "--from", "--strand", "--course", "--venue"),
    "free": (),
    "event": (),
    "roster": (),
    "waiting": (),
}
_FLAGS = {"free": ("--all",)}


def run(arguments: list[str]) -> int | None:
    """Answer a look-up and return its exit code; None when the real parser should have it."""
    given, rest = _take(arguments, _GLOBALS, ())
    if not rest or rest[0] not in _OPTIONS:
        return None
    command = rest[0]
    options, words = _take(rest[1:], _OPTIONS[command], _FLAGS.get(command, ()), anywhere=True)
    if (any(word.startswith("-") for word in words) and command != "who") or "--help" in words or "-h" in words:
        return None
    if (command != "next" and not (words or command == "free")) or (command == "next" and words):
        return None
    form = given.get("--format", "")
    moment = given.get("--today") or os.environ.get("CSC_TODAY") or council_today()
    today = plain_date(moment[:10])
    if form not in ("", "table", "plain", "csv", "json") or not today or not _is_moment(moment):
        return None
    from csc_tui import config
    from csc_tui.cli import failures
    from db.errors import CscError

    try:
        location = config.database_location(given.get("--db"))
        return answer(location, command, words, options, today=today, form=form)
    except CscError as problem:
        return failures.fail(problem)
    except BrokenPipeError:
        return failures.quiet_pipe()


def answer(location: str, command: str, words: list[str], options: dict[str, str], *, today: str, form: str) -> int:
    """Ask, print, and return the exit code. Raises CscError. `today` is an ISO date."""
    from csc_tui.cli import failures, output
    from csc_tui.services import asking

    form = form or output.default_format()
    text = " ".join(words)
    connection = asking.connect(location)
    try:
        if command == "event":
            output.card(form, asking.event(connection, text))
            return failures.DONE
        if command == "who":
            limit = None if form in ("csv", "json") else SHOWN
            columns, rows = asking.who(connection, text, today=today, limit=limit)
            if limit and len(rows) == limit:
                total = asking.how_many_people(connection, text)
                more = "+" if total >= asking.MANY else ""
                failures.remark(f"The first {limit} of {total}{more}; type more of the name, or --format csv for all.")
        elif command == "next":
            columns, rows = asking.coming(connection, **_period(options, today), **_filters(options))
        elif command == "free":
            columns, rows = asking.free(connection, text, today=today, everything="--all" in options)
        elif command == "roster":
            columns, rows = asking.roster(connection, text)
        else:
            columns, rows = asking.waiting(connection, text)
    finally:
        connection.close()
    if rows or form in ("csv", "json"):
        output.rows(form, columns, rows)
    if not rows:
        failures.remark(_NOTHING[command].format(text=text))
    return failures.DONE if rows else failures.NOTHING_FOUND


_NOTHING = {
    "who": "Nobody is found for '{text}'.",
    "next": "No sessions in that time.",
    "free": "No event with a free place fits. csc free --all shows the full ones, too.",
    "roster": "Nobody is on {text} yet.",
    "waiting": "Nobody waits for {text}.",
}


def _period(options: dict[str, str], today: str) -> dict[str, str]:
    first = today
    if "--from" in options:
        first = plain_date(options["--from"])
        if not first:
            raise _wrong(f"--from takes a date such as 25/04/2017, not '{options['--from']}'.")
    days = options.get("--days", "31")
    if not days.isdecimal() or not 0 <= int(days) <= 3660:
        raise _wrong(f"--days takes a number of days up to 3660, not '{days}'.")
    return {"first": first, "last": _plus(first, int(days))}


def _filters(options: dict[str, str]) -> dict[str, str]:
    return {name[2:]: options[name] for name in ("--strand", "--course", "--venue") if name in options}


def _wrong(sentence: str) -> Exception:
    from db.errors import WrongUse

    return WrongUse(sentence)


def plain_date(text: str) -> str:
    """`2017-04-25` or `25/04/2017` as ISO; empty for anything else, 30 February included."""
    pieces = text.split("-") if "-" in text else text.split("/")[::-1]
    if len(pieces) != 3 or not all(piece.isdecimal() and piece.isascii() for piece in pieces) or len(pieces[0]) != 4:
        return ""
    year, month, day = map(int, pieces)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if year < 1900 or not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}"


def _plus(iso: str, days: int) -> str:
    import time

    noon = time.mktime((int(iso[:4]), int(iso[5:7]), int(iso[8:]) + days, 12, 0, 0, 0, 0, -1))
    return time.strftime("%Y-%m-%d", time.localtime(noon))


def _is_moment(text: str) -> bool:
    hours = text[11:].split(":")
    return len(text) == 10 or (
        text[10:11] in ("T", " ")
        and len(hours) in (2, 3)
        and all(piece.isdecimal() and len(piece) == 2 for piece in hours)
        and int(hours[0]) < 24
        and int(hours[1]) < 60
    )


def council_today() -> str:
    """Today in the council's zone. The C library knows the zones; Python's zoneinfo would cost more than the query."""
    import time

    os.environ["TZ"] = "Europe/London"
    time.tzset()
    return time.strftime("%Y-%m-%d")


def _take(
    arguments: list[str], named: tuple[str, ...], flags: tuple[str, ...], *, anywhere: bool = False
) -> tuple[dict[str, str], list[str]]:
    """Options with their values, and what is left; stops at the first other word unless they may stand anywhere."""
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
