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
WaitsFor = Literal["answer", "reading"]
Unchecked = Literal["no_answer", "not_taken", "another_order"]
"""Why the shop's system says nothing of an order: no answer, it takes no such number, or it spoke of another order."""
CallAbout = Literal["safety", "notice", "acceptance", "survey", "other"]
Tier = Literal["act", "look", "skin", "privacy"]


class Outcome(StrEnum):
    """How a complaint ended."""

    SATISFIED = "satisfied"
    NO_RESPONSE = "no_response"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
