"""SMS by SNS: the sender used where the setting names no other (`REDRESS_SMS_SENDER`).

Another has the same `send`, and raises Refused, Unanswered or another OSError (infra/README.md, 3 Short messages).
"""

from .aws import client
from .refusals import Refused


def send(to: str, text: str, complaint_id: str) -> str:
    """Sends a text to a number in E.164; SNS's id of it.

    Raises Refused for a number that will never be taken, ClientError or BotoCoreError for the rest.
    """
    sns = client("sns")
    attributes = {"record": complaint_id, "AWS.SNS.SMS.SMSType": "Transactional"}
    try:
        answer = sns.publish(
            PhoneNumber=to,
            Message=text,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )
    except (sns.exceptions.InvalidParameterException, sns.exceptions.InvalidParameterValueException) as fault:
        if "PhoneNumber" not in fault.response["Error"].get("Message", ""):
            raise
        raise Refused(fault.response["Error"]["Code"]) from None
    return str(answer["MessageId"])
