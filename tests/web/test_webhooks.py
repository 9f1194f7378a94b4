"""A storefront sets its webhook, reads how it fares, changes the secret, tries it, and asks for what it missed."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any, get_args

import boto3
import pytest

from chalicelib.adapters import attempts, webhooks
from chalicelib.casework import redelivery
from chalicelib.domain.telling.attempts import Attempt, Problem
from chalicelib.domain.vocabulary.spoken import WEBHOOK_PROBLEMS
from tests.examples import DEAF
from tests.house import FRIDAY, Answer, House, refused

from .examples import a_webhook

PATH, URL = "/v1/webhook", f"https://{DEAF}/redress"
ASKED = {"url": URL, "events": ["complaint.plan_proposed", "complaint.withdrawn"], "email": "it@shop.example"}


@pytest.fixture
def house(lasting_house: House) -> House:
    """A storefront that has set no webhook."""
    lasting_house.now = FRIDAY
    before = webhooks.load(shop(lasting_house))
    if before:
        key = webhooks.key(before.storefront)
        boto3.client("dynamodb").delete_item(TableName=lasting_house.environment["REDRESS_TABLE"], Key=key)
    messages(lasting_house)
    return lasting_house


def shop(house: House) -> str:
    return house.environment["REDRESS_STOREFRONT_CLIENT_IDS"].split(",")[0]


def set_up(house: House, **changes: Any) -> Answer:
    return house.put(PATH, ASKED | changes, "storefront")


def ask(house: House, what: str, body: Any = None, **rest: Any) -> Answer:
    return house.post(f"{PATH}/{what}", body, "storefront", **rest)


def secrets(answer: Answer) -> list[tuple[str, str | None]]:
    return [(one["secret"], one["until"]) for one in answer.json["secrets"]]


def messages(house: House) -> list[Any]:
    """What was put into the queue of webhooks, taken out of it."""
    sqs, url = boto3.client("sqs"), house.environment["REDRESS_WEBHOOKS_QUEUE_URL"]
    found = []
    while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in taken:
            found.append(json.loads(one["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return found


# ---- what is set -----------------------------------------------------------------------------------------------------


def test_a_storefront_sets_its_webhook_and_reads_it_with_the_secret_that_signs(house: House) -> None:
    answer = set_up(house)
    assert (answer.status, answer.headers["location"]) == (201, PATH)
    shown = house.get(PATH, "storefront").json
    assert shown == answer.json
    assert {name: shown[name] for name in ASKED} == ASKED
    assert (shown["state"], shown["set_at"], shown["disabled_at"]) == ("on", "2026-10-09T07:40:00Z", None)
    ((secret, until),) = secrets(answer)
    assert until is None
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32


def test_the_secret_stands_nowhere(house: House) -> None:
    ((secret, _),) = secrets(set_up(house))
    assert secret.removeprefix("whsec_") not in json.dumps(house.items())


def test_set_again_it_is_another_one_with_the_same_secret_and_a_clean_sheet(house: House) -> None:
    first = set_up(house)
    a_webhook(shop(house), house.now, state="disabled", failures=9, failing_since=house.now, disabled_at=house.now)
    again = set_up(house, url=f"https://{DEAF}/other", events=[], email=None)
    assert (again.status, again.json["url"], again.json["events"]) == (200, f"https://{DEAF}/other", [])
    assert (again.json["state"], again.json["failing_since"], again.json["disabled_at"]) == ("on", None, None)
    assert secrets(again) == secrets(first)


def test_what_is_removed_is_not_there_and_its_secret_is_never_used_again(house: House) -> None:
    ((before, _),) = secrets(set_up(house))
    token = house.token("storefront")
    gone = house.send("DELETE", PATH, token=token)
    assert (gone.status, gone.text) == (204, "")
    for answer in (
        house.get(PATH, "storefront"),
        house.send("DELETE", PATH, token=token),
        *(ask(house, "secret"), ask(house, "test"), ask(house, "redelivery", {"from": "2026-10-09T00:00:00Z"})),
    ):
        assert refused(answer, 404, "not_found")["reason"] == "webhook_unknown"
    answer = set_up(house)
    assert answer.status == 201
    assert before not in [secret for secret, _ in secrets(answer)]


@pytest.mark.parametrize(
    "url",
    [
        *("", "shop.example/redress", "ftp://shop.example/", "http://shop.example/redress", f"https://it:pw@{DEAF}/"),
        *("https://127.0.0.1/redress", "https://[::1]/", "https://169.254.169.254/latest", "https://10.0.0.8/"),
        *(f"https://{DEAF}/redress#here", "https://[64:ff9b::7f00:1]/", "https://0x7f000001/"),
    ],
)
def test_nothing_is_called_but_what_is_public_by_https(house: House, url: str) -> None:
    refused(set_up(house, url=url), 422, "invalid", field="url")
    assert house.get(PATH, "storefront").status == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"events": ["complaint.exploded"]}, "events.0"),
        ({"email": "nobody"}, "email"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"url": f"https://{DEAF}/{'x' * 2_000}"}, "url"),
    ],
)
def test_what_is_wrong_is_named(house: House, changes: dict[str, Any], field: str) -> None:
    refused(set_up(house, **changes), 422, "invalid", field=field)


def test_each_storefront_has_its_own(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    own = secrets(set_up(house))
    house.set(monkeypatch, REDRESS_STOREFRONT_CLIENT_IDS=f"{shop(house)},yet-another")
    other = house.pool_token(**(house.claims("storefront") | {"client_id": "yet-another"}))
    assert house.get(PATH, token=other).status == 404
    theirs = house.send("PUT", PATH, {"url": URL}, token=other)
    assert (theirs.status, theirs.json["email"]) == (201, None)
    assert secrets(theirs) != own
    assert house.send("DELETE", PATH, token=other).status == 204
    assert secrets(house.get(PATH, "storefront")) == own


# ---- the secret ------------------------------------------------------------------------------------------------------


def test_a_new_secret_signs_beside_the_old_one_until_the_overlap_is_over(house: House) -> None:
    ((old, _),) = secrets(set_up(house))
    changed = ask(house, "secret", {"overlap_hours": 2})
    (new, until), before = secrets(changed)
    assert (until, before) == (None, (old, "2026-10-09T09:40:00Z"))
    assert new != old
    house.pass_time(hours=1, minutes=59)
    assert secrets(house.get(PATH, "storefront")) == secrets(changed)
    house.pass_time(minutes=1)
    assert secrets(house.get(PATH, "storefront")) == [(new, None)]


def test_a_secret_that_others_know_can_end_at_once(house: House) -> None:
    ((old, _),) = secrets(set_up(house))
    ((new, _),) = secrets(ask(house, "secret", {"overlap_hours": 0}))
    assert new != old


def test_the_overlap_is_a_day_by_itself_and_a_week_at_most(house: House) -> None:
    set_up(house)
    assert secrets(ask(house, "secret"))[1][1] == "2026-10-10T07:40:00Z"
    refused(ask(house, "secret", {"overlap_hours": 169}), 422, "invalid", field="overlap_hours")


def test_the_same_request_twice_changes_the_secret_once(house: House) -> None:
    set_up(house)
    first, second = (ask(house, "secret", {}, Idempotency_Key="once") for _ in range(2))
    assert second.headers["idempotency-replayed"] == "true"
    assert second.json == first.json
    assert secrets(ask(house, "secret", {}, Idempotency_Key="another")) != secrets(first)


def test_a_change_of_the_secret_leaves_alone_how_calls_fare(house: House) -> None:
    set_up(house)
    paused = house.now + timedelta(minutes=8)
    a_webhook(shop(house), house.now, failures=8, failing_since=house.now, paused_until=paused)
    assert ask(house, "secret").json["paused_until"] == "2026-10-09T07:48:00Z"


def test_two_at_the_same_moment_change_it_twice_and_lose_nothing(house: House) -> None:
    set_up(house)
    with house.meanwhile(lambda: ask(house, "secret")):
        assert set_up(house, email=None).json["email"] is None
    assert len(secrets(house.get(PATH, "storefront"))) == 2


# ---- what was missed -------------------------------------------------------------------------------------------------


def test_what_was_missed_is_asked_for_from_a_moment_on_and_goes_on_by_itself(house: House) -> None:
    set_up(house)
    answer = ask(house, "redelivery", {"from": "2026-10-08T20:00:00+08:00"}, Idempotency_Key="missed")
    assert (answer.status, answer.json) == (202, {"from": "2026-10-08T12:00:00Z"})
    again = ask(house, "redelivery", {"from": "2026-10-08T20:00:00+08:00"}, Idempotency_Key="missed")
    assert (again.status, again.headers["idempotency-replayed"]) == (202, "true")
    (message,) = messages(house)
    asked = redelivery.parse(json.dumps(message))
    assert asked == redelivery.Asked(
        storefront=shop(house), since=datetime.fromisoformat("2026-10-08T12:00:00Z"), asked_at=house.now
    )


@pytest.mark.parametrize(
    "since", ["2026-10-09T07:40:01Z", "2026-07-11T07:39:59Z", "2026-10-09T07:00:00", "yesterday", 1_760_000_000]
)
def test_it_goes_back_to_what_is_kept(house: House, since: Any) -> None:
    set_up(house)
    refused(ask(house, "redelivery", {"from": since}), 422, "invalid", field="from")
    assert ask(house, "redelivery", {"from": "2026-07-11T07:40:00Z"}).status == 202


def test_it_is_asked_for_twenty_times_an_hour(house: House) -> None:
    set_up(house)
    house.pass_time(hours=7)
    answers = [ask(house, "redelivery", {"from": "2026-10-09T00:00:00Z"}) for _ in range(21)]
    assert {one.status for one in answers[:-1]} == {202}
    assert refused(answers[-1], 429, "throttled")["reason"] == "too_many_redeliveries"


def test_nothing_is_brought_to_one_that_is_disabled(house: House) -> None:
    a_webhook(shop(house), house.now, state="disabled", disabled_at=house.now)
    answer = ask(house, "redelivery", {"from": "2026-10-09T00:00:00Z"})
    assert refused(answer, 409, "not_allowed")["reason"] == "webhook_is_disabled"
    assert messages(house) == []


# ---- a call to try it, and those that were made ----------------------------------------------------------------------


def test_a_call_to_try_it_says_at_once_what_came_of_it_and_changes_nothing(house: House) -> None:
    before = set_up(house).json
    tried = ask(house, "test").json
    assert tried | {"milliseconds": 0} == {
        "delivered": False,
        "status": None,
        "problem": "unreachable",
        "milliseconds": 0,
    }
    assert house.get(PATH, "storefront").json == before
    assert house.get(f"{PATH}/attempts", "storefront").json["items"] == []


def test_it_is_tried_ten_times_an_hour(house: House) -> None:
    house.pass_time(hours=5)
    a_webhook(shop(house), house.now, state="disabled", disabled_at=house.now)
    assert {ask(house, "test").status for _ in range(10)} == {200}
    answer = ask(house, "test")
    assert refused(answer, 429, "throttled")["reason"] == "too_many_webhook_tests"
    assert answer.headers["retry-after"] == "1200"
    house.pass_time(minutes=20)
    assert ask(house, "test").status == 200


def attempted(house: House, complaint_id: str, seq: int, outcome: Any = "delivered") -> None:
    """A call was made a minute ago."""
    house.pass_time(minutes=1)
    one = Attempt(
        at=house.now,
        id=f"{complaint_id}-{seq}",
        type="complaint.acknowledged",
        complaint_id=complaint_id,
        seq=seq,
        attempt=1,
        outcome=outcome,
        status=204 if outcome == "delivered" else None,
        problem=None if outcome == "delivered" else "timeout",
        milliseconds=42,
        perhaps_repeated=False,
    )
    attempts.note(one, shop(house))


def test_what_calls_came_to_is_read_page_by_page_the_newest_first_and_of_one_complaint(house: House) -> None:
    for seq in (2, 3, 4):
        attempted(house, "7K2M9-XD4FQ", seq, "uncertain" if seq == 3 else "delivered")
    attempted(house, "3ZT8P-QN6WA", 2)
    first = house.get(f"{PATH}/attempts?limit=3", "storefront").json
    rest = house.get(f"{PATH}/attempts?cursor={first['next_cursor']}", "storefront").json
    found = [*first["items"], *rest["items"]]
    assert [one["id"] for one in found] == ["3ZT8P-QN6WA-2", "7K2M9-XD4FQ-4", "7K2M9-XD4FQ-3", "7K2M9-XD4FQ-2"]
    assert (found[2]["outcome"], found[2]["problem"], found[2]["status"]) == ("uncertain", "timeout", None)
    assert rest["next_cursor"] is None
    one = house.get(f"{PATH}/attempts?complaint_id=3zt8pqn6wa", "storefront").json
    assert [attempt["id"] for attempt in one["items"]] == ["3ZT8P-QN6WA-2"]
    cursor = f"{PATH}/attempts?complaint_id=3ZT8P-QN6WA&cursor={first['next_cursor']}"
    refused(house.get(cursor, "storefront"), 400, "malformed")


def test_every_problem_of_a_call_has_words_for_whoever_is_told_of_it() -> None:
    assert WEBHOOK_PROBLEMS.keys() == set(get_args(Problem))
