"""The words of messages: the program's own letters, and the placeholders that each can have."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from csc_tui.base.text import clean_text
from db.errors import WrongUse
from db.records.mail import MessageKind

LONGEST_SUBJECT = 200
"""The most characters of a subject."""
LONGEST_BODY = 20_000
"""The most characters of a text."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and a text, with or without placeholders."""

    subject: str
    body: str


MESSAGE_TITLES: Mapping[MessageKind, str] = {
    MessageKind.INVITATION: "Calendar invitation, with updates and cancellation",
    MessageKind.CONFIRMATION: "Place booked",
    MessageKind.WAITING_LIST: "Put on the waiting list",
    MessageKind.OFFER: "Offered a place until a set time",
    MessageKind.PROMOTION: "Moved up from the waiting list",
    MessageKind.DECLINED: "Request declined",
    MessageKind.JOINING: "Joining instructions, once the event is confirmed",
    MessageKind.REMINDER: "Reminder before each session",
    MessageKind.CHANGE: "Date or place changed",
    MessageKind.CANCELLATION: "Place or event cancelled",
    MessageKind.MISSED: "Missed a session, to the learner",
    MessageKind.MISSED_MANAGER: "Missed a session, to the line manager",
    MessageKind.EVALUATION: "Evaluation, after the last session",
    MessageKind.FOLLOW_UP: "Evaluation, after three months",
    MessageKind.REFRESHER: "Refresher due",
    MessageKind.MANAGER_COPY: "Line manager's copy of a message to a learner",
}
"""A line about each kind of message that says when it is sent."""

_ALWAYS = {
    "forename": "the first name of the person it goes to",
    "name": "the full name of the person it goes to",
    "organiser": "the sender's name, from the policy",
}
_EVENT = {
    "event": "the reference, such as BR-04",
    "title": "the event's title",
    "first_day": "the day of the first session",
    "dates": "every session with day, time and place, one line each",
    "how_to_cancel": "how to cancel a place, from the policy",
}
_SESSION = {
    "session": "the session's title",
    "when": "its day and time",
    "where": "its place",
    "instructions": "its address and the notes on joining",
}
_OF_KIND: Mapping[MessageKind, Mapping[str, str]] = {
    MessageKind.INVITATION: {
        "what": "Invitation, Update or Cancelled",
        "session": "the session's title",
        "when": "its day and time",
        "where": "its place",
        "details": "joining instructions, links and how to cancel",
    },
    MessageKind.CONFIRMATION: _EVENT,
    MessageKind.WAITING_LIST: _EVENT,
    MessageKind.OFFER: {**_EVENT, "until": "when the offer of the place ends"},
    MessageKind.PROMOTION: _EVENT,
    MessageKind.DECLINED: {**_EVENT, "reason": "why"},
    MessageKind.JOINING: {**_EVENT, "instructions": "addresses and notes on joining", "links": "links and documents"},
    MessageKind.REMINDER: {**_EVENT, **_SESSION},
    MessageKind.CHANGE: {**_EVENT, "before": "the sessions as the person last knew them"},
    MessageKind.CANCELLATION: {**_EVENT, "reason": "why"},
    MessageKind.MISSED: {**_EVENT, **_SESSION},
    MessageKind.MISSED_MANAGER: {**_EVENT, **_SESSION, "learner": "the name of the person who was absent"},
    MessageKind.EVALUATION: {**_EVENT, "questions": "the course's questions on the day, numbered"},
    MessageKind.FOLLOW_UP: {**_EVENT, "questions": "the course's questions after three months, numbered"},
    MessageKind.REFRESHER: {
        "course": "the course's title",
        "completed": "when it was completed",
        "until": "the date the completion runs out",
    },
    MessageKind.MANAGER_COPY: {
        "learner": "the name of the person the message went to",
        "subject": "the subject of that message",
        "message": "its text",
        "event": "the reference, such as BR-04",
        "title": "the event's title",
    },
}


def allowed_placeholders(kind: MessageKind) -> dict[str, str]:
    """Return the placeholders of a kind of message, each with its meaning."""
    return {**_ALWAYS, **_OF_KIND[kind]}


_SIGNED = "\n\nKind regards,\n{organiser}"
# The import of evaluations from mails finds the answers by the words in brackets in the subject and by lines such as
# `1: yes`, down to the line with `above this line`. The example stands within a line so that it is not taken for an
# answer.
_HOW_TO_ANSWER = (
    'reply to this e-mail with one line for each question: its number and your answer, such as "1: yes". Please leave '
    "the subject as it is.\n\n--- Please write your answers above this line. The questions: "
    "---\n\n{questions}" + _SIGNED
)

DEFAULT_LETTERS: Mapping[MessageKind, Letter] = {
    MessageKind.INVITATION: Letter("{what}: {session}, {when}", "{session}\n{when}\n{where}\n\n{details}"),
    MessageKind.CONFIRMATION: Letter(
        "You have a place: {title}, {first_day}",
        "Dear {forename},\n\nYour place on {title} ({event}) is booked.\n\n{dates}\n\nWe will send you joining "
        "instructions separately.\n\n{how_to_cancel}" + _SIGNED,
    ),
    MessageKind.WAITING_LIST: Letter(
        "You are on the waiting list: {title}, {first_day}",
        "Dear {forename},\n\n{title} ({event}) is full at the moment, so we have put you on the waiting list. You do "
        "not need to do anything: we will write to you as soon as a place is free.\n\n{dates}\n\nIf you no longer want "
        "to wait, please tell us." + _SIGNED,
    ),
    MessageKind.OFFER: Letter(
        "A place is held for you until {until}: {title}",
        "Dear {forename},\n\nA place has become free on {title} ({event}), and we are holding it for you until "
        "{until}. Please reply before then to say whether you would like it. After that it goes to the next person on "
        "the list.\n\n{dates}" + _SIGNED,
    ),
    MessageKind.PROMOTION: Letter(
        "You now have a place: {title}, {first_day}",
        "Dear {forename},\n\nGood news: a place has become free on {title} ({event}), and it is yours. You are no "
        "longer on the waiting list.\n\n{dates}\n\n{how_to_cancel}" + _SIGNED,
    ),
    MessageKind.DECLINED: Letter(
        "Your request for a place: {title}",
        "Dear {forename},\n\nWe are sorry: your request for a place on {title} ({event}) was not approved.\n\n"
        "{reason}\n\nPlease talk to your line manager, or to us, if you have any questions." + _SIGNED,
    ),
    MessageKind.JOINING: Letter(
        "Joining instructions: {title}, {first_day}",
        "Dear {forename},\n\n{title} ({event}) is going ahead, and we look forward to seeing you.\n\n{dates}\n\n"
        "{instructions}\n\n{links}\n\n{how_to_cancel}" + _SIGNED,
    ),
    MessageKind.REMINDER: Letter(
        "Reminder: {session}, {when}",
        "Dear {forename},\n\nThis is a reminder that you have a place on {session} ({event}).\n\n{when}\n{where}\n\n"
        "{instructions}\n\n{how_to_cancel}" + _SIGNED,
    ),
    MessageKind.CHANGE: Letter(
        "Change of date or place: {title}",
        "Dear {forename},\n\nThe arrangements for {title} ({event}) have changed. They are now:\n\n{dates}\n\nThey "
        "were:\n\n{before}\n\n{how_to_cancel}" + _SIGNED,
    ),
    MessageKind.CANCELLATION: Letter(
        "Cancelled: {title}, {first_day}",
        "Dear {forename},\n\nThis is to confirm that you are no longer on {title} ({event}).\n\n{reason}\n\n"
        "If this is not what you expected, please tell us." + _SIGNED,
    ),
    MessageKind.MISSED: Letter(
        "We missed you: {session}, {when}",
        "Dear {forename},\n\nOur register shows that you were not at {session} ({event}) on {when}.\n\nIf that is "
        "wrong, please tell us. If you could not come, we can look for another event at which you can make it up."
        + _SIGNED,
    ),
    MessageKind.MISSED_MANAGER: Letter(
        "{learner} was not at {session}, {when}",
        "Dear {forename},\n\n{learner} had a place on {session} ({event}) on {when} and was not there.\n\nIf there was "
        "a reason we should know of, please tell us. We have written to {learner} about making it up." + _SIGNED,
    ),
    MessageKind.EVALUATION: Letter(
        "What did you think? {title} [evaluation {event} on_the_day]",
        "Dear {forename},\n\nThank you for taking part in {title} ({event}). Please tell us what you thought of it: "
        + _HOW_TO_ANSWER,
    ),
    MessageKind.FOLLOW_UP: Letter(
        "Three months on: {title} [evaluation {event} three_months]",
        "Dear {forename},\n\nThree months ago you took part in {title} ({event}). We would like to know what has "
        "changed since: please " + _HOW_TO_ANSWER,
    ),
    MessageKind.REFRESHER: Letter(
        "Due for a refresher: {course}",
        "Dear {forename},\n\nYou completed {course} on {completed}. It is valid until {until}, so it is time to book "
        "a refresher. Please reply to this e-mail and we will find a date with you." + _SIGNED,
    ),
    MessageKind.MANAGER_COPY: Letter(
        "For your information: {learner}, {title}",
        "Dear {forename},\n\n{learner} has been sent this message. It is for your information, so that you can plan "
        "for the time. You do not need to reply.\n\n{subject}\n\n{message}\n\nKind regards,\n{organiser}",
    ),
}
"""The program's own letter for each kind of message."""


def check_letter(kind: MessageKind, letter: Letter) -> Letter:
    """Return the letter as it is stored, trimmed.

    Raises WrongUse for an unknown placeholder or an empty or too long text.
    """
    subject, body = " ".join(clean_text(letter.subject).split()), "\n".join(_lines(letter.body)).strip()
    for what, text, longest in (("subject", subject, LONGEST_SUBJECT), ("text", body, LONGEST_BODY)):
        if not text:
            raise WrongUse(f"The {what} cannot be empty. Nothing was changed.")
        if len(text) > longest:
            raise WrongUse(f"The {what} can have {longest} characters at most, not {len(text)}. Nothing was changed.")
        for name in _placeholders(what, text):
            if name not in allowed_placeholders(kind):
                listed = ", ".join(f"{{{each}}}" for each in allowed_placeholders(kind))
                raise WrongUse(
                    f"The {what} has {{{name}}}, which is not a placeholder of this message. Nothing was changed. The "
                    f"placeholders are: {listed}."
                )
    return Letter(subject, body)


def _lines(text: str) -> list[str]:
    return [clean_text(line).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _placeholders(what: str, text: str) -> list[str]:
    try:
        found = [(name, spec, turned) for _, name, spec, turned in Formatter().parse(text) if name is not None]
    except ValueError:
        raise WrongUse(
            f"The {what} has a curly bracket without its partner. Nothing was changed. A placeholder looks like "
            f"{{forename}}; "
            "to show a bracket, type it twice: {{."
        ) from None
    for name, spec, turned in found:
        if spec or turned or not name.isidentifier():
            whole = name + (f"!{turned}" if turned else "") + (f":{spec}" if spec else "")
            raise WrongUse(
                f"The {what} has {{{whole}}}, which is not a placeholder. Nothing was changed. A placeholder is one "
                "plain word in curly brackets."
            )
    return [name for name, _, _ in found]


def fill_letter(letter: Letter, values: Mapping[str, str]) -> Letter:
    """Return the letter with its placeholders filled in; a paragraph that comes out empty leaves no gap.

    Values are never searched for placeholders.
    """
    subject = " ".join(_filled(letter.subject, values).split())
    return Letter(subject, re.sub(r"\n{3,}", "\n\n", _filled(letter.body, values)).strip() + "\n")


def _filled(text: str, values: Mapping[str, str]) -> str:
    return "".join(
        literal + (values.get(name, "") if name is not None else "")
        for literal, name, _, _ in Formatter().parse(text)
    )  # fmt: skip


def numbered_questions(questions: Sequence[str]) -> str:
    """Return the questions with their numbers, a line each: `1. Was it useful?`."""
    return "\n".join(f"{number}. {text}" for number, text in enumerate(questions, 1))
