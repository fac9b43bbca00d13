"""The base of screens with places: their keys, and which of them are dim and why."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from csc_tui.core.booking.refusals import Refusals
from csc_tui.window.booking import many_places, place_dialogs
from csc_tui.window.booking.place_dialogs import Place
from csc_tui.window.shared.data_screen import DataScreen, Found
from db.records.startup import Role

ACTIONS = ("cancel_place", "transfer", "substitute", "agree", "decline", "reorder")
"""The actions on the place under the cursor."""


ONE_AT_A_TIME = ("substitute", "reorder")
"""The actions that can be done to one place only."""
BINDINGS: tuple[BindingType, ...] = (
    Binding("x", "cancel_place", "Cancel", id="place.cancel", tooltip="Give up the place under the cursor"),
    Binding("t", "transfer", "Transfer", id="place.transfer", tooltip="Move the person to another event"),
    Binding("s", "substitute", "Substitute", id="place.substitute", tooltip="Give the place to another person"),
    Binding("A", "agree", "Approve", id="place.agree", tooltip="Approve the request, or accept the offered place"),
    Binding("d", "decline", "Decline", id="place.decline", tooltip="Decline the request or the offered place"),
)
"""The keys of every screen with places."""


class PlaceScreen(DataScreen[Found]):
    """A screen with places; the table of moves decides which of its keys are dim."""

    NEEDS: ClassVar = dict.fromkeys(("book", *ACTIONS), Role.BOOKER)

    REPEATABLE = frozenset({"cancel_place", "transfer", "agree", "decline", "reply"})

    def place(self) -> Place | None:
        """Return the place under the cursor, or None."""
        raise NotImplementedError

    def selected(self) -> Sequence[Place]:
        """Return the selected places; empty where places cannot be selected."""
        return ()

    def done(self) -> None:
        """Called once the action on the selected places is done."""

    def refusals(self, place: Place) -> Refusals:
        raise NotImplementedError

    def nothing_pointed_at(self) -> str:
        """Return the sentence for an action that needs a place where none is under the cursor."""
        raise NotImplementedError

    def why_not(self, action: str) -> str:
        sentence = super().why_not(action)
        if sentence or action not in ACTIONS:
            return sentence
        if selected := self.selected():
            if action in ONE_AT_A_TIME:
                return "This is for one person at a time. Press escape to clear the selection. Nothing was changed."
            against = [self.why_not_for(action, each) for each in selected]
            return "" if "" in against else against[0]
        place = self.place()
        return self.why_not_for(action, place) if place else self.nothing_pointed_at()

    def why_not_for(self, action: str, place: Place) -> str:
        return self.refusals(place).get(place.move(action), "")

    @work(group="write")
    async def _act(self, action: str, do: Callable[[DataScreen[Found], str, str, str], Awaitable[None]]) -> None:
        place, selected = self.place(), self.selected()
        if self.refused(action):
            return
        if selected:
            refused = {each: self.why_not_for(action, each) for each in selected}
            await many_places.act_on_places(self, action, refused, self.done)
        elif place is not None:
            await do(self, place.reference, place.person, place.name)

    def action_cancel_place(self) -> None:
        self._act("cancel_place", place_dialogs.ask_place_cancellation)

    def action_transfer(self) -> None:
        self._act("transfer", place_dialogs.ask_transfer)

    def action_substitute(self) -> None:
        self._act("substitute", place_dialogs.ask_substitute)

    def action_agree(self) -> None:
        place = self.place()
        self._act("agree", place_dialogs.ask_acceptance if place and place.offered else place_dialogs.ask_approval)

    def action_decline(self) -> None:
        self._act("decline", place_dialogs.ask_decline)

    def action_reorder(self) -> None:
        self._act("reorder", place_dialogs.ask_queue_place)
