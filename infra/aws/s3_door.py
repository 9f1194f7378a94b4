"""The door of S3 at the AWS port: what browsers bring is checked here as S3 would, before moto takes it as it is.

A browser has no credentials. It posts the form, or follows the link, that was signed for it.
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

from infra.aws.s3_form import Form, read_form
from infra.aws.s3_policy import check_form
from infra.aws.s3_signing import Credentials, Link, S3Error, check_link, is_signed

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class S3Door:
    """A WSGI application in front of moto's server. `now`: the clock by which forms and links expire."""

    def __init__(self, inner: Wsgi, credentials: Credentials, now: Callable[[], datetime]) -> None:
        self._inner, self._credentials, self._now = inner, credentials, now

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            if _is_form(environ):
                return self._upload(environ)(environ, start_response)
            if "HTTP_AUTHORIZATION" not in environ and environ["REQUEST_METHOD"] != "OPTIONS":
                self._check_stranger(environ)
        except S3Error as refusal:
            return _refusal(refusal, environ)(environ, start_response)
        return self._inner(environ, start_response)

    def _check_stranger(self, environ: dict[str, Any]) -> None:
        """Whoever has no credentials follows a link, or has no business with a bucket. Raises S3Error."""
        if is_signed(environ.get("QUERY_STRING", "")):
            check_link(_link(environ), self._credentials, self._now())
        elif _first_step(_path(environ)) in s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets:
            raise S3Error(403, "AccessDenied", "Access Denied")

    def _upload(self, environ: dict[str, Any]) -> Response:
        form = read_form(environ["CONTENT_TYPE"], get_input_stream(environ))
        bucket = _bucket(_path(environ))
        check_form(form.fields | {"bucket": bucket.name}, form.size, self._credentials, self._now())
        headers = _keep(bucket, form)
        headers["Location"] = f"http://{environ['HTTP_HOST']}/{bucket.name}/{quote(form.fields['key'])}"
        return _response(environ, 204, b"", headers)


def _keep(bucket: FakeBucket, form: Form) -> dict[str, str]:
    """Store the file, then tell of it: whoever is told finds it complete. The headers of the answer."""
    s3 = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    kept = s3.put_object(
        bucket.name, form.fields["key"], form.content, request_method="POST", disable_notification=True
    )
    kept.set_metadata(metadata_from_headers(form.fields))
    kept.set_acl(bucket.acl)
    send_event(DEFAULT_ACCOUNT_ID, S3NotificationEvent.OBJECT_CREATED_POST_EVENT, bucket, kept)
    return {"ETag": str(kept.etag), "x-amz-version-id": str(kept.version_id)}


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
    bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(name)
    if bucket is None:
        raise S3Error(404, "NoSuchBucket", "The specified bucket does not exist", BucketName=name)
    return bucket


def _link(environ: Mapping[str, Any]) -> Link:
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers |= {"content-type": environ.get("CONTENT_TYPE", "")}
    return Link(environ["REQUEST_METHOD"], _path(environ), environ["QUERY_STRING"], headers)


def _refusal(refusal: S3Error, environ: Mapping[str, Any]) -> Response:
    told = {"Code": refusal.code, "Message": refusal.message, **refusal.more, "RequestId": uuid4().hex[:16].upper()}
    elements = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{elements}</Error>'.encode()
    return _response(environ, refusal.status, body, {})


def _response(environ: Mapping[str, Any], status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    """Any page may read it, as with moto's own answers."""
    allowed = {"Access-Control-Allow-Origin": environ["HTTP_ORIGIN"]} if "HTTP_ORIGIN" in environ else {}
    return Response(body, status, {**headers, **allowed}, content_type="application/xml")
