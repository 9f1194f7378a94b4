"""The description of the last release, which that of the code is held against."""

import json
from pathlib import Path
from typing import Any

RELEASED = Path(__file__).parent / "released.json"
"""`make openapi ARGS=--release` writes it, when a release is made."""
ACCEPTED: dict[str, str] = {}
"""What breaks clients and is accepted all the same until then: the sentence of the comparison, and why."""
TOLD = {"description", "summary", "example", "examples", "links"}


def kept(document: dict[str, Any]) -> str:
    """What the comparison looks at: what is said in words is left out."""
    bare = {"paths": document["paths"], "webhooks": document["webhooks"], "components": document["components"]}
    return json.dumps(_bare(bare), ensure_ascii=False, separators=(",", ":")) + "\n"


def _bare(content: Any, *, names: bool = False) -> Any:
    """`names`: the keys are names of ours, such as a field that is called `description`."""
    if isinstance(content, dict):
        said = {key: one for key, one in content.items() if names or key not in TOLD}
        return {key: _bare(one, names=key == "properties" and not names) for key, one in said.items()}
    return [_bare(one) for one in content] if isinstance(content, list) else content
