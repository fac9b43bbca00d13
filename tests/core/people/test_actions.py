"""The story of people: added, changed, gone, back; by several coordinators at once."""

import pytest

from csc_tui.base import transaction
from csc_tui.base.context import Context
from csc_tui.base.errors import Overridable
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import actions as booking_actions
from csc_tui.core.history import undo
from csc_tui.core.mail import change_preview, invitations
from csc_tui.core.mail.change_preview import preview_change
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import queries as people_queries
from csc_tui.core.people.actions import AddressTaken
from csc_tui.core.people.rules import FieldFault, PersonConflict
from db import models
from db.engine.connection import bound_location, write_transaction
from db.errors import AmbiguousPerson, CscError, NotFound, RuleBroken
from db.records.remedies import Remedy, RemedyKind
from tests import builders

JO = {"forename": "Jo", "surname": "Smith", "email": "Jo.Smith@example.org"}


def test_somebody_new_is_found_at_once_and_the_history_says_who_added_them(ctx: Context) -> None:
    made = people_actions.add_person(ctx, {**JO, "organisation": "Humber Trust", "team": "Duty", "dietary": "Vegan"})
    (found,), _ = people_queries.search_people(ctx, "smi hum duty")
    assert (found.person, found.name, found.team) == (made.person, "Jo Smith", "Duty")
    assert made.remarks == ("Humber Trust is a new organisation (voluntary), and Duty a new team of it.",)
    (line,) = builders.list_history_lines(ctx, person=made.person)
    assert (line.actor, line.verb) == ("alice", "person added")
    assert "Vegan" not in line.after
    assert "dietary needs given" in line.after
    assert not [
        each for each in upkeep.check_database(bound_location(), actor="alice", today=None) if each.result == "wrong"
    ]


def test_an_address_that_somebody_has_is_refused_whatever_its_case(ctx: Context) -> None:
    bo = builders.person("Bo Ek", email="bo@example.org")
    with pytest.raises(AddressTaken, match=rf"bo@example.org is the address of Bo Ek .*\({bo.key}\)") as caught:
        people_actions.add_person(ctx, {**JO, "email": "BO@EXAMPLE.ORG"})
    assert caught.value.holder == bo
    assert people_queries.search_people(ctx, "smith")[1] == 0


def test_people_of_a_like_name_are_shown_and_do_not_stand_in_the_way(ctx: Context) -> None:
    builders.person("Joan Smith", email="joan@example.org", organisation="Oasis")
    builders.person("Kit Smith")
    (remark,) = people_actions.add_person(ctx, JO).remarks
    assert remark.startswith("Similar name: Joan Smith <joan@example.org>")


def test_an_organisation_keeps_its_spelling(ctx: Context) -> None:
    builders.person("Bo Ek", organisation="Humber Trust", team="Duty")
    made = people_actions.add_person(ctx, {**JO, "organisation": "HUMBER trust", "team": "duty"})
    assert not made.remarks
    assert people_actions.get_person_form_data(ctx, made.person).person.organisation == "Humber Trust"
    assert people_actions.get_person_form_data(ctx, made.person).person.team == "Duty"


def test_a_team_stays_behind_when_somebody_goes_to_another_organisation(ctx: Context) -> None:
    bo = builders.person("Bo Ek", organisation="Humber Trust", team="Duty")
    people_actions.change_person(ctx, bo.key, {"organisation": "Oasis"})
    after = people_actions.get_person_form_data(ctx, bo.key).person
    assert (after.organisation, after.team) == ("Oasis", "")


def test_nothing_different_changes_nothing(ctx: Context) -> None:
    bo = builders.person("Bo Ek")
    with pytest.raises(RuleBroken, match="Bo Ek already has these details"):
        people_actions.change_person(ctx, bo.key, {"surname": " Ek "})
    assert people_actions.get_person_form_data(ctx, bo.key).person == bo


@pytest.mark.parametrize("name", ["M\u0430ria Nov\u0430k", "\uff2daria Novak", "MARIA NOVAK", "M\u00e1ria Nov\u00e1k"])
def test_names_that_look_alike_are_two_people_whom_one_search_finds(ctx: Context, name: str) -> None:
    builders.person("Maria Novak", email="maria@example.org")
    forename, surname = name.split()
    kept = people_actions.add_person(ctx, {"forename": forename, "surname": surname, "email": "other@example.org"})
    assert "Similar name: Maria Novak" in " ".join(kept.remarks)
    assert ("CYRILLIC" in " ".join(kept.remarks)) == ("\u0430" in name)
    for typed in ("maria novak", name):
        assert {each.email for each in people_queries.search_people(ctx, typed)[0]} == {
            "maria@example.org",
            "other@example.org",
        }
        with pytest.raises(AmbiguousPerson):
            people_actions.get_person_form_data(ctx, typed)


@pytest.mark.parametrize(
    "address", ["m\u0430ria@example.org", "\uff4daria@example.org", "maria\u200b@example.org", "MARIA@Example.org"]
)
def test_an_address_that_looks_like_anothers_is_neither_taken_nor_mistaken_for_it(ctx: Context, address: str) -> None:
    builders.person("Maria Novak", email="maria@example.org")
    with pytest.raises(CscError, match="Nothing was changed"):
        people_actions.add_person(ctx, {"surname": "Other", "email": address})


@pytest.mark.of_files
def test_whom_an_older_program_indexed_otherwise_is_found_after_an_upgrade(ctx: Context, location: str) -> None:
    who = builders.person("Pawe\u0142 Nowak")
    with write_transaction():
        models.PersonWordRow.delete().where(models.PersonWordRow.person == who.id).execute()
    assert people_queries.search_people(ctx, "pawel") == ([], 0)
    (wrong,) = [each for each in upkeep.check_open_database(ctx) if each.result == "wrong"]
    assert wrong.detail == f"{who.key} cannot be found by their details"
    assert wrong.remedy == Remedy(RemedyKind.REINDEX_PEOPLE)
    assert [upkeep.reindex_people(location, actor="alice", today=None) for _ in range(2)] == [1, 0]
    assert [each.person for each in people_queries.search_people(ctx, "pawel")[0]] == [who.key]


@pytest.mark.parametrize("named", ["nobody@example.org", "Ek"])
def test_a_line_manager_is_one_known_person_and_not_oneself(ctx: Context, named: str) -> None:
    bo = builders.person("Bo Ek")
    with pytest.raises(FieldFault) as caught:
        people_actions.change_person(ctx, bo.key, {"manager": named})
    assert caught.value.field == "manager"


def test_a_line_manager_is_named_by_address_and_taken_away_by_nothing(ctx: Context) -> None:
    bo, di = builders.person("Bo Ek"), builders.person("Di Low", email="di@example.org")
    people_actions.change_person(ctx, bo.key, {"manager": "di low"})
    assert people_actions.get_person_form_data(ctx, bo.key).texts["manager"] == "di@example.org"
    assert people_actions.get_person_form_data(ctx, bo.key).person.manager_id == di.id
    people_actions.change_person(ctx, bo.key, {"manager": ""})
    assert people_actions.get_person_form_data(ctx, bo.key).person.manager_id is None


def test_after_a_new_address_the_invitation_is_due_again(ctx: Context, tmp_path: object) -> None:
    bo = builders.person("Bo Ek")
    builders.event("BR-04", dates=["2017-06-19"])
    booking_actions.enrol_people(ctx, "BR-04", [bo.key])
    invitations.write_invitations(ctx, "BR-04", f"{tmp_path}/out")
    assert not invitations.list_due_invitations(ctx, "BR-04")
    looked = change_preview.preview_change(
        ctx, lambda: people_actions.change_person(ctx, bo.key, {"email": "bo@new.example.org"})
    )
    assert [each.reason for each in looked.invitations] == ["e-mail address changed"]
    assert not invitations.list_due_invitations(ctx, "BR-04")
    people_actions.change_person(ctx, bo.key, {"email": "bo@new.example.org"})
    (due,) = invitations.list_due_invitations(ctx, "BR-04")
    assert due.attendee.address == "bo@new.example.org"


def test_two_who_change_one_person_are_told_of_each_other_field_by_field(ctx: Context) -> None:
    bo = builders.person("Bo Ek", phone="1", job_title="Clerk")
    seen = people_actions.get_person_form_data(ctx, bo.key).texts
    people_actions.change_person(builders.at(ctx, "2017-04-10T09:05", actor="bea"), bo.key, {"phone": "2"})
    with pytest.raises(
        PersonConflict, match=r"bea changed Bo Ek in the meantime \(Mon 10 Apr 2017 09:05\): phone"
    ) as caught:
        people_actions.change_person(ctx, bo.key, {**seen, "phone": "3", "job_title": "Lead"}, seen=seen)
    (phone,) = caught.value.differences
    assert (phone.was, phone.theirs, phone.yours) == ("1", "2", "3")
    people_actions.change_person(ctx, bo.key, {"phone": "3", "job_title": "Lead"}, seen=caught.value.now)
    assert people_actions.get_person_form_data(ctx, bo.key).person.phone == "3"


def test_who_leaves_gives_up_what_has_not_begun_and_whoever_waits_moves_up(ctx: Context) -> None:
    bo, di = builders.person("Bo Ek"), builders.person("Di Low")
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    builders.event("BR-03", capacity=2, dates=["2017-04-03", "2017-05-03"])
    booking_actions.enrol_people(ctx, "BR-04", [bo.key])
    booking_actions.enrol_people(ctx, "BR-04", [di.key])
    booking_actions.enrol_people(ctx, "BR-03", [bo.key], override="Began before the database did")
    left = people_actions.record_departure(ctx, bo.key)
    assert [(each.name, each.before, each.after) for each in left.moves] == [
        ("Bo Ek", "booked", "cancelled"),
        ("Di Low", "waitlisted", "booked"),
    ]
    assert left.remarks == ["Still on BR-03, which has begun."]
    assert not people_actions.get_person_form_data(ctx, bo.key).person.active
    with pytest.raises(RuleBroken, match="has already left"):
        people_actions.record_departure(ctx, bo.key)
    people_actions.record_return(ctx, bo.key)
    assert people_actions.get_person_form_data(ctx, bo.key).person.active


def test_who_has_left_is_booked_for_a_reason_only(ctx: Context) -> None:
    bo = builders.person("Bo Ek")
    builders.event("BR-04", dates=["2017-06-19"])
    people_actions.record_departure(ctx, bo.key)
    with pytest.raises(Overridable, match="Bo Ek has left") as refused:
        booking_actions.enrol_people(ctx, "BR-04", [bo.key])
    assert refused.value.remarks[1].remedy == Remedy(RemedyKind.OVERRIDE_LEAVING, person=bo.key)
    (outcome,) = booking_actions.enrol_people(ctx, "BR-04", [bo.key], override="Comes for the last time")
    assert outcome.outcome == "booked"


def test_a_dry_run_and_a_preview_change_nothing(ctx: Context) -> None:
    bo = builders.person("Bo Ek")
    before = people_actions.get_person_form_data(ctx, bo.key)
    preview_change(ctx, lambda: people_actions.change_person(ctx, bo.key, {"phone": "2"}))
    preview_change(ctx, lambda: people_actions.record_departure(ctx, bo.key))
    preview_change(ctx, lambda: people_actions.add_person(ctx, {**JO, "organisation": "New"}))
    assert people_actions.get_person_form_data(ctx, bo.key) == before
    assert not people_actions.list_workplaces(ctx)
    assert not people_queries.search_people(ctx, "smith")[1]


def test_a_preview_holds_although_somebody_else_was_added_meanwhile(ctx: Context) -> None:
    looked = change_preview.preview_change(ctx, lambda: people_actions.add_person(ctx, JO))
    builders.person("Somebody Else")
    made = transaction.apply_previewed_change(ctx, lambda: people_actions.add_person(ctx, JO), looked.result)
    assert people_actions.get_person_form_data(ctx, made.person).person.surname == "Smith"


def test_each_of_them_is_taken_back_and_found_again_as_before(ctx: Context) -> None:
    bo, di = builders.person("Bo Ek", organisation="Oasis", phone="1"), builders.person("Di Low")
    builders.event("BR-04", capacity=1, dates=["2017-06-19"])
    booking_actions.enrol_people(ctx, "BR-04", [bo.key])
    booking_actions.enrol_people(ctx, "BR-04", [di.key])
    people_actions.change_person(ctx, bo.key, {"surname": "Ekholm", "organisation": "", "access_needs": "Ramp"})
    people_actions.record_departure(ctx, bo.key)
    undo.undo_steps(ctx)
    assert [each.status for each in people_queries.get_person_card(ctx, bo.key).enrolments] == ["booked"]
    (undone,) = undo.undo_steps(ctx)
    assert "Ramp" not in undone.before
    assert people_queries.search_people(ctx, "ek oasis")[1] == 1
    assert people_queries.search_people(ctx, "ekholm")[1] == 0
    assert people_actions.get_person_form_data(ctx, bo.key).person.access_needs == ""


def test_somebody_new_is_taken_back_unless_they_are_on_an_event_by_now(ctx: Context) -> None:
    made = people_actions.add_person(ctx, JO)
    builders.event("BR-04", dates=["2017-06-19"])
    booking_actions.enrol_people(builders.at(ctx, "2017-04-10", actor="bea"), "BR-04", [made.person])
    with pytest.raises(RuleBroken, match="they are on an event now"):
        undo.undo_steps(ctx)
    booking_actions.cancel_place(builders.at(ctx, "2017-04-10", actor="bea"), "BR-04", made.person, reason="Mistake")
    undo.undo_steps(ctx)
    assert not people_actions.get_person_form_data(ctx, made.person).person.active
    with pytest.raises(AddressTaken, match="who has left") as refused:
        people_actions.add_person(ctx, JO)
    assert refused.value.remedy == Remedy(RemedyKind.BRING_BACK, person=made.person)
    with pytest.raises(NotFound):
        undo.undo_steps(ctx)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Sean O'Hara", ("Sean", "O’Hara")), ("Sean O'Hara", ("Sean", "O Hara")),
        ("Ann-Marie Lee", ("Ann Marie", "Lee")),
        ("Ann Marie Lee", ("Ann-Marie", "Lee")), ("Robert Bell", ("Bob", "Bell")), ("Amy Lawson", ("Lawson", "Amy")),
        ("Jo Smith-Jones", ("Jo", "Smith Jones")),
    ],
)  # fmt: skip
def test_much_the_same_name_is_seen_through_signs_short_and_swapped_names(
    ctx: Context, stored: str, typed: tuple[str, str]
) -> None:
    builders.person(stored, email="first@example.org")
    wanted = {"forename": typed[0], "surname": typed[1], "email": "second@example.org"}
    remarks = people_actions.add_person(ctx, wanted).remarks
    assert any("Similar name" in each and "first@example.org" in each for each in remarks), remarks
