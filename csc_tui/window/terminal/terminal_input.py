"""The bytes of a terminal as keys, pastes, clicks and reports, read so that none of them closes the window.

The bytes are cut into whole sequences here, and Textual's parser says what each means. Given a sequence that it does
not know or that was cut, it would type its letters, and an escape key with a letter right behind it would be lost.
"""

import re
from collections.abc import Iterator

from textual._xterm_parser import XTermParser  # the parser of LinuxDriver; there is no public name for it
from textual.events import Key, Paste, Resize
from textual.message import Message

ESCAPE = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
KEY_SILENCE = 0.1
"""Seconds of silence after which an escape is the escape key, and the rest of a letter does not come."""
LOST_SILENCE = 1.0
"""Seconds of silence after which the end of a paste or of a sequence was lost."""
MOST_CELLS = 1000
"""The most columns or lines that a terminal may claim to have."""
LONGEST = 64
"""The most characters of a sequence that means anything."""
WORD_KEYS = {"f": "ctrl+right", "b": "ctrl+left", "\x7f": "ctrl+w", "\t": "shift+tab"}
"""Letter right behind an escape -> the key it means in a field: Macs send these for alt with an arrow."""

_WHOLE = re.compile(r"\x1b(?:\[(?:M.{3}|\[.|[0-?]*[ -/]*[@-LN-Z\\-~]|[0-?]+[ -/]*M)|O.)", re.DOTALL)
_BEGUN = re.compile(r"\x1b(?:\[(?:M.{0,2}|\[|[0-?]*[ -/]*)|O)", re.DOTALL)
_HALF_LETTERS = re.compile("[\ud800-\udfff]")


class OtherEncoding(Message):
    """Says that the terminal sends letters in another encoding than UTF-8."""


class JoinedKeys(Key):
    """An escape and a key that came right behind it, which in a field may be one key that moves by a word."""

    def __init__(self, in_field: str, parts: list[Key]) -> None:
        super().__init__(in_field, None)
        self.parts = parts


class TerminalInput:
    """Turns bytes into messages of Textual; times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._parser = XTermParser()
        self._bytes = b""
        self._sequence = ""
        self._pasted: str | None = None
        self._read_at = 0.0
        self._foreign = self._told_encoding = False

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """Yield the messages that end with these bytes."""
        self._read_at = now
        yield from self._read(self._decode(data))

    def tick(self, now: float) -> Iterator[Message]:
        """Yield what is complete because nothing came after it; to be called a few times a second."""
        silence = now - self._read_at
        if silence >= KEY_SILENCE:
            yield from self._read(self._decode(b"", final=True))
            if self._sequence in (ESCAPE, ESCAPE + "O"):
                letters, self._sequence = self._sequence[1:], ""
                yield Key("escape", ESCAPE)
                yield from self._parse(letters)
        if silence >= LOST_SILENCE:
            self._sequence = ""
            if self._pasted is not None:
                yield from self._end_paste()

    def _decode(self, data: bytes, final: bool = False) -> str:
        """Return the text of the bytes, keeping the beginning of a letter for the next bytes unless they are `final`.

        What is not UTF-8 is read as Windows-1252, which has the letters of Latin-1 in the same places.
        """
        rest, text = self._bytes + data, ""
        while rest:
            try:
                text, rest = text + rest.decode("utf-8"), b""
            except UnicodeDecodeError as fault:
                text += rest[: fault.start].decode("utf-8")
                if fault.end == len(rest) and fault.reason == "unexpected end of data" and not final:
                    rest = rest[fault.start :]
                    break
                text += rest[fault.start : fault.end].decode("cp1252", "replace")
                rest = rest[fault.end :]
                self._foreign = True
        self._bytes = rest
        return text

    def _read(self, text: str) -> Iterator[Message]:
        for letter in text:
            if self._pasted is not None:
                self._pasted += letter
                if letter == PASTE_ENDS[-1] and self._pasted.endswith(PASTE_ENDS):
                    yield from self._end_paste()
            elif self._sequence:
                yield from self._go_on(letter)
            elif letter == ESCAPE:
                self._sequence = ESCAPE
            else:
                yield from self._parse(letter)
        if self._foreign and not self._told_encoding:
            self._told_encoding = True
            yield OtherEncoding()

    def _go_on(self, letter: str) -> Iterator[Message]:
        """Add a letter to the sequence, which may be a whole one now, or none."""
        begun, sequence = self._sequence, self._sequence + letter
        self._sequence = ""
        if _WHOLE.fullmatch(sequence):
            if sequence == PASTE_BEGINS:
                self._pasted = ""
            else:
                yield from self._parse(sequence)
        elif _BEGUN.fullmatch(sequence) and len(sequence) < LONGEST:
            self._sequence = sequence
        elif begun == ESCAPE:
            yield from self._split(letter)
        else:  # the sequence was cut, and another key begins here
            yield from self._read(letter)

    def _split(self, letter: str) -> Iterator[Message]:
        """Yield the escape key and the key behind it."""
        escape = Key("escape", ESCAPE)
        if letter in WORD_KEYS:
            parts = [escape, *(each for each in self._parse(letter) if isinstance(each, Key))]
            yield JoinedKeys(WORD_KEYS[letter], parts)
        else:
            yield escape
            yield from self._read(letter)

    def _end_paste(self) -> Iterator[Message]:
        text, self._pasted = self._pasted or "", None
        mark = next((length for length in range(len(PASTE_ENDS), 0, -1) if text.endswith(PASTE_ENDS[:length])), 0)
        text = _HALF_LETTERS.sub("", text[: len(text) - mark]).replace("\x00", "")
        if text:
            yield Paste(text)

    def _parse(self, sequence: str) -> Iterator[Message]:
        """Yield what a letter or a whole sequence means, or nothing where it means nothing."""
        try:
            found = list(self._parser.feed(sequence)) if sequence else []
        except Exception:  # numbers beyond all bounds, which no terminal sends
            found = []
        if not found:  # it would wait for more
            before, self._parser = self._parser, XTermParser()
            self._parser.mouse_pixels = before.mouse_pixels
            self._parser.terminal_size = before.terminal_size
            self._parser.terminal_pixel_size = before.terminal_pixel_size
        yield from filter(_is_sound, found)


def _is_sound(message: Message) -> bool:
    """Return whether the message can be worked with."""
    if isinstance(message, Key):
        return message.character is None or not _HALF_LETTERS.search(message.character)
    if isinstance(message, Resize):
        return 0 < message.size.width <= MOST_CELLS and 0 < message.size.height <= MOST_CELLS
    return True
