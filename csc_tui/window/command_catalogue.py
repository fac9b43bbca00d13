"""Everything that can be done in any screen, and every place, for the finder and the palette: found by any name."""

from dataclasses import dataclass
from enum import StrEnum

from csc_tui.base.text import status_label
from csc_tui.core.admin.policy import MEANINGS
from csc_tui.window.shared.data_screen import MODES


class CommandScope(StrEnum):
    """The thing a command is about, which has to be known before it can be done."""

    PLACE = "mode"
    EVENT = "event"
    REGISTER = "register"
    EVALUATION = "evaluation"
    PERSON = "person"
    BOOKING = "booking"
    GROUP = "group"
    COURSE = "course"


@dataclass(frozen=True, slots=True)
class CatalogueCommand:
    """A command of one screen; `key` is the id of its key, where it has one of its own.

    `mode` is the screen to go to for a command that is about nothing else; an `action` is the screen's own, or with
    `edit:` one of the changes of an event; without one the screen is only opened. `detail` is what the screen is to
    show: a report, or a key of the policy.
    """

    key: str
    title: str
    meaning: str
    scope: CommandScope
    action: str = ""
    mode: str = ""
    detail: str = ""


def _go(key: str, title: str, meaning: str, mode: str, action: str = "", detail: str = "") -> CatalogueCommand:
    return CatalogueCommand(key, title, meaning, CommandScope.PLACE, action, mode, detail)


_EVENT = CommandScope.EVENT
_REGISTER = CommandScope.REGISTER
_PERSON = CommandScope.PERSON
_BOOKING = CommandScope.BOOKING
_GROUP = CommandScope.GROUP
_COURSE = CommandScope.COURSE
_REPORTS = (
    ("headline", "Headline figures", "People developed, places and completions of a year"),
    ("years", "Year by year", "The headline figures of every year side by side"),
    ("attendance", "Attendance", "Who came and who did not, by course"),
    ("waiting", "Waiting lists", "Who waits, for what and since when"),
    ("organisations", "Organisations", "Who sends how many people"),
    ("evaluation", "Evaluation scores", "What people thought, by course, event, facilitator or year"),
    ("modules", "Modules", "Which modules are still missing"),
    ("compliance", "Teams' progress", "How far each team is with the courses it needs"),
    ("invite-next", "Who to invite next", "People a course is meant for who have not had it"),
    ("hours", "CPD hours", "Hours of learning by person"),
    ("facilitators", "Facilitators", "Who leads how much"),
    ("venues", "Use of venues", "Sessions and hours at each venue"),
)
COMMANDS: tuple[CatalogueCommand, ...] = (
    # One place on an event
    CatalogueCommand("place.cancel", "Cancel a place", "Cancel a person's place", _BOOKING, "cancel_place"),
    CatalogueCommand("place.transfer", "Transfer a place", "Move a person to another event", _BOOKING, "transfer"),
    CatalogueCommand("place.substitute", "Substitute", "Give a place to someone else", _BOOKING, "substitute"),
    CatalogueCommand("place.agree", "Approve or accept", "Approve a request, or accept an offer", _BOOKING, "agree"),
    CatalogueCommand("place.decline", "Decline", "Decline a request or an offered place", _BOOKING, "decline"),
    CatalogueCommand("event.reorder", "Waiting list order", "Move a person on the waiting list", _EVENT, "reorder"),
    CatalogueCommand("event.why", "Why waiting", "Why a person on the waiting list has no place yet", _EVENT, "why"),
    CatalogueCommand("person.reply", "Note a reply", "Record a person's reply to their invitations", _PERSON, "reply"),
    CatalogueCommand("person.certificate", "Certificate of a person", "Write a person's certificate for a course",
                     _BOOKING, "certificate"),
    # Events
    CatalogueCommand("event.book", "Book on an event", "Book a person on an event", _EVENT, "book"),
    CatalogueCommand("event.book_list", "Paste a list of people", "Book everyone on it", _EVENT, "book_list"),
    CatalogueCommand("event.book_group", "Book a whole group or team", "Everyone in it, on one event", _EVENT,
                     "book_group"),
    CatalogueCommand("event.invite", "Invitations of an event", "Which are due, and write them", _EVENT, "invite"),
    CatalogueCommand("event.clashes", "Clashes of an event", "What takes place at the same time", _EVENT, "clashes"),
    CatalogueCommand("event.history", "History of an event", "Who did what to it", _EVENT, "history"),
    CatalogueCommand("event.copy", "Copy e-mails of an event", "Of everyone with a place", _EVENT, "copy"),
    CatalogueCommand("event.change", "Change an event", "Dates, venue, places, state and more", _EVENT, "change"),
    CatalogueCommand("edit.move", "Move a session", "Another date or other times", _EVENT, "edit:ask_session_move"),
    CatalogueCommand("edit.venue", "Venue of an event", "Its venue and room", _EVENT, "edit:ask_event_venue"),
    CatalogueCommand("edit.leaders", "Facilitators of an event", "Who leads its sessions", _EVENT,
                     "edit:ask_event_leaders"),
    CatalogueCommand("edit.instructions", "Joining instructions", "How to get there and what to bring", _EVENT,
                     "edit:ask_instructions"),
    CatalogueCommand("edit.places", "Number of places", "How many people an event takes", _EVENT,
                     "edit:ask_event_capacity"),
    CatalogueCommand("edit.minimum", "Minimum number", "How many an event needs, and by when", _EVENT,
                     "edit:ask_event_minimum"),
    CatalogueCommand("edit.state", "State of an event", "Open, confirm, deliver or close it", _EVENT,
                     "edit:ask_event_state"),
    CatalogueCommand("edit.cancel", "Cancel an event", "Cancel it, with all its places", _EVENT,
                     "edit:ask_event_cancellation"),
    CatalogueCommand("edit.merge", "Merge events", "Move everyone to another event of the course", _EVENT,
                     "edit:ask_event_merge"),
    CatalogueCommand("edit.copy", "Copy an event", "The same event again, or a series of them", _EVENT,
                     "edit:ask_event_copies"),
    CatalogueCommand("edit.overflow", "Overflow event", "Another event for the people waiting", _EVENT,
                     "edit:ask_overflow_event"),
    _go("calendar.new", "New event", "Plan an event", "calendar", "new"),
    _go("events.import", "Import a programme", "Import events and sessions from a file", "events", "import"),
    _go("events.order", "Sort events", "By the next column, such as date, places or state", "events", "order"),
    _go("calendar.week", "Week by rooms", "What is on where this week", "calendar", "view('week')"),
    _go("calendar.turn", "Year view", "The whole year on one page", "calendar", "view('year')"),
    _go("calendar.holidays", "Bank holidays", "They stand in the calendar; here the whole year", "calendar",
        "view('year')"),
    _go("calendar.agenda", "List of sessions", "The calendar as a list", "calendar", "view('agenda')"),
    _go("calendar.feed", "Calendar feed", "Write a calendar that others subscribe to", "calendar", "feed"),
    _go("today.act", "Needs action", "What has to be decided today", "today"),
    # Registers and evaluation
    CatalogueCommand("event.register", "Register", "Who was there: mark them, session by session", _REGISTER),
    CatalogueCommand("register.rest", "Mark the rest present", "Everyone who has no mark yet", _REGISTER, "rest"),
    CatalogueCommand("register.sign_off", "Sign off a register", "It is complete and right", _REGISTER, "sign_off"),
    CatalogueCommand("register.walk_in", "Walk-in", "Book a walk-in", _REGISTER, "walk_in"),
    CatalogueCommand("register.sheet", "Sign-in sheet", "Write the sheet to print or fill in", _REGISTER, "sheet"),
    CatalogueCommand("register.certificates", "Certificates of an event", "For everyone who completed the course",
                     _REGISTER, "certificates"),
    CatalogueCommand("evaluation.type_in", "Type in evaluation forms", "Forms that came on paper",
                     CommandScope.EVALUATION, "type_in"),
    _go("evaluation.questions", "Evaluation questions", "What a course asks: add, reword or remove", "evaluation",
        "questions"),
    # People
    CatalogueCommand("person.book", "Book a person", "Choose the event for a person", _PERSON, "book"),
    CatalogueCommand("person.make_up", "Make up a module", "In another event, after it was missed", _PERSON, "make_up"),
    CatalogueCommand("person.change", "Change a person", "Name, e-mail, team and the rest", _PERSON, "change"),
    CatalogueCommand("person.leave", "Person left or is back", "Their places are cancelled when they leave", _PERSON,
                     "leave"),
    CatalogueCommand("person.copy", "Copy a person's e-mail", "To the clipboard", _PERSON, "copy"),
    CatalogueCommand("person.feed", "Feed of a person", "Their own calendar, to subscribe to", _PERSON, "feed"),
    CatalogueCommand("person.earlier", "Add earlier learning", "What someone learnt before or elsewhere", _PERSON,
                     "menu:Add earlier learning"),
    CatalogueCommand("person.merge", "Merge people", "Two records of one person into one", _PERSON,
                     "menu:Merge with another record"),
    CatalogueCommand("person.disclose", "Disclose", "Everything held about a person, in one file", _PERSON,
                     "menu:Disclose"),
    CatalogueCommand("person.erase", "Erase a person", "Permanently; only figures are kept", _PERSON, "menu:Erase"),
    _go("people.add", "New person", "Add a person", "people", "add"),
    _go("people.import", "Import people", "Import an HR extract from a file", "people", "import"),
    # Groups, courses, venues
    CatalogueCommand("group.add", "Add to a group", "Add members by name", _GROUP, "add"),
    CatalogueCommand("group.paste", "Paste a list into a group", "Add everyone on a pasted list", _GROUP, "paste"),
    CatalogueCommand("group.meet", "Meetings of a group", "Plan meetings with everyone booked", _GROUP, "meet"),
    CatalogueCommand("group.book", "Book a group", "The whole group on an event", _GROUP, "book"),
    CatalogueCommand("group.attendance", "Attendance of a group", "Who was at which meeting", _GROUP, "grid"),
    CatalogueCommand("group.change", "Change a group", "Name, kind, course and description", _GROUP, "change"),
    _go("groups.new", "New group", "Make a group or action learning set", "groups", "new"),
    _go("groups.commitments", "Commitments", "What is open or overdue in all groups", "groups", "owed"),
    CatalogueCommand("course.add", "Add a module, link or document", "To a course", _COURSE, "add"),
    CatalogueCommand("course.change", "Change a course", "Texts, places, strand, rules; archive it", _COURSE, "change"),
    _go("courses.new", "New course", "Add a course", "courses", "new_course"),
    _go("courses.strands", "Strands", "Add, rename or archive a strand", "courses", "menu:Strands"),
    _go("courses.archived", "Archived courses", "Show or hide them", "courses", "archived"),
    # Messages
    _go("outbox.send", "Send messages", "Everything due, by the mail server", "outbox", "send"),
    _go("outbox.write", "Write messages to a folder", "A file for each", "outbox", "write"),
    _go("outbox.made", "Sent messages", "What was sent or written", "outbox", "made"),
    # Reports
    *(_go(f"report.{name}", f"Report: {title}", meaning, "reports", detail=name) for name, title, meaning in _REPORTS),
    _go("reports.write", "Save or print a report", "As a table, or as a page for a director", "reports"),
    # Settings
    _go("settings.backup", "Backup", "Write a verified copy of the database", "settings", "backup"),
    _go("settings.check", "Check the database", "Whether it is sound", "settings", "check"),
    _go("settings.role", "Give a role", "Who may do what", "settings", "give_role"),
    *(
        _go(f"policy.{key}", f"Setting: {status_label(key)}", meaning, "settings", detail=key)
        for key, meaning in MEANINGS.items()
    ),
    _go("history.person", "History of everything", "Who did what, when and why", "history"),
    *(_go(f"app.{mode.name}", mode.title, mode.meaning, mode.name) for mode in MODES),
)  # fmt: skip
