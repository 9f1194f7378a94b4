"""Every environment variable the house reads: typed, with one sentence of help, all faults named at once."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from pydantic import ConfigDict, Field, ValidationError, field_validator

from chalicelib.domain.ground.model import Model
from chalicelib.domain.ground.people import STAFF, Role

PREFIX = "REDRESS_"
MAILBOX = re.compile(r"(?:[^<>]*<)?[!-;=?A-~]+@[!-;=?A-~]+\.[!-;=?A-~]+>?")  # alone, or in brackets after a name
ORIGIN = re.compile(r"https?://[a-z0-9.\-\[\]:]+")
ADDRESS = re.compile(r"https?://[^\s/?#@:\[\]]+(?::[0-9]{1,5})?(?:/[^\s?#]*)?")
TOLD = STAFF
"""Who is told by a topic."""


class Settings(Model):
    """The settings of one deployment. Each field is the environment variable `REDRESS_<FIELD>`."""

    model_config = ConfigDict(str_strip_whitespace=True, str_min_length=1)

    table: str = Field(description="Name of the DynamoDB table.")
    notices_queue_url: str = Field(description="URL of the SQS queue of notices to deliver.")
    clock_machine: str = Field(description="ARN of the Step Functions machine that rings the clocks.")
    topics: dict[Role, str] = Field(
        description="The SNS topics that staff read, department=ARN, comma separated; one for each department, for "
        "supervisor, for management and for audit."
    )
    issuer: str = Field(description="Issuer of the user pool's tokens, its URL without a trailing slash.")
    keys_url: str = Field(
        "", min_length=0, description="Where the user pool's key set is; by default below the issuer."
    )
    token_url: str = Field(
        "",
        min_length=0,
        description="Where storefronts get their access tokens, as the description of the contract names it; by "
        "default as that was written.",
    )
    staff_client_id: str = Field(description="The user pool client that staff sign in with.")
    storefront_client_ids: tuple[str, ...] = Field(description="The user pool clients of storefronts, comma separated.")
    token_keys: tuple[str, ...] = Field(
        min_length=1,
        description="Secrets of 32 characters or more, comma separated: the first signs consumers' tokens and cursors, "
        "all of them verify, so that keys can be rotated.",
    )
    sender: str = Field(description="From line of notices to consumers.")
    reply_to: str = Field("", min_length=0, description="Where answers to notices go; by default to the sender.")
    service_phone: str = Field(
        "",
        min_length=0,
        pattern=r"^(\+?[0-9][0-9 ()\-]{2,28}[0-9])?$",
        description="The phone number of customer service, which pages name; by default none.",
    )
    mail_configuration: str = Field(description="Name of the SES configuration set that reports what becomes of mail.")
    mail_events_topic: str = Field(description="ARN of the SNS topic on which SES reports.")
    sms_sender: str = Field(
        "chalicelib.adapters.sms", description="Module that sends SMS: its `send(to, text, complaint_id)` gives an id."
    )
    evidence_bucket: str = Field(description="Name of the S3 bucket of evidence.")
    evidence_endpoint: str = Field(
        "", min_length=0, description="Where browsers reach S3; by default AWS's own endpoint of the region."
    )
    figures_bucket: str = Field(description="Name of the S3 bucket of figures: sums of days, reports, exported lines.")
    orders_queue_url: str = Field(description="URL of the SQS queue of orders to verify.")
    replays_queue_url: str = Field(description="URL of the SQS queue of replays of drafts of the policy to go on with.")
    webhooks_queue_url: str = Field(description="URL of the SQS queue of news for the webhooks of storefronts.")
    webhook_key: str = Field(
        description="Secret that makes the secrets of webhooks. Never changed, or no receiver trusts us any more."
    )
    webhook_hosts: tuple[str, ...] = Field(
        (),
        description="Hosts, with a port or for every port, that a webhook may name though they are not public, by http "
        "too, comma separated; for one machine only, by default none.",
    )
    event_bus: str = Field(
        "", min_length=0, description="The EventBridge bus that news of complaints are put on too; by default none."
    )
    order_system_url: str = Field(
        "", min_length=0, description="The shop's order system, asked for /orders/{number}; by default none is asked."
    )
    order_system_secret: str = Field(description="Secret that signs what the order system is asked.")
    contact_key: str = Field(
        description="Secret under which contact details are hashed, to find who complains again, and staff in exports."
    )
    cors_origins: tuple[str, ...] = Field(
        (),
        description="Origins of the web pages that may call the API from a browser, comma separated; by default none.",
    )
    page_origins: tuple[str, ...] = Field(
        (),
        description="Origins under which staff open the console, where a proxy stands before the API, comma separated; "
        "by default only the API's own.",
    )
    tracking_url: str = Field(
        min_length=0,
        description="The page on which consumers track their complaint, for who answers requests or delivers notices; "
        "`{api}` in it stands for the id of our API, which each request brings.",
    )
    privacy_url: str = Field(
        "",
        min_length=0,
        description="The page on what becomes of personal data, named in receipts; by default none is.",
    )
    evidence_days: int = Field(1825, ge=1, description="For how many days files are kept, as our page on privacy says.")

    @field_validator(
        *("storefront_client_ids", "token_keys", "cors_origins", "page_origins", "webhook_hosts"), mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("topics", mode="before")
    @classmethod
    def _paired(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return dict(pair.strip().split("=", 1) for pair in value.split(",") if "=" in pair)

    @field_validator("topics")
    @classmethod
    def _one_for_each(cls, topics: dict[Role, str]) -> dict[Role, str]:
        if missing := TOLD - topics.keys():
            raise ValueError(f"no topic for {', '.join(sorted(missing))}")
        return topics

    @field_validator("token_keys")
    @classmethod
    def _long_enough(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(key) < 32 for key in keys):
            raise ValueError("each key needs at least 32 characters")
        return keys

    @field_validator("cors_origins", "page_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if any(not ORIGIN.fullmatch(one) for one in origins):
            raise ValueError("an origin is scheme, host and port in small letters, like https://www.shop.example")
        return origins

    @field_validator("keys_url", "token_url", "evidence_endpoint", "order_system_url", "tracking_url", "privacy_url")
    @classmethod
    def _addresses(cls, value: str) -> str:
        if value and not ADDRESS.fullmatch(value):
            raise ValueError("is no address like https://www.shop.example/path")
        return value

    @field_validator("sender", "reply_to")
    @classmethod
    def _has_an_address(cls, value: str) -> str:
        if value and not MAILBOX.fullmatch(value):
            raise ValueError("there is no e-mail address in it")
        return value

    @property
    def operator(self) -> str:
        """Who notices come from, by name; by address if it has none."""
        name, address = _name_and_address(self.sender)
        return name or address

    @property
    def contact(self) -> str:
        """The mail address that consumers can write to."""
        return _name_and_address(self.reply_to or self.sender)[1]

    @property
    def pool_keys_url(self) -> str:
        return self.keys_url or f"{self.issuer}/.well-known/jwks.json"


def _name_and_address(mailbox: str) -> tuple[str, str]:
    """A comma or a point in the name is part of it, quoted or not: "Shop, Ltd. <complaints@shop.example>"."""
    name, _, address = mailbox.rpartition("<")
    return name.strip().strip('"'), address.rstrip(">")


class BadSettings(SystemExit):
    """The environment does not describe a deployment; the message names every fault."""


def read(environment: Mapping[str, str]) -> Settings:
    """The settings in `environment`. Raises BadSettings naming all faults, never echoing a value."""
    try:
        return Settings.model_validate(_known(environment))
    except ValidationError as fault:
        lines = [f"  {line}" for _, line in _lines(fault)]
        raise BadSettings("These settings are missing or wrong:\n" + "\n".join(lines)) from None


def wrong(environment: Mapping[str, str]) -> list[str]:
    """A line for each setting in `environment` that is wrong by itself; what is missing is not."""
    try:
        Settings.model_validate(_known(environment))
    except ValidationError as fault:
        return [line for kind, line in _lines(fault) if kind != "missing"]
    return []


def _known(environment: Mapping[str, str]) -> dict[str, str]:
    """On Lambda nobody can name hosts that are not public."""
    names = {name: PREFIX + name.upper() for name in Settings.model_fields}
    if "AWS_LAMBDA_FUNCTION_NAME" in environment:
        del names["webhook_hosts"]
    return {name: environment[variable] for name, variable in names.items() if variable in environment}


def _lines(fault: ValidationError) -> Iterator[tuple[str, str]]:
    for error in fault.errors():
        name = str(error["loc"][0])
        yield error["type"], f"{PREFIX}{name.upper()}: {error['msg']} ({Settings.model_fields[name].description})"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return _narrowed or read(dict(os.environ))


_narrowed: Settings | None = None


@contextmanager
def narrowed(table: str, evidence_bucket: str) -> Iterator[None]:
    """Within it this process knows these settings alone: an operator's command, which neither signs nor sends."""
    global _narrowed
    known: dict[str, Any] = {"table": table, "evidence_bucket": evidence_bucket}
    before, _narrowed = _narrowed, Settings.model_construct(**known)
    settings.cache_clear()
    try:
        yield
    finally:
        _narrowed = before
        settings.cache_clear()
