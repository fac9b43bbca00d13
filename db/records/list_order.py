"""The order in which a query returns its rows, where a list shows only the first of them."""

from typing import NamedTuple


class ListOrder(NamedTuple):
    """The name of what the rows are sorted by, and whether from high to low."""

    by: str
    descending: bool
