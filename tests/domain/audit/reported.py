"""An audit at its report, made by hand: all that a document can say is in it."""

from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.audit.audit import Audit, Finding, FrozenScope, Item, JudgedAnswer, Sample
from chalicelib.domain.audit.population import Facts, Recorded, Tally

NOW = datetime(2027, 1, 22, 2, tzinfo=UTC)
MARKUP = "<script>alert(1)</script>{{ 7*7 }}"
NAMES = ("cs.lin", "audit.sun", "quality.he", "C001", "31d0f1a9b2c3d4e5")
"""Of people and complaints; a document has none."""


def answers(tone: str = "yes", remedy: str = "yes") -> dict[Any, JudgedAnswer]:
    usual = {"findings_follow": "yes", "remedy_lawful": remedy, "tone": tone, "classification": "yes"}
    return {name: JudgedAnswer(judgement=said) for name, said in usual.items()}  # type: ignore[arg-type]


def item(number: int, stratum: str = "31d0f1a9b2c3d4e5 satisfied", **known: Any) -> Item:
    examined = {"auditor": "audit.sun", "examined_by": "audit.sun", "examined_at": NOW, "answers": answers()}
    return Item(complaint_id=f"C{number:03}", stratum=stratum, **examined | known)


ITEMS = (
    item(900, "certainty danger", broken=("3.3-called",)),
    item(901, "picked", picked=True),
    item(1, broken=("4.1c-told",)),
    item(2, answers=answers(tone="no")),
    item(3, answers=answers(remedy="not_assessable"), undecided=("6.2-asked",), erased=True),
    *(item(number) for number in range(4, 47)),
)


def finding(number: int, **known: Any) -> Finding:
    usual: dict[str, Any] = {
        "severity": "major",
        "clause": "4.1c",
        "what": f"受理通知发出后没有送达确认 {MARKUP}",
        "items": ("C001", "C900"),
        "department": "customer_service",
        "owner": "cs.lin",
        "by": "audit.sun",
        "raised_at": NOW,
        "due_at": datetime(2027, 2, 19, 16, tzinfo=UTC),
    }
    return Finding(number=number, **usual | known)


def audit(**known: Any) -> Audit:
    usual: dict[str, Any] = {
        "audit_id": "audit_2026Q4-1",
        "period": "2026Q4",
        "first": date(2026, 10, 1),
        "last": date(2026, 12, 31),
        "scope": FrozenScope(departments=("customer_service", "quality"), categories=("delivery",)),
        "tolerable": 10,
        "confidence": 95,
        "deviations": 1,
        "nonce_hash": "cd" * 32,
        "author": "audit.sun",
        "drafted_at": NOW,
        "stage": "published",
        "entered_at": NOW,
        "version": 9,
        "policy_version": 2,
        "items": ITEMS,
        "findings": (
            finding(1),
            finding(2, severity="observation", clause="4.4b", due_at=None, items=(), repeats="audit_2026Q3-1 2"),
            finding(3, state="dropped"),
        ),
        "conclusion": f"总体可信，送达环节需要整改。\n{MARKUP}",
        "sample": Sample(
            population=1201,
            population_hash="ab" * 32,
            nonce="5f" * 32,
            seed="0d" * 32,
            size=46,
            certain=1,
            hash="ef" * 32,
            drawn_at=NOW,
        ),
    }
    return Audit.model_validate(usual | known)


FACTS = Facts(
    planned=46,
    of=1200,
    members={},
    tested=Tally(n=1190, broken={"4.1c-told": 61, "3.3-routes": 2}, undecided={"6.2-asked": 7}),
    recorded=(Recorded("31d0f1a9b2c3d4e5", 6),),
)
