"""The errors of the store, each with a sentence for the coordinator and a remedy. Standard library only."""

from __future__ import annotations

from db.records.remedies import Remark, Remedy, RemedyKind

TYPE_CHECKING = False
if TYPE_CHECKING:  # see db.lookups
    from collections.abc import Iterable, Mapping, Sequence


class CscError(Exception):
    """An error to show to the user: `str()` says what is wrong and what was kept, `remedy` what can be done about it.

    Each face puts the remedy into its own words.
    """

    def __init__(self, sentence: str = "", remedy: Remedy | None = None) -> None:
        super().__init__(sentence)
        self.remedy = remedy

    @property
    def remarks(self) -> Sequence[Remark]:
        """The sentences, each with its remedy."""
        return (Remark(str(self), self.remedy),)

    def worded(self, words: Mapping[str, str]) -> str:
        """Return the sentences followed by their remedies in a face's words."""
        return "\n".join(each.worded(words) for each in self.remarks)


class NotFound(CscError):
    """There is no such event, person, session or other thing."""


class WrongUse(CscError):
    """The input cannot be understood."""


class RuleBroken(CscError):
    """A rule refuses the change."""


class Stale(CscError):
    """Another person changed the same thing first."""


class Duplicate(CscError):
    """The thing exists already."""


class UnknownName(NotFound):
    """No known name is the one typed; the remedy names those near it, and `otherwise` says what to do without any."""

    def __init__(
        self, sentence: str, typed: str, known: Iterable[str], *, otherwise: str = "", remedy: Remedy | None = None
    ) -> None:
        near = suggest_near(typed, known)
        super().__init__(sentence if near or not otherwise else f"{sentence} {otherwise}", near or remedy)


def suggest_near(typed: str, known: Iterable[str]) -> Remedy | None:
    """Return the remedy that names the known names near the typed one, or None without any."""
    from db.engine import spelling  # only for a mistyped name

    return ask_whether_meant(spelling.suggest_names(typed, known))


def ask_whether_meant(names: Sequence[str]) -> Remedy | None:
    """Return the remedy that names what may have been meant, or None for no names."""
    return Remedy(RemedyKind.DID_YOU_MEAN, options=names) if names else None


class NoSuchEvent(NotFound):
    """There is no event with this reference; `near` are those that may be meant."""

    def __init__(self, reference: str, near: Sequence[str]) -> None:
        super().__init__(f"There is no event {reference}.", ask_whether_meant(near) or Remedy(RemedyKind.LIST_EVENTS))


class NoSuchSession(NotFound):
    """The event has no session with this number."""

    def __init__(self, reference: str, number: int) -> None:
        super().__init__(f"{reference} has no session {number}.", Remedy(RemedyKind.LIST_SESSIONS, event=reference))


class NoSuchPerson(NotFound):
    """No person fits the text; `near` are those who may be meant."""

    def __init__(self, text: str, near: Sequence[str]) -> None:
        super().__init__(f"No match for '{text}'.", ask_whether_meant(near) or Remedy(RemedyKind.FIND_PEOPLE))


class AmbiguousPerson(RuleBroken):
    """More than one person fits the text.

    `candidates` are the first of the `count` people, as (key, name, e-mail, organisation).
    """

    def __init__(self, text: str, candidates: list[tuple[str, str, str, str]], count: int) -> None:
        listed = "; ".join(
            f"{key} {name} <{email}> {organisation}".strip() for key, name, email, organisation in candidates
        )
        more = f"; and {count - len(candidates)} more" if count > len(candidates) else ""
        super().__init__(f"'{text}' matches {count} people. Nothing was changed. Use one of: {listed}{more}.")
        self.candidates = candidates


class DatabaseTrouble(CscError):
    """The database itself needs attention."""


def name_location(location: str) -> str:
    """Return the location as it may be shown and logged: a file's path, or a server's host, port and database.

    An address that cannot be taken apart for certain may hold a piece of a password anywhere, so none of it is shown.
    """
    scheme, found, rest = location.partition("://")
    if not found:
        return location
    address, _, options = rest.partition("?")
    host = address.rpartition("@")[2]
    fields = host.partition("/")[0].split(",")
    certain = "@" not in options and all(
        port.isdecimal() or not port for port in (field.rpartition("]")[2].partition(":")[2] for field in fields)
    )
    if not certain:
        return f"{scheme}://..."
    shown = [each for each in options.split("&") if each.partition("=")[0] in ("host", "port", "dbname")]
    return f"{scheme}://{host}{'?' if shown else ''}{'&'.join(shown)}"


class MissingDatabase(DatabaseTrouble):
    """There is no database at the location."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"There is no database at {name_location(location)}. Nothing was created.",
            Remedy(RemedyKind.MAKE_DATABASE, location=name_location(location)),
        )


class ForeignDatabase(DatabaseTrouble):
    """The file is not a database of this program."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"{location} is not a csc-tui database. It was not changed.", Remedy(RemedyKind.CHECK_LOCATION)
        )


class DamagedDatabase(DatabaseTrouble):
    """The file is a damaged database; `detail` is SQLite's finding."""

    def __init__(self, location: str, detail: str) -> None:
        self.detail = detail
        super().__init__(
            f"The database {location} is damaged ({detail}). Nothing was changed.",
            Remedy(RemedyKind.RESTORE_BACKUP, location=location),
        )


class BadBackup(DatabaseTrouble):
    """The file cannot be restored as a backup."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file} cannot be restored: {why}. Nothing was changed.")


class BusyDatabase(DatabaseTrouble):
    """Another program held the lock for longer than a writer waits."""

    def __init__(self) -> None:
        super().__init__("Someone else is using the database. Nothing was changed. Try again in a minute.")


class NotWritable(DatabaseTrouble):
    """The disk or the file does not accept the change."""


class UnexpectedFault(DatabaseTrouble):
    """The database refused something for a reason this program did not expect; `detail` is what it said."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            f"The database refused this for a reason the program did not expect ({detail}). Nothing was changed. "
            "Please report it.",
        )


class SchemaTooOld(DatabaseTrouble):
    """An older version of this program made the database; it must be upgraded first."""

    def __init__(self, location: str) -> None:
        first = "make a backup with pg_dump first" if "://" in location else "a backup is made first"
        super().__init__(
            f"{name_location(location)} was made by an older version of csc-tui. Nothing was changed.",
            Remedy(RemedyKind.UPGRADE_DATABASE, location=name_location(location), first=first),
        )


class SchemaTooNew(DatabaseTrouble):
    """A newer version of this program made the database."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"{name_location(location)} was made by a newer version of csc-tui. Nothing was changed. "
            "Install the newer version."
        )


class ServiceUnreachable(CscError):
    """A server outside, for mail or CalDAV, did not answer."""
