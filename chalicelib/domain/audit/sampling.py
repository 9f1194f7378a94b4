"""What an audit looks at (6.3): how many of a population, which, and what may be concluded of them: see `METHOD`."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import comb
from typing import Any, NamedTuple

from chalicelib.domain.audit.audit import CERTAINTY, Drawn, Result
from chalicelib.domain.ground.chain import canonical
from chalicelib.domain.vocabulary.terms import Locale

MOST_CERTAIN = 200
METHOD = f"""Nobody can choose, everybody can recompute. All is integers and SHA-256, the same on every machine:

1. `population_hash` is the SHA-256 of the sorted ids, each followed by a line feed, in UTF-8.
2. `seed` is the SHA-256 of three ASCII strings, one behind the other with nothing between: population_hash, the audit's
   name, the nonce. All hashes are in lower-case hexadecimal, and so is the nonce.
3. The draw order is that of SHA-256(seed ‖ id), again of the strings, the smallest first.
4. Certainty: what is looked at in any case, at most {MOST_CERTAIN} by draw order; the rest is with the others.
5. The others are strata of handler and outcome. The size is shared out by them in proportion, by largest remainder, of
   equal ones the first by name; a stratum that would have none gets one besides. Of each the first are drawn.

What is concluded is about the others of 5, of which the population is large or small: limits are exact for its size
(hypergeometric), and without one for an infinite population (Clopper and Pearson's), from which that is hardly
different from some thousands on. The price of 4 and 5: a population in which more than {MOST_CERTAIN} are certain has
some of them examined by chance only, and small strata weigh a little more in the result than in the population.
"""
"""How it is drawn, exactly: what auditors are shown beside each sample."""
NOBODY = "-"
"""In the place of a handler: no plan was ever made."""
TENTHS = 1000
"""Limits are found in tenths of a per cent, and never below what they are exactly."""
_WORDS: Mapping[Locale, str] = {
    "zh-CN": "{size} 件中 {deviating} 件不符，上限 {limit}%，可容忍 {tolerable}%：{verdict}",
    "zh-TW": "{size} 件中有 {deviating} 件不符，上限 {limit}%，可容忍 {tolerable}%：{verdict}",
    "en": "{deviating} of {size}, upper limit {limit} %, tolerable {tolerable} %: {verdict}",
}
_NOBODY_DRAWN: Mapping[Locale, str] = {
    "zh-CN": "没有随机抽取的投诉，不作推断",
    "zh-TW": "沒有隨機抽取的申訴，不作推論",
    "en": "None was drawn by chance; nothing is concluded",
}
_VERDICTS: Mapping[bool, Mapping[Locale, str]] = {
    True: {"zh-CN": "可以认定符合制度", "zh-TW": "可以認定符合制度", "en": "supported"},
    False: {"zh-CN": "不足以认定符合制度", "zh-TW": "不足以認定符合制度", "en": "not supported"},
}


# ---- how many, and what that says ------------------------------------------------------------------------------------


def size(population: int | None, tolerable: int, confidence: int, deviations: int = 0) -> int:
    """The fewest of which so many deviations at most say, with that confidence, that no more than `tolerable` deviate;
    both in per cent. `population` None: of infinitely many. Of one that is too small for that, all."""

    def is_enough(n: int) -> bool:
        if population is None:
            return _is_rare(deviations, n, tolerable, 100, confidence)
        return _is_rare_of(deviations, n, population * tolerable // 100 + 1, population, confidence)

    if population is not None and (population <= deviations or not is_enough(population)):
        return population
    most = deviations + 1
    while not is_enough(most):
        most = 2 * most if population is None else min(2 * most, population)
    return _first(is_enough, deviations + 1, most)


def upper_limit(deviating: int, n: int, population: int | None, confidence: int) -> Decimal:
    """Not more of a population deviate than so many per cent, with that confidence, where `deviating` of `n` do:
    2 of 46 → 13.1. One decimal, rounded up; so it is above `tolerable` if and only if what is exact is. `population`
    None: of infinitely many. Of nothing: 0."""
    if not n or deviating == n:
        return _per_cent(TENTHS if n and (population is None or population > 0) else 0)
    if population is None:
        return _per_cent(_first(lambda p: _is_rare(deviating, n, p, TENTHS, confidence), 0, TENTHS))
    too_many = _first(
        lambda bad: _is_rare_of(deviating, n, bad, population, confidence), deviating, population - n + deviating + 1
    )
    return _per_cent(-(-TENTHS * (too_many - 1) // population))


def result(deviating: int, n: int, population: int | None, tolerable: int, confidence: int) -> Result:
    """What a sample says. `population`: what it was drawn of by chance."""
    limit = upper_limit(deviating, n, population, confidence)
    return Result(size=n, deviating=deviating, limit=limit, supported=limit <= tolerable)


def in_words(said: Result, tolerable: int, locale: Locale) -> str:
    """ "2 of 46, upper limit 13.1 %, tolerable 10 %: not supported"."""
    if not said.size:
        return _NOBODY_DRAWN[locale]
    return _WORDS[locale].format(
        size=said.size,
        deviating=said.deviating,
        limit=said.limit,
        tolerable=tolerable,
        verdict=_VERDICTS[said.supported][locale],
    )


def _per_cent(tenths: int) -> Decimal:
    return Decimal(tenths).scaleb(-1)


def _is_rare(deviating: int, n: int, share: int, whole: int, confidence: int) -> bool:
    """Whether so few of n are found by less than 1 - confidence, where share ÷ whole deviate."""
    ways = sum(comb(n, k) * share**k * (whole - share) ** (n - k) for k in range(deviating + 1))
    return bool(ways * 100 <= (100 - confidence) * whole**n)


def _is_rare_of(deviating: int, n: int, bad: int, population: int, confidence: int) -> bool:
    """The same where exactly `bad` of a population do."""
    ways = sum(comb(bad, k) * comb(population - bad, n - k) for k in range(min(deviating, n) + 1))
    return ways * 100 <= (100 - confidence) * comb(population, n)


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """From where on something holds that holds at `high`."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return high


# ---- which -----------------------------------------------------------------------------------------------------------


class Member(NamedTuple):
    """One of a population. `handler`: who held its last planning stage; `certain`: why it is looked at in any case;
    `closure`: which of its closures is, from 1."""

    complaint_id: str
    handler: str | None
    outcome: str
    certain: tuple[str, ...] = ()
    closure: int = 1

    @property
    def stratum(self) -> str:
        return f"{self.handler or NOBODY} {self.outcome}"


class Draw(NamedTuple):
    """A sample. `planned`: the size that was to be shared out; `size`: of what was drawn by chance of `of`, the
    population without the `certain` ones; `strata`: of how many each is, and how many were drawn. `items`: certain
    ones first, each in draw order."""

    population: int
    population_hash: str
    seed: str
    planned: int
    size: int
    of: int
    certain: int
    strata: Mapping[str, tuple[int, int]]
    items: tuple[Drawn, ...]


def population_hash(ids: Iterable[str]) -> str:
    """Raises ValueError if one comes twice."""
    return hashlib.sha256(listed(ids)).hexdigest()


def listed(ids: Iterable[str]) -> bytes:
    """The document of a population: its ids sorted, one a line. Raises ValueError if one comes twice."""
    known = sorted(ids)
    if any(one == another for one, another in pairwise(known)):
        raise ValueError("one is there twice")
    return "".join(f"{one}\n" for one in known).encode()


def seed_of(population_hash: str, audit: str, nonce: str) -> str:
    return hashlib.sha256(f"{population_hash}{audit}{nonce}".encode("ascii")).hexdigest()


def draw(
    members: Iterable[Member], audit: str, nonce: str, *, tolerable: int, confidence: int, deviations: int = 0
) -> Draw:
    """A sample of a population, in whatever order that comes. Raises ValueError if somebody is in it twice."""
    everybody = list(members)
    hashed = population_hash(one.complaint_id for one in everybody)
    seed = seed_of(hashed, audit, nonce)
    everybody.sort(key=lambda one: _turn(seed, one.complaint_id))
    certain = [one for one in everybody if one.certain][:MOST_CERTAIN]
    taken = {one.complaint_id for one in certain}
    others = [one for one in everybody if one.complaint_id not in taken]
    strata: dict[str, list[Member]] = {}
    for one in others:
        strata.setdefault(one.stratum, []).append(one)
    planned = size(len(others), tolerable, confidence, deviations)
    shares = shared_out({name: len(of) for name, of in strata.items()}, planned)
    drawn = {one.complaint_id for name, of in strata.items() for one in of[: shares[name]]}
    items = [Drawn(complaint_id=one.complaint_id, stratum=" ".join((CERTAINTY, *one.certain))) for one in certain]
    items += [Drawn(complaint_id=one.complaint_id, stratum=one.stratum) for one in others if one.complaint_id in drawn]
    return Draw(
        population=len(everybody),
        population_hash=hashed,
        seed=seed,
        planned=planned,
        size=len(drawn),
        of=len(others),
        certain=len(certain),
        strata={name: (len(strata[name]), shares[name]) for name in sorted(strata)},
        items=tuple(items),
    )


def shared_out(strata: Mapping[str, int], planned: int) -> dict[str, int]:
    """How many are drawn of strata of these sizes: in proportion, by largest remainder, of each one at least."""
    whole = sum(strata.values())
    if planned >= whole:
        return dict(strata)
    shares = {name: divmod(planned * of, whole) for name, of in strata.items()}
    left = planned - sum(share for share, _ in shares.values())
    by_remainder: Sequence[str] = sorted(shares, key=lambda name: (-shares[name][1], name))
    more = frozenset(by_remainder[:left])
    return {name: max(1, share + (name in more)) for name, (share, _) in shares.items()}


def _turn(seed: str, complaint_id: str) -> str:
    return hashlib.sha256(f"{seed}{complaint_id}".encode()).hexdigest()


def as_bytes(drawn: Draw, audit: str, nonce: str, members: Iterable[Member], beside: Mapping[str, Any] = {}) -> bytes:
    """The document of a sample, as it is kept: what was drawn, and all by which it can be drawn again: of each member
    its stratum, its closure, and why it is certain, if it is. `beside`: what else is frozen with it."""
    facts = {one.complaint_id: [one.stratum, str(one.closure), *one.certain] for one in members}
    written = drawn._asdict() | {
        "audit": audit,
        "nonce": nonce,
        "items": [[one.complaint_id, one.stratum] for one in drawn.items],
        "strata": {name: list(of) for name, of in drawn.strata.items()},
        "members": facts,
        **beside,
    }
    return canonical(written)
