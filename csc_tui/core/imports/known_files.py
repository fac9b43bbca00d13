"""Rules that recognise the files of other programs by their headings."""

from collections.abc import Sequence
from dataclasses import dataclass

from csc_tui.core.imports.columns import heading_key


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that another program writes: what it is, and the kind of import it is for."""

    what: str
    kind: str


_KNOWN: tuple[tuple[frozenset[str], KnownFile], ...] = tuple(
    (frozenset(headings.split()), KnownFile(what, kind))
    for headings, what, kind in (
        ("name firstjoin lastleave", "the attendance report of a Teams meeting", "marks"),
        ("fullname jointime leavetime", "the attendance report of a Teams meeting", "marks"),
        ("nameoriginalname useremail", "the list of participants of a Zoom meeting", "marks"),
        ("id starttime completiontime email name", "the answers to a form of Microsoft Forms", "evaluations"),
        ("respondentid collectorid", "the answers to a survey of SurveyMonkey", "evaluations"),
        ("emailaddress lastdownloadedfromthiscourse", "the grades of a Moodle course", "people"),
        ("email1value", "contacts of Google", "people"),
        ("emailaddress emaildisplayname", "contacts of Outlook", "people"),
        ("givenname surname enabled", "a list of a Windows directory", "people"),
        ("order tickettype email", "the attendees of an Eventbrite event", "people"),
        ("orderid tickettype email", "the attendees of an Eventbrite event", "people"),
        ("orderno tickettype email", "the attendees of an Eventbrite event", "people"),
    )
)
"""The headings by which each file is known; all of them stand in it."""
_GOOGLE_FORM = KnownFile("the answers to a form of Google Forms", "evaluations")
HOLDS = {"people": "people", "programme": "events", "marks": "marks", "evaluations": "answers"}
"""The things that a file for each kind of import holds."""


def recognise_file(headings: Sequence[str]) -> KnownFile | None:
    """Return what the file with these headings is, or None where it is of no program that is known."""
    keys = [heading_key(heading) for heading in headings if heading]
    found = next((known for wanted, known in _KNOWN if wanted <= set(keys)), None)
    if found is None and keys and keys[0] == "timestamp":
        return _GOOGLE_FORM
    return found
