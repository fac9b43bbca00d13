"""What several queries share is said once, for the queries written as text and for Peewee's."""

from csc_tui.base.context import Context
from db import expressions, fragments, models
from db.engine.connection import database, read_transaction, write_transaction
from db.engine.mapping import as_tuples
from tests import builders


def test_a_name_and_the_seats_of_an_event_are_the_same_in_text_and_in_peewee(ctx: Context) -> None:
    builders.person("Bo Ek")
    builders.person("Prince")
    for number, (capacity, booked, offered, joining) in enumerate([(4, 1, 1, 1), (2, 2, 1, 0), (3, 0, 0, 3)]):
        event = builders.event(f"BK-{number}", capacity=capacity)
        with write_transaction():
            models.EventRow.update(booked=booked, offered=offered, joining=joining).where(
                models.EventRow.id == event.id
            ).execute()
    with read_transaction():
        names = as_tuples(models.PersonRow.select(expressions.person_name()).order_by(models.PersonRow.id))
        seats = as_tuples(
            models.EventRow.select(expressions.seats_taken(), expressions.seats_free()).order_by(models.EventRow.id)
        )
        as_text = database.execute_sql(f"SELECT {fragments.PERSON_NAME} FROM person p ORDER BY p.id").fetchall()
        counted = database.execute_sql(
            f"SELECT {fragments.SEATS_TAKEN}, {fragments.SEATS_FREE} FROM event v ORDER BY v.id"
        ).fetchall()
    assert names == [tuple(row) for row in as_text]
    assert {("Bo Ek",), ("Prince",)} <= set(names)
    assert seats == [tuple(row) for row in counted] == [(3, 1), (3, 0), (3, 0)]
