"""Text as people and attackers write it: kept and given back as it is, or refused by the field's name."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.house import FRIDAY, KETTLE, House, refused

ODD = [
    "مرحبا، الغلاية مكسورة",
    "שלום \u202eהפוך\u202c",
    "👩‍👩‍👧‍👦 🇨🇳 收到就是裂的 😡",
    "ก็็็็็็็็็็็็็็็็็็็็",
    "e\u0301 é ﬁ ㍿",
    "𠮷野家 𪚥",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    '@SUM(1+1)*cmd, "+1", -1',
    "{{ 7 * 7 }} {% for x in y %} ${jndi:ldap://x/a} #{1} %s %(a)s {0}",
    "'; DROP TABLE complaints; --",
    "attribute_exists(pk) OR :a = :a",
    "COMPLAINT#00000-00000 HEAD EVENT#00000001 ~",
    "../../etc/passwd %00 %2e%2e/",
    "null undefined NaN true 1e400 \\u0000 \\ud800",
    '"quoted" \\ backslash \\n',
    "a line\u2028a paragraph\u2029a byte order mark\ufeff",
]


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture(scope="module")
def complaint_id(lasting_house: House) -> str:
    return str(lasting_house.file()["complaint_id"])


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_kept_and_given_back_as_it_is(house: House, text: str) -> None:
    contact = KETTLE["contact"] | {"name": text}
    receipt = house.file(product_name=text, description=text, order_number=text[:64].strip(), contact=contact)
    path = f"/v1/complaints/{receipt['complaint_id']}"
    view = house.get(path, "cs.lin").json
    assert (view["product_name"], view["description"], view["contact"]["name"]) == (text, text, text)
    assert house.get(path, token=receipt["consumer_token"]).json["product_name"] == text
    [line] = house.get(f"/v1/complaints?order_number={quote(text[:64].strip())}", "cs.lin").json["items"]
    assert line["complaint_id"] == receipt["complaint_id"]
    assert house.do(receipt["complaint_id"], "notes", {"text": text, "public": True}).json["text"] == text
    timeline = house.get(path + "/timeline", token=receipt["consumer_token"]).json["items"]
    assert timeline[-1]["details"]["text"] == text


@pytest.mark.parametrize("mark", ["\0", "\x1b[31m", "\x07", "\x7f", "\x85x", "\ud800", "\udc00\ud800"])
@pytest.mark.parametrize("field", ["order_number", "product_name", "description", "contact.name"])
def test_what_a_program_would_choke_on_is_refused_by_the_fields_name(house: House, field: str, mark: str) -> None:
    text = f"收到{mark}就是裂的"
    name = field.removeprefix("contact.")
    changed = {name: text} if name == field else {"contact": KETTLE["contact"] | {name: text}}
    kept = house.items_kept()
    refused(house.post("/v1/complaints", KETTLE | changed, "storefront"), 422, "invalid", field=field)
    assert house.items_kept() == kept


@pytest.mark.parametrize("field", ["order_number", "product_name", "contact.name"])
@pytest.mark.parametrize("mark", ["\n", "\r\n", "\t"])
def test_a_line_is_one_line(house: House, field: str, mark: str) -> None:
    text, name = f"收到{mark}Bcc: all@example.cn", field.removeprefix("contact.")
    changed = {name: text} if name == field else {"contact": KETTLE["contact"] | {name: text}}
    refused(house.post("/v1/complaints", KETTLE | changed, "storefront"), 422, "invalid", field=field)


def test_a_description_may_have_lines(house: House) -> None:
    text = "第一行\n\t第二行\r\n第三行"
    complaint_id = house.file(description=text)["complaint_id"]
    assert house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json["description"] == text


@pytest.mark.parametrize("name", ["\ud800", "\0", "a\nb", "长" * 5000, "", "__proto__", "model_fields", "..", "a.b.c"])
def test_a_field_with_any_name_is_refused_without_harm(house: House, complaint_id: str, name: str) -> None:
    answer = house.do(complaint_id, "notes", {"text": "a", name: 1})
    assert len(refused(answer, 422, "invalid")["errors"]) == 1
    assert len(answer.text) < 2000


def test_thousands_of_fields_are_refused_in_few_words(house: House, complaint_id: str) -> None:
    answer = house.do(complaint_id, "notes", {f"f{n}": n for n in range(15_000)})
    refused(answer, 422, "invalid")
    assert len(answer.text) < 20_000


@pytest.mark.parametrize("field", ["category", "channel", "locale", "requested_remedy"])
@pytest.mark.parametrize("value", ["", "REFUND", "refund ", "退款", "\ud800", "\0", "zh-cn", "none"])
def test_a_value_that_is_none_of_those_to_choose_from_is_refused(house: House, field: str, value: Any) -> None:
    refused(house.post("/v1/complaints", KETTLE | {field: value}, "storefront"), 422, "invalid", field=field)


# ---- ids of any shape ----------------------------------------------------------------------------------------------

IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20) | st.sampled_from(
    [
        "00000-00000",
        "-",
        "HEAD",
        "null",
        "*",
        "00000-0000I",
        "0000000000",
        "00000-00000-00000",
        "%2e%2e",
        "０００００-00000",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wild=IDS, encoded=st.booleans())
def test_a_complaint_with_an_id_of_any_shape_is_not_there(house: House, wild: str, encoded: bool) -> None:
    segment = quote(wild, safe="") if encoded or set(wild) & set("/?#;") or not wild.isprintable() else wild
    kept = house.items_kept()
    for resource in ("", "/timeline"):
        answer = house.get(f"/v1/complaints/{segment}{resource}", "cs.lin")
        refused(answer, 404, "not_found")
        assert json.loads(answer.text)["detail"] == "There is no such complaint, or it is not yours to see."
    refused(house.do(segment, "notes", {"text": "a"}), 404, "not_found")
    assert house.items_kept() == kept
