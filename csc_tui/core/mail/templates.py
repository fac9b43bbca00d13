"""How messages are worded here: the program's words until a coordinator chooses others."""

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
    """One kind of message: `edited_by` is empty, and `edited_at` (by the council's clock) None, where the words are the
    program's."""

    kind: str
    title: str
    subject: str
    edited_by: str
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """How a kind of message is worded, and what can be filled in: (placeholder, what it stands for)."""

    kind: MessageKind
    title: str
    letter: Letter
    edited_by: str
    placeholders: tuple[tuple[str, str], ...]


def list_message_templates(ctx: Context) -> list[TemplateLine]:
    """Every kind of message, in the order in which an event brings them."""
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
    """How one kind of message is worded."""
    with read_transaction():
        return make_template_card(ctx, kind)


def make_template_card(ctx: Context, kind: MessageKind) -> TemplateCard:
    """The same inside reading() or writing()."""
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
    """Word a kind of message; what is not given stays as it is. With `dry_run` it is only checked.

    Raises WrongUse for a placeholder the message knows nothing of, Stale when it is no longer worded as `expected`.
    """
    ctx.require(Role.COORDINATOR)
    with write_transaction():
        before = get_wording(kind)
        if expected is not None and before != expected:
            raise Stale("Somebody else has changed these words meanwhile. Nothing was changed. Look at theirs first.")
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
    """Give a kind of message the program's own words again. Raises NotFound where it has them."""
    ctx.require(Role.COORDINATOR)
    with write_transaction():
        before = get_wording(kind)
        if not messages.delete_template(kind):
            raise NotFound(
                f"{wording.MESSAGE_TITLES[kind]}: these are the program's own words already. Nothing was changed."
            )
        after = wording.DEFAULT_LETTERS[kind].subject
        write_history(ctx, "template reset", kind.value, before=before.subject, after=after)
    return get_template_card(ctx, kind)


def get_wording(kind: MessageKind) -> Letter:
    """How a kind of message is worded; inside reading() or writing()."""
    return get_all_wordings()[kind]


def get_all_wordings() -> dict[MessageKind, Letter]:
    """How every kind of message is worded; inside reading() or writing()."""
    own = {kind: Letter(each.subject, each.body) for kind, each in messages.fetch_templates().items()}
    return {**wording.DEFAULT_LETTERS, **own}
