"""Commitments between sessions: who promised to do what by when, and whether they did."""

from datetime import date

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_date, status_label
from csc_tui.base.transaction import action
from csc_tui.base.typed_text import one_line, required_line
from db import commitments, groups, people
from db.engine.connection import read_transaction
from db.errors import RuleBroken, WrongUse
from db.records.groups import Commitment, CommitmentState, Group
from db.records.people import Person
from db.records.startup import Role

LONGEST = 500
"""The most characters that the words of a commitment may have."""


@action(role=Role.BOOKER)
def add_commitment(
    ctx: Context, group: str, person: str, what: str, due: date, *, on: date | None = None
) -> Commitment:
    """Add what a member of a group promised on a day (by default today) to do by the day `due`.

    Raises NotFound, NoSuchPerson, AmbiguousPerson, RuleBroken and WrongUse.
    """
    made, said = on or ctx.today(), required_line(what, "A commitment", "words", most=LONGEST)
    its = groups.find_group(group, ctx.today())
    whom = people.find_person(person)
    _check_member(its, whom, made)
    _check_due(made, due)
    if any(
        each.what.casefold() == said.casefold()
        for each in commitments.fetch_commitments(group_id=its.id, person_id=whom.id, open_only=True)
    ):
        raise RuleBroken(f"{whom.name} already has the open commitment '{said}'. Nothing was added.")
    number = commitments.insert_commitment(its.id, whom.id, said, made, due)
    write_history(
        ctx, "committed", f"{whom.name} in {its.name}: {said}", person_id=whom.id,
        after=f"by {format_date(due)}",
    )  # fmt: skip
    return commitments.fetch_commitment(number)


@action(role=Role.BOOKER)
def set_commitment_state(
    ctx: Context,
    number: int,
    state: CommitmentState,
    *,
    remark: str = "",
    on: date | None = None,
) -> Commitment:
    """Set a commitment to done, not done, withdrawn or open again. Raises NotFound, RuleBroken, WrongUse and Stale."""
    before = commitments.fetch_commitment(number)
    said = one_line(remark)
    day = None if state is CommitmentState.OPEN else on or ctx.today()
    if before.state is state and (not said or said == before.remark):
        raise RuleBroken(
            f"Commitment {number} of {before.name} is already {status_label(state.value)}. Nothing was changed."
        )
    if day and day < before.made:
        raise WrongUse(
            f"It was made on {format_date(before.made)}, so it cannot be completed before that. Nothing was changed."
        )
    commitments.update_commitment(before, state=state, settled=day, remark=said or before.remark)
    write_history(
        ctx, "commitment settled", f"{before.name} in {before.group}: {before.what}",
        person_id=before.person_id, before=before.state.value, after=state.value, reason=said,
    )  # fmt: skip
    return commitments.fetch_commitment(number)


@action(role=Role.BOOKER)
def change_commitment(ctx: Context, number: int, *, what: str | None = None, due: date | None = None) -> Commitment:
    """Change the words or the due day of an open commitment; None leaves one as it is.

    Raises NotFound, WrongUse, Stale, and RuleBroken for a commitment that is settled.
    """
    before = commitments.fetch_commitment(number)
    if before.state is not CommitmentState.OPEN:
        raise RuleBroken(
            f"Commitment {number} of {before.name} is {status_label(before.state.value)}. Nothing was changed. "
            "Open it again first."
        )
    said = before.what if what is None else required_line(what, "A commitment", "words", most=LONGEST)
    day = due or before.due
    _check_due(before.made, day)
    if (said, day) == (before.what, before.due):
        raise RuleBroken("There is nothing to change: it already says that.")
    commitments.update_commitment(before, what=said, due=day)
    write_history(
        ctx, "commitment changed", f"{before.name} in {before.group}: {said}",
        person_id=before.person_id, before=f"{before.what}, by {format_date(before.due)}",
        after=f"{said}, by {format_date(day)}",
    )  # fmt: skip
    return commitments.fetch_commitment(number)


def list_commitments(ctx: Context, *, group: str = "", person: str = "", open_only: bool = False) -> list[Commitment]:
    """Return commitments, open ones first, then by the day they are due.

    Raises NotFound, RuleBroken, NoSuchPerson and AmbiguousPerson.
    """
    with read_transaction():
        return commitments.fetch_commitments(
            group_id=groups.find_group(group, ctx.today()).id if group else None,
            person_id=people.find_person(person).id if person else None,
            open_only=open_only,
        )


def get_commitment(ctx: Context, number: int) -> Commitment:
    """Return a commitment by its number. Raises NotFound."""
    with read_transaction():
        return commitments.fetch_commitment(number)


def _check_due(made: date, due: date) -> None:
    if due < made:
        raise WrongUse(
            f"It was made on {format_date(made)}, so it cannot be due on {format_date(due)}. Nothing was changed."
        )


def _check_member(group: Group, person: Person, on: date) -> None:
    if person.id not in groups.find_group_members(group.name, on):
        raise RuleBroken(f"{person.name} was not in {group.name} on {format_date(on)}. Nothing was noted.")
