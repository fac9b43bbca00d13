"""What becomes of a place on a waiting list when the person gets a place on another event of the course."""

from peewee import CharField


def up(migrator, db):
    migrator.migrate(migrator.add_column("course", "waiting_elsewhere", CharField(max_length=20, default="ask")))
