"""The one rule by which text becomes a cell that no spreadsheet takes for a formula, and comes back as it was."""

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫")
"""What a spreadsheet takes, or may take, for the beginning of a formula."""


def escape_formula(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate; read back by `unguarded`."""
    return "'" + text if _is_risky(text) else text


def unescape_formula(text: str) -> str:
    """What was guarded, as it was."""
    return text[1:] if text[:1] == "'" and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    """Apostrophes in front do not count, so that a text which begins with one of its own comes back, too."""
    return text.lstrip("'").startswith(FORMULA_STARTS)
