"""Whoever studies the policy and knows what is right: by HTTP, or looking at the questions of a page."""

import json
from functools import cache

from chalicelib.domain.policy import figures, versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.quiz import SECTIONS
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.vocabulary.terms import Locale
from tests.system.cast import Cast

POOL = {one.id: one for one in versions.packaged(Operating)[1].quiz}


def rules_of(cast: Cast, number: int) -> Rules:
    """A version as everybody can read it, who read it once."""
    return _rules_of(cast, cast.system.api, number)


@cache
def _rules_of(cast: Cast, api: str, number: int) -> Rules:
    said = cast.call("GET", f"/v1/policy/versions/{number}", cast.token("cs.lin")).body["rules"]
    return Rules.model_validate_json(json.dumps(said))


def right(question: str, rules: Rules, locale: Locale = "zh-CN") -> str:
    """The choice that is right, in words."""
    return figures.filled(POOL[question].right[locale], rules, locale)


def study(cast: Cast, who: str, number: int) -> None:
    """They open each chapter, and pass the quiz the first time."""
    path, rules = f"/v1/policy/versions/{number}/study", rules_of(cast, number)
    for section in SECTIONS:
        assert cast.call("GET", f"{path}/sections/{section}?lang=zh-CN", cast.token(who)).status == 200
    asked = cast.call("GET", f"{path}?lang=zh-CN", cast.token(who)).body["questions"]
    known = {one["id"]: {choice["text"]: choice["id"] for choice in one["choices"]} for one in asked}
    answers = {name: choices[right(name, rules)] for name, choices in known.items()}
    reply = cast.call("POST", path, cast.token(who), json={"answers": answers})
    assert reply.body["passed"], reply
