"""What a new container of a function does, measured from outside: it starts, and gives its first answer.

`python -c "from tests.bench.first_answer import main; main(FILE)"`: the file has the function, its event, the
environment, the time of the house and what AWS answers.
"""

import json
import os
from types import SimpleNamespace


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        sample = json.load(file)
    os.environ.update(sample["environment"])

    function = sample["function"]
    os.environ["_HANDLER"] = "app.app" if function == "api" else f"app.{function.replace('-', '_')}"  # as on Lambda
    from botocore.handlers import BUILTIN_HANDLERS

    import app
    from chalicelib import wallclock
    from tests.bench.tape import Player, loaded

    BUILTIN_HANDLERS.insert(0, ("before-send", Player(loaded(sample["answers"]))))

    now = wallclock.datetime.fromisoformat(sample["now"])
    wallclock.follow(lambda: now)
    context = SimpleNamespace(aws_request_id="9f1c2a34-0000-4000-8000-000000000001", function_name=function)
    handler = app.app if function == "api" else app.app.handler_map[function]
    answer = handler(sample["event"], context)
    if isinstance(answer, dict) and (answer.get("statusCode", 200) >= 400 or answer.get("batchItemFailures")):
        raise SystemExit(str(answer))
