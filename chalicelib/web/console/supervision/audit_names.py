"""What an audit, its stages and its parts are called on its pages."""

from typing import Any

from chalicelib.domain.audit.audit import STAGE_NAMES
from chalicelib.domain.vocabulary import spoken
from chalicelib.web.pages.speech import Speech


def quarter(period: str, say: Speech) -> str:
    """What a quarter is called: "2026Q3"."""
    year, _, which = period.partition("Q")
    return str(say("audits.quarter", year=year, which=which))


def called(audit: str, say: Speech, finding: str = "") -> str:
    """What people call an audit, or a finding of it, that is known by its id: "audit_2026Q4-1"."""
    name = say("audits.of", quarter=quarter(audit.removeprefix("audit_").partition("-")[0], say))
    return str(say("findings.earlier", audit=name, number=finding) if finding else name)


def names(say: Speech) -> dict[str, Any]:
    """What templates call quarters, stages, departments, categories, outcomes."""
    called = {
        "stages": STAGE_NAMES,
        "departments": spoken.DEPARTMENTS,
        "categories": spoken.CATEGORIES,
        "outcomes": spoken.ENDS,
    }
    in_words = {name: {value: one[say.locale] for value, one in of.items()} for name, of in called.items()}
    return {
        **in_words,
        "quarter": lambda period: quarter(period, say),
        "called": lambda values, of: say.listed(of[one] for one in values),
    }
