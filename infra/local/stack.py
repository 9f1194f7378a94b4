"""The stack of `resources.yaml` on the AWS of this machine."""

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

from infra.aws import REGION
from infra.aws.stack import build, client
from infra.aws.template import NOTHING, Stack, There

STACK = "redress-local"


def build_stack(template: Mapping[str, Any], there: There = NOTHING, **parameters: str) -> Stack:
    """Make everything that is not there, and let its sender send. `parameters` replace the template's defaults."""
    stack = build(template, STACK, there=there, **parameters)
    if sender := stack.environment().get("REDRESS_SENDER"):
        client(REGION, "sesv2").create_email_identity(EmailIdentity=parseaddr(sender)[1])
    return stack
