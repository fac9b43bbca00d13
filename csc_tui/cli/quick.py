"""The short way for look-ups: known options only, no parser library, no Peewee. None means: take the real parser."""


def run(arguments: list[str]) -> int | None:
    return None
