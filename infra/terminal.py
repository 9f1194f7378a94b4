"""The terminal as the commands for people write on it."""

from rich.console import Console

WIDEST = 110


def console(stderr: bool = False) -> Console:
    """Colours if it is a terminal that wants them; a width that tables fit in, terminal or not."""
    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    made.width = min(made.width, WIDEST) if made.is_terminal else WIDEST
    return made
