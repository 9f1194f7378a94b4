"""The name that a file is listed and saved under."""

import re

from chalicelib.domain.ground.file_types import EXTENSIONS

LONGEST_NAME = 200  # characters
# Patterns are compiled when they are used: whoever looks at no file does not wait for them.
_NOT_IN_NAMES = r'[/\\:*?"<>|\x00-\x1f\x7f]'
_DEVICE = r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)"
_ENDING = r"(?=.*[a-z])[a-z0-9]{1,8}"


def name_for(given: str, content_type: str) -> str:
    """The name that a file is listed and saved under: as it was given, as far as its ending is that of what is in it.

    So no name makes a program of a file, nor a path, nor a device of Windows.
    """
    endings = EXTENSIONS[content_type]
    name = _bare(re.sub(_NOT_IN_NAMES, "_", given))
    stem, ending = _split(name)
    if ending.lower() not in endings:
        if re.fullmatch(_ENDING, ending.lower(), re.ASCII):
            name = _bare(stem)
        stem, ending = _split(name)
        if ending.lower() not in endings:
            stem, ending = name, endings[0]
    stem = _bare(stem[: LONGEST_NAME - len(ending) - 1]) or "file"
    return f"{'_' if re.match(_DEVICE, stem, re.IGNORECASE) else ''}{stem}.{ending}"


def _bare(name: str) -> str:
    """Without the dots and blanks around it, which systems hide, or drop."""
    return re.sub(r"^[\s.]+|[\s.]+$", "", name)


def _split(name: str) -> tuple[str, str]:
    """What stands before the last dot, and the ending after it, if there is one."""
    stem, dot, ending = name.rpartition(".")
    return (stem, ending) if dot else (name, "")
