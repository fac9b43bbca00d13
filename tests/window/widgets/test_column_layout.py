"""Which columns stand side by side, and the order of rows."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csc_tui.base.list_arrangements import ListArrangement
from csc_tui.window.widgets.column_layout import (
    GAP,
    Column,
    arranged_columns,
    lay_out_columns,
    natural_order,
    sorted_rows,
)


def column(title: str, width: int = 10, share: int = 0, from_width: int = 0) -> Column[str]:
    return Column(title, lambda row: row, width, share=share, from_width=from_width)


def titles(columns: list[Column[str]], room: int) -> list[list[str]]:
    return [[each.title for each, _ in page.columns] for page in lay_out_columns(columns, room, room)]


def test_what_does_not_fit_comes_behind_the_column_that_says_which_row_it_is() -> None:
    columns = [column(""), column("Name", 20), column("Team"), column("E-mail", 30), column("Phone")]
    assert titles(columns, 100) == [["", "Name", "Team", "E-mail", "Phone"]]
    assert titles(columns, 46) == [["", "Name", "Team"], ["", "Name", "E-mail"], ["", "Name", "Phone"]]


def test_a_column_for_wide_tables_is_on_a_later_page_of_a_narrow_one() -> None:
    columns = [column("Name"), column("Team", from_width=80), column("E-mail")]
    assert titles(columns, 79) == [["Name", "E-mail"], ["Name", "Team"]]
    assert titles(columns, 80) == [["Name", "Team", "E-mail"]]


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine says nothing about the strategy
@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3), st.integers(0, 120)), min_size=1, max_size=9),
    st.integers(0, 130),
)
def test_every_column_is_on_some_page_and_no_page_is_wider_than_the_table(
    sizes: list[tuple[int, int, int]], room: int
) -> None:
    columns = [column(str(number), *size) for number, size in enumerate(sizes)]
    pages = lay_out_columns(columns, room, room)
    assert {each.title for page in pages for each, _ in page.columns} == {each.title for each in columns}
    for page in pages:
        assert len(page.columns) == 1 or sum(size + GAP for _, size in page.columns) - GAP <= room + 1


def test_numbers_are_sorted_by_their_value_and_capitals_do_not_count() -> None:
    assert sorted(["BR-10", "br-9", "BR-1", "SOS-1"], key=natural_order) == ["BR-1", "br-9", "BR-10", "SOS-1"]


def test_rows_without_a_value_come_last_in_both_directions() -> None:
    rows = ["b", "", "a", "C"]
    assert sorted_rows(rows, column("Name"), descending=False) == ["a", "b", "C", ""]
    assert sorted_rows(rows, column("Name"), descending=True) == ["C", "b", "a", ""]


def test_chosen_columns_come_in_their_order_and_new_ones_keep_their_place() -> None:
    columns = [column(""), column("Name"), column("Team"), column("E-mail"), column("New")]
    chosen = ListArrangement(shown=("E-mail", "Name"), left_out=("Team",))
    assert [each.title for each in arranged_columns(columns, chosen)] == ["", "E-mail", "Name", "New"]
    assert arranged_columns(columns, ListArrangement(shown=("Gone",))) == tuple(columns)
