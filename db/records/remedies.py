"""Remedies: values that say what can be done about a refusal; each face words them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Mapping, Sequence


class RemedyKind:
    """The things that can be done; the facts of a Remedy say to which event, person or file.

    Plain strings, because look-ups import the errors and must not pay for importing and building an enum.
    """

    # A reason sets the rule aside, or is still missing.
    OVERRIDE_RULE = "override rule"
    OVERRIDE_CAPACITY = "override capacity"
    OVERRIDE_SLOT = "override slot"
    OVERRIDE_REGISTER = "override register"
    OVERRIDE_LEAVING = "override leaving"
    GIVE_OVERRIDE = "give override"
    GIVE_REASON = "give reason"
    # Look somewhere first.
    LIST_EVENTS = "list events"
    LIST_BOOKABLE_EVENTS = "list bookable events"
    LIST_SESSIONS = "list sessions"
    LIST_VENUES = "list venues"
    LIST_RESOURCES = "list resources"
    LIST_COMMITMENTS = "list commitments"
    LIST_MESSAGES = "list messages"
    LIST_TEAMS = "list teams"
    FIND_PEOPLE = "find people"
    SHOW_REGISTER = "show register"
    SHOW_TEAM = "show team"
    # Places and registers.
    OPEN_EVENT = "open event"
    CANCEL_EVENT = "cancel event"
    CHANGE_EVENT_STATE = "change event state"
    CALL_OFF_EVENT = "cancel whole event"
    FILL_PLACES = "fill places"
    REQUEST_PLACE = "request place"
    ACCEPT_OFFER = "accept offer"
    PROCESS_OFFERS = "process offers"
    BOOK_WALK_IN = "book walk-in"
    MARK_REST = "mark rest"
    # People.
    ADD_PERSON = "add person"
    BRING_BACK = "bring back"
    RECORD_LEAVING = "record leaving"
    MAKE_ADMINISTRATOR = "make administrator"
    GIVE_ROLE = "give role"
    # What was typed.
    DID_YOU_MEAN = "did you mean"
    SAY_NEW_NAME = "say new name"
    NAME_SESSION = "name session"
    NAME_WEEKS = "name weeks"
    NAME_REFERENCE = "name reference"
    NAME_OWNER = "name owner"
    NAME_CHANGE = "name change"
    NAME_GROUP_COURSE = "name group course"
    NAME_SHEET = "name sheet"
    LEAVE_OUT_SHEET = "leave out sheet"
    MAP_COLUMNS = "map columns"
    IGNORE_COLUMN = "ignore column"
    MAP_NEEDED_FIELD = "map needed field"
    CORRECT_MAPPING = "correct mapping"
    ACCEPT_ADDRESSES = "accept addresses"
    ADD_NAMESAKES = "add namesakes"
    IMPORT_AS = "import as"
    FORGET_COLUMN = "forget column"
    LEAVE_OUT_COLUMN = "leave out column"
    NAME_EVENT = "name event"
    SAY_CROSS = "say cross"
    BOOK_WALK_INS = "book walk-ins"
    SAY_COURSE = "say course"
    CHANGE_SCALE = "change scale"
    SAY_SCALE = "say scale"
    LIST_ABSENT = "list absent"
    CORRECT_MOMENT = "correct moment"
    IMPORT_GOOD_ROWS = "import good rows"
    REPLACE_FILE = "replace file"
    END_OTHER_WAITING = "end other waiting"
    # Messages and publication.
    SEND_AGAIN = "send again"
    SEND_REFUSED = "send refused"
    SEND_LATER = "send later"
    SEND_UNKNOWN = "send unknown"
    WRITE_MESSAGES = "write messages"
    MAKE_CALENDAR = "make calendar"
    # The database and its settings.
    MAKE_DATABASE = "make database"
    MAKE_PROGRAMME = "make programme"
    CHECK_LOCATION = "check location"
    RESTORE_BACKUP = "restore backup"
    RESTORE_GOOD_BACKUP = "restore good backup"
    REPORT_FAULT = "report fault"
    UPGRADE_DATABASE = "upgrade database"
    REINDEX_PEOPLE = "reindex people"
    RENAME_VENUE = "rename venue"
    MERGE_PEOPLE = "merge people"
    PART_ANSWERS = "part answers"
    KEEP_NEEDS_FOR = "keep needs for"
    MAKE_BACKUP = "make backup"
    IMPORT_PROGRAMME = "import programme"
    IMPORT_PEOPLE = "import people"


REASON_KINDS = frozenset({
    RemedyKind.OVERRIDE_RULE, RemedyKind.OVERRIDE_CAPACITY, RemedyKind.OVERRIDE_SLOT, RemedyKind.OVERRIDE_REGISTER,
    RemedyKind.OVERRIDE_LEAVING, RemedyKind.GIVE_OVERRIDE, RemedyKind.GIVE_REASON, RemedyKind.CANCEL_EVENT,
})  # fmt: skip
"""The remedies of what a reason sets aside."""


class Remedy:
    """One remedy, with the facts that its wording may name; `options` are the names that may have been meant."""

    __slots__ = ("facts", "kind", "options")

    def __init__(self, kind: str, *, options: Sequence[str] = (), **facts: object) -> None:
        self.kind, self.options = kind, tuple(options)
        self.facts = {name: str(fact) for name, fact in facts.items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remedy) and (self.kind, self.options, self.facts) == (
            other.kind,
            other.options,
            other.facts,
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.options, tuple(sorted(self.facts.items()))))

    def __repr__(self) -> str:
        return f"Remedy({self.kind!r}, {self.options}, {self.facts})"

    @property
    def reason_helps(self) -> bool:
        """Whether a reason sets aside what stands in the way."""
        return self.kind in REASON_KINDS

    def worded(self, words: Mapping[str, str]) -> str:
        """Return the sentence for this remedy from a face's table of templates."""
        return words[self.kind].format_map({**self.facts, "options": list_alternatives(self.options)})


def list_alternatives(names: Sequence[str]) -> str:
    """Return `'BR-03', 'BR-13' or 'BR-30'`."""
    *others, last = [f"'{name}'" for name in names] or ("",)
    return f"{', '.join(others)} or {last}" if others else last


class Remark:
    """A sentence for the coordinator, with what can be done about it where something can."""

    __slots__ = ("remedy", "sentence")

    def __init__(self, sentence: str, remedy: Remedy | None = None) -> None:
        self.sentence, self.remedy = sentence, remedy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remark) and (self.sentence, self.remedy) == (other.sentence, other.remedy)

    def __hash__(self) -> int:
        return hash((self.sentence, self.remedy))

    def __repr__(self) -> str:
        return f"Remark({self.sentence!r}, {self.remedy!r})"

    def __str__(self) -> str:
        return self.sentence

    def worded(self, words: Mapping[str, str]) -> str:
        """Return the sentence followed by its remedy in a face's words."""
        return f"{self.sentence} {self.remedy.worded(words)}" if self.remedy else self.sentence
