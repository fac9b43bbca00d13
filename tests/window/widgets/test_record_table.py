"""The one list of the window, without any database."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from csc_tui.window.widgets.record_table import Column, RecordTable


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    town: str = ""


def people(*numbers: int, town: str = "") -> list[Person]:
    return [Person(f"#{number}", f"Person {number:03}", town) for number in numbers]


class Opened(Message):
    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person


class Shown(App[None]):
    CSS = "RecordTable { height: 1fr; overflow: hidden hidden; }"

    def __init__(self, **options: Any) -> None:
        super().__init__()
        columns = (
            Column[Person]("Name", lambda person: person.name, 12, share=1),
            Column[Person]("Town", lambda person: person.town, 10, from_width=50),
        )
        self.table: RecordTable[Person] = RecordTable(columns, lambda person: person.key, **options)
        self.chosen: list[str] = []
        self.opened: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_record_table_chosen(self) -> None:
        assert self.table.pointed is not None
        self.chosen.append(self.table.pointed.key)

    def on_opened(self, message: Opened) -> None:
        self.opened.append(message.person.key)


Listed = Callable[..., AbstractAsyncContextManager[tuple[RecordTable[Person], Pilot[None]]]]


@pytest.fixture
def listed() -> Listed:
    @asynccontextmanager
    async def opened(
        rows: list[Person], size: tuple[int, int] = (40, 11), **options: Any
    ) -> AsyncIterator[tuple[RecordTable[Person], Pilot[None]]]:
        app = Shown(**options)
        async with app.run_test(size=size) as pilot:
            app.table.focus()
            app.table.show(rows)
            await pilot.pause()
            yield app.table, pilot

    return opened


def lines(table: RecordTable[Person]) -> list[str]:
    return [table.render_line(y).text.rstrip(" ┃") for y in range(table.size.height)]


def seen_at(table: RecordTable[Person]) -> int:
    return next(number for number, line in enumerate(lines(table)) if line.startswith("▌"))


async def test_only_what_can_be_seen_is_asked_for(listed: Listed) -> None:
    asked: list[str] = []

    def name(person: Person) -> str:
        asked.append(person.key)
        return person.name

    async with listed(people(*range(5000))) as (table, _):
        table._columns = (Column("Name", name, 12),)
        lines(table)
        assert len(asked) <= table.size.height


def thumb(table: RecordTable[Person]) -> list[int]:
    return [y for y in range(table.size.height) if table.render_line(y).text.endswith("┃")]


async def test_the_scroll_bar_is_there_when_there_is_more_and_moves_with_the_rows(listed: Listed) -> None:
    async with listed(people(*range(10))) as (table, _):
        assert thumb(table) == []
    async with listed(people(*range(50))) as (table, pilot):
        assert thumb(table) == [1, 2]
        await pilot.press("end")
        assert thumb(table) == [9, 10]


async def test_the_wheel_rolls_the_rows_and_leaves_the_cursor(listed: Listed) -> None:
    async with listed(people(*range(50))) as (table, pilot):
        table.on_mouse_scroll_down()
        await pilot.pause()
        assert lines(table)[1].strip() == "Person 003"
        assert table.cursor == 0
        table.on_mouse_scroll_up()
        await pilot.pause()
        assert lines(table)[1] == "▌ Person 000"


async def test_titles_stay_while_the_rows_scroll(listed: Listed) -> None:
    async with listed(people(*range(50))) as (table, pilot):
        await pilot.press("end")
        assert lines(table)[0].split() == ["Name", *["1", "more", "column:", ">", "shows", "it"]]
        assert lines(table)[-1] == "▌ Person 049"


@pytest.mark.parametrize(
    ("keys", "at"), [(("down",), 1), (("pagedown",), 9), (("end",), 49), (("end", "pageup"), 40), (("end", "home"), 0)]
)
async def test_keys_move_the_cursor_and_it_is_always_in_sight(listed: Listed, keys: tuple[str, ...], at: int) -> None:
    async with listed(people(*range(50))) as (table, pilot):
        await pilot.press(*keys)
        assert table.cursor == at
        assert lines(table)[seen_at(table)] == f"▌ Person {at:03}"


async def test_the_cursor_stays_on_its_row_and_the_row_on_its_line(listed: Listed) -> None:
    async with listed(people(*range(10, 60))) as (table, pilot):
        await pilot.press(*["down"] * 20)
        before = seen_at(table)
        table.show(people(*range(60)))
        await pilot.pause()
        assert table.pointed == Person("#30", "Person 030")
        assert seen_at(table) == before


async def test_a_row_that_goes_leaves_the_cursor_where_it_was(listed: Listed) -> None:
    async with listed(people(1, 2, 3)) as (table, pilot):
        await pilot.press("down")
        table.show(people(1, 3))
        assert table.pointed == Person("#3", "Person 003")
        table.show([])
        assert table.pointed is None


async def test_the_same_rows_again_draw_nothing_and_one_changed_row_draws_one_line(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listed(people(*range(5))) as (table, pilot):
        drawn: list[int] = []
        real = RecordTable._draw
        monkeypatch.setattr(RecordTable, "_draw", lambda table, y, *line: drawn.append(y) or real(table, y, *line))
        table.show(people(*range(5)))
        await pilot.pause()
        assert drawn == []
        changed = people(*range(5))
        changed[3] = Person("#3", "Somebody else")
        table.show(changed)
        await pilot.pause()
        assert drawn == [4]


async def test_groups_open_with_a_line_that_the_cursor_passes_over(listed: Listed) -> None:
    rows = [*people(1, 2, town="Grimsby"), *people(3, town="Immingham")]
    async with listed(rows, group=lambda person: person.town) as (table, pilot):
        assert [line.strip() for line in lines(table)[1:6]] == [
            "Grimsby", "▌ Person 001", "Person 002", "Immingham", "Person 003",
        ]  # fmt: skip
        await pilot.press("down", "down")
        assert table.pointed == Person("#3", "Person 003", "Immingham")


async def test_the_first_group_comes_back_into_sight_with_its_first_row(listed: Listed) -> None:
    async with listed(people(*range(50), town="Grimsby"), group=lambda person: person.town) as (table, pilot):
        await pilot.press("end", "home")
        assert lines(table)[1].strip() == "Grimsby"


async def test_columns_give_way_on_a_narrow_terminal(listed: Listed) -> None:
    async with listed(people(1, town="Grimsby"), size=(40, 5)) as (table, _):
        assert "Grimsby" not in lines(table)[1]
    async with listed(people(1, town="Grimsby"), size=(60, 5)) as (table, _):
        assert "Grimsby" in lines(table)[1]


async def test_an_empty_list_says_what_to_do_once_it_was_read(listed: Listed) -> None:
    async with listed(people(1), empty="Nobody is here. Import people.") as (table, _):
        assert "Nobody" not in "".join(lines(table))
        table.show([])
        assert "Nobody is here." in "".join(lines(table))


async def test_a_click_points_and_a_second_click_opens(listed: Listed) -> None:
    async with listed(people(1, 2, 3)) as (table, pilot):
        await pilot.click(RecordTable, offset=(5, 2))
        assert table.cursor == 1
        app = pilot.app
        assert isinstance(app, Shown)
        assert app.chosen == []
        await pilot.click(RecordTable, offset=(5, 2))
        assert app.chosen == ["#2"]


async def test_enter_opens_only_what_can_be_opened(listed: Listed) -> None:
    async with listed(people(1)) as (_, pilot):
        await pilot.press("enter")
        assert isinstance(pilot.app, Shown)
        assert pilot.app.chosen == ["#1"]
    async with listed(people(1), choosable=False) as (_, pilot):
        await pilot.press("enter")
        assert isinstance(pilot.app, Shown)
        assert pilot.app.chosen == []


async def test_a_row_says_what_it_opens_and_without_that_the_screen_decides(listed: Listed) -> None:
    def open_row(person: Person) -> Message | None:
        return Opened(person) if person.town else None

    rows = [*people(1, town="Leeds"), *people(2)]
    async with listed(rows, opens=open_row) as (_, pilot):
        app = pilot.app
        assert isinstance(app, Shown)
        await pilot.press("enter")
        assert (app.opened, app.chosen) == (["#1"], [])
        await pilot.press("down", "enter")
        assert (app.opened, app.chosen) == (["#1"], ["#2"])


async def test_wide_letters_do_not_push_the_columns_apart(listed: Listed) -> None:
    rows = [Person("#1", "日本語の長い名前です" * 3, "Grimsby"), Person("#2", "Bo", "Grimsby")]
    async with listed(rows, size=(60, 5)) as (table, _):
        strips = [table.render_line(y) for y in (1, 2)]
        assert {strip.cell_length for strip in strips} == {table.size.width}


async def test_space_selects_one_row_after_the_other_with_a_sign_before_each(listed: Listed) -> None:
    async with listed(people(1, 2, 3), markable=True) as (table, pilot):
        await pilot.press("space", "space")
        assert [row.key for row in table.marked] == ["#1", "#2"]
        assert [line[:4] for line in lines(table)[1:4]] == [" • P", " • P", "▌  P"]
        assert lines(table)[0].endswith("2 selected")
        await pilot.press("up", "space")
        assert [row.key for row in table.targets] == ["#1"]


async def test_without_a_selection_the_row_under_the_cursor_is_meant(listed: Listed) -> None:
    async with listed(people(1, 2), markable=True) as (table, pilot):
        await pilot.press("down")
        assert table.marked == []
        assert [row.key for row in table.targets] == ["#2"]


async def test_the_asterisk_selects_all_and_then_none(listed: Listed) -> None:
    async with listed(people(1, 2, 3), markable=True) as (table, pilot):
        await pilot.press("asterisk")
        assert len(table.marked) == 3
        await pilot.press("asterisk")
        assert table.marked == []
        assert "selected" not in lines(table)[0]


async def test_what_is_selected_stays_so_by_its_key_when_rows_come_and_go(listed: Listed) -> None:
    async with listed(people(1, 2, 3), markable=True) as (table, pilot):
        await pilot.press("space", "space")
        table.show([*people(0), *people(2, 3, town="York")])
        await pilot.pause()
        assert [row.key for row in table.marked] == ["#2"]
        table.show(people(1, 2, 3))
        assert [row.key for row in table.marked] == ["#2"], "who came back is not selected behind one's back"


async def test_rows_of_other_lists_are_not_selected(listed: Listed) -> None:
    async with listed(people(1, 2)) as (table, pilot):
        await pilot.press("space", "asterisk")
        assert table.marked == []
        assert lines(table)[1].startswith("▌ P")


@pytest.mark.parametrize(
    ("width", "shown"),
    [(40, ["1,234,567", "12345"]), (39, ["1,234,567", "123…"]), (34, ["1,234,567"]), (30, ["1,234…"])],
)
async def test_half_a_number_is_never_shown_as_if_it_were_a_number(
    listed: Listed, width: int, shown: list[str]
) -> None:
    async with listed([Person("#1", "Ann", "1,234,567")], size=(width, 11)) as (table, _):
        table.set_columns(
            [
                Column("Name", lambda person: person.name, 20),
                Column("Number", lambda person: person.town, 9),
                Column("Last", lambda _: "12345", 5),
            ]
        )
        assert lines(table)[1].split() == ["▌", "Ann", *shown]


async def test_a_long_text_runs_on_where_nothing_stands_beside_it(listed: Listed) -> None:
    rows = [Person("#1", "A very long name indeed"), Person("#2", "A very long name indeed", "Hull")]
    async with listed(rows, size=(34, 11)) as (table, _):
        table.set_columns(
            [Column("Name", lambda person: person.name, 12), Column("Town", lambda person: person.town, 16)]
        )
        assert [line[2:].split("  ")[0] for line in lines(table)[1:3]] == ["A very long name indeed", "A very long…"]
        assert table.cut() == []
        table.action_down()
        assert table.cut() == ["A very long name indeed"]


async def sorted_names(table: RecordTable[Person], pilot: Pilot[None], *keys: str) -> list[str]:
    await pilot.press(*keys)
    await pilot.pause()
    return [person.key for person in table.rows]


async def test_o_sorts_by_one_column_after_the_other_and_then_as_the_list_was(listed: Listed) -> None:
    rows = [Person("#1", "Bo", "Leeds"), Person("#2", "Al", "York"), Person("#3", "Cy", "Hull")]
    async with listed(rows, size=(60, 8)) as (table, pilot):
        assert await sorted_names(table, pilot, "o") == ["#2", "#1", "#3"]
        assert "Name↑" in lines(table)[0]
        assert await sorted_names(table, pilot, "O") == ["#3", "#1", "#2"]
        assert "Name↓" in lines(table)[0]
        assert await sorted_names(table, pilot, "o") == ["#3", "#1", "#2"]
        assert "Town↑" in lines(table)[0]
        assert await sorted_names(table, pilot, "o") == ["#1", "#2", "#3"]
        assert "↑" not in lines(table)[0]


async def test_a_click_on_a_heading_sorts_and_a_second_one_turns_it_round(listed: Listed) -> None:
    rows = [Person("#1", "Bo", "Leeds"), Person("#2", "Al", "York"), Person("#3", "Cy", "Hull")]
    async with listed(rows, size=(60, 8)) as (table, pilot):
        town = lines(table)[0].index("Town")
        for expected in (["#3", "#1", "#2"], ["#2", "#1", "#3"], ["#1", "#2", "#3"]):
            await pilot.click(RecordTable, offset=(town + 1, 0))
            assert [person.key for person in table.rows] == expected


async def test_new_rows_are_sorted_too_and_the_cursor_stays_on_its_row(listed: Listed) -> None:
    rows = [Person("#1", "Bo"), Person("#2", "Al"), Person("#3", "Cy")]
    async with listed(rows) as (table, pilot):
        await pilot.press("o", "down")
        assert table.pointed == rows[0]
        table.show([*rows, Person("#4", "Abe")])
        assert [person.key for person in table.rows] == ["#4", "#2", "#1", "#3"]
        assert table.pointed == rows[0]


async def test_a_sorted_list_keeps_its_groups_unless_other_columns_say_what_they_said(listed: Listed) -> None:
    rows = [Person("#1", "Cy", "York"), Person("#2", "Al", "York"), Person("#3", "Bo", "Hull")]
    async with listed(rows, group=lambda person: person.town) as (table, pilot):
        assert await sorted_names(table, pilot, "o") == ["#2", "#1", "#3"]
        assert [line.strip() for line in lines(table)[1:6]] == ["York", "▌ Al", "Cy", "Hull", "Bo"]
    town = Column[Person]("", lambda person: person.town, 6)
    async with listed(rows, group=lambda person: person.town, ungrouped=[town]) as (table, pilot):
        assert await sorted_names(table, pilot, "o") == ["#2", "#3", "#1"]
        assert [line.split() for line in lines(table)[1:4]] == [["▌", "York", "Al"], ["Hull", "Bo"], ["York", "Cy"]]


async def test_a_list_whose_query_sorts_is_asked_again(listed: Listed) -> None:
    asked: list[str] = []
    async with listed(people(1, 2), reorder=lambda: asked.append("again")) as (table, pilot):
        assert await sorted_names(table, pilot, "o", "O") == ["#1", "#2"]
        assert asked == ["again", "again"]
        assert table.order == ("Name", True)


async def test_columns_that_do_not_fit_are_told_and_turned_to(listed: Listed) -> None:
    async with listed(people(1, town="Grimsby"), size=(40, 5)) as (table, pilot):
        assert "1 more column: > shows it" in lines(table)[0]
        await pilot.press("greater_than_sign")
        assert "Grimsby" in lines(table)[1]
        assert lines(table)[1].startswith("▌ Person 001")
        await pilot.press("less_than_sign")
        assert "Grimsby" not in lines(table)[1]


async def test_a_line_is_drawn_once_for_as_long_as_it_stays_the_same(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listed(people(*range(50))) as (_, pilot):
        drawn: list[int] = []
        real = RecordTable._draw
        monkeypatch.setattr(RecordTable, "_draw", lambda table, y, *line: drawn.append(y) or real(table, y, *line))
        await pilot.press("down")
        await pilot.pause()
        assert drawn == [1, 2], "the row the cursor left, and the row it came to"
        await pilot.press("up")
        await pilot.pause()
        assert drawn == [1, 2], "both were drawn like this before"
