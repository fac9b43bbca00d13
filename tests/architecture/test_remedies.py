"""What is said below the faces names no command, option or key; each face words every remedy in a table of its own."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from csc_tui.base import errors
from csc_tui.base.errors import Overridable
from csc_tui.cli.remedies import SHELL_REMEDIES, word_for_shell
from csc_tui.core.booking.actions import EnrolmentNeedsReason, EnrolmentRefused, refuse_enrolment
from csc_tui.window.shared.remedies import WINDOW_REMEDIES, word_for_window
from db.errors import CscError
from db.records.booking import Outcome
from db.records.remedies import REASON_KINDS, Remark, Remedy, RemedyKind

ROOT = Path(__file__).parents[2]
BELOW = ("csc_tui/core", "csc_tui/base", "db", "exports")
NAMES_A_FACE = re.compile(r"\bcsc [a-z]|(?<![\w-])--[a-z]|command line|\b[Pp]ress(es)? [a-z]\b|\bF\d{1,2}\b|\bctrl\+")
KINDS = {kind for name, kind in vars(RemedyKind).items() if name.isupper()}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in BELOW:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The strings of a module, docstrings aside; what is put into an f-string stands as {}."""
    aside = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            aside |= {id(each) for each in node.values}
            parts = [str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values]
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.lineno, node.value


def test_no_sentence_below_the_faces_names_a_command_an_option_or_a_key() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path, tree in sources()
        for line, text in texts(tree)
        if NAMES_A_FACE.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["To open it: csc schedule state {} open.", "give a reason: --override.", "press p", "F1 helps", "ctrl+p"]
)
def test_such_a_sentence_would_be_found(text: str) -> None:
    assert NAMES_A_FACE.search(text)


def made_remedies() -> Iterator[tuple[str, str, set[str]]]:
    """Where a remedy is made below the faces, its kind and the names of its facts."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Remedy"):
                continue
            facts = {each.arg for each in node.keywords if each.arg}
            for kind in kinds_meant(node.args[0], tree):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", kind, facts


def kinds_meant(given: ast.expr, tree: ast.Module) -> list[str]:
    """The kinds in what a remedy is made of; for a name, those in what is assigned to it."""
    if isinstance(given, ast.Name):
        assigned = [
            each.value
            for each in ast.walk(tree)
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == given.id
        ]
        return [kind for value in assigned for kind in kinds_meant(value, tree)]
    return [
        getattr(RemedyKind, each.attr)
        for each in ast.walk(given)
        if isinstance(each, ast.Attribute) and ast.unparse(each.value) == "RemedyKind"
    ]


@pytest.mark.parametrize("words", [SHELL_REMEDIES, WINDOW_REMEDIES], ids=["shell", "window"])
def test_every_remedy_is_worded_with_the_facts_it_has(words: Mapping[str, str]) -> None:
    assert set(words) == KINDS
    for where, kind, facts in made_remedies():
        fields = {name for _, name, _, _ in Formatter().parse(words[kind]) if name}
        assert fields <= facts, f"{where}: {kind} lacks {fields - facts}"


def test_every_remedy_is_made_somewhere() -> None:
    assert {kind for _, kind, _ in made_remedies()} == KINDS


def test_the_window_names_no_command_and_no_option() -> None:
    assert [each for each in WINDOW_REMEDIES.values() if re.search(r"\bcsc |--[a-z]", each)] == []


def refused_outcomes(*remedies: Remedy | None) -> list[Outcome]:
    return [Outcome(f"#{number}", "Bo Ek", "refused", "No.", each) for number, each in enumerate(remedies)]


OVERRIDABLE: dict[type[CscError], CscError] = {
    Overridable: Overridable("The course is for managers."),
    errors.AlreadyStarted: errors.AlreadyStarted("BR-90", date(2017, 6, 12)),
    errors.LearnerClash: errors.LearnerClash("Bo Ek", ["BR-91 session 1"]),
    errors.ReasonNeeded: errors.ReasonNeeded("Cancelling a place"),
    errors.CapacityTooSmall: errors.CapacityTooSmall("BR-90", 5, 4),
    errors.SlotTaken: errors.SlotTaken(["Room 1 is taken"]),
    errors.SessionTaken: errors.SessionTaken("BR-90", 1, date(2017, 6, 12)),
    EnrolmentNeedsReason: EnrolmentNeedsReason(refused_outcomes(Remedy(RemedyKind.OVERRIDE_RULE))),
}
"""One of each refusal that a reason sets aside."""


def overridable_classes() -> set[type[CscError]]:
    import csc_tui.core

    for module in pkgutil.walk_packages(csc_tui.core.__path__, "csc_tui.core."):
        importlib.import_module(module.name)
    found: set[type[CscError]] = set()
    waiting: list[type[CscError]] = [Overridable]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return found


def test_no_refusal_that_a_reason_sets_aside_is_missing_here() -> None:
    assert overridable_classes() == set(OVERRIDABLE)


@pytest.mark.parametrize("kind", OVERRIDABLE, ids=lambda kind: kind.__name__)
def test_each_face_says_that_a_reason_helps(kind: type[CscError]) -> None:
    refusal = OVERRIDABLE[kind]
    assert {each.remedy.kind for each in refusal.remarks if each.remedy} <= REASON_KINDS
    assert re.search(r"--(override|reason) ", word_for_shell(refusal))
    assert re.search(r"(?i)give a reason", word_for_window(refusal))
    assert str(refusal) in "\n".join(each.sentence for each in refusal.remarks)


def test_a_reason_is_asked_for_only_where_it_helps_everybody_refused() -> None:
    helped, lost = Remedy(RemedyKind.OVERRIDE_RULE), Remedy(RemedyKind.FIND_PEOPLE)
    assert isinstance(refuse_enrolment(refused_outcomes(helped, helped)), Overridable)
    for remedies in ((helped, lost), (lost,), (None,)):
        refusal = refuse_enrolment(refused_outcomes(*remedies))
        assert isinstance(refusal, EnrolmentRefused)
        assert not isinstance(refusal, Overridable)


def test_facts_with_braces_are_said_as_they_are() -> None:
    said = Remark("No.", Remedy(RemedyKind.NAME_GROUP_COURSE, group="{event} {}"))
    assert word_for_shell(said) == "No. Choose one: csc group change '{event} {}' --course CODE."
