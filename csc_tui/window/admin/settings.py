"""The settings screen: policy, roles, and backups and checks of the database."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from csc_tui.base import config
from csc_tui.base.context import Context
from csc_tui.base.text import status_label
from csc_tui.core.admin import policy as admin_policy
from csc_tui.core.admin import upkeep
from csc_tui.core.admin.policy import PolicyChange, Setting
from csc_tui.core.admin.upkeep import DatabaseSummary
from csc_tui.window.dialogs.form import Answers, FinalForm, Form, FormField, filled_rule
from csc_tui.window.dialogs.listing import Listing
from csc_tui.window.shared import changes as shared_changes
from csc_tui.window.shared import flow, proposal
from csc_tui.window.shared.data_screen import WindowState, role_refusal
from csc_tui.window.shared.filtered_list import FilteredListScreen
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.remedies import WINDOW_REMEDIES, word_for_window
from csc_tui.window.terminal.key_queue import working_in_view
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.piece_lines import PieceLines
from csc_tui.window.widgets.pieces import Piece, Pieces
from csc_tui.window.widgets.record_table import Column, RecordTable
from db.errors import CscError
from db.records.admin import Backup, CheckFinding
from db.records.startup import Role

POLICY, ROLES, ELSEWHERE = "Policy", "Who may do what", "On their own screens"
WINDOW, DATABASE = "This window", "The database"
EVERYBODY_ELSE = "everyone else"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One row of the settings list; `name` identifies the setting within its group."""

    group: str
    name: str
    title: str
    value: str
    meaning: str
    changed: bool = False
    act: str = ""


COLUMNS: tuple[Column[SettingLine], ...] = (
    Column("", lambda line: line.title, 20, share=1),
    Column("", lambda line: [(line.value or "none", "strong" if line.changed else "plain")], 24, share=3),
    Column("", lambda line: [(line.meaning, "muted")], 20, share=3, from_width=96),
)
RESULT_TONES = {"ok": "good", "look": "warning", "wrong": "error"}
FINDINGS: tuple[Column[CheckFinding], ...] = (
    Column("Check", lambda each: each.check, 34),
    Column("Result", lambda each: [(each.result, RESULT_TONES.get(each.result, "plain"))], 6),
    Column("", lambda each: each.worded(WINDOW_REMEDIES), 14, share=1),
)


@dataclass(frozen=True, slots=True)
class SettingsFound:
    policy: list[Setting]
    roles: list[tuple[str, str]]
    holding: DatabaseSummary
    file: Mapping[str, object]


def load_settings_screen(ctx: Context) -> SettingsFound:
    """Return the policy, the roles, the database summary and the settings file.

    Raises WrongUse where the settings file can no longer be read.
    """
    return SettingsFound(
        admin_policy.list_settings(ctx),
        upkeep.list_roles(ctx),
        upkeep.get_database_summary(ctx),
        config.load_settings(),
    )


class SettingsScreen(FilteredListScreen[SettingsFound]):
    PLACE = "settings"
    HELP = (
        "Every policy with its value, in bold where it is not the default; who may do what; the settings of this "
        "window; and the database with its backup and check. Enter changes the line under the cursor, or does what it "
        "says; what it means is at the bottom."
    )
    NEEDS: ClassVar = {"backup": Role.ADMINISTRATOR, "give_role": upkeep.assign_role.role}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("B", "backup", "Backup", id="settings.backup", tooltip="Write a verified copy of the database"),
        Binding(
            "exclamation_mark",
            "check",
            "Check",
            key_display="!",
            id="settings.check",
            tooltip="Check that the database is sound",
        ),
        Binding("a", "give_role", "Add a role", id="settings.role", tooltip="Set what a person may do"),
    ]

    def __init__(self, state: WindowState) -> None:
        super().__init__(state)
        self.found: SettingsFound | None = None
        self._busy = ""
        self.table: RecordTable[SettingLine] = RecordTable(
            COLUMNS, lambda line: f"{line.group} {line.name}", group=lambda line: line.group, titles=False,
            pointing=self._show_detail, id="settings",
        )  # fmt: skip

    def body(self) -> ComposeResult:
        yield Static(id="summary", markup=False)
        yield self.table
        yield PieceLines(id="detail")

    def reader(self) -> Callable[[], SettingsFound]:
        return partial(load_settings_screen, self.ctx)

    def show(self, found: SettingsFound) -> None:
        self.found = found
        self.show_rows(self._lines(found), empty="")
        self._say_what_goes_on()
        self._show_detail()

    def _lines(self, found: SettingsFound) -> list[SettingLine]:
        lines = [
            SettingLine(
                POLICY,
                each.key,
                status_label(each.key).capitalize(),
                each.value,
                admin_policy.MEANINGS.get(each.key, ""),
                each.value != each.default,
            )
            for each in found.policy
        ]
        lines += [SettingLine(ROLES, actor, actor, role, "", act="role") for actor, role in found.roles]
        lines += [
            SettingLine(
                ELSEWHERE,
                "words",
                "Message templates",
                "enter opens them",
                "The wording of each kind of message.",
                act="words",
            ),
            SettingLine(
                ELSEWHERE,
                "venues",
                "Venues and rooms",
                "enter opens them",
                "Addresses, postcodes and rooms, as invitations say them.",
                act="venues",
            ),
        ]
        keys = found.file.get("keys")
        remapped = ", ".join(f"{name} = {key}" for name, key in keys.items()) if isinstance(keys, dict) else ""
        path = config.settings_path()
        lines += [
            SettingLine(
                WINDOW,
                "theme",
                "Colours",
                str(self.app.theme),
                'Press enter to try others. To keep one, write theme = "NAME" in the settings file.',
                act="theme",
            ),
            SettingLine(
                WINDOW,
                "keys",
                "Your own keys",
                remapped or "none",
                'Written in the settings file under [keys], as "event.book" = "ctrl+b"; the help (?) '
                "of a wide window shows the names.",
            ),
            SettingLine(
                WINDOW, "file", "Settings file", path, "Only yours, read when the window opens. It need not exist."
            ),
        ]
        holding = found.holding
        lines += [
            SettingLine(
                DATABASE, "place", "Where it is", holding.place, "Anyone who can open this file has every role in it."
            ),
            SettingLine(DATABASE, "size", "Size", holding.size, ""),
            SettingLine(
                DATABASE,
                "schema",
                "Schema",
                str(holding.schema),
                "The version of the database's structure.",
            ),
            SettingLine(DATABASE, "holds", "Holds", holding.holds, ""),
            SettingLine(
                DATABASE,
                "backup",
                "Make a backup",
                "enter or B",
                "A verified copy; others can carry on working.",
                act="backup",
            ),
            SettingLine(
                DATABASE,
                "check",
                "Check it",
                "enter or !",
                "Whether the file is sound and its contents follow the rules.",
                act="check",
            ),
        ]
        return lines

    def _say_what_goes_on(self) -> None:
        role = f"{self.ctx.actor} is {self.ctx.role.word}"
        self.query_one("#summary", Static).update(self._busy or role, layout=False)

    def lead_to(self, what: str) -> None:
        """Put the cursor on a key of the policy."""
        self.table.point_at(f"{POLICY} {what}")

    def _show_detail(self) -> None:
        line = self.table.pointed
        if line is None:
            return
        meaning = line.meaning or {"role": "Viewer, booker, coordinator, administrator: each may also do what the "
                                   "ones before it may."}.get(line.act, "")  # fmt: skip
        first: list[Piece] = [(line.title, "strong"), (f"  {line.value}", "plain")]
        if line.group == POLICY and line.changed and self.found:
            default = next((each.default for each in self.found.policy if each.key == line.name), "")
            first.append((f"{glyphs().between}default: {default or 'none'}", "muted"))
        lines: list[Pieces] = [first, meaning]
        self.query_one("#detail", PieceLines).show_folded(lines)

    @work(group="write")
    async def on_record_table_chosen(self) -> None:
        line = self.table.pointed
        if line is None:
            return
        match line.act:
            case "role":
                await self._give(line.name)
            case "words" | "venues":
                self._open(line.act)
            case "theme":
                self.app.action_change_theme()
            case "backup":
                await self._backup()
            case "check":
                await self._check()
            case _ if line.group == POLICY:
                await self._decide(line)
            case _:
                self.say(line.meaning or f"{line.title}: {line.value}. It cannot be changed here.")

    def _open(self, what: str) -> None:
        if what == "words":
            from csc_tui.window.mail.templates import TemplatesScreen

            self.app.push_screen(TemplatesScreen(self.state))
        else:
            from csc_tui.window.catalogue.venues import VenuesScreen

            self.app.push_screen(VenuesScreen(self.state))

    @work(group="write")
    async def action_backup(self) -> None:
        await self._backup()

    @work(group="write")
    async def action_check(self) -> None:
        await self._check()

    @work(group="write")
    async def action_give_role(self) -> None:
        await self._give("")

    async def _decide(self, line: SettingLine) -> None:
        setting = upkeep.set_default_role if line.name == "default_role" else admin_policy.set_policy_value
        if sentence := role_refusal(self.ctx, setting.role):
            self.say(sentence, warning=True)
            return

        def fields() -> list[FormField]:
            found = admin_policy.list_settings(self.ctx)
            now = proposal.still_there((each.value for each in found if each.key == line.name), line.title)
            return [FormField("value", line.title, now, fault=partial(admin_policy.policy_value_fault, line.name))]

        def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[PolicyChange]:
            return Proposal(
                f"Change '{line.title}'?",
                lambda ctx, _: admin_policy.set_policy_value(ctx, line.name, answers["value"]),
                _decided_lines,
                lambda done: f"'{status_label(done.key)}' is now: {done.after or 'none'}.",
                undoable=False,
                do="Save",
            )

        await proposal.ask_record_changes(self, line.title, fields, propose, explanation=line.meaning)

    async def _give(self, name: str) -> None:
        if self.refused("give_role"):
            return
        if name:
            await self._choose_role(name)
            return
        answers: Answers | None = None
        while True:
            field = FormField("name", "User name", "", "as in their account on this computer", filled_rule)
            answers = await flow.ask_step(self, Form("Who would you like to give a role?", [field], answers=answers))
            if answers is None:
                return
            with flow.later_steps():
                if await self._choose_role(answers["name"]):
                    return

    async def _choose_role(self, name: str) -> bool:
        actions = [
            shared_changes.menu_action(
                self.ctx,
                role.word[0],
                role.word.capitalize(),
                ROLE_MEANINGS[role],
                upkeep.assign_role.role,
                partial(self._give_role, name, role),
            )
            for role in Role
        ]
        return await flow.open_menu(self, f"What may {name} do?", actions)

    async def _give_role(self, name: str, role: Role) -> bool:
        def give(ctx: Context, _: str) -> str:
            if name == EVERYBODY_ELSE:
                upkeep.set_default_role(ctx, role)
            else:
                upkeep.assign_role(ctx, name, role)
            return role.word

        return await proposal.act_on_proposal(
            self,
            Proposal(
                f"Give {name} the role {role.word}?",
                give,
                lambda word: [[(name, "strong"), (f" {glyphs().arrow} {word}", "plain")], ROLE_MEANINGS[role],
                              "", [("It takes effect when they next open the program.", "muted")]],
                lambda word: f"{name} is {word}.",
                undoable=False,
                do="Give the role",
            ),
        )  # fmt: skip

    async def _backup(self) -> None:
        if self.refused("backup") or self._refuse_second():
            return

        def ask(answers: Answers | None, problem: str) -> Form:
            field = FormField("file", "File", upkeep.backup_name(self.ctx), "a new file", filled_rule)
            said = "A verified copy that only you can read. Others can carry on working."
            form = FinalForm("Make a backup", [field], do="Make the backup", answers=answers, explanation=said)
            form.refuse_field("file", problem)
            return form

        answers, problem = None, ""
        while True:
            given = await self.app.push_screen_wait(ask(answers, problem))
            if given is None:
                return
            answers = given
            try:
                done: Backup = await self._long("Making and verifying a backup ...",
                                                partial(upkeep.make_backup, self.ctx, given["file"]))  # fmt: skip
            except CscError as refusal:
                problem = word_for_window(refusal)
            else:
                self.say(f"{done.file}: {done.bytes:,} bytes, {done.rows:,} rows, verified.")
                return

    async def _check(self) -> None:
        if self._refuse_second():
            return
        try:
            found: Sequence[CheckFinding] = await self._long(
                "Checking the database ...", partial(upkeep.check_open_database, self.ctx)
            )
        except CscError as problem:
            self.say(word_for_window(problem), warning=True)
            return
        advice = upkeep.advice_on_findings(found)
        said = (
            word_for_window(advice)
            if advice
            else "Everything is as it should be. 'look' marks what is unusual but may be intended."
        )
        order = {"wrong": 0, "look": 1}
        listing: Listing[CheckFinding] = Listing(
            "The database", FINDINGS, lambda each: each.check,
            sorted(found, key=lambda each: order.get(each.result, 2)),
            explanation=f"{said} The check on the command line compares the tables and indexes as well.",
        )  # fmt: skip
        await self.app.push_screen_wait(listing)

    def _refuse_second(self) -> bool:
        if self._busy:
            self.say(f"{self._busy} Please wait until it is finished.", warning=True)
        return bool(self._busy)

    async def _long(self, what: str, work: Callable[[], "proposal.Result"]) -> "proposal.Result":
        """Run the work in a thread and show a line about it meanwhile; the window stays usable."""
        self._busy = what
        self._say_what_goes_on()
        try:
            with working_in_view(self):
                return await asyncio.to_thread(work)
        finally:
            self._busy = ""
            if self.is_mounted:
                self._say_what_goes_on()


ROLE_MEANINGS = {
    Role.VIEWER: "Can look but not change anything",
    Role.BOOKER: "Books, cancels, takes registers, records commitments",
    Role.COORDINATOR: "Plans events, changes courses, groups and policy",
    Role.ADMINISTRATOR: "Gives roles, makes backups, erases",
}


def _decided_lines(done: PolicyChange) -> list[Pieces]:
    return [
        [(status_label(done.key), "strong")],
        [(done.before or "nothing", "plain"), (f" {glyphs().arrow} ", "muted"), (done.after or "nothing", "accent")],
        *([[(done.remark, "warning")]] if done.remark else []),
        "",
        [("Commands use it at once, open windows when they are next opened.", "muted")],
    ]
