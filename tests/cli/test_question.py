"""question as it is typed."""

from tests.cli.conftest import Csc


def test_questions_are_listed_added_changed_and_removed(csc: Csc) -> None:
    listed = csc("question", "list", "br").json
    assert [(each["stage"], each["position"], each["impact"]) for each in listed][:2] == [
        ("on_the_day", 1, True), ("on_the_day", 2, False),
    ]  # fmt: skip
    assert csc("question", "add", "br", "Warm?", "--kind", "agree", "--dry-run").code == 0
    assert len(csc("question", "list", "br").json) == len(listed)
    assert csc("question", "add", "br", "Warm?", "--kind", "agree").json[0]["after"] == "Warm?"
    assert csc("question", "change", "br", "4", "Warm enough?").json[0]["before"] == "Warm?"
    assert csc("question", "remove", "br", "4").code == 0
    assert csc("question", "list", "br").json == listed
    refused = csc("question", "remove", "br", "1")
    assert (refused.code, "impact" in refused.err) == (3, True)
