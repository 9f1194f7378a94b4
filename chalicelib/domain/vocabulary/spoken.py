"""How times, amounts and names are said to people, in each language they read."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from chalicelib.domain.vocabulary import currencies
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
    amount = f"{value:,.{currencies.DECIMALS[currency]}f}"
    if currency == "CNY" and locale != "en":
        return f"{amount} 元" if locale == "zh-CN" else f"人民幣 {amount} 元"
    return f"{currency} {amount}"


def called(mainland: str, taiwan: str, english: str) -> Mapping[Locale, str]:
    return {"zh-CN": mainland, "zh-TW": taiwan, "en": english}


REMEDIES: Names = {
    "refund": called("退款", "退款", "Refund"),
    "replacement": called("换货", "換貨", "Replacement"),
    "repair": called("维修", "維修", "Repair"),
    "compensation": called("赔偿", "賠償", "Compensation"),
    "apology": called("赔礼道歉", "致歉", "Apology"),
    "explanation": called("情况说明", "情況說明", "Explanation"),
    "other": called("其他", "其他", "Other"),
}
CATEGORIES: Names = {
    "product_quality": called("商品质量", "商品品質", "Product quality"),
    "after_sales_service": called("售后服务", "售後服務", "After-sales service"),
    "false_advertising": called("虚假宣传", "不實廣告", "False advertising"),
    "delivery": called("物流配送", "物流配送", "Delivery"),
    "other": called("其他", "其他", "Other"),
}
DEPARTMENTS: Names = {
    "customer_service": called("客服部", "客服部", "Customer service"),
    "quality": called("品质管理部", "品質管理部", "Quality control"),
    "logistics": called("物流部", "物流部", "Logistics"),
    "legal": called("法务部", "法務部", "Legal"),
    "supervisor": called("客服主管", "客服主管", "Customer service supervisor"),
    "management": called("管理层", "管理階層", "Management"),
}
STAFF_STAGES: Names = {
    "received": called("待受理", "待受理", "To be acknowledged"),
    "investigating": called("调查中", "調查中", "Investigation"),
    "planning": called("拟定处理方案", "擬定處理方案", "Resolution plan"),
    "awaiting_consumer": called("待消费者确认", "待消費者確認", "Awaiting the consumer"),
    "closed": called("已办结", "已結案", "Closed"),
}
"""The stages as staff call them; `vocabulary.stages` has the names for consumers, who are addressed in them."""
WORK: Names = {
    "received": called("回复您并告知处理进展", "回覆您並告知處理進度", "confirm that we are working on it"),
    "investigating": called("完成调查", "完成調查", "finish our investigation"),
    "planning": called("将新的处理方案发给您确认", "將新的處理方案寄給您確認", "send you a new plan"),
}
"""What the house does in a stage, as it is promised to the consumer: "we will …"."""
STAFF_WORK: Names = {
    "received": called("受理", "受理", "acknowledge it"),
    "investigating": called("提交调查报告", "提交調查報告", "report on the investigation"),
    "planning": called("发出新的处理方案", "發出新的處理方案", "send a new plan"),
}
"""The same as it is asked of staff: "please …"."""
DELIVERY_STATUSES: Names = {
    "delayed": called("配送延误", "配送延誤", "Delayed"),
    "in_transit": called("运输中", "運送中", "On its way"),
    "delivered": called("已签收", "已送達", "Delivered"),
    "returned": called("已退回", "已退回", "Returned"),
    "lost": called("包裹丢失", "包裹遺失", "Lost"),
    "damaged": called("包裹破损", "包裹破損", "Damaged"),
}
CHANNELS: Names = {
    "email": called("电子邮件", "電子郵件", "e-mail"),
    "sms": called("短信", "簡訊", "text message"),
    "topic": called("部门通知", "部門通知", "department topic"),
}
LEGAL_REASONS: Names = {
    "category": called("虚假宣传类投诉", "不實廣告類申訴", "a complaint of false advertising"),
    "safety": called("涉及人身安全", "涉及人身安全", "someone's safety"),
    "customer_service": called("客服部提出", "客服部提出", "raised by customer service"),
    "merger": called(
        "合并处理的投诉涉及法律问题", "合併處理的申訴涉及法律問題", "a complaint that was merged into this one"
    ),
    "inquiry": called("协查部门提出", "協助調查的部門提出", "raised by the department that was asked"),
}
