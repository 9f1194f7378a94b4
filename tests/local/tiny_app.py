"""A small app for trying the local system: it tells what it is given, and misbehaves when asked to."""

import hmac
import json
import os
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import unquote_plus
from urllib.request import Request, urlopen

import boto3
from botocore.config import Config
from chalice import Chalice, Cron, Rate, Response

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


@app.route("/v1/pages/{size}")
def page(size: str) -> Response:
    """A page of so many bytes, which is not sent to whoever has it."""
    kept, headers = '"1"', {"ETag": '"1"', "Content-Type": "text/html; charset=utf-8"}
    if app.current_request.headers.get("if-none-match") == kept:
        return Response("", headers=headers, status_code=304)
    return Response("x" * int(size), headers=headers)


@app.route("/v1/things/known")
def known() -> dict[str, bool]:
    return {"known": True}


@app.route("/v1/shared", cors=True)
def shared() -> dict[str, bool]:
    return {"shared": True}


@app.route("/v1/settings")
def settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("REDRESS_")}


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
            "sk": {"S": f"ENTRY#{number:06}"},
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
    return {"seen": [item["sk"]["S"].partition(" ")[2] or item["sk"]["S"] for item in found["Items"]]}


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


def note(name: str, what: str) -> None:
    """Keep what a function has seen, in the order of seeing, for `/v1/seen/{name}`."""
    dynamodb, _ = clients()
    item = {"pk": {"S": f"SEEN#C#{name}"}, "sk": {"S": f"{time.monotonic_ns():020} {what}"}}
    dynamodb.put_item(TableName=os.environ["REDRESS_TABLE"], Item=item)


# ---- mail and what becomes of it -----------------------------------------------------------------------------------


@app.route("/v1/mails", methods=["POST"])
def mails() -> dict[str, str]:
    """Send a mail; `about` names who is told what becomes of it."""
    body = app.current_request.json_body
    sent = boto3.client("sesv2").send_email(
        FromEmailAddress=os.environ["REDRESS_SENDER"],
        Destination={"ToAddresses": [body["to"]]},
        Content={"Simple": {"Subject": {"Data": "收到"}, "Body": {"Text": {"Data": "text"}}}},
        ConfigurationSetName=os.environ["REDRESS_MAIL_CONFIGURATION"],
        EmailTags=[{"Name": "about", "Value": body["about"]}],
    )
    return {"id": sent["MessageId"]}


@app.lambda_function(name="mail-events")
def mail_events(event: dict[str, Any], context: Any) -> None:
    (record,) = event["Records"]
    if record["Sns"]["TopicArn"] != os.environ["REDRESS_MAIL_EVENTS_TOPIC"]:
        raise RuntimeError("from another topic")
    told = json.loads(record["Sns"]["Message"])
    (about,) = told["mail"]["tags"]["about"]
    note(about, told["eventType"])
    if about == "unlucky":
        raise RuntimeError("as asked")


# ---- evidence --------------------------------------------------------------------------------------------------------


def browsers_s3() -> Any:
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    return boto3.client("s3", endpoint_url=os.environ["REDRESS_EVIDENCE_ENDPOINT"], config=config)


@app.route("/v1/uploads", methods=["POST"])
def uploads() -> dict[str, Any]:
    """A form for a picture of at most 100 bytes, good for ten minutes."""
    form: dict[str, Any] = browsers_s3().generate_presigned_post(
        Bucket=os.environ["REDRESS_EVIDENCE_BUCKET"],
        Key=app.current_request.json_body["key"],
        Fields={"Content-Type": "image/png"},
        Conditions=[{"Content-Type": "image/png"}, ["content-length-range", 1, 100]],
        ExpiresIn=600,
    )
    return form


@app.route("/v1/downloads", methods=["POST"])
def downloads() -> dict[str, str]:
    """A link that lives five minutes."""
    asked = {"Bucket": os.environ["REDRESS_EVIDENCE_BUCKET"], "Key": app.current_request.json_body["key"]}
    asked |= {"ResponseContentDisposition": "attachment; filename*=UTF-8''%E7%85%A7.png"}
    return {"url": browsers_s3().generate_presigned_url("get_object", Params=asked, ExpiresIn=300)}


@app.lambda_function(name="receive-evidence")
def receive_evidence(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Notes what has arrived, as it is found in the bucket."""
    for message in event["Records"]:
        for record in json.loads(message["body"]).get("Records", []):
            about, key = record["s3"]["object"], unquote_plus(record["s3"]["object"]["key"])
            found = boto3.client("s3").head_object(
                Bucket=record["s3"]["bucket"]["name"], Key=key, VersionId=about["versionId"]
            )
            note(key.split("/")[1], f"{record['eventName']} {about['size']} {found['ContentType']}")
    return {"batchItemFailures": []}


# ---- the shop's order system -----------------------------------------------------------------------------------------


@app.route("/v1/orders", methods=["POST"])
def orders() -> dict[str, bool]:
    _, sqs = clients()
    sqs.send_message(
        QueueUrl=os.environ["REDRESS_ORDERS_QUEUE_URL"], MessageBody=app.current_request.json_body["order"]
    )
    return {"asked": True}


@app.lambda_function(name="replay")
def replay(event: dict[str, Any], context: Any) -> None:
    """There is no draft to try."""


@app.lambda_function(name="call-webhooks")
def call_webhooks(event: dict[str, Any], context: Any) -> None:
    """There is no storefront to call."""


@app.lambda_function(name="verify-order")
def verify_order(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Asks the order system, and notes what it says."""
    for record in event["Records"]:
        path, now = f"/orders/{record['body']}", str(int(time.time()))
        secret = os.environ["REDRESS_ORDER_SYSTEM_SECRET"].encode()
        signature = hmac.digest(secret, f"{now}\nGET\n{path}".encode(), "sha256").hex()
        signed = {"X-Redress-Timestamp": now, "X-Redress-Signature": f"sha256={signature}"}
        try:
            with urlopen(Request(os.environ["REDRESS_ORDER_SYSTEM_URL"] + path, headers=signed), timeout=3) as answer:
                note(record["body"], str(json.load(answer)["found"]))
        except HTTPError as refusal:
            with refusal:
                note(record["body"], str(refusal.code))
    return {"batchItemFailures": []}


# ---- schedules -------------------------------------------------------------------------------------------------------


@app.schedule(Cron(0, 0, "*", "*", "?", "*"), name="digest")
def digest(event: Any) -> None:
    note("digest", event.time)


@app.schedule(Cron(0, 0, "*", "*", "?", "*"), name="report")
def report(event: Any) -> None:
    note("report", event.time)


@app.schedule(Cron(30, 6, "?", "*", "MON", "*"), name="weekly")
def weekly(event: Any) -> None:
    note("weekly", event.time)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def sweep(event: Any) -> None:
    """Sends one of everything."""
    mail = {"Subject": {"Data": "收到"}, "Body": {"Text": {"Data": "text"}, "Html": {"Data": "<p>html</p>"}}}
    boto3.client("sesv2").send_email(
        FromEmailAddress=os.environ["REDRESS_SENDER"],
        Destination={"ToAddresses": ["王芳 <wang@example.cn>"]},
        Content={"Simple": mail},
        EmailTags=[{"Name": "record", "Value": "C-1"}],
    )
