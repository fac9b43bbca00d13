"""Reading people out of a pasted e-mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_tui.core.booking.pasted_names import PastedEntry, parse_pasted_names


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("", []),
        ("\n  \n", []),
        ("jo@x.org", ["jo@x.org"]),
        ("Jo Smith <jo@x.org>", ["jo@x.org"]),
        ('"Smith, Jo" <jo@x.org>; Bo <bo@x.org>,', ["jo@x.org", "bo@x.org"]),
        ("please book jo@x.org.", ["jo@x.org"]),
        ("'jo@x.org'", ["jo@x.org"]),
        ("mailto:jo@x.org", ["jo@x.org"]),
        ("jo.o'brien@x.org", ["jo.o'brien@x.org"]),
        ("jo@x.org\nJO@X.ORG", ["jo@x.org"]),
        ("Jo Smith", ["Jo Smith"]),
        ("Smith, Jo", ["Jo Smith"]),
        ("van der Berg, Anna", ["Anna van der Berg"]),
        ("Smith, Jo Ann", ["Jo Ann Smith"]),
        ("Smith\tJo\nJo Smith\tEarly Help", ["Jo Smith", "Early Help"]),
        ('"Smith, Jo"', ["Jo Smith"]),
        ("1. 100023", ["100023"]),
        ("---", ["---"]),
        ("Jo Smith, Ann Lee", ["Jo Smith", "Ann Lee"]),
        ("Jo Smith; Lee, Ann", ["Jo Smith", "Ann Lee"]),
        ("- Jo Smith\n* Ann Lee\n• Bo Day\n3) Cy Fox\n(4) Di Fox\n> - Ed Fox", [
            "Jo Smith", "Ann Lee", "Bo Day", "Cy Fox", "Di Fox", "Ed Fox",
        ]),
        ("Mrs Jo Smith\nDr. Ann Lee\nCllr Bo Day", ["Jo Smith", "Ann Lee", "Bo Day"]),
        ("Jo Smith (Early Help)", ["Jo Smith"]),
        ("Jean-Luc O'Brien", ["Jean-Luc O'Brien"]),
        ("100023\n#12", ["100023", "#12"]),
        ("jo smith\nJo Smith", ["jo smith"]),
        ("Jo, Bo, Cy", ["Jo, Bo, Cy"]),  # three single words are no surname and first name
        ("Jo @home\nJo jo@home\nJo jo@@x.org\nJo @x.org", ["Jo @home", "Jo jo@home", "Jo jo@@x.org", "Jo @x.org"]),
        ("jo@localhost", ["jo@localhost"]),  # no address, and left for the search to refuse
    ],
)  # fmt: skip
def test_people_are_read_as_they_are_written_in_mails(pasted: str, read: list[str]) -> None:
    assert [each.reference for each in parse_pasted_names(pasted)] == read


@pytest.mark.parametrize(
    ("line", "shown", "near"),
    [
        ("Jo Smith <jo@x.org>", "Jo Smith", ()),
        ("Smith, Jo <jo@x.org>", "Jo Smith", ()),
        ("van der Berg, Anna <jo@x.org>", "Anna van der Berg", ()),
        ("Jo Smith - jo@x.org", "Jo Smith", ()),
        ("Jo Smith (Early Help) jo@x.org", "Jo Smith", ()),
        ("Bo Lee, Jo Smith <jo@x.org>", "Jo Smith", ("Bo Lee",)),
        ("Bo Lee, Smith, Jo Ann <jo@x.org>", "Jo Ann Smith", ("Bo Lee",)),
        ('"de la Cruz, Jo Ann" <jo@x.org>', "Jo Ann de la Cruz", ()),
        ("Jo Smith, jo@x.org", "", ("Jo Smith",)),
        ("Smith, Jo, jo@x.org", "", ("Jo Smith",)),
        ("Smith\tJo\tjo@x.org", "", ("Jo Smith",)),
        ("Bo Lee, Jo Smith, jo@x.org", "", ("Bo Lee", "Jo Smith")),
        ("jo@x.org, Early Help", "", ("Early Help",)),
        ("please book jo@x.org", "please book", ()),
    ],
)
def test_what_stands_beside_an_address_is_kept_with_it(line: str, shown: str, near: tuple[str, ...]) -> None:
    assert parse_pasted_names(line) == [PastedEntry(line, "jo@x.org", shown, near)]


def test_each_of_several_addresses_has_its_own_name() -> None:
    line = "Smith, Jo <jo@x.org>, Lee, Bo <bo@x.org>"
    assert parse_pasted_names(line) == [
        PastedEntry(line, "jo@x.org", "Jo Smith"),
        PastedEntry(line, "bo@x.org", "Bo Lee"),
    ]


def test_what_stands_before_an_address_is_with_it_and_what_comes_last_is_with_the_last() -> None:
    line = "Early Help, Jo Smith <jo@x.org>, Duty Team, bo@x.org, Police Force"
    assert parse_pasted_names(line) == [
        PastedEntry(line, "jo@x.org", "Jo Smith", ("Early Help",)),
        PastedEntry(line, "bo@x.org", "", ("Duty Team", "Police Force")),
    ]


def test_the_name_before_two_addresses_is_with_the_first_of_them() -> None:
    line = "Early Help, Jo Smith jo@x.org bo@x.org"
    assert parse_pasted_names(line) == [
        PastedEntry(line, "jo@x.org", "Jo Smith", ("Early Help",)),
        PastedEntry(line, "bo@x.org"),
    ]


@pytest.mark.parametrize(
    ("line", "polite"),
    [
        ("Dear all, please book", True), ("Hi team,", True), ("Kind regards", True), ("Many thanks in advance!", True),
        ("Please could you add the following people to the course:", True), ("Dear Jo", False), ("Best, Ann", False),
        ("Will Best", False), ("Good Morning Vietnam", False), ("please book jo smith", False),
        ("please book jo@x.org", False),
    ],
)  # fmt: skip
def test_a_line_of_polite_words_alone_may_be_no_name(line: str, polite: bool) -> None:
    assert {each.polite for each in parse_pasted_names(line)} == {polite}


@given(st.text(max_size=80))
def test_no_line_is_dropped_silently(pasted: str) -> None:
    read = {each.text for each in parse_pasted_names(pasted)}
    assert read == {line.strip() for line in pasted.splitlines() if line.strip()}


@given(st.lists(st.sampled_from(["Jo Smith", "Lee", "bo@x.org", ",", ";", "<cy@x.org>", "(Police)", '"', "\t"])))
def test_every_address_and_every_name_is_in_some_entry(words: list[str]) -> None:
    read = parse_pasted_names(" ".join(words))
    said = " ".join(" ".join((each.reference, each.shown, *each.near)) for each in read)
    for word in ("Smith", "Lee", "bo@x.org", "cy@x.org"):
        assert (word in said) is any(word in each for each in words)
