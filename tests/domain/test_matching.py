"""Reading people out of a pasted e-mail."""

import pytest

from csc_tui.domain.matching import references


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
        ("jo@localhost", ["jo@localhost"]),  # no address, and left for the search to refuse
    ],
)  # fmt: skip
def test_people_are_read_as_they_are_written_in_mails(pasted: str, read: list[str]) -> None:
    assert references(pasted) == read
