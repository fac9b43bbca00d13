"""The programme as a calendar on a CalDAV server: one object for each session, of which only those are put there that
changed since."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from csc_tui.base.context import Context
from csc_tui.core.mail import invitations
from csc_tui.core.publication import caldav_rules
from csc_tui.core.publication.caldav_rules import Step, ToDo
from db import caldav, history
from db.engine.connection import reading, writing
from db.records.calendar import Account, Kept
from db.records.first_picture import Role

if TYPE_CHECKING:
    from exports.dav import Calendar

ANOTHER_RUN = "another run of this program is publishing it"
AT_ONCE = 20
"""Objects that are noted before they are put: so many a run that is cut off does again."""
Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""
Objects = dict[str, tuple[Kept, bytes]]
"""By UID, what a calendar is to hold: noted without a mark of the server's yet, and its bytes."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of one session: created, changed, removed, gone already, or left alone with the reason."""

    event: str
    session: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Publication:
    """`lines` leave out what is unchanged, which is counted."""

    url: str
    lines: list[Published]
    unchanged: int


def publish(
    ctx: Context,
    url: str,
    account: Account,
    *,
    year: str = "",
    strand: str = "",
    course: str = "",
    venue: str = "",
    force: bool = False,
    make: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Publication:
    """Bring a calendar on a server up to date with the sessions that everybody may know of.

    What somebody edited or deleted there is left alone and reported, unless `force`. A run that is cut off is gone on
    with by the next. Raises Unanswered, WrongUse, what inviting.edition() raises.
    """
    ctx.require(Role.COORDINATOR)
    from exports import dav, ical

    url = dav.address(url, account)
    edition = invitations.edition(ctx, year=year, strand=strand, course=course, venue=venue)
    wanted: Objects = {}
    for appointment, entry in edition.sessions:
        data = ical.stored(entry, zone=ctx.policy["time_zone"])
        digest = sha256(data).hexdigest()
        wanted[entry.uid] = Kept(entry.uid, appointment.event, appointment.number, "", digest), data
    calendar = dav.Calendar(url, account)
    try:
        try:
            there = calendar.etags()
        except dav.NotThere:
            if not make:
                raise
            there = {}
            if not dry_run:
                calendar.make(edition.title)
        with reading():
            known = caldav.known(url)
        todo = caldav_rules.plan({uid: kept.digest for uid, (kept, _) in wanted.items()}, known, there, force=force)
        due = [each for each in todo if each.step is not Step.KEEP]
        if not dry_run:
            due = _do(ctx, url, calendar, due, wanted, known, progress)
    finally:
        calendar.close()
    lines = [_line(each, wanted[each.uid][0] if each.uid in wanted else known[each.uid]) for each in due]
    return Publication(url, sorted(lines, key=lambda line: (line.event, line.session)), len(todo) - len(due))


def _do(
    ctx: Context,
    url: str,
    calendar: "Calendar",
    due: list[ToDo],
    wanted: Objects,
    known: Mapping[str, Kept],
    progress: Progress | None,
) -> list[ToDo]:
    """What was done of what is due. The history has it, too, if the server stops answering on the way."""
    done: list[ToDo] = []
    try:
        for start in range(0, len(due), AT_ONCE):
            _do_some(url, calendar, due[start : start + AT_ONCE], wanted, known, done)
            if progress:
                progress(len(done), len(due))
    finally:
        numbers = Counter(each.step for each in done if each.step in (Step.CREATE, Step.CHANGE, Step.REMOVE))
        said = ", ".join(f"{number} {step.value}" for step, number in numbers.items())
        if said:
            with writing():
                history.add(ctx.stamp(), ctx.actor, "published", url, after=said)
    return done


def _do_some(
    url: str,
    calendar: "Calendar",
    due: Sequence[ToDo],
    wanted: Objects,
    known: Mapping[str, Kept],
    done: list[ToDo],
) -> None:
    """A few objects: noted as under way, done, noted with the server's marks. Adds to `done` as it goes."""
    from exports.dav import NotTaken

    due, puts = _claim(url, due, wanted, known, done)
    there: dict[str, Kept | None] = {}
    untouched = {each.uid for each in due}
    try:
        for each in due:
            untouched.discard(each.uid)
            try:
                if each.uid in puts:
                    kept, data = wanted[each.uid]
                    etag = "" if each.unsure else calendar.put(each.uid, data, etag=each.etag)
                    there[each.uid] = replace(kept, etag=etag or _arrived(calendar, each.uid, data))
                elif each.step is Step.REMOVE:
                    calendar.remove(each.uid, etag=each.etag)
                    there[each.uid] = None
                elif each.step is Step.FORGET:
                    there[each.uid] = None
            except NotTaken as problem:
                untouched.add(each.uid)
                done.append(replace(each, step=Step.CONFLICT, why=str(problem)))
            else:
                done.append(each)
    finally:
        with writing():
            # Only the one under way when the server stopped answering stays noted as such.
            now = caldav.known(url)
            there |= {uid: known.get(uid) for uid in untouched & puts if uid in now and not now[uid].digest}
            caldav.keep(url, [each for each in there.values() if each])
            caldav.forget(url, [uid for uid, each in there.items() if each is None])


def _arrived(calendar: "Calendar", uid: str, data: bytes) -> str:
    """The mark of what is there, if that is what was put there. Raises NotTaken where it is not."""
    from exports import dav, ical

    etag, found = calendar.read(uid)
    if not ical.says_the_same(found, data):
        raise dav.NotTaken(caldav_rules.EDITED)
    return etag


def _claim(
    url: str, due: Sequence[ToDo], wanted: Objects, known: Mapping[str, Kept], done: list[ToDo]
) -> tuple[list[ToDo], set[str]]:
    """What is ours to do of it, and the UIDs that are put there, noted as under way.

    What another run of this program has noted otherwise since we looked is its own, and is left to it.
    """
    with writing():
        now = caldav.known(url)
        ours = [each for each in due if now.get(each.uid) == known.get(each.uid)]
        puts = {each.uid for each in ours if each.step in (Step.CREATE, Step.CHANGE)}
        marks = {uid: now[uid].etag if uid in now else "" for uid in puts}
        caldav.keep(url, [replace(wanted[uid][0], etag=etag, digest="") for uid, etag in marks.items()])
    done += [replace(each, step=Step.CONFLICT, why=ANOTHER_RUN) for each in due if each not in ours]
    return ours, puts


def _line(todo: ToDo, kept: Kept) -> Published:
    return Published(kept.event, kept.session, todo.step.value, todo.why)
