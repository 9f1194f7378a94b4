"""Documents of the policy as if they had been announced long ago: tests that are about something else need no more.

How a document really comes to be announced, `casework/test_amendments.py` shows.
"""

from datetime import datetime
from typing import Any

from chalicelib.adapters import policies, store
from chalicelib.casework import rules
from chalicelib.domain.policy.announced import Announced
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules


def publish(document: Rules | Operating, now: datetime, **beside: Any) -> None:
    """It is in the list, and this container reads that anew. `beside`: what else an announcement says."""
    store.transact([policies.publication(Announced(document, now, **beside))])
    rules.forget()


def withdraw(document: Rules | Operating, now: datetime) -> None:
    """It is not to take effect; other containers learn of it in their time."""
    store.transact([policies.withdrawal(type(document), document.version, now)])
    rules.forget()
