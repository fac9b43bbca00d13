"""Databases on the PostgreSQL server that CSC_TEST_SERVER names: made for a test, and dropped when it has ended."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

SERVER = os.environ.get("CSC_TEST_SERVER", "")
"""An address without a database, such as `postgresql://postgres@127.0.0.1:5432`; whoever it names may make some."""

needs_server = pytest.mark.skipif(not SERVER, reason="CSC_TEST_SERVER names no server")
_numbers = count(1)


@contextmanager
def new_database(template: str = "") -> Iterator[str]:
    """The address of a new database: the template's copy, or an empty one ordered as English is, not byte by byte."""
    import psycopg

    name = f"csc_test_{os.getpid()}_{next(_numbers)}"
    like = template.rpartition("/")[2] or "template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-GB'"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        if template:  # a copy is made only while nobody is connected, and the program keeps a connection for a while
            server.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (like,))
        server.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield f"{SERVER}/{name}"
    finally:
        with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
