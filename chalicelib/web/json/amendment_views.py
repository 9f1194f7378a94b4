"""What is read of an amendment of the policy (7, 8.1): in a list, whole, and the opinions that were given on it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.casework import amendments as casework
from chalicelib.casework import rules
from chalicelib.domain.governance import amendment, changes, decisions, wording
from chalicelib.domain.governance.amendment import Amendment, Stage
from chalicelib.domain.governance.wording import Worded
from chalicelib.domain.ground.chain import Entry
from chalicelib.domain.ground.instants import Instant
from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import Actor
from chalicelib.domain.vocabulary.terms import Locale


class DifferenceView(Model):
    """A change at one path. `words`: what it means, in the language of the answer; `clause`: of the policy."""

    path: str
    before: Any = Field(description="Null: nothing stood there.")
    after: Any = Field(description="Null: nothing stands there any more.")
    words: str
    clause: str

    @classmethod
    def listed(cls, found: Iterable[Worded]) -> list["DifferenceView"]:
        return [cls(**one._asdict()) for one in found]


class DigestsView(Model):
    """SHA-256 of the canonical form of either document, without number and date of effect."""

    rules: str
    operating: str


class VersionNumber(Model):
    """What an amendment is announced as: its number among the versions of its document."""

    number: int
    effective_from: Instant


class DecisionView(Model):
    """What was decided about it, and about which data (`hash`)."""

    at: Instant
    by: str
    approved: bool
    hash: str
    reasons: str | None


class ConsultationView(Model):
    held_on: date
    participants: str
    outcome: str


class ReplayInShort(Model):
    """The last replay. `current`: it is of the changes as they are now."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    hash: str
    current: bool
    state: Literal["running", "finished", "given_up"]
    sum: amendment.ReplaySum | None = Field(description="What it came to, once it is finished.")

    @classmethod
    def known_of(cls, replay: amendment.Replay, state: Amendment) -> dict[str, Any]:
        same = {name: getattr(replay, name) for name in ("first", "last", "hash", "sum")}
        stands = "finished" if replay.finished_at else "running" if replay.runs else "given_up"
        return {**same, "current": replay.hash == state.hash, "state": stands}

    @classmethod
    def of(cls, state: Amendment) -> "ReplayInShort | None":
        return cls(**cls.known_of(state.replay, state)) if state.replay else None


class AmendmentSummary(Model):
    """An amendment in a list."""

    amendment_id: str
    document: amendment.Document
    stage: Stage
    base: int = Field(description="The number that its changes are of.")
    summary: str
    impact: amendment.Impact
    staff_impact: bool
    hash: str = Field(description="Of exactly what it makes of both documents: who approves approves that.")
    author: str
    drafted_at: Instant
    submitted_by: str | None
    submitted_at: Instant | None
    policy_version: VersionNumber | None = Field(description="What it was announced as.")
    announced_at: Instant | None
    announced_by: str | None
    in_force_at: Instant | None
    superseded_by: int | None = Field(description="The number that is in force instead.")
    withdrawn_at: Instant | None
    opinions: int
    unanswered: int = Field(description="Opinions that nobody has answered yet.")
    version: int

    @classmethod
    def known_of(cls, state: Amendment) -> dict[str, Any]:
        same = {name: getattr(state, name) for name in AmendmentSummary.model_fields if hasattr(state, name)}
        numbered = state.number is not None and state.effective_from is not None
        number = {"number": state.number, "effective_from": state.effective_from} if numbered else None
        counted = {"opinions": len(state.opinions), "unanswered": len(state.unanswered)}
        return {**same, "policy_version": number, **counted}

    @classmethod
    def of(cls, state: Amendment) -> "AmendmentSummary":
        return cls.model_validate(cls.known_of(state))


class AmendmentPage(Model):
    items: list[AmendmentSummary]
    next_cursor: str | None


class AmendmentView(AmendmentSummary):
    """An amendment with what it changes, in words and as data. `concerned`: whom, by what is different."""

    reasons: str
    changes: dict[str, Any] = Field(description="The merge patch (RFC 7396) on its base; no right answers of a quiz.")
    diff: list[DifferenceView]
    concerned: list[str]
    touches_staff: bool = Field(description="By what is different it does, whatever its author says (staff_impact).")
    digests: DigestsView
    consultation: ConsultationView | None
    replay: ReplayInShort | None
    decisions: list[DecisionView]
    allowed: list[str] = Field(description="What may be done now by whoever asks.")

    @classmethod
    def at(cls, state: Amendment, actor: Actor, now: datetime, locale: Locale) -> "AmendmentView":
        before, after = casework.documents_of(state, now)
        other = rules.operating_numbered if state.document == "rules" else rules.rules_numbered
        beside = other(state.beside, now).document
        different = changes.differences(before, after)
        digests = {type(one).__name__.lower(): changes.digest(one) for one in (after, beside)}
        return cls.model_validate(
            {
                **cls.known_of(state),
                "reasons": state.reasons,
                "changes": changes.patch_shown(state.changes),
                "diff": DifferenceView.listed(wording.worded(before, after, locale)),
                "concerned": list(wording.concerned(different)),
                "touches_staff": wording.touches_staff(different),
                "digests": DigestsView(**digests),
                "consultation": state.consultation and ConsultationView(**state.consultation.model_dump()),
                "replay": ReplayInShort.of(state),
                "decisions": [DecisionView(**one.model_dump()) for one in state.decisions],
                "allowed": [str(one) for one in decisions.may(state, actor, now, rules.in_force(now))],
            }
        )


class OpinionGiver(Model):
    """Whose it is: a member of staff, a storefront, the consumer of a complaint."""

    kind: Literal["consumer", "storefront", "staff"]
    id: str


class OpinionAnswerView(Model):
    at: Instant
    by: str | None = Field(description="Null to others than staff: the house answers.")
    text: str | None = Field(description="Null where the words it answers were erased, and these with them.")


class OpinionView(Model):
    """An opinion on an announced amendment, and the answer to it."""

    amendment_id: str
    number: int
    at: Instant
    by: OpinionGiver
    text: str | None = Field(description="Null where the words of the consumer's complaint were erased, and these too.")
    answer: OpinionAnswerView | None

    @classmethod
    def of(cls, amendment_id: str, said: casework.Said) -> "OpinionView":
        held, answer = said.held, None
        if said.answered_at:
            answer = OpinionAnswerView(at=said.answered_at, by=said.answered_by, text=said.answer)
        by = OpinionGiver.model_validate(held.by.model_dump())
        return cls(amendment_id=amendment_id, number=held.number, at=held.at, by=by, text=said.text, answer=answer)

    @classmethod
    def given(cls, entry: Entry, state: Amendment) -> "OpinionView":
        """One as it is given, to whoever gives it."""
        held = next(one for one in state.opinions if one.seq == entry.seq)
        return cls.of(entry.record, casework.Said(held, str(entry.said["text"]), None, None, None))


class OpinionPage(Model):
    items: list[OpinionView]
    next_cursor: str | None
