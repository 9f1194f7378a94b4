"""The bucket of figures: the sum of each day that was closed, reports, and what else is counted (6.1). All is gzipped.

`days/<day>.json.gz`, `reports/<report_id>/<hash>/<part>.gz`, `audits/<audit_id>/<part>.gz`,
`lines/day=<day>/lines.jsonl.gz`. What must not change is under a name that holds its hash: whoever computes the same
again, or something else meanwhile, takes nothing's place.
"""

import gzip
from datetime import date, timedelta
from typing import NamedTuple

from botocore.exceptions import ClientError

from chalicelib.domain.ground.errors import Stale
from chalicelib.settings import settings

from .aws import client
from .evidence import browsers_s3

DAYS = "days/"
A_PAGE = 1_000  # keys, as many as S3 lists at once


class Found(NamedTuple):
    """What lies under a key, unpacked; `tag`: exactly which version of it."""

    content: bytes
    tag: str


def key_of_day(day: date) -> str:
    return f"{DAYS}{day}.json.gz"


def key_of_lines(day: date) -> str:
    """Where engines of SQL look for the lines of a day: what is before the `=` is the name of a column."""
    return f"lines/day={day}/lines.jsonl.gz"


def key_of_report(report_id: str, document_hash: str, part: str) -> str:
    """`part`: "document.json", "rows.csv", "cases/M03", "cases/M12.promises"."""
    return f"reports/{report_id}/{document_hash}/{part}.gz"


def key_of_audit(audit_id: str, part: str) -> str:
    """`part` holds the hash of what lies there: "population-<hash>.txt", "sample-<hash>.json"."""
    return f"audits/{audit_id}/{part}.gz"


def get(key: str) -> Found | None:
    """What lies there, or None."""
    s3 = client("s3")
    try:
        answer = s3.get_object(Bucket=settings().figures_bucket, Key=key)
    except s3.exceptions.NoSuchKey:
        return None
    return Found(gzip.decompress(answer["Body"].read()), answer["ETag"])


def closed_days(first: date, last: date) -> set[date]:
    """The days from one to another of which there is a sum: one round trip for each thousand."""
    return {day for day in _days(key_of_day(first - timedelta(days=1)), (last - first).days + 1) if day <= last}


def first_closed_day() -> date | None:
    """The house's first day, so far as any was closed: one round trip."""
    return next(iter(_days(DAYS, 1)), None)


def _days(after: str, most: int) -> list[date]:
    """So many days of which there is a sum, in order: those whose keys come after one."""
    if most < 1:
        return []
    pages = client("s3").get_paginator("list_objects_v2")
    asked = pages.paginate(
        Bucket=settings().figures_bucket,
        Prefix=DAYS,
        StartAfter=after,
        PaginationConfig={"MaxItems": most, "PageSize": min(most, A_PAGE)},
    )
    keys = (one["Key"] for page in asked for one in page.get("Contents", ()))
    return [date.fromisoformat(key.removeprefix(DAYS).partition(".")[0]) for key in keys]


def put(key: str, content: bytes, content_type: str = "application/json") -> None:
    """Lays it there, the same bytes for the same content."""
    _put(key, content, content_type)


def replace(key: str, content: bytes, instead_of: Found | None) -> None:
    """The same, in place of exactly what was found there. Raises Stale if that is there no more."""
    condition = {"IfMatch": instead_of.tag} if instead_of else {"IfNoneMatch": "*"}
    try:
        _put(key, content, "application/json", **condition)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"):
            raise
        raise Stale("changed_meanwhile") from None


def link(key: str, file_name: str, content_type: str, seconds: int) -> str:
    """A link to a file, which a browser saves, unpacked."""
    asked = {
        "Bucket": settings().figures_bucket,
        "Key": key,
        "ResponseContentDisposition": f"attachment; filename={file_name}",
        "ResponseContentType": content_type,
        "ResponseContentEncoding": "gzip",
    }
    return str(browsers_s3().generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds))


def _put(key: str, content: bytes, content_type: str, **condition: str) -> None:
    client("s3").put_object(
        Bucket=settings().figures_bucket, Key=key, Body=_packed(content), ContentType=content_type, **condition
    )


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)
