"""The kinds of notices: what each is called, whether it has a deadline, and what must have been sent before it."""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.domain.vocabulary.spoken import called
from chalicelib.domain.vocabulary.terms import Locale


class NoticeKind(NamedTuple):
    """`urgent`: goes by SMS too, since it has a deadline. `follows`: what must have been sent before it.

    `keeps_promise`: by this the house does in time what it owes the consumer. Where no mail goes it is texted at night
    too, if it is due before the morning; and however much they were told that day, it is never held back.
    `lets_in`: it is never held back either, since without it the consumer could not look. `on_request`: whoever knows
    the address had it sent, who may be anybody. So it takes nothing of what a day has room for, is texted by night only
    where no mail goes, nobody calls where it does not arrive, and it is not told again.
    """

    names: Mapping[Locale, str]
    urgent: bool = False
    follows: frozenset[str] = frozenset()
    keeps_promise: bool = False
    lets_in: bool = False
    on_request: bool = False


LOST_LINK = "lost_link"
"""What brings the link once more, to whoever lost it. No event leads to it."""
MORE = "more"
"""What is told in the place of all that is held back on a day."""
SAFETY_MORE = "safety_more"
"""What is told in the place of the alarms of a quarter of an hour that were too many to be told one by one."""
SURVEY, SURVEY_REMINDER = "survey", "survey_reminder"
"""How it was, which nobody owes an answer: nobody calls where one of these does not arrive."""
TO_REVIEW = "interpretations_to_review"
REVIEW_DUE, REVIEW_CALLED, REVIEW_LATE = "policy_review_due", "policy_review_called", "policy_review_late"
REVIEW_FINDINGS = "policy_review_findings"
"""That the policy is to be looked over (7.2): as its time comes, sooner by what was late, when that is over; sooner by
what audits found."""
AUDIT_MISSING, AUDIT_LEFT = "audit_missing", "audit_left"
"""That a quarter has no audit (6.3); what whoever has left was to do in audits."""
WEBHOOK_GIVEN_UP, WEBHOOK_DISABLED = "webhook_given_up", "webhook_disabled"
"""That a storefront has not heard of its complaints, and that it is called no more."""
HEARING_OPENED, HEARING_REMINDER = "hearing_opened", "hearing_reminder"
HEARING_TO_DECIDE, HEARING_DECIDED, HEARING_LATE = "hearing_to_decide", "hearing_decided", "hearing_late"
"""Of whoever answers for something (8.3): nobody but they, supervisors, management and audit know of these."""
OF_HEARINGS = frozenset({HEARING_OPENED, HEARING_REMINDER, HEARING_TO_DECIDE, HEARING_DECIDED, HEARING_LATE})
_PLANS = frozenset({"plan", "adjusted_plan"})
_MERGER = frozenset({"merged", "other_plan"})
NOTICES: Mapping[str, NoticeKind] = {
    "receipt": NoticeKind(called("投诉收到通知", "申訴收件通知", "Receipt"), lets_in=True),
    "acknowledgement": NoticeKind(called("受理通知", "受理通知", "Acknowledgement"), keeps_promise=True),
    "plan": NoticeKind(called("处理方案", "處理方案", "Resolution plan"), urgent=True, keeps_promise=True),
    "adjusted_plan": NoticeKind(
        called("调整后的处理方案", "調整後的處理方案", "Adjusted resolution plan"),
        urgent=True,
        follows=_PLANS,
        keeps_promise=True,
    ),
    "answer_reminder": NoticeKind(
        called("方案确认提醒", "方案確認提醒", "Reminder to answer the plan"), urgent=True, follows=_PLANS
    ),
    "closure": NoticeKind(called("办结通知", "結案通知", "Closure"), follows=_PLANS, keeps_promise=True),
    "delivery_update": NoticeKind(called("物流状态通知", "配送狀態通知", "Delivery update")),
    "information_request": NoticeKind(
        called("补充信息通知", "補充資料通知", "Request for information"), urgent=True, keeps_promise=True
    ),
    "extension": NoticeKind(called("延期通知", "延期通知", "Extension")),
    "sooner": NoticeKind(
        called("日期调整通知", "日期調整通知", "Changed date"),
        urgent=True,
        follows=frozenset({"plan", "adjusted_plan"}),
    ),
    "withdrawal": NoticeKind(called("撤回通知", "撤回通知", "Withdrawal")),
    "reopening": NoticeKind(called("重新受理通知", "重新受理通知", "Reopening")),
    "follow_ups_done": NoticeKind(called("后续措施完成通知", "後續措施完成通知", "Follow-up measures done")),
    "merged": NoticeKind(called("合并处理通知", "合併處理通知", "Merger with another complaint")),
    "other_plan": NoticeKind(
        called("合并投诉的处理方案", "合併申訴的處理方案", "Plan of the other complaint"),
        follows=_MERGER,
        keeps_promise=True,
    ),
    "other_closed": NoticeKind(
        called("合并投诉的办结通知", "合併申訴的結案通知", "Closure of the other complaint"),
        follows=_MERGER,
        keeps_promise=True,
    ),
    "separated": NoticeKind(called("恢复单独处理通知", "恢復單獨處理通知", "Merger undone"), follows=_MERGER),
    "new_link": NoticeKind(called("投诉链接更换通知", "申訴連結更換通知", "New link"), lets_in=True),
    LOST_LINK: NoticeKind(
        called("投诉链接补发通知", "申訴連結補發通知", "Your link again"), urgent=True, lets_in=True, on_request=True
    ),
    "file_refused": NoticeKind(called("文件未能接收通知", "檔案未能接收通知", "Files that were not accepted")),
    "interim_measure": NoticeKind(
        called("临时处理措施通知", "暫時處理措施通知", "What to do for now"), urgent=True, keeps_promise=True
    ),
    SURVEY: NoticeKind(called("满意度调查", "滿意度調查", "Survey")),
    SURVEY_REMINDER: NoticeKind(
        called("满意度调查提醒", "滿意度調查提醒", "Reminder of the survey"), follows=frozenset({SURVEY})
    ),
    "note": NoticeKind(called("留言通知", "留言通知", "Note")),
    MORE: NoticeKind(called("更多进展通知", "更多進展通知", "More news"), lets_in=True),
    "assigned": NoticeKind(called("分派通知", "分派通知", "Assignment")),
    "reminder": NoticeKind(called("到期提醒", "到期提醒", "Reminder")),
    "breach": NoticeKind(called("逾期通知", "逾期通知", "Breach")),
    "escalation": NoticeKind(called("逾期上报", "逾期呈報", "Escalation")),
    "objection": NoticeKind(called("消费者异议通知", "消費者異議通知", "Objection")),
    "nobody_to_give_to": NoticeKind(called("无人可分派提醒", "無人可分派提醒", "Complaint that nobody can be given")),
    "inquiry_asked": NoticeKind(called("协查请求", "協助調查請求", "Inquiry")),
    "inquiry_answered": NoticeKind(called("协查答复", "協助調查回覆", "Answer to an inquiry")),
    "information_given": NoticeKind(called("消费者补充信息", "消費者補充資料", "Information from the consumer")),
    "legal_issue": NoticeKind(called("法务审核请求", "法務審核請求", "Request for legal review")),
    "plan_drafted": NoticeKind(called("方案草案审核请求", "方案草案審核請求", "Draft of a plan to review")),
    "legal_reviewed": NoticeKind(called("法务审核结果", "法務審核結果", "Legal review")),
    "safety": NoticeKind(called("安全事件通知", "安全事件通知", "Safety alert")),
    "safety_call": NoticeKind(
        called("安全事件：请立即联系消费者", "安全事件：請立即聯絡消費者", "Danger: call the consumer")
    ),
    "safety_assessment": NoticeKind(called("安全评估请求", "安全評估請求", "Danger to be assessed")),
    "safety_task": NoticeKind(called("安全事项待办", "安全事項待辦", "Danger to be looked into")),
    "safety_assessed": NoticeKind(called("安全评估结果", "安全評估結果", "Danger assessed")),
    "product_danger": NoticeKind(
        called("同一商品多起安全事件", "同一商品多起安全事件", "Danger, more than once, by one product")
    ),
    SAFETY_MORE: NoticeKind(called("安全事项汇总通知", "安全事項彙整通知", "More dangers, told together")),
    "reopened": NoticeKind(called("重新处理提醒", "重新處理提醒", "Reopened complaint")),
    "bounce": NoticeKind(called("通知未送达提醒", "通知未送達提醒", "Notice that did not arrive")),
    "staff_bounce": NoticeKind(called("承办人未收到通知", "承辦人未收到通知", "Notice that did not reach a colleague")),
    "own_file_refused": NoticeKind(
        called("您上传的文件未能接收", "您上傳的檔案未能接收", "Your files that were not accepted")
    ),
    HEARING_OPENED: NoticeKind(called("请您陈述意见", "請您陳述意見", "State your case")),
    HEARING_REMINDER: NoticeKind(called("陈述或异议期将满", "陳述或異議期將滿", "Last day to speak")),
    HEARING_TO_DECIDE: NoticeKind(called("问责事项待决定", "究責事項待決定", "Hearing to be decided")),
    HEARING_DECIDED: NoticeKind(called("问责决定通知", "究責決定通知", "Decision of a hearing")),
    HEARING_LATE: NoticeKind(called("问责决定到期提醒", "究責決定到期提醒", "Decision of a hearing, due or late")),
    "digest": NoticeKind(called("每日待办汇总", "每日待辦彙整", "Daily digest")),
    "returned": NoticeKind(called("退回待分派通知", "退回待分派通知", "Complaints taken back")),
    "rising": NoticeKind(called("投诉量异常上升通知", "申訴量異常上升通知", "More complaints than usual")),
    "got_worse": NoticeKind(called("每周变化提示", "每週變化提示", "What got worse last week")),
    "study_asked": NoticeKind(called("制度学习通知", "制度研習通知", "Policy to study")),
    "study_reminder": NoticeKind(called("制度学习到期提醒", "制度研習到期提醒", "Reminder to study the policy")),
    "unstudied": NoticeKind(called("逾期未学习名单", "逾期未研習名單", "Who has not studied the policy")),
    "training_given": NoticeKind(called("培训安排通知", "訓練安排通知", "Training")),
    "training_reminder": NoticeKind(called("培训到期提醒", "訓練到期提醒", "Reminder of a training")),
    "training_late": NoticeKind(called("逾期未培训名单", "逾期未訓練名單", "Late training")),
    "training_to_confirm": NoticeKind(called("待确认的培训", "待確認的訓練", "Training to be confirmed")),
    TO_REVIEW: NoticeKind(called("制度解释复核提醒", "制度解釋複核提醒", "Interpretations to be looked at again")),
    REVIEW_DUE: NoticeKind(called("制度评估提醒", "制度評估提醒", "Review of the policy")),
    REVIEW_CALLED: NoticeKind(
        called("制度提前评估通知", "制度提前評估通知", "Review of the policy, called for by breaches")
    ),
    REVIEW_FINDINGS: NoticeKind(
        called(
            "制度提前评估通知（审计发现）",
            "制度提前評估通知（稽核發現）",
            "Review of the policy, called for by findings",
        )
    ),
    REVIEW_LATE: NoticeKind(called("制度评估逾期通知", "制度評估逾期通知", "Late review of the policy")),
    AUDIT_MISSING: NoticeKind(called("审计方案提醒", "稽核計畫提醒", "Quarter without an audit")),
    AUDIT_LEFT: NoticeKind(called("离职人员审计事项", "離職人員稽核事項", "What a colleague left undone in audits")),
    WEBHOOK_GIVEN_UP: NoticeKind(called("店铺推送失败通知", "商店推送失敗通知", "News that a shop did not get")),
    WEBHOOK_DISABLED: NoticeKind(called("店铺推送停用通知", "商店推送停用通知", "Webhook of a shop, switched off")),
    "calendar_warning": NoticeKind(called("工作日历更新提醒", "工作日曆更新提醒", "Calendar warning")),
}
