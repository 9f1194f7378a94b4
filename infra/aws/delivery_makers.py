"""Makers of what mail and evidence need: SES's configuration sets and their events, subscriptions, buckets.

Where the template's properties and the API's parameters have different shapes, they are turned over here.
"""

from collections.abc import Callable
from typing import Any

from infra.aws.template import Made, Maker

ClientFactory = Callable[[str], Any]


def makers(client: ClientFactory, stack: str) -> dict[str, Maker]:
    """A maker by resource type; names begin with the name of the `stack`."""

    def configuration_set(name: str, properties: dict[str, Any]) -> Made:
        ref = f"{stack}-{name}"
        client("sesv2").create_configuration_set(ConfigurationSetName=ref)
        return Made(ref)

    def event_destination(name: str, properties: dict[str, Any]) -> Made:
        destination = dict(properties["EventDestination"])
        destination["SNSDestination"] = destination.pop("SnsDestination")
        client("ses").create_configuration_set_event_destination(
            ConfigurationSetName=properties["ConfigurationSetName"], EventDestination=destination
        )
        return Made(destination["Name"])

    def subscription(name: str, properties: dict[str, Any]) -> Made:
        wanted = {key: properties[key] for key in ("TopicArn", "Protocol", "Endpoint")}
        return Made(client("sns").subscribe(**wanted)["SubscriptionArn"])

    def bucket(name: str, properties: dict[str, Any]) -> Made:
        s3, ref = client("s3"), properties.get("BucketName", f"{stack}-{name}".lower())
        s3.create_bucket(Bucket=ref)
        if "VersioningConfiguration" in properties:
            s3.put_bucket_versioning(Bucket=ref, VersioningConfiguration=properties["VersioningConfiguration"])
        if "CorsConfiguration" in properties:
            s3.put_bucket_cors(
                Bucket=ref,
                CORSConfiguration={"CORSRules": [_cors(one) for one in properties["CorsConfiguration"]["CorsRules"]]},
            )
        if "NotificationConfiguration" in properties:
            queues = properties["NotificationConfiguration"].get("QueueConfigurations", [])
            told = {"QueueConfigurations": [_notification(queue) for queue in queues]}
            s3.put_bucket_notification_configuration(Bucket=ref, NotificationConfiguration=told)
        return Made(ref, {"Arn": f"arn:aws:s3:::{ref}", "DomainName": f"{ref}.s3.amazonaws.com"})

    return {
        "AWS::SES::ConfigurationSet": configuration_set,
        "AWS::SES::ConfigurationSetEventDestination": event_destination,
        "AWS::SNS::Subscription": subscription,
        "AWS::S3::Bucket": bucket,
    }


def _cors(properties: dict[str, Any]) -> dict[str, Any]:
    """One rule on which pages may do what with a bucket, in the API's spelling."""
    names = {"MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
    return {names.get(name, name): value for name, value in properties.items()}


def _notification(properties: dict[str, Any]) -> dict[str, Any]:
    """One queue that a bucket tells of its objects, in the API's spelling."""
    rules = properties.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    return {
        "QueueArn": properties["Queue"],
        "Events": [properties["Event"]],
        "Filter": {"Key": {"FilterRules": rules}},
    }
