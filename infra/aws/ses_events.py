"""What SES tells of a mail: delivered, bounced, complained of, delayed. In the shape of its event publishing.

Every address takes its mail, but for those of SES's mailbox simulator (`bounce@simulator.amazonses.com` and so on, with
any `+label`), which behave as they do on AWS. Two are ours: mail to `delay@` arrives after having been held up, mail to
`full@` is held up and then given up.
"""

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses, parseaddr
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.aws.clock import format_milliseconds

SIMULATOR = "simulator.amazonses.com"
BEHAVIOUR: Mapping[str, tuple[str, ...]] = {
    "success": ("Delivery",),
    "ooto": ("Delivery",),
    "bounce": ("Bounce",),
    "suppressionlist": ("Suppressed",),
    "complaint": ("Delivery", "Complaint"),
    "delay": ("DeliveryDelay", "Delivery"),
    "full": ("DeliveryDelay", "Full"),
}
MTA = "a8-50.smtp-out.amazonses.com"
ADDRESSES = ("ToAddresses", "CcAddresses", "BccAddresses")

Event = dict[str, Any]


def events_of(request: Mapping[str, Any], message_id: str, at: datetime, region: str) -> list[Event]:
    """The events that follow from a SendEmail request which was taken at this moment, in their order."""
    mail = _mail(request, message_id, at, region)
    envelope = [one for kind in ADDRESSES for one in request.get("Destination", {}).get(kind, [])]
    recipients = [address for _, address in getaddresses(envelope or mail["destination"])]
    return [_event(outcome, address, mail, at) for address in recipients for outcome in _behaviour(address)]


def _behaviour(address: str) -> tuple[str, ...]:
    mailbox, _, domain = address.lower().partition("@")
    known = BEHAVIOUR.get(mailbox.partition("+")[0]) if domain == SIMULATOR else None
    return known or ("Delivery",)


def _event(outcome: str, address: str, mail: Mapping[str, Any], at: datetime) -> Event:
    stamp = format_milliseconds(at + timedelta(seconds=1))
    told: dict[str, Any]
    known = {"timestamp": stamp, "feedbackId": f"{uuid.uuid4()}-000000"}
    match outcome:
        case "Bounce":
            return _bounce(mail, known, "Permanent/General", _failed(address, "5.1.1", "smtp; 550 5.1.1 user unknown"))
        case "Suppressed":
            reason = "Amazon SES did not send the message: this address is on the suppression list of your account"
            return _bounce(mail, known, "Permanent/OnAccountSuppressionList", _failed(address, "5.1.1", reason))
        case "Full":
            return _bounce(
                mail, known, "Transient/MailboxFull", _failed(address, "4.2.2", "smtp; 452 4.2.2 mailbox full")
            )
        case "Complaint":
            told = {"complainedRecipients": [{"emailAddress": address}], "complaintSubType": None, **known}
            told |= {"userAgent": "Amazon SES Mailbox Simulator", "complaintFeedbackType": "abuse"}
            return {"eventType": "Complaint", "mail": mail, "complaint": told | {"arrivalDate": stamp}}
        case "DeliveryDelay":
            held = {"emailAddress": address, "status": "4.4.7", "diagnosticCode": "smtp; 451 4.4.7 try again later"}
            told = {"delayType": "TransientCommunicationFailure", "delayedRecipients": [held], "timestamp": stamp}
            told |= {"expirationTime": format_milliseconds(at + timedelta(hours=14)), "reportingMTA": MTA}
            return {"eventType": "DeliveryDelay", "mail": mail, "deliveryDelay": told}
    told = {"timestamp": stamp, "processingTimeMillis": 1000, "recipients": [address], "reportingMTA": MTA}
    told |= {"smtpResponse": "250 2.6.0 Message received", "remoteMtaIp": "127.0.0.1"}
    return {"eventType": "Delivery", "mail": mail, "delivery": told}


def _bounce(mail: Mapping[str, Any], known: Mapping[str, str], kind: str, failed: Mapping[str, str]) -> Event:
    """`kind` is type and subtype."""
    bounce_type, _, subtype = kind.partition("/")
    told = {"bounceType": bounce_type, "bounceSubType": subtype, "bouncedRecipients": [failed], **known}
    return {"eventType": "Bounce", "mail": mail, "bounce": {**told, "reportingMTA": f"dsn; {MTA}"}}


def _failed(address: str, status: str, reason: str) -> dict[str, str]:
    return {"emailAddress": address, "action": "failed", "status": status, "diagnosticCode": reason}


def _mail(request: Mapping[str, Any], message_id: str, at: datetime, region: str) -> dict[str, Any]:
    """The mail itself, as every event has it."""
    source = str(request["FromEmailAddress"])
    sender = parseaddr(source)[1]
    headers = _headers(request)
    named = {name: [one["value"] for one in headers if one["name"].lower() == name] for name in ("from", "to")}
    destination = [one for kind in ADDRESSES for one in request.get("Destination", {}).get(kind, [])]
    subject = next((one["value"] for one in headers if one["name"].lower() == "subject"), "")
    tags = {
        "ses:operation": ["SendEmail"],
        "ses:configuration-set": [request["ConfigurationSetName"]],
        "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [sender.rpartition("@")[2]],
        "ses:caller-identity": ["local"],
    }
    return {
        "timestamp": format_milliseconds(at),
        "source": source,
        "sourceArn": f"arn:aws:ses:{region}:{DEFAULT_ACCOUNT_ID}:identity/{sender}",
        "sendingAccountId": DEFAULT_ACCOUNT_ID,
        "messageId": message_id,
        "destination": destination or [address for _, address in getaddresses(named["to"])],
        "headersTruncated": False,
        "headers": headers,
        "commonHeaders": {**named, "messageId": message_id, "subject": subject},
        "tags": tags | {tag["Name"]: [tag["Value"]] for tag in request.get("EmailTags", [])},
    }


def _headers(request: Mapping[str, Any]) -> list[dict[str, str]]:
    content = request["Content"]
    if "Raw" in content:
        raw = message_from_bytes(base64.b64decode(content["Raw"]["Data"]), policy=default)
        return [{"name": name, "value": str(value)} for name, value in raw.items()]
    simple, to = content["Simple"], ", ".join(request.get("Destination", {}).get("ToAddresses", []))
    own = {"From": request["FromEmailAddress"], "To": to, "Subject": simple["Subject"]["Data"], "MIME-Version": "1.0"}
    told = [{"name": name, "value": str(value)} for name, value in own.items()]
    return told + [{"name": one["Name"], "value": one["Value"]} for one in simple.get("Headers", [])]
