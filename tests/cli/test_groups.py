"""group and resource as they are typed."""

from tests import builders
from tests.cli.conftest import Csc


def test_a_group_is_filled_from_a_pasted_list_and_booked_in_one_step(csc: Csc, database: str) -> None:
    builders.person("Bo Smith", email="bo@example.org")
    builders.person("Cy Jones", email="cy@example.org")
    builders.event("SOS-PL-90", course="SOS-PL", capacity=5)
    made = csc("group", "create", "Set 9", "--kind", "action_learning_set", "--course", "SOS-ALS").json
    assert (made[0]["name"], made[0]["members"]) == ("Set 9", 0)
    joined = csc("group", "add", "Set 9", "-", "--role", "chair", stdin="Bo <bo@example.org>\ncy@example.org\n").json
    assert [(each["name"], each["outcome"]) for each in joined] == [("Bo Smith", "joined"), ("Cy Jones", "joined")]
    dry = csc("group", "enrol", "set 9", "SOS-PL-90", "--dry-run")
    assert [each["outcome"] for each in dry.json] == ["booked", "booked"]
    assert csc("roster", "SOS-PL-90").code == 1
    assert csc("group", "enrol", "set 9", "SOS-PL-90").code == 0
    assert len(csc("roster", "SOS-PL-90").json) == 2
    assert csc("group", "remove", "set 9", "Bo Smith", "--reason", "moved").json[0]["outcome"] == "left"
    shown = csc("group", "show", "set 9").json
    assert [(each["name"], each["role"], each["joined"], each["left"]) for each in shown] == [
        ("Cy Jones", "chair", "2017-04-10", None)
    ]
    assert len(csc("group", "show", "set 9", "--all").json) == 2
    listed = csc("group", "list").json
    assert [each["members"] for each in listed] == [1, 0]
    assert csc("group", "show", "nope").code == 1
    nobody = csc("group", "enrol", "practice leads", "SOS-PL-90")
    assert (nobody.code, "no members today" in nobody.err) == (1, True)


def test_resources_are_listed_added_and_removed(csc: Csc) -> None:
    made = csc("resource", "add", "Handbook", "--link", "www.example.org", "--course", "BR", "--edition", "2").json[0]
    assert (made["kind"], made["edition"], made["course"]) == ("link", "2", "BR")
    changed = csc("resource", "change", made["resource"], "--edition", "3").json[0]
    assert (changed["title"], changed["edition"]) == ("Handbook", "3")
    before = len(csc("resource", "list").json)
    assert csc("resource", "remove", made["resource"]).code == 0
    assert len(csc("resource", "list").json) == before - 1
    both = csc("resource", "add", "Handbook", "--link", "www.example.org", "--document", "x", "--course", "BR")
    assert (both.code, both.out) == (2, "")


def test_meetings_are_planned_and_commitments_kept_between_them(csc: Csc, database: str) -> None:
    builders.person("Bo Smith", email="bo@example.org")
    csc("group", "add", "practice", "bo@example.org")
    planned = csc("group", "meet", "practice", "--date", "2/5/2017", "--start", "14:00", "--times", "2")
    assert [each["event"] for each in planned.json if each["field"] == "booked"] == ["SOS-PL-01", "SOS-PL-02"]
    seen = csc("group", "attendance", "practice").json
    assert [(each["name"], each["event"], each["mark"]) for each in seen] == [
        ("Bo Smith", "SOS-PL-01", "booked"), ("Bo Smith", "SOS-PL-02", "booked"),
    ]  # fmt: skip
    words = ("group", "commit", "practice", "bo@example.org", "Ring the school", "--by", "25/04/2017")
    assert (csc(*words, "--dry-run").code, csc("group", "commitments").code) == (0, 0)
    assert csc("group", "commitments").json == []
    made = csc(*words).json[0]
    assert (made["what"], made["due"], made["standing"]) == ("Ring the school", "2017-04-25", "open")
    late = csc("group", "commitments", "--overdue", today="2017-05-02").json
    assert [each["standing"] for each in late] == ["overdue"]
    assert csc("group", "recommit", made["commitment"], "--by", "1/6/2017").json[0]["due"] == "2017-06-01"
    done = csc("group", "settle", made["commitment"], "--remark", "Well").json[0]
    assert (done["standing"], done["settled"], done["remark"]) == ("done", "2017-04-10", "Well")
    again = csc("group", "settle", made["commitment"])
    assert (again.code, "already done" in again.err) == (3, True)
    assert csc("group", "change", "practice", "--name", "Leads").json[0]["after"] == "Leads"
    assert csc("group", "change", "Leads").code == 2
