"""Rules about names as files write them: one column split in two, and whether two names are much the same."""

import re
from typing import NamedTuple

from db.engine import search

_TITLES = frozenset((
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "reverend", "sir", "dame", "lord",
    "lady", "cllr", "councillor", "master", "fr", "sr",
))  # fmt: skip
"""Words before a name that are no part of it."""
_LETTERS_BEHIND = frozenset(("msc", "bsc", "ba", "ma", "phd", "rn", "rgn", "obe", "mbe", "cbe", "jp", "qc", "jr", "sw"))
_PARTICLES = frozenset((
    "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin", "ibn",
    "ben", "st", "mac", "mc", "ter", "ten", "zu", "y", "ap", "ab", "ó", "ní", "nic",
))  # fmt: skip
"""Words with which a surname of several words begins."""
_SHORT_NAMES = {
    short: full
    for full, shorts in {
        "robert": "rob bob bobby robbie bert", "william": "will bill billy liam willie", "richard": "rick dick richie",
        "elizabeth": "liz lizzie beth betty eliza libby", "margaret": "maggie meg peggy",
        "katherine": "kate katie kathy kathryn catherine cath cathy kat katharine", "michael": "mike mick mickey",
        "james": "jim jimmy jamie",
        "john": "johnny jack jon", "jonathan": "jonny", "thomas": "tom tommy", "andrew": "andy drew", "anthony": "tony",
        "antony": "ant", "christopher": "chris kit", "christine": "chrissie tina", "david": "dave davey", "edward":
        "ed eddie ted teddy ned", "joseph": "joe joey", "matthew": "matt", "nicholas": "nick nicky", "nicola": "nikki",
        "patricia": "pat patsy tricia trish", "patrick": "paddy", "samuel": "sam sammy", "samantha": "sammie",
        "stephen": "steve steven stevie", "susan": "sue susie suzanne", "timothy": "tim", "victoria": "vicky vicki "
        "tori", "alexander": "alex sandy", "alexandra": "lexi", "benjamin": "ben benny", "daniel": "dan danny",
        "deborah": "deb debbie", "jennifer": "jen jenny", "jacqueline": "jackie", "joanna": "jo joanne", "kenneth":
        "ken kenny", "kimberley": "kim", "pamela": "pam", "peter": "pete", "philip": "phil phillip", "rebecca":
        "becky bex", "ronald": "ron ronnie", "sarah": "sara sally", "theresa": "terry tess teresa", "valerie": "val",
        "gillian": "gill jill", "graham": "graeme", "gregory": "greg", "gerald": "gerry", "geoffrey": "geoff jeff "
        "jeffrey", "frederick": "fred freddie", "francis": "frank", "frances": "fran", "dorothy": "dot", "charles":
        "charlie chuck", "caroline": "carrie", "barbara": "barb babs", "abigail": "abi abby", "amanda": "mandy",
        "angela": "angie", "lawrence": "larry laurence", "leonard": "len", "mohammed": "mohammad muhammad mohamed mo",
        "natalie": "nat", "raymond": "ray", "sandra": "sandie", "simon": "si", "stuart": "stewart", "zachary": "zac",
    }.items()
    for short in shorts.split()
}  # fmt: skip
"""Short and other spellings of forenames -> the one they are compared by."""


class SplitName(NamedTuple):
    """A forename and a surname; `doubtful` where another reading is as good."""

    forename: str
    surname: str
    doubtful: bool


def split_name(text: str) -> SplitName:
    """Split a name such as `Jo Smith`, `SMITH, Jo` or `Dr Jo Smith (she/her)` in two; titles and pronouns are left
    out."""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]|<[^>]*>", " ", text)
    before, comma, after = plain.partition(",")
    if comma and not set(_bare_words(after)) <= _LETTERS_BEHIND:
        return SplitName(_cased(_without_title(after)), _cased(_without_title(before)), doubtful=False)
    words = _without_title(before).split()
    while len(words) > 2 and words[-1].rstrip(".").casefold() in _LETTERS_BEHIND:
        words.pop()
    if len(words) < 2:
        return SplitName("", " ".join(words), doubtful=bool(words))
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if 0 < len(capitals) < len(words) and words[: len(capitals)] == capitals:
        return SplitName(" ".join(words[len(capitals) :]), _cased(" ".join(capitals)), doubtful=False)
    start = next((place for place, word in enumerate(words) if place and word.casefold() in _PARTICLES), len(words) - 1)
    start = min(start, len(words) - 1)
    certain = len(words) == 2 or words[start].casefold() in _PARTICLES
    return SplitName(_cased(" ".join(words[:start])), _cased(" ".join(words[start:])), doubtful=not certain)


def _bare_words(text: str) -> list[str]:
    return [word.strip(".").casefold() for word in text.replace(".", "").split()]


def _without_title(text: str) -> str:
    words = text.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in _TITLES:
        words.pop(0)
    return " ".join(words)


def _cased(text: str) -> str:
    """Return a text in capitals with small letters, such as `O'Neill` for `O'NEILL`; any other stays as it is."""
    if not text.isupper() or len(text) < 2:
        return text
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), text)


def is_only_a_title(text: str) -> bool:
    """Return whether a text is a title such as `Mrs`, and so no job."""
    return text.rstrip(".").casefold() in _TITLES


def name_key(forename: str, surname: str) -> tuple[str, ...]:
    """Return what two names have in common that are much the same.

    It sees through accents, apostrophes, hyphens, blanks, short names and the order of forename and surname.
    """
    parts = (_letters(forename), _letters(surname))
    return tuple(sorted(_SHORT_NAMES.get(part, part) for part in parts))


def shares_a_name(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether two (forename, surname) have at least one of the two in common, as after a marriage."""
    return bool(set(name_key(*one)) & set(name_key(*other)) - {""})


def _letters(text: str) -> str:
    return "".join(letter for letter in search.fold_to_letters(text) if letter.isalnum())
