"""The council's policy: what may be set, to what, and by whom."""

from dataclasses import replace

import pytest

from csc_tui.base import bootstrap
from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.base.errors import LastAdministrator, NotAllowed
from csc_tui.core.admin import policy
from db import models
from db.engine.connection import write_transaction
from db.errors import WrongUse
from db.records.startup import Role
from tests import builders

GOOD = [
    ("time_zone", "Europe/Dublin", "Europe/Dublin"), ("first_month", "9", "9"), ("first_month", "09", "9"),
    ("organiser_name", "  The   Team ", "The Team"), ("organiser_email", "team@example.org", "team@example.org"),
    ("request_days", "30", "30"), ("cancel_reasons", "illness,workload", "illness, workload"),
    ("charges", "school=75", "school=75"), ("charges", "", ""), ("charge_exemptions", "", ""),
    ("how_to_cancel", "Ring us.", "Ring us."), ("default_role", "Viewer", "viewer"),
    ("anonymous_evaluations", "Yes", "yes"), ("message_days", "07", "7"), ("reminder_days", "0", "0"),
    ("refresher_days", "90", "90"), ("manager_copies", "YES", "yes"), ("messages_off", "", ""),
    ("messages_off", "Reminder, waiting list", "reminder, waiting_list"), ("needs_days", " 90 ", "90"),
]  # fmt: skip
BAD = [
    ("time_zone", "Mars/Phobos", "'time_zone' is the name of a time zone"), ("time_zone", "../../etc/passwd", "zone"),
    ("time_zone", "", "'time_zone' is"), ("first_month", "13", "a month from 1 to 12"), ("first_month", "0", "1 to 12"),
    ("first_month", "April", "'first_month'"), ("organiser_name", " ", "cannot be left empty"),
    ("organiser_email", "not an address", "'organiser_email' is an e-mail address"),
    ("organiser_email", "a@b", "'organiser_email'"), ("default_role", "king", "one of viewer, booker"),
    ("request_days", "0", "from 1 to 365"), ("request_days", "-3", "from 1 to 365"), ("request_days", "²", "1 to 365"),
    ("cancel_reasons", " , ", "cannot be left empty"), ("charges", "schools=1", "Type the policy 'charges' as"),
    ("how_to_cancel", "", "cannot be left empty"), ("anonymous_evaluations", "1", "yes or no"),
    ("message_days", "0", "from 1 to 365"), ("reminder_days", "61", "from 0 to 60"), ("refresher_days", "x", "number"),
    ("manager_copies", "maybe", "yes or no"), ("messages_off", "reminders", "'messages_off' is a list of"),
    ("messages_off", "invitation", "'invitation' is not"), ("needs_days", "3651", "from 0 to 3650"),
    ("colour", "red", "There is no policy 'colour'. The policies are: "),
]  # fmt: skip


def holds(ctx: Context) -> dict[str, str]:
    return {each.key: each.value for each in policy.list_settings(ctx)}


def test_everything_is_listed_with_its_default(ctx: Context) -> None:
    listed = policy.list_settings(ctx)
    assert {each.key: each.default for each in listed} == dict(DEFAULT_POLICY)
    assert all(each.value == each.default for each in listed)


@pytest.mark.parametrize(("key", "typed", "stored"), GOOD)
def test_a_value_that_makes_sense_holds_from_then_on(
    ctx: Context, location: str, key: str, typed: str, stored: str
) -> None:
    done = policy.set_policy_value(ctx, key, typed)
    assert (done.key, done.before, done.after) == (key, DEFAULT_POLICY[key], stored)
    assert holds(ctx)[key] == stored
    assert bootstrap.create_context(location, actor="alice", today=None).policy[key] == stored
    line = builders.list_history_lines(ctx)[0]
    assert (line.actor, line.before, line.after) == ("alice", DEFAULT_POLICY[key], stored)


@pytest.mark.parametrize(("key", "typed", "sentence"), BAD)
def test_a_value_that_makes_no_sense_changes_nothing(ctx: Context, key: str, typed: str, sentence: str) -> None:
    before, history = holds(ctx), builders.list_history_lines(ctx)
    with pytest.raises(WrongUse, match=sentence):
        policy.set_policy_value(ctx, key, typed)
    assert (holds(ctx), builders.list_history_lines(ctx)) == (before, history)


def test_every_key_of_the_policy_has_its_cases() -> None:
    assert {key for key, *_ in GOOD} == set(policy.MEANINGS) == set(DEFAULT_POLICY)
    assert {key for key, *_ in BAD} >= set(DEFAULT_POLICY) - {"charge_exemptions"}  # any list will do


@pytest.mark.parametrize(
    ("role", "key", "may"),
    [
        (Role.BOOKER, "request_days", False), (Role.COORDINATOR, "request_days", True),
        (Role.COORDINATOR, "default_role", False), (Role.ADMINISTRATOR, "default_role", True),
    ],
)  # fmt: skip
def test_a_coordinator_sets_the_policy_and_an_administrator_the_role_of_others(
    ctx: Context, role: Role, key: str, may: bool
) -> None:
    acting = replace(ctx, role=role)
    value = "viewer" if key == "default_role" else "30"
    if may:
        policy.set_policy_value(acting, key, value)
    else:
        with pytest.raises(NotAllowed):
            policy.set_policy_value(acting, key, value)
    assert (holds(ctx)[key] == value) is may


def test_somebody_stays_an_administrator(ctx: Context) -> None:
    with write_transaction():
        models.RoleRow.delete().execute()
    with pytest.raises(LastAdministrator, match="No one would be an administrator any more"):
        policy.set_policy_value(ctx, "default_role", "viewer")
    assert holds(ctx)["default_role"] == "administrator"
