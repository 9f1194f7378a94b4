"""What is looked up once only is what moto and boto3 find anew each time."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.aws import REGION, haste

BUCKET, STAFF = "figures", "staff"
NOT_OF_ANSWERS = ("ResponseMetadata", "MessageId")


@pytest.fixture
def aws():
    """A bucket with a file, a pool with a member of a group, a queue, a topic; by service, what asks it."""
    with mock_aws():
        known = {name: boto3.client(name, REGION) for name in ("s3", "cognito-idp", "sqs", "sns", "sesv2")}
        s3, cognito, sqs, sns, ses = known.values()
        s3.create_bucket(Bucket=BUCKET)
        for name in ("days/2026-10-08.json", "days/2026-10-09.json", "a file & more/水壶.json"):
            s3.put_object(Bucket=BUCKET, Key=name, Body=name.encode(), ContentType="application/json")
        pool = cognito.create_user_pool(PoolName=STAFF)["UserPool"]["Id"]
        cognito.create_group(UserPoolId=pool, GroupName="quality")
        for who in ("quality.he", "quality.xie"):
            cognito.admin_create_user(UserPoolId=pool, Username=who, UserAttributes=[{"Name": "name", "Value": "何静"}])
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=who, GroupName="quality")
        ses.create_email_identity(EmailIdentity="care@example.cn")
        named = {
            "Bucket": BUCKET,
            "UserPoolId": pool,
            "QueueUrl": sqs.create_queue(QueueName="notices")["QueueUrl"],
            "TopicArn": sns.create_topic(Name="quality")["TopicArn"],
        }
        yield known, named


LETTER = {"Simple": {"Subject": {"Data": "受理"}, "Body": {"Text": {"Data": "已受理。"}}}}
TO = {"Content": LETTER, "Destination": {"ToAddresses": ["wang@example.cn"]}}
ASKED = [
    ("s3", "get_object", "Bucket", {"Key": "days/2026-10-08.json"}),
    ("s3", "get_object", "Bucket", {"Key": "a file & more/水壶.json"}),
    ("s3", "get_object", "Bucket", {"Key": "days/none"}),
    ("s3", "head_object", "Bucket", {"Key": "days/2026-10-08.json"}),
    ("s3", "list_objects_v2", "Bucket", {"Prefix": "days/"}),
    ("s3", "list_objects_v2", "Bucket", {"StartAfter": "days/2026-10-08.json", "MaxKeys": 1}),
    ("s3", "list_objects_v2", "Bucket", {"Prefix": "a file & more/"}),
    ("s3", "list_objects_v2", "", {"Bucket": "no-such-bucket"}),
    ("s3", "put_object", "Bucket", {"Key": "days/2026-10-10.json", "Body": b"{}"}),
    ("s3", "put_object", "Bucket", {"Key": "days/2026-10-08.json", "Body": b"{}", "IfNoneMatch": "*"}),
    ("s3", "put_object", "Bucket", {"Key": "days/2026-10-08.json", "Body": b"{}", "IfMatch": '"another"'}),
    ("s3", "delete_object", "Bucket", {"Key": "days/2026-10-10.json"}),
    ("cognito-idp", "list_users_in_group", "UserPoolId", {"GroupName": "quality"}),
    ("cognito-idp", "list_users_in_group", "UserPoolId", {"GroupName": "nobody"}),
    ("cognito-idp", "admin_get_user", "UserPoolId", {"Username": "quality.he"}),
    ("cognito-idp", "admin_get_user", "UserPoolId", {"Username": "nobody"}),
    ("cognito-idp", "admin_list_groups_for_user", "UserPoolId", {"Username": "quality.he"}),
    ("sqs", "send_message", "QueueUrl", {"MessageBody": "通知"}),
    ("sqs", "get_queue_attributes", "QueueUrl", {"AttributeNames": ["QueueArn", "VisibilityTimeout"]}),
    ("sqs", "send_message", "", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/1/none", "MessageBody": "x"}),
    ("sns", "publish", "TopicArn", {"Message": "通知"}),
    ("sns", "publish", "", {"TopicArn": f"arn:aws:sns:{REGION}:123456789012:none", "Message": "x"}),
    ("sesv2", "send_email", "", TO | {"FromEmailAddress": "care@example.cn"}),
    ("sesv2", "send_email", "", TO | {"FromEmailAddress": "nobody@example.org"}),
]


def test_all_services_answer_in_haste_as_without_and_the_second_time_as_the_first(aws):
    known, named = aws

    def ask():
        return [
            answer(getattr(known[of], does), asked | ({name: named[name]} if name else {}))
            for of, does, name, asked in ASKED
        ]

    stock = ask()
    undo = haste.install()
    try:
        first, second = ask(), ask()
    finally:
        undo()
    for asked, without, *hastened in zip(ASKED, stock, first, second, strict=True):
        assert hastened == [without, without], asked


def answer(operation, asked):
    """What is said, and by which status; but for what is new each time."""
    try:
        told = operation(**asked)
    except ClientError as error:
        told = error.response
    status = told["ResponseMetadata"]["HTTPStatusCode"]
    said = {name: value for name, value in told.items() if name not in NOT_OF_ANSWERS}
    if "Body" in said:
        said["Body"] = said["Body"].read()
    return status, said


def test_a_moment_that_is_known_is_the_same_in_its_own_zone_and_a_new_one_is_read(aws):
    s3 = aws[0]["s3"]
    before = s3.head_object(Bucket=BUCKET, Key="days/2026-10-08.json")["LastModified"]
    undo = haste.install()
    try:
        moments = [s3.head_object(Bucket=BUCKET, Key="days/2026-10-08.json")["LastModified"] for _ in range(2)]
        s3.put_object(Bucket=BUCKET, Key="days/2026-10-11.json", Body=b"{}")
        later = s3.head_object(Bucket=BUCKET, Key="days/2026-10-11.json")["LastModified"]
    finally:
        undo()
    assert moments == [before, before]
    assert before <= later <= datetime.now(UTC)
    assert later.utcoffset().total_seconds() == 0
