"""Messages to groups of staff, by SNS."""

from chalicelib.domain.ground.people import Role
from chalicelib.settings import settings

from .aws import client


def tell(role: Role, subject: str, text: str, record: str | None) -> str:
    """Publishes to a department's topic; SNS's id of it. Raises ClientError or BotoCoreError.

    A topic's subject must be ASCII without line breaks, 100 characters at most: the words go into the text.
    """
    attributes = {"record": {"DataType": "String", "StringValue": record}} if record else {}
    answer = client("sns").publish(
        TopicArn=settings().topics[role],
        Subject=subject.encode("ascii", "replace").decode()[:100],
        Message=text,
        MessageAttributes=attributes,
    )
    return str(answer["MessageId"])
