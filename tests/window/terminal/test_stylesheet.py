"""The style sheet is parsed once for each set of variables."""

import pytest
from textual.css import parse as css_parse
from textual.css import stylesheet

from csc_tui.window.terminal.stylesheet import CachedStylesheet

RULE = "Screen { color: $ink; }"


def test_a_source_is_parsed_again_only_for_other_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = css_parse.parse
    monkeypatch.setattr(
        stylesheet, "parse", lambda scope, css, *rest, **named: parsed.append(css) or parse(scope, css, *rest, **named)
    )
    sheet = CachedStylesheet(variables={"ink": "red"})
    sheet.add_source(RULE)
    sheet.reparse()
    sheet.set_variables({"ink": "red"})
    sheet.reparse()
    assert parsed == [RULE]
    before = sheet.rules[0].styles.color
    sheet.set_variables({"ink": "blue"})
    sheet.reparse()
    assert parsed == [RULE, RULE]
    assert sheet.rules[0].styles.color != before


def test_a_source_that_comes_later_is_parsed_beside_what_was() -> None:
    sheet = CachedStylesheet(variables={"ink": "red"})
    sheet.add_source(RULE, read_from=("one", ""))
    first = sheet.rules
    sheet.add_source("Static { color: $ink; }", read_from=("two", ""))
    assert [*first, *sheet.rules[1:]] == sheet.rules
    assert len(sheet.rules) == 2
