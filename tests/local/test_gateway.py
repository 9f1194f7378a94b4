"""The local gateway answers everything, as AWS would or as the contract says."""

import gzip
import http.client
import json
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from chalicelib.web import browsers
from infra.local.gateway import SMALLEST_COMPRESSED
from tests.running import PATIENCE, running_system

PROBLEM = "application/problem+json"


@pytest.fixture
def address(system):
    parts = urlsplit(system.api)
    return parts.hostname, parts.port


@pytest.fixture
def connection(address):
    one = http.client.HTTPConnection(*address, timeout=PATIENCE)
    yield one
    one.close()


def said(address, *parts):
    """Everything the server answers to raw bytes on one connection, until it closes or has nothing more to say."""
    with socket.create_connection(address, timeout=PATIENCE) as line:
        for part in parts:
            line.sendall(part)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while part := line.recv(65536):
            answer += part
    return answer


def get(path, *headers):
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode("latin-1")


def check_problem(status, headers, body, code):
    assert headers["Content-Type"] == PROBLEM
    for name, value in browsers.ALWAYS.items():
        assert name == "Content-Type" or headers[name] == value
    assert headers["Access-Control-Allow-Origin"] == "*"
    content = json.loads(body)
    assert content.keys() == {"type", "title", "status", "detail", "code", "request_id"}
    assert (content["type"], content["status"], content["code"]) == ("about:blank", status, code)
    assert content["request_id"] == headers["X-Request-Id"]


def parsed(answer):
    """Status, headers and body of the last answer in raw bytes."""
    start = answer.rindex(b"HTTP/1.1 ")
    head, _, body = answer[start:].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    return int(lines[0].split()[1]), dict(line.split(": ", 1) for line in lines[1:]), body


# ---- what the app is given ------------------------------------------------------------------------------------------


def test_the_app_sees_the_request_id_that_the_caller_sees(system):
    reply = system.call("GET", "/v1/echo")
    assert reply.json()["request_id"] == reply.headers["X-Request-Id"]


def test_repeated_and_empty_query_parameters_arrive(system):
    query = system.call("GET", "/v1/echo?a=1&a=2&b=&c=%E6%94%B6&d=a%2Bb+c").json()["query"]
    assert query == {"a": ["1", "2"], "b": [""], "c": ["收"], "d": ["a+b c"]}


def test_a_body_in_utf_8_arrives_as_it_is(system):
    assert system.call("POST", "/v1/echo", "收到就是裂的".encode()).json()["text"] == "收到就是裂的"


def test_a_body_that_is_not_utf_8_reaches_the_app_for_it_to_refuse(system):
    assert system.call("POST", "/v1/echo", b'{"a": "\xff\xfe"}').status == 400


def test_a_binary_body_arrives_as_it_is(system):
    reply = system.call("POST", "/v1/echo", bytes(range(128)) * 3, Content_Type="application/octet-stream")
    assert reply.json()["size"] == 384


def test_captured_names_are_decoded_and_a_literal_route_wins(system):
    assert system.call("GET", "/v1/things/a%20b%2F%E6%94%B6;x").json() == {"name": "a b/收;x"}
    assert system.call("GET", "/v1/things/known").json() == {"known": True}


def test_a_trailing_slash_changes_nothing_as_on_aws(system):
    assert system.call("GET", "/v1/things/known/").status == 200


def test_the_app_reads_the_clock_of_the_house(system):
    assert system.call("GET", "/v1/echo").json()["now"] >= "2026-02-10T02:00:00"


def test_concurrent_requests_do_not_get_into_each_other(system):
    def echo(number):
        return system.call("POST", f"/v1/echo?n={number}", str(number).encode()).json()

    with ThreadPoolExecutor(8) as threads:
        for number, answer in enumerate(threads.map(echo, range(200))):
            assert (answer["text"], answer["query"]) == (str(number), {"n": [str(number)]})


# ---- what goes over the wire ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br, zstd", "br;q=1.0, GZIP ; q=0.8, *;q=0.1"])
def test_what_is_long_is_sent_compressed_to_whoever_takes_it(system, accepted):
    reply = system.call("GET", f"/v1/pages/{SMALLEST_COMPRESSED}", Accept_Encoding=accepted)
    assert (reply.headers["Content-Encoding"], reply.headers["ETag"]) == ("gzip", '"1"')
    assert int(reply.headers["Content-Length"]) == len(reply.body) < 100
    assert gzip.decompress(reply.body) == b"x" * SMALLEST_COMPRESSED


@pytest.mark.parametrize("accepted", ["", "identity", "br", "deflate", "gzip;q=0", "gzip;q=0.0, br", "x-gzipped"])
def test_whoever_does_not_take_gzip_gets_it_as_it_is(system, accepted):
    reply = system.call("GET", f"/v1/pages/{SMALLEST_COMPRESSED}", Accept_Encoding=accepted)
    assert "Content-Encoding" not in reply.headers
    assert reply.body == b"x" * SMALLEST_COMPRESSED


def test_what_is_short_is_sent_as_it_is(system):
    reply = system.call("GET", f"/v1/pages/{SMALLEST_COMPRESSED - 1}", Accept_Encoding="gzip")
    assert "Content-Encoding" not in reply.headers
    assert len(reply.body) == SMALLEST_COMPRESSED - 1


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_whoever_has_a_page_is_not_sent_it_again(system, accepted):
    reply = system.call("GET", "/v1/pages/2000", Accept_Encoding=accepted, If_None_Match='"1"')
    assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", '"1"')
    assert not {"Content-Length", "Content-Encoding"} & set(reply.headers), "those of the page, if any"


def test_a_link_whose_hash_was_spelt_out_reaches_the_complaint_it_names(system):
    """As mail filters rewrite links: the fragment is a part of the path then."""
    reply = system.call("GET", "/v1/things/7K2M9-XD4FQ%23token=rt1.7K2M9-XD4FQ.0.MAC&round=1")
    assert reply.json() == {"name": "7K2M9-XD4FQ#token=rt1.7K2M9-XD4FQ.0.MAC&round=1"}


# ---- what the gateway says itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/nothing",
        "/v1/things/",
        "/v1//echo",
        "/%00",
        "/%ff%fe",
        "/v1/echo/%",
        "/..%2f..",
        "/v1/收",
        "//[x",
        "/v1/echo;x",
        "*",
    ],
)
def test_an_address_where_nothing_is_gives_404(address, path):
    raw = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    status, headers, body = parsed(said(address, raw))
    assert status == 404
    check_problem(404, headers, body, "not_found")


@pytest.mark.parametrize("path", ["/v1/things/%00", "/v1/things/%ff%fe", "/v1/things/%zz", "/v1/things/" + "x" * 60000])
def test_a_strange_name_is_for_the_app_to_judge(address, path):
    assert parsed(said(address, get(path)))[0] == 200


def test_a_whole_url_as_address_is_understood(address):
    assert parsed(said(address, get("http://somewhere.example/v1/echo?a=1")))[0] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FROB"])
def test_a_method_that_is_not_possible_gives_405_and_says_what_is(connection, method):
    connection.request(method, "/v1/echo")
    answer = connection.getresponse()
    check_problem(405, answer.headers, answer.read(), "method_not_allowed")
    assert answer.headers["Allow"] == "GET, POST"


def test_a_preflight_is_answered_where_the_app_is_for_browsers(connection):
    connection.request("OPTIONS", "/v1/shared", headers={"Origin": "https://shop.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,OPTIONS"


def test_head_is_not_possible_as_on_aws_and_its_refusal_has_no_body(connection):
    connection.request("HEAD", "/v1/things/known")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Allow"], answer.read()) == (405, "GET", b"")
    assert int(answer.headers["Content-Length"]) > 0
    connection.request("GET", "/v1/things/known")
    assert connection.getresponse().read() == b'{"known":true}'


@pytest.mark.parametrize("length", ["abc", "-1", "1 2", "0x10", "١", "9" * 5000])
def test_a_malformed_content_length_gives_400_or_413(address, length):
    raw = f"POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()
    status, headers, body = parsed(said(address, raw))
    assert status == (413 if length[0] == "9" else 400)
    check_problem(status, headers, body, "too_large" if length[0] == "9" else "malformed")


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"GET /v1/echo\r\n\r\n",
        b"GET /v1/echo HTTP/9.9\r\n\r\n",
        b"GET /a b c HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"POST /v1/echo HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /v1/echo HTTP/1.1\r\nContent-Length: 50\r\n\r\nhello",
        b"POST /v1/echo HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST /v1/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n",
    ],
)
def test_a_broken_request_gives_400(address, raw):
    status, headers, body = parsed(said(address, raw))
    assert status == 400
    check_problem(400, headers, body, "malformed")
    assert headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /v1/echo HTTP/1.1\r\nX: " + b"x" * 70000 + b"\r\n\r\n", 431),
        (b"GET /v1/echo HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n", 431),
    ],
)
def test_too_long_a_head_is_refused(address, raw, status):
    answer = parsed(said(address, raw))
    assert answer[0] == status
    check_problem(*answer, "too_large")


def test_a_body_over_10_mb_gives_413(connection):
    connection.request("POST", "/v1/echo", b"x" * (10 * 1024 * 1024 + 1))
    answer = connection.getresponse()
    check_problem(413, answer.headers, answer.read(), "too_large")


def test_a_body_of_10_mb_is_taken(system):
    assert system.call("POST", "/v1/echo", b"x" * (10 * 1024 * 1024)).json()["size"] == 10 * 1024 * 1024


def test_too_large_a_body_that_asks_first_is_not_even_sent(address):
    raw = b"POST /v1/echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n"
    answer = said(address, raw)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_asks_first_is_told_to_come(address):
    raw = (
        b"POST /v1/echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n"
    )
    answer = said(address, raw, b"hello")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
    assert b'"text":"hello"' in answer


def test_a_chunked_body_is_read(connection):
    parts = iter([b"he", b"llo", b"x" * 100_000])
    connection.request("POST", "/v1/echo", parts, {"Content-Type": "application/json"}, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["size"] == 100_005


def test_a_chunked_body_over_10_mb_gives_413(address):
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    raw = b"POST /v1/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, headers, body = parsed(said(address, raw, *[chunk] * 11))
    assert (status, json.loads(body)["title"]) == (413, "Content Too Large")
    check_problem(status, headers, body, "too_large")


def test_another_transfer_encoding_gives_501(address):
    raw = b"POST /v1/echo HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"
    status, headers, body = parsed(said(address, raw))
    check_problem(status, headers, body, "not_implemented")


def test_what_the_app_does_not_catch_is_an_answer_too(system):
    reply = system.call("GET", "/v1/crash")
    assert (reply.status, b"as asked" in reply.body) == (500, False)


def test_headers_of_the_app_arrive_even_if_they_are_not_ascii(system):
    reply = system.call("GET", "/v1/things/x")
    assert (reply.headers["ETag"], reply.headers["X-Weird"].encode("latin-1").decode()) == ('"1"', "发")


def test_a_connection_outlives_refusals(connection):
    for path, status in (("/nothing", 404), ("/v1/echo", 200), ("/v1/crash", 500), ("/v1/echo", 200)):
        connection.request(
            "POST" if path == "/v1/echo" else "GET", path, b"x" * 1000, {"Content-Type": "application/json"}
        )
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    assert connection.sock is not None


def test_requests_sent_at_once_are_answered_in_order(address):
    answer = said(address, get("/v1/things/a"), get("/nothing"), get("/v1/things/b", "Connection: close"))
    assert [part.split(b" ")[0] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]
    assert answer.endswith(b'{"name":"b"}')


def test_an_empty_line_before_a_request_is_passed_over(address):
    assert said(address, b"\r\n" + get("/v1/things/a")).startswith(b"HTTP/1.1 200 ")


def test_requests_leave_no_line_in_the_log(system):
    assert "HTTP/1.1" not in system.output
    assert "/v1/things" not in system.output


def eight_requests(system):
    """What was printed of them: of each once its answer is on its way, and so in any order, and not at once."""
    for _ in range(PATIENCE * 100):
        lines = [" ".join(line.split()[-3:]) for line in list(system.lines) if " GET " in line]
        if len(lines) >= 8:
            return lines
        threading.Event().wait(0.01)
    raise AssertionError(system.output)


def test_what_a_verbose_system_prints_has_no_address_that_was_asked_for():
    """A token may stand in it: in a path whose # was spelt out, or in a query."""
    token = "rt1.7K2M9-XD4FQ.0.abcdefghijklmnopqrstuv"
    with running_system("--app", "tests.local.tiny_app", REDRESS_VERBOSE="1") as system:
        asked = [f"/v1/things/7K2M9-XD4FQ%23token={token}", f"/v1/echo?token={token}", f"/nothing/{token}"]
        asked += [f"{system.desk}/outbox?to={token}", f"{system.desk}/orders/{token}", f"{system.desk}/nothing/{token}"]
        asked += [f"{system.aws}/{token}?token={token}"]
        statuses = [system.call("GET", one).status for one in asked]
        assert system.call("GET", f"/v1/crash?token={token}").status == 500
        printed = eight_requests(system)
    assert Counter(printed) == {
        "GET /health 200": 1,
        "GET /v1/things/{name} 200": 1,
        "GET /v1/echo 200": 1,
        "GET ? 404": 2,
        "GET /outbox 200": 1,
        "GET /orders/* 401": 1,
        "GET /v1/crash 500": 1,
    }
    assert len(statuses) == len(asked)
    assert token not in system.output
    assert "rt1." not in system.output
