"""Who acts (2.1): the consumer, a storefront, a member of staff with departments, or the system itself."""

from datetime import date
from enum import StrEnum
from typing import Literal, get_args

from pydantic import Field

from chalicelib.domain.ground.model import Model, Written


class Role(StrEnum):
    """What a caller can be. The staff roles are the groups of the user pool, departments among them (5.1 to 5.4)."""

    CUSTOMER_SERVICE = "customer_service"
    QUALITY = "quality"
    LOGISTICS = "logistics"
    LEGAL = "legal"
    SUPERVISOR = "supervisor"
    MANAGEMENT = "management"
    AUDIT = "audit"
    STOREFRONT = "storefront"
    CONSUMER = "consumer"
    SYSTEM = "system"


Department = Literal[Role.CUSTOMER_SERVICE, Role.QUALITY, Role.LOGISTICS, Role.LEGAL]
STAFF = frozenset({*get_args(Department), Role.SUPERVISOR, Role.MANAGEMENT, Role.AUDIT})


class Actor(Written):
    """Who did something, as it stands in the timeline: an id and roles, no personal data of consumers.

    `id` is the user name of staff, the client id of a storefront, the complaint's id for its consumer.
    """

    kind: Literal["consumer", "storefront", "staff", "system"]
    id: str
    groups: tuple[Role, ...] = ()
    link: int = Field(0, exclude=True)  # the edition of the link by which a consumer came; it is not written down

    def is_same(self, other: "Actor") -> bool:
        """Whether it is the same one, whatever else was written of either."""
        return (self.kind, self.id) == (other.kind, other.id)

    @property
    def roles(self) -> frozenset[Role]:
        if self.kind == "staff":
            return frozenset(self.groups) & STAFF
        return frozenset({Role(self.kind)})


def staff(username: str, groups: frozenset[str]) -> Actor:
    """A member of staff; groups of the user pool that mean nothing here are left out."""
    return Actor(kind="staff", id=username, groups=tuple(sorted(role for role in STAFF if role in groups)))


def storefront(client_id: str) -> Actor:
    return Actor(kind="storefront", id=client_id)


def consumer(complaint_id: str, link: int = 0) -> Actor:
    return Actor(kind="consumer", id=complaint_id, link=link)


CLOCK = Actor(kind="system", id="clock")
"""The clock, when it rings: nobody outside can be it."""

OPERATOR = Actor(kind="system", id="operator")
"""Whoever runs the house, by a command."""

HOUSE = Actor(kind="system", id="house")
"""The house itself, when it acts by its rules: asks a department, finds something out."""


class Contact(Model):
    """How to reach the consumer (4.1b): the one place of personal data. Checked at the boundary only."""

    name: str
    phone: str | None = Field(None, description="E.164, with an extension as RFC 3966 says it: +8618412345678;ext=1234")
    takes_texts: bool = Field(True, description="The phone is one that text messages reach.")
    email: str | None = None
    email_unusable: bool = Field(False, description="The address bounced, or its owner wants no mail: it gets none.")
    # How often it was corrected. The complaint knows it too, so that no link of now goes to whom it should not, and no
    # mail of before tells against the address of now. Nobody is shown it.
    edition: int = Field(0, exclude=True)


def absences(written: str) -> tuple[tuple[date, date], ...]:
    """When a member of staff is away, each from and until, both included: "2026-12-01/2026-12-05, 2027-01-04".

    Raises ValueError for whatever is spelt otherwise.
    """
    spans = []
    for span in written.split(","):
        first, slash, last = span.strip().partition("/")
        begins, ends = date.fromisoformat(first), date.fromisoformat(last if slash else first)
        if begins > ends:
            raise ValueError("an absence ends before it begins")
        spans.append((begins, ends))
    return tuple(spans)


NOBODY = Contact(name="")
"""Whoever is to be reached about a record that has no consumer."""
