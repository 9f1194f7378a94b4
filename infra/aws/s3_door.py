"""The door of S3 at the AWS port: what browsers bring is checked here as S3 would, before moto takes it as it is.

A browser has no credentials. It posts the form, or follows the link, that was signed for it; and which pages get to see
what becomes of that, the rules of the bucket say.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4
from xml.sax.saxutils import escape

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeBucket, s3_backends
from moto.s3.notifications import S3NotificationEvent, send_event
from moto.s3.utils import metadata_from_headers
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_input_stream

from infra.aws.s3_cors import OWN, Rule, for_page, preflight
from infra.aws.s3_form import Form, read_form
from infra.aws.s3_policy import check_form
from infra.aws.s3_signing import Credentials, Link, S3Error, check_link, is_signed

ONE_ONLY = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class S3Door:
    """A WSGI application in front of moto's server. `now`: the clock by which forms and links expire."""

    def __init__(self, inner: Wsgi, credentials: Credentials, now: Callable[[], datetime]) -> None:
        self._inner, self._credentials, self._now = inner, credentials, now

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        bucket = _buckets().get(_first_step(_path(environ)))
        tell = _told_as_the_rules_say(start_response, environ, bucket) if bucket else start_response
        try:
            if bucket and environ["REQUEST_METHOD"] == "OPTIONS":
                return _response(200, b"", dict(preflight(_rules(bucket), _headers(environ))))(environ, start_response)
            if _is_form(environ):
                return self._upload(environ)(environ, tell)
            self._check(environ, bucket)
        except S3Error as refusal:
            return _refusal(refusal)(environ, tell)
        return self._inner(environ, tell)

    def _check(self, environ: dict[str, Any], bucket: FakeBucket | None) -> None:
        """Whoever has no credentials follows a link, or has no business with a bucket. Raises S3Error."""
        signed, brought = is_signed(environ.get("QUERY_STRING", "")), environ.get("HTTP_AUTHORIZATION")
        if brought is None and signed:
            check_link(_link(environ), self._credentials, self._now())
        elif bucket and brought is None:
            raise S3Error(403, "AccessDenied", "Access Denied")
        elif bucket and signed:
            raise S3Error(400, "InvalidArgument", ONE_ONLY, ArgumentName="Authorization")
        elif bucket and not str(brought).startswith(("AWS4-HMAC-SHA256 ", "AWS ")):
            raise S3Error(400, "InvalidArgument", "Unsupported Authorization Type", ArgumentName="Authorization")

    def _upload(self, environ: dict[str, Any]) -> Response:
        form = read_form(environ["CONTENT_TYPE"], get_input_stream(environ))
        bucket = _bucket(_path(environ))
        check_form(form.fields | {"bucket": bucket.name}, form.size, self._credentials, self._now())
        headers = _keep(bucket, form)
        headers["Location"] = f"http://{environ['HTTP_HOST']}/{bucket.name}/{quote(form.fields['key'])}"
        return _response(204, b"", headers)


def _keep(bucket: FakeBucket, form: Form) -> dict[str, str]:
    """Store the file, then tell of it: whoever is told finds it complete. The headers of the answer."""
    kept = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(
        bucket.name, form.fields["key"], form.content, request_method="POST", disable_notification=True
    )
    kept.set_metadata(metadata_from_headers(form.fields))
    kept.set_acl(bucket.acl)
    send_event(DEFAULT_ACCOUNT_ID, S3NotificationEvent.OBJECT_CREATED_POST_EVENT, bucket, kept)
    return {"ETag": str(kept.etag), "x-amz-version-id": str(kept.version_id)}


def _buckets() -> Mapping[str, FakeBucket]:
    buckets: Mapping[str, FakeBucket] = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets
    return buckets


def _rules(bucket: FakeBucket) -> list[Rule]:
    return [
        Rule(*(tuple(some or ()) for some in lists), seconds=one.max_age_seconds)
        for one in bucket.cors
        for lists in [(one.allowed_methods, one.allowed_origins, one.allowed_headers, one.exposed_headers)]
    ]


def _told_as_the_rules_say(start_response: Any, environ: Mapping[str, Any], bucket: FakeBucket) -> Any:
    """What begins an answer about a bucket: to pages it says what the bucket's rules say, whatever moto says."""
    told = for_page(_rules(bucket), environ.get("HTTP_ORIGIN"), environ["REQUEST_METHOD"])

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [one for one in headers if not one[0].lower().startswith(OWN)] + told, *more)

    return start


def _is_form(environ: Mapping[str, Any]) -> bool:
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    return environ["REQUEST_METHOD"] == "POST" and kind == "multipart/form-data" and "HTTP_AUTHORIZATION" not in environ


def _path(environ: Mapping[str, Any]) -> str:
    """The path as it came, percent signs and all."""
    return str(environ["RAW_URI"]).partition("?")[0]


def _first_step(path: str) -> str:
    return unquote(path).strip("/").partition("/")[0]


def _bucket(path: str) -> FakeBucket:
    """The bucket that a form was posted to: the path is its name."""
    name = _first_step(path)
    if unquote(path).strip("/") != name:
        raise S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    bucket = _buckets().get(name)
    if bucket is None:
        raise S3Error(404, "NoSuchBucket", "The specified bucket does not exist", BucketName=name)
    return bucket


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    return headers | {"content-type": environ.get("CONTENT_TYPE", "")}


def _link(environ: Mapping[str, Any]) -> Link:
    return Link(environ["REQUEST_METHOD"], _path(environ), environ["QUERY_STRING"], _headers(environ))


def _refusal(refusal: S3Error) -> Response:
    told = {"Code": refusal.code, "Message": refusal.message, **refusal.more, "RequestId": uuid4().hex[:16].upper()}
    elements = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{elements}</Error>'.encode()
    return _response(refusal.status, body, {})


def _response(status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    return Response(body, status, headers, content_type="application/xml")
