"""`make deploy`: the package of a stage onto AWS, with the AWS CLI, and where it then is.

The bucket holds the zip on its way; any private bucket in the region of the stack will do. What the account needs
before the first time is in infra/README.md.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from infra.packaging import HERE, package, stages

OUT = HERE.parent / "build" / "package"
NEEDED = """This puts the stage {stage} on AWS. It needs
  the AWS CLI, signed in: `aws sts get-caller-identity` must answer{cli}
  a bucket in the same region for the package: make deploy STAGE={stage} BUCKET=your-bucket{bucket}
Every step is in infra/README.md, Deploying."""


def missing(stage: str, bucket: str | None) -> str | None:
    """What to tell whoever cannot deploy yet; None if nothing is missing."""
    no_cli = shutil.which("aws") is None
    if not no_cli and bucket:
        return None
    absent = "   (missing)"
    return NEEDED.format(stage=stage, cli=absent if no_cli else "", bucket="" if bucket else absent)


def misspelt(made: Path = OUT) -> list[str]:
    """Values for parameters that the template has not: the AWS CLI would pass over them in silence."""
    known = json.loads((made / "sam.json").read_text("utf-8"))["Parameters"]
    return sorted(json.loads((made / "parameters.json").read_text("utf-8")).keys() - known.keys())


def commands(stage: str, bucket: str, made: Path = OUT) -> list[list[str]]:
    """What is run on a package, in order; the last one prints where it is then."""
    name, template, out = f"redress-{stage}", str(made / "sam.json"), str(made / "packaged.json")
    values = json.loads((made / "parameters.json").read_text("utf-8"))
    parameters = [f"{key}={value}" for key, value in values.items()]
    cloudformation = ["aws", "cloudformation"]
    send = ["package", "--template-file", template, "--s3-bucket", bucket, "--output-template-file", out, "--use-json"]
    deploy = ["deploy", "--template-file", out, "--s3-bucket", bucket, "--stack-name", name]
    deploy += ["--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset", "--tags", f"stage={stage}"]
    deploy += ["--parameter-overrides", *parameters] if parameters else []
    outputs = ["--query", "Stacks[0].Outputs[].[OutputKey,OutputValue]", "--output", "text"]
    return [cloudformation + one for one in (send, deploy, ["describe-stacks", "--stack-name", name, *outputs])]


def main() -> None:
    parser = argparse.ArgumentParser("python -m infra.deploy", description=__doc__)
    parser.add_argument("stage", choices=stages())
    parser.add_argument("bucket", nargs="?")
    asked = parser.parse_args()
    if told := missing(asked.stage, asked.bucket):
        sys.exit(told)
    package(OUT, asked.stage)
    if wrong := misspelt():
        sys.exit(f"infra/stages/{asked.stage}.json: the template has no parameter {', '.join(wrong)}.")
    for command in commands(asked.stage, asked.bucket):
        if failed := subprocess.run(command, check=False).returncode:
            sys.exit(failed)  # the CLI has said why


if __name__ == "__main__":
    main()
