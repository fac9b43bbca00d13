"""All that is held on one person: found in every table, made nameless, and needs that go when they have served."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any

from peewee import JOIN, CharField, ForeignKeyField, TextField, chunked, fn

from db import people
from db.engine import journal
from db.engine.mapping import as_tuples
from db.history import OVERBOOKING
from db.models import (
    TABLES,
    Answer,
    Baseline,
    CollectionObject,
    Commitment,
    Course,
    Dispatch,
    Enrolment,
    Evaluation,
    Event,
    Facilitation,
    Group,
    History,
    Image,
    ImportMapping,
    Invitation,
    MakeUp,
    Mark,
    Membership,
    Message,
    Module,
    Organisation,
    Person,
    PersonWord,
    Policy,
    Programme,
    Question,
    Register,
    Resource,
    Role,
    Room,
    Row,
    Session,
    Step,
    Strand,
    Team,
    Template,
    Venue,
)
from db.models import Collection as CollectionRow
from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.first_picture import EventState
from db.records.groups import CommitmentState
from db.records.mail import MessageKind, MessageState, PartStat

AT_ONCE = 500
"""Ids in one condition."""
DERIVED = ("search", "sort")
"""Columns of a person that only repeat others, to find people by; so does the table of their words."""
OWNED_BY_ROWS = (Enrolment, Evaluation, Invitation)
"""What refers to a person's row of these is that person's, too."""
# Of the sessions somebody led, marks, make-ups, completions and offers erasing keeps every row: nothing in them names
# anybody, and figures are counted from them.
NAMES_OF_THINGS: Mapping[type[Row], tuple[str, ...]] = {
    Programme: ("name", "description"), Strand: ("code", "name", "description"),
    Course: ("code", "title", "description", "audience", "impact_question"), Module: ("title",),
    Venue: ("name", "address", "postcode"), Room: ("name",), Organisation: ("name",), Team: ("name",),
    Event: ("reference", "title", "search"), Session: ("title",), Question: ("text",), Group: ("name",),
    Resource: ("title", "address", "edition"), Baseline: ("label", "unit", "qualifier", "source"),
    Template: ("subject", "body", "edited_by"), Policy: ("key", "value"), Role: ("actor",),
    ImportMapping: ("kind", "heading", "field"), CollectionRow: ("url",),
    CollectionObject: ("uid", "event", "etag", "digest"), Message: ("code", "key", "actor"), Invitation: ("uid",),
    Dispatch: ("actor",), Enrolment: ("approved_by",), Register: ("taken_by", "signed_off_by"), Mark: ("actor",),
    Step: ("actor",), History: ("actor", "verb"), Image: ("kind", "before", "after"),
    Person: ("employee_number", "forename", "surname", "email", "email_key", "phone", "job_title", "dietary",
             "access_needs", "search", "sort"),
    PersonWord: ("word", "sort"),
}  # fmt: skip
"""Columns in which no name is replaced: what things are called, who did something, other people. Every other text is.

That a name still stands in one of them is told; steps are dealt with by themselves.
"""
UNTOLD = (Image, PersonWord)
"""Tables where names are not looked for: they go with their steps, or follow from the people."""
ABOUT_OTHERS = (MessageKind.MISSED_MANAGER, MessageKind.MANAGER_COPY)
"""Messages that go to another than the one they are about."""
LEAST_PHONE = 7


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody is and was called: `names` in full that nobody else has, `shared` those that others have, too."""

    names: tuple[str, ...]
    shared: tuple[str, ...]
    contacts: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        return (*self.names, *self.contacts)


def texts(table: type[Row]) -> list[Any]:
    """The columns of a table in which words can stand."""
    return [each for each in table._meta.sorted_fields if type(each) in (TextField, CharField)]


def swept() -> Iterator[tuple[type[Row], Any]]:
    """Every column in which names are replaced: those of a new table, too, until it says otherwise above."""
    for table in TABLES:
        for field in texts(table):
            if field.name not in NAMES_OF_THINGS.get(table, ()):
                yield table, field


def owned() -> Iterator[tuple[type[Row], Any]]:
    """(table, reference) of everything that is about one person, in the order of the tables.

    The line manager of somebody stands in the row of that somebody, and is no row about the manager.
    """
    parents = {Person, *OWNED_BY_ROWS}
    for table in TABLES:
        for field in table._meta.sorted_fields:
            refers = isinstance(field, ForeignKeyField) and field.rel_model in parents
            if refers and table is not PersonWord and field.rel_model is not table:
                yield table, field


def _own() -> Iterator[tuple[type[Row], Any]]:
    yield Person, Person.id
    yield from owned()


def known(person_id: int) -> Known:
    """By what somebody can be found in texts: as they are stored, as they were, and as they were written to."""
    person = people.get(person_id)
    pairs = {(person.forename, person.surname)}
    contacts, phones = {person.email}, {person.phone}
    for before, after in as_tuples(
        Image.select(Image.before, Image.after).where(Image.kind == "person", Image.row == person_id)
    ):
        for image in (json.loads(text) for text in (before, after) if text):
            pairs.add((image["forename"], image["surname"]))
            contacts.add(image["email"])
            phones.add(image["phone"])
    sent = Message.select(Message.name, Message.address).where(
        Message.person == person_id, Message.kind.not_in(ABOUT_OTHERS)
    )
    written = as_tuples(sent.distinct())
    contacts |= {address for _, address in written}
    # A single word would be found in too many other texts.
    names = {f"{forename} {surname}" for forename, surname in pairs if forename and surname}
    names |= {name for name, _ in written if " " in name}
    reversed_ones = {f"{surname}, {forename}" for forename, surname in pairs if forename and surname}
    taken = {name.casefold() for name in names if _is_anothers(name, person_id)}
    shared = {name for name in names if name.casefold() in taken}
    if shared:
        reversed_ones = set()
    return Known(
        tuple(sorted(names - shared) + sorted(reversed_ones)),
        tuple(sorted(shared)),
        tuple(sorted([*filter(None, contacts), *(each for each in phones if _is_own_phone(each, person_id))])),
    )


def _is_own_phone(phone: str, person_id: int) -> bool:
    """Whether it is long enough to be found by, and no line that an office shares."""
    return (
        len(phone) >= LEAST_PHONE and not Person.select().where(Person.phone == phone, Person.id != person_id).exists()
    )


def _is_anothers(name: str, person_id: int) -> bool:
    called = fn.TRIM(Person.forename.concat(" ").concat(Person.surname))
    found = Person.select(called).where(called.contains(name), Person.id != person_id)
    return any(each.casefold() == name.casefold() for (each,) in as_tuples(found))


# What is held.


def held(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row about the person by its table; references to things are the names of those things."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for table, field in _own():
        rows = table.select().where(_is_theirs(table, field, person_id))
        if "id" in table._meta.fields:
            rows = rows.order_by(table.id)
        labels: dict[tuple[Any, int], str] = {}
        found = [_readable(table, each, labels) for each in rows.dicts().iterator()]
        sections.setdefault(table._meta.table_name, []).extend(found)
    return sections


def _is_theirs(table: type[Row], field: Any, person_id: int) -> Any:
    if table is Person or field.rel_model is Person:
        return field == person_id
    parent = field.rel_model
    return field.in_(parent.select(parent.id).where(parent.person == person_id))


def _readable(table: type[Row], row: Mapping[str, Any], labels: dict[tuple[Any, int], str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in row.items():
        field = table._meta.fields[name]
        if table is Person and name in DERIVED:
            continue
        if isinstance(field, ForeignKeyField) and value is not None:
            said[name] = _label(field.rel_model, value, labels)
        elif isinstance(value, Enum):
            said[name] = getattr(value, "word", value.value)
        else:
            said[name] = value
    return said


def _label(table: Any, row_id: int, labels: dict[tuple[Any, int], str]) -> str | int:
    """What a row is called: `BR-90 session 2`, or its number where it has no name."""
    if (table, row_id) not in labels:
        naming = _NAMING.get(table)
        labels[table, row_id] = naming(row_id) if naming else ""
    return labels[table, row_id] or row_id


def _column(field: Any) -> Callable[[int], str]:
    return lambda row_id: str(field.model.select(field).where(field.model.id == row_id).scalar() or "")


def _session_name(session_id: int) -> str:
    query = Session.select(Event.reference, Session.number).join(Event).where(Session.id == session_id)
    return " ".join(f"{reference} session {number}" for reference, number in as_tuples(query))


_NAMING: Mapping[Any, Callable[[int], str]] = {
    Event: _column(Event.reference), Session: _session_name, Course: _column(Course.title),
    Question: _column(Question.text), Organisation: _column(Organisation.name), Team: _column(Team.name),
    Group: _column(Group.name), Person: lambda row_id: f"{people.get(row_id).name} (#{row_id})",
}  # fmt: skip


def steps(person_id: int) -> list[dict[str, Any]]:
    """What the steps that can be taken back keep of the person's rows; of a register or of those who
    lead, their own line alone."""
    found = []
    for _, at, actor, kind, before, after in _images(person_id, Step.at, Step.actor, Image.kind):
        images = [json.loads(each) if each else None for each in (before, after)]
        if kind == "register":
            images = [[line for line in (each or {}).get("marks", ()) if line[0] == person_id] for each in images]
        elif kind == "facilitation":
            images = [[line for line in each["people"] if line["person_id"] == person_id] for each in images if each]
        found.append({"at": at, "actor": actor, "kind": kind, "before": images[0], "after": images[1]})
    return found


def _images(person_id: int, *columns: Any) -> list[Any]:
    """(step id, the columns, before, after) of every image of a row that is the person's, or that refers to them."""
    ids = {
        table: [row_id for (row_id,) in as_tuples(table.select(table.id).where(_is_theirs(table, field, person_id)))]
        for table, field in _own()
        if table in journal.KINDS.values() and table is not Facilitation  # known by its session, found by what it says
    }
    theirs = [
        (Image.kind == kind) & Image.row.in_(some)
        for kind, table in journal.KINDS.items()
        for some in chunked(ids.get(table, ()), AT_ONCE)
    ]
    said = (f'"manager_id": {person_id},', f'"person_id": {person_id},', f'"person_id": {person_id}}}')
    signs = [text.contains(each) for each in said for text in (Image.before, Image.after)]
    marks = [(Image.kind == "register") & text.contains(f'[{person_id}, "') for text in (Image.before, Image.after)]
    query = (
        Image.select(Step.id, *columns, Image.before, Image.after)
        .join(Step)
        .where(reduce(or_, [*theirs, *signs, *marks]))
        .order_by(Step.id, Image.kind, Image.row)
    )
    return as_tuples(query)


def mentions(terms: Sequence[str], fields: Iterable[tuple[type[Row], Any]]) -> Iterator[tuple[type[Row], Any, str]]:
    """(table, column, text) of each different text in these columns that holds one of the terms, as whole words."""
    if not terms:
        return
    pattern = _pattern(terms)
    for table, field in fields:
        query = table.select(field).where(reduce(or_, (field.contains(term) for term in terms))).distinct()
        for (text,) in as_tuples(query):
            if text and pattern.search(text):
                yield table, field, text


def everywhere() -> Iterator[tuple[type[Row], Any]]:
    """Every column in which words can stand, but where names are not looked for."""
    for table in TABLES:
        if table not in UNTOLD:
            for field in texts(table):
                if table is not Person or field.name not in DERIVED:
                    yield table, field


def about_others(person_id: int, found: Iterable[tuple[type[Row], Any, str]]) -> Iterator[tuple[type[Row], Any, str]]:
    """Those texts that stand in rows which are not the person's own."""
    references = list(_own())
    for table, field, text in found:
        theirs = [_is_theirs(table, each, person_id) for owner, each in references if owner is table]
        query = table.select().where(field == text)
        if not theirs or query.where(~fn.COALESCE(reduce(or_, theirs), False)).exists():
            yield table, field, text


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<![\w@.-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w@])", re.IGNORECASE)


# Erasing.


def nameless(person_id: int) -> str:
    """What is said in the place of a name."""
    return f"Erased person #{person_id}"


def erase(person_id: int, aliases: Known, today: date, *, reasons: Collection[str]) -> list[tuple[str, int, str]]:
    """Take everything from a person's rows that says who they are; inside writing().

    Every text of the database is searched for their names, for anybody may have written them anywhere. `reasons`,
    folded, are those that say nothing of a person, and stay. Returns (what, how many, what became of it).
    The rows stay, so that figures do.
    """
    done = [
        ("name, address, job and needs", 1, "gone; the address is free again"),
        ("steps that could be undone", _forget_steps(person_id, aliases), "cannot be undone any more"),
        ("lines of history", _history(person_id, reasons), "stay without the name and what was said"),
        ("messages", _messages(person_id, aliases), "stay without name, address and text"),
        ("invitations", _invitations(person_id), "stay without the address"),
        ("evaluations", _evaluations(person_id), "stay without the person and without comments"),
        ("memberships of groups", _memberships(person_id, today), "ended today, where they were not"),
        ("commitments", _commitments(person_id, today), "stay without words; open ones are withdrawn"),
        ("people they manage", _managed(person_id), "have no line manager"),
    ]
    done.append(("reasons in other words", _reasons(person_id, reasons), "gone"))
    _blank(person_id)
    done.append(("other texts with the name", sweep(person_id, aliases), f"say {nameless(person_id)} instead"))
    return [each for each in done if each[1]]


def sweep(person_id: int, aliases: Known) -> int:
    """Put `Erased person #5` in the place of names and addresses in every text; returns in how many."""
    pattern, number = _pattern(aliases.terms or ("\0",)), 0
    for table, field, text in list(mentions(aliases.terms, swept())):
        clear = pattern.sub(nameless(person_id), text)
        number += table.update({field: clear}).where(field == text).execute()
    return number


def without_name(person_id: int, aliases: Known, text: str) -> str:
    """The text with `Erased person #5` for a name that somebody had."""
    terms = (*aliases.terms, *aliases.shared)
    return _pattern(terms).sub(nameless(person_id), text) if terms else text


def still_named(aliases: Known) -> list[str]:
    """Where a name or address still stands, because it is what a thing is called or who did something."""
    kept = (
        (table, field)
        for table in TABLES
        if table not in UNTOLD
        for field in texts(table)
        if field.name in NAMES_OF_THINGS.get(table, ())
    )
    places: dict[str, None] = {}
    for table, field, _ in mentions(aliases.terms, kept):
        places.setdefault(f"{table._meta.table_name.replace('_', ' ')} ({field.name.replace('_', ' ')})")
    return list(places)


def _blank(person_id: int) -> None:
    Person.update(
        employee_number=None, forename="", surname=nameless(person_id), email="", email_key=f"erased #{person_id}",
        phone="", job_title="", manager=None, dietary="", access_needs="", active=False, version=Person.version + 1,
    ).where(Person.id == person_id).execute()  # fmt: skip
    people.reindex(person_id)


def _forget_steps(person_id: int, aliases: Known) -> int:
    ids = {row[0] for row in _images(person_id)}
    for term in aliases.terms:  # an image is JSON, where letters beyond ASCII are escaped
        escaped = json.dumps(term)[1:-1]
        holds = Image.before.contains(escaped) | Image.after.contains(escaped)
        ids |= {step_id for (step_id,) in as_tuples(Image.select(Image.step).where(holds).distinct())}
    return journal.forget(ids, "erased")


_PLAIN = frozenset(
    {*status_numbers.WORDS.values(), *MarkKind, *PartStat, *(each.lower() for each in PartStat), "active", "left", ""}
)
"""What can stand before and after without saying anything of a person."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _history(person_id: int, reasons: Collection[str]) -> int:
    query = (
        History.select(History.id, Event.reference, History.verb, History.before, History.after, History.reason)
        .join(Event, JOIN.LEFT_OUTER)
        .where(History.person == person_id)
    )
    lines = as_tuples(query)
    for number, reference, verb, before, after, reason in lines:
        # Without a reason an event with more people than places would be a fault: see db.history.has_override.
        instead = "erased" if verb in OVERBOOKING else ""
        History.update(
            subject=nameless(person_id) + (f" on {reference}" if reference else ""),
            before=_plain(before), after=_plain(after),
            reason=reason if reason.casefold() in reasons else reason and instead,
        ).where(History.id == number).execute()  # fmt: skip
    return len(lines)


def _plain(text: str) -> str:
    return text if text in _PLAIN or _DAY.fullmatch(text) else ""


def _reasons(person_id: int, reasons: Collection[str]) -> int:
    """Those that are offered stay: charges depend on them."""
    query = Enrolment.select(Enrolment.id, Enrolment.reason).where(
        Enrolment.person == person_id, Enrolment.reason != ""
    )
    ids = [number for number, text in as_tuples(query) if text.casefold() not in reasons]
    for some in chunked(ids, AT_ONCE):
        Enrolment.update(reason="").where(Enrolment.id.in_(some)).execute()
    return len(ids)


def _messages(person_id: int, aliases: Known) -> int:
    addresses = [each for each in aliases.contacts if "@" in each]
    # One to them about somebody they manage is theirs, too.
    theirs = (Message.person == person_id) | Message.address.in_(addresses)
    unsent = [each for each in MessageState if not each.out] + [MessageState.UNKNOWN]
    Message.update(state=MessageState.FORGOTTEN).where(theirs, Message.state.in_(unsent)).execute()
    return int(
        Message.update(name=nameless(person_id), address="", subject="", body="", told="", fault="")
        .where(theirs)
        .execute()
    )


def _invitations(person_id: int) -> int:
    lines = as_tuples(Invitation.select(Invitation.id, Invitation.content).where(Invitation.person == person_id))
    for number, content in lines:
        organiser, _, *rest = content.split("\n")  # see csc_tui.core.mail.invitation_rules.ledger_line
        Invitation.update(content="\n".join((organiser, "", *rest))).where(Invitation.id == number).execute()
    theirs = Invitation.select(Invitation.id).where(Invitation.person == person_id)
    Dispatch.update(file="erased").where(Dispatch.invitation.in_(theirs)).execute()
    return len(lines)


def _evaluations(person_id: int) -> int:
    """The marks they gave count as before; where answers are kept apart from names, only that they answered goes."""
    ids = [number for (number,) in as_tuples(Evaluation.select(Evaluation.id).where(Evaluation.person == person_id))]
    for number in ids:
        if Answer.select().where(Answer.evaluation == number).exists():
            Answer.update(text="").where(Answer.evaluation == number).execute()
            Evaluation.update(person=None, source=f"erased {number}").where(Evaluation.id == number).execute()
        else:
            Evaluation.delete().where(Evaluation.id == number).execute()
    return len(ids)


def _memberships(person_id: int, today: date) -> int:
    query = Membership.select(Membership.id, Membership.joined, Membership.left_on).where(
        Membership.person == person_id
    )
    lines = as_tuples(query)
    for number, joined, left_on in lines:
        if left_on is None:
            Membership.update(left_on=max(joined, today)).where(Membership.id == number).execute()
    return len(lines)


def _commitments(person_id: int, today: date) -> int:
    theirs = Commitment.person == person_id
    Commitment.update(state=CommitmentState.WITHDRAWN, settled=today).where(
        theirs, Commitment.state == CommitmentState.OPEN
    ).execute()
    return int(Commitment.update(what="erased", remark="", version=Commitment.version + 1).where(theirs).execute())


def _managed(person_id: int) -> int:
    return int(Person.update(manager=None, version=Person.version + 1).where(Person.manager == person_id).execute())


# Needs that have served.


def with_needs() -> dict[int, str]:
    """Id -> name of everybody of whom dietary or access needs are kept."""
    called = fn.TRIM(Person.forename.concat(" ").concat(Person.surname))
    query = Person.select(Person.id, called).where((Person.dietary != "") | (Person.access_needs != ""))
    return dict(as_tuples(query.order_by(Person.sort, Person.id)))


def last_days(person_ids: Collection[int]) -> dict[int, date | None]:
    """By person id, the day of the last session they have or had to do with, None where one is still without a date.

    Who never was on anything is not among them.
    """
    ended = (EventState.CANCELLED, EventState.DELIVERED, EventState.CLOSED)
    found: dict[int, date | None] = {}
    for some in chunked(sorted(person_ids), AT_ONCE):
        booked = (
            Enrolment.select(Enrolment.person, Session.date)
            .join_from(Enrolment, Event)
            .join_from(Event, Session)
            .where(Enrolment.person.in_(some), Enrolment.status >= status_numbers.LOWEST_LIVE)
        )
        made_up = (
            MakeUp.select(MakeUp.person, Session.date)
            .join_from(MakeUp, Session)
            .join_from(Session, Event)
            .where(MakeUp.person.in_(some), MakeUp.active)
        )
        led = (
            Facilitation.select(Facilitation.person, Session.date)
            .join_from(Facilitation, Session)
            .join_from(Session, Event)
            .where(Facilitation.person.in_(some))
        )
        for query in (booked, made_up, led):
            meant = query.where(Session.date.is_null(False) | Event.state.not_in(ended)).distinct()
            for person_id, day in as_tuples(meant):
                if person_id in found and found[person_id] is None:
                    continue
                found[person_id] = max(found[person_id] or day, day) if day and person_id in found else day
    return found


def drop_needs(person_ids: Collection[int]) -> None:
    """Needs go, from what could be taken back, too; inside writing()."""
    for some in chunked(sorted(person_ids), AT_ONCE):
        Person.update(dietary="", access_needs="", version=Person.version + 1).where(Person.id.in_(some)).execute()
        query = Image.select(Image.step, Image.row, Image.before, Image.after)
        for step, row, *images in as_tuples(query.where(Image.kind == "person", Image.row.in_(some))):
            before, after = (_needless(each) for each in images)
            here = (Image.step == step) & (Image.kind == "person") & (Image.row == row)
            Image.update(before=before, after=after).where(here).execute()


def _needless(image: str | None) -> str | None:
    if image is None:
        return None
    return json.dumps({**json.loads(image), "dietary": "", "access_needs": ""}, sort_keys=True)
