"""Who is at work on a complaint just now: one item a complaint, which goes by its time to live.

Apart from the record, which it does not change: nobody's view is stale because somebody types. It holds user names of
staff and when each was last heard of, and is rewritten as often as they are, in one write whatever is there.
"""

from datetime import datetime, timedelta

from chalicelib.settings import settings

from .aws import client

KEPT = timedelta(minutes=10)
BY = "by "
"""Before a user name, which could be spelt as any attribute."""


def note(complaint_id: str, name: str, now: datetime) -> dict[str, int]:
    """`name` is at it now. Who has been of late, and when they were last heard of in seconds since 1970. One round
    trip."""
    answer = client("dynamodb").update_item(
        TableName=settings().table,
        Key={"pk": {"S": f"PRESENCE#{complaint_id}"}, "sk": {"S": "PRESENCE"}},
        UpdateExpression="SET #name = :now, expires_at = :expires",
        ExpressionAttributeNames={"#name": BY + name},
        ExpressionAttributeValues={
            ":now": {"N": str(int(now.timestamp()))},
            ":expires": {"N": str(int((now + KEPT).timestamp()))},
        },
        ReturnValues="ALL_NEW",
    )
    known = answer["Attributes"].items()
    return {said.removeprefix(BY): int(value["N"]) for said, value in known if said.startswith(BY)}
