"""What the people of the tour write. Report, plans and opinion suit any product, so that a file's rows use them too."""

import base64
from typing import Any

CONSUMER, PHONE = "王芳", "+8613800138000"
KETTLE: dict[str, Any] = {
    "product_name": "电热水壶 1.7L",
    "description": "收到就是裂的，壶身有一道从上到下的裂缝，倒水会漏，根本不能用。我要求退款。",
    "channel": "web",
    "category": "product_quality",
    "requested_remedy": "refund",
}
PHOTO = base64.b64decode(  # a crack, as far as eight by eight pixels can show one
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAFUlEQVR42mP4//8/w39kggGdQ5QUANfSN8l0nSKlAAAAAElFTkSuQmCC"
)
PHOTO_OFFER: dict[str, Any] = {
    "file_name": "裂缝.png",
    "content_type": "image/png",
    "size": len(PHOTO),
    "description": "壶身上的裂缝",
}
MESSAGE = "您的投诉已受理，我们正在核实订单并联系承运方。"
INNER_NOTE = "同款水壶本月第三次在途中受损，已转告物流部。"
ASSESSMENT: dict[str, Any] = {
    "assessment": "照片显示裂缝自壶口向下，属受外力挤压所致，不是材质问题。",
    "recommended_solution": "更换或退款，并与承运方复核包装。",
}
REPORT: dict[str, Any] = {
    "order_verified": True,
    "findings": "订单属实；照片与出库记录显示商品在签收前已有问题。",
    "root_cause": "包装缓冲不足，运输途中受损。",
    "responsible_party": "carrier",
    "conclusion": "责任不在消费者，应予处理。",
    "verdict": "founded",
    "cause_code": "delivery.damaged_packing",
    "evidence": [],
}
ALONE = "消费者的描述已经足够清楚，不必等待。"
APPROVAL: dict[str, Any] = {"approved": True, "advice": "方案合法，可以发出。"}
REPLACEMENT: dict[str, Any] = {
    "methods": [{"kind": "replacement", "detail": "免费更换全新同款，次日寄出。"}],
    "summary": "我们为您免费更换全新同款，原商品不必寄回。",
    "complete_within_days": 5,
    "follow_up_measures": ["签收后回访"],
    "rejects_request": False,
}
OPINION = "不想再等一件了，也不放心，请直接退款。"
REFUND: dict[str, Any] = {
    "methods": [
        {"kind": "refund", "detail": "全额退回原支付账户。", "amount": {"value": "59.90", "currency": "CNY"}},
        {"kind": "compensation", "detail": "无门槛优惠券一张。", "amount": {"value": "10.00", "currency": "CNY"}},
    ],
    "summary": "按您的意见改为全额退款，并补偿优惠券一张。",
    "complete_within_days": 3,
    "follow_up_measures": ["退款到账后回访", "与承运方复核包装标准"],
    "rejects_request": False,
}
CALL: dict[str, Any] = {"about": "safety", "reached": True, "note": "消费者安好，已请其停用商品。"}
NO_HARM: dict[str, Any] = {"harmed": "none", "stop_selling": False, "note": "无人受伤，已请商家自查同批次商品。"}
COMMENT = (
    "已核对本月数据。部门协查按时率：{in_time}。各部门答复越快，调查用时越短；先按下列措施改进协查，下月对照这一指标。"
)
UNKNOWN = "件数太少，暂不计算"
MEASURE = "物流部每个工作日上午、下午各集中答复一次协查，并与承运方复核包装标准。"
STILL_UNHAPPY = "最后是解决了，但是拖得太久，中间也没人主动告诉我进展。"
AMENDMENT: dict[str, Any] = {
    "summary": "受理确认的时限改为{hours}小时",
    "reasons": "消费者希望更早得到确认；过去三十天里，大多数投诉在半天内就已确认。",
    "impact": "normal",
    "staff_impact": True,
}
CONSULTATION: dict[str, Any] = {
    "participants": "客服部与法务部的员工代表八人",
    "outcome": "同意，夜班人数按此安排。",
}
SAID_OF_IT = "夜班只有两个人，高峰时段能不能先由系统确认？"
ANSWERED = "高峰时段已增加一人值班；确认仍由人作出，不由系统代替。"
