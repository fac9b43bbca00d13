"""outbox and template: messages that are due, written to files or sent, and how each kind is worded."""

import sys

import click

from csc_tui.base.text import format_count, status_label
from csc_tui.cli import options, stderr, stdout
from csc_tui.cli.choices import OneOf
from csc_tui.cli.invocation import Call
from csc_tui.cli.progress import stoppable_progress
from csc_tui.cli.remedies import word_for_shell
from csc_tui.core.mail import delivery, mail_server, message_files, outbox, templates
from csc_tui.core.mail.message_files import WrittenMessage
from csc_tui.core.mail.outbox import MessageChoice, OutboxLine
from csc_tui.core.mail.templates import TemplateCard, TemplateLine
from db.errors import WrongUse
from db.records.mail import MessageKind, MessageState
from db.records.os_faults import describe_os_fault

_KIND = OneOf([kind.value for kind in MessageKind])
_STATE = OneOf([state.value for state in MessageState])
kind = click.option("--kind", type=_KIND, help="Only messages of this kind.")
event = click.option("--event", default="", metavar="EVENT", help="Only messages about this event.")
ids = click.argument("ids", nargs=-1, metavar="[ID]...")


@click.group(name="outbox")
def outbox_() -> None:
    """Messages and invitations that are due: list, write, send or skip them. Each is sent once.

    What is due depends on the bookings and dates at the moment. For the text of each kind of message: csc template.
    """


@outbox_.command("list")
@kind
@event
@click.option("--state", type=_STATE, help="Only messages in this state.")
@click.option("--made", is_flag=True, help="Messages already written, sent or skipped, newest first.")
@click.pass_obj
def list_messages(call: Call, kind: str | None, event: str, state: str | None, made: bool) -> int:
    """List the messages that are due, that failed, or that may not have arrived."""
    made = made or (state is not None and MessageState(state) in outbox.DONE)
    found = outbox.list_outbox(call.context(), _choice((), kind, event), made=made)
    if state:
        found = [each for each in found if each.state == state]
    _print_lines(call, found)
    if not found:
        stderr.remark("Nothing has been sent yet." if made else "Nothing is due.")
        return stderr.NOTHING_FOUND if call.form not in ("csv", "json") else stderr.DONE
    return stderr.DONE


@outbox_.command("show")
@click.argument("code", metavar="ID")
@click.pass_obj
def show(call: Call, code: str) -> None:
    """Show the full text of message ID, as it was sent or as it would be sent now."""
    found = outbox.get_message_card(call.context(), code)
    values = stdout.record_mappings([found])[0]
    if call.form in ("csv", "json"):
        stdout.print_card(call.form, values)
        return
    body = str(values.pop("body"))
    stdout.print_card(call.form, values)
    stdout.print_lines("\n" + body)


@outbox_.command("write")
@ids
@click.option("--to", "folder", required=True, metavar="DIR", help="The folder to write to; made if it is not there.")
@kind
@event
@options.dry_run
@click.pass_obj
def write(call: Call, ids: tuple[str, ...], folder: str, kind: str | None, event: str, dry_run: bool) -> int:
    """Write what is due to DIR: an e-mail (.eml) for each message, with the calendar file (.ics) of invitations.

    Messages written to a folder count as sent: they are not due again.
    """
    with stoppable_progress("Writing") as (progress, stop):
        done = message_files.write_messages(
            call.context(), folder, _choice(ids, kind, event), dry_run=dry_run, progress=progress, stop=stop
        )
    if done.lines or call.form in ("csv", "json"):
        _print_written(call, done.lines, ("file",))
    for each in done.unreachable:
        stderr.remark(f"No message for {each.to.name}: {each.fault}")
    if stop.is_set():
        stderr.remark(
            f"Stopped. {format_count(len(done.lines), 'message')} are in {folder}; {done.left} still to be written."
        )
        return stderr.INTERRUPTED
    if not done.lines:
        stderr.remark("No message is due.")
    else:
        would = "would be" if dry_run else "are"
        stderr.remark(f"{format_count(len(done.lines), 'message')} {would} in {folder}.")
    return stderr.DONE


@outbox_.command("send")
@ids
@kind
@event
@click.option("--again", multiple=True, metavar="ID", help="Send this message again, whether it arrived or not.")
@click.option("--refused", is_flag=True, help="Try again the messages the server refused earlier.")
@click.option("--at-most", type=click.IntRange(1), metavar="N", help="Send at most N messages.")
@click.option("--check", is_flag=True, help="Only log in to the mail server; send nothing.")
@options.dry_run
@click.pass_obj
def send(
    call: Call,
    ids: tuple[str, ...],
    kind: str | None,
    event: str,
    again: tuple[str, ...],
    refused: bool,
    at_most: int | None,
    check: bool,
    dry_run: bool,
) -> int:
    """Send what is due, using the mail server set in [mail] of the settings file.

    \b
    [mail]
    host = "smtp.example.org"
    security = "starttls"                      (or "tls")
    user = "training"
    password_file = "~/.config/csc-tui/mail"   (chmod 600; or keyring = "csc-tui")
    per_minute = 60

    No message is sent twice: one that may or may not have arrived is only sent again with --again ID.
    """
    if again and (ids or kind or event or refused):
        raise click.UsageError("Use --again on its own: csc outbox send --again ID.")
    ctx = call.context()
    if dry_run:
        would = delivery.list_messages_to_send(ctx, _choice(ids, kind, event))[:at_most]
        _print_written(call, would)
        stderr.remark(f"{format_count(len(would), 'message')} would be sent. {options.NOTHING_CHANGED}")
        return stderr.DONE
    place = mail_server.get_mail_server()
    if check:
        delivery.check_mail_server(place.server)
        stderr.remark(f"The mail server ({place.server.shown}) accepts the user and password. Nothing was sent.")
        return stderr.DONE
    with stoppable_progress("Sending") as (progress, stop):
        done = delivery.send_messages(
            ctx,
            place,
            delivery.MessagesToSend(_choice(ids, kind, event), again=again, refused=refused, at_once=at_most),
            progress=progress,
            stop=stop,
        )
    _print_written(call, done.sent)
    for remark in delivery.describe_send_result(done):
        stderr.remark(word_for_shell(remark))
    if stop.is_set():
        return stderr.INTERRUPTED
    return stderr.UNANSWERED if done.trouble or done.later or done.unknown or done.stranded else stderr.DONE


@outbox_.command("forget")
@ids
@kind
@event
@click.option("--all", "everything", is_flag=True, help="Everything that is due now.")
@options.dry_run
@click.pass_obj
def forget(call: Call, ids: tuple[str, ...], kind: str | None, event: str, everything: bool, dry_run: bool) -> int:
    """Mark messages as not to be sent: those with these IDs, of a kind, of an event, or --all.

    Useful if you start in the middle of a year and people already know.
    """
    if not (ids or kind or event or everything):
        raise WrongUse("Say which messages not to send: their IDs, --kind, --event, or --all.")
    with stoppable_progress("Forgetting") as (progress, stop):
        found = message_files.forget_messages(
            call.context(), _choice(ids, kind, event), dry_run=dry_run, progress=progress, stop=stop
        )
    _print_lines(call, found)
    would = "would be" if dry_run else "are"
    stderr.remark(f"{format_count(len(found), 'message')} {would} marked as not to be sent.")
    return stderr.INTERRUPTED if stop.is_set() else stderr.DONE


def _choice(ids: tuple[str, ...], kind: str | None, event: str) -> MessageChoice:
    return MessageChoice(frozenset(each.strip().lower() for each in ids), MessageKind(kind) if kind else None, event)


def _print_lines(call: Call, lines: list[OutboxLine]) -> None:
    if call.form != "table":
        stdout.print_records(call.form, OutboxLine, lines)
        return
    columns = ("id", "name", "subject", "event", "kind", "state")
    stdout.print_rows(
        call.form, columns,
        [(each.id, _name(each.to), each.subject, each.event, status_label(each.kind), each.state) for each in lines],
    )  # fmt: skip


def _print_written(call: Call, lines: list[WrittenMessage], more: tuple[str, ...] = ()) -> None:
    if not lines and call.form not in ("csv", "json"):
        return
    table = call.form == "table"
    rows = [
        (each.id, _name(each.to) if table else each.to, each.subject, each.event, each.kind,
         *(getattr(each, name) for name in more))
        for each in lines
    ]  # fmt: skip
    columns = ("id", "name" if table else "to", "subject", "event", "kind", *more)
    stdout.print_rows(call.form, columns, rows, leaving=("kind", "file"))


def _name(to: str) -> str:
    """Return the recipient's name; a table has no room for the address."""
    return to.rpartition(" <")[0] or to


kind_of_template = click.argument("kind", metavar="KIND", type=OneOf([kind.value for kind in MessageKind]))


@click.group()
def template() -> None:
    """The text of each kind of message: the standard text, unless you change it.

    KIND is a kind of message as csc template list names it.
    """


@template.command("list")
@click.pass_obj
def list_templates(call: Call) -> None:
    """List every kind of message with its subject, and who changed it."""
    stdout.print_records(call.form, TemplateLine, templates.list_message_templates(call.context()))


@template.command("show")
@kind_of_template
@click.pass_obj
def template_show(call: Call, kind: str) -> None:
    """Show the text of KIND, and the placeholders you can use."""
    _print_template(call, templates.get_template_card(call.context(), MessageKind(kind)))


@template.command("set")
@kind_of_template
@click.option("--subject", default=None, help="The new subject.")
@click.option("--file", "path", default=None, metavar="FILE", help="A file with the new text; - for stdin.")
@options.dry_run
@click.pass_obj
def template_set(call: Call, kind: str, subject: str | None, path: str | None, dry_run: bool) -> None:
    """Change the text of KIND: a new subject, a new text from a file, or both.

    A placeholder is one word in curly brackets, such as {forename}; csc template show KIND lists them.
    """
    if subject is None and path is None:
        raise WrongUse("Say what to change: --subject, --file, or both.")
    body = None if path is None else _read_template_text(path)
    _print_template(
        call, templates.set_template(call.context(), MessageKind(kind), subject=subject, body=body, dry_run=dry_run)
    )
    options.remark_dry_run(dry_run)


@template.command("reset")
@kind_of_template
@click.pass_obj
def template_reset(call: Call, kind: str) -> None:
    """Go back to the standard text of KIND."""
    _print_template(call, templates.reset_template(call.context(), MessageKind(kind)))


@template.command("preview")
@kind_of_template
@click.option("--person", default="", metavar="PERSON", help="As this person would get it (default: the next person).")
@click.option("--event", default="", metavar="EVENT", help="About this event.")
@click.pass_obj
def template_preview(call: Call, kind: str, person: str, event: str) -> None:
    """Preview KIND as a real person would get it."""
    found = outbox.preview_letter(call.context(), MessageKind(kind), person=person, event=event)
    if call.form in ("csv", "json"):
        stdout.print_card(call.form, stdout.record_mappings([found])[0])
        return
    stdout.print_lines(f"To: {found.to}\nSubject: {found.subject}\n\n{found.body}")
    if found.note:
        stderr.remark(found.note)


def _print_template(call: Call, card: TemplateCard) -> None:
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


def _read_template_text(path: str) -> str:
    try:
        if path == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:
                data = file.read()
        return data.decode("utf-8-sig")
    except OSError as fault:
        raise WrongUse(f"{path} cannot be read ({describe_os_fault(fault)}). Nothing was changed.") from None
    except UnicodeDecodeError as fault:
        raise WrongUse(f"{path} is not UTF-8 text (byte {fault.start + 1}). Nothing was changed.") from None
