"""The process dies while a form is being done, wherever that may be, and whoever sent it sends it again."""

from collections import Counter

import pytest

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.web.bodies import ACTIONS
from chalicelib.web.console.panel import BY_SCRIPT
from tests.examples import OWNER, example
from tests.house import Answer, House

from .test_doing import TAKES_NO_PART, at, done, hidden, made_ready, operation_of, typed


@pytest.fixture(scope="module")
def house(lasting_house: House) -> House:
    return lasting_house


def entries(house: House, complaint_id: str) -> Counter[str]:
    told = house.get(f"/v1/complaints/{complaint_id}/timeline?limit=100", "cs.lin").json["items"]
    return Counter(one["type"] for one in told)


@pytest.mark.parametrize("action", [one for one in ACTIONS if one not in BY_SCRIPT])
def test_a_form_that_is_sent_again_after_each_death_is_done_once(house: House, action: Action) -> None:
    complaint_id, content = made_ready(house, action)
    usual = example(operation_of(action)).who
    who = TAKES_NO_PART.get(
        action, "quality.he" if action is Action.VIEW_CONTACT else "cs.lin" if usual == OWNER else usual
    )
    form = hidden(house.look(at(complaint_id, action), who)) | typed(content)
    answers: list[Answer] = []

    def send() -> None:
        answers.append(done(house, complaint_id, action, who, form))

    again = house.remembered()
    send()
    if action is not Action.VIEW_CONTACT and answers[-1].status == 200:
        form = hidden(answers[-1]) | typed(content)
        again = house.remembered()
        send()
    assert answers[-1].status == (200 if action is Action.VIEW_CONTACT else 303)
    once = entries(house, complaint_id)
    items = house.items_kept()
    again()
    assert len([*house.deaths(send, "after")]) >= 3
    assert entries(house, complaint_id) == once
    assert house.items_kept() == items
    assert answers[-1].status == (200 if action is Action.VIEW_CONTACT else 303)
