"""What people hand in: the complaint itself, the report, the plan, feedback. Each refuses to exist when incomplete.

They are the bodies of the HTTP contract and the data of events at once. Constraints may be widened later, never
tightened: what was accepted once must stay readable. All amounts are decimals, written as strings.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import repeat
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic_core import CoreSchema

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.file_types import RUN
from chalicelib.domain.ground.ids import read_id
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Body, Model, is_handed_in
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.ground.text import Incomplete, Text, Wrong
from chalicelib.domain.policy.causes import Code, packaged_causes
from chalicelib.domain.vocabulary import currencies, terms

Line64 = Annotated[str, Text(64)]
ComplaintId = Annotated[str, Strict(), AfterValidator(read_id)]
Line200 = Annotated[str, Text(200)]
Text2000 = Annotated[str, Text(2000, lines=True)]
Text5000 = Annotated[str, Text(5000, lines=True)]
EvidenceId = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=64)]
Truth = Annotated[bool, Strict()]


def _whole(number: object) -> object:
    """JSON has one kind of number: 5.0 is 5."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


WHOLE = BeforeValidator(_whole)

MEDIA_TYPE = r"^([A-Za-z0-9!#$&^_.+*-]+(/[A-Za-z0-9!#$&^_.+*-]+)?(; ?[A-Za-z0-9_-]+=[A-Za-z0-9_.-]+)*)?$"
LARGEST_FILE = 20 * 1024 * 1024  # bytes
LONGEST_EXTENSION = 10  # working days


def _decimal_string(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,3})?", value) and Decimal(value) > 0:
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise Wrong("not_an_amount")


def _known(code: object, info: ValidationInfo) -> object:
    return currencies.known(code) if is_handed_in(info) and isinstance(code, str) else code


class Money(Body):
    """An amount of a currency, with as many decimals as that has, or fewer; by the list of when it is handed in."""

    value: Annotated[
        Decimal,
        BeforeValidator(_decimal_string),
        WithJsonSchema(
            {"type": "string", "pattern": r"^(?=.*[1-9])[0-9]{1,10}(\.[0-9]{1,3})?$", "examples": ["59.90"]}
        ),
    ]
    currency: Annotated[
        str,
        Strict(),
        Field(pattern=r"^[A-Z]{3}$"),
        BeforeValidator(_known),
        WithJsonSchema({"type": "string", "enum": list(currencies.DECIMALS), "description": "ISO 4217"}),
    ]

    @model_validator(mode="after")
    def _has_its_decimals(self, info: ValidationInfo) -> Self:
        most = currencies.DECIMALS.get(self.currency, 3) if is_handed_in(info) else 3
        if -int(self.value.as_tuple().exponent) > most:
            raise Incomplete("value", "too_many_decimals", currency=self.currency, most=most)
        return self


MOST_METADATA = 20
METADATA_NAME = r"[A-Za-z0-9_.-]{1,40}"


def _to_the_letter(name: Any, info: ValidationInfo) -> Any:
    """A blank about it would be left out, and two names be one."""
    if is_handed_in(info) and isinstance(name, str) and name != name.strip():
        raise Wrong("not_a_metadata_name")
    return name


def _as_name(name: str, info: ValidationInfo) -> str:
    if is_handed_in(info) and not re.fullmatch(METADATA_NAME, name):
        raise Wrong("not_a_metadata_name")
    return name


MetadataName = Annotated[
    str, Text(40), AfterValidator(_as_name), BeforeValidator(_to_the_letter), WithJsonSchema({"type": "string"})
]
"""A program gives it, and may have put into it what somebody typed: it is erased with the rest."""
Metadata = Annotated[
    dict[MetadataName, Annotated[str, Text(500)]],
    Field(max_length=MOST_METADATA, json_schema_extra={"propertyNames": {"pattern": f"^{METADATA_NAME}$"}}),
]


def _each_once(flags: tuple[terms.ConsumerFlag, ...]) -> tuple[terms.ConsumerFlag, ...]:
    return tuple(flag for flag in get_args(terms.ConsumerFlag) if flag in flags)


class Filing(Submission):
    """What a consumer complains of (2.2, 4.1a, 4.1b), without the contact details, which are kept apart."""

    actions = (Action.FILE,)

    order_number: Line64
    product_name: Line200
    description: Text5000
    channel: terms.Channel
    category: terms.Category
    locale: terms.Locale = "zh-CN"
    requested_remedy: terms.Remedy | None = None
    amount_disputed: Money | None = None
    product_id: Line64 | None = Field(None, description="What the shop calls the product.")
    seller: Line200 | None = Field(None, description="Who sold it; without it, whom the shop's order system names.")
    consumer_flags: Annotated[tuple[terms.ConsumerFlag, ...], Field(max_length=10), AfterValidator(_each_once)] = Field(
        (), description="What consumers say of themselves, if they like; agent: somebody acts for them."
    )
    external_ref: Line64 | None = Field(None, description="What the shop calls the complaint.")
    metadata: Metadata | None = Field(
        None,
        description="What the shop keeps beside the complaint, for itself and for staff, by name. Its consumer does "
        "not see it, and it is erased with the words.",
    )


class Acknowledgement(Submission):
    """Customer service confirms that the complaint is accepted (4.1c), if it likes with a word to the consumer."""

    actions = (Action.ACKNOWLEDGE,)

    message: Text2000 | None = None
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")


def _verified(done: bool) -> bool:
    if not done:
        raise Wrong("order_not_verified")
    return done


class _Listed:
    """A code of the list of causes. Which are listed when it is handed in, the operating data say (`guards`); the
    description enumerates the packaged ones, for what is handed in: what was accepted by another list stays readable.
    """

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(schema)
        if handler.mode == "validation":
            return {"type": "string", "enum": list(packaged_causes())}
        return described


CauseCode = Annotated[Code, _Listed()]


def _each_named_once(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))


FROM_VERSION_2 = "Needed by complaints that go by version 2 of the policy or a later one (from 2026-12-01)."


class InvestigationReport(Submission):
    """The end of the investigation (4.2b, 4.2c)."""

    actions = (Action.REPORT,)

    order_verified: Annotated[
        Truth,
        AfterValidator(_verified),
        WithJsonSchema({"type": "boolean", "const": True}),
        Field(description="The order has been checked; what the check found belongs in the findings."),
    ]
    findings: Text5000
    root_cause: Text5000
    responsible_party: terms.ResponsibleParty
    conclusion: Text5000
    verdict: terms.Verdict | None = Field(None, description=f"Whether the consumer was right. {FROM_VERSION_2}")
    cause_code: CauseCode | None = Field(
        None,
        description=f"The root cause by the list of the operating data: its group, a dot, its name. {FROM_VERSION_2}",
    )
    evidence: tuple[EvidenceId, ...] = Field((), max_length=20, description="Ids of the complaint's evidence.")
    interpretations: Annotated[
        tuple[Annotated[int, Strict(), Field(ge=1, le=99_999), WHOLE], ...],
        Field(max_length=20),
        AfterValidator(_each_named_once),
    ] = Field((), description="Numbers of the interpretations of the policy that it rests on (7.1).")
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")
    without_inquiries: Text2000 | None = Field(
        None, description="Why the report goes without the answers to open inquiries; without a reason they block it."
    )


def _sums(amounts: Iterable[Money], times: Iterable[int] = repeat(1)) -> dict[str, Decimal]:
    """By currency; each amount so many times."""
    sums: dict[str, Decimal] = {}
    for amount, often in zip(amounts, times, strict=False):
        sums[amount.currency] = sums.get(amount.currency, Decimal()) + amount.value * often
    return sums


class Method(Body):
    """One thing the plan does about the complaint."""

    kind: terms.Remedy
    detail: Text2000
    amount: Money | None = None


class Basis(Body):
    """What a decision rests on: a law, with the article if it is one, or a clause of a version of the policy."""

    law: Line200 | None = None
    article: Line64 | None = Field(None, description="Of the law.")
    clause: Line64 | None = Field(None, description="Of the policy.")
    version: Annotated[int, Strict(), Field(ge=1, le=9_999), WHOLE] | None = Field(
        None, description="Of the policy; without it, the version that the complaint goes by."
    )

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.law is None and self.clause is None:
            raise Incomplete("law", "law_or_clause_needed")
        if self.article is not None and self.law is None:
            raise Incomplete("article", "article_without_law")
        if self.version is not None and self.clause is None:
            raise Incomplete("version", "version_without_clause")
        return self

    def of_version(self, number: int) -> Self:
        """The same, its clause of the version `number` unless it names one."""
        return self.model_copy(update={"version": number}) if self.clause and not self.version else self


class ResolutionPlan(Submission):
    """Method, time needed and follow-up measures (4.3a); a refusal of what was asked carries its reasons (3.3)."""

    actions = (Action.PROPOSE_PLAN,)

    methods: tuple[Method, ...] = Field(min_length=1, max_length=20)
    summary: Text5000
    complete_within_days: Annotated[int, Strict(), Field(ge=1, le=365), WHOLE]
    follow_up_measures: tuple[Text2000, ...] = Field(min_length=1, max_length=20)
    rejects_request: Truth = False
    reasons: Text5000 | None = None
    grants: terms.Grants | None = Field(
        None,
        description="How much of what was asked it gives. By default none if it rejects that, full if a method is of "
        "the kind that was asked, otherwise part.",
    )
    basis: tuple[Basis, ...] = Field(
        (), max_length=20, description=f"What the decision rests on. Where the plan rejects: {FROM_VERSION_2.lower()}"
    )
    evidence: tuple[EvidenceId, ...] = Field(
        (), max_length=20, description="Ids of files of the complaint that the consumer may see with this plan."
    )
    amount_reason: Text2000 | None = Field(
        None, description="Why more is refunded than the verified order came to. The consumer does not see it."
    )

    @property
    def refunds(self) -> dict[str, Decimal]:
        """What all refunds together come to, by currency."""
        return _sums(one.amount for one in self.methods if one.kind == "refund" and one.amount)

    def completed(self, asked: terms.Remedy | None, version: int) -> Self:
        """The same saying what it leaves to be understood: how much it grants of what was asked, and the version of
        the policy whose clauses it names."""
        derived: terms.Grants = "full" if asked in {method.kind for method in self.methods} else "part"
        grants = self.grants or ("none" if self.rejects_request else derived)
        return self.model_copy(update={"grants": grants, "basis": tuple(one.of_version(version) for one in self.basis)})

    def for_consumer(self) -> Self:
        """The plan without what only the house needs to know."""
        return self.model_copy(update={"amount_reason": None})

    @model_validator(mode="after")
    def _rejection_has_reasons(self) -> Self:
        if self.rejects_request and self.reasons is None:
            raise Incomplete("reasons", "rejection_without_reasons")
        return self

    @model_validator(mode="after")
    def _grants_what_it_says(self) -> Self:
        if self.rejects_request and self.grants == "full":
            raise Incomplete("grants", "rejection_grants_all")
        if self.grants == "none" and not self.rejects_request:
            raise Incomplete("rejects_request", "grants_nothing")
        return self


class PlanDraft(ResolutionPlan):
    """A resolution plan for legal to read (5.4): nothing is sent."""

    actions = (Action.DRAFT_PLAN,)


PlanRound = Annotated[
    Annotated[int, Strict(), Field(ge=1), WHOLE] | None,
    Field(description="The round of the plan that is meant, as its link says; of another than the present: 409."),
]


class Feedback(Submission):
    """The consumer's answer to a plan (4.4a); who is not satisfied says why (4.4b)."""

    actions = (Action.ACCEPT_PLAN, Action.OBJECT_TO_PLAN)

    satisfied: Truth
    opinion: Text5000 | None = None
    round: PlanRound = None

    @property
    def action(self) -> Action:
        """The consumer's answer is one of two actions."""
        return Action.ACCEPT_PLAN if self.satisfied else Action.OBJECT_TO_PLAN

    @model_validator(mode="after")
    def _objection_has_opinion(self) -> Self:
        if not self.satisfied and self.opinion is None:
            raise Incomplete("opinion", "objection_without_opinion")
        return self


class ReviewRequest(Submission):
    """Another person is to decide: an objection to a plan that rejects what was asked (3.3, 4.4b)."""

    actions = (Action.REQUEST_REVIEW,)

    reason: Text5000
    round: PlanRound = None


class Note(Submission):
    """A remark in the timeline; a public one is seen by the consumer."""

    actions = (Action.NOTE,)

    text: Text5000
    public: Truth = False


class NoteRetraction(Submission):
    """A public note was shown by mistake: the consumer sees it no more. `note`: its `seq`; `author`: who wrote it."""

    actions = (Action.RETRACT_NOTE,)

    reason: Text2000
    note: int
    author: str


class EvidenceRetraction(Submission):
    """A file was shown by mistake: the consumer sees it no more."""

    actions = (Action.RETRACT_EVIDENCE,)

    reason: Text2000


UserName = Annotated[str, Strict(), Field(pattern=r"^[A-Za-z0-9._@+-]{1,128}$")]


class Assignment(Submission):
    """Who is to have the complaint."""

    actions = (Action.ASSIGN,)

    assignee: UserName | None = Field(description="A staff user name; null gives it back: nobody has it then.")


class Inquiry(Submission):
    """A question to a department (4.2b, 5.2 to 5.4)."""

    actions = (Action.ASK,)

    department: terms.AskedDepartment
    question: Text5000
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")


class InquiryAnswer(Submission):
    """What a department found, and what it would do about it (5.2)."""

    actions = (Action.ANSWER_INQUIRY,)

    assessment: Text5000
    recommended_solution: Text5000 | None = None
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")


def _not_run(content_type: str) -> str:
    if content_type.lower() in RUN:
        raise Wrong("page_or_program")
    return content_type


class EvidenceOffer(Submission):
    """A file that somebody is about to upload (4.2b). `size` in bytes, as it is known by then."""

    actions = (Action.ADD_EVIDENCE,)

    file_name: Annotated[str, Text(200, turns=False)]
    content_type: Annotated[
        str,
        StringConstraints(strict=True, max_length=100, pattern=MEDIA_TYPE),
        AfterValidator(_not_run),
        Field(description="What the browser thinks it is, empty if it does not know. What is in it decides."),
    ] = ""
    size: Annotated[int, Strict(), Field(ge=1, le=LARGEST_FILE), WHOLE]
    description: Annotated[str, Text(500, lines=True)] | None = None


class LegalReview(Submission):
    """Legal's word on a draft of the plan (5.4)."""

    actions = (Action.REVIEW,)

    approved: Truth
    advice: Text5000
    draft: Annotated[int, Strict(), Field(ge=1), WHOLE] | None = Field(
        None,
        description="The number of the draft that was read: where another has taken its place, the review is refused. "
        "Without it, it is of the draft that is the newest as the request comes in.",
    )

    def meant(self, state: Any) -> Self:
        """Of the newest draft: one that is saved before the review is, is not meant."""
        known = self.draft is None and state.plan_draft
        return self.model_copy(update={"draft": state.plan_draft.number}) if known else self


class DeliveryUpdate(Submission):
    """Where the goods are (5.3); the consumer sees it and is told."""

    actions = (Action.UPDATE_DELIVERY,)

    status: terms.DeliveryStatus
    text: Text2000
    carrier: Line64 | None = None
    tracking_number: Line64 | None = None


class InformationRequest(Submission):
    """A question to the consumer, without whose answer the work cannot go on."""

    actions = (Action.REQUEST_INFORMATION,)

    question: Text2000


class Information(Submission):
    """What the consumer answers or adds."""

    actions = (Action.GIVE_INFORMATION,)

    text: Text5000


class InformationReading(Submission):
    """What the consumer wrote since the plan has been read, and neither accepts it nor objects to it."""

    actions = (Action.READ_INFORMATION,)

    note: Text2000 | None = None


class Extension(Submission):
    """More time for the present stage, and why; the consumer is told."""

    actions = (Action.EXTEND,)

    working_days: Annotated[int, Strict(), Field(ge=1, le=LONGEST_EXTENSION), WHOLE]
    reason: Text2000


class FollowUpDone(Submission):
    """A promised measure has been carried out."""

    actions = (Action.COMPLETE_FOLLOW_UP,)

    note: Text2000 | None = None


class MadeCall(Submission):
    """Somebody has called the consumer, or tried to."""

    actions = (Action.CALL,)

    about: terms.CallAbout
    reached: Truth = Field(description="Whether the consumer was spoken to.")
    note: Text2000 | None = None


class Triage(Submission):
    """How dangerous it is, by hand: raised or lowered, and why. The words found so far raise it no more."""

    actions = (Action.TRIAGE,)

    tier: Literal[terms.Tier, "none"]
    reason: Text2000


class SafetyAssessment(Submission):
    """Quality's word on a danger: whether anybody was harmed, whether it is still to be sold, who has to be told."""

    actions = (Action.ASSESS_SAFETY,)

    harmed: terms.Harm
    stop_selling: Truth
    report_to: Annotated[tuple[terms.Authority, ...], Field(max_length=10)] = Field(
        (), description="The authorities to be told. Death and serious injury always go to the market regulator."
    )
    note: Text5000

    @property
    def reported_to(self) -> tuple[terms.Authority, ...]:
        """Each once; the market regulator of what is serious, whether it is named or not."""
        always: tuple[terms.Authority, ...] = ("market_regulator",) if self.harmed in terms.GRAVE else ()
        return tuple(dict.fromkeys((*always, *self.report_to)))


class AuthorityReport(Submission):
    """An authority has been told of a danger. `reference`: the number it goes by there."""

    actions = (Action.TELL_AUTHORITY,)

    authority: terms.Authority
    reference: Line64 | None = None
    note: Text2000 | None = None


class InterimMeasure(Submission):
    """What the consumer is to do, or gets, before the report is there: stop using it, a pick-up, medical costs."""

    actions = (Action.TAKE_INTERIM_MEASURE,)

    text: Text2000


class Withdrawal(Submission):
    """The consumer takes the complaint back."""

    actions = (Action.WITHDRAW,)

    reason: Text2000 | None = None


class Reopening(Submission):
    """The consumer is not done with a closed complaint, and says why."""

    actions = (Action.REOPEN,)

    reason: Text5000


class Merger(Submission):
    """The complaint is handled together with another one about the same thing; or by itself again."""

    actions = (Action.MERGE, Action.UNDO_MERGER)

    into: ComplaintId | None = Field(
        description="The id of the other complaint; null undoes the merger, while the other one is open."
    )

    @property
    def action(self) -> Action:
        return Action.MERGE if self.into else Action.UNDO_MERGER


Mark = Annotated[Annotated[int, Strict(), Field(ge=1, le=5), WHOLE] | None, Field(description="1 to 5; 5 is best.")]
ASKED = ("overall", "solved", "fair", "easy", "informed")
"""What a survey asks, beside words."""


class SurveyAnswer(Submission):
    """What the consumer says of how it was handled (6.2): all five questions, and words if they like.

    Or that they are not to be asked any more.
    """

    actions = (Action.ANSWER_SURVEY, Action.DECLINE_SURVEY)

    overall: Mark = None
    solved: terms.Solved | None = None
    fair: Mark = None
    easy: Mark = None
    informed: Mark = None
    words: Annotated[str, Text(1000, lines=True)] | None = None
    decline: Truth = Field(False, description="They want no such questions any more; the others are left out then.")
    channel: Literal["phone"] | None = Field(None, description="Of staff, who record what was said on the phone.")

    @property
    def action(self) -> Action:
        return Action.DECLINE_SURVEY if self.decline else Action.ANSWER_SURVEY

    @property
    def is_low(self) -> bool:
        """Whether somebody has to look into it."""
        return (self.overall or 5) <= terms.LOW or self.solved == "no"

    @model_validator(mode="after")
    def _whole_or_declined(self) -> Self:
        for field in ASKED:
            if (getattr(self, field) is None) != self.decline:
                raise Incomplete(field, "declined_and_answered" if self.decline else "question_unanswered")
        if self.decline and self.words is not None:
            raise Incomplete("words", "declined_and_answered")
        return self


class SurveyReview(Submission):
    """A supervisor has looked into a low answer: whether they called, and offered to take it up again (6.2)."""

    actions = (Action.REVIEW_SURVEY,)
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    called: Truth = Field(description="Whether the consumer was called, and spoken to.")
    reopening_offered: Truth
    fault: terms.Fault = Field(alias="class", description="What it is about; only conduct counts for a person.")
    note: Text2000


class LinkReplacement(Submission):
    """The consumer's link has come into other hands, or has run out: another takes its place."""

    actions = (Action.REPLACE_LINK,)

    send: Truth = Field(True, description="False, by staff only: the links of before end, and nothing is sent.")


class ContactCorrection(Submission):
    """The consumer is reached otherwise than was said. The details themselves are kept apart, as those of a filing.

    `changed`: which of them; `edition`: how often they will have been corrected.
    """

    actions = (Action.CORRECT_CONTACT,)

    reason: Text2000
    changed: tuple[Literal["name", "phone", "email"], ...]
    edition: int


class ContactView(Submission):
    """Why somebody must know how the consumer is reached to whom that is shown in part only."""

    actions = (Action.VIEW_CONTACT,)

    reason: Text2000


def _or_none(price: Any, validate: ValidatorFunctionWrapHandler) -> Money | None:
    try:
        money: Money | None = validate(price)
    except ValidationError:
        return None
    return money


MOST_LINES = 50
"""So many lines of an order stand in the record of a complaint, which has an end; all of them are in the evidence."""


class OrderLine(Model):
    """One product of an order; what else the shop tells of it is left out, and so is a price that is none."""

    product_name: Line200
    quantity: int = Field(1, ge=0, le=1_000_000)
    price: Annotated[Money | None, WrapValidator(_or_none)] = Field(None, description="Of one piece.")


class OrderFacts(Model):
    """What the shop's order system tells of an order (4.2b); what else it tells is left out."""

    order_number: Line64
    seller: Line200 | None = None
    ordered_at: Instant | None = None
    paid_at: Instant | None = None
    delivery_state: Line64 | None = None
    carrier: Line64 | None = None
    tracking_number: Line64 | None = None
    lines: tuple[OrderLine, ...] = ()
    more_lines: int = Field(0, description="So many more are in the evidence.")

    def for_the_record(self) -> Self:
        """The same with as many lines as the record takes."""
        left = max(0, len(self.lines) - MOST_LINES)
        return self.model_copy(update={"lines": self.lines[:MOST_LINES], "more_lines": left})

    @property
    def sums(self) -> dict[str, Decimal] | None:
        """What the order came to, by currency; None unless each line and its price is known."""
        prices = [line.price for line in self.lines if line.price]
        if not prices or self.more_lines or len(prices) < len(self.lines):
            return None
        return _sums(prices, (line.quantity for line in self.lines))
