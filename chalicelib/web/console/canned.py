"""Canned words on pages: their list, and how they come into what somebody types."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.casework import canned
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Actor
from chalicelib.domain.policy.canned import PLACEHOLDERS, CannedWords
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale
from chalicelib.web.door import Answer, Call

from .door import Console, Sent
from .forms import MORE
from .page import page, speech
from .shapes import shapes_of

canned_words = Console(__name__)
CHOSEN, USED = "_words", "_canned"
"""The fields of a form that say which are to be put in, and which were, commas between them."""


class WordsQuery(Model):
    model_config = ConfigDict(extra="forbid")

    locale: Locale | None = Field(None, description="Those of a language; by default the reader's own.")


class Used(NamedTuple):
    """Canned words with how often they were used, in all languages together."""

    words: CannedWords
    this_month: int
    last_month: int


class OfDepartment(NamedTuple):
    name: str
    listed: list[Used]


@canned_words.operation("GET", "/console/words", who=STAFF, query=WordsQuery, answers={200: str})
def show_words(call: Call, query: WordsQuery) -> Answer:
    """The canned words of each department, the reader's own first, and how often each was used."""
    say = speech(call)
    locale = query.locale or say.locale
    this = canned.month_of(call.now)
    last = canned.month_of(call.now.replace(day=1) - timedelta(days=1))
    months = {month: canned.used(month) for month in (this, last)}
    found = (one for one in canned.known(call.now) if one.locale == locale)
    used = [Used(one, months[this].get(one.id, 0), months[last].get(one.id, 0)) for one in found]
    departments = _by_department(used, call.actor, say.locale)
    return page(call, "words.html", say, departments=departments, shown=locale, placeholders=PLACEHOLDERS)


def _by_department(used: Iterable[Used], actor: Actor, locale: Locale) -> list[OfDepartment]:
    def place(one: Used) -> tuple[bool, str]:
        return one.words.department not in actor.roles, one.words.department

    grouped = groupby(sorted(used, key=place), lambda one: one.words.department)
    return [OfDepartment(spoken.DEPARTMENTS[name][locale], list(listed)) for name, listed in grouped]


# ---- into what somebody types ----------------------------------------------------------------------------------------


def put_in(kind: type[BaseModel], sent: Sent, offers: Sequence[canned.Offered]) -> Sent:
    """A form as it was sent, with the words that are chosen in it at the end of its first text; the same, if none are.

    So it is done where no script puts them where somebody types.
    """
    chosen = next((one for one in offers if one.id == sent.one(CHOSEN)), None)
    field = next((shape.name for shape in shapes_of(kind) if shape.kind == "text"), None)
    if chosen is None or field is None or sent.one(MORE) != CHOSEN:
        return sent
    typed = "\n".join(filter(None, (sent.one(field), chosen.text)))
    changed: Mapping[str, Sequence[str]] = {field: [typed], USED: [",".join([*used_in(sent), chosen.id])], CHOSEN: [""]}
    return Sent(fields={**sent.fields, **changed})


def chosen(words_id: str) -> Sent:
    """A form in which nothing is typed yet, and these words are to be put in: what a link asks for."""
    return Sent(fields={CHOSEN: [words_id], MORE: [CHOSEN]})


def used_in(sent: Sent) -> list[str]:
    """The ids of what was put in, to be counted once it is done."""
    return [one for one in sent.one(USED).split(",") if one]
