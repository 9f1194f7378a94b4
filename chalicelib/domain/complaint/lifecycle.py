"""The lifecycle of a complaint: one table (3.2). Everything that asks "who may do what, when" reads `LIFECYCLE`."""

from enum import StrEnum

from chalicelib.domain.complaint import hearings
from chalicelib.domain.ground.lifecycle import Lifecycle, Step, stays
from chalicelib.domain.ground.people import STAFF, Role
from chalicelib.domain.vocabulary.stages import STAGES, Stage


class Action(StrEnum):
    FILE = "file"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    DRAFT_PLAN = "draft_plan"
    PROPOSE_PLAN = "propose_plan"
    ACCEPT_PLAN = "accept_plan"
    OBJECT_TO_PLAN = "object_to_plan"
    REQUEST_REVIEW = "request_review"
    ASSIGN = "assign"
    NOTE = "note"
    RETRACT_NOTE = "retract_note"
    RETRACT_EVIDENCE = "retract_evidence"
    REPLACE_LINK = "replace_link"
    CORRECT_CONTACT = "correct_contact"
    VIEW_CONTACT = "view_contact"
    ASK = "ask"
    ANSWER_INQUIRY = "answer_inquiry"
    ADD_EVIDENCE = "add_evidence"
    REVIEW = "review"
    UPDATE_DELIVERY = "update_delivery"
    REQUEST_INFORMATION = "request_information"
    GIVE_INFORMATION = "give_information"
    READ_INFORMATION = "read_information"
    EXTEND = "extend"
    COMPLETE_FOLLOW_UP = "complete_follow_up"
    CALL = "call"
    TRIAGE = "triage"
    ASSESS_SAFETY = "assess_safety"
    TELL_AUTHORITY = "tell_authority"
    TAKE_INTERIM_MEASURE = "take_interim_measure"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    MERGE = "merge"
    UNDO_MERGER = "undo_merger"
    LAPSE = "lapse"
    ANSWER_SURVEY = "answer_survey"
    DECLINE_SURVEY = "decline_survey"
    REVIEW_SURVEY = "review_survey"
    STATE = hearings.STATE
    DECIDE = hearings.DECIDE
    OBJECT = hearings.OBJECT


_CUSTOMER_SERVICE = frozenset({Role.CUSTOMER_SERVICE})
_CONSUMER_OR_CALL = frozenset({Role.CONSUMER, Role.CUSTOMER_SERVICE})
_ASKED = frozenset({Role.QUALITY, Role.LOGISTICS, Role.LEGAL})
_OPEN = tuple(stage for stage, facts in STAGES.items() if facts.open)
_AT_WORK = (Stage.INVESTIGATING, Stage.PLANNING)  # the findings are made, or used
_AFTER_A_PLAN = (Stage.PLANNING, Stage.AWAITING_CONSUMER, Stage.CLOSED)

TABLE: tuple[Step[Stage, Action], ...] = (
    Step(None, Action.FILE, Stage.RECEIVED, frozenset({Role.STOREFRONT, Role.CUSTOMER_SERVICE})),
    Step(Stage.RECEIVED, Action.ACKNOWLEDGE, Stage.INVESTIGATING, _CUSTOMER_SERVICE),
    Step(Stage.INVESTIGATING, Action.REPORT, Stage.PLANNING, _CUSTOMER_SERVICE),
    Step(Stage.PLANNING, Action.PROPOSE_PLAN, Stage.AWAITING_CONSUMER, _CUSTOMER_SERVICE),
    Step(Stage.AWAITING_CONSUMER, Action.ACCEPT_PLAN, Stage.CLOSED, _CONSUMER_OR_CALL),
    Step(Stage.AWAITING_CONSUMER, Action.OBJECT_TO_PLAN, Stage.PLANNING, _CONSUMER_OR_CALL),
    Step(Stage.AWAITING_CONSUMER, Action.REQUEST_REVIEW, Stage.PLANNING, _CONSUMER_OR_CALL),
    Step(Stage.CLOSED, Action.REQUEST_REVIEW, Stage.PLANNING, _CONSUMER_OR_CALL),
    Step(Stage.AWAITING_CONSUMER, Action.LAPSE, Stage.CLOSED, frozenset({Role.SYSTEM})),
    *(Step(stage, Action.WITHDRAW, Stage.CLOSED, _CONSUMER_OR_CALL) for stage in _OPEN),
    *(Step(stage, Action.MERGE, Stage.CLOSED, _CUSTOMER_SERVICE) for stage in _OPEN),
    Step(
        Stage.CLOSED,
        Action.REOPEN,
        Stage.RECEIVED,
        _CONSUMER_OR_CALL | {Role.SUPERVISOR},
        others=(Stage.INVESTIGATING, Stage.PLANNING),
    ),
    Step(
        Stage.CLOSED,
        Action.UNDO_MERGER,
        Stage.RECEIVED,
        _CUSTOMER_SERVICE,
        others=(Stage.INVESTIGATING, Stage.PLANNING, Stage.AWAITING_CONSUMER),
    ),
    *stays(Action.ASSIGN, _OPEN, frozenset({Role.CUSTOMER_SERVICE, Role.SUPERVISOR})),
    *stays(Action.EXTEND, _OPEN, frozenset({Role.SUPERVISOR, Role.MANAGEMENT})),
    *stays(Action.ASK, _AT_WORK, _CUSTOMER_SERVICE),
    *stays(Action.ANSWER_INQUIRY, _AT_WORK, _ASKED),
    *stays(Action.DRAFT_PLAN, (Stage.PLANNING,), _CUSTOMER_SERVICE),
    *stays(Action.REVIEW, (Stage.PLANNING,), frozenset({Role.LEGAL})),
    *stays(Action.REQUEST_INFORMATION, _AT_WORK, _CUSTOMER_SERVICE),
    *stays(Action.GIVE_INFORMATION, _OPEN, _CONSUMER_OR_CALL),
    *stays(Action.READ_INFORMATION, (Stage.AWAITING_CONSUMER,), _CUSTOMER_SERVICE),
    *stays(Action.UPDATE_DELIVERY, STAGES, frozenset({Role.LOGISTICS})),
    *stays(Action.COMPLETE_FOLLOW_UP, _AFTER_A_PLAN, _CUSTOMER_SERVICE),
    *stays(Action.ADD_EVIDENCE, STAGES, STAFF | {Role.CONSUMER, Role.STOREFRONT}),
    *stays(Action.CALL, STAGES, frozenset({Role.CUSTOMER_SERVICE, Role.QUALITY, Role.SUPERVISOR})),
    *stays(Action.TRIAGE, STAGES, frozenset({Role.CUSTOMER_SERVICE, Role.QUALITY, Role.SUPERVISOR})),
    *stays(Action.ASSESS_SAFETY, STAGES, frozenset({Role.QUALITY})),
    *stays(Action.TELL_AUTHORITY, STAGES, frozenset({Role.QUALITY, Role.LEGAL})),
    *stays(Action.TAKE_INTERIM_MEASURE, STAGES, frozenset({Role.CUSTOMER_SERVICE, Role.QUALITY})),
    *stays(Action.NOTE, STAGES, STAFF),
    *stays(Action.RETRACT_NOTE, STAGES, STAFF),
    *stays(Action.RETRACT_EVIDENCE, STAGES, STAFF),
    *stays(Action.REPLACE_LINK, STAGES, frozenset({Role.CUSTOMER_SERVICE, Role.SUPERVISOR, Role.STOREFRONT})),
    *stays(Action.CORRECT_CONTACT, STAGES, _CUSTOMER_SERVICE),
    *stays(Action.VIEW_CONTACT, STAGES, STAFF),
    *stays(Action.ANSWER_SURVEY, (Stage.CLOSED,), STAFF | {Role.CONSUMER}),
    *stays(Action.DECLINE_SURVEY, (Stage.CLOSED,), STAFF | {Role.CONSUMER}),
    *stays(Action.REVIEW_SURVEY, _AFTER_A_PLAN, frozenset({Role.SUPERVISOR, Role.MANAGEMENT})),
    *stays(Action.STATE, STAGES, STAFF),
    *stays(Action.DECIDE, STAGES, frozenset({Role.MANAGEMENT})),
    *stays(Action.OBJECT, STAGES, STAFF),
)

LIFECYCLE = Lifecycle("complaint", STAGES, TABLE)
