"""What is done about a new complaint off the request path: somebody has it, its order is verified, repeats are seen."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import boto3
import pytest

import app
from chalicelib import wallclock
from chalicelib.adapters import orders
from tests.hearing import hearing
from tests.house import PLAN, House, refused

from .mailroom import Mailroom
from .streams import run

FACTS = {
    "order_number": "E20261009-0042",
    "found": True,
    "seller": "小家电旗舰店",
    "ordered_at": "2026-10-01T08:00:00+08:00",
    "delivery_state": "delivered",
    "lines": [{"product_name": "电热水壶 1.7L", "quantity": 1, "price": {"value": "59.90", "currency": "CNY"}}],
    "internal_margin": 0.42,
}


@pytest.fixture
def room(house: House) -> Mailroom:
    return Mailroom(house)


def view(house: House, number: str) -> Any:
    return house.get(f"/v1/complaints/{number}", "cs.lin").json


# ---- somebody has it (5.1) -------------------------------------------------------------------------------------------


def test_new_complaints_go_round_among_those_on_duty(house: House, room: Mailroom):
    house.take_off_duty("cs.lead")
    numbers = []
    for order in range(4):
        numbers.append(house.file(order_number=f"E{order}")["complaint_id"])
        room.react()
    assert [view(house, number)["assignee"] for number in numbers] == ["cs.chen", "cs.lin", "cs.chen", "cs.lin"]


def test_among_those_who_never_had_a_turn_the_one_with_the_least_to_do_comes_first(house: House, room: Mailroom):
    house.take_off_duty("cs.lead")
    busy = house.file()["complaint_id"]
    house.do(busy, "assignment", {"assignee": "cs.chen"})
    number = house.file(order_number="E2")["complaint_id"]
    room.react()
    assert view(house, number)["assignee"] == "cs.lin"


def test_whoever_was_named_keeps_it(house: House, room: Mailroom):
    number = house.file()["complaint_id"]
    house.do(number, "assignment", {"assignee": "cs.lead"})
    room.react()
    assert view(house, number)["assignee"] == "cs.lead"


def test_where_nobody_is_on_duty_the_department_has_it(house: House, room: Mailroom):
    house.take_off_duty("cs.lin", "cs.chen", "cs.lead")
    number = house.file()["complaint_id"]
    room.react()
    assert view(house, number)["assignee"] is None


def test_only_members_of_customer_service_are_given_complaints(house: House):
    number = house.file()["complaint_id"]
    for stranger in ("quality.he", "nobody.there"):
        answer = house.do(number, "assignment", {"assignee": stranger})
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "assignee")


def test_a_turn_that_two_take_at_once_is_one_turn_each(house: House, room: Mailroom):
    house.take_off_duty("cs.lead")
    first, second = (house.file(order_number=f"E{n}")["complaint_id"] for n in range(2))
    records = room.records()
    taken: list[bool] = []

    def meanwhile(call: str, moment: str) -> None:
        if call == "dynamodb:UpdateItem" and moment == "before" and not taken:
            taken.append(True)
            run(app.react, records[1:])

    with house.interfering(meanwhile):
        run(app.react, records[:1])
    assert {view(house, first)["assignee"], view(house, second)["assignee"]} == {"cs.chen", "cs.lin"}


# ---- repeats ---------------------------------------------------------------------------------------------------------


def test_complaints_about_the_same_order_know_of_each_other(house: House, room: Mailroom):
    first = house.file(contact={"name": "王芳", "phone": "13800138000"})["complaint_id"]
    room.react()
    second = house.file(contact={"name": "王明", "email": "ming@example.cn"}, product_name="壶盖")["complaint_id"]
    room.react()
    assert (view(house, first)["related"], view(house, second)["related"]) == ([second], [first])
    assert view(house, second)["duplicate_of"] is None, "it is about another product"


@pytest.mark.parametrize(
    "again", [{"name": "王", "phone": "+86 138 0013 8000"}, {"name": "W", "email": "WANG@example.cn"}]
)
def test_who_complains_again_is_recognised_by_phone_or_mailbox(house: House, room: Mailroom, again: dict[str, str]):
    first = house.file()["complaint_id"]
    room.react()
    house.now += timedelta(days=89)
    second = house.file(order_number="E-other", contact=again)["complaint_id"]
    room.react()
    assert view(house, second)["related"] == [first]


def test_what_is_older_than_ninety_days_is_forgotten(house: House, room: Mailroom):
    house.file()
    room.react()
    house.now += timedelta(days=91)
    second = house.file()["complaint_id"]
    room.react()
    assert view(house, second)["related"] == []


def test_the_same_again_while_the_first_is_open_is_filed_and_flagged(house: House, room: Mailroom):
    first = house.file()["complaint_id"]
    room.react()
    house.pass_time(seconds=1)
    second = house.file(product_name="电热水壶 1.7l")["complaint_id"]
    room.react()
    assert view(house, second)["duplicate_of"] == first
    assert view(house, first)["duplicate_of"] is None
    (line,) = [one for one in house.get("/v1/complaints", "cs.lin").json["items"] if one["complaint_id"] == second]
    assert line["duplicate_of"] == first


SAME = (("RP-9", "电热水壶 1.7L"), ("ＲＰ－９", "电热水壶　1.7Ｌ"))


def filed_in_one_second(house: House, apart: int) -> list[str]:
    """The same twice, `apart` in microseconds, however number and product are written."""
    first = house.file(order_number=SAME[0][0], product_name=SAME[0][1])["complaint_id"]
    house.pass_time(microseconds=apart)
    return [first, house.file(order_number=SAME[1][0], product_name=SAME[1][1])["complaint_id"]]


@pytest.mark.parametrize("late", [False, True], ids=["as they came", "the later one's stream record comes first"])
def test_of_two_that_were_filed_in_the_same_second_the_later_is_the_duplicate(house: House, room: Mailroom, late: bool):
    first, second = filed_in_one_second(house, apart=1)
    for record in sorted(
        room.records(), key=lambda one: one["dynamodb"]["NewImage"]["pk"]["S"].endswith(second) != late
    ):
        run(app.react, [record])
    room.react()
    assert [view(house, one)["duplicate_of"] for one in (first, second)] == [None, first]


def test_of_two_that_were_filed_at_the_same_moment_one_is_the_duplicate(house: House, room: Mailroom):
    both = filed_in_one_second(house, apart=0)
    room.react()
    pointing = {one: view(house, one)["duplicate_of"] for one in both}
    assert sorted(pointing.items()) == [(min(both), None), (max(both), min(both))]


def test_the_same_again_after_the_first_was_closed_is_no_duplicate(house: House, room: Mailroom):
    house.bring_to("closed")
    room.react()
    second = house.file()["complaint_id"]
    room.react()
    assert view(house, second)["duplicate_of"] is None


def test_a_merged_complaint_is_known_to_the_one_that_lives_on(house: House, room: Mailroom):
    first = house.file(order_number="E1", contact={"name": "王芳", "phone": "13800138000"})["complaint_id"]
    second = house.file(order_number="E1", contact={"name": "王明", "email": "ming@example.cn"})["complaint_id"]
    assert house.do(second, "merger", {"into": first}).status == 200
    room.react()
    assert view(house, first)["related"] == [second]


def test_contacts_are_kept_as_keyed_hashes_that_live_as_long_as_they_do(house: House, room: Mailroom):
    house.file()
    room.react()
    kept = [item for item in house.items() if item["pk"]["S"].startswith("CONTACT#")]
    assert len(kept) == 2
    assert all(len(item["pk"]["S"]) == len("CONTACT#") + 64 for item in kept)
    assert not [item for item in kept if "expires_at" in item]


# ---- the order is verified (4.2b) ------------------------------------------------------------------------------------


class Shop(BaseHTTPRequestHandler):
    """The shop's order system, as a shop would write it."""

    asked: ClassVar[list[dict[str, str]]] = []
    status: ClassVar[int] = 200
    facts: ClassVar[dict[str, Any]] = FACTS

    def do_GET(self) -> None:
        self.asked.append({"path": self.path, **dict(self.headers.items())})
        self.send_response(self.status)
        body = json.dumps(self.facts).encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """It keeps its peace."""


@pytest.fixture
def shop(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Shop]]:
    own = type("OwnShop", (Shop,), {"asked": [], "status": 200})
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    house.set(monkeypatch, REDRESS_ORDER_SYSTEM_URL=f"http://127.0.0.1:{server.server_port}/")
    yield own
    server.shutdown()
    server.server_close()


def order_messages(house: House) -> list[dict[str, Any]]:
    sqs, url = boto3.client("sqs"), house.environment["REDRESS_ORDERS_QUEUE_URL"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
    return [{"messageId": one["MessageId"], "body": one["Body"]} for one in found]


def test_the_shop_is_asked_off_the_request_path_by_a_signed_question(house: House, room: Mailroom, shop: type[Shop]):
    number = house.file()["complaint_id"]
    assert shop.asked == []
    room.react()
    (message,) = order_messages(house)
    assert message["body"] == number
    began = int(wallclock.machine_time().timestamp())
    assert run(app.verify_order, [message]) == []
    (question,) = shop.asked
    assert question["path"] == "/orders/E20261009-0042"
    assert question["X-Redress-Signature"].startswith("sha256=")
    assert began <= int(question["X-Redress-Timestamp"]) <= wallclock.machine_time().timestamp()


def test_the_answer_is_kept_as_evidence_that_the_report_can_cite(house: House, room: Mailroom, shop: type[Shop]):
    number = house.file()["complaint_id"]
    room.react()
    run(app.verify_order, order_messages(house))
    shown = view(house, number)
    assert shown["order_check"]["found"] is True
    assert shown["order_check"]["facts"]["seller"] == "小家电旗舰店"
    assert shown["order_check"]["facts"]["ordered_at"] == "2026-10-01T00:00:00Z"
    assert "internal_margin" not in json.dumps(shown)
    assert [(file["evidence_id"], file["file_name"]) for file in shown["evidence"]] == [("order", "order.json")]
    sha256 = shown["evidence"][0]["sha256"]
    stored = boto3.client("s3").get_object(
        Bucket=house.environment["REDRESS_EVIDENCE_BUCKET"], Key=f"evidence/{number}/order-{sha256}"
    )
    assert json.loads(stored["Body"].read())["delivery_state"] == "delivered"


def test_an_order_the_shop_does_not_have_is_recorded_as_such(house: House, room: Mailroom, shop: type[Shop]):
    shop.status = 404
    number = house.file()["complaint_id"]
    room.react()
    assert run(app.verify_order, order_messages(house)) == []
    assert view(house, number)["order_check"] == {
        "checked_at": "2026-10-09T07:40:00Z",
        "found": False,
        "why": None,
        "facts": None,
    }


def test_a_shop_that_is_down_is_asked_again_and_at_last_people_verify_by_hand(
    house: House, room: Mailroom, shop: type[Shop]
):
    shop.status = 503
    number = house.file()["complaint_id"]
    room.react()
    (message,) = order_messages(house)
    for receives in (1, 4):
        again = run(app.verify_order, [message | {"attributes": {"ApproximateReceiveCount": str(receives)}}])
        assert again == [message["messageId"]]
    assert view(house, number)["order_check"] is None
    assert run(app.verify_order, [message | {"attributes": {"ApproximateReceiveCount": "5"}}]) == []
    assert view(house, number)["order_check"]["found"] is None
    assert view(house, number)["order_check"]["why"] == "no_answer"
    assert house.do(number, "acknowledgement", {}).status == 200, "nothing waits for it"


def test_an_answer_that_cannot_be_read_counts_as_none(house: House, room: Mailroom, shop: type[Shop]):
    shop.facts = {"order_number": ["not", "a", "number"]}
    house.file()
    room.react()
    (message,) = order_messages(house)
    assert run(app.verify_order, [message]) == [message["messageId"]]


def test_a_shop_that_fails_again_and_again_is_given_a_rest(house: House, shop: type[Shop]):
    shop.status = 503
    machine_time = wallclock.machine_time()
    for order in range(8):
        with pytest.raises(orders.OrderSystemDown):
            orders.facts_of(f"E{order}", machine_time)
    assert len(shop.asked) == orders.FAILURES_BEFORE_PAUSE
    shop.status = 200
    assert orders.facts_of("E20261009-0042", machine_time + orders.PAUSE) is not None


def test_a_number_that_the_shop_does_not_take_is_left_to_people_at_once(house: House, room: Mailroom, shop: type[Shop]):
    shop.status = 400
    number = house.file(order_number="..")["complaint_id"]
    room.react()
    with hearing() as heard:
        assert run(app.verify_order, order_messages(house)) == []
    assert [one["path"] for one in shop.asked] == ["/orders/%2E%2E"]
    check = view(house, number)["order_check"]
    assert (check["found"], check["why"], check["facts"]) == (None, "not_taken", None)
    assert [line["record"] for line in heard.about("the order system does not take an order number")] == [number]


def test_facts_of_another_order_are_left_out_and_staff_are_told_to_look_themselves(
    house: House, room: Mailroom, shop: type[Shop]
):
    number = house.file(order_number="E20261009-0043")["complaint_id"]
    room.react()
    with hearing() as heard:
        assert run(app.verify_order, order_messages(house)) == []
    shown = view(house, number)
    assert (shown["order_check"]["found"], shown["order_check"]["why"]) == (None, "another_order")
    assert (shown["order_check"]["facts"], shown["evidence"]) == (None, [])
    assert [line["record"] for line in heard.about("the order system answered with another order")] == [number]


def test_a_signature_that_the_shop_does_not_take_is_an_error_in_the_log_and_tried_again(
    house: House, room: Mailroom, shop: type[Shop]
):
    shop.status = 401
    house.file()
    room.react()
    (message,) = order_messages(house)
    with hearing() as heard:
        assert run(app.verify_order, [message]) == [message["messageId"]]
    assert [line["level"] for line in heard.about("the order system does not take our signature")] == ["error"]


def test_of_an_order_with_many_lines_the_record_has_fifty_and_the_evidence_all(
    house: House, room: Mailroom, shop: type[Shop]
):
    line = {"product_name": "壶" * 20, "quantity": 1, "price": {"value": "1.00", "currency": "CNY"}}
    shop.facts = FACTS | {"lines": [line] * 598, "more_lines": 7}
    number = house.file()["complaint_id"]
    room.react()
    assert run(app.verify_order, order_messages(house)) == []
    shown = view(house, number)
    facts = shown["order_check"]["facts"]
    assert (len(facts["lines"]), facts["more_lines"]) == (50, 548)
    key = f"evidence/{number}/order-{shown['evidence'][0]['sha256']}"
    kept = boto3.client("s3").get_object(Bucket=house.environment["REDRESS_EVIDENCE_BUCKET"], Key=key)["Body"].read()
    assert (len(json.loads(kept)["lines"]), "more_lines" in json.loads(kept)) == (598, False)
    assert house.do(number, "acknowledgement", {}).status == 200, "the record has room"


def test_a_line_with_a_price_that_is_none_is_taken_without_it(house: House, room: Mailroom, shop: type[Shop]):
    prices: list[Any] = [{"value": "9.9", "currency": "RMB"}, {"value": 9.9, "currency": "CNY"}, "9.9", None]
    shop.facts = FACTS | {"lines": [{"product_name": "壶", "price": price} for price in prices]}
    number = house.file()["complaint_id"]
    room.react()
    assert run(app.verify_order, order_messages(house)) == []
    lines = view(house, number)["order_check"]["facts"]["lines"]
    assert [line["price"] for line in lines] == [None] * 4


def test_more_than_the_order_came_to_is_refunded_with_a_reason_that_the_consumer_does_not_see(
    house: House, room: Mailroom, shop: type[Shop]
):
    receipt = house.bring_to("planning")
    number = receipt["complaint_id"]
    room.react()
    run(app.verify_order, order_messages(house))
    much = PLAN | {"methods": [PLAN["methods"][0] | {"amount": {"value": "5990.00", "currency": "CNY"}}]}
    for resource in ("plan-draft", "resolution-plan"):
        fault = refused(house.do(number, resource, much), 422, "invalid", field="amount_reason")["errors"][0]
        assert fault["values"]["paid"] == ["59.90 CNY"]
        assert house.do(number, resource, much | {"amount_reason": "含检测费"}).status == 200
    assert view(house, number)["resolution_plans"][0]["plan"]["amount_reason"] == "含检测费"
    assert "含检测费" not in house.get(f"/v1/complaints/{number}", token=receipt["consumer_token"]).text


def test_without_an_order_system_nobody_is_asked(house: House, room: Mailroom):
    house.file()
    room.react()
    assert order_messages(house) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_check_that_dies_at_any_call_is_done_once_by_the_next(
    house: House, room: Mailroom, shop: type[Shop], moment: str
):
    number = house.file()["complaint_id"]
    room.react()
    batch = order_messages(house)
    assert len(list(house.deaths(lambda: run(app.verify_order, batch), moment))) >= 4
    run(app.verify_order, batch)
    kinds = [entry["type"] for entry in house.get(f"/v1/complaints/{number}/timeline", "cs.lin").json["items"]]
    assert (kinds.count("OrderChecked"), kinds.count("EvidenceReceived")) == (1, 1)
