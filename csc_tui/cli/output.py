"""The only writer to stdout: rows and cards as a table, plain lines, CSV or JSON. Imports nothing heavy.

`table` is for a person at a terminal, `plain` is tab-separated for a pipe, `csv` and `json` hold every row in full.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence

from csc_tui.text import clean

FORMATS = ("table", "plain", "csv", "json")
Value = object


def default_format() -> str:
    """`table` on a terminal, `plain` in a pipe."""
    return "table" if sys.stdout.isatty() else "plain"


def rows(form: str, columns: Sequence[str], found: Sequence[Sequence[Value]]) -> None:
    """Print a list; each row has one value for each column."""
    if form == "json":
        _json([dict(zip(columns, map(_safe, row), strict=True)) for row in found])
    elif form == "csv":
        _csv([columns, *found])
    elif form == "plain":
        _write("".join("\t".join(map(clean, row)) + "\n" for row in found))
    else:
        _write(table(columns, found))


def records(form: str, kind: type, found: Iterable[object], columns: Sequence[str] = ()) -> None:
    """Print frozen records; the columns are the record's fields unless other names are given, in the same order."""
    fields: tuple[str, ...] = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    rows(form, columns or fields, [tuple(getattr(each, name) for name in fields) for each in found])


def mappings(found: Iterable[object], fields: Sequence[str] = ()) -> list[dict[str, Value]]:
    """Records as the mappings a card shows as a list; all of their fields, or those named."""
    return [
        {name: getattr(each, name) for name in fields or tuple(each.__dataclass_fields__)}  # type: ignore[attr-defined]
        for each in found
    ]


def card(form: str, values: Mapping[str, Value]) -> None:
    """Print one thing: an object in JSON; else its fields, then each list in it under its own heading."""
    if form == "json":
        _json({key: _safe(value) for key, value in values.items()})
        return
    plain = [(key, value) for key, value in values.items() if not isinstance(value, list)]
    if form == "csv":
        _csv([("field", "value"), *plain])
        return
    width = max(len(key) for key, _ in plain)
    _write("".join(f"{clean(key.replace('_', ' ')):<{width}}  {clean(value)}\n" for key, value in plain))
    for key, value in values.items():
        if isinstance(value, list):
            _write(f"\n{key.replace('_', ' ')}: {len(value) or 'none'}\n")
            if value:
                _write(table(list(value[0]), [list(each.values()) for each in value]))


def lines(text: str) -> None:
    """Print what is already laid out, such as a month grid; each line is made safe."""
    _write("".join(clean(line) + "\n" for line in text.splitlines()))


def table(columns: Sequence[str], found: Sequence[Sequence[Value]]) -> str:
    """Aligned columns under their headings; numbers to the right, columns that are empty throughout left out."""
    texts = [[clean(value) for value in row] for row in found]
    kept = [i for i in range(len(columns)) if any(row[i] for row in texts)]
    numeric = {i for i in kept if all(isinstance(row[i], int) and not isinstance(row[i], bool) for row in found)}
    widths = {i: max(len(columns[i]), *(len(row[i]) for row in texts)) for i in kept}

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cells[i].rjust(widths[i]) if i in numeric else cells[i].ljust(widths[i]) for i in kept
        ).rstrip()

    headings = [name.replace("_", " ") for name in columns]
    return "\n".join([line(headings), *map(line, texts)]) + "\n" if kept else ""


def _safe(value: Value) -> Value:
    if isinstance(value, list | tuple):
        return [_safe(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _safe(each) for key, each in value.items()}
    return value if value is None or isinstance(value, bool | int | float) else clean(value)


def _json(value: Value) -> None:
    import json  # 7 ms that a plain look-up does not pay

    _write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _csv(found: Sequence[Sequence[Value]]) -> None:
    import csv

    csv.writer(sys.stdout, lineterminator="\n").writerows([guarded(clean(value)) for value in row] for row in found)


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: a leading = + - @ (or look-alike) gets an apostrophe."""
    return "'" + text if text[:1] in _FORMULA_STARTS else text


_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
