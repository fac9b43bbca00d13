"""What functions ask of their callers: policy is never assumed, and many values come as one record."""

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


MOST = 6
STORED = "stores one row: its parameters are the table's columns, each given by name"
FILTERS = "narrows a list: each filter is named and may be left out"
PURE = "takes each thing it works with by name; no caller has them together"
LONG = {
    "csc_tui/core/mail/invitation_rules.py plan_invitations": PURE,
    "csc_tui/core/mail/message_rules.py example_letter_values": PURE,
    "exports/mail.py render_invitation_mail": PURE,
    "db/booking.py insert_enrolment": STORED,
    "db/booking.py update_enrolment_status": STORED,
    "db/calendar.py insert_event": STORED,
    "db/calendar.py insert_session": STORED,
    "db/catalogue.py insert_course": STORED,
    "db/catalogue.py insert_resource": STORED,
    "db/catalogue.py insert_baseline": STORED,
    "db/history.py insert_history_line": STORED,
    "db/history.py insert_history_lines": STORED,
    "db/invitations.py fetch_feed_appointments": FILTERS,
    "db/lookups.py find_sessions": FILTERS,
}
"""Public functions with more parameters than MOST, each with the reason; an entry that is no longer true fails."""
EXEMPT = ("csc_tui/cli/", "csc_tui/window/", "csc_tui/core/demo/", "csc_tui/base/history.py", "db/engine/")
"""The faces build the records from many options and fields; the store's engine and the demonstration have no users."""


def long_functions(tree: ast.Module) -> Iterator[str]:
    """Each public function or method with more than MOST parameters; self is none, the Context is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if len([each for each in every if each.arg not in ("self", "cls")]) > MOST:
                yield node.name


def test_what_needs_many_values_takes_a_request_record() -> None:
    found = {
        f"{name} {function}"
        for path in SOURCES
        if not (name := path.relative_to(ROOT).as_posix()).startswith(EXEMPT)
        for function in long_functions(ast.parse(path.read_text()))
    }
    assert found == set(LONG)


def test_a_seventh_parameter_is_seen() -> None:
    assert list(long_functions(ast.parse("def f(ctx, a, b, c, *, d, e): ..."))) == []
    assert list(long_functions(ast.parse("def f(ctx, a, b, c, *, d, e, g=1): ..."))) == ["f"]
    assert list(long_functions(ast.parse("def _f(ctx, a, b, c, *, d, e, g=1): ..."))) == []
