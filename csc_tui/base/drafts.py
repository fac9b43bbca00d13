"""Drafts: text typed into a form and not saved yet, kept on this machine for its author in case the line is cut."""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

from csc_tui.base import config, state_files
from csc_tui.base.context import Context
from csc_tui.base.text import format_date
from db.engine.connection import bound_location
from db.records.os_faults import describe_os_fault

KEPT_DAYS = 14
"""Days a draft is kept: it holds personal data, which must not lie about for longer."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form's unsaved text.

    `answers` are the fields as typed, `seen` the values they were filled with; `at` says in words when it was kept.
    """

    at: str
    answers: dict[str, str]
    seen: dict[str, str]


def drafts_folder() -> str:
    """Return the folder that holds the drafts: one file each of mode 0600, in a folder of mode 0700."""
    return os.path.join(config.state_folder(), "drafts")


def save_draft(ctx: Context, what: str, answers: Mapping[str, str], seen: Mapping[str, str]) -> str:
    """Keep the text typed into the form `what`, replacing an earlier draft of it.

    Returns a sentence for the user where the draft cannot be written, else an empty string.
    """
    path = _path(ctx, what)
    now = ctx.now()
    text = json.dumps({"at": f"{format_date(now)} {now:%H:%M}", "answers": dict(answers), "seen": dict(seen)})
    try:
        state_files.replace_state_file(path, text)
    except OSError as fault:
        why = describe_os_fault(fault)
        return f"No draft can be kept, because its folder cannot be used ({why}). Save before you leave."
    return ""


def load_draft(ctx: Context, what: str) -> FormDraft | None:
    """Return the draft of the form `what`, or None where none can be read. Deletes drafts that are too old."""
    _delete_old_drafts()
    try:
        with open(_path(ctx, what), encoding="utf-8") as file:
            draft = json.load(file)
        return FormDraft(str(draft["at"]), _texts(draft["answers"]), _texts(draft["seen"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def discard_draft(ctx: Context, what: str) -> None:
    """Delete the draft of the form `what`, if there is one."""
    with contextlib.suppress(OSError):
        os.unlink(_path(ctx, what))


def _texts(values: Mapping[object, object]) -> dict[str, str]:
    return {str(name): str(text) for name, text in values.items()}


def _path(ctx: Context, what: str) -> str:
    """Return the path of a draft; it is a hash, so that the file's name does not tell whom the draft is about."""
    name = hashlib.sha256(f"{bound_location()}\0{ctx.actor}\0{what}".encode()).hexdigest()[:32]
    return os.path.join(drafts_folder(), f"{name}.json")


def _delete_old_drafts() -> None:
    oldest = time.time() - KEPT_DAYS * 86_400  # file times come from the machine's clock, whatever --today says
    with contextlib.suppress(OSError):
        for each in os.scandir(drafts_folder()):
            if each.is_file(follow_symlinks=False) and each.stat(follow_symlinks=False).st_mtime < oldest:
                os.unlink(each.path)
