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
    ("programme", "The whole of what is offered, such as Creating Strong Communities."),
    ("programme year", "April to March, written 2017/18; the first month is the council's to decide."),
    ("strand", "A main area of the programme, such as Signs of Safety or Restorative Practice."),
    ("course", "What can be run many times; it has ordered modules and its own rules of booking and completion."),
    ("module", "One required part of a course, with its hours. Being Restorative has three of three hours."),
    ("event", "One run of a course that people are booked on. It has a reference such as BR-04, places and a state."),
    ("session", "One dated meeting of an event, for one module, at a venue. Its date may still be to be confirmed."),
    ("venue, room", "Where a session is held. Two sessions in one room at a time are a clash."),
    ("resource", "A document or link that supports a course or strand; invitations name them."),
    ("baseline", "A figure from before the database existed. It is shown beside what is recorded, never added to it."),
)  # fmt: skip
_PEOPLE = (
    ("person", "A member of staff or of a partner organisation. One e-mail address is one person."),
    ("organisation, team", "Where a person works. An organisation has a kind, which decides about charges."),
    ("facilitator", "A person who leads sessions; invited like a learner, and never in two rooms at a time."),
    ("practice lead", "A person who supports others' practice; the Practice Leads are a group that meets."),
    ("line manager", "Who approves requests where a course asks for it."),
    ("group", "Named people who meet, such as Practice Leads or an action learning set; booked in one step."),
    ("left", "A person who is no longer to be booked. Nothing of them is deleted, and they can come back."),
)  # fmt: skip
_STATUSES = {
    "requested": "Asked for; the course wants somebody to approve it first.",
    "waitlisted": "On the waiting list of a full event, in the order of joining it.",
    "offered": "A place is held for this person until a time; then it goes to the next.",
    "booked": "Has a place.",
    "cancelled": "Gave the place up; late where it was after the course's cut-off.",
    "transferred": "Moved to another event.",
    "substituted": "Gave the place to somebody else.",
    "expired": "An offer ran out, or a request was answered by nobody.",
    "declined": "The request was refused.",
    "event_cancelled": "The whole event was called off; the enrolment is kept.",
    "fully_attended": "Was in every session; follows from the registers.",
    "partially_attended": "Was in some; the rest can be made up in another event.",
    "unable_to_attend": "Sent apologies.",
    "no_show": "Did not come and did not say so.",
}
_PLACES = (
    ("enrolment", "A person on an event, with a status; the letters in lists are those below."),
    *((f"{status_label(status)}  {LETTERS[status]}", meaning) for status, meaning in _STATUSES.items()),
    ("waiting list, offer", "The queue of a full event. What becomes free goes to it at once, in its order."),
    ("override", "A reason that sets a rule aside, such as a place beyond capacity; it stands in the history."),
    ("cut-off", "So many working days before an event, cancelling is late; and so many before, booking ends."),
    ("clash", "Two things at one time: for a room, a facilitator or a learner. Told for each session."),
)  # fmt: skip
_STATES = (
    ("draft", "Being prepared: not to be booked, in no invitation and no feed."),
    ("open", "Can be booked."),
    ("tentative", "Can be booked, and may not take place: too few people so far."),
    ("confirmed", "Will take place; joining instructions go out."),
    ("delivered", "Took place; registers can still be corrected."),
    ("closed", "Done with: nothing of it changes any more."),
    ("minimum", "How many people an event needs to take place, to be decided by a date."),
)  # fmt: skip
_AFTER = (
    ("register, mark", "The list of a session, and one person's mark: present, late, left early, apologies or absent."),
    ("make-up", "A module missed in one event and taken in a session of another event of the same course."),
    ("completion", "A person has every module of a course, or the share of hours it asks for, from whichever events."),
    ("evaluation", "A person's answers after an event, and again after three months."),
    ("impact question", "The question of a course that its headline percentage is of."),
    ("no data", "Nobody answered. That is not 0 %."),
    ("refresher", "A completion that holds for some months only; the person is due again before it runs out."),
    ("commitment", "What somebody said they would do by a day, between two meetings of an action learning set."),
    ("charge", "What an organisation pays for a place given up late or not used."),
    ("developed", "A person who attended something; counted once, however often they came."),
)  # fmt: skip
_SENT = (
    ("invitation", "What was sent to one person for one session. A change sends an update to the same calendar entry."),
    ("due", "To be written now: somebody's calendar does not say what is so. Nothing is sent twice."),
    ("feed", "A calendar to subscribe to: the programme, a strand, a course, a person, a venue, a facilitator."),
    ("message", "A mail beside the calendar: a confirmation, an offer, a reminder. Each is made once."),
    ("template", "The words of one kind of message, with places for names and dates that are filled in."),
    ("outbox", "Messages and invitations that wait to be sent, on disk or by mail."),
    ("reply", "What came back from an invitation. A decline is shown; it does not cancel by itself."),
)  # fmt: skip
_WORKING = (
    ("history", "Who did what, when, to what, before, after and why. Nothing is ever taken out of it."),
    ("preview", "What would happen, before anything does. If it is no longer so, nothing is done and you look again."),
    ("undo", "u takes back your own last change, unless somebody has built on it or something was sent."),
    ("draft of a form", "What you typed and did not save, kept on this machine for you alone, for two weeks."),
    ("sweep", "Does what time has brought: offers that ran out, people who move up, requests nobody answered."),
    ("role", "What you may do: viewer, booker, coordinator, administrator; each may all that those before it may."),
    ("policy", "What the council has decided: reasons, charges, the mailbox of invitations and the like."),
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
        ("Working with it", _WORKING),
    )
    for word, meaning in words
)


def search_glossary(text: str) -> list[GlossaryWord]:
    """Return the words whose name contains the text, else those whose meaning does; all of them for an empty text."""
    parts = text.casefold().split()
    named = [each for each in GLOSSARY if all(part in each.word.casefold() for part in parts)]
    return named or [each for each in GLOSSARY if all(part in each.meaning.casefold() for part in parts)]
