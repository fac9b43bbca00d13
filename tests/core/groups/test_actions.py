"""Who belongs to a group, since when and as what."""

from datetime import date, time

import pytest

from csc_tui.base.context import Context
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.history import undo
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import queries as people_queries
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from db.records.groups import GroupKind
from db.records.people import Person
from tests import builders

LEADS = "Practice Leads"


@pytest.fixture
def bo(ctx: Context) -> Person:
    return builders.person("Bo Smith")


def members(ctx: Context, moment: str = "2017-04-10", *, past: bool = False) -> list[tuple[str, str]]:
    return [(each.name, each.role) for each in groups_actions.show_group(builders.at(ctx, moment), LEADS, past=past)[1]]


def test_a_member_belongs_from_the_day_they_join_until_the_day_they_leave(ctx: Context, bo: Person) -> None:
    assert groups_actions.add_members(ctx, LEADS, [bo.key], on=date(2017, 5, 1))[0].outcome == "joined"
    assert (members(ctx), members(ctx, "2017-05-01")) == ([], [("Bo Smith", "member")])
    groups_actions.remove_members(ctx, LEADS, [bo.key], on=date(2017, 6, 1))
    assert (members(ctx, "2017-05-31"), members(ctx, "2017-06-01")) == ([("Bo Smith", "member")], [])
    groups_actions.add_members(ctx, LEADS, [bo.key], on=date(2017, 9, 1), role="Chair")
    assert members(ctx, "2017-09-01", past=True) == [("Bo Smith", "member"), ("Bo Smith", "chair")]
    verbs = [line.verb for line in builders.list_history_lines(ctx, person=bo.key)]
    assert verbs == ["joined group", "left group", "joined group"]


def test_who_is_in_it_already_stays_and_may_get_another_role(ctx: Context, bo: Person) -> None:
    groups_actions.add_members(ctx, LEADS, [bo.key])
    assert groups_actions.add_members(ctx, LEADS, [bo.key])[0].outcome == "already"
    assert groups_actions.add_members(ctx, LEADS, [bo.key], role="chair")[0].outcome == "changed"
    assert members(ctx) == [("Bo Smith", "chair")]


def test_one_who_cannot_leave_keeps_everybody_in(ctx: Context, bo: Person) -> None:
    groups_actions.add_members(ctx, LEADS, [bo.key])
    with pytest.raises(RuleBroken, match="Cy is not in"):
        groups_actions.remove_members(ctx, LEADS, [bo.key, builders.person("Cy").key])
    with pytest.raises(RuleBroken, match="cannot leave before"):
        groups_actions.remove_members(ctx, LEADS, [bo.key], on=date(2017, 4, 9))
    assert members(ctx) == [("Bo Smith", "member")]


def test_one_person_named_in_two_ways_joins_and_leaves_once(ctx: Context, bo: Person) -> None:
    ways = [bo.key, bo.email, bo.name]
    assert [each.outcome for each in groups_actions.add_members(ctx, LEADS, ways)] == ["joined"]
    assert [each.outcome for each in groups_actions.remove_members(ctx, LEADS, ways)] == ["left"]


def test_two_times_in_a_group_do_not_overlap(ctx: Context, bo: Person) -> None:
    groups_actions.add_members(ctx, LEADS, [bo.key], on=date(2017, 1, 1))
    groups_actions.remove_members(ctx, LEADS, [bo.key], on=date(2017, 3, 1))
    with pytest.raises(RuleBroken, match="until Wed 1 Mar 2017"):
        groups_actions.add_members(ctx, LEADS, [bo.key], on=date(2017, 2, 1))


def test_a_group_is_made_once_and_found_by_a_part_of_its_name(ctx: Context, bo: Person) -> None:
    made = groups_actions.create_group(ctx, " Set  of 100% ", GroupKind.ACTION_LEARNING_SET, course="sos-als")
    assert (made.name, made.course, made.members) == ("Set of 100%", "SOS-ALS", 0)
    with pytest.raises(Duplicate):
        groups_actions.create_group(ctx, "SET OF 100%", GroupKind.ACTION_LEARNING_SET)
    groups_actions.add_members(ctx, "100%", [bo.key])
    assert {each.name: each.members for each in groups_actions.list_groups(ctx)}["Set of 100%"] == 1
    assert booking_actions.list_people_to_book(ctx, group="set of") == [bo.key]


@pytest.mark.parametrize("name", ["%", "_", "", "nope"])
def test_a_name_is_text_to_look_for_and_never_a_pattern(ctx: Context, name: str) -> None:
    with pytest.raises(NotFound, match="The groups are: Signs of Safety Practice Leads"):
        groups_actions.show_group(ctx, name)
    with pytest.raises(NotFound):
        booking_actions.list_people_to_book(ctx, team=name or "%")


def test_a_name_that_fits_several_groups_names_them(ctx: Context) -> None:
    groups_actions.create_group(ctx, "Practice Leads of the North", GroupKind.PRACTICE_LEADS)
    with pytest.raises(RuleBroken, match="Use one of: Practice Leads of the North; Signs of Safety Practice Leads"):
        groups_actions.show_group(ctx, LEADS)


def test_nobody_named_and_a_course_that_is_not_there_are_sentences(ctx: Context) -> None:
    with pytest.raises(WrongUse):
        groups_actions.add_members(ctx, LEADS, [])
    with pytest.raises(NotFound, match="The courses are: SOS-INTRO"):
        groups_actions.create_group(ctx, "New", GroupKind.PRACTICE_LEADS, course="NOPE")
    assert len(groups_actions.list_groups(ctx)) == 1


def test_a_group_is_renamed_and_given_a_course_and_undo_puts_it_back(ctx: Context, bo: Person) -> None:
    changes = groups_actions.change_group(ctx, LEADS, new_name=" The  leads ", course="sos-als", description="")
    assert [(each.field, each.after) for each in changes] == [
        ("name", "The leads"), ("course", "SOS-ALS"), ("description", ""),
    ]  # fmt: skip
    assert groups_actions.change_group(ctx, "The leads", new_name="The leads") == []
    undo.undo_steps(ctx)
    assert [(each.name, each.course) for each in groups_actions.list_groups(ctx)] == [
        ("Signs of Safety Practice Leads", "SOS-PL")
    ]
    groups_actions.create_group(ctx, "Set 1", GroupKind.ACTION_LEARNING_SET)
    with pytest.raises(Duplicate, match="There is already a group 'set 1'"):
        groups_actions.change_group(ctx, LEADS, new_name="set  1")


def test_joining_and_leaving_are_taken_back_and_a_new_group_only_while_nobody_is_in_it(
    ctx: Context, bo: Person
) -> None:
    groups_actions.create_group(ctx, "Set 1", GroupKind.ACTION_LEARNING_SET)
    groups_actions.add_members(builders.at(ctx, "2017-04-10", actor="bob"), "Set 1", [bo.key])
    with pytest.raises(RuleBroken, match="people have joined it"):
        undo.undo_steps(ctx)
    undo.undo_steps(builders.at(ctx, "2017-04-10", actor="bob"))
    assert groups_actions.show_group(ctx, "Set 1", past=True)[1] == []
    undo.undo_steps(ctx)
    assert [each.name for each in groups_actions.list_groups(ctx)] == ["Signs of Safety Practice Leads"]
    groups_actions.add_members(ctx, LEADS, [bo.key])
    groups_actions.remove_members(ctx, LEADS, [bo.key])
    undo.undo_steps(ctx)
    assert members(ctx) == [("Bo Smith", "member")]


def test_a_series_of_meetings_is_planned_and_booked_in_one_step(ctx: Context, bo: Person) -> None:
    cy = builders.person("Cy Jones")
    groups_actions.add_members(ctx, LEADS, [bo.key, cy.key])
    preview = preview_change(
        ctx,
        lambda: groups_actions.schedule_meetings(
            ctx, LEADS, groups_actions.MeetingSeries(date(2017, 4, 29), time(14), times=3, every_weeks=4)
        ),
    ).result
    assert groups_actions.show_group_attendance(ctx, LEADS).meetings == []
    assert (
        groups_actions.schedule_meetings(
            ctx, LEADS, groups_actions.MeetingSeries(date(2017, 4, 29), time(14), times=3, every_weeks=4)
        )
        == preview
    )
    found = groups_actions.show_group_attendance(ctx, LEADS)
    # 29 April is a Saturday, and Monday 1 May and 29 May are bank holidays.
    assert [(each.event, each.on) for each in found.meetings] == [
        ("SOS-PL-01", date(2017, 5, 2)), ("SOS-PL-02", date(2017, 5, 30)), ("SOS-PL-03", date(2017, 6, 26)),
    ]  # fmt: skip
    assert [line.marks for line in found.lines] == [("booked",) * 3] * 2
    assert people_queries.get_event_card(ctx, "SOS-PL-02").event.title == "Signs of Safety Practice Leads: meeting 2"
    undo.undo_steps(ctx)
    assert [each.state for each in people_queries.list_events(ctx, "")] == ["cancelled"] * 3
    assert groups_actions.show_group_attendance(ctx, LEADS).meetings == []


def test_a_set_meets_at_the_sessions_of_one_event_where_its_course_has_several_modules(
    ctx: Context, bo: Person
) -> None:
    groups_actions.create_group(ctx, "Set 1", GroupKind.ACTION_LEARNING_SET, course="SOS-ALS")
    groups_actions.create_group(ctx, "Set 2", GroupKind.ACTION_LEARNING_SET, course="SOS-ALS")
    groups_actions.add_members(ctx, "Set 1", [bo.key])
    groups_actions.schedule_meetings(
        ctx, "Set 1", groups_actions.MeetingSeries(date(2017, 5, 2), time(14), times=2, every_weeks=2)
    )
    assert [(each.session, each.on) for each in groups_actions.show_group_attendance(ctx, "Set 1").meetings] == [
        (1, date(2017, 5, 2)), (2, date(2017, 5, 16)), (3, None), (4, None),
    ]  # fmt: skip
    assert groups_actions.show_group_attendance(ctx, "Set 2").meetings == []
    with pytest.raises(WrongUse, match="meets 4 times, not 5"):
        groups_actions.schedule_meetings(
            ctx, "Set 1", groups_actions.MeetingSeries(date(2017, 5, 2), time(14), times=5)
        )


def test_attendance_shows_marks_places_and_who_has_left(ctx: Context, bo: Person) -> None:
    cy = builders.person("Cy Jones")
    groups_actions.add_members(ctx, LEADS, [bo.key, cy.key])
    event = builders.event("SOS-PL-90", course="SOS-PL", capacity=9, dates=["2017-04-03"])
    groups_actions.book_group(ctx, LEADS, "SOS-PL-90", override="It is noted late")
    builders.mark(event, 1, bo)
    groups_actions.remove_members(ctx, LEADS, [cy.key])
    found = groups_actions.show_group_attendance(ctx, LEADS)
    assert [(line.name, line.past, line.marks) for line in found.lines] == [
        ("Cy Jones", True, ("booked",)), ("Bo Smith", False, ("present",)),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Set 1", "Set 2"])
def test_nobody_meets_where_there_is_no_course_or_nobody_in_the_group(ctx: Context, bo: Person, name: str) -> None:
    groups_actions.create_group(ctx, "Set 1", GroupKind.ACTION_LEARNING_SET)
    groups_actions.add_members(ctx, "Set 1", [bo.key])
    groups_actions.create_group(ctx, "Set 2", GroupKind.ACTION_LEARNING_SET, course="SOS-ALS")
    why = {"Set 1": "has no course yet", "Set 2": "has no members today"}[name]
    with pytest.raises((RuleBroken, NotFound), match=why):
        groups_actions.schedule_meetings(ctx, name, groups_actions.MeetingSeries(date(2017, 5, 2), time(14)))
    assert people_queries.list_events(ctx, "") == []


def test_a_clash_stops_the_whole_series(ctx: Context, bo: Person) -> None:
    groups_actions.add_members(ctx, LEADS, [bo.key])
    builders.event("BR-90", dates=["2017-05-30"], start="14:00", end="16:00", venue="Town Hall", room="Blue")
    with pytest.raises(RuleBroken, match="BR-90"):
        groups_actions.schedule_meetings(
            ctx,
            LEADS,
            groups_actions.MeetingSeries(
                date(2017, 5, 2), time(14), times=2, every_weeks=4, venue="Town Hall", room="Blue"
            ),
        )
    assert [each.event for each in people_queries.list_events(ctx, "")] == ["BR-90"]
