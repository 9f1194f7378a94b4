"""Where amendments stand in the table's indexes: all of them, and those of a stage, the newest last; and their numbers.

Beside a complaint stands of which amendments its consumer has said something, so that those words go with its own.
"""

from chalicelib.domain.governance.amendment import PREFIX, Amendment, Stage
from chalicelib.settings import settings

from . import listings
from .items import HEAD, Head, Item, Task, record_key
from .listings import Place
from .store import ABSENT, query

COUNTER = "amendments"
OPINION = "OPINION#"


def head_of(state: Amendment) -> Head:
    return Head(
        record=state.amendment_id,
        seq=state.seq,
        state=state.model_dump_json(exclude_none=True),
        summary="{}",
        places={"queue": _queue(None)},
        due=_place(state),
    )


def tasks_of(state: Amendment) -> list[Task]:
    """Its line among those of its stage."""
    return [Task(name="stage", queue=_queue(state.stage), due=_place(state), summary="{}")]


def listed(stage: Stage | None, before: str, limit: int) -> list[Place]:
    """The newest first, from the one that stands `before` another on: one round trip."""
    return listings.newest(_queue(stage), before, limit)


def next_name() -> str:
    """Of the next amendment; one that is then not begun leaves a gap."""
    return f"{PREFIX}_{listings.next_number(COUNTER)}"


def said_of(complaint_id: str, name: str) -> list[Item]:
    """That the consumer of a complaint has said something of an amendment, as a transaction writes it: once, and not
    where its words are erased."""
    table = {"TableName": settings().table}
    item = record_key(complaint_id, f"{OPINION}{name}")
    keeps_words = {"ConditionExpression": "attribute_exists(order_pk)"}
    return [
        {"Put": {"Item": item, **ABSENT, **table}},
        {"ConditionCheck": {"Key": record_key(complaint_id, HEAD), **keeps_words, **table}},
    ]


def said_by(complaint_id: str) -> list[str]:
    """The amendments of which the consumer of a complaint has said something: one round trip."""
    key = record_key(complaint_id, OPINION)
    found = query(
        KeyConditionExpression="pk = :pk AND begins_with(sk, :opinion)",
        ExpressionAttributeValues={":pk": key["pk"], ":opinion": key["sk"]},
        ConsistentRead=True,
    )
    return [str(item["sk"]["S"]).removeprefix(OPINION) for item in found]


def _queue(stage: str | None) -> str:
    return f"amendments#{stage}" if stage else "amendments"


def _place(state: Amendment) -> str:
    number = int(state.amendment_id.removeprefix(f"{PREFIX}_"))
    return f"{number:09}"
