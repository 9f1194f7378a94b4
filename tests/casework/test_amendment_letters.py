"""What staff are told of amendments: in each language, in words, first what concerns them, with nothing typed."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.casework.amendment_letters import KINDS, TELLS, TELLS_ALL, different, values
from chalicelib.casework.words import fill
from chalicelib.domain.governance import amendment as governance
from chalicelib.domain.governance import changes, clocks, decisions, wording
from chalicelib.domain.governance.amendment import Amendment
from chalicelib.domain.governance.evolution import evolve
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Role
from chalicelib.domain.policy import versions
from chalicelib.domain.policy.operating import Operating
from chalicelib.domain.policy.rules import Rules
from chalicelib.domain.telling.notices import notices_of
from tests.domain.cases import POLICY

from .amending import FIRST, LAST, LI, NOTHING_MOVED, ZHOU
from .told import LOCALES

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 7, 10, tzinfo=SHANGHAI)
TYPED = "不要写在信里"
CHANGED = {"clocks": {"received": {"hours": 12}}, "title": "新制度", "legal_basis": ["《民法典》"]}
BEFORE = versions.packaged(Rules)[2]
AFTER = changes.whole(BEFORE, CHANGED)


class Life:
    """Of one amendment, without a table."""

    def __init__(self, document: governance.Document = "rules") -> None:
        self.now = NOW
        proposal = governance.Proposal(
            summary=TYPED,
            reasons=TYPED,
            impact="normal",
            staff_impact=False,
            document=document,
            base=2,
            beside=1,
            changes=CHANGED,
            hash=changes.hash_of(AFTER, versions.packaged(Operating)[1]),
        )
        self.entries = [decisions.drafted("amendment_1", proposal, LI, NOW)]
        self.state: Amendment = evolve(None, self.entries[0])

    def add(self, entries: list[Entry]) -> None:
        for entry in entries:
            self.entries.append(entry)
            self.state = evolve(self.state, entry)

    def do(self, handed_in: Any, actor: Any = LI, part: str | None = None) -> None:
        self.add(decisions.decide(self.state, handed_in, actor, self.now, POLICY, part))

    def passes(self, **time: int) -> None:
        self.now += timedelta(**time)
        self.add(clocks.due_alarms(self.state, self.now, POLICY))

    def submitted(self) -> None:
        if self.state.document == "rules":
            self.do(governance.Replaying.model_validate({"from": str(FIRST), "to": str(LAST)}))
            self.add(decisions.replay_finished(self.state, FIRST, LAST, self.state.hash, NOTHING_MOVED, self.now))
        self.do(governance.Submitting())

    def announced(self) -> None:
        self.submitted()
        self.do(governance.Approval(approved=True), ZHOU)
        moment = self.now + timedelta(days=7)
        self.do(governance.Numbered(number=3, effective_from=moment))


def lives() -> list[Life]:
    whole, late, withdrawn, operating = Life(), Life(), Life(), Life("operating")
    whole.announced()
    whole.do(governance.Opinion(text=TYPED), ZHOU)
    whole.passes(days=7)
    whole.passes(days=30)
    whole.add(decisions.unreached(whole.state, 6, whole.now))
    late.submitted()
    late.passes(days=20)
    late.do(governance.Approval(approved=False, reasons=TYPED), ZHOU)
    withdrawn.announced()
    withdrawn.do(governance.Withdrawal(reason=TYPED))
    operating.announced()
    return [whole, late, withdrawn, operating]


def told() -> dict[str, tuple[Entry, Amendment, str]]:
    """What leads to each kind of notice, with the record as it was then, and a reader."""
    found: dict[str, tuple[Entry, Amendment, str]] = {}
    for life in lives():
        state = None
        for entry in life.entries:
            state = evolve(state, entry)
            found |= {key.kind: (entry, state, key.audience) for key in notices_of(entry, TELLS)}
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_notice_is_there_in_every_language_short_and_without_words_that_somebody_typed(locale: Any):
    found = told()
    assert found.keys() == KINDS.keys()
    for kind, (entry, state, audience) in found.items():
        said = values(entry, state, audience, POLICY, locale)
        if kind in TELLS_ALL:
            said |= different(wording.worded(BEFORE, AFTER, locale), audience)
        words = fill(kind, locale, **said)
        assert len(words.subject) < 100, kind
        assert TYPED not in words.text + words.html, kind
        assert "amendment_1" in words.text
        assert not {"{{", "None", "  "} & {part for part in ("{{", "None", "  ") if part in words.text}, kind


@pytest.mark.parametrize("kind", ["policy_announced", "operating_announced", "policy_in_force"])
def test_all_of_staff_are_told_by_a_notice_each(kind: str):
    entry = told()[kind][0]
    readers = {key.audience for key in notices_of(entry, TELLS)}
    assert len(readers) == 7
    assert not readers & {Role.CONSUMER, Role.STOREFRONT}


def test_what_concerns_the_reader_comes_first_and_the_rest_after_it():
    entry, state, _ = told()["policy_announced"]
    about = wording.worded(BEFORE, AFTER, "zh-CN")
    said = values(entry, state, "customer_service", POLICY, "zh-CN") | different(about, "customer_service")
    text = fill("policy_announced", "zh-CN", **said).text
    lines = [line for line in text.splitlines() if line.startswith("·")]
    assert sorted(lines) == sorted(f"· {one.words}" for one in about)
    assert "12小时" in lines[0]
    assert text.index("与客服部有关") < text.index("12小时") < text.index("其他修改")


def test_a_long_list_is_cut_and_says_so():
    about = [one._replace(words=f"{number}") for one in wording.worded(BEFORE, AFTER, "en")[:1] for number in range(99)]
    said = different(about, "audit")
    assert (len(said["own"]) + len(said["rest"]), said["more"]) == (60, "39")
