"""Numbers, words and letters of an enrolment's status say the same everywhere."""

from csc_tui.base import text as base_text
from db.records import status_numbers
from db.records.booking import Status


def test_each_status_has_the_number_and_the_word_that_look_ups_use() -> None:
    assert {status.value: status.name.lower() for status in Status} == status_numbers.STATUS_WORDS
    assert all(status.word == status.name.lower() for status in Status)


def test_the_numbers_are_those_that_moodle_and_totara_exchange() -> None:
    assert {status.name: status.value for status in Status if status.value in (10, 40, 60, 70, 80, 90, 100)} == {
        "CANCELLED": 10,
        "REQUESTED": 40,
        "WAITLISTED": 60,
        "BOOKED": 70,
        "NO_SHOW": 80,
        "PARTIALLY_ATTENDED": 90,
        "FULLY_ATTENDED": 100,
    }


def test_each_status_has_a_letter_of_its_own() -> None:
    assert set(base_text.LETTERS) == set(status_numbers.STATUS_WORDS.values())
    assert len(set(base_text.LETTERS.values())) == len(base_text.LETTERS)


def test_live_means_from_requested_up_and_only_offered_and_later_hold_a_seat() -> None:
    assert [status.name for status in Status if status.live and not status.holds_seat] == ["REQUESTED", "WAITLISTED"]
    assert not any(status.live for status in Status if status.value < status_numbers.LOWEST_LIVE)
