"""What calls of webhooks came to, as storefronts can read it: an item for each, by complaint, and in the order of the
storefront's own list, in the index of queues. `KEPT` later it is gone."""

from datetime import timedelta

from chalicelib.domain.ground.instants import written
from chalicelib.domain.telling.attempts import Attempt
from chalicelib.settings import settings

from .aws import client
from .store import query

KEPT = timedelta(days=30)


def note(attempt: Attempt, storefront: str) -> None:
    """It is on record; again: the same."""
    place = f"{written(attempt.at)}#{attempt.complaint_id}#{attempt.seq:08}#{attempt.attempt:06}#{attempt.outcome}"
    item = {
        "pk": {"S": _of_complaint(storefront, attempt.complaint_id)},
        "sk": {"S": place},
        "queue_pk": {"S": _of_all(storefront)},
        "due_sk": {"S": place},
        "summary": {"S": attempt.model_dump_json()},
        "expires_at": {"N": str(int((attempt.at + KEPT).timestamp()))},
    }
    client("dynamodb").put_item(TableName=settings().table, Item=item)


def listed(storefront: str, complaint_id: str | None, before: str, limit: int) -> list[tuple[str, Attempt]]:
    """The calls of a storefront's webhook, of all complaints or of one, the newest first, each with its place in the
    list; from the place `before` on, "": the newest. One round trip."""
    own = complaint_id is not None
    place = "sk" if own else "due_sk"
    items = query(
        **({} if own else {"IndexName": "queue"}),
        KeyConditionExpression=f"{'pk' if own else 'queue_pk'} = :list AND {place} < :before",
        ExpressionAttributeValues={
            ":list": {"S": _of_complaint(storefront, complaint_id) if complaint_id else _of_all(storefront)},
            ":before": {"S": before or "~"},
        },
        ScanIndexForward=False,
        Limit=limit,
    )
    found = (item for item, _ in zip(items, range(limit), strict=False))
    return [(item[place]["S"], Attempt.model_validate_json(item["summary"]["S"])) for item in found]


def _of_complaint(storefront: str, complaint_id: str) -> str:
    return f"ATTEMPTS#{storefront}#{complaint_id}"


def _of_all(storefront: str) -> str:
    return f"attempts#{storefront}"
