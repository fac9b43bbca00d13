"""What may be kept of a person."""

import pytest

from csc_tui.core.people import rules as people_rules
from csc_tui.core.people.rules import FieldFault

GOOD = {"surname": "Smith", "email": "jo@example.org"}


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("surname", "  ", "Surname: a surname is needed"),
        ("email", "jo at example.org", "is not an e-mail address"),
        ("email", "", "no e-mail address"),
        ("email", "jо@example.org", "CYRILLIC SMALL LETTER O"),
        ("kind", "robot", "staff or partner"),
        ("is_manager", "maybe", "yes or no"),
        ("phone", "0" * 41, "longer than 40 characters"),
        ("forename", "J\x1b[31mo", "a character that cannot be seen"),
    ],
)
def test_a_field_that_breaks_its_rule_says_which_and_why(field: str, text: str, sentence: str) -> None:
    with pytest.raises(FieldFault, match=sentence) as caught:
        people_rules.check_person_texts({**GOOD, field: text})
    assert caught.value.field == field


def test_blanks_around_and_inside_are_tidied() -> None:
    assert people_rules.check_person_texts({**GOOD, "forename": " Mary   Ann "})["forename"] == "Mary Ann"


def test_a_team_without_an_organisation_is_refused() -> None:
    with pytest.raises(FieldFault, match="a team belongs to one"):
        people_rules.check_person_texts({**GOOD, "organisation": "", "team": "Duty"})


def test_of_needs_the_history_says_only_that_there_are_some() -> None:
    before, after = people_rules.describe_field_changes({"dietary": ("", "Nut allergy"), "phone": ("", "123")})
    assert (before, after) == ("dietary needs -; phone -", "dietary needs given; phone 123")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jo smith", {"forename": "Jo", "surname": "Smith"}),
        ("Smith, Jo", {"forename": "Jo", "surname": "Smith"}),
        ("Jo McDonald <jo@x.org>", {"forename": "Jo", "surname": "McDonald", "email": "jo@x.org"}),
        ("mary.jones@x.org", {"forename": "Mary", "surname": "Jones", "email": "mary.jones@x.org"}),
        ("o'brien-lee", {"forename": "", "surname": "O'brien-Lee"}),
        ("", {}),
    ],
)
def test_a_person_is_suggested_from_what_was_typed_to_find_them(typed: str, found: dict[str, str]) -> None:
    assert people_rules.parse_new_person(typed) == found


def test_only_what_somebody_else_changed_differs() -> None:
    seen = {"phone": "1", "team": "Duty", "job_title": "Clerk"}
    now = dict.fromkeys(people_rules.FIELDS_BY_NAME, "") | {"phone": "2", "team": "Duty", "job_title": "Lead"}
    phone, job = people_rules.field_conflicts(seen, now, {"phone": "3", "job_title": "Clerk"})
    assert (phone.was, phone.theirs, phone.yours, phone.both) == ("1", "2", "3", True)
    assert (job.theirs, job.both) == ("Lead", False)
