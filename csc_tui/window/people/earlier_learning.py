"""A form that adds something a person learnt before or elsewhere."""

from functools import partial

from csc_tui.core.attendance import earlier_learning
from csc_tui.core.attendance.earlier_learning import AddedLearning, NewLearning
from csc_tui.core.people import queries as people_queries
from csc_tui.window.dialogs.form import Answers, Form, FormField, filled_rule, suggest_one
from csc_tui.window.shared import proposal as shared_proposal
from csc_tui.window.shared.data_screen import DataScreen, Found, load_or_tell
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.widgets.pieces import Pieces


async def ask_earlier_learning(screen: DataScreen[Found], person: str, name: str) -> None:
    """Ask what a person learnt before or elsewhere, and add it."""
    codes = await load_or_tell(screen, partial(people_queries.list_course_codes, screen.ctx))
    if codes is None:
        return
    fields = [
        FormField("course", "Course", hint="its code", fault=filled_rule, suggest=suggest_one(codes)),
        FormField("module", "Module", hint="its number; empty for all of it"),
        FormField("on", "When", hint="12/05/2015, 10/2016, 2016 or Y", fault=filled_rule),
        FormField("provider", "Provider", hint="who gave the training"),
        FormField("evidence", "Evidence", hint="such as a certificate's number"),
        FormField("expires", "Holds until", hint="if its source says so"),
    ]

    def ask(before: Answers | None, problem: str) -> Form:
        return Form(
            f"Earlier learning of {name}", fields, answers=before or {}, problem=problem,
            explanation="What was learnt before this database or elsewhere counts as what was attended here does. Y "
            "means that the day is not known.",
        )  # fmt: skip

    def propose(answers: Answers) -> Proposal[AddedLearning]:
        wanted = NewLearning(**answers)
        return Proposal(
            f"Add {wanted.course.upper()} to {name}?",
            lambda ctx, _: earlier_learning.add_earlier_learning(ctx, person, wanted),
            _added_lines,
            lambda done: f"{done.course} is added to what {done.name} learnt earlier.",
        )

    await shared_proposal.ask_until_done(screen, ask, propose)


def _added_lines(done: AddedLearning) -> list[Pieces]:
    state = "completes the course" if done.complete else "does not complete the course yet"
    return [[(f"{done.course}  ", "accent"), (done.learnt, "strong")], [(f"{done.name} {state}.", "plain")]]
