"""Web pages that stand alone: one file, nothing fetched from anywhere, fit to print. Stored text is only ever text."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from db.records import Cell, Report

BAR = 160
"""Pixels of the longest bar."""
_HIDDEN = dict.fromkeys(
    (
        *range(9),
        *range(11, 32),
        *range(0x7F, 0xA0),
        0x61C,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ),
    "\N{REPLACEMENT CHARACTER}",
)
_STYLE = """
:root{color-scheme:light;--ink:#1b1f24;--quiet:#57606a;--line:#d0d7de;--bar:#1f6f8b}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:#fff;max-width:62rem;margin:2rem auto;
padding:0 1rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .2rem}h2{font-size:1.1rem;margin:2rem 0 .4rem}h3{margin:1.2rem 0 .2rem}
p{margin:.2rem 0}.quiet{color:var(--quiet);font-size:.9rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;font-size:.85rem;color:var(--quiet)}td.n,th.n{text-align:right;white-space:nowrap}
svg{display:block;margin-top:.35rem}rect{fill:var(--bar)}
@media print{body{margin:0;max-width:none}section{break-inside:avoid}
rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def page(title: str, body: Iterable[str]) -> bytes:
    """A whole page around pieces of HTML that are safe already; it may load and run nothing at all."""
    head = (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    return (head + "\n".join(body) + "\n</body>\n</html>\n").encode()


def safe(value: object) -> str:
    """Stored text as HTML shows it: never a tag, and no letter that hides or turns round what stands beside it."""
    return escape(str(value).translate(_HIDDEN))


def report(found: Report, heading: str, *, headings: dict[str, str], percents: Sequence[str], no_data: str) -> bytes:
    """A report with a table and bars for each thing its figures are broken down by.

    `headings` are the words for columns, `percents` the columns in percent, `no_data` what is said for no answers.
    """
    body = [f"<h1>{safe(found.title)}, {safe(found.period)}</h1>", f'<p class="quiet">{safe(heading)}</p>']
    for by, rows in groupby(found.rows, key=lambda row: row[0]):
        body.append(f"<section>\n<h2>{safe(by)}</h2>")
        body.append(_table(found, list(rows), headings, percents, no_data))
        body.append("</section>")
    if not found.rows:
        body.append("<p>Nothing to report.</p>")
    body += [f'<p class="quiet">{safe(note)}</p>' for note in found.notes]
    return page(f"{found.title}, {found.period}", body)


def _table(
    found: Report, rows: list[tuple[Cell, ...]], headings: dict[str, str], percents: Sequence[str], no_data: str
) -> str:
    asked = found.columns.index("invited") if "invited" in found.columns else None
    shown = {
        place: name
        for place, name in enumerate(found.columns)
        if place and any(row[asked if name == "percent" and asked else place] is not None for row in rows)
    }
    lines = ["<table>", "<tr>" + "".join(_head(name, headings) for name in shown.values()) + "<th></th></tr>"]
    bars = found.columns.index(found.bars)
    most = max([*(value for row in rows if isinstance(value := row[bars], int | float)), 1])
    for row in rows:
        cells = []
        for place, name in shown.items():
            value = row[place]
            if value is None:
                said = no_data if name == "percent" and asked and row[asked] is not None else ""
            else:
                said = f"{value} %" if name in percents else f"{value:,}" if isinstance(value, int | float) else value
            number = isinstance(value, int | float) or name in (*percents, "baseline")
            cells.append(f'<td class="n">{safe(said)}</td>' if number else f"<td>{safe(said)}</td>")
        cells.append(f"<td>{_bar(row[bars], most)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _head(name: str, headings: dict[str, str]) -> str:
    words = "" if name == "name" else headings.get(name, name.replace("_", " "))
    return f"<th>{safe(words)}</th>" if name in ("name", "stage", "source") else f'<th class="n">{safe(words)}</th>'


def _bar(value: Cell, most: float) -> str:
    if not isinstance(value, int | float):
        return ""
    wide = round(BAR * value / most)
    return f'<svg width="{BAR}" height="12" role="img" aria-label="{value:,}"><rect width="{wide}" height="12"/></svg>'
