"""What may be kept of a person."""

import pytest

from csc_tui.core.people import rules as people_rules
from csc_tui.core.people.rules import BLANK_PERSON, FieldFault, PersonConflict
from db.errors import WrongUse
from db.records.people import PersonKind

GOOD = {"surname": "Smith", "email": "jo@example.org"}


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("surname", "  ", "Surname: a surname is required"),
        ("email", "jo at example.org", "is not an e-mail address"),
        ("email", "", "no e-mail address"),
        ("email", "jо@example.org", "CYRILLIC SMALL LETTER O"),
        ("kind", "robot", "staff or partner"),
        ("is_manager", "maybe", "yes or no"),
        ("phone", "0" * 41, "longer than 40 characters"),
        ("surname", "x" * 201, "longer than 200 characters"),
        ("forename", "J\x1b[31mo", "has an invisible character"),
    ],
)
def test_a_field_that_breaks_its_rule_says_which_and_why(field: str, text: str, sentence: str) -> None:
    with pytest.raises(FieldFault, match=sentence) as caught:
        people_rules.check_person_texts({**GOOD, field: text})
    assert caught.value.field == field


def test_blanks_around_and_inside_are_tidied() -> None:
    assert people_rules.check_person_texts({**GOOD, "forename": " Mary   Ann "})["forename"] == "Mary Ann"


def test_a_team_without_an_organisation_is_refused() -> None:
    with pytest.raises(FieldFault, match="give the organisation of the team"):
        people_rules.check_person_texts({**GOOD, "organisation": "", "team": "Duty"})


def test_of_needs_the_history_says_only_that_there_are_some() -> None:
    before, after = people_rules.describe_field_changes({"dietary": ("", "Nut allergy"), "phone": ("", "123")})
    assert (before, after) == ("dietary needs -; phone -", "dietary needs given; phone 123")
    assert people_rules.describe_field_changes({"access_needs": ("Ramp", "")}) == (
        "access needs given", "access needs -",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jo smith", {"forename": "Jo", "surname": "Smith"}),
        ("Smith, Jo", {"forename": "Jo", "surname": "Smith"}),
        ("Jo McDonald <jo@x.org>", {"forename": "Jo", "surname": "McDonald", "email": "jo@x.org"}),
        ("mary.jones@x.org", {"forename": "Mary", "surname": "Jones", "email": "mary.jones@x.org"}),
        ("o'brien-lee", {"forename": "", "surname": "O'brien-Lee"}),
        ("", {}),
        ("Duty Team; Ann Lee <ann@x.org>", {"forename": "Ann", "surname": "Lee", "email": "ann@x.org"}),
        ("Jo Smith; Ann Lee", {"forename": "Jo", "surname": "Smith"}),
        ("Jo Smith, j.s@x.org", {"forename": "Jo", "surname": "Smith", "email": "j.s@x.org"}),
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


def test_the_longest_texts_may_be_kept() -> None:
    texts = {**GOOD, "surname": "x" * 200, "phone": "0" * 40}
    assert people_rules.check_person_texts(texts) == texts


def test_an_unknown_field_is_named_the_first_by_name_of_several() -> None:
    with pytest.raises(WrongUse, match=r"A person has no field 'alpha'\. The fields are: forename, surname"):
        people_rules.check_person_texts({**GOOD, "zeta": "", "beta": "", "alpha": "", "gamma": "", "delta": ""})


@pytest.mark.parametrize(
    "texts", [{"team": "Duty"}, {"team": "Duty", "organisation": "Council"}, {"team": "", "organisation": ""}]
)
def test_a_team_may_be_kept_where_no_organisation_is_taken_away(texts: dict[str, str]) -> None:
    assert people_rules.check_person_texts(texts) == texts


def test_checked_texts_are_put_into_the_person_as_what_they_mean() -> None:
    texts = {"forename": "Jo", "manager": "bo@x.org", "kind": "Partner", "is_manager": "YES", "employee_number": "123"}
    person = people_rules.apply_person_texts(BLANK_PERSON, texts, 7)
    assert (person.forename, person.manager_id, person.kind, person.is_manager, person.employee_number) == (
        "Jo", 7, PersonKind.PARTNER, True, "123",
    )  # fmt: skip
    assert people_rules.apply_person_texts(person, {"employee_number": ""}, None).employee_number is None
    assert people_rules.apply_person_texts(person, {"forename": ""}, None).manager_id == 7, "nothing was said of it"


def test_the_texts_of_a_person_are_those_one_would_type() -> None:
    texts = {"forename": "Jo", "kind": "partner", "is_manager": "yes", "employee_number": "123", "manager": "bo@x.org"}
    person = people_rules.apply_person_texts(BLANK_PERSON, texts, 7)
    shown = people_rules.person_texts(person, "bo@x.org")
    assert {name: shown[name] for name in texts} == texts
    assert set(shown) == set(people_rules.FIELDS_BY_NAME)


def test_a_new_person_starts_from_empty_fields_and_what_most_people_are() -> None:
    blank = dict.fromkeys(people_rules.FIELDS_BY_NAME, "")
    assert people_rules.person_texts(BLANK_PERSON, "") == {**blank, **people_rules.DEFAULT_TEXTS}
    assert BLANK_PERSON.id == 0, "no stored person has that number"
    assert (BLANK_PERSON.active, BLANK_PERSON.version) == (True, 1)


@pytest.mark.parametrize(("when", "said"), [("10:05", "Bo changed Jo in the meantime (10:05): phone."),
                                            ("", "Bo changed Jo in the meantime: phone.")])  # fmt: skip
def test_a_conflict_says_who_changed_what_and_when_where_it_is_known(when: str, said: str) -> None:
    (phone,) = people_rules.field_conflicts({"phone": "1"}, {"phone": "2"}, {"phone": "3"})
    assert str(PersonConflict("Jo", "Bo", when, [phone], {"phone": "2"})).startswith(said)
