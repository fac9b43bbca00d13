"""The headings of the file for which the meaning of a column was said: in another file it may be needed."""

from peewee import TextField


def up(migrator, db):
    migrator.migrate(migrator.add_column("import_mapping", "headings", TextField(default="")))
