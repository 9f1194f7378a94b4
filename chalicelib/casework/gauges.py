"""Figures of the house as a whole, which alarms watch (`infra/watch.yaml`)."""

from chalicelib import log
from chalicelib.settings import settings


def measure(**figures: int) -> None:
    """Tells each figure under the name of this house's table: another house of the account has another."""
    for name, figure in figures.items():
        log.metric(name, figure, Table=settings().table)
