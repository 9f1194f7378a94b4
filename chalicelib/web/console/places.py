"""Where in the console a record is."""

ROOMS = {"report": "reports", "review": "management-reviews", "audit": "audits", "amendment": "policy/amendments"}
"""By how a name begins."""


def page_of(record: str, number: int | None = None) -> str:
    """Its page, below the prefix; `number`: of a finding, where it is an audit's. A version of the policy is where it
    is studied."""
    kind, _, rest = record.partition("_")
    if room := ROOMS.get(kind) if rest else None:
        part = f"/findings/{number}" if kind == "audit" and number else ""
        return f"/console/{room}/{record}{part}"
    if record.isdecimal():
        return f"/console/policy/study/{record}"
    return f"/console/complaints/{record}"
