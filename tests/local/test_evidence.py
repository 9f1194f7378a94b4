"""A browser's way to the bucket and back: by the form and the link that the house has signed, and by no other."""

import uuid
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.running import PATIENCE

from .test_desk import aws
from .test_mail import seen

PNG = b"\x89PNG\r\n\x1a\n and so on"


def form(system, name):
    return system.call("POST", "/v1/uploads", {"key": f"incoming/{name}/1 照.png"}).json()


def post(system, upload, content=PNG, **changes):
    """Send a form as a browser does: its fields, then the file."""
    cut = uuid.uuid4().hex
    fields = upload["fields"] | {name.replace("_", "-"): value for name, value in changes.items()}
    parts = [
        f'--{cut}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()
    ]
    head = "\r\n".join([*parts, f'--{cut}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'])
    body = head.encode() + content + f"\r\n--{cut}--\r\n".encode()
    return system.call(
        "POST", upload["url"], body, Content_Type=f"multipart/form-data; boundary={cut}", Origin="http://shop"
    )


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
    assert reply.headers["Access-Control-Allow-Origin"] == "http://shop"
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


def test_a_page_may_ask_before_it_uploads(system):
    parts = urlsplit(form(system, "asking")["url"])
    connection = HTTPConnection(parts.netloc, timeout=PATIENCE)
    connection.request(
        "OPTIONS", parts.path, headers={"Origin": "http://shop", "Access-Control-Request-Method": "POST"}
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", "http://shop")


def test_what_is_put_with_the_cli_is_told_of_too_and_the_rest_of_the_bucket_is_not(system):
    s3 = aws(system, "s3")
    (bucket,) = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    s3.put_object(Bucket=bucket, Key="incoming/by-cli/1", Body=b"abc", ContentType="text/plain")
    s3.put_object(Bucket=bucket, Key="evidence/by-cli/1", Body=b"abc")
    system.settle()
    assert [one.partition(" ")[0] for one in seen(system, "by-cli")] == ["ObjectCreated:Put"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
