"""The action mechanism: one function, one role, one transaction and one step that can be undone.

`@action` marks such a function. Both faces call it; `core.mail.change_preview` runs the same function as a preview.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import fields, is_dataclass
from functools import update_wrapper
from typing import Concatenate, Generic, ParamSpec, TypeVar

from csc_tui.base.context import Context
from db.engine import journal
from db.engine.connection import database, is_writing, write_transaction
from db.errors import Stale
from db.records.startup import Role

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Action(Generic[Parameters, Result]):
    """A change that needs a role and is done whole or not at all; called inside another change, it joins that one."""

    def __init__(self, decide: Callable[Concatenate[Context, Parameters], Result], role: Role, undoable: bool) -> None:
        self.role, self.undoable = role, undoable
        self._decide = decide
        update_wrapper(self, decide)

    def __call__(self, ctx: Context, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        """Make the change. Raises NotAllowed, and the errors of the function; then nothing is changed."""
        ctx.require(self.role)
        with change_transaction(ctx, undoable=self.undoable):
            return self._decide(ctx, *args, **kwargs)


def action(
    *, role: Role, undoable: bool = True
) -> Callable[[Callable[Concatenate[Context, Parameters], Result]], Action[Parameters, Result]]:
    """Make a function an Action: `role` is the lowest role that may do it, `undoable` says whether it is kept as a
    step."""
    return lambda decide: Action(decide, role, undoable)


@contextmanager
def change_transaction(ctx: Context, *, undoable: bool = True, dry_run: bool = False) -> Iterator[None]:
    """Open a write transaction, kept as one step of the actor where it is `undoable`; join one that is open.

    With `dry_run` it runs to its end and is rolled back. For work of several transactions; all else is an action.
    """
    if is_writing():
        yield
        return
    with write_transaction():
        with journal.record_step(ctx.stamp(), ctx.actor) if undoable else nullcontext():
            yield
        if dry_run:
            database.rollback()


def apply_previewed_change(
    ctx: Context, change: Callable[[], Result], expected: Result, *, undoable: bool = True
) -> Result:
    """Make the change that was previewed, as one step in one transaction.

    Raises Stale, with nothing done, when the outcome differs from the `expected` one; and the errors of the change.
    """
    with change_transaction(ctx, undoable=undoable):
        result = change()
        if not is_same_outcome(result, expected):
            raise Stale(OUTCOME_CHANGED)
    return result


def is_same_outcome(result: object, expected: object) -> bool:
    """Return whether two results tell the same, whatever ids the rows got that the change made.

    Ids come from a counter that is not rolled back on a server, and that another program may have moved meanwhile.
    """
    return result == expected or _told_facts(result, {}) == _told_facts(expected, {})


def _told_facts(value: object, ids: dict[int, str]) -> object:
    """Return a result with each record's own id, and each field that names it, replaced by its number in the result."""
    if is_dataclass(value) and not isinstance(value, type):
        own = getattr(value, "id", None)
        if isinstance(own, int):
            ids.setdefault(own, f"made {len(ids)}")
        facts = {each.name: getattr(value, each.name) for each in fields(value) if each.compare}
        return type(value), {
            name: ids.get(fact, fact) if name == "id" or name.endswith("_id") else _told_facts(fact, ids)
            for name, fact in facts.items()
        }
    if isinstance(value, Mapping):
        return {key: _told_facts(each, ids) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_told_facts(each, ids) for each in value]
    return value


OUTCOME_CHANGED = (
    "Someone else made a change a moment ago, so the result would be different. Nothing was changed. "
    "Check and try again."
)
