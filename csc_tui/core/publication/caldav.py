"""The programme as a calendar on a CalDAV server: one object for each session, of which only those are put there that
changed since."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.core.mail import invitations
from csc_tui.core.publication import caldav_rules
from csc_tui.core.publication.caldav_rules import SyncStep, SyncTask
from db import caldav
from db.engine.connection import read_transaction, write_transaction
from db.records.calendar import CaldavObject, Credentials
from db.records.startup import Role

if TYPE_CHECKING:
    from exports.caldav_server import RemoteCalendar

ANOTHER_RUN = "another run of this program is publishing it"
AT_ONCE = 20
"""Objects that are noted before they are put: so many a run that is cut off does again."""
Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""
Objects = dict[str, tuple[CaldavObject, bytes]]
"""By UID, what a calendar is to hold: noted without a mark of the server's yet, and its bytes."""


@dataclass(frozen=True, slots=True)
class PublishedSession:
    """What became of one session: created, changed, removed, gone already, or left alone with the reason."""

    event: str
    session: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Publication:
    """`lines` leave out what is unchanged, which is counted."""

    url: str
    lines: list[PublishedSession]
    unchanged: int


def publish_calendar(
    ctx: Context,
    url: str,
    account: Credentials,
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
    from exports import caldav_server, ical

    url = caldav_server.parse_calendar_address(url, account)
    edition = invitations.get_feed_content(ctx, year=year, strand=strand, course=course, venue=venue)
    wanted: Objects = {}
    for appointment, entry in edition.sessions:
        data = ical.render_calendar_object(entry, zone=ctx.policy["time_zone"])
        digest = sha256(data).hexdigest()
        wanted[entry.uid] = CaldavObject(entry.uid, appointment.event, appointment.number, "", digest), data
    calendar = caldav_server.RemoteCalendar(url, account)
    try:
        try:
            there = calendar.etags()
        except caldav_server.NoSuchCalendar:
            if not make:
                raise
            there = {}
            if not dry_run:
                calendar.make(edition.title)
        with read_transaction():
            known = caldav.fetch_caldav_objects(url)
        todo = caldav_rules.plan_sync(
            {uid: kept.digest for uid, (kept, _) in wanted.items()}, known, there, force=force
        )
        due = [each for each in todo if each.step is not SyncStep.KEEP]
        if not dry_run:
            due = _sync(ctx, url, calendar, due, wanted, known, progress)
    finally:
        calendar.close()
    lines = [_line(each, wanted[each.uid][0] if each.uid in wanted else known[each.uid]) for each in due]
    return Publication(url, sorted(lines, key=lambda line: (line.event, line.session)), len(todo) - len(due))


def _sync(
    ctx: Context,
    url: str,
    calendar: "RemoteCalendar",
    due: list[SyncTask],
    wanted: Objects,
    known: Mapping[str, CaldavObject],
    progress: Progress | None,
) -> list[SyncTask]:
    """What was done of what is due. The history has it, too, if the server stops answering on the way."""
    done: list[SyncTask] = []
    try:
        for start in range(0, len(due), AT_ONCE):
            _sync_batch(url, calendar, due[start : start + AT_ONCE], wanted, known, done)
            if progress:
                progress(len(done), len(due))
    finally:
        numbers = Counter(
            each.step for each in done if each.step in (SyncStep.CREATE, SyncStep.CHANGE, SyncStep.REMOVE)
        )
        said = ", ".join(f"{number} {step.value}" for step, number in numbers.items())
        if said:
            with write_transaction():
                write_history(ctx, "published", url, after=said)
    return done


def _sync_batch(
    url: str,
    calendar: "RemoteCalendar",
    due: Sequence[SyncTask],
    wanted: Objects,
    known: Mapping[str, CaldavObject],
    done: list[SyncTask],
) -> None:
    """A few objects: noted as under way, done, noted with the server's marks. Adds to `done` as it goes."""
    from exports.caldav_server import ObjectRefused

    due, puts = _claim(url, due, wanted, known, done)
    there: dict[str, CaldavObject | None] = {}
    untouched = {each.uid for each in due}
    try:
        for each in due:
            untouched.discard(each.uid)
            try:
                if each.uid in puts:
                    kept, data = wanted[each.uid]
                    etag = "" if each.unsure else calendar.put(each.uid, data, etag=each.etag)
                    there[each.uid] = replace(kept, etag=etag or _arrived(calendar, each.uid, data))
                elif each.step is SyncStep.REMOVE:
                    calendar.remove(each.uid, etag=each.etag)
                    there[each.uid] = None
                elif each.step is SyncStep.FORGET:
                    there[each.uid] = None
            except ObjectRefused as problem:
                untouched.add(each.uid)
                done.append(replace(each, step=SyncStep.CONFLICT, why=str(problem)))
            else:
                done.append(each)
    finally:
        with write_transaction():
            # Only the one under way when the server stopped answering stays noted as such.
            now = caldav.fetch_caldav_objects(url)
            there |= {uid: known.get(uid) for uid in untouched & puts if uid in now and not now[uid].digest}
            caldav.store_caldav_objects(url, [each for each in there.values() if each])
            caldav.delete_caldav_objects(url, [uid for uid, each in there.items() if each is None])


def _arrived(calendar: "RemoteCalendar", uid: str, data: bytes) -> str:
    """The mark of what is there, if that is what was put there. Raises NotTaken where it is not."""
    from exports import caldav_server, ical

    etag, found = calendar.read(uid)
    if not ical.is_same_event(found, data):
        raise caldav_server.ObjectRefused(caldav_rules.EDITED)
    return etag


def _claim(
    url: str, due: Sequence[SyncTask], wanted: Objects, known: Mapping[str, CaldavObject], done: list[SyncTask]
) -> tuple[list[SyncTask], set[str]]:
    """What is ours to do of it, and the UIDs that are put there, noted as under way.

    What another run of this program has noted otherwise since we looked is its own, and is left to it.
    """
    with write_transaction():
        now = caldav.fetch_caldav_objects(url)
        ours = [each for each in due if now.get(each.uid) == known.get(each.uid)]
        puts = {each.uid for each in ours if each.step in (SyncStep.CREATE, SyncStep.CHANGE)}
        marks = {uid: now[uid].etag if uid in now else "" for uid in puts}
        caldav.store_caldav_objects(url, [replace(wanted[uid][0], etag=etag, digest="") for uid, etag in marks.items()])
    done += [replace(each, step=SyncStep.CONFLICT, why=ANOTHER_RUN) for each in due if each not in ours]
    return ours, puts


def _line(todo: SyncTask, kept: CaldavObject) -> PublishedSession:
    return PublishedSession(kept.event, kept.session, todo.step.value, todo.why)
