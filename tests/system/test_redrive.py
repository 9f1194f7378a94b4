"""Dead letters go back to work on the running system, by its AWS port alone, as they do on AWS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infra.aws import REGION
from infra.local.stack import STACK
from tests.house import KETTLE
from tests.running import PATIENCE, ROOT, System, running_system


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with running_system() as running:
        yield running


def client(system: System, service: str) -> Any:
    session = boto3.Session("local", "local", region_name=REGION)
    return session.client(service, endpoint_url=system.aws)  # type: ignore[call-overload]


def redrive(system: System, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.redrive", "--endpoint-url", system.aws, *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REDRESS_", "AWS_"))}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=PATIENCE)


def put(system: System, queue: str, body: object) -> None:
    sqs = client(system, "sqs")
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=f"{STACK}-{queue}")["QueueUrl"], MessageBody=json.dumps(body))


def filed(system: System) -> str:
    """王芳 files a complaint; its id."""
    grant = b"grant_type=client_credentials&client_id=storefront&client_secret=storefront-local"
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    token = system.call("POST", f"{system.desk}/oauth2/token", grant, **form).json()["access_token"]
    answer = system.call("POST", "/v1/complaints", KETTLE, Authorization=f"Bearer {token}")
    assert answer.status == 201, answer.body
    system.settle()
    return str(answer.json()["complaint_id"])


def whole_stream(system: System) -> dict[str, Any]:
    """A letter of a batch with everything that the stream has."""
    streams = client(system, "dynamodbstreams")
    (stream,) = streams.list_streams()["Streams"]
    arn = stream["StreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    place = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    records = streams.get_records(ShardIterator=streams.get_shard_iterator(**place)["ShardIterator"])["Records"]
    first, last = (records[end]["dynamodb"]["SequenceNumber"] for end in (0, -1))
    batch = {"streamArn": arn, "shardId": shard["ShardId"], "startSequenceNumber": first, "endSequenceNumber": last}
    return {"DDBStreamBatchInfo": batch}


def test_each_kind_goes_back_and_repeats_change_nothing(system: System) -> None:
    number = filed(system)
    mails = system.outbox()
    put(system, "NoticesDeadLetters", {"record": number, "seq": 1, "audience": "consumer", "kind": "receipt"})
    put(system, "ReactDeadLetters", whole_stream(system))
    put(system, "ClockDeadLetters", {"record": number, "clock": 1, "at": "2026-10-10T03:40:00Z", "idle": 11})
    only = ("--only", "notices,react,clock")
    shown = redrive(system, *only, "--dry-run")
    assert (shown.returncode, shown.stdout.count(number), shown.stderr) == (0, 2, "")
    done = redrive(system, *only)
    assert (done.returncode, done.stderr) == (0, "")
    for said in ("notices: 1 found, 1 done", "events done", "by the sweep", "Nothing is left."):
        assert said in done.stdout
    system.settle()
    assert system.outbox() == mails
    again = redrive(system, "--complaint", number)
    assert (again.returncode, "events done" in again.stdout) == (0, True)


def test_what_a_function_fails_at_again_is_left(system: System) -> None:
    put(system, "MailEventsDeadLetters", {"Type": "Notification", "Message": "{}"})
    done = redrive(system, "--only", "mail-events")
    assert done.returncode == 1
    assert "MailEvents failed again (KeyError)" in done.stdout


def test_without_a_running_system_one_line_says_what_to_do() -> None:
    nowhere = System("", "http://127.0.0.1:9", "", None)  # type: ignore[arg-type]
    told = redrive(nowhere)
    assert (told.returncode, told.stdout, len(told.stderr.splitlines())) == (1, "", 1)
    assert "make run" in told.stderr
