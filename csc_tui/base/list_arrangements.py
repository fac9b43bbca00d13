"""Remembers how each person arranged each list, its columns and the order of its rows, in a file only they can read."""

import os
from dataclasses import asdict, dataclass

from csc_tui.base import config, state_files
from csc_tui.base.context import Context
from db.records.os_faults import describe_os_fault


@dataclass(frozen=True, slots=True)
class ListArrangement:
    """The columns of a list by name, in their order, those left out, and the column it is sorted by.

    Columns that are in neither stand where the list has them; an empty `sorted_by` is the list's own order.
    """

    shown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sorted_by: str = ""
    descending: bool = False


def load_list_arrangements(ctx: Context) -> dict[str, ListArrangement]:
    """Return the arrangement of each list that has one, by the list's name; nothing where none can be read."""
    if not os.path.isdir(_folder()):
        return {}  # as for most people when the window opens, which need not wait for the imports
    import json

    try:
        with open(_path(ctx), encoding="utf-8") as file:
            stored = json.load(file)
        return {str(name): _arrangement(given) for name, given in stored.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_list_arrangements(ctx: Context, arrangements: dict[str, ListArrangement]) -> str:
    """Keep the arrangements; return a sentence for the user where the file cannot be written, else an empty string."""
    import json

    path = _path(ctx)
    text = json.dumps({name: asdict(each) for name, each in arrangements.items() if each != ListArrangement()})
    try:
        state_files.replace_state_file(path, text)
    except OSError as fault:
        why = describe_os_fault(fault)
        return f"The list is arranged until you close the window, but this cannot be remembered ({why})."
    return ""


def _arrangement(given: dict[str, object]) -> ListArrangement:
    shown, left_out = given["shown"], given["left_out"]
    if not isinstance(shown, list) or not isinstance(left_out, list):
        raise TypeError("the columns are no list")
    return ListArrangement(
        tuple(map(str, shown)), tuple(map(str, left_out)), str(given["sorted_by"]), given["descending"] is True
    )


def _path(ctx: Context) -> str:
    import hashlib

    return os.path.join(_folder(), f"{hashlib.sha256(ctx.actor.encode()).hexdigest()[:16]}.json")


def _folder() -> str:
    return os.path.join(config.state_folder(), "lists")
