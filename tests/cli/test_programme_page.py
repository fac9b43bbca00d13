"""programme as it is typed."""

from pathlib import Path

from tests import builders
from tests.cli.conftest import Csc


def test_the_page_is_written_and_counted(csc: Csc, database: str, tmp_path: Path) -> None:
    builders.event("BR-90", dates=("2017-06-12", "2017-06-19"))
    path = tmp_path / "programme.html"
    done = csc("programme", "--year", "2017/18", "--html", path)
    assert (done.code, done.out) == (0, "")
    assert f"1 event with 2 sessions of 2017/18 in {path}." in done.err
    assert path.stat().st_mode & 0o777 == 0o600
    assert csc("programme", "--html", path).code == 3
    assert csc("programme").code == 2
