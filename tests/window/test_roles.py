"""A key and a choice of a menu want the role of what they do.

They are never dim for somebody who may do it, and never bright for somebody who may not.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from csc_tui import window as window_package
from csc_tui.base.context import Context
from csc_tui.core.admin import upkeep
from csc_tui.core.attendance import actions as attendance_actions
from csc_tui.core.attendance import certificates
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.booking import expiry, makeups
from csc_tui.core.calendar import actions as calendar_actions
from csc_tui.core.calendar import event_transfers
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.catalogue import course_rules, resources, venues
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation import questions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.groups import commitments
from csc_tui.core.imports import import_run
from csc_tui.core.mail import delivery, invitations, message_files, replies, templates
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import organisations, privacy
from csc_tui.core.people import queries as people_queries
from csc_tui.core.publication import caldav
from csc_tui.core.today.decisions import Decision, DecisionKind
from csc_tui.window import commands
from csc_tui.window.admin.settings import SettingsScreen
from csc_tui.window.attendance.register import MARKING, RegisterScreen
from csc_tui.window.booking.place_screen import PlaceScreen
from csc_tui.window.calendar import edit_event
from csc_tui.window.calendar.calendar import CalendarScreen
from csc_tui.window.calendar.event import EventScreen
from csc_tui.window.calendar.events import EventsScreen
from csc_tui.window.catalogue import edit_catalogue
from csc_tui.window.catalogue.catalogue import CatalogueScreen
from csc_tui.window.catalogue.course import CourseScreen
from csc_tui.window.catalogue.venues import VenuesScreen
from csc_tui.window.evaluation.results import EvaluationScreen, EventEvaluationScreen
from csc_tui.window.groups import edit_group
from csc_tui.window.groups.group import GroupScreen
from csc_tui.window.groups.groups import GroupsScreen
from csc_tui.window.mail.outbox import OutboxScreen
from csc_tui.window.mail.templates import TemplatesScreen
from csc_tui.window.people.organisations import OrganisationsScreen
from csc_tui.window.people.people import PeopleScreen
from csc_tui.window.people.person import PersonScreen
from csc_tui.window.reports.reports import ReportsScreen
from csc_tui.window.shared import flow
from csc_tui.window.shared.data_screen import DataScreen, MenuAction, role_refusal
from csc_tui.window.today import decision_actions
from db.records.catalogue import ResourceKind
from db.records.groups import GroupKind
from db.records.mail import MessageKind
from db.records.startup import Role
from tests import builders


class Wanted(Exception):
    """Raised in the place of a refusal, with the role that was asked for."""


def needed_role(work: Any) -> Role:
    """The role of an action, or the role that other work asks for before it does anything."""
    if not callable(work) or hasattr(work, "role"):
        return Role(work.role)

    def require(role: Role) -> None:
        raise Wanted(role)

    with pytest.raises(Wanted) as asked:
        work(SimpleNamespace(require=require))
    return Role(asked.value.args[0])


def import_file(ctx: Any) -> None:
    import_run.ImportRun(ctx, "people", None, (), {})  # type: ignore[arg-type, typeddict-item]


def write_messages(ctx: Any) -> None:
    message_files.write_messages(ctx, "")


def forget_messages(ctx: Any) -> None:
    message_files.forget_messages(ctx, None)  # type: ignore[arg-type]


def send_messages(ctx: Any) -> None:
    delivery.send_messages(ctx, None)  # type: ignore[arg-type]


def write_invitations(ctx: Any) -> None:
    invitations.write_invitations(ctx, "", "")


def issue_certificates(ctx: Any) -> None:
    certificates.issue_certificates(ctx, "", "")


def set_template(ctx: Any) -> None:
    templates.set_template(ctx, MessageKind.CONFIRMATION)


def reset_template(ctx: Any) -> None:
    templates.reset_template(ctx, MessageKind.CONFIRMATION)


def make_backup(ctx: Any) -> None:
    upkeep.make_backup(ctx, "")


def preview_pasted_list(ctx: Any) -> None:
    booking_actions.preview_pasted_list(ctx, "", "")


def record_replies(ctx: Any) -> None:
    replies.record_replies(ctx, [])


def publish_calendar(ctx: Any) -> None:
    caldav.publish_calendar(ctx, None)  # type: ignore[arg-type]


PLACES = {
    "book": booking_actions.enrol_people, "cancel_place": booking_actions.cancel_place,
    "transfer": booking_actions.transfer_person, "substitute": booking_actions.substitute_person,
    "agree": booking_actions.approve_request, "decline": booking_actions.decline_place,
}  # fmt: skip
KEYS: list[tuple[Any, dict[str, Any]]] = [
    (EventScreen, {**PLACES, "book_group": groups_actions.book_group, "reply": replies.record_spoken_reply,
                   "book_list": preview_pasted_list, "invite": write_invitations}),
    (PersonScreen, {**PLACES, "make_up": makeups.book_make_up, "change": people_actions.change_person,
                    "leave": people_actions.record_departure, "reply": replies.record_spoken_reply,
                    "certificate": issue_certificates}),
    (PlaceScreen, PLACES),
    (EventsScreen, {"import": import_file}),
    (OrganisationsScreen, {"change": organisations.change_organisation, "join": organisations.join_organisations}),
    (PeopleScreen, {"book": booking_actions.enrol_people, "add": people_actions.add_person,
                    "change": people_actions.change_person, "join": groups_actions.add_members,
                    "import": import_file}),
    (RegisterScreen, {**dict.fromkeys((*MARKING, "late_timed", "left_early_timed"), attendance_actions.mark_person),
                      "walk_in": booking_actions.enrol_people, "certificates": issue_certificates,
                      "rest": attendance_actions.mark_rest, "clear": attendance_actions.clear_mark,
                      "minutes": attendance_actions.mark_person, "sign_off": attendance_actions.sign_off_register}),
    (CalendarScreen, {"new": calendar_actions.add_event, "copy": calendar_actions.clone_event}),
    (CatalogueScreen, {"new_course": catalogue_actions.add_course, "strands": catalogue_actions.add_strand}),
    (CourseScreen, {"add": catalogue_actions.add_module,
                    "remove": catalogue_actions.remove_module}),
    (VenuesScreen, {"add": venues.add_venue, "change": venues.change_venue}),
    (EvaluationScreen, {"book": booking_actions.enrol_people, "questions": questions.add_question}),
    (EventEvaluationScreen, {"type_in": evaluation_actions.enter_paper_form}),
    (GroupsScreen, {"new": groups_actions.create_group}),
    (GroupScreen, {**dict.fromkeys(("add", "paste", "role"), groups_actions.add_members),
                   "leave": groups_actions.remove_members,
                   "meet": groups_actions.schedule_meetings, "book": groups_actions.book_group,
                   "commit": commitments.add_commitment}),
    (ReportsScreen, {"book": booking_actions.enrol_people}),
    (OutboxScreen, {"send": send_messages, "write": write_messages, "forget": forget_messages}),
    (TemplatesScreen, {"edit": set_template, "reset": reset_template}),
    (SettingsScreen, {"backup": make_backup, "give_role": upkeep.assign_role}),
]  # fmt: skip


DECIDED_ELSEWHERE = "reorder"
"""The key that a booker sees dim for another reason: only a coordinator may change the order of a queue."""


def every_screen(screen: type[Any] = DataScreen) -> Iterator[type[Any]]:
    for each in screen.__subclasses__():
        yield each
        yield from every_screen(each)


def test_the_role_of_every_key_is_compared() -> None:
    for module in pkgutil.walk_packages(window_package.__path__, f"{window_package.__name__}."):
        importlib.import_module(module.name)
    compared = {screen: {*keys} for screen, keys in KEYS}
    for screen in every_screen():
        if screen.__module__.startswith(window_package.__name__):
            assert {*screen.NEEDS} - {DECIDED_ELSEWHERE} == compared.get(screen, set()), screen.__name__


@pytest.mark.parametrize(
    ("screen", "key", "action"),
    [(screen, key, action) for screen, keys in KEYS for key, action in keys.items()],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_key_wants_the_role_of_the_action_it_calls(screen: Any, key: str, action: Any) -> None:
    assert screen.NEEDS[key] is needed_role(action)


def check_menu(ctx: Context, choices: Sequence[Sequence[MenuAction]], called: dict[str, Any]) -> None:
    """Each choice, given for each role in order, refuses for its role exactly those whom the action refuses."""
    for role, menu in zip(Role, choices, strict=True):
        assert {each.title for each in menu} == set(called)
        who = replace(ctx, role=role)
        for each, full in zip(menu, choices[-1], strict=True):
            wanted = needed_role(called[each.title]) if called[each.title] else Role.VIEWER
            assert each.why_not == (role_refusal(who, wanted) or full.why_not), (role, each.title)


def screen_of(ctx: Context, role: Role) -> Any:
    async def push_screen_wait(menu: Any) -> None:
        """Leave the menu without a choice."""

    return SimpleNamespace(
        ctx=replace(ctx, role=role),
        state=SimpleNamespace(stepped_back=set()),
        app=SimpleNamespace(push_screen_wait=push_screen_wait),
    )


EVENT_MENU = {
    "Move a session": calendar_actions.move_session, "Venue and room": calendar_actions.set_session_venue,
    "Facilitators": calendar_actions.assign_facilitators, "State": calendar_actions.set_event_state,
    "Joining instructions": calendar_actions.set_joining_instructions, "Places": calendar_actions.set_capacity,
    "Minimum number": calendar_actions.set_minimum, "Cancel the event": calendar_actions.cancel_event,
    "Merge into another": event_transfers.merge_events, "Copy": calendar_actions.clone_event,
    "Overflow": event_transfers.add_overflow_event, "Waiting list": booking_actions.enrol_people,
    "Book over capacity": booking_actions.enrol_people, "Course rules": course_rules.set_course_rule,
}  # fmt: skip


def test_a_change_of_an_event_wants_the_role_of_its_action(ctx: Context) -> None:
    builders.event("BR-90")
    card = people_queries.get_event_card(ctx, "BR-90")
    check_menu(ctx, [edit_event.event_menu(screen_of(ctx, role), card) for role in Role], EVENT_MENU)


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        (DecisionKind.REQUEST, {"Approve": booking_actions.approve_request}),
        (DecisionKind.OFFER, {"Accept": booking_actions.accept_offer, "Decline": booking_actions.decline_place}),
        (DecisionKind.DECLINED, {"Cancel the place": booking_actions.cancel_place,
                                 "Substitute": booking_actions.substitute_person}),
        (DecisionKind.ANSWER, {"Record the reply": replies.record_spoken_reply,
                               "Move a session": calendar_actions.move_session}),
        (DecisionKind.INVITATION, {"Write invitations": write_invitations}),
    ],
)  # fmt: skip
def test_a_decision_wants_the_role_of_its_action(ctx: Context, kind: DecisionKind, called: dict[str, Any]) -> None:
    builders.event("BR-90")
    card, about = people_queries.get_event_card(ctx, "BR-90"), Decision(kind, "BR-90", "", 1, "Bo Ek", None)
    menus = [decision_actions.decision_menu(screen_of(ctx, role), about, card) for role in Role]
    check_menu(ctx, menus, {**called, "Open the event": None})


PALETTE = {
    "Sweep": expiry.sweep_events, "Rules of a course": course_rules.set_course_rule, "Read answers": record_replies,
    "Publish the calendar": publish_calendar, "Expired dietary and access needs": privacy.remove_expired_needs,
    **dict.fromkeys(("Import people", "Import a programme", "Import marks", "Import evaluations",
                     "Import earlier learning"), import_file),
    **dict.fromkeys(("Write a feed", "Write the programme page", "Write a whole list", "Venues", "Message templates",
                     "Check a certificate", "Clashes", "Charges", "Organisations")),
}  # fmt: skip


def test_a_command_of_the_palette_wants_the_role_of_its_work(ctx: Context) -> None:
    check_menu(ctx, [commands.palette_actions(screen_of(ctx, role)) for role in Role], PALETTE)


@pytest.fixture
def menus(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[MenuAction]]:
    """The choices of every menu that is opened."""
    opened: list[Sequence[MenuAction]] = []

    def note(module: ModuleType) -> None:
        monkeypatch.setattr(module, "Menu", lambda title, choices, **_: opened.append(choices))

    note(flow)
    return opened


CHANGES_OF_A_COURSE = {
    "Title and texts": catalogue_actions.change_course, "Places": catalogue_actions.change_course,
    "Add a module": catalogue_actions.add_module, "Add a link or document": resources.add_resource,
    "Questions": questions.add_question, "Rules": course_rules.set_course_rule,
    "Strand": catalogue_actions.change_course,
}  # fmt: skip


async def test_a_change_of_a_course_wants_the_role_of_its_action(
    ctx: Context, menus: list[Sequence[MenuAction]]
) -> None:
    for role in Role:
        await edit_catalogue.open_course_menu(screen_of(ctx, role), catalogue_queries.show_course(ctx, "BR"))
    check_menu(ctx, menus, {**CHANGES_OF_A_COURSE, "Archive": catalogue_actions.retire_course})
    catalogue_actions.retire_course(ctx, "BR")
    menus.clear()
    for role in Role:
        await edit_catalogue.open_course_menu(screen_of(ctx, role), catalogue_queries.show_course(ctx, "BR"))
    check_menu(ctx, menus, {**CHANGES_OF_A_COURSE, "Restore": catalogue_actions.bring_back_course})


async def test_a_change_of_a_strand_or_resource_wants_the_role_of_its_action(
    ctx: Context, menus: list[Sequence[MenuAction]]
) -> None:
    strand = catalogue_queries.show_catalogue(ctx).strands[0]
    for role in Role:
        await edit_catalogue.open_strand_menu(screen_of(ctx, role), strand)
    strands = {"Rename": catalogue_actions.change_strand, "Archive": catalogue_actions.retire_strand}
    check_menu(ctx, menus, {"Add a strand": catalogue_actions.add_strand, **strands})
    menus.clear()
    made = resources.add_resource(
        ctx, resources.NewResource("Handbook", ResourceKind.LINK, "https://example.org", course="BR")
    )
    for role in Role:
        await edit_catalogue.open_resource_menu(screen_of(ctx, role), catalogue_queries.show_course(ctx, "BR"), made)
    changes = {"Change": resources.change_resource, "Remove": resources.remove_resource}
    check_menu(ctx, menus, {"Copy the address": None, **changes})


async def test_what_became_of_a_commitment_wants_the_role_of_its_action(
    ctx: Context, menus: list[Sequence[MenuAction]]
) -> None:
    bo, today = builders.person("Bo Ek"), ctx.today()
    groups_actions.create_group(ctx, "Set 7", GroupKind.ACTION_LEARNING_SET)
    groups_actions.add_members(ctx, "Set 7", [bo.key])
    made = commitments.add_commitment(ctx, "Set 7", bo.key, "Ask the team", today)
    for role in Role:
        await edit_group.open_commitment_menu(screen_of(ctx, role), made)
    settled = dict.fromkeys(("Done", "Not done", "Withdrawn", "Open again"), commitments.set_commitment_state)
    check_menu(ctx, menus, {**settled, "Change": commitments.change_commitment})
