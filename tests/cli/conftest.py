"""The command line in this process: fast enough for tables of cases. `builders.csc` runs the real one."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from csc_tui.cli import lookups, main


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Csc = Callable[..., Done]


@pytest.fixture
def csc(location: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Csc:
    """`csc("who", "smith", form="table")` on this test's database; `way` may be quick or parser alone."""

    def run(
        *words: object,
        form: str = "json",
        today: str = "2017-04-10T09:00",
        stdin: str | bytes = "",
        way: str = "either",
        db: str = location,
    ) -> Done:
        given = ["--db", db, "--format", form, "--today", today, "--as", "alice", *map(str, words)]
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        capsys.readouterr()
        code = lookups.run_lookup(given) if way != "parser" else None
        assert code is not None or way != "quick", "the quick way gave it to the parser"
        if code is None:
            code = main.run_command_line(given)
        return Done(code, *capsys.readouterr())

    return run
