"""The words of messages, which are the program's own until a coordinator changes them."""

from dataclasses import dataclass, replace
from datetime import datetime

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from csc_tui.core.mail import wording
from csc_tui.core.mail.wording import Letter
from db import messages
from db.engine.connection import read_transaction, write_transaction
from db.errors import NotFound, Stale
from db.records.mail import MessageKind, MessageTemplate
from db.records.startup import Role


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A kind of message in the list of templates.

    While the words are the program's own, `edited_by` is empty and `edited_at` (local time) None.
    """

    kind: str
    title: str
    subject: str
    edited_by: str
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """The words of a kind of message, and its placeholders as (placeholder, meaning)."""

    kind: MessageKind
    title: str
    letter: Letter
    edited_by: str
    placeholders: tuple[tuple[str, str], ...]


def list_message_templates(ctx: Context) -> list[TemplateLine]:
    """Return every kind of message, in the order in which an event brings them."""
    with read_transaction():
        edited = messages.fetch_templates()
    lines = []
    for kind in MessageKind:
        own = edited.get(kind)
        lines.append(
            TemplateLine(
                kind.value, wording.MESSAGE_TITLES[kind], own.subject if own else wording.DEFAULT_LETTERS[kind].subject,
                own.edited_by if own else "", ctx.local(own.edited_at) if own else None,
            )
        )  # fmt: skip
    return lines


def get_template_card(ctx: Context, kind: MessageKind) -> TemplateCard:
    """Return the words of one kind of message."""
    with read_transaction():
        return make_template_card(ctx, kind)


def make_template_card(ctx: Context, kind: MessageKind) -> TemplateCard:
    """Return the words of one kind of message; to be called inside a transaction."""
    own = messages.fetch_templates().get(kind)
    letter = Letter(own.subject, own.body) if own else wording.DEFAULT_LETTERS[kind]
    edited_by = own.edited_by if own else ""
    return TemplateCard(
        kind, wording.MESSAGE_TITLES[kind], letter, edited_by, tuple(wording.allowed_placeholders(kind).items())
    )


def set_template(
    ctx: Context,
    kind: MessageKind,
    *,
    subject: str | None = None,
    body: str | None = None,
    expected: Letter | None = None,
    dry_run: bool = False,
) -> TemplateCard:
    """Change the words of a kind of message; what is not given stays, and with `dry_run` the words are only checked.

    Raises WrongUse for a placeholder that the message does not have, and Stale when the words are not `expected` any
    more.
    """
    ctx.require(Role.COORDINATOR)
    with write_transaction():
        before = get_wording(kind)
        if expected is not None and before != expected:
            raise Stale(
                "Someone else has changed this template in the meantime. Nothing was changed. Look at their "
                "version first."
            )
        after = wording.check_letter(
            kind, Letter(before.subject if subject is None else subject, before.body if body is None else body)
        )
        if dry_run:
            return replace(make_template_card(ctx, kind), letter=after)
        if after != before:
            messages.store_template(MessageTemplate(kind, after.subject, after.body, ctx.actor, ctx.stamp()))
            write_history(ctx, "template changed", kind.value, before=before.subject, after=after.subject)
    return get_template_card(ctx, kind)


def reset_template(ctx: Context, kind: MessageKind) -> TemplateCard:
    """Give a kind of message the program's own words again. Raises NotFound when it has them already."""
    ctx.require(Role.COORDINATOR)
    with write_transaction():
        before = get_wording(kind)
        if not messages.delete_template(kind):
            raise NotFound(f"{wording.MESSAGE_TITLES[kind]}: this is already the standard text. Nothing was changed.")
        after = wording.DEFAULT_LETTERS[kind].subject
        write_history(ctx, "template reset", kind.value, before=before.subject, after=after)
    return get_template_card(ctx, kind)


def get_wording(kind: MessageKind) -> Letter:
    """Return the words of a kind of message; to be called inside a transaction."""
    return get_all_wordings()[kind]


def get_all_wordings() -> dict[MessageKind, Letter]:
    """Return the words of every kind of message; to be called inside a transaction."""
    own = {kind: Letter(each.subject, each.body) for kind, each in messages.fetch_templates().items()}
    return {**wording.DEFAULT_LETTERS, **own}
