"""Whom a course is for."""

from dataclasses import replace

import pytest

from csc_tui.core.booking.audience import audience_problems, is_course_for
from db.records.catalogue import Approval, Audience, BookingRules, Strictness, WaitingElsewhere, WaitingRule
from db.records.people import Person, PersonKind

PERSON = Person(
    1,
    "Jo",
    "Smith",
    "jo@x.org",
    None,
    "",
    "",
    "",
    "",
    PersonKind.STAFF,
    False,
    False,
    False,
    None,
    "",
    "",
    True,
    1,
    "",
    None,
    None,
)
RULES = BookingRules(Approval.NONE, WaitingRule.PROMOTE, 48, 0, 0, False, Strictness.OFF, WaitingElsewhere.ASK, ())
MANAGERS = "The course is for managers only, and Jo Smith is not a manager."
BEFORE = "Jo Smith has not completed BR, which comes first."


@pytest.mark.parametrize(
    ("strictness", "forbidden", "warned"),
    [(Strictness.RULE, [MANAGERS], []), (Strictness.WARN, [], [MANAGERS]), (Strictness.OFF, [], [])],
)
def test_a_course_for_managers_forbids_or_warns_or_says_nothing(
    strictness: Strictness, forbidden: list[str], warned: list[str]
) -> None:
    rules = replace(RULES, managers_only=True, audience_rule=strictness)
    assert audience_problems(PERSON, rules, set()) == (forbidden, warned)
    assert audience_problems(replace(PERSON, is_manager=True), rules, set()) == ([], [])
    assert audience_problems(PERSON, replace(rules, managers_only=False), set()) == ([], [])


@pytest.mark.parametrize(
    ("strictness", "forbidden", "warned"),
    [(Strictness.RULE, [BEFORE], []), (Strictness.WARN, [], [BEFORE])],
)
def test_a_course_that_comes_before_is_asked_for_by_its_own_strictness(
    strictness: Strictness, forbidden: list[str], warned: list[str]
) -> None:
    rules = replace(RULES, prerequisites=(("BR", strictness),))
    assert audience_problems(PERSON, rules, {"RL"}) == (forbidden, warned)
    assert audience_problems(PERSON, rules, {"BR"}) == ([], [])


def test_everything_that_speaks_against_somebody_is_said() -> None:
    rules = replace(
        RULES, managers_only=True, audience_rule=Strictness.WARN,
        prerequisites=(("BR", Strictness.RULE), ("SOS-INTRO", Strictness.WARN)),
    )  # fmt: skip
    forbidden, warned = audience_problems(PERSON, rules, set())
    assert (forbidden, warned) == ([BEFORE], [MANAGERS, BEFORE.replace("BR", "SOS-INTRO")])


@pytest.mark.parametrize(
    ("strictness", "managers", "others"),
    [(Strictness.OFF, True, True), (Strictness.WARN, True, False), (Strictness.RULE, True, False)],
)
def test_a_course_for_managers_is_not_for_others_even_where_it_only_warns(
    strictness: Strictness, managers: bool, others: bool
) -> None:
    course = Audience(1, "RL", "Restorative Leadership", strictness, None)
    assert is_course_for(course, is_manager=True) is managers
    assert is_course_for(course, is_manager=False) is others
