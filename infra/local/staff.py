"""Who calls the local system: the staff of the house, with one password for all, and storefronts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

STAFF_PASSWORD = "Redress-local-1"
STOREFRONTS = {"storefront": "storefront-local", "storefront-b": "storefront-b-local"}
"""By which names and secrets storefronts ask for their tokens: that of the template, and another one."""


def storefronts(more: Iterable[str]) -> dict[str, str]:
    """These, and those of further names."""
    return STOREFRONTS | {name: f"{name}-local" for name in more}


STAFF: Mapping[str, tuple[str, ...]] = {
    "cs.lin": ("customer_service",),
    "cs.chen": ("customer_service",),
    "cs.lead": ("customer_service", "supervisor"),
    "quality.he": ("quality",),
    "quality.xie": ("quality",),
    "logistics.gao": ("logistics",),
    "legal.xu": ("legal",),
    "legal.tan": ("legal",),
    "management.zhou": ("management",),
    "management.wu": ("management",),
    "audit.qin": ("audit",),
    "audit.lu": ("audit",),
}


def make_accounts(pool: str, client: Any) -> None:
    """Make them in a user pool that has their groups."""
    for name, groups in STAFF.items():
        client.admin_create_user(
            UserPoolId=pool, Username=name, UserAttributes=_attributes(name, groups), MessageAction="SUPPRESS"
        )
        client.admin_set_user_password(UserPoolId=pool, Username=name, Password=STAFF_PASSWORD, Permanent=True)
        for group in groups:
            client.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)


def _attributes(name: str, groups: Sequence[str]) -> list[dict[str, str]]:
    """Where a member of staff reads mail, and that customer service is on duty."""
    known = {"email": f"{name}@staff.example", "email_verified": "true"}
    if "customer_service" in groups:
        known["custom:duty"] = "on"
    return [{"Name": attribute, "Value": value} for attribute, value in known.items()]
