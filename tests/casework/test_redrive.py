"""What was given up goes back to work: every kind of dead letter, losing none of them whatever happens meanwhile."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

import app
from chalicelib import log
from infra import redrive
from infra.aws import REGION
from infra.dead_letters import TRAYS
from infra.deployment import Deployment, Failed, deployed
from infra.packaging import merged
from tests.house import KETTLE, House

from .mailroom import HARD, Mailroom, mail_event, mails_to, notices, texts

WANG = "wang@example.cn"
FUNCTIONS = {"React": app.react, "MailEvents": app.mail_events, "Ring": app.ring}


@dataclass
class Office:
    """The queues of one house, by logical id, and whoever gives dead letters back. `pauses` lists those made."""

    house: House
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sqs = boto3.client("sqs")
        urls = self.sqs.list_queues()["QueueUrls"]
        table = self.house.environment["REDRESS_TABLE"]
        self.names = {url.rpartition("-")[2]: url for url in urls} | {"Table": table}
        self.functions: dict[str, Callable[[Any, Any], Any]] = dict(FUNCTIONS)

    def invoke(self, function: str, entry: dict[str, Any]) -> Any:
        """As Lambda would: plain JSON goes in and comes out, what is raised is told by its kind."""
        plain = json.loads(json.dumps(entry, default=lambda instant: instant.timestamp()))
        try:
            return json.loads(json.dumps(self.functions[function](plain, None)))
        except log.Failed as fault:
            raise Failed(f"{function} failed again ({type(fault).__name__})") from fault

    def put(self, queue: str, body: object) -> str:
        """A letter, as it lies there; its id."""
        text = body if isinstance(body, str) else json.dumps(body)
        return str(self.sqs.send_message(QueueUrl=self.names[queue], MessageBody=text)["MessageId"])

    def count(self, queue: str, *, held: bool = False) -> int:
        """How many messages a queue has: free for anybody to take, or held by somebody."""
        name = f"ApproximateNumberOfMessages{'NotVisible' if held else ''}"
        answer = self.sqs.get_queue_attributes(QueueUrl=self.names[queue], AttributeNames=[name])
        return int(answer["Attributes"][name])

    def let_go(self) -> None:
        """It is so much later that nobody holds any message any more."""
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            for message in queue._messages:
                message.visible_at = 0.0

    def redrive(self, *arguments: str) -> int:
        house = Deployment(client, self.names, self.invoke, wait=0)
        return redrive.main(list(arguments), lambda asked: house, self.pauses.append)


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def client(service: str) -> Any:
    """A client; moto knows streams by one address only."""
    where = {"endpoint_url": f"https://streams.dynamodb.{REGION}.amazonaws.com"} if service == "dynamodbstreams" else {}
    return boto3.client(service, **where)  # type: ignore[call-overload]


def lost_batch(house: House, records: slice = slice(None)) -> dict[str, Any]:
    """What the stream's mapping leaves of a batch it gave up: where it lay, and nothing of it."""
    streams = client("dynamodbstreams")
    table = boto3.client("dynamodb").describe_table(TableName=house.environment["REDRESS_TABLE"])["Table"]
    arn = table["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    place = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    found = streams.get_records(ShardIterator=streams.get_shard_iterator(**place)["ShardIterator"])["Records"]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in found[records]]
    info = {
        "shardId": shard["ShardId"],
        "streamArn": arn,
        "startSequenceNumber": numbers[0],
        "endSequenceNumber": numbers[-1],
        "approximateArrivalOfFirstRecord": "2026-10-09T07:40:00.000Z",
        "approximateArrivalOfLastRecord": "2026-10-09T07:40:09.000Z",
        "batchSize": len(numbers),
    }
    return {"requestContext": {"condition": "RetryAttemptsExhausted"}, "DDBStreamBatchInfo": info}


def envelope(entry: dict[str, Any]) -> dict[str, Any]:
    """What SNS leaves of a message it could not hand over."""
    return {"Type": "Notification", **entry["Records"][0]["Sns"]}


def record(entry: dict[str, Any]) -> dict[str, Any]:
    """What Lambda leaves of a call that the function failed at for good."""
    context = {"condition": "RetriesExhausted", "approximateInvokeCount": 3}
    return {"version": "1.0", "requestContext": context, "requestPayload": entry}


# ---- the queues ------------------------------------------------------------------------------------------------------


def test_every_queue_of_dead_letters_is_known():
    resources = merged()["Resources"]
    queues = {name for name, one in resources.items() if one.get("Type") == "AWS::SQS::Queue"}
    known = {kind.queue for kind in TRAYS} | {"ScheduleDeadLetters"}  # of which nothing goes back: the next run does it
    assert known == {name for name in queues if name.endswith("DeadLetters")}


@pytest.mark.parametrize("name", ["Notices", "Evidence", "Orders", "Webhooks"])
def test_what_was_given_up_in_a_queue_goes_back_into_it(office: Office, name: str):
    there = office.count(f"{name}Queue")  # S3 sends a test message
    for number in range(12):
        office.put(f"{name}DeadLetters", f"7K2M9-XD4F{number:X}")
    assert office.redrive("--only", name.lower()) == 0
    assert (office.count(f"{name}DeadLetters"), office.count(f"{name}Queue") - there) == (0, 12)


def test_a_notice_that_was_given_up_reaches_its_consumer(house: House, office: Office, room: Mailroom):
    house.file()
    room.react()
    for message in room.messages():
        office.put("NoticesDeadLetters", message["body"])
    assert mails_to(WANG) == []
    assert office.redrive() == 0
    room.settle()
    assert len(mails_to(WANG)) == 1


def test_they_go_back_at_a_bounded_rate(office: Office):
    for _ in range(3):
        office.put("OrdersDeadLetters", "7K2M9-XD4FQ")
    office.redrive("--only", "orders")
    assert office.pauses == [1 / redrive.RATE] * 3


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whenever_it_is_killed_no_letter_is_lost(house: House, office: Office, moment: str):
    for number in range(3):
        office.put("OrdersDeadLetters", f"7K2M9-XD4F{number}")

    def kept() -> int:
        return sum(
            office.count(name, held=held) for name in ("OrdersDeadLetters", "OrdersQueue") for held in (True, False)
        )

    assert kept() == 3
    for _ in house.deaths(lambda: office.redrive("--only", "orders"), moment):
        assert kept() >= 3
        assert office.redrive("--only", "orders", "--dry-run") == (
            1 if office.count("OrdersDeadLetters", held=True) else 0
        )
        office.let_go()
    assert office.count("OrdersDeadLetters") == 0
    assert office.count("OrdersQueue") >= 3


def test_a_letter_that_is_refused_stays_and_is_named(house: House, office: Office, capsys: Any):
    letter = office.put("NoticesDeadLetters", {})

    def refuse(call: str, moment: str) -> None:
        if call == "sqs:SendMessage":
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "SendMessage")

    with house.interfering(refuse):
        assert office.redrive("--only", "notices") == 1
    said = capsys.readouterr().out
    assert letter in said
    assert "AccessDenied" in said
    assert office.count("NoticesDeadLetters") == 1


# ---- looking only ----------------------------------------------------------------------------------------------------


def test_a_dry_run_lists_ids_alone_and_changes_nothing(house: House, office: Office, room: Mailroom, capsys: Any):
    number = house.file()["complaint_id"]
    room.settle()
    (receipt,) = [item for item in house.items() if item["sk"]["S"].endswith("#receipt#consumer")]
    report = envelope(mail_event(house, "Bounce", receipt, bounce={"bouncedRecipients": [{"emailAddress": WANG}]}))
    letters = {
        "NoticesDeadLetters": {"record": number, "seq": 1, "audience": "consumer", "kind": "receipt"},
        "EvidenceDeadLetters": {"Records": [{"s3": {"object": {"key": f"incoming/{number}/e1"}}}]},
        "OrdersDeadLetters": number,
        "ReplaysDeadLetters": "amendment_2",
        "WebhooksDeadLetters": {"record": number, "seq": 1, "audience": "storefront/c1", "kind": "news"},
        "ReactDeadLetters": lost_batch(house),
        "MailEventsDeadLetters": report,
        "ClockDeadLetters": {"record": number, "clock": 1, "at": "2026-10-10T03:40:00Z", "idle": 11},
    }
    ids = [office.put(queue, body) for queue, body in letters.items()]
    before = house.items()
    office.functions.clear()
    assert office.redrive("--dry-run") == 0
    said = capsys.readouterr().out
    assert all(letter in said for letter in ids)
    assert (said.count(number), said.count("amendment_2")) == (6, 1)
    assert "2026-10-09T07:40:09.000Z" in said
    assert all(f"{kind.name}: 1 found" in said for kind in TRAYS)
    assert all(words not in said for words in (WANG, *KETTLE["contact"].values(), KETTLE["description"]))
    assert [office.count(queue) for queue in letters] == [1] * len(letters)
    assert house.items() == before


def test_only_the_kinds_asked_for_are_touched(office: Office):
    office.put("NoticesDeadLetters", {})
    office.put("OrdersDeadLetters", "7K2M9-XD4FQ")
    office.put("EvidenceDeadLetters", {})
    assert office.redrive("--only", "notices,evidence") == 0
    assert [office.count(f"{name}DeadLetters") for name in ("Notices", "Orders", "Evidence")] == [0, 1, 0]


@pytest.mark.parametrize("wrong", [("--only", "letters"), ("--complaint", "王芳")])
def test_a_wrong_option_is_named(office: Office, wrong: tuple[str, str], capsys: Any):
    with pytest.raises(SystemExit) as end:
        office.redrive(*wrong)
    assert end.value.code == 2
    assert wrong[1] in capsys.readouterr().err


# ---- reactions -------------------------------------------------------------------------------------------------------


def test_events_that_were_given_up_are_fetched_from_the_stream_and_reacted_to(house: House, office: Office):
    numbers = [house.file(contact=KETTLE["contact"])["complaint_id"] for _ in range(2)]
    office.put("ReactDeadLetters", lost_batch(house))
    handed = []
    office.functions["React"] = lambda entry, context: handed.append(entry) or app.react(entry, context)
    assert office.redrive() == 0
    assert office.count("ReactDeadLetters") == 0
    assert [record["dynamodb"]["Keys"]["sk"]["S"] for entry in handed for record in entry["Records"]] == [
        "ENTRY#00000001"
    ] * 2
    assert all(("consumer", "receipt", "queued") in notices(house, number) for number in numbers)


def test_what_lies_outside_a_letter_is_left_alone(house: House, office: Office):
    first, second, third = (house.file()["complaint_id"] for _ in range(3))
    each = len(house.items()) // 3
    office.put("ReactDeadLetters", lost_batch(house, slice(each, 2 * each)))
    assert office.redrive() == 0
    assert [bool(notices(house, number)) for number in (first, second, third)] == [False, True, False]


def test_a_reaction_that_fails_again_keeps_its_letter(house: House, office: Office, capsys: Any):
    house.file()
    letter = office.put("ReactDeadLetters", lost_batch(house))
    office.functions["React"] = lambda entry, context: {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert office.redrive() == 1
    said = capsys.readouterr().out
    assert letter in said
    assert "1 of 1 events failed again" in said
    assert office.count("ReactDeadLetters") == 1


def forget_start(letter: dict[str, Any]) -> None:
    """As after 24 hours, where the stream begins later than the letter does."""
    batch = letter["DDBStreamBatchInfo"]
    batch["startSequenceNumber"] = str(int(batch["startSequenceNumber"]) - 1)


@pytest.mark.parametrize("code", ["TrimmedDataAccessException", "ResourceNotFoundException", None])
def test_what_the_stream_has_forgotten_is_done_complaint_by_complaint(
    house: House, office: Office, code: str | None, capsys: Any
):
    number = house.file()["complaint_id"]
    house.do(number, "acknowledgement", {})
    batch = lost_batch(house)
    if code is None:
        forget_start(batch)
    letter = office.put("ReactDeadLetters", batch)

    def forget(call: str, moment: str) -> None:
        if code and call == "dynamodbstreams:GetShardIterator":
            raise ClientError({"Error": {"Code": code}}, "GetShardIterator")

    with house.interfering(forget):
        assert office.redrive() == 1
    assert "--complaint" in capsys.readouterr().out
    assert office.count("ReactDeadLetters") == 1
    assert office.redrive("--complaint", number.lower(), "--dry-run") == 0
    assert notices(house, number) == []
    assert office.redrive("--complaint", number.lower()) == 0
    assert office.redrive("--complaint", number) == 0  # what follows from what followed
    told = notices(house, number)
    assert {("consumer", "receipt", "queued"), ("consumer", "acknowledgement", "queued")} <= set(told)
    assert office.redrive("--complaint", number) == 0
    assert notices(house, number) == told
    assert office.redrive("--drop", letter) == 0
    assert office.count("ReactDeadLetters") == 0


def test_a_complaint_that_is_not_there_is_told(office: Office, capsys: Any):
    assert office.redrive("--complaint", "7K2M9-XD4FQ") == 1
    assert "no such complaint" in capsys.readouterr().err


# ---- functions that were called in vain ------------------------------------------------------------------------------


@pytest.mark.parametrize("left_by", [envelope, record], ids=["SNS", "Lambda"])
def test_a_bounce_that_nobody_heard_of_is_heard(house: House, office: Office, room: Mailroom, left_by: Any):
    house.file()
    room.settle()
    (receipt,) = [item for item in house.items() if item["sk"]["S"].endswith("#receipt#consumer")]
    office.put("MailEventsDeadLetters", left_by(mail_event(house, "Bounce", receipt, **HARD)))
    assert office.redrive() == 0
    assert office.count("MailEventsDeadLetters") == 0
    room.settle()
    assert len(texts()) == 1


def test_a_report_that_fails_again_stays(house: House, office: Office, room: Mailroom):
    house.file()
    room.react()  # but nothing was sent yet
    (receipt,) = [item for item in house.items() if item["sk"]["S"].endswith("#receipt#consumer")]
    receipt["email_message_id"] = {"S": "m-1"}
    office.put("MailEventsDeadLetters", envelope(mail_event(house, "Bounce", receipt, **HARD)))
    assert office.redrive() == 1
    assert office.count("MailEventsDeadLetters") == 1


def test_a_clock_that_gave_up_rings_and_the_sweep_is_said_to_go_on(house: House, office: Office, capsys: Any):
    number = house.file()["complaint_id"]
    gave_up = {"record": number, "clock": 1, "at": "2026-10-10T03:40:00Z", "idle": 11, "error": {"Error": "x"}}
    office.put("ClockDeadLetters", gave_up)
    house.pass_time(hours=25)
    assert office.redrive() == 0
    assert office.count("ClockDeadLetters") == 0
    kinds = [entry["type"] for entry in house.get(f"/v1/complaints/{number}/timeline", "cs.lin").json["items"]]
    assert "DeadlineMissed" in kinds
    assert "by the sweep" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["react", "mail-events", "clock"])
def test_what_cannot_be_read_stays_until_somebody_drops_it(office: Office, kind: str, capsys: Any):
    (queue,) = [one.queue for one in TRAYS if one.name == kind]
    letters = [office.put(queue, body) for body in (" ", "{", "[]", "{}", "王芳")]
    assert office.redrive("--only", kind) == 1
    said = capsys.readouterr()
    assert all(letter in said.out for letter in letters)
    assert "5 left" in said.err
    assert "--drop" in said.err
    assert "王芳" not in said.out + said.err
    assert office.count(queue) == 5
    assert office.redrive("--only", kind, "--drop", *letters) == 0
    assert office.count(queue) == 0


# ---- what is reached -------------------------------------------------------------------------------------------------


def test_names_come_from_the_stack(house: House):
    queue = {"Type": "AWS::SQS::Queue"}
    resources = {"Resources": {"OrdersQueue": queue, "OrdersDeadLetters": queue}}
    boto3.client("cloudformation").create_stack(StackName="redress-prod", TemplateBody=json.dumps(resources))
    found = deployed("redress-prod")
    assert set(found.names) == {"OrdersQueue", "OrdersDeadLetters"}
    found.client("sqs").send_message(QueueUrl=found.names["OrdersDeadLetters"], MessageBody="7K2M9-XD4FQ")
    assert redrive.main(["--only", "orders"], lambda asked: found._replace(wait=0), lambda seconds: None) == 0
    (moved,) = found.client("sqs").receive_message(QueueUrl=found.names["OrdersQueue"])["Messages"]
    assert moved["Body"] == "7K2M9-XD4FQ"


def test_a_queue_that_the_deployment_has_not_is_told(office: Office, capsys: Any):
    del office.names["ClockDeadLetters"]
    assert office.redrive("--dry-run") == 1
    assert "no ClockDeadLetters" in capsys.readouterr().err


def test_a_stack_that_is_not_there_is_told_with_what_to_do(house: House, capsys: Any):
    assert redrive.main(["--stack", "elsewhere"]) == 1
    said = capsys.readouterr().err
    assert "elsewhere" in said
    assert "--stack" in said
