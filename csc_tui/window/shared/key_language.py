"""The language of the keys: what each key means, on whatever screen it is pressed.

A new key takes a meaning that is here, or a key that nobody has yet. tests/window/shared/test_key_language.py compares
this table with the keys of all screens.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.binding import Binding

from csc_tui.window.shared import keymap


@dataclass(frozen=True, slots=True)
class KeyMeaning:
    """One meaning: its `keys` as Textual names them, and the `names` of the bindings that have it."""

    keys: str
    meaning: str
    names: str

    @property
    def each_key(self) -> list[str]:
        """The keys one by one."""
        return self.keys.split(",")

    @property
    def each_name(self) -> list[str]:
        """The names of the bindings one by one."""
        return self.names.split()


MOVING = (
    KeyMeaning("up,k", "The row, field or line above", "list.up filter.up form.up month.up week.up year.up"),
    KeyMeaning("down,j", "The row, field or line below",
               "list.down filter.down form.down month.down week.down year.down"),
    KeyMeaning("left", "To the left", "columns.left days.left register.earlier reports.out settle.theirs"),
    KeyMeaning("right", "To the right", "columns.right days.right register.later reports.into settle.mine"),
    KeyMeaning("pageup,left_curly_bracket", "Back one page or month",
               "list.page_up filter.page_up days.month_before calendar.month_before"),
    KeyMeaning("pagedown,right_curly_bracket", "Forward one page or month",
               "list.page_down filter.page_down days.month_after calendar.month_after"),
    KeyMeaning("home,g", "The first row, or the first day of the month", "list.first days.first"),
    KeyMeaning("end,G", "The last row, or the last day of the month", "list.last days.last"),
    KeyMeaning("minus", "Earlier: the programme year before, or fewer days",
               "calendar.year_before events.year_before courses.year_before reports.year_before today.nearer"),
    KeyMeaning("plus", "Later: the programme year after, or more days",
               "calendar.year_after events.year_after courses.year_after reports.year_after today.further"),
    KeyMeaning("enter", "Open what the cursor is on, or continue",
               "list.choose filter.choose days.choose form.next confirm.do reading.do templates.edit resolve.book "
               "review.go settle.go_on"),
    KeyMeaning("escape", "Back: dismiss a notice, end a selection or a filter, close a dialog, leave the screen",
               "screen.back list.unmark dialog.leave working.stop resolve.leave"),
    KeyMeaning("left_square_bracket", "Back to the place visited before", "app.back"),
    KeyMeaning("right_square_bracket", "Forward again", "app.forward"),
)  # fmt: skip
LISTS = (
    KeyMeaning("slash", "Filter the list by typing",
               "people.filter events.filter calendar.filter history.filter outbox.filter reports.narrow event.filter "
               "list.filter"),
    KeyMeaning("n", "The next match of the filter", "list.next_match"),
    KeyMeaning("N", "The match before", "list.match_before"),
    KeyMeaning("o", "Sort by the next column", "list.sort"),
    KeyMeaning("O", "Reverse the order", "list.reverse"),
    KeyMeaning("V", "Choose columns", "list.columns review.columns"),
    KeyMeaning("less_than_sign", "Columns to the left of those shown", "list.columns_before"),
    KeyMeaning("greater_than_sign", "Columns to the right of those shown", "list.columns_after"),
    KeyMeaning("equals_sign", "Only rows like the one under the cursor", "history.like"),
    KeyMeaning("space", "Select, or choose the other", "columns.turn list.mark settle.other"),
    KeyMeaning("asterisk", "Select all, or none", "list.mark_all"),
    KeyMeaning("v", "Another view: sent or due, past or present, by room or by facilitator, as a person sees it",
               "outbox.made reports.compare courses.archived group.past calendar.agenda calendar.lanes "
               "templates.preview review.absent"),
    KeyMeaning("w", "The week", "calendar.week"),
    KeyMeaning("y", "The year, or all years", "calendar.turn reports.all_years"),
    KeyMeaning("T", "Today", "calendar.today"),
)  # fmt: skip
ACTIONS = (
    KeyMeaning("a,ctrl+n", "Add something new",
               "people.add calendar.new courses.new groups.new group.add course.add venues.add settings.role "
               "evaluation.type_in resolve.add"),
    KeyMeaning("A", "Do what is asked: approve, accept, act on the line", "place.agree today.act review.answer"),
    KeyMeaning("b", "Book",
               "event.book person.book people.book reports.book group.book register.walk_in resolve.override"),
    KeyMeaning("B", "Backup", "settings.backup"),
    KeyMeaning("c", "Copy to the clipboard, such as e-mail addresses",
               "event.copy person.copy people.copy reports.copy evaluation.copy course.copy"),
    KeyMeaning("C", "Certificates", "register.certificates person.certificate"),
    KeyMeaning("d", "Decline", "place.decline"),
    KeyMeaning("D", "More dates: copy an event to other days, plan meetings", "calendar.copy group.meet"),
    KeyMeaning("e,ctrl+e", "Change",
               "event.change person.change people.change course.change courses.change venues.change group.change "
               "organisations.change evaluation.questions outbox.templates"),
    KeyMeaning("E", "Open the event", "evaluation.event"),
    KeyMeaning("F", "A calendar that others subscribe to", "calendar.feed person.feed"),
    KeyMeaning("h", "Its history", "event.history"),
    KeyMeaning("i", "Write invitations and other messages into a folder", "event.invite outbox.write"),
    KeyMeaning("I", "Import from a file", "people.import events.import"),
    KeyMeaning("J", "Join: people to a group, a group to an event, one record to another",
               "people.join event.book_group organisations.join"),
    KeyMeaning("K", "Commitments", "group.commit groups.commitments"),
    KeyMeaning("l", "They left, or are back", "person.leave"),
    KeyMeaning("m", "Make up a missed module", "person.make_up"),
    KeyMeaning("M", "Send by the mail server", "outbox.send"),
    KeyMeaning("p", "The person of this line: open them, or choose who is meant",
               "history.open_person resolve.pick"),
    KeyMeaning("P", "Paste a list of people", "event.book_list group.paste"),
    KeyMeaning("r", "Who was there: the register, the attendance", "event.register group.attendance"),
    KeyMeaning("R", "Record a reply", "event.reply person.reply"),
    KeyMeaning("s", "Substitute", "place.substitute"),
    KeyMeaning("S", "Save what is shown to a file: a list, a report, a sign-in sheet",
               "app.export listing.export reports.write register.sheet review.export"),
    KeyMeaning("t", "Transfer to another event", "place.transfer"),
    KeyMeaning("U", "Move up or down the waiting list", "event.reorder"),
    KeyMeaning("W", "Why a person is still waiting", "event.why"),
    KeyMeaning("x", "Cancel or remove what the cursor is on",
               "place.cancel course.remove group.leave outbox.forget templates.reset resolve.drop"),
    KeyMeaning("exclamation_mark", "What is wrong: clashes of an event, faults of the database",
               "event.clashes settings.check"),
    KeyMeaning("backspace,delete", "Clear the mark or the answer", "register.clear paper.clear columns.restore"),
    KeyMeaning("ctrl+s,f2", "Save, or continue with, what is filled in",
               "form.go_on paste.go_on write.go_on writing.go_on paper.keep"),
)  # fmt: skip
EVERYWHERE = (
    *(
        KeyMeaning(key, name.capitalize(), f"app.{name}")
        for key, name in zip(
            ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "comma"),
            ("today", "calendar", "events", "people", "courses", "groups", "evaluation", "outbox", "reports",
             "history", "settings"),
            strict=True,
        )
    ),
    KeyMeaning("f,ctrl+f", "Find a person, event, course, venue or command", "app.find"),
    KeyMeaning("full_stop", "Repeat the last action on the next row", "app.repeat"),
    KeyMeaning("u", "Undo", "app.undo"),
    KeyMeaning("L", "Log: the notices of this window", "app.notices"),
    KeyMeaning("question_mark,f1", "Help", "app.help dialog.help"),
    KeyMeaning("ctrl+p", "Every command", "app.palette"),
    KeyMeaning("ctrl+l", "Refresh", "app.redraw"),
    KeyMeaning("f7", "Skip a step of the tour", "app.tour_skip"),
    KeyMeaning("f8", "Leave the tour", "app.tour_leave"),
    KeyMeaning("q,ctrl+q", "Quit", "app.quit"),
)  # fmt: skip
KEY_LANGUAGE: tuple[KeyMeaning, ...] = (*MOVING, *LISTS, *ACTIONS, *EVERYWHERE)
"""Every meaning, each key in one of them only."""

OTHER_MEANINGS: Mapping[str, str] = dict.fromkeys(
    ("register.present", "register.late", "register.left_early", "register.apologies", "register.absent",
     "register.minutes", "register.late_timed", "register.left_early_timed", "register.rest", "register.sign_off"),
    "The register is a sheet of marks: p l e a x are the letters of the marks, r marks the rest, s signs the sheet.",
)  # fmt: skip
"""Names of the bindings whose key means something else on their screen, with the reason.

A menu is no exception to list here: its letters are no bindings, and each stands in front of its line.
"""


def meanings_of_names() -> Iterator[tuple[str, KeyMeaning]]:
    """Yield each name of a binding with its meaning."""
    for each in KEY_LANGUAGE:
        for name in each.each_name:
            yield name, each


SHARED = {
    "CscApp": "Everywhere",
    "DataScreen": "Every screen",
    "RecordTable": "Every list",
    "FilterInput": "Filter of a list",
    "Dialog": "Every dialog",
    "Form": "Every form",
    "FieldInput": "Field of a form",
    "DayMap": "Days of the calendar",
}
"""The titles of what has keys for many screens; any other title comes from the name of its class."""


@dataclass(frozen=True, slots=True)
class ScreenKey:
    """An action of a screen, with its keys as they are shown."""

    screen: str
    keys: str
    what: str
    meaning: str

    @property
    def each_key(self) -> list[str]:
        """The keys one by one."""
        return self.keys.split()

    @property
    def text(self) -> str:
        """The words by which it is found."""
        return f"{self.screen} {self.what} {self.meaning}".casefold()


def list_screen_keys(window: type[App[Any]], display: Callable[[Binding], str]) -> list[ScreenKey]:
    """Return the keys of every screen from its bindings, those for many screens first; this imports all screens."""
    found: list[ScreenKey] = []
    for owner in keymap.classes_with_keys(window):
        title = SHARED.get(owner.__name__) or _title_of_class(owner.__name__)
        for binding in vars(owner).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.tooltip:
                keys = [display(each) for each in Binding.make_bindings([binding])]
                shown = " ".join(dict.fromkeys(keys))
                found.append(ScreenKey(title, shown, binding.description, binding.tooltip))
    order = list(SHARED.values())
    return sorted(
        found, key=lambda each: (order.index(each.screen) if each.screen in order else len(order), each.screen)
    )


def _title_of_class(name: str) -> str:
    """Return `Pasted lines` for PastedLinesDialog."""
    words = re.findall("[A-Z][a-z]*", re.sub("(Screen|Dialog|Table)$", "", name))
    return " ".join(words).capitalize()
