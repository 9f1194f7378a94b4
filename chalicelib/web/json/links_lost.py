"""What a consumer without the link may call: the code of a text message for the token, and the link once more."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.casework import lost_links, session
from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.errors import NotFound
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.ground.text import Incomplete, Text
from chalicelib.web.contacts import Email, Phone
from chalicelib.web.door import Answer, Call

from .api import Api

links_lost = Api(__name__)


class CodeBody(Body):
    """The code of a text message, in whichever way it is typed."""

    code: Annotated[str, Text(64), Field(examples=["7K2M-9XD4"])]


class TokenView(Model):
    consumer_token: str


class LostLinkBody(Body):
    """Of which complaint, or about which order, and to whom the link went: a phone number or an address."""

    complaint_id: submissions.ComplaintId | None = None
    order_number: submissions.Line64 | None = None
    phone: Phone | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.complaint_id is None) == (self.order_number is None):
            raise Incomplete("complaint_id", "complaint_or_order_needed")
        if (self.phone is None) == (self.email is None):
            raise Incomplete("phone", "phone_or_email_alone")
        return self


class LostLinkView(Model):
    """The same, whatever there is."""

    sent: str = Field("if_it_matches", description="To the contact details that were filed, if these are they.")


@links_lost.operation(
    "POST", "/v1/complaints/{complaint_id}/session", who=None, body=CodeBody, answers={200: TokenView}
)
def open_session(call: Call, body: CodeBody) -> Answer:
    """The token for the code of a text message. After five wrong ones in an hour, 429 for the right one too."""
    try:
        complaint_id = call.complaint_id
    except NotFound:  # what is the number of no complaint is tried, and counted, like any other
        complaint_id = call.path["complaint_id"][:64]
    return Answer(200, TokenView(consumer_token=session.open_session(complaint_id, body.code, call.address, call.now)))


@links_lost.operation("POST", "/v1/lost-links", who=None, body=LostLinkBody, answers={202: LostLinkView})
def send_lost_link(call: Call, body: LostLinkBody) -> Answer:
    """Sends the link once more to the contact that was filed, if that is the one named. The answer never tells."""
    contact = Contact(name="", phone=body.phone, email=body.email)
    lost_links.ask(body.complaint_id, body.order_number, contact, call.address, call.now)
    return Answer(202, LostLinkView())
