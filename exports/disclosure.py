"""Everything held on one person as a file, for a program or for the person to read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from exports.pages import escape_html, render_page
from exports.unsafe_characters import JSON_ESCAPES


def render_disclosure_json(found: Mapping[str, Any]) -> bytes:
    """Return one JSON object with a list for each kind of row; characters that hide or reorder others are escaped."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    return (text.translate(JSON_ESCAPES) + "\n").encode("utf-8", "replace")


def render_disclosure_html(found: Mapping[str, Any]) -> bytes:
    """Return an HTML page with a heading for each kind of row, and the fields of each row that are not empty."""
    facts = {name: value for name, value in found.items() if not isinstance(value, list)}
    title = f"Information held about {facts['name']}"
    body = [f"<h1>{escape_html(title)}</h1>", *(_line(name, value) for name, value in facts.items() if name != "name")]
    for name, rows in found.items():
        if isinstance(rows, list):
            body += [f"<section>\n<h2>{escape_html(name[:1].upper() + name[1:])}: {len(rows) or 'nothing'}</h2>"]
            body += [*map(_table, rows), "</section>"]
    return render_page(title, body)


def _line(name: str, value: object) -> str:
    return f'<p class="quiet">{escape_html(name.replace("_", " ").capitalize())}: {escape_html(value)}</p>'


def _table(row: Mapping[str, Any]) -> str:
    lines = "".join(
        f"<tr><th>{escape_html(name)}</th><td>{_cell(value)}</td></tr>"
        for name, value in row.items()
        if value not in ("", None)
    )
    return f"<table>{lines}</table><p></p>"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "<br>".join(f"{escape_html(name)}: {_cell(each)}" for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "<br>".join(map(_cell, value))
    return escape_html(value).replace("\n", "<br>")
