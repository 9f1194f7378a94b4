"""`python -m infra.local` starts, says what is wrong, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.settings import PREFIX, Settings
from infra.local import options
from infra.local.options import HONOURED
from infra.local.staff import STOREFRONTS, storefronts
from tests.running import PATIENCE, ROOT, free_ports, running_system, start

PORTS = ("REDRESS_API_PORT", "REDRESS_AWS_PORT", "REDRESS_DESK_PORT")
TINY = ("--app", "tests.local.tiny_app")


def ended(process):
    output = process.communicate(timeout=PATIENCE)[0]
    return process.returncode, output


def test_help_names_every_variable():
    code, output = ended(start("--help"))
    assert code == 0
    for name in (
        "REDRESS_API_PORT",
        "REDRESS_AWS_PORT",
        "REDRESS_DESK_PORT",
        "REDRESS_CLOCK",
        "REDRESS_CLOCK_STILL",
        "REDRESS_VERBOSE",
        "REDRESS_STOREFRONTS",
    ):
        assert name in output


@pytest.mark.parametrize("name", PORTS)
def test_a_taken_port_is_named_before_anything_starts(name):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        free = dict(zip(PORTS, map(str, free_ports(3)), strict=True))
        code, output = ended(start(**free | {name: str(taken)}))
    assert code == 1
    assert str(taken) in output
    assert name in output
    assert "Traceback" not in output


def test_all_bad_settings_are_named_at_once():
    code, output = ended(start(REDRESS_API_PORT="eighty", REDRESS_DESK_PORT="70000", REDRESS_CLOCK="yesterday"))
    assert code == 1
    for said in ("REDRESS_API_PORT", "'eighty'", "REDRESS_DESK_PORT", "REDRESS_CLOCK", "2026-12-01T00:00:00Z"):
        assert said in output
    assert "Traceback" not in output


def test_the_same_port_twice_is_refused():
    code, output = ended(start(REDRESS_API_PORT="8123", REDRESS_AWS_PORT="8123"))
    assert (code, "8123 is used twice" in output) == (1, True)


MINE = {
    "REDRESS_CORS_ORIGINS": "https://shop.example,http://localhost:3000",
    "REDRESS_TRACKING_URL": "https://shop.example/track",
    "REDRESS_PRIVACY_URL": "https://shop.example/privacy",
    "REDRESS_PAGE_ORIGINS": "https://desk.example",
    "REDRESS_SENDER": "客服 <service@shop.example>",
    "REDRESS_REPLY_TO": "answers@shop.example",
    "REDRESS_SERVICE_PHONE": "400-810-0000",
    "REDRESS_SMS_SENDER": "tests.casework.carrier_pigeon",
    "REDRESS_ORDER_SYSTEM_URL": "http://127.0.0.1:9",
    "REDRESS_ORDER_SYSTEM_SECRET": "mine",
    "REDRESS_TOKEN_KEYS": "k" * 32,
    "REDRESS_CONTACT_KEY": "mine too",
}


def test_every_setting_of_the_house_is_honoured_or_refused_with_a_reason():
    of_the_house = {PREFIX + name.upper() for name in Settings.model_fields}
    assert HONOURED == MINE.keys() < of_the_house
    assert options.read(MINE).settings == MINE
    for name in of_the_house - HONOURED:
        with pytest.raises(SystemExit, match=f"{name}: what it names is made by the local system itself"):
            options.read({name: "https://x.example"})


def test_the_app_gets_what_was_given():
    with running_system(*TINY, **MINE) as system:
        shown = system.call("GET", "/v1/settings").json()
    own = MINE | {"REDRESS_CORS_ORIGINS": f"{system.api},{MINE['REDRESS_CORS_ORIGINS']}"}
    assert {name: shown[name] for name in MINE} == own


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDRESS_CORS_ORIGINS", "https://shop.example/"),
        ("REDRESS_CORS_ORIGINS", "*"),
        ("REDRESS_TRACKING_URL", "shop.example/track"),
        ("REDRESS_TRACKING_URL", "https://shop.example/track?x=1"),
        ("REDRESS_ORDER_SYSTEM_URL", "ftp://shop.example"),
        ("REDRESS_ORDER_SYSTEM_URL", "http://shop.example:port"),
        ("REDRESS_SENDER", "nobody"),
        ("REDRESS_TOKEN_KEYS", "short"),
        ("REDRESS_CLOCK", "9999-12-31T00:00:00Z"),
    ],
)
def test_a_setting_that_is_wrong_is_named_at_the_start(name, value):
    with pytest.raises(SystemExit, match=name) as refusal:
        options.read({name: value})
    assert value not in str(refusal.value) or name == "REDRESS_CLOCK"


def test_further_storefronts_are_named_at_the_start(capsys):
    assert options.read({"REDRESS_STOREFRONTS": "shop-c,shop-d,shop-c"}).storefronts == ("shop-c", "shop-d")
    assert storefronts(["shop-c"]) == STOREFRONTS | {"shop-c": "shop-c-local"}
    assert capsys.readouterr().err == ""
    for wrong in ("shop c", "店", ",".join(f"shop{n}" for n in range(41))):
        with pytest.raises(SystemExit, match="REDRESS_STOREFRONTS"):
            options.read({"REDRESS_STOREFRONTS": wrong})


def test_a_sender_of_texts_that_is_none_is_named_at_the_start():
    free = dict(zip(PORTS, map(str, free_ports(3)), strict=True))
    code, output = ended(start(*TINY, REDRESS_SMS_SENDER="no.such.module", **free))
    assert (code, "REDRESS_SMS_SENDER" in output, "Traceback" in output) == (1, True, False)


def test_a_misspelt_setting_is_told_with_what_may_be_meant(capsys):
    options.read({"REDRESS_CORS_ORIGIN": "https://shop.example", "REDRESS_ZZZ": "1", "REDRESS_TABLES": ""})
    assert capsys.readouterr().err.splitlines() == [
        "REDRESS_CORS_ORIGIN is not known here and is left out; is REDRESS_CORS_ORIGINS meant?",
        "REDRESS_ZZZ is not known here and is left out",
    ]


def test_the_printed_line_of_the_aws_cli_has_all_that_it_asks_for(system):
    (line,) = [line.strip() for line in system.output.splitlines() if " aws --endpoint-url" in line]
    settings, _, command = line.partition(" aws ")
    assert command == f"--endpoint-url {system.aws} dynamodb list-tables"
    given = dict(word.split("=", 1) for word in settings.split())
    assert given == {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_PAGER": "",
    }


def test_it_stops_at_once_whatever_was_written():
    with running_system(*TINY) as system:
        for batch in range(2):
            system.call("POST", "/v1/events", {"name": f"many {batch}", "count": 300})
        assert len(system.call("GET", "/v1/seen/many%201").json()["seen"]) < 300, "much is left to be done"
        system.process.send_signal(signal.SIGINT)
        assert system.process.wait(PATIENCE) == 0
    assert "Traceback" not in system.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_says_what_to_do_next_stops_and_leaves_nothing(number, tmp_path):
    today = datetime.now(UTC).replace(microsecond=0)
    with running_system(*TINY, TMPDIR=str(tmp_path), REDRESS_CLOCK="") as system:
        assert today <= datetime.fromisoformat(shown(system)) <= datetime.now(UTC)
        for said in (system.api, system.aws, system.desk, "cs.lin", "Redress-local-1", "make tour"):
            assert said in system.output
        with socket.create_connection(("127.0.0.1", int(system.api.rpartition(":")[2]))):  # an open connection
            system.process.send_signal(number)
            assert system.process.wait(PATIENCE) == 0
        assert list(tmp_path.iterdir()) == []
        assert not group_of(system.process.pid)
    assert "Traceback" not in system.output


def test_a_stop_while_it_starts_is_obeyed():
    process = start(*TINY, **dict(zip(PORTS, map(str, free_ports(3)), strict=True)))
    threading.Event().wait(0.3)
    process.send_signal(signal.SIGTERM)
    code, output = ended(process)
    assert code in (0, -signal.SIGTERM)  # before the handlers were there, it is the system's own end
    assert "Traceback" not in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_obeyed_even_in_a_callback_that_forgets_what_is_raised_in_it(number):
    program = f"""
import os, signal, weakref
from infra.local import __main__ as local

signal.signal({int(number)}, local._give_up)
held = set()
seen = weakref.ref(held, lambda _: os.kill(os.getpid(), {int(number)}))
del held
print("it goes on")
"""
    command = [sys.executable, "-c", program]
    ending = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=PATIENCE)
    assert (ending.returncode, ending.stdout, ending.stderr) == (0, "", "")


def test_two_systems_run_beside_each_other_each_with_a_clock_and_nothing_of_the_users_aws(system):
    real = {"AWS_PROFILE": "production", "AWS_DEFAULT_REGION": "cn-north-1", "AWS_ENDPOINT_URL": "https://example.com"}
    with running_system(*TINY, REDRESS_CLOCK="2030-01-01T00:00:00Z", **real) as other:
        began = shown(other)
        assert "2030-01-01T00:00:00Z" <= began < "2030-01-01T01"
        while shown(other) == began:  # it runs by itself
            pass
        other.call("POST", "/v1/events", {"name": "apart", "count": 1})
        other.settle()
        assert other.call("GET", "/v1/seen/apart").json()["seen"] == ["NOTE#000000"]
    assert system.call("GET", "/v1/seen/apart").json() == {"seen": []}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_an_idle_system_costs_next_to_nothing(system):
    system.settle()
    assert (
        min(cpu_of_a_second(system.process.pid) for _ in range(3)) < 0.05
    )  # the first may be busy with what was before


def shown(system):
    return system.call("GET", f"{system.desk}/clock").json()["now"]


def cpu_of_a_second(pid):
    before = cpu_seconds(pid)
    threading.Event().wait(1)
    return cpu_seconds(pid) - before


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def group_of(pid):
    """Whatever is left of the process group that a system started."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True
