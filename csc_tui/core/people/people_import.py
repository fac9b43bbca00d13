"""The import of an HR extract: who is whom, who is new or changed, who has left, and who is whose line manager."""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Unpack

from csc_tui.base.context import Context
from csc_tui.base.history import write_history_lines
from csc_tui.base.text import format_count, format_date, shorten_list
from csc_tui.base.transaction import change_transaction
from csc_tui.core.imports import people as imports_people
from csc_tui.core.imports.columns import AbsentPerson, ImportQuestion, ImportReport
from csc_tui.core.imports.import_run import ImportOptions, ImportRun
from csc_tui.core.imports.names import name_key, shares_a_name, split_name
from csc_tui.core.imports.people import CheckedPeople, PersonLine, apply_person_line, person_from_line
from csc_tui.core.people import actions as people_actions
from csc_tui.core.people import practice_leads
from db import imports
from db import people as stored_people
from db.engine.connection import read_transaction, write_transaction
from db.errors import CscError
from db.records.people import KnownPerson, Person
from db.records.remedies import Remark, Remedy, RemedyKind
from exports.table_search import Table

NEW_ADDRESSES, NAMESAKES = "new_addresses", "namesakes"
"""The names of the questions: may people known by their number get a new address, and are namesakes other people."""
YES = "yes"
PEOPLE_AT_ONCE = 500
"""The people in one transaction, so that others wait a fraction of a second and not for the whole of a long file."""
_DIRECTORY_NAME = re.compile(r"CN=((?:[^,\\]|\\.)+)", re.IGNORECASE)
"""A name as a directory writes it: `CN=Zed Bell,OU=Users,DC=x`."""


def import_people(ctx: Context, table: Table, **asked: Unpack[ImportOptions]) -> ImportReport:
    """Import an HR extract: add new people and bring known ones up to date.

    The employee number or the e-mail address identifies a person, a former address included. People who have left give
    up their places. Raises NothingImported when `strict` and a row cannot be imported, HeadingsUnclear and WrongUse.
    """
    run = ImportRun(ctx, "people", table, imports_people.FIELDS, asked)
    checked = imports_people.parse_people_rows(table.rows, run.columns, ctx.today())
    run.note_unreadable(checked.problems, checked.rejected)
    people_import = PeopleImport(run, checked)
    with imports.keep_connection_open():
        run.store_items(checked.lines, PEOPLE_AT_ONCE, people_import.take)
    people_import.finish()
    return run.report()


class PeopleImport:
    """Decides which people are new or changed and stores them, one batch to a transaction."""

    def __init__(self, run: ImportRun, checked: CheckedPeople) -> None:
        self.run, self.repeats = run, checked.repeats
        self._lines = checked.lines
        self._accept = {name for name, answer in run.answers.items() if answer == YES}
        self._moved: list[str] = []
        self._namesakes: list[str] = []
        self._leaving: list[PersonLine] = []
        self._changed: set[str] = set()
        self._stored: set[str] = set()
        with read_transaction():
            self._known = imports.fetch_known_people()
        self._by_name: dict[tuple[str, ...], list[KnownPerson]] = {}
        for each in self._known:
            self._by_name.setdefault(name_key(each.forename, each.surname), []).append(each)
        self._in_file = {line.key for line in self._lines}

    def take(self, lines: Sequence[PersonLine]) -> None:
        """Store one batch of people."""
        keys = [line.email for line in lines]
        stored = stored_people.fetch_people_by_email(keys)
        stored = stored_people.fetch_people_by_former_email(keys) | stored
        holders = stored_people.fetch_people_by_number([line.employee_number for line in lines if line.employee_number])
        added: list[Person] = []
        changed: list[tuple[Person, Person]] = []
        for line in lines:
            known, holder = stored.get(line.key), holders.get(line.employee_number)
            before = known or self._moved_person(line, holder)
            if before:
                after = self._updated(line, before, holder, moved=known is None)
                leaves = line.here is False and before.active
                if after != before:
                    changed.append((before, after))
                self._count(line, before, different=after != before or leaves)
                if leaves:
                    self._leaving.append(line._replace(key=after.email.casefold()))
                elif line.here and not before.active:
                    what = "recorded as having left, which was kept"
                    self.run.note(line.row, "status", what, Remedy(RemedyKind.BRING_BACK, person=before.key))
            elif holder or self._is_namesake(line):
                self.run.rejected += 1 + self.repeats.get(line.key, 0)
                continue
            else:
                after = person_from_line(line)
                added.append(after)
                self.run.same += self.repeats.get(line.key, 0)
            self._stored.add(line.key)
            if line.team and not after.team:
                self.run.note(line.row, "team", f"'{line.team}' was not saved: a team needs an organisation")
        self.run.new += len(added)
        if not self.run.dry_run:
            self._store(added, changed)

    def finish(self) -> None:
        """Set line managers, give up the places of those who left, and ask what was left open."""
        if not (self.run.strict and self.run.rejected):
            self._set_managers()
            self._let_leave()
        self._list_absent()
        if self._moved:
            number = format_count(len(self._moved), "person has", "people have")
            self.run.ask(ImportQuestion(
                NEW_ADDRESSES,
                f"{number} a known number and a new e-mail address: {shorten_list(self._moved, 3)}. Nothing was "
                f"changed for {'that person' if len(self._moved) == 1 else 'them'}.",
                ((YES, "Use the new addresses and keep the old ones as former"), ("", "Leave them as they are")),
                Remedy(RemedyKind.ACCEPT_ADDRESSES),
            ))  # fmt: skip
        if self._namesakes:
            number = format_count(len(self._namesakes), "person has", "people have")
            self.run.ask(ImportQuestion(
                NAMESAKES,
                f"{number} the same name as a person with another e-mail address: "
                f"{shorten_list(self._namesakes, 3)}. No one was added.",
                ((YES, "They are other people: add them"), ("", "Leave them out")),
                Remedy(RemedyKind.ADD_NAMESAKES),
            ))  # fmt: skip

    def _count(self, line: PersonLine, person: Person, *, different: bool) -> None:
        if different:
            self.run.changed += 1
            self._changed.add(person.email.casefold())
        else:
            self.run.same += 1
        self.run.same += self.repeats.get(line.key, 0)

    def _moved_person(self, line: PersonLine, holder: Person | None) -> Person | None:
        """Return the person whom a row with an unknown address is about, where new addresses are accepted.

        Notes why the row has to wait where they are not.
        """
        if holder is None:
            return self._moved_domain(line)
        if not shares_a_name((line.forename, line.surname), (holder.forename, holder.surname)):
            what = (
                f"{line.employee_number} is the number of {holder.in_full}, who has another name and address; if "
                "this is the same person, use the stored address or correct the file"
            )
            self.run.note(line.row, "employee_number", what)
            return None
        if NEW_ADDRESSES in self._accept:
            return holder
        self._moved.append(line.name)
        what = f"{line.employee_number} is the number of {holder.in_full}, who has another e-mail address"
        self.run.note(line.row, "email", what, Remedy(RemedyKind.ACCEPT_ADDRESSES))
        return None

    def _moved_domain(self, line: PersonLine) -> Person | None:
        """Return the only person of a name whose address differs in its domain alone, where new ones are accepted."""
        if NEW_ADDRESSES not in self._accept:
            return None
        local = line.key.partition("@")[0]
        alike = [
            each for each in self._like(line)
            if each.email.casefold().partition("@")[0] == local and each.email.casefold() not in self._in_file
        ]  # fmt: skip
        return stored_people.fetch_person(alike[0].id) if len(alike) == 1 else None

    def _is_namesake(self, line: PersonLine) -> bool:
        """Return whether a row waits because somebody of its name is stored under another address, and note it."""
        if NAMESAKES in self._accept:
            return False
        alike = [each for each in self._like(line) if each.email.casefold() not in self._in_file]
        if not alike:
            return False
        other = alike[0]
        home = f" of {other.organisation}" if other.organisation else ""
        what = f"similar name to {other.forename} {other.surname} <{other.email}>{home}"
        self.run.note(line.row, "email", what, Remedy(RemedyKind.ADD_NAMESAKES))
        self._namesakes.append(line.name)
        return True

    def _like(self, line: PersonLine) -> list[KnownPerson]:
        """Return the people of much the same name at the same organisation whose number is no other one."""
        home = line.organisation.casefold()
        return [
            each
            for each in self._by_name.get(name_key(line.forename, line.surname), ())
            if each.organisation.casefold() == home
            and not (line.employee_number and each.employee_number and each.employee_number != line.employee_number)
        ]

    def _updated(self, line: PersonLine, person: Person, holder: Person | None, *, moved: bool) -> Person:
        number = line.employee_number
        if holder and holder.id != person.id:
            self.run.note(
                line.row, "employee_number", f"{number} is the number of {holder.in_full}; it was not imported"
            )
            line = line._replace(employee_number="")
        after, problems = apply_person_line(line, person, self.run.columns, renamed=moved)
        self.run.problems += problems
        return replace(after, email=line.email) if moved else after

    def _store(self, added: Sequence[Person], changed: Sequence[tuple[Person, Person]]) -> None:
        imports.prepare_bulk_write()
        places = imports.fetch_workplaces()
        wanted = {
            (each.organisation, each.team): imports_people.guess_organisation_kind(each.organisation)
            for each in (*added, *(after for _, after in changed))
            if each.organisation
        }
        said = {line.organisation: line.organisation_kind for line in self._lines if line.organisation_kind}
        wanted = {home: said.get(home[0]) or kind for home, kind in wanted.items()}
        for name in imports.insert_workplaces(places, wanted):
            self.run.note_added("organisations", name)
        for before, after in changed:
            if before.email.casefold() != after.email.casefold():
                imports.keep_former_address(before.id, before.email, self.run.ctx.today())
        imports.insert_people(added, places)
        imports.update_people([after for _, after in changed], places)
        new_ids = stored_people.fetch_people_by_email([each.email for each in added if each.is_practice_lead])
        marks = {each.id: True for each in new_ids.values()}
        marks |= {
            after.id: after.is_practice_lead
            for before, after in changed
            if before.is_practice_lead != after.is_practice_lead
        }
        practice_leads.follow_practice_lead_marks(self.run.ctx, marks)
        write_history_lines(
            self.run.ctx,
            "imported",
            [
                (after.name, after.id, *imports_people.describe_person_changes(before, after))
                for before, after in changed
            ],
        )

    def _set_managers(self) -> None:
        """Set the line managers that the file names by e-mail address, number or name."""
        named = [line for line in self._lines if line.manager and line.key in self._stored]
        if not named:
            return
        finder = _ManagerFinder(self._lines, self._known)
        found: list[tuple[PersonLine, str]] = []
        for line in named:
            key, what = finder.find(line.manager)
            if key == line.key:
                what = "a person cannot be their own line manager"
            if what:
                self.run.note(line.row, "manager", f"'{line.manager}': {what}; the line manager was not changed")
            else:
                found.append((line, key))
        with read_transaction() if self.run.dry_run else write_transaction():
            self._store_managers(found)

    def _store_managers(self, found: Sequence[tuple[PersonLine, str]]) -> None:
        keys = list({key for line, manager in found for key in (line.key, manager)})
        people = stored_people.fetch_people_by_former_email(keys) | stored_people.fetch_people_by_email(keys)
        different = []
        for line, manager in found:
            person, leader = people.get(line.key), people.get(manager)
            if person and (leader is None or person.manager_id != leader.id):
                different.append((person, leader))
        for person, _ in different:
            if person.email.casefold() not in self._changed and person.id in {each.id for each in self._known}:
                self.run.same -= 1
                self.run.changed += 1
        if self.run.dry_run:
            return
        pairs = [(person, leader) for person, leader in different if leader]
        imports.update_managers([(person.id, leader.id) for person, leader in pairs])
        write_history_lines(
            self.run.ctx,
            "imported",
            [(person.name, person.id, "", f"line manager {leader.name}") for person, leader in pairs],
        )

    def _let_leave(self) -> None:
        """Give up the places of those who have left, each as a step of its own; in a dry run it is taken back."""
        for line in self._leaving:
            try:
                with change_transaction(self.run.ctx, dry_run=True) if self.run.dry_run else nullcontext():
                    self.run.remarks.append(Remark(self._leave(line)))
            except CscError as problem:
                self.run.note(line.row, "leaving_date", f"not recorded as having left: {problem}", problem.remedy)

    def _leave(self, line: PersonLine) -> str:
        """Record that somebody left, and return what came of it."""
        ctx = self.run.ctx
        with read_transaction():
            person = stored_people.find_person(line.key)
            held = stored_people.fetch_coming_bookings(person.id, ctx.today())
        done = people_actions.record_departure(ctx, person.key)
        on = f" on {format_date(line.leaving_date)}" if line.leaving_date else ""
        gone = [each for each in done.moves if each.person == person.key]
        others = [each.name for each in done.moves if each.person != person.key]
        said = f"{person.name} left{on}"
        said += f" and loses {', '.join(held)}." if gone else " and holds no places."
        if others:
            said += f" As a result, {shorten_list(others, 3)} {'moves' if len(others) == 1 else 'move'} up."
        return " ".join((said, *done.remarks))

    def _list_absent(self) -> None:
        """List the active people whom a whole extract of their organisation does not have."""
        homes = {line.organisation.casefold() for line in self._lines if line.organisation}
        numbers = {line.employee_number for line in self._lines if line.employee_number}
        active = [each for each in self._known if each.active and each.organisation.casefold() in homes]
        here = {
            each.id for each in active
            if each.email.casefold() in self._in_file or (each.employee_number and each.employee_number in numbers)
        }  # fmt: skip
        for home in sorted(homes):
            theirs = [each for each in active if each.organisation.casefold() == home]
            absent = [each for each in theirs if each.id not in here]
            if len(absent) < len(theirs) / 2:  # otherwise the file is no whole extract of it
                self.run.absent += [
                    AbsentPerson(f"#{each.id}", f"{each.forename} {each.surname}".strip(), each.email,
                                 each.organisation, each.team)
                    for each in absent
                ]  # fmt: skip
        if self.run.absent:
            number = len(self.run.absent)
            self.run.remarks.append(Remark(
                f"{format_count(number, 'person')} of these organisations {'is' if number == 1 else 'are'} stored and "
                f"not in the file: {shorten_list([each.name for each in self.run.absent], 3)}. Nothing was changed for "
                f"{'them' if number > 1 else 'that person'}.",
                Remedy(RemedyKind.LIST_ABSENT),
            ))  # fmt: skip


class _ManagerFinder:
    """Finds whom a file means by a line manager: by e-mail address, employee number or name."""

    def __init__(self, lines: Sequence[PersonLine], known: Sequence[KnownPerson]) -> None:
        self._emails = {each.email.casefold() for each in known} | {line.key for line in lines}
        self._numbers = {each.employee_number: each.email.casefold() for each in known if each.employee_number}
        self._numbers |= {line.employee_number: line.key for line in lines if line.employee_number}
        self._names: dict[tuple[str, ...], set[str]] = {}
        for each in known:
            if each.active:
                self._names.setdefault(name_key(each.forename, each.surname), set()).add(each.email.casefold())
        for line in lines:
            self._names.setdefault(name_key(line.forename, line.surname), set()).add(line.key)

    def find(self, text: str) -> tuple[str, str]:
        """Return the e-mail key of whom a text means, or a sentence that says why nobody can be told."""
        if found := _DIRECTORY_NAME.match(text):
            text = found[1]
        if "@" in text:
            return (text.casefold(), "") if text.casefold() in self._emails else ("", "no person has this address")
        if text in self._numbers:
            return self._numbers[text], ""
        if text.isdecimal() and (padded := self._padded(text)):
            return padded, ""
        name = split_name(text)
        called = self._names.get(name_key(name.forename, name.surname), set())
        if len(called) == 1:
            return next(iter(called)), ""
        return "", f"{len(called)} people have this name" if called else "no person has this name or number"

    def _padded(self, number: str) -> str:
        """Return whom a number without its leading zeros means, where only one number ends so."""
        found = [key for known, key in self._numbers.items() if known.lstrip("0") == number.lstrip("0")]
        return found[0] if len(found) == 1 else ""
