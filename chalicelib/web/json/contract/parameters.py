"""What the names in paths stand for, and what else an operation is asked that its model does not explain."""

from collections.abc import Iterable
from typing import Any

WORDS = {
    "amendment_id": "The amendment, as it was called when it was drafted.",
    "audit_id": "The audit, by quarter and number.",
    "code": "A code, a reason, or a fault of a field.",
    "complaint_id": "The complaint; small letters, spaces and a missing dash are understood.",
    "date": "The day, in the time zone of the house.",
    "department": "Only those who are of this department.",
    "evidence_id": "The file, as the complaint lists it.",
    "inquiry_id": "The inquiry, as the complaint lists it.",
    "interpretation": "The number of the interpretation.",
    "item": "The complaint that is examined.",
    "number": "The number that it has where it is listed.",
    "person": "The user name of whoever is to learn.",
    "policy_review": "The number of the review.",
    "report_id": "The report, by kind, period and edition.",
    "review_id": "The management review, by half-year.",
    "section": "The number of the chapter.",
    "seq": "The number of an entry of the timeline.",
    "sheet_id": "The sheet, by quarter and person.",
    "training": "The training, as the list of training calls it.",
}


def explain(operations: Iterable[dict[str, Any]]) -> None:
    """Raises LookupError for a parameter that nobody has explained."""
    for one in (one for operation in operations for one in operation["parameters"]):
        if "description" in one:
            continue
        if one["name"] not in WORDS:
            raise LookupError(f"{one['name']} is not explained: chalicelib/web/json/contract/parameters.py")
        one["description"] = WORDS[one["name"]]
        one["schema"].pop("description", None)
