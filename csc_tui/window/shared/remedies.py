"""How the window words what can be done about a refusal: with its keys, fields and screens."""

from collections.abc import Mapping

from db.errors import CscError
from db.records.remedies import Remark, RemedyKind

WINDOW_REMEDIES: Mapping[str, str] = {
    RemedyKind.OVERRIDE_RULE: "To book all the same, give a reason.",
    RemedyKind.OVERRIDE_CAPACITY: "Cancel places first, or give a reason.",
    RemedyKind.OVERRIDE_SLOT: "Choose another time or place, or give a reason.",
    RemedyKind.OVERRIDE_REGISTER: "Where that date was wrong, give a reason.",
    RemedyKind.OVERRIDE_LEAVING: "To bring them back, press l on their screen; to book all the same, give a reason.",
    RemedyKind.GIVE_OVERRIDE: "Give one.",
    RemedyKind.GIVE_REASON: "Give one.",
    RemedyKind.LIST_EVENTS: "Events (3) lists them all.",
    RemedyKind.LIST_BOOKABLE_EVENTS: "Events (3) shows which can be.",
    RemedyKind.LIST_SESSIONS: "The screen of {event} lists its sessions.",
    RemedyKind.LIST_VENUES: "Venues, among the commands (ctrl+p), shows them.",
    RemedyKind.LIST_RESOURCES: "The screen of its course lists what there is.",
    RemedyKind.LIST_COMMITMENTS: "Press K in Groups (6) to list them.",
    RemedyKind.LIST_MESSAGES: "v in the Outbox (8) switches between what is due and what has been sent.",
    RemedyKind.LIST_TEAMS: "The report Compliance (9) lists them.",
    RemedyKind.FIND_PEOPLE: "People (4) finds them by parts of a name, e-mail or team.",
    RemedyKind.SHOW_REGISTER: "r on the screen of {event} shows them.",
    RemedyKind.SHOW_TEAM: "Enter shows one team, person by person.",
    RemedyKind.OPEN_EVENT: "To open it, press e on its screen, then s.",
    RemedyKind.CANCEL_EVENT: "To cancel it, press e on its screen, then x.",
    RemedyKind.CHANGE_EVENT_STATE: "To change it, press e on its screen, then s.",
    RemedyKind.CALL_OFF_EVENT: "To cancel it, press e on its screen, then x.",
    RemedyKind.FILL_PLACES: "To do it now, press e, then p, and keep the {capacity}.",
    RemedyKind.REQUEST_PLACE: "To ask for it, press b on the screen of {event}.",
    RemedyKind.ACCEPT_OFFER: "Press A to book it.",
    RemedyKind.PROCESS_OFFERS: "Sweep, among the commands (ctrl+p), gives the place to the next person; b books again.",
    RemedyKind.BOOK_WALK_IN: "b in the register of {event} books a walk-in.",
    RemedyKind.MARK_REST: "r marks all who are left present.",
    RemedyKind.ADD_PERSON: "To add a new person, press a in People (4).",
    RemedyKind.BRING_BACK: "To bring them back, press l on their screen.",
    RemedyKind.RECORD_LEAVING: "First say that they left, which gives up their places: l on their screen.",
    RemedyKind.MAKE_ADMINISTRATOR: "Make somebody else one first: a in Settings (,).",
    RemedyKind.GIVE_ROLE: "An administrator can do it, or give the role: a in Settings (,).",
    RemedyKind.DID_YOU_MEAN: "Did you mean {options}?",
    RemedyKind.NAME_SESSION: "One of them is changed by its number, in the field Session.",
    RemedyKind.NAME_WEEKS: "Say how many weeks, and no reference.",
    RemedyKind.NAME_REFERENCE: "Choose another.",
    RemedyKind.NAME_OWNER: "Choose one of them.",
    RemedyKind.NAME_CHANGE: "It can be the title, the address or the edition.",
    RemedyKind.NAME_GROUP_COURSE: "To say which, press e on the group's screen: the field Course.",
    RemedyKind.NAME_SHEET: "Say which one in the field Sheet.",
    RemedyKind.LEAVE_OUT_SHEET: "Leave the field Sheet empty.",
    RemedyKind.MAP_COLUMNS: "Press V to say what a column holds.",
    RemedyKind.IGNORE_COLUMN: "Put 'ignore' in the field of the one that is not.",
    RemedyKind.MAP_NEEDED_FIELD: "Put '{field}' in the field of the column that it is.",
    RemedyKind.CORRECT_MAPPING: "Choose the columns anew.",
    RemedyKind.ACCEPT_ADDRESSES: "Press A to answer for the whole file.",
    RemedyKind.ADD_NAMESAKES: "Press A to answer for the whole file.",
    RemedyKind.LIST_ABSENT: "a writes the list to a file.",
    RemedyKind.CORRECT_MOMENT: "Close the window (q) and open it with one such as 2017-06-12.",
    RemedyKind.IMPORT_GOOD_ROWS: "Mend what is listed, and import the file again.",
    RemedyKind.REPLACE_FILE: "Name another.",
    RemedyKind.SEND_AGAIN: "To send it anyway, press M.",
    RemedyKind.SEND_REFUSED: "If the server was wrong, press M to send a message again.",
    RemedyKind.SEND_LATER: "Press M to try again.",
    RemedyKind.SEND_UNKNOWN: "Press v to see what has been sent, and M to send one again.",
    RemedyKind.WRITE_MESSAGES: "Without one, press i to write the messages into a folder.",
    RemedyKind.MAKE_CALENDAR: "Check the address.",
    RemedyKind.MAKE_DATABASE: "Close the window (q) and see where the file is.",
    RemedyKind.MAKE_PROGRAMME: "Close the window (q) and have one made.",
    RemedyKind.CHECK_LOCATION: "Close the window (q) and check its path. If it was one and its beginning is lost, "
    "rename it and have the last backup restored.",
    RemedyKind.RESTORE_BACKUP: "Close the window (q) and have the last backup of it restored.",
    RemedyKind.RESTORE_GOOD_BACKUP: "Close the window (q) and have the last good backup restored, which keeps this "
    "file beside it.",
    RemedyKind.REPORT_FAULT: "Make a backup (B), then report this, or have the last good backup restored.",
    RemedyKind.UPGRADE_DATABASE: "Close the window (q) and have it brought up to date ({first}).",
    RemedyKind.REINDEX_PEOPLE: "Bringing the database up to date mends it.",
    RemedyKind.RENAME_VENUE: "Another name for {venue} tells them apart: Venues, among the commands (ctrl+p).",
    RemedyKind.PART_ANSWERS: "Saying yes to anonymous_evaluations anew parts them: enter on it in Settings (,).",
    RemedyKind.KEEP_NEEDS_FOR: "To change that, press enter on needs_days in Settings (,).",
    RemedyKind.MAKE_BACKUP: "To make a backup, press B in Settings (,).",
    RemedyKind.IMPORT_PROGRAMME: "Bring a programme in first: I in Events (3).",
    RemedyKind.IMPORT_PEOPLE: "Bring people in first: I in People (4).",
}
"""The template of each remedy; its fields are the remedy's facts."""


def word_for_window(told: CscError | Remark) -> str:
    """Return a refusal or remark as the window shows it: the sentence, then the keys and fields that help."""
    return told.worded(WINDOW_REMEDIES)
