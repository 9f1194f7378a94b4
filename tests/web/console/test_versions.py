"""The versions of the policy on the screen (1.1, 8.1)."""

from tests.house import House
from tests.web.piece import read


def test_each_version_says_how_it_stands_and_what_it_changes(house: House) -> None:
    page = read(house.look("/console/policy", "logistics.gao").text)
    stands = {one.text.split()[0]: one.one("span", _class="mark").text for one in page.all("h2")}
    assert stands == {"第2版": "尚未施行", "第1版": "现行"}
    assert "与第1版相比，改了什么" in page.text
    assert page.all("a", href="/console/policy/study/2")


def test_a_version_is_read_clause_by_clause(house: House) -> None:
    page = read(house.look("/console/policy/versions/1", "audit.qin").text)
    assert "24小时内" in page.one("div", id="4.1c").text
    assert len(page.all("section")) == 9
    assert house.look("/console/policy/versions/9", "audit.qin").status == 404


def test_what_another_version_took_the_place_of_says_so_and_need_not_be_studied(house: House) -> None:
    house.pass_time(days=60)
    page = read(house.look("/console/policy/versions/1", "quality.he").text)
    assert page.one("span", _class="mark").text == "已停止施行"
    assert not page.all("a", href="/console/policy/study/1")
    study = read(house.look("/console/policy/study/1", "quality.he").text)
    assert "无需学习" in study.text
    assert not study.all("form", id="do")
    assert house.look("/console/policy/study/1/sections/4", "quality.he").status == 200
    refused = house.submit("/console/policy/study/1", "quality.he", {"answers.x": "a"})
    assert refused.status == 409
    assert "/v1/" not in refused.text
