"""What breaks clients is found, and what does not is let be: each by one change of a small description."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from .comparison import breaking

OBJECT = {"type": "object", "additionalProperties": False}
OLD: dict[str, Any] = {
    "paths": {
        "/v1/kettles/{kettle}": {
            "post": {
                "operationId": "mend",
                "security": [{"staff": []}, {"storefront": ["kettles"]}],
                "parameters": [
                    {"in": "path", "name": "kettle", "required": True, "schema": {"type": "string"}},
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Mending"}}}},
                "responses": {
                    "200": {
                        "headers": {"ETag": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/View"}}},
                    },
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            }
        }
    },
    "webhooks": {
        "mended": {
            "post": {
                "operationId": "hear",
                "parameters": [{"in": "header", "name": "webhook-id", "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/News"}}}},
                "responses": {"2XX": {"description": "Taken."}},
            }
        }
    },
    "components": {
        "responses": {
            "NotFound": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        },
        "schemas": {
            "Mending": OBJECT
            | {
                "properties": {
                    "note": {"type": "string", "minLength": 1, "maxLength": 50},
                    "with": {"enum": ["glue", "tape"]},
                    "again": {"anyOf": [{"$ref": "#/components/schemas/Mending"}, {"type": "null"}]},
                },
                "required": ["with"],
            },
            "View": {
                "type": "object",
                "properties": {
                    "stage": {"type": "string", "enum": ["broken", "mended"]},
                    "at": {"type": "string", "format": "date-time"},
                    "price": {"type": "number"},
                    "entries": {
                        "type": "array",
                        "items": {
                            "oneOf": [{"$ref": "#/components/schemas/Glued"}, {"$ref": "#/components/schemas/Taped"}]
                        },
                    },
                },
                "required": ["stage", "at"],
            },
            "Glued": {"type": "object", "properties": {"type": {"const": "glued"}, "grams": {"type": "integer"}}},
            "Taped": {"type": "object", "properties": {"type": {"const": "taped"}}},
            "News": {"type": "object", "properties": {"seq": {"type": "integer"}}, "required": ["seq"]},
            "Problem": {"type": "object", "properties": {"code": {"type": "string"}}},
        },
    },
}
Change = Callable[[dict[str, Any]], Any]
MEND = "POST /v1/kettles/{kettle}"


def operation(new: dict[str, Any]) -> dict[str, Any]:
    one: dict[str, Any] = new["paths"]["/v1/kettles/{kettle}"]["post"]
    return one


def fields(new: dict[str, Any], model: str) -> dict[str, Any]:
    one: dict[str, Any] = new["components"]["schemas"][model]["properties"]
    return one


def changed(change: Change) -> list[str]:
    new = copy.deepcopy(OLD)
    change(new)
    return breaking(OLD, new)


BREAKING: dict[str, Change] = {
    f"{MEND} is gone": lambda new: new["paths"].clear(),
    f"{MEND}: is called repair instead of mend": lambda new: operation(new).update(operationId="repair"),
    f"{MEND}: is not open to storefront any more": lambda new: operation(new)["security"].pop(),
    f"{MEND}: limit (query) is not taken any more": lambda new: operation(new)["parameters"].pop(),
    f"{MEND}: limit (query) is required now": lambda new: operation(new)["parameters"][1].update(required=True),
    f"{MEND}: limit (query): it: maximum is 50 now": lambda new: (
        operation(new)["parameters"][1].update(schema={"type": "integer", "maximum": 50})
    ),
    f"{MEND}: who (query) is new and required": lambda new: operation(new)["parameters"].append(
        {"in": "query", "name": "who", "required": True, "schema": {"type": "string"}}
    ),
    f"{MEND}: a body is required now": lambda new: operation(new)["requestBody"].update(required=True),
    f"{MEND}: body: note is required now": lambda new: (
        new["components"]["schemas"]["Mending"].update(required=["note", "with"])
    ),
    f"{MEND}: body: note is not taken any more": lambda new: fields(new, "Mending").pop("note"),
    f"{MEND}: body: note: maxLength is 40 now": lambda new: fields(new, "Mending")["note"].update(maxLength=40),
    f"{MEND}: body: note: pattern is ^a now": lambda new: fields(new, "Mending")["note"].update(pattern="^a"),
    f"{MEND}: body: note: string is not taken any more": lambda new: fields(new, "Mending").update(
        note={"type": "integer"}
    ),
    f"{MEND}: body: with: tape is not taken any more": lambda new: fields(new, "Mending")["with"]["enum"].pop(),
    f"{MEND}: body: again: null is not taken any more": lambda new: fields(new, "Mending")["again"]["anyOf"].pop(),
    f"{MEND}: 200 is not answered any more": lambda new: operation(new)["responses"].pop("200"),
    f"{MEND}: 202 is answered now": lambda new: operation(new)["responses"].update({"202": {}}),
    f"{MEND}: 200: ETag is not sent any more": lambda new: operation(new)["responses"]["200"]["headers"].clear(),
    f"{MEND}: 200: stage is gone": lambda new: fields(new, "View").pop("stage"),
    f"{MEND}: 200: stage may be missing now": lambda new: (
        new["components"]["schemas"]["View"].update(required=["at"])
    ),
    f"{MEND}: 200: stage: may be anything now, and was one of some values": lambda new: (
        fields(new, "View")["stage"].pop("enum")
    ),
    f"{MEND}: 200: at: may be null now": lambda new: fields(new, "View").update(
        at={"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}
    ),
    f"{MEND}: 200: at: format was date-time, is date": lambda new: fields(new, "View")["at"].update(format="date"),
    f"{MEND}: 200: price: may be string now": lambda new: fields(new, "View").update(price={"type": "string"}),
    f"{MEND}: 200: entries[].grams is gone": lambda new: fields(new, "Glued").pop("grams"),
    f"{MEND}: 200: entries[]: may be string now": lambda new: fields(new, "View")["entries"]["items"]["oneOf"].append(
        {"type": "string"}
    ),
    f"{MEND}: 404: code is gone": lambda new: fields(new, "Problem").clear(),
    "POST mended is gone": lambda new: new["webhooks"].clear(),
    "POST mended: webhook-id is not sent any more": lambda new: new["webhooks"]["mended"]["post"]["parameters"].clear(),
    "POST mended: what is sent: seq is gone": lambda new: fields(new, "News").clear(),
    "POST mended: 2XX is not understood any more": lambda new: new["webhooks"]["mended"]["post"]["responses"].clear(),
}  # fmt: skip
HARMLESS: dict[str, Change] = {
    "an operation more": lambda new: new["paths"].update({"/v1/pots": {"get": {"operationId": "list"}}}),
    "a parameter more": lambda new: operation(new)["parameters"].append(
        {"in": "query", "name": "who", "schema": {"type": "string"}}
    ),
    "a way in more": lambda new: operation(new)["security"].append({"consumer": []}),
    "another word for what a path names": lambda new: operation(new)["parameters"][0].update(name="number"),
    "a field more that may be sent": lambda new: fields(new, "Mending").update(soon={"type": "boolean"}),
    "a field that need not be sent any more": lambda new: new["components"]["schemas"]["Mending"].pop("required"),
    "a value more that may be sent": lambda new: fields(new, "Mending")["with"]["enum"].append("rope"),
    "a longer text that may be sent": lambda new: fields(new, "Mending")["note"].update(maxLength=99),
    "a number that may be sent as well": lambda new: fields(new, "Mending").update(
        note={"anyOf": [{"type": "string", "minLength": 1, "maxLength": 50}, {"type": "integer"}]}
    ),
    "a field more in an answer": lambda new: fields(new, "View").update(colour={"type": "string"}),
    "a code more in an answer": lambda new: fields(new, "View")["stage"]["enum"].append("lost"),
    "a kind of entry more": lambda new: fields(new, "View")["entries"]["items"]["oneOf"].append(
        {"type": "object", "properties": {"type": {"const": "tied"}}}
    ),
    "whole numbers only in an answer": lambda new: fields(new, "View").update(price={"type": "integer"}),
    "a field that is always there now": lambda new: (
        new["components"]["schemas"]["View"].update(required=["stage", "at", "price"])
    ),
    "a refusal more": lambda new: operation(new)["responses"].update({"429": {}}),
    "nothing, to whoever has it already": lambda new: operation(new)["responses"].update({"304": {}}),
    "a header more of a webhook": lambda new: new["webhooks"]["mended"]["post"]["parameters"].append(
        {"in": "header", "name": "webhook-timestamp", "schema": {"type": "string"}}
    ),
    "another sentence": lambda new: operation(new).update(description="Mends a kettle."),
}  # fmt: skip


@pytest.mark.parametrize("said", BREAKING)
def test_what_breaks_clients_is_said(said: str) -> None:
    assert changed(BREAKING[said]) == [said]


@pytest.mark.parametrize("what", HARMLESS)
def test_what_breaks_nobody_is_let_be(what: str) -> None:
    assert changed(HARMLESS[what]) == []


def test_a_schema_by_another_name_or_written_where_it_is_used_is_the_same() -> None:
    def renamed(new: dict[str, Any]) -> None:
        schemas = new["components"]["schemas"]
        schemas["Looks"] = schemas.pop("View")
        operation(new)["responses"]["200"]["content"]["application/json"]["schema"] = schemas["Looks"]

    assert changed(renamed) == []
