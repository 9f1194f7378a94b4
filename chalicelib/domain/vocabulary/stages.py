"""The stages of a complaint: what each is called, whose it is (5.1), whether a clock runs in it."""

from enum import StrEnum

from chalicelib.domain.ground.lifecycle import StageFacts
from chalicelib.domain.ground.people import Role
from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Locale, Outcome


class Stage(StrEnum):
    RECEIVED = "received"
    INVESTIGATING = "investigating"
    PLANNING = "planning"
    AWAITING_CONSUMER = "awaiting_consumer"
    CLOSED = "closed"


STAGES: dict[Stage, StageFacts] = {
    Stage.RECEIVED: StageFacts(
        Role.CUSTOMER_SERVICE, True, {"zh-CN": "已收到，待受理", "zh-TW": "已收到，待受理", "en": "Received"}
    ),
    Stage.INVESTIGATING: StageFacts(
        Role.CUSTOMER_SERVICE, True, {"zh-CN": "已受理，调查中", "zh-TW": "已受理，調查中", "en": "Under investigation"}
    ),
    Stage.PLANNING: StageFacts(
        Role.CUSTOMER_SERVICE,
        True,
        {"zh-CN": "处理方案拟定中", "zh-TW": "處理方案擬定中", "en": "Resolution plan in preparation"},
    ),
    Stage.AWAITING_CONSUMER: StageFacts(
        Role.CUSTOMER_SERVICE, True, {"zh-CN": "待您确认方案", "zh-TW": "待您確認方案", "en": "Awaiting your answer"}
    ),
    Stage.CLOSED: StageFacts(Role.CUSTOMER_SERVICE, False, {"zh-CN": "已办结", "zh-TW": "已結案", "en": "Closed"}),
}


def stage_name(stage: Stage, outcome: Outcome | None, locale: Locale, *, to_staff: bool = False) -> str:
    """Where a complaint stands, in words: what is closed is called by how it ended, never "closed" alone."""
    if outcome:
        return spoken.ENDS[outcome][locale]
    return spoken.STAFF_STAGES[stage][locale] if to_staff else STAGES[stage].names[locale]
