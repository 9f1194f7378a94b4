"""What a file is, by what is in it: one of the few types that evidence may have, or why it is refused.

The signatures are those of the formats' own specifications. Nothing here trusts what it reads: whatever the bytes are,
an answer comes, and in time that grows with their number alone.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

CHUNK = 64 * 1024  # bytes
MOST_PARTS = 10_000  # of a film, of an archive: more has none that a phone or an office made

Refusal = Literal["not_a_type_we_take", "program", "archive", "macros", "locked", "empty", "too_large", "too_many"]
"""Why a file was not taken, as those say it who send it: `vocabulary/spoken.py` has the words."""

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif", "hif"),
    "application/pdf": ("pdf",),
    "video/mp4": ("mp4", "m4v", "3gp", "3g2"),
    "video/quicktime": ("mov", "qt"),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a", "mp4", "3gp"),
    "audio/amr": ("amr",),
    "audio/wav": ("wav",),
    "text/plain": ("txt", "log"),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
}
"""The types that are taken, each with the endings that its files may have, the usual one first."""
RUN = frozenset(
    {
        *("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"),
        *("text/javascript", "application/javascript", "application/x-javascript", "application/hta"),
        *("application/x-msdownload", "application/x-msdos-program", "application/x-dosexec", "application/x-bat"),
        *("application/vnd.microsoft.portable-executable", "application/x-sh", "application/x-mswinurl"),
        *("application/java-archive", "application/vnd.android.package-archive"),
    }
)
"""What browsers call what is shown or run: whoever means to send that is told so before it is sent."""


def type_of(content: bytes) -> str | None:
    """Which of the types that are taken a file is; None if none of them. Text is what is none of the others."""
    signed = (content_type for content_type, begins in _SIGNED.items() if begins(content))
    found = next(signed, None) or _boxed(content) or _office(content)
    return found or ("audio/mpeg" if _is_mp3(content) else "text/plain" if _is_text(content) else None)


def why_not(content: bytes) -> Refusal:
    """Why a file that is none of them is refused."""
    if not content:
        return "empty"
    names = _names_in_zip(content)
    if names is not None:
        return _why_not_zip(content, names)
    if content.startswith(_ENCRYPTED_OR_OLD) and _ENCRYPTED in content:
        return "locked"
    if content.startswith(_PROGRAMS):
        return "program"
    return "archive" if content.startswith(_ARCHIVES) else "not_a_type_we_take"


_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0")
"""Windows, Linux, Java, macOS; the last is a link of Windows."""
_ARCHIVES = (b"PK", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_ENCRYPTED_OR_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


_SIGNED: Mapping[str, Callable[[bytes], bool]] = {
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/gif": _begins(b"GIF87a", b"GIF89a"),
    "image/webp": lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP",
    "application/pdf": _begins(b"%PDF-"),
    "audio/amr": _begins(b"#!AMR\n", b"#!AMR-WB\n"),
    "audio/wav": lambda content: content[:4] == b"RIFF" and content[8:12] == b"WAVE",
}


# ---- films, sound and photographs in boxes ---------------------------------------------------------------------------

_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_ANY_IMAGE = {b"mif1", b"msf1"}
_OTHER_IMAGES = {b"avif", b"avis", b"crx ", b"jxl ", b"jp2 ", b"jpx "}
_SOUND = (b"M4A ", b"M4B ", b"M4P ")
_FILMS = (b"iso", b"mp4", b"3g", b"M4V", b"avc", b"hvc", b"hev", b"dash", b"mmp4", b"MSNV", b"XAVC", b"f4v ", b"kddi")
_OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The boxes that a file of the ISO base media kind (MP4, QuickTime, HEIC) consists of: type, beginning of what is
    in it, end."""
    at = 0
    for _ in range(MOST_PARTS):
        size, kind, body = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], at + 8
        if len(kind) < 4:
            return
        if size == 1:
            size, body = int.from_bytes(content[at + 8 : at + 16]), at + 16
        end = min(at + size, len(content)) if size else len(content)
        if end < body:
            return
        yield kind, body, end
        at = end


def film_of(content: bytes) -> bytes:
    """The box that says what is in a film or a recording; empty if there is none."""
    return next((content[body:end] for kind, body, end in boxes(content) if kind == b"moov"), b"")


def _tracks(content: bytes) -> set[bytes]:
    """What a film consists of: `vide`, `soun`."""
    film = film_of(content)
    return {film[one.end() + 8 : one.end() + 12] for one in re.finditer(b"hdlr", film)} & {b"vide", b"soun"}


def _brands(content: bytes) -> list[bytes]:
    """What the first box, `ftyp`, calls itself; the main name first."""
    if content[4:8] != b"ftyp":
        return []
    named = content[8 : min(int.from_bytes(content[:4]), CHUNK)]
    return [named[:4], *(named[at : at + 4] for at in range(8, len(named), 4))]


def _boxed(content: bytes) -> str | None:
    """Phones write brands of their own: what is in the file counts, and its brands where that says nothing."""
    brands = _brands(content)
    if not brands and content[4:8] not in _OLD_QUICKTIME:
        return None
    main = brands[0] if brands else b"qt  "
    if main in _HEIC or (main in _ANY_IMAGE and not _OTHER_IMAGES.intersection(brands)):
        return "image/heic"
    if main in _ANY_IMAGE | _OTHER_IMAGES:
        return None
    tracks = _tracks(content)
    if not tracks:
        return _by_brand(main, brands)
    if main == b"qt  ":
        return "video/quicktime"
    return "video/mp4" if b"vide" in tracks else "audio/mp4"


def _by_brand(main: bytes, brands: list[bytes]) -> str | None:
    if b"qt  " in brands:
        return "video/quicktime"
    if main in _SOUND:
        return "audio/mp4"
    return "video/mp4" if any(brand.startswith(_FILMS) for brand in brands) else None


# ---- sound -----------------------------------------------------------------------------------------------------------

_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # MPEG 1, layer 3
_KBITS_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG 2 and 2.5
_HERTZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _is_mp3(content: bytes) -> bool:
    """Two frames, the second where the first says that it ends, after whatever a tag in front of them takes."""
    at = 0
    if content[:3] == b"ID3":
        size = content[6:10]
        if len(size) < 4 or max(size) > 127:
            return False
        at = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
        at += len(content[at : at + CHUNK]) - len(content[at : at + CHUNK].lstrip(b"\0"))
    length = _frame(content[at : at + 4])
    following = content[at + length : at + length + 4]
    return length > 0 and (len(following) < 4 or _frame(following) > 0)


def _frame(header: bytes) -> int:
    """How long a frame of MPEG sound of layer 3 is, in bytes; 0 if it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, bits, hertz = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version not in _HERTZ or not 0 < bits < 15 or hertz == 3:
        return 0
    kbits = (_KBITS if version == 3 else _KBITS_LOW)[bits]
    return (144 if version == 3 else 72) * kbits * 1000 // _HERTZ[version][hertz] + (header[2] >> 1 & 1)


# ---- documents of the office -----------------------------------------------------------------------------------------

_END, _DIRECTORY_ENTRY, _FILE = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_LOCKED = 1


def _names_in_zip(content: bytes) -> list[tuple[bytes, bool]] | None:
    """What a zip's own directory says is in it, and whether each is encrypted; None if it is no whole zip."""
    end = content.rfind(_END, max(0, len(content) - 65_557))
    if not content.startswith((_FILE, _END)) or end < 0 or len(content) < end + 22:
        return None
    at, names = int.from_bytes(content[end + 16 : end + 20], "little"), list[tuple[bytes, bool]]()
    for _ in range(min(int.from_bytes(content[end + 10 : end + 12], "little"), MOST_PARTS)):
        entry = content[at : at + 46]
        if len(entry) < 46 or not entry.startswith(_DIRECTORY_ENTRY):
            return None
        name, extra, remark = (int.from_bytes(entry[n : n + 2], "little") for n in (28, 30, 32))
        names.append((content[at + 46 : at + 46 + name].lower(), bool(entry[8] & _LOCKED)))
        at += 46 + name + extra + remark
    return names


_OFFICE = {DOCX: rb"word/document\d*\.xml", XLSX: rb"xl/workbook\d*\.xml"}


def _office(content: bytes) -> str | None:
    """A document that Word or Excel open as theirs, without anything in it that runs."""
    names = _names_in_zip(content)
    if not names or any(locked for _, locked in names) or _has_macros(names):
        return None
    there = {name for name, _ in names}
    kinds = (kind for kind, main in _OFFICE.items() if any(re.fullmatch(main, name) for name in there))
    return next(kinds, None) if b"[content_types].xml" in there else None


def _has_macros(names: list[tuple[bytes, bool]]) -> bool:
    return any(name.endswith(b"vbaproject.bin") or b"/macrosheets/" in name for name, _ in names)


def _why_not_zip(content: bytes, names: list[tuple[bytes, bool]]) -> Refusal:
    if any(locked for _, locked in names):
        return "locked"
    if _has_macros(names):
        return "macros"
    runs = {b"androidmanifest.xml", b"meta-inf/manifest.mf"}
    return "program" if any(name in runs for name, _ in names) else "archive"


# ---- text ------------------------------------------------------------------------------------------------------------

_CONTROLS = r"[\x00-\x08\x0b\x0e-\x1f]"


def _is_text(content: bytes) -> bool:
    """UTF-8, UTF-16 that says so, or GB 18030 as Windows writes it in China; without control characters."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decodes(content, "utf-16")
    return bool(content) and any(_decodes(content, code) for code in ("utf-8-sig", "gb18030"))


def _decodes(content: bytes, code: str) -> bool:
    """Piece by piece: as text the whole may take four times its size."""
    decoder = codecs.getincrementaldecoder(code)()
    try:
        for at in range(0, len(content), CHUNK):
            if re.search(_CONTROLS, decoder.decode(content[at : at + CHUNK], at + CHUNK >= len(content))):
                return False
    except UnicodeDecodeError:
        return False
    return True
