"""The one rule that keeps text in a spreadsheet from becoming a formula, and restores it when it is read."""

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫")
"""The signs with which a spreadsheet begins, or may begin, a formula."""


def escape_formula(text: str) -> str:
    """Return the text, with an apostrophe before it where a spreadsheet would take it for a formula.

    unescape_formula() reverses it.
    """
    return "'" + text if _is_risky(text) else text


def unescape_formula(text: str) -> str:
    """Return the text as it was before escape_formula()."""
    return text[1:] if text[:1] == "'" and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    """Return whether the text begins like a formula; leading apostrophes are skipped.

    So a text that begins with an apostrophe of its own is escaped and restored, too.
    """
    return text.lstrip("'").startswith(FORMULA_STARTS)
