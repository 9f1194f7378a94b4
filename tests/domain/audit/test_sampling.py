"""How many an audit looks at, which, and what that says: the published tables, and a sample that nobody can choose and
everybody can draw again."""

import hashlib
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit import sampling
from chalicelib.domain.audit.sampling import Member

AUDIT, NONCE = "audit_2026Q4-1", "5f" * 32
PLAN = {"tolerable": 10, "confidence": 95, "deviations": 0}
HANDLERS = ("cs.chen", "cs.lin", "cs.wu", None)


def population(n: int, certain: int = 0) -> list[Member]:
    return [
        Member(
            f"complaint-{number:05}",
            HANDLERS[number % 7 % 4],
            "satisfied" if number % 3 else "no_response",
            ("danger",) if number < certain else (),
        )
        for number in range(n)
    ]


# ---- how many --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "tolerable", "sizes"),
    [
        (None, 10, (29, 46, 61)),
        (None, 5, (59, 93, 124)),
        (None, 20, (14, 22, 30)),
        (100, 10, (23, 36, 46)),
        (500, 10, (28, 44, 58)),
        (1_000_000, 10, (29, 46, 61)),
    ],
)
def test_the_sizes_are_those_of_the_table(of: int | None, tolerable: int, sizes: tuple[int, int, int]) -> None:
    assert tuple(sampling.size(of, tolerable, 95, deviations) for deviations in range(3)) == sizes


def test_of_a_population_that_is_too_small_all_are_looked_at() -> None:
    assert [sampling.size(n, 10, 95) for n in (0, 1, 5, 9)] == [0, 1, 5, 9]
    assert sampling.size(10, 10, 95) == 8
    assert sampling.size(3, 10, 95, 5) == 3


@given(st.integers(0, 90), st.integers(1, 50), st.integers(80, 99), st.integers(0, 5))
def test_what_was_planned_suffices_if_no_more_deviate_than_expected(
    of: int, tolerable: int, confidence: int, deviations: int
) -> None:
    n = sampling.size(of, tolerable, confidence, deviations)
    assert n <= of
    if n < of:
        assert sampling.result(deviations, n, of, tolerable, confidence).supported
        assert not sampling.result(deviations, n - 1, of, tolerable, confidence).supported


# ---- what that says --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "limits"),
    [
        (25, ("11.3", "17.7", "23.2")),
        (30, ("9.6", "14.9", "19.6")),
        (50, ("5.9", "9.2", "12.1")),
        (100, ("3.0", "4.7", "6.2")),
    ],
)
def test_limits_are_those_of_auditors_tables(n: int, limits: tuple[str, ...]) -> None:
    found = [sampling.upper_limit(deviating, n, None, 95) for deviating in range(3)]
    assert found == [Decimal(limit) for limit in limits]


def test_a_result_is_said_in_words_of_each_language() -> None:
    said = sampling.result(2, 46, None, 10, 95)
    assert sampling.in_words(said, 10, "en") == "2 of 46, upper limit 13.1 %, tolerable 10 %: not supported"
    assert sampling.in_words(said, 10, "zh-CN") == "46 件中 2 件不符，上限 13.1%，可容忍 10%：不足以认定符合制度"
    fine = sampling.result(1, 46, None, 10, 95)
    assert sampling.in_words(fine, 10, "zh-TW") == "46 件中有 1 件不符，上限 10.0%，可容忍 10%：可以認定符合制度"
    nobody = sampling.result(0, 0, 0, 10, 95)
    assert sampling.in_words(nobody, 10, "en") == "None was drawn by chance; nothing is concluded"


def test_where_all_were_looked_at_the_limit_is_what_was_found() -> None:
    assert sampling.upper_limit(1, 9, 9, 95) == Decimal("11.2")
    assert sampling.upper_limit(0, 9, 9, 95) == 0
    assert sampling.upper_limit(9, 9, 9, 95) == 100
    assert sampling.result(4, 40, 40, 10, 95).supported


def test_a_limit_of_a_large_population_is_that_of_an_infinite_one() -> None:
    assert sampling.upper_limit(2, 46, 10_000_000, 95) == sampling.upper_limit(2, 46, None, 95)
    assert sampling.upper_limit(2, 46, 200, 95) < sampling.upper_limit(2, 46, None, 95)


# ---- which -----------------------------------------------------------------------------------------------------------


def test_the_seed_is_what_is_written_down() -> None:
    ids = b"complaint-00000\ncomplaint-00001\n"
    hashed = hashlib.sha256(ids).hexdigest()
    drawn = sampling.draw(population(2), AUDIT, NONCE, **PLAN)
    assert drawn.population_hash == hashed
    assert drawn.seed == hashlib.sha256(f"{hashed}{AUDIT}{NONCE}".encode()).hexdigest()


def test_the_same_sample_comes_byte_for_byte_of_any_order() -> None:
    members = population(300, certain=3)
    mixed = random.Random(7).sample(members, len(members))
    documents = {
        sampling.as_bytes(sampling.draw(of, AUDIT, NONCE, **PLAN), AUDIT, NONCE, of) for of in (members, mixed)
    }
    assert [hashlib.sha256(one).hexdigest() for one in documents] == [
        "4da99dc7852b060480386bce95821f7529d0c3aece0c48255d7e1bb8d02f4683"
    ]


def test_another_nonce_draws_another_sample() -> None:
    one, another = (sampling.draw(population(300), AUDIT, nonce, **PLAN) for nonce in (NONCE, "a0" * 32))
    assert one.population_hash == another.population_hash
    assert {item.complaint_id for item in one.items} != {item.complaint_id for item in another.items}


def test_certain_ones_come_first_and_are_in_no_size() -> None:
    drawn = sampling.draw(population(300, certain=4), AUDIT, NONCE, **PLAN)
    assert [item.stratum for item in drawn.items[:4]] == ["certainty danger"] * 4
    assert (drawn.population, drawn.of, drawn.certain, drawn.planned) == (300, 296, 4, 27)
    assert not any(item.stratum.startswith("certainty") for item in drawn.items[4:])


def test_of_too_many_certain_ones_the_rest_stays_in_the_population() -> None:
    drawn = sampling.draw(population(260, certain=250), AUDIT, NONCE, **PLAN)
    assert (drawn.certain, drawn.of) == (200, 60)
    assert sum(of for of, _ in drawn.strata.values()) == 60


def test_all_of_a_small_population_are_drawn_and_nothing_of_none() -> None:
    assert sampling.draw(population(6), AUDIT, NONCE, **PLAN).size == 6
    assert sampling.draw([], AUDIT, NONCE, **PLAN).items == ()


def test_who_is_there_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        sampling.draw([*population(3), *population(1)], AUDIT, NONCE, **PLAN)


def test_the_size_is_shared_out_by_largest_remainder_and_a_small_stratum_has_one() -> None:
    assert sampling.shared_out({"a": 50, "b": 30, "c": 20}, 10) == {"a": 5, "b": 3, "c": 2}
    assert sampling.shared_out({"a": 55, "b": 35, "c": 10}, 10) == {"a": 6, "b": 3, "c": 1}
    assert sampling.shared_out({"a": 97, "b": 2, "c": 1}, 10) == {"a": 10, "b": 1, "c": 1}
    assert sampling.shared_out({"a": 3, "b": 1}, 9) == {"a": 3, "b": 1}


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 200), max_size=12), st.integers(0, 99))
def test_every_stratum_has_its_share_and_none_more_than_it_is(strata: dict[str, int], planned: int) -> None:
    shares, whole = sampling.shared_out(strata, planned), sum(strata.values())
    assert all(1 <= shares[name] <= of for name, of in strata.items())
    assert all(abs(shares[name] - min(planned, whole) * of / whole) <= 1 for name, of in strata.items())
    assert sum(shares.values()) >= min(planned, whole)


@given(st.integers(0, 120), st.integers(0, 30), st.integers(0, 2))
def test_the_sample_is_part_of_the_population_each_once(n: int, certain: int, deviations: int) -> None:
    members = population(n, certain)
    drawn = sampling.draw(members, AUDIT, NONCE, tolerable=10, confidence=95, deviations=deviations)
    ids = [item.complaint_id for item in drawn.items]
    assert len(set(ids)) == len(ids) == drawn.certain + drawn.size
    assert set(ids) <= {one.complaint_id for one in members}
    assert drawn.size >= drawn.planned
    assert {one.stratum for one in members[certain:]} <= {*drawn.strata}
