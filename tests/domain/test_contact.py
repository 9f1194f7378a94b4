"""How the consumer is reached: to whom that is shown whole, how much of it to others, and what a look changes."""

import pytest

from chalicelib.domain.complaint.lifecycle import Action
from chalicelib.domain.ground.people import STAFF, Contact, Role, staff
from chalicelib.domain.telling.notices import masked_contact

from .cases import Story

WHOLE_TO = {Role.CUSTOMER_SERVICE, Role.SUPERVISOR}


@pytest.mark.parametrize("role", sorted(STAFF))
def test_it_is_shown_to_customer_service_to_supervisors_and_to_whoever_has_it(role: Role) -> None:
    nobodys, theirs = Story().complaint, Story().do(Action.ASSIGN).complaint
    assert theirs.assignee == "cs.chen"
    chen, somebody = (staff(name, frozenset({role})) for name in ("cs.chen", "cs.lin"))
    assert nobodys.shows_contact_to(chen) == theirs.shows_contact_to(somebody) == (role in WHOLE_TO)
    assert theirs.shows_contact_to(chen)


def test_a_look_is_on_record_and_changes_nothing() -> None:
    story = Story()
    before = story.complaint
    after = story.do(Action.VIEW_CONTACT).complaint
    assert [entry.kind for entry in story.entries] == ["ComplaintFiled", "ContactViewed"]
    assert story.entries[-1].event.public_face() is None
    moved = {"seq": 2, "chain": story.entries[-1].hash}
    assert after == before.model_copy(update=moved)


def test_what_the_consumer_said_waits_on_after_a_look() -> None:
    story = Story().do(Action.GIVE_INFORMATION)
    waits = story.complaint.answered
    assert waits
    lead = staff("cs.lead", frozenset(WHOLE_TO))
    assert story.do(Action.VIEW_CONTACT, lead).complaint.answered == waits


@pytest.mark.parametrize(
    ("contact", "in_part"),
    [
        (
            Contact(name="王芳", phone="+8613800138000", email="wang@example.cn"),
            Contact(name="王**", phone="+86138****8000", email="w***@example.cn"),
        ),
        (Contact(name="司马相如", phone="+8618412345678;ext=1234"), Contact(name="司**", phone="+86184****1234")),
        (Contact(name="O", phone="+861234567"), Contact(name="O**", phone="+86****67")),
        (
            Contact(name="李", email="o@example.cn", email_unusable=True, takes_texts=False),
            Contact(name="李**", email="***@example.cn", email_unusable=True, takes_texts=False),
        ),
        (Contact(name=""), Contact(name="")),
    ],
)
def test_of_each_detail_so_much_is_shown_that_it_is_recognised(contact: Contact, in_part: Contact) -> None:
    assert masked_contact(contact) == in_part
