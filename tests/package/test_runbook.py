"""What infra/README.md tells people to type names what there is: resources, outputs, functions, operations of AWS."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import get_session
from chalice.app import CloudWatchEvent

import app

from .test_gateway import resolved
from .test_package import of_type

ROOT = Path(__file__).parents[2]
README = (ROOT / "infra" / "README.md").read_text("utf-8")
SPOKEN = re.findall(
    r"aws ([a-z0-9-]+) (?:wait )?([a-z0-9-]+)((?:(?!\baws |\n\n|`|\| |; |\)$).)*)",
    re.sub(r"\\\n\s*", "", README),
    re.MULTILINE | re.DOTALL,
)
OWN = {("s3", "mb"), ("s3", "rb"), ("configure", "sso")}  # the CLI's, not a service's
OWN |= {("acm", "certificate-validated"), ("dynamodb", "table-exists"), ("cloudformation", "stack-delete-complete")}
COMMANDS = [command for command in SPOKEN if command[:2] not in OWN]
OF_THE_CLI = {"query", "output"}  # every command takes these
THERE = {"s3api": "s3", "notification-endpoint": "endpoint"}  # what has another name in the service's own description


def named(pattern: str) -> set[str]:
    return set(re.findall(pattern, README, re.MULTILINE))


def test_resources_that_are_asked_for_are_in_the_template(template: dict[str, Any]):
    asked = named(r"\$\(resource (\w+)\)")
    assert "TokenKey" in asked
    assert asked <= template["Resources"].keys()


def test_outputs_that_are_asked_for_are_in_the_template(template: dict[str, Any]):
    asked = named(r"\$\(output (\w+)\)")
    assert "ApiUrl" in asked
    guide = (ROOT / "chalicelib" / "web" / "json" / "README.md").read_text("utf-8")
    of_shops = set(re.findall(r"output `(\w+)`", guide))
    assert of_shops == {"ApiUrl", "TokenUrl", "StorefrontClientId"}
    assert asked | of_shops <= template["Outputs"].keys()
    assert {"Broadcast", "WebOrigins", "TrackingUrl"} <= template["Parameters"].keys()


def test_functions_that_are_run_by_hand_are_the_scheduled_ones_and_take_the_event(template: dict[str, Any]):
    functions = of_type(template, "AWS::Serverless::Function")
    scheduled = {name for name, one in functions.items() if "Schedule" in json.dumps(one["Properties"].get("Events"))}
    assert named(r"(?<![\w-])run ([A-Z]\w+)") == scheduled
    assert len(scheduled) == len(app.app.event_sources)
    event = json.loads((ROOT / "infra" / "by-hand.json").read_text("utf-8"))
    assert CloudWatchEvent(event, None).source == "by-hand"


@pytest.mark.parametrize(("service", "operation", "rest"), COMMANDS, ids=[" ".join(one[:2]) for one in COMMANDS])
def test_the_aws_cli_has_the_commands_and_their_options(service: str, operation: str, rest: str):
    model = get_session().get_service_model(THERE.get(service, service))
    (name,) = [one for one in model.operation_names if xform_name(one, "-") == operation]
    shape = model.operation_model(name).input_shape
    options = {xform_name(member, "-") for member in (shape.members if shape else ())}
    needed = {xform_name(member, "-") for member in (shape.required_members if shape else ())}
    given = {option.removeprefix("no-") for option in re.findall(r" --([a-z][a-z0-9-]+)", rest)} - OF_THE_CLI
    assert needed <= {THERE.get(option, option) for option in given} <= options


def test_a_further_storefront_is_made_like_the_one_of_the_template(template: dict[str, Any]):
    asked = {
        "--generate-secret": "GenerateSecret",
        "--explicit-auth-flows": "ExplicitAuthFlows",
        "--write-attributes": "WriteAttributes",
        "--read-attributes": "ReadAttributes",
        "--prevent-user-existence-errors": "PreventUserExistenceErrors",
        "--allowed-o-auth-flows-user-pool-client": "AllowedOAuthFlowsUserPoolClient",
        "--allowed-o-auth-flows": "AllowedOAuthFlows",
        "--allowed-o-auth-scopes": "AllowedOAuthScopes",
        "--enable-token-revocation": "EnableTokenRevocation",
        "--access-token-validity": "AccessTokenValidity",
        "--token-validity-units": "TokenValidityUnits",
    }
    [command] = [rest for _, operation, rest in COMMANDS if operation == "create-user-pool-client"]
    given = dict(re.findall(r"(--[a-z-]+)(?: ([^-\s]\S*))?", command))
    said = template["Resources"]["StorefrontClient"]["Properties"]
    assert given.keys() - asked.keys() == {"--user-pool-id", "--client-name", "--query", "--output"}
    assert said.keys() == {*asked.values(), "UserPoolId", "ClientName"}
    assert {option: spoken(said[name]) for option, name in asked.items()} == {option: given[option] for option in asked}


def spoken(value: Any) -> str:
    """As the AWS CLI takes it: an option that is on says nothing more."""
    if isinstance(value, dict):
        return ",".join(f"{key}={one}" for key, one in value.items())
    return " ".join(value) if isinstance(value, list) else "" if value is True else str(value)


def test_further_storefronts_are_a_parameter(template: dict[str, Any]):
    ids = template["Globals"]["Function"]["Environment"]["Variables"]["REDRESS_STOREFRONT_CLIENT_IDS"]
    assert resolved(template, ids) == "StorefrontClient"
    assert resolved(template, ids, Storefronts="abc,def") == "StorefrontClient,abc,def"
    takes = template["Parameters"]["Storefronts"]["AllowedPattern"]
    assert all(re.fullmatch(takes, one) for one in ("", "abc", "abc,def"))
    assert not any(re.fullmatch(takes, one) for one in ("abc,", "abc, def", ",", "A"))
