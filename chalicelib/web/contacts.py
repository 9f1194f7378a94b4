"""How to reach the consumer (4.1b), as it is handed in: numbers and addresses as people paste them.

Contact lists put marks that nobody sees around a number, keyboards of the East write ＠ and any of a dozen dashes, and
platforms hide a number behind one of their own with an extension. All of that is read; what no telephone network and
no mail provider gives is refused, since a notice to it could only fail.
"""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from chalicelib.domain.ground.model import Body
from chalicelib.domain.ground.people import Contact
from chalicelib.domain.ground.text import Incomplete, Text, Wrong, plain

PHONE_MARKS = re.compile(r"\(?\+?[0-9()\-./ ]{5,34}")
EXTENSION = re.compile(
    r"[ ,(]*(?:;ext=|ext(?:ension)?\.?|x|#|转接?|轉接?|分机号?|分機號?)[ :.-]*([0-9]{1,6})\)?$", re.IGNORECASE
)
LAST_GROUP = re.compile(r" ?[-/ ,_(] ?([0-9]{1,6})\)?$")
SCHEMES = re.compile(r"^(?:tel|mailto|sms):", re.IGNORECASE)
MAILBOX = re.compile(r"[A-Za-z0-9._+'&~-]+")
"""The characters that mail providers give. Others are allowed by the standard and mean something on the way: =?…?= is
an encoded word, =2C a comma."""
NOWHERE = "001"
"""What the library calls the region of numbers that belong to no country: satellites, shared cost, premium rate."""


def _phone(value: str) -> str:
    """A number that a telephone network takes, as RFC 3966 says it: "+8613800138000", "+8618412345678;ext=1234".

    In E.164 or a national one of mainland China; written in any of the usual ways.
    """
    import phonenumbers

    cleaned = SCHEMES.sub("", plain(value))
    for number, extension in _readings(cleaned):
        try:
            read = phonenumbers.parse(number, "CN") if PHONE_MARKS.fullmatch(number) else None
        except phonenumbers.NumberParseException:
            continue
        if read and phonenumbers.is_valid_number(read):
            said = str(phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164))
            return f"{said};ext={extension}" if extension else said
    raise Wrong("not_a_phone_number")


def _readings(cleaned: str) -> list[tuple[str, str]]:
    """Each way to take it apart into a number and its extension, the likeliest first."""
    if told := EXTENSION.search(cleaned):
        return [(cleaned[: told.start()], told[1])]
    last = LAST_GROUP.search(cleaned)
    return [(cleaned, ""), *([(cleaned[: last.start()], last[1])] if last else [])]


def takes_texts(phone: str) -> bool:
    """Whether text messages reach a number: that of a mobile telephone of some country, without an extension."""
    import phonenumbers

    number = phonenumbers.parse(phone)
    mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return (
        not number.extension
        and phonenumbers.number_type(number) in mobile
        and phonenumbers.region_code_for_number(number) != NOWHERE
    )


def _email(value: str) -> str:
    """The address as mail systems take it: domains of other scripts in their ASCII form.

    Whether a mailbox is there shows when it is written to; mailboxes named in other scripts cannot be, so not here.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(SCHEMES.sub("", plain(value)), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Wrong("not_an_email_address") from None
    if not MAILBOX.fullmatch(address.local_part):
        raise Wrong("odd_mailbox")
    return address.ascii_email or address.normalized


PHONE = {"format": "phone", "examples": ["+8613800138000", "13800138000", "18412345678-1234"]}
EMAIL = {"format": "email", "examples": ["wang@example.cn"]}
Phone = Annotated[str, Strict(), Field(max_length=60, json_schema_extra=PHONE), AfterValidator(_phone)]
Email = Annotated[str, Strict(), Field(max_length=254, json_schema_extra=EMAIL), AfterValidator(_email)]


class ContactBody(Body):
    """How to reach the consumer (4.1b): a name and at least one of phone and e-mail."""

    name: Annotated[str, Text(100)]
    phone: Phone | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.phone or self.email):
            raise Incomplete("phone", "phone_or_email_needed")
        return self

    def contact(self) -> Contact:
        return Contact(**self.model_dump(), takes_texts=bool(self.phone and takes_texts(self.phone)))
