"""Rules that said no, each with the facts and the sentence the coordinator reads."""

from datetime import date

from db.errors import NotFound, RuleBroken
from db.records import Role


class NotAllowed(RuleBroken):
    def __init__(self, actor: str, has: Role, needs: Role) -> None:
        super().__init__(
            f"{actor} is a {has.word}; this needs a {needs.word}. Nothing was changed. Ask an administrator."
        )


class NoSuchEvent(NotFound):
    def __init__(self, reference: str) -> None:
        super().__init__(f"There is no event {reference}. csc free --all lists the events to come.")


class NoSuchPerson(NotFound):
    def __init__(self, text: str) -> None:
        super().__init__(f"Nobody is found for '{text}'. csc who finds people by parts of a name, e-mail or team.")


class AmbiguousPerson(RuleBroken):
    """`candidates` are (key, name, e-mail, organisation)."""

    def __init__(self, text: str, candidates: list[tuple[str, str, str, str]]) -> None:
        listed = "; ".join(
            f"{key} {name} <{email}> {organisation}" for key, name, email, organisation in candidates[:8]
        )
        more = f"; and {len(candidates) - 8} more" if len(candidates) > 8 else ""
        super().__init__(f"'{text}' fits {len(candidates)} people. Nothing was done. Use one of: {listed}{more}.")
        self.candidates = candidates


class NotBookable(RuleBroken):
    def __init__(self, reference: str, why: str) -> None:
        super().__init__(f"{reference} cannot be booked: {why}.")


class AlreadyStarted(RuleBroken):
    def __init__(self, reference: str, on: date) -> None:
        super().__init__(
            f"{reference} began on {on:%d/%m/%Y}. To book somebody all the same, give a reason: --override."
        )


class LearnerClash(RuleBroken):
    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} is already booked on {what}. To book all the same, give a reason: --override.")


class ReasonNeeded(RuleBroken):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs a reason. Nothing was changed.")


class NotOnEvent(RuleBroken):
    def __init__(self, name: str, reference: str) -> None:
        super().__init__(f"{name} has no place on {reference} and is not waiting for one.")


class CapacityTooSmall(RuleBroken):
    def __init__(self, reference: str, held: int, wanted: int) -> None:
        super().__init__(
            f"{reference} has {held} places taken; a capacity of {wanted} would leave somebody without a seat. "
            "Nothing was changed. Cancel places first, or give a reason with --override."
        )
