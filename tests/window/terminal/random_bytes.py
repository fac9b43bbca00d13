"""Bytes that terminals send, whole, cut anywhere and mixed."""

from random import Random

WHOLE = (
    b"\x1b[A", b"\x1bOP", b"\x1b[1;5C", b"\x1b[3~", b"\x1b[24;2~", b"\x1b[Z", b"\x1b\x1b[A", b"\x1ba",  # keys
    b"\x1b[97u", b"\x1b[97;5u", b"\x1b[57441;2u", b"\x1b[97:65;2;65u", b"\x1b[1114112u", b"\x1b[55296;;55296u",
    b"\x1b[99999999999999999999u", b"\x1b[0;0;0u", b"\x1b[27;2;13~", b"\x1b[;;;u", b"\x1b[1;1:3A",  # kitty keys
    b"\x1b[<0;10;5M", b"\x1b[<0;10;5m", b"\x1b[<35;999;999M", b"\x1b[<64;1;1M", b"\x1b[<0;-1;-5M",
    b"\x1b[<99999999999;99999999999;99999999M", b"\x1b[M !!", b"\x1b[M\xff\xff\xff", b"\x1b[32;10;10M",  # the mouse
    b"\x1b[I", b"\x1b[O",  # focus
    b"\x1b[?2026;2$y", b"\x1b[?2048;1$y", b"\x1b[48;24;80;0;0t", b"\x1b[48;24;80;480;640t",
    b"\x1b[48;99999999;99999999;1;1t", b"\x1b[48;0;0;0;0t", b"\x1b[10;10R", b"\x1b[?62;22c", b"\x1b[>0;276;0c",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\", b"\x1b]52;c;YWJj\x07", b"\x1bP1$r0m\x1b\\", b"\x1b_Gi=1;OK\x1b\\",  # reports
    b"\x1b[200~some text\x1b[201~", b"\x1b[200~two\r\nlines\x1b[201~", b"\x1b[200~\x1b[31mred\x1b[0m\x1b[201~",
    b"\x1b[200~\x1b[201~", b"\x1b[201~", b"\x1b[200~never ends", b"\x1b[200~\x1b[200~twice\x1b[201~",  # pastes
    "é£’".encode(), "é£’".encode("cp1252"), "é£".encode("latin-1"), b"\xf0\x9f\x98\x80", b"\xf0\x9f", b"\xed\xa0\x80",
    b"\xff\xfe", b"\x00", b"\x7f", b"\x1b", b"\t", b"\r", b"\n", b"\x8f\x9b0m", b"susan", b"12", b"\x10", b"\x0c",
)  # fmt: skip


def random_bytes(random: Random) -> bytes:
    """Return one to five pieces, each whole, cut somewhere, or of no meaning at all."""
    pieces = []
    for _ in range(random.randint(1, 5)):
        piece = random.choice(WHOLE)
        match random.randint(0, 5):
            case 0:
                piece = piece[: random.randint(0, len(piece))]
            case 1:
                piece = piece[random.randint(0, len(piece)) :]
            case 2:
                piece = random.randbytes(random.randint(1, 12))
            case 3:
                place = random.randint(0, len(piece))
                piece = piece[:place] + random.randbytes(1) + piece[place:]
        pieces.append(piece)
    return b"".join(pieces)


def random_reads(random: Random, data: bytes) -> list[bytes]:
    """Return the bytes as they may be read: at once, or in a few pieces."""
    cuts = sorted(random.randint(0, len(data)) for _ in range(random.randint(0, 3)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
