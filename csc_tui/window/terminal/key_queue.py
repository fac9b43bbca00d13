"""The queue of keys: each is taken up when what the one before it started has come to rest.

Textual hands every key to the widget that has the focus at that moment. Keys that come faster than a dialog opens would
run as commands of the screen below it.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from time import monotonic
from typing import Any, TypeVar

from textual.app import App, ScreenStackError
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Event, Key, MouseDown, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerError, WorkerState, get_current_worker

from csc_tui.base.text import format_count
from csc_tui.window.terminal.terminal_input import JoinedKeys

Result = TypeVar("Result")

BESIDE = ("poll", "beside")
"""The groups of workers that no key waits for: what they read is shown, and no key depends on it."""
ALWAYS_PASSING = ("quit", "redraw")
"""The actions whose keys never wait."""
PAUSE = 0.05
"""Seconds after a key in which it has not come to rest for certain, even if nothing is seen under way."""
LOST = 1.0
"""Seconds after which a widget that does not answer is taken to be gone."""
ROUNDS = 200
"""The most times to look whether a key has come to rest, so that a widget that is never silent locks nobody out."""
NAMED = 10
"""The most dropped keys that a sentence names."""


class AnsweredOnce(Screen[Result]):
    """A screen that can be left once, and only while it is in front."""

    answered = False

    def passing_actions(self, arrived: float) -> tuple[str, ...]:
        """Return the actions whose keys act at once, whatever is under way, if they arrived at that moment."""
        return ()

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        if self.answered or not self.is_current:
            return AwaitComplete.nothing()  # type: ignore[no-untyped-call, no-any-return]
        self.answered = True
        return super().dismiss(result)


class KeyQueue:
    """Holds the keys and pastes of an app until each may be taken up."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[Key | Paste] = deque()
        self._released: Key | Paste | None = None
        self._in_hand: Key | Paste | None = None
        self._taken_up_at = 0.0
        self._target: DOMNode | None = None
        self._typed = False
        self._turns: asyncio.Task[None] | None = None
        self._questions: dict[Worker[Any], AnsweredOnce[Any]] = {}
        self._in_view: set[Worker[Any]] = set()
        self._earlier: set[Worker[Any]] = set()
        self._watches: dict[Worker[Any], asyncio.Task[None]] = {}
        self._stirred = asyncio.Event()

    @property
    def number_waiting(self) -> int:
        """Return how many keys wait."""
        return len(self._waiting) + (self._released is not None)

    @property
    def arrived_at(self) -> float:
        """Return when the key in hand arrived."""
        return self._in_hand.time if self._in_hand is not None else monotonic()

    def keep(self, event: Event) -> bool:
        """Return whether the event has to wait; it is kept and comes again when it may be taken up."""
        if not isinstance(event, Key | Paste):
            if isinstance(event, MouseDown):
                self._in_hand = None
            return False
        if event.is_forwarded:
            return False
        if event is self._released or (not isinstance(event, JoinedKeys) and self._passes(event)):
            self._take_up(event)
            return False
        # A letter behind an escape is looked at when its turn comes: what it means depends on where the focus is then.
        self._waiting.append(event)
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns())
        return True

    def drop(self) -> str:
        """Drop the keys that wait for a step that was refused, and return the sentence about them or nothing.

        While a letter is typed into a field nothing is dropped: a half-typed date is refused, too.
        """
        if self._typed or not self._waiting:
            return ""
        names = [_name(each) for each in self._waiting]
        self._waiting.clear()
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return f"{format_count(len(names), 'key')} typed ahead did nothing: {' '.join(names[:NAMED])}{more}."

    @contextlib.contextmanager
    def asking(self, question: AnsweredOnce[Any]) -> Iterator[None]:
        """Note that the current worker waits for an answer, so that no key waits for the worker."""
        worker = get_current_worker()
        self._questions[worker] = question
        self._stirred.set()
        try:
            yield
        finally:
            self._questions.pop(worker, None)

    @contextlib.contextmanager
    def working_in_view(self) -> Iterator[None]:
        """Note that the current worker does long work beside the screen, which stays in use."""
        worker = get_current_worker()
        self._in_view.add(worker)
        self._stirred.set()
        try:
            yield
        finally:
            self._in_view.discard(worker)

    def close(self) -> None:
        """Take up no more keys."""
        self._waiting.clear()
        if self._turns is not None:
            self._turns.cancel()

    def _take_up(self, event: Key | Paste) -> None:
        if event is self._released:
            self._released = None
        elif self._in_hand is None:
            self._earlier.update(self._app.workers)  # what was under way before the first key was not started by it
        self._in_hand = event
        self._taken_up_at = monotonic()
        self._target = self._app.focused or self._app.screen
        self._typed = self._is_typing(event)

    def _passes(self, event: Key | Paste) -> bool:
        """Return whether the event may be taken up at once."""
        if not self._app.screen_stack:
            return False
        if not self._waiting and self._released is None:
            if self._goes_on_typing(event):
                return True
            if event.time > self._taken_up_at + PAUSE and self._is_quiet():
                return True
        return isinstance(event, Key) and self._interrupts(event)

    def _goes_on_typing(self, event: Key | Paste) -> bool:
        """Return whether the event is a letter for the field that the one before it went to."""
        return self._typed and self._is_typing(event) and self._app.focused is self._target

    def _is_typing(self, event: Key | Paste) -> bool:
        """Return whether the event is a letter that the focused field keeps to itself."""
        field = self._app.focused
        return (
            isinstance(event, Key)
            and field is not None
            and bool(event.is_printable)
            and field.check_consume_key(event.key, event.character)
        )

    def _is_in_field(self) -> bool:
        field = self._app.focused
        return field is not None and field.check_consume_key("a", "a")

    def _interrupts(self, event: Key) -> bool:
        """Return whether the key has an action that must not wait, such as closing the window."""
        if event.is_printable:
            return False
        screen = self._app.screen
        found = screen.active_bindings.get(event.key)
        passing = screen.passing_actions(event.time) if isinstance(screen, AnsweredOnce) else ()
        return found is not None and found.binding.action.rpartition(".")[2] in (*ALWAYS_PASSING, *passing)

    async def _take_turns(self) -> None:
        try:
            while self._waiting:
                if not self._goes_on_typing(self._waiting[0]):
                    await self._come_to_rest()
                if self._waiting:
                    event = self._waiting.popleft()
                    if isinstance(event, JoinedKeys) and not self._is_in_field():
                        self._waiting.extendleft(reversed(event.parts))
                        event = self._waiting.popleft()
                    self._released = event
                    self._app.post_message(self._released)
                    await self._worked_through(self._app)
        except ScreenStackError:  # the window is being closed
            self._waiting.clear()
        finally:
            self._turns = self._released = None

    async def _come_to_rest(self) -> None:
        """Wait until the key in hand has had its effect, or somebody is asked a question because of it."""
        for _ in range(ROUNDS):
            await self._key_is_handled()
            await self._is_drawn()
            if busy := self._busy_workers():
                await self._stirs(busy)
            elif self._is_quiet():
                return

    async def _key_is_handled(self) -> None:
        """Follow the key from the widget that got it up to the app."""
        await self._worked_through(self._app)
        target = self._target
        if target is not None and target.is_attached:
            for node in target.ancestors_with_self:
                await self._worked_through(node)
        for node in self._nodes():
            if node.message_queue_size:
                await self._worked_through(node)

    async def _worked_through(self, pump: MessagePump) -> None:
        """Wait until a widget has worked through its messages."""
        done = asyncio.Event()
        if pump.is_running and pump.call_later(done.set):
            await _come(done)

    async def _is_drawn(self) -> None:
        """Wait until the screen in front has its focus, and shows what was mounted on it."""
        done = asyncio.Event()
        if self._app.screen.call_after_refresh(done.set):
            await _come(done)

    def _nodes(self) -> list[DOMNode]:
        return [self._app, *self._app.screen.walk_children(with_self=True)]

    def _is_quiet(self) -> bool:
        """Return whether no widget has a message to work through, and no worker is under way."""
        if self._busy_workers():
            return False
        return not any(
            node.message_queue_size or (isinstance(node, Widget) and not node.is_mounted) for node in self._nodes()
        )

    def _busy_workers(self) -> list[Worker[Any]]:
        """Return the workers that a key has to wait for."""
        return [
            each
            for each in self._app.workers
            if each.state is WorkerState.RUNNING
            and each.group not in BESIDE
            and each not in self._earlier
            and each not in self._in_view
            and not self._asks(each)
        ]

    def _asks(self, worker: Worker[Any]) -> bool:
        question = self._questions.get(worker)
        return question is not None and question.is_attached and not question.answered

    async def _stirs(self, busy: list[Worker[Any]]) -> None:
        """Wait until one of the workers ends or asks something."""
        self._stirred.clear()
        for each in busy:
            if each not in self._watches:
                self._watches[each] = asyncio.create_task(self._watch(each))
        await self._stirred.wait()

    async def _watch(self, worker: Worker[Any]) -> None:
        with contextlib.suppress(WorkerError):
            await worker.wait()
        del self._watches[worker]
        self._stirred.set()


class QueueingApp(App[Result]):
    """An app in a terminal that takes up one key at a time."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.key_queue = KeyQueue(self)

    def get_driver_class(self) -> type[Driver]:
        from csc_tui.window.terminal.driver import CellDriver

        return CellDriver

    async def on_event(self, event: Event) -> None:
        if not self.key_queue.keep(event):
            await super().on_event(event)

    async def push_screen_wait(self, screen: Screen[Any] | str, *, mode: str | None = None) -> Any:
        if not isinstance(screen, AnsweredOnce):
            return await super().push_screen_wait(screen, mode=mode)
        with self.key_queue.asking(screen):
            return await super().push_screen_wait(screen, mode=mode)

    def on_unmount(self) -> None:
        self.key_queue.close()


def drop_keys_typed_ahead(node: MessagePump) -> str:
    """Drop the keys that wait for a step that was refused, and return the sentence about them or nothing."""
    app = node.app
    return app.key_queue.drop() if isinstance(app, QueueingApp) else ""


def working_in_view(node: MessagePump) -> contextlib.AbstractContextManager[None]:
    """Let keys pass while the current worker does long work that the screen shows, and that does not cover it."""
    app = node.app
    return app.key_queue.working_in_view() if isinstance(app, QueueingApp) else contextlib.nullcontext()


def arrival_of_key(node: MessagePump) -> float:
    """Return when the key in hand arrived, by the monotonic clock; a click counts as arriving now."""
    app = node.app
    return app.key_queue.arrived_at if isinstance(app, QueueingApp) else monotonic()


async def _come(done: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), LOST)


def _name(event: Key | Paste) -> str:
    if isinstance(event, Paste):
        return "(pasted text)"
    return event.character if event.is_printable and event.character else event.key
