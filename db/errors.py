"""The errors of the store, each with a sentence for the coordinator. Standard library only."""


class CscError(Exception):
    """An error to show to the user; its text is shown as it is."""


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


class NoSuchEvent(NotFound):
    """There is no event with this reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"There is no event {reference}. csc free --all lists the events to come.")


class NoSuchSession(NotFound):
    """The event has no session with this number."""

    def __init__(self, reference: str, number: int) -> None:
        super().__init__(f"{reference} has no session {number}. csc event {reference} lists its sessions.")


class NoSuchPerson(NotFound):
    """No person fits the text."""

    def __init__(self, text: str) -> None:
        super().__init__(f"Nobody is found for '{text}'. csc who finds people by parts of a name, e-mail or team.")


class AmbiguousPerson(RuleBroken):
    """More than one person fits the text.

    `candidates` are the first of the `count` people, as (key, name, e-mail, organisation).
    """

    def __init__(self, text: str, candidates: list[tuple[str, str, str, str]], count: int) -> None:
        listed = "; ".join(
            f"{key} {name} <{email}> {organisation}".strip() for key, name, email, organisation in candidates
        )
        more = f"; and {count - len(candidates)} more" if count > len(candidates) else ""
        super().__init__(f"'{text}' fits {count} people. Nothing was done. Use one of: {listed}{more}.")
        self.candidates = candidates


class DatabaseTrouble(CscError):
    """The database itself needs attention."""


def hide_password(location: str) -> str:
    """Return the location as it may be shown and logged: a server's address without the password."""
    scheme, found, rest = location.partition("://")
    account, at, host = rest.rpartition("@")
    return f"{scheme}://{account.partition(':')[0]}@{host}" if found and at else location


class MissingDatabase(DatabaseTrouble):
    """There is no database at the location."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"There is no database at {hide_password(location)}. Nothing was created. "
            f"To make one: csc --db {hide_password(location)} admin init. To look around first: csc demo."
        )


class ForeignDatabase(DatabaseTrouble):
    """The file is not a database of this program."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"{location} is not a csc-tui database. It was left untouched. Check the path given with --db or CSC_DB. "
            "If it was one and its beginning is lost, rename it and restore the last backup."
        )


class DamagedDatabase(DatabaseTrouble):
    """The file is a damaged database; `detail` is SQLite's finding."""

    def __init__(self, location: str, detail: str) -> None:
        self.detail = detail
        super().__init__(
            f"The database {location} is damaged ({detail}). Nothing was changed. Bring back the last backup: "
            f"csc --db {location} admin restore BACKUP."
        )


class BadBackup(DatabaseTrouble):
    """The file cannot be restored as a backup."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file} cannot be restored: {why}. Nothing was changed.")


class BusyDatabase(DatabaseTrouble):
    """Another program held the lock for longer than a writer waits."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has held the database for a long time. Nothing was changed. Try again in a minute."
        )


class NotWritable(DatabaseTrouble):
    """The disk or the file does not accept the change."""


class SchemaTooOld(DatabaseTrouble):
    """An older version of this program made the database; it must be upgraded first."""

    def __init__(self, location: str) -> None:
        first = "make a backup with pg_dump first" if "://" in location else "a backup is made first"
        super().__init__(
            f"{hide_password(location)} was made by an older csc-tui. Nothing was changed. "
            f"Bring it up to date ({first}): csc --db {hide_password(location)} admin upgrade."
        )


class SchemaTooNew(DatabaseTrouble):
    """A newer version of this program made the database."""

    def __init__(self, location: str) -> None:
        super().__init__(
            f"{hide_password(location)} was made by a newer csc-tui than this one. Nothing was changed. "
            "Install the newer version."
        )


class ServiceUnreachable(CscError):
    """A server outside, for mail or CalDAV, did not answer."""
