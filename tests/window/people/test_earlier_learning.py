"""Adding from a person's card what they learnt before or elsewhere."""

from typing import Any

from csc_tui.base.context import Context
from csc_tui.core.people import queries as people_queries
from csc_tui.window.shared.data_screen import OpenPerson
from tests import builders
from tests.window.conftest import Window, press, seen, settled, told, type_in


async def test_what_was_learnt_elsewhere_is_added_from_the_card(window: Window, june: Context) -> None:
    jo = builders.person("Jo Smith")
    async with window() as pilot:
        pilot.app.screen.post_message(OpenPerson(jo.key))
        await settled(pilot)
        screen: Any = pilot.app.screen
        screen.do(next(each for each in screen.menu_actions() if each.title == "Add earlier learning"))
        await settled(pilot)
        assert "Earlier learning of Jo Smith" in told(pilot)
        await type_in(pilot, "br")
        await press(pilot, "tab", "tab")
        await type_in(pilot, "10/2016")
        await press(pilot, "tab")
        await type_in(pilot, "Leeds")
        await press(pilot, "ctrl+s")
        assert "Add BR to Jo Smith?" in told(pilot)
        assert "completes the course" in told(pilot)
        await press(pilot, "enter")
        assert "October 2016, Leeds" in seen(pilot)
    (card,) = people_queries.get_person_card(june, jo.key).completions
    assert (card.course, card.on, card.earlier) == ("BR", "2016-10-01", "October 2016, Leeds")
