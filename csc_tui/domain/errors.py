"""Rules that said no, each with the facts and the sentence the coordinator reads."""

from datetime import date

from db.errors import RuleBroken
from db.records import Role


class NotAllowed(RuleBroken):
    def __init__(self, actor: str, has: Role, needs: Role) -> None:
        super().__init__(
            f"This needs the role of {needs.word}; {actor} has that of {has.word}. Nothing was changed. "
            "An administrator can do it, or give the role: csc admin roles set NAME ROLE."
        )


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


class SlotTaken(RuleBroken):
    def __init__(self, taken: list[str]) -> None:
        super().__init__(
            f"{'; '.join(taken)}. Nothing was changed. Choose another time or place, or give a reason with --override."
        )
