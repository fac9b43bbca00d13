"""The limits of lists."""

NO_LIMIT = 10_000_000
"""For a list that is to be whole."""
