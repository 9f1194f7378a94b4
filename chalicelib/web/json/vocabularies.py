"""The closed lists of values that many schemas share: each is a schema itself, so that a client has one type of it."""

from collections.abc import Mapping
from typing import Any, get_args

from chalicelib.casework.read import ENDS
from chalicelib.domain.audit import audit
from chalicelib.domain.complaint import hearings
from chalicelib.domain.governance import amendment, interpretations
from chalicelib.domain.ground.people import Department
from chalicelib.domain.policy import announced, causes
from chalicelib.domain.supervision import appraisal, figures, training
from chalicelib.domain.telling import notices
from chalicelib.domain.telling.kinds import NOTICES
from chalicelib.domain.vocabulary import currencies, ladders, terms
from chalicelib.domain.vocabulary.refusals import sentences

from .fitting import Schema

LISTS: Mapping[str, Any] = {
    "AmendmentImpact": amendment.Impact,
    "AppraisalItem": appraisal.Item,
    "AskedDepartment": terms.AskedDepartment,
    "Authority": terms.Authority,
    "CallTopic": terms.CallAbout,
    "Category": terms.Category,
    "Channel": terms.Channel,
    "Clause": interpretations.Clause,
    "ConsumerFlag": terms.ConsumerFlag,
    "DeliveryStatus": terms.DeliveryStatus,
    "Department": Department,
    "FindingState": audit.FindingState,
    "Grants": terms.Grants,
    "Harm": terms.Harm,
    "HearingHint": hearings.Hint,
    "HearingMeasure": hearings.Measure,
    "InterpretationState": interpretations.Standing,
    "Locale": terms.Locale,
    "LowAnswerClass": terms.Fault,
    "NoticeChannel": notices.Channel,
    "MeasureId": figures.Measure,
    "PolicyDocument": amendment.Document,
    "Remedy": terms.Remedy,
    "ReportKind": figures.ReportKind,
    "ResponsibleParty": terms.ResponsibleParty,
    "SafetyTask": ladders.Safety,
    "SafetyTier": terms.Tier,
    "Severity": audit.Severity,
    "Solved": terms.Solved,
    "TaskKind": ladders.TaskKind,
    "TrainingTopic": training.Topic,
    "Verdict": terms.Verdict,
    "VersionState": announced.States,
}


def lists() -> dict[str, Schema]:
    """Each list that has a name, as a schema."""
    words = sentences("en")
    values: dict[str, list[str]] = {name: [str(one) for one in get_args(kind)] for name, kind in LISTS.items()}
    values |= {
        "CauseCode": list(causes.packaged_causes()),
        "Currency": list(currencies.DECIMALS),
        "NoticeKind": sorted(NOTICES),
        "NoticeState": ["queued", "sending", *ENDS],
        "PassageState": sorted({"sent", *notices.AFTER, *notices.FAILED, *notices.UNUSABLE, *notices.NOT_YET}),
        "FaultCode": sorted(words.fields),
        "ProblemCode": sorted(words.codes),
        "Reason": sorted(reason for code in words.codes.values() for reason in code.reasons),
    }
    return {name: {"type": "string", "enum": listed} for name, listed in values.items()}
