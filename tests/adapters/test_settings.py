"""One list of settings: typed, described, and every fault named at the start, without the values."""

import pytest

from chalicelib import settings
from chalicelib.domain.ground.people import Role
from chalicelib.settings import TOLD, BadSettings, Settings
from infra.resources import load_resources

GOOD = {
    "REDRESS_TABLE": "redress",
    "REDRESS_NOTICES_QUEUE_URL": "https://sqs.example/notices",
    "REDRESS_CLOCK_MACHINE": "arn:aws:states:us-east-1:123456789012:stateMachine:redress-clock",
    "REDRESS_TOPICS": ",".join(f"{name}=arn:aws:sns:us-east-1:123456789012:{name}" for name in TOLD),
    "REDRESS_ISSUER": "https://cognito-idp.example/pool",
    "REDRESS_STAFF_CLIENT_ID": "staff",
    "REDRESS_STOREFRONT_CLIENT_IDS": "web, app",
    "REDRESS_TOKEN_KEYS": f"{'n' * 32},{'o' * 32}",
    "REDRESS_MAIL_CONFIGURATION": "redress",
    "REDRESS_MAIL_EVENTS_TOPIC": "arn:aws:sns:us-east-1:123456789012:mail-events",
    "REDRESS_EVIDENCE_BUCKET": "redress-evidence",
    "REDRESS_FIGURES_BUCKET": "redress-figures",
    "REDRESS_ORDERS_QUEUE_URL": "https://sqs.example/orders",
    "REDRESS_REPLAYS_QUEUE_URL": "https://sqs.example/replays",
    "REDRESS_WEBHOOKS_QUEUE_URL": "https://sqs.example/webhooks",
    "REDRESS_WEBHOOK_KEY": "never changed",
    "REDRESS_ORDER_SYSTEM_SECRET": "shared",
    "REDRESS_CONTACT_KEY": "hashed",
    "REDRESS_SENDER": "Redress <complaints@example.com>",
    "REDRESS_TRACKING_URL": "https://www.example.com/complaints",
}


def test_lists_are_separated_by_commas():
    read = settings.read(GOOD | {"PATH": "ignored"})
    assert read.storefront_client_ids == ("web", "app")
    assert read.token_keys == ("n" * 32, "o" * 32)
    assert read.pool_keys_url == "https://cognito-idp.example/pool/.well-known/jwks.json"
    assert settings.read(GOOD | {"REDRESS_KEYS_URL": "http://x"}).pool_keys_url == "http://x"


def test_topics_are_named_by_whom_they_tell():
    topics = settings.read(GOOD).topics
    assert topics[Role.QUALITY] == "arn:aws:sns:us-east-1:123456789012:quality"
    assert set(topics) == TOLD
    with pytest.raises(BadSettings, match="no topic for legal"):
        settings.read(GOOD | {"REDRESS_TOPICS": GOOD["REDRESS_TOPICS"].replace("legal=", "storefront=")})


def test_all_faults_are_named_at_once_and_no_value_is_shown():
    with pytest.raises(BadSettings) as fault:
        settings.read({"REDRESS_TABLE": " ", "REDRESS_TOKEN_KEYS": "short-secret"})
    message = str(fault.value)
    for name in GOOD:
        assert name in message
    assert "32 characters" in message
    assert "short-secret" not in message


@pytest.mark.parametrize("wrong", ["客户服务", "Redress <complaints>", "投诉@example.com"])
@pytest.mark.parametrize("setting", ["REDRESS_SENDER", "REDRESS_REPLY_TO"])
def test_our_own_addresses_are_looked_at_before_anything_is_sent(setting: str, wrong: str):
    assert settings.read(GOOD | {setting: "客户服务 <complaints@example.com>"})
    with pytest.raises(BadSettings, match=f"{setting}.*no e-mail address"):
        settings.read(GOOD | {setting: wrong})


@pytest.mark.parametrize(
    ("sender", "operator"),
    [
        ("示例商城 <complaints@shop.example>", "示例商城"),
        ('"Kettles, Ltd." <complaints@shop.example>', "Kettles, Ltd."),
        ("complaints@shop.example", "complaints@shop.example"),
    ],
)
def test_who_has_the_complaint_is_who_notices_come_from_by_name_or_else_by_address(sender: str, operator: str):
    read = settings.read(GOOD | {"REDRESS_SENDER": sender})
    assert (read.operator, read.contact) == (operator, "complaints@shop.example")
    answered = settings.read(GOOD | {"REDRESS_SENDER": sender, "REDRESS_REPLY_TO": "answers@shop.example"})
    assert answered.contact == "answers@shop.example"


@pytest.mark.parametrize("wrong", ["call us", "400", "+", "400-810-0000 ext. 7", "<b>1234567</b>", "-4008100000"])
def test_the_phone_that_pages_name_is_a_number_or_none(wrong: str):
    assert settings.read(GOOD).service_phone == ""
    for number in ("400-810-0000", "+86 10 1234 5678", "0571 8888-0000"):
        assert settings.read(GOOD | {"REDRESS_SERVICE_PHONE": number}).service_phone == number
    with pytest.raises(BadSettings, match="REDRESS_SERVICE_PHONE"):
        settings.read(GOOD | {"REDRESS_SERVICE_PHONE": wrong})


def test_every_setting_has_a_sentence_of_help():
    assert all(field.description and field.description.endswith(".") for field in Settings.model_fields.values())


def test_the_template_sets_what_the_code_reads():
    variables = load_resources()["Globals"]["Function"]["Environment"]["Variables"]
    only_local = {"REDRESS_KEYS_URL", "REDRESS_EVIDENCE_ENDPOINT", "REDRESS_WEBHOOK_HOSTS"}
    assert set(variables) == {f"REDRESS_{name.upper()}" for name in Settings.model_fields} - only_local


def test_on_lambda_no_host_of_our_own_may_be_called_whatever_is_set():
    here = GOOD | {"REDRESS_WEBHOOK_HOSTS": "127.0.0.1,localhost"}
    assert settings.read(here).webhook_hosts == ("127.0.0.1", "localhost")
    assert settings.read(here | {"AWS_LAMBDA_FUNCTION_NAME": "redress-call-webhooks"}).webhook_hosts == ()
