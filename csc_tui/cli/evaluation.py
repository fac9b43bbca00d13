"""evaluation and answer: what people thought of an event, and what they answered on paper."""

import click

from csc_tui.cli import changes as cli_changes
from csc_tui.cli import options, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.evaluation import actions as evaluation_actions
from csc_tui.core.reports.queries import STAGES
from db.errors import WrongUse
from db.records.evaluation import Stage

stage = click.option(
    "--stage", default=Stage.ON_THE_DAY.value, type=click.Choice([each.value for each in Stage]), show_default=True,
    help="Asked on the day, or three months later.",
)  # fmt: skip


@click.command()
@click.argument("reference", metavar="EVENT")
@click.pass_obj
def evaluation(call: Call, reference: str) -> None:
    """Show what people answered after EVENT: n agree, n answered, n invited, and what they said, without names.

    Asked are those who were there. The reports compare events, courses, facilitators and years.
    """
    found = evaluation_actions.show_event_evaluation(call.context(), reference)
    results = [
        {
            "stage": each.stage.value,
            "question": each.question,
            "agree": each.share.agree,
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
    lines = [f"{found.event.reference} {found.event.title}: {found.attended} there"]
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
        lines.append("Nobody has been asked yet: no register says that anybody was there.")
    stdout.print_lines("\n".join(lines))


@click.command()
@click.argument("reference", metavar="EVENT")
@click.argument("person", metavar="PERSON", default="")
@click.argument("given", metavar="N=ANSWER...", nargs=-1)
@click.option("--nameless", is_flag=True, help="No name stands on the form: leave PERSON out. It counts as one more.")
@stage
@options.dry_run
@click.pass_obj
def answer(
    call: Call, reference: str, person: str, given: tuple[str, ...], nameless: bool, stage: str, dry_run: bool
) -> None:
    """Keep what PERSON answered on paper after EVENT, such as `csc answer BR-01 ann@example.org 1=yes 2=4`.

    Without answers the questions are listed with their numbers. Yes or no, 1 to 5, or words in quotation marks.
    """
    ctx, when = call.context(), Stage(stage)
    if nameless and person:
        given = (person, *given)
    elif "=" in person:
        raise WrongUse(f"Say who answered before {person}, or --nameless. Nothing was kept.")
    if not given:
        asked = evaluation_actions.list_form_questions(ctx, reference, when)
        rows = [(each.position, each.text, each.kind.value) for each in asked]
        stdout.print_rows(call.form, ("question", "text", "kind"), rows)
        return
    said = _said(given)
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


def _said(given: tuple[str, ...]) -> dict[int, str]:
    said = {}
    for each in given:
        number, sign, text = each.partition("=")
        if not (sign and number.strip().isdecimal() and text.strip()):
            raise WrongUse(f"An answer is written N=ANSWER, such as 1=yes, not '{each}'. Nothing was kept.")
        said[int(number)] = text
    return said
