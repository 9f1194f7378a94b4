"""Every state of the console that pages tell apart, looked at: nobody is shut out of any, in light or dark.

They are written by the house on moto, all of them in two seconds, and only looked at here: most in zh-CN, every
third in another language."""

from collections.abc import Iterator
from itertools import cycle

import pytest

from tests.examples import PLAN, REPORT
from tests.house import Answer, House
from tests.web.console.test_doing import hidden

from . import looks
from .devices import Device

BURN = "水壶漏电，烫伤了孩子的手，我要起诉。"
FORMS = ("assign", "call", "correct_contact", "give_information", "merge", "object_to_plan", "triage", "withdraw")
"""Forms that are opened in a stage that has them, besides those that open by themselves."""
OF_THE_PANEL = ("open", "with faults")
"""Of these all but the panel has been looked at."""
IN_THE_DARK = (
    "sign-in",
    "queue",
    "burnt, as cs.lin sees it",
    "late",
    "board",
    "a call without anything",
    "told beforehand",
)
"""Between them they have every colour."""
PLACE = """written => {
  const page = new DOMParser().parseFromString(written, "text/html")
  page.querySelectorAll("details").forEach(one => one.open = true)
  document.replaceChild(document.adoptNode(page.documentElement), document.documentElement)
}"""
"""Another page in the place of the one that is there: axe need not be brought again, and no script runs."""


def at(complaint_id: str, more: str = "") -> str:
    return f"/console/complaints/{complaint_id}{more}"


def _burnt(house: House) -> str:
    """Somebody was burnt: asked, told, drafted, refused by legal, and two days too late."""
    complaint_id: str = house.file(description=BURN)["complaint_id"]
    for resource, body, who in (
        ("acknowledgement", {}, "cs.lin"),
        ("inquiries", {"department": "quality", "question": "壶身为什么会裂？"}, "cs.lin"),
        ("inquiries/1/answer", {"assessment": "壶身偏薄。", "legal_issue": True}, "quality.he"),
        ("notes", {"text": "消费者愿意等。", "public": True}, "cs.lin"),
        ("investigation-report", REPORT, "cs.lin"),
        ("plan-draft", PLAN, "cs.lin"),
        ("legal-review", {"approved": False, "advice": "请补上依据。"}, "legal.xu"),
    ):
        assert house.do(complaint_id, resource, body, who).status in (200, 201)
    return complaint_id


def _sent(house: House, complaint_id: str, action: str, who: str, **typed: str) -> Answer:
    """What answers a form that was sent as it opens, with what was typed."""
    form = hidden(house.look(at(complaint_id, f"?act={action}"), who))
    return house.submit(at(complaint_id, f"/acts/{action}"), who, form | typed)


def states(house: House) -> Iterator[tuple[str, Answer]]:
    """Each by what it is called. What changes a complaint comes last."""
    locales = cycle(("zh-CN", "zh-CN", "en", "zh-CN", "zh-CN", "zh-TW"))

    def seen(name: str, path: str, who: str = "cs.lin") -> tuple[str, Answer]:
        return name, house.look(path, who, Accept_Language=next(locales))

    yield seen("an empty queue", "/console/queue")
    yield "sign-in", house.send("GET", "/console/sign-in", Accept="text/html")
    late = house.heard("state_case")["complaint_id"]
    burnt = _burnt(house)
    stages = {stage: house.bring_to(stage)["complaint_id"] for stage in ("received", "investigating", "planning")}
    waiting, closed = house.bring_to("awaiting_consumer", locale="en")["complaint_id"], house.asked()["complaint_id"]
    merged = house.file()["complaint_id"]
    assert house.do(merged, "merger", {"into": stages["received"]}).status == 200
    assert house.do(stages["investigating"], "information-requests", {"question": "壶底的批号是多少？"}).status == 201

    for who in ("cs.lin", "quality.he", "legal.xu", "cs.lead", "management.zhou"):
        yield seen(f"Today of {who}", "/console", who)
    for who in ("cs.lin", "quality.he", "legal.xu", "cs.lead"):
        yield seen(f"burnt, as {who} sees it", at(burnt), who)
    for department in ("quality", "logistics", "legal"):
        yield seen(f"list of {department}", f"/console/departments/{department}", "cs.lead")
    yield seen("board", "/console/board", "cs.lead")
    yield seen("queue", "/console/queue")
    yield seen("narrowed", "/console/queue?stage=received,planning&safety=true", "cs.lead")
    yield seen("not a view", "/console/queue?stage=nowhere")
    yield seen("help", "/console/help", "quality.he")
    yield seen("canned words", "/console/words")
    yield seen("no such page", "/console/nowhere")
    yield seen("no such complaint", at("AAAAA-AAAAA"))
    yield seen("not for them", "/console/board", "quality.he")
    yield seen("file for a caller", "/console/complaints/new")
    for stage, complaint_id in (
        stages | {"awaiting": waiting, "closed": closed, "merged": merged, "late": late}
    ).items():
        yield seen(stage, at(complaint_id))
    yield seen("a hearing", at(late, "?act=decide_hearing&part=1"), "management.zhou")
    yield seen("case file", at(burnt, "/print"))
    for action in FORMS:
        yield seen(f"{action} open", at(waiting if "plan" in action else stages["received"], f"?act={action}"))
    yield "nothing found", house.submit("/console/search", "cs.lin", {"q": "E20260101-0001"})
    yield "several found", house.submit("/console/search", "cs.lin", {"q": "E20261009-0042"})
    yield "words found", house.submit("/console/queue", "cs.lin", {"words": "裂", "_view": ""})
    yield "a call without anything", house.submit("/console/complaints/new", "cs.lin", {"_key": "a" * 32})
    for action, stage in {"acknowledge": "received", "report": "investigating", "propose_plan": "planning"}.items():
        for name in (action, "ask", "request_information") if action == "report" else (action, "note"):
            faulty = "好" * 6_000 if name == "acknowledge" else ""
            yield f"{name} with faults", _sent(house, stages[stage], name, "cs.lin", message=faulty)
    yield "withdrawn on what has changed", _sent(house, merged, "note", "cs.lin", text="已并入。", _seen="1")
    yield "told beforehand", _sent(house, stages["planning"], "request_information", "cs.lin", question="批号是多少？")
    yield "contact shown", _sent(house, burnt, "view_contact", "quality.he", reason="约取件时间。")
    picked = {"id": [burnt, waiting, "AAAAA-AAAAA"], "_view": "", "_key": "b" * 32}
    yield "several noted", house.submit("/console/bulk", "cs.lin", picked | {"act": "note", "note": "已看过。"})
    yield "several printed", house.submit("/console/print", "cs.lin", picked)
    nothing = {"act": "note", "note": "看", "_view": "", "_key": "c" * 32}
    yield "nothing picked", house.submit("/console/bulk", "cs.lin", nothing)


@pytest.fixture(scope="module")
def written(lasting_house: House) -> dict[str, Answer]:
    return dict(states(lasting_house))


def test_nobody_is_shut_out_in_any_state_of_the_console(phone: Device, written: dict[str, Answer]) -> None:
    page, faults = phone.open("about:blank"), []
    for state, answer in written.items():
        page.evaluate(PLACE, answer.text)
        found = looks.axe(page, within="aside" if state.endswith(OF_THE_PANEL) else None) + looks.too_wide(page)
        if state in IN_THE_DARK:
            page.emulate_media(color_scheme="dark")
            found += looks.axe(page, ["color-contrast"])
            page.emulate_media(color_scheme="light")
        faults += [f"{state}: {one}" for one in found]
    assert not faults, "\n".join(faults)
