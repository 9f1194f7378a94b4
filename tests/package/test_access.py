"""Who may do what to what, wherever AWS alone asks: the key, queues, topics, the bucket, roles that are no function's.

What functions may do is in tests/casework/test_least_privilege.py, but for conditions that would not be missed there.
"""

import re
from collections.abc import Iterator
from typing import Any

from .test_package import of_type

Right = tuple[str, str, str, str, str]
"""Whose policy, who, what, to what, and if."""

ACCOUNT = "aws:SourceAccount=$AccountId"
TOPICS = "arn:$Partition:sns:$Region:$AccountId:$StackName-*"
TO_TOPICS = f"kms:EncryptionContext:aws:sns:topicArn~{TOPICS}"
TO_LOGS = "kms:EncryptionContext:aws:logs:arn~arn:$Partition:logs:$Region:$AccountId:log-group:$StackName-*"
SERVICES = ("dynamodb", "lambda", "s3", "secretsmanager", "sns", "sqs")
THROUGH = "kms:ViaService=" + "|".join(f"{service}.$Region.$URLSuffix" for service in SERVICES)
USE = "kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*"
PUBLISH = "kms:Decrypt kms:GenerateDataKey*"
BUCKET = "arn:$Partition:s3:::$StackName-evidence-$AccountId-$Region"
SET = "arn:$Partition:ses:$Region:$AccountId:configuration-set/$MailConfiguration"
CALLS = "arn:$Partition:execute-api:$Region:$AccountId:$RestAPI/*"
LOG_DELIVERY = (
    "logs:CreateLogDelivery logs:DeleteLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies "
    "logs:GetLogDelivery logs:ListLogDeliveries logs:PutResourcePolicy logs:UpdateLogDelivery"
)
LOG_TEXTS = "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents logs:PutMetricFilter logs:PutRetentionPolicy"
TEXTS = "arn:$Partition:logs:$Region:$AccountId:log-group:sns/$Region/$AccountId/DirectPublishToPhoneNumber*"
SNS, SES, S3 = "sns.amazonaws.com", "ses.amazonaws.com", "s3.amazonaws.com"
INVOKE, SEND = "lambda:InvokeFunction", "sqs:SendMessage"
MAY: list[Right] = [
    ("Key", "arn:$Partition:iam::$AccountId:root", "kms:*", "*", ""),
    ("Key", "*", USE, "*", f"kms:CallerAccount=$AccountId, {THROUGH}"),
    ("Key", "*", "kms:CreateGrant", "*", f"kms:CallerAccount=$AccountId, kms:GrantIsForAWSResource=true, {THROUGH}"),
    ("Key", "cloudwatch.amazonaws.com", PUBLISH, "*", f"{ACCOUNT}, {TO_TOPICS}"),
    ("Key", SES, PUBLISH, "*", TO_TOPICS),
    ("Key", SNS, PUBLISH, "*", f"aws:SourceArn~{TOPICS}"),
    ("Key", "logs.$Region.$URLSuffix", USE, "*", TO_LOGS),
    ("EvidenceQueue", S3, SEND, "$EvidenceQueue.Arn", f"{ACCOUNT}, aws:SourceArn={BUCKET}"),
    ("EvidenceBucket", "nobody", "s3:*", "$EvidenceBucket.Arn $EvidenceBucket.Arn/*", "aws:SecureTransport=false"),
    ("FiguresBucket", "nobody", "s3:*", "$FiguresBucket.Arn $FiguresBucket.Arn/*", "aws:SecureTransport=false"),
    ("MailEventsTopic", SES, "sns:Publish", "$MailEventsTopic", f"{ACCOUNT}, aws:SourceArn={SET}"),
    ("MailEventsDeadLetters", SNS, SEND, "$MailEventsDeadLetters.Arn", "aws:SourceArn=$MailEventsTopic"),
    ("MailEvents", SNS, INVOKE, "$MailEvents", "aws:SourceArn=$MailEventsTopic"),
    ("APIHandler", "apigateway.amazonaws.com", INVOKE, "$APIHandler", f"aws:SourceArn={CALLS}"),
    ("ClockMachineRole", "states.amazonaws.com", "sts:AssumeRole", "itself", ""),
    ("ClockMachineRole", "itself", INVOKE, "$Ring.Arn", ""),
    ("ClockMachineRole", "itself", SEND, "$ClockDeadLetters.Arn", ""),
    ("ClockMachineRole", "itself", LOG_DELIVERY, "*", ""),
    ("SmsStatusRole", SNS, "sts:AssumeRole", "itself", ""),
    ("SmsStatusRole", "itself", LOG_TEXTS, TEXTS, ""),
    ("GatewayAccountRole", "apigateway.amazonaws.com", "sts:AssumeRole", "itself", ""),
]
UNDER_A_CONDITION = {  # of what functions may
    ("DeliverRole", "ses:SendEmail ses:SendRawEmail", "ses:FromAddress=$SenderAddress"),
}
MEANS = {"StringEquals": "=", "ArnEquals": "=", "Bool": "=", "ArnLike": "~"}


def text(value: Any) -> str:
    """An intrinsic function as one would say it; several values in their order."""
    if isinstance(value, list):
        return "|".join(text(one) for one in value)
    if not isinstance(value, dict):
        return str(value)
    ((kind, argument),) = value.items()
    if kind != "Fn::Sub":
        return "$" + (".".join(argument) if isinstance(argument, list) else argument).removeprefix("AWS::")
    whole, own = argument if isinstance(argument, list) else (argument, {})
    meant = {name: text(one) for name, one in own.items()}
    return re.sub(r"\$\{(?:AWS::)?([\w.]+)\}", lambda found: meant.get(found[1], f"${found[1]}"), whole)


def together(value: Any) -> str:
    return " ".join(sorted(text(one) for one in (value if isinstance(value, list) else [value])))


def conditions(statement: dict[str, Any]) -> str:
    """What must be so: `=` for exactly, `~` for a pattern of ARNs."""
    tests = statement.get("Condition", {}).items()
    said = (f"{key}{MEANS[test]}{text(value)}" for test, keys in tests for key, value in keys.items())
    return ", ".join(sorted(re.sub("^AWS:", "aws:", one) for one in said))


def of_document(whose: str, document: dict[str, Any]) -> Iterator[Right]:
    """Each statement, once for each of its principals. Who is denied something under a condition, is nobody."""
    for one in document["Statement"]:
        assert not [key for key in one if key.startswith("Not")], whose
        named = one.get("Principal", {"Role": "itself"})
        who = [one for several in named.values() for one in listed(several)] if isinstance(named, dict) else [named]
        denied = one["Effect"] == "Deny"
        assert not denied or who == ["*"]
        for principal in ["nobody"] if denied else who:
            what = together(one["Action"]), together(one.get("Resource", "itself"))
            yield (whose.removeprefix("$"), text(principal), *what, conditions(one))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def rights(template: dict[str, Any]) -> Iterator[Right]:
    functions = {role_of(one) for one in of_type(template, "AWS::Serverless::Function").values()}
    for name, one in template["Resources"].items():
        its = one.get("Properties", {})
        match one["Type"]:
            case "AWS::KMS::Key":
                yield from of_document(name, its["KeyPolicy"])
            case "AWS::SQS::QueuePolicy" | "AWS::SNS::TopicPolicy" | "AWS::S3::BucketPolicy":
                (about,) = its.get("Queues") or its.get("Topics") or [its["Bucket"]]
                yield from of_document(text(about), its["PolicyDocument"])
            case "AWS::Lambda::Permission":
                function, source = text(its["FunctionName"]), f"aws:SourceArn={text(its['SourceArn'])}"
                yield (function.removeprefix("$"), its["Principal"], its["Action"], function, source)
            case "AWS::IAM::Role" if name not in functions:
                yield from of_document(name, its["AssumeRolePolicyDocument"])
                for policy in its.get("Policies", ()):
                    yield from of_document(name, policy["PolicyDocument"])


def role_of(function: dict[str, Any]) -> str:
    return str(function["Properties"]["Role"]["Fn::GetAtt"][0])


# ---- and so ----------------------------------------------------------------------------------------------------------


def test_everybody_else_may_do_what_is_listed_here_and_no_more(template: dict[str, Any]):
    assert sorted(rights(template)) == sorted(MAY)


def test_what_functions_may_do_under_a_condition_only_is_under_it(template: dict[str, Any]):
    found = set()
    for name in {role_of(one) for one in of_type(template, "AWS::Serverless::Function").values()}:
        for policy in template["Resources"][name]["Properties"]["Policies"]:
            for one in policy["PolicyDocument"]["Statement"]:
                found |= {(name, together(one["Action"]), conditions(one))}
    assert {one for one in found if one[2]} == UNDER_A_CONDITION


def test_a_role_that_is_no_functions_has_what_is_written_in_it_or_is_for_the_log_of_the_gateway(
    template: dict[str, Any],
):
    managed = {
        name: [text(arn) for arn in one["Properties"]["ManagedPolicyArns"]]
        for name, one in of_type(template, "AWS::IAM::Role").items()
        if "ManagedPolicyArns" in one["Properties"]
    }
    logs = "arn:$Partition:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    assert managed == {"GatewayAccountRole": [logs]}


# ---- whoever has to, may ---------------------------------------------------------------------------------------------


def errands(template: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Who does what to what in the name of the template itself: what it connects, must be let through."""
    resources = template["Resources"]
    for one in of_type(template, "AWS::S3::Bucket").values():
        for sent in one["Properties"].get("NotificationConfiguration", {}).get("QueueConfigurations", ()):
            yield ("s3.amazonaws.com", "sqs:SendMessage", text(sent["Queue"]))
    for one in of_type(template, "AWS::SES::ConfigurationSetEventDestination").values():
        topic = one["Properties"]["EventDestination"]["SnsDestination"]["TopicARN"]
        yield ("ses.amazonaws.com", "sns:Publish", text(topic))
        yield from ciphered(resources[topic["Ref"]], "ses.amazonaws.com")
    for subscription in of_type(template, "AWS::SNS::Subscription").values():
        its = subscription["Properties"]
        if its["Protocol"] == "lambda":
            yield ("sns.amazonaws.com", "lambda:InvokeFunction", text(its["Endpoint"]).removesuffix(".Arn"))
            lost = its["RedrivePolicy"]["deadLetterTargetArn"]
            yield ("sns.amazonaws.com", "sqs:SendMessage", text(lost))
            yield from ciphered(resources[lost["Fn::GetAtt"][0]], "sns.amazonaws.com")
    for alarm in of_type(template, "AWS::CloudWatch::Alarm").values():
        for action in alarm["Properties"]["AlarmActions"]:
            yield from ciphered(resources[action["Ref"]], "cloudwatch.amazonaws.com")
    for log in of_type(template, "AWS::Logs::LogGroup").values():
        if "KmsKeyId" in log["Properties"]:
            assert "LogGroupName" not in log["Properties"], "the key's policy knows logs by the name of the stack"
            yield ("logs.$Region.$URLSuffix", "kms:GenerateDataKey*", "*")
    for machine in of_type(template, "AWS::StepFunctions::StateMachine").values():
        meant = machine["Properties"]["DefinitionSubstitutions"]
        assert meant.keys() == {"Ring", "DeadLetters"}
        yield ("itself", "lambda:InvokeFunction", text(meant["Ring"]))
        yield ("itself", "sqs:SendMessage", f"{text(meant['DeadLetters'])}.Arn")


def ciphered(resource: dict[str, Any], who: str) -> Iterator[tuple[str, str, str]]:
    if resource["Properties"].get("KmsMasterKeyId") == {"Ref": "Key"}:
        yield from ((who, action, "*") for action in PUBLISH.split())


def test_whoever_has_to_do_something_for_the_template_to_work_may(template: dict[str, Any]):
    may = {(who, one, what) for _, who, actions, what, _ in rights(template) for one in actions.split()}
    needed = set(errands(template))
    assert len(needed) > 10
    assert needed - may == set()
