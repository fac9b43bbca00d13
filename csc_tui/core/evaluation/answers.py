"""Rules that read answers from typed text and from the files of form tools."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from csc_tui.base import dates
from csc_tui.core.evaluation.scales import AGREEING, DISAGREEING, STEPS, UNDECIDED, Scale, number_of
from csc_tui.core.imports.columns import ImportColumns, ImportField, ImportProblem, heading_key, unfit_cells
from db.errors import WrongUse
from db.records.evaluation import AnswerKind, EvaluationAnswer, Question, Stage

NAMELESS = ("anonymous", "anonym", "n/a", "none", "-")
"""The words that form tools write where an e-mail address would stand."""
STAGES = {
    **dict.fromkeys(("on the day", "on_the_day", "day", "0"), Stage.ON_THE_DAY),
    **dict.fromkeys(
        ("three months", "three_months", "3 months", "after three months", "after 3 months"), Stage.THREE_MONTHS
    ),
}


@dataclass(frozen=True, slots=True)
class ImportedForm:
    """A form as read from a file; `answers` maps a question's place in the form to the text."""

    row: int
    event: str
    email: str
    response: str
    stage: Stage | None
    received: datetime | None
    answers: Mapping[int, str]


def fields_for_questions(questions: Sequence[Question]) -> tuple[ImportField, ...]:
    """Return the fields that a file of answers may have; a question is recognised by its place or its words."""
    places = sorted({each.position for each in questions})
    words = {
        place: tuple(dict.fromkeys(heading_key(each.text) for each in questions if each.position == place))
        for place in places
    }
    return (
        ImportField(
            "event",
            "the event's reference",
            ("event", "eventref", "eventreference", "reference", "ref", "whicheventdidyouattend", "whichevent"),
            needed=True,
            named_once=True,
        ),
        ImportField(
            "email",
            "the e-mail address",
            (
                "email",
                "emailaddress",
                "mail",
                "youremail",
                "youremailaddress",
                "respondentemail",
                "respondentsemail",
                "username",
            ),
            ranked=True,
            identifies=True,
        ),
        ImportField(
            "response",
            "the number of the response",
            ("response", "id", "responseid", "responsenumber", "submissionid", "respondentid"),
            ranked=True,
        ),
        ImportField("stage", "when it was asked", ("stage", "when", "form", "survey")),
        ImportField(
            "received",
            "when it came back",
            (
                "received",
                "completiontime",
                "timestamp",
                "completed",
                "completedat",
                "submitted",
                "submittedat",
                "submittedon",
                "enddate",
                "datemodified",
                "date",
            ),
            ranked=True,
        ),
        *(
            ImportField(
                f"answer_{place}",
                f"the answer to question {place}",
                (f"answer{place}", f"question{place}", f"q{place}", *words[place]),
            )
            for place in places
        ),
    )


@dataclass(frozen=True, slots=True)
class CheckedForms:
    """The forms of a file that can be read; `undated` counts those whose time could not be."""

    lines: list[ImportedForm]
    problems: list[ImportProblem]
    rejected: int
    undated: int


def check_form_rows(
    rows: Iterable[tuple[int, Sequence[str]]], columns: ImportColumns, places: Sequence[int], named_event: str
) -> CheckedForms:
    """Return the forms that can be read, and the problems of the others; `named_event` is that of the whole file."""
    names = ("event", "email", "response", "stage", "received")
    pick = columns.picker(names)
    at = {place: columns.places[name] for place in places if (name := f"answer_{place}") in columns.places}
    lines: list[ImportedForm] = []
    problems: list[ImportProblem] = []
    stamps: dict[str, int] = {}
    rejected = undated = 0
    for row, cells in rows:
        found = unfit_cells(row, cells, columns)
        event, email, response, stage, received = pick(cells)
        event = event or named_event
        email = "" if email.casefold() in NAMELESS else email
        said = {place: text for place, column in at.items() if (text := kept_lines(cells[column]))}
        if not email and not response and received:  # a form without names or numbers is told apart by its time
            stamps[received] = stamps.get(received, 0) + 1
            response = received if stamps[received] == 1 else f"{received} ({stamps[received]})"
        if not event:
            found.append(ImportProblem(row, columns.heading("event"), "no event"))
        if not email and not response:
            what = "no e-mail address and no response number, so it could be a duplicate"
            found.append(ImportProblem(row, columns.heading("email"), what))
        if stage and stage.casefold() not in STAGES:
            found.append(ImportProblem(row, columns.heading("stage"), f"'{stage}' is not on_the_day or three_months"))
        moment = None
        try:
            moment = dates.parse_file_moment(received) if received else None
        except WrongUse:
            undated += 1
        if not said:
            found.append(ImportProblem(row, columns.heading("answer_1"), "no question is answered"))
        if found:
            problems += found
            rejected += 1
        else:
            lines.append(ImportedForm(row, event, email, response, STAGES.get(stage.casefold()), moment, said))
    return CheckedForms(lines, problems, rejected, undated)


def kept_lines(text: str) -> str:
    """Return a text without needless blanks, each of its lines kept."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def parse_answer(question: Question, text: str, scale: Scale | None = None) -> EvaluationAnswer:
    """Return an answer in the form in which it is stored, with its own words beside the reading.

    `scale` is what the numbers of its column mean. Raises WrongUse, which says what would be understood.
    """
    if question.kind is AnswerKind.TEXT:
        return EvaluationAnswer(None, kept_lines(text))
    said = " ".join(text.split())
    plain = said.casefold().replace("’", "'").rstrip(".!")
    if plain in UNDECIDED and (question.kind is AnswerKind.AGREE or plain not in STEPS):
        return EvaluationAnswer(None, "", said)
    number = number_of(plain)
    if question.kind is AnswerKind.AGREE:
        if plain in AGREEING or plain in DISAGREEING:
            return EvaluationAnswer(int(plain in AGREEING), "", said)
        if number is not None and scale:
            part = scale.part(number)
            return EvaluationAnswer(None if part == 0.5 else int(part > 0.5), "", said)
        if plain in ("0", "1"):
            return EvaluationAnswer(int(plain), "", said)
        raise WrongUse(f"'{said}' is not yes or no (or agree, disagree)")
    if plain in STEPS:
        return EvaluationAnswer(STEPS[plain], "", said)
    if number is not None and scale:
        return EvaluationAnswer(1 + int(scale.part(number) * 4 + 0.5), "", said)
    if number is not None and 1 <= number <= 5:
        return EvaluationAnswer(number, "", said)
    raise WrongUse(f"'{said}' is not a number from 1 to 5")
