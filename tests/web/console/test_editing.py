"""Rules of the policy as forms: each can be filled in, and what is typed is a merge patch of what has changed."""

from typing import Any

import pytest

from chalicelib.domain.governance import changes
from chalicelib.domain.ground.errors import Invalid, NotFound
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.web.console import forms
from chalicelib.web.console.door import Sent
from chalicelib.web.console.forms import Field
from chalicelib.web.console.policy import editing
from chalicelib.web.languages import NATIVE

from .filled import speech

DOCUMENTS = {kind: versions.packaged(kind)[max(versions.packaged(kind))] for kind in (Rules, Operating)}
PATHS = {
    one.path: kind
    for kind, whole in DOCUMENTS.items()
    for group in editing.groups(whole, "en")
    for one in (group.rules[:2] if group.adds else group.rules)
}
"""Of long lists the first two."""


def typed(path: str, content: Any, **beside: Any) -> Sent:
    """The form as it begins, with this typed over it."""
    began = (
        editing.begun(path, DOCUMENTS[editing.kind_of(path)]) if "." in path or path not in editing.LISTED else Sent()
    )
    return Sent(fields={**began.fields, **forms.sent_of({editing.RULE: content, **beside}).fields})


def patch_of(path: str, content: Any, **beside: Any) -> dict[str, Any]:
    whole = DOCUMENTS[editing.kind_of(path)]
    return editing.changed(path, whole, whole, typed(path, content, **beside))


def every(fields: list[Field]) -> list[Field]:
    return [one for field in fields for one in (field, *every([*field.fields]))]


def test_a_form_sent_as_it_began_changes_nothing() -> None:
    for path, kind in PATHS.items():
        assert editing.changed(path, DOCUMENTS[kind], DOCUMENTS[kind], editing.begun(path, DOCUMENTS[kind])) == {}, path


def test_each_field_of_each_rule_is_called_something_in_each_language() -> None:
    for locale in NATIVE:
        say = speech(locale)
        for path, kind in {**PATHS, **dict.fromkeys(editing.LISTED, Operating)}.items():
            for field in every(editing.fields(path, DOCUMENTS[kind], say)):  # type: ignore[arg-type]
                assert locale == "en" or field.name == editing.RULE or not field.label.isascii(), (
                    path,
                    field.name,
                    locale,
                )
                names = [name for value, name in field.options if value and value == name and not value[0].isdigit()]
                assert not names or (locale != "en" and not names[0].isascii()), (path, field.name, names)


@pytest.mark.parametrize(
    ("path", "content", "patch"),
    [
        ("clocks.received", {"length": 12}, {"clocks": {"received": {"hours": 12}}}),
        (
            "clocks.received",
            {"length": 2, "unit": "working_days"},
            {"clocks": {"received": {"hours": None, "working_days": 2}}},
        ),
        ("link_days", 90, {"link_days": 90}),
        ("waking_hours", {"begin": "09:00"}, {"waking_hours": {"begin": "09:00:00"}}),
        ("close_of_business", "18:00", {"close_of_business": "18:00:00"}),
        ("coded_facts", "false", {"coded_facts": False}),
        ("extra_holidays", "2026-12-31\n\n2027-01-04", {"extra_holidays": ["2026-12-31", "2027-01-04"]}),
        ("routing.other", {"department": "legal", "question": "请核查。"}, None),
    ],
)
def test_what_is_typed_is_a_patch_of_what_has_changed(path: str, content: Any, patch: Any) -> None:
    assert patch_of(path, content) == (patch or {"routing": {"other": content}})


def test_an_alarm_moves_and_another_is_taken_away() -> None:
    ladder = changes.plain(DOCUMENTS[Rules])["ladders"]["received"]
    patch = patch_of("ladders.received", [{"length": 6}, {}, {"kind": ""}])
    assert patch == {"ladders": {"received": [{**ladder[0], "hours_before_due": 6}, *ladder[1:2], *ladder[3:]]}}


def test_what_makes_no_rule_is_said_beside_its_field() -> None:
    for path, content, field in (
        ("clocks.received", {"length": 0}, "rule.length"),
        ("clocks.received", {"length": ""}, "rule.length"),
        ("link_days", "soon", "rule"),
        ("waking_hours", {"begin": "22:00"}, "rule.end"),
        ("ladders.received", [{"length": 5000}], "rule.0.length"),
        ("triage.0", {"any": "漏电\n~保护"}, "rule.any"),
        ("triage_unless", "没~\n不会", "rule"),
    ):
        with pytest.raises(Invalid) as refusal:
            patch_of(path, content)
        assert [one.field for one in refusal.value.faults] == [field], path


def test_a_patch_keeps_what_the_draft_changes_besides() -> None:
    base = DOCUMENTS[Rules]
    drafted = changes.whole(base, {"link_days": 90})
    both = editing.changed("clocks.received", base, drafted, typed("clocks.received", {"length": 12}))
    assert both == {"link_days": 90, "clocks": {"received": {"hours": 12}}}
    drafted = changes.whole(base, both)
    assert editing.changed("link_days", base, drafted, typed("link_days", 180)) == {
        "clocks": {"received": {"hours": 12}}
    }


def test_of_a_question_no_answer_is_shown_and_what_is_not_said_stays() -> None:
    question = next(one for one in changes.plain(DOCUMENTS[Operating])["quiz"] if one["section"] == "1")
    path = f"quiz.{question['id']}"
    shown = every(editing.fields(path, DOCUMENTS[Operating], speech()))
    for answer in (question["right"], *question["wrong"]):
        assert not {*answer.values()} & {field.value for field in shown}
    (pool,) = patch_of(path, {"asks": {"en": "What?"}}).values()
    assert question | {"asks": question["asks"] | {"en": "What?"}} in pool
    (pool,) = patch_of(path, {}, removed="on").values()
    assert question["id"] not in [one["id"] for one in pool]


def test_something_new_is_added_to_a_long_list() -> None:
    new = {"id": "thanks", "department": "legal", "locale": "en", "name": "Thanks", "text": "Thank you."}
    assert patch_of("canned_words", new)["canned_words"][-1] == new
    row = {"tier": "act", "locale": "en", "any": "gas leak\nsmells of gas"}
    assert patch_of("triage", row)["triage"][-1]["any"] == ["gas leak", "smells of gas"]
    cause = {
        "names": {"zh-CN": "新", "zh-TW": "新", "en": "New"},
        "association": "质量",
        "gbt42499": {"nearest": "质量"},
    }
    assert patch_of("causes", cause, key="new.cause") == {"causes": {"new.cause": cause}}
    with pytest.raises(Invalid) as refusal:
        patch_of("causes", cause, key="undetermined")
    assert [(one.field, one.code) for one in refusal.value.faults] == [("key", "name_twice")]


def test_what_is_no_rule_has_no_form() -> None:
    for path in ("version", "clocks", "clocks.sleeping", "routing", "quiz.nobody", "causes.", "nothing"):
        if path != "causes.":
            with pytest.raises(NotFound, match="rule_unknown"):
                editing.fields(path, DOCUMENTS[Rules if path in ("clocks", "clocks.sleeping") else Operating], speech())


def test_each_rule_is_listed_with_what_it_says_now() -> None:
    stands = {one.path: one.stands for group in editing.groups(DOCUMENTS[Rules], "zh-CN") for one in group.rules}
    assert stands["clocks.received"] == "自收到投诉起24小时"
    assert stands["link_days"] == "180天"
    assert all(stands.values())
