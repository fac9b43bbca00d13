"""The council's policy: its settings, and checks of their values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from csc_tui.base.context import DEFAULT_POLICY, Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count
from csc_tui.base.transaction import action
from csc_tui.core.admin import upkeep
from csc_tui.core.booking import charges
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.mail import invitation_rules
from db import policy
from db.engine.connection import read_transaction
from db.errors import WrongUse
from db.records.mail import MessageKind
from db.records.startup import Role

MEANINGS: Mapping[str, str] = {
    "time_zone": "The time zone of sessions, such as Europe/London.",
    "first_month": "The month in which a programme year begins, as a number: 4 is April.",
    "organiser_name": "The name that people see as the sender of invitations.",
    "organiser_email": "The e-mail address that invitations come from and replies go to.",
    "default_role": "The role of everyone who has not been given one. Only an administrator can change it.",
    "request_days": "The number of days after which an unanswered request is overdue. The next sweep closes it.",
    "cancel_reasons": "The reasons to choose from when a place is cancelled, separated by commas.",
    "charges": "The charge in pounds for a late cancellation or no-show, by kind of organisation: council=0, "
    "school=50.",
    "anonymous_evaluations": "yes: evaluation answers are stored without names, and names are removed from those "
    "stored earlier.",
    "charge_exemptions": "Reasons for which there is no charge, separated by commas.",
    "how_to_cancel": "The sentence in every invitation that says what to do if you cannot come.",
    "message_days": "The number of days after which no more messages are sent about something that has happened.",
    "reminder_days": "How many days before each session reminders are sent. 0 means no reminders.",
    "refresher_days": "How many days before a completion runs out the person is asked to book a refresher.",
    "manager_copies": "yes: line managers get a copy of messages about when a learner will be away for training.",
    "messages_off": "Kinds of message that are switched off, separated by commas.",
    "needs_days": "How many days after a person's last session their dietary and access needs are due for removal. 0: "
    "never.",
}
"""A sentence about each key of the policy."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of the policy with its value; `default` holds until a council decides otherwise."""

    key: str
    value: str
    default: str


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A key that was set; `remark` is a sentence about further effects."""

    key: str
    before: str
    after: str
    remark: str = ""


def list_settings(ctx: Context) -> list[Setting]:
    """Return every key with its present value."""
    with read_transaction():
        said = policy.fetch_policy_values()
    return [Setting(key, said.get(key, default), default) for key, default in DEFAULT_POLICY.items()]


@action(role=Role.COORDINATOR, undoable=False)
def set_policy_value(ctx: Context, key: str, value: str) -> PolicyChange:
    """Set one key of the policy; making evaluations anonymous removes the names from stored answers for good.

    Raises WrongUse for an unknown key or an invalid value, and LastAdministrator.
    """
    if key not in DEFAULT_POLICY:
        raise WrongUse(f"There is no policy '{key}'. The policies are: {', '.join(DEFAULT_POLICY)}.")
    after = _checked_value(key, value)
    if key == "default_role":
        return PolicyChange(key, upkeep.set_default_role(ctx, Role[after.upper()]), after)
    before = policy.fetch_policy_values().get(key, DEFAULT_POLICY[key])
    policy.store_policy_value(key, after)
    parted = evaluation_actions.anonymise_forms(ctx) if (key, after) == ("anonymous_evaluations", "yes") else 0
    remark = (
        f"{format_count(parted, 'form')} separated from their names, permanently. Backups still have the names."
        if parted
        else ""
    )
    write_history(ctx, "policy changed", key, before=before, after=after, reason=remark)
    return PolicyChange(key, before, after, remark)


def policy_value_fault(key: str, value: str) -> str:
    """Return what is wrong with a value of a key, as part of a sentence; empty if nothing is."""
    try:
        _checked_value(key, value)
    except WrongUse as refusal:
        return str(refusal).removesuffix(" Nothing was changed.").rstrip(".")
    return ""


def _checked_value(key: str, value: str) -> str:
    return _CHECKS[key](key, " ".join(value.split()))


def _time_zone(key: str, value: str) -> str:
    if value not in available_timezones():
        raise _InvalidValue(key, value, "the name of a time zone, such as Europe/London")
    return value


def _number(first: int, last: int, what: str) -> Callable[[str, str], str]:
    def check(key: str, value: str) -> str:
        if not (value.isdecimal() and value.isascii() and len(value) < 6 and first <= int(value) <= last):
            raise _InvalidValue(key, value, f"{what} from {first} to {last}")
        return str(int(value))

    return check


def _address(key: str, value: str) -> str:
    if not invitation_rules.is_usable_address(value):
        raise _InvalidValue(key, value, "an e-mail address, such as training@example.org")
    return value


def _role(key: str, value: str) -> str:
    words = [role.word for role in Role]
    if value.lower() not in words:
        raise _InvalidValue(key, value, f"one of {', '.join(words)}")
    return value.lower()


def _yes_or_no(key: str, value: str) -> str:
    if value.lower() not in ("yes", "no"):
        raise _InvalidValue(key, value, "yes or no")
    return value.lower()


def _list(key: str, value: str) -> str:
    return ", ".join(charges.parse_comma_list(value))


def _kinds(key: str, value: str) -> str:
    named = [each.strip().lower().replace(" ", "_") for each in value.split(",") if each.strip()]
    for each in named:
        if each not in set(MessageKind) - {MessageKind.INVITATION}:
            raise _InvalidValue(key, each, f"a list of {', '.join(MessageKind)} (not invitation)")
    return ", ".join(dict.fromkeys(named))


def _required(check: Callable[[str, str], str]) -> Callable[[str, str], str]:
    def not_empty(key: str, value: str) -> str:
        checked = check(key, value)
        if not checked:
            raise WrongUse(f"The policy '{key}' cannot be left empty. Nothing was changed.")
        return checked

    return not_empty


def _charges(key: str, value: str) -> str:
    charges.parse_charge_amounts(value)
    return value


class _InvalidValue(WrongUse):
    """Raised for a value that its key cannot have."""

    def __init__(self, key: str, value: str, wanted: str) -> None:
        super().__init__(f"The policy '{key}' is {wanted}; '{value}' is not. Nothing was changed.")


_CHECKS: Mapping[str, Callable[[str, str], str]] = {
    "time_zone": _time_zone,
    "first_month": _number(1, 12, "the number of a month"),
    "organiser_name": _required(lambda _, value: value),
    "organiser_email": _address,
    "default_role": _role,
    "request_days": _number(1, 365, "a number of days"),
    "cancel_reasons": _required(_list),
    "charges": _charges,
    "charge_exemptions": _list,
    "how_to_cancel": _required(lambda _, value: value),
    "anonymous_evaluations": _yes_or_no,
    "message_days": _number(1, 365, "a number of days"),
    "reminder_days": _number(0, 60, "a number of days"),
    "refresher_days": _number(0, 365, "a number of days"),
    "manager_copies": _yes_or_no,
    "messages_off": _kinds,
    "needs_days": _number(0, 3650, "a number of days"),
}
"""A function for each key that returns the value as it is stored, or raises WrongUse."""
