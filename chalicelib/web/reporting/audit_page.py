"""The report of an audit as a document that one can read and print (6.3): one page of HTML that needs nothing else.

It names nobody, as what it is made of does not. What its words are stands in `words/<locale>.json`, under `audit.`.
"""

from chalicelib.domain.audit import checks, documents, population, sampling
from chalicelib.domain.audit.documents import AuditDocument, Counted
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.supervision.figures import Period
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale

from .document import environment, style
from .reading import Reading

STEPS = range(1, 6)
COUNTED = 6
RULES = {rule.id: rule for rule in checks.CATALOGUE}


def as_html(said: AuditDocument, locale: Locale, policy: Policy) -> str:
    """The page, in a language; `web.markup.secured` has the header for it. `policy`: in whose zone times are said."""
    return _rendered("audit.html", said, _reading(locale, policy), style=style())


def as_part(said: AuditDocument, locale: Locale, policy: Policy) -> str:
    """What stands on that page below its heading, in markup, for another page to have within an element of the class
    `document`; `document.style_of_part` is its style."""
    return _rendered("audit_main.html", said, _reading(locale, policy))


def title(said: AuditDocument, locale: Locale, policy: Policy) -> str:
    say = _reading(locale, policy)
    return say("audit.title", period=quarter(said.period, say))


def _reading(locale: Locale, policy: Policy) -> Reading:
    return Reading(locale, policy.time_zone, policy.operating.causes)


def _rendered(template: str, said: AuditDocument, say: Reading, **more: str) -> str:
    return (
        environment()
        .get_template(template)
        .render(
            say=say,
            said=said,
            period=quarter(said.period, say),
            days=say.days(Period(kind="half_yearly", name=said.period, first=said.first, last=said.last)),
            departments=_listed([spoken.DEPARTMENTS[one][say.locale] for one in said.departments], say.locale),
            categories=_listed([spoken.CATEGORIES[one][say.locale] for one in said.categories], say.locale),
            words=sampling.in_words(said.result, said.tolerable, say.locale),
            verdict="supported" if said.result.supported else "not_supported",
            states={name: of[say.locale] for name, of in spoken.FINDING_STATES.items()},
            severities={name: of[say.locale] for name, of in spoken.SEVERITIES.items()},
            department={name: of[say.locale] for name, of in spoken.DEPARTMENTS.items()},
            looks_for={one.rule: _sentence(one.rule, say.locale) for one in said.rules},
            limit=lambda counted: _limit(counted, say),
            least=population.SHARES_FROM,
            shares=checks.SHARES,
            steps=STEPS,
            counted=COUNTED,
            hash=documents.hash_of(said),
            **more,
        )
    )


def quarter(period: str, say: Reading) -> str:
    year, which = period.split("Q")
    return say("audit.quarter", year=year, which=say(f"audit.quarter.{which}"))


def _sentence(rule: str, locale: Locale) -> str:
    """What it looks for; nothing of a rule that is no more."""
    return RULES[rule].looks_for[locale] if rule in RULES else ""


def _limit(counted: Counted, say: Reading) -> str:
    return say("audit.few") if counted.limit is None else f"{counted.limit}%"


def _listed(names: list[str], locale: Locale) -> str:
    return (", " if locale == "en" else "、").join(names)
