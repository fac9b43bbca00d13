"""One key, one meaning, on every screen."""

from collections import Counter

from csc_tui.window.shared import key_language
from csc_tui.window.shared.key_language import KEY_LANGUAGE, OTHER_MEANINGS


def test_no_key_has_two_meanings() -> None:
    keys = Counter(key for each in KEY_LANGUAGE for key in each.each_key)
    assert [key for key, times in keys.items() if times > 1] == []


def test_no_binding_has_two_meanings() -> None:
    names = Counter([name for name, _ in key_language.meanings_of_names()] + list(OTHER_MEANINGS))
    assert [name for name, times in names.items() if times > 1] == []
