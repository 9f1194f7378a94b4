"""How a page speaks to a reader: sentences by their keys, values in their places, times as browsers read them too."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.ground.instants import written
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale

from .page import packaged

if TYPE_CHECKING:
    from markupsafe import Markup

Value = str | int | datetime
Sentence = tuple[str, dict[str, Value]]
"""The key of one, and its values."""


@cache
def words(locale: Locale) -> Mapping[str, str]:
    """The sentences of what the consumer reads about a complaint, by key; {values} stand in braces."""
    read: dict[str, str] = json.loads(packaged(f"words/content.{locale}.json"))
    return read


@cache
def _plain(read: Callable[[Locale], Mapping[str, str]], locale: Locale, key: str) -> "Markup":
    from markupsafe import Markup

    return Markup(read(locale)[key])  # noqa: S704 — the sentences are ours


class Speech(NamedTuple):
    """In the language of `locale`, in the local time of `zone`. Whatever a value holds, it is text and no markup.

    `read`: the sentences of a language, by key.
    """

    locale: Locale
    zone: str
    read: Callable[[Locale], Mapping[str, str]] = words

    def __call__(self, key: str, /, **values: Value) -> "Markup":
        """A sentence."""
        if not values:
            return _plain(self.read, self.locale, key)
        from markupsafe import Markup

        said = {name: self.time(one) if isinstance(one, datetime) else one for name, one in values.items()}
        return Markup(self.read(self.locale)[key]).format(**said)  # noqa: S704 — the sentences are ours, format escapes the values

    def tell(self, sentence: Sentence) -> "Markup":
        key, values = sentence
        return self(key, **values)

    def knows(self, key: str) -> bool:
        return key in self.read(self.locale)

    def time(self, moment: datetime) -> "Markup":
        from markupsafe import Markup

        said = spoken.spoken(moment, self.locale, self.zone)
        return Markup('<time datetime="{}">{}</time>').format(written(moment), said)

    def day(self, day: date) -> str:
        return spoken.spoken_date(day, self.locale)

    def apart(self, typed: str) -> "Markup":
        """What somebody typed, for a sentence that it stands in: whichever way it runs, the rest of that does not."""
        from markupsafe import Markup

        return Markup("<bdi>{}</bdi>").format(typed)

    def listed(self, names: Iterable[str]) -> str:
        """Several names, one after the other."""
        return (", " if self.locale == "en" else "、").join(names)

    def mail(self, address: str) -> "Markup":
        from markupsafe import Markup

        return Markup('<a href="mailto:{0}">{0}</a>').format(address)

    def period(self, length: int, unit: str = "days") -> str:
        return spoken.period(length, unit, self.locale)
