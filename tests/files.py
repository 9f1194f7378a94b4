"""Real files, as small as can be, made here: one of each type that evidence may have, and those that are refused."""

import io
import struct
import zipfile
from collections.abc import Mapping

from chalicelib.domain.ground.file_types import DOCX, XLSX


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def ftyp(*brands: bytes) -> bytes:
    return box(b"ftyp", brands[0] + b"\0\0\0\0" + b"".join(brands[1:]))


def track(handler: bytes) -> bytes:
    """One track of a film: `vide` or `soun`."""
    named = box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12 + b"Core Media\0")
    return box(b"trak", box(b"tkhd", b"\0" * 84) + box(b"mdia", named))


def film(*brands: bytes, handlers: tuple[bytes, ...] = (b"vide", b"soun"), facts: bytes = b"") -> bytes:
    moov = box(b"moov", box(b"mvhd", b"\0" * 100) + b"".join(map(track, handlers)) + facts)
    return (ftyp(*brands) if brands else b"") + box(b"mdat", b"frames" * 9) + moov


def tiff(order: str = "<", *, latitude: bytes = b"", gps: bool = True) -> bytes:
    """What a camera says of a photograph; its place by default, in noughts or some."""
    number = struct.Struct(order + "HHII")
    degrees = latitude or struct.pack(order + "6I", 31, 1, 13, 1, 50, 1)
    begins = 8 + 2 + 12 * 2 + 4
    place = number.pack(2, 5, 3, begins + 30) + number.pack(4, 5, 3, begins + 30 + 24)
    facts = [number.pack(0x0112, 3, 1, 1), *([number.pack(0x8825, 4, 1, begins)] if gps else [])]
    main = struct.pack(order + "H", len(facts)) + b"".join(facts) + b"\0" * (12 * (2 - len(facts)) + 4)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + main + struct.pack(order + "H", 2) + place + b"\0\0\0\0" + degrees * 2


def jpeg(exif: bytes = b"") -> bytes:
    app = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif if exif else b""
    return b"\xff\xd8" + app + b"\xff\xdb\0\x43\0" + b"\x10" * 64 + b"\xff\xd9"


def zipped(names: Mapping[str, bytes], flags: int = 0) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    made = bytearray(whole.getvalue())
    at = made.find(b"PK\x01\x02")
    made[at + 8] |= flags
    return bytes(made)


TYPES = {"[Content_Types].xml": b"<Types/>"}
WORD = TYPES | {"word/document.xml": "<w:document>退货协议</w:document>".encode()}
EXCEL = TYPES | {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"<worksheet/>"}
MP3_FRAME = b"\xff\xfb\x90\x00" + b"\0" * 413  # 128 kbit/s, 44.1 kHz: 417 bytes
ID3 = b"ID3\x03\0\0" + bytes((0, 0, 1, 0)) + b"\0" * 128  # 128 bytes
MP4 = film(b"isom", b"isom", b"iso2", b"avc1", b"mp41")
MOV = film(b"qt  ", b"qt  ")
M4A = film(b"M4A ", b"M4A ", b"mp42", b"isom", handlers=(b"soun",))
HEIC = ftyp(b"heic", b"mif1", b"heic") + box(b"meta", b"\0" * 20) + box(b"mdat", b"x" * 20)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 17
WAV = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0" + b"\0" * 24

REAL: dict[str, tuple[str, bytes]] = {
    "a photograph": ("image/jpeg", jpeg()),
    "a screenshot": ("image/png", PNG),
    "a moving picture": ("image/gif", b"GIF89a" + b"\0" * 40),
    "a picture of the web": ("image/webp", b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40),
    "a photograph of an iPhone": ("image/heic", HEIC),
    "a photograph by the general name": ("image/heic", ftyp(b"mif1", b"mif1", b"heic", b"miaf")),
    "a document": ("application/pdf", b"%PDF-1.7\n1 0 obj\n"),
    "a film": ("video/mp4", MP4),
    "a film of Android": ("video/mp4", film(b"mp42", b"isom", b"mp42")),
    "a film of Android with HDR": ("video/mp4", film(b"mp42", b"isom", b"mp42", b"hvc1", b"dby1")),
    "a film of Huawei": ("video/mp4", film(b"isom", b"isom", b"iso2", b"hvc1", b"mp41")),
    "a film of an old phone": ("video/mp4", film(b"3gp4", b"isom", b"3gp4")),
    "a film of 3GPP 2": ("video/mp4", film(b"3g2a", b"3g2a", b"mp42")),
    "a film of Sony": ("video/mp4", film(b"XAVC", b"XAVC", b"mp42", b"iso2")),
    "a film of a brand nobody has heard of": ("video/mp4", film(b"xiao", b"xiao")),
    "a film that was cut off": ("video/mp4", ftyp(b"mp42", b"isom", b"mp42") + box(b"mdat", b"x" * 50)),
    "a film of an iPhone": ("video/quicktime", MOV),
    "a film of QuickTime of old": ("video/quicktime", box(b"wide") + film()),
    "music": ("audio/mpeg", MP3_FRAME * 3),
    "music with a tag": ("audio/mpeg", ID3 + MP3_FRAME * 3),
    "a voice memo of an iPhone": ("audio/mp4", M4A),
    "a recording of Android": ("audio/mp4", film(b"mp42", b"isom", b"mp42", handlers=(b"soun",))),
    "a recording of an old phone": ("audio/amr", b"#!AMR\n" + b"\x3c" + b"\0" * 31),
    "a recording in wide band": ("audio/amr", b"#!AMR-WB\n" + b"\x04" + b"\0" * 31),
    "a recording of Windows": ("audio/wav", WAV),
    "a letter": (DOCX, zipped(WORD)),
    "a letter of Office 365": (DOCX, zipped(TYPES | {"word/document2.xml": b"<w:document/>"})),
    "a table": (XLSX, zipped(EXCEL)),
    "text": ("text/plain", "订单截图里的对话：客服说不给换。\r\n".encode()),
    "text of Windows in China": ("text/plain", "客服说不给换。".encode("gbk")),
    "text with a mark": ("text/plain", "\ufeff客服说不给换。".encode()),
    "text in 16 bits": ("text/plain", "\ufeff客服说不给换。\r\n".encode("utf-16-le")),
    "text in 16 bits, the other way round": ("text/plain", "\ufeff客服说不给换。\r\n".encode("utf-16-be")),
    "text that begins as programs do": ("text/plain", b"MZ-2000 is the name of the kettle."),
    "text that begins as boxes do": ("text/plain", b"The free kettle was broken."),
    "text that speaks of archives": ("text/plain", b"PK\x33\x34 was the code"),
}
"""What it is, by its type, and its content."""

REFUSED: dict[str, tuple[str, bytes]] = {
    "nothing": ("empty", b""),
    "a program of Windows": ("program", b"MZ\x90\0\x03" + b"\0" * 60),
    "a program of Linux": ("program", b"\x7fELF\x02\x01\x01" + b"\0" * 60),
    "a link of Windows": ("program", b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60),
    "an app of Android": ("program", zipped({"AndroidManifest.xml": b"x", "classes.dex": b"x"})),
    "an archive": ("archive", zipped({"1.jpg": b"x"})),
    "an archive that was cut off": ("archive", zipped(WORD)[:80]),
    "an archive with nothing in it": ("archive", zipped({})),
    "an archive of another kind": ("archive", b"Rar!\x1a\x07\x01\0" + b"\0" * 60),
    "a letter with macros": ("macros", zipped(WORD | {"word/vbaProject.bin": b"\0"})),
    "a table with macros of old": ("macros", zipped(EXCEL | {"xl/macrosheets/sheet1.xml": b"\0"})),
    "a letter whose parts are locked": ("locked", zipped(WORD, flags=1)),
    "a letter with a password": (
        "locked",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    ),
    "a letter of Word 97": ("not_a_type_we_take", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "an animation of another kind": ("not_a_type_we_take", ftyp(b"avif", b"mif1", b"miaf")),
    "boxes of no film": ("not_a_type_we_take", ftyp(b"xxxx") + box(b"mdat", b"\0")),
    "a film of the web": ("not_a_type_we_take", b"\x1aE\xdf\xa3" + b"\0" * 40),
    "a sound of another kind": ("not_a_type_we_take", b"OggS\0\x02" + b"\0" * 40),
    "half a frame of music": ("not_a_type_we_take", MP3_FRAME[:-1] + b"\0" * 40),
    "noise": ("not_a_type_we_take", b"\xff\xff\xff"),
    "text that goes over into noise": ("not_a_type_we_take", "对话".encode() * 40_000 + b"\0\xff"),
    "text in 16 bits with a hole": ("not_a_type_we_take", b"\xff\xfeA\0\0\0"),
}
"""Why it is refused, and its content."""
