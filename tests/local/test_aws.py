"""The AWS of this machine is made from the same file as the real one."""

import pytest
from moto import mock_aws

from chalicelib.settings import read
from infra.aws import REGION, haste
from infra.aws.template import Made, Stack
from infra.local.stack import build_stack
from infra.local.staff import STAFF, STAFF_PASSWORD, make_accounts
from infra.resources import load_resources
from tests.furnished import session


@pytest.fixture
def stack():
    with mock_aws():
        undo = haste.install()
        yield build_stack(load_resources(), TrackingUrl="http://127.0.0.1:8000/track")
        undo()


def client(service):
    return session().client(service)


def test_its_environment_makes_valid_settings_and_honours_parameters(stack):
    settings = read(stack.environment())
    assert settings.tracking_url == "http://127.0.0.1:8000/track"
    assert settings.issuer == f"https://cognito-idp.{REGION}.amazonaws.com/{stack.made('UserPool').ref}"
    assert settings.storefront_client_ids == (stack.made("StorefrontClient").ref,)


def test_the_table_has_the_keys_indexes_stream_and_expiry_of_the_template(stack):
    wanted = load_resources()["Resources"]["Table"]["Properties"]
    name = stack.environment()["REDRESS_TABLE"]
    made = client("dynamodb").describe_table(TableName=name)["Table"]
    assert made["KeySchema"] == wanted["KeySchema"]
    assert [index["IndexName"] for index in made["GlobalSecondaryIndexes"]] == [
        index["IndexName"] for index in wanted["GlobalSecondaryIndexes"]
    ]
    assert made["StreamSpecification"]["StreamViewType"] == wanted["StreamSpecification"]["StreamViewType"]
    expiry = client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry["AttributeName"] == wanted["TimeToLiveSpecification"]["AttributeName"]


def test_a_mapping_resolves_to_made_resources(stack):
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping")
    assert mappings["ReactStream"]["FunctionName"] == "React"
    assert mappings["ReactStream"]["EventSourceArn"] == stack.made("Table").attributes["StreamArn"]
    assert mappings["DeliverQueue"]["EventSourceArn"] == stack.made("NoticesQueue").attributes["Arn"]


def test_a_queue_redrives_into_its_dead_letters(stack):
    url = stack.environment()["REDRESS_NOTICES_QUEUE_URL"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert stack.made("NoticesDeadLetters").attributes["Arn"] in attributes["RedrivePolicy"]
    assert attributes["VisibilityTimeout"] == "120"


def test_staff_sign_in_with_their_departments(stack):
    cognito = client("cognito-idp")
    pool, staff_client = stack.made("UserPool").ref, stack.environment()["REDRESS_STAFF_CLIENT_ID"]
    make_accounts(pool, cognito)
    answer = cognito.initiate_auth(
        ClientId=staff_client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "cs.lead", "PASSWORD": STAFF_PASSWORD},
    )
    assert answer["AuthenticationResult"]["AccessToken"]
    groups = cognito.admin_list_groups_for_user(UserPoolId=pool, Username="cs.lead")["Groups"]
    assert {group["GroupName"] for group in groups} == set(STAFF["cs.lead"])


def test_staff_have_an_address_and_customer_service_is_on_duty(stack):
    cognito, pool = client("cognito-idp"), stack.made("UserPool").ref
    make_accounts(pool, cognito)
    members = cognito.list_users_in_group(UserPoolId=pool, GroupName="customer_service")["Users"]
    told = {one["Username"]: {each["Name"]: each["Value"] for each in one["Attributes"]} for one in members}
    assert {name: (one["email"], one["custom:duty"]) for name, one in told.items()} == {
        name: (f"{name}@staff.example", "on") for name in ("cs.lin", "cs.chen", "cs.lead")
    }
    legal = cognito.admin_get_user(UserPoolId=pool, Username="legal.xu")["UserAttributes"]
    assert {"Name": "email", "Value": "legal.xu@staff.example"} in legal
    assert "custom:duty" not in [one["Name"] for one in legal]


def test_every_group_that_is_told_has_a_topic(stack):
    topics = dict(one.split("=", 1) for one in stack.environment()["REDRESS_TOPICS"].split(","))
    assert topics.keys() == {"customer_service", "quality", "logistics", "legal", "supervisor", "management", "audit"}
    there = {one["TopicArn"] for one in client("sns").list_topics()["Topics"]}
    assert len(set(topics.values()) & there) == len(topics)


def test_what_becomes_of_mail_is_told_to_a_function(stack):
    environment = stack.environment()
    ses = client("ses").describe_configuration_set(
        ConfigurationSetName=environment["REDRESS_MAIL_CONFIGURATION"],
        ConfigurationSetAttributeNames=["eventDestinations"],
    )
    (destination,) = ses["EventDestinations"]
    assert destination["SNSDestination"]["TopicARN"] == environment["REDRESS_MAIL_EVENTS_TOPIC"]
    assert set(destination["MatchingEventTypes"]) == {"bounce", "complaint", "delivery", "deliveryDelay", "reject"}
    told = client("sns").list_subscriptions_by_topic(TopicArn=environment["REDRESS_MAIL_EVENTS_TOPIC"])
    (subscription,) = told["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == (
        "lambda",
        stack.made("MailEvents").attributes["Arn"],
    )


def test_the_bucket_keeps_versions_and_tells_the_queue_of_what_comes_in(stack):
    s3, bucket = client("s3"), stack.environment()["REDRESS_EVIDENCE_BUCKET"]
    assert bucket == "redress-local-evidence-123456789012-us-east-1"
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (told,) = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"]
    assert told["QueueArn"] == stack.made("EvidenceQueue").attributes["Arn"]
    assert told["Events"] == ["s3:ObjectCreated:*"]
    assert told["Filter"]["Key"]["FilterRules"] == [{"Name": "prefix", "Value": "incoming/"}]


def test_every_secret_is_another_one_and_stays_the_same(stack):
    environment = stack.environment()
    assert environment["REDRESS_ORDER_SYSTEM_SECRET"] != environment["REDRESS_TOKEN_KEYS"]
    assert environment == stack.environment()


def test_the_sender_may_send(stack):
    client("sesv2").send_email(
        FromEmailAddress=stack.environment()["REDRESS_SENDER"],
        Destination={"ToAddresses": ["wang@example.cn"]},
        Content={"Simple": {"Subject": {"Data": "收到"}, "Body": {"Text": {"Data": "…"}}}},
    )


def test_an_unknown_parameter_is_named():
    with pytest.raises(ValueError, match="Sendr"):
        Stack(load_resources(), {}, {}, Sendr="x")


def test_intrinsics_resolve_inside_each_other():
    template = {
        "Resources": {"Thing": {"Type": "A::Thing", "Properties": {"Name": "n"}}},
        "Parameters": {"P": {"Type": "String", "Default": "p"}, "L": {"Type": "CommaDelimitedList", "Default": "a, b"}},
    }
    stack = Stack(
        template,
        {"A::Thing": lambda name, properties: Made(properties["Name"], {"Arn": "arn:n"})},
        {"AWS::Region": "r"},
    )
    assert stack.resolve({"Fn::Join": ["/", [{"Ref": "Thing"}, {"Fn::GetAtt": "Thing.Arn"}]]}) == "n/arn:n"
    assert (
        stack.resolve({"Fn::Sub": ["${X}-${Thing.Arn}-${P}-${!Y}-${AWS::Region}", {"X": {"Ref": "P"}}]})
        == "p-arn:n-p-${Y}-r"
    )
    assert stack.resolve({"a": [{"Fn::GetAtt": ["Thing", "Arn"]}]}) == {"a": ["arn:n"]}
    assert stack.resolve({"Ref": "L"}) == ["a", "b"]
