"""What is done by forms on the pages of reports, audits, sheets, amendments: all that is no complaint.

A kind of page says once what is handed in for each action (`Acts`); what may be done now the record's own lifecycle
says. The form is made of the model, and goes to `<the page>/acts/<action>`. What is refused is said on the newest state
of the page, with all that was typed still in its fields; what is done leads on to the page.
"""

import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, NamedTuple, Protocol
from urllib.parse import urlencode

from pydantic import BaseModel, StringConstraints

from chalicelib.casework import once
from chalicelib.domain.ground.errors import (
    FieldFault,
    IdempotencyMismatch,
    Invalid,
    NotFound,
    Refusal,
    Stale,
    Unauthenticated,
)
from chalicelib.domain.ground.people import Role
from chalicelib.web.door import PRINTABLE_ASCII, Answer, Call, read_as
from chalicelib.web.pages.page import PageQuery
from chalicelib.web.pages.speech import Speech

from . import forms, names
from .door import ACTS, Console, Sent
from .forms import Field, Options
from .page import arrived, back

Name = Annotated[str, StringConstraints(max_length=64, pattern=r"^[\w@.+-]+$")]


class ActsQuery(PageQuery):
    """What the address of a page says of what is done there. What it does not understand is as if it were not there."""

    act: Name | None = None
    part: Name | None = None
    done: Name | None = None


@dataclass(frozen=True)
class Acts:
    """What is done on a kind of page. `path`: its address, as it is declared; `words`: the part of the words that has
    `act.<action>.name`, `.means`, `.send` and `.done`; `bodies`: what is handed in, by action.

    `settled`: what an action says by itself, which nobody is asked; `needed`: fields that it does not go without,
    though its model does; `rare`: those that are seldom said, and stand folded after all else.
    """

    path: str
    words: str
    bodies: Mapping[str, type[BaseModel]]
    settled: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    needed: Mapping[str, Collection[str]] = field(default_factory=dict)
    rare: Mapping[str, Collection[str]] = field(default_factory=dict)

    def address(self, call: Call) -> str:
        """Of the page that was asked for, below the prefix."""
        return self.path.format(**call.path)

    def word(self, say: Speech, action: str, which: str) -> str:
        """What an action is called (`name`), or what else is said of it; nothing, where that is not said."""
        key = f"{self.words}.act.{action}.{which}"
        return say(key) if say.knows(key) else ""


KINDS: list[Acts] = []
"""All of them, as they are declared."""


class Act(NamedTuple):
    """Something that can be done: what it is called, what it means, and where its form is."""

    action: str
    name: str
    means: str
    href: str


class Form(NamedTuple):
    """What somebody is about to do. `parts`: what it can be about one of, while that is to be chosen; then there are no
    `fields` yet. `about`: which part it is about. `faults`: what is wrong with what is not shown, or stands against all
    of it. `to`: where it is sent; `draft`: by which the browser keeps what is typed; `typed`: it was sent once."""

    act: Act
    send: str
    to: str
    draft: str
    parts: Sequence[Act]
    about: str
    fields: Sequence[Field]
    rare: Sequence[Field]
    is_rare_open: bool
    faulty: Sequence[Field]
    faults: Sequence[str]
    hidden: Mapping[str, str]
    typed: bool


class Panel(NamedTuple):
    """`acts`: what may be done now; `why_not`: what may not, and why; `done`: what has just been done, in words."""

    acts: Sequence[Act]
    why_not: Sequence[tuple[str, str]]
    form: Form | None
    done: str


class Page(NamedTuple):
    """What a page knows of what is done on it. `may`: the actions that are open to its reader now; `version`: of the
    record, None where there is none. By action: `choices`, by field what there is to choose from; `begins`: what the
    form begins with; `parts`: what it can be about one of, and what each is called; `fixed`: fields that are not shown;
    `why_not`: what may not be done, and why. `keeps`: what of its address stays as one goes on. `bound`: fields that
    say what it is decided on, which are sent along unseen."""

    may: Sequence[str]
    version: int | None = None
    choices: Mapping[str, Mapping[str, Options]] = {}
    begins: Mapping[str, Mapping[str, Any]] = {}
    parts: Mapping[str, Options] = {}
    fixed: Mapping[str, Collection[str]] = {}
    why_not: Mapping[str, Refusal] = {}
    keeps: Mapping[str, str] = {}
    bound: Mapping[str, Mapping[str, str]] = {}


class How(NamedTuple):
    """How something is to be done: on which version it was decided, by which key it is done once, which part it is
    about."""

    seen: frozenset[int] | None
    idempotency: once.Idempotency | None
    part: str | None


class Shown(Protocol):
    """A page, as it is shown first, and after something was refused with what was typed."""

    def __call__(
        self, call: Call, asked: Any, sent: Sent | None = None, refusal: Refusal | None = None, status: int = 200
    ) -> Answer: ...


Done = Callable[[Call, str, Any, How], str | None]
"""Does what a form is for, given the call, the action, what was handed in, and how. Where one goes on to, below the
prefix, if not to the page."""


# ---- what a page shows -----------------------------------------------------------------------------------------------


def panel(
    kind: Acts,
    page: Page,
    call: Call,
    asked: ActsQuery,
    say: Speech,
    sent: Sent | None = None,
    refusal: Refusal | None = None,
) -> Panel:
    """What may be done on a page, and the form that is open on it, if any is asked for."""
    acts = [_act(kind, one, page, call, say) for one in page.may]
    why_not = [(kind.word(say, one, "name"), names.refused(why, say)) for one, why in page.why_not.items()]
    opens = asked.act if asked.act in page.may or sent is not None else None
    form = _form(kind, opens, page, call, asked, say, sent, refusal) if opens in kind.bodies and opens else None
    done = kind.word(say, asked.done, "done") if asked.done else ""
    return Panel(acts, why_not, form, done)


def _act(kind: Acts, action: str, page: Page, call: Call, say: Speech, part: str | None = None, name: str = "") -> Act:
    asked = {**page.keeps, "act": action, **({"part": part} if part else {})}
    href = f"{call.prefix}{kind.address(call)}?{urlencode(asked)}#doing"
    return Act(action, name or kind.word(say, action, "name"), kind.word(say, action, "means"), href)


def _form(
    kind: Acts,
    action: str,
    page: Page,
    call: Call,
    asked: ActsQuery,
    say: Speech,
    sent: Sent | None,
    refusal: Refusal | None,
) -> Form:
    parts, part = page.parts.get(action, ()), asked.part
    if part is None and sent is None and len(parts) == 1:
        part = parts[0][0]
    to_choose = bool(parts) and part not in dict(parts)
    typed = sent or forms.sent_of(page.begins.get(action, {}))
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    fields = [] if to_choose and sent is None else _fields(kind, action, page, say, typed, faults)
    rare = [one for one in fields if one.name in kind.rare.get(action, ()) and not one.required]
    address = kind.address(call)
    return Form(
        _act(kind, action, page, call, say, part),
        kind.word(say, action, "send") or kind.word(say, action, "name"),
        f"{call.prefix}{address}{ACTS}{action}",
        f"{address.removeprefix('/console/')} {action} {part or ''}",
        [_act(kind, action, page, call, say, one, name) for one, name in parts] if to_choose else [],
        dict(parts).get(part or "", ""),
        [one for one in fields if one not in rare],
        rare,
        any(forms.says(one) or typed.one(forms.MORE) == one.name for one in rare),
        [*forms.astray(fields)],
        said(page, sent, refusal, fields, say),
        hidden(page, part, page.bound.get(action, {})),
        sent is not None,
    )


def _fields(
    kind: Acts, action: str, page: Page, say: Speech, typed: Sent, faults: Sequence[FieldFault]
) -> Sequence[Field]:
    fixed = {*kind.settled.get(action, ()), *page.fixed.get(action, ()), *page.bound.get(action, ())}
    choices, needed = page.choices.get(action, {}), kind.needed.get(action, ())
    return forms.fields_of(kind.bodies[action], say, choices, typed, faults, fixed, needed)


def hidden(page: Page, part: str | None, bound: Mapping[str, str] = {}) -> dict[str, str]:
    """What is sent along: on what it was decided, and a key by which it is done once, however often it is sent."""
    seen = {} if page.version is None else {"_seen": str(page.version)}
    kept = {f"_keep.{name}": value for name, value in page.keeps.items()}
    return {**seen, "_key": secrets.token_urlsafe(16), **({"_part": part} if part else {}), **kept, **bound}


def said(page: Page, sent: Sent | None, refusal: Refusal | None, fields: Sequence[Field], say: Speech) -> list[str]:
    """What stands against all of it; and that the record has moved, since the next sending counts on its newest
    state."""
    overtaken = sent is not None and sent.one("_seen") not in ("", str(page.version or ""))
    moved = [say("panel.moved_page")] if isinstance(refusal, Stale) or overtaken else []
    match refusal:
        case None | Stale():
            return [*moved]
        case Invalid():
            return [*moved, *forms.misplaced(fields, refusal.faults, say)]
        case IdempotencyMismatch():
            return [say("panel.sent_before")]
    return [*moved, names.refused(refusal, say)]


# ---- what is sent ----------------------------------------------------------------------------------------------------


def declare(door: Console, kind: Acts, who: frozenset[Role], query: type[ActsQuery], show: Shown, do: Done) -> None:
    """Where the forms of a kind of page are sent. `show` shows the page again, and what stands against it: as long as
    there is what the page is of."""
    KINDS.append(kind)
    name = kind.words

    def send(call: Call, sent: Sent) -> Answer:
        """Does what a form of the page is for; or shows the page again, and what stands against it."""
        action = _action(kind, call)
        kept = _kept(sent, query)
        asked = query.model_validate({**kept, "act": action, "part": sent.one("_part") or None})
        if forms.is_for_more(sent):
            return show(call, asked, sent)
        try:
            submission = read_as(kind.bodies[action], handed_in(kind, action, sent))
            onward = do(call, action, submission, how(call, kind.path, action, sent))
        except Unauthenticated:
            raise
        except Refusal as refusal:
            return show(call, asked, sent, refusal, refusal.status)
        if onward:
            return back(call, onward)
        return arrived(call, kind.address(call), done=action, **kept)

    def again(call: Call) -> Answer:
        """On to the form of an action: whoever loads the address of one that was refused comes to it."""
        return back(call, kind.address(call), act=_action(kind, call))

    send.__name__, again.__name__ = f"send_{name}", f"show_form_of_{name}"
    path = f"{kind.path}{ACTS}{{action}}"
    door.operation("POST", path, who=who, body=Sent, answers={303: None})(send)
    door.operation("GET", path, who=who, answers={303: None})(again)


def handed_in(kind: Acts, action: str, sent: Sent) -> dict[str, Any]:
    """What was typed into the form of an action, with what the action says by itself."""
    content = forms.content_of(kind.bodies[action], sent)
    blank = {name for name in kind.needed.get(action, ()) if content.get(name) is None}
    return {**{name: one for name, one in content.items() if name not in blank}, **kind.settled.get(action, {})}


def _action(kind: Acts, call: Call) -> str:
    """Raises NotFound for what is nothing that is done there."""
    if (found := call.path["action"]) not in kind.bodies:
        raise NotFound("action_unknown")
    return found


def _kept(sent: Sent, query: type[ActsQuery]) -> dict[str, str]:
    """What of the address of the page goes on with it: nothing but what that page takes, and reads."""
    names = {name for name in query.model_fields if name not in ActsQuery.model_fields}
    said = {name: one for name in names if (one := sent.one(f"_keep.{name}"))}
    read = query.model_validate(said).model_dump(exclude_unset=True)
    return {name: one for name, one in said.items() if read[name] not in (None, "")}


def how(call: Call, path: str, action: str, sent: Sent) -> How:
    """How a form of a page is to be done, by what it sent along unseen. `path`: of the page, as it is declared."""
    key, once_only = sent.one("_key"), None
    if PRINTABLE_ASCII.fullmatch(key):
        typed = sorted((name, [*values]) for name, values in sent.fields.items() if name[:1] != "_" or name == "_part")
        digest = sha256(json.dumps(typed).encode()).hexdigest()
        asked = json.dumps(["POST", path, call.path, action, digest], sort_keys=True).encode()
        once_only = once.idempotency(f"staff {call.actor.id}", key, asked, call.now)
    return How(seen_of(sent) if "_seen" in sent.fields else None, once_only, sent.one("_part") or None)


def seen_of(sent: Sent) -> frozenset[int]:
    """On which version it was decided: without it, on none that could be."""
    said = sent.one("_seen")
    return frozenset({int(said)} if said.isascii() and said.isdecimal() and len(said) < 10 else ())
