"""A form that a browser posts to a bucket: fields first, then the file; what follows the file is passed over.

By the decoder of werkzeug, not by its form parser: that one forgets which fields came after the file, and stores all of
a file that is too large.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from infra.aws.s3_signing import S3Error

FILE = "file"
CHUNK = 1024 * 1024
MOST_BEFORE_FILE = 20_480
"""So many bytes may the fields have."""
KEPT = 64 * 1024 * 1024
"""Of what is longer, only the size is known: no form here allows as much."""


class Form(NamedTuple):
    """`fields` by lower-case name; `size` of the whole file in bytes."""

    fields: dict[str, str]
    content: bytes
    size: int


def read_form(content_type: str, stream: Any) -> Form:
    """Reads all there is, since whoever sends it listens only afterwards. Raises S3Error for what is no such form."""
    try:
        return _form(_events(content_type, stream))
    except (ValueError, RequestEntityTooLarge):
        detail = "The body of your POST request is not well-formed multipart/form-data."
        raise S3Error(400, "MalformedPOSTRequest", detail) from None
    finally:
        while stream.read(CHUNK):
            pass


def _events(content_type: str, stream: Any) -> Iterator[Event]:
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=1000)
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, NeedData):
            decoder.receive_data(stream.read(CHUNK) or None)
        else:
            yield event


def _form(events: Iterator[Event]) -> Form:
    fields, content, size = dict[str, bytearray](), bytearray(), 0
    current = file_name = None
    for event in events:
        match event:
            case Field() | File():
                current = None if file_name is not None else event.name.lower()
                if current == FILE:
                    file_name = event.filename if isinstance(event, File) else ""
                elif current is not None:
                    fields[current] = bytearray()
            case Data() if current == FILE:
                size += len(event.data)
                content += event.data if size <= KEPT else b""
            case Data() if current is not None:
                fields[current] += event.data
    if file_name is None:
        raise S3Error(400, "InvalidArgument", "POST requires exactly one file upload per request.", ArgumentName=FILE)
    if sum(map(len, fields.values())) > MOST_BEFORE_FILE:
        detail = "Your POST request fields preceding the upload file were too large."
        raise S3Error(400, "MaxPostPreDataLengthExceeded", detail, MaxPostPreDataLengthBytes=str(MOST_BEFORE_FILE))
    own = re.split(r"[/\\]", file_name)[-1]
    texts = {name: value.decode("utf-8").replace("${filename}", own) for name, value in fields.items()}
    return Form(texts, bytes(content), size)
