"""Makers of resources by their types, by API calls from the template's own properties.

Not by moto's CloudFormation: it cannot make a user pool, and importing it costs more than everything else here.
Types without a maker (event source mappings, gateway responses) are somebody else's: sources, the gateway.
"""

import json
from collections.abc import Callable
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.aws import delivery_makers, pool_makers
from infra.aws.template import Made, Maker, known

ClientFactory = Callable[[str], Any]


def makers(client: ClientFactory, stack: str, region: str) -> dict[str, Maker]:
    """A maker by resource type; names begin with the name of the `stack`."""

    def table(name: str, properties: dict[str, Any]) -> Made:
        dynamodb = client("dynamodb")
        own = known(dynamodb, "CreateTable", properties) | {"TableName": f"{stack}-{name}"}
        own.pop("SSESpecification", None)  # would make moto load its KMS, and encrypt nothing
        if "StreamSpecification" in own:
            own["StreamSpecification"] = {"StreamEnabled": True, **own["StreamSpecification"]}
        made = dynamodb.create_table(**own)["TableDescription"]
        if "TimeToLiveSpecification" in properties:
            dynamodb.update_time_to_live(
                TableName=made["TableName"], TimeToLiveSpecification=properties["TimeToLiveSpecification"]
            )
        return Made(made["TableName"], {"Arn": made["TableArn"], "StreamArn": made.get("LatestStreamArn", "")})

    def queue(name: str, properties: dict[str, Any]) -> Made:
        sqs = client("sqs")
        suffix = ".fifo" if properties.get("FifoQueue") else ""
        attributes = {key: _attribute(value) for key, value in properties.items() if key not in ("QueueName", "Tags")}
        url = sqs.create_queue(QueueName=f"{stack}-{name}{suffix}", Attributes=attributes)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return Made(url, {"Arn": arn, "QueueUrl": url, "QueueName": f"{stack}-{name}{suffix}"})

    def topic(name: str, properties: dict[str, Any]) -> Made:
        arn = client("sns").create_topic(Name=f"{stack}-{name}")["TopicArn"]
        return Made(arn, {"TopicArn": arn, "TopicName": f"{stack}-{name}"})

    def state_machine(name: str, properties: dict[str, Any]) -> Made:
        definition = json.dumps(properties["Definition"])
        for variable, value in properties.get("DefinitionSubstitutions", {}).items():
            definition = definition.replace(f"${{{variable}}}", value)
        made = client("stepfunctions").create_state_machine(
            name=properties["StateMachineName"], definition=definition, roleArn=properties["RoleArn"]
        )
        return Made(made["stateMachineArn"], {"Arn": made["stateMachineArn"], "Name": properties["StateMachineName"]})

    def role(name: str, properties: dict[str, Any]) -> Made:
        """A name is all that moto wants of a role: it enforces none here."""
        return Made(name, {"Arn": f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{stack}-{name}"})

    def secret(name: str, properties: dict[str, Any]) -> Made:
        return Made(f"arn:aws:secretsmanager:{region}:{DEFAULT_ACCOUNT_ID}:secret:{stack}-{name}")

    return {
        "AWS::DynamoDB::Table": table,
        "AWS::SQS::Queue": queue,
        "AWS::SNS::Topic": topic,
        "AWS::StepFunctions::StateMachine": state_machine,
        "AWS::IAM::Role": role,
        "AWS::SecretsManager::Secret": secret,
        **pool_makers.makers(client, stack),
        **delivery_makers.makers(client, stack),
    }


def _attribute(value: Any) -> str:
    """A queue attribute as the API wants it: a string, whatever it was."""
    return value if isinstance(value, str) else json.dumps(value)
