"""What is really asked and answered, for the examples of the description: each operation once, by whoever usually does.

What differs from run to run, and what is a credential, stands as something that is always the same.
"""

import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.telling.news import News
from chalicelib.web.door import Operation
from chalicelib.web.json.contract.examples import Examples
from tests.house import FRIDAY, KETTLE, Answer, House
from tests.web.examples import RESOURCES, body_for, example, other_for, path_of, ready_for, token_for

LARGEST = 12_000
"""Characters: a longer answer is no example for anybody."""
IDS = ("7K2M9-XD4FQ", "3HTR8-W6CNA", "9PZ4V-2GMEB")
ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b")
HASHED = re.compile(r"(?<![0-9a-f])[0-9a-f]{24,64}(?![0-9a-f])")
"""Of storefronts too: their client ids."""
HASH = "9f86d081" * 8
CREDENTIALS = {
    "consumer_token",
    "access_token",
    "refresh_token",
    "session",
    "next_cursor",
    "seed",
    "request_id",
    "after",
    "secret",
}
"""Fields whose value stands for nothing: their names say what it is."""
CODE = "7K2M-9XD4"
MILLISECONDS = 114


def taken(house: House) -> Examples:
    """All of them, on a house of their own."""
    sent: dict[str, dict[str, Any]] = {}
    answered: dict[str, dict[str, Any]] = {}
    for name, operation in RESOURCES.items():
        if name == "describe":
            continue
        for who, body, answer in _asked(house, operation):
            shown = shape_of({"body": body, "answer": answer})
            if body is not None:
                sent.setdefault(name, {})[who] = shown["body"]
            if len(answer if isinstance(answer, str) else str(answer)) <= LARGEST and answer != "":
                answered.setdefault(name, {})[who] = shown["answer"]
    return Examples(sent, answered, _problems(house), _news(house))


def _asked(house: House, operation: Operation) -> Iterator[tuple[str, Any, Any]]:
    """Who asks, what they send, what is answered."""
    name = operation.name
    house.now = FRIDAY
    receipt = ready_for(house, name)
    number = receipt["complaint_id"]
    body = body_for(name, other_for(house, name), number)
    if name == "show_complaint":
        yield from _views(house)
        return
    asked = operation.query.model_fields if operation.query else {}
    limited = "?limit=1" if "limit" in asked else "?redirect=false" if "redirect" in asked else ""
    answer = house.send(operation.method, path_of(name, number) + limited, body, token=token_for(house, name, receipt))
    assert answer.status in operation.answers, (name, answer)
    is_json = answer.headers.get("content-type") == "application/json"
    yield role_of(name, operation), {"code": CODE} if name == "open_session" else body, _said(answer) if is_json else ""


def _views(house: House) -> Iterator[tuple[str, Any, Any]]:
    """A complaint as each of those who may see it does."""
    receipt = house.bring_to("awaiting_consumer")
    number, wang = receipt["complaint_id"], receipt["consumer_token"]
    for who, token in (("staff", house.token("cs.lin")), ("consumer", wang), ("storefront", house.token("storefront"))):
        yield who, None, _said(house.get(f"/v1/complaints/{number}", token=token))


def role_of(name: str, operation: Operation) -> str:
    """Whose example it is."""
    who = "anyone" if operation.who is None else example(name).who
    return {"owner": "consumer", "storefront": "storefront", "anyone": "anyone"}.get(who, "staff")


def _said(answer: Answer) -> Any:
    return answer.json if answer.text else ""


def _problems(house: House) -> dict[str, Any]:
    """One refusal of each status."""
    house.now = FRIDAY
    receipt = house.file()
    number, wang, shop = receipt["complaint_id"], receipt["consumer_token"], house.token("storefront")
    cs, one = house.token("cs.lin"), f"/v1/complaints/{receipt['complaint_id']}"
    assert house.do(number, "acknowledgement", {}).status == 200
    for _ in range(5):
        house.post(f"{one}/session", {"code": "AAAA-AAAA"})
    asked = {
        400: house.send("GET", "/v1/complaints?cursor=changed", token=cs),
        401: house.send("GET", one),
        403: house.send("POST", f"{one}/notes", {"text": "a"}, token=wang),
        404: house.send("GET", "/v1/complaints/00000-00000", token=cs),
        409: house.send("POST", f"{one}/resolution-plan", example("propose_plan").body, token=cs),
        412: house.send("POST", f"{one}/notes", {"text": "a"}, token=cs, If_Match='"1"'),
        413: house.send("POST", f"{one}/notes", token=cs, raw=b"1" * 300_000),
        415: house.send("POST", f"{one}/notes", {"text": "a"}, token=cs, Content_Type="text/plain"),
        422: house.send(
            "POST", "/v1/complaints", KETTLE | {"order_number": "", "contact": {"name": "王芳"}}, token=shop
        ),
        429: house.send("POST", f"{one}/session", {"code": "AAAA-AAAA"}),
        500: _fails(house, RuntimeError("a fault of ours"), one, cs),
        503: _fails(house, EndpointConnectionError(endpoint_url="https://dynamodb"), one, cs),
    }
    for status, answer in asked.items():
        assert answer.status == status, (status, answer)
    return {str(status): shape_of(answer.json) for status, answer in asked.items()}


def _fails(house: House, fault: Exception, path: str, token: str) -> Answer:
    def interfere(call: str, moment: str) -> None:
        if call.startswith("dynamodb"):
            raise fault

    with house.interfering(interfere):
        return house.send("GET", path, token=token)


def _news(house: House) -> dict[str, Any]:
    house.now = FRIDAY
    receipt = house.file()
    facts = {"external_ref": KETTLE["external_ref"], "stage": "received", "round": 1, "outcome": None, "seq": 1}
    told = News.model_validate(
        {
            "type": "complaint.filed",
            "timestamp": receipt["received_at"],
            "data": facts | {"complaint_id": receipt["complaint_id"]},
        }
    )
    shown: dict[str, Any] = shape_of(told.model_dump(mode="json"))
    return shown


def shape_of(said: Any) -> Any:
    """The same with what differs from run to run put aside."""
    known: dict[str, str] = {}
    return _shaped(said, known)


def _shaped(said: Any, known: dict[str, str], name: str = "") -> Any:
    if isinstance(said, dict):
        if name == "fields":  # of an upload: S3's own, and its signature
            return dict.fromkeys(said, "…")
        return {key: _shaped(value, known, key) for key, value in said.items()}
    if isinstance(said, list):
        return [_shaped(one, known, name) for one in said]
    if name == "milliseconds" and said is not None:
        return MILLISECONDS
    if not isinstance(said, str):
        return said
    if name in CREDENTIALS:
        return f"({name})"
    if name == "url" and "X-Amz-" in said:  # a link that is signed for five minutes
        said = said.partition("?")[0] + "?X-Amz-Signature=signed"
    if name == "tracking_url":
        said = said.partition("#token=")[0] + "#token=(consumer_token)"
    return ID.sub(lambda found: _id(found.group(), known), HASHED.sub(lambda found: HASH[: len(found.group())], said))


def _id(found: str, known: dict[str, str]) -> str:
    """The first complaint of an example is called like the first of any other."""
    if found in ("AAAAA-AAAAA", "00000-00000"):
        return found
    return known.setdefault(found, IDS[len(known) % len(IDS)])
