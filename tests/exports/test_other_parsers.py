"""What we write, read by others: parsers that are not icalendar must come to the same instants, in UTC.

The zone is given a name nobody knows, so that a parser has to go by the rules in the file; `ics` cannot (it takes what
it does not know for UTC) and reads the file as it is.
"""

import calendar
import ctypes
import ctypes.util
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from db.records.mail import CalendarEntry, EntryStatus, InvitationMethod, MailAddress
from exports import ical

LONDON = ZoneInfo("Europe/London")
Instants = dict[str, tuple[datetime, datetime]]
NODE_PACKAGE = "ical.js@2.2.1"


def last_sunday(year: int, month: int) -> datetime:
    days = range(calendar.monthrange(year, month)[1], 0, -1)
    return next(datetime(year, month, day) for day in days if calendar.weekday(year, month, day) == 6)


def around_the_changes() -> list[datetime]:
    """Of 2016/17 to 2026/27: the days before and after the clocks change, and the hours before and after they do.

    The hour that is left out in March and the one that comes twice in October are refused when a session is dated.
    """
    offsets = [
        timedelta(days=days, hours=hour, minutes=minute)
        for days, hour, minute in (
            (-1, 9, 0), (-1, 23, 30), (0, 0, 30), (0, 0, 58), (0, 2, 0), (0, 2, 30), (0, 9, 0), (1, 0, 0), (1, 9, 0),
        )
    ]  # fmt: skip
    return [last_sunday(year, month) + offset for year in range(2016, 2027) for month in (3, 10) for offset in offsets]


def entry(number: int, starts: datetime) -> CalendarEntry:
    return CalendarEntry(
        f"u-{number}", 3, datetime(2017, 4, 10, 8), starts, starts + timedelta(minutes=1),
        "Grimsby Town Hall, Assembly Room; DN31 1HU", EntryStatus.CONFIRMED, "Being Restorative: Module 2, é",
        "BR-03, session 2 of 3.\n\nBring a pen; or two, please.\\n " + "x" * 100,
    )  # fmt: skip


ENTRIES = [entry(number, starts) for number, starts in enumerate(around_the_changes())]
MEANT: Instants = {
    each.uid: (
        each.starts.replace(tzinfo=LONDON).astimezone(UTC), each.ends.replace(tzinfo=LONDON).astimezone(UTC),
    )
    for each in ENTRIES
}  # fmt: skip
PEOPLE = {
    "organiser": MailAddress("Creating Strong Communities", "csc.training@example.org"),
    "attendee": MailAddress('Siobhán O\'Neil, "Shiv"', "siobhan@example.org"),
}


def feed() -> bytes:
    return ical.render_feed(ENTRIES, name="Creating Strong Communities", busy=True, zone=ical.LONDON)


def request(number: int = 4) -> bytes:
    return ical.render_invitation(ENTRIES[number], method=InvitationMethod.REQUEST, **PEOPLE, zone=ical.LONDON)


def cancel(number: int = 4) -> bytes:
    return ical.render_invitation(ENTRIES[number], method=InvitationMethod.CANCEL, **PEOPLE, zone=ical.LONDON)


def stored(number: int = 13) -> bytes:
    return ical.render_calendar_object(ENTRIES[number], zone=ical.LONDON)


FILES: dict[str, Callable[[], bytes]] = {"feed": feed, "request": request, "cancel": cancel, "stored": stored}


def by_vobject(data: bytes) -> Instants:
    vobject = pytest.importorskip("vobject")
    found = vobject.readOne(renamed(data)).vevent_list
    return {each.uid.value: (utc(each.dtstart.value), utc(each.dtend.value)) for each in found}


def by_ics(data: bytes) -> Instants:
    ics = pytest.importorskip("ics")
    found = ics.Calendar(data.decode()).events
    return {each.uid: (utc(each.begin.datetime), utc(each.end.datetime)) for each in found}


def by_ical(data: bytes) -> Instants:
    stream = pytest.importorskip("ical.calendar_stream")
    found = stream.IcsCalendarStream.calendar_from_ics(renamed(data)).events
    return {each.uid: (utc(each.dtstart), utc(each.dtend)) for each in found}


def by_libical(data: bytes) -> Instants:
    """The library of Evolution and of KDE's calendars, by its C functions."""
    name = ctypes.util.find_library("ical")
    if not name:
        pytest.skip("libical is not on this machine (apt-get install libical3)")
    lib = ctypes.CDLL(name)

    class Time(ctypes.Structure):
        _fields_ = [
            *((field, ctypes.c_int) for field in ("year", "month", "day", "hour", "minute", "second", "date", "dst")),
            ("zone", ctypes.c_void_p),
        ]  # fmt: skip

    pointer = ctypes.c_void_p
    lib.icalparser_parse_string.restype = pointer
    lib.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    for step in ("icalcomponent_get_first_component", "icalcomponent_get_next_component"):
        getattr(lib, step).restype, getattr(lib, step).argtypes = pointer, [pointer, ctypes.c_int]
    for field in ("icalcomponent_get_dtstart", "icalcomponent_get_dtend"):
        getattr(lib, field).restype, getattr(lib, field).argtypes = Time, [pointer]
    lib.icalcomponent_get_uid.restype, lib.icalcomponent_get_uid.argtypes = ctypes.c_char_p, [pointer]
    lib.icaltime_as_timet_with_zone.restype = ctypes.c_long
    lib.icaltime_as_timet_with_zone.argtypes = [Time, pointer]
    vevent = 4
    root = lib.icalparser_parse_string(renamed(data).encode())
    found: Instants = {}
    each = lib.icalcomponent_get_first_component(root, vevent)
    while each:
        times = (lib.icalcomponent_get_dtstart(each), lib.icalcomponent_get_dtend(each))
        start, end = (datetime.fromtimestamp(lib.icaltime_as_timet_with_zone(t, t.zone), UTC) for t in times)
        found[lib.icalcomponent_get_uid(each).decode()] = (start, end)
        each = lib.icalcomponent_get_next_component(root, vevent)
    return found


ICAL_JS = """
import ICAL from "ical.js";
import { readFileSync } from "node:fs";
const root = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
const events = root.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
console.log(JSON.stringify(events.map((each) => [each.uid, each.startDate.toUnixTime(), each.endDate.toUnixTime()])));
"""


def by_ical_js(data: bytes) -> Instants:
    """The parser of Thunderbird."""
    done = subprocess.run(
        ["node", "--input-type=module", "-e", ICAL_JS],
        input=renamed(data).encode(), cwd=node_packages(), capture_output=True, check=True,
    )  # fmt: skip
    return {
        uid: (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for uid, start, end in json.loads(done.stdout)
    }


_folder: list[Path] = []


@pytest.fixture(autouse=True)
def folder_for_node(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not _folder:
        _folder.append(tmp_path_factory.mktemp("node"))


@cache
def node_packages() -> Path:
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node is not on this machine")
    words = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", NODE_PACKAGE]
    try:
        subprocess.run(words, cwd=_folder[0], capture_output=True, check=True, timeout=120)
    except subprocess.SubprocessError:
        pytest.skip("the npm registry did not give ical.js")
    return _folder[0]


def renamed(data: bytes) -> str:
    return data.decode().replace(ical.LONDON, "Nobody/Knows")


def utc(moment: datetime) -> datetime:
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


READERS = {
    "vobject": by_vobject, "ics": by_ics, "ical": by_ical, "libical": by_libical, "ical.js": by_ical_js,
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_1_every_session_of_a_feed_is_at_its_instant_on_both_sides_of_every_change(reader: str) -> None:
    found = READERS[reader](feed())
    assert len(found) == len(MEANT) == 198
    assert {uid: at for uid, at in found.items() if at != MEANT[uid]} == {}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", ["request", "cancel", "stored"])
def test_1_and_so_is_what_is_sent_to_one_person_or_put_on_a_server(kind: str, reader: str) -> None:
    found = READERS[reader](FILES[kind]())
    assert len(found) == 1
    assert all(MEANT[uid] == at for uid, at in found.items())


@pytest.mark.parametrize("reader", ["vobject", "ical", "libical", "ical.js"])
def test_these_go_by_the_rules_in_the_file_and_know_nothing_better(reader: str) -> None:
    """Given rules that are an hour off, they come to instants that are an hour off."""
    wrong = request(8).replace(b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0200").replace(b"Europe/London", reader.encode())
    ((start, _),) = READERS[reader](wrong).values()
    assert MEANT["u-8"][0] - start == timedelta(hours=1)


def test_text_comes_back_as_it_was() -> None:
    vobject = pytest.importorskip("vobject")
    event = vobject.readOne(request().decode()).vevent
    assert event.description.value == ENTRIES[4].description
    assert event.location.value == ENTRIES[4].place
    assert event.summary.value == ENTRIES[4].summary
