"""Documents and links that support a course or a strand; they go along with its invitations."""

import re
from dataclasses import dataclass

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.transaction import action
from csc_tui.base.typed_text import required_line
from db import catalogue
from db.engine.connection import read_transaction
from db.errors import NotFound, WrongUse
from db.records.catalogue import Resource, ResourceKind
from db.records.remedies import Remedy, RemedyKind
from db.records.startup import Role

_LINK = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)


def list_resources(ctx: Context, *, strand: str = "", course: str = "") -> list[Resource]:
    """Return all resources, those of a strand and its courses, or those of a course and its strand. Raises NotFound."""
    with read_transaction():
        found = catalogue.fetch_resources()
        if course:
            one = catalogue.find_course(course)
            return [
                each for each in found if each.course == one.code or (not each.course and each.strand == one.strand)
            ]
        if strand:
            name = catalogue.find_strand(strand).name
            return [each for each in found if each.strand == name]
        return found


@dataclass(frozen=True, slots=True)
class NewResource:
    """A document or link to be added; it is of one strand or of one course."""

    title: str
    kind: ResourceKind
    address: str
    strand: str = ""
    course: str = ""
    edition: str = ""


@action(role=Role.COORDINATOR)
def add_resource(ctx: Context, wanted: NewResource) -> Resource:
    """Add a document or link to one strand or one course. Raises NotFound and WrongUse."""
    if bool(wanted.strand) == bool(wanted.course):
        raise WrongUse(
            "Choose one course or one strand for the resource. Nothing was changed.", Remedy(RemedyKind.NAME_OWNER)
        )
    number = catalogue.insert_resource(
        len(catalogue.fetch_resources()) + 1,
        required_line(wanted.title, "A resource", "a title"),
        wanted.kind,
        _address(wanted.kind, wanted.address),
        strand_id=catalogue.find_strand(wanted.strand).id if wanted.strand else None,
        course_id=catalogue.find_course(wanted.course).id if wanted.course else None,
        edition=wanted.edition.strip(),
    )
    made = _find(number)
    write_history(ctx, "resource added", _about(made), after=_resource_in_words(made))
    return made


@action(role=Role.COORDINATOR)
def change_resource(
    ctx: Context,
    number: int,
    *,
    title: str | None = None,
    address: str | None = None,
    edition: str | None = None,
) -> Resource:
    """Change a resource's title, address or edition; None leaves one as it is. Raises NotFound, WrongUse and Stale."""
    before = _find(number)
    fields: dict[str, str] = {}
    if title is not None:
        fields["title"] = required_line(title, "A resource", "a title")
    if address is not None:
        fields["address"] = _address(before.kind, address)
    if edition is not None:
        fields["edition"] = edition.strip()
    if not fields:
        raise WrongUse("Say what to change. Nothing was changed.", Remedy(RemedyKind.NAME_CHANGE))
    catalogue.update_resource(before, **fields)
    after = _find(number)
    write_history(
        ctx,
        "resource changed",
        _about(after),
        before=_resource_in_words(before),
        after=_resource_in_words(after),
    )
    return after


@action(role=Role.COORDINATOR)
def remove_resource(ctx: Context, number: int) -> Resource:
    """Remove a resource and note what it was in the history. Raises NotFound."""
    gone = _find(number)
    catalogue.delete_resource(gone.id)
    write_history(ctx, "resource removed", _about(gone), before=_resource_in_words(gone))
    return gone


def _find(number: int) -> Resource:
    for each in catalogue.fetch_resources():
        if each.id == number:
            return each
    raise NotFound(f"There is no resource {number}.", Remedy(RemedyKind.LIST_RESOURCES))


def _address(kind: ResourceKind, text: str) -> str:
    """Return the address without blanks around it; a document may have none yet. Raises WrongUse."""
    where = text.strip()
    if kind is ResourceKind.LINK and not _LINK.fullmatch(where):
        raise WrongUse(f"'{where}' is not a web address such as www.example.org/page. Nothing was changed.")
    if "\n" in where or not where.isprintable():
        raise WrongUse("An address must be one line, without invisible characters. Nothing was changed.")
    return where


def _about(each: Resource) -> str:
    return f"{each.title} ({each.course or each.strand})"


def _resource_in_words(each: Resource) -> str:
    return ", ".join(filter(None, (each.title, each.address, each.edition)))
