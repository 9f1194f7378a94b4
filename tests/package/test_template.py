"""What the template promises of what is kept, how failures are handled, and who may sign in."""

import json
from datetime import date
from typing import Any

from chalicelib.adapters import figures, items, places
from chalicelib.adapters.outbox import CLAIM
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.stages import Stage
from infra.packaging import STAGES, stages

from .test_package import of_type

INDEXES = {
    places.queue_of(Role.CUSTOMER_SERVICE, Stage.RECEIVED).by,
    places.queue_of_assignee("cs.lin").by,
    places.queue_of_order("E1").by,
}
FUNCTION = "AWS::Serverless::Function"
SOONER = {"NoticesQueue": 2}  # times the function's, where AWS advises six; resources.yaml says why
FOR_EVER = {
    *("Table", "EvidenceBucket", "FiguresBucket", "Key", "TokenKey", "ContactKey", "WebhookKey", "GatewayAccount"),
    "GatewayAccountRole",
}


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


def test_what_names_people_or_proves_who_they_are_is_encrypted_with_the_own_key(template: dict[str, Any]):
    own = ({"Ref": "Key"}, {"Fn::GetAtt": ["Key", "Arn"]})
    for topic in of_type(template, "AWS::SNS::Topic").values():
        assert topic["Properties"]["KmsMasterKeyId"] in own
    for secret in of_type(template, "AWS::SecretsManager::Secret").values():
        assert secret["Properties"]["KmsKeyId"] in own
    for bucket in of_type(template, "AWS::S3::Bucket").values():
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] in own
    assert template["Resources"]["MailEventsDeadLetters"]["Properties"]["KmsMasterKeyId"] in own
    assert template["Globals"]["Function"]["KmsKeyArn"] in own


def test_the_stream_wakes_react_for_events_only(template: dict[str, Any]):
    (pattern,) = template["Resources"]["ReactStream"]["Properties"]["FilterCriteria"]["Filters"]
    keys = json.loads(pattern["Pattern"])["dynamodb"]["Keys"]
    assert keys == {"sk": {"S": [{"prefix": items.ENTRY}]}}


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
            assert queue["VisibilityTimeout"] >= SOONER.get(origin, 6) * function["Timeout"], name
            if origin in SOONER:
                assert "ScalingConfig" in source, "or Lambda fetches what it cannot run"
                assert queue["VisibilityTimeout"] > CLAIM.total_seconds(), "or it comes again while it is still claimed"


def test_what_protects_something_behind_it_runs_so_many_times_at_once(template: dict[str, Any]):
    sources = of_type(template, "AWS::Lambda::EventSourceMapping").items()
    limits = {name: one["Properties"].get("ScalingConfig") for name, one in sources}
    assert {name: limit for name, limit in limits.items() if limit} == {
        "DeliverQueue": {"MaximumConcurrency": {"Ref": "DeliverConcurrency"}},
        "WebhookCalls": {"MaximumConcurrency": {"Ref": "WebhookConcurrency"}},
        "OrderChecks": {"MaximumConcurrency": {"Ref": "OrderSystemConcurrency"}},
    }


def test_a_new_account_can_send_what_deliver_sends_by_default(template: dict[str, Any]):
    """As near as AWS lets it: a mapping runs twice at once at least."""
    default = template["Parameters"]["DeliverConcurrency"]["Default"]
    rate_of_new_account, mails_of_a_batch = 14, 1 / (0.060 + 5 * 0.006 + 0.0049 * 3.45)  # a second
    assert default == max(2, int(rate_of_new_account / mails_of_a_batch))


def test_a_function_is_done_before_whoever_waits_for_it_gives_up(template: dict[str, Any]):
    functions = {name: one["Properties"]["Timeout"] for name, one in of_type(template, FUNCTION).items()}
    machine = template["Resources"]["ClockMachine"]["Properties"]["Definition"]["States"]
    assert functions["APIHandler"] < 29, "the gateway waits so long, and a function that is killed logs nothing"
    assert functions["Ring"] <= machine["Ring"]["TimeoutSeconds"]
    assert max(functions.values()) <= 900


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


def test_accounts_are_made_by_staff_and_their_names_cannot_be_tried_out(template: dict[str, Any]):
    pool = template["Resources"]["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    staff = template["Resources"]["StaffClient"]["Properties"]
    assert staff["PreventUserExistenceErrors"] == "ENABLED"
    assert staff["EnableTokenRevocation"] is True
    assert staff["TokenValidityUnits"]["RefreshToken"] == "hours"
    assert staff["RefreshTokenValidity"] <= 24


def test_with_their_own_token_nobody_changes_where_notices_go_or_who_is_on_duty(template: dict[str, Any]):
    """Every token of a user that a sign-in gives has the scope to change what its client may write. Where a client says
    nothing, or names nothing, that is all standard attributes, the mail address among them."""
    clients = {name: one["Properties"] for name, one in of_type(template, "AWS::Cognito::UserPoolClient").items()}
    assert clients.keys() == {"StaffClient", "StorefrontClient"}
    for name, one in clients.items():
        assert one["WriteAttributes"] == ["nickname"], name
        assert "aws.cognito.signin.user.admin" not in one.get("AllowedOAuthScopes", []), name
        assert one["EnableTokenRevocation"] is True, name
        assert one["PreventUserExistenceErrors"] == "ENABLED", name
    assert clients["StorefrontClient"]["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"], "no user signs in by it"


def test_a_password_is_not_recovered_by_a_mailbox(template: dict[str, Any]):
    pool = template["Resources"]["UserPool"]["Properties"]
    assert pool["AccountRecoverySetting"] == {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}


def test_the_pool_knows_duty_and_days_of_absence(template: dict[str, Any]):
    pool = template["Resources"]["UserPool"]["Properties"]
    assert {one["Name"] for one in pool["Schema"]} == {"duty", "absent"}


def test_what_is_asked_of_exported_lines_is_limited_encrypted_and_kept_where_the_lines_are(template: dict[str, Any]):
    resources, where = template["Resources"], {"Fn::Sub": "s3://${FiguresBucket}/answers/"}
    asked = resources["LinesQueries"]["Properties"]["WorkGroupConfiguration"]
    assert asked["EnforceWorkGroupConfiguration"] is True, "or whoever asks writes answers anywhere, in the clear"
    assert asked["BytesScannedCutoffPerQuery"] == {"Ref": "QueryBytes"}
    answers = asked["ResultConfiguration"]
    assert answers["EncryptionConfiguration"]["KmsKey"] == {"Fn::GetAtt": ["Key", "Arn"]}
    assert (answers["OutputLocation"], answers["ExpectedBucketOwner"]) == (where, {"Ref": "AWS::AccountId"})
    days = {rule.get("Prefix"): rule["ExpirationInDays"] for rule in _rules_of(template, "FiguresBucket")}
    assert days == {None: {"Ref": "StatisticsDays"}, "answers/": 30}


def test_the_table_of_lines_finds_a_day_where_it_is_put(template: dict[str, Any]):
    table = template["Resources"]["LinesTable"]["Properties"]["TableInput"]
    where = table["Parameters"]["storage.location.template"]["Fn::Sub"]
    put = figures.key_of_lines(date(2026, 10, 9))
    assert put.startswith(where.replace("s3://${FiguresBucket}/", "").replace("${!day}", "2026-10-09"))
    assert where.startswith(table["StorageDescriptor"]["Location"]["Fn::Sub"])
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "string"}]
    assert table["Parameters"]["projection.day.format"] == "yyyy-MM-dd"


def test_figures_and_exported_lines_are_deleted_when_the_policy_deletes_lines(template: dict[str, Any]):
    (rule,) = (one for one in _rules_of(template, "FiguresBucket") if "Prefix" not in one)
    assert rule["ExpirationInDays"] == {"Ref": "StatisticsDays"}
    newest = max(versions.packaged(Rules).items())[1]
    assert template["Parameters"]["StatisticsDays"]["Default"] == newest.statistics_days
    for stage in stages():
        named = json.loads((STAGES / f"{stage}.json").read_text("utf-8")).get("StatisticsDays", newest.statistics_days)
        assert int(named) == newest.statistics_days, stage


def _rules_of(template: dict[str, Any], bucket: str) -> list[dict[str, Any]]:
    return list(template["Resources"][bucket]["Properties"]["LifecycleConfiguration"]["Rules"])
