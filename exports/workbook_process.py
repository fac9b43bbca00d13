"""Reads one sheet of a workbook in a process of its own: the bytes come on stdin, JSON goes to stdout.

The library that reads workbooks ends the whole process for some damaged ones, and takes all memory for others. Run as a
script; it imports nothing of the program, so that it starts at once.
"""

import io
import json
import sys
from datetime import date, datetime, time, timedelta

MEMORY = 1_500_000_000
"""The most bytes of memory."""
SECONDS = 120
"""The most seconds of computing."""


def limit_process() -> None:
    """Limit the memory and the computing time of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the process is apart there, too
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cell_as_typed(value: object) -> str:
    """Return a cell as it would be typed: whole numbers without a point, dates as 2017-04-25, times as 09:30."""
    match value:
        case str():
            return value
        case bool():
            return "Yes" if value else "No"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta() if timedelta() <= value < timedelta(days=1):
            return f"{(datetime.min + value).time():%H:%M}"
        case _:
            return str(value)


def read_sheet(data: bytes, wanted: str) -> dict[str, object]:
    """Return the names of the sheets, of the filled ones, the one that was chosen and its rows.

    `wanted` names a sheet; without it the only filled one is chosen. No rows are returned where none can be chosen.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [each for each in book.sheets_metadata if each.typ is calamine.SheetTypeEnum.WorkSheet]
        named = [each.name for each in sheets]
        if wanted:
            filled = [each for each in named if each.casefold() == wanted.strip().casefold()]
        else:
            visible = [each.name for each in sheets if each.visible is calamine.SheetVisibleEnum.Visible]
            filled = [each for each in visible if book.get_sheet_by_name(each).height]
        found: dict[str, object] = {"sheets": named, "filled": filled}
        if len(filled) == 1:
            found["rows"] = [
                [cell_as_typed(value) for value in row] for row in book.get_sheet_by_name(filled[0]).to_python(False)
            ]
    except (calamine.CalamineError, OSError, ValueError) as fault:
        return {"fault": str(fault).splitlines()[0] if str(fault) else type(fault).__name__}
    return found


if __name__ == "__main__":
    limit_process()
    json.dump(read_sheet(sys.stdin.buffer.read(), sys.argv[1]), sys.stdout)
