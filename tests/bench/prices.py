"""List prices of AWS in us-east-1 (N. Virginia), US dollars, without free tiers and discounts.

Looked up on 2026-11-24 in stored copies of public pages, named below; the pages themselves are what counts. The first
tier of each, which a shop does not outgrow. What is paid by the month whatever happens (alarms, the key, the bucket's
gigabytes, idle polling of queues) is no price of a complaint and not here.
"""

from typing import NamedTuple


class Price(NamedTuple):
    """`dollars` for `per` of `what`; `source` says where it was read."""

    what: str
    dollars: float
    per: float
    source: str

    @property
    def cents(self) -> float:
        """Of one."""
        return self.dollars * 100 / self.per


MILLION = 1e6
GB = 1e9  # bytes

PRICES = {
    "requests": Price("API Gateway, REST requests", 3.50, MILLION, "docs.aws.amazon.com, private APIs whitepaper"),
    "invocations": Price("Lambda, invocations", 0.20, MILLION, "aws.amazon.com/lambda/pricing"),
    "gb_seconds": Price("Lambda, arm64, GB-seconds", 0.0000133334, 1, "cloudchipr.com, AWS Lambda pricing"),
    "write_units": Price("DynamoDB on demand, write units", 0.625, MILLION, "airbyte.com, DynamoDB pricing (2024-11)"),
    "read_units": Price("DynamoDB on demand, read units", 0.125, MILLION, "airbyte.com, DynamoDB pricing (2024-11)"),
    "transitions": Price("Step Functions, transitions", 0.025, 1000, "aws.amazon.com/step-functions/pricing"),
    "sqs": Price("SQS standard, requests", 0.40, MILLION, "cloudburn.io, Amazon SQS pricing (2026-03)"),
    "sns": Price("SNS, messages to topics", 0.50, MILLION, "factualminds.com, Amazon SNS pricing"),
    "topic_mails": Price("SNS, e-mails to staff", 2.00, 100_000, "factualminds.com, Amazon SNS pricing"),
    "mails": Price("SES, e-mails", 0.10, 1000, "superuser.com/questions/1399690, acecloudinterviews.com"),
    "mail_bytes": Price("SES, data sent, GB", 0.12, GB, "superuser.com/questions/1399690"),
    "s3_writes": Price("S3, PUT and COPY", 0.005, 1000, "aws.amazon.com/s3/pricing"),
    "s3_reads": Price("S3, GET", 0.0004, 1000, "aws.amazon.com/s3/pricing"),
    "log_bytes": Price(
        "CloudWatch Logs, data taken in, GB", 0.50, GB, "hykell.com, duckbillgroup.com, CloudWatch Logs"
    ),
    "firewall": Price("WAF, requests", 0.60, MILLION, "aws.amazon.com/waf/pricing"),
}

TEXT_MESSAGES = (
    "Text messages to China are priced by country and carrier and change monthly: they are counted here, not priced."
)
