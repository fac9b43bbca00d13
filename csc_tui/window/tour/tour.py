"""The tour for a first day: five minutes of steps done for real on made-up people, each noticed when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.app import App
from textual.screen import Screen
from textual.timer import Timer

from csc_tui.base import tour_progress
from csc_tui.base.context import Context
from csc_tui.core.history import queries as history_queries
from csc_tui.core.history.queries import HistoryFilter
from csc_tui.core.people import queries as people_queries
from csc_tui.window.dialogs.dialog import Dialog
from csc_tui.window.shared.data_screen import DataScreen
from csc_tui.window.tour.strip import TourStrip
from csc_tui.window.widgets.masthead import Masthead
from db.errors import CscError

LOOK_SECONDS = 0.4
RECENT = 30
"""The lines of one's own history that are searched for what was just done."""


@dataclass(frozen=True, slots=True)
class TourFacts:
    """The facts by which a step is judged to be done.

    `mode` and `screen` say where one is, `asking` is the title of a dialog, `done` holds the verbs of the history since
    the step began, and `waits` says whether people wait for the open event.
    """

    mode: str
    screen: str
    asking: str
    done: frozenset[str]
    waits: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class TourStep:
    """A step of the tour.

    A step that `goes_on` begins where the step before ended, so somebody who comes back begins with that one.
    """

    title: str
    text: str
    is_done: Callable[[TourFacts], bool]
    goes_on: bool = False


STEPS: tuple[TourStep, ...] = (
    TourStep(
        "Where you are",
        "This is Today: what needs action, and what is coming up. Digits open the other places; escape goes back. "
        "Press 4 for People.",
        lambda facts: facts.mode == "people",
    ),
    TourStep(
        "Someone is on the phone",
        "Press f to find anything, from any screen. Type siobhan, choose one with the arrow keys and press enter.",
        lambda facts: facts.screen == "PersonScreen",
    ),
    TourStep(
        "Book her a place",
        "Press b, type being, choose an event with the arrow keys and press enter. You see what would happen: press "
        "enter to confirm, or escape to cancel.",
        lambda facts: bool(facts.done & {"booked", "waitlisted", "requested"}),
        goes_on=True,
    ),
    TourStep(
        "Undo it",
        "That was the wrong event. Press u to undo your last change; you see what it was, and enter confirms.",
        lambda facts: "undone" in facts.done,
        goes_on=True,
    ),
    TourStep(
        "A full event",
        "Press 3 for the events. BR-03 is full and has a waiting list (W): choose it, or another like it, and press "
        "enter.",
        lambda facts: facts.screen == "EventScreen" and facts.waits(),
    ),
    TourStep(
        "Someone cannot come",
        "With the cursor on someone who is booked (B) press x. Choose a reason with the down key, enter; see who moves "
        "up; enter.",
        lambda facts: any(verb.startswith("cancelled") for verb in facts.done),
        goes_on=True,
    ),
    TourStep(
        "A register",
        "Press 1, put the cursor on today's session and press enter; r opens its register. p marks a person present "
        "and moves to the next.",
        lambda facts: "marked" in facts.done,
    ),
    TourStep(
        "A new person",
        "Press f and type Zorba Greek. There is no such person, so enter adds him. Type zorba@example.org as his "
        "e-mail, then ctrl+s, enter.",
        lambda facts: "person added" in facts.done,
    ),
    TourStep(
        "The year",
        "Press 2 for the calendar; the arrow keys move by days and weeks, enter goes to the sessions of a day.",
        lambda facts: facts.mode == "calendar",
    ),
    TourStep(
        "Everything else",
        "ctrl+p lists everything you can do on a screen. Press it, type charges, enter.",
        lambda facts: facts.asking.startswith("Charges"),
    ),
    TourStep(
        "Help",
        "? explains where you are, with every key; f1 does so even while you type. Press it and choose Glossary; "
        "escape closes it.",
        lambda facts: facts.asking == "Glossary",
    ),
)
END = TourStep(
    "The end of the tour",
    "Explore as long as you like: nothing here is saved. ? and then Tour takes it again; q closes the window.",
    lambda facts: False,
)


class Tour:
    """One tour under way in a window; `check_progress` notices what was done."""

    def __init__(self, app: App[Any], ctx: Context) -> None:
        self._app, self._ctx = app, ctx
        self._timer: Timer | None = None
        self._since = 0
        self.number = 0

    @property
    def step(self) -> TourStep:
        return STEPS[self.number] if self.number < len(STEPS) else END

    @property
    def running(self) -> bool:
        return self._timer is not None

    def start(self) -> None:
        """Begin at the step where it was left, or at the first where it was finished."""
        if self.running:
            return
        self.number = first_step_from(tour_progress.load_tour_step(self._ctx))
        self._timer = self._app.set_interval(LOOK_SECONDS, self.check_progress)
        self._app.screen_change_signal.subscribe(self._app, self._show_on, immediate=True)
        self._begin()

    def stop(self) -> None:
        """Put the tour away; it continues from this step the next time."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self._app.screen_change_signal.unsubscribe(self._app)
            for screen in self._app.screen_stack:
                screen.query(TourStrip).remove()
                screen.remove_class("touring")

    def skip(self) -> None:
        """Go on to the next step."""
        self.number = min(self.number + 1, len(STEPS))
        self._begin()

    def check_progress(self) -> None:
        """Go on if what the step asks for was done."""
        if not self.running:
            return
        if self.step.is_done(self._facts()):
            self.skip()
        elif not self._app.screen.query(TourStrip):
            self._show_on(self._app.screen)

    def _begin(self) -> None:
        tour_progress.save_tour_step(self._ctx, self.number)
        self._since = max((each for each, _ in self._own()), default=0)
        self._show_on(self._app.screen)

    def _facts(self) -> TourFacts:
        screen = self._app.screen
        done = frozenset(verb for number, verb in self._own() if number > self._since)
        asking = screen.title or "" if isinstance(screen, Dialog) else ""
        return TourFacts(self._app.current_mode, type(screen).__name__, asking, done, partial(self._waits, screen))

    def _waits(self, screen: Screen[Any]) -> bool:
        try:
            return bool(people_queries.get_event_card(self._ctx, getattr(screen, "reference", "")).waiting)
        except CscError:
            return False

    def _own(self) -> list[tuple[int, str]]:
        try:
            found = history_queries.list_history(self._ctx, HistoryFilter(by=self._ctx.actor), limit=RECENT)
        except CscError:  # the screens show the error; the tour waits
            return []
        return [(each.line.id, each.line.verb) for each in found if each.line.actor == self._ctx.actor]

    def _show_on(self, screen: Screen[Any]) -> None:
        """Put the strip on the screen, or the words of this step into it."""
        words = (self.number + 1, len(STEPS), self.step.title, self.step.text)
        if not self.running or not screen.is_attached:
            return
        if strips := screen.query(TourStrip):
            strips.first().say(*words)
            return
        screen.add_class("touring")
        head = screen.query(Masthead)
        if isinstance(screen, Dialog):
            screen.mount(TourStrip(*words))
        elif head:
            screen.mount(TourStrip(*words), after=head.first())
        elif isinstance(screen, DataScreen):  # still being built: shown as soon as it is mounted
            screen.call_after_refresh(self._show_on, screen)


def first_step_from(number: int) -> int:
    """Return the step to begin with after leaving at this one; the first after the end."""
    if number >= len(STEPS):
        return 0
    while STEPS[number].goes_on:
        number -= 1
    return number
