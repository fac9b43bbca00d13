"""The screens of evaluation results: compared by course, event, facilitator and year, and in full for one event."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base.text import format_count, format_date
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation.actions import Attender, EventEvaluation
from csc_tui.core.evaluation.rules import NO_DATA, QuestionResult
from csc_tui.core.reports import queries as reports_queries
from csc_tui.core.reports.queries import STAGES, ReportChoice
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.evaluation import paper_forms, questions
from csc_tui.window.reports.reports import CHOICES, WAYS, ReportsScreen, ShownReport
from csc_tui.window.shared.columns import STAGE_WORDS
from csc_tui.window.shared.data_screen import OpenEvent, OpenPerson, WindowState
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.widgets.charts import column_chart, share_bar
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import STYLES, Piece, Pieces, draw_content
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.records.evaluation import AnswerKind, Stage
from db.records.startup import Role

BAR = 10


class EvaluationScreen(ReportsScreen):
    PLACE = "evaluation"
    FIRST = "evaluation"
    NARROWED_BY = ("strand", "course")
    HELP = (
        "What people thought, compared by the choice on the left; the impact question comes first. Enter opens it, "
        "then a course's events, then the answers after one event, where a adds forms. / shows one strand or course; "
        "- and + show other years, y all of them; e shows and changes the questions of a course; S saves everything "
        "to a file."
    )

    NEEDS: ClassVar = {**ReportsScreen.NEEDS, "questions": Role.COORDINATOR}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "questions", "Questions", id="evaluation.questions",
                tooltip="The questions of a course: add, change or remove them"),
    ]  # fmt: skip

    @work(group="write")
    async def action_questions(self) -> None:
        """Open the questions of the course shown or under the cursor, or else of one that is asked for."""
        if self.refused("questions"):
            return
        kind, key = (self.table.pointed.target if self.table.pointed else None) or ("", "")
        code = self.asked.course or (key if kind == "course" else "")
        if not code:
            code = await self._which_course()
        if code:
            await questions.open_questions(self, code)

    async def _which_course(self) -> str:
        choices = await asyncio.to_thread(reports_queries.list_report_choices, self.ctx)
        listing: Listing[ReportChoice] = Listing(
            "The questions of which course?", CHOICES, lambda choice: choice.key,
            [each for each in choices if each.kind == "course"], choosable=True,
        )  # fmt: skip
        chosen = await self.app.push_screen_wait(listing)
        return chosen.key if chosen else ""

    def _names(self) -> list[str]:
        return list(WAYS)

    def _title(self, name: str) -> str:
        return WAYS[name]

    def _chosen(self) -> str:
        return self.asked.by

    def _choosing(self, name: str) -> ShownReport:
        return replace(self.asked, by=name)


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """One line of an event's evaluation: a question, a comment, or somebody who has not answered."""

    group: str
    key: str
    stage: Stage
    result: QuestionResult | None = None
    said: str = ""
    who: Attender | None = None


def evaluation_lines(found: EventEvaluation) -> list[EvaluationLine]:
    """Return for each stage the questions in the order of the form, then the comments, then who has not answered."""
    lines = []
    for stage in Stage:
        of_it = [each for each in found.results if each.stage is stage]
        when = STAGE_WORDS[stage]
        asked = max((each.share.invited for each in of_it), default=0)
        answered = max((each.share.answered for each in of_it), default=0)
        heading = f"{when}: {answered} of {asked} answered" if asked else f"{when}: no one has been asked yet"
        lines += [EvaluationLine(heading, f"{stage} {each.position}", stage, result=each) for each in of_it]
        for place, (_, question, said) in enumerate(each for each in found.comments if each[0] is stage):
            lines.append(EvaluationLine(f"{when}, {question}", f"{stage} said {place}", stage, said=said))
        missing = found.missing.get(stage, [])
        heading = f"{when}, not answered yet: {format_count(len(missing), 'person', 'people')}"
        lines += [EvaluationLine(heading, f"{stage} {each.person}", stage, who=each) for each in missing]
    return lines


def _what(line: EvaluationLine) -> Pieces:
    if line.result is not None:
        tone = "strong" if line.result.is_impact else "plain"
        return [(f"{line.result.position}. ", "muted"), (line.result.question, tone)]
    if line.who is not None:
        return [(line.who.name, "plain"), (f"  {line.who.email}", "muted")]
    return f"{glyphs().bullet} {line.said}"


def _share(line: EvaluationLine) -> Pieces:
    if line.result is None:
        return ""
    share = line.result.share
    if line.result.kind is AnswerKind.TEXT:
        return [(f"{share.answered} wrote", "muted")]
    return [(NO_DATA, "muted")] if share.percent is None else [(f"{share.percent} %", "strong")]


def _of(line: EvaluationLine) -> Pieces:
    if line.result is None or line.result.kind is AnswerKind.TEXT:
        return ""
    share = line.result.share
    return [(f"{share.agree}/{share.answered}/{share.invited}", "muted")]


def _drawn(line: EvaluationLine) -> Pieces:
    if line.result is None or line.result.share.percent is None or line.result.kind is AnswerKind.TEXT:
        return ""
    return share_bar(line.result.share.percent, 100, BAR, rest=True)


def _spread(line: EvaluationLine) -> Pieces:
    """Return `▁▂▅█▃  3.6`: how many gave each answer from the lowest up, and the mean of a scale."""
    if line.result is None or not any(line.result.spread):
        return ""
    mean = f"  {line.result.mean}" if line.result.mean is not None else ""
    return [(column_chart(line.result.spread), "good"), (mean, "plain")]


def _numbers(line: EvaluationLine) -> Pieces:
    """Return `1:0 2:3 3:14 4:30 5:12`, or `no 23, yes 95`."""
    if line.result is None or not line.result.spread:
        return ""
    if line.result.kind is AnswerKind.AGREE:
        no, yes = line.result.spread
        return [(f"no {no}, yes {yes}", "muted")]
    return [(" ".join(f"{value}:{number}" for value, number in enumerate(line.result.spread, 1)), "muted")]


COLUMNS: tuple[Column[EvaluationLine], ...] = (
    Column("", _what, 20, share=1),
    Column("", _share, 8, right=True),
    Column("agree/all/asked", _of, 15),
    Column("", _drawn, BAR, from_width=96),
    Column("answers", _spread, 10),
    Column("how many gave each", _numbers, 26, from_width=110),
)


class EventEvaluationScreen(FilteredListScreen[EventEvaluation]):
    HELP = (
        "Everything that came back after this event: n agree / n answered / n asked for each question, how the answers "
        "are spread, and what people wrote, without their names. a adds forms from paper, one key an answer; u "
        "undoes the last one, unless it was kept apart from its name. c copies the addresses of those who have not "
        "answered. Enter opens a person, E the event."
    )
    NEEDS: ClassVar = {"type_in": evaluation_actions.enter_paper_form.role}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "type_in", "Add forms", id="evaluation.type_in", tooltip="Type in forms that came on paper"),
        Binding("c", "copy", "Copy e-mails", id="evaluation.copy",
                tooltip="Copy the addresses of those who have not answered"),
        Binding("E", "event", "Event", id="evaluation.event", tooltip="Open the event"),
    ]  # fmt: skip

    def __init__(self, state: WindowState, reference: str) -> None:
        super().__init__(state)
        self.reference = reference
        self.found: EventEvaluation | None = None
        self.table: RecordTable[EvaluationLine] = RecordTable(
            COLUMNS, lambda line: line.key, group=lambda line: line.group, id="answers", pointing=self._show_in_full,
            opens=lambda line: OpenPerson(line.who.person) if line.who else None,
        )  # fmt: skip

    def place_key(self) -> str:
        return self.reference

    def open_again(self) -> "Callable[[], EventEvaluationScreen]":
        return partial(EventEvaluationScreen, self.state, self.reference)

    def body(self) -> ComposeResult:
        yield Static(id="heading")
        yield self.table
        yield Static(id="notes")

    def reader(self) -> Callable[[], EventEvaluation]:
        return partial(evaluation_actions.show_event_evaluation, self.ctx, self.reference)

    def show(self, found: EventEvaluation) -> None:
        self.found = found
        event = found.event
        first: list[Piece] = [(event.reference, "accent"), (f"  {event.title}", "strong")]
        when = f"{format_date(event.first_date)}{glyphs().between}" if event.first_date else ""
        second: list[Piece] = [(f"{when}{format_count(found.attended, 'person', 'people')} there", "plain")]
        if found.anonymous:
            second.append(
                (f"{glyphs().between}forms are stored without names, so no one can see who has answered", "muted")
            )
        self.query_one("#heading", Static).update(draw_content([first, second], STYLES))
        self.show_rows(
            evaluation_lines(found),
            empty="No questions or answers: the course asks none, or no one is marked present in the register.",
        )
        self._show_in_full()
        self.dim_keys()

    def _show_in_full(self) -> None:
        """Show the line under the cursor with all its words and numbers."""
        line = self.table.pointed
        said: Pieces = ""
        if line is not None and line.result is not None:
            said = [(line.result.question, "strong"), (f"{glyphs().between}{line.result.share}", "plain")]
            said += [(glyphs().between, "plain"), *_numbers(line)] if any(line.result.spread) else []
        elif line is not None:
            said = [
                (line.said or f"{line.who.name}{glyphs().between}{line.who.email}" if line.who else line.said, "plain")
            ]
        self.query_one("#notes", Static).update(draw_content([said], STYLES), layout=False)

    def stage(self) -> Stage:
        """The stage under the cursor."""
        return self.table.pointed.stage if self.table.pointed else Stage.ON_THE_DAY

    def action_event(self) -> None:
        self.post_message(OpenEvent(self.reference))

    def action_copy(self) -> None:
        stage = self.stage()
        missing = self.found.missing.get(stage, []) if self.found else []
        if not missing:
            self.say(
                "Forms are stored without names here, so no one can see who has not answered."
                if self.found and self.found.anonymous
                else f"Everyone has answered {STAGES[stage]}, or no one has been asked yet."
            )
            return
        self.app.copy_to_clipboard("; ".join(each.email for each in missing))
        self.say(f"{format_count(len(missing), 'address', 'addresses')} copied, if this terminal lets a program copy.")

    @work(group="write")
    async def action_type_in(self) -> None:
        if not self.refused("type_in"):
            await paper_forms.ask_paper_forms(self, self.reference)
