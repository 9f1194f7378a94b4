"""Makes the resources of `resources.yaml` in whatever moto mock is active, by API calls from the same properties.

Not by moto's CloudFormation: it cannot make a user pool, and importing it costs more than everything else here.
Types without a maker (event source mappings, gateway responses) are somebody else's: pumps, the gateway.
"""

import json
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from functools import cache, partial
from typing import Any

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.local.makers import ClientFactory, makers
from infra.local.template import Made, Maker, Stack, load_resources

__all__ = ["REGION", "STAFF", "STAFF_PASSWORD", "build", "build_stack", "load_resources", "staff"]

REGION = "us-east-1"
STACK = "redress-local"
STAFF_PASSWORD = "Redress-local-1"
STAFF: Mapping[str, tuple[str, ...]] = {
    "cs.lin": ("customer_service",),
    "cs.chen": ("customer_service",),
    "cs.lead": ("customer_service", "supervisor"),
    "quality.he": ("quality",),
    "logistics.gao": ("logistics",),
    "legal.xu": ("legal",),
    "management.zhou": ("management",),
    "audit.qin": ("audit",),
}


def build(template: Mapping[str, Any], region: str = REGION, **parameters: str) -> dict[str, str]:
    """Make everything; the environment variables of the functions. `parameters` replace the template's defaults."""
    return build_stack(template, region, **parameters).environment()


def build_stack(template: Mapping[str, Any], region: str = REGION, **parameters: str) -> Stack:
    """Make everything; the stack, to ask for more than the environment."""
    client = partial(_client, region)
    stack = Stack(template, _makers(client), _pseudo(region), **parameters)
    stack.make_all()
    if sender := stack.environment().get("REDRESS_SENDER"):
        client("sesv2").create_email_identity(EmailIdentity=parseaddr(sender)[1])
    return stack


def staff(pool: str, client: Any) -> None:
    """Make the staff accounts of the local system in a user pool that has their groups."""
    for name, groups in STAFF.items():
        client.admin_create_user(
            UserPoolId=pool, Username=name, UserAttributes=_attributes(name, groups), MessageAction="SUPPRESS"
        )
        client.admin_set_user_password(UserPoolId=pool, Username=name, Password=STAFF_PASSWORD, Permanent=True)
        for group in groups:
            client.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)


def _attributes(name: str, groups: Sequence[str]) -> list[dict[str, str]]:
    """Where a member of staff reads mail, and that customer service is on duty."""
    known = {"email": f"{name}@staff.example", "email_verified": "true"}
    if "customer_service" in groups:
        known["custom:duty"] = "on"
    return [{"Name": attribute, "Value": value} for attribute, value in known.items()]


@cache
def _client(region: str, service: str) -> Any:
    """A client, kept: making one costs more than making everything with it, and tests make everything often."""
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]


def _pseudo(region: str) -> dict[str, str]:
    return {
        "AWS::Region": region,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::AccountId": DEFAULT_ACCOUNT_ID,
        "AWS::StackName": STACK,
    }


def _makers(client: ClientFactory) -> dict[str, Maker]:
    """A maker by resource type. Each passes the template's properties on by their own names."""

    def table(name: str, properties: dict[str, Any]) -> Made:
        dynamodb = client("dynamodb")
        own = _known(dynamodb, "CreateTable", properties) | {"TableName": f"{STACK}-{name}"}
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
        url = sqs.create_queue(QueueName=f"{STACK}-{name}{suffix}", Attributes=attributes)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return Made(url, {"Arn": arn, "QueueUrl": url, "QueueName": f"{STACK}-{name}{suffix}"})

    def topic(name: str, properties: dict[str, Any]) -> Made:
        arn = client("sns").create_topic(Name=f"{STACK}-{name}")["TopicArn"]
        return Made(arn, {"TopicArn": arn, "TopicName": f"{STACK}-{name}"})

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
        return Made(name, {"Arn": f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{STACK}-{name}"})

    def secret(name: str, properties: dict[str, Any]) -> Made:
        return Made(f"arn:aws:secretsmanager:{REGION}:{DEFAULT_ACCOUNT_ID}:secret:{STACK}-{name}")

    def pool(name: str, properties: dict[str, Any]) -> Made:
        cognito = client("cognito-idp")
        own = _known(cognito, "CreateUserPool", properties) | {"PoolName": f"{STACK}-{name}"}
        custom = own.pop("Schema", [])  # with a schema of its own, a pool of moto loses the standard one
        made = cognito.create_user_pool(**own)["UserPool"]
        if custom:
            cognito.add_custom_attributes(UserPoolId=made["Id"], CustomAttributes=custom)
        return Made(made["Id"], {"Arn": made["Arn"], "UserPoolId": made["Id"]})

    def pool_client(name: str, properties: dict[str, Any]) -> Made:
        cognito = client("cognito-idp")
        own = _known(cognito, "CreateUserPoolClient", properties)
        made = cognito.create_user_pool_client(**own)["UserPoolClient"]
        return Made(made["ClientId"], {"ClientId": made["ClientId"], "ClientSecret": made.get("ClientSecret", "")})

    def part_of_pool(operation: str, ref: str) -> Maker:
        def make(name: str, properties: dict[str, Any]) -> Made:
            cognito = client("cognito-idp")
            method = {"CreateGroup": cognito.create_group, "CreateResourceServer": cognito.create_resource_server}
            method[operation](**_known(cognito, operation, properties))
            return Made(properties[ref])

        return make

    return makers(client, STACK) | {
        "AWS::DynamoDB::Table": table,
        "AWS::SQS::Queue": queue,
        "AWS::SNS::Topic": topic,
        "AWS::StepFunctions::StateMachine": state_machine,
        "AWS::IAM::Role": role,
        "AWS::SecretsManager::Secret": secret,
        "AWS::Cognito::UserPool": pool,
        "AWS::Cognito::UserPoolClient": pool_client,
        "AWS::Cognito::UserPoolGroup": part_of_pool("CreateGroup", "GroupName"),
        "AWS::Cognito::UserPoolResourceServer": part_of_pool("CreateResourceServer", "Identifier"),
    }


def _known(client: Any, operation: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties that the API call takes under the same name; the rest says nothing to moto."""
    takes = client.meta.service_model.operation_model(operation).input_shape.members
    return {key: value for key, value in properties.items() if key in takes}


def _attribute(value: Any) -> str:
    """A queue attribute as the API wants it: a string, whatever it was."""
    return value if isinstance(value, str) else json.dumps(value)
