"""Words of danger as staff read them: what the consumer said, not how the house writes the words that it looks for."""

import re
from collections.abc import Iterable, Sequence

from chalicelib.domain.policy.variants import SIMPLIFIED

_ALIKE = str.maketrans(SIMPLIFIED)
_GAP = r"[^。！？；.!?;\n]{0,30}?"
_GROUP = re.compile(r"\(([^()]*)\)")
MOST_OPTIONS = 3
"""Of a choice, where what was said is not there to be shown."""


def as_said(words: Iterable[str], texts: Sequence[str]) -> list[str]:
    """Each word as it stands in one of the texts; none that is part of another. What stands in none of them, as what
    was erased does, is named by what the house looks for."""
    found = list(dict.fromkeys(_in_texts(one, texts) for one in words))
    return [one for one in found if not any(one in other for other in found if other != one)]


def _in_texts(word: str, texts: Sequence[str]) -> str:
    pattern = _pattern(word)
    for text in texts:
        if there := pattern.search(_folded(text)):
            return text[there.start() : there.end()]
    return _GROUP.sub(_few, word).replace("*", "")


def _folded(text: str) -> str:
    """Character by character, so that what is found stands at the same place of the text."""
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text.translate(_ALIKE))


def _pattern(word: str) -> re.Pattern[str]:
    escaped = re.escape(_folded(word))
    signs = {r"\(": "(?:", r"\)": ")", r"\|": "|", "…": _GAP, r"\*": "[a-z]*"}
    for sign, meant in signs.items():
        escaped = escaped.replace(sign, meant)
    return re.compile(escaped)


def _few(group: re.Match[str]) -> str:
    options = [one for one in group[1].split("|") if one]
    return "/".join(options[:MOST_OPTIONS]) if "" not in group[1].split("|") else ""
