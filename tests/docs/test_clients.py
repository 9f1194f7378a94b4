"""What `make clients` goes by is found: the bodies of the documents, what must have been seen, answers with more."""

from tests.clients import between, judge, literals
from tests.clients.between import Exchange

from .documents import text_of

FILED = [Exchange("POST", "/v1/complaints", {}, 201)] * 3
READ = Exchange("GET", "/v1/complaints/7K2M9-XD4FQ", {}, 200)
PAGED = [Exchange("GET", "/v1/complaints", query, 200) for query in ({}, {"cursor": ["a"]}, {"cursor": ["b"]})]
REFUSED = [
    Exchange("POST", "/v1/complaints/7K2M9-XD4FQ/assignment", {}, 412),
    Exchange("POST", "/v1/complaints", {}, 422),
]


def test_every_body_of_the_readme_is_found():
    bodies = list(literals.bodies_in(text_of("README.md")))
    paths = [path for path, _ in bodies]
    assert paths[0] == "/v1/complaints"
    assert {"/v1/sign-in", "/v1/complaints/$ID/resolution-plan", "/v1/complaints/$ID/feedback"} < set(paths)
    assert bodies[0][1]["contact"]["name"] == "王芳"


def test_a_number_that_the_shell_counts_is_a_number_in_a_body():
    bodies = dict(literals.bodies_in(text_of("chalicelib/web/json/README.md")))
    assert bodies["/v1/complaints/$ID/evidence"]["size"] == 1


def test_a_body_is_that_of_the_call_in_which_it_stands():
    bodies = dict(literals.bodies_in(text_of("chalicelib/web/json/README.md")))
    assert bodies["/v1/webhook"] == {"url": "http://127.0.0.1:9000/redress"}
    assert not bodies.keys() & {"/v1/webhook/test", "/v1/webhook/attempts", "/v1/complaints/$ID/link"}


def test_a_path_as_it_is_called_is_found_in_the_contract():
    contract = {"paths": {"/v1/complaints/search": {}, "/v1/complaints/{complaint_id}": {}}}
    assert literals.template("/v1/complaints/$ID", contract) == "/v1/complaints/{complaint_id}"
    assert literals.template("/v1/complaints/search", contract) == "/v1/complaints/search"


def test_a_client_has_done_what_was_seen_of_it():
    assert set(judge.done([*FILED, READ, *PAGED, *REFUSED]).values()) == {True}
    assert judge.done([]) == dict.fromkeys(judge.STEPS, False)
    assert not judge.done([PAGED[0], PAGED[0], PAGED[1]])["pages"]


def test_answers_have_a_field_more_and_maps_stay_as_they_are():
    more = between.with_more({"items": [{"metadata": {"a": "b"}}], "next_cursor": None})
    assert between.ADDED in more
    assert between.ADDED in more["items"][0]
    assert more["items"][0]["metadata"] == {"a": "b"}
