"""What others have learned about deploying, as their tools check it: checkov, detect-secrets, pip-audit."""

import json
import subprocess
from pathlib import Path

import pytest

from infra.audit import ROOT, run, told

CHECKOV = """
import sys
from functools import cache
import bc_jsonpath_ng.parser as paths
from checkov.cloudformation.graph_builder.graph_components.blocks import CloudformationBlock
from checkov.cloudformation.graph_builder.local_graph import CloudformationLocalGraph
from checkov.cloudformation.runner import Runner
from checkov.runner_filter import RunnerFilter
tables = cache(lambda kind, **how: make_tables(module=kind(), **how))
make_tables, paths.ply.yacc.yacc = paths.ply.yacc.yacc, lambda module, **how: tables(type(module), **how)
known, update = {}, CloudformationBlock.update_attribute
def attributes(graph, index):
    if index not in known:
        known[index] = graph.vertices[index].get_attribute_dict(add_hash=False)
    return known[index]
def updated(block, *args, **told):
    known.clear()
    return update(block, *args, **told)
CloudformationLocalGraph.get_vertex_attributes_by_index, CloudformationBlock.update_attribute = attributes, updated
report = Runner().run(None, files=sys.argv[1:], runner_filter=RunnerFilter(framework=["cloudformation"]))
for one in report.failed_checks:
    print("FAILED", one.check_id, one.resource, one.check_name)
for one in report.skipped_checks:
    print("WAIVED", one.check_id, one.resource, one.check_result["suppress_comment"])
print("PASSED", len(report.passed_checks), len(report.parsing_errors))
"""
"""What checkov parses paths by is worked out once and not for each of them, and what stands in a resource not for each
reference to it as long as nothing there has changed: five sixths of what it would do."""
HASHES = "--exclude-lines=--hash=sha256:[0-9a-f]{64}"  # of what is installed
LENIENT = "--disable-filter=detect_secrets.filters.heuristic.is_indirect_reference"  # it finds less and takes long
SCAN = """
import re
import sys
from functools import cache
from detect_secrets.core import scan
from detect_secrets.main import main
from detect_secrets.plugins import keyword
from detect_secrets.settings import get_plugins
telling = re.compile("|".join((*keyword.DENYLIST, "PRIVATE KEY", "PuTTY")), re.IGNORECASE)
by_line = cache(lambda: [one for one in get_plugins() if one.secret_type not in ("Secret Keyword", "Private Key")])
scan._could_contain_secret = cache(
    lambda line: telling.search(line) is not None or any(one.analyze_line("", line) for one in by_line())
)
scan._PREGATE_ENABLED = True
sys.exit(main(sys.argv[1:]))
"""
"""A line in which no plugin finds anything is looked at once and in no other way: the same is found in a third of the
time. Two plugins go by the file too: for them it is words that a line must have."""
SECRETS = ("-c", SCAN, "scan", "--no-verify", LENIENT, HASHES)  # verifying would ask networks of others
FAKES = (
    "tests/",
    "infra/aws/",
    "infra/local/",
    "infra/tour/",
    "README.md",
    "infra/README.md",
)  # where passwords of the local system are written down
LIVES = ("departments", "good", "merged", "rejection")
LOCALES = ("zh-CN", "zh-TW", "en")
SAMPLED = ("reported", "test_population", "test_sampling")
NO_SECRETS = {
    ("chalicelib/domain/ground/ids.py", "Base64 High Entropy String"),  # the alphabet of ids
    ("infra/gateway.yaml", "Base64 High Entropy String"),  # the long name of a rule
    ("tests/browser/install.py", "Base64 High Entropy String"),  # the hash of the browser's package
    ("tests/browser/test_queue.py", "Base64 High Entropy String"),  # letters and digits
    ("tests/package/test_access.py", "Base64 High Entropy String"),  # that of a policy of AWS
    ("tests/web/test_complaints.py", "Base64 High Entropy String"),  # digits and letters
    ("tests/package/test_gateway.py", "Base64 High Entropy String"),  # those of groups of rules
    ("infra/tour/words.py", "Base64 High Entropy String"),  # a picture
    *((f"tests/domain/audit/{one}.py", "Hex High Entropy String") for one in SAMPLED),  # hashes of samples
    ("infra/resources.yaml", "Secret Keyword"),  # GenerateSecret, of the user pool's clients
    *((f"tests/domain/logs/{life}.json", "Hex High Entropy String") for life in LIVES),  # hashes of entries
    *(
        (f"chalicelib/domain/vocabulary/sentences/{one}.json", "Secret Keyword") for one in LOCALES
    ),  # words about tokens
    ("chalicelib/web/console/words/sign_in.en.json", "Secret Keyword"),  # words about passwords
    ("chalicelib/web/json/README.md", "Secret Keyword"),  # where credentials and secrets are to be had
    ("chalicelib/web/json/contract/whole.py", "Secret Keyword"),  # what a security scheme is called
    ("chalicelib/web/json/openapi.json", "Secret Keyword"),  # descriptions of such
    ("tests/adapters/test_outside.py", "Basic Auth Credentials"),  # addresses that are refused
    ("tests/docs/test_clients.py", "Base64 High Entropy String"),  # names in a row
    ("tests/web/test_webhooks.py", "Basic Auth Credentials"),  # the same
    ("chalicelib/web/console/templates/sign_in.html", "Secret Keyword"),  # the form in which they are typed
}


@pytest.fixture(scope="module")
def checked(package: Path) -> list[list[str]]:
    """What checkov says of the template: FAILED or WAIVED, check, resource, words."""
    done = run("-c", CHECKOV, package / "sam.json")
    assert done.returncode == 0, done.stderr
    return [line.split(maxsplit=3) for line in done.stdout.splitlines()]


def test_checkov_finds_nothing_that_is_not_waived_with_its_reason(checked: list[list[str]]):
    assert [line for line in checked if line[0] == "FAILED"] == []
    assert [line for line in checked if line[0] == "WAIVED" and len(line[3]) < 20] == []


def test_checkov_has_really_looked(checked: list[list[str]]):
    ((_, passed, unread),) = [line for line in checked if line[0] == "PASSED"]
    assert int(passed) > 100
    assert unread == "0"


def test_nothing_that_looks_like_a_secret_is_in_the_repository():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    done = run(*SECRETS, *tracked.stdout.split())
    assert done.returncode == 0, done.stderr
    found = {(path, one["type"]) for path, all_of_it in json.loads(done.stdout)["results"].items() for one in all_of_it}
    real = {(path, kind) for path, kind in found if not (kind == "Secret Keyword" and path.startswith(FAKES))}
    assert real == NO_SECRETS, "what is none belongs into NO_SECRETS, with what it is"


def test_a_key_of_an_account_would_be_found(tmp_path: Path):
    (tmp_path / "careless.py").write_text('key = "AKIA' + "QYLPMN5HFIQR7BBB" + '"\n', "utf-8")
    assert "AWS Access Key" in run(*SECRETS, "careless.py", cwd=tmp_path).stdout


def test_a_known_vulnerability_is_told_and_fails_and_an_index_that_cannot_be_asked_is_told_and_does_not():
    known = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "CVE-2019-10906"}]}
    unknown = {"name": "cffi", "skip_reason": "not found"}
    assert told(json.dumps({"dependencies": [known, unknown]})) == (
        ["Asked about 1 of 2 libraries: 1 known vulnerabilities.", "jinja2: CVE-2019-10906"],
        True,
    )
    assert told(json.dumps({"dependencies": [unknown]})) == (
        ["The index answers no questions about vulnerabilities (1 libraries)."],
        False,
    )
    assert told("") == (
        ["The index of vulnerabilities could not be asked: nothing is known of any library."],
        False,
    )
