"""Refusals of the rules: each holds its facts, and its text is the sentence the coordinator reads."""

from datetime import date

from csc_tui.base.text import shorten_list
from db.errors import CscError, RuleBroken
from db.records.startup import EventState, Role


class WorkStopped(CscError):
    """Long work that was stopped by the person who started it; nothing of it was kept."""


class Overridable(RuleBroken):
    """A refusal that can be set aside by giving a reason, which is then kept in the history."""


class NotAllowed(RuleBroken):
    """The actor's role does not allow this action."""

    def __init__(self, actor: str, has: Role, needs: Role) -> None:
        super().__init__(
            f"This needs the role of {needs.word}; {actor} has that of {has.word}. Nothing was changed. "
            "An administrator can do it, or give the role: csc admin roles set NAME ROLE."
        )


class NotBookable(RuleBroken):
    """The event cannot be booked, because of its state."""

    def __init__(self, reference: str, state: EventState) -> None:
        super().__init__(
            f"{reference} is a draft, so it cannot be booked yet. Nothing was changed. "
            f"To open it: csc schedule state {reference} open."
            if state is EventState.DRAFT
            else f"{reference} is {state}, so it cannot be booked any more. Nothing was changed. "
            "csc free lists the events that can be."
        )


class AlreadyStarted(Overridable):
    """The event has begun, so nobody is booked on it without a reason."""

    def __init__(self, reference: str, on: date) -> None:
        super().__init__(
            f"{reference} began on {on:%d/%m/%Y}. Nothing was changed. To book somebody all the same, give a reason "
            "(on the command line: --override)."
        )


class LearnerClash(Overridable):
    """The person is already booked on another session at the same time."""

    def __init__(self, name: str, what: str) -> None:
        self.what = what
        super().__init__(
            f"{name} is already booked on {what}. To book all the same, give a reason "
            "(on the command line: --override)."
        )


class ReasonNeeded(Overridable):
    """The change needs a reason and none was given."""

    def __init__(self, what: str, option: str = "--reason") -> None:
        super().__init__(f"{what} needs a reason. Nothing was changed. Give one (on the command line: {option}).")


class NotOnEvent(RuleBroken):
    """The person neither has a place on the event nor waits for one."""

    def __init__(self, name: str, reference: str) -> None:
        super().__init__(f"{name} has no place on {reference} and is not waiting for one. Nothing was changed.")


class CapacityTooSmall(Overridable):
    """The new capacity is below the number of places taken."""

    def __init__(self, reference: str, held: int, wanted: int) -> None:
        super().__init__(
            f"{reference} has {held} places taken; a capacity of {wanted} would leave somebody without a seat. "
            "Nothing was changed. Cancel places first, or give a reason (on the command line: --override)."
        )


class SlotTaken(Overridable):
    """The room or a facilitator is taken at that time; `taken` describes each clash."""

    def __init__(self, taken: list[str]) -> None:
        super().__init__(
            f"{shorten_list(taken, 5, '; ')}. Nothing was changed. "
            "Choose another time or place, or give a reason (on the command line: --override)."
        )


class LastAdministrator(RuleBroken):
    """Without this person nobody would be an administrator."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Without {name} nobody would be an administrator. Nothing was changed. "
            "Make somebody else one first: csc admin roles set NAME administrator."
        )


class NotForServers(RuleBroken):
    """The work is done on files only, and the database is on a PostgreSQL server."""

    def __init__(self, instead: str) -> None:
        super().__init__(f"This database is on a PostgreSQL server: {instead}. Nothing was changed.")
