"""The versions of the policy on the screen (1.1, 8.1)."""

from tests.house import House
from tests.web.piece import read


def test_each_version_says_how_it_stands_and_what_it_changes(house: House) -> None:
    page = read(house.look("/console/policy", "logistics.gao").text)
    stands = {one.one("a").text: one.one("span", _class="mark").text for one in page.all("h2")}
    assert stands == {"第2版": "尚未施行", "第1版": "现行"}
    assert "与第1版相比，改了什么" in page.text
    assert page.all("a", href="/console/policy/study/2")


def test_a_version_is_read_clause_by_clause(house: House) -> None:
    page = read(house.look("/console/policy/versions/1", "audit.qin").text)
    assert "24小时内" in page.one("div", id="4.1c").text
    assert len(page.all("section")) == 9
    assert house.look("/console/policy/versions/9", "audit.qin").status == 404
