"""How the command line words what can be done about a refusal: with its commands and options."""

from collections.abc import Mapping

from db.errors import CscError
from db.records.remedies import Remark, RemedyKind

SHELL_REMEDIES: Mapping[str, str] = {
    RemedyKind.OVERRIDE_RULE: "To book all the same, give a reason: --override REASON.",
    RemedyKind.OVERRIDE_CAPACITY: "Cancel places first, or give a reason: --override REASON.",
    RemedyKind.OVERRIDE_SLOT: "Choose another time or place, or give a reason: --override REASON.",
    RemedyKind.OVERRIDE_REGISTER: "Where that date was wrong, give a reason: --override REASON.",
    RemedyKind.OVERRIDE_LEAVING: "csc people back {person} brings them back; to book all the same, give a reason: "
    "--override REASON.",
    RemedyKind.GIVE_OVERRIDE: "Give one: --override REASON.",
    RemedyKind.GIVE_REASON: "Give one: --reason TEXT.",
    RemedyKind.LIST_EVENTS: "csc free --all lists the events to come.",
    RemedyKind.LIST_BOOKABLE_EVENTS: "csc free lists the events that can be.",
    RemedyKind.LIST_SESSIONS: "csc event {event} lists its sessions.",
    RemedyKind.LIST_VENUES: "csc venue list shows them.",
    RemedyKind.LIST_RESOURCES: "csc resource list shows their numbers.",
    RemedyKind.LIST_COMMITMENTS: "csc group commitments shows their numbers.",
    RemedyKind.LIST_MESSAGES: "csc outbox list shows what is, and --made what was written or sent.",
    RemedyKind.LIST_TEAMS: "csc report compliance lists them.",
    RemedyKind.FIND_PEOPLE: "csc who finds people by parts of a name, e-mail or team.",
    RemedyKind.SHOW_REGISTER: "csc register {event} shows them.",
    RemedyKind.SHOW_TEAM: "One team, person by person: --team NAME.",
    RemedyKind.OPEN_EVENT: "To open it: csc schedule state {event} open.",
    RemedyKind.CANCEL_EVENT: "Give one: csc schedule cancel {event} --reason TEXT.",
    RemedyKind.CHANGE_EVENT_STATE: "csc schedule state {event} changes it.",
    RemedyKind.CALL_OFF_EVENT: "csc schedule cancel {event} changes it.",
    RemedyKind.FILL_PLACES: "To do it now: csc schedule capacity {event} {capacity}.",
    RemedyKind.REQUEST_PLACE: "To ask for it: csc enrol {event} {person}.",
    RemedyKind.ACCEPT_OFFER: "csc accept {event} '{person}' books it.",
    RemedyKind.PROCESS_OFFERS: "csc sweep gives the place to the next person; enrol books again.",
    RemedyKind.BOOK_WALK_IN: "For a walk-in add --walk-in, which books them first.",
    RemedyKind.END_OTHER_WAITING: "--waiting-elsewhere remove takes them off other waiting lists of the course.",
    RemedyKind.MARK_REST: "csc mark {event} {session} --rest present marks all who are left.",
    RemedyKind.ADD_PERSON: "Whoever comes anew is added as somebody new: csc people add.",
    RemedyKind.BRING_BACK: "csc people back {person} brings them back.",
    RemedyKind.RECORD_LEAVING: "First say that they left, which gives up their places: csc people leave {person}; or "
    "cancel each.",
    RemedyKind.MAKE_ADMINISTRATOR: "Make somebody else one first: csc admin roles set NAME administrator.",
    RemedyKind.GIVE_ROLE: "An administrator can do it, or give the role: csc admin roles set NAME ROLE.",
    RemedyKind.SAY_NEW_NAME: "Use that name, or add --new if '{typed}' is another one.",
    RemedyKind.DID_YOU_MEAN: "Did you mean {options}?",
    RemedyKind.NAME_SESSION: "One of them is changed by its number: --session N.",
    RemedyKind.NAME_WEEKS: "Say how many weeks with --every-weeks, and no reference.",
    RemedyKind.NAME_REFERENCE: "Choose another with --reference.",
    RemedyKind.NAME_OWNER: "Say --course or --strand.",
    RemedyKind.NAME_CHANGE: "It can be --title, --address or --edition.",
    RemedyKind.NAME_GROUP_COURSE: "Say which: csc group change '{group}' --course CODE.",
    RemedyKind.NAME_SHEET: "Say which one: --sheet NAME.",
    RemedyKind.LEAVE_OUT_SHEET: "Leave out --sheet.",
    RemedyKind.MAP_COLUMNS: "--map 'COLUMN=FIELD' says what a column holds.",
    RemedyKind.IGNORE_COLUMN: "Say which is not: --map '{column}=ignore'.",
    RemedyKind.MAP_NEEDED_FIELD: "Say which column it is: --map 'COLUMN={field}'.",
    RemedyKind.CORRECT_MAPPING: "Mend --map.",
    RemedyKind.ACCEPT_ADDRESSES: "--accept-new-addresses takes the new ones and keeps the old ones as former.",
    RemedyKind.ADD_NAMESAKES: "--add-namesakes adds them as other people; --accept-new-addresses takes the new "
    "address of somebody where only its domain differs.",
    RemedyKind.IMPORT_AS: "Import it so: csc import {subject} FILE.",
    RemedyKind.FORGET_COLUMN: "To forget that: --map '{column}=forget'.",
    RemedyKind.LEAVE_OUT_COLUMN: "To leave it out here, too: --map '{column}=ignore'.",
    RemedyKind.NAME_EVENT: "Name it for the whole file: --event REFERENCE, and --session N for marks; or say which "
    "column it is: --map 'COLUMN={field}'.",
    RemedyKind.SAY_CROSS: "Say what it means: --cross present, --cross absent or --cross none.",
    RemedyKind.BOOK_WALK_INS: "--book-walk-ins books and marks them.",
    RemedyKind.CHANGE_SCALE: "--scale '{column}=5-1' changes it.",
    RemedyKind.SAY_SCALE: "Say which: --scale 1-5 or --scale 5-1, the number of who agrees least first; for one "
    "column --scale 'COLUMN=1-5'. Remembered.",
    RemedyKind.LIST_ABSENT: "--absent FILE lists them, to be decided.",
    RemedyKind.CORRECT_MOMENT: "--today takes a date such as 2017-06-12 or 2017-06-12T14:30.",
    RemedyKind.IMPORT_GOOD_ROWS: "Mend what is listed, or leave out --strict and the others go in.",
    RemedyKind.REPLACE_FILE: "Add --replace, or name another.",
    RemedyKind.SEND_AGAIN: "To send it all the same: csc outbox send --again {message}.",
    RemedyKind.SEND_REFUSED: "Should the server have been mistaken, csc outbox send --refused offers all of them "
    "again.",
    RemedyKind.SEND_LATER: "The next csc outbox send tries again.",
    RemedyKind.SEND_UNKNOWN: "csc outbox list --state unknown lists what is meant, csc outbox send --again ID sends "
    "one again.",
    RemedyKind.WRITE_MESSAGES: "Without one: csc outbox write --to DIR.",
    RemedyKind.MAKE_CALENDAR: "Check the address, or add --make to have it made there.",
    RemedyKind.MAKE_DATABASE: "To make one: csc --db {location} admin init. To look around first: csc demo.",
    RemedyKind.MAKE_PROGRAMME: "csc admin init makes one.",
    RemedyKind.CHECK_LOCATION: "Check the path given with --db or CSC_DB. If it was one and its beginning is lost, "
    "rename it and restore the last backup.",
    RemedyKind.RESTORE_BACKUP: "Bring back the last backup: csc --db {location} admin restore BACKUP.",
    RemedyKind.RESTORE_GOOD_BACKUP: "Bring back the last good backup, which keeps this file beside it: csc admin "
    "restore BACKUP.",
    RemedyKind.REPORT_FAULT: "Make a backup, then report this, or bring back the last good backup: csc admin restore "
    "BACKUP.",
    RemedyKind.UPGRADE_DATABASE: "Bring it up to date ({first}): csc --db {location} admin upgrade.",
    RemedyKind.REINDEX_PEOPLE: "csc admin upgrade mends it.",
    RemedyKind.MERGE_PEOPLE: "If they are: csc people merge '{person}' '{other}' --dry-run.",
    RemedyKind.RENAME_VENUE: "csc venue change '{venue}' --name OTHER tells them apart.",
    RemedyKind.PART_ANSWERS: "csc admin policy set anonymous_evaluations yes parts them.",
    RemedyKind.KEEP_NEEDS_FOR: "To change that: csc admin policy set needs_days 90.",
    RemedyKind.MAKE_BACKUP: "To make a backup: csc admin backup FILE.",
    RemedyKind.IMPORT_PROGRAMME: "Bring a programme in first: csc import programme FILE.",
    RemedyKind.IMPORT_PEOPLE: "Bring people in first: csc import people FILE.",
}
"""The template of each remedy; its fields are the remedy's facts."""


def word_for_shell(told: CscError | Remark) -> str:
    """Return a refusal or remark as the shell prints it: the sentence, then the commands and options that help."""
    return told.worded(SHELL_REMEDIES)
