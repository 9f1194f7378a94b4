"""The words of the policy that stand for values: categories, channels, languages, remedies, departments, outcomes."""

from enum import StrEnum
from typing import Literal

Locale = Literal["zh-CN", "zh-TW", "en"]
Channel = Literal["web", "app", "phone"]
Category = Literal["product_quality", "after_sales_service", "false_advertising", "delivery", "other"]
Remedy = Literal["refund", "replacement", "repair", "compensation", "apology", "explanation", "other"]
AskedDepartment = Literal["quality", "logistics", "legal"]
DeliveryStatus = Literal["delayed", "in_transit", "delivered", "returned", "lost", "damaged"]
ResponsibleParty = Literal["seller", "carrier", "platform", "consumer", "none", "undetermined"]
Verdict = Literal["founded", "partly_founded", "unfounded", "undetermined"]
"""Whether the investigation found that the consumer was right."""
Grants = Literal["full", "part", "none"]
"""How much of what was asked a plan gives."""
ConsumerFlag = Literal["minor", "elderly", "disabled", "agent"]
"""What consumers may say of themselves; `agent`: somebody acts for them."""
Nature = Literal["质量", "售后服务", "合同", "价格", "虚假宣传", "安全", "假冒", "人格尊严", "计量", "其他"]
"""What complaints are about, as the China Consumers Association publishes its figures."""
WaitsFor = Literal["answer", "reading"]
InCommon = Literal["order", "contact"]
"""By what a complaint is known to be related to another one."""
Unchecked = Literal["no_answer", "not_taken", "another_order"]
"""Why the shop's system says nothing of an order: no answer, it takes no such number, or it spoke of another order."""
Solved = Literal["yes", "partly", "no"]
"""Whether the problem is, as its consumer says in a survey."""
LOW = 2
"""An overall mark up to this is a low answer."""
Fault = Literal["product", "process", "conduct"]
"""What a low answer is about; only conduct counts for a person (6.2)."""
Spared = Literal["asked_lately", "opted_out", "unknown"]
"""Why nobody is asked how it was: the same contact was, within some days; wants not to be; or is not known any more."""
CallAbout = Literal["safety", "notice", "acceptance", "survey", "other"]
Tier = Literal["act", "look", "skin", "privacy"]
"""What a danger asks for, the most urgent first: harm that has happened or is at hand, something to look at the same
working day, what a cosmetic did to the skin, personal data in wrong hands."""
NO_TIER: Literal["none"] = "none"
Mark = Literal["safety", "legal", "answered", "bounced", "duplicate", "returned"]
"""What a line of a queue says at once of a complaint: somebody may be in danger; law is involved; the consumer has said
something since customer service did anything; a notice has reached them by no channel; perhaps it is there twice; legal
has refused the draft of its plan."""
Harm = Literal["none", "minor", "serious", "death"]
GRAVE: tuple[Harm, ...] = ("serious", "death")
"""Harm after which the consumer is called and the market regulator told, whatever was thought before."""
Authority = Literal["market_regulator", "cosmetics", "food", "consumer_law"]
"""To whom a danger is reported: the market regulator (death, serious injury), the regulator of cosmetics, that of food,
and whoever Consumer Law 19 names (goods that endanger people)."""


class Outcome(StrEnum):
    """How a complaint ended."""

    SATISFIED = "satisfied"
    NO_RESPONSE = "no_response"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
