"""Forms of what staff hand in: made from its own model, read back into it, with what was typed and what is wrong."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.complaint.lifecycle import LIFECYCLE, Action
from chalicelib.domain.complaint.submissions import Text2000
from chalicelib.domain.governance import amendment
from chalicelib.domain.ground.errors import FieldFault, Invalid
from chalicelib.domain.ground.model import Body
from chalicelib.domain.ground.people import STAFF
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Text
from chalicelib.web.bodies import ACTIONS, ComplaintBody
from chalicelib.web.console import acts, forms, naming, page
from chalicelib.web.console.door import Sent
from chalicelib.web.console.policy import editing
from chalicelib.web.console.shapes import Shape, shapes_of
from chalicelib.web.door import read_as
from chalicelib.web.languages import NATIVE
from tests.examples import EXAMPLES
from tests.rights import RIGHTS

from .filled import form, sent, speech

EXAMPLE = {
    Action(action): EXAMPLES[operation].body
    for operation, right in RIGHTS.items()
    for action in right.does
    if operation in EXAMPLES and action in ACTIONS
} | {Action.ACCEPT_PLAN: {"satisfied": True}, Action.UNDO_MERGER: {"into": None}}
EXAMPLE[Action.DECLINE_SURVEY] = {"decline": True}
WRITTEN = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30).filter(
    lambda text: any(mark.isalnum() for mark in text)
)
LINES = st.lists(WRITTEN, min_size=1, max_size=3).map("\n".join)


def leaves(*kinds: Any) -> Iterator[Shape]:
    return within(*(top for kind in kinds for top in shapes_of(kind)))


def within(*shapes: Shape) -> Iterator[Shape]:
    for shape in shapes:
        yield shape
        yield from within(*shape.parts)


@st.composite
def bodies(draw: st.DrawFn, shapes: tuple[Shape, ...], example: dict[str, Any]) -> dict[str, Any]:
    """Like the example: what may be left out may be, texts are any, rows are one or several."""
    made: dict[str, Any] = {}
    for shape in shapes:
        if shape.name not in example or (not shape.required and draw(st.booleans())):
            continue
        made[shape.name] = draw(values(shape, example[shape.name]))
    return made


def values(shape: Shape, example: Any) -> st.SearchStrategy[Any]:
    if shape.kind == "group" and example is not None:
        return bodies(shape.parts, example)
    if shape.kind == "rows" and example:
        return st.lists(
            st.sampled_from(example).flatmap(lambda one: values(shape.parts[0], one)), min_size=1, max_size=4
        )
    return LINES if shape.kind == "text" and example is not None else st.just(example)


def test_every_action_of_staff_has_its_form() -> None:
    theirs = {action for action in Action if LIFECYCLE.who(action) & STAFF} - {Action.FILE}
    assert set(ACTIONS) == theirs == set(EXAMPLE)
    assert all(action in kind.actions for action, kind in ACTIONS.items())


@pytest.mark.parametrize("action", ACTIONS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.data())
def test_a_form_that_is_filled_in_gives_what_it_was_filled_with(action: Action, drawn: st.DataObject) -> None:
    kind, settled = ACTIONS[action], forms.SETTLED.get(action, {})
    content = drawn.draw(bodies(shapes_of(kind), EXAMPLE[action])) | settled
    try:
        body = read_as(kind, content)
    except Invalid:  # some fields need one another
        return
    shown = forms.form_of(action, speech(), sent=forms.sent_of(content))
    again = read_as(kind, forms.handed_in(action, sent(form(shown))))
    assert again == body
    assert isinstance(again, Submission)
    assert again.action == action


@pytest.mark.parametrize("locale", NATIVE)
def test_every_field_value_and_action_has_a_word_in_each_language(locale: str) -> None:
    say = speech(locale)
    for shape in leaves(*ACTIONS.values(), ComplaintBody):
        plain = shape.name.replace("_", " ")
        assert naming.label(say, shape) != plain or say.knows(f"fields.{shape.name}"), shape
        for value in shape.listed:
            named = naming.value_name(say, shape, value)
            assert named != value or shape.whole or shape.name == "currency", (shape.name, value)
    for action in ACTIONS:
        assert all(say(f"acts.{action}.{what}") for what in ("name", "means", "send", "done"))


BODIES = [*ACTIONS.values(), *(body for kind in acts.KINDS for body in kind.bodies.values()), amendment.Draft]


def test_no_word_is_said_of_what_there_is_not() -> None:
    rules = [*within(*editing.shapes())]
    known = {(one.of, one.name) for one in (*leaves(*BODIES, ComplaintBody), *rules)} | {("Assignment", "assignee")}
    names, values = {name for _, name in known}, dict[str, set[str]]()
    for one in (*leaves(*BODIES, ComplaintBody), *rules):
        values.setdefault(one.name, {""}).update(one.listed)
    for key in page.words("zh-CN"):
        part, _, rest = key.partition(".")
        first, *more = rest.removesuffix(".hint").split(".")
        if part == "fields" and rest not in ("optional", "more", "row", "between", "faults"):
            assert (first, more[0]) in known if more else first in names, key
        if part == "values" and more:
            first, *more = more if first[0].isupper() else [first, *more]
            assert ".".join(more) in values[first], key
        if part == "acts":
            assert first in ACTIONS, key


class Stamp(Body):
    place: Annotated[str, Text(40)]
    year: int | None = None


class Blessing(Submission):
    """What nobody has thought of yet."""

    actions = ("bless",)

    words: Text2000
    loud: bool = False
    stamps: tuple[Stamp, ...] = ()


def test_a_submission_that_is_new_has_a_form_by_itself() -> None:
    fields = forms.fields_of(Blessing, speech("en"))
    assert [(one.name, one.kind) for one in fields] == [("words", "text"), ("loud", "yes"), ("stamps", "rows")]
    [row] = fields[2].fields
    assert [(one.name, one.label) for one in row.fields] == [("stamps.0.place", "place"), ("stamps.0.year", "year")]
    filled = Sent(fields={"words": ["好"], "loud": ["on"], "stamps.0.place": [" "], "stamps.3.place": ["北京"]})
    assert forms.content_of(Blessing, filled) == {"words": "好", "loud": True, "stamps": [{"place": "北京"}]}


def test_a_fault_stands_beside_its_field_and_above_all_and_nothing_typed_is_lost() -> None:
    typed = Sent(
        fields={
            "methods.0.kind": [""],
            "methods.2.kind": ["refund"],
            "methods.2.detail": [""],
            "methods.2.amount.value": ["五十九"],
            "methods.2.amount.currency": ["CNY"],
            "complete_within_days": ["soon"],
            "reasons": ["  理由  "],
        }
    )
    with pytest.raises(Invalid) as refused:
        read_as(ACTIONS[Action.PROPOSE_PLAN], forms.handed_in(Action.PROPOSE_PLAN, typed))
    faults = refused.value.faults
    fields = forms.form_of(Action.PROPOSE_PLAN, speech(), sent=typed, faults=faults)
    assert forms.misplaced(fields, faults, speech()) == []
    written = form(fields)
    wrong = {one.given["name"] for one in written.all(aria_invalid="true")}
    assert wrong == {
        "methods.0.detail",
        "methods.0.amount.value",
        "summary",
        "complete_within_days",
        "follow_up_measures.0",
    }
    for one in written.all(aria_invalid="true"):
        ids = one.given["aria-describedby"].split()
        assert written.one("p", id=ids[-1], class_="fault").text
        assert written.one("a", href=f"#{one.given['id']}")
    assert written.one("input", name="methods.0.amount.value").given["value"] == "五十九"
    assert written.one("textarea", name="reasons").raw == "\n  理由  "


def test_a_fault_of_what_is_not_shown_is_said_above_the_form() -> None:
    faults = [FieldFault("round", "number_too_small", {"least": 1})]
    fields = forms.form_of(Action.ACCEPT_PLAN, speech("en"), faults=faults, fixed=("round",))
    assert [one.name for one in fields] == ["opinion"]
    assert len(forms.misplaced(fields, faults, speech("en"))) == 1


def test_one_more_row_is_shown_when_it_is_asked_for() -> None:
    typed = Sent(fields={"follow_up_measures.0": ["回访"], "more": ["follow_up_measures"]})
    assert forms.is_for_more(typed)
    [rows] = [one for one in forms.form_of(Action.PROPOSE_PLAN, speech(), sent=typed) if one.name == typed.one("more")]
    assert [(one.name, one.value) for one in rows.fields] == [
        ("follow_up_measures.0", "回访"),
        ("follow_up_measures.1", ""),
    ]


def test_what_is_chosen_from_is_told_where_the_model_takes_anything() -> None:
    files = [("1", "裂缝.jpg"), ("2", "发票.pdf")]
    typed = Sent(fields={"evidence": ["2", "1"], "interpretations": ["7"]})
    choices = {"evidence": files, "interpretations": [("7", "七")], "assignee": [("cs.chen", "cs.chen")]}
    content = forms.handed_in(Action.REPORT, typed)
    assert content == {"evidence": ["2", "1"], "interpretations": [7]}
    ticked = form(forms.form_of(Action.REPORT, speech(), choices, typed)).all("input", name="evidence", checked="")
    assert [one.given["value"] for one in ticked] == ["1", "2"]
    faults = [FieldFault("evidence.1", "missing")]
    assert [one.name for one in forms.faulty(forms.form_of(Action.REPORT, speech(), choices, typed, faults))] == [
        "evidence"
    ]
    [assignee] = forms.form_of(Action.ASSIGN, speech("en"), choices)
    assert assignee.options == [("", "Nobody (back to the department)"), ("cs.chen", "cs.chen")]
    assert forms.handed_in(Action.ASSIGN, Sent(fields={"assignee": [""]})) == {"assignee": None}


OTHERS = [("AS-1", "AS-1，电水壶"), ("AS-2", "AS-2，豆浆机")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["AS-2", ""], "AS-2"),
        (["AS-2", "AS-7"], "AS-7"),
        (["AS-7"], "AS-7"),
    ],
)
def test_what_is_known_is_chosen_and_what_is_typed_beside_it_counts(typed: list[str], meant: str) -> None:
    body = Sent(fields={"into": typed})
    assert forms.handed_in(Action.MERGE, body) == {"into": meant}
    shown = form(forms.form_of(Action.MERGE, speech(), {"into": OTHERS}, body))
    assert forms.handed_in(Action.MERGE, sent(shown)) == {"into": meant}
    assert [one.given["value"] for one in shown.all("input", type="radio")] == ["AS-1", "AS-2"]


@pytest.mark.parametrize(
    ("content", "faults", "is_open"),
    [
        ({}, [], False),
        ({"grants": "part"}, [], True),
        ({"basis": [{"law": "消费者权益保护法", "article": "24"}]}, [], True),
        ({}, [FieldFault("amount_reason", "missing")], True),
        ({"summary": "退款"}, [], False),
    ],
)
def test_what_is_seldom_said_is_folded_until_it_says_something(
    content: dict[str, Any], faults: list[FieldFault], is_open: bool
) -> None:
    fields = forms.form_of(Action.PROPOSE_PLAN, speech(), sent=forms.sent_of(content), faults=faults)
    rare = forms.folded(Action.PROPOSE_PLAN, fields)
    assert [one.name for one in rare] == ["grants", "basis", "evidence", "amount_reason"]
    assert any(map(forms.says, rare)) is is_open
    needed = forms.form_of(Action.PROPOSE_PLAN, speech(), needed=("basis",))
    assert "basis" not in [one.name for one in forms.folded(Action.PROPOSE_PLAN, needed)]


def test_what_an_action_says_by_itself_is_asked_of_nobody() -> None:
    assert forms.form_of(Action.UNDO_MERGER, speech()) == forms.form_of(Action.DECLINE_SURVEY, speech()) == []
    assert forms.handed_in(Action.MERGE, Sent(fields={"into": [" "]})) == {}
    assert forms.handed_in(Action.OBJECT_TO_PLAN, Sent(fields={"opinion": [""]})) == {"satisfied": False}
    assert forms.handed_in(Action.REPLACE_LINK, Sent(fields={"send": ["false"]})) == {"send": False}


def test_numbers_and_amounts_are_taken_as_people_type_them() -> None:
    typed = Sent(
        fields={
            "complete_within_days": [" １５ "],
            "methods.0.amount.value": ["５９.９０"],
            "methods.0.amount.currency": ["cny"],
        }
    )
    content = forms.content_of(ACTIONS[Action.PROPOSE_PLAN], typed)
    assert content["complete_within_days"] == 15
    assert content["methods"][0]["amount"] == {"value": "59.90", "currency": "CNY"}
