"""What a bucket tells of its objects, in all the words that S3 has for it; moto knows the half of them."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import quote_plus
from uuid import uuid4

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3 import notifications

from infra.aws.clock import format_milliseconds

WHO = {"principalId": f"AWS:{DEFAULT_ACCOUNT_ID}"}


def install(now: Callable[[], datetime]) -> Callable[[], None]:
    """Tell it so from now on, by this clock; gives what undoes it."""
    order = count(1)

    def event(name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
        told = {"key": quote_plus(key.name, safe="/"), "size": key.size, "eTag": key.etag.strip('"')}
        if key.version_id != "null":
            told["versionId"] = key.version_id
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": bucket.region_name,
            "eventTime": format_milliseconds(now()),
            "eventName": name.removeprefix("s3:"),
            "userIdentity": WHO,
            "requestParameters": {"sourceIPAddress": "127.0.0.1"},
            "responseElements": {"x-amz-request-id": uuid4().hex[:16].upper(), "x-amz-id-2": uuid4().hex},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": notification_id,
                "bucket": {"name": bucket.name, "ownerIdentity": WHO, "arn": bucket.arn},
                "object": {**told, "sequencer": f"{next(order):018X}"},
            },
        }
        return {"Records": [record]}

    replaced = patch.object(notifications, "_get_s3_event", event)
    replaced.start()
    return replaced.stop
