"""Request bodies and query strings that are the web's own; the rest are the domain's submissions."""

import re
import unicodedata
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, Strict, model_validator

from chalicelib.domain.complaint import submissions
from chalicelib.domain.ground.model import Body, Model
from chalicelib.domain.ground.people import Contact, Department
from chalicelib.domain.ground.text import Incomplete, Text
from chalicelib.domain.vocabulary.stages import Stage

PHONE_MARKS = re.compile(r"\+?[0-9()\-./ ]{5,30}")


def _phone(value: str) -> str:
    """E.164 of a number in E.164 or a national one of mainland China; written in any of the usual ways."""
    import phonenumbers

    value = unicodedata.normalize("NFKC", value).strip()
    try:
        if not PHONE_MARKS.fullmatch(value):
            raise ValueError
        number = phonenumbers.parse(value, "CN")
        if not phonenumbers.is_valid_number(number):
            raise ValueError
    except (ValueError, phonenumbers.NumberParseException):
        raise ValueError("is not a phone number: use E.164 (+8613800138000) or a mainland China number") from None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _email(value: str) -> str:
    """The address as mail systems take it: domains of other scripts in their ASCII form.

    Whether a mailbox is there shows when it is written to; mailboxes named in other scripts cannot be, so not here.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(value.strip(), check_deliverability=False, allow_smtputf8=False)
        return address.ascii_email or address.normalized
    except EmailNotValidError as fault:
        raise ValueError(f"is not an e-mail address: {fault}") from None


PHONE = {"format": "phone", "examples": ["+8613800138000", "13800138000"]}
EMAIL = {"format": "email", "examples": ["wang@example.cn"]}
Phone = Annotated[str, Strict(), Field(max_length=40, json_schema_extra=PHONE), AfterValidator(_phone)]
Email = Annotated[str, Strict(), Field(max_length=254, json_schema_extra=EMAIL), AfterValidator(_email)]


class ContactBody(Body):
    """How to reach the consumer (4.1b): a name and at least one of phone and e-mail."""

    name: Annotated[str, Text(100)]
    phone: Phone | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.phone or self.email):
            raise Incomplete("phone", "at least one of phone and email is needed (4.1b)")
        return self

    def contact(self) -> Contact:
        return Contact(**self.model_dump())


class ComplaintBody(submissions.Filing):
    """A complaint as it is posted (4.1b)."""

    contact: ContactBody

    def filing(self) -> submissions.Filing:
        return submissions.Filing(**self.model_dump(exclude={"contact"}))


class SignInBody(Body):
    """Either a user name and a password, or a refresh token."""

    username: Annotated[str, Strict(), Field(min_length=1, max_length=128)] | None = None
    password: Annotated[str, Strict(), Field(min_length=1, max_length=256)] | None = None
    refresh_token: Annotated[str, Strict(), Field(min_length=1, max_length=8192)] | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.refresh_token is not None:
            if self.username is not None or self.password is not None:
                raise Incomplete("refresh_token", "comes alone, without username and password")
            return self
        for field in ("username", "password"):
            if getattr(self, field) is None:
                raise Incomplete(field, "username and password are needed, or a refresh_token")
        return self


class PageQuery(Model):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(25, ge=1, le=100, description="Items on the page.")
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")


class QueueQuery(PageQuery):
    stage: Stage | None = None
    department: Department | None = None
    assignee: Annotated[str, Text(128)] | None = None
    overdue: bool | None = Field(None, description="Only what is (not) past its due time.")
    order_number: submissions.Line64 | None = None
    task: Literal["inquiry", "follow_up"] | None = Field(
        None, description="What departments have to do beside the stages: inquiries to answer, promised measures."
    )
