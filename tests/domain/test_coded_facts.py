"""6.1: what was found and decided is coded, so that it can be counted; the words stand beside it."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from chalicelib.domain.complaint import events
from chalicelib.domain.complaint.decisions import erase_words
from chalicelib.domain.complaint.evolution import fold
from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.complaint.submissions import (
    Basis,
    Filing,
    InvestigationReport,
    LegalReview,
    OrderFacts,
    PlanDraft,
    ResolutionPlan,
)
from chalicelib.domain.ground.errors import Invalid, NotAllowed
from chalicelib.domain.ground.text import ERASED
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.causes import Cause, packaged_causes
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.telling import letters
from chalicelib.domain.vocabulary import terms
from chalicelib.domain.vocabulary.stages import Stage
from tests import examples

from .cases import FAKE, KETTLE, LEGAL, OPERATING, POLICY, REPORT, Story, policy_with, story_in
from .test_submissions import faults

SECOND = Policy.of(versions.packaged(Rules)[2], OPERATING)
UNCODED = REPORT.model_copy(update={"verdict": None, "cause_code": None})
CAUSES = packaged_causes()

LISTED = """
product: defect_material defect_function safety not_as_described counterfeit expired_spoiled missing_parts
delivery: late lost damaged_packing wrong_item left_without_consent address
service: no_reply wrong_information attitude promise_broken installation_fee
price: price_drop protection_refused fee_undisclosed coupon
refund: late_refund refused_no_reason_return return_shipping
advertising: false_claim gift_missing review_bribe
privacy: leak harassment_call
account:
payment:
consumer: misuse changed_mind
undetermined:
"""


def plan(**changes: Any) -> ResolutionPlan:
    """That of the examples, which rests on nothing unless said so."""
    return ResolutionPlan.model_validate(examples.PLAN | {"basis": []} | changes)


NO = {"rejects_request": True, "reasons": "已超过退货期限。"}
BY_LAW = {"law": "中华人民共和国消费者权益保护法", "article": "第二十五条"}


def story(stage: Stage, policy: Policy, filing: Filing = KETTLE) -> Story:
    """A complaint that came to a stage and goes on by a policy."""
    begun = story_in(stage, filing)
    begun.policy = policy
    return begun


def with_law() -> Story:
    """A complaint that is to have a plan, which legal must read first."""
    return Story(FAKE).do(Action.ACKNOWLEDGE).do(Action.ANSWER_INQUIRY, LEGAL).do(Action.REPORT)


def refused_fields(begun: Story, action: Action, submission: Any) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        begun.do(action, submission=submission)
    return [fault.field for fault in refusal.value.faults]


# ---- the list of causes ----------------------------------------------------------------------------------------------


def test_the_causes_are_those_of_the_design():
    groups = [line.split(":") for line in LISTED.strip().splitlines()]
    assert list(CAUSES) == [
        f"{group}.{name}" if name else group for group, names in groups for name in names.split() or [""]
    ]


@pytest.mark.parametrize("code", CAUSES)
def test_every_code_has_a_name_in_each_language_and_maps_to_both_lists(code: str):
    cause = CAUSES[code]
    assert cause.names.keys() == set(get_args(terms.Locale))
    assert all(name.strip() for name in cause.names.values())
    assert cause.association in get_args(terms.Nature)
    assert cause.gbt42499.digits or cause.gbt42499.nearest in get_args(terms.Nature)


def test_digits_of_the_standard_are_not_known_and_none_are_made_up():
    """Whoever has the standard puts them in, and takes their codes off this list."""
    assert {code for code, cause in CAUSES.items() if cause.gbt42499.digits is None} == set(CAUSES)


def test_no_two_causes_have_the_same_name():
    for locale in get_args(terms.Locale):
        assert len({cause.names[locale] for cause in CAUSES.values()}) == len(CAUSES)


def test_operating_data_that_name_no_causes_have_the_packaged_ones():
    assert Operating(version=2, effective_from=OPERATING.effective_from).causes == CAUSES


def test_nobody_is_left_without_a_cause_to_name():
    with pytest.raises(ValidationError, match="missing"):
        policy_with(causes={"account": CAUSES["account"]})


@pytest.mark.parametrize(
    "changes",
    [
        {"names": {"zh-CN": "迟到", "en": "Late"}},
        {"association": "配送"},
        {"gbt42499": {"nearest": "合同", "digits": "12"}},
        {"gbt42499": {"digits": "0101"}},
    ],
)
def test_a_cause_that_is_not_whole_is_none(changes: dict[str, Any]):
    with pytest.raises(ValidationError):
        Cause.model_validate(CAUSES["delivery.late"].model_dump(exclude_none=True) | changes)


@pytest.mark.parametrize("code", ["Late", "delivery/late", "delivery.late.2", "delivery.", "x" * 65])
def test_a_code_is_spelt_in_one_way(code: str):
    with pytest.raises(ValidationError):
        policy_with(causes=dict(OPERATING.causes) | {code: CAUSES["delivery.late"]})


# ---- the report ------------------------------------------------------------------------------------------------------


def test_a_report_says_verdict_and_cause_and_the_complaint_knows_them():
    begun = story_in(Stage.INVESTIGATING)
    assert (begun.complaint.verdict, begun.complaint.cause_code) == (None, None)
    begun.do(Action.REPORT)
    assert (begun.complaint.verdict, begun.complaint.cause_code) == ("founded", "delivery.damaged_packing")


def test_by_version_1_a_report_may_be_uncoded():
    done = story(Stage.INVESTIGATING, POLICY).do(Action.REPORT, submission=UNCODED)
    assert (done.complaint.stage, done.complaint.verdict, done.complaint.cause_code) == (Stage.PLANNING, None, None)


@pytest.mark.parametrize("missing", [["verdict"], ["cause_code"], ["verdict", "cause_code"]])
def test_from_version_2_on_a_report_needs_verdict_and_cause(missing: list[str]):
    begun = story(Stage.INVESTIGATING, SECOND)
    report = REPORT.model_copy(update=dict.fromkeys(missing))
    assert refused_fields(begun, Action.REPORT, report) == missing
    assert begun.complaint.stage is Stage.INVESTIGATING


def test_what_nobody_can_tell_is_undetermined():
    report = REPORT.model_copy(update={"verdict": "undetermined", "cause_code": "undetermined"})
    assert story(Stage.INVESTIGATING, SECOND).do(Action.REPORT, submission=report).complaint.verdict == "undetermined"


@pytest.mark.parametrize("policy", [POLICY, SECOND])
def test_a_cause_is_one_of_the_list_in_force(policy: Policy):
    begun = story(Stage.INVESTIGATING, policy)
    unknown = REPORT.model_copy(update={"cause_code": "product.colour"})
    assert refused_fields(begun, Action.REPORT, unknown) == ["cause_code"]


def test_a_cause_that_was_taken_off_the_list_is_refused_from_then_on_and_stays_what_was_said():
    shorter = {code: cause for code, cause in CAUSES.items() if code != "delivery.damaged_packing"}
    done = story_in(Stage.PLANNING)
    done.policy = policy_with(causes=shorter)
    assert fold(done.entries) == done.complaint
    assert done.do(Action.PROPOSE_PLAN).complaint.cause_code == "delivery.damaged_packing"
    late = story(Stage.INVESTIGATING, policy_with(causes=shorter))
    assert refused_fields(late, Action.REPORT, REPORT) == ["cause_code"]


def test_an_entry_names_the_list_that_its_cause_is_of():
    third = policy_with(causes=dict(CAUSES), version=3)
    by_hand = story(Stage.INVESTIGATING, third).do(Action.REPORT)
    uncoded = story(Stage.INVESTIGATING, third).do(Action.REPORT, submission=UNCODED)
    assert [one.entries[-1].data.get("operating") for one in (by_hand, uncoded)] == [3, None]


@pytest.mark.parametrize("change", [{"verdict": "true"}, {"cause_code": "Delivery"}, {"cause_code": 5}])
def test_what_is_no_verdict_and_no_code_is_named(change: dict[str, Any]):
    assert faults(InvestigationReport, examples.REPORT | change)[0][0] == next(iter(change))


# ---- the plan --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "changes", "grants"),
    [
        ("refund", {}, "full"),
        ("repair", {}, "part"),
        (None, {}, "part"),
        ("refund", NO, "none"),
        ("refund", {"grants": "part"}, "part"),
        ("repair", {"grants": "full"}, "full"),
        ("refund", NO | {"grants": "part"}, "part"),
    ],
)
def test_a_plan_says_how_much_of_what_was_asked_it_grants_or_that_is_derived(
    asked: terms.Remedy | None, changes: dict[str, Any], grants: str
):
    begun = story_in(Stage.PLANNING, KETTLE.model_copy(update={"requested_remedy": asked}))
    assert begun.complaint.grants is None
    done = begun.do(Action.PROPOSE_PLAN, submission=plan(**changes)).complaint
    assert done.resolution_plans[0].plan.grants == done.grants == grants


@pytest.mark.parametrize(
    ("changes", "field"), [(NO | {"grants": "full"}, "grants"), ({"grants": "none"}, "rejects_request")]
)
def test_a_plan_does_not_contradict_itself(changes: dict[str, Any], field: str):
    assert [name for name, _ in faults(ResolutionPlan, examples.PLAN | changes)] == [field]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("24", "《消费者权益保护法》第24条"),
        ("第二十四条", "《消费者权益保护法》第二十四条"),
        ("第二十四条第二款", "《消费者权益保护法》第二十四条第二款"),
    ],
)
def test_an_article_is_said_as_a_law_says_it_whatever_it_was_typed_as(place: str, said: str):
    assert letters.rests_on(Basis(law="《消费者权益保护法》", article=place), "zh-CN") == [said]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh-CN", "《消费者权益保护法》第二十四条"),
        ("zh-TW", "《中華人民共和國消費者權益保護法》第二十四條"),
        ("en", "Law on the Protection of Consumer Rights and Interests, article 24"),
    ],
)
def test_a_law_that_is_known_is_called_as_the_readers_language_calls_it(locale: terms.Locale, said: str):
    assert letters.rests_on(Basis(law="《消费者权益保护法》", article="第二十四条"), locale) == [said]


@pytest.mark.parametrize(
    ("place", "said"), [("24", "24"), ("第二十四条", "24"), ("第十条", "10"), ("一百零五", "105"), ("附则", "附则")]
)
def test_english_says_the_number_of_an_article_in_digits(place: str, said: str):
    assert letters.rests_on(Basis(law="E-Commerce Law", article=place), "en") == [f"E-Commerce Law, article {said}"]


@pytest.mark.parametrize(
    ("basis", "field"),
    [
        ({}, "law"),
        ({"article": "第二十五条"}, "law"),
        ({"clause": "4.3a", "article": "第二十五条"}, "article"),
        (BY_LAW | {"version": 1}, "version"),
    ],
)
def test_a_basis_is_a_law_with_its_article_or_a_clause_with_its_version(basis: dict[str, Any], field: str):
    assert [name for name, _ in faults(Basis, basis)] == [field]  # type: ignore[arg-type]


def test_a_clause_is_of_the_version_that_the_complaint_goes_by_unless_it_names_one():
    rests_on = [BY_LAW, {"clause": "4.3a"}, {"clause": "3.3", "version": 1}]
    done = story(Stage.PLANNING, SECOND).do(Action.PROPOSE_PLAN, submission=plan(basis=rests_on))
    assert [one.version for one in done.complaint.resolution_plans[0].plan.basis] == [None, 2, 1]


@pytest.mark.parametrize(("action", "kind"), [(Action.PROPOSE_PLAN, ResolutionPlan), (Action.DRAFT_PLAN, PlanDraft)])
def test_from_version_2_on_a_rejection_needs_a_basis(action: Action, kind: type[ResolutionPlan]):
    begun = story(Stage.PLANNING, SECOND)
    rejection = kind.model_validate(plan(**NO).model_dump(mode="json"))
    assert refused_fields(begun, action, rejection) == ["basis"]
    begun.do(action, submission=rejection.model_copy(update={"basis": (Basis(clause="4.3a"),)}))


def test_a_plan_that_does_not_reject_needs_none_and_by_version_1_no_plan_does():
    for policy, changes in ((SECOND, {}), (POLICY, NO)):
        done = story(Stage.PLANNING, policy).do(Action.PROPOSE_PLAN, submission=plan(**changes))
        assert done.complaint.stage is Stage.AWAITING_CONSUMER


def test_what_legal_has_read_goes_out_though_it_leaves_something_to_be_understood():
    begun = with_law()
    read = PlanDraft.model_validate(plan(basis=[{"clause": "4.3a"}]).model_dump(mode="json"))
    begun.do(Action.DRAFT_PLAN, submission=read).do(Action.REVIEW, LEGAL, LegalReview(approved=True, advice="可以。"))
    other = plan(basis=[{"clause": "4.3a"}], grants="part")
    with pytest.raises(NotAllowed, match=r"not_the_approved_draft .*grants"):
        begun.do(Action.PROPOSE_PLAN, submission=other)
    said = plan(basis=[{"clause": "4.3a", "version": 1}], grants="full")
    assert begun.do(Action.PROPOSE_PLAN, submission=said).complaint.stage is Stage.AWAITING_CONSUMER


def test_a_draft_of_before_goes_out_as_it_was_read():
    begun = with_law()
    read = PlanDraft.model_validate(plan().model_dump(mode="json"))
    begun.found(events.PlanDrafted(plan=read, round=1))  # as it was written before: nothing is completed
    begun.do(Action.REVIEW, LEGAL, LegalReview(approved=True, advice="可以。"))
    assert begun.do(Action.PROPOSE_PLAN, submission=plan()).complaint.grants == "full"


def test_the_consumer_sees_what_a_plan_grants_and_rests_on_and_no_verdict():
    done = story_in(Stage.AWAITING_CONSUMER)
    shown = {entry.kind: entry.event.public_face() for entry in done.entries}
    assert shown["InvestigationReported"] == {}
    assert (shown["PlanProposed"]["grants"], len(shown["PlanProposed"]["basis"])) == ("full", 2)


# ---- the filing ------------------------------------------------------------------------------------------------------


def test_a_filing_says_what_is_disputed_of_what_and_by_whom_if_it_likes():
    complaint = Story().complaint
    assert complaint.amount_disputed == KETTLE.amount_disputed
    assert (complaint.product_id, complaint.external_ref) == ("KT-1700", "AS-2026-0042")
    assert (complaint.seller, complaint.consumer_flags) == ("云杉家电旗舰店", ("elderly",))
    needed = {name: value for name, value in KETTLE.model_dump().items() if Filing.model_fields[name].is_required()}
    bare = Story(Filing.model_validate(needed)).complaint
    assert (bare.amount_disputed, bare.product_id, bare.seller, bare.external_ref) == (None,) * 4
    assert bare.consumer_flags == ()


def test_a_flag_counts_once_in_whatever_order_it_is_said():
    said = Filing.model_validate(KETTLE.model_dump() | {"consumer_flags": ["agent", "minor", "agent"]})
    assert said.consumer_flags == ("minor", "agent")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"consumer_flags": ["rich"]}, "consumer_flags.0"),
        ({"consumer_flags": ["minor"] * 11}, "consumer_flags"),
        ({"amount_disputed": {"value": "0", "currency": "CNY"}}, "amount_disputed.value"),
        ({"product_id": "壶" * 65}, "product_id"),
        ({"seller": "店" * 201}, "seller"),
        ({"external_ref": "A\n1"}, "external_ref"),
    ],
)
def test_what_is_wrong_in_a_filing_is_named(change: dict[str, Any], field: str):
    assert [name for name, _ in faults(Filing, KETTLE.model_dump(mode="json") | change)] == [field]


def test_the_seller_is_whom_the_filing_names_or_else_the_shop():
    checked = events.OrderChecked(found=True, facts=OrderFacts(order_number="E20261009-0042", seller="晨光小家电"))
    unsaid = Story(KETTLE.model_copy(update={"seller": None}))
    assert unsaid.complaint.sold_by is None
    assert unsaid.found(checked).complaint.sold_by == "晨光小家电"
    assert unsaid.complaint.seller is None, "it is known once"
    assert Story().found(checked).complaint.sold_by == "云杉家电旗舰店"


# ---- afterwards ------------------------------------------------------------------------------------------------------


def test_codes_stay_when_the_words_are_erased():
    done = story_in(Stage.CLOSED).do(Action.COMPLETE_FOLLOW_UP)
    bare = [entry.without_words() for entry in (*done.entries, *erase_words(done.complaint, done.now, POLICY))]
    left = fold(bare)
    assert (left.verdict, left.cause_code, left.grants) == ("founded", "delivery.damaged_packing", "full")
    assert (left.amount_disputed, left.consumer_flags) == (KETTLE.amount_disputed, ("elderly",))
    assert {left.product_id, left.seller, left.external_ref} == {ERASED}
    basis = left.resolution_plans[0].plan.basis
    assert [(one.law, one.clause, one.version) for one in basis] == [(ERASED, None, None), (None, ERASED, 1)]
