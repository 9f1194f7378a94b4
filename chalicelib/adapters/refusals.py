"""What a sender says of a message that it will not take, may have taken, or does not take now."""


class Refused(Exception):
    """This message will never be taken, however often it is tried: the address or the number is wrong.

    Not for what the house itself has to mend, such as its configuration: that ends in the dead letters.
    """


class Unanswered(OSError):
    """This message may have been taken: it was sent, and no answer came. It is sent once more, and no oftener.

    How a sender that is no client of AWS says so. Any other OSError: it was not taken, and is worth trying later.
    """


BUSY = frozenset(
    {
        *(
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "TooManyRequestsException",
            "LimitExceededException",
        ),
        *("RequestLimitExceeded", "ServiceUnavailable", "ServiceUnavailableException", "InternalFailure"),
        *("InternalError", "InternalErrorException", "InternalServiceErrorException", "SendingPausedException"),
        *("AccountSendingPausedException", "ProvisionedThroughputExceededException", "KMSThrottlingException"),
    }
)


def may_have_been_taken(fault: Exception) -> bool:
    """Whether a failed call may have had its effect: it was sent, and only the answer did not come."""
    from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

    return isinstance(fault, Unanswered | ReadTimeoutError | ConnectionClosedError)


def passes(fault: Exception) -> bool:
    """Whether a failed call is worth repeating later by itself: nobody answered, or not now."""
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(fault, ClientError):
        status = int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return status >= 500 or fault.response.get("Error", {}).get("Code") in BUSY
    return isinstance(fault, BotoCoreError | OSError)
