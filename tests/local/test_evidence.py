"""A browser's way to the bucket and back: by the form and the link that the house has signed, and by no other."""

import uuid
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from infra.aws.s3_cors import Rule, for_page, preflight
from infra.aws.s3_signing import S3Error
from tests.running import PATIENCE, Reply

from .test_desk import aws
from .test_mail import seen

PNG = b"\x89PNG\r\n\x1a\n and so on"


def form(system, name):
    return system.call("POST", "/v1/uploads", {"key": f"incoming/{name}/1 照.png"}).json()


def post(system, upload, content=PNG, origin="", **changes):
    """Send a form as a browser does: its fields, then the file."""
    cut = uuid.uuid4().hex
    fields = upload["fields"] | {name.replace("_", "-"): value for name, value in changes.items()}
    parts = [
        f'--{cut}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()
    ]
    head = "\r\n".join([*parts, f'--{cut}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'])
    body = head.encode() + content + f"\r\n--{cut}--\r\n".encode()
    page = {"Origin": origin} if origin else {}
    return system.call("POST", upload["url"], body, Content_Type=f"multipart/form-data; boundary={cut}", **page)


def link(system, name):
    return system.call("POST", "/v1/downloads", {"key": f"incoming/{name}/1 照.png"}).json()["url"]


def refused(reply, status, code):
    assert (reply.status, reply.headers["Content-Type"]) == (status, "application/xml")
    text = unescape(reply.body.decode())
    assert f"<Code>{code}</Code>" in text
    return text


def test_what_is_uploaded_by_its_form_arrives_is_told_of_and_can_be_fetched_by_a_link(system):
    upload = form(system, "kettle")
    assert upload["url"].startswith(system.aws)
    reply = post(system, upload)
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["ETag"]
    system.settle()
    assert seen(system, "kettle") == [f"ObjectCreated:Post {len(PNG)} image/png"]
    fetched = system.call("GET", link(system, "kettle"))
    assert (fetched.status, fetched.body) == (200, PNG)
    assert fetched.headers["Content-Type"] == "image/png"
    assert fetched.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E7%85%A7.png"


def test_another_key_type_or_size_than_the_forms_is_refused_and_nothing_arrives(system):
    upload = form(system, "foreign")
    assert "Policy Condition failed" in refused(post(system, upload, key="incoming/other/1"), 403, "AccessDenied")
    assert "Policy Condition failed" in refused(post(system, upload, Content_Type="text/html"), 403, "AccessDenied")
    assert "Extra input fields: acl" in refused(post(system, upload, acl="public-read"), 403, "AccessDenied")
    too_large = refused(post(system, upload, b"x" * 101), 400, "EntityTooLarge")
    assert "<ProposedSize>101</ProposedSize><MaxSizeAllowed>100</MaxSizeAllowed>" in too_large
    refused(post(system, upload, b""), 400, "EntityTooSmall")
    system.settle()
    assert seen(system, "foreign") == seen(system, "other") == []


def test_a_form_is_over_when_the_clock_of_the_house_says_so(system):
    early, late = form(system, "early"), form(system, "late")
    system.move_clock(advance="PT9M")
    assert post(system, early).status == 204
    system.move_clock(advance="PT2M")
    assert "Policy expired." in refused(post(system, late), 403, "AccessDenied")


def test_a_link_is_over_when_the_clock_of_the_house_says_so(system):
    post(system, form(system, "photo"))
    url = link(system, "photo")
    system.move_clock(advance="PT4M")
    assert system.call("GET", url).status == 200
    system.move_clock(advance="PT2M")
    assert "Request has expired" in refused(system.call("GET", url), 403, "AccessDenied")


def test_a_link_leads_to_what_it_was_signed_for_only(system):
    post(system, form(system, "mine"))
    url = link(system, "mine")
    refused(system.call("GET", url.replace("mine", "yours")), 403, "SignatureDoesNotMatch")
    refused(system.call("DELETE", url), 403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_without_a_form_or_a_link_nobody_gets_at_the_bucket(system, method):
    post(system, form(system, "closed"))
    bare = link(system, "closed").partition("?")[0]
    for url in (bare, bare.rpartition("/incoming/")[0], bare.replace("incoming", "%69ncoming")):
        refused(system.call(method, url, b"x" if method == "PUT" else None), 403, "AccessDenied")
    assert system.call("GET", link(system, "closed")).body == PNG


@pytest.mark.parametrize(
    ("path", "status", "code"), [("/no-such-bucket", 404, "NoSuchBucket"), ("/a/b", 405, "MethodNotAllowed")]
)
def test_a_form_for_no_bucket_is_refused(system, path, status, code):
    refused(post(system, form(system, "lost") | {"url": system.aws + path}), status, code)


def test_a_body_that_is_no_form_is_refused(system):
    url, kind = form(system, "broken")["url"], "multipart/form-data; boundary=x"
    refused(system.call("POST", url, b"nonsense", Content_Type=kind), 400, "MalformedPOSTRequest")


def test_a_refused_upload_is_read_to_its_end_so_that_the_browser_hears_why(system):
    upload = form(system, "long")
    refused(post(system, upload, b"x" * 5_000_000), 400, "EntityTooLarge")


# ---- pages: the rules of the bucket, from the template ---------------------------------------------------------------


def told(headers):
    """What an answer says to pages."""
    return {name.lower(): value for name, value in headers.items() if name.lower().startswith("access-control-")}


def asked(system, url, **headers):
    """What a browser is told that asks first."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=PATIENCE)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("OPTIONS", f"{parts.path}?{parts.query}", headers=sent)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return Reply(answer.status, answer.headers, body)


def test_a_listed_page_hears_what_became_of_its_upload_also_if_it_is_refused(system):
    reply = post(system, form(system, "listed"), origin=system.api)
    assert (reply.status, reply.headers["Access-Control-Allow-Origin"]) == (204, system.api)
    assert "Origin" in reply.headers["Vary"]
    refusal = post(system, form(system, "listed"), b"", origin=system.api)
    refused(refusal, 400, "EntityTooSmall")
    assert refusal.headers["Access-Control-Allow-Origin"] == system.api


@pytest.mark.parametrize("origin", ["http://shop", "null", "https://127.0.0.1", ""])
def test_another_page_hears_nothing_of_what_was_uploaded(system, origin):
    reply = post(system, form(system, "unlisted"), origin=origin)
    assert (reply.status, told(reply.headers)) == (204, {}), "the form is good, whoever posts it"


@pytest.mark.parametrize("origin", ["null", "http://shop"])
def test_any_page_may_show_what_a_link_opens_also_after_a_redirect(system, origin):
    post(system, form(system, "shown"))
    reply = system.call("GET", link(system, "shown"), Origin=origin)
    assert (reply.body, reply.headers["Access-Control-Allow-Origin"]) == (PNG, "*")
    closed = system.call("GET", link(system, "shown").replace("shown", "other"), Origin=origin)
    assert (closed.status, closed.headers["Access-Control-Allow-Origin"]) == (403, "*")


def test_who_is_no_page_is_told_nothing_of_pages(system):
    post(system, form(system, "plain"))
    reply = system.call("GET", link(system, "plain"))
    assert (reply.status, told(reply.headers)) == (200, {})


def test_a_page_asks_first_and_is_told_what_it_may(system):
    url, methods = form(system, "asking")["url"], "Access_Control_Request_Method"
    yes = asked(
        system, url, Origin=system.api, Access_Control_Request_Headers="X-Own, content-type", **{methods: "POST"}
    )
    assert (yes.status, told(yes.headers)) == (
        200,
        {
            "access-control-allow-origin": system.api,
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "x-own, content-type",
            "access-control-max-age": "3600",
        },
    )
    redirected = asked(system, f"{url}/x?a=1", Origin="null", **{methods: "GET"})
    assert (redirected.status, redirected.headers["Access-Control-Allow-Origin"]) == (200, "*")
    for origin, method in (("http://shop", "POST"), (system.api, "DELETE"), (system.api, "PUT"), ("null", "POST")):
        no = asked(system, url, Origin=origin, **{methods: method})
        refused(no, 403, "AccessForbidden")
        assert told(no.headers) == {}
    refused(asked(system, url, **{methods: "POST"}), 400, "BadRequest")
    refused(asked(system, url, Origin=system.api), 400, "BadRequest")


def test_a_token_of_ours_opens_no_bucket_and_spoils_a_link(system):
    """As browsers bring it along that do not yet drop it when they are sent on to another host."""
    post(system, form(system, "token"))
    url = link(system, "token")
    both = refused(system.call("GET", url, Authorization="Bearer rt1.x"), 400, "InvalidArgument")
    assert "Only one auth mechanism allowed" in both
    alone = refused(system.call("GET", url.partition("?")[0], Authorization="Bearer rt1.x"), 400, "InvalidArgument")
    assert "Unsupported Authorization Type" in alone
    assert "rt1" not in both + alone


@pytest.mark.parametrize(
    ("pattern", "origin", "fits"),
    [
        ("https://*.shop.example", "https://www.shop.example", True),
        ("https://*.shop.example", "https://shop.example", False),
        ("https://*.shop.example", "http://www.shop.example", False),
        ("https://*.shop.example", "https://www.shop.example.evil.example", False),
        ("https://shop.example", "https://shop-example", False),
        ("*", "null", True),
    ],
)
def test_an_origin_may_have_a_star_in_it(pattern, origin, fits):
    assert bool(for_page([Rule(("GET",), (pattern,))], origin, "GET")) is fits
    assert for_page([Rule(("GET",), (pattern,))], origin, "POST") == []


def test_without_rules_no_page_may_anything():
    with pytest.raises(S3Error, match="not enabled"):
        preflight([], {"origin": "https://x", "access-control-request-method": "GET"})
    wanted = {"origin": "https://x", "access-control-request-method": "GET", "access-control-request-headers": "x-a"}
    with pytest.raises(S3Error, match="not allowed"):
        preflight([Rule(("GET",), ("*",))], wanted)
    assert ("Access-Control-Expose-Headers", "ETag") in for_page([Rule(("GET",), ("*",), (), ("ETag",))], "x", "GET")


def test_what_is_put_with_the_cli_is_told_of_too_and_the_rest_of_the_bucket_is_not(system):
    s3 = aws(system, "s3")
    (bucket,) = [one["Name"] for one in s3.list_buckets()["Buckets"] if "evidence" in one["Name"]]
    s3.put_object(Bucket=bucket, Key="incoming/by-cli/1", Body=b"abc", ContentType="text/plain")
    s3.put_object(Bucket=bucket, Key="evidence/by-cli/1", Body=b"abc")
    system.settle()
    assert [one.partition(" ")[0] for one in seen(system, "by-cli")] == ["ObjectCreated:Put"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
