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
    """A moment in words people use, in local time; midnight is the end of the day that ends with it."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    midnight = clock == "00:00"
    day = spoken_date(local.date() - timedelta(days=midnight), locale)
    if locale == "en":
        return f"the end of {day} (midnight, China time)" if midnight else f"{clock} on {day} (China time)"
    return f"{day}24:00" if midnight else f"{day}{clock}"


def beginning(moment: datetime, locale: Locale, zone: str) -> str:
    """The moment from which on something holds; midnight is when its day begins."""
    local = moment.astimezone(ZoneInfo(zone))
    day = spoken_date(local.date(), locale)
    return f"{local:%H:%M} on {day} (China time)" if locale == "en" else f"{day}{local:%H:%M}"


def briefly(moment: datetime, locale: Locale, zone: str) -> str:
    """The same for a text message, which takes 20 characters in one place at most: the year is left out."""
    local = moment.astimezone(ZoneInfo(zone))
    midnight = f"{local:%H:%M}" == "00:00"
    day = local.date() - timedelta(days=midnight)
    clock, weekday = "24:00" if midnight else f"{local:%H:%M}", WEEKDAYS[locale][day.weekday()]
    if locale == "en":
        return f"{clock} {weekday[:3]} {day.day} {MONTHS[day.month - 1][:3]}"
    return f"{day.month}月{day.day}日（{weekday.replace('星期', '周' if locale == 'zh-CN' else '週')}）{clock}"


def spoken_date(day: date, locale: Locale) -> str:
    """A day with its weekday."""
    weekday = WEEKDAYS[locale][day.weekday()]
    if locale == "en":
        return f"{weekday}, {day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日（{weekday}）"


def spoken_period(kind: str, first: date, locale: Locale) -> str:
    """The report of a period of that kind which begins so, as people call it."""
    year, week, _ = first.isocalendar()
    half = first.month > 6
    month = MONTHS[first.month - 1]
    names: Mapping[str, Mapping[Locale, str]] = {
        "daily": called(
            f"{spoken_date(first, 'zh-CN')}日报",
            f"{spoken_date(first, 'zh-TW')}日報",
            f"Report of {spoken_date(first, 'en')}",
        ),
        "weekly": called(f"{year}年第{week}周周报", f"{year}年第{week}週週報", f"Report of week {week} of {year}"),
        "monthly": called(
            f"{first.year}年{first.month}月月报",
            f"{first.year}年{first.month}月月報",
            f"Report of {month} {first.year}",
        ),
        "half_yearly": called(
            f"{first.year}年{'下' if half else '上'}半年报告",
            f"{first.year}年{'下' if half else '上'}半年報告",
            f"Report of the {'second' if half else 'first'} half of {first.year}",
        ),
    }
    return names[kind][locale]


def spoken_review(first: date, locale: Locale) -> str:
    """The management review of the half-year that begins so, as people call it."""
    year, half = first.year, first.month > 6
    return called(
        f"{year}年{'下' if half else '上'}半年管理评审",
        f"{year}年{'下' if half else '上'}半年管理審查",
        f"the management review of the {'second' if half else 'first'} half of {year}",
    )[locale]


DIGITS = "零一二三四五六七八九"
TENS = {"十": 10, "百": 100}


def period(length: int, unit: str, locale: Locale) -> str:
    """How long something may take: so many of a unit of the policy's clocks."""
    name = UNITS[unit][locale]
    return f"{length} {name}{'' if length == 1 else 's'}" if locale == "en" else f"{length}{name}"


def long_period(days: int, locale: Locale) -> str:
    """How long something is kept: days, and where they come to years, about how many, which is what people ask."""
    said, years = period(days, "days", locale), round(days / 365)
    if years < 2:
        return said
    about = {"zh-CN": f"（约{years}年）", "zh-TW": f"（約{years}年）", "en": f" (about {years} years)"}
    return said + about[locale]


def figure(value: float, unit: str, locale: Locale) -> str:
    """A figure of a report in the fewest digits that say something; times in hours."""
    if unit == "share":
        return f"{value:.0%}"
    if unit == "count":
        return f"{value:,.0f}"
    return FIGURES[unit][locale].format(value / 3600 if unit == "seconds" else value)


def ordinal(number: int, locale: Locale) -> str:
    """2nd; in Chinese the number alone, which stands after 第."""
    if locale != "en":
        return str(number)
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def law(name: str, locale: Locale, article: str = "") -> str:
    """A law, or an article of it, by its name in this language if we know it; it may be named without its country."""
    bare = name.strip("《》")
    known = LAWS.get(bare) or LAWS.get(f"中华人民共和国{bare}") or {}
    return LAW[locale].format(law=known.get(locale, bare), article=article).removesuffix(", ")


def arabic(number: str) -> str:
    """A whole number below a thousand as Chinese writes it, in digits (二十四: 24); what is none stays as it is."""
    total = digit = 0
    for character in number:
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in TENS:
            total, digit = total + (digit or 1) * TENS[character], 0
        else:
            return number
    return str(total + digit) if number else number


def money(value: Decimal, currency: str, locale: Locale) -> str:
    """An amount with its currency (ISO 4217). In Taiwan 元 alone would be taken for its own dollars."""
    amount = f"{value:,.{currencies.DECIMALS[currency]}f}"
    if currency == "CNY" and locale != "en":
        return f"{amount} 元" if locale == "zh-CN" else f"人民幣 {amount} 元"
    return f"{currency} {amount}"


def called(mainland: str, taiwan: str, english: str) -> Mapping[Locale, str]:
    return {"zh-CN": mainland, "zh-TW": taiwan, "en": english}


FIGURES: Names = {
    "seconds": called("{:.1f}小时", "{:.1f}小時", "{:.1f} hours"),
    "per_10000": called("每万单{:.1f}件", "每萬單{:.1f}件", "{:.1f} per 10,000 orders"),
    "per_100": called("每百件{:.1f}次", "每百件{:.1f}次", "{:.1f} per 100"),
    "score": called("{:.1f}分", "{:.1f}分", "{:.1f}"),
}
UNITS: Names = {
    "hours": called("小时", "小時", "hour"),
    "working_days": called("个工作日", "個工作天", "working day"),
    "days": called("天", "天", "day"),
    "months": called("个月", "個月", "month"),
}
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
AMENDED: Names = {
    "rules": called("制度规则", "制度規則", "rules"),
    "operating": called("运营数据", "營運資料", "operating data"),
}
"""The documents of the policy that are amended."""
AMENDMENT_STAGES: Names = {
    "draft": called("草稿", "草稿", "Draft"),
    "submitted": called("待审批", "待核准", "Awaiting approval"),
    "returned": called("已退回", "已退回", "Returned"),
    "approved": called("待公示", "待公告", "To be announced"),
    "announced": called("已公示", "已公告", "Announced"),
    "in_force": called("已生效", "已生效", "In force"),
    "superseded": called("已被取代", "已被取代", "Superseded"),
    "withdrawn": called("已撤回", "已撤回", "Withdrawn"),
}
"""How an amendment of the policy stands."""
REPORT_STAGES: Names = {
    "computed": called("待点评", "待講評", "To be commented"),
    "commented": called("待发布", "待發布", "To be issued"),
    "issued": called("已发布", "已發布", "Issued"),
}
"""How a report stands."""
REVIEW_STAGES: Names = {
    "prepared": called("待召开", "待召開", "To be held"),
    "held": called("决议执行中", "決議執行中", "Held"),
    "closed": called("已完成", "已完成", "Closed"),
}
"""How a management review stands."""
AUDIT_STAGES: Names = {
    "draft": called("审计方案待批准", "稽核計畫待核准", "Plan to be approved"),
    "approved": called("待抽样", "待抽樣", "To be sampled"),
    "sampled": called("已抽样", "已抽樣", "Sampled"),
    "fieldwork": called("检查中", "查核中", "Fieldwork"),
    "draft_report": called("报告征求意见", "報告徵詢意見", "Report open to comments"),
    "commented": called("待发布", "待發布", "To be published"),
    "published": called("已发布，整改中", "已發布，改善中", "Published, being corrected"),
    "closed": called("已结束", "已結束", "Closed"),
    "cancelled": called("已取消", "已取消", "Cancelled"),
}
"""How an audit stands."""
SEVERITIES: Names = {
    "critical": called("重大", "重大", "critical"),
    "major": called("较重", "較重", "major"),
    "minor": called("一般", "一般", "minor"),
    "observation": called("观察项", "觀察事項", "observation"),
}
"""How much a finding of an audit weighs."""
FINDING_STATES: Names = {
    "open": called("待整改", "待改善", "To be corrected"),
    "planned": called("整改中", "改善中", "Being corrected"),
    "done": called("已整改，待验证", "已改善，待驗證", "Corrected, to be verified"),
    "closed": called("已关闭", "已結案", "Closed"),
    "waived": called("暂缓整改", "暫緩改善", "Waived for a time"),
    "dropped": called("已撤销", "已撤銷", "Dropped"),
}
"""How a finding of an audit stands."""
ENDS: Names = {
    "satisfied": called("已办结", "已結案", "Closed"),
    "no_response": called("未收到答复，先行办结", "未收到回覆，先行結案", "Closed for now, without an answer"),
    "withdrawn": called("已撤回", "已撤回", "Withdrawn"),
    "merged": called("已合并处理", "已合併處理", "Handled together with another complaint"),
}
"""How a complaint ended, as everybody reads it: in the place of the name of the stage that it is closed in."""
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
    "category": called(
        "虚假宣传类投诉，系统自动识别",
        "不實廣告類申訴，系統自動識別",
        "a complaint of false advertising, found by the system",
    ),
    "safety": called(
        "有人受到伤害，由品质管理部评估认定",
        "有人受到傷害，由品質管理部評估認定",
        "somebody was harmed, as quality control has assessed",
    ),
    "customer_service": called("客服部提出", "客服部提出", "raised by customer service"),
    "merger": called(
        "合并处理的投诉涉及法律问题", "合併處理的申訴涉及法律問題", "a complaint that was merged into this one"
    ),
    "inquiry": called("协查部门提出", "協助調查的部門提出", "raised by the department that was asked"),
}
FOUND_BY: Names = {
    "system": called(
        "（由系统自动识别，尚待人工核实。）",
        "（由系統自動辨識，尚待人工查證。）",
        "(Found by the system by itself; nobody has checked it yet.)",
    ),
    "staff": called("（由工作人员判定。）", "（由工作人員判定。）", "(Raised by a member of staff.)"),
}
"""Who says that there is danger."""
SAFETY_TASKS: Names = {
    "safety_call": called(
        "致电消费者确认安全", "致電消費者確認安全", "the call to make sure that the consumer is safe"
    ),
    "safety_assessment": called("安全评估", "安全評估", "the assessment of the danger"),
    "safety_look": called("核查可能的安全隐患", "查核可能的安全疑慮", "a look into a possible danger"),
    "safety_skin": called("核查化妆品不良反应", "查核化粧品不良反應", "a look into what a cosmetic did to the skin"),
    "safety_privacy": called(
        "致电消费者，核查个人信息泄露或冒充客服",
        "致電消費者，查核個資外洩或假冒客服",
        "a call about personal data in wrong hands, or somebody who poses as customer service",
    ),
    "safety_report_at_once": called("立即向{}报告", "立即向{}通報", "the report to {}, at once"),
    "safety_report_market": called(
        "向市场监督管理部门报告", "向市場監督主管機關通報", "the report to the market regulator"
    ),
    "safety_report_cosmetics": called("报告化妆品不良反应", "通報化粧品不良反應", "the report of what a cosmetic did"),
    "safety_report_cosmetics_serious": called(
        "报告化妆品严重不良反应", "通報化粧品嚴重不良反應", "the report of serious harm by a cosmetic"
    ),
    "safety_report_cosmetics_death": called(
        "报告化妆品致人死亡", "通報化粧品致人死亡", "the report of a death by a cosmetic"
    ),
}
"""What is to be done about a danger; a report that several authorities may be due is named with its own."""
HARMS: Names = {
    "none": called("无", "無", "none"),
    "minor": called("轻微", "輕微", "minor"),
    "serious": called("严重", "嚴重", "serious"),
    "death": called("有人死亡", "有人死亡", "death"),
}
HEARING_MEASURES: Names = {
    "not_attributable": called("不归责于本人，不作处理", "不可歸責於本人，不作處理", "not theirs to answer for"),
    "talk": called("谈话提醒", "談話提醒", "a talk"),
    "training": called("安排培训", "安排訓練", "training"),
    "written_reminder": called("书面提醒", "書面提醒", "a written reminder"),
    "appraisal_note": called("在考核中注明", "於考核中註記", "a note in the appraisal"),
    "duty_change": called("调整工作职责", "調整工作職責", "a change of duties"),
}
"""What may follow from a hearing (8.3)."""
AUTHORITIES: Names = {
    "market_regulator": called("市场监督管理部门", "市場監督主管機關", "the market regulator"),
    "cosmetics": called("化妆品不良反应监测机构", "化粧品不良反應監測機構", "the regulator of cosmetics"),
    "food": called("食品安全监督管理部门", "食品安全主管機關", "the food regulator"),
    "consumer_law": called(
        "《消费者权益保护法》第十九条规定的行政部门",
        "《消費者權益保護法》第十九條規定的行政機關",
        "the authorities of article 19 of the Consumer Law",
    ),
}
RISES: Names = {
    "product": called("同一商品", "同一商品", "One product"),
    "seller": called("同一商家", "同一賣家", "One seller"),
    "carrier": called("同一承运方", "同一物流業者", "One carrier"),
    "cause": called("同一原因（{}）", "同一原因（{}）", "One cause ({})"),
}
"""Of what there are more complaints than usual. Only a cause is named: it is a word of the policy."""
TRAINING_TOPICS: Names = {
    "conduct": called("与消费者沟通", "與消費者溝通", "Talking with consumers"),
    "deadlines": called("按期办理", "如期辦理", "Keeping due times"),
    "accountability": called("问责决定的培训", "究責決定的訓練", "Training decided after a hearing"),
    "policy": called("制度学习", "制度研習", "Studying the policy"),
    "newcomer": called("新人带教", "新人帶訓", "The first thirty days"),
}
LAW_ENDINGS = ("法", "法典", "条例", "规定", "办法", "细则", "决定", "解释")
"""How the names of laws end, also of those that the other languages have no name for."""
LAW = called("《{law}》{article}", "《{law}》{article}", "{law}, {article}")
LAWS: Names = {
    "中华人民共和国消费者权益保护法": {
        "zh-TW": "中華人民共和國消費者權益保護法",
        "en": "Law on the Protection of Consumer Rights and Interests",
    },
    "中华人民共和国消费者权益保护法实施条例": {
        "zh-TW": "中華人民共和國消費者權益保護法實施條例",
        "en": "Regulations for the Implementation of the Law on the Protection of Consumer Rights and Interests",
    },
    "中华人民共和国电子商务法": {"zh-TW": "中華人民共和國電子商務法", "en": "E-Commerce Law"},
    "中华人民共和国个人信息保护法": {
        "zh-TW": "中華人民共和國個人資訊保護法",
        "en": "Personal Information Protection Law",
    },
    "中华人民共和国产品质量法": {"zh-TW": "中華人民共和國產品品質法", "en": "Product Quality Law"},
    "中华人民共和国食品安全法": {"zh-TW": "中華人民共和國食品安全法", "en": "Food Safety Law"},
    "网络交易平台规则监督管理办法": {
        "zh-TW": "網路交易平台規則監督管理辦法",
        "en": "Measures for the Supervision of the Rules of Online Trading Platforms",
    },
}
"""Laws by their own names, and what the other languages call them."""
ARTICLE = called("第{place}条", "第{place}條", "article {place}")
CLAUSE = called(
    "本平台投诉处理制度第{place}条", "本平台申訴處理制度第{place}條", "Clause {place} of our complaints policy"
)
REFUSALS: Names = {
    "not_a_type_we_take": called(
        "文件类型不在可接收范围内：请改用照片（JPEG、PNG、HEIC）、视频（MP4、MOV）、录音（MP3、M4A、AMR、WAV）、"
        "PDF、Word（docx）、Excel（xlsx）或纯文本文件，再重新上传。",
        "檔案類型不在可接收範圍內：請改用照片（JPEG、PNG、HEIC）、影片（MP4、MOV）、錄音（MP3、M4A、AMR、WAV）、"
        "PDF、Word（docx）、Excel（xlsx）或純文字檔，再重新上傳。",
        "This type of file is not accepted. Please send a photograph (JPEG, PNG, HEIC), a video (MP4, MOV), a "
        "recording (MP3, M4A, AMR, WAV), a PDF, a Word (docx) or Excel (xlsx) document, or plain text.",
    ),
    "program": called(
        "出于安全考虑，我们不接收程序或快捷方式：请改为上传截图、照片或 PDF。",
        "基於安全考量，我們不接收程式或捷徑：請改為上傳截圖、照片或 PDF。",
        "Programs and shortcuts are not accepted, for safety's sake. Please send a screenshot, a photograph or a PDF.",
    ),
    "archive": called(
        "我们不接收压缩包：请解压后，把里面的文件逐个上传。",
        "我們不接收壓縮檔：請解壓縮後，將裡面的檔案逐一上傳。",
        "Archives are not accepted. Please unpack it and send the files one by one.",
    ),
    "macros": called(
        "文档中含有宏：请另存为不含宏的 docx 或 xlsx，或导出为 PDF，再重新上传。",
        "文件中含有巨集：請另存為不含巨集的 docx 或 xlsx，或匯出為 PDF，再重新上傳。",
        "The document contains macros. Please save it as docx or xlsx without macros, or as a PDF, and send that.",
    ),
    "locked": called(
        "文件设有密码，我们无法打开：请取消密码，再重新上传。",
        "檔案設有密碼，我們無法開啟：請取消密碼，再重新上傳。",
        "The file is protected by a password, so we cannot open it. Please remove the password and send it again.",
    ),
    "empty": called(
        "文件是空的：请确认文件能够正常打开，再重新上传。",
        "檔案是空的：請確認檔案能正常開啟，再重新上傳。",
        "The file is empty. Please check that it opens, and send it again.",
    ),
    "too_large": called(
        "文件超过 20 MB：请压缩照片、剪短视频，或分成几个文件，再重新上传。",
        "檔案超過 20 MB：請壓縮照片、剪短影片，或分成數個檔案，再重新上傳。",
        "The file is larger than 20 MB. Please send a smaller photograph, a shorter video, or several files.",
    ),
    "too_many": called(
        "这件投诉的文件已达到 20 个的上限：如还有重要材料，请联系客服。",
        "這件申訴的檔案已達 20 個的上限：如仍有重要資料，請聯絡客服人員。",
        "This complaint has 20 files already, which is the most. If there is more that matters, please contact "
        "customer service.",
    ),
}
"""Why a file was not taken, and what to do instead."""
RECOURSE: Mapping[Locale, str] = called(
    "如您对我们的处理有异议，除向我们提出意见外，还可以依照《中华人民共和国消费者权益保护法》第三十九条，通过以下途径解决：",
    "若您對我們的處理有異議，除向我們提出意見外，本件適用中國大陸法律，您也可依《中華人民共和國消費者權益保護法》第三十九條，循下列管道處理：",
    "If you disagree with how we handle your complaint, you can tell us so, and under article 39 of China's Law on "
    "the Protection of Consumer Rights and Interests you can also:",
)
"""What stands before the ways outside, in letters and on the page (3.3)."""
ROUTES: tuple[Mapping[Locale, str], ...] = (
    called(
        "登录全国12315平台（www.12315.cn）或拨打12315热线，向市场监督管理部门投诉；",
        "透過全國12315平台（www.12315.cn）或12315專線，向中國大陸市場監督管理部門申訴；",
        "complain to the market regulator through the national 12315 platform (www.12315.cn) or the hotline 12315;",
    ),
    called(
        "请求消费者协会或者依法成立的其他调解组织调解；",
        "請消費者協會或其他依法成立的調解組織調解；",
        "ask a consumers' association, or another mediation body set up by law, to mediate;",
    ),
    called(
        "如与经营者有仲裁协议，提请仲裁机构仲裁；",
        "若與業者訂有仲裁協議，向仲裁機構聲請仲裁；",
        "apply for arbitration, if there is an arbitration agreement with the seller;",
    ),
    called(
        "向人民法院提起诉讼。",
        "向人民法院提起訴訟。",
        "bring an action before a people's court in mainland China.",
    ),
)
"""Where a consumer can go who disagrees; each goes on with the sentence that `RECOURSE` begins."""
WEBHOOK_PROBLEMS: Mapping[str, Mapping[Locale, str]] = {
    "wrong_form": called("地址格式不正确", "網址格式不正確", "the address is not one"),
    "not_https": called("地址不是 https", "網址不是 https", "the address is not https"),
    "not_public": called("地址不是公网地址", "網址不是公開網路位址", "the address is not a public one"),
    "unresolved": called("域名无法解析", "網域名稱無法解析", "the name of the host is not known"),
    "unreachable": called("无法连接", "無法連線", "it cannot be reached"),
    "tls": called(
        "证书或加密连接有问题", "憑證或加密連線有問題", "its certificate, or the secure connection, is faulty"
    ),
    "timeout": called("超时未答复", "逾時未回覆", "it did not answer in time"),
    "no_answer": called("未收到可识别的答复", "未收到可辨識的回覆", "no answer came that can be read"),
    "redirect": called(
        "答复为重定向，系统不跟随", "回覆為重新導向，系統不跟隨", "it answered by a redirect, which is not followed"
    ),
    "refused": called("拒绝接收（4xx）", "拒絕接收（4xx）", "it refused (4xx)"),
    "gone": called("答复已不存在（410）", "回覆已不存在（410）", "it answered that it is gone (410)"),
    "busy": called("答复繁忙（429 或 503）", "回覆忙碌（429 或 503）", "it answered that it is busy (429 or 503)"),
    "server_error": called("接收端出错（5xx）", "接收端發生錯誤（5xx）", "it answered by an error of its own (5xx)"),
    "resting": called(
        "因连续失败，暂停调用", "因連續失敗，暫停呼叫", "it was not called, since it had failed for so long"
    ),
}
"""Why a storefront did not get its news, by the code that it reads."""
