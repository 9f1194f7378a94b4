"""What notices are filled with: a cracked kettle and a late parcel, in each language, in full and as little."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.vocabulary.spoken import (
    AUTHORITIES,
    CATEGORIES,
    CHANNELS,
    DELIVERY_STATUSES,
    DEPARTMENTS,
    FOUND_BY,
    HARMS,
    HEARING_MEASURES,
    LEGAL_REASONS,
    REFUSALS,
    REMEDIES,
    RISES,
    SAFETY_TASKS,
    STAFF_STAGES,
    STAFF_WORK,
    TRAINING_TOPICS,
    WEBHOOK_PROBLEMS,
    WORK,
    briefly,
    money,
    ordinal,
    period,
    spoken,
    spoken_date,
    spoken_period,
)
from chalicelib.domain.vocabulary.terms import Locale

LOCALES: tuple[Locale, ...] = get_args(Locale)
TO_CONSUMERS = (
    *("receipt", "acknowledgement", "plan", "adjusted_plan", "answer_reminder", "closure", "delivery_update"),
    *("interim_measure", "information_request", "extension", "withdrawal", "reopening", "follow_ups_done"),
    *("merged", "separated"),
    *("other_plan", "other_closed", "new_link", "lost_link", "sooner", "file_refused", "note", "more"),
    *("survey", "survey_reminder"),
)
TO_STAFF = tuple(kind for kind in NOTICES if kind not in TO_CONSUMERS)
OF_NO_COMPLAINT = (
    *("digest", "calendar_warning", "returned", "safety_more", "rising", "got_worse"),
    *("study_asked", "study_reminder", "unstudied"),
    *("training_given", "training_reminder", "training_late", "training_to_confirm"),
    *("interpretations_to_review", "policy_review_due", "policy_review_called", "policy_review_late"),
    *("policy_review_findings", "audit_missing", "audit_left", "webhook_given_up", "webhook_disabled"),
)

SITE = "https://www.shop.example/complaints/7K2M9-XD4FQ"
LINK = f"{SITE}#token=rt1.7K2M9-XD4FQ.12.{'Ab3-' * 5}x9"
"""As long as a link is of a complaint that has been through much."""
LINK_TO_PLAN = f"{LINK}&round=2"
PAGE, CODE = "https://www.shop.example/complaints", "7K2M-9XD4"

TYPED: dict[str, dict[Locale, str]] = {
    "refund": {"zh-CN": "原路退回您的付款账户", "zh-TW": "退回您原本的付款帳戶", "en": "to the account you paid from"},
    "sorry": {
        "zh-CN": "由客服主管致电道歉，\n并说明原因",
        "zh-TW": "由客服主管致電道歉，\n並說明原因",
        "en": "the supervisor calls you\nand explains",
    },
    "summary": {
        "zh-CN": "我们为您全额退款，水壶不必寄回。",
        "zh-TW": "我們為您全額退款，水壺不必寄回。",
        "en": "A full refund; you need not send the kettle back.",
    },
    "visit": {
        "zh-CN": "退款到账后电话回访",
        "zh-TW": "退款入帳後電話回訪",
        "en": "We call when the refund has arrived",
    },
    "batch": {"zh-CN": "抽检同批次水壶", "zh-TW": "抽驗同批次水壺", "en": "We check kettles of the same batch"},
    "reason": {
        "zh-CN": "厂家的检测结果要到下周三才能出具。",
        "zh-TW": "原廠的檢測結果要到下週三才能出具。",
        "en": "The maker's test result will be there next Wednesday.",
    },
    "question": {
        "zh-CN": "收到包裹时外箱有没有破损？方便的话请附上照片。",
        "zh-TW": "收到包裹時外箱是否破損？方便的話請附上照片。",
        "en": "Was the outer box damaged? A photograph would help.",
    },
    "parcel": {
        "zh-CN": "包裹在杭州转运中心滞留，预计12月3日送达。",
        "zh-TW": "包裹滯留於杭州轉運中心，預計12月3日送達。",
        "en": "Held up in Hangzhou, expected on 3 December.",
    },
    "stop": {
        "zh-CN": "请先拔掉电源、停用水壶，明天上午我们上门取件。",
        "zh-TW": "請先拔掉電源、停用水壺，明天上午我們到府收件。",
        "en": "Please unplug the kettle and do not use it; we pick it up tomorrow morning.",
    },
    "carrier": {"zh-CN": "顺丰速运", "zh-TW": "順豐速運", "en": "SF Express"},
    "law": {
        "zh-CN": "《中华人民共和国消费者权益保护法》第25条",
        "zh-TW": "《中華人民共和國消費者權益保護法》第25條",
        "en": "Law on the Protection of Consumer Rights and Interests, article 25",
    },
    "clause": {
        "zh-CN": "本平台投诉处理制度第4.3条",
        "zh-TW": "本平台申訴處理制度第4.3條",
        "en": "Clause 4.3 of our complaints policy",
    },
    "inquiry": {"zh-CN": "品质管理部的协查", "zh-TW": "品質管理部的協助調查", "en": "The inquiry to quality control"},
}


@dataclass(frozen=True)
class Method:
    name: str
    detail: str
    amount: str | None


@dataclass(frozen=True)
class Line:
    complaint_id: str
    category_name: str
    stage_name: str
    due_at: str


@dataclass(frozen=True)
class Leaver:
    name: str
    held: int
    complaints: list[str]
    more: int


@dataclass(frozen=True)
class Owed:
    version: int
    due_at: str
    late: bool


@dataclass(frozen=True)
class Unstudied:
    name: str
    version: int
    due_at: str


@dataclass(frozen=True)
class LeftOwing:
    name: str
    number: int
    owed: list[str]
    more: int


@dataclass
class Taught:
    name: str
    topic: str
    due_at: str
    late: bool


@dataclass(frozen=True)
class Rise:
    what: str
    number: int
    since: str
    usual: str
    complaints: list[str]
    more: int


@dataclass(frozen=True)
class Interpreted:
    number: int
    clause: str


@dataclass(frozen=True)
class Worse:
    name: str
    now: str
    n: int
    before: str
    n_before: int


@dataclass(frozen=True)
class Waiting:
    department_name: str
    open: int


def values(kind: str, locale: Locale, **others: Any) -> dict[str, Any]:
    """All that a notice of this kind is filled with; times are such as take most room."""
    complaint = {} if kind in OF_NO_COMPLAINT else _complaint(kind, locale)
    return complaint | _own(kind, locale, spoken) | others


def texted(kind: str, locale: Locale, **others: Any) -> dict[str, Any]:
    """The same for a text message, in which times are said briefly."""
    return _complaint(kind, locale) | _own(kind, locale, briefly) | others


DUE_IF_OPEN = (
    *("assigned", "legal_issue", "plan_drafted", "information_given", "reopened", "objection"),
    *("reopening", "plan", "adjusted_plan"),
)
"""Kinds that say when a stage is due, which a closed complaint, or one that has left it, is not."""


def least(kind: str, locale: Locale) -> dict[str, Any]:
    """The same with everything left out that may be."""
    scant = {
        "message": None,
        "plan_within": None,
        "privacy_url": None,
        "reasons": None,
        "follow_up_by": None,
        "carrier": None,
        "tracking_number": None,
        "follow_up_measures": [],
        "promised": [],
        "oldest": [],
        "more": 0,
        "days_left": 0,
        "number": 1,
        "approved": False,
        "corrected": False,
        "ended": True,
        "unanswered": False,
        "read": False,
        "read_by": None,
        "stage_due_at": None,
        "files": 0,
        "messages": 0,
        "outcome": "no_response",
        "agreed": True,
        "again": False,
        "spoke": False,
        "missed": False,
        "awaited": False,
        "stop_selling": False,
        "call_by": None,
        "authorities": [],
        "review": False,
        "review_by": None,
        "review_url": None,
        "review_days": None,
        "review_takes": None,
        "basis": [],
        "first": True,
        "worse": [],
        "bottleneck": None,
        "problem": None,
        "failed_at": None,
        "to_shop": True,
    }
    may_be_none = {"due_at"} if kind in (*DUE_IF_OPEN, "hearing_decided") else set()
    return {
        name: None if name in may_be_none else scant.get(name, value) for name, value in values(kind, locale).items()
    }


def _complaint(kind: str, locale: Locale) -> dict[str, str]:
    told = {
        "complaint_id": "7K2M9-XD4FQ",
        "stage_name": STAFF_STAGES["investigating"][locale],
        "locale": locale,
    }
    if kind in TO_CONSUMERS:
        return told | {"tracking_url": LINK, "page": PAGE, "code": CODE}
    due_at = spoken(datetime(2026, 12, 18, 16, tzinfo=UTC), locale, "Asia/Shanghai")
    return told | {"category_name": CATEGORIES["product_quality"][locale], "stage_due_at": due_at}


def _own(kind: str, locale: Locale, said: Callable[[datetime, Locale, str], str]) -> dict[str, Any]:
    typed = {name: words[locale] for name, words in TYPED.items()}
    due_at = said(datetime(2026, 12, 15, 16, tzinfo=UTC), locale, "Asia/Shanghai")
    later = said(datetime(2026, 12, 31, 16, tzinfo=UTC), locale, "Asia/Shanghai")
    asked = {
        "due_at": due_at,
        "tracking_url": LINK_TO_PLAN,
        "accept_url": f"{LINK_TO_PLAN}&answer=accept",
        "object_url": f"{LINK_TO_PLAN}&answer=object",
    }
    review = {
        "review_by": due_at,
        "review_url": f"{LINK_TO_PLAN}&answer=review",
        "review_days": 15,
        "review_takes": 5,
    }
    proposal = {
        "summary": typed["summary"],
        "methods": [
            Method(REMEDIES["refund"][locale], typed["refund"], money(Decimal("59.90"), "CNY", locale)),
            Method(REMEDIES["apology"][locale], typed["sorry"], None),
        ],
        "complete_within_days": 5,
        "follow_up_measures": [typed["visit"], typed["batch"]],
        "rejects_request": False,
        "reasons": typed["reason"],
        "basis": [typed["law"], typed["clause"]],
        "files": 2,
    }
    plan, answer = asked | proposal | review, asked | {"summary": typed["summary"]}
    department = DEPARTMENTS["quality"][locale]
    week = spoken_date(date(2026, 11, 2), locale)
    late = {"due_at": due_at, "held_by": "cs.lin", "about": typed["inquiry"]}
    heard = {"number": 2, "about": typed["inquiry"], "due_at": later}
    missed = heard | {"was_due_at": due_at}
    again = {"reopen_by": later, "reopen_url": f"{LINK}&reopen"}
    measures = [typed["visit"], typed["batch"]]
    survey = {"due_at": due_at, "tracking_url": f"{LINK}&survey=1"}
    refused = {"number": 3, "advice": [REFUSALS[reason][locale] for reason in ("macros", "not_a_type_we_take")]}
    found = {"found_by": FOUND_BY["system"][locale]}
    unheard = {
        "to_shop": False,
        "storefront": "7kq2m9xd4fq8v1rt",
        "host": "shop.example",
        "problem": WEBHOOK_PROBLEMS["server_error"][locale],
    }
    work = CATEGORIES["product_quality"][locale], STAFF_STAGES["investigating"][locale]
    owed = [Owed(2, due_at, True), Owed(3, later, False)]
    topics = TRAINING_TOPICS
    taught = Taught("cs.chen", topics["deadlines"][locale], due_at, late=True)
    own: dict[str, dict[str, Any]] = {
        "receipt": {"due_at": due_at, "operator": "示例商城", "privacy_url": "https://www.shop.example/privacy"},
        "acknowledgement": {
            "message": typed["sorry"],
            "due_at": due_at,
            "plan_within": period(2, "working_days", locale),
        },
        "plan": plan,
        "adjusted_plan": plan | {"nth": ordinal(2, locale), "first": False},
        "answer_reminder": answer | {"read": True},
        "closure": again
        | review
        | {"outcome": "satisfied", "by_staff": False, "follow_up_measures": measures, "follow_up_by": due_at},
        "delivery_update": {
            "status_name": DELIVERY_STATUSES["delayed"][locale],
            "text": typed["parcel"],
            "carrier": typed["carrier"],
            "tracking_number": "SF1390000000042",
        },
        "information_request": {"question": typed["question"], "due_at": due_at, "waits": True},
        "extension": {"reason": typed["reason"], "due_at": due_at},
        "sooner": {"was_due_at": later, "due_at": due_at, "promised": measures},
        "withdrawal": again | {"by_staff": False},
        "reopening": {"due_at": due_at, "work": WORK["received"][locale]},
        "follow_ups_done": {"measures": measures},
        "merged": {"other_complaint_id": "3ZT8P-QN6WA", "again": False},
        "other_plan": proposal | {"other_complaint_id": "3ZT8P-QN6WA"},
        "other_closed": again | {"other_complaint_id": "3ZT8P-QN6WA", "outcome": "satisfied", "agreed": False},
        "separated": asked | proposal | review | {"other_complaint_id": "3ZT8P-QN6WA", "awaited": True},
        "new_link": {"corrected": True},
        "lost_link": {"ended": False},
        "file_refused": refused,
        "own_file_refused": refused,
        "note": {"text": typed["visit"]},
        "survey": survey,
        "survey_reminder": survey,
        "interim_measure": {"text": typed["stop"]},
        "more": {},
        "assigned": {"due_at": due_at, "call": True, "call_by": due_at},
        "reminder": {"due_at": due_at, "about": typed["inquiry"], "unanswered": True},
        "breach": late,
        "escalation": late,
        "objection": {"round": 2, "due_at": due_at, "review": True},
        "nobody_to_give_to": {},
        "inquiry_asked": {"department_name": department, "due_at": due_at},
        "inquiry_answered": {"department_name": department},
        "information_given": {"due_at": due_at, "read_by": due_at, "files": 9, "messages": 2},
        "legal_issue": {"why_name": LEGAL_REASONS["category"][locale], "due_at": due_at},
        "plan_drafted": {"draft": "14", "due_at": due_at},
        "legal_reviewed": {"approved": True, "draft": "14"},
        "safety": found,
        "safety_call": found | {"due_at": due_at},
        "safety_assessment": found | {"due_at": due_at},
        "safety_task": found | {"task_name": SAFETY_TASKS["safety_look"][locale], "reports": False, "due_at": due_at},
        "safety_assessed": {
            "harm_name": HARMS["minor"][locale],
            "stop_selling": True,
            "authorities": [AUTHORITIES[authority][locale] for authority in ("market_regulator", "food")],
        },
        "product_danger": {"number": 3, "complaints": ["7K2M9-XD4FQ", "3ZT8P-QN6WA"], "days": 30},
        "safety_more": {
            "number": 465,
            "until": due_at,
            "queues": [Waiting(DEPARTMENTS[one][locale], 250) for one in ("customer_service", "quality")],
        },
        "reopened": {"round": 2, "due_at": due_at, "work": STAFF_WORK["investigating"][locale]},
        "bounce": {"kind_name": NOTICES["plan"].names[locale], "channel_name": CHANNELS["email"][locale]},
        "staff_bounce": {"kind_name": NOTICES["breach"].names[locale], "channel_name": CHANNELS["email"][locale]},
        "hearing_opened": missed,
        "hearing_reminder": heard | {"again": True},
        "hearing_to_decide": missed | {"again": True, "spoke": True},
        "hearing_decided": heard | {"measure_name": HEARING_MEASURES["written_reminder"][locale], "cleared": False},
        "hearing_late": heard | {"missed": True},
        "digest": {
            "department_name": department,
            "date": spoken_date(date(2026, 12, 1), locale),
            "due_today": 3,
            "overdue": 12,
            "oldest": [Line("7K2M9-XD4FQ", *work, due_at), Line("3ZT8P-QN6WA", *work, later)],
            "more": 13,
        },
        "returned": {
            "left": [
                Leaver("cs.chen", 12, ["7K2M9-XD4FQ", "3ZT8P-QN6WA"], 10),
                Leaver("cs.lin", 1, ["9WQ4C-RT7MB"], 0),
            ]
        },
        "rising": {
            "first_day": spoken_date(date(2026, 11, 23), locale),
            "last_day": spoken_date(date(2026, 11, 29), locale),
            "number": 12,
            "alarms": [
                Rise(RISES["product"][locale], 9, week, "0.5", ["7K2M9-XD4FQ", "3ZT8P-QN6WA"], 7),
                Rise(RISES["cause"][locale].format(TYPED["visit"][locale]), 1, week, "12", ["9WQ4C-RT7MB"], 0),
            ],
            "more": 10,
        },
        "got_worse": {
            "first_day": spoken_date(date(2026, 11, 23), locale),
            "last_day": spoken_date(date(2026, 11, 29), locale),
            "report_id": "report_weekly-2026-W48-1",
            "worse": [Worse(STAFF_STAGES["investigating"][locale], "81%", 120, "97%", 98)],
            "bottleneck": {
                "stage_name": STAFF_STAGES["investigating"][locale],
                "waits_for": department,
                "share": "41%",
            },
        },
        "study_asked": {"owed": owed[1:], "questions": 8, "tries": 3},
        "study_reminder": {"owed": owed, "questions": 8, "tries": 3},
        "unstudied": {
            "number": 12,
            "late": [Unstudied("cs.chen", 2, due_at), Unstudied("cs.lin", 3, later)],
            "more": 10,
        },
        "training_given": {"owed": [Taught("", topics["accountability"][locale], later, late=False)]},
        "training_reminder": {"owed": [Taught("", topics["conduct"][locale], due_at, late=True)]},
        "training_late": {"number": 12, "listed": [taught, taught], "more": 10},
        "training_to_confirm": {"number": 12, "listed": [Taught("cs.lin", taught.topic, "", late=False)], "more": 11},
        "interpretations_to_review": {
            "policy_version": 3,
            "number": 12,
            "listed": [Interpreted(4, "4.2c"), Interpreted(2, "7.1")],
            "more": 10,
        },
        "policy_review_due": {"due_on": week, "months": 12},
        "policy_review_called": {
            "due_on": week,
            "earlier_report": spoken_period("monthly", date(2026, 10, 1), locale),
            "later_report": spoken_period("monthly", date(2026, 11, 1), locale),
            "most": 10,
        },
        "policy_review_late": {"due_on": week},
        "policy_review_findings": {"due_on": week, "clause": "4.1c", "most": 3},
        "audit_missing": {"year": "2026", "quarter": "3"},
        "audit_left": {"left": [LeftOwing("cs.chen", 12, ["audit_2026Q3-1 finding 2"], 11)]},
        "webhook_given_up": unheard | {"failed_at": due_at},
        "webhook_disabled": unheard | {"disabled_at": due_at},
        "calendar_warning": {"country": "CN", "last_day": spoken_date(date(2026, 12, 31), locale), "days_left": 60},
    }
    return own[kind]
