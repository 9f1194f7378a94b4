"""A browser and S3 as evidence knows them: a file is put where the form says, and the bucket tells of it."""

import base64
import json
from typing import Any

import boto3

import app
from tests.casework.streams import run
from tests.house import House

JPEG = b"\xff\xd8\xff\xe0" + b"crack" * 40
OFFER = {"file_name": "裂缝.jpg", "content_type": "image/jpeg", "size": 1_000}


def offer(house: House, receipt: dict[str, Any], who: str | None = None, **changes: Any) -> Any:
    """What is answered to somebody, the consumer if nobody is named, who is about to upload a file."""
    token = house.token(who) if who else receipt["consumer_token"]
    answer = house.do(receipt["complaint_id"], "evidence", OFFER | changes, None, token=token)
    assert answer.status == 201, answer
    return answer.json


def put(house: House, key: str, content: bytes) -> None:
    """The file is there."""
    boto3.client("s3").put_object(Bucket=house.environment["REDRESS_EVIDENCE_BUCKET"], Key=key, Body=content)


def there(house: House, folder: str, complaint_id: str) -> dict[str, bytes]:
    """What the bucket holds of a complaint in a folder: content by evidence id."""
    s3, bucket = boto3.client("s3"), house.environment["REDRESS_EVIDENCE_BUCKET"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"{folder}/{complaint_id}/").get("Contents", ())
    return {
        one["Key"].rpartition("/")[2].partition("-")[0]: s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()
        for one in listed
    }


def told() -> list[dict[str, Any]]:
    """What the bucket has told the queue since it was last asked, as the function gets it."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="redress-local-EvidenceQueue")["QueueUrl"]
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append({"messageId": message["MessageId"], "body": message["Body"]})
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def upload(house: House, receipt: dict[str, Any], who: str | None = None, content: bytes = JPEG, **changes: Any) -> str:
    """A file is offered, put where the form says and looked at; its id."""
    offered = offer(house, receipt, who, **changes)
    put(house, offered["upload"]["fields"]["key"], content)
    assert run(app.receive_evidence, told()) == []
    return str(offered["evidence_id"])


def policy(offered: Any) -> Any:
    """What S3 demands of whoever uses a form."""
    return json.loads(base64.b64decode(offered["upload"]["fields"]["policy"]))
