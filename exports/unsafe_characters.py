"""The one table of characters that a terminal obeys, that reorder other text or that cannot be seen.

Every door asks it: what is shown or written, and what is imported or typed. Imports nothing, because look-ups use it.
U+200C and U+200D join letters of some people's names and are not in it.
"""

UNSAFE_CODES = (
    *range(0x20), 0x7F, *range(0x80, 0xA0),  # C0, DEL, C1
    0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),  # marks, overrides, isolates of direction
    0x00AD, 0x200B, *range(0x2060, 0x2066), *range(0x206A, 0x2070), 0xFEFF,  # of no width
    *range(0xE0000, 0xE0080),  # tags: a text that is not seen at all
)  # fmt: skip
"""The code points of the unsafe characters, blanks such as tab and line feed among them."""

BLANKS = "\t\n\x0b\x0c\r\x85\u2028\u2029"
"""Controls and separators that count as a space where text becomes one line."""

_UNSAFE = frozenset(map(chr, UNSAFE_CODES))
_HIDING = _UNSAFE.difference(BLANKS)


def find_unsafe_character(text: str) -> int | None:
    """Return the position of the first unsafe character that is no blank, to refuse the text; None where it is safe."""
    if text.isascii() and text.isprintable():
        return None
    return next((place for place, letter in enumerate(text) if letter in _HIDING), None)


def make_unsafe_table(replacement: str, blanks: dict[str, str]) -> dict[int, str]:
    """Return the table with which str.translate() strips or replaces every unsafe character, but for these blanks."""
    return dict.fromkeys(UNSAFE_CODES, replacement) | {ord(blank): instead for blank, instead in blanks.items()}


def _json_escape(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + (code - 0x10000 >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


JSON_ESCAPES = {code: _json_escape(code) for code in (*UNSAFE_CODES, 0x2028, 0x2029) if code > 0x1F}
"""Maps unsafe characters of a JSON text to escapes; json.dumps escapes those below U+0020 itself."""
