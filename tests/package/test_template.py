"""What the template promises of what is kept, how failures are handled, and what may be called how often."""

import json
from typing import Any

import pytest

from chalicelib.adapters import items
from chalicelib.domain.lifecycle import Stage
from chalicelib.domain.people import Role

from .test_package import of_type

INDEXES = {
    items.queue_of(Role.CUSTOMER_SERVICE, Stage.RECEIVED).by,
    items.queue_of_assignee("cs.lin").by,
    items.queue_of_order("E1").by,
}
FOR_EVER = {"Table", "EvidenceBucket", "Key", "TokenKey", "ContactKey", "GatewayAccount", "GatewayAccountRole"}


def test_the_table_has_the_indexes_the_code_reads(template: dict[str, Any]):
    indexes = template["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
    keys = {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]] for index in indexes}
    assert keys == {name: [f"{name}_pk", "due_sk"] for name in INDEXES} | {"alarm": ["alarm_pk", "alarm_sk"]}


def test_what_is_kept_can_be_restored_and_outlives_the_stack(template: dict[str, Any]):
    table = template["Resources"]["Table"]["Properties"]
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    kept = {name for name, one in template["Resources"].items() if "Retain" in one.get("DeletionPolicy", "")}
    assert kept == FOR_EVER
    replaced = {name for name in kept if template["Resources"][name]["UpdateReplacePolicy"] == "Retain"}
    assert replaced == FOR_EVER


def test_a_first_deployment_that_fails_leaves_nothing_behind_that_the_next_one_meets(template: dict[str, Any]):
    """But the table, which is protected, its key, and what other stacks of the account may write their logs by."""
    policies = {name: template["Resources"][name]["DeletionPolicy"] for name in FOR_EVER}
    kept = {name for name, policy in policies.items() if policy != "RetainExceptOnCreate"}
    assert kept == {"Table", "Key", "GatewayAccount", "GatewayAccountRole"}
    for name in kept:
        named = {"TableName", "RoleName"} & template["Resources"][name]["Properties"].keys()
        assert named == set(), name


def test_the_api_has_one_stage_only(template: dict[str, Any]):
    """Without this property SAM adds one that no firewall, limit or log knows."""
    assert template["Resources"]["RestAPI"]["Properties"]["OpenApiVersion"] == "2.0"


def test_what_names_people_or_proves_who_they_are_is_encrypted_with_the_own_key(template: dict[str, Any]):
    own = ({"Ref": "Key"}, {"Fn::GetAtt": ["Key", "Arn"]})
    for topic in of_type(template, "AWS::SNS::Topic").values():
        assert topic["Properties"]["KmsMasterKeyId"] in own
    for secret in of_type(template, "AWS::SecretsManager::Secret").values():
        assert secret["Properties"]["KmsKeyId"] in own
    (bucket,) = of_type(template, "AWS::S3::Bucket").values()
    (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] in own
    assert template["Resources"]["MailEventsDeadLetters"]["Properties"]["KmsMasterKeyId"] in own
    assert template["Globals"]["Function"]["KmsKeyArn"] in own


def test_the_stream_wakes_react_for_events_only(template: dict[str, Any]):
    (pattern,) = template["Resources"]["ReactStream"]["Properties"]["FilterCriteria"]["Filters"]
    keys = json.loads(pattern["Pattern"])["dynamodb"]["Keys"]
    assert keys == {"sk": {"S": [{"prefix": items.EVENT}]}}


def test_every_source_is_answered_in_parts_and_keeps_what_failed(template: dict[str, Any]):
    for name, mapping in of_type(template, "AWS::Lambda::EventSourceMapping").items():
        source = mapping["Properties"]
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
        origin = source["EventSourceArn"]["Fn::GetAtt"][0]
        if origin == "Table":
            assert source["BisectBatchOnFunctionError"] is True
            assert 0 < source["MaximumRetryAttempts"] <= 10
            assert "OnFailure" in source["DestinationConfig"]
        else:
            queue = template["Resources"][origin]["Properties"]
            assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
            function = template["Resources"][source["FunctionName"]["Ref"]]["Properties"]
            assert queue["VisibilityTimeout"] > function["Timeout"], name


def test_dead_letters_are_kept_for_two_weeks(template: dict[str, Any]):
    queues = of_type(template, "AWS::SQS::Queue")
    kept = {name: one["Properties"].get("MessageRetentionPeriod") for name, one in queues.items()}
    assert {name for name, seconds in kept.items() if seconds == 14 * 24 * 3600} == {
        name for name in queues if name.endswith("DeadLetters")
    }


def test_nothing_is_logged_for_ever(template: dict[str, Any]):
    logs = of_type(template, "AWS::Logs::LogGroup")
    assert {json.dumps(one["Properties"]["RetentionInDays"]) for one in logs.values()} == {'{"Ref": "LogDays"}'}
    functions = of_type(template, "AWS::Serverless::Function")
    own = {name: one["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for name, one in functions.items()}
    assert own == {name: f"{name}Log" for name in functions}
    assert set(own.values()) < logs.keys()


def test_the_log_of_the_gateway_names_the_request_and_nobody(template: dict[str, Any]):
    setting = template["Resources"]["RestAPI"]["Properties"]["AccessLogSetting"]
    line = json.loads(setting["Format"])
    assert line["request_id"] == "$context.requestId"
    assert not [value for value in line.values() if "identity" in value or value == "$context.path"]


def test_a_call_that_takes_too_long_is_ended_by_lambda_which_leaves_a_line(template: dict[str, Any]):
    gateway_gives_up = 29  # seconds
    patience = template["Resources"]["APIHandler"]["Properties"]["Timeout"]
    assert 20 <= patience <= gateway_gives_up - 2


def test_sign_in_is_throttled_harder_than_the_rest(template: dict[str, Any]):
    everything, sign_in = template["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    assert (everything["HttpMethod"], everything["ResourcePath"]) == ("*", "/*")
    assert sign_in["ResourcePath"].replace("~1", "/") == "//v1/sign-in"
    assert sign_in["ThrottlingRateLimit"] < template["Parameters"]["RequestsPerSecond"]["Default"]


def test_the_firewall_counts_what_consumers_write_and_blocks_the_rest(template: dict[str, Any]):
    rules = template["Resources"]["WebFirewall"]["Properties"]["Rules"]
    common = rules[-1]["Statement"]["ManagedRuleGroupStatement"]
    counted = {one["Name"] for one in common["RuleActionOverrides"]}
    assert {name for name in counted if not name.endswith("_BODY")} == {"NoUserAgent_HEADER"}
    assert [rule["Priority"] for rule in rules] == list(range(len(rules)))


@pytest.fixture(scope="module")
def refusals(template: dict[str, Any]) -> dict[str, Any]:
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return dict(body["x-amazon-apigateway-gateway-responses"])


def test_the_refusals_of_the_gateway_look_like_ours(refusals: dict[str, Any]):
    for kind, refusal in refusals.items():
        problem = json.loads(refusal["responseTemplates"]["application/json"])
        assert problem.keys() == {"type", "title", "status", "detail", "code", "request_id"}, kind
        assert str(problem["status"]) == refusal["statusCode"], kind
        headers = {
            name.removeprefix("gatewayresponse.header."): value for name, value in refusal["responseParameters"].items()
        }
        assert headers["X-Request-Id"] == "context.requestId"
        assert headers["Content-Type"] == "'application/problem+json'"
        assert ("Retry-After" in headers) == (refusal["statusCode"] in ("429", "503")), kind


def test_an_address_where_nothing_is_looks_the_same_to_everybody(refusals: dict[str, Any]):
    unknown = ("MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "RESOURCE_NOT_FOUND", "DEFAULT_4XX")
    assert {json.dumps(refusals[kind]) for kind in unknown} == {json.dumps(refusals["DEFAULT_4XX"])}


def test_accounts_are_made_by_staff_and_their_names_cannot_be_tried_out(template: dict[str, Any]):
    pool = template["Resources"]["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    staff = template["Resources"]["StaffClient"]["Properties"]
    assert staff["PreventUserExistenceErrors"] == "ENABLED"
    assert staff["EnableTokenRevocation"] is True
    assert staff["TokenValidityUnits"]["RefreshToken"] == "hours"
    assert staff["RefreshTokenValidity"] <= 24
