"""What a new container of a function does, measured from outside: it starts, and gives its first answer.

`python -c "from tests.bench.first_answer import main; main(FILE)"`: the file has the function, its event, the
environment, the time of the house and what AWS answers.
"""

import json
import os
from types import SimpleNamespace
from typing import Any

API = "api"


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        sample = json.load(file)
    function = sample["function"]
    own = {"_HANDLER": "app.app" if function == API else f"app.{function.replace('-', '_')}"}  # as Lambda says it
    os.environ.update(sample["environment"] | own)

    import app

    _play(sample["answers"])
    _stop_the_clock(sample["now"])
    context = SimpleNamespace(aws_request_id="9f1c2a34-0000-4000-8000-000000000001", function_name=function)
    handler = app.app if function == API else app.app.handler_map[function]
    answer = handler(sample["event"], context)
    if isinstance(answer, dict) and (answer.get("statusCode", 200) >= 400 or answer.get("batchItemFailures")):
        raise SystemExit(str(answer))


def _play(answers: Any) -> None:
    """Every client to come gets these answers."""
    from botocore.handlers import BUILTIN_HANDLERS

    from tests.bench.tape import Player, loaded

    BUILTIN_HANDLERS.insert(0, ("before-send", Player(loaded(answers))))


def _stop_the_clock(at: str) -> None:
    from chalicelib import wallclock

    now = wallclock.datetime.fromisoformat(at)
    wallclock.follow(lambda: now)
