"""The public page says of a course whom it is for and how long it takes, as one writes it."""

import pytest

from db.records.calendar import PublicCourse, PublicProgramme
from db.records.catalogue import Strand
from exports import pages


@pytest.mark.parametrize(
    ("audience", "minutes", "said"),
    [
        ("Staff of schools", 540, "For staff of schools. 9 hours"),
        ("NHS staff", 60, "For NHS staff. 1 hour<"),
        ("", 90, "1.5 hours"),
        ("A manager", 0, "For a manager<"),
    ],
)
def test_a_course_says_whom_it_is_for_and_how_long_it_takes(audience: str, minutes: int, said: str) -> None:
    course = PublicCourse("Practice", "BR", "Being Restorative", "", audience, minutes)
    found = PublicProgramme("P", "", "2017/18", [Strand(1, "P", "Practice", "")], [course], [], [], "")
    assert f'<p class="quiet">{said}' in pages.render_programme_page(found).decode()
