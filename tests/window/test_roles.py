"""A key wants the role of what it does: never dim for somebody who may, never bright for somebody who may not."""

from typing import Any

import pytest

from csc_tui.core.admin import upkeep
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import makeups
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.catalogue import resources, venues
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation import questions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.mail import replies
from csc_tui.core.people import actions as people_actions
from csc_tui.window.admin.settings import SettingsScreen
from csc_tui.window.attendance.register import RegisterScreen
from csc_tui.window.calendar.calendar import CalendarScreen
from csc_tui.window.calendar.event import EventScreen
from csc_tui.window.catalogue.catalogue import CatalogueScreen
from csc_tui.window.catalogue.course import CourseScreen
from csc_tui.window.catalogue.venues import VenuesScreen
from csc_tui.window.evaluation.results import EvaluationScreen, EventEvaluationScreen
from csc_tui.window.groups.group import GroupScreen
from csc_tui.window.groups.groups import GroupsScreen
from csc_tui.window.people.people import PeopleScreen
from csc_tui.window.people.person import PersonScreen
from csc_tui.window.reports.reports import ReportsScreen

PLACES = {
    "book": booking_actions.enrol_people, "cancel_place": booking_actions.cancel_place,
    "transfer": booking_actions.transfer_person, "substitute": booking_actions.substitute_person,
    "agree": booking_actions.approve_request, "decline": booking_actions.decline_place,
}  # fmt: skip
KEYS: list[tuple[Any, dict[str, Any]]] = [
    (EventScreen, {**PLACES, "book_group": groups_actions.book_group, "reply": replies.record_spoken_reply}),
    (PersonScreen, {**PLACES, "make_up": makeups.book_make_up, "change": people_actions.change_person,
                    "leave": people_actions.record_departure, "reply": replies.record_spoken_reply}),
    (PeopleScreen, {"book": booking_actions.enrol_people, "add": people_actions.add_person,
                    "change": people_actions.change_person, "join": groups_actions.add_members}),
    (RegisterScreen, {"rest": attendance_actions.mark_rest, "clear": attendance_actions.clear_mark,
                      "minutes": attendance_actions.mark_person, "sign_off": attendance_actions.sign_off_register}),
    (CalendarScreen, {"new": calendar_actions.add_event, "copy": calendar_actions.clone_event}),
    (CatalogueScreen, {"new_course": catalogue_actions.add_course, "strands": catalogue_actions.add_strand}),
    (CourseScreen, {"add_module": catalogue_actions.add_module, "add_resource": resources.add_resource,
                    "remove": catalogue_actions.remove_module}),
    (VenuesScreen, {"add": venues.add_venue, "change": venues.change_venue}),
    (EvaluationScreen, {"questions": questions.add_question}),
    (EventEvaluationScreen, {"type_in": evaluation_actions.enter_paper_form}),
    (GroupsScreen, {"new": groups_actions.create_group}),
    (GroupScreen, {"add": groups_actions.add_members, "leave": groups_actions.remove_members,
                   "meet": groups_actions.schedule_meetings, "book": groups_actions.book_group,
                   "commit": commitments.add_commitment}),
    (ReportsScreen, {"book": booking_actions.enrol_people}),
    (SettingsScreen, {"give_role": upkeep.assign_role}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("screen", "key", "action"),
    [(screen, key, action) for screen, keys in KEYS for key, action in keys.items()],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_key_wants_the_role_of_the_action_it_calls(screen: Any, key: str, action: Any) -> None:
    assert screen.NEEDS[key] is action.role
