"""How times, amounts and names are said to people, in each language they read."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from chalicelib.domain.vocabulary.terms import Locale

Names = Mapping[str, Mapping[Locale, str]]
"""What a value is called in each language."""

WEEKDAYS = {
    "zh-CN": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "zh-TW": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def spoken(moment: datetime, locale: Locale, zone: str) -> str:
    """A moment in words people use, in local time; midnight is 24:00 of the day that ends with it."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    if clock == "00:00":
        local, clock = local - timedelta(days=1), "24:00"
    day = spoken_date(local.date(), locale)
    return f"{clock} on {day} (China time)" if locale == "en" else f"{day}{clock}"


def spoken_date(day: date, locale: Locale) -> str:
    """A day with its weekday."""
    weekday = WEEKDAYS[locale][day.weekday()]
    if locale == "en":
        return f"{weekday}, {day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日（{weekday}）"


def money(value: Decimal, currency: str, locale: Locale) -> str:
    """An amount with its currency (ISO 4217). In Taiwan 元 alone would be taken for its own dollars."""
    amount = f"{value:,.2f}"
    if currency == "CNY" and locale != "en":
        return f"{amount} 元" if locale == "zh-CN" else f"人民幣 {amount} 元"
    return f"{currency} {amount}"


def _called(mainland: str, taiwan: str, english: str) -> Mapping[Locale, str]:
    return {"zh-CN": mainland, "zh-TW": taiwan, "en": english}


REMEDIES: Names = {
    "refund": _called("退款", "退款", "Refund"),
    "replacement": _called("换货", "換貨", "Replacement"),
    "repair": _called("维修", "維修", "Repair"),
    "compensation": _called("赔偿", "賠償", "Compensation"),
    "apology": _called("赔礼道歉", "致歉", "Apology"),
    "explanation": _called("情况说明", "情況說明", "Explanation"),
    "other": _called("其他", "其他", "Other"),
}
CATEGORIES: Names = {
    "product_quality": _called("商品质量", "商品品質", "Product quality"),
    "after_sales_service": _called("售后服务", "售後服務", "After-sales service"),
    "false_advertising": _called("虚假宣传", "不實廣告", "False advertising"),
    "delivery": _called("物流配送", "物流配送", "Delivery"),
    "other": _called("其他", "其他", "Other"),
}
DEPARTMENTS: Names = {
    "customer_service": _called("客服部", "客服部", "Customer service"),
    "quality": _called("品质管理部", "品質管理部", "Quality control"),
    "logistics": _called("物流部", "物流部", "Logistics"),
    "legal": _called("法务部", "法務部", "Legal"),
    "supervisor": _called("客服主管", "客服主管", "Customer service supervisor"),
    "management": _called("管理层", "管理階層", "Management"),
}
STAFF_STAGES: Names = {
    "received": _called("待受理", "待受理", "To be acknowledged"),
    "investigating": _called("调查中", "調查中", "Investigation"),
    "planning": _called("拟定处理方案", "擬定處理方案", "Resolution plan"),
    "awaiting_consumer": _called("待消费者确认", "待消費者確認", "Awaiting the consumer"),
    "closed": _called("已办结", "已結案", "Closed"),
}
"""The stages as staff call them; `vocabulary.stages` has the names for consumers, who are addressed in them."""
DELIVERY_STATUSES: Names = {
    "delayed": _called("配送延误", "配送延誤", "Delayed"),
    "in_transit": _called("运输中", "運送中", "On its way"),
    "delivered": _called("已签收", "已送達", "Delivered"),
    "returned": _called("已退回", "已退回", "Returned"),
    "lost": _called("包裹丢失", "包裹遺失", "Lost"),
    "damaged": _called("包裹破损", "包裹破損", "Damaged"),
}
CHANNELS: Names = {
    "email": _called("电子邮件", "電子郵件", "e-mail"),
    "sms": _called("短信", "簡訊", "text message"),
    "topic": _called("部门通知", "部門通知", "department topic"),
}
LEGAL_REASONS: Names = {
    "category": _called("虚假宣传类投诉", "不實廣告類申訴", "a complaint of false advertising"),
    "safety": _called("涉及人身安全", "涉及人身安全", "someone's safety"),
    "customer_service": _called("客服部提出", "客服部提出", "raised by customer service"),
    "inquiry": _called("协查部门提出", "協助調查的部門提出", "raised by the department that was asked"),
}
KINDS: Names = {
    "receipt": _called("投诉收到通知", "申訴收件通知", "Receipt"),
    "acknowledgement": _called("受理通知", "受理通知", "Acknowledgement"),
    "plan": _called("处理方案", "處理方案", "Resolution plan"),
    "adjusted_plan": _called("调整后的处理方案", "調整後的處理方案", "Adjusted resolution plan"),
    "answer_reminder": _called("方案确认提醒", "方案確認提醒", "Reminder to answer the plan"),
    "closure": _called("办结通知", "結案通知", "Closure"),
    "delivery_update": _called("物流状态通知", "配送狀態通知", "Delivery update"),
    "information_request": _called("补充信息通知", "補充資料通知", "Request for information"),
    "extension": _called("延期通知", "延期通知", "Extension"),
    "withdrawal": _called("撤回通知", "撤回通知", "Withdrawal"),
    "reopening": _called("重新受理通知", "重新受理通知", "Reopening"),
    "follow_ups_done": _called("后续措施完成通知", "後續措施完成通知", "Follow-up measures done"),
    "merged": _called("合并处理通知", "合併處理通知", "Merger with another complaint"),
    "separated": _called("可恢复处理通知", "可恢復處理通知", "Merger that came to nothing"),
    "new_link": _called("投诉链接更换通知", "申訴連結更換通知", "New link"),
    "assigned": _called("分派通知", "分派通知", "Assignment"),
    "reminder": _called("到期提醒", "到期提醒", "Reminder"),
    "breach": _called("逾期通知", "逾期通知", "Breach"),
    "escalation": _called("逾期上报", "逾期呈報", "Escalation"),
    "objection": _called("消费者异议通知", "消費者異議通知", "Objection"),
    "inquiry_asked": _called("协查请求", "協助調查請求", "Inquiry"),
    "inquiry_answered": _called("协查答复", "協助調查回覆", "Answer to an inquiry"),
    "information_given": _called("消费者补充信息", "消費者補充資料", "Information from the consumer"),
    "legal_issue": _called("法务审核请求", "法務審核請求", "Request for legal review"),
    "legal_reviewed": _called("法务审核结果", "法務審核結果", "Legal review"),
    "safety": _called("安全事件通知", "安全事件通知", "Safety alert"),
    "reopened": _called("重新处理提醒", "重新處理提醒", "Reopened complaint"),
    "bounce": _called("通知未送达提醒", "通知未送達提醒", "Notice that did not arrive"),
    "staff_bounce": _called("承办人未收到通知", "承辦人未收到通知", "Notice that did not reach a colleague"),
    "digest": _called("每日待办汇总", "每日待辦彙整", "Daily digest"),
    "calendar_warning": _called("工作日历更新提醒", "工作日曆更新提醒", "Calendar warning"),
}
