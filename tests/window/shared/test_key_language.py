"""One key, one meaning, on every screen."""

from collections import Counter

from csc_tui.window import app
from csc_tui.window.shared import key_language
from csc_tui.window.shared.key_language import KEY_LANGUAGE, OTHER_MEANINGS


def test_no_key_has_two_meanings() -> None:
    keys = Counter(key for each in KEY_LANGUAGE for key in each.each_key)
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_binding_has_two_meanings() -> None:
    names = Counter([name for name, _ in key_language.meanings_of_names()] + list(OTHER_MEANINGS))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_key_has_the_meaning_of_the_table_on_every_screen() -> None:
    said = dict(key_language.meanings_of_names())
    wrong = []
    for owner in app.key_owners():
        for binding in vars(owner).get("BINDINGS", ()):
            if owner.__module__.startswith("csc_tui") and binding.id not in OTHER_MEANINGS:
                keys = said[binding.id].each_key if binding.id in said else []
                wrong += [
                    f"{key} on {owner.__name__}: {binding.id}" for key in binding.key.split(",") if key not in keys
                ]
    assert wrong == []


def test_the_exceptions_are_few_and_have_a_reason() -> None:
    assert len(OTHER_MEANINGS) <= 10
    assert all(reason.endswith(".") for reason in OTHER_MEANINGS.values())


def test_the_table_names_only_bindings_that_there_are() -> None:
    names = {name for name, _ in key_language.meanings_of_names()} | set(OTHER_MEANINGS)
    assert names - app.key_names() == set()
