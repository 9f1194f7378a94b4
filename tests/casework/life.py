"""Lambda and what feeds it, played by hand under the eyes of a guard: whoever is invoked acts with its own policy only.

Queues and the stream find their functions by the mappings of `resources.yaml`, so that a new consumer is fed too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import boto3
from chalice.utils import to_cfn_resource_name
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

import app
from chalicelib.adapters import store
from chalicelib.casework import rules
from chalicelib.domain.ground.instants import written
from infra.aws import REGION
from infra.aws.functions import scheduled_event, scheduled_functions
from tests.furnished import furnished
from tests.house import Answer, House

from .permissions import HTTP, Guard
from .streams import new_records

FUNCTIONS = [one.name for one in (*app.app.pure_lambda_functions, *app.app.event_sources)]
SCHEDULED = list(scheduled_functions(app.app))


@cache
def sources() -> list[tuple[str, str]]:
    """Which function each mapping feeds, and the ARN of what from."""
    names = {to_cfn_resource_name(name): name for name in FUNCTIONS}
    mappings = furnished().of_type("AWS::Lambda::EventSourceMapping").values()
    return [(names[one["FunctionName"]], one["EventSourceArn"]) for one in mappings]


def nothing_is_missed(now: datetime) -> None:
    """The rounds that make up each missed day were made until yesterday: months of them are not what is looked at."""
    for name in ("daily close", "daily report", "monthly report", "half-yearly report"):
        if store.mark(f"round {name}"):
            store.set_mark(f"round {name}", written(now - timedelta(days=1)))


@dataclass
class Life:
    """A house whose every function is guarded. `seen` are the events that the stream has delivered."""

    house: House
    guard: Guard
    seen: set[str] = field(default_factory=set)

    def invoke(self, function: str, entry: dict[str, Any]) -> Any:
        rules.forget()  # each function has containers of its own
        with self.guard.acting_as(function):
            return getattr(app, function.replace("-", "_"))(entry, None)

    def get(self, path: str, who: str | None = None, **more: Any) -> Answer:
        rules.forget()
        with self.guard.acting_as(HTTP):
            return self.house.get(path, who, **more)

    def post(self, path: str, body: Any, who: str | None = None, **more: Any) -> Answer:
        rules.forget()
        with self.guard.acting_as(HTTP):
            answer = self.house.post(path, body, who, **more)
        assert answer.status < 300, answer.text
        return answer

    def look(self, path: str, who: str) -> Answer:
        """A page of the console, which is there."""
        rules.forget()
        with self.guard.acting_as(HTTP):
            answer = self.house.look(path, who)
        assert answer.status == 200, answer.text
        return answer

    def put(self, path: str, body: Any, who: str) -> Answer:
        rules.forget()
        with self.guard.acting_as(HTTP):
            return self.house.put(path, body, who)

    def delete(self, path: str, who: str) -> Answer:
        rules.forget()
        with self.guard.acting_as(HTTP):
            return self.house.send("DELETE", path, token=self.house.token(who))

    def do(self, number: str, resource: str, body: Any, who: str | None = "cs.lin", **more: Any) -> Any:
        """Somebody does something about a complaint, and what follows happens; the answer."""
        answer = self.post(f"/v1/complaints/{number}/{resource}", body, who, **more).json
        self.settle()
        return answer

    def schedules(self) -> None:
        """Every scheduled function runs once, and what follows happens."""
        nothing_is_missed(self.house.now)
        for function in SCHEDULED:
            self.invoke(function, scheduled_event(function, REGION, self.house.now))
        self.settle()

    def settle(self) -> None:
        """Until no source has anything to deliver."""
        while delivered := list(self._waiting()):
            for function, batch in delivered:
                answer = self.invoke(function, {"Records": batch})
                assert answer == {"batchItemFailures": []}, function

    def _waiting(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        for function, source in sources():
            batch = self._messages(source) if ":sqs:" in source else self._events()
            if batch:
                yield function, batch

    def _events(self) -> list[dict[str, Any]]:
        """What the stream has not delivered yet; the table is read only if there is anything."""
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_table(self.house.environment["REDRESS_TABLE"])
        partitions: Any = table.items.values()  # all_items would sort them
        recorded = sum("entry" in item.attrs for partition in partitions for item in partition.values())
        return new_records(self.house, self.seen) if recorded > len(self.seen) else []

    @staticmethod
    def _messages(arn: str) -> list[dict[str, Any]]:
        name = arn.rpartition(":")[2]
        if not sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[name].messages:
            return []
        sqs = boto3.client("sqs")
        queue = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        taken = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in taken:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [{"messageId": one["MessageId"], "body": one["Body"]} for one in taken]
