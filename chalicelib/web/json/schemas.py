"""The schemas of the description, each by a name that makes a good one of a type in any language.

What is handed in, answered and written down are three kinds of schemas, though one model may be all of them. The answer
has the model's name; where the others are not the same, they are called `…Input` and `Recorded…`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from chalicelib.web import listed

from . import fitting, unions, vocabularies
from .fitting import REF, Schema

NAMES = {
    "audit.audit.Answer": "ItemAnswer",
    "complaint.submissions.Withdrawal": "Withdrawal",
    "web.json.study.Answers": "QuizAnswers",
    "governance.amendment.Draft": "AmendmentDraft",
    "governance.amendment.Change": "AmendmentChange",
    "governance.amendment.Replaying": "ReplayOrder",
    "governance.amendment.Submitting": "AmendmentSubmission",
    "governance.amendment.Announcing": "AmendmentAnnouncement",
    "governance.reviews.Month": "MonthReviewed",
    "governance.reviews.Amended": "AmendmentReviewed",
    "governance.tally.Pair": "BeforeAndAfter",
    "governance.tally.Clocks": "LadderClocks",
    "governance.interpretations.Ruling": "NewInterpretation",
    "governance.tally.Day": "ReplayDay",
    "governance.tally.Move": "ClockMove",
    "governance.tally.Affected": "AffectedComplaint",
    "supervision.appraisal.Said": "AppraisedItem",
    "supervision.improvement.Planned": "PlannedMeasure",
    "supervision.improvement.Intended": "MeasureIntended",
    "supervision.improvement.Finished": "MeasureCompletion",
    "supervision.report.Issue": "ReportIssue",
    "supervision.management_review.Minutes": "ReviewMinutes",
    "supervision.training.Evidence": "TrainingReason",
    "supervision.training.Completion": "TrainingCompletion",
    "supervision.sheet.Reply": "SheetReply",
    "supervision.figures.Row": "FigureRow",
    "audit.documents.Judged": "QuestionCount",
    "audit.documents.Ruled": "RuleCount",
    "audit.documents.Told": "ReportedFinding",
    "audit.audit.Scope": "AuditScope",
    "audit.audit.Result": "AuditResult",
    "complaint.hearings.Statement": "HearingStatement",
    "complaint.hearings.Decided": "HearingDecisionMade",
    "complaint.submissions.ReviewRequest": "ReviewRequestBody",
    "audit.documents.Counted": "AuditCount",
    "supervision.recent.Counted": "RecentCount",
    "supervision.appraisal.Compared": "ComparedPersons",
    "supervision.figures.Compared": "ComparedFigures",
    "governance.reviews.Inputs": "PolicyReviewInputs",
    "governance.tally.Outcome": "ReplayOutcome",
    "supervision.sheet.Answer": "SheetAnswer",
    "vocabulary.stages.Stage": "Stage",
    "vocabulary.terms.Outcome": "Outcome",
    "web.json.reports.MeasureView": "MeasureView",
    "web.part_views.MeasureView": "FollowUpView",
    "web.part_views.DecisionView": "HearingDecisionView",
    "web.json.amendment_views.DecisionView": "AmendmentDecisionView",
}
"""Of classes whose name another one has too (by default the module's name comes before it), that say little where
nothing is around them, or that generators take: what an operation is asked is a `…Request` to them."""


class _Generator(GenerateJsonSchema):
    """Keys are modules and names, whatever else is there: `chalicelib__domain__audit__audit__Stage`."""

    def get_defs_ref(self, core_mode_ref: Any) -> Any:
        key = super().get_defs_ref(core_mode_ref)
        whole = self._prioritized_defsref_choices[key]
        self._prioritized_defsref_choices[key] = [one for one in whole if "__" in one and "-" not in one] + whole
        return key

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class _AllThere(_Generator):
    """What is answered has all its fields, those with a default too."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return not field.get("serialization_exclude")


class Kind(NamedTuple):
    """How schemas of one kind are made, and what they are called where another kind has the name."""

    mode: JsonSchemaMode
    generator: type[GenerateJsonSchema]
    fit: Any
    prefix: str = ""
    suffix: str = ""


KINDS: Mapping[str, Kind] = {
    "answered": Kind("serialization", _AllThere, fitting.answered),
    "handed_in": Kind("validation", _Generator, fitting.handed_in, suffix="Input"),
    "asked": Kind("validation", _Generator, fitting.asked, suffix="Asked"),
    "refused": Kind("serialization", _Generator, fitting.written_down, prefix="Refused"),
    "recorded": Kind("serialization", _Generator, fitting.written_down, prefix="Recorded"),
}
"""In the order in which they take their names."""


def described(models: Mapping[str, Mapping[Any, Any]]) -> tuple[dict[Any, Schema], dict[str, Schema]]:
    """The schema of each model by its key, by the kinds of `KINDS`; and those that they refer to, by name."""
    made = {name: _made(kind, models.get(name, {})) for name, kind in KINDS.items()}
    names = _names(key for _, shared in made.values() for key in shared)
    found: dict[Any, Schema] = {}
    all_shared: dict[str, Schema] = {}
    for name, kind in KINDS.items():
        schemas, shared = (_renamed(part, names) for part in made[name])
        shared = {names[key]: schema for key, schema in shared.items()}
        if name == "asked":
            schemas, shared = _inlined(schemas, shared)
        own = {one: f"{kind.prefix}{one}{kind.suffix}" for one in _others(shared, all_shared)}
        all_shared |= {own.get(one, one): schema for one, schema in _renamed(shared, own).items()}
        found |= _renamed(schemas, own)
    found, all_shared = unions.united(found, all_shared)
    every = (part for schema in (*found.values(), *all_shared.values()) for part in fitting.parts(schema))
    used = {part.get("$ref", "").removeprefix(REF) for part in every}
    return found, {name: one for name, one in (all_shared | vocabularies.lists()).items() if name in used}


def _inlined(
    schemas: Mapping[Any, Schema], shared: Mapping[str, Schema]
) -> tuple[dict[Any, Schema], dict[str, Schema]]:
    """Each schema itself, where it is one by a name; and those that are left."""
    names = {key: schema["$ref"].removeprefix(REF) for key, schema in schemas.items()}
    left = {name: schema for name, schema in shared.items() if name not in names.values()}
    return {key: shared[name] for key, name in names.items()}, left


def _made(kind: Kind, models: Mapping[Any, Any]) -> tuple[dict[Any, Schema], dict[str, Schema]]:
    adapters = [(key, kind.mode, TypeAdapter(model)) for key, model in models.items()]
    schemas, shared = TypeAdapter.json_schemas(adapters, schema_generator=kind.generator, ref_template=REF + "{model}")
    names = {tuple(one["enum"]): name for name, one in vocabularies.lists().items()}

    def fit(part: Schema) -> Schema:
        return _by_name(kind.fit(part), names)

    return (
        {key: fitting.changed(schema, fit) for (key, _), schema in schemas.items()},
        {key: fitting.changed(schema, fit) for key, schema in shared.get("$defs", {}).items()},
    )


def _by_name(part: Schema, names: Mapping[tuple[Any, ...], str]) -> Schema:
    """The same, referring to a list of values by its name."""
    name = part.get(listed.MARK) or names.get(tuple(part.get("enum", ())))
    if name is None:
        return part
    return {"$ref": REF + name} | {
        key: value for key, value in part.items() if key not in ("type", "enum", listed.MARK)
    }


def _names(keys: Iterable[str]) -> dict[str, str]:
    """What each class is called: by its own name where no other has that."""
    wholes = {key: re.sub("^chalicelib\\.", "", key.replace("__", ".")) for key in keys}
    known = [whole.rpartition(".")[2] for whole in wholes.values()]
    return {key: _name(whole, alone=known.count(whole.rpartition(".")[2]) == 1) for key, whole in wholes.items()}


def _name(whole: str, *, alone: bool) -> str:
    module, _, name = whole.rpartition(".")
    if named := NAMES.get(whole) or NAMES.get(whole.removeprefix("domain.")):
        return named
    return name if alone else module.rpartition(".")[2].title().replace("_", "") + name


def _others(shared: Mapping[str, Schema], before: Mapping[str, Schema]) -> set[str]:
    """Those of them whose name another schema has by now, or that refer to such a one."""
    others = {name for name, schema in shared.items() if name in before and before[name] != schema}
    while more := {
        name for name, schema in shared.items() if name not in others and name in before and _refers_to(schema, others)
    }:
        others |= more
    return others


def _refers_to(schema: Schema, names: set[str]) -> bool:
    return any(part.get("$ref", "").removeprefix(REF) in names for part in fitting.parts(schema))


def _renamed(schemas: Mapping[Any, Schema], names: Mapping[str, str]) -> dict[Any, Schema]:
    """The same, referring to others by these names."""

    def refer(part: Schema) -> Schema:
        name = part.get("$ref", "").removeprefix(REF)
        return part | {"$ref": REF + names[name]} if name in names else part

    return {key: fitting.changed(schema, refer) for key, schema in schemas.items()}
