"""Does a command of the catalogue from anywhere: goes to its screen, and asks for what it is about where that is not
known.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from textual.app import App
from textual.screen import Screen

from csc_tui.base import programme_years
from csc_tui.base.text import format_count
from csc_tui.core.catalogue import course_rules
from csc_tui.core.groups import actions as groups_actions
from csc_tui.core.people import queries as people_queries
from csc_tui.window.command_catalogue import CatalogueCommand, CommandScope
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.dialogs.pick import PickDialog
from csc_tui.window.shared.columns import EVENT_COLUMNS, PERSON_COLUMNS
from csc_tui.window.shared.data_screen import DataScreen, load_or_tell
from csc_tui.window.shared.people_search import people_to_pick
from csc_tui.window.widgets.record_table import Column
from db.records.catalogue import Course
from db.records.groups import Group
from db.records.startup import EventLine

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CommandTarget:
    """The event (by its reference) or the person (by key and name) typed with a command, or both."""

    event: str = ""
    person: str = ""
    name: str = ""


NOTHING_TYPED = CommandTarget()


async def run_command(
    screen: DataScreen[Any], command: CatalogueCommand, target: CommandTarget = NOTHING_TYPED
) -> None:
    """Do a command on what was typed, else on what the screen is about, else on what is asked for."""
    if command.scope is CommandScope.PLACE:
        await _run_in_place(screen, command)
        return
    if command.scope is CommandScope.PERSON or (command.scope is CommandScope.BOOKING and not target.event):
        await _run_on_person(screen, command, target)
        return
    match command.scope:
        case CommandScope.GROUP:
            group = await _pick_group(screen, command)
            if group is not None:
                from csc_tui.window.groups.group import GroupScreen

                await _act(await _opened(screen, GroupScreen(screen.state, group.id)), command.action)
        case CommandScope.COURSE:
            course = await _pick_course(screen, command)
            if course is not None:
                from csc_tui.window.catalogue.course import CourseScreen

                year = programme_years.current_programme_year(screen.ctx)
                await _act(await _opened(screen, CourseScreen(screen.state, course.code, year)), command.action)
        case _:
            await _run_on_event(screen, command, target)


async def go_to_mode(screen: DataScreen[Any], mode: str) -> DataScreen[Any]:
    """Go to one of the modes, closing what was opened on it, and return its screen once it is there."""
    app = screen.app
    if app.current_mode != mode:
        await app.switch_mode(mode)
    while len(app.screen_stack) > 1:
        await app.pop_screen()
    return cast(DataScreen[Any], app.screen)


async def _run_in_place(screen: DataScreen[Any], command: CatalogueCommand) -> None:
    there = await go_to_mode(screen, command.mode)
    if command.detail:
        there.lead_to(command.detail)
    await _act(there, command.action)


async def _run_on_event(screen: DataScreen[Any], command: CatalogueCommand, target: CommandTarget) -> None:
    reference = target.event or str(getattr(screen, "reference", ""))
    if not reference:
        reference = await _pick_event(screen, command)
    if not reference:
        return
    match command.scope:
        case CommandScope.REGISTER:
            from csc_tui.window.attendance.register import RegisterScreen

            await _act(await _opened(screen, RegisterScreen(screen.state, reference)), command.action)
        case CommandScope.EVALUATION:
            from csc_tui.window.evaluation.results import EventEvaluationScreen

            await _act(await _opened(screen, EventEvaluationScreen(screen.state, reference)), command.action)
        case _:
            from csc_tui.window.calendar.event import EventScreen

            there = await _opened(screen, EventScreen(screen.state, reference))
            if target.person and command.scope is CommandScope.BOOKING:
                if not there.point_at_person(target.person):
                    there.say(f"{target.name} has no place on {reference}. Nothing was changed.", warning=True)
                    return
            elif target.person and command.action == "book":
                from csc_tui.window.booking import booking_dialogs

                await booking_dialogs.ask_to_book_person(there, reference, target.person, target.name)
                return
            await _act(there, command.action)


async def _run_on_person(screen: DataScreen[Any], command: CatalogueCommand, target: CommandTarget) -> None:
    from csc_tui.window.booking.place_screen import PlaceScreen
    from csc_tui.window.people.person import PersonScreen

    booking = command.scope is CommandScope.BOOKING
    if booking and not target.person and isinstance(screen, PlaceScreen) and screen.place() is not None:
        await _act(screen, command.action)
        return
    person = target.person or str(getattr(screen, "person", "")) or await _pick_person(screen, command)
    if not person:
        return
    there = await _opened(screen, PersonScreen(screen.state, person))
    if booking:
        places = there.places_for(command.action)
        if not places:
            there.say(f"{there.name_shown} has no place for this: {command.title.lower()}.", warning=True)
            return
        chosen = places[0] if len(places) == 1 else await _pick_line(there, command, places)
        if chosen is None or not there.table.point_at(chosen.key):
            return
    await _act(there, command.action)


async def _opened(screen: DataScreen[Any], wanted: Any) -> Any:
    """Return the screen in front if it shows the same thing, or else the wanted one once it is there."""
    front = screen.app.screen
    for name in ("reference", "person", "group_id", "code"):
        if type(front) is type(wanted) and hasattr(wanted, name) and getattr(front, name) == getattr(wanted, name):
            return front
    await screen.app.push_screen(wanted)
    return wanted


async def _act(there: Screen[Any], action: str) -> None:
    kind, colon, name = action.partition(":")
    if not action:
        return
    if not colon:
        await there.run_action(action)
    elif isinstance(there, DataScreen):
        for each in there.menu_actions():
            done = getattr(each.do, "func", None)
            if each.title == name if kind == "menu" else getattr(done, "__name__", "") == name:
                there.do(each)
                return


async def _pick(screen: DataScreen[Any], dialog: PickDialog[Row]) -> Row | None:
    picked = await screen.app.push_screen_wait(dialog)
    return picked.row if picked else None


async def _pick_event(screen: DataScreen[Any], command: CatalogueCommand) -> str:
    def find(text: str) -> tuple[Sequence[EventLine], str]:
        first = None if text.strip() else screen.ctx.today()
        found = people_queries.list_events(screen.ctx, text, first=first)
        return found, format_count(len(found), "event") if found else f"No match for '{text.strip()}'."

    dialog = PickDialog(
        f"{command.title}: which event?", EVENT_COLUMNS, lambda line: line.event, find,
        placeholder="Parts of an event's name or reference",
    )  # fmt: skip
    chosen = await _pick(screen, dialog)
    return chosen.event if chosen else ""


async def _pick_person(screen: DataScreen[Any], command: CatalogueCommand) -> str:
    dialog = PickDialog(
        f"{command.title}: which person?", PERSON_COLUMNS, lambda person: person.person,
        partial(people_to_pick, screen.ctx), placeholder="Parts of a name, e-mail, team, phone",
    )  # fmt: skip
    chosen = await _pick(screen, dialog)
    return chosen.person if chosen else ""


GROUPS: tuple[Column[Group], ...] = (
    Column("Group", lambda group: [(group.name, "strong")], 30, share=1),
    Column("People", lambda group: str(group.members), 6, right=True),
)
COURSES: tuple[Column[Course], ...] = (
    Column("Course", lambda course: [(course.code, "accent")], 12),
    Column("Title", lambda course: course.title, 30, share=1),
)


async def _pick_group(screen: DataScreen[Any], command: CatalogueCommand) -> Group | None:
    return await _pick_listed(
        screen, command, "group", GROUPS, lambda group: group.name, partial(groups_actions.list_groups, screen.ctx)
    )


async def _pick_course(screen: DataScreen[Any], command: CatalogueCommand) -> Course | None:
    return await _pick_listed(
        screen, command, "course", COURSES, lambda course: course.code,
        lambda: [course for course, _, _ in course_rules.list_course_rules(screen.ctx)],
    )  # fmt: skip


async def _pick_listed(
    screen: DataScreen[Any],
    command: CatalogueCommand,
    what: str,
    columns: Sequence[Column[Row]],
    key: Callable[[Row], str],
    read: Callable[[], Sequence[Row]],
) -> Row | None:
    rows = await load_or_tell(screen, read)
    if rows is None:
        return None
    listing: Listing[Row] = Listing(
        f"{command.title}: which {what}?", columns, key, rows, choosable=True, empty=f"There is no {what} yet."
    )
    return await screen.app.push_screen_wait(listing)


async def _pick_line(there: Any, command: CatalogueCommand, places: Sequence[Any]) -> Any:
    columns: tuple[Column[Any], ...] = (
        Column("Date", lambda line: line.when, 15),
        Column("Event", lambda line: [(line.what, "accent")], 14),
        Column("Title", lambda line: line.title, 20, share=1),
        Column("State", lambda line: line.detail, 12),
    )
    listing: Listing[Any] = Listing(
        f"{command.title}: which place of {there.name_shown}?", columns, lambda line: line.key, places, choosable=True
    )
    return await there.app.push_screen_wait(listing)


def start_command(
    screen: DataScreen[Any], command: CatalogueCommand, target: CommandTarget = NOTHING_TYPED
) -> Callable[[], Any]:
    """Return the call that does a command in a worker of the app, which outlives the screen it began on."""

    return begin_later(screen, run_command, command, target)


def begin_later(screen: DataScreen[Any], act: Callable[..., Awaitable[None]], *given: Any) -> Callable[[], None]:
    """Return the call that begins `act` in a worker of the app, which outlives the screen it began on."""

    async def work() -> None:
        await act(screen, *given)

    def begin() -> None:
        app: App[Any] = screen.app
        app.run_worker(work(), group="find")

    return begin


async def open_group(screen: DataScreen[Any], group_id: int) -> None:
    """Open a group."""
    from csc_tui.window.groups.group import GroupScreen

    await _opened(screen, GroupScreen(screen.state, group_id))


async def show_calendar_day(screen: DataScreen[Any], iso: str) -> None:
    """Open the calendar at a day."""
    (await go_to_mode(screen, "calendar")).lead_to(iso)


async def show_people_of(screen: DataScreen[Any], text: str) -> None:
    """Open People, narrowed to a team or organisation."""
    (await go_to_mode(screen, "people")).lead_to(text)
