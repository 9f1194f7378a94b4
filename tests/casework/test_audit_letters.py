"""What staff are told of audits: in each language, in few words, with nothing typed; what all are told names nobody."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.casework.audit_letters import ALL_OF_STAFF, KINDS, OVER, TELLS, outdated, values
from chalicelib.casework.words import fill
from chalicelib.domain.audit import audit, clocks, decisions, evolution, sampling
from chalicelib.domain.audit.audit import Audit, Drawn
from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground import people
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.people import Actor, Role
from chalicelib.domain.ground.record import Submission
from chalicelib.domain.supervision.improvement import Finished, Planned
from chalicelib.domain.telling.notices import notices_of
from tests.domain.cases import POLICY

from .auditing import CHEN, LEAD, LIN, LU, QIN, YES, ZHOU
from .told import LOCALES

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 12, 10, tzinfo=SHANGHAI)
WU = people.staff("management.wu", frozenset({"management"}))
TYPED = "不要写在信里"
NONCE = "5f" * 32
PLANNED = audit.DraftAudit(period="2026Q3", scope=audit.Scope(departments=(Role.CUSTOMER_SERVICE,)))
FROZEN = audit.FrozenSample(
    population=3,
    population_hash="ab",
    nonce=NONCE,
    seed=sampling.seed_of("ab", "audit_2026Q3-1", NONCE),
    size=3,
    certain=0,
    hash="ef",
    items=tuple(Drawn(complaint_id=f"C{n}", stratum="x satisfied") for n in range(3)),
    auditors=("audit.lu", "audit.qin"),
    acted={"C2": ("audit.lu", "audit.qin")},
)


class Life:
    """An audit, its entries so far, and the time."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        first = decisions.drafted("audit_2026Q3-1", PLANNED, NONCE, QIN, now, POLICY)
        self.state: Audit = evolution.evolve(None, first)
        self.entries: list[Entry] = [first]

    def add(self, entries: list[Entry]) -> None:
        for entry in entries:
            self.entries.append(entry)
            self.state = evolution.evolve(self.state, entry)

    def do(self, handed_in: Submission, actor: Actor = QIN, part: str | None = None) -> None:
        self.ring(self.now)
        self.add(decisions.decide(self.state, handed_in, actor, self.now, POLICY, part))

    def ring(self, until: datetime) -> None:
        self.now = until
        while due := clocks.due_alarms(self.state, until, POLICY):
            self.add(due)

    def told(self) -> dict[str, Entry]:
        """The entry that leads to each kind of notice, the last of them."""
        return {key.kind: entry for entry in self.entries for key in notices_of(entry, TELLS)}


def raised(severity: audit.Severity = "major", answers_for: str | None = None) -> audit.FoundFinding:
    return audit.FoundFinding(
        severity=severity,
        clause="4.1c",
        what=TYPED,
        department=Role.CUSTOMER_SERVICE,
        owner="cs.chen",
        owner_groups=(Role.CUSTOMER_SERVICE,),
        answers_for=answers_for,
        answering_groups=(Role.CUSTOMER_SERVICE,) if answers_for else (),
    )


def lived() -> Life:
    """Everything that anybody is told of happens."""
    life = Life()
    life.do(audit.ApproveAudit(approved=True), ZHOU)
    life.do(FROZEN)
    life.do(audit.FoundHandOver(reason=TYPED, to="legal.xu", groups=(Role.LEGAL,), auditors=()), ZHOU, "C2")
    for item in life.state.items:
        answers = audit.Examination(**dict(YES))
        life.do(answers, people.staff(str(item.auditor), frozenset({"audit"})), item.complaint_id)
    life.do(raised(answers_for="cs.lin"))
    life.do(raised("minor"))
    life.do(raised("minor"))
    life.do(audit.DropFinding(reason=TYPED), QIN, "3")
    life.do(hearings.Statement(text=TYPED), LIN, "1")
    life.do(hearings.HearingDecision(measure="talk", reasons=TYPED), ZHOU, "1")
    life.do(hearings.HearingObjection(text=TYPED), LIN, "1")
    life.do(hearings.HearingDecision(measure="training", reasons=TYPED), WU, "1")
    life.do(audit.CountedReport(conclusion=TYPED, limit=0, hash="12"))  # type: ignore[arg-type]
    life.ring(NOW + timedelta(days=10))
    life.do(audit.HashedPublication(hash="34"))
    life.do(audit.HashedCorrection(reason=TYPED, conclusion=TYPED, hash="56"))
    measure = Planned(what=TYPED, owner="cs.chen", due=date(2026, 10, 30))
    life.do(audit.PlanCorrection(correction=TYPED, cause=TYPED, measures=(measure,)), CHEN, "1")
    life.add(decisions.measure_unreached(life.state, 1, life.state.seq, life.now))
    life.add(decisions.unreached(life.state, 1, 3, life.now))
    life.ring(NOW + timedelta(days=60))
    life.do(audit.WaiveFinding(reason=TYPED, until=date(2026, 12, 31)), ZHOU, "2")
    life.ring(NOW + timedelta(days=90))
    life.do(Finished(note=TYPED), CHEN, "1")
    life.do(audit.CompleteCorrection(evidence=TYPED), CHEN, "1")
    life.ring(NOW + timedelta(days=125))
    life.do(audit.VerifyCorrection(effective=False, evidence=TYPED), LU, "1")
    return life


def told() -> tuple[Audit, dict[str, Entry]]:
    life, refused = lived(), Life()
    refused.do(audit.ApproveAudit(approved=False, reasons=TYPED), ZHOU)
    return life.state, refused.told() | life.told()


@pytest.fixture(scope="module")
def known() -> tuple[Audit, dict[str, Entry]]:
    return told()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_notice_is_there_in_every_language_short_and_without_words_that_somebody_typed(
    known: tuple[Audit, dict[str, Entry]], locale: Any
):
    state, entries = known
    assert entries.keys() == KINDS.keys()
    for kind, entry in entries.items():
        audience = "person/audit.lu" if kind == "audit_items" else "told"
        words = fill(kind, locale, **values(entry, state, audience, POLICY, locale))
        assert len(words.subject) < 100, kind
        assert TYPED not in words.subject + words.text + words.html, kind
        assert "audit_2026Q3-1" in words.text, kind
        assert "\n\n" in words.text, kind
        assert "{{" not in words.text, kind


def test_all_of_staff_are_told_of_what_is_published_and_nobody_is_named(known: tuple[Audit, dict[str, Entry]]):
    state, entries = known
    for kind in ("audit_published", "audit_corrected"):
        audiences = {key.audience for key in notices_of(entries[kind], TELLS)}
        assert audiences == set(ALL_OF_STAFF)
        for locale in LOCALES:
            text = fill(kind, locale, **values(entries[kind], state, "audit", POLICY, locale)).text
            assert not any(name in text for name in ("cs.chen", "cs.lin", "audit.qin", "audit.lu", "C0", "C1"))


def test_only_the_audited_departments_and_the_supervisor_are_asked_for_comments(
    known: tuple[Audit, dict[str, Entry]],
):
    _, entries = known
    assert [key.audience for key in notices_of(entries["audit_comments"], TELLS)] == ["customer_service", "supervisor"]


def test_what_is_to_be_decided_about_somebody_reaches_them_and_management_alone():
    for event in (kind for kind in hearings.KINDS if kind in TELLS):
        audiences = {row.audience if isinstance(row.audience, str) else row.audience.__name__ for row in TELLS[event]}
        assert audiences <= {"management", "answering"}, event


def test_what_is_over_is_told_to_nobody(known: tuple[Audit, dict[str, Entry]]):
    state, entries = known
    over = {kind for kind, entry in entries.items() if outdated(entry, state, kind)}
    news = KINDS.keys() - OVER.keys()
    assert over.isdisjoint(news)
    assert {"audit_drafted", "audit_items", "audit_comments", "finding_hearing", "measure_late"} <= over
    assert "finding_reopened" not in over


def test_who_owns_a_finding_now_is_told_of_it():
    life = lived()
    life.do(audit.FoundOwner(owner="cs.lin", reason=TYPED, groups=(Role.CUSTOMER_SERVICE,)), LEAD, "1")
    (key,) = notices_of(life.entries[-1], TELLS)
    assert (key.audience, key.kind) == ("person/cs.lin", "finding_raised")
