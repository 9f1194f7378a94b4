"""The desk gives tokens, shows what was sent and moves the clock."""

import base64
import json
from datetime import datetime, timedelta, timezone
from functools import cache
from urllib.request import urlopen

import boto3
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.aws.clock import format_instant

FORM = "grant_type=client_credentials&client_id=storefront&client_secret=storefront-local"


def token(system, form=FORM, **headers):
    kind = {"Content_Type": "application/x-www-form-urlencoded"}
    return system.call("POST", f"{system.desk}/oauth2/token", form.encode(), **kind, **headers)


def aws(system, service):
    """A client of the AWS services as the AWS CLI would be: over HTTP."""
    return _client(system.aws, service)


@cache
def _client(url, service):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def pool(system):
    (found,) = aws(system, "cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
    clients = aws(system, "cognito-idp").list_user_pool_clients(UserPoolId=found["Id"], MaxResults=10)[
        "UserPoolClients"
    ]
    return found["Id"], {one["ClientName"]: one["ClientId"] for one in clients}


# ---- tokens -------------------------------------------------------------------------------------------------------


def test_a_storefront_token_is_one_of_the_pool(system):
    reply = token(system)
    assert (reply.status, reply.json()["expires_in"], reply.headers["Cache-Control"]) == (200, 3600, "no-store")
    pool_id, clients = pool(system)
    with urlopen(f"{system.aws}/{pool_id}/.well-known/jwks.json") as answer:
        keys = KeySet.import_key_set(json.load(answer))
    claims = jwt.decode(reply.json()["access_token"], keys, algorithms=["RS256"]).claims
    assert claims["client_id"] == claims["sub"] == clients["storefront"]
    assert claims["iss"] == f"https://cognito-idp.us-east-1.amazonaws.com/{pool_id}"
    assert (claims["token_use"], claims["scope"]) == ("access", "complaints/submit")
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["jti"]


@pytest.mark.parametrize("name", ["storefront-b", "shop-c"])
def test_another_storefront_is_another_client_with_a_secret_of_its_own(system, name):
    _, clients = pool(system)
    other = FORM.replace("storefront", name)
    sent = token(system, other).json()["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(sent + "=="))
    assert claims["client_id"] == clients[name] != clients["storefront"]
    assert claims["scope"] == "complaints/submit"
    assert token(system, other.replace(f"{name}-local", "storefront-local")).status == 401


def test_a_storefront_may_use_http_basic(system):
    basic = "Basic " + base64.b64encode(b"storefront:storefront-local").decode()
    assert token(system, "grant_type=client_credentials", Authorization=basic).status == 200


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        (FORM + "x", {}, 401, "invalid_client"),
        ("grant_type=client_credentials", {}, 401, "invalid_client"),
        ("grant_type=client_credentials", {"Authorization": "Basic !"}, 401, "invalid_client"),
        (FORM.replace("client_credentials", "password"), {}, 400, "unsupported_grant_type"),
        ("client_id=storefront&client_secret=storefront-local", {}, 400, "unsupported_grant_type"),
        (FORM + "&scope=complaints/everything", {}, 400, "invalid_scope"),
    ],
)
def test_who_asks_wrongly_gets_no_token(system, form, headers, status, error):
    reply = token(system, form, **headers)
    assert (reply.status, reply.json()) == (status, {"error": error})


# ---- what was sent -------------------------------------------------------------------------------------------------


def test_a_scheduled_function_runs_and_the_outbox_shows_what_it_sent(system):
    assert system.call("POST", f"{system.desk}/schedules/sweep").json() == {"ran": "sweep"}
    (mail,) = system.outbox("Wang@example.cn")
    assert mail == {
        "channel": "email",
        "to": "wang@example.cn",
        "subject": "收到",
        "text": "text",
        "html": "<p>html</p>",
        "sent_at": system.call("GET", f"{system.desk}/clock").json()["now"],
        "complaint_id": "C-1",
    }


def test_raw_mails_short_messages_and_topics_are_in_the_outbox_in_their_order(system):
    raw = (
        "From: complaints@example.com\r\nTo: b@example.cn\r\nSubject: =?utf-8?b?5pS25Yiw?=\r\n"
        "X-Redress-Record: C-2\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n您好\r\n"
    )
    aws(system, "sesv2").send_email(
        FromEmailAddress="complaints@example.com",
        Destination={"ToAddresses": ["b@example.cn"]},
        Content={"Raw": {"Data": raw.encode()}},
    )
    sns = aws(system, "sns")
    about = {"record": {"DataType": "String", "StringValue": "C-3"}}
    sns.publish(PhoneNumber="+8613800138000", Message="您好", MessageAttributes=about)
    topic = sns.create_topic(Name="night-watch")["TopicArn"]
    sns.publish(TopicArn=topic, Subject="Overdue", Message="C-4 is late")
    last = [
        [one[key] for key in ("channel", "to", "subject", "text", "complaint_id")]
        for one in system.outbox()
        if one["to"] in ("b@example.cn", "+8613800138000", topic)
    ]
    assert last == [
        ["email", "b@example.cn", "收到", "您好\n", "C-2"],
        ["sms", "+8613800138000", "", "您好", "C-3"],
        ["topic", topic, "Overdue", "C-4 is late", None],
    ]
    for spelling in ("+8613800138000", "%2B8613800138000"):
        assert len(system.outbox(spelling)) == 1


def test_an_unknown_schedule_gives_404_and_the_known_ones(system):
    reply = system.call("POST", f"{system.desk}/schedules/swep")
    assert (reply.status, reply.json()["code"]) == (404, "not_found")
    assert "sweep" in reply.json()["detail"]


# ---- the clock -----------------------------------------------------------------------------------------------------


def test_the_clock_moves_forward_and_the_app_sees_it(system):
    before = system.call("GET", f"{system.desk}/clock").json()["now"]
    after = system.move_clock(advance="P1DT1H")
    assert before < after
    assert system.call("GET", "/v1/echo").json()["now"][:16] == after[:16]
    in_china = timezone(timedelta(hours=8))
    later = datetime.fromisoformat(after).astimezone(in_china) + timedelta(days=2)
    assert system.move_clock(set=later.isoformat()) >= format_instant(later) > after


def noon_of_the_next_day(system):
    now = datetime.fromisoformat(system.call("GET", f"{system.desk}/clock").json()["now"])
    return now.replace(hour=12, minute=0, second=0) + timedelta(days=1)


def test_what_runs_daily_runs_once_a_day_at_its_moment_however_far_the_clock_is_moved(system):
    noon = noon_of_the_next_day(system)
    system.move_clock(set=format_instant(noon))
    system.move_clock(set=format_instant(noon + timedelta(days=3)))
    days = [format_instant(noon.replace(hour=0) + timedelta(days=day)) for day in (1, 2, 3)]
    for name in ("digest", "report"):
        assert system.call("GET", f"/v1/seen/{name}").json()["seen"][-3:] == days


def test_what_runs_weekly_runs_once_a_week_at_its_moment(system):
    noon = noon_of_the_next_day(system)
    system.move_clock(set=format_instant(noon + timedelta(weeks=2)))
    monday = noon - timedelta(days=noon.weekday())
    weeks = [monday.replace(hour=6, minute=30) + timedelta(weeks=week) for week in (1, 2)]
    assert system.call("GET", "/v1/seen/weekly").json()["seen"][-2:] == [format_instant(week) for week in weeks]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"advance": "nonsense"}, 400),
        ({"advance": "P1Y"}, 400),
        ({"advance": "-P1D"}, 400),
        ({"advance": "P"}, 400),
        ({"advance": 5}, 400),
        ({"advance": "P99999999999W"}, 400),
        ({"advance": "P500000W"}, 400),
        ({"set": "yesterday"}, 400),
        ({"set": "2026-13-01T00:00:00Z"}, 400),
        ({"set": "2026-12-01T00:00:00"}, 400),
        ({"set": "2020-01-01T00:00:00Z"}, 409),
        ({"advance": "P1D", "set": "2030-01-01T00:00:00Z"}, 400),
        ({}, 400),
        ([], 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"", 400),
    ],
)
def test_the_clock_refuses_what_it_cannot_do_and_says_what_it_can(system, content, status):
    reply = system.call("POST", f"{system.desk}/clock", content)
    assert (reply.status, reply.json()["status"]) == (status, status)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert status == 409 or "P3DT2H" in reply.json()["detail"]


@pytest.mark.parametrize("nothing", ["PT0S", "P0D"])
def test_a_move_by_nothing_answers_once_all_has_settled(system, nothing):
    before = system.call("GET", f"{system.desk}/clock").json()["now"]
    assert system.move_clock(advance=nothing) == before
    assert system.move_clock(set=before) == before


def test_a_move_that_is_too_far_is_refused_with_the_furthest_that_is_possible(system):
    now = datetime.fromisoformat(system.call("GET", f"{system.desk}/clock").json()["now"])
    furthest = format_instant(now + timedelta(days=3660))
    for how in ({"set": "9999-12-31T23:59:59Z"}, {"advance": "P500000W"}, {"advance": "P99999999999W"}):
        reply = system.call("POST", f"{system.desk}/clock", how)
        assert (reply.status, f"the furthest that is possible is {furthest}" in reply.json()["detail"]) == (400, True)


# ---- the rest ------------------------------------------------------------------------------------------------------


def test_an_unknown_address_or_method_is_a_problem(system):
    assert system.call("GET", f"{system.desk}/nothing").json()["code"] == "not_found"
    reply = system.call("GET", f"{system.desk}/settle")
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


def test_the_services_are_those_that_the_app_uses(system):
    system.call("POST", "/v1/events", {"name": "cli", "count": 1})
    system.settle()
    dynamodb = aws(system, "dynamodb")
    (table,) = dynamodb.list_tables()["TableNames"]
    keys = {item["pk"]["S"] for item in dynamodb.scan(TableName=table)["Items"]}
    assert {"C#cli", "SEEN#C#cli"} <= keys
    queues = {url.rpartition("-")[2] for url in aws(system, "sqs").list_queues()["QueueUrls"]}
    assert {"NoticesQueue", "EvidenceQueue", "OrdersQueue", "MailEventsDeadLetters"} <= queues


def test_what_is_written_over_http_is_reacted_to(system):
    dynamodb = aws(system, "dynamodb")
    (table,) = dynamodb.list_tables()["TableNames"]
    item = {"pk": {"S": "C#http"}, "sk": {"S": "ENTRY#000001"}, "kind": {"S": "fine"}}
    dynamodb.put_item(TableName=table, Item=item)
    system.settle()
    assert system.call("GET", "/v1/seen/http").json() == {"seen": ["NOTE#000001"]}
