"""Upload forms and download links, signed by boto3 and checked as S3 checks them: what was not signed is refused."""

import base64
import hmac
import io
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config

from infra.aws import signing_time
from infra.aws.s3_form import KEPT, MOST_BEFORE_FILE, read_form
from infra.aws.s3_policy import check_form
from infra.aws.s3_signing import Credentials, Link, S3Error, check_link, is_signed

NOW = datetime(2026, 2, 10, 2, 0, tzinfo=UTC)
OURS = Credentials("AKIALOCAL", "shh")
KEY = "incoming/K7Q2M/1"
BUCKET = "redress-evidence"
CONDITIONS = [{"Content-Type": "image/png"}, ["content-length-range", 1, 100], ["starts-with", "$x-amz-meta-note", "p"]]


@pytest.fixture(autouse=True)
def signed_in_february():
    undo = signing_time.install(lambda: NOW)
    yield
    undo()


def s3(credentials=OURS, version="s3v4"):
    return boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:5000",
        region_name="us-east-1",
        aws_access_key_id=credentials.key_id,
        aws_secret_access_key=credentials.secret,
        config=Config(signature_version=version, s3={"addressing_style": "path"}),
    )


def form(credentials=OURS, version="s3v4", **changes):
    """The fields of a signed form as a browser sends them; `None` takes one away."""
    signed = s3(credentials, version).generate_presigned_post(
        BUCKET, KEY, {"Content-Type": "image/png", "x-amz-meta-note": "photo"}, list(CONDITIONS), 600
    )
    fields = {name.lower(): value for name, value in signed["fields"].items()} | {"bucket": BUCKET}
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in (fields | changed).items() if value is not None}


def refused(check, *args):
    with pytest.raises(S3Error) as refusal:
        check(*args)
    return refusal.value


# ---- forms -----------------------------------------------------------------------------------------------------------


def test_a_form_as_it_was_signed_is_taken_until_it_expires():
    check_form(form(), 100, OURS, NOW + timedelta(seconds=599))
    expired = refused(check_form, form(), 100, OURS, NOW + timedelta(seconds=600))
    assert (expired.status, expired.code) == (403, "AccessDenied")
    assert expired.message == "Invalid according to Policy: Policy expired."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "incoming/K7Q2M/2"}, 'Policy Condition failed: {"key": "incoming/K7Q2M/1"}'),
        ({"bucket": "another"}, 'Policy Condition failed: {"bucket": "redress-evidence"}'),
        ({"content_type": "text/html"}, 'Policy Condition failed: {"Content-Type": "image/png"}'),
        ({"content_type": None}, 'Policy Condition failed: {"Content-Type": "image/png"}'),
        ({"x_amz_meta_note": "a photo"}, 'Policy Condition failed: ["starts-with", "$x-amz-meta-note", "p"]'),
        ({"acl": "public-read"}, "Extra input fields: acl"),
        ({"x_amz_date": "20260210T020001Z"}, 'Policy Condition failed: {"x-amz-date": "20260210T020000Z"}'),
    ],
)
def test_a_field_that_is_not_as_the_policy_says_is_refused(changes, said):
    refusal = refused(check_form, form(**changes), 50, OURS, NOW)
    assert (refusal.status, refusal.code) == (403, "AccessDenied")
    assert refusal.message == f"Invalid according to Policy: {said}"


def test_a_field_to_be_ignored_needs_no_condition():
    check_form(form(x_ignore_submit="Upload"), 50, OURS, NOW)


@pytest.mark.parametrize(("size", "code"), [(101, "EntityTooLarge"), (0, "EntityTooSmall")])
def test_a_file_of_another_size_than_allowed_is_refused(size, code):
    refusal = refused(check_form, form(), size, OURS, NOW)
    assert (refusal.status, refusal.code, refusal.more["ProposedSize"]) == (400, code, str(size))


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"key": None}, 400, "InvalidArgument"),
        ({"policy": None}, 403, "AccessDenied"),
        ({"x_amz_signature": None}, 400, "InvalidArgument"),
        ({"x_amz_signature": "0" * 64}, 403, "SignatureDoesNotMatch"),
        ({"x_amz_signature": "é"}, 403, "SignatureDoesNotMatch"),
        ({"policy": base64.b64encode(b'{"conditions": []}').decode()}, 403, "SignatureDoesNotMatch"),
        ({"credentials": Credentials("AKIALOCAL", "guessed")}, 403, "SignatureDoesNotMatch"),
        ({"credentials": Credentials("AKIAOTHER", "shh")}, 403, "InvalidAccessKeyId"),
        ({"x_amz_algorithm": None}, 400, "InvalidArgument"),
        (
            {"x_amz_credential": "AKIALOCAL/20260210/us-east-1/sqs/aws4_request"},
            400,
            "AuthorizationQueryParametersError",
        ),
        ({"version": "s3"}, 400, "InvalidRequest"),
    ],
)
def test_a_form_that_was_not_signed_by_the_house_is_refused(fields, status, code):
    refusal = refused(check_form, form(**fields), 50, OURS, NOW)
    assert (refusal.status, refusal.code) == (status, code)


def own_policy(document):
    """A form with any policy, signed as it should be."""
    policy = base64.b64encode(document if isinstance(document, bytes) else json.dumps(document).encode()).decode()
    key = b"AWS4shh"
    for part in ("20260210", "us-east-1", "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return {
        "bucket": BUCKET,
        "key": KEY,
        "policy": policy,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": "AKIALOCAL/20260210/us-east-1/s3/aws4_request",
        "x-amz-date": "20260210T020000Z",
        "x-amz-signature": hmac.digest(key, policy.encode(), "sha256").hex(),
    }


@pytest.mark.parametrize(
    "document",
    [
        b"{",
        [],
        {"expiration": "2026-02-10T03:00:00Z"},
        {"conditions": []},
        {"expiration": "tomorrow", "conditions": []},
        {"expiration": "2026-02-10T03:00:00Z", "conditions": [["like", "$key", "x"]]},
        {"expiration": "2026-02-10T03:00:00Z", "conditions": [["eq", "key", "x"]]},
        {"expiration": "2026-02-10T03:00:00Z", "conditions": ["key"]},
        {"expiration": "2026-02-10T03:00:00Z", "conditions": [["content-length-range", "a", "b"]]},
    ],
)
def test_a_policy_that_is_none_is_refused_even_if_it_is_signed(document):
    refusal = refused(check_form, own_policy(document), 50, OURS, NOW)
    assert (refusal.status, refusal.code) == (400, "InvalidPolicyDocument")


def test_a_policy_that_leaves_the_bucket_open_does_not_cover_it():
    document = {"expiration": "2026-02-10T03:00:00Z", "conditions": [["eq", "$key", KEY]]}
    refusal = refused(check_form, own_policy(document), 50, OURS, NOW)
    assert "Extra input fields: bucket" in refusal.message


# ---- their bodies ----------------------------------------------------------------------------------------------------


def body(*parts):
    """Multipart: (name, content) for fields, (name, content, file name) for files."""
    lines = b""
    for name, content, *file_name in parts:
        named = f'; filename="{file_name[0]}"' if file_name else ""
        lines += f'--cut\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"
    return "multipart/form-data; boundary=cut", io.BytesIO(lines + b"--cut--\r\n")


def test_fields_and_file_are_read_and_what_follows_the_file_is_passed_over():
    read = read_form(*body(("Key", "收".encode()), ("file", b"\x00\r\nx", "a.png"), ("acl", b"public-read")))
    assert read == ({"key": "收"}, b"\x00\r\nx", 4)


def test_the_name_of_the_file_may_be_part_of_the_key():
    assert (
        read_form(*body(("key", b"in/${filename}"), ("file", b"x", "C:\\\\photos\\\\a.png"))).fields["key"]
        == "in/a.png"
    )


def test_of_a_huge_file_the_size_is_known():
    read = read_form(*body(("key", b"k"), ("file", b"x" * (KEPT + 5), "a.png")))
    assert (read.size, len(read.content) <= KEPT) == (KEPT + 5, True)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("multipart/form-data", io.BytesIO(b"x")), "MalformedPOSTRequest"),
        (("multipart/form-data; boundary=cut", io.BytesIO(b"")), "MalformedPOSTRequest"),
        (("multipart/form-data; boundary=cut", io.BytesIO(b"--cut\r\nnonsense")), "MalformedPOSTRequest"),
        (body(("key", b"\xff"), ("file", b"x", "a.png")), "MalformedPOSTRequest"),
        (body(("key", b"k")), "InvalidArgument"),
        (body(("key", b"k" * (MOST_BEFORE_FILE + 1)), ("file", b"x", "a.png")), "MaxPostPreDataLengthExceeded"),
    ],
)
def test_a_body_that_is_no_such_form_is_refused(given, code):
    assert refused(read_form, *given).code == code


# ---- links -----------------------------------------------------------------------------------------------------------


def link(changed=lambda url: url, method="GET", credentials=OURS, host="127.0.0.1:5000", version="s3v4", **asked):
    url = s3(credentials, version).generate_presigned_url(
        "get_object", {"Bucket": BUCKET, "Key": "evidence/K7Q2M/照 片.png", **asked}, ExpiresIn=300
    )
    parts = urlsplit(changed(url))
    return Link(method, parts.path, parts.query, {"host": host})


def test_a_link_lives_as_long_as_it_says():
    asked = {"ResponseContentDisposition": "attachment; filename*=UTF-8''%E7%85%A7+1.png", "VersionId": "v1 ~/é"}
    check_link(link(**asked), OURS, NOW + timedelta(seconds=299))
    expired = refused(check_link, link(), OURS, NOW + timedelta(seconds=300))
    assert (expired.status, expired.code, expired.message) == (403, "AccessDenied", "Request has expired")
    assert expired.more["Expires"] == "2026-02-10T02:05:00Z"


def test_a_link_signed_in_the_future_is_not_good_yet():
    assert refused(check_link, link(), OURS, NOW - timedelta(hours=1)).message == "Request is not yet valid"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"changed": lambda url: url.replace("K7Q2M", "K7Q2N")}, 403, "SignatureDoesNotMatch"),
        ({"changed": lambda url: url.replace("Expires=300", "Expires=3000")}, 403, "SignatureDoesNotMatch"),
        ({"changed": lambda url: url + "&response-content-type=text%2Fhtml"}, 403, "SignatureDoesNotMatch"),
        ({"method": "DELETE"}, 403, "SignatureDoesNotMatch"),
        ({"host": "elsewhere:5000"}, 403, "SignatureDoesNotMatch"),
        ({"credentials": Credentials("AKIALOCAL", "guessed")}, 403, "SignatureDoesNotMatch"),
        ({"credentials": Credentials("AKIAOTHER", "shh")}, 403, "InvalidAccessKeyId"),
        ({"changed": lambda url: url.replace("X-Amz-Date", "X-Amz-Day")}, 400, "AuthorizationQueryParametersError"),
        ({"changed": lambda url: url.replace("=20260210T", "=20269910T")}, 400, "AuthorizationQueryParametersError"),
        (
            {"changed": lambda url: url.replace("Expires=300", "Expires=604801")},
            400,
            "AuthorizationQueryParametersError",
        ),
        ({"changed": lambda url: url.replace("Expires=300", "Expires=-1")}, 400, "AuthorizationQueryParametersError"),
        ({"version": "s3"}, 400, "InvalidRequest"),
    ],
)
def test_a_link_that_was_not_signed_by_the_house_as_it_is_is_refused(given, status, code):
    asked = link(**given)
    assert is_signed(asked.query)
    refusal = refused(check_link, asked, OURS, NOW)
    assert (refusal.status, refusal.code) == (status, code)
