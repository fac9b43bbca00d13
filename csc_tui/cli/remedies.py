"""How the command line words what can be done about a refusal: with its commands and options."""

from collections.abc import Mapping

from db.errors import CscError
from db.records.remedies import Remark, RemedyKind

SHELL_REMEDIES: Mapping[str, str] = {
    RemedyKind.OVERRIDE_RULE: "To book anyway, give a reason: --override REASON.",
    RemedyKind.OVERRIDE_CAPACITY: "Cancel places first, or give a reason: --override REASON.",
    RemedyKind.OVERRIDE_SLOT: "Choose another time or place, or give a reason: --override REASON.",
    RemedyKind.OVERRIDE_REGISTER: "If that date was wrong, give a reason: --override REASON.",
    RemedyKind.OVERRIDE_LEAVING: "csc people back {person} brings them back. To book them anyway, give a reason: "
    "--override REASON.",
    RemedyKind.GIVE_OVERRIDE: "Give one: --override REASON.",
    RemedyKind.GIVE_REASON: "Give one: --reason TEXT.",
    RemedyKind.LIST_EVENTS: "csc free --all lists the events to come.",
    RemedyKind.LIST_BOOKABLE_EVENTS: "csc free lists the events that can be booked.",
    RemedyKind.LIST_SESSIONS: "csc event {event} lists its sessions.",
    RemedyKind.LIST_VENUES: "csc venue list shows them.",
    RemedyKind.LIST_RESOURCES: "csc resource list shows their numbers.",
    RemedyKind.LIST_COMMITMENTS: "csc group commitments shows their numbers.",
    RemedyKind.LIST_MESSAGES: "csc outbox list shows messages that are due, and --made those written or sent.",
    RemedyKind.LIST_TEAMS: "csc report compliance lists them.",
    RemedyKind.FIND_PEOPLE: "csc who finds people by parts of a name, e-mail or team.",
    RemedyKind.SHOW_REGISTER: "csc register {event} shows them.",
    RemedyKind.SHOW_TEAM: "To see the people of one team: --team NAME.",
    RemedyKind.OPEN_EVENT: "To open it: csc schedule state {event} open.",
    RemedyKind.CANCEL_EVENT: "Give one: csc schedule cancel {event} --reason TEXT.",
    RemedyKind.CHANGE_EVENT_STATE: "csc schedule state {event} changes it.",
    RemedyKind.CALL_OFF_EVENT: "csc schedule cancel {event} changes it.",
    RemedyKind.FILL_PLACES: "To do it now: csc schedule capacity {event} {capacity}.",
    RemedyKind.REQUEST_PLACE: "To ask for it: csc enrol {event} {person}.",
    RemedyKind.ACCEPT_OFFER: "csc accept {event} '{person}' books it.",
    RemedyKind.PROCESS_OFFERS: "csc sweep passes the place to the next person. To book this person again: csc enrol.",
    RemedyKind.BOOK_WALK_IN: "For a walk-in add --walk-in, which books them first.",
    RemedyKind.END_OTHER_WAITING: "--waiting-elsewhere remove takes them off other waiting lists of the course.",
    RemedyKind.MARK_REST: "csc mark {event} {session} --rest present marks everyone else.",
    RemedyKind.ADD_PERSON: "To add a new person: csc people add.",
    RemedyKind.BRING_BACK: "csc people back {person} brings them back.",
    RemedyKind.RECORD_LEAVING: "First record that they have left, which cancels their places: csc people leave "
    "{person}; or cancel each place.",
    RemedyKind.MAKE_ADMINISTRATOR: "Make someone else an administrator first: csc admin roles set NAME administrator.",
    RemedyKind.GIVE_ROLE: "An administrator can do it, or give the role: csc admin roles set NAME ROLE.",
    RemedyKind.SAY_NEW_NAME: "Use that name, or add --new if '{typed}' is another one.",
    RemedyKind.DID_YOU_MEAN: "Did you mean {options}?",
    RemedyKind.NAME_SESSION: "To change one of them, give its number: --session N.",
    RemedyKind.NAME_WEEKS: "Give the number of weeks with --every-weeks, and no reference.",
    RemedyKind.NAME_REFERENCE: "Choose another with --reference.",
    RemedyKind.NAME_OWNER: "Use --course or --strand.",
    RemedyKind.NAME_CHANGE: "Use --title, --address or --edition.",
    RemedyKind.NAME_GROUP_COURSE: "Choose one: csc group change '{group}' --course CODE.",
    RemedyKind.NAME_SHEET: "Choose one: --sheet NAME.",
    RemedyKind.LEAVE_OUT_SHEET: "Leave out --sheet.",
    RemedyKind.MAP_COLUMNS: "To say what a column contains: --map 'COLUMN=FIELD'.",
    RemedyKind.IGNORE_COLUMN: "To leave one out: --map '{column}=ignore'.",
    RemedyKind.MAP_NEEDED_FIELD: "Say which column it is: --map 'COLUMN={field}'.",
    RemedyKind.CORRECT_MAPPING: "Correct --map.",
    RemedyKind.ACCEPT_ADDRESSES: "--accept-new-addresses takes the new ones and keeps the old ones as former.",
    RemedyKind.ADD_NAMESAKES: "--add-namesakes adds them as other people; --accept-new-addresses accepts a new address "
    "if only its domain is different.",
    RemedyKind.IMPORT_AS: "Import it so: csc import {subject} FILE.",
    RemedyKind.FORGET_COLUMN: "To forget that: --map '{column}=forget'.",
    RemedyKind.LEAVE_OUT_COLUMN: "To leave it out here, too: --map '{column}=ignore'.",
    RemedyKind.NAME_EVENT: "Give it for the whole file: --event REFERENCE, and --session N for marks; or say which "
    "column it is: --map 'COLUMN={field}'.",
    RemedyKind.SAY_CROSS: "Say what it means: --cross present, --cross absent or --cross none.",
    RemedyKind.SAY_COURSE: "Say which one it is: --map '{course}=CODE', or =ignore to leave it out.",
    RemedyKind.BOOK_WALK_INS: "--book-walk-ins books and marks them.",
    RemedyKind.CHANGE_SCALE: "--scale '{column}=5-1' changes it.",
    RemedyKind.SAY_SCALE: "Choose --scale 1-5 or --scale 5-1 (least agreement first); for one "
    "column --scale 'COLUMN=1-5'. Remembered.",
    RemedyKind.LIST_ABSENT: "--absent FILE lists them for you to decide.",
    RemedyKind.CORRECT_MOMENT: "--today takes a date such as 2017-06-12 or 2017-06-12T14:30.",
    RemedyKind.IMPORT_GOOD_ROWS: "Correct the rows listed, or leave out --strict to import the others.",
    RemedyKind.REPLACE_FILE: "Add --replace, or choose another name.",
    RemedyKind.SEND_AGAIN: "To send it anyway: csc outbox send --again {message}.",
    RemedyKind.SEND_REFUSED: "If the server was wrong, try them all again: csc outbox send --refused.",
    RemedyKind.SEND_LATER: "The next csc outbox send tries again.",
    RemedyKind.SEND_UNKNOWN: "csc outbox list --state unknown lists them; csc outbox send --again ID sends one again.",
    RemedyKind.WRITE_MESSAGES: "To write the messages to a folder instead: csc outbox write --to DIR.",
    RemedyKind.MAKE_CALENDAR: "Check the address, or add --make to create it.",
    RemedyKind.MAKE_DATABASE: "To create one: csc --db {location} admin init. To look around first: csc demo.",
    RemedyKind.MAKE_PROGRAMME: "To create one: csc admin init.",
    RemedyKind.CHECK_LOCATION: "Check the path given with --db or CSC_DB. If it is your database but damaged, rename "
    "it and restore the last backup.",
    RemedyKind.RESTORE_BACKUP: "Restore the last backup: csc --db {location} admin restore BACKUP.",
    RemedyKind.RESTORE_GOOD_BACKUP: "Restore the last good backup; this file is kept next to it: csc admin "
    "restore BACKUP.",
    RemedyKind.REPORT_FAULT: "Make a backup, then report this, or restore the last good backup: csc admin restore "
    "BACKUP.",
    RemedyKind.UPGRADE_DATABASE: "Bring it up to date ({first}): csc --db {location} admin upgrade.",
    RemedyKind.REINDEX_PEOPLE: "csc admin upgrade repairs it.",
    RemedyKind.MERGE_PEOPLE: "If they are the same person: csc people merge '{person}' '{other}' --dry-run.",
    RemedyKind.RENAME_VENUE: "csc venue change '{venue}' --name OTHER gives one a different name.",
    RemedyKind.PART_ANSWERS: "To separate them: csc admin policy set anonymous_evaluations yes.",
    RemedyKind.KEEP_NEEDS_FOR: "To change that: csc admin policy set needs_days 90.",
    RemedyKind.MAKE_BACKUP: "To make a backup: csc admin backup FILE.",
    RemedyKind.IMPORT_PROGRAMME: "Import a programme first: csc import programme FILE.",
    RemedyKind.IMPORT_PEOPLE: "Import people first: csc import people FILE.",
}
"""The template of each remedy; its fields are the remedy's facts."""


def word_for_shell(told: CscError | Remark) -> str:
    """Return a refusal or remark as the shell prints it: the sentence, then the commands and options that help."""
    return told.worded(SHELL_REMEDIES)
