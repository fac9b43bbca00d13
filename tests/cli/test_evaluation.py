"""evaluation, answer and question as they are typed."""

from pathlib import Path

from csc_tui.base.context import Context
from tests import builders
from tests.cli.conftest import Csc


def test_the_story_of_a_form(csc: Csc, database: str) -> None:
    on = builders.event("BR-90", dates=("2017-04-03",))
    builders.mark(on, 1, builders.person("Bo Smith", email="bo@example.org"))
    builders.mark(on, 1, builders.person("Cy \x1b[2JJones", email="cy@example.org"))
    assert "no data (0 agree / 0 answered / 2 invited)" in csc("evaluation", "BR-90", form="plain").out
    assert [each["kind"] for each in csc("answer", "BR-90", "Bo Smith").json] == ["agree", "scale", "text"]
    kept = csc("answer", "BR-90", "Bo Smith", "1=yes", "2=4", "3=Ask \x1b[2Jfirst").json
    assert [(each["name"], each["outcome"]) for each in kept] == [("Bo Smith", "new")]
    done = csc(
        "import", "evaluations", "-", stdin="event,email,q1\nBR-90,cy@example.org,no\nBR-90,bo@example.org,yes\n"
    )
    assert (done.json["new"], done.json["same"], done.json["rejected"]) == (1, 1, 0)
    shown = csc("evaluation", "BR-90", form="plain").out
    assert "50 % (1 agree / 2 answered / 2 invited)" in shown
    assert "\x1b" not in shown
    assert "Bo" not in shown
    found = csc("evaluation", "BR-90").json
    assert (found["attended"], found["results"][0]["percent"], len(found["comments"])) == (2, 50, 1)


def test_wrong_use_keeps_nothing_and_says_so(csc: Csc, database: str) -> None:
    builders.event("BR-90")
    bo = builders.person("Bo Smith")
    for words, code in ((["1"], 2), (["one=yes"], 2), (["1="], 2), (["1=yes"], 3)):
        shown = csc("answer", "BR-90", bo.key, *words)
        assert (shown.code, shown.out) == (code, "")
        assert "othing was saved" in shown.err
    assert csc("evaluation", "NOPE-1").code == 1


def test_answers_come_by_mail_and_the_same_again_changes_nothing(ctx: Context, csc: Csc, tmp_path: Path) -> None:
    from tests import builders

    event = builders.event("BR-90", dates=["2017-04-03"])
    (ann,) = builders.booked(event, "Ann Smith")
    builders.mark(event, 1, ann)
    head = f"From: Ann Smith <{ann.email.upper()}>\nDate: Mon, 3 Apr 2017 13:05:00 +0000\n"
    (tmp_path / "answer.eml").write_text(f"{head}Subject: Re: [evaluation BR-90 on_the_day]\n\nQ1: yes\n\n> Q1: no\n")
    done = csc("import", "evaluations", tmp_path / "answer.eml", "--mail")
    assert (done.code, done.json["new"], done.json["problems"]) == (0, 1, [])
    assert csc("import", "evaluations", tmp_path / "answer.eml", "--mail").json["same"] == 1
    assert csc("evaluation", "BR-90").json["results"][0]["agree"] == 1
    (tmp_path / "answer.eml").write_text(f"{head}Subject: [evaluation BR-91]\n\nQ1: yes\n")
    assert csc("import", "evaluations", tmp_path / "answer.eml", "--mail").json["problems"][0]["problem"] == (
        "there is no event BR-91"
    )


def test_a_form_without_a_name_is_typed_in_and_a_missing_name_is_asked_for(csc: Csc, database: str) -> None:
    builders.mark(builders.event("BR-90", dates=["2017-04-03"]), 1, builders.person("Bo Smith"))
    assert csc("answer", "BR-90", "1=yes", "2=5", "--nameless").json[0]["outcome"] == "new"
    assert csc("evaluation", "BR-90").json["results"][1]["answers"] == [0, 0, 0, 0, 1]
    wrong = csc("answer", "BR-90", "1=yes")
    assert (wrong.code, "--nameless" in wrong.err) == (2, True)


def test_a_dry_run_of_an_answer_keeps_nothing_and_undo_takes_an_answer_back(csc: Csc, database: str) -> None:
    on = builders.event("BR-90", dates=["2017-04-03"])
    builders.mark(on, 1, builders.person("Bo Ek"))
    tried = csc("answer", "BR-90", "Bo Ek", "1=yes", "--dry-run")
    assert (tried.code, "nothing was changed" in tried.err) == (0, True)
    assert csc("answer", "BR-90", "Bo Ek", "1=yes").out == tried.out
    assert "form of Bo Ek on BR-90" in csc("undo").out
    assert csc("answer", "BR-90", "Bo Ek", "1=no").out == tried.out


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
