"""The API as the world meets it: its firewall, its limits, its own refusals, and what its log knows."""

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

import app
from chalicelib.web.browsers import ALWAYS
from chalicelib.web.problems import title
from infra.aws.template import Stack
from infra.local.answers import FOR_ANY_PAGE
from infra.local.gateway import SMALLEST_COMPRESSED
from infra.packaging import STAGES, stages

SIGN_INS = ("/v1/sign-in", "/console/sign-in")
SIGN_IN = SIGN_INS[0]
LOGGED = {  # of $context: no address, no path as it was asked for, no query, no header, no token
    *("requestId", "requestTimeEpoch", "httpMethod", "resourcePath", "status"),
    *("responseLatency", "responseLength", "integrationLatency", "error.responseType", "wafResponseCode"),
}
COUNTED = {  # of each group of rules that AWS manages; what is not named here, blocks
    "AWSManagedRulesAmazonIpReputationList": set(),
    "AWSManagedRulesKnownBadInputsRuleSet": {"JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"},
    "AWSManagedRulesCommonRuleSet": {
        *("SizeRestrictions_BODY", "CrossSiteScripting_BODY", "EC2MetaDataSSRF_BODY"),
        *("GenericLFI_BODY", "GenericRFI_BODY", "NoUserAgent_HEADER"),
    },
}


@pytest.fixture(scope="module")
def rules(template: dict[str, Any]) -> list[dict[str, Any]]:
    return list(template["Resources"]["WebFirewall"]["Properties"]["Rules"])


@pytest.fixture(scope="module")
def api(template: dict[str, Any]) -> dict[str, Any]:
    return dict(template["Resources"]["RestAPI"]["Properties"])


@pytest.fixture(scope="module")
def refusals(api: dict[str, Any]) -> dict[str, Any]:
    return dict(api["DefinitionBody"]["x-amazon-apigateway-gateway-responses"])


def values(template: dict[str, Any], stage: str) -> dict[str, str]:
    """The parameters of a stage."""
    defaults = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
    return defaults | json.loads((STAGES / f"{stage}.json").read_text("utf-8"))


# ---- the firewall ----------------------------------------------------------------------------------------------------

TRANSFORMED = {
    "URL_DECODE": unquote,
    "NORMALIZE_PATH": lambda path: posixpath.normpath(re.sub("/+", "/", path)),
    "LOWERCASE": str.lower,
}


def matches(statement: dict[str, Any], path: str) -> bool:
    """What AWS WAF does with a path, as far as it is used here."""
    for one in sorted(statement["TextTransformations"], key=lambda one: one["Priority"]):
        path = TRANSFORMED[one["Type"]](path)
    assert statement["PositionalConstraint"] == "CONTAINS"
    return statement["SearchString"] in path


@pytest.mark.parametrize(
    ("path", "is_sign_in"),
    [
        (SIGN_IN, True),
        (f"/api{SIGN_IN}", True),  # the address that API Gateway gives begins with the stage
        (f"/api{SIGN_IN}/", True),  # which API Gateway takes, too
        (f"{SIGN_IN}//", True),
        ("/v1//sign-in", True),
        ("/v1/./sign-in", True),
        ("/v1/x/../sign-in", True),
        ("/V1/Sign-In", True),
        ("/v1/sign%2Din", True),
        ("/v1%2fsign-in", True),
        ("/v1/sign-in;x", True),
        ("/api/console/Sign-In/", True),
        ("/api/v1/complaints", False),
        ("/v1/complaints/7K2M9-XD4F0/acknowledgement", False),
    ],
)
def test_the_firewall_knows_a_sign_in_however_its_address_is_written(
    rules: list[dict[str, Any]], path: str, is_sign_in: bool
):
    statement, _ = of_sign_ins(rules)
    assert statement["FieldToMatch"] == {"UriPath": {}}
    assert matches(statement, path) is is_sign_in


def of_sign_ins(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Both statements that hold of a sign-in."""
    both = rules[0]["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["AndStatement"]["Statements"]
    return [one["ByteMatchStatement"] for one in both]


def test_the_firewall_takes_nothing_else_of_the_api_for_a_sign_in(rules: list[dict[str, Any]]):
    where, how = of_sign_ins(rules)
    assert sorted(route for route in app.app.routes if matches(where, route)) == sorted(SIGN_INS)
    assert (how["FieldToMatch"], how["PositionalConstraint"], how["SearchString"]) == (
        {"Method": {}},
        "EXACTLY",
        "POST",
    )


def test_the_firewall_knows_where_codes_are_tried_and_lost_links_asked_for_and_nothing_else(
    rules: list[dict[str, Any]],
):
    either = rules[1]["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["OrStatement"]["Statements"]
    tried = ["/v1/complaints/{complaint_id}/session", "/v1/lost-links"]
    found = [route for route in app.app.routes if any(matches(one["ByteMatchStatement"], route) for one in either)]
    assert sorted(found) == tried
    assert any(matches(one["ByteMatchStatement"], "/api/v1/complaints/7K2M9-XD4FQ/Sess%69on/") for one in either)


def test_the_firewall_limits_addresses_and_asks_what_aws_knows_in_this_order(rules: list[dict[str, Any]]):
    assert [rule["Priority"] for rule in rules] == list(range(len(rules)))
    limits, managed = rules[:3], rules[3:]
    named = [limit["Statement"]["RateBasedStatement"] for limit in limits]
    assert [one["Limit"] for one in named] == [
        {"Ref": "SignInsPerAddress"},
        {"Ref": "TriesPerAddress"},
        {"Ref": "RequestsPerAddress"},
    ]
    assert {(one["AggregateKeyType"], one["EvaluationWindowSec"]) for one in named} == {("IP", 300)}
    assert "ScopeDownStatement" not in named[2]
    assert [limit["Action"].keys() for limit in limits] == [{"Block"}] * 3
    assert [rule["OverrideAction"] for rule in managed] == [{"None": {}}] * len(managed), "or the whole group counts"


def test_the_firewall_counts_what_consumers_write_and_blocks_the_rest(rules: list[dict[str, Any]]):
    groups = [rule["Statement"]["ManagedRuleGroupStatement"] for rule in rules[3:]]
    changed = {
        group["Name"]: {one["Name"]: one["ActionToUse"] for one in group.get("RuleActionOverrides", ())}
        for group in groups
    }
    assert changed == {name: {rule: {"Count": {}} for rule in counted} for name, counted in COUNTED.items()}
    assert {group["VendorName"] for group in groups} == {"AWS"}
    assert [group["Name"] for group in groups if group.keys() - {"VendorName", "Name", "RuleActionOverrides"}] == []


def test_the_firewall_answers_like_the_api_as_far_as_it_can(template: dict[str, Any], rules: list[dict[str, Any]]):
    answer = rules[0]["Action"]["Block"]["CustomResponse"]
    assert rules[1]["Action"]["Block"]["CustomResponse"] == answer
    headers = {one["Name"]: one["Value"] for one in answer["ResponseHeaders"]}
    own = {"Retry-After": "300", "Access-Control-Expose-Headers": "Retry-After"}  # it has no id to show
    expected = {**ALWAYS, **FOR_ANY_PAGE, **own}
    del expected["Content-Type"]  # the one header it does not let be chosen
    assert headers == expected
    bodies = template["Resources"]["WebFirewall"]["Properties"]["CustomResponseBodies"]
    problem = json.loads(bodies[answer["CustomResponseBodyKey"]]["Content"])
    assert problem.keys() == {"type", "title", "status", "detail", "code", "request_id"}
    assert (problem["status"], problem["title"]) == (answer["ResponseCode"], title(429))


# ---- limits ----------------------------------------------------------------------------------------------------------


def test_sign_in_has_a_limit_of_its_own(api: dict[str, Any]):
    everything, *sign_ins = api["MethodSettings"]
    assert (everything["HttpMethod"], everything["ResourcePath"]) == ("*", "/*")
    assert everything["ThrottlingRateLimit"] == {"Ref": "RequestsPerSecond"}
    assert everything["ThrottlingBurstLimit"] == {"Ref": "RequestBurst"}
    where = [(one["HttpMethod"], one["ResourcePath"].replace("~1", "/")) for one in sign_ins]
    assert where == [("POST", f"/{path}") for path in SIGN_INS]
    limits = {(str(one["ThrottlingRateLimit"]), str(one["ThrottlingBurstLimit"])) for one in sign_ins}
    assert limits == {(str({"Ref": "SignInsPerSecond"}), str({"Ref": "SignInBurst"}))}


@pytest.mark.parametrize("stage", stages())
def test_sign_in_is_throttled_harder_than_the_rest(template: dict[str, Any], stage: str):
    limits = {name: int(value) for name, value in values(template, stage).items() if value.isdigit()}
    assert limits["SignInsPerSecond"] < limits["RequestsPerSecond"]
    assert limits["SignInBurst"] < limits["RequestBurst"]
    assert limits["SignInsPerSecond"] <= 120, "what Cognito takes of one account"


def test_no_few_addresses_can_hold_everybody_else_out_where_there_is_a_firewall(template: dict[str, Any]):
    behind = [given for stage in stages() if (given := values(template, stage))["Firewall"] == "on"]
    assert behind
    for given in behind:
        seconds = 300
        assert int(given["SignInsPerSecond"]) >= 50 * int(given["SignInsPerAddress"]) / seconds
        assert int(given["RequestsPerSecond"]) >= 5 * int(given["RequestsPerAddress"]) / seconds


# ---- its own refusals ------------------------------------------------------------------------------------------------


def test_the_refusals_of_the_gateway_look_like_ours(refusals: dict[str, Any]):
    for kind, refusal in refusals.items():
        problem = json.loads(refusal["responseTemplates"]["application/json"])
        assert problem.keys() == {"type", "title", "status", "detail", "code", "request_id"}, kind
        status = int(refusal["statusCode"])
        assert (problem["status"], problem["title"]) == (status, title(status)), kind


def test_the_refusals_of_the_gateway_have_the_headers_that_every_answer_has(refusals: dict[str, Any]):
    as_written = {name: f"'{value}'" for name, value in {**ALWAYS, **FOR_ANY_PAGE}.items()}
    own = {
        "Content-Type": "'application/problem+json'",
        "Content-Security-Policy": "'sandbox'",  # no script runs; with the next line as good as ours
        "X-Frame-Options": "'DENY'",
        "X-Request-Id": "context.requestId",
    }
    for kind, refusal in refusals.items():
        mapped = refusal["responseParameters"]
        headers = {name.removeprefix("gatewayresponse.header."): value for name, value in mapped.items()}
        again = {"Retry-After": "'1'"} if refusal["statusCode"] in ("429", "503") else {}
        assert headers == as_written | own | again, kind


def test_an_address_where_nothing_is_looks_the_same_to_everybody(refusals: dict[str, Any]):
    unknown = ("MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "RESOURCE_NOT_FOUND", "DEFAULT_4XX")
    assert {json.dumps(refusals[kind]) for kind in unknown} == {json.dumps(refusals["DEFAULT_4XX"])}


# ---- one stage, one log ----------------------------------------------------------------------------------------------


def test_the_api_has_one_stage_only(api: dict[str, Any]):
    """Without this property SAM adds one that no firewall, limit or log knows."""
    assert api["OpenApiVersion"] == "2.0"


def test_the_log_of_the_gateway_names_the_request_and_nobody(api: dict[str, Any]):
    line = json.loads(api["AccessLogSetting"]["Format"])
    assert line["request_id"] == "$context.requestId"
    assert {value for value in line.values() if not value.startswith("$context.")} == set()
    assert {value.removeprefix("$context.") for value in line.values()} == LOGGED


def named_in(value: Any) -> Iterator[str]:
    """What a part of the template refers to."""
    if isinstance(value, list):
        for part in value:
            yield from named_in(part)
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "Ref":
                yield part
            elif name == "Fn::GetAtt":
                yield part[0] if isinstance(part, list) else part.split(".")[0]
            elif name == "Fn::Sub":
                yield from re.findall(r"\$\{([^.}]+)", part if isinstance(part, str) else part[0])
                yield from named_in(part)
            elif name == "DependsOn":
                yield from [part] if isinstance(part, str) else part
            else:
                yield from named_in(part)


def test_receipts_name_our_own_page_on_privacy_below_the_api_unless_another_is_named(template: dict[str, Any]):
    resources = template["Resources"]
    assert "/privacy" in resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    assert template["Conditions"]["HasPrivacyUrl"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "PrivacyUrl"}, ""]}]}
    variables = resources["Deliver"]["Properties"]["Environment"]["Variables"]
    condition, named, own = variables["REDRESS_PRIVACY_URL"]["Fn::If"]
    assert (condition, named) == ("HasPrivacyUrl", {"Fn::Sub": "${PrivacyUrl}"})
    condition, at_our_domain, at_amazons = own["Fn::If"]
    address = template["Outputs"]["ApiUrl"]["Value"]["Fn::If"]
    assert condition == address[0]
    for url, api in zip((at_our_domain, at_amazons), address[1:], strict=True):
        assert url == {"Fn::Sub": f"{api['Fn::Sub']}/privacy"}


def resolved(template: dict[str, Any], value: Any, **parameters: str) -> Any:
    """What CloudFormation makes of a part of the template; the API is called `RestAPI`, the bucket `EvidenceBucket`."""
    pseudo = {"AWS::Region": "eu-central-1", "AWS::URLSuffix": "amazonaws.com", "AWS::Partition": "aws"}
    return Stack(template, {}, pseudo | {"AWS::AccountId": "1", "AWS::StackName": "redress-x"}, **parameters).resolve(
        value
    )


AMAZONS = "https://RestAPI.execute-api.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    ("parameters", "page"),
    [
        ({"TrackingUrl": ""}, f"{AMAZONS}/api/track"),
        ({"TrackingUrl": "", "DomainName": "api.shop.example"}, "https://api.shop.example/track"),
        ({"TrackingUrl": "https://shop.example/after-sales"}, "https://shop.example/after-sales"),
        ({"TrackingUrl": "https://shop.example/x", "DomainName": "api.shop.example"}, "https://shop.example/x"),
    ],
)
def test_links_in_receipts_and_in_mails_lead_to_the_same_page_our_own_unless_another_is_named(
    template: dict[str, Any], parameters: dict[str, str], page: str
):
    name = "REDRESS_TRACKING_URL"
    in_mails, in_receipts = (
        resolved(template, template["Resources"][one]["Properties"]["Environment"]["Variables"][name], **parameters)
        for one in ("Deliver", "APIHandler")
    )
    assert in_mails == page
    assert in_receipts.replace("{api}", "RestAPI") == page, "whose id comes with each request"
    api = resolved(template, template["Outputs"]["ApiUrl"]["Value"], **parameters)
    assert page == (parameters["TrackingUrl"] or f"{api}/track")


def test_our_own_page_is_the_default_also_of_the_stages(template: dict[str, Any]):
    assert {values(template, stage)["TrackingUrl"] for stage in stages()} == {""}


@pytest.mark.parametrize(
    ("domain", "own"), [("", [AMAZONS]), ("api.shop.example", ["https://api.shop.example", AMAZONS])]
)
def test_any_page_may_show_what_a_link_opens_and_our_own_and_the_listed_ones_may_upload(
    template: dict[str, Any], domain: str, own: list[str]
):
    origins = "https://www.shop.example,https://app.shop.example"
    bucket = template["Resources"]["EvidenceBucket"]["Properties"]["CorsConfiguration"]
    rules = resolved(template, bucket, WebOrigins=origins, DomainName=domain)["CorsRules"]
    assert [(rule["AllowedMethods"], rule["AllowedOrigins"]) for rule in rules] == [
        (["GET"], ["*"]),
        (["POST"], origins.split(",")),
        (["POST"], own),
    ]


def test_the_bucket_is_called_as_the_functions_have_been_told(template: dict[str, Any]):
    named = template["Resources"]["EvidenceBucket"]["Properties"]["BucketName"]
    assert named == template["Globals"]["Function"]["Environment"]["Variables"]["REDRESS_EVIDENCE_BUCKET"]
    name = resolved(template, named)
    (policy,) = template["Resources"]["ApiHandlerRole"]["Properties"]["Policies"]
    about = [resolved(template, one["Resource"]) for one in policy["PolicyDocument"]["Statement"]]
    named_here = [one if isinstance(one, list) else [one] for one in about if f":s3:::{name}" in str(one)]
    assert named_here == [
        [f"arn:aws:s3:::{name}/incoming/*"],
        [f"arn:aws:s3:::{name}/evidence/*"],
        ["arn:aws:lambda:eu-central-1:1:function:FiguresBucket", f"arn:aws:s3:::{name}"],
    ]


def test_the_api_does_not_wait_for_who_knows_its_address(template: dict[str, Any]):
    """Or CloudFormation would find a circle."""
    resources = template["Resources"]
    found, ahead = set[str](), ["RestAPI"]
    while ahead:
        name = ahead.pop()
        if name in resources and name not in found:
            found.add(name)
            ahead += named_in(resources[name])
    assert "APIHandler" in found
    assert not {"Deliver", "EvidenceBucket"} & found


# ---- what is written, and what is not ----------------------------------------------------------------------------


def test_nothing_of_aws_keeps_the_paths_that_were_asked_for(template: dict[str, Any], api: dict[str, Any]):
    """A link whose # a mail filter has turned into %23 has its token in the path."""
    assert "resourcePath" in LOGGED
    assert "path" not in LOGGED
    for setting in api["MethodSettings"]:
        assert not {"LoggingLevel", "DataTraceEnabled"} & setting.keys(), "a log of executions has whole requests"
    assert "TracingEnabled" not in api, "a trace has whole addresses"
    functions = [one for one in template["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    assert {one["Properties"].get("Tracing") for one in functions} == {"PassThrough"}
    assert [one for one in template["Resources"].values() if one["Type"] == "AWS::WAFv2::LoggingConfiguration"] == []
    assert "LoggingConfiguration" not in template["Resources"]["EvidenceBucket"]["Properties"]


def test_the_firewall_keeps_no_samples_of_requests(template: dict[str, Any], rules: list[dict[str, Any]]):
    acl = template["Resources"]["WebFirewall"]["Properties"]
    assert {one["VisibilityConfig"]["SampledRequestsEnabled"] for one in (acl, *rules)} == {False}


# ---- what goes over the wire -------------------------------------------------------------------------------------

ASKED_FIRST = (
    "text/html",  # a browser opens a page: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,…
    "*/*",  # a script, curl
    "image/avif",  # an <img>
    "image/png",  # the one of an old browser
    "text/css",
    "application/zip",
    "application/octet-stream",
)


@pytest.mark.parametrize("kind", ASKED_FIRST)
def test_whatever_is_asked_for_first_the_answer_is_text_and_no_binary(api: dict[str, Any], kind: str):
    """API Gateway decides by the first type of Accept: one of this list, and it takes the text for base64."""
    assert kind not in api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    assert app.app.api.binary_types == api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"] == []


def test_whoever_takes_gzip_gets_it_from_a_kilobyte_on(api: dict[str, Any]):
    assert api["MinimumCompressionSize"] == SMALLEST_COMPRESSED == 1024
