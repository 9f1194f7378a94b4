"""A small app for trying the local system: it tells what it is given, and misbehaves when asked to."""

import json
import os
from typing import Any

import boto3
from chalice import Chalice, Rate, Response

from chalicelib import wallclock

app = Chalice(app_name="tiny", configure_logs=False)


def clients() -> tuple[Any, Any]:
    return boto3.client("dynamodb"), boto3.client("sqs")


@app.route("/v1/echo", methods=["GET", "POST"], content_types=["application/json", "application/octet-stream"])
def echo() -> Response:
    request = app.current_request
    raw = request.raw_body if isinstance(request.raw_body, bytes) else request.raw_body.encode()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return Response({"code": "malformed"}, status_code=400)
    return Response(
        {
            "text": text[:1000],
            "size": len(raw),
            "query": app.current_request.query_params and dict(app.current_request.query_params._dict),
            "request_id": app.current_request.context["requestId"],
            "now": wallclock.now().isoformat(),
        }
    )


@app.route("/v1/things/{name}")
def thing(name: str) -> Response:
    return Response({"name": name}, headers={"ETag": '"1"', "X-Weird": "发"})


@app.route("/v1/things/known")
def known() -> dict[str, bool]:
    return {"known": True}


@app.route("/v1/shared", cors=True)
def shared() -> dict[str, bool]:
    return {"shared": True}


@app.route("/v1/crash")
def crash() -> Response:
    raise RuntimeError("as asked")


@app.route("/v1/events", methods=["POST"])
def events() -> dict[str, int]:
    """Write so many events; each one's behaviour is told by the body."""
    body = app.current_request.json_body
    dynamodb, _ = clients()
    for number in range(body["count"]):
        item = {
            "pk": {"S": f"C#{body['name']}"},
            "sk": {"S": f"EVENT#{number:06}"},
            "kind": {"S": body.get("kind", "fine")},
        }
        dynamodb.put_item(TableName=os.environ["REDRESS_TABLE"], Item=item)
    return {"written": body["count"]}


@app.route("/v1/seen/{name}")
def seen(name: str) -> dict[str, Any]:
    """What `react` and `deliver` have noted of a complaint."""
    dynamodb, _ = clients()
    found = dynamodb.query(
        TableName=os.environ["REDRESS_TABLE"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"SEEN#C#{name}"}},
    )
    return {"seen": [item["sk"]["S"] for item in found["Items"]]}


@app.lambda_function(name="react")
def react(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Queues each event's kind for `deliver`."""
    _, sqs = clients()
    failed = []
    for record in event["Records"]:
        image = record["dynamodb"]["NewImage"]
        if image["kind"]["S"] == "poison":
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            continue
        body = {"pk": image["pk"]["S"], "sk": image["sk"]["S"], "kind": image["kind"]["S"]}
        sqs.send_message(QueueUrl=os.environ["REDRESS_NOTICES_QUEUE_URL"], MessageBody=json.dumps(body))
    return {"batchItemFailures": failed}


@app.lambda_function(name="deliver")
def deliver(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Notes each message, but for the undeliverable ones."""
    dynamodb, _ = clients()
    failed = []
    for record in event["Records"]:
        body = json.loads(record["body"])
        if body["kind"] == "undeliverable":
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        item = {"pk": {"S": f"SEEN#{body['pk']}"}, "sk": {"S": f"NOTE#{body['sk'][-6:]}"}}
        dynamodb.put_item(TableName=os.environ["REDRESS_TABLE"], Item=item)
    return {"batchItemFailures": failed}


@app.schedule(Rate(5, unit=Rate.MINUTES))
def sweep(event: Any) -> None:
    """Sends one of everything."""
    mail = {"Subject": {"Data": "收到"}, "Body": {"Text": {"Data": "text"}, "Html": {"Data": "<p>html</p>"}}}
    boto3.client("sesv2").send_email(
        FromEmailAddress=os.environ["REDRESS_SENDER"],
        Destination={"ToAddresses": ["王芳 <wang@example.cn>"]},
        Content={"Simple": mail},
        EmailTags=[{"Name": "complaint_id", "Value": "C-1"}],
    )
