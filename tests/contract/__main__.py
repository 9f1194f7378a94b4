"""`make openapi`: writes the description of the contract, with examples of what the house of the tests answers."""

import argparse
import logging
import sys
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from chalicelib.web import APIS
from chalicelib.web.door import Operation
from chalicelib.web.json.contract import examples, served, whole
from tests.house import open_house

from . import answers
from .released import RELEASED, kept


def main() -> None:
    told = argparse.ArgumentParser("python -m tests.contract", description=__doc__)
    told.add_argument(
        "--release", action="store_true", help="and keep it as that of a release, for the next to be compared with"
    )
    asked = told.parse_args()
    logging.disable(logging.CRITICAL)  # what the house says while it is asked
    sys.stdout.write("Asking each operation once, for the examples …\n")
    sys.stdout.flush()
    document = whole.document(operations(), _answered())
    _write(served.WRITTEN, whole.written(document))
    if asked.release:
        _write(RELEASED, kept(document))


def operations() -> list[Operation]:
    return [operation for api in APIS for operation in api.operations]


def _answered() -> examples.Examples:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        with pytest.MonkeyPatch.context() as patch, open_house(patch, f"http://{host}:{port}") as house:
            return answers.taken(house)
    finally:
        server.stop()


def _write(file: Path, text: str) -> None:
    changed = not file.exists() or file.read_text("utf-8") != text
    file.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{file}: {'written' if changed else 'as it was'}, {len(text) // 1000} kB\n")


if __name__ == "__main__":
    main()
