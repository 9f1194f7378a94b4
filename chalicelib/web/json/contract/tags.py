"""Under which heading an operation stands, by its path: a reader has some 130 of them before him."""

import re
from typing import Any

TAGS = (
    ("Complaints", "Filing, finding and reading complaints.", r"/complaints(/search|/\{complaint_id\}(/timeline)?)?"),
    (
        "The consumer's part",
        "What consumers do about their own complaint, by its link; customer service does it for callers.",
        r"/complaints/\{complaint_id\}/(feedback|review-request|withdrawal|reopening|information|survey|session)"
        r"|/lost-links",
    ),
    (
        "Evidence",
        "Files: where to upload one, and a short-lived link to it.",
        r"/complaints/\{complaint_id\}/evidence(/.+)?",
    ),
    (
        "Storefront",
        "What shops have beside filing: what happened to their complaints, by webhook or as a list, and their volumes.",
        r"/events|/webhook(/.+)?|/volumes/.+",
    ),
    ("Links", "A new link for the consumer of a complaint.", r"/complaints/\{complaint_id\}/link"),
    ("Casework", "What staff do about a complaint.", r"/complaints/\{complaint_id\}/.+"),
    ("Hearings", "Whoever missed a deadline is heard, and management decides (8.3).", r"/hearings|/breaches/.+"),
    ("Reports", "Figures of a period, comments on them and measures (6.1).", r"/(reports|measures|surveys)(/.+)?"),
    (
        "People",
        "Who there is, what waits for oneself, sheets and training (6.2).",
        r"/(me|staff|sheets|training)(/.+)?",
    ),
    ("Management reviews", "What management concludes of half a year.", r"/management-reviews(/.+)?"),
    ("Policy", "The policy in force and its versions.", r"/policy(/versions(/\{number\})?|/operating)?"),
    ("Amendments", "How the policy is changed (7, 8.1).", r"/policy/amendments(/.+)?"),
    ("Study", "Staff confirm that they know a version (8.2).", r"/policy/versions/\{number\}/study(/.+)?"),
    (
        "Interpretations",
        "What a clause means, and when it is looked at again.",
        r"/policy/(interpretations|reviews)(/.+)?",
    ),
    ("Audits", "Internal audits, their samples and findings (6.3).", r"/(audits|findings)(/.+)?"),
    (
        "Entrance",
        "Signing in, health, this description, and what a refusal means.",
        r"/(sign-in|health|openapi\.json|problems/.+)",
    ),
)
"""Name, description, and the paths below /v1; the first that fits is meant."""


def tag_of(path: str) -> str:
    """Raises LookupError for a path that stands nowhere yet."""
    for name, _, pattern in TAGS:
        if re.fullmatch(pattern, path.removeprefix("/v1")):
            return name
    raise LookupError(f"{path} has no heading yet: chalicelib/web/json/contract/tags.py")


def described(used: set[str]) -> list[dict[str, Any]]:
    """Those that are used, in their order."""
    return [{"name": name, "description": said} for name, said, _ in TAGS if name in used]
