"""When a line of the history was really entered, where the program was told to take another time for now."""

from peewee import DateTimeField


def up(migrator, db):
    migrator.migrate(migrator.add_column("history", "entered", DateTimeField(null=True)))
