"""Messages to groups of staff, by SNS."""

from chalicelib.settings import settings

from .aws import client


def tell_management(subject: str, text: str) -> None:
    """Raises ClientError or BotoCoreError."""
    client("sns").publish(TopicArn=settings().management_topic, Subject=subject, Message=text)
