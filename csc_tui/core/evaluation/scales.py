"""Rules about scales: what the numbers and words of a whole column mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from db.errors import WrongUse

LOWEST, HIGHEST = 0, 10
"""The ends that a scale may have."""
AGREEING = (
    "yes", "y", "true", "agree", "strongly agree", "agree strongly", "tend to agree", "definitely agree",
    "somewhat agree", "agree somewhat", "slightly agree", "mostly agree", "completely agree", "fully agree",
    "totally agree", "partly agree", "definitely", "yes definitely", "yes, definitely", "a lot", "to a great extent",
)  # fmt: skip
"""Words that agree with a statement."""
DISAGREEING = (
    "no", "n", "false", "disagree", "strongly disagree", "disagree strongly", "tend to disagree", "somewhat disagree",
    "disagree somewhat", "slightly disagree", "mostly disagree", "completely disagree", "totally disagree",
    "definitely disagree", "partly disagree", "not at all", "definitely not",
)  # fmt: skip
"""Words that disagree with a statement."""
UNDECIDED = (
    "neither", "neither agree nor disagree", "neither agree or disagree", "neutral", "not sure", "unsure", "don't know",
    "dont know", "do not know", "no opinion", "undecided", "n/a", "not applicable", "prefer not to say",
    "too early to say", "too soon to say",
)  # fmt: skip
"""Words that neither agree nor disagree; they are answers all the same."""
STEPS = {
    "strongly disagree": 1, "disagree strongly": 1, "disagree": 2, "tend to disagree": 2, "somewhat disagree": 2,
    "neither agree nor disagree": 3, "neither agree or disagree": 3, "neutral": 3, "agree": 4, "tend to agree": 4,
    "somewhat agree": 4, "strongly agree": 5, "agree strongly": 5, "very dissatisfied": 1, "dissatisfied": 2,
    "satisfied": 4, "very satisfied": 5,
}  # fmt: skip
"""Words for the steps of a scale from 1 to 5."""
_NUMBER = re.compile(r"(\d{1,2})(?![\d.,])")


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from the number of who agrees least to that of who agrees most, whichever is larger."""

    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.least}-{self.most}"

    def part(self, number: int) -> float:
        """Return where a number lies, from 0 (agrees least) to 1 (agrees most). Raises WrongUse for one outside."""
        if not min(self.least, self.most) <= number <= max(self.least, self.most):
            raise WrongUse(f"'{number}' is not on the scale {self}")
        return (number - self.least) / (self.most - self.least)


def parse_scale(text: str) -> Scale:
    """Return the scale written `1-5` or `5-1`. Raises WrongUse."""
    found = re.fullmatch(r"(\d{1,2}) ?(?:-|–|to) ?(\d{1,2})", text.strip())
    if not found or found[1] == found[2] or not all(LOWEST <= int(end) <= HIGHEST for end in found.groups()):
        raise WrongUse(f"Type a scale such as 1-5 or 5-1, with the least agreement first, not '{text}'.")
    return Scale(int(found[1]), int(found[2]))


def number_of(text: str) -> int | None:
    """Return the number that an answer such as `4 - Good` begins with, or None."""
    found = _NUMBER.match(text.strip())
    return int(found[1]) if found else None


def needs_scale(texts: Iterable[str]) -> bool:
    """Return whether a column holds numbers that are no yes and no, so that their meaning has to be said."""
    numbers = {number for text in texts if (number := number_of(text)) is not None}
    return bool(numbers - {0, 1}) or numbers == {1}


def likely_scales(texts: Iterable[str]) -> list[Scale]:
    """Return the scales that the numbers of a column may be on, the likeliest first."""
    numbers = {number for text in texts if (number := number_of(text)) is not None}
    low, high = (0 if 0 in numbers else 1), max(numbers, default=1)
    tops = [top for top in (5, 4, 7, 10) if high <= top]
    return [scale for top in tops[:2] for scale in (Scale(low, top), Scale(top, low))]
