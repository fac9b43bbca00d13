"""Web pages in one file that fetches nothing and can be printed. Stored text is always escaped."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import groupby

from db.records.calendar import PublicCourse, PublicProgramme, PublicSession
from db.records.catalogue import Resource
from db.records.reports import Report, ReportCell
from exports.unsafe_characters import make_unsafe_table

BAR = 160
"""Length of the longest bar in pixels."""
HIGH, STEP = 80, 48
"""Pixels: the height of the highest month, and the distance from one month to the next."""
_SHOWN = make_unsafe_table("\N{REPLACEMENT CHARACTER}", {"\t": "\t", "\n": "\n"})
_STYLE = """
:root{color-scheme:light}
body{font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;max-width:62rem;margin:2rem auto;
padding:0 1rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .2rem}h2{font-size:1.1rem;margin:2rem 0 .4rem}h3{margin:1.2rem 0 .2rem}
p{margin:.2rem 0}.quiet{color:#57606a;font-size:.9rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem .25rem 0;border-bottom:1px solid #d0d7de;text-align:left;vertical-align:top}
th{font-weight:600;font-size:.85rem;color:#57606a}td.n,th.n{text-align:right;white-space:nowrap}
svg{display:block;margin-top:.35rem}rect{fill:#1f6f8b}svg text{font-size:11px;fill:#57606a}
@media print{body{margin:0;max-width:none}section{break-inside:avoid}
rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def render_page(title: str, body: Iterable[str]) -> bytes:
    """Return a complete page around pieces of HTML that are safe already; it can neither load nor run anything."""
    head = (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape_html(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    return (head + "\n".join(body) + "\n</body>\n</html>\n").encode()


def escape_html(value: object) -> str:
    """Return stored text as HTML: without tags, and without characters that hide or reorder others."""
    return escape(str(value).translate(_SHOWN))


def render_report_page(
    found: Report, heading: str, *, headings: dict[str, str], percents: Sequence[str], no_data: str
) -> bytes:
    """Return a report as a page, with a table and bars for each breakdown of its figures.

    `headings` are the words for columns, `percents` the columns in percent, `no_data` the words for no answers.
    """
    title = ", ".join(filter(None, (found.title, found.period)))  # some reports have no period
    body = [f"<h1>{escape_html(title)}</h1>", f'<p class="quiet">{escape_html(heading)}</p>']
    body += _trend(found)
    for by, rows in groupby(found.rows, key=lambda row: row[0]):
        body.append(f"<section>\n<h2>{escape_html(by)}</h2>")
        body.append(_table(found, list(rows), headings, percents, no_data))
        body.append("</section>")
    if not found.rows:
        body.append("<p>Nothing to report.</p>")
    body += [f'<p class="quiet">{escape_html(note)}</p>' for note in found.notes]
    return render_page(title, body)


def _table(
    found: Report, rows: list[tuple[ReportCell, ...]], headings: dict[str, str], percents: Sequence[str], no_data: str
) -> str:
    asked = found.columns.index("invited") if "invited" in found.columns else None
    shown = {
        place: name
        for place, name in enumerate(found.columns)
        if place and any(row[asked if name == "percent" and asked else place] is not None for row in rows)
    }
    lines = ["<table>", "<tr>" + "".join(_head(name, headings) for name in shown.values()) + "<th></th></tr>"]
    bars = found.columns.index(found.bars) if found.bars else 0
    most = max([*(value for row in rows if isinstance(value := row[bars], int | float)), 1])
    for row in rows:
        cells = []
        for place, name in shown.items():
            value = row[place]
            if value is None:
                text = no_data if name == "percent" and asked and row[asked] is not None else ""
            else:
                text = f"{value} %" if name in percents else f"{value:,}" if isinstance(value, int | float) else value
            number = isinstance(value, int | float) or name in (*percents, "baseline")
            cells.append(f'<td class="n">{escape_html(text)}</td>' if number else f"<td>{escape_html(text)}</td>")
        cells.append(f"<td>{_bar(row[bars], most)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _head(name: str, headings: dict[str, str]) -> str:
    words = "" if name == "name" else headings.get(name, name.replace("_", " "))
    return (
        f"<th>{escape_html(words)}</th>"
        if name in ("name", "stage", "source")
        else f'<th class="n">{escape_html(words)}</th>'
    )


def _trend(found: Report) -> list[str]:
    """Return a chart of the people who attended, one bar for each month."""
    if not any(people for _, people in found.trend):
        return []
    most = max(people for _, people in found.trend)
    bars = []
    for place, (month, people) in enumerate(found.trend):
        high = round(HIGH * people / most)
        x = place * STEP
        bars.append(
            f'<rect x="{x}" y="{HIGH + 14 - high}" width="{STEP - 8}" height="{high}"/>'
            f'<text x="{x}" y="{HIGH + 10 - high}">{people:,}</text>'
            f'<text x="{x}" y="{HIGH + 28}">{escape_html(_month(month))}</text>'
        )
    wide, said = STEP * len(found.trend), ", ".join(f"{_month(month)} {people:,}" for month, people in found.trend)
    svg = f'<svg width="{wide}" height="{HIGH + 32}" role="img" aria-label="{escape_html(said)}">{"".join(bars)}</svg>'
    return ["<section>", "<h2>people who attended, by month</h2>", svg, "</section>"]


def _month(text: str) -> str:
    return f"{date.fromisoformat(text + '-01'):%b}"


def _bar(value: ReportCell, most: float) -> str:
    if not isinstance(value, int | float):
        return ""
    wide = round(BAR * value / most)
    return f'<svg width="{BAR}" height="12" role="img" aria-label="{value:,}"><rect width="{wide}" height="12"/></svg>'


def render_programme_page(found: PublicProgramme) -> bytes:
    """Return the public page of a programme year: the courses, and when and where each is held."""
    title = f"{found.name}: programme {found.year}"
    body = [f"<h1>{escape_html(title)}</h1>", f"<p>{escape_html(found.description)}</p>"]
    body.append(_whole_year(found.sessions))
    for strand in found.strands:
        courses = [each for each in found.courses if each.strand == strand.name]
        body += [f"<section>\n<h2>{escape_html(strand.name)}</h2>", f"<p>{escape_html(strand.description)}</p>"]
        links = [each for each in found.resources if each.strand == strand.name and not each.course]
        body.append(_links(links))
        for course in courses:
            body.append(_course(course, found))
        body.append("</section>")
    body.append(f'<p class="quiet">To ask for a place: {escape_html(found.contact)}</p>')
    return render_page(title, filter(None, body))


def _whole_year(sessions: Sequence[PublicSession]) -> str:
    """Return the dates of the year, month by month."""
    dated = sorted((each for each in sessions if each.date), key=lambda each: (each.date, each.start, each.event))
    if not dated:
        return "<p>Dates will be published in the coming weeks.</p>"
    lines = []
    for month, sessions_of_month in groupby(dated, key=lambda each: f"{each.date:%B %Y}"):
        days = dict.fromkeys(f"{_day(each.date)}: {each.title}" for each in sessions_of_month)
        listed = "".join(f"<li>{escape_html(day)}</li>" for day in days)
        lines.append(f"<details><summary>{escape_html(month)} ({len(days)})</summary><ul>{listed}</ul></details>")
    return "<section>\n<h2>The year by date</h2>\n" + "\n".join(lines) + "\n</section>"


def _course(course: PublicCourse, found: PublicProgramme) -> str:
    sessions = [each for each in found.sessions if each.course == course.code]
    hours = f"{course.minutes / 60:g} hour{'' if course.minutes == 60 else 's'}" if course.minutes else ""
    about = ". ".join(filter(None, (f"For {_lower(course.audience)}" if course.audience else "", hours)))
    lines = [f"<h3>{escape_html(course.title)}</h3>", f"<p>{escape_html(course.description)}</p>"]
    lines.append(f'<p class="quiet">{escape_html(about)}</p>' if about else "")
    lines.append(_links([each for each in found.resources if each.course == course.code]))
    if not sessions:
        return "\n".join([*filter(None, lines), "<p>No dates yet.</p>"])
    lines.append("<table>\n<tr><th>Event</th><th>Session</th><th>Date</th><th>Time</th><th>Where</th></tr>")
    for _, its in groupby(sessions, key=lambda each: each.event):
        for place, each in enumerate(its):
            event = f"{each.event} {each.title}" if place == 0 else ""
            cells = (event, each.module or str(each.number), _day(each.date), _hours(each), _where(each))
            lines.append("<tr>" + "".join(f"<td>{escape_html(cell)}</td>" for cell in cells) + "</tr>")
    return "\n".join([*filter(None, lines), "</table>"])


def _links(resources: Sequence[Resource]) -> str:
    """Return web pages as links; a document only where it is on the web."""
    found = []
    for each in resources:
        if where := each.web_address:
            edition = f" ({each.edition})" if each.edition else ""
            found.append(
                f'<li><a href="{escape_html(where)}" rel="noopener">{escape_html(each.title + edition)}</a></li>'
            )
    return f"<ul>{''.join(found)}</ul>" if found else ""


def _day(day: date | None) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}" if day else "to be confirmed"


def _hours(each: PublicSession) -> str:
    return f"{each.start:%H:%M} to {each.end:%H:%M}" if each.start and each.end else ""


def _where(each: PublicSession) -> str:
    return ", ".join(filter(None, (each.room, each.venue, each.address, each.postcode)))


def _lower(text: str) -> str:
    """Return the text as it is written within a sentence: `staff of schools`, but `NHS staff`."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
