"""Checks on keys changed in the settings file: known names, real keys, and no key with two meanings."""

import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys
from textual.screen import ModalScreen, Screen

from db.errors import WrongUse

_KEY = re.compile(r"(?:(?:ctrl|shift|alt)\+)*(?:[^\W_]|f[0-9]{1,2}|[a-z_]{2,})")


def classes_with_keys(window: type[App[Any]]) -> list[type[DOMNode]]:
    """Return every class that can have keys of its own; this imports all screens."""
    from csc_tui import window as package

    names = [each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    found = [window, *chain.from_iterable(vars(importlib.import_module(name)).values() for name in names)]
    return list(dict.fromkeys(each for each in found if isinstance(each, type) and issubclass(each, DOMNode)))


def names_of_keys(found: Iterable[type[DOMNode]]) -> set[str]:
    """Return the ids of all keys of these classes that the settings can change."""
    bases = {base for owner in found for base in owner.__mro__}
    return {each.id for base in bases for each in _bindings(base) if each.id}


def checked_keymap(keys: Mapping[str, object], window: type[App[Any]], where: str) -> dict[str, str]:
    """Return the changed keys as Textual wants them; `where` begins every complaint. Raises WrongUse."""
    found = classes_with_keys(window)
    known = names_of_keys(found)
    for name, key in keys.items():
        if name not in known:
            raise WrongUse(
                f"{where}: there is no key named '{name}'.{_near(name, known)} The help (?) shows the names."
            )
        if not isinstance(key, str) or not key.strip():
            raise WrongUse(f"{where}: the key for '{name}' should be text such as \"ctrl+b\", not {key!r}.")
        for each in key.split(","):
            if not _is_key(each.strip()):
                raise WrongUse(f"{where}: '{each.strip()}' for '{name}' is not a key. Write b, f5, space or ctrl+b.")
    for owner in found:
        _refuse_two_meanings(_in_front_of(owner, window), keys, where)
    return {name: ",".join(each.strip() for each in str(key).split(",")) for name, key in keys.items()}


def _is_key(text: str) -> bool:
    *_, last = text.split("+")
    if not _KEY.fullmatch(text) or len(last) == 1:
        return bool(_KEY.fullmatch(text))
    try:
        return last in set(Keys) or bool(unicodedata.lookup(last.replace("_", " ").upper()))
    except KeyError:
        return False


def _near(name: str, known: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1, 0.75)
    return f" Did you mean '{near[0]}'?" if near else ""


def _refuse_two_meanings(given: Mapping[str, str], keys: Mapping[str, object], where: str) -> None:
    taken: dict[str, str] = {}
    for name, before in given.items():
        for key in str(keys.get(name, before)).split(","):
            other = taken.setdefault(key.strip(), name)
            if other != name and (name in keys or other in keys):
                raise WrongUse(
                    f"{where}: '{key.strip()}' would be both '{other}' and '{name}'. Choose another for one of them."
                )


def _in_front_of(owner: type[DOMNode], window: type[App[Any]]) -> dict[str, str]:
    """Return name -> keys of what works while `owner` is in front; a screen has the window's own keys as well."""
    found: dict[str, str] = {}
    beneath = window.__mro__ if issubclass(owner, Screen) and not issubclass(owner, ModalScreen) else ()
    for base in reversed([*owner.__mro__, *beneath]):
        for each in _bindings(base):
            if each.id:
                found[each.id] = f"{found[each.id]},{each.key}" if each.id in found else each.key
    return found


def _bindings(base: type) -> list[Binding]:
    return [each for each in vars(base).get("BINDINGS", ()) if isinstance(each, Binding)]
