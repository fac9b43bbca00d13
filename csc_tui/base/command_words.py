"""The words by which commands are found: their own, and what else people call the same thing; for both faces."""

from collections.abc import Iterable, Iterator, Sequence

from db.engine import search as engine_search
from db.engine import spelling

_GROUPS = (
    # Places
    "book enrol reserve sign-up",
    "cancel withdraw drop release unbook delete remove call-off",
    "cancellation withdraw drop-out delete remove",
    "transfer move switch",
    "substitute swap replace exchange replacement",
    "approve accept agree confirm allow",
    "decline refuse reject turn-down",
    "waiting queue waitlist wait-list line reserve-list",
    "free available availability vacancy vacancies spaces seats bookable",
    "makeup make-up catch-up missed",
    "sweep expire expired lapse lapsed process",
    # Events
    "new add create plan schedule make",
    "copy clone duplicate repeat series again recurring",
    "move postpone reschedule date",
    "places capacity size seats maximum limit",
    "minimum viability fewest",
    "venue venues place room rooms location where building address map",
    "leads lead facilitator facilitators trainer trainers tutor",
    "join merge combine together",
    "overflow extra another",
    "state status open close confirm draft deliver",
    "joining instructions directions bring",
    "clash clashes conflict conflicts double-booked overlap",
    "register attendance mark marks present absent late apologies",
    "sheet print printing printout sign-in attendance paper",
    "sign-off signoff finish complete close",
    "walk-in unannounced walkin turned-up",
    "certificate certificates proof",
    # People
    "people person learner learners staff colleague delegate delegates attendee attendees user users",
    "change edit amend update rename correct",
    "left leaver leave leaves gone joined back rejoin",
    "erase delete forget gdpr remove privacy",
    "disclose subject access request sar gdpr privacy data",
    "needs retention expired dietary access allergies gdpr privacy",
    "copy clipboard addresses email emails e-mail e-mails mailing bcc",
    "group groups set sets cohort practice-leads team",
    "commitment commitments action actions promise",
    # Messages and calendars
    "invite invitation invitations ics ical calendar outlook",
    "outbox messages email emails mail mailbox send sending",
    "template templates wording words letter letters text",
    "reply replies answer answers response responses rsvp",
    "read import inbox",
    "feed subscribe subscription ics ical webcal",
    "publish publication caldav nextcloud",
    "page website web html",
    # Files, figures and care
    "save export download file csv excel xlsx spreadsheet",
    "import upload load bring",
    "write save",
    "backup back-up copy restore",
    "check integrity verify sound damaged",
    "undo revert take-back mistake oops rollback",
    "history log audit who changes",
    "report reports figures statistics stats numbers kpi dashboard",
    "compliance mandatory overdue progress teams training",
    "hours cpd",
    "charges charge fees fee cost costs invoice invoices money finance billing",
    "evaluation evaluations feedback survey surveys happy-sheet forms form questionnaire",
    "question questions survey",
    "settings policy options preferences configuration setup",
    "role roles permission permissions rights access admin administrator",
    "holiday holidays bank-holiday closed",
    "today now dashboard home tasks to-do",
    "calendar diary month week year planner",
    "course courses module modules catalogue catalog",
    "strand strands programme",
    "archive retire retired retirement",
    "resource resources link links document documents",
    "colours colors theme dark light contrast",
    "help manual guide tour",
    "quit exit close leave",
    "find search look lookup",
)
"""Words of one group stand for each other."""


def _related() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in _GROUPS:
        words = {engine_search.fold_to_letters(word) for word in group.split()}
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(others) for word, others in found.items()}


_RELATED = _related()


def other_words(words: Iterable[str]) -> list[str]:
    """Return the words that stand for any of the given ones, once each and without these."""
    given = list(words)
    found = dict.fromkeys(other for word in given for other in sorted(_RELATED.get(word, ())))
    return [word for word in found if word not in given]


_NOISE = frozenset({"a", "an", "the", "of", "to", "for", "on", "in", "my", "somebody", "someone", "please", "how", "i"})
"""Words that say nothing about which command is meant."""
OWN, OTHER, OTHER_BEGUN, EXPLAINED = 0, 1, 2, 4
"""The costs of a typed piece: a word of the title; another word for one, or its beginning; the beginning of such
a word; a word of the meaning."""


class CommandWords:
    """The words by which a command is found: those of its title, what else people call it, and its meaning's."""

    __slots__ = ("explained", "others", "own")

    def __init__(self, title: str, meaning: str) -> None:
        self.own = engine_search.searchable_words([title])
        self.others = other_words(self.own)
        self.explained = engine_search.searchable_words([meaning])

    def cost(self, pieces: Sequence[str]) -> int | None:
        """Return how far the command is from the typed pieces, 0 for its own words; None where one does not fit."""
        costs = [self._cost(piece) for piece in pieces]
        return None if None in costs else sum(cost for cost in costs if cost is not None)

    def near_cost(self, pieces: Sequence[str]) -> int | None:
        """Return the cost with misspelt pieces, for texts that fit no command."""
        costs = [self._cost(piece) or self._near_cost(piece) for piece in pieces]
        return None if None in costs else sum(cost for cost in costs if cost is not None)

    def is_named_by(self, pieces: Sequence[str]) -> bool:
        """Return whether every piece is a whole word of the title or another word for one of them."""
        return bool(pieces) and all(piece in self.own or piece in self.others for piece in pieces)

    def _cost(self, piece: str) -> int | None:
        if piece in self.own:
            return OWN
        if piece in self.others or any(word.startswith(piece) for word in self.own):
            return OTHER
        if any(word.startswith(piece) for word in self.others):
            return OTHER_BEGUN
        return EXPLAINED if any(word.startswith(piece) for word in self.explained) else None

    def _near_cost(self, piece: str) -> int | None:
        for further, words in enumerate((self.own, self.others)):
            if near := spelling.nearest_words(piece, words, 1):
                return EXPLAINED + near[0][1] + further
        return None


def telling_pieces(text: str) -> list[str]:
    """Return the typed pieces without those that say nothing about a command, or all where nothing else is left."""
    pieces = engine_search.split_fragments(text)
    return [piece for piece in pieces if piece not in _NOISE] or pieces


def split_command(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield every way in which a text is a command's pieces and what it is about; the command is first or last."""
    words = text.split()
    for place in range(1, len(words)):
        yield telling_pieces(" ".join(words[:place])), " ".join(words[place:])
    for place in range(len(words) - 1, 0, -1):
        yield telling_pieces(" ".join(words[place:])), " ".join(words[:place])
