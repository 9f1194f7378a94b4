"""What was typed into a form that could not be taken just then: its session had ended, or something did not answer.

It goes along as hidden fields, through each step of signing in, and is sent once more by a form to where it was sent,
which is taken or refused as any other: by whose it is, what they may do, and the key by which it is done once. Nothing
of it is kept here. Nobody but whoever typed it is shown it again.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

WHOSE = "_who"
"""The field of a form that says for whom its page was made, by user name."""
TO = "kept_to"
BEFORE = "kept."
"""Before the name of each field that goes along."""
ACT = re.compile(r"/console/(?:complaints/)?([\w@.+/-]+)/acts/(\w+)", re.ASCII)
RULE = re.compile(r"/console/(policy/amendments/[\w-]+(?:/changes)?)", re.ASCII)
NEW = "/console/complaints/new"
CODE = re.compile(r"[\w.:+-]{0,40}", re.ASCII)
"""What is chosen, or as soon typed anew as read."""
_sent: list[re.Pattern[str]] = []
"""The addresses to which forms are sent that are somebody's."""


class Kept(NamedTuple):
    """A form as it was sent. `to`: where, below the prefix; `whose`: who was signed in when its page was made."""

    to: str
    whose: str
    fields: Mapping[str, Sequence[str]]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """As hidden fields of another form."""
        return [(TO, self.to), *((f"{BEFORE}{name}", value) for name, value in self.pairs)]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.fields.items() for value in values]

    @property
    def typed(self) -> list[str]:
        """What somebody wrote, to be read again: not what is chosen, and not what the form says by itself."""
        return [value for name, value in self.pairs if name[:1] != "_" and not CODE.fullmatch(value)]

    @property
    def draft(self) -> str:
        """By which the browser knows it, to forget it once it is done; nothing, if it keeps none."""
        if self.to == NEW:
            return "new"
        part = (self.fields.get("_part") or ("",))[-1]
        if rule := RULE.fullmatch(self.to):
            return f"{rule[1]} {part}"
        act = ACT.fullmatch(self.to)
        return f"{act[1]} {act[2]} {part}" if act else ""


def takes(path: str) -> None:
    """Forms are sent there whose fields are somebody's."""
    _sent.append(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)))


def of(to: str, fields: Mapping[str, Sequence[str]]) -> Kept | None:
    """A form that was sent; None, if it does not say whose it is, or nothing like it is sent there."""
    whose = (fields.get(WHOSE) or ("",))[-1]
    return Kept(to, whose, fields) if whose and any(one.fullmatch(to) for one in _sent) else None


def carried_in(fields: Mapping[str, Sequence[str]]) -> Kept | None:
    """The form that goes along in one for signing in."""
    to = (fields.get(TO) or ("",))[-1]
    return of(to, {name.removeprefix(BEFORE): one for name, one in fields.items() if name.startswith(BEFORE)})
