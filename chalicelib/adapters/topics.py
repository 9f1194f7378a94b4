"""Messages to groups of staff, by SNS."""

from chalicelib.domain.ground.people import Role
from chalicelib.settings import settings

from .aws import client


def tell(role: Role, subject: str, text: str, complaint_id: str | None) -> str:
    """Publishes to a department's topic; SNS's id of it. Raises ClientError or BotoCoreError.

    A topic's subject must be ASCII without line breaks, 100 characters at most: the words go into the text.
    """
    attributes = {"complaint_id": {"DataType": "String", "StringValue": complaint_id}} if complaint_id else {}
    answer = client("sns").publish(
        TopicArn=settings().topics[role], Subject=subject[:100], Message=text, MessageAttributes=attributes
    )
    return str(answer["MessageId"])
