"""What the functions may do (`.chalice/policy-*.json`), and what AWS would ask of whoever makes a call.

AWS's permissions are not named like its operations throughout: a transaction needs those of its parts, a file that may
not be there needs that of listing its bucket (or what is missing looks like what is forbidden), signing a link or a
form needs what the link or form will do, and a raw message of SES's second API is checked under a name of the first.
The service authorization reference (docs.aws.amazon.com/service-authorization) is where to look a new one up.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import boto3
from botocore.exceptions import ClientError
from moto.core import DEFAULT_ACCOUNT_ID

from chalicelib.adapters import roster
from infra.aws import REGION
from infra.aws.template import Stack

CHALICE = Path(__file__).parents[2] / ".chalice"
HTTP = "api_handler"
TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
OPEN_TO_ANYONE = {"cognito-idp:InitiateAuth"}  # not signed, no permission is asked for
A_FORM = "s3:CreateBucket"  # what botocore takes a form for an upload for, before it is signed


class Permission(NamedTuple):
    """An action of IAM on a resource: its ARN, or for a text message the number; `known` is what conditions ask for."""

    action: str
    resource: str
    known: frozenset[tuple[str, str]] = frozenset()


Parameters = Mapping[str, Any]


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{DEFAULT_ACCOUNT_ID}:{resource}"


def _table(action: str, asked: Parameters) -> Permission:
    index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
    return Permission(f"dynamodb:{action}", _arn("dynamodb", f"table/{asked['TableName']}{index}"))


def _transaction(asked: Parameters) -> list[Permission]:
    return [_table(TRANSACTION[kind], part) for item in asked["TransactItems"] for kind, part in item.items()]


def _batch(action: str) -> Callable[[Parameters], list[Permission]]:
    return lambda asked: [_table(action, {"TableName": name}) for name in asked["RequestItems"]]


def _object(action: str, bucket: str, key: str) -> Permission:
    return Permission(f"s3:{action}", f"arn:aws:s3:::{bucket}/{key}")


def _copy(asked: Parameters) -> list[Permission]:
    bucket, key = unquote(asked["CopySource"]).split("/", 1)  # as botocore has written it by then
    return [_object("GetObject", bucket, key), _put_object(asked)]


def _put_object(asked: Parameters) -> Permission:
    return _object("PutObject", asked["Bucket"], asked["Key"])


def _read_object(asked: Parameters) -> list[Permission]:
    listing = Permission("s3:ListBucket", f"arn:aws:s3:::{asked['Bucket']}")
    return [_object("GetObject", asked["Bucket"], asked["Key"]), listing]


def _raw_mail(asked: Parameters) -> list[Permission]:
    identity = re.sub(r".*<(.*)>", r"\1", asked["FromEmailAddress"])
    by = [f"identity/{identity}", f"configuration-set/{asked['ConfigurationSetName']}"]
    known = frozenset({("ses:FromAddress", identity)})
    actions = ("ses:SendEmail", "ses:SendRawEmail")
    return [Permission(action, _arn("ses", one), known) for action in actions for one in by]


def _pool(action: str) -> Callable[[Parameters], list[Permission]]:
    return lambda asked: [Permission(f"cognito-idp:{action}", _arn("cognito-idp", f"userpool/{asked['UserPoolId']}"))]


NEEDS: Mapping[str, Callable[[Parameters], list[Permission]]] = {
    **{
        f"dynamodb:{action}": lambda asked, action=action: [_table(action, asked)]  # type: ignore[misc]
        for action in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query")
    },
    "dynamodb:TransactWriteItems": _transaction,
    "dynamodb:BatchGetItem": _batch("BatchGetItem"),
    "dynamodb:BatchWriteItem": _batch("BatchWriteItem"),
    "sqs:SendMessage": lambda asked: [Permission("sqs:SendMessage", _arn("sqs", asked["QueueUrl"].split("/")[-1]))],
    "events:PutEvents": lambda asked: [
        Permission("events:PutEvents", _arn("events", f"event-bus/{one['EventBusName']}")) for one in asked["Entries"]
    ],
    "sns:Publish": lambda asked: [Permission("sns:Publish", asked.get("TopicArn") or asked["PhoneNumber"])],
    "sesv2:SendEmail": _raw_mail,
    "stepfunctions:StartExecution": lambda asked: [Permission("states:StartExecution", asked["stateMachineArn"])],
    "stepfunctions:StopExecution": lambda asked: [Permission("states:StopExecution", asked["executionArn"])],
    "cognito-idp:ListUsersInGroup": _pool("ListUsersInGroup"),
    "cognito-idp:AdminGetUser": _pool("AdminGetUser"),
    "s3:GetObject": _read_object,
    "s3:ListObjectsV2": lambda asked: [Permission("s3:ListBucket", f"arn:aws:s3:::{asked['Bucket']}")],
    "s3:PutObject": lambda asked: [_put_object(asked)],
    "s3:CopyObject": _copy,
    "s3:DeleteObject": lambda asked: [
        _object("DeleteObjectVersion" if "VersionId" in asked else "DeleteObject", asked["Bucket"], asked["Key"])
    ],
}


# ---- what is granted -------------------------------------------------------------------------------------------------


class Grant(NamedTuple):
    """An action on what a pattern of ARNs matches, or (`otherwise`) on what it does not, if all this is known of it."""

    action: str
    pattern: str
    otherwise: bool = False
    conditions: frozenset[tuple[str, str]] = frozenset()

    def allows(self, wanted: Permission) -> bool:
        matches = re.fullmatch(re.escape(self.pattern).replace(r"\*", ".*"), wanted.resource) is not None
        return self.action == wanted.action and matches is not self.otherwise and self.conditions <= wanted.known


def granted(stack: Stack) -> dict[str, list[Grant]]:
    """What the policy of each function grants, by the name of the function."""
    functions = json.loads((CHALICE / "config.json").read_text("utf-8"))["lambda_functions"]
    return {name: list(_grants(stack, CHALICE / one["iam_policy_file"])) for name, one in functions.items()}


def _grants(stack: Stack, policy: Path) -> Iterator[Grant]:
    for statement in stack.resolve(json.loads(policy.read_text("utf-8")))["Statement"]:
        assert statement["Effect"] == "Allow", "a policy that denies is not understood here"
        (kind,) = {"Resource", "NotResource"} & statement.keys()
        conditions = statement.get("Condition", {"StringEquals": {}})
        assert conditions.keys() == {"StringEquals"}, "another condition is not understood here"
        assert all(isinstance(value, str) for value in conditions["StringEquals"].values())
        for action in _listed(statement["Action"]):
            for pattern in _listed(statement[kind]):
                yield Grant(action, pattern, kind == "NotResource", frozenset(conditions["StringEquals"].items()))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# ---- what is used ----------------------------------------------------------------------------------------------------


@dataclass
class Guard:
    """Stands where IAM does: lets whoever acts do what its policy grants, and remembers what that was."""

    grants: dict[str, list[Grant]]
    acting: str | None = None
    used: dict[str, set[Permission]] = field(default_factory=dict)
    denied: list[tuple[str, Permission]] = field(default_factory=list)

    @contextmanager
    def acting_as(self, function: str) -> Iterator[None]:
        before, self.acting = self.acting, function
        self.used.setdefault(function, set())
        roster.forget()  # a function of its own container knows nothing of what another has asked
        try:
            yield
        finally:
            self.acting = before

    def watch(self, session: boto3.Session) -> None:
        """Of the clients that this session will make."""
        session.events.register("before-parameter-build", self._before_call)
        session.events.register("before-sign.s3.PutObject", self._before_form)

    def _before_call(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        operation = f"{model.service_model.service_name}:{model.name}"
        signs = context.get("is_presign_request")
        if self.acting is None or operation in OPEN_TO_ANYONE or (signs and operation == A_FORM):
            return
        unknown = [Permission(operation, "which NEEDS does not know")]
        wanted = NEEDS[operation](params) if operation in NEEDS else unknown
        self._ask([one for one in wanted if not (signs and one.action == "s3:ListBucket")], model.name)

    def _before_form(self, request: Any, **_: Any) -> None:
        """A form for an upload is signed without a call."""
        conditions = request.context.get("s3-presign-post-policy", {}).get("conditions", ())
        form = {key: value for one in conditions if isinstance(one, dict) for key, value in one.items()}
        if self.acting and form:
            self._ask([_object("PutObject", form["bucket"], form["key"])], "PutObject")

    def _ask(self, wanted: list[Permission], operation: str) -> None:
        """Raises AccessDenied, as AWS would, for what the policy does not grant."""
        assert self.acting
        self.used[self.acting].update(wanted)
        missing = [one for one in wanted if not any(grant.allows(one) for grant in self.grants[self.acting])]
        if missing:
            self.denied += [(self.acting, one) for one in missing]
            denied = {"Code": "AccessDeniedException", "Message": f"{self.acting} may not {missing}"}
            raise ClientError({"Error": denied, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation)  # type: ignore[typeddict-item]
