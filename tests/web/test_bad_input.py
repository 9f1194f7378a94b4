"""Whatever is sent: the right 4xx with the field's name, never a 5xx, and nothing stored. What is only odd is kept."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house import FRIDAY, PLAN, Answer, House, refused

from .amended import data_in
from .audited import audit_for
from .examples import (
    BODIES,
    OPERATIONS,
    WHO,
    Receipt,
    a_report,
    a_review,
    a_sheet,
    a_webhook,
    body_for,
    path_of,
    token_for,
)

VALID = BODIES | {"sign_in": {"username": "cs.lin", "password": "Redress-local-2"}}
WITH_BODY = [name for name, one in OPERATIONS.items() if one.body]
TYPICAL = ["file_complaint", "add_note", "answer_inquiry", "offer_evidence", "sign_in"]
"""What is refused before it is read as a body of its own is tried with these in all its variety, with the rest once."""
FEW = settings(max_examples=25)


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture(scope="module")
def receipt(lasting_house: House) -> Receipt:
    """Of a complaint; and the names of records of other kinds."""
    others = {"{review_id}": a_review(lasting_house), "{sheet_id}": a_sheet(lasting_house)}
    others |= {"{amendment_id}": data_in(lasting_house, "announced"), "{report_id}": a_report(lasting_house)}
    a_webhook(lasting_house.environment["REDRESS_STOREFRONT_CLIENT_IDS"], lasting_house.now)
    others["{audit_id}"] = audit_for(lasting_house, "raised")
    for kind, name in (("{interpretation}", "interpret_policy"), ("{policy_review}", "review_policy")):
        made = lasting_house.post(OPERATIONS[name].path, BODIES[name], WHO[name])
        others[kind] = str(made.json["number"])
    return lasting_house.file() | others


def about(name: str, receipt: Receipt) -> str:
    """The record that an operation is about."""
    named = (record for kind, record in receipt.items() if kind in OPERATIONS[name].path)
    return str(next(named, receipt["complaint_id"]))


def send(house: House, name: str, receipt: Receipt, raw: bytes, **headers: str) -> Answer:
    """Sends a body to an operation. A right one would be turned away for its If-Match, so that nothing is stored."""
    token = token_for(house, name, receipt)
    method, path = OPERATIONS[name].method, path_of(name, about(name, receipt))
    return house.send(method, path, raw=raw, token=token, If_Match='"999"', **headers)


def test_the_valid_bodies_are_valid_and_there_is_one_for_each_operation(house: House, receipt: Receipt) -> None:
    assert set(VALID) == set(WITH_BODY)
    bodies = VALID | {"merge_into": body_for("merge_into", house.file()["complaint_id"])}
    answers = {name: send(house, name, receipt, json.dumps(body).encode()) for name, body in bodies.items()}
    expected = dict.fromkeys(VALID, 412) | {"file_complaint": 201, "put_volumes": 200}
    expected |= {"search_complaints": 200}
    expected |= {"put_webhook": 200, "change_webhook_secret": 200, "redeliver_webhook": 202}
    expected |= {"complete_training": 404}  # nothing was given
    expected |= {"take_quiz": 409}  # nothing was read before
    expected |= {"interpret_policy": 201, "review_policy": 201, "review_interpretation": 200}
    expected |= {"draft_amendment": 201, "draft_audit": 201, "sign_in": 401, "open_session": 401, "send_lost_link": 202}
    assert {name: answer.status for name, answer in answers.items()} == expected


def test_a_faulty_item_is_not_counted_as_a_missing_one_too(house: House, receipt: Receipt) -> None:
    plan = PLAN | {"methods": [{"kind": "refund", "detail": ""}]}
    body = refused(send(house, "propose_plan", receipt, json.dumps(plan).encode()), 422, "invalid")
    assert [fault["field"] for fault in body["errors"]] == ["methods.0.detail"]


# ---- bodies that are not JSON --------------------------------------------------------------------------------------

NOTE = '{"text": "%s"}'
NO_JSON = {
    "half an object": b'{"text": ',
    "a word": b"text",
    "two objects": b"{}{}",
    "a trailing comma": b'{"text": "a",}',
    "single quotes": b"{'text': 'a'}",
    "a comment": b'{"text": "a"} // a',
    "white space only": b" \n",
    "NUL bytes": b"\0\0\0",
    "a control character in a string": b'{"text": "a\0b"}',
    "a line break in a string": b'{"text": "a\nb"}',
    "a name twice": b'{"text": "a", "text": "b"}',
    "a name twice deep down": b'{"text": "a", "x": [{"y": {"z": 1, "z": 2}}]}',
    "NaN": b'{"text": NaN}',
    "infinity": b'{"text": -Infinity}',
    "a byte order mark": b'\xef\xbb\xbf{"text": "a"}',
    "UTF-16": '{"text": "a"}'.encode("utf-16"),
    "GB 18030": '{"text": "发"}'.encode("gb18030"),
    "overlong UTF-8": b'{"text": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"text": "\xed\xa0\x80"}',
    "half a character": b'{"text": "\xe5\x8f"}',
    "a form": b"text=a",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "arrays a hundred thousand deep": b"[" * 100_000,
    "objects ten thousand deep": b'{"text":' * 10_000 + b"1" + b"}" * 10_000,
    "a number of five thousand digits": b'{"text": ' + b"9" * 5000 + b"}",
    "a bad escape": rb'{"text": "\x41"}',
}


@pytest.mark.parametrize("kind", NO_JSON)
@pytest.mark.parametrize("name", TYPICAL)
def test_what_is_not_json_is_malformed(house: House, receipt: Receipt, name: str, kind: str) -> None:
    kept = house.items_kept()
    refused(send(house, name, receipt, NO_JSON[kind]), 400, "malformed")
    assert house.items_kept() == kept


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"text"', b"5", b"true", b"[{}]", b"[" * 500 + b"]" * 500])
@pytest.mark.parametrize("name", TYPICAL)
def test_json_that_is_no_object_is_invalid(house: House, receipt: Receipt, name: str, raw: bytes) -> None:
    refused(send(house, name, receipt, raw), 422, "invalid", field="body")


@pytest.mark.parametrize("size", [256 * 1024 + 1, 10 * 1024 * 1024])
@pytest.mark.parametrize("name", TYPICAL)
def test_a_body_that_is_too_large_is_told_so(house: House, receipt: Receipt, name: str, size: int) -> None:
    kept = house.items_kept()
    refused(send(house, name, receipt, b'{"text":"' + b"a" * size + b'"}'), 413, "too_large")
    assert house.items_kept() == kept


def test_no_operation_reads_what_is_no_json_no_object_or_too_large(house: House, receipt: Receipt) -> None:
    kept = house.items_kept()
    for name in set(WITH_BODY) - set(TYPICAL):
        refused(send(house, name, receipt, b'{"text": '), 400, "malformed")
        refused(send(house, name, receipt, b"[{}]"), 422, "invalid", field="body")
        refused(send(house, name, receipt, b"1" * (256 * 1024 + 1)), 413, "too_large")
        refused(send(house, name, receipt, b"{}", Content_Type="text/plain"), 415, "not_json")
    assert house.items_kept() == kept


@pytest.mark.parametrize(
    "kind",
    [
        *("text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"),
        *(
            "application/json; charset=gb18030",
            "application/json; charset=utf-16",
            "application/xml",
            "",
            "json",
            "*/*",
        ),
        *("application/json-patch+json", "application/json, text/plain", "application/json; charset=not-utf-8"),
    ],
)
def test_a_body_that_does_not_say_it_is_json_in_utf8_is_not_read(house: House, receipt: Receipt, kind: str) -> None:
    answer = send(house, "add_note", receipt, json.dumps(VALID["add_note"]).encode(), Content_Type=kind)
    refused(answer, 415, "not_json")


@pytest.mark.parametrize(
    "kind",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
def test_json_may_be_announced_in_each_of_its_ways(house: House, receipt: Receipt, kind: str) -> None:
    answer = send(house, "add_note", receipt, json.dumps(VALID["add_note"]).encode(), Content_Type=kind)
    refused(answer, 412, "stale")


# ---- fields of every wrong kind ------------------------------------------------------------------------------------

MARKS = st.characters(exclude_categories=[]) | st.sampled_from("\0\x1b\u202e\ud800\udfff\u200b\ufeff$#{}<>=;'\"\\%")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([10**400, -1, 0, 2**63, 1e308, "", " ", "true", "1", "null", "59.90", "[object Object]"])
    | st.text(MARKS, max_size=12)
    | st.just("长" * 5001)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(MARKS, max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    """The way to every value within a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, one in inner for found in ((*path, name), *places(one, *path, name))]


def with_changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = json.loads(json.dumps(body))
    at = changed
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    return changed


def nothing_but_a_refusal(house: House, name: str, answer: Answer, kept: int) -> None:
    """It is refused, by the name of a field if invalid, or it was right: no fault of ours, nothing stored by halves."""
    if answer.status == 201 and name == "file_complaint":
        assert house.items_kept() - kept in (4, 5), "with its storefront's lines, by its own reference if it has one"
    elif answer.status == 201 and name == "draft_amendment":
        assert house.items_kept() == kept + 3
    elif answer.status == 201 and name == "draft_audit":
        assert house.items_kept() - kept in (4, 5), "with its nonce; the first of a quarter begins to count"
    elif answer.status == 200 and name == "put_volumes":
        assert house.items_kept() - kept in (0, 1), "one for a day"
    elif answer.status in (200, 202) and "webhook" in name:
        assert house.items_kept() == kept
    elif answer.status == 201 and name in ("interpret_policy", "review_policy"):
        assert house.items_kept() == kept + 1
    elif name == "review_interpretation" and answer.status in (200, 409):
        assert house.items_kept() == kept
    elif answer.status == 422:
        assert all(fault["field"] and fault["message"] for fault in refused(answer, 422, "invalid")["errors"])
    elif name == "complete_training":
        refused(answer, 404, "not_found")
    else:
        refused(answer, 401 if name == "sign_in" else 412, "unauthenticated" if name == "sign_in" else "stale")
    assert answer.status in (200, 201, 202) or house.items_kept() == kept


@pytest.mark.parametrize("name", WITH_BODY)
@FEW
@given(body=ANYTHING)
def test_no_json_whatever_brings_an_operation_down(house: House, receipt: Receipt, name: str, body: Any) -> None:
    kept = house.items_kept()
    nothing_but_a_refusal(house, name, send(house, name, receipt, json.dumps(body).encode()), kept)


@pytest.mark.parametrize("name", [name for name in WITH_BODY if VALID[name]])
@FEW
@given(drawn=st.data())
def test_no_value_of_any_field_brings_an_operation_down(
    house: House, receipt: Receipt, name: str, drawn: st.DataObject
) -> None:
    path = drawn.draw(st.sampled_from(places(VALID[name])))
    body, kept = with_changed(VALID[name], path, drawn.draw(ANYTHING)), house.items_kept()
    nothing_but_a_refusal(house, name, send(house, name, receipt, json.dumps(body).encode()), kept)


def wrong_kinds() -> list[Any]:
    """Each field with each value of another JSON type: numbers as strings, strings as numbers and so on."""
    others = ["1", 1, 1.5, True, [], {}, ["1"], {"1": 1}]
    found = []
    for name, body in VALID.items():
        for path in places(body):
            value = body
            for part in path:
                value = value[part]
            if value is None or (name == "change_amendment" and len(path) > 1):  # what changes make is looked at later
                continue
            empty = value in ([], "已超过退货期限。") or path[-1] == "evidence"
            found += [
                (name, path, other)
                for other in others
                if type(other) is not type(value) and not (empty and other in ([], ["1"]))
            ]
    return found


def test_no_kind_of_value_is_taken_for_another(house: House, receipt: Receipt) -> None:
    kept = house.items_kept()
    for name, path, value in wrong_kinds():
        answer = send(house, name, receipt, json.dumps(with_changed(VALID[name], path, value)).encode())
        faults = refused(answer, 422, "invalid")["errors"]
        named = ".".join(map(str, path))
        assert any(fault["field"].startswith(named) for fault in faults), (name, path, value, faults)
    assert house.items_kept() == kept
