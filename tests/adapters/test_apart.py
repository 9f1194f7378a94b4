"""What is long of a record is kept apart from its head, and nothing of it is lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import TypeAdapter, ValidationError

from chalicelib.adapters.apart import IN_HEAD, MARK, SHORTEST, join, marked, split
from chalicelib.domain.complaint.submissions import Text5000

WORDS = some.text('裂a"\\\n𠮷 ', max_size=40).map(lambda text: text * 200)
THINGS = some.dictionaries(some.sampled_from("abc"), WORDS | some.integers() | some.lists(WORDS, max_size=3))
STATES = some.dictionaries(
    some.text("defghijklm", min_size=1, max_size=4), WORDS | some.none() | THINGS | some.lists(THINGS, max_size=8)
)


@given(STATES)
def test_a_state_in_two_is_the_same_put_together(content: dict[str, Any]):
    state = json.dumps(content, ensure_ascii=False)
    head, apart = split(state)
    assert json.loads(join(head, apart)) == content
    assert marked(head) == set(apart)
    assert split(state) == (head, apart), "what is once apart is found again where it was put"


@given(STATES)
def test_a_head_has_its_bound_unless_nothing_long_is_left_in_it(content: dict[str, Any]):
    head, apart = split(json.dumps(content, ensure_ascii=False))
    if len(head.encode()) > IN_HEAD:
        whole = json.loads(head)
        left = [one for part in whole.values() for one in (part if isinstance(part, list) else [part])]
        assert all(len(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode()) < SHORTEST for one in left)
    assert all(len(part.encode()) >= SHORTEST for part in apart.values())


def test_a_state_of_usual_length_is_whole_in_its_head():
    state = json.dumps({"description": "收到就是裂的", "clocks": [{"name": "stage"}]})
    assert split(state) == (state, {})
    assert not marked(state)


def test_a_part_that_is_lost_is_missed():
    head, _ = split(json.dumps({"description": "裂" * IN_HEAD}))
    with pytest.raises(KeyError):
        join(head, {})


def test_nobody_can_type_what_stands_for_a_part():
    with pytest.raises(ValidationError):
        TypeAdapter(Text5000).validate_python(f"{MARK}0123456789abcdef")
