"""What the console says: in each language all of it, with the same values in their places."""

import json
import string

import pytest

from chalicelib.web.console.page import HERE
from chalicelib.web.languages import NATIVE

COSMETIC = "化粧品"
"""As Taiwan's law and the notices write it; its second character is not in Big5."""
PARTS = sorted({file.name.split(".")[0] for file in (HERE / "words").glob("*.json")})


def said(part: str, locale: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((HERE / "words" / f"{part}.{locale}.json").read_text("utf-8"))
    return found


def values(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@pytest.mark.parametrize("part", PARTS)
def test_every_language_says_the_same_with_the_same_values(part: str) -> None:
    ours = said(part, "zh-CN")
    for locale in NATIVE:
        theirs = said(part, locale)
        assert list(theirs) == list(ours), locale
        assert {key: values(one) for key, one in theirs.items()} == {key: values(one) for key, one in ours.items()}
        assert all(one.strip() for one in theirs.values()), locale


@pytest.mark.parametrize("part", PARTS)
def test_taiwan_and_the_mainland_each_write_their_own_characters(part: str) -> None:
    for key, sentence in said(part, "zh-TW").items():
        sentence.replace(COSMETIC, "化妝品").encode("big5"), key
    for key, sentence in said(part, "zh-CN").items():
        sentence.encode("gb2312"), key


OTHERWISE = {
    "zh-CN": {
        "负责人": "承办人",
        "指派": "分派",
        "超期": "逾期",
        "草案": "草稿",
        "撤下": "收回",
        "审阅": "审核",
        "配送状态": "物流状态",
        "核验": "核实",
        "审计发现项": "发现项",
        "公告": "公示",
        "修正案": "修订案",
        "稽核": "审计",
        "评估表": "考核表",
        "追责": "问责",
        "研习": "学习",
        "管理审查": "管理评审",
        "改善": "改进",
        "你": "您",
    },
    "zh-TW": {
        "投訴": "申訴",
        "負責人": "承辦人",
        "指派": "分派",
        "超期": "逾期",
        "草案": "草稿",
        "撤下": "收回",
        "審閱": "審核",
        "答覆": "回覆",
        "協查": "協助調查",
        "查找": "搜尋",
        "尋找": "搜尋",
        "訂單號": "訂單編號",
        "物流狀態": "配送狀態",
        "信箱": "電子郵件",
        "短信": "簡訊",
        "渠道": "管道",
        "視頻": "影片",
        "默認": "預設",
        "鏈接": "連結",
        "郵箱": "電子郵件",
        "化妝品": "化粧品",
        "審計": "稽核",
        "稽核發現。": "發現事項",
        "發現項": "發現事項",
        "問責": "究責",
        "整改": "改善",
        "改進措施": "改善措施",
        "公示": "公告",
        "修正案": "修訂案",
        "評審": "審查",
        "學習": "研習",
        "培訓": "訓練",
        "登錄": "登記",
        "管理層": "管理階層",
        "運行數據": "運作資料",
        "數據": "資料",
        "信息": "資訊",
        "質量": "品質",
        "用戶": "使用者",
        "列表": "清單",
        "打印": "列印",
        "保存": "儲存",
        "添加": "新增",
        "屏幕": "螢幕",
        "隊列": "佇列",
        "計劃": "計畫",
        "你": "您",
    },
    "en": {
        "Breach": "Missed due time",
        "Ruling": "Interpretation",
        "corrective": "to correct",
        "Appeal": "Object",
    },
}
"""What the console calls by another word, in each language: one word for one thing."""


@pytest.mark.parametrize("locale", NATIVE)
def test_one_thing_is_called_by_one_word(locale: str) -> None:
    found = {
        f"{part}: {key}: {word} is called {ours} here"
        for part in PARTS
        for key, sentence in said(part, locale).items()
        for word, ours in OTHERWISE[locale].items()
        if word in sentence
    }
    assert not found, "\n".join(sorted(found))
