"""question: what a course asks of those who were there."""

import click

from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stdout
from csc_tui.cli.evaluation import stage
from csc_tui.cli.invocation import Call
from csc_tui.core.evaluation import questions
from csc_tui.core.evaluation.questions import QuestionLine
from db.records.calendar import FieldChange
from db.records.evaluation import AnswerKind, Stage


@click.group()
def question() -> None:
    """The questions of a course's evaluation, on the day and three months later; the question of impact comes first.

    A question keeps its place in the form: files of answers and csc answer go by it.
    """


@question.command("list")
@click.argument("code", metavar="COURSE")
@click.pass_obj
def list_questions(call: Call, code: str) -> None:
    """List what COURSE asks, with how many forms answer each question."""
    stdout.print_records(
        call.form, QuestionLine, questions.list_course_questions(call.context(), code), leaving=("impact",)
    )


@question.command("add")
@click.argument("code", metavar="COURSE")
@click.argument("text", metavar="QUESTION")
@click.option(
    "--kind", type=click.Choice([each.value for each in AnswerKind]), default=AnswerKind.SCALE.value, show_default=True,
    help="What is answered: agree is yes or no, scale is 1 to 5, text is words.",
)  # fmt: skip
@stage
@options.dry_run
@click.pass_obj
def add(call: Call, code: str, text: str, kind: str, stage: str, dry_run: bool) -> None:
    """Ask one more QUESTION, last in the form of COURSE."""
    done = cli_changes.make_or_preview(
        call.context(),
        lambda ctx: questions.add_question(ctx, code, Stage(stage), text, AnswerKind(kind)),
        dry_run=dry_run,
    )
    stdout.print_records(call.form, FieldChange, done)
    options.remark_dry_run(dry_run)


@question.command("change")
@click.argument("code", metavar="COURSE")
@click.argument("number", type=int)
@click.argument("text", metavar="QUESTION")
@stage
@options.dry_run
@click.pass_obj
def change(call: Call, code: str, number: int, text: str, stage: str, dry_run: bool) -> None:
    """Ask question NUMBER of COURSE in other words; answers that came back count on."""
    done = cli_changes.make_or_preview(
        call.context(), lambda ctx: questions.reword_question(ctx, code, Stage(stage), number, text), dry_run=dry_run
    )
    stdout.print_records(call.form, FieldChange, done)
    options.remark_dry_run(dry_run)


@question.command("remove")
@click.argument("code", metavar="COURSE")
@click.argument("number", type=int)
@stage
@options.dry_run
@click.pass_obj
def remove(call: Call, code: str, number: int, stage: str, dry_run: bool) -> None:
    """Ask question NUMBER of COURSE no more; one that was answered stays, and so does the question of impact."""
    done = cli_changes.make_or_preview(
        call.context(), lambda ctx: questions.remove_question(ctx, code, Stage(stage), number), dry_run=dry_run
    )
    stdout.print_records(call.form, FieldChange, done)
    options.remark_dry_run(dry_run)
