"""The callers of the fuzz, and what they may by `tests/rights.py`."""

from infra.local.staff import STAFF
from tests.rights import DEPARTMENTS, RIGHTS

NOBODY, SHOP, OTHER_SHOP = "nobody", "its storefront", "another storefront"
OWNER, STRANGER, REPLACED = "its consumer", "another consumer", "a replaced link"
OUTSIDERS = (NOBODY, SHOP, OTHER_SHOP, OWNER, STRANGER, REPLACED)
MEMBERS = tuple({groups: name for name, groups in reversed(STAFF.items())}.values())[::-1]
"""One of staff for each set of groups: a second one may what the first may."""
CALLERS = (*OUTSIDERS, *MEMBERS)
"""Of the two storefronts each is another than its own where it did not file the complaint, or where there is none."""
LIKE = {STRANGER: OWNER, REPLACED: OWNER, OTHER_SHOP: SHOP}
"""As whom those come in at the door whose complaint it is not, or no more."""

THEIRS = {"author", "holder", "owner", "examiner", "person", "heard"}
"""What any of staff may be."""
_KINDS: dict[str, set[str]] = {
    NOBODY: {"everybody"},
    SHOP: {"everybody", "storefronts", "its_storefront"},
    OTHER_SHOP: {"everybody", "storefronts"},
    OWNER: {"everybody", "its_consumer", "consumers"},
    STRANGER: {"everybody", "consumers"},
    REPLACED: {"everybody"},
    **{
        name: {"everybody", "staff", *THEIRS, *STAFF[name], *({"asked"} if DEPARTMENTS & {*STAFF[name]} else ())}
        for name in MEMBERS
    },
}


def may(operation: str, who: str) -> bool:
    """What is not in the table is open to nobody."""
    return operation in RIGHTS and bool(_KINDS[who] & RIGHTS[operation].who)


def at_the_door(operation: str, who: str) -> bool:
    """Whether the role alone lets them in, so that only the complaint can tell that it is not theirs."""
    return may(operation, LIKE.get(who, who))
