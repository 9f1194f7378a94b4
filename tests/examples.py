"""One example of each request, written once: what it takes, who usually makes it, and a stage in which it can be made.

Whoever adds an operation adds a line here; tests of the web and of the rules, fuzz and bench read it.
"""

from typing import Any, NamedTuple

OWNER = "owner"
"""The consumer whose complaint it is."""

KETTLE: dict[str, Any] = {
    "order_number": "E20261009-0042",
    "product_name": "电热水壶 1.7L",
    "description": "收到就是裂的，客服一直不给换。",
    "contact": {"name": "王芳", "phone": "+8613800138000", "email": "wang@example.cn"},
    "channel": "web",
    "category": "after_sales_service",
    "requested_remedy": "refund",
    "amount_disputed": {"value": "59.90", "currency": "CNY"},
    "product_id": "KT-1700",
    "seller": "云杉家电旗舰店",
    "consumer_flags": ["elderly"],
    "external_ref": "AS-2026-0042",
}
REPORT: dict[str, Any] = {
    "order_verified": True,
    "findings": "订单属实，照片显示壶身开裂。",
    "root_cause": "运输中受到挤压。",
    "responsible_party": "carrier",
    "conclusion": "应当退款。",
    "verdict": "founded",
    "cause_code": "delivery.damaged_packing",
    "evidence": [],
    "interpretations": [],
}
PLAN: dict[str, Any] = {
    "methods": [{"kind": "refund", "detail": "全额退款", "amount": {"value": "59.90", "currency": "CNY"}}],
    "summary": "我们为您全额退款。",
    "complete_within_days": 5,
    "follow_up_measures": ["退款到账后回访"],
    "rejects_request": False,
    "basis": [{"law": "中华人民共和国消费者权益保护法", "article": "第二十四条"}, {"clause": "4.3a", "version": 1}],
}

WHOLE_PLAN: dict[str, Any] = PLAN | {
    "grants": "full",
    "reasons": "已超过退货期限。",
    "amount_reason": "含检测费。",
    "evidence": [],
}
REJECTION: dict[str, Any] = PLAN | {
    "methods": [{"kind": "explanation", "detail": "说明不予退款的原因。"}],
    "summary": "很抱歉，我们不能退款。",
    "rejects_request": True,
    "reasons": "已超过七天无理由退货期限。",
}

AMENDMENT: dict[str, Any] = {
    "summary": "十分钟内的多条消息并作一条通知",
    "reasons": "客服部门反映通知过于零碎。",
    "impact": "normal",
    "staff_impact": True,
    "changes": {"told_together_minutes": 10},
    "base": None,
}
"""Of the operating data: it goes the shorter way."""
SHORTER: dict[str, Any] = AMENDMENT | {
    "summary": "受理时限缩短为12小时",
    "reasons": "多数投诉半天之内即可受理。",
    "changes": {"clocks": {"received": {"hours": 12}}},
}
"""Of the rules."""

AUDIT: dict[str, Any] = {
    "period": "2026Q3",
    "scope": {"departments": ["customer_service", "quality", "logistics", "legal"], "categories": []},
    "tolerable": 10,
    "confidence": 95,
    "deviations": 0,
}
JUDGED: dict[str, Any] = {
    "findings_follow": {"judgement": "yes", "note": None},
    "remedy_lawful": {"judgement": "yes", "note": None},
    "tone": {"judgement": "no", "note": "答复生硬，没有道歉。"},
    "classification": {"judgement": "not_assessable", "note": "订单已删除。"},
}
"""All that an auditor answers about an item."""

PUBLIC_NOTE: dict[str, Any] = {"text": "已联系仓库。", "public": True}


class Example(NamedTuple):
    body: Any
    who: str = "cs.lin"
    stage: str = "received"


EXAMPLES = {
    "file_complaint": Example(KETTLE, "storefront"),
    "assign": Example({"assignee": "cs.chen"}),
    "acknowledge": Example({"message": "我们已受理。", "legal_issue": False}),
    "report": Example(REPORT | {"legal_issue": False, "without_inquiries": "照片已足以判断。"}, stage="investigating"),
    "propose_plan": Example(WHOLE_PLAN, stage="planning"),
    "draft_plan": Example(WHOLE_PLAN, stage="planning"),
    "give_feedback": Example({"satisfied": False, "opinion": "太慢了。", "round": 1}, OWNER, "awaiting_consumer"),
    "request_review": Example({"reason": "请换一位负责人重新看一下。", "round": 1}, OWNER, "planning"),
    "withdraw": Example({"reason": "已经自己解决了。"}, OWNER),
    "reopen": Example({"reason": "换来的也是裂的。"}, OWNER, "closed"),
    "merge_into": Example({"into": "AAAAA-AAAAA"}),
    "replace_link": Example({"send": True}),
    "correct_contact": Example(
        {
            "contact": {"name": "王芳", "phone": "+8613900139000", "email": "wang.fang@example.cn"},
            "reason": "来电更正：邮箱少写了一个字母。",
        }
    ),
    "view_contact": Example({"reason": "要与消费者约取件时间。"}, "quality.he"),
    "extend": Example({"working_days": 2, "reason": "等待检测报告。"}, "management.zhou"),
    "review": Example({"approved": True, "advice": "合法，可以发出。"}, "legal.xu", "planning"),
    "complete_follow_up": Example({"note": "已回访，款已到账。"}, stage="closed"),
    "triage": Example({"tier": "look", "reason": "壶身裂口锋利，可能割手。"}),
    "assess_safety": Example(
        {"harmed": "none", "stop_selling": True, "report_to": ["market_regulator"], "note": "同批次玻璃过薄。"},
        "quality.he",
    ),
    "tell_authority": Example(
        {"authority": "market_regulator", "reference": "2026-0042", "note": "已电话报告。"}, "quality.he"
    ),
    "take_interim_measure": Example({"text": "请先停用水壶，我们上门取件。"}),
    "record_call": Example({"about": "notice", "reached": True, "note": "已说明处理方案。"}),
    "add_note": Example({"text": "电话里很着急。", "public": False}),
    "retract_note": Example({"reason": "写到别人的投诉里了。"}),
    "retract_evidence": Example({"reason": "照片是另一位顾客的。"}, "cs.lead"),
    "update_delivery": Example(
        {"status": "delayed", "text": "因大雪延误两天。", "carrier": "顺丰速运", "tracking_number": "SF1020"},
        "logistics.gao",
    ),
    "give_information": Example({"text": "壶底的批号是A17。"}, OWNER),
    "read_information": Example({"note": "只是问退款几天到账。"}, stage="awaiting_consumer"),
    "request_information": Example({"question": "请提供壶底的批号。"}, stage="investigating"),
    "ask": Example({"department": "quality", "question": "壶身为什么会裂？"}, stage="investigating"),
    "answer_inquiry": Example(
        {"assessment": "玻璃厚度不足。", "recommended_solution": "全额退款。", "legal_issue": False},
        "quality.he",
        "investigating",
    ),
    "offer_evidence": Example(
        {"file_name": "裂缝.jpg", "content_type": "image/jpeg", "size": 1_000, "description": "壶身的裂缝"}, OWNER
    ),
    "answer_survey": Example(
        {"overall": 2, "solved": "no", "fair": 3, "easy": 4, "informed": 4, "words": "等了太久，最后才退款。"},
        OWNER,
        "closed",
    ),
    "review_survey": Example(
        {"called": True, "reopening_offered": True, "class": "process", "note": "已回访，同意重新处理。"},
        "management.zhou",
        "closed",
    ),
    "state_case": Example({"text": "当天系统停了四个小时，中午已经报告主管。"}),
    "decide_hearing": Example({"measure": "talk", "reasons": "时间不够属实，仍应提前说明。"}, "management.zhou"),
    "object_to_decision": Example({"text": "我在中午已经说明过。"}),
    "list_hearings": Example(None),
    "count_breaches": Example(None, "management.zhou"),
    "list_surveys": Example(None, "management.zhou"),
    "search_complaints": Example({"phone": "13800138000"}),
    "list_staff": Example(None),
    "put_volumes": Example({"orders": 1200, "parcels": 1350, "by_seller": {"云杉家电旗舰店": 340}}, "storefront"),
    "list_events": Example(None, "storefront"),
    "list_reports": Example(None, "cs.lead"),
    "show_report": Example(None, "management.zhou"),
    "list_cases": Example(None, "audit.qin"),
    "list_measures": Example(None),
    "comment_report": Example(
        {
            "text": "十月的延误集中在等待质检答复。",
            "measures": [
                {"what": "质检改为每日两次处理协查。", "owner": "quality.he", "due": "2026-12-31", "moves": "M14"}
            ],
        },
        "cs.lead",
    ),
    "complete_measure": Example({"note": "已改为每日两次，答复不再逾期。"}, "quality.he"),
    "issue_report": Example({}, "management.zhou"),
    "list_sheets": Example(None),
    "show_sheet": Example(None, "quality.he"),
    "comment_sheet": Example(
        {
            "text": "十一月系统停机两天。",
            "contested": [{"item": "objections", "reasons": "其中一件的方案不是我制定的。"}],
        },
        "quality.he",
    ),
    "answer_sheet": Example(
        {"answers": [{"number": 1, "upheld": True, "reasons": "停机记录属实，该项不计。"}]}, "management.zhou"
    ),
    "list_training": Example(None),
    "list_management_reviews": Example(None, "audit.qin"),
    "show_management_review": Example(None, "cs.lead"),
    "hold_management_review": Example(
        {
            "held_on": "2026-10-09",
            "participants": ["management.zhou", "cs.lead"],
            "text": "上半年投诉总量平稳，延误集中在质检环节。",
            "measures": [{"what": "质检增加一名复核人员。", "owner": "quality.he", "due": "2026-12-31"}],
        },
        "management.zhou",
    ),
    "complete_review_measure": Example({"note": "复核人员已到岗。"}, "quality.he"),
    "complete_training": Example({"note": "已与主管复盘两通电话，重读了沟通规范。"}, "cs.chen"),
    "interpret_policy": Example(
        {
            "clause": "4.2c",
            "question": "调查期间部门拒绝答复的，3个工作日是否顺延？",
            "ruling": "不顺延；报告应写明未取得答复的原因。",
            "holds_from": "2026-10-12",
        }
    ),
    "review_interpretation": Example(
        {"decision": "revise", "reasons": "新版本已写明报告的内容。", "ruling": "不顺延，并由主管督促该部门。"}
    ),
    "list_policy_reviews": Example(None, "audit.qin"),
    "show_policy_review": Example(None, "cs.lead"),
    "review_policy": Example({"decision": "keep", "reasons": "各项指标稳定，暂不修订。"}, "management.zhou"),
    "draft_amendment": Example(AMENDMENT, "legal.xu"),
    "list_amendments": Example(None),
    "show_amendment": Example(None, "quality.he", "draft"),
    "change_amendment": Example(AMENDMENT | {"summary": "夜间十分钟内的多条短信并作一条通知"}, "legal.xu", "draft"),
    "replay_amendment": Example({"from": "2026-09-01", "to": "2026-09-30"}, "legal.xu", "rules"),
    "show_replay": Example(None, "legal.xu", "replaying"),
    "submit_amendment": Example(
        {
            "consultation": {
                "held_on": "2026-10-08",
                "participants": "客服部、品质管理部的员工代表六人",
                "outcome": "同意，建议夜班也照此办理。",
            }
        },
        "legal.xu",
        "draft",
    ),
    "approve_amendment": Example({"approved": True, "reasons": "同意。", "hash": None}, "management.zhou", "submitted"),
    "announce_amendment": Example({"effective_from": None}, "legal.xu", "approved"),
    "give_opinion": Example({"text": "希望夜里也能及时得到答复。"}, OWNER, "announced"),
    "list_opinions": Example(None, "audit.qin", "opinion"),
    "answer_opinion": Example({"text": "谢谢，夜间的安排不受影响。"}, "legal.xu", "opinion"),
    "withdraw_amendment": Example({"reason": "改由下一版一并修订。"}, "legal.xu", "draft"),
    "draft_audit": Example(AUDIT, "audit.qin"),
    "list_audits": Example(None),
    "list_rules": Example(None),
    "show_audit": Example(None, "cs.lin", "published"),
    "approve_audit": Example({"approved": True, "reasons": "同意。"}, "management.zhou", "draft"),
    "cancel_audit": Example({"reason": "与外部审查重复。"}, "audit.qin", "draft"),
    "draw_sample": Example({}, "audit.qin", "approved"),
    "show_sample": Example(None, "audit.qin", "sampled"),
    "list_items": Example(None, "audit.lu", "published"),
    "pick_item": Example({"complaint_id": "AAAAA-AAAAA", "reason": "媒体报道过。"}, "audit.qin", "sampled"),
    "show_item": Example(None, "audit.qin", "published"),
    "examine_item": Example({"answers": JUDGED}, "audit.lu", "sampled"),
    "hand_over_item": Example({"reason": "曾参与该投诉的讨论。", "to": "audit.qin"}, "audit.lu", "sampled"),
    "report_audit": Example({"conclusion": "受理及时，答复的语气有待改进。"}, "audit.qin", "examined"),
    "show_audit_report": Example(None, "cs.lead", "published"),
    "comment_audit": Example({"text": "部分投诉发生在系统停机期间。"}, "cs.lead", "draft_report"),
    "publish_audit": Example({"conclusion": "受理及时，答复的语气应当改进。"}, "audit.qin", "commented"),
    "correct_audit": Example(
        {"reason": "第二项的件数有误。", "conclusion": "受理及时，答复的语气应当改进，共三件。"},
        "audit.qin",
        "published",
    ),
    "close_audit": Example({}, "audit.qin", "published"),
    "list_findings": Example(None, "quality.he"),
    "list_findings_of_audit": Example(None, "audit.qin", "published"),
    "raise_finding": Example(
        {
            "severity": "minor",
            "clause": "4.2c",
            "what": "三件投诉的调查报告未引用质检部门的答复。",
            "items": [],
            "department": "customer_service",
            "owner": "cs.lead",
            "answers_for": None,
        },
        "audit.qin",
        "fieldwork",
    ),
    "drop_finding": Example({"reason": "答复附在附件中。"}, "audit.qin", "raised"),
    "plan_correction": Example(
        {
            "correction": "已补充引用并更正三份报告。",
            "cause": "报告模板没有引用一栏。",
            "measures": [{"what": "在模板中增加引用一栏。", "owner": "cs.lead", "due": "2026-10-16", "moves": None}],
        },
        "cs.lead",
        "raised",
    ),
    "complete_correction": Example({"evidence": "模板第3版已启用。"}, "cs.lead", "finished"),
    "verify_correction": Example({"effective": True, "evidence": "抽查十件，均有引用。"}, "audit.lu", "ripe"),
    "waive_finding": Example({"reason": "系统明年更换。", "until": "2026-12-31"}, "management.zhou", "raised"),
    "reassign_finding": Example({"owner": "cs.lin", "reason": "原负责人休假。"}, "cs.lead", "raised"),
    "state_case_of_finding": Example({"text": "当时质检部门还没有答复。"}, "cs.lin", "raised"),
    "decide_hearing_of_finding": Example(
        {"measure": "talk", "reasons": "应当先催促质检部门。"}, "management.zhou", "stated"
    ),
    "object_to_decision_of_finding": Example({"text": "我催过两次，有记录。"}, "cs.lin", "decided"),
    "complete_audit_measure": Example({"note": "模板已更新。"}, "cs.lead", "planned"),
    "show_operating": Example(None),
    "show_study": Example(None, "quality.he"),
    "open_section": Example(None, "quality.he"),
    "take_quiz": Example({"answers": {"who_reads_policy": "a"}}, "quality.he"),
    "show_roster": Example(None, "cs.lead"),
    "sign_in": Example({"username": "cs.lin", "password": "Redress-local-1"}),
    "open_session": Example({"code": "7K2M-9XD4"}),
    "send_lost_link": Example({"complaint_id": "7K2M9-XD4FQ", "phone": "+8613800138000"}),
}
"""By operation. Every field is given. What only reads has no line."""


def example(operation: str) -> Example:
    return EXAMPLES.get(operation, Example(None))
