"""Rules that read answers from typed text and from the files of form tools."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from csc_tui.base import dates
from csc_tui.core.imports.columns import ImportColumns, ImportField, ImportProblem, heading_key, unfit_cells
from db.errors import CscError, WrongUse
from db.records.evaluation import AnswerKind, EvaluationAnswer, Question, Stage

YES = ("1", "yes", "y", "true", "agree", "strongly agree", "agree strongly", "tend to agree", "definitely agree")
"""Words that agree with a statement."""
NO = (
    "0", "no", "n", "false", "disagree", "strongly disagree", "disagree strongly", "tend to disagree", "neither",
    "neither agree nor disagree", "neutral", "not sure", "don't know", "do not know",
)  # fmt: skip
"""Words that do not agree with a statement."""
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
            "event", "the event's reference", ("event", "eventref", "eventreference", "reference", "ref"), True
        ),
        ImportField(
            "email",
            "the e-mail address",
            ("email", "emailaddress", "mail", "youremail", "youremailaddress", "respondentemail"),
        ),
        ImportField(
            "response",
            "the number of the response",
            ("response", "id", "responseid", "responsenumber", "submissionid", "respondentid"),
        ),
        ImportField("stage", "when it was asked", ("stage", "when", "form", "survey")),
        ImportField(
            "received",
            "when it came back",
            ("received", "date", "completed", "completedat", "completiontime", "timestamp", "submitted", "submittedat"),
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


def check_form_rows(
    rows: Iterable[tuple[int, Sequence[str]]], columns: ImportColumns, places: Sequence[int]
) -> tuple[list[ImportedForm], list[ImportProblem], int]:
    """Return the forms that can be read, the problems of the other rows, and the number of those rows."""
    names = ("event", "email", "response", "stage", "received")
    pick, pick_answers = columns.picker(names), columns.picker([f"answer_{place}" for place in places])
    lines: list[ImportedForm] = []
    problems: list[ImportProblem] = []
    rejected = 0
    for row, cells in rows:
        found = unfit_cells(row, cells, columns)
        event, email, response, stage, received = pick(cells)
        said = {place: text for place, text in zip(places, pick_answers(cells), strict=True) if text}
        if not event:
            found.append(ImportProblem(row, columns.heading("event"), "no event"))
        if not email and not response:
            what = "neither an e-mail address nor the number of the response, so it could not be told from another"
            found.append(ImportProblem(row, columns.heading("email"), what))
        if stage and stage.casefold() not in STAGES:
            found.append(
                ImportProblem(row, columns.heading("stage"), f"'{stage}' is neither on_the_day nor three_months")
            )
        moment = None
        try:
            moment = dates.parse_file_moment(received) if received else None
        except CscError as problem:
            found.append(ImportProblem(row, columns.heading("received"), str(problem)))
        if not said:
            found.append(ImportProblem(row, columns.heading("answer_1"), "no question is answered"))
        if found:
            problems += found
            rejected += 1
        else:
            lines.append(ImportedForm(row, event, email, response, STAGES.get(stage.casefold()), moment, said))
    return lines, problems, rejected


def parse_answer(question: Question, text: str) -> EvaluationAnswer:
    """Return an answer in the form in which it is stored. Raises WrongUse, which says what would be understood."""
    said = " ".join(text.split())
    if question.kind is AnswerKind.TEXT:
        return EvaluationAnswer(None, said)
    plain = said.casefold().replace("’", "'").rstrip(".!")
    if question.kind is AnswerKind.AGREE:
        if plain in YES or plain in NO:
            return EvaluationAnswer(int(plain in YES), "")
        raise WrongUse(f"'{said}' is neither yes nor no (agree, disagree)")
    if found := re.match(r"([1-5])(?![\d.,])", plain):
        return EvaluationAnswer(int(found[1]), "")
    raise WrongUse(f"'{said}' is no number from 1 to 5")
