"""template: how messages are worded."""

import sys

import click

from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.invocation import Call
from csc_tui.core.mail import outbox, templates
from csc_tui.core.mail.templates import TemplateCard, TemplateLine
from db.errors import WrongUse
from db.records.mail import MessageKind

kind = click.argument("kind", metavar="KIND", type=click.Choice([kind.value for kind in MessageKind]))


@click.group()
def template() -> None:
    """How each kind of message is worded: the program's words until you choose others.

    KIND is a kind of message as csc template list names it.
    """


@template.command("list")
@click.pass_obj
def list_templates(call: Call) -> None:
    """List every kind of message with its subject, and who worded it where that was not the program."""
    stdout.print_records(call.form, TemplateLine, templates.list_message_templates(call.context()))


@template.command("show")
@kind
@click.pass_obj
def show(call: Call, kind: str) -> None:
    """Show how KIND is worded, and which placeholders it may have."""
    _print(call, templates.get_template_card(call.context(), MessageKind(kind)))


@template.command("set")
@kind
@click.option("--subject", default=None, help="The new subject.")
@click.option("--file", "path", default=None, metavar="FILE", help="A file with the new text; - for stdin.")
@options.dry_run
@click.pass_obj
def put(call: Call, kind: str, subject: str | None, path: str | None, dry_run: bool) -> None:
    """Word KIND otherwise: another subject, another text from a file, or both.

    A placeholder is one word in curly brackets, such as {forename}; csc template show KIND lists them.
    """
    if subject is None and path is None:
        raise WrongUse("Say what is to change: --subject, --file, or both.")
    body = None if path is None else _text(path)
    _print(call, templates.set_template(call.context(), MessageKind(kind), subject=subject, body=body, dry_run=dry_run))
    options.remark_dry_run(dry_run)


@template.command("reset")
@kind
@click.pass_obj
def reset(call: Call, kind: str) -> None:
    """Give KIND the program's own words again."""
    _print(call, templates.reset_template(call.context(), MessageKind(kind)))


@template.command("preview")
@kind
@click.option("--person", default="", metavar="PERSON", help="As this person would get it; without, whoever is next.")
@click.option("--event", default="", metavar="EVENT", help="About this event.")
@click.pass_obj
def preview(call: Call, kind: str, person: str, event: str) -> None:
    """Show KIND as a real person would get it."""
    found = outbox.preview_letter(call.context(), MessageKind(kind), person=person, event=event)
    if call.form in ("csv", "json"):
        stdout.print_card(call.form, stdout.record_mappings([found])[0])
        return
    stdout.print_lines(f"To: {found.to}\nSubject: {found.subject}\n\n{found.body}")
    if found.note:
        stderr.remark(found.note)


def _print(call: Call, card: TemplateCard) -> None:
    values = {
        "kind": card.kind.value, "title": card.title, "edited_by": card.edited_by, "subject": card.letter.subject,
    }  # fmt: skip
    if call.form in ("csv", "json"):
        stdout.print_card(
            call.form,
            {**values, "body": card.letter.body,
             "placeholders": [{"placeholder": name, "meaning": meaning} for name, meaning in card.placeholders]},
        )  # fmt: skip
        return
    stdout.print_card(call.form, values)
    stdout.print_lines(f"\n{card.letter.body}\n")
    stdout.print_rows(
        call.form, ("placeholder", "stands for"), [(f"{{{name}}}", said) for name, said in card.placeholders]
    )


def _text(path: str) -> str:
    try:
        if path == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:
                data = file.read()
        return data.decode("utf-8-sig")
    except OSError as fault:
        raise WrongUse(f"{path} cannot be read ({fault.strerror}). Nothing was changed.") from None
    except UnicodeDecodeError as fault:
        raise WrongUse(f"{path} is not UTF-8 text (byte {fault.start + 1}). Nothing was changed.") from None
