"""Two records of one person become one: nothing is lost, nobody counts twice, and undo restores both."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from csc_tui.base import transaction
from csc_tui.base.context import Context
from csc_tui.base.errors import NotAllowed
from csc_tui.core.admin import upkeep
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance.actions import NewMark
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.history import undo
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import merging, privacy
from csc_tui.core.people import queries as people_queries
from csc_tui.core.people.actions import get_person_form_data
from db import models, people
from db.engine.connection import read_transaction
from db.engine.mapping import as_tuples
from db.errors import CscError, NoSuchPerson, RuleBroken, WrongUse
from db.records.attendance import MarkKind
from db.records.people import Person
from db.records.startup import Role
from tests import builders
from tests.builders import standing

UNCOMPARED = ("history", "step", "image", "person_word", "sqlite_sequence")
"""Tables that grow with every change, or follow from others."""


def stored() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but of those that only grow; versions are left out, because undo raises them."""
    found = {}
    with read_transaction():
        for table in models.TABLES:
            name = table._meta.table_name
            if name in UNCOMPARED:
                continue
            columns = [column for column in table._meta.sorted_fields if column.name != "version"]
            found[name] = sorted(as_tuples(table.select(*columns)), key=repr)
    return found


@pytest.fixture
def two(ctx: Context) -> tuple[Person, Person]:
    """Jo Smith under two addresses."""
    builders.event("BR-90", capacity=1, dates=["2017-05-01"])
    builders.event("BR-91", capacity=4, dates=["2017-05-08", "2017-05-09"])
    first = builders.person("Jo Smith", email="jo@old.example.org", organisation="Oasis", phone="")
    second = builders.person(
        "Joanne Smith", email="jo@new.example.org", organisation="Oasis", phone="01472 1", employee_number="0042"
    )
    return first, second


def merged(ctx: Context, first: Person, second: Person, **wanted: str) -> merging.PeopleMerge:
    return merging.merge_people(ctx, first.key, second.key, wanted)


def test_what_the_kept_record_lacks_comes_from_the_other_and_both_addresses_find_her(
    ctx: Context, two: tuple[Person, Person]
) -> None:
    first, second = two
    done = merged(ctx, first, second)
    told = {each.field: (each.kept, each.other, each.after) for each in done.fields}
    assert told["phone"] == ("", "01472 1", "01472 1")
    assert told["forename"] == ("Jo", "Joanne", "Jo")
    assert told["employee_number"] == ("", "0042", "0042")
    with read_transaction():
        for text in ("jo@old.example.org", "jo@new.example.org", "0042", second.key, "jo smith"):
            assert people.find_person(text).id == first.id, text
    found, total = people_queries.search_people(ctx, "smith")
    assert (total, [each.person for each in found]) == (1, [first.key])


def test_a_field_can_be_kept_as_the_other_record_has_it(ctx: Context, two: tuple[Person, Person]) -> None:
    first, second = two
    wanted = merging.pick_texts(ctx, second.key, ["email", "forename"])
    merged(ctx, first, second, **wanted)
    kept = get_person_form_data(ctx, first.key).person
    assert (kept.forename, kept.email) == ("Joanne", "jo@new.example.org")
    with read_transaction():
        assert people.find_person("jo@old.example.org").id == first.id
    with pytest.raises(WrongUse, match="has no field 'shoe'"):
        merging.pick_texts(ctx, second.key, ["shoe"])


def test_of_two_places_on_one_event_the_better_is_kept_and_the_seat_is_given_on(
    ctx: Context, two: tuple[Person, Person]
) -> None:
    first, second = two
    waits = builders.person("Al Ash")
    booking_actions.enrol_people(ctx, "BR-91", [first.key, second.key])
    booking_actions.enrol_people(ctx, "BR-90", [second.key, first.key, waits.key])
    assert standing("BR-90") == {"Joanne Smith": "booked", "Jo Smith": "waitlisted", "Al Ash": "waitlisted"}
    done = merged(ctx, first, second)
    assert ("enrolment", 2) in done.moved
    on_it = [(line.name, line.person) for line in people_queries.get_event_card(ctx, "BR-90").roster]
    assert on_it == [("Jo Smith", first.key)]
    assert people_queries.get_event_card(ctx, "BR-91").event.free == 3
    with pytest.raises(RuleBroken, match="Both are the record of Jo Smith"):
        merged(ctx, first, second)


def test_a_place_that_becomes_free_goes_to_the_next_who_waits(ctx: Context, two: tuple[Person, Person]) -> None:
    first, second = two
    builders.event("BR-92", capacity=2, dates=["2017-05-10"])
    waits = builders.person("Al Ash")
    booking_actions.enrol_people(ctx, "BR-92", [first.key, second.key, waits.key])
    done = merged(ctx, first, second)
    assert [(each.name, each.before, each.after) for each in done.places] == [
        ("Jo Smith", "booked", "cancelled"), ("Al Ash", "waitlisted", "booked"),
    ]  # fmt: skip


def test_marks_make_one_completion_and_the_better_mark_counts(ctx: Context, two: tuple[Person, Person]) -> None:
    first, second = two
    builders.event("BR-95", capacity=5, dates=["2017-04-03", "2017-04-04", "2017-04-05"])
    later = builders.at(ctx, "2017-04-06")
    booking_actions.enrol_people(builders.at(ctx, "2017-03-01"), "BR-95", [first.key, second.key])
    for session, who, mark in (
        (1, first, "present"),
        (1, second, "absent"),
        (2, second, "late"),
        (3, second, "present"),
    ):
        attendance_actions.mark_person(later, "BR-95", session, who.key, NewMark(MarkKind(mark)))
    merged(later, first, second)
    card = people_queries.get_person_card(later, first.key)
    assert [(each.event, each.status) for each in card.enrolments if each.status != "cancelled"] == [
        ("BR-95", "fully_attended")
    ]
    assert [each.complete for each in card.completions if each.course == "BR"] == [True]


def test_a_viewer_and_a_booker_merge_nobody(ctx: Context, two: tuple[Person, Person]) -> None:
    first, second = two
    with pytest.raises(NotAllowed):
        merged(replace(ctx, role=Role.BOOKER), first, second)


def test_a_preview_changes_nothing_and_the_merge_is_what_it_showed(ctx: Context, two: tuple[Person, Person]) -> None:
    first, second = two
    booking_actions.enrol_people(ctx, "BR-90", [second.key, first.key])
    before = stored()
    shown = preview_change(ctx, lambda: merged(ctx, first, second)).result
    assert stored() == before
    assert transaction.apply_previewed_change(ctx, lambda: merged(ctx, first, second), shown) == shown


def test_erasing_a_person_erases_the_record_that_was_merged_into_theirs(
    ctx: Context, two: tuple[Person, Person]
) -> None:
    first, second = two
    merged(ctx, first, second)
    privacy.erase_person(ctx, first.key, reason="asked for")
    with read_transaction():
        for each in (first, second):
            assert "Smith" not in people.fetch_person(each.id).name
            assert "example.org" not in people.fetch_person(each.id).email
        with pytest.raises(NoSuchPerson):
            people.find_person("jo@new.example.org")


def test_probable_doubles_are_named_by_the_check(ctx: Context, location: str) -> None:
    for name, email, home in (
        ("Ann-Marie O'Hara", "a@x.org", "Oasis"), ("Ann Marie O’Hara", "b@x.org", "Oasis"),
        ("Bob Low", "c@x.org", "Oasis"), ("Robert Low", "d@x.org", "Oasis"), ("Robert Low", "e@x.org", "Other"),
    ):  # fmt: skip
        builders.person(name, email=email, organisation=home)
    for number in ("1", "2"):
        builders.person("Sam Same", email=f"s{number}@x.org", organisation="Oasis", employee_number=number)
    doubles = [(each.name, each.other_name) for each in merging.list_likely_doubles(ctx)]
    assert doubles == [("Ann-Marie O'Hara", "Ann Marie O’Hara"), ("Bob Low", "Robert Low")]
    found = upkeep.check_database(location, actor="alice", today="2017-04-10T09:00")
    (told,) = [each for each in found if each.check == "people have one record"]
    assert (told.result, told.detail.count("may be one person")) == ("look", 2)


@pytest.mark.parametrize("seed", range(12))
def test_merge_and_undo_leave_everything_as_it_was_and_every_rule_kept(
    ctx: Context, two: tuple[Person, Person], location: str, seed: int
) -> None:
    """Random places, marks and managers on both records."""
    first, second = two
    chance = random.Random(seed)
    others = [builders.person(f"Other {number}") for number in range(4)]
    builders.event("BR-96", capacity=3, dates=["2017-04-03", "2017-04-04"])
    early = builders.at(ctx, "2017-03-01")
    everybody = [first, second, *others]
    for _ in range(14):
        who, event = chance.choice(everybody), chance.choice(["BR-90", "BR-91", "BR-96"])
        act = chance.choice(["enrol", "enrol", "cancel", "mark", "manage"])
        try:
            if act == "enrol":
                booking_actions.enrol_people(early, event, [who.key])
            elif act == "cancel":
                booking_actions.cancel_place(early, event, who.key, reason="ill")
            elif act == "mark":
                later, mark = builders.at(ctx, "2017-04-06"), NewMark(chance.choice(list(MarkKind)))
                attendance_actions.mark_person(later, "BR-96", chance.choice([1, 2]), who.key, mark)
            else:
                people_actions.change_person(early, chance.choice(others).key, {"manager": second.email})
        except CscError:
            continue
    now = builders.at(ctx, "2017-04-07", actor="merger")
    before = stored()
    merged(now, first, second)
    wrong = [
        (each.check, each.detail) for each in upkeep.check_database(location, actor="alice", today="2017-04-07T09:00")
        if each.result == "wrong"
    ]  # fmt: skip
    assert wrong == []
    card = people_queries.get_person_card(now, second.key)
    assert card.person.id == first.id
    held = [each.event for each in card.enrolments if each.status not in ("cancelled", "expired")]
    assert len(held) == len(set(held))
    undo.undo_steps(builders.at(now, f"{(now.now() + timedelta(minutes=1)):%Y-%m-%dT%H:%M}"))
    assert stored() == before
