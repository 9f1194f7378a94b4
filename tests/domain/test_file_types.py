"""A file is what is in it: its type, whether it says where it was made, and the name it is saved under."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ground.file_names import LONGEST_NAME, name_for
from chalicelib.domain.ground.file_places import FILMS, PHOTOGRAPHS, has_place
from chalicelib.domain.ground.file_types import DOCX, EXTENSIONS, type_of, why_not
from tests.files import HEIC, M4A, MOV, MP4, PNG, REAL, REFUSED, box, film, jpeg, tiff, zipped

NOUGHT = struct.pack("<6I", 0, 1, 0, 1, 0, 1)
PLACE = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+31.2304+121.4737/"))


@pytest.mark.parametrize("kind", REAL)
def test_what_is_taken_is_known_by_what_is_in_it(kind: str):
    content_type, content = REAL[kind]
    assert type_of(content) == content_type


def test_every_type_that_is_taken_has_an_example():
    assert {content_type for content_type, _ in REAL.values()} == set(EXTENSIONS)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_taken_is_refused_for_its_reason(kind: str):
    reason, content = REFUSED[kind]
    assert type_of(content) is None
    assert why_not(content) == reason


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "content_type", "saved"),
    [
        ("聊天记录.txt.bat", "text/plain", "聊天记录.txt"),
        ("photo.exe", "image/jpeg", "photo.jpg"),
        ("x.html", "text/plain", "x.txt"),
        ("x.hta", "text/plain", "x.txt"),
        ("x.url", "text/plain", "x.txt"),
        ("x.lnk", "text/plain", "x.txt"),
        ("对话.csv", "text/plain", "对话.txt"),
        ("IMG.JPG", "image/jpeg", "IMG.JPG"),
        ("a.jpeg", "image/jpeg", "a.jpeg"),
        ("IMG_0042.HEIC", "image/jpeg", "IMG_0042.jpg"),
        ("IMG_0042.MOV", "video/mp4", "IMG_0042.mp4"),
        ("协议", DOCX, "协议.docx"),
        ("报告v1.2", "application/pdf", "报告v1.2.pdf"),
        ("photo.exe. . ", "image/jpeg", "photo.jpg"),
        ("../../etc/passwd", "text/plain", "_.._etc_passwd.txt"),
        ("C:\\photos\\1.jpg", "image/jpeg", "C__photos_1.jpg"),
        ("x.jpg:evil.exe", "image/jpeg", "x.jpg_evil.jpg"),
        ("CON.jpg", "image/jpeg", "_CON.jpg"),
        ("nul .tar.txt", "text/plain", "_nul .tar.txt"),
        ("com¹", "text/plain", "_com¹.txt"),
        ("合同 con.txt", "text/plain", "合同 con.txt"),
        (".htaccess", "text/plain", "htaccess.txt"),
        ("...", "image/png", "file.png"),
        ("长" * 300, "image/png", "长" * (LONGEST_NAME - 4) + ".png"),
        ("a.jpg\u200b", "image/jpeg", "a.jpg\u200b.jpg"),
    ],
)
def test_a_name_never_makes_a_program_of_a_file(given: str, content_type: str, saved: str):
    assert name_for(given, content_type) == saved


NAMES = st.text(max_size=220) | st.lists(
    st.sampled_from(["a", ".", " ", "exe", "bat", "jpg", "JPG", "/", "\\", "con", "nul", "\u3000", "\u202e", "对话"])
).map("".join)


@given(NAMES, st.sampled_from(sorted(EXTENSIONS)))
def test_whatever_the_name_it_ends_as_the_type_does_and_is_no_path(given: str, content_type: str):
    saved = name_for(given, content_type)
    stem, _, ending = saved.rpartition(".")
    assert ending.lower() in EXTENSIONS[content_type]
    assert stem
    assert not set('/\\:*?"<>|\0\n') & set(saved)
    assert stem.strip(" .") == stem
    assert stem.partition(".")[0].strip().lower() not in ("con", "nul")
    assert len(saved) <= LONGEST_NAME + 1
    assert name_for(saved, content_type) == saved


# ---- places ----------------------------------------------------------------------------------------------------------

WITH_PLACE: dict[str, tuple[str, bytes]] = {
    "a photograph": ("image/jpeg", jpeg(tiff())),
    "a photograph the other way round": ("image/jpeg", jpeg(tiff(">"))),
    "a photograph of an iPhone": ("image/heic", HEIC + box(b"mdat", b"\0\0\0\x06Exif\0\0" + tiff(">"))),
    "a screenshot": ("image/png", PNG + b"\0\0\0\x5aeXIf" + tiff()),
    "a picture of the web": ("image/webp", b"RIFF\x24\0\0\0WEBPVP8XEXIF\x5a\0\0\0" + tiff()),
    "a photograph that was edited": ("image/jpeg", jpeg() + b'<rdf:Description exif:GPSLatitude="31,13.8N"/>'),
    "a film of Android": ("video/mp4", film(b"mp42", b"isom", facts=PLACE)),
    "a film of 3GPP": ("video/mp4", film(b"3gp4", b"isom", facts=box(b"udta", box(b"loci", b"\0" * 20)))),
    "a film of an iPhone": (
        "video/quicktime",
        film(b"qt  ", facts=box(b"meta", box(b"keys", b"mdtacom.apple.quicktime.location.ISO6709"))),
    ),
    "a recording": ("audio/mp4", film(b"M4A ", handlers=(b"soun",), facts=PLACE)),
}
WITHOUT: dict[str, tuple[str, bytes]] = {
    "a photograph that says nothing": ("image/jpeg", jpeg()),
    "a photograph that says other things": ("image/jpeg", jpeg(tiff(gps=False))),
    "a photograph of a phone that knew no place": ("image/jpeg", jpeg(tiff(latitude=NOUGHT))),
    "a photograph whose facts are broken": ("image/jpeg", jpeg(tiff()[:40])),
    "a film": ("video/mp4", MP4),
    "a film with the letters in its frames": ("video/mp4", MP4 + box(b"mdat", b"\xa9xyz loci")),
    "a film of an iPhone": ("video/quicktime", MOV),
    "a recording": ("audio/mp4", M4A),
    "text about it": ("text/plain", b"exif:GPSLatitude"),
}


@pytest.mark.parametrize("kind", WITH_PLACE)
def test_what_says_where_it_was_made_is_known_to(kind: str):
    content_type, content = WITH_PLACE[kind]
    assert type_of(content) == content_type
    assert has_place(content, content_type)


@pytest.mark.parametrize("kind", WITHOUT)
def test_what_does_not_say_it_is_not(kind: str):
    content_type, content = WITHOUT[kind]
    assert type_of(content) == content_type
    assert not has_place(content, content_type)


# ---- whatever it is --------------------------------------------------------------------------------------------------

BEGINNINGS = sorted({content[:n] for _, content in (*REAL.values(), *REFUSED.values()) for n in (0, 4, 12, 40, 4000)})
NOISE = st.tuples(st.sampled_from(BEGINNINGS), st.binary(max_size=200), st.sampled_from(BEGINNINGS)).map(b"".join)


@given(NOISE)
def test_whatever_is_sent_an_answer_comes(content: bytes):
    assert type_of(content) in (None, *EXTENSIONS)
    assert why_not(content)
    for content_type in (*PHOTOGRAPHS, *FILMS):
        has_place(content, content_type)


def broken(content: bytes) -> st.SearchStrategy[bytes]:
    """The same with some bytes changed and the end cut off."""

    def changed(change: tuple[list[tuple[int, int]], int]) -> bytes:
        made = bytearray(content)
        for at, byte in change[0]:
            made[at % len(made)] = byte
        return bytes(made[: change[1]])

    places = st.lists(st.tuples(st.integers(0, len(content)), st.integers(0, 255)), max_size=8)
    return st.tuples(places, st.integers(0, len(content))).map(changed)


@given(st.one_of([broken(content) for _, content in WITH_PLACE.values()]))
def test_what_is_broken_says_something_or_nothing_and_raises_nothing(content: bytes):
    for content_type in (*PHOTOGRAPHS, *FILMS):
        assert has_place(content, content_type) in (True, False)


LOOPS: dict[str, bytes] = {
    "boxes in boxes": b"\0\0\0\x08ftyp" + b"\0\0\0\x08abcd" * 250_000,
    "a table of tables": b"\xff\xd8\xff" + b"II*\0\x08\0\0\0\xff\xff" + struct.pack("<HHII", 0x8825, 4, 1, 8) * 170_000,
    "beginnings of facts": b"\xff\xd8\xff" + b"MM\0*" * 500_000,
    "an archive of many": zipped({"a": b""})[:-22] + b"PK\x05\x06" + b"\0" * 6 + b"\xff\xff" + b"\0" * 10,
    "almost text": "对".encode() * 600_000 + b"\0",
}


@pytest.mark.parametrize("kind", LOOPS)
def test_nothing_that_is_sent_is_looked_at_for_ever(kind: str):
    """Each would take hours, if each part of it were looked at from each other."""
    content = LOOPS[kind]
    for content_type in (*PHOTOGRAPHS, *FILMS):
        has_place(content, content_type)
    assert why_not(content)
    assert type_of(content) in (None, "image/jpeg")
