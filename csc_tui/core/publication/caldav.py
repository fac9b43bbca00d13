"""The programme as a calendar on a CalDAV server, one object for each session; only changed objects are sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.progress import Progress
from csc_tui.core.mail import invitations
from csc_tui.core.mail.invitations import WHOLE_PROGRAMME, FeedScope
from csc_tui.core.publication import caldav_rules
from csc_tui.core.publication.caldav_rules import SyncStep, SyncTask
from db import caldav
from db.engine.connection import read_transaction, write_transaction
from db.records.calendar import CaldavObject, Credentials
from db.records.startup import Role

if TYPE_CHECKING:
    from exports.caldav_server import RemoteCalendar

ANOTHER_RUN = "someone else is publishing it at the moment"
"""The reason for leaving alone an object that another run is working on."""
AT_ONCE = 20
"""The objects noted as under way together, which is how many a run repeats after one was cut off."""
Objects = dict[str, tuple[CaldavObject, bytes]]
"""The objects a calendar should hold, by UID: the record, without the server's ETag yet, and the bytes."""


@dataclass(frozen=True, slots=True)
class PublishedSession:
    """The outcome for one session: created, changed, removed, gone already, or left alone with the reason."""

    event: str
    session: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The result of publishing; `lines` leave out unchanged objects, which are counted."""

    url: str
    lines: list[PublishedSession]
    unchanged: int


@dataclass(frozen=True, slots=True)
class ServerCalendar:
    """A calendar on a CalDAV server; with `make` it is created when it does not exist."""

    url: str
    account: Credentials
    make: bool = False


def publish_calendar(
    ctx: Context,
    target: ServerCalendar,
    scope: FeedScope = WHOLE_PROGRAMME,
    *,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Publication:
    """Bring a calendar on a server up to date with the sessions that may be made public.

    Objects that somebody edited or deleted there are left alone and reported, unless `force`. A run that is cut off is
    continued by the next. Raises ServiceUnreachable, WrongUse, and what get_feed_content() raises.
    """
    ctx.require(Role.COORDINATOR)
    from exports import caldav_server, ical

    url = caldav_server.parse_calendar_address(target.url, target.account)
    edition = invitations.get_feed_content(ctx, scope)
    wanted: Objects = {}
    for appointment, entry in edition.sessions:
        data = ical.render_calendar_object(entry, zone=ctx.policy["time_zone"])
        digest = sha256(data).hexdigest()
        wanted[entry.uid] = CaldavObject(entry.uid, appointment.event, appointment.number, "", digest), data
    calendar = caldav_server.RemoteCalendar(url, target.account)
    try:
        try:
            there = calendar.etags()
        except caldav_server.NoSuchCalendar:
            if not target.make:
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
    """Carry out the tasks and return those done; the history has them even if the server stops answering on the way."""
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
    """Carry out a few tasks: note them as under way, do them, and note the server's ETags; `done` grows on the way."""
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
            # Only the object under way when the server stopped answering stays noted as under way.
            now = caldav.fetch_caldav_objects(url)
            there |= {uid: known.get(uid) for uid in untouched & puts if uid in now and not now[uid].digest}
            caldav.store_caldav_objects(url, [each for each in there.values() if each])
            caldav.delete_caldav_objects(url, [uid for uid, each in there.items() if each is None])


def _arrived(calendar: "RemoteCalendar", uid: str, data: bytes) -> str:
    """Return the ETag of the object on the server if it is the one put there.

    Raises ObjectRefused when it is another.
    """
    from exports import caldav_server, ical

    etag, found = calendar.read(uid)
    if not ical.is_same_event(found, data):
        raise caldav_server.ObjectRefused(caldav_rules.EDITED)
    return etag


def _claim(
    url: str, due: Sequence[SyncTask], wanted: Objects, known: Mapping[str, CaldavObject], done: list[SyncTask]
) -> tuple[list[SyncTask], set[str]]:
    """Note tasks as under way and return those that this run may do, with the UIDs that it puts there.

    A task whose object another run has noted otherwise since we looked is left to that run.
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
