"""One client, from the contract to its last request."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from . import judge
from .between import between
from .contract import Contract
from .kinds import Kind
from .tools import Failed, Tools

PARTS = ("made", "compiled", "told")


@dataclass
class Trial:
    """`seconds` of each part that ended well; `done`: what was seen of it; `fault`: what a part that failed printed."""

    kind: Kind
    seconds: dict[str, float] = field(default_factory=dict)
    done: dict[str, bool] = field(default_factory=dict)
    part: str = ""
    fault: str = ""

    @property
    def is_passed(self) -> bool:
        return not self.fault

    def run(self, tools: Tools, contract: Contract) -> Iterator[str]:
        """The parts, each named before it begins. It ends early at a fault."""
        folder = tools.made / self.kind.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "openapi.json").write_text(contract.text, encoding="utf-8")
        with between(contract.api) as stands:
            told = {
                "REDRESS_API": stands.url + urlsplit(contract.server).path.rstrip("/"),
                "REDRESS_TOKEN": contract.token,
            }
            takes: tuple[Callable[[], object], ...] = (
                lambda: self.kind.make(tools, folder),
                lambda: self.kind.compile(tools, folder),
                lambda: self.kind.tell(tools, folder, told),
            )
            for self.part, take in zip(PARTS, takes, strict=True):
                yield self.part
                before = time.monotonic()
                try:
                    take()
                except Failed as failed:
                    self.fault = str(failed)
                    break
                self.seconds[self.part] = time.monotonic() - before
            self.done = judge.done(stands.seen)
        if not self.fault and (missed := [name for name, was_done in self.done.items() if not was_done]):
            seen = "\n".join(f"{one.method} {one.path} {one.status}" for one in stands.seen)
            self.fault = f"it said that all went well, but this was not seen: {', '.join(missed)}\n{seen}"
