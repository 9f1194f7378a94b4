"""Where a record of clauses 6 to 8 is read on the screen, by its name."""

from chalicelib.web.console.people.places import ROOMS


def address_of(record: str, prefix: str) -> str:
    """Nothing, for a name of no such record."""
    place = ROOMS.get(record.partition("_")[0])
    return f"{prefix}/console/{place}/{record}" if place else ""
