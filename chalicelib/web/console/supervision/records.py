"""Where a record of clauses 6 to 8 is read on the screen, by its name."""

PLACES = {
    "report": "reports",
    "review": "management-reviews",
    "audit": "audits",
    "amendment": "policy/amendments",
}
"""By what a name begins with, below the console."""


def address_of(record: str, prefix: str) -> str:
    """Nothing, for a name of no such record."""
    place = PLACES.get(record.partition("_")[0])
    return f"{prefix}/console/{place}/{record}" if place else ""
