"""Groups of named people who meet: Practice Leads, action learning sets."""

from collections.abc import Sequence
from datetime import date

from csc_tui.context import Context
from db import groups, history, overview, people
from db.connection import reading, writing
from db.errors import Duplicate, NotFound, RuleBroken, WrongUse
from db.records import Group, GroupKind, Member, Outcome, Person, Role

MEMBER = "member"


def everything(ctx: Context) -> list[Group]:
    """Every group with the number of its members of today."""
    with reading():
        return groups.everything(ctx.today())


def show(ctx: Context, name: str, *, past: bool = False) -> tuple[Group, list[Member]]:
    """A group and its members of today, or with `past` everybody who ever was. Raises NotFound, RuleBroken."""
    with reading():
        group = groups.find(name, ctx.today())
        return group, groups.memberships(group.id, None if past else ctx.today())


def create(ctx: Context, name: str, kind: GroupKind, *, course: str = "", description: str = "") -> Group:
    """A new group, of a course where one is named. Raises Duplicate, NotFound, WrongUse."""
    ctx.require(Role.COORDINATOR)
    called = " ".join(name.split())
    if not called:
        raise WrongUse("A group needs a name. Nothing was made.")
    with writing():
        if any(each.name.casefold() == called.casefold() for each in groups.everything(ctx.today())):
            raise Duplicate(f"There is a group '{called}' already. Nothing was made.")
        groups.add(called, kind, description.strip(), _course_id(course) if course else None)
        history.add(ctx.stamp(), ctx.actor, "group made", called, after=kind.value)
        return groups.find(called, ctx.today())


def add(ctx: Context, name: str, wanted: Sequence[str], *, role: str = MEMBER, on: date | None = None) -> list[Outcome]:
    """Take people into a group from a day on (today), or give those who are in it another role; all or nobody.

    Raises NotFound, NoSuchPerson, AmbiguousPerson, RuleBroken.
    """
    ctx.require(Role.COORDINATOR)
    part = " ".join(role.split()).lower()
    if not wanted or not part:
        raise WrongUse("Say who joins and as what. Nothing was changed.")
    joined = on or ctx.today()
    with writing():
        group = groups.find(name, ctx.today())
        return [_take_in(ctx, group, people.find(each), part, joined) for each in dict.fromkeys(wanted)]


def _take_in(ctx: Context, group: Group, person: Person, role: str, joined: date) -> Outcome:
    before = _membership(group, person)
    if before and before.role == role:
        return Outcome(person.key, person.name, "already", f"{role} since {before.joined:%d/%m/%Y}")
    if before:
        groups.change(before, role=role)
        verb, outcome = "role in group", "changed"
    else:
        overlapping = [
            each for each in groups.memberships(group.id)
            if each.person_id == person.id and each.left_on and each.left_on > joined
        ]  # fmt: skip
        if overlapping:
            raise RuleBroken(
                f"{person.name} was in {group.name} until {overlapping[-1].left_on:%d/%m/%Y}, so a new membership "
                "begins then or later. Nothing was changed."
            )
        groups.join(group.id, person.id, role, joined)
        verb, outcome = "joined group", "joined"
    history.add(
        ctx.stamp(), ctx.actor, verb, f"{person.name} in {group.name}", person_id=person.id,
        before=before.role if before else "", after=f"{role} from {joined:%d/%m/%Y}" if not before else role,
    )  # fmt: skip
    return Outcome(person.key, person.name, outcome, role)


def remove(
    ctx: Context, name: str, wanted: Sequence[str], *, on: date | None = None, reason: str = ""
) -> list[Outcome]:
    """End memberships on a day (today), which is the first without them; the past stays. All or nobody.

    Raises NotFound, NoSuchPerson, AmbiguousPerson, RuleBroken.
    """
    ctx.require(Role.COORDINATOR)
    if not wanted:
        raise WrongUse("Say who leaves. Nothing was changed.")
    last = on or ctx.today()
    done = []
    with writing():
        group = groups.find(name, ctx.today())
        for person in [people.find(each) for each in dict.fromkeys(wanted)]:
            before = _membership(group, person)
            if before is None:
                raise RuleBroken(f"{person.name} is not in {group.name}. Nothing was changed.")
            if last < before.joined:
                raise RuleBroken(
                    f"{person.name} joined {group.name} on {before.joined:%d/%m/%Y} and cannot leave before that. "
                    "Nothing was changed."
                )
            groups.change(before, left_on=last)
            history.add(
                ctx.stamp(), ctx.actor, "left group", f"{person.name} in {group.name}", person_id=person.id,
                before=before.role, after=f"until {last:%d/%m/%Y}", reason=reason,
            )  # fmt: skip
            done.append(Outcome(person.key, person.name, "left", f"{before.role} until {last:%d/%m/%Y}"))
    return done


def _membership(group: Group, person: Person) -> Member | None:
    """The one that has not ended."""
    its = groups.memberships(group.id)
    return next((each for each in its if each.person_id == person.id and each.left_on is None), None)


def _course_id(code: str) -> int:
    known = overview.courses()
    for course_id, each in known.items():
        if each.code.casefold() == code.strip().casefold():
            return course_id
    listed = ", ".join(each.code for each in known.values())
    raise NotFound(f"There is no course {code}. Nothing was changed. The courses are: {listed}.")
