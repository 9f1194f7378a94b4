"""E-mail by SES. The message is built by the standard library, which refuses line breaks in headers.

SES says by one code (BadRequestException) that an address is none and that we asked for something that cannot be; the
words after it tell which. Whatever else it says (MessageRejected, AccountSuspendedException, NotFoundException of the
configuration set, MailFromDomainNotVerifiedException) is the house's own to mend, or passes (SendingPausedException).
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from email.message import EmailMessage
from email.utils import parseaddr

from chalicelib.domain.telling.notices import NoticeKey
from chalicelib.settings import settings

from .aws import client
from .refusals import Refused

RECORD, NOTICE = "record", "notice"
"""The tags of a message: what it is about."""
LONGEST_TAG = 256  # for SES; a mail whose notice is spelt longer yet goes without, and nothing is heard of it
DENSE = "--"  # begins an audience in base64url: no other spelling does, a dash has two digits behind it
NO_ADDRESS = re.compile(
    r"illegal (address|whitespace)|invalid email address|missing (final '@domain'|domain|local name)"
    r"|(local address|domain) (contains|starts|ends|is too long)|address length",
    re.IGNORECASE,
)
"""How SES words that a mailbox cannot be written to as it is spelt. Our own address was looked at by the settings."""


def send(to: str, subject: str, text: str, html: str, notice: NoticeKey) -> str:
    """Sends one message in both forms; SES's id of it, by which it reports what became of it.

    Raises Refused for an address that will never be taken, ClientError or BotoCoreError for the rest.
    """
    ses = client("sesv2")
    tags = {RECORD: notice.record, NOTICE: tag_of(notice)}
    message = EmailMessage()
    message["From"] = settings().sender
    message["To"] = to
    message["Subject"] = subject
    if settings().reply_to:
        message["Reply-To"] = settings().reply_to
    message["X-Redress-Record"] = notice.record
    message["Auto-Submitted"] = "auto-generated"  # so that out-of-office machines do not answer it
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    try:
        answer = ses.send_email(
            FromEmailAddress=parseaddr(settings().sender)[1],  # the name is in the message, encoded as it must be
            Destination={"ToAddresses": [to]},
            Content={"Raw": {"Data": message.as_bytes()}},
            ConfigurationSetName=settings().mail_configuration,
            EmailTags=[{"Name": name, "Value": tag} for name, tag in tags.items() if len(tag) <= LONGEST_TAG],
        )
    except ses.exceptions.BadRequestException as fault:
        if not NO_ADDRESS.match(fault.response["Error"].get("Message", "")):
            raise
        raise Refused(fault.response["Error"]["Code"]) from None
    return str(answer["MessageId"])


def tag_of(notice: NoticeKey) -> str:
    """Which notice of a record it is, as SES's tags allow: letters, digits, underscores and dashes."""
    audience = notice.audience.encode()
    begins = f"{notice.seq}-{notice.kind}-"
    tag = begins + re.sub(rb"[^A-Za-z0-9_]", lambda mark: b"-%02X" % ord(mark[0]), audience).decode()
    return tag if len(tag) <= LONGEST_TAG else begins + DENSE + urlsafe_b64encode(audience).decode().rstrip("=")


def notice_of(record: str, tag: str) -> NoticeKey:
    """The notice behind the tags of a message. Raises ValueError for anything else."""
    seq, kind, audience = tag.split("-", 2)
    if audience.startswith(DENSE):
        dense = audience.removeprefix(DENSE)
        spelt = urlsafe_b64decode(dense + "=" * (-len(dense) % 4))
    else:
        spelt = re.sub(rb"-([0-9A-F]{2})", lambda mark: bytes.fromhex(mark[1].decode()), audience.encode())
    return NoticeKey(record, int(seq), spelt.decode(), kind)
