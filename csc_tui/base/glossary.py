"""The glossary and the pages of the manual, for the window and the command line."""

from dataclasses import dataclass

from csc_tui.base.text import LETTERS, status_label


@dataclass(frozen=True, slots=True)
class GlossaryWord:
    """One word of the glossary; `heading` is the subject it is listed under."""

    heading: str
    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One command of the manual: `name` as it is typed after csc, its first sentence, and the full text."""

    name: str
    summary: str
    text: str


_PROGRAMME = (
    ("programme", "Everything that is on offer, such as Creating Strong Communities."),
    ("programme year", "April to March, written 2017/18. The council chooses the first month."),
    ("strand", "A main area of the programme, such as Signs of Safety or Restorative Practice."),
    ("course", "Training that can run many times. It has modules, and its own rules for booking and completion."),
    ("module", "One required part of a course, with its length. Being Restorative has three modules of three hours."),
    ("event", "One run of a course. It has a reference such as BR-04, a number of places and a state."),
    ("session", "One meeting of an event, for one module, at a venue. Its date may still be to be confirmed."),
    ("venue, room", "Where a session is held. Two sessions in one room at the same time are a clash."),
    ("resource", "A document or link that supports a course or strand. Invitations include it."),
    ("baseline", "A figure from before this database was started. It is shown, but not added to the new figures."),
)  # fmt: skip
_PEOPLE = (
    ("person", "A member of staff, or of a partner organisation. Each person has their own e-mail address."),
    ("organisation, team", "Where a person works. The kind of organisation decides what it is charged."),
    ("facilitator", "A person who leads sessions. Facilitators are invited too, and cannot be in two rooms at once."),
    ("practice lead", "A person who supports colleagues in their practice. The Practice Leads meet as a group."),
    ("line manager", "The person who approves a request, if the course asks for approval."),
    ("group", "People who meet regularly, such as an action learning set. All members are booked in one step."),
    ("left", "A person who has left and cannot be booked. Their record is kept, and they can come back."),
)  # fmt: skip
_STATUSES = {
    "requested": "Has asked for a place. The course needs this to be approved first.",
    "waitlisted": "On the waiting list of a full event, in the order people joined.",
    "offered": "A place is held until a set time. If it is not accepted by then, it goes to the next person.",
    "booked": "Has a place.",
    "cancelled": "Gave up the place. This counts as late if it was after the course's cut-off.",
    "transferred": "Moved to another event.",
    "substituted": "Gave the place to a colleague.",
    "expired": "The offer ran out, or the request was not answered in time.",
    "declined": "The request was refused.",
    "event_cancelled": "The event was cancelled. The record of the booking is kept.",
    "fully_attended": "Came to every session, according to the registers.",
    "partially_attended": "Came to some sessions. The rest can be made up at another event.",
    "unable_to_attend": "Sent apologies.",
    "no_show": "Did not come and sent no apologies.",
}
_PLACES = (
    ("place", "A seat on an event. Places that are booked or held by an offer count towards its capacity."),
    ("enrolment", "One person on one event, with a status. Lists show the status as one of the letters below."),
    *((f"{status_label(status)}  {LETTERS[status]}", meaning) for status, meaning in _STATUSES.items()),
    ("waiting list, offer", "People waiting for a full event. A free place goes to the first of them, or is offered."),
    ("override", "A reason for breaking a rule, such as booking beyond capacity. It is kept in the history."),
    ("cut-off", "The working days before an event when booking closes, and when a cancellation becomes late."),
    ("clash", "Two things at the same time for one room, facilitator or learner. Each session is checked."),
)  # fmt: skip
_STATES = (
    ("draft", "Being prepared. It cannot be booked, and is left out of invitations and feeds."),
    ("open", "Can be booked."),
    ("tentative", "Can be booked, but may be cancelled because too few people are booked so far."),
    ("confirmed", "Will take place. Joining instructions are sent."),
    ("delivered", "Has taken place. Registers can still be corrected."),
    ("closed", "Finished. Nothing about it can be changed."),
    ("minimum", "How many people an event needs to go ahead, with a date for deciding."),
)  # fmt: skip
_AFTER = (
    ("register, mark", "The list of people at a session. Marks are present, late, left early, apologies and absent."),
    ("make-up", "Taking a missed module at another event of the same course."),
    ("completion", "A person has done every module of a course, or enough of its hours, at one event or several."),
    ("evaluation", "The questions people are asked after an event, and again after three months."),
    ("answer", "What a person says to one question of an evaluation. A reply is to an invitation."),
    ("impact question", "The question that gives a course its headline percentage."),
    ("no data", "No one has answered. This is not the same as 0 %."),
    ("refresher", "For a completion that lasts some months only: the course is taken again before it runs out."),
    ("commitment", "What a member of an action learning set promises to do before the next meeting, and by when."),
    ("charge", "What an organisation pays for a late cancellation or a no-show."),
    ("developed", "A person who attended at least one session. Each person counts once, however often they came."),
)  # fmt: skip
_SENT = (
    ("invitation", "A calendar entry sent to one person for one session. A change updates the same entry."),
    ("due", "Ready to be sent, because someone's calendar is missing something or is out of date."),
    ("feed", "A calendar to subscribe to: the programme, a strand, a course, a person, a venue or a facilitator."),
    ("message", "An e-mail other than an invitation, such as a confirmation, an offer or a reminder. Sent once."),
    ("template", "The text of one kind of message, with placeholders for names and dates."),
    ("outbox", "Messages and invitations waiting to be sent by e-mail or written to a folder."),
    ("reply", "A response to an invitation. A decline is shown, but does not cancel the place."),
)  # fmt: skip
_WORKING = (
    ("history", "Every change: who made it, when and why, with what was there before. Entries are never removed."),
    ("preview", "Shows what a change would do, before you confirm it. If the data changes first, you are asked again."),
    ("undo", "Reverses your own last change, unless something later depends on it or it has been sent."),
    ("draft of a form", "What you typed but did not save. Only you can see it; it is deleted after two weeks."),
    ("sweep", "Processes what is out of date: expired offers go to the next person, and old requests lapse."),
    ("role", "What you may do: viewer, booker, coordinator or administrator. Each role includes those before it."),
    ("policy", "The council's own settings, such as cancellation reasons, charges and the sender of invitations."),
)  # fmt: skip

GLOSSARY: tuple[GlossaryWord, ...] = tuple(
    GlossaryWord(heading, word, meaning)
    for heading, words in (
        ("The programme", _PROGRAMME),
        ("People", _PEOPLE),
        ("Places", _PLACES),
        ("States of an event", _STATES),
        ("Afterwards", _AFTER),
        ("What is sent", _SENT),
        ("Using csc-tui", _WORKING),
    )
    for word, meaning in words
)


def search_glossary(text: str) -> list[GlossaryWord]:
    """Return the words whose name contains the text, else those whose meaning does; all of them for an empty text."""
    parts = text.casefold().split()
    named = [each for each in GLOSSARY if all(part in each.word.casefold() for part in parts)]
    return named or [each for each in GLOSSARY if all(part in each.meaning.casefold() for part in parts)]
