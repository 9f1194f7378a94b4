"""Whether the first bytes of a file are those of the type it claims to be: the few types that evidence may have.

The signatures are those of the formats' own specifications. Text has none: it is UTF-8, or GB 18030 as Windows writes
it in China, without control characters.
"""

from collections.abc import Callable, Mapping

LOOKED_AT = 4096
"""How many bytes from the beginning tell the type."""
LONGEST_CHARACTER = 4  # bytes
TEXT_CONTROLS = {*range(32)} - {*b"\t\n\r\f"}


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    """ISO base media files (MP4, QuickTime, HEIC) name their brands in a first box called `ftyp`."""

    def is_one(head: bytes) -> bool:
        if head[4:8] != b"ftyp":
            return False
        named = head[8 : min(int.from_bytes(head[:4]), LOOKED_AT)]
        found = [named[:4], *(named[at : at + 4] for at in range(8, len(named), 4))]
        return any(brand in brands for brand in found)

    return is_one


def _is_text(head: bytes) -> bool:
    texts = [text for code in ("utf-8-sig", "gb18030") if (text := _decoded(head, code)) is not None]
    return bool(texts) and not any(ord(mark) in TEXT_CONTROLS for mark in texts[0])


def _decoded(head: bytes, code: str) -> str | None:
    try:
        return head.decode(code)
    except UnicodeDecodeError as fault:
        cut = len(head) == LOOKED_AT and len(head) - fault.start < LONGEST_CHARACTER  # merely in the middle of one
        return head[: fault.start].decode(code) if cut else None


LOOKS_LIKE: Mapping[str, Callable[[bytes], bool]] = {
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/gif": _begins(b"GIF87a", b"GIF89a"),
    "image/webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "image/heic": _brand(b"heic", b"heix", b"hevc", b"mif1", b"heim", b"heis"),
    "application/pdf": _begins(b"%PDF-"),
    "video/mp4": _brand(b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V "),
    "video/quicktime": lambda head: head[4:8] in (b"moov", b"mdat", b"wide", b"free") or _brand(b"qt  ")(head),
    "text/plain": _is_text,
}


def looks_like(content_type: str, head: bytes) -> bool:
    """Whether `head`, the first `LOOKED_AT` bytes of a file, may begin one of `content_type`."""
    return content_type in LOOKS_LIKE and LOOKS_LIKE[content_type](head)
