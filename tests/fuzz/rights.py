"""Who may do what by the contract, written down once more: held against its own declarations, code is always right."""

from infra.local.staff import STAFF

NOBODY, SHOP, OTHER_SHOP = "nobody", "its storefront", "another storefront"
OWNER, STRANGER, REPLACED = "its consumer", "another consumer", "a replaced link"
OUTSIDERS = (NOBODY, SHOP, OTHER_SHOP, OWNER, STRANGER, REPLACED)
CALLERS = (*OUTSIDERS, *STAFF)
"""A storefront is another than its own where it did not file the complaint, or where there is none."""
LIKE = {STRANGER: OWNER, REPLACED: OWNER, OTHER_SHOP: SHOP}
"""As whom those come in at the door whose complaint it is not, or no more."""

_KINDS: dict[str, set[str]] = {
    NOBODY: {"everybody"},
    SHOP: {"everybody", "storefronts", "its storefront"},
    OTHER_SHOP: {"everybody", "storefronts"},
    OWNER: {"everybody", "its consumer"},
    STRANGER: {"everybody"},
    REPLACED: {"everybody"},
    **{name: {"everybody", "staff", *groups} for name, groups in STAFF.items()},
}
_RIGHTS: dict[str, set[str]] = {
    "sign_in show_health describe": {"everybody"},
    "file_complaint": {"storefronts", "customer_service"},
    "show_complaint": {"staff", "its consumer", "its storefront"},
    "show_timeline show_evidence offer_evidence": {"staff", "its consumer"},
    "list_complaints show_notices add_note": {"staff"},
    "give_feedback give_information withdraw": {"its consumer", "customer_service"},
    "reopen": {"its consumer"},
    "acknowledge report propose_plan ask request_information": {"customer_service"},
    "complete_follow_up merge_into": {"customer_service"},
    "assign replace_link": {"customer_service", "supervisor"},
    "extend": {"supervisor", "management"},
    "answer_inquiry": {"quality", "logistics", "legal"},
    "update_delivery": {"logistics"},
    "review": {"legal"},
}
RIGHTS = {name: kinds for names, kinds in _RIGHTS.items() for name in names.split()}


def may(operation: str, who: str) -> bool:
    """What is not in the table is open to nobody."""
    return bool(_KINDS[who] & RIGHTS.get(operation, set()))


def at_the_door(operation: str, who: str) -> bool:
    """Whether the role alone lets them in, so that only the complaint can tell that it is not theirs."""
    return may(operation, LIKE.get(who, who))
