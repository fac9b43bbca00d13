"""What functions ask of their callers: policy is never assumed."""

import ast
from collections.abc import Iterator

import pytest

from csc_tui.base.context import DEFAULT_POLICY
from tests.builders import ROOT

SOURCES = sorted(path for package in ("csc_tui", "db", "exports") for path in (ROOT / package).rglob("*.py"))
POLICY = {
    *DEFAULT_POLICY, "zone", "year", "role", "policy", "days", "charges", "organiser", "exemptions", "notice_days",
}  # fmt: skip
"""Names under which what a council decides is handed on."""
NOT_POLICY = {
    "csc_tui/core/groups/actions.py add_members role": "the role of a member within a group, which no policy sets",
    "csc_tui/core/mail/replies.py list_reply_sources days": "how far back a mailbox is read, a choice of whoever asks",
}


def assumed(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each function or class with a parameter or a field that is policy by its name and has a value of its own.

    None and the empty text are no value: they mean that nobody asked.
    """
    for node in ast.walk(tree):
        pairs: list[tuple[str, ast.expr | None]] = []
        name = getattr(node, "name", "lambda")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            plain = [*node.args.posonlyargs, *node.args.args]
            last = plain[len(plain) - len(node.args.defaults) :]
            pairs += [(each.arg, value) for each, value in zip(last, node.args.defaults, strict=True)]
            named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            pairs += [(each.arg, value) for each, value in named]
        elif isinstance(node, ast.ClassDef) and name == "Context":
            pairs += [
                (each.target.id, each.value)
                for each in node.body
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            ]
        for each, default in pairs:
            nobody_asked = default is None or (isinstance(default, ast.Constant) and default.value in (None, ""))
            if each in POLICY and not nobody_asked:
                yield name, each


def test_no_function_takes_policy_as_a_default() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()} {function} {name}"
        for path in SOURCES
        for function, name in assumed(ast.parse(path.read_text()))
    }
    assert found == set(NOT_POLICY)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(day, first_month=4): ...", [("f", "first_month")]),
        ("def f(*, zone: str = LONDON): ...", [("f", "zone")]),
        ("lambda year=2017: year", [("lambda", "year")]),
        ("class Context:\n    role: Role = Role.ADMINISTRATOR", [("Context", "role")]),
        ("def f(day, *, year='', zone=None, first_month, limit=4): ...", []),
    ],
)
def test_a_policy_with_a_value_of_its_own_is_seen(source: str, found: list[tuple[str, str]]) -> None:
    assert list(assumed(ast.parse(source))) == found
