"""All personal data of one person: found in every table, erased, and needs deleted when they are no longer of use."""

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

from db import expressions, people
from db.engine import journal
from db.engine.mapping import BATCH_SIZE, as_tuples
from db.history import OVERBOOKING_VERBS
from db.models import (
    TABLES,
    AnswerRow,
    BaselineRow,
    CollectionObjectRow,
    CollectionRow,
    CommitmentRow,
    CourseRow,
    DispatchRow,
    EarlierLearningRow,
    EnrolmentRow,
    EvaluationRow,
    EventRow,
    FacilitationRow,
    GroupRow,
    HistoryRow,
    ImageRow,
    ImportMappingRow,
    InvitationRow,
    LearningFileRow,
    MakeUpRow,
    MarkRow,
    MembershipRow,
    MessageRow,
    ModuleRow,
    OrganisationAliasRow,
    OrganisationRow,
    PersonAddressRow,
    PersonRow,
    PersonWordRow,
    PolicyRow,
    ProgrammeRow,
    QuestionRow,
    RegisterRow,
    ResourceRow,
    RoleRow,
    RoomRow,
    Row,
    SessionRow,
    StepRow,
    StrandRow,
    TeamRow,
    TemplateRow,
    VenueRow,
)
from db.records import status_numbers
from db.records.attendance import MarkKind
from db.records.groups import CommitmentState
from db.records.mail import MessageKind, MessageState, PartStat
from db.records.startup import EventState

DERIVED = ("search", "sort")
"""Columns of a person that only repeat others for searching, as the table of their words does."""
OWNED_BY_ROWS = (EnrolmentRow, EvaluationRow, InvitationRow)
"""Tables whose rows belong to a person together with every row that refers to them."""
# Erasing keeps every row of sessions led, marks, make-ups, completions and offers: nothing in them names anybody, and
# figures are counted from them.
NAMES_OF_THINGS: Mapping[type[Row], tuple[str, ...]] = {
    ProgrammeRow: ("name", "description"),
    StrandRow: ("code", "name", "description"),
    CourseRow: ("code", "title", "description", "audience", "impact_question"),
    ModuleRow: ("title",),
    VenueRow: ("name", "address", "postcode"),
    RoomRow: ("name",),
    OrganisationRow: ("name",),
    OrganisationAliasRow: ("name", "name_key"),
    TeamRow: ("name",),
    EventRow: ("reference", "title", "search"),
    SessionRow: ("title",),
    QuestionRow: ("text",),
    GroupRow: ("name",),
    ResourceRow: ("title", "address", "edition"),
    BaselineRow: ("label", "unit", "qualifier", "source"),
    TemplateRow: ("subject", "body", "edited_by"),
    PolicyRow: ("key", "value"),
    RoleRow: ("actor",),
    ImportMappingRow: ("kind", "heading", "field", "headings"),
    CollectionRow: ("url",),
    CollectionObjectRow: ("uid", "event", "etag", "digest"),
    MessageRow: ("code", "key", "actor"),
    InvitationRow: ("uid",),
    DispatchRow: ("actor",),
    LearningFileRow: ("actor",),
    EnrolmentRow: ("approved_by",),
    RegisterRow: ("taken_by", "signed_off_by"),
    MarkRow: ("actor",),
    StepRow: ("actor",),
    HistoryRow: ("actor", "verb"),
    ImageRow: ("kind", "before", "after"),
    PersonRow: (
        "employee_number",
        "forename",
        "surname",
        "email",
        "email_key",
        "phone",
        "job_title",
        "dietary",
        "access_needs",
        "search",
        "sort",
        "known_as",
    ),
    PersonAddressRow: ("email", "email_key"),
    PersonWordRow: ("word", "sort"),
}
"""Columns in which names are not replaced: names of things, of actors and of other people. All other text columns are.

A name still found in one of them is reported. Steps are handled separately.
"""
UNSEARCHED_TABLES = (ImageRow, PersonWordRow)
"""Tables that are not searched for names: they are deleted with their steps, or computed from the people."""
KINDS_ABOUT_OTHERS = (MessageKind.MISSED_MANAGER, MessageKind.MANAGER_COPY)
"""Kinds of message that go to another person than the one they are about."""
LEAST_PHONE = 7


@dataclass(frozen=True, slots=True)
class PersonAliases:
    """The names and contacts of a person, past and present.

    `names` are full names that nobody else has, `shared` those that others have too.
    """

    names: tuple[str, ...]
    shared: tuple[str, ...]
    contacts: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The texts to search for."""
        return (*self.names, *self.contacts)


def text_columns(table: type[Row]) -> list[Any]:
    """Return the columns of a table that hold text."""
    return [each for each in table._meta.sorted_fields if type(each) in (TextField, CharField)]


def erasable_columns() -> Iterator[tuple[type[Row], Any]]:
    """Yield (table, column) of every column in which names are replaced, columns of new tables included."""
    for table in TABLES:
        for field in text_columns(table):
            if field.name not in NAMES_OF_THINGS.get(table, ()):
                yield table, field


def person_references() -> Iterator[tuple[type[Row], Any]]:
    """Yield (table, foreign key) of everything about one person, in the order of the tables.

    A person's line manager is a column of that person's row, so the row is not about the manager.
    """
    parents = {PersonRow, *OWNED_BY_ROWS}
    for table in TABLES:
        for field in table._meta.sorted_fields:
            refers = isinstance(field, ForeignKeyField) and field.rel_model in parents
            if refers and table is not PersonWordRow and field.rel_model is not table:
                yield table, field


def _person_columns() -> Iterator[tuple[type[Row], Any]]:
    yield PersonRow, PersonRow.id
    yield from person_references()


def fetch_aliases(person_id: int) -> PersonAliases:
    """Return the names and contacts a person can be found by: as stored now, as stored before, and as used in
    messages."""
    person = people.fetch_person(person_id)
    pairs = {(person.forename, person.surname)}
    contacts, phones = {person.email}, {person.phone}
    for before, after in as_tuples(
        ImageRow.select(ImageRow.before, ImageRow.after).where(ImageRow.kind == "person", ImageRow.row == person_id)
    ):
        for image in (json.loads(text) for text in (before, after) if text):
            pairs.add((image["forename"], image["surname"]))
            contacts.add(image["email"])
            phones.add(image["phone"])
    sent = MessageRow.select(MessageRow.name, MessageRow.address).where(
        MessageRow.person == person_id, MessageRow.kind.not_in(KINDS_ABOUT_OTHERS)
    )
    written = as_tuples(sent.distinct())
    contacts |= {address for _, address in written}
    had = PersonAddressRow.select(PersonAddressRow.email).where(PersonAddressRow.person == person_id)
    contacts |= {address for (address,) in as_tuples(had)}
    # A single word would be found in too many other texts.
    names = {f"{forename} {surname}" for forename, surname in pairs if forename and surname}
    names |= {name for name, _ in written if " " in name}
    reversed_ones = {f"{surname}, {forename}" for forename, surname in pairs if forename and surname}
    taken = {name.casefold() for name in names if _is_anothers(name, person_id)}
    shared = {name for name in names if name.casefold() in taken}
    if shared:
        reversed_ones = set()
    return PersonAliases(
        tuple(sorted(names - shared) + sorted(reversed_ones)),
        tuple(sorted(shared)),
        tuple(sorted([*filter(None, contacts), *(each for each in phones if _is_own_phone(each, person_id))])),
    )


def _is_own_phone(phone: str, person_id: int) -> bool:
    """Return whether the number is long enough to search for and belongs to nobody else."""
    return (
        len(phone) >= LEAST_PHONE
        and not PersonRow.select().where(PersonRow.phone == phone, PersonRow.id != person_id).exists()
    )


def _is_anothers(name: str, person_id: int) -> bool:
    called = expressions.person_name()
    found = PersonRow.select(called).where(called.contains(name), PersonRow.id != person_id)
    return any(each.casefold() == name.casefold() for (each,) in as_tuples(found))


# Finding a person's data


def fetch_person_rows(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row about the person by table; foreign keys are replaced by the names of the things."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for table, field in _person_columns():
        rows = table.select().where(_is_theirs(table, field, person_id))
        if "id" in table._meta.fields:
            rows = rows.order_by(table.id)
        labels: dict[tuple[Any, int], str] = {}
        found = [_readable(table, each, labels) for each in rows.dicts().iterator()]
        sections.setdefault(table._meta.table_name, []).extend(found)
    return sections


def _is_theirs(table: type[Row], field: Any, person_id: int) -> Any:
    if table is PersonRow or field.rel_model is PersonRow:
        return field == person_id
    parent = field.rel_model
    return field.in_(parent.select(parent.id).where(parent.person == person_id))


def _readable(table: type[Row], row: Mapping[str, Any], labels: dict[tuple[Any, int], str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        field = table._meta.fields[name]
        if table is PersonRow and name in DERIVED:
            continue
        if isinstance(field, ForeignKeyField) and value is not None:
            shown[name] = _label(field.rel_model, value, labels)
        elif isinstance(value, Enum):
            shown[name] = getattr(value, "word", value.value)
        else:
            shown[name] = value
    return shown


def _label(table: Any, row_id: int, labels: dict[tuple[Any, int], str]) -> str | int:
    """Return the name of a row, such as `BR-90 session 2`, or its number where it has none."""
    if (table, row_id) not in labels:
        naming = _NAMING.get(table)
        labels[table, row_id] = naming(row_id) if naming else ""
    return labels[table, row_id] or row_id


def _column(field: Any) -> Callable[[int], str]:
    return lambda row_id: str(field.model.select(field).where(field.model.id == row_id).scalar() or "")


def _session_name(session_id: int) -> str:
    query = SessionRow.select(EventRow.reference, SessionRow.number).join(EventRow).where(SessionRow.id == session_id)
    return " ".join(f"{reference} session {number}" for reference, number in as_tuples(query))


_NAMING: Mapping[Any, Callable[[int], str]] = {
    EventRow: _column(EventRow.reference),
    SessionRow: _session_name,
    CourseRow: _column(CourseRow.title),
    QuestionRow: _column(QuestionRow.text),
    OrganisationRow: _column(OrganisationRow.name),
    TeamRow: _column(TeamRow.name),
    GroupRow: _column(GroupRow.name),
    PersonRow: lambda row_id: f"{people.fetch_person(row_id).name} (#{row_id})",
}


def fetch_person_steps(person_id: int) -> list[dict[str, Any]]:
    """Return the images of the person's rows in undoable steps; of registers and facilitators, their own line alone."""
    found = []
    for _, at, actor, kind, before, after in _images(person_id, StepRow.at, StepRow.actor, ImageRow.kind):
        images = [json.loads(each) if each else None for each in (before, after)]
        if kind == "register":
            images = [[line for line in (each or {}).get("marks", ()) if line[0] == person_id] for each in images]
        elif kind == "facilitation":
            images = [[line for line in each["people"] if line["person_id"] == person_id] for each in images if each]
        found.append({"at": at, "actor": actor, "kind": kind, "before": images[0], "after": images[1]})
    return found


def _images(person_id: int, *columns: Any) -> list[Any]:
    """Return (step id, the columns, before, after) of every image of a row that is the person's or refers to them."""
    ids = {
        table: [row_id for (row_id,) in as_tuples(table.select(table.id).where(_is_theirs(table, field, person_id)))]
        for table, field in _person_columns()
        if table in journal.KINDS.values()
        and table is not FacilitationRow  # known by its session, so found by its content
    }
    theirs = [
        (ImageRow.kind == kind) & ImageRow.row.in_(some)
        for kind, table in journal.KINDS.items()
        for some in chunked(ids.get(table, ()), BATCH_SIZE)
    ]
    references = (f'"manager_id": {person_id},', f'"person_id": {person_id},', f'"person_id": {person_id}}}')
    signs = [text.contains(each) for each in references for text in (ImageRow.before, ImageRow.after)]
    marks = [
        (ImageRow.kind == "register") & text.contains(f'[{person_id}, "') for text in (ImageRow.before, ImageRow.after)
    ]
    query = (
        ImageRow.select(StepRow.id, *columns, ImageRow.before, ImageRow.after)
        .join(StepRow)
        .where(reduce(or_, [*theirs, *signs, *marks]))
        .order_by(StepRow.id, ImageRow.kind, ImageRow.row)
    )
    return as_tuples(query)


def find_mentions(
    terms: Sequence[str], fields: Iterable[tuple[type[Row], Any]]
) -> Iterator[tuple[type[Row], Any, str]]:
    """Yield (table, column, text) of each distinct text in the columns that holds one of the terms as whole words."""
    if not terms:
        return
    pattern = _pattern(terms)
    for table, field in fields:
        query = table.select(field).where(reduce(or_, (field.contains(term) for term in terms))).distinct()
        for (text,) in as_tuples(query):
            if text and pattern.search(text):
                yield table, field, text


def searchable_columns() -> Iterator[tuple[type[Row], Any]]:
    """Yield (table, column) of every text column that is searched for names."""
    for table in TABLES:
        if table not in UNSEARCHED_TABLES:
            for field in text_columns(table):
                if table is not PersonRow or field.name not in DERIVED:
                    yield table, field


def texts_about_others(
    person_id: int, found: Iterable[tuple[type[Row], Any, str]]
) -> Iterator[tuple[type[Row], Any, str]]:
    """Yield the texts that are in rows of other people or of nobody."""
    references = list(_person_columns())
    for table, field, text in found:
        theirs = [_is_theirs(table, each, person_id) for owner, each in references if owner is table]
        query = table.select().where(field == text)
        if not theirs or query.where(~fn.COALESCE(reduce(or_, theirs), False)).exists():
            yield table, field, text


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<![\w@.-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w@])", re.IGNORECASE)


# Erasing


def erased_name(person_id: int) -> str:
    """Return the words that replace a name."""
    return f"Erased person #{person_id}"


def erase_person_rows(
    person_id: int, aliases: PersonAliases, today: date, *, reasons: Collection[str]
) -> list[tuple[str, int, str]]:
    """Erase from a person's rows everything that identifies them; inside write_transaction().

    Every text of the database is searched for their names, because anybody may have typed them anywhere. `reasons`,
    folded, identify nobody and stay. The rows stay, so that figures do. Returns (kind of data, number, what happened).
    """
    done = [
        ("name, address, job and needs", 1, "deleted; the address can be used again"),
        ("steps that could be undone", _forget_steps(person_id, aliases), "cannot be undone any more"),
        ("lines of history", _erase_history(person_id, reasons), "stay without the name and what was said"),
        ("messages", _erase_messages(person_id, aliases), "kept without name, address and text"),
        ("invitations", _erase_invitations(person_id), "kept without the address"),
        ("evaluations", _erase_evaluations(person_id), "kept without the person and comments"),
        ("memberships of groups", _end_memberships(person_id, today), "ended today, if not already ended"),
        ("commitments", _erase_commitments(person_id, today), "kept without text; open ones are withdrawn"),
        ("earlier learning", _erase_earlier_learning(person_id), "kept without the evidence"),
        ("people they manage", _clear_line_managers(person_id), "left without a line manager"),
    ]
    done.append(("reasons in other records", _erase_reasons(person_id, reasons), "deleted"))
    _blank_person(person_id)
    done.append(
        ("other texts with the name", replace_names(person_id, aliases), f"changed to {erased_name(person_id)}")
    )
    return [each for each in done if each[1]]


def replace_names(person_id: int, aliases: PersonAliases) -> int:
    """Replace names and addresses by `Erased person #5` in every text, and return the number of texts."""
    pattern, number = _pattern(aliases.terms or ("\0",)), 0
    for table, field, text in list(find_mentions(aliases.terms, erasable_columns())):
        clear = pattern.sub(erased_name(person_id), text)
        number += table.update({field: clear}).where(field == text).execute()
    return number


def mask_name(person_id: int, aliases: PersonAliases, text: str) -> str:
    """Return the text with `Erased person #5` in place of any name of the person."""
    terms = (*aliases.terms, *aliases.shared)
    return _pattern(terms).sub(erased_name(person_id), text) if terms else text


def find_remaining_names(aliases: PersonAliases) -> list[str]:
    """Return the columns where a name or address remains, because it names a thing or an actor."""
    columns = (
        (table, field)
        for table in TABLES
        if table not in UNSEARCHED_TABLES
        for field in text_columns(table)
        if field.name in NAMES_OF_THINGS.get(table, ())
    )
    places: dict[str, None] = {}
    for table, field, _ in find_mentions(aliases.terms, columns):
        places.setdefault(f"{table._meta.table_name.replace('_', ' ')} ({field.name.replace('_', ' ')})")
    return list(places)


def _blank_person(person_id: int) -> None:
    PersonRow.update(
        employee_number=None, forename="", surname=erased_name(person_id), email="", email_key=f"erased #{person_id}",
        phone="", job_title="", manager=None, dietary="", access_needs="", active=False, version=PersonRow.version + 1,
        known_as="", start_date=None, leaving_date=None,
    ).where(PersonRow.id == person_id).execute()  # fmt: skip
    PersonAddressRow.delete().where(PersonAddressRow.person == person_id).execute()
    people.update_person_index(person_id)


def _forget_steps(person_id: int, aliases: PersonAliases) -> int:
    ids = {row[0] for row in _images(person_id)}
    for term in aliases.terms:  # an image is JSON, in which letters beyond ASCII are escaped
        escaped = json.dumps(term)[1:-1]
        holds = ImageRow.before.contains(escaped) | ImageRow.after.contains(escaped)
        ids |= {step_id for (step_id,) in as_tuples(ImageRow.select(ImageRow.step).where(holds).distinct())}
    return journal.discard_steps(ids, "erased")


_PLAIN = frozenset(
    {
        *status_numbers.STATUS_WORDS.values(),
        *MarkKind,
        *PartStat,
        *(each.lower() for each in PartStat),
        "active",
        "left",
        "",
    }
)
"""Values before and after a change that identify nobody."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _erase_history(person_id: int, reasons: Collection[str]) -> int:
    query = (
        HistoryRow.select(
            HistoryRow.id, EventRow.reference, HistoryRow.verb, HistoryRow.before, HistoryRow.after, HistoryRow.reason
        )
        .join(EventRow, JOIN.LEFT_OUTER)
        .where(HistoryRow.person == person_id)
    )
    lines = as_tuples(query)
    for number, reference, verb, before, after, reason in lines:
        # Overbooking without a reason would be reported as a fault: see db.history.has_override.
        instead = "erased" if verb in OVERBOOKING_VERBS else ""
        HistoryRow.update(
            subject=erased_name(person_id) + (f" on {reference}" if reference else ""),
            before=_plain(before), after=_plain(after),
            reason=reason if reason.casefold() in reasons else reason and instead,
        ).where(HistoryRow.id == number).execute()  # fmt: skip
    return len(lines)


def _plain(text: str) -> str:
    return text if text in _PLAIN or _DAY.fullmatch(text) else ""


def _erase_reasons(person_id: int, reasons: Collection[str]) -> int:
    """Erase reasons typed freely; those on offer stay, because charges depend on them."""
    query = EnrolmentRow.select(EnrolmentRow.id, EnrolmentRow.reason).where(
        EnrolmentRow.person == person_id, EnrolmentRow.reason != ""
    )
    ids = [number for number, text in as_tuples(query) if text.casefold() not in reasons]
    for some in chunked(ids, BATCH_SIZE):
        EnrolmentRow.update(reason="").where(EnrolmentRow.id.in_(some)).execute()
    return len(ids)


def _erase_messages(person_id: int, aliases: PersonAliases) -> int:
    addresses = [each for each in aliases.contacts if "@" in each]
    # A message to them about somebody they manage is their data, too.
    theirs = (MessageRow.person == person_id) | MessageRow.address.in_(addresses)
    unsent = [each for each in MessageState if not each.out] + [MessageState.UNKNOWN]
    MessageRow.update(state=MessageState.FORGOTTEN).where(theirs, MessageRow.state.in_(unsent)).execute()
    return int(
        MessageRow.update(name=erased_name(person_id), address="", subject="", body="", told="", fault="")
        .where(theirs)
        .execute()
    )


def _erase_invitations(person_id: int) -> int:
    lines = as_tuples(
        InvitationRow.select(InvitationRow.id, InvitationRow.content).where(InvitationRow.person == person_id)
    )
    for number, content in lines:
        organiser, _, *rest = content.split("\n")  # see csc_tui.core.mail.invitation_rules.ledger_line
        InvitationRow.update(content="\n".join((organiser, "", *rest))).where(InvitationRow.id == number).execute()
    theirs = InvitationRow.select(InvitationRow.id).where(InvitationRow.person == person_id)
    DispatchRow.update(file="erased").where(DispatchRow.invitation.in_(theirs)).execute()
    return len(lines)


def _erase_evaluations(person_id: int) -> int:
    """Erase a person's evaluations: answers stay without name and comments, a mere record of answering is deleted."""
    ids = [
        number
        for (number,) in as_tuples(EvaluationRow.select(EvaluationRow.id).where(EvaluationRow.person == person_id))
    ]
    for number in ids:
        if AnswerRow.select().where(AnswerRow.evaluation == number).exists():
            AnswerRow.update(text="").where(AnswerRow.evaluation == number).execute()
            EvaluationRow.update(person=None, source=f"erased {number}").where(EvaluationRow.id == number).execute()
        else:
            EvaluationRow.delete().where(EvaluationRow.id == number).execute()
    return len(ids)


def _end_memberships(person_id: int, today: date) -> int:
    query = MembershipRow.select(MembershipRow.id, MembershipRow.joined, MembershipRow.left_on).where(
        MembershipRow.person == person_id
    )
    lines = as_tuples(query)
    for number, joined, left_on in lines:
        if left_on is None:
            MembershipRow.update(left_on=max(joined, today)).where(MembershipRow.id == number).execute()
    return len(lines)


def _erase_commitments(person_id: int, today: date) -> int:
    theirs = CommitmentRow.person == person_id
    CommitmentRow.update(state=CommitmentState.WITHDRAWN, settled=today).where(
        theirs, CommitmentRow.state == CommitmentState.OPEN
    ).execute()
    return int(
        CommitmentRow.update(what="erased", remark="", version=CommitmentRow.version + 1).where(theirs).execute()
    )


def _erase_earlier_learning(person_id: int) -> int:
    """Erase the evidence of what was learnt earlier, which may name the person; course, day and provider stay."""
    theirs = EarlierLearningRow.person == person_id
    return int(EarlierLearningRow.update(evidence="").where(theirs).execute())


def _clear_line_managers(person_id: int) -> int:
    return int(
        PersonRow.update(manager=None, version=PersonRow.version + 1).where(PersonRow.manager == person_id).execute()
    )


# Dietary and access needs


def fetch_people_with_needs() -> dict[int, str]:
    """Return the names of everybody with dietary or access needs, by id."""
    called = expressions.person_name()
    query = PersonRow.select(PersonRow.id, called).where((PersonRow.dietary != "") | (PersonRow.access_needs != ""))
    return dict(as_tuples(query.order_by(PersonRow.sort, PersonRow.id)))


def fetch_last_session_days(person_ids: Collection[int]) -> dict[int, date | None]:
    """Return the day of the last session each person was or is on, by person id; None with one still undated.

    People who were never on anything are left out.
    """
    ended = (EventState.CANCELLED, EventState.DELIVERED, EventState.CLOSED)
    found: dict[int, date | None] = {}
    for some in chunked(sorted(person_ids), BATCH_SIZE):
        booked = (
            EnrolmentRow.select(EnrolmentRow.person, SessionRow.date)
            .join_from(EnrolmentRow, EventRow)
            .join_from(EventRow, SessionRow)
            .where(EnrolmentRow.person.in_(some), EnrolmentRow.status >= status_numbers.LOWEST_LIVE)
        )
        made_up = (
            MakeUpRow.select(MakeUpRow.person, SessionRow.date)
            .join_from(MakeUpRow, SessionRow)
            .join_from(SessionRow, EventRow)
            .where(MakeUpRow.person.in_(some), MakeUpRow.active)
        )
        led = (
            FacilitationRow.select(FacilitationRow.person, SessionRow.date)
            .join_from(FacilitationRow, SessionRow)
            .join_from(SessionRow, EventRow)
            .where(FacilitationRow.person.in_(some))
        )
        for query in (booked, made_up, led):
            meant = query.where(SessionRow.date.is_null(False) | EventRow.state.not_in(ended)).distinct()
            for person_id, day in as_tuples(meant):
                if person_id in found and found[person_id] is None:
                    continue
                found[person_id] = max(found[person_id] or day, day) if day and person_id in found else day
    return found


def delete_needs(person_ids: Collection[int]) -> None:
    """Delete needs, also from the images of undoable steps; inside write_transaction()."""
    for some in chunked(sorted(person_ids), BATCH_SIZE):
        PersonRow.update(dietary="", access_needs="", version=PersonRow.version + 1).where(
            PersonRow.id.in_(some)
        ).execute()
        query = ImageRow.select(ImageRow.step, ImageRow.row, ImageRow.before, ImageRow.after)
        for step, row, *images in as_tuples(query.where(ImageRow.kind == "person", ImageRow.row.in_(some))):
            before, after = (_needless(each) for each in images)
            here = (ImageRow.step == step) & (ImageRow.kind == "person") & (ImageRow.row == row)
            ImageRow.update(before=before, after=after).where(here).execute()


def _needless(image: str | None) -> str | None:
    if image is None:
        return None
    return json.dumps({**json.loads(image), "dietary": "", "access_needs": ""}, sort_keys=True)
