"""The bucket of evidence. A browser uploads to `incoming/`; what was looked at goes to `evidence/` or to `quarantine/`.

Forms and links are signed here, without a call, and are good for minutes.
"""

import hashlib
import os
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from chalicelib.domain.complaint.submissions import LARGEST_FILE
from chalicelib.settings import settings

from .aws import client, session

INCOMING, KEPT, QUARANTINE = "incoming", "evidence", "quarantine"
A_PIECE = 1024 * 1024  # bytes


class Arrived(NamedTuple):
    """A file in `incoming/`: what is in it, its size in bytes, its SHA-256 in lower-case hexadecimal.

    `tag` and `version` name exactly what was read: a form can be used again while the file is looked at. What is larger
    than any form allows is not read: its `content` and its hash are None.
    """

    content: bytes | None
    size: int
    sha256: str | None
    tag: str
    version: str


def incoming(complaint_id: str, evidence_id: str) -> str:
    return f"{INCOMING}/{complaint_id}/{evidence_id}"


def kept(folder: str, complaint_id: str, evidence_id: str, sha256: str) -> str:
    """Where a file stays: its name holds what is in it, so that none takes the place of another."""
    return f"{folder}/{complaint_id}/{evidence_id}-{sha256}"


def parse(uploaded: str) -> tuple[str, str]:
    """The complaint and the evidence of a key in `incoming/`. Raises ValueError for any other key."""
    folder, complaint_id, evidence_id = uploaded.split("/")
    if folder != INCOMING:
        raise ValueError("not a key of an upload")
    return complaint_id, evidence_id


def upload_form(complaint_id: str, evidence_id: str, seconds: int) -> dict[str, Any]:
    """Where and with which fields a browser posts the file: `url`, `fields`. Key and largest size are signed.

    Neither its type nor its announced size: phones convert what they send, and what is there decides. An empty one is
    let through, since S3 would refuse it in words that nobody reads.
    """
    form = browsers_s3().generate_presigned_post(
        Bucket=settings().evidence_bucket,
        Key=incoming(complaint_id, evidence_id),
        Conditions=[["content-length-range", 0, LARGEST_FILE]],
        ExpiresIn=seconds,
    )
    return {"url": form["url"], "fields": form["fields"]}


def download_link(kept_key: str, file_name: str, content_type: str, seconds: int) -> str:
    """A link to a file, which a browser saves and never shows as a page."""
    asked = {
        "Bucket": settings().evidence_bucket,
        "Key": kept_key,
        "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
        "ResponseContentType": content_type,
    }
    return str(browsers_s3().generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds))


def origin() -> str:
    """Where the forms and the links lead, as browsers name it: what a page says that it uploads to and shows files of.

    Put together, not asked of a client: a page that nobody need wait for is answered before there is one.
    """
    house = settings()
    if house.evidence_endpoint:
        return "/".join(house.evidence_endpoint.split("/")[:3])
    region = os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{house.evidence_bucket}.s3.{region}.{suffix}"


def look_at(complaint_id: str, evidence_id: str) -> Arrived | None:
    """Reads a file that has arrived; None if it is there no more."""
    s3 = client("s3")
    try:
        answer = s3.get_object(Bucket=settings().evidence_bucket, Key=incoming(complaint_id, evidence_id))
    except s3.exceptions.NoSuchKey:
        return None
    size, which = answer["ContentLength"], (answer["ETag"], answer.get("VersionId", "null"))
    if size > LARGEST_FILE:
        answer["Body"].close()
        return Arrived(None, size, None, *which)
    content = answer["Body"].read()
    return Arrived(content, size, hashlib.sha256(content).hexdigest(), *which)


def hash_of(kept_key: str) -> str | None:
    """The SHA-256 in hexadecimal of what lies there, read piece by piece; None if nothing does. One round trip."""
    s3 = client("s3")
    try:
        body = s3.get_object(Bucket=settings().evidence_bucket, Key=kept_key)["Body"]
    except s3.exceptions.NoSuchKey:
        return None
    read = hashlib.sha256()
    for piece in body.iter_chunks(A_PIECE):
        read.update(piece)
    return read.hexdigest()


def keep(folder: str, complaint_id: str, evidence_id: str, arrived: Arrived) -> None:
    """Copies what was looked at to where it stays. Raises ClientError if something else lies in its place by now."""
    bucket = settings().evidence_bucket
    client("s3").copy_object(
        Bucket=bucket,
        Key=kept(folder, complaint_id, evidence_id, str(arrived.sha256)),
        CopySource={"Bucket": bucket, "Key": incoming(complaint_id, evidence_id)},
        CopySourceIfMatch=arrived.tag,
    )


def clear(complaint_id: str, evidence_id: str, arrived: Arrived) -> None:
    """What has arrived has been dealt with: that version of it is gone, and no older one is left of it."""
    key = incoming(complaint_id, evidence_id)
    client("s3").delete_object(Bucket=settings().evidence_bucket, Key=key, VersionId=arrived.version)


def erase(complaint_id: str) -> None:
    """All files of a complaint, wherever they are, with all their versions. Again: nothing. Raises ClientError."""
    s3, bucket = client("s3"), settings().evidence_bucket
    for folder in (INCOMING, KEPT, QUARANTINE):
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=f"{folder}/{complaint_id}/")
        for page in pages:
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            for one in found:
                s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])


def put(kept_key: str, content: bytes, content_type: str) -> None:
    """Keeps what the house itself has found."""
    client("s3").put_object(Bucket=settings().evidence_bucket, Key=kept_key, Body=content, ContentType=content_type)


@cache
def browsers_s3() -> Any:
    """Signs for the address at which browsers reach S3, and calls nothing."""
    from botocore.config import Config

    endpoint = settings().evidence_endpoint or None
    style: Any = {"addressing_style": "path" if endpoint else "virtual", "us_east_1_regional_endpoint": "regional"}
    config = Config(signature_version="s3v4", s3=style)
    return session().create_client("s3", endpoint_url=endpoint, config=config)


def forget() -> None:
    """Drop what is kept, as a new container would."""
    browsers_s3.cache_clear()
