"""Refusals of the rules: each holds its facts, and its text is the sentence the coordinator reads."""

from collections.abc import Sequence
from datetime import date

from csc_tui.base.text import format_date
from db.errors import CscError, RuleBroken
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import EventState, Role


class WorkStopped(CscError):
    """Long work that was stopped by the person who started it; nothing of it was kept."""


class Overridable(RuleBroken):
    """A refusal that can be set aside by giving a reason, which is then kept in the history; its remedy says so."""

    def __init__(self, sentence: str, remedy: Remedy | None = None) -> None:
        super().__init__(sentence, remedy or Remedy(RemedyKind.OVERRIDE_RULE))


class NotAllowed(RuleBroken):
    """The actor's role does not allow this action."""

    def __init__(self, actor: str, has: Role, needs: Role) -> None:
        super().__init__(
            f"This needs the {needs.word} role; {actor} has the {has.word} role. Nothing was changed.",
            Remedy(RemedyKind.GIVE_ROLE),
        )


class NotBookable(RuleBroken):
    """The event cannot be booked, because of its state."""

    def __init__(self, reference: str, state: EventState) -> None:
        if state is EventState.DRAFT:
            super().__init__(
                f"{reference} is a draft, so it cannot be booked yet. Nothing was changed.",
                Remedy(RemedyKind.OPEN_EVENT, event=reference),
            )
        else:
            super().__init__(
                f"{reference} is {state}, so it cannot be booked any more. Nothing was changed.",
                Remedy(RemedyKind.LIST_BOOKABLE_EVENTS),
            )


class AlreadyStarted(Overridable):
    """The event has begun, so nobody is booked on it without a reason."""

    def __init__(self, reference: str, on: date) -> None:
        super().__init__(f"{reference} began on {format_date(on)}. Nothing was changed.")


class LearnerClash(Overridable):
    """The person is booked on other sessions at the same time, or leads them.

    `booked` and `led` describe each of those sessions; `what` names all of them.
    """

    def __init__(self, name: str, booked: Sequence[str], led: Sequence[str] = ()) -> None:
        self.what = "; ".join((*booked, *led))
        told = [f"is already booked on {'; '.join(booked)}"] if booked else []
        told += [f"leads {'; '.join(led)}"] if led else []
        super().__init__(f"{name} {', and '.join(told)}.")


class ReasonNeeded(Overridable):
    """The change needs a reason and none was given."""

    def __init__(self, what: str, remedy: Remedy | None = None) -> None:
        super().__init__(f"{what} needs a reason. Nothing was changed.", remedy or Remedy(RemedyKind.GIVE_REASON))


class NotOnEvent(RuleBroken):
    """The person neither has a place on the event nor waits for one."""

    def __init__(self, name: str, reference: str) -> None:
        super().__init__(f"{name} has no place on {reference} and is not waiting for one. Nothing was changed.")


class CapacityTooSmall(Overridable):
    """The new capacity is below the number of places taken."""

    def __init__(self, reference: str, held: int, wanted: int) -> None:
        super().__init__(
            f"{reference} has {held} places taken; a capacity of {wanted} would leave someone without a place. "
            "Nothing was changed.",
            Remedy(RemedyKind.OVERRIDE_CAPACITY),
        )


class SlotTaken(Overridable):
    """The room or a facilitator is taken at that time; `taken` describes each clash."""

    def __init__(self, taken: list[str]) -> None:
        super().__init__(f"{'; '.join(taken)}. Nothing was changed.", Remedy(RemedyKind.OVERRIDE_SLOT))


class SessionTaken(Overridable):
    """The register of a session was taken, so the session took place when it says."""

    def __init__(self, reference: str, number: int, on: date | None) -> None:
        super().__init__(
            f"The register of {reference} session {number} was taken, so it took place on {format_date(on)}. Nothing "
            "was changed.",
            Remedy(RemedyKind.OVERRIDE_REGISTER),
        )


class NameTooClose(RuleBroken):
    """A new name is so close to a known one that it is probably the same thing misspelt."""

    def __init__(self, kind: str, typed: str, near: str) -> None:
        self.kind, self.typed, self.near = kind, typed, near
        super().__init__(
            f"'{typed}' is close to the {kind} '{near}'. Nothing was changed.",
            Remedy(RemedyKind.SAY_NEW_NAME, near=near, typed=typed),
        )


class LastAdministrator(RuleBroken):
    """Without this person, or the role of everyone else where no name is given, nobody would be an administrator."""

    def __init__(self, name: str = "") -> None:
        why = f"{name} is the only administrator" if name else "No one would be an administrator any more"
        super().__init__(
            f"{why}. Nothing was changed.",
            Remedy(RemedyKind.MAKE_ADMINISTRATOR),
        )


class NotForServers(RuleBroken):
    """The work is done on files only, and the database is on a PostgreSQL server."""

    def __init__(self, instead: str) -> None:
        super().__init__(f"This database is on a PostgreSQL server: {instead}. Nothing was changed.")
