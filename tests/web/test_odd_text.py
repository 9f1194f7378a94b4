"""Text as people and attackers write it: kept and given back as it is, or refused by the field's name."""

import json
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.ground.file_names import name_for
from tests.house import FRIDAY, KETTLE, PLAN, REPORT, House, refused

from .examples import BODIES, path_of, token_for
from .uploads import upload

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
    "RECORD#00000-00000 HEAD ENTRY#00000001 ~",
    "../../etc/passwd %00 %2e%2e/",
    "null undefined NaN true 1e400 \\u0000 \\ud800",
    '"quoted" \\ backslash \\n',
    "a line\u2028a paragraph\u2029a byte order mark\ufeff",
]


TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def as_file_name(text: str) -> str:
    """The text as the name of a file may be: nothing in it turns the direction about."""
    return text.translate(TURNS).strip()


@pytest.fixture
def house(lasting_house: House) -> House:
    lasting_house.now = FRIDAY
    return lasting_house


@pytest.fixture(scope="module")
def complaint_id(lasting_house: House) -> str:
    return str(lasting_house.file()["complaint_id"])


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_kept_and_given_back_as_it_is(house: House, text: str) -> None:
    line = text[:64].strip()
    contact = KETTLE["contact"] | {"name": text}
    shop = {"seller": text, "product_id": line, "external_ref": line}
    receipt = house.file(product_name=text, description=text, order_number=line, contact=contact, **shop)
    path = f"/v1/complaints/{receipt['complaint_id']}"
    view = house.get(path, "cs.lin").json
    assert (view["product_name"], view["description"], view["contact"]["name"]) == (text, text, text)
    assert {name: view[name] for name in shop} == shop
    assert house.get(path, token=receipt["consumer_token"]).json["product_name"] == text
    [found] = house.get(f"/v1/complaints?order_number={quote(line)}", "cs.lin").json["items"]
    assert found["complaint_id"] == receipt["complaint_id"]
    assert house.do(receipt["complaint_id"], "notes", {"text": text, "public": True}).json["text"] == text
    timeline = house.get(path + "/timeline", token=receipt["consumer_token"]).json["items"]
    assert timeline[-1]["details"]["text"] == text


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_kept_whoever_says_it_about_whatever(house: House, text: str) -> None:
    receipt = house.bring_to("investigating")
    complaint_id, wang = receipt["complaint_id"], receipt["consumer_token"]
    line = text[:64].strip()
    says = {
        "ask": {"department": "quality", "question": text},
        "answer_inquiry": {"assessment": text, "recommended_solution": text},
        "request_information": {"question": text},
        "give_information": {"text": text},
        "record_call": {"about": "other", "reached": True, "note": text},
        "update_delivery": {"status": "lost", "text": text, "carrier": line, "tracking_number": line},
        "extend": {"working_days": 1, "reason": text},
        "offer_evidence": BODIES["offer_evidence"] | {"file_name": as_file_name(text), "description": text},
    }
    for name, body in says.items():
        answer = house.post(path_of(name, complaint_id), body, token=token_for(house, name, receipt))
        assert answer.status in (200, 201), (name, answer)
        said = answer.json
        assert {field: said[field] for field in body.keys() & said.keys()} == {
            field: value for field, value in body.items() if field in said
        }
    house.do(complaint_id, "investigation-report", REPORT)
    house.do(
        complaint_id, "plan-draft", PLAN | {"summary": text, "basis": [{"law": text, "article": line, "clause": line}]}
    )
    house.do(complaint_id, "legal-review", {"approved": False, "advice": text}, "legal.xu")
    view = house.get(f"/v1/complaints/{complaint_id}", "cs.lin").json
    assert view["plan_draft"]["plan"]["summary"] == text
    assert view["plan_draft"]["plan"]["basis"] == [{"law": text, "article": line, "clause": line, "version": 1}]
    assert (view["inquiries"][0]["question"], view["inquiries"][0]["assessment"]) == (text, text)
    assert view["legal_reviews"][0]["review"]["advice"] == view["information_requests"][0]["question"] == text
    assert (view["delivery"]["update"]["text"], view["delivery"]["update"]["carrier"]) == (text, line)
    house.do(complaint_id, "withdrawal", {"reason": text}, None, token=wang)
    house.do(complaint_id, "reopening", {"reason": text}, None, token=wang)
    told = house.get(f"/v1/complaints/{complaint_id}/timeline", token=wang).json["items"]
    shown = {entry["type"]: text in entry["details"].values() for entry in told}
    assert {kind for kind, is_shown in shown.items() if is_shown} == {
        *("InformationRequested", "InformationGiven", "DeliveryUpdated", "DeadlineExtended"),
        *("ComplaintWithdrawn", "ComplaintReopened"),
    }


@pytest.mark.parametrize("text", ODD)
def test_a_file_is_saved_under_the_name_it_was_given_and_the_ending_of_what_it_is(house: House, text: str) -> None:
    receipt = house.file()
    name = as_file_name(text)
    number = upload(house, receipt, file_name=name)
    answer = house.get(f"/v1/complaints/{receipt['complaint_id']}/evidence/{number}", token=receipt["consumer_token"])
    link = answer.headers["location"]
    assert link.isascii()
    assert link.isprintable()
    [disposition] = parse_qs(urlsplit(link).query)["response-content-disposition"]
    assert disposition.isascii(), "it is a header when the browser gets it"
    assert disposition.startswith("attachment; filename*=UTF-8''")
    assert not set(disposition.partition("''")[2]) & set('"\r\n;, ')
    assert unquote(disposition.partition("''")[2]) == name_for(name, "image/jpeg")


def test_what_was_promised_in_odd_words_is_done_with_odd_words(house: House) -> None:
    complaint_id = house.bring_to("planning")["complaint_id"]
    house.do(complaint_id, "resolution-plan", PLAN | {"follow_up_measures": ODD})
    house.do(complaint_id, "feedback", {"satisfied": True})
    for number, text in enumerate(ODD, start=1):
        view = house.do(complaint_id, f"follow-ups/{number}/completion", {"note": text}).json
    assert [(one["measure"], one["note"]) for one in view["follow_ups"]] == [(text, text) for text in ODD]


LINES = {
    "file_complaint": ["order_number", "product_name"],
    "update_delivery": ["carrier", "tracking_number"],
    "offer_evidence": ["file_name"],
    "tell_authority": ["reference"],
    "draft_amendment": ["summary"],
    "change_amendment": ["summary"],
    "raise_finding": ["owner", "answers_for"],
    "reassign_finding": ["owner"],
    "hand_over_item": ["to"],
    "pick_item": ["complaint_id"],
}
TEXTS = {
    "ask": ["question"],
    "answer_inquiry": ["assessment", "recommended_solution"],
    "request_information": ["question"],
    "give_information": ["text"],
    "read_information": ["note"],
    "update_delivery": ["text"],
    "extend": ["reason"],
    "draft_plan": ["summary", "reasons", "amount_reason"],
    "review": ["advice"],
    "request_review": ["reason"],
    "withdraw": ["reason"],
    "reopen": ["reason"],
    "complete_follow_up": ["note"],
    "answer_survey": ["words"],
    "review_survey": ["note"],
    "state_case": ["text"],
    "decide_hearing": ["reasons"],
    "object_to_decision": ["text"],
    "record_call": ["note"],
    "triage": ["reason"],
    "assess_safety": ["note"],
    "tell_authority": ["note"],
    "take_interim_measure": ["text"],
    "correct_contact": ["reason"],
    "view_contact": ["reason"],
    "retract_note": ["reason"],
    "retract_evidence": ["reason"],
    "offer_evidence": ["description"],
    "draft_amendment": ["reasons"],
    "change_amendment": ["reasons"],
    "approve_amendment": ["reasons"],
    "give_opinion": ["text"],
    "answer_opinion": ["text"],
    "comment_sheet": ["text"],
    "withdraw_amendment": ["reason"],
    "approve_audit": ["reasons"],
    "cancel_audit": ["reason"],
    "pick_item": ["reason"],
    "hand_over_item": ["reason"],
    "report_audit": ["conclusion"],
    "comment_audit": ["text"],
    "publish_audit": ["conclusion"],
    "correct_audit": ["reason", "conclusion"],
    "raise_finding": ["what"],
    "drop_finding": ["reason"],
    "plan_correction": ["correction", "cause"],
    "complete_correction": ["evidence"],
    "verify_correction": ["evidence"],
    "reassign_finding": ["reason"],
    "state_case_of_finding": ["text"],
    "object_to_decision_of_finding": ["text"],
    "waive_finding": ["reason"],
    "decide_hearing_of_finding": ["reasons"],
    "complete_audit_measure": ["note"],
}
UNFIT = ["\0", "\x1b[31m", "\x07", "\x7f", "\x85x", "\ud800", "\udc00\ud800"]


@pytest.mark.parametrize(
    ("name", "field", "marks"),
    [(name, field, UNFIT) for name, fields in TEXTS.items() for field in fields]
    + [
        (name, field, [*UNFIT, "\n", "\r\n", "\t", *(map(chr, TURNS) if field == "file_name" else ())])
        for name, fields in LINES.items()
        for field in fields
    ],
)
def test_no_field_takes_what_a_program_would_choke_on(house: House, name: str, field: str, marks: list[str]) -> None:
    receipt, kept = house.file(), house.items_kept()
    token = token_for(house, name, receipt)
    for mark in marks:
        body = BODIES[name] | {field: f"收到{mark}就是裂的"}
        answer = house.post(path_of(name, receipt["complaint_id"]), body, token=token)
        refused(answer, 422, "invalid", field=field)
    assert house.items_kept() == kept


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


@settings(max_examples=60)
@given(wild=IDS, encoded=st.booleans())
def test_a_complaint_with_an_id_of_any_shape_is_not_there(house: House, wild: str, encoded: bool) -> None:
    segment = quote(wild, safe="") if encoded or set(wild) & set("/?#;") or not wild.isprintable() else wild
    kept = house.items_kept()
    for resource in ("", "/timeline"):
        answer = house.get(f"/v1/complaints/{segment}{resource}", "cs.lin")
        refused(answer, 404, "not_found")
        assert json.loads(answer.text)["reason"] == "complaint_unknown"
    refused(house.do(segment, "notes", {"text": "a"}), 404, "not_found")
    assert house.items_kept() == kept


@pytest.fixture(scope="module")
def bare(lasting_house: House) -> str:
    """A complaint without inquiries, files and promises, in a stage in which there could be some."""
    return str(lasting_house.bring_to("planning")["complaint_id"])


@settings(max_examples=60)
@given(wild=IDS, encoded=st.booleans())
def test_what_belongs_to_a_complaint_is_not_there_whatever_the_shape_of_its_id(
    house: House, bare: str, wild: str, encoded: bool
) -> None:
    segment = quote(wild, safe="") if encoded or set(wild) & set("/?#;%") or not wild.isprintable() else wild
    path, kept = f"/v1/complaints/{bare}", house.items_kept()
    refused(house.get(f"{path}/evidence/{segment}", "cs.lin"), 404, "not_found")
    refused(house.post(f"{path}/inquiries/{segment}/answer", {"assessment": "a"}, "quality.he"), 404, "not_found")
    refused(house.post(f"{path}/follow-ups/{segment}/completion", {}, "cs.lin"), 404, "not_found")
    assert house.items_kept() == kept
