"""A merge patch makes a whole policy of its base, or is refused by field and reason."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.governance import changes, wording
from chalicelib.domain.ground.errors import Invalid
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.vocabulary import refusals
from chalicelib.domain.vocabulary.refusals import LOCALES

from .amended import OPERATING, RULES, documents

APPENDIX = [
    ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
    ('{"a":"b"}', '{"a":null}', "{}"),
    ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
    ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
    ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
    ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
    ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
    ('["a","b"]', '["c","d"]', '["c","d"]'),
    ('{"a":"b"}', '["c"]', '["c"]'),
    ('{"a":"foo"}', "null", "null"),
    ('{"a":"foo"}', '"bar"', '"bar"'),
    ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
    ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
    ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
]
"""The examples of RFC 7396, appendix A."""
ALL = dict.fromkeys(LOCALES, "名")
QUESTION = {"section": "4", "asks": ALL, "right": ALL, "wrong": [dict.fromkeys(LOCALES, one) for one in "乙丙"]}
RUNG = {"kind": "reminder", "tell": ["supervisor"], "hours_before_due": 4}


@pytest.mark.parametrize(("target", "patch", "result"), APPENDIX)
def test_a_patch_is_merged_as_the_standard_says(target: str, patch: str, result: str) -> None:
    assert changes.merged(json.loads(target), json.loads(patch)) == json.loads(result)


def faults(patch: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        documents(patch)
    for fault in refusal.value.faults:
        assert all(refusals.said_of_field(fault, locale) for locale in LOCALES)
    return [(fault.field, fault.code) for fault in refusal.value.faults]


def ladder(name: str, *rungs: Any) -> dict[str, Any]:
    return {"ladders": {name: list(rungs)}}


def words_of_danger(*any_: str, **more: Any) -> dict[str, Any]:
    return {"triage": [{"tier": "act", "locale": "zh-CN", "any": list(any_)} | more]}


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "changes", "changes_nothing"),
    ({"version": 9}, "changes.version", "given_by_announcement"),
    ({"effective_from": None}, "changes.effective_from", "given_by_announcement"),
    ({"link_days": 1, "quiz": []}, "changes", "rules_and_operating_apart"),
    ({"link_dyas": 1}, "changes.link_dyas", "unknown_field"),
    ({"clocks": {"recieved": {"hours": 1}}}, "changes.clocks.recieved", "unknown_field"),
    ({"waking_hours": {"start": "09:00"}}, "changes.waking_hours.start", "unknown_field"),
    (ladder("received", RUNG | {"loud": True}), "changes.ladders.received.0.loud", "unknown_field"),
    ({"title": None}, "changes.title", "missing"),
    ({"clocks": {"received": None}}, "changes.clocks.received", "missing"),
    ({"clocks": {"received": {"starts": None}}}, "changes.clocks.received.starts", "missing"),
    ({"ladders": {"planning": None}}, "changes.ladders.planning", "missing"),
    ({"causes": {"undetermined": None}}, "changes.causes.undetermined", "missing"),
    ({"title": 5}, "changes.title", "not_text"),
    ({"title": "   "}, "changes.title", "missing"),
    ({"title": "长" * 201}, "changes.title", "too_long"),
    ({"title": "a\nb"}, "changes.title", "control_characters"),
    ({"title": "\u202eretsop"}, "changes.title", "turning_marks"),
    ({"title": "\ud800"}, "changes.title", "not_text"),
    ({"title": "sha256:" + "0" * 64}, "changes.title", "like_a_digest"),
    ({"link_days": "180"}, "changes.link_days", "not_a_whole_number"),
    ({"link_days": 180.0}, "changes.link_days", "not_a_whole_number"),
    ({"link_days": True}, "changes.link_days", "not_a_whole_number"),
    ({"link_days": 10**9}, "changes.link_days", "number_too_large"),
    ({"link_days": 10**5_000}, "changes.link_days", "number_too_large"),
    ({"link_days": [1]}, "changes.link_days", "not_a_whole_number"),
    ({"reopenings": -1}, "changes.reopenings", "number_too_small"),
    ({"coded_facts": "yes"}, "changes.coded_facts", "not_true_or_false"),
    ({"coded_facts": 1}, "changes.coded_facts", "not_true_or_false"),
    ({"clocks": 5}, "changes.clocks", "not_an_object"),
    ({"legal_categories": "other"}, "changes.legal_categories", "not_a_list"),
    ({"legal_categories": ["others"]}, "changes.legal_categories.0", "not_listed"),
    ({"interpreter": "oracle"}, "changes.interpreter", "not_listed"),
    ({"country": "ZZ"}, "changes.country", "not_listed"),
    ({"time_zone": "Mars/Base"}, "changes.time_zone", "unknown_time_zone"),
    ({"time_zone": "Asia"}, "changes.time_zone", "unknown_time_zone"),
    ({"time_zone": "../../etc/passwd"}, "changes.time_zone", "unknown_time_zone"),
    ({"close_of_business": "11:00"}, "changes.close_of_business", "closes_before_noon"),
    ({"close_of_business": "half past six"}, "changes.close_of_business", "not_a_time_of_day"),
    ({"close_of_business": "18:00+08:00"}, "changes.close_of_business", "not_a_time_of_day"),
    ({"close_of_business": 64_800}, "changes.close_of_business", "not_a_time_of_day"),
    ({"survey": {"at": "64800"}}, "changes.survey.at", "not_a_time_of_day"),
    ({"waking_hours": {"begin": "22:00"}}, "changes.waking_hours.end", "ends_before_it_begins"),
    ({"clocks": {"received": {"days": 1}}}, "changes.clocks.received", "one_length"),
    ({"clocks": {"received": {"hours": None}}}, "changes.clocks.received", "one_length"),
    ({"amendments": {"notice_days": 6}}, "changes.amendments.notice_days", "number_too_small"),
    (ladder("received", RUNG | {"on_last_day": True}), "changes.ladders.received.0", "one_moment"),
    (ladder("received", RUNG | {"on_last_day": False}), "changes.ladders.received.0.on_last_day", "not_listed"),
    (ladder("received", RUNG | {"tell": ["system"]}), "changes.ladders.received.0.tell.0", "not_listed"),
    (
        ladder("planning", {"kind": "reminder", "tell": [], "every_working_day": True}),
        "changes.ladders.planning.0",
        "every_day_comes_last",
    ),
    (
        ladder("received", {"kind": "lapse", "tell": [], "at_due": True}),
        "changes.ladders.received.0.kind",
        "not_listed",
    ),
    (
        ladder("received", {"kind": "nudge", "tell": ["consumer"], "working_days_after_entry": 1}),
        "changes.ladders.received.0.kind",
        "not_listed",
    ),
    (ladder("awaiting_consumer", RUNG), "changes.ladders.awaiting_consumer.0.kind", "not_listed"),
    (
        ladder("received", {"kind": "breach", "tell": [], "hours_after_due": 1}),
        "changes.ladders.received.0",
        "alarm_not_at_due",
    ),
    (ladder("information"), "changes.ladders.information", "alarm_needed"),
    ({"extra_holidays": ["2026-02-30"]}, "changes.extra_holidays.0", "not_a_day"),
    ({"extra_holidays": ["20261001"]}, "changes.extra_holidays.0", "not_a_day"),
    ({"extra_holidays": ["86400"]}, "changes.extra_holidays.0", "wrong_form"),
    ({"extra_holidays": [86_400]}, "changes.extra_holidays.0", "not_text"),
    (
        {"extra_holidays": ["2026-12-01"], "extra_working_days": ["2026-12-01"]},
        "changes.extra_working_days",
        "day_off_too",
    ),
    ({"routing": {"other": {"department": "legal"}}}, "changes.routing.other.question", "question_needed"),
    (
        {"routing": {"delivery": {"department": "customer_service"}}},
        "changes.routing.delivery.question",
        "question_to_ourselves",
    ),
    ({"routing": {"gifts": {"department": "customer_service"}}}, "changes.routing.gifts", "unknown_field"),
    ({"quiz": [QUESTION | {"id": "one"}] * 2}, "changes.quiz.1.id", "name_twice"),
    ({"causes": {"New Cause": {}}}, "changes.causes", "odd_names"),
    (words_of_danger("割|划"), "changes.triage.0.any.0", "word_not_understood"),
    (words_of_danger("~保护"), "changes.triage.0.any.0", "word_like_an_exception"),
    (words_of_danger("…麻"), "changes.triage.0.any.0", "gaps_misplaced"),
    (words_of_danger("(很|)(|太)"), "changes.triage.0.any.0", "nothing_sure"),
    (words_of_danger("麻", unless=["麻"]), "changes.triage.0.unless.0", "exception_without_its_word"),
    (words_of_danger(), "changes.triage.0.any", "too_few"),
    ({"triage": [{"tier": "panic", "locale": "zh-CN", "any": ["麻"]}]}, "changes.triage.0.tier", "not_listed"),
    ({"triage_unless": ["x" * 99_999]}, "changes", "document_too_large"),
    ({"quiz": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}, "changes.quiz.0.0.0.0.0.0.0.0", "too_deep"),
]


@pytest.mark.parametrize(("patch", "field", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_makes_no_whole_policy_is_refused_by_field_and_why(patch: dict[str, Any], field: str, code: str) -> None:
    assert faults(patch) == [(field, code)]


def test_no_depth_of_nesting_brings_it_down() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    assert [code for _, code in faults({"quiz": deep})] == ["too_deep"]


def test_an_hour_may_become_days_by_naming_both() -> None:
    _, after = documents({"clocks": {"received": {"hours": None, "working_days": 1}}})
    assert after.clocks["received"].model_dump(exclude_none=True) == {"starts": "receipt", "working_days": 1}


def test_a_null_brings_a_default_back() -> None:
    _, more = documents({"study": {"tries_a_day": 9}, "close_of_business": "18:00"})
    back = changes.whole(more, {"study": None, "close_of_business": None})
    assert changes.differences(RULES, back) == []


def test_the_hash_is_of_the_content_and_not_of_number_and_date() -> None:
    later = RULES.model_copy(update={"version": 7})
    assert changes.hash_of(later, OPERATING) == changes.hash_of(RULES, OPERATING)
    _, other = documents({"link_days": 181})
    assert changes.hash_of(other, OPERATING) != changes.hash_of(RULES, OPERATING)


def test_of_questions_nobody_is_shown_the_answers() -> None:
    spoken = dict.fromkeys(LOCALES, "?")
    quiz = [{"id": "one", "section": "4", "asks": spoken, "right": spoken, "wrong": QUESTION["wrong"]}]
    assert changes.patch_shown({"quiz": quiz, "alarms": {}}) == {
        "quiz": [{"id": "one", "section": "4", "asks": spoken}],
        "alarms": {},
    }
    [worded] = wording.worded(*documents({"quiz": quiz}), "en")
    assert "right" not in json.dumps(worded)


# ---- any sequence of patches -----------------------------------------------------------------------------------------

NUMBERS = st.integers(1, 60)
MOMENTS = st.sampled_from(["hours_before_due", "hours_after_due", "working_days_after_due"])
ROLES = st.lists(st.sampled_from(["customer_service", "supervisor", "management", "asked"]), max_size=3, unique=True)
RUNGS = st.builds(lambda moment, n, tell: {"kind": "reminder", "tell": tell, moment: n}, MOMENTS, NUMBERS, ROLES)
CLOCKS = st.builds(
    lambda unit, n, starts: dict.fromkeys(("hours", "days", "working_days")) | {unit: n, "starts": starts},
    st.sampled_from(["hours", "days", "working_days"]),
    NUMBERS,
    st.sampled_from(["receipt", "entry"]),
)
OF_RULES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["甲", "乙"]),
        "link_days": NUMBERS,
        "close_of_business": st.sampled_from([None, "17:30", "18:00"]),
        "waking_hours": st.sampled_from([{"begin": "09:00"}, {"end": "20:00"}]),
        "clocks": st.dictionaries(st.sampled_from(["received", "planning", "safety_call"]), CLOCKS, max_size=2),
        "ladders": st.dictionaries(st.sampled_from(["received", "inquiry"]), st.lists(RUNGS, max_size=3), max_size=2),
        "legal_categories": st.lists(st.sampled_from(["other", "delivery"]), max_size=3),
        "legal_basis": st.lists(st.sampled_from(["甲法", "乙法"]), max_size=3),
        "coded_facts": st.booleans(),
        "survey": st.sampled_from([None, {"at": "11:00"}, {"after_days": 9}]),
        "study": st.sampled_from([None, {"questions": 9}, {"unstudied_get_none": True}]),
    },
)
CAUSE = {"names": ALL, "association": "其他", "gbt42499": {"nearest": "其他"}}
OF_OPERATING = st.fixed_dictionaries(
    {},
    optional={
        "routing": st.dictionaries(
            st.sampled_from(["other", "delivery"]),
            st.sampled_from([None, {"department": "legal", "question": "何？"}]),
            max_size=2,
        ),
        "triage": st.lists(
            st.sampled_from(
                [{"tier": tier, "locale": "en", "any": [word]} for tier in ("act", "look") for word in "ab"]
            ),
            max_size=4,
        ),
        "extra_holidays": st.lists(st.dates().map(str), max_size=3),
        "notices_a_day": st.sampled_from([None, {"sms": 5}]),
        "causes": st.dictionaries(
            st.sampled_from(["new.one", "product.safety"]),
            st.sampled_from([None, CAUSE, CAUSE | {"association": "安全"}, {"names": ALL | {"en": "Name"}} | CAUSE]),
            max_size=2,
        ),
        "quiz": st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(
            lambda ids: [QUESTION | {"id": one} for one in ids]
        ),
    },
)


@settings(max_examples=60, deadline=None)
@given(
    patches=st.one_of(st.lists(OF_RULES, max_size=4), st.lists(OF_OPERATING, max_size=4)),
    locale=st.sampled_from(LOCALES),
)
def test_whatever_is_amended_every_difference_has_words_and_nothing_else_has(patches: list[Any], locale: Any) -> None:
    base: Any = OPERATING if any(patch.keys() & Operating.model_fields.keys() for patch in patches) else RULES
    after = base
    for patch in patches:
        try:
            after = changes.whole(after, patch)
        except Invalid:  # then it stays as it was
            continue
    found = changes.differences(base, after)
    assert (found == []) == (changes.digest(base) == changes.digest(after))
    worded = wording.worded(base, after, locale)
    paths = tuple(one.path for one in worded)
    assert [one.path for one in found if not any(f"{one.path}.".startswith(f"{path}.") for path in paths)] == []
    assert [path for path in paths if not any(f"{one.path}.".startswith(f"{path}.") for one in found)] == []
    assert all(one.words.strip() and one.before != one.after for one in worded)
    assert bool(found) == bool(wording.concerned(found))
