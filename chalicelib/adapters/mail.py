"""E-mail by SES. The message is built by the standard library, which refuses line breaks in headers."""

from email.message import EmailMessage

from chalicelib.settings import settings

from .aws import client


def send(to: str, subject: str, text: str, html: str, complaint_id: str) -> str:
    """Sends one message in both forms; SES's id of it. Raises ClientError or BotoCoreError."""
    message = EmailMessage()
    message["From"] = settings().sender
    message["To"] = to
    message["Subject"] = subject
    message["X-Redress-Complaint"] = complaint_id
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    answer = client("sesv2").send_email(
        FromEmailAddress=settings().sender,
        Destination={"ToAddresses": [to]},
        Content={"Raw": {"Data": message.as_bytes()}},
        EmailTags=[{"Name": "complaint_id", "Value": complaint_id}],
    )
    return str(answer["MessageId"])
