"""evaluation, answer and question: results, forms filled in on paper, and the questions of a course."""

import click

from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.evaluation import questions
from csc_tui.core.evaluation.questions import QuestionLine
from csc_tui.core.reports.queries import STAGES
from db.errors import WrongUse
from db.records.calendar import FieldChange
from db.records.evaluation import AnswerKind, Stage

stage = click.option(
    "--stage", default=Stage.ON_THE_DAY.value, type=OneOf([each.value for each in Stage]), show_default=True,
    help="Asked on the day, or after three months.",
)  # fmt: skip


@click.command()
@click.argument("reference", metavar="EVENT")
@click.pass_obj
def evaluation(call: Call, reference: str) -> None:
    """Show the evaluation of EVENT: how many agree, answered and were asked, and comments, without names.

    People who attended are asked. To compare events, courses, facilitators or years: csc report evaluation.
    """
    found = evaluation_actions.show_event_evaluation(call.context(), reference)
    results = [
        {
            "stage": each.stage.value,
            "question": each.question,
            "agree": each.share.agree,
            "undecided": each.share.undecided,
            "answered": each.share.answered,
            "invited": each.share.invited,
            "percent": each.share.percent,
            "mean": each.mean,
            "answers": list(each.spread),
        }
        for each in found.results
    ]
    comments = [{"stage": when, "question": asked, "said": said} for when, asked, said in found.comments]
    if call.form in ("json", "csv"):
        about = {"event": found.event.reference, "title": found.event.title, "attended": found.attended}
        stdout.print_card(call.form, {**about, "results": results, "comments": comments})
        return
    lines = [f"{found.event.reference} {found.event.title}: {found.attended} attended"]
    for when in Stage:
        of_it = [each for each in found.results if each.stage is when]
        said = [each for each in found.comments if each[0] is when]
        if of_it:
            lines += ["", STAGES[when]]
        for each in of_it:
            mean = f", mean {each.mean}" if each.mean is not None else ""
            words = f"{each.share.answered} answered" if each.kind.value == "text" else f"{each.share}{mean}"
            lines += [f"  {each.position}. {each.question}", f"     {words}"]
            lines += [f"     - {text}" for _, question, text in said if question == each.question]
    if not found.results:
        lines.append("No one has been asked yet, because no register shows anyone as attended.")
    stdout.print_lines("\n".join(lines))


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("person", metavar="PERSON", default="")
@click.argument("given", metavar="N=ANSWER...", nargs=-1)
@click.option(
    "--nameless", is_flag=True, help="The form has no name: leave PERSON out. Each form counts as another person."
)
@stage
@options.dry_run
@click.pass_obj
def answer(
    call: Call, reference: str, person: str, given: tuple[str, ...], nameless: bool, stage: str, dry_run: bool
) -> None:
    """Record what PERSON answered on paper after EVENT, such as `csc answer BR-01 ann@example.org 1=yes 2=4`.

    Without answers the questions are listed with their numbers. Yes or no, 1 to 5, or words in quotation marks.
    """
    ctx, when = call.context(), Stage(stage)
    if nameless and person:
        given = (person, *given)
    elif "=" in person:
        raise WrongUse(f"Give PERSON before {person}, or --nameless. Nothing was saved.")
    if not given:
        asked = evaluation_actions.list_form_questions(ctx, reference, when)
        rows = [(each.position, each.text, each.kind.value) for each in asked]
        stdout.print_rows(call.form, ("question", "text", "kind"), rows)
        return
    said = _parse_answers(given)
    kept = (
        cli_changes.make_or_preview(
            ctx, lambda ctx: evaluation_actions.enter_paper_form(ctx, reference, when, said), dry_run=dry_run
        )
        if nameless
        else cli_changes.make_or_preview(
            ctx, lambda ctx: evaluation_actions.enter_answers(ctx, reference, person, when, said), dry_run=dry_run
        )
    )
    stdout.print_records(call.form, evaluation_actions.FormOutcome, [kept])
    options.remark_dry_run(dry_run)


def _parse_answers(given: tuple[str, ...]) -> dict[int, str]:
    said = {}
    for each in given:
        number, sign, text = each.partition("=")
        if not (sign and number.strip().isdecimal() and text.strip()):
            raise WrongUse(f"Type an answer as N=ANSWER, such as 1=yes, not '{each}'. Nothing was saved.")
        said[int(number)] = text
    return said


@click.group()
def question() -> None:
    """The evaluation questions of a course, on the day and after three months. The impact question comes first.

    Questions keep their numbers, which are used by csc answer and by files of answers.
    """


@question.command("list")
@click.argument("code", metavar="COURSE")
@click.pass_obj
def list_questions(call: Call, code: str) -> None:
    """List the questions of COURSE, with how many people have answered each."""
    stdout.print_records(
        call.form, QuestionLine, questions.list_course_questions(call.context(), code), leaving=("impact",)
    )


@question.command("add")
@click.argument("code", metavar="COURSE")
@click.argument("text", metavar="QUESTION")
@click.option(
    "--kind", type=OneOf([each.value for each in AnswerKind]), default=AnswerKind.SCALE.value, show_default=True,
    help="The kind of answer: agree is yes or no, scale is 1 to 5, text is a comment.",
)  # fmt: skip
@stage
@options.dry_run
@click.pass_obj
def question_add(call: Call, code: str, text: str, kind: str, stage: str, dry_run: bool) -> None:
    """Add QUESTION at the end of the form of COURSE."""
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
def question_change(call: Call, code: str, number: int, text: str, stage: str, dry_run: bool) -> None:
    """Change the words of question NUMBER of COURSE. Answers already received still count."""
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
def question_remove(call: Call, code: str, number: int, stage: str, dry_run: bool) -> None:
    """Remove question NUMBER of COURSE. Refused for the impact question, and if it has answers."""
    done = cli_changes.make_or_preview(
        call.context(), lambda ctx: questions.remove_question(ctx, code, Stage(stage), number), dry_run=dry_run
    )
    stdout.print_records(call.form, FieldChange, done)
    options.remark_dry_run(dry_run)
