"""Venues: addresses and postcodes, which are part of invitations, and rooms with their capacity."""

import re
from collections.abc import Mapping

from csc_tui.base.close_names import settle_name
from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.transaction import action
from db import venues
from db.engine.connection import read_transaction
from db.errors import Duplicate, RuleBroken, UnknownName, WrongUse
from db.records.calendar import FieldChange
from db.records.catalogue import Venue
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
LONGEST = 200
LARGEST_ROOM = 100_000


def list_venues(ctx: Context) -> list[Venue]:
    """Return every venue, by name."""
    with read_transaction():
        return venues.fetch_venues(ctx.today())


def list_events_at_venue(ctx: Context, text: str) -> list[str]:
    """Return the references of coming events at a venue, whose invitations a change of it may change.

    Raises NotFound and RuleBroken.
    """
    with read_transaction():
        return venues.fetch_venue_events(_find(ctx, text).id, ctx.today())


@action(role=Role.COORDINATOR, undoable=False)
def add_venue(
    ctx: Context,
    name: str,
    *,
    address: str = "",
    postcode: str = "",
    rooms: Mapping[str, int | None] | None = None,
) -> Venue:
    """Add a venue with its rooms. Raises Duplicate and WrongUse."""
    fields = _checked_fields({"name": name, "address": address, "postcode": postcode})
    fields["name"] = _settled(ctx, fields["name"])
    _check_free(ctx, fields["name"])
    venue_id = venues.insert_venue(**fields)
    for room, capacity in (rooms or {}).items():
        venues.store_room(venue_id, _line(room, "A room's name"), _capacity(room, capacity))
    made = _find(ctx, fields["name"])
    write_history(ctx, "venue added", made.name, after=venue_in_words(made))
    return made


@action(role=Role.COORDINATOR, undoable=False)
def change_venue(
    ctx: Context,
    text: str,
    *,
    name: str | None = None,
    address: str | None = None,
    postcode: str | None = None,
    rooms: Mapping[str, int | None] | None = None,
) -> list[FieldChange]:
    """Change a venue and return what changed; None leaves a field as it is, and rooms that are not named stay.

    Invitations for sessions there become due. Raises NotFound, Duplicate, WrongUse, Stale, and RuleBroken when nothing
    is different.
    """
    given = {"name": name, "address": address, "postcode": postcode}
    wanted = _checked_fields({key: value for key, value in given.items() if value is not None})
    before = _find(ctx, text)
    other = {key: value for key, value in wanted.items() if value != getattr(before, key)}
    if other.get("name", before.name).casefold() != before.name.casefold():
        other["name"] = _settled(ctx, other["name"], besides=before.name)
        _check_free(ctx, other["name"])
    if other:
        venues.update_venue(before, **other)
    changes = [FieldChange(before.name, None, key, getattr(before, key), value) for key, value in other.items()]
    known = dict(before.rooms)
    for room, capacity in (rooms or {}).items():
        called, takes = _line(room, "A room's name"), _capacity(room, capacity)
        called = next((each for each in known if each.casefold() == called.casefold()), called)
        if called not in known or known[called] != takes:
            venues.store_room(before.id, called, takes)
            said = [_takes(known.get(called)) if called in known else "", _takes(takes)]
            changes.append(FieldChange(before.name, None, f"room {called}", *said))
    if not changes:
        raise RuleBroken(f"{before.name} already has these details. Nothing was changed.")
    for each in changes:
        write_history(
            ctx, "venue changed", f"{before.name}: {each.field}", before=each.before,
            after=each.after,
        )  # fmt: skip
    return changes


def venue_field_fault(field: str, text: str) -> str:
    """Return what is wrong with the text typed for a name, address, postcode or rooms, in a few words.

    Empty if nothing.
    """
    try:
        if field == "rooms":
            for room, capacity in parse_rooms(text).items():
                _capacity(_line(room, "room"), capacity)
        else:
            _checked_fields({field: text})
    except WrongUse:
        return {
            "name": "a name is required",
            "postcode": "this is not a postcode, such as DN31 1HU",
            "rooms": "type rooms as NAME=PEOPLE, such as Main Hall=40",
        }.get(field, "this must be one line")
    return ""


def parse_rooms(text: str) -> dict[str, int | None]:
    """Return the capacity by room in a text such as `Assembly Room=120, Room 2`; None where none is given.

    Raises WrongUse.
    """
    found: dict[str, int | None] = {}
    for piece in filter(None, (part.strip() for part in text.split(","))):
        room, sign, number = (part.strip() for part in piece.partition("="))
        if sign and number and not (number.isascii() and number.isdecimal() and len(number) < 7):
            raise WrongUse(f"Type a room with its capacity, such as Main Hall=40, not '{piece}'.")
        found[room] = int(number) if number else None
    return found


def format_rooms(rooms: tuple[tuple[str, int | None], ...]) -> str:
    """Return rooms as text that parse_rooms() reads."""
    return ", ".join(name if capacity is None else f"{name}={capacity}" for name, capacity in rooms)


def venue_in_words(venue: Venue) -> str:
    """Return a venue's address, postcode and rooms: `Town Hall Square, DN31 1HU; Assembly Room=120`."""
    where = ", ".join(filter(None, (venue.address, venue.postcode)))
    return "; ".join(filter(None, (where, format_rooms(venue.rooms))))


def _find(ctx: Context, text: str) -> Venue:
    """Return the venue of this name in any case, or the only one with the text in its name.

    Raises NotFound and RuleBroken.
    """
    known = venues.fetch_venues(ctx.today())
    typed = " ".join(text.split())
    wanted = typed.casefold()
    alike = [each for each in known if each.name.casefold() == wanted]
    if alike:  # imports of earlier versions may have made two
        return next((each for each in alike if each.name == typed), alike[0])
    fitting = [each for each in known if wanted and wanted in each.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = "; ".join(each.name for each in fitting)
        raise RuleBroken(f"'{text}' matches {len(fitting)} venues. Nothing was changed. Use one of: {names}.")
    raise UnknownName(
        f"There is no venue '{text}'.", text, [each.name for each in known], remedy=Remedy(RemedyKind.LIST_VENUES)
    )


def _settled(ctx: Context, name: str, *, besides: str = "") -> str:
    """Return the name to store. Raises NameTooClose for one that is probably a known venue misspelt."""
    known = [each.name for each in venues.fetch_venues(ctx.today()) if each.name != besides]
    return settle_name(ctx, "venue", name, known)


def _check_free(ctx: Context, name: str) -> None:
    if any(each.name.casefold() == name.casefold() for each in venues.fetch_venues(ctx.today())):
        raise Duplicate(f"There is already a venue called {name}. Nothing was changed.")


def _checked_fields(given: Mapping[str, str]) -> dict[str, str]:
    fields = {key: _line(value, f"A venue's {key}") if value.strip() else "" for key, value in given.items()}
    if fields.get("name") == "":
        raise WrongUse("A venue needs a name. Nothing was changed.")
    if fields.get("postcode"):
        found = _POSTCODE.fullmatch(fields["postcode"].upper())
        if not found:
            raise WrongUse(f"'{fields['postcode']}' is not a postcode such as DN31 1HU. Nothing was changed.")
        fields["postcode"] = f"{found[1]} {found[2]}"
    return fields


def _line(text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said or not said.isprintable() or len(said) > LONGEST:
        raise WrongUse(f"{what} must be one line of at most {LONGEST} characters. Nothing was changed.")
    return said


def _capacity(room: str, capacity: int | None) -> int | None:
    if capacity is not None and not 0 < capacity <= LARGEST_ROOM:
        raise WrongUse(f"{room} must have room for at least one person, not {capacity}. Nothing was changed.")
    return capacity


def _takes(capacity: int | None) -> str:
    return "number not given" if capacity is None else str(capacity)
