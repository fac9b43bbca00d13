"""The words that people and events are found by."""

import pytest

from db.engine import search as engine_search


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("SMITH", "smith"), ("Siobhán", "siobhan"), ("ZOË", "zoe"), ("Zoe\N{COMBINING DIAERESIS}", "zoe"),
        ("Núñez", "nunez"), ("Straße", "strasse"), ("İpek", "ipek"), ("Łukasz", "lukasz"),
        ("Paweł", "pawel"), ("Søren", "soren"), ("Yıldız", "yildiz"), ("Đorđe", "dorde"), ("Æthel", "aethel"),
        ("ｍaria", "maria"), ("M\N{CYRILLIC SMALL LETTER A}ria", "maria"), ("\N{GREEK CAPITAL LETTER ALPHA}nn", "ann"),
    ],
)  # fmt: skip
def test_case_and_accents_fold_away(text: str, folded: str) -> None:
    assert engine_search.fold_text(text) == folded


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("O'Brien", "obrien"), ("O’Brien", "obrien"), ("Smith-Jones", "smithjones"), ("a@b", "a@b"),
        ("rachel.wilson@x.org", "rachelwilson@xorg"), ("01472", "01472"), ("%_*\\\"'(", ""), ("\x1b[31m", "31m"),
        ("Zoë-Ann", "zoeann"),
    ],
)  # fmt: skip
def test_a_word_is_its_letters_digits_and_at_sign(text: str, bare: str) -> None:
    assert engine_search.fold_to_letters(text) == bare


@pytest.mark.parametrize(
    ("typed", "pieces"),
    [
        ("", []), ("  ", []), ("smi jo", ["smi", "jo"]), ("NEAR(", ["near"]), ("a AND", ["a", "and"]), ("-x", ["x"]),
        ("@", []), ("' \" % _ * ( \\", []), ("Siobhán", ["siobhan"]),
    ],
)  # fmt: skip
def test_what_is_typed_is_text_and_never_syntax(typed: str, pieces: list[str]) -> None:
    assert engine_search.split_fragments(typed) == pieces


def test_a_hyphenated_name_is_found_whole_and_in_its_parts() -> None:
    assert engine_search.searchable_words(["Claire", "Smith-Jones", None, ""]) == [
        "claire",
        "smithjones",
        "smith",
        "jones",
    ]
    assert engine_search.searchable_words(["Zoë-Ann d’Souza"]) == ["zoeann", "zoe", "ann", "dsouza", "d", "souza"]


def test_a_telephone_number_is_found_in_one_piece_and_by_its_parts() -> None:
    found = engine_search.person_words(
        "Jo", "Smith", "jo@x.org", "100023", "Police", "Night team", "01472 123", "Officer", "", ""
    )
    assert {
        "jo",
        "smith",
        "jo@xorg",
        "100023",
        "police",
        "night",
        "team",
        "01472",
        "123",
        "01472123",
        "officer",
    } <= set(found)


@pytest.mark.parametrize(
    ("typed", "name", "begins"),
    [
        (["smi", "jo"], "Jo Smith", True), (["jones"], "Smith-Jones", True), (["mith"], "Smith", False),
        (["smith", "zo"], "Jo Smith", False), ([], "anybody", True),
    ],
)  # fmt: skip
def test_every_fragment_begins_some_word(typed: list[str], name: str, begins: bool) -> None:
    assert engine_search.matches_fragments(typed, [name]) is begins


@pytest.mark.parametrize("prefix", ["a", "smith", "z", "9", "é", "ж", "a@b"])
def test_after_is_the_end_of_everything_that_begins_so(prefix: str) -> None:
    end = engine_search.end_of_prefix(prefix)
    assert prefix < prefix + "zzz\N{LATIN SMALL LETTER Z WITH CARON}" < end
    assert not end.startswith(prefix)


def test_people_sort_by_surname_whatever_the_case_or_accents() -> None:
    names = [("Zoë", "Adams"), ("Ann", "ÁDAMS"), ("Bo", "de la Cruz"), ("", "Cher")]
    assert sorted(names, key=lambda name: engine_search.sort_key(*name)) == [
        ("Ann", "ÁDAMS"), ("Zoë", "Adams"), ("", "Cher"), ("Bo", "de la Cruz"),
    ]  # fmt: skip


def test_the_joined_words_let_like_find_the_beginning_of_each() -> None:
    assert engine_search.join_words(["smith", "jo"]) == " smith jo "
