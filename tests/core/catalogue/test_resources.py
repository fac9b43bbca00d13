"""Documents and links of courses and strands."""

import pytest

from csc_tui.base.context import Context
from csc_tui.core.catalogue import resources
from db import catalogue
from db.engine.connection import write_transaction
from db.errors import NotFound, Stale, WrongUse
from db.records.catalogue import ResourceKind
from db.records.remedies import Remedy, RemedyKind
from tests import builders

LINK, DOCUMENT = ResourceKind.LINK, ResourceKind.DOCUMENT


def test_a_resource_is_added_changed_and_removed_and_the_history_has_it(ctx: Context) -> None:
    made = resources.add_resource(ctx, resources.NewResource(" The  Handbook ", DOCUMENT, "", course="br", edition="1"))
    assert (made.title, made.course, made.strand, made.edition) == ("The Handbook", "BR", "Restorative Practice", "1")
    after = resources.change_resource(ctx, made.id, address="https://example.org/handbook", edition="2")
    assert (after.address, after.edition, after.version) == ("https://example.org/handbook", "2", made.version + 1)
    resources.remove_resource(ctx, made.id)
    assert made.id not in {each.id for each in resources.list_resources(ctx)}
    assert [(line.verb, line.before) for line in builders.list_history_lines(ctx)][:3] == [
        ("resource removed", "The Handbook, https://example.org/handbook, 2"),
        ("resource changed", "The Handbook, 1"),
        ("resource added", ""),
    ]


def test_a_course_has_its_own_resources_and_its_strands(ctx: Context) -> None:
    titles = [each.title for each in resources.list_resources(ctx, course="BR")]
    assert "Being Restorative Practitioners Handbook" in titles
    assert "Restorative Practice" in titles
    assert "Signs of Safety" not in titles
    assert [each.title for each in resources.list_resources(ctx, course="RL")] == titles[:-1]
    assert [each.title for each in resources.list_resources(ctx, strand="sos")] == ["Signs of Safety"]


@pytest.mark.parametrize(
    ("kind", "address", "where"),
    [
        (LINK, "javascript:alert(1)", {"course": "BR"}),
        (LINK, "", {"course": "BR"}),
        (LINK, "www.example.org/a b", {"course": "BR"}),
        (DOCUMENT, "a\nb", {"course": "BR"}),
        (DOCUMENT, "\x1b[2J", {"course": "BR"}),
        (LINK, "www.example.org", {}),
        (LINK, "www.example.org", {"course": "BR", "strand": "RP"}),
    ],
)
def test_what_is_no_resource_is_a_sentence(
    ctx: Context, kind: ResourceKind, address: str, where: dict[str, str]
) -> None:
    before = resources.list_resources(ctx)
    with pytest.raises(WrongUse, match="Nothing was changed"):
        resources.add_resource(ctx, resources.NewResource("Title", kind, address, **where))
    assert resources.list_resources(ctx) == before


def test_what_is_not_there_is_a_sentence(ctx: Context) -> None:
    with pytest.raises(NotFound, match="The courses are"):
        resources.add_resource(ctx, resources.NewResource("Title", LINK, "www.example.org", course="NOPE"))
    with pytest.raises(NotFound, match="The strands are"):
        resources.list_resources(ctx, strand="NOPE")
    with pytest.raises(NotFound) as missing:
        resources.remove_resource(ctx, 99)
    assert missing.value.remedy == Remedy(RemedyKind.LIST_RESOURCES)
    with pytest.raises(WrongUse) as nothing:
        resources.change_resource(ctx, 1)
    assert nothing.value.remedy == Remedy(RemedyKind.NAME_CHANGE)


def test_a_change_on_top_of_another_one_is_stale(ctx: Context) -> None:
    seen = resources.list_resources(ctx)[0]
    resources.change_resource(ctx, seen.id, edition="2")
    with pytest.raises(Stale), write_transaction():
        catalogue.update_resource(seen, edition="3")
