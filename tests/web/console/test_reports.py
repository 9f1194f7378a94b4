"""Reports on the screen (6.1)."""

from tests.house import House
from tests.web.examples import a_report

from .acted import do


def test_a_supervisor_says_what_is_behind_the_figures(house: House) -> None:
    page = f"/console/reports/{a_report(house)}"
    answer = do(house, page, "comment", "cs.lead", {"text": "十月缺货。"})
    assert (answer.status, answer.headers["location"]) == (303, f"{page}?done=comment#main")


def test_what_is_refused_is_said_beside_what_was_typed(house: House) -> None:
    page = f"/console/reports/{a_report(house)}"
    answer = do(
        house, page, "comment", "cs.lead", {"text": "十月缺货。", "measures": [{"what": "补货", "owner": "nobody"}]}
    )
    assert answer.status == 422
    assert "补货" in answer.text
    assert "十月缺货" in answer.text
