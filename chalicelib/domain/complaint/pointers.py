"""What whoever turns to a merged complaint is told: where it is handled, what is possible, and until when.

Consumers read it in their own language, everybody else in that of the contract.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.complaint.complaint import Complaint
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.policy.policies import Policy
from chalicelib.domain.vocabulary.spoken import called, spoken
from chalicelib.domain.vocabulary.terms import Locale


def pointer(complaint: Complaint, actor: Actor, now: datetime, policy: Policy) -> str:
    """As far as the complaint knows of the one that it is merged into, or was until that closed."""
    locale = complaint.locale if actor.kind == "consumer" else "en"
    ended = complaint.other_closed_at
    until = ended and policy.after_days(ended, policy.reopening_days).at
    said = spoken(until, locale, policy.time_zone) if until else ""
    words = _words(complaint, until, now, policy)[locale]
    return words.format(other=complaint.merged_into, until=said, times=complaint.reopened)


def _words(complaint: Complaint, until: datetime | None, now: datetime, policy: Policy) -> Mapping[Locale, str]:
    if until is None:
        return TOGETHER
    if now >= until:
        return TOO_LATE
    if complaint.other_agreed:
        return AGREED
    return ASK if complaint.reopened >= policy.reopenings else REOPEN


TOGETHER = called(
    "您的投诉正与另一件投诉（编号 {other}）合并处理，那件投诉还在处理中，所以这里暂时不能答复方案、补充说明或撤回投诉。"
    "那件投诉的处理方案和办结结果，我们都会通知您；照片和资料仍可在这里上传。如果两件投诉不应合并，请致电或联系客服，"
    "并告知您的投诉编号，我们会为您恢复单独处理。",
    "您的申訴正與另一件申訴（編號 {other}）合併處理，該件申訴還在處理中，所以這裡暫時無法回覆方案、補充說明或撤回申訴。"
    "該件申訴的處理方案與結案結果，我們都會通知您；照片與資料仍可在這裡上傳。如果兩件申訴不應合併，請來電或聯絡客服人員，"
    "並告知您的申訴編號，我們會為您恢復單獨處理。",
    "This complaint is handled together with {other}, which is open: no plan is answered, nothing added in words and "
    "nothing withdrawn here meanwhile. Its consumer is told of the other's plan and closure, and can still add files. "
    "If the two should not be handled together, call or write to customer service, who can undo the merger.",
)
REOPEN = called(
    "您的投诉此前与另一件投诉（编号 {other}）合并处理，那件投诉已经结束。如果您的问题还没有解决，可以在{until}前"
    "要求重新处理并告诉我们原因，我们会单独为您处理；也可以致电客服，请客服为您办理。",
    "您的申訴先前與另一件申訴（編號 {other}）合併處理，該件申訴已經結束。如果您的問題還沒有解決，可於{until}前"
    "要求重新處理並告訴我們原因，我們會單獨為您處理；也可以來電，請客服人員為您辦理。",
    "This complaint was handled together with {other}, which has closed. It can be reopened until {until} (reopening), "
    "also by customer service for a caller, and is handled by itself then.",
)
ASK = called(
    "您的投诉此前与另一件投诉（编号 {other}）合并处理，那件投诉已经结束。您的投诉已经重新处理过{times}次，如果问题"
    "还没有解决，请在{until}前致电或联系客服，由客服主管决定是否再次处理。",
    "您的申訴先前與另一件申訴（編號 {other}）合併處理，該件申訴已經結束。您的申訴已經重新處理過{times}次，如果問題"
    "還沒有解決，請於{until}前來電或聯絡客服人員，由客服主管決定是否再次處理。",
    "This complaint was handled together with {other}, which has closed. It has been reopened {times} times: call or "
    "write to customer service by {until}, a supervisor can reopen it once more.",
)
AGREED = called(
    "您的投诉此前与另一件投诉（编号 {other}）合并处理，您已接受那件投诉的处理方案，两件投诉已一同办结。如果问题没有得到"
    "解决，请在{until}前通过那件投诉的链接要求重新处理，两件投诉会一并重新处理；也可以致电或联系客服。",
    "您的申訴先前與另一件申訴（編號 {other}）合併處理，您已接受該件申訴的處理方案，兩件申訴已一同結案。如果問題沒有獲得"
    "解決，請於{until}前透過該件申訴的連結要求重新處理，兩件申訴會一併重新處理；也可以來電或聯絡客服人員。",
    "This complaint was handled together with {other}, whose plan the same consumer has accepted. Reopen that one, "
    "until {until}: then both are handled again.",
)
TOO_LATE = called(
    "您的投诉此前与另一件投诉（编号 {other}）合并处理，那件投诉已经结束。要求重新处理的期限是{until}，现已过期。"
    "如果问题还没有解决，请提交新的投诉，或致电、联系客服。",
    "您的申訴先前與另一件申訴（編號 {other}）合併處理，該件申訴已經結束。要求重新處理的期限是{until}，現已過期。"
    "如果問題還沒有解決，請提出新的申訴，或來電、聯絡客服人員。",
    "This complaint was handled together with {other}, which has closed. It could be reopened until {until}. File a "
    "new one, or ask customer service.",
)
