"""What people hand in: the complaint itself, the report, the plan, feedback. Each refuses to exist when incomplete.

They are the bodies of the HTTP contract and the data of events at once. Constraints may be widened later, never
tightened: what was accepted once must stay readable. All amounts are decimals, written as strings.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
    model_validator,
)

from .ids import read_id
from .instants import Instant
from .model import Model
from .words import Incomplete, Words

Line64 = Annotated[str, Words(64)]
Line200 = Annotated[str, Words(200)]
Text2000 = Annotated[str, Words(2000, lines=True)]
Text5000 = Annotated[str, Words(5000, lines=True)]
Truth = Annotated[bool, Strict()]


def _whole(number: object) -> object:
    """JSON has one kind of number: 5.0 is 5."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


WHOLE = BeforeValidator(_whole)

Locale = Literal["zh-CN", "zh-TW", "en"]
Channel = Literal["web", "app", "phone"]
Category = Literal["product_quality", "after_sales_service", "false_advertising", "delivery", "other"]
Remedy = Literal["refund", "replacement", "repair", "compensation", "apology", "explanation", "other"]
AskedDepartment = Literal["quality", "logistics", "legal"]
DeliveryStatus = Literal["delayed", "in_transit", "delivered", "returned", "lost", "damaged"]
ContentType = Literal[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/heic",
    "application/pdf",
    "video/mp4",
    "video/quicktime",
    "text/plain",
]
LARGEST_FILE = 20 * 1024 * 1024  # bytes
MOST_FILES = 20
ResponsibleParty = Literal["seller", "carrier", "platform", "consumer", "none", "undetermined"]


class Artefact(Model):
    """A thing handed in: unknown fields are refused, nothing is changed afterwards."""

    model_config = ConfigDict(extra="forbid")


class Filing(Artefact):
    """What a consumer complains of (2.2, 4.1a, 4.1b), without the contact details, which are kept apart."""

    order_number: Line64
    product_name: Line200
    description: Text5000
    channel: Channel
    category: Category
    locale: Locale = "zh-CN"
    requested_remedy: Remedy | None = None


class Contact(Model):
    """How to reach the consumer (4.1b): the one place of personal data. Checked at the boundary only."""

    name: str
    phone: str | None = Field(None, description="E.164")
    email: str | None = None
    email_unusable: bool = Field(False, description="The address bounced, or its owner wants no mail: it gets none.")


class Acknowledgement(Artefact):
    """Customer service confirms that the complaint is accepted (4.1c), if it likes with a word to the consumer."""

    message: Text2000 | None = None
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")


def _verified(done: bool) -> bool:
    if not done:
        raise ValueError("the order must be verified before the investigation can end (4.2b)")
    return done


class InvestigationReport(Artefact):
    """The end of the investigation (4.2b, 4.2c)."""

    order_verified: Annotated[
        Truth,
        AfterValidator(_verified),
        WithJsonSchema({"type": "boolean", "const": True}),
        Field(description="The order has been checked; what the check found belongs in the findings."),
    ]
    findings: Text5000
    root_cause: Text5000
    responsible_party: ResponsibleParty
    conclusion: Text5000
    evidence: tuple[Line64, ...] = Field((), max_length=20, description="Ids of the complaint's evidence.")
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")
    without_inquiries: Text2000 | None = Field(
        None, description="Why the report does not wait for inquiries that are still open; without it they forbid it."
    )


def _decimal_string(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", value) and Decimal(value) > 0:
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise ValueError('must be an amount above zero as a string with at most two decimals, like "59.90"')


class Money(Artefact):
    value: Annotated[
        Decimal,
        BeforeValidator(_decimal_string),
        WithJsonSchema(
            {"type": "string", "pattern": r"^(?=.*[1-9])[0-9]{1,10}(\.[0-9]{1,2})?$", "examples": ["59.90"]}
        ),
    ]
    currency: Annotated[str, Strict(), Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]


class Method(Artefact):
    """One thing the plan does about the complaint."""

    kind: Remedy
    detail: Text2000
    amount: Money | None = None


class ResolutionPlan(Artefact):
    """Method, time needed and follow-up measures (4.3a); a refusal of what was asked carries its reasons (3.3)."""

    methods: tuple[Method, ...] = Field(min_length=1, max_length=20)
    summary: Text5000
    complete_within_days: Annotated[int, Strict(), Field(ge=1, le=365), WHOLE]
    follow_up_measures: tuple[Text2000, ...] = Field(min_length=1, max_length=20)
    rejects_request: Truth = False
    reasons: Text5000 | None = None

    @model_validator(mode="after")
    def _rejection_has_reasons(self) -> Self:
        if self.rejects_request and self.reasons is None:
            raise Incomplete("reasons", "a plan that rejects what was asked needs reasons (3.3)")
        return self


class Feedback(Artefact):
    """The consumer's answer to a plan (4.4a); who is not satisfied says why (4.4b)."""

    satisfied: Truth
    opinion: Text5000 | None = None

    @model_validator(mode="after")
    def _objection_has_opinion(self) -> Self:
        if not self.satisfied and self.opinion is None:
            raise Incomplete("opinion", "what should be different is needed when the consumer is not satisfied (4.4b)")
        return self


class Note(Artefact):
    """A remark in the timeline; a public one is seen by the consumer."""

    text: Text5000
    public: Truth = False


class Assignment(Artefact):
    assignee: Annotated[str, Strict(), Field(pattern=r"^[A-Za-z0-9._@+-]{1,128}$", description="A staff user name.")]


class Inquiry(Artefact):
    """A question to a department (4.2b, 5.2 to 5.4)."""

    department: AskedDepartment
    question: Text5000
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")


class InquiryAnswer(Artefact):
    """What a department found, and what it would do about it (5.2)."""

    assessment: Text5000
    recommended_solution: Text5000 | None = None
    legal_issue: Truth = Field(False, description="Law is involved: legal must approve the plan (5.4).")


class EvidenceOffer(Artefact):
    """A file that somebody is about to upload (4.2b). `size` in bytes."""

    file_name: Annotated[str, Words(200, turns=False)]
    content_type: ContentType
    size: Annotated[int, Strict(), Field(ge=1, le=LARGEST_FILE), WHOLE]
    description: Annotated[str, Words(500, lines=True)] | None = None


class LegalReview(Artefact):
    """Legal's word on the plan of the present round (5.4)."""

    approved: Truth
    advice: Text5000


class DeliveryUpdate(Artefact):
    """Where the goods are (5.3); the consumer sees it and is told."""

    status: DeliveryStatus
    text: Text2000
    carrier: Line64 | None = None
    tracking_number: Line64 | None = None


class InformationRequest(Artefact):
    """A question to the consumer, without whose answer the work cannot go on."""

    question: Text2000


class Information(Artefact):
    """What the consumer answers or adds."""

    text: Text5000


class Extension(Artefact):
    """More time for the present stage, and why; the consumer is told."""

    working_days: Annotated[int, Strict(), Field(ge=1, le=10), WHOLE]
    reason: Text2000


class FollowUpDone(Artefact):
    """A promised measure has been carried out."""

    note: Text2000 | None = None


class Withdrawal(Artefact):
    """The consumer takes the complaint back."""

    reason: Text2000 | None = None


class Reopening(Artefact):
    """The consumer is not done with a closed complaint, and says why."""

    reason: Text5000


class Merger(Artefact):
    """The complaint is handled together with another one about the same thing."""

    into: Annotated[str, Strict(), AfterValidator(read_id), Field(description="The id of the other complaint.")]


class LinkReplacement(Artefact):
    """The consumer's link has come into other hands, or has run out: another takes its place."""


class OrderLine(Model):
    """One product of an order; what else the shop tells of it is left out."""

    product_name: Line200
    quantity: int = 1
    price: Money | None = None


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


class Outcome(StrEnum):
    """How a complaint ended."""

    SATISFIED = "satisfied"
    NO_RESPONSE = "no_response"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
