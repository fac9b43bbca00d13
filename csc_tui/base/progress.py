"""The type of the function that long work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""A function told how many pieces of the work are done, and of how many."""
