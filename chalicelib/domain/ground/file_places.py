"""Whether a photograph, film or recording says where it was made. Only whether: the place itself is never read out.

By the few bytes that say it (Exif, XMP, QuickTime), wherever in the file they stand; what is broken says nothing.
"""

import re
from collections.abc import Iterator
from typing import Literal

from chalicelib.domain.ground.file_types import film_of

MOST_TRIED = 100  # beginnings of facts about a photograph
MOST_FACTS = 1_000
GPS, LATITUDE, LONGITUDE = 0x8825, 2, 4
PHOTOGRAPHS = ("image/jpeg", "image/png", "image/webp", "image/heic")
FILMS = ("video/mp4", "video/quicktime", "audio/mp4")
_TIFF = rb"II\*\0|MM\0\*"
_XMP = b"exif:GPSLatitude"
_OF_FILMS = (b"\xa9xyz", b"loci", b"com.apple.quicktime.location.ISO6709")


def has_place(content: bytes, content_type: str) -> bool:
    """Whether a file of a type says where it was made."""
    if content_type in FILMS:
        film = film_of(content)
        return any(fact in film for fact in _OF_FILMS)
    return content_type in PHOTOGRAPHS and (_XMP in content or _exif_has_place(content))


def _exif_has_place(content: bytes) -> bool:
    """Exif stands elsewhere in each format, and begins as a TIFF does in all."""
    for tried, found in enumerate(re.finditer(_TIFF, content)):
        if tried >= MOST_TRIED:
            break
        exif = _Facts(content, found.start())
        gps = next((where for tag, where in exif.at(exif.number(4, 4)) if tag == GPS), None)
        if gps and {LATITUDE, LONGITUDE} <= {tag for tag, where in exif.at(gps) if exif.is_some(where)}:
            return True
    return False


class _Facts:
    """Tables of facts, as a TIFF holds them; all positions count from its beginning."""

    def __init__(self, content: bytes, begins: int) -> None:
        self._content, self._begins = content, begins
        self._order: Literal["little", "big"] = "little" if content[begins : begins + 2] == b"II" else "big"

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self._bytes(at, size), self._order)

    def at(self, at: int) -> Iterator[tuple[int, int]]:
        """What each fact of the table there is about, and its value, or where that stands."""
        for n in range(min(self.number(at, 2), MOST_FACTS)):
            fact = at + 2 + 12 * n
            if len(self._bytes(fact, 12)) < 12:
                return
            yield self.number(fact, 2), self.number(fact + 8, 4)

    def is_some(self, at: int) -> bool:
        """Whether degrees, minutes and seconds stand there: phones that know no place write noughts."""
        return any(self.number(at + 8 * n, 4) for n in range(3))

    def _bytes(self, at: int, size: int) -> bytes:
        return self._content[self._begins + at : self._begins + at + size]
