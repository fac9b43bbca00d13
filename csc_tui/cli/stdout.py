"""The only writer to stdout: rows and cards as a table, plain lines, CSV or JSON. Imports nothing heavy.

`table` is for a person at a terminal, `plain` is tab-separated for a pipe, `csv` and `json` hold every row in full.
"""

from __future__ import annotations

import sys

from csc_tui.base.text import clean_text
from db.errors import ServiceUnreachable

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Iterable, Mapping, Sequence

FORMATS = ("table", "plain", "csv", "json")


class OutputFailed(ServiceUnreachable):
    """Raised when the output cannot be written, as to a full disk."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The output could not be written ({why}). If this was a change, it was made: csc history shows it. Send "
            "the output elsewhere to see the rest."
        )


def default_format() -> str:
    """Return `table` on a terminal, `plain` in a pipe."""
    return "table" if sys.stdout.isatty() else "plain"


def print_rows(
    form: str, columns: Sequence[str], found: Sequence[Sequence[object]], *, leaving: Sequence[str] | None = None
) -> None:
    """Print rows with a value for each column; a narrow table may drop the columns in `leaving`."""
    if form == "json":
        _json([dict(zip(columns, map(_safe, row), strict=True)) for row in found])
    elif form == "csv":
        _csv([columns, *found])
    elif form == "plain":
        _write("".join("\t".join(map(_word, row)) + "\n" for row in found))
    elif found:
        _write(_table(columns, found, leaving))


def print_records(
    form: str, kind: type, found: Iterable[object], columns: Sequence[str] = (), *, leaving: Sequence[str] | None = None
) -> None:
    """Print frozen records; the columns are the record's fields, but for a remedy, unless other names are given, in
    the same order."""
    names: tuple[str, ...] = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    fields = tuple(name for name in names if name != "remedy")  # that is part of a sentence, in the words of a face
    print_rows(
        form, columns or fields, [tuple(getattr(each, name) for name in fields) for each in found], leaving=leaving
    )


def record_mappings(found: Iterable[object], fields: Sequence[str] = ()) -> list[dict[str, object]]:
    """Return records as mappings for a card, with all of their fields or those named."""
    return [
        {name: getattr(each, name) for name in fields or tuple(each.__dataclass_fields__)}  # type: ignore[attr-defined]
        for each in found
    ]


def print_card(form: str, values: Mapping[str, object]) -> None:
    """Print one thing as an object in JSON, as `field,value` in CSV, else as its fields with its lists below them."""
    if form == "json":
        _json({key: _safe(value) for key, value in values.items()})
        return
    if form == "csv":
        _csv([("field", "value"), *_flat(values)])
        return
    plain = {key: _word(value) for key, value in values.items() if not isinstance(value, list)}
    width = max(map(len, plain))
    for key, word in plain.items():
        if word:
            said = _wrapped(word, width + 2) if form == "table" else word
            _write(f"{key.replace('_', ' '):<{width}}  {said}\n")
    for key, value in values.items():
        if isinstance(value, list):
            _write(f"\n{key.replace('_', ' ')}: {len(value) or 'none'}\n")
            if value:
                found = [list(each.values()) for each in value]
                _write(_table(list(value[0]), found) if form == "table" else _aligned(list(value[0]), found))


def print_lines(text: str) -> None:
    """Print text that is already laid out, such as a month grid, each line made safe."""
    _write("".join(clean_text(line) + "\n" for line in text.splitlines()))


def print_stream(form: str, columns: Sequence[str], found: Iterable[Sequence[object]]) -> int:
    """Print a list of any length as it comes, as `csv` or `json`, and return how many rows it had."""
    import json
    from itertools import islice

    rest, number = iter(found), 0
    if form == "csv":
        _csv([columns])
    while batch := list(islice(rest, 500)):
        if form == "csv":
            _csv(batch)
        else:
            named = (dict(zip(columns, map(_safe, row), strict=True)) for row in batch)
            lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in named)
            _write(("," if number else "[") + "\n" + lines)
        number += len(batch)
    if form != "csv":
        _write("\n]\n" if number else "[]\n")
    return number


def _table(columns: Sequence[str], found: Sequence[Sequence[object]], leaving: Sequence[str] | None = None) -> str:
    from csc_tui.cli import tables

    width = tables.terminal_width()
    return (
        tables.fitted_table(columns, found, width)
        if leaving is None
        else tables.fitted_table(columns, found, width, leaving)
    )


def _wrapped(value: str, indent: int) -> str:
    from csc_tui.cli import tables

    return f"\n{' ' * indent}".join(tables.wrapped_lines(value, tables.terminal_width() - indent))


def _aligned(columns: Sequence[str], found: Sequence[Sequence[object]]) -> str:
    from csc_tui.cli import tables

    return tables.aligned_table(columns, found)


def _flat(values: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    """Yield a card's fields, and each field of each item of its lists as `roster 2 name`."""
    for key, value in values.items():
        if isinstance(value, list):
            for number, each in enumerate(value, 1):
                for name, said in each.items():
                    yield f"{key} {number} {name}", said
        else:
            yield key, value


def _word(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else clean_text(value)


def _safe(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_safe(each) for each in value]
    if isinstance(value, dict):
        return {key: _safe(each) for key, each in value.items()}
    if value is None or isinstance(value, bool | int | float):
        return value
    return "\n".join(map(clean_text, value.split("\n"))) if isinstance(value, str) else clean_text(value)


def _json(value: object) -> None:
    import json  # 7 ms that a plain look-up does not pay

    _write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _csv(found: Iterable[Sequence[object]]) -> None:
    import csv
    from io import StringIO

    from exports.cells import escape_formula

    sheet = StringIO()
    csv.writer(sheet, lineterminator="\n").writerows([escape_formula(_word(value)) for value in row] for row in found)
    _write(sheet.getvalue())


def _write(text: str) -> None:
    """Write to stdout. Raises BrokenPipeError, which is the reader's wish, and OutputFailed."""
    try:
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:
            encoding = sys.stdout.encoding or "ascii"
            sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        from db.records.os_faults import describe_os_fault

        raise OutputFailed(describe_os_fault(fault)) from fault
