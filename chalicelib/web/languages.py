"""The language of what is said to people where no complaint says it: by the request's Accept-Language."""

from collections.abc import Iterator

from chalicelib.domain.vocabulary.terms import Locale

DEFAULT: Locale = "en"
"""For programs, whose logs are read by their own people; a consumer's default is that of complaints, zh-CN."""
OF_CONSUMERS: Locale = "zh-CN"
NATIVE: dict[Locale, str] = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}
"""What each language calls itself."""
TRADITIONAL = {"hant", "tw", "hk", "mo"}
MOST_RANGES = 20


def preferred(accepted: str, default: Locale) -> Locale:
    """The best of our languages by an Accept-Language header (RFC 9110), `default` if it names none of them."""
    ranked = sorted(_ranges(accepted), key=lambda one: -one[1])  # of equal weight, the first named
    return next((found for tag, weight in ranked if weight > 0 and (found := _ours(tag, default))), default)


def _ranges(accepted: str) -> Iterator[tuple[str, float]]:
    for one in accepted.split(",")[:MOST_RANGES]:
        tag, *parameters = (part.strip().lower() for part in one.split(";"))
        weight = next((part.removeprefix("q=") for part in parameters if part.startswith("q=")), "1")
        try:
            yield tag, float(weight)
        except ValueError:
            continue


def _ours(tag: str, default: Locale) -> Locale | None:
    """The language of ours that a range means: Chinese by its script, without one by its region."""
    language, *rest = tag.split("-")
    if language == "zh":
        return "zh-TW" if "hans" not in rest and TRADITIONAL & set(rest) else "zh-CN"
    others: dict[str, Locale] = {"en": "en", "*": default}
    return others.get(language)
