"""Every version of the policy has a page: how it stands, when that changes, what it changed, and how it is kept."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.casework import rules
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.rules import Rules
from tests import published
from tests.house import FRIDAY, House, refused

RULES = versions.packaged(Rules)[1]
MIDNIGHT = FRIDAY + timedelta(days=7, hours=8, minutes=20)
"""With which the 17th begins in China."""
LOCALES = ("zh-CN", "zh-TW", "en")
HASH = "5" * 64


def announce(house: House, number: int = 3, **changes: Any) -> Rules:
    document = RULES.model_copy(update={"version": number, "effective_from": MIDNIGHT, "link_days": 365} | changes)
    published.publish(document, house.now, amendment=f"amendment_{number}", hash=HASH)
    return document


def page(house: House, path: str, locale: str = "zh-CN") -> str:
    answer = house.get(f"/policy{path}?lang={locale}")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), answer
    return answer.text


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", re.sub("<style>.*?</style>", "", markup, flags=re.DOTALL)))


def listed(house: House, locale: str = "zh-CN") -> list[str]:
    found = re.findall("<h2>(.*?)</dl>", page(house, "/versions", locale), re.DOTALL)
    return [plain(one).strip() for one in found]


# ---- the list --------------------------------------------------------------------------------------------------------


def test_all_versions_are_listed_the_newest_first_with_how_they_stand_and_their_dates(house: House) -> None:
    assert listed(house) == [
        "第2版 尚未施行 施行日期2026年12月1日（星期二）",
        "第1版 现行 施行日期2004年1月1日（星期四）08:00",
    ]
    announce(house)
    assert listed(house)[0] == "第3版 尚未施行 公示时间2026年10月9日（星期五）15:40 施行日期2026年10月17日（星期六）"
    house.now = MIDNIGHT
    assert [one.split()[:2] for one in listed(house)] == [
        ["第3版", "现行"],
        ["第2版", "已停止施行"],
        ["第1版", "已停止施行"],
    ]
    assert listed(house)[2].endswith("停止施行2026年10月17日（星期六）")


def test_a_version_that_was_withdrawn_stays_to_be_read_and_says_so(house: House) -> None:
    document = announce(house)
    published.withdraw(document, house.now + timedelta(hours=1))
    house.now = MIDNIGHT
    assert listed(house)[0] == "第3版 已撤回 公示时间2026年10月9日（星期五）15:40 撤回时间2026年10月9日（星期五）16:40"
    own = plain(page(house, "/versions/3"))
    assert "这一版已经撤回，没有施行。" in own
    assert "365天" in own
    assert "征求意见" not in own
    assert "第3版" not in plain(page(house, ""))


# ---- one version -----------------------------------------------------------------------------------------------------


def test_a_version_to_come_says_from_when_it_holds_what_it_changes_and_until_when_opinions_are_heard(
    house: House,
) -> None:
    announce(house)
    own = page(house, "/versions/3")
    said = plain(own)
    assert "这一版还没有施行，将自2026年10月17日（星期六）起施行。目前现行的是第1版。" in said
    assert "请在2026年10月16日（星期五）24:00之前提出" in said
    assert "自2026年10月17日（星期六）起施行" in said
    assert HASH in own
    changes = re.findall('<ul class="changes">(.*?)</ul>', own, re.DOTALL)
    assert "与第2版相比" in said
    assert any("180" in one and "365" in one for one in changes)
    assert "征求意见" not in page(house, "/versions/2")  # which is packaged: there is no amendment to speak of


def test_one_that_was_superseded_says_by_which_and_that_complaints_go_on_by_it(house: House) -> None:
    announce(house)
    house.now = MIDNIGHT
    said = plain(page(house, "/versions/1"))
    assert "自2026年10月17日（星期六）起，由第3版取代。它施行期间提交的投诉，仍按它处理。" in said
    assert "180天" in said
    assert "365天" in plain(page(house, ""))


def test_the_page_of_what_is_in_force_leads_to_what_comes_and_not_longer(house: House) -> None:
    document = announce(house)
    assert "第3版已经公示，将自2026年10月17日（星期六）起施行。" in plain(page(house, ""))
    published.withdraw(document, house.now)
    assert "第3版" not in plain(page(house, ""))


def test_what_stays_the_same_is_said_to_be_the_same(house: House) -> None:
    announce(house, **dict(versions.packaged(Rules)[2]) | {"version": 3, "effective_from": MIDNIGHT})
    assert "内容没有修改。" in plain(page(house, "/versions/3"))


@pytest.mark.parametrize("locale", LOCALES)
def test_each_language_says_it_with_the_same_days_and_figures(house: House, locale: str) -> None:
    def days(locale: str) -> list[str]:
        return re.findall('datetime="(.*?)"|<b>([0-9]+)</b>', page(house, "/versions/3", locale))

    announce(house)
    assert days(locale) == days("zh-CN")
    own = set(re.sub("<nav.*?</nav>", "", page(house, "/versions/3", locale) + page(house, "/versions", locale)))
    other = "這個來為說時後會對發過還與於請點處" if locale == "zh-CN" else "这个来为说时后会对发过还与于请点处"
    assert not own & set(other)


@pytest.mark.parametrize("number", ["9", "4", "0", "01", "-1", "1.0", "two", "99999", "%E4%B8%89"])
def test_what_is_no_version_is_not_found(house: House, number: str) -> None:
    announce(house)
    refused(house.get(f"/policy/versions/{number}"), 404, "not_found")
    answer = house.get(f"/policy/versions/{number}", Accept="text/html", **{"Accept-Language": "zh-CN"})
    assert "没有这个版本的制度" in answer.text


def test_a_version_is_there_as_soon_as_it_is_announced_whatever_was_known_before(house: House) -> None:
    rules.announced(house.now)
    shelf = rules._shelf
    announce(house)
    rules._shelf = shelf
    assert "第3版" in plain(page(house, "/versions/3"))


# ---- to keep ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_saved_as_a_file_that_leads_nowhere(house: House, locale: str) -> None:
    announce(house)
    answer = house.get(f"/policy/versions/3?lang={locale}&download=1")
    assert answer.headers["content-disposition"] == f'attachment; filename="policy-3.{locale}.html"'
    assert set(re.findall('href="(.*?)"', answer.text)) == {"data:,", "mailto:complaints@example.com"}
    assert "content-disposition" not in house.get("/policy/versions/3").headers


def test_a_page_leads_to_its_file_its_data_and_all_versions(house: House) -> None:
    announce(house)
    links = re.findall('href="([^?"]*)', page(house, "/versions/3"))
    assert {"/policy/versions/3", "/v1/policy/versions/3", "/policy/versions", "/policy"} <= set(links)


def test_no_page_is_kept_beyond_the_moment_at_which_another_version_is_in_force(house: House) -> None:
    announce(house)
    house.now = MIDNIGHT - timedelta(seconds=7)
    assert house.get("/policy").headers["cache-control"] == "public, max-age=7"
    house.now = MIDNIGHT
    assert house.get("/policy").headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("path", ["/versions", "/versions/2"])
def test_reading_takes_one_call_of_the_table_and_then_none(house: House, path: str) -> None:
    with house.counting() as calls:
        answer = house.get(f"/policy{path}")
        again = house.get(f"/policy{path}", **{"If-None-Match": answer.headers["etag"]})
    assert (again.status, calls) == (304, ["dynamodb:Query"])


def test_what_a_version_names_is_text_and_no_markup(house: House) -> None:
    announce(house, legal_basis=("<script>alert(1)</script>",))
    answer = house.get("/policy/versions/3")
    assert "<script" not in answer.text
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert json.dumps(HASH).strip('"') in answer.text
