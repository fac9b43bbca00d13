"""Merging two records of one person into one, so that nothing is lost and nobody is counted twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count
from csc_tui.base.transaction import action
from csc_tui.core.attendance import outcomes
from csc_tui.core.booking.event_places import EventPlaces
from csc_tui.core.imports import names
from csc_tui.core.imports.people import guess_organisation_kind
from csc_tui.core.people import rules as people_rules
from csc_tui.core.people.actions import get_person_texts
from csc_tui.core.people.rules import FIELDS, FIELDS_BY_NAME
from db import booking, calendar, earlier_learning, merging, people
from db.engine.connection import read_transaction
from db.errors import RuleBroken, WrongUse
from db.records import status_numbers
from db.records.booking import SAME_PERSON, Status, StatusChange
from db.records.people import DoubleRecord, Person, PlaceOfRecord
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role

MERGED = "people merged"
"""The verb of the history."""


@dataclass(frozen=True, slots=True)
class FieldOfTwo:
    """A field that differs in two records, and the text that is kept; private texts are left out."""

    field: str
    label: str
    kept: str
    other: str
    after: str


@dataclass(frozen=True, slots=True)
class PeopleMerge:
    """The outcome of a merge: the fields that differed, what was moved, and who moved up as a result.

    `moved` are (what, number of rows). `places` are the changes of places that both records had on one event.
    """

    person: str
    name: str
    other: str
    other_name: str
    fields: tuple[FieldOfTwo, ...]
    moved: tuple[tuple[str, int], ...]
    places: tuple[StatusChange, ...]


@action(role=Role.COORDINATOR)
def merge_people(ctx: Context, kept: str, other: str, wanted: Mapping[str, str]) -> PeopleMerge:
    """Merge the record `other` into the record `kept` and return what became of both.

    A field that the kept record has empty is taken from the other one; `wanted` names fields and their texts that are
    to be kept instead. The other record is found no more, and its addresses and number find the one that is kept.
    Raises NoSuchPerson, AmbiguousPerson, FieldFault, and RuleBroken where both are one record.
    """
    taker, giver = people.find_person(kept), people.find_person(other)
    _check_two(taker, giver)
    fields, after = _merged_fields(ctx, taker, giver, wanted)
    people_moved = merging.move_managed_people(giver.id, taker.id)
    merging.park_person(giver, taker.id)
    if after.employee_number and after.employee_number == giver.employee_number:
        merging.give_number_away(giver.id)
    stored = people.fetch_person(taker.id)
    for address in {taker.email, giver.email} - {after.email}:
        merging.store_former_address(taker.id, address, ctx.stamp())
    people.update_person(stored, replace(after, version=stored.version), guess_organisation_kind(after.organisation))
    events, ended = _move_places(ctx, taker, giver)
    moved = [
        ("enrolment", len(events)),
        ("make-up", merging.move_make_ups(giver.id, taker.id)),
        ("session to lead", merging.move_facilitations(giver.id, taker.id)),
        ("evaluation", merging.move_evaluations(giver.id, taker.id)),
        ("invitation", merging.move_invitations(giver.id, taker.id)),
        ("group", len(merging.move_memberships(giver.id, taker.id))),
        ("managed person", people_moved),
    ]
    courses = merging.fetch_completed_courses([taker.id, giver.id])
    sessions = merging.move_marks(giver.id, taker.id)
    moved.append(("mark", len(sessions)))
    moved.append(("thing learnt earlier", earlier_learning.move_earlier_learning(giver.id, taker.id)))
    write_history(
        ctx, MERGED, after.name, person_id=taker.id, before=f"{giver.name} <{giver.email}>",
        after=f"{after.name} <{after.email}>",
    )  # fmt: skip
    touched = {*events, *(calendar.fetch_event_id(session) for session in sessions)}
    moves = _settle_events(ctx, touched, {taker.id, giver.id})
    for course_id in sorted(courses):
        outcomes.recalculate_completions(ctx, course_id, [taker.id, giver.id])
    return PeopleMerge(
        taker.key, after.name, giver.key, giver.name, fields, tuple(each for each in moved if each[1]),
        (*ended, *moves),
    )  # fmt: skip


def _check_two(taker: Person, giver: Person) -> None:
    if taker.id == giver.id:
        raise RuleBroken(f"Both are the record of {taker.name}. Nothing was changed. Choose two records.")
    for each in (taker, giver):
        if not each.email:
            raise RuleBroken(f"{each.name} was erased, so only figures are kept. Nothing was changed.")


def _merged_fields(
    ctx: Context, taker: Person, giver: Person, wanted: Mapping[str, str]
) -> tuple[tuple[FieldOfTwo, ...], Person]:
    """Return the fields that differ, and the person with the texts that are to be kept."""
    if unknown := sorted(wanted.keys() - FIELDS_BY_NAME.keys()):
        raise WrongUse(f"A person has no field '{unknown[0]}'. The fields are: {', '.join(FIELDS_BY_NAME)}.")
    own, others = get_person_texts(taker), get_person_texts(giver)
    final = {name: wanted.get(name, own[name] or others[name]) for name in own}
    for name in ("is_manager", "is_facilitator"):  # what either record may do, the person may
        if name not in wanted and "yes" in (own.get(name), others.get(name)):
            final[name] = "yes"
    if "organisation" not in wanted and "team" not in wanted and not own["organisation"]:
        final["team"] = others["team"]
    elif "team" not in wanted and own["organisation"]:
        final["team"] = own["team"] or (others["team"] if others["organisation"] == own["organisation"] else "")
    tidy = people_rules.check_person_texts({name: text for name, text in final.items() if text != own[name]})
    manager_id = taker.manager_id
    if "manager" in tidy or manager_id == giver.id:
        manager_id = giver.manager_id if not tidy.get("manager") else people.find_person(tidy["manager"]).id
        tidy["manager"] = final["manager"]
    after = people_rules.apply_person_texts(taker, tidy, None if manager_id in (taker.id, giver.id) else manager_id)
    if not taker.active and giver.active:
        after = replace(after, active=True)
    differing = tuple(
        FieldOfTwo(
            each.name, each.label, _shown(each.private, own[each.name]), _shown(each.private, others[each.name]),
            _shown(each.private, final[each.name]),
        )
        for each in FIELDS
        if own[each.name] != others[each.name] and (own[each.name] or others[each.name])
    )  # fmt: skip
    return differing, after


def pick_texts(ctx: Context, reference: str, fields: Sequence[str]) -> dict[str, str]:
    """Return these fields of a person as they are typed. Raises WrongUse, NoSuchPerson and AmbiguousPerson."""
    del ctx  # every query takes it
    if unknown := sorted(set(fields) - FIELDS_BY_NAME.keys()):
        raise WrongUse(f"A person has no field '{unknown[0]}'. The fields are: {', '.join(FIELDS_BY_NAME)}.")
    with read_transaction():
        texts = get_person_texts(people.find_person(reference))
    return {name: texts[name] for name in fields}


def _shown(private: bool, text: str) -> str:
    return ("given" if text else "") if private else text


def _move_places(ctx: Context, taker: Person, giver: Person) -> tuple[list[int], list[StatusChange]]:
    """Move every place; of two on one event the better is kept. Return the events and the places that were given up."""
    own = {place.event_id: place for place in merging.fetch_places_of(taker.id) if _is_live(place)}
    events, ended = [], []
    for place in merging.fetch_places_of(giver.id):
        events.append(place.event_id)
        there = own.get(place.event_id)
        if there is None or not _is_live(place):
            merging.give_enrolment(place.id, taker.id)
            continue
        better, worse = sorted((there, place), key=_rank)
        merging.give_enrolment(
            worse.id, taker.id, status=Status.CANCELLED, since=ctx.stamp(), reason=SAME_PERSON, offer_ends=None,
            late=False,
        )  # fmt: skip
        booking.withdraw_offer(worse.id, ctx.stamp())
        merging.give_enrolment(better.id, taker.id)
        ended.append(StatusChange(taker.key, taker.name, Status(worse.status).word, Status.CANCELLED.word))
    return events, ended


def _is_live(place: PlaceOfRecord) -> bool:
    return place.status >= status_numbers.LOWEST_LIVE


def _rank(place: PlaceOfRecord) -> tuple[int, int]:
    """Order two places of one person: the higher status first, and of two on the waiting list the earlier one."""
    return -place.status, place.queue or 0


def _settle_events(ctx: Context, event_ids: set[int], person_ids: set[int]) -> list[StatusChange]:
    """Bring counts, outcomes and waiting lists in step and return the people who moved."""
    moves: list[StatusChange] = []
    for event_id in sorted(event_ids):
        booking.update_event_counts(event_id)
        places = EventPlaces(ctx, calendar.fetch_event_by_id(event_id))
        outcomes.recalculate_outcomes(ctx, places, person_ids)
        moves += EventPlaces(ctx, calendar.fetch_event_by_id(event_id)).fill_free_places()
    return moves


def list_likely_doubles(ctx: Context) -> list[DoubleRecord]:
    """Return the records that are probably of a person who has another one: much the same name, same organisation."""
    del ctx  # every query takes it
    with read_transaction():
        return merging.fetch_double_records(_what_doubles_share)


def describe_likely_doubles(ctx: Context) -> list[Remark]:
    """Return a remark for each two records that are probably of one person."""
    return [
        Remark(
            f"{each.name} ({each.person}) and {each.other_name} ({each.other})"
            f"{f' of {each.organisation}' if each.organisation else ''} may be one person",
            Remedy(RemedyKind.MERGE_PEOPLE, person=each.person, other=each.other),
        )
        for each in list_likely_doubles(ctx)
    ]


def _what_doubles_share(forename: str, surname: str, organisation: str) -> tuple[object, str]:
    return names.name_key(forename, surname), organisation.casefold()


def describe_moved(moved: Sequence[tuple[str, int]]) -> str:
    """Return `3 enrolments, 1 mark`, or that there was nothing."""
    plurals = {
        "managed person": "managed people", "session to lead": "sessions to lead",
        "thing learnt earlier": "things learnt earlier",
    }  # fmt: skip
    return ", ".join(format_count(number, what, plurals.get(what, "")) for what, number in moved) or "nothing to move"
