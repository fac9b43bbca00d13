"""Evaluation forms of an event: answers imported from files or typed in, and their totals.

When the policy `anonymous_evaluations` is yes, a form is stored in two rows that nothing joins: one says that the
person has answered, the other holds the answers, without a name and with the day on which everybody was asked. Answers
typed in for a person then cannot be undone, because an undo step would join the two rows.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Unpack

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.base.text import format_count, format_date
from csc_tui.base.transaction import action, change_transaction
from csc_tui.core.evaluation import answers, scales
from csc_tui.core.evaluation import rules as evaluation_rules
from csc_tui.core.evaluation.answers import ImportedForm
from csc_tui.core.evaluation.rules import QuestionResult
from csc_tui.core.evaluation.scales import Scale
from csc_tui.core.imports.columns import FORGET, ImportField, ImportQuestion, ImportReport, QuestionOpen, heading_key
from csc_tui.core.imports.import_run import ImportOptions, ImportRun
from db import calendar, evaluation, figures, imports, people
from db.engine.connection import read_transaction, write_transaction
from db.errors import NoSuchEvent, RuleBroken, WrongUse
from db.records.calendar import Event
from db.records.evaluation import AnswerKind, EvaluationAnswer, Question, Stage
from db.records.people import Person
from db.records.remedies import Remark, Remedy, RemedyKind
from db.records.startup import Role
from exports.table_search import Table

FORMS_AT_ONCE = 100
"""The number of forms stored in one transaction."""


@dataclass(frozen=True, slots=True)
class Attender:
    """A person who attended and is therefore asked; `person` is their key."""

    person: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class EventEvaluation:
    """The results of an event's evaluation.

    `comments` are (stage, question, text), never with a name. `missing` holds, by stage, the people who were asked and
    have not answered; it is empty when forms are stored without names.
    """

    event: Event
    attended: int
    results: list[QuestionResult]
    comments: list[tuple[Stage, str, str]]
    missing: dict[Stage, list[Attender]]
    anonymous: bool


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """The outcome of storing one form: new, changed or same."""

    person: str
    name: str
    stage: str
    outcome: str


class NotAsked(RuleBroken):
    """Raised for a form of a person who did not attend the event."""

    def __init__(self, who: str, reference: str) -> None:
        super().__init__(
            f"{who} was not at {reference}, according to its registers, so has no evaluation form. Nothing was saved.",
            Remedy(RemedyKind.SHOW_REGISTER, event=reference),
        )


def show_event_evaluation(ctx: Context, reference: str) -> EventEvaluation:
    """Return every question of an event with its answers. Raises NoSuchEvent."""
    with read_transaction():
        event = calendar.fetch_event(reference)
        first, last = date(1, 1, 1), date(9999, 12, 31)
        asked = [
            each for each in figures.fetch_evaluated_events([event.course_id], first, last) if each.event_id == event.id
        ]
        tallies = [
            each for each in figures.fetch_answer_counts([event.course_id], first, last) if each.event_id == event.id
        ]
        questions = evaluation.fetch_questions(event.course_id)
        found = evaluation_rules.question_results(questions, asked, tallies, ctx.today())
        anonymous = _anonymous(ctx)
        return EventEvaluation(
            event, sum(each.attended for each in asked), found, evaluation.fetch_comments(event.id),
            {} if anonymous else _missing(event, [stage for stage in Stage if _is_asked(found, stage)]), anonymous,
        )  # fmt: skip


def _is_asked(found: Sequence[QuestionResult], stage: Stage) -> bool:
    return any(each.stage is stage and each.share.invited for each in found)


def _missing(event: Event, stages: Sequence[Stage]) -> dict[Stage, list[Attender]]:
    """Return the people who attended and have not answered, by stage."""
    there, returned = evaluation.fetch_attendees(event.id), set(evaluation.fetch_returned_forms(event.id))
    return {
        stage: [
            Attender(f"#{person_id}", name, email)
            for person_id, name, email in there
            if (stage, person_id) not in returned
        ]
        for stage in stages
    }


def list_people_to_enter(ctx: Context, reference: str, stage: Stage) -> list[Attender]:
    """Return the people whose form may be typed in: those who attended and have not answered.

    Everybody who attended is returned when forms are stored without names. Raises NoSuchEvent.
    """
    with read_transaction():
        event = calendar.fetch_event(reference)
        if _anonymous(ctx):
            return [
                Attender(f"#{person_id}", name, email)
                for person_id, name, email in evaluation.fetch_attendees(event.id)
            ]
        return _missing(event, [stage])[stage]


@action(role=Role.BOOKER)
def enter_paper_form(ctx: Context, reference: str, stage: Stage, said: Mapping[int, str]) -> FormOutcome:
    """Store a form without a name, each time as a new one; `said` maps a question's place in the form to the answer.

    Raises NoSuchEvent and WrongUse.
    """
    event = calendar.lock_event(reference)
    forms = _Forms(ctx, event)
    given = forms.parse_answers(stage, said)
    if not given:
        raise WrongUse("No question is answered. Nothing was saved.")
    number = evaluation.last_paper_number(event.id) + 1
    source = f"{evaluation.PAPER_PREFIX}{number}"
    evaluation.store_answers(evaluation.insert_form(event.id, stage, forms.asked_on_day(stage), source=source), given)
    write_history(
        ctx, "evaluation kept", f"a form without a name on {event.reference}", event_id=event.id,
        after=f"{stage.value}: new",
    )  # fmt: skip
    return FormOutcome("", f"form {number} without a name", stage.value, "new")


def _anonymous(ctx: Context) -> bool:
    return ctx.policy["anonymous_evaluations"] == "yes"


def list_form_questions(ctx: Context, reference: str, stage: Stage) -> list[Question]:
    """Return the questions of an event's form, in order. Raises NoSuchEvent."""
    with read_transaction():
        course_id = calendar.fetch_event(reference).course_id
        return [each for each in evaluation.fetch_questions(course_id) if each.stage is stage]


def enter_answers(ctx: Context, reference: str, person: str, stage: Stage, said: Mapping[int, str]) -> FormOutcome:
    """Store the answers of a person who attended; `said` maps a question's place in the form to the answer.

    Raises NoSuchEvent, NoSuchPerson, AmbiguousPerson, NotAsked and WrongUse.
    """
    ctx.require(Role.BOOKER)
    with change_transaction(ctx, undoable=not _anonymous(ctx)):
        event = calendar.lock_event(reference)
        who = people.find_person(person)
        forms = _Forms(ctx, event)
        if who.id not in forms.attended:
            raise NotAsked(who.name, event.reference)
        outcome = forms.store_form(stage, forms.parse_answers(stage, said), ctx.stamp(), who)
        forms.store_nameless()
        if outcome != "same":
            write_history(
                ctx, "evaluation kept", f"{who.name} on {event.reference}", event_id=event.id,
                person_id=who.id, after=f"{stage.value}: {outcome}",
            )  # fmt: skip
    return FormOutcome(who.key, who.name, stage.value, outcome)


def list_evaluation_fields(ctx: Context) -> tuple[ImportField, ...]:
    """Return the fields that a file of evaluations may have, the questions of all courses among them."""
    with read_transaction():
        return answers.fields_for_questions(evaluation.fetch_questions())


def collect_mailed_answers(ctx: Context, path: str) -> Table:
    """Return the answers in a mail, a folder of mails or an mbox, as a table of evaluations. Raises WrongUse."""
    from exports import evaluation_mail, mail_files

    mail_files.is_mail_collection(path)  # raises when the file cannot be read
    return evaluation_mail.parse_evaluation_mails(path, mail_files.read_mail_files(path), zone=ctx.policy["time_zone"])


def import_evaluations(
    ctx: Context,
    table: Table,
    *,
    stage: Stage = Stage.ON_THE_DAY,
    event: str = "",
    **asked: Unpack[ImportOptions],
) -> ImportReport:
    """Import evaluation forms from a table, one a row, of people who attended.

    `stage` and `event` apply where the table names none. Raises NothingImported when `strict` and a row cannot be
    imported, QuestionOpen for numbers whose meaning has to be said, HeadingsUnclear and WrongUse.
    """
    with read_transaction():
        questions = evaluation.fetch_questions()
    fields = answers.fields_for_questions(questions)
    if event:
        fields = tuple(replace(each, needed=False) if each.name == "event" else each for each in fields)
    run = ImportRun(ctx, "evaluations", table, fields, asked)
    places = [int(field.name.removeprefix("answer_")) for field in fields if field.name.startswith("answer_")]
    checked = answers.check_form_rows(table.rows, run.columns, places, event)
    run.note_unreadable(checked.problems, checked.rejected)
    if checked.undated:
        number = format_count(checked.undated, "form")
        run.remarks.append(Remark(
            f"The time of {number} could not be read in '{run.columns.heading('received')}'; the day of this import "
            "was used."
        ))  # fmt: skip
    scales = _ScaleFinder(run, questions, stage).find(checked.lines)
    run.store_items(checked.lines, FORMS_AT_ONCE, _EvaluationsImport(run, stage, scales).take)
    return run.report()


SCALE = "scale"
"""The name of the answer that says what numbers mean; for one column, followed by a blank and its heading."""
SCALES = "evaluation scales"
"""The kind under which the meaning of a column's numbers is remembered."""


class _ScaleFinder:
    """Finds what the numbers of each column mean: as said now, as said before, or as the question has it."""

    def __init__(self, run: ImportRun, questions: Sequence[Question], stage: Stage) -> None:
        self.run, self.questions, self.stage = run, questions, stage
        with read_transaction():
            self._remembered = {heading_key(each.heading): each for each in imports.fetch_remembered_headings(SCALES)}

    def find(self, lines: Sequence[ImportedForm]) -> dict[int, Scale]:
        """Return the scale of each question whose numbers have one, by its place in the form. Raises QuestionOpen."""
        courses = self._courses(lines)
        stages = {line.stage or self.stage for line in lines}
        found: dict[int, Scale] = {}
        for place in sorted({place for line in lines for place in line.answers}):
            kinds = {
                each.kind for each in self.questions
                if each.position == place and each.course_id in courses and each.stage in stages
            }  # fmt: skip
            texts = [line.answers[place] for line in lines if place in line.answers]
            heading = self.run.columns.heading(f"answer_{place}")
            is_ours = heading == f"answer_{place}"  # our own files have 0 and 1 for no and yes
            asks = AnswerKind.AGREE in kinds and scales.needs_scale(texts) and not (is_ours and set(texts) == {"1"})
            if kinds - {AnswerKind.TEXT} and (scale := self._known(heading, texts, asks=asks)):
                found[place] = scale
        return found

    def _courses(self, lines: Sequence[ImportedForm]) -> set[int]:
        found = set()
        with read_transaction():
            for reference in {line.event for line in lines}:
                with suppress(NoSuchEvent):
                    found.add(calendar.fetch_event(reference).course_id)
        return found

    def _known(self, heading: str, texts: Sequence[str], *, asks: bool) -> Scale | None:
        """Return the scale of a column, None where it needs none. Raises QuestionOpen where it has to be said."""
        key = heading_key(heading)
        own = {heading_key(name.removeprefix(SCALE)): text for name, text in self.run.answers.items()
               if name.startswith(f"{SCALE} ")}  # fmt: skip
        said = own.get(key) or (self.run.answers.get(SCALE) if asks else None)
        if said:
            scale = scales.parse_scale(said)
            if not self.run.dry_run:
                with write_transaction():
                    self.run.remember_headings(SCALES, {heading: str(scale)})
            return scale
        forgotten = FORGET in [text for name, text in self.run.mapping.items() if heading_key(name) == key]
        if not forgotten and (before := self._remembered.get(key)):
            when = f" on {format_date(before.said_on)}" if before.said_on else " before"
            self.run.remarks.append(Remark(
                f"'{heading}' was read from {before.field.replace('-', ' (agrees least) to ')} (agrees most), as was "
                f"said{when}.", Remedy(RemedyKind.CHANGE_SCALE, column=heading)
            ))  # fmt: skip
            return scales.parse_scale(before.field)
        if asks:
            numbers = sorted({number for text in texts if (number := scales.number_of(text)) is not None})
            listed = f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
            raise QuestionOpen(ImportQuestion(
                f"{SCALE} {heading}", f"'{heading}' is an agree question and has numbers "
                f"({listed}). Which of them mean agree?",
                tuple((str(each), f"{each.most} agrees most, {each.least} agrees least")
                      for each in scales.likely_scales(texts)),
                Remedy(RemedyKind.SAY_SCALE),
            ))  # fmt: skip
        return None


class _Forms:
    """The forms of one event, stored with names or without them, as the policy says."""

    def __init__(self, ctx: Context, event: Event, *, dry_run: bool = False) -> None:
        self.ctx, self.event, self.dry_run = ctx, event, dry_run
        self.attended = evaluation.fetch_attendee_ids(event.id)
        self.questions = {(each.stage, each.position): each for each in evaluation.fetch_questions(event.course_id)}
        self.anonymous = _anonymous(ctx)
        self._apart: list[tuple[Stage, Mapping[int, EvaluationAnswer]]] = []

    def parse_answers(self, stage: Stage, said: Mapping[int, str]) -> dict[int, EvaluationAnswer]:
        """Return the answers by question id. Raises WrongUse for a text that does not answer its question."""
        return {
            question_id: answer
            for place, text in said.items()
            for question_id, answer in (self.parse_one(stage, place, text, None),)
        }

    def parse_one(self, stage: Stage, place: int, text: str, scale: Scale | None) -> tuple[int, EvaluationAnswer]:
        """Return a question's id and an answer to it. Raises WrongUse for a text that does not answer the question."""
        question = self.questions.get((stage, place))
        if question is None:
            raise WrongUse(f"The form of {self.event.course} has no question {place} at that time")
        try:
            return question.id, answers.parse_answer(question, text, scale)
        except WrongUse as problem:
            raise WrongUse(f"question {place}: {problem}", problem.remedy) from None

    def store_form(
        self,
        stage: Stage,
        given: Mapping[int, EvaluationAnswer],
        received: datetime,
        who: Person | None,
        response: str = "",
    ) -> str:
        """Store a form, or the answers that are new in it, and return new, changed or same.

        No stored answer is removed.
        """
        source = "" if who else evaluation.RESPONSE_PREFIX + response
        person_id = who.id if who else None
        known = evaluation.fetch_form_id(self.event.id, stage, person_id=person_id, source=source)
        if known is None and who and response and not self.anonymous:
            known = self._name_response(stage, response, who)
        if known is None:
            if not self.dry_run:
                apart = self.anonymous and who is not None
                form_id = evaluation.insert_form(self.event.id, stage, received, person_id=person_id, source=source)
                if apart:
                    self._apart.append((stage, given))
                else:
                    evaluation.store_answers(form_id, given)
            return "new"
        before = evaluation.fetch_form_answers(known)
        changed = {question_id: each for question_id, each in given.items() if before.get(question_id) != each}
        if not changed or (who and not before):  # an anonymous form cannot be found again, so it cannot be changed
            return "same"
        if not self.dry_run:
            evaluation.store_answers(known, changed)
        return "changed"

    def _name_response(self, stage: Stage, response: str, who: Person) -> int | None:
        """Return the id of a form that came without a name before, now that its response number says whose it is."""
        source = evaluation.RESPONSE_PREFIX + response
        form_id = evaluation.fetch_form_id(self.event.id, stage, source=source)
        if form_id is not None and not self.dry_run:
            evaluation.name_form(form_id, who.id)
        return form_id

    def store_nameless(self) -> None:
        """Store the forms that are kept without names."""
        for stage in Stage:
            if given := [form for when, form in self._apart if when is stage]:
                evaluation.insert_nameless_forms(self.event.id, stage, self.asked_on_day(stage), given)
        self._apart.clear()

    def asked_on_day(self, stage: Stage) -> datetime:
        """Return the time to store on a form without a name."""
        return _day(self.ctx, self.event, stage)


def _day(ctx: Context, event: Event, stage: Stage) -> datetime:
    """Return the day on which everybody was asked; the day a form came back would tell whose it is."""
    last = event.last_date
    return datetime.combine(evaluation_rules.asked_on(stage, last) if last else ctx.stamp().date(), time())


def anonymise_forms(ctx: Context) -> int:
    """Remove the names from forms that came back before the policy, and return the number of forms.

    Forms from earlier versions that can be traced by their numbers are stored again. To be called inside a transaction.
    """
    piles: dict[tuple[int, Stage], list[int]] = {each: [] for each in evaluation.fetch_traceable_events()}
    for form_id, event_id, stage in evaluation.fetch_named_forms():
        piles.setdefault((event_id, stage), []).append(form_id)
    for (event_id, stage), form_ids in piles.items():
        given = [evaluation.delete_answers(form_id) for form_id in form_ids]
        evaluation.insert_nameless_forms(event_id, stage, _day(ctx, calendar.fetch_event_by_id(event_id), stage), given)
    return sum(map(len, piles.values()))


def list_anonymity_faults(ctx: Context) -> list[Remark]:
    """Return a remark for each way in which stored forms break the promise of anonymity.

    To be called in a transaction.
    """
    if not _anonymous(ctx):
        return []
    found = []
    if named := evaluation.fetch_named_forms():
        found.append(f"{format_count(len(named), 'form')} from before this policy still with a name")
    if paired := evaluation.fetch_traceable_events():
        found.append(f"{format_count(len(paired), 'pile')} of forms whose numbers show who wrote them")
    return [Remark("; ".join(found), Remedy(RemedyKind.PART_ANSWERS))] if found else []


class _EvaluationsImport:
    """Decides which forms of an import are new or changed and stores them, one batch to a transaction."""

    def __init__(self, run: ImportRun, stage: Stage, scales_by_place: Mapping[int, Scale]) -> None:
        self.run, self.stage, self.scales = run, stage, scales_by_place
        self.seen: dict[tuple[int, Stage, str], ImportedForm] = {}

    def take(self, batch: Sequence[ImportedForm]) -> None:
        """Store one batch of forms."""
        addresses = [line.email for line in batch if line.email]
        known = people.fetch_people_by_former_email(addresses) | people.fetch_people_by_email(addresses)
        by_event: dict[str, list[ImportedForm]] = {}
        for line in batch:
            by_event.setdefault(line.event.upper(), []).append(line)
        for reference in sorted(by_event):  # in one order, so that two imports never wait for each other
            try:
                event = calendar.lock_event(reference)
            except NoSuchEvent:
                for line in by_event[reference]:
                    self.run.reject(line.row, "event", f"there is no event {line.event}")
                continue
            forms = _Forms(self.run.ctx, event, dry_run=self.run.dry_run)
            for line in by_event[reference]:
                self._keep(forms, line, known.get(line.email.casefold()))
            forms.store_nameless()

    def _keep(self, forms: _Forms, line: ImportedForm, who: Person | None) -> None:
        if line.email and who is None:
            self.run.reject(line.row, "email", f"no person has the address {line.email}")
            return
        if who and who.id not in forms.attended:
            what = f"{who.name} was not at {forms.event.reference}, according to its registers"
            self.run.reject(line.row, "email", what)
            return
        stage = line.stage or self.stage
        given = self._given(forms, stage, line)
        if not given:
            self.run.rejected += 1
            return
        key = (forms.event.id, stage, f"#{who.id}" if who else line.response)
        first = self.seen.setdefault(key, line)
        if first is not line:
            if first.answers != line.answers:
                self.run.note(line.row, "email", f"the same form as row {first.row}, which was used")
            self.run.same += 1
            return
        match forms.store_form(stage, given, self._received(line), who, line.response):
            case "new":
                self.run.new += 1
            case "changed":
                self.run.changed += 1
            case _:
                self.run.same += 1

    def _given(self, forms: _Forms, stage: Stage, line: ImportedForm) -> dict[int, EvaluationAnswer]:
        """Return the answers that can be read, and note the others; one of them never drops the rest of the form."""
        given = {}
        for place, text in line.answers.items():
            try:
                question_id, answer = forms.parse_one(stage, place, text, self.scales.get(place))
            except WrongUse as problem:
                self.run.note(line.row, f"answer_{place}", str(problem), problem.remedy)
            else:
                given[question_id] = answer
        return given

    def _received(self, line: ImportedForm) -> datetime:
        ctx = self.run.ctx
        if line.received is None:
            return ctx.stamp()
        stamp = line.received.replace(tzinfo=ctx.zone).astimezone(UTC).replace(tzinfo=None)
        return min(stamp, ctx.stamp())  # a clock elsewhere may be ahead of this one
