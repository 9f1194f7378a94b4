"""The code of a text message for the token that it stands for: what a link is to whoever cannot tap one.

Whoever guesses has five tries an hour at a complaint, and all together 300 a day, out of 10^12 codes; the answer and
the calls of AWS are the same whether or not there is such a complaint. A link is never locked by that.
"""

import json
from datetime import datetime

from chalicelib.adapters import identity, store, tries
from chalicelib.adapters.tries import DAY, HOUR, Count
from chalicelib.domain.ground.errors import Throttled, Unauthenticated
from chalicelib.domain.ground.people import consumer

from . import read

OF_ADDRESS, OF_ALL = 5, 300


def open_session(complaint_id: str, code: str, address: str, now: datetime) -> str:
    """The consumer's token of a complaint whose code that is.

    Raises Unauthenticated for a wrong code, that of a link which was replaced included, for a complaint that is not
    there, and with a reason of its own for the right code of a link that has ended; Throttled after too many tries, for
    the right code too. Three round trips, six for the right code.
    """
    counts = (
        Count(("session", complaint_id, address), HOUR, OF_ADDRESS),
        Count(("session", complaint_id), DAY, OF_ALL),
    )
    for count in counts:
        if not tries.take(count, now):
            raise Throttled("too_many_codes", **tries.wait(count, now))
    head = store.head(complaint_id)
    edition = edition_of(head or "{}")
    if not identity.is_code(code, complaint_id, edition) or head is None:
        raise Unauthenticated("code_wrong")
    for count in counts:  # only wrong ones count
        tries.give_back(count, now)
    read.require_open(complaint_id, consumer(complaint_id, edition), now)
    return identity.consumer_token(complaint_id, edition)


def edition_of(head: str) -> int:
    """Of the link in force, as it stands in a head: that is short, so it is never kept apart."""
    link = json.loads(head).get("link")
    return int(link["edition"]) if link else 0
