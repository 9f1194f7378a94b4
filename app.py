"""The Chalice app: its resources, and every Lambda that is not HTTP."""

from typing import Any

from chalice import Chalice

from chalicelib import log, wallclock
from chalicelib.web import APIS

log.to_stdout()
app = Chalice(app_name="redress", configure_logs=False)
for api in APIS:
    app.register_blueprint(api)


@app.lambda_function(name="react")
def react(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The table's stream: what follows from each new event."""
    from chalicelib.casework.react import react as follow

    return _failed(follow(event["Records"], wallclock.now()))


@app.lambda_function(name="deliver")
def deliver(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The queue of notices: each is sent once."""
    from chalicelib.casework.deliver import deliver as send

    return _failed(send(event["Records"], wallclock.now()))


def _failed(identifiers: list[str]) -> dict[str, Any]:
    """The partial batch answer: only these are delivered again."""
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in identifiers]}
