"""A folder keeps what there is over a restart; what cannot be read is refused with what to do."""

import signal
import stat

import pytest

from infra.local.state import Folder
from tests.house import KETTLE
from tests.running import PATIENCE, free_ports, running_system, start

from .test_desk import aws, token

PORTS = ("REDRESS_API_PORT", "REDRESS_AWS_PORT", "REDRESS_DESK_PORT")


def stopped(system):
    system.process.send_signal(signal.SIGINT)
    assert system.process.wait(PATIENCE) == 0


def bearer(told):
    return {"Authorization": f"Bearer {told}"}


def evidence_keys(system):
    s3 = aws(system, "s3")
    buckets = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    return {one["Key"] for bucket in buckets for one in s3.list_objects_v2(Bucket=bucket).get("Contents", [])}


def test_complaints_links_files_sessions_mail_and_the_clock_are_there_after_a_restart(tmp_path):
    state = {"REDRESS_STATE": str(tmp_path / "kept")}
    with running_system(**state) as system:
        shop = token(system).json()["access_token"]
        receipt = system.call("POST", "/v1/complaints", KETTLE, **bearer(shop)).json()
        credentials = {"username": "cs.lin", "password": "Redress-local-1"}
        signed_in = system.call("POST", "/v1/sign-in", credentials).json()
        moved = system.move_clock(advance="PT2H")
        sent, files = system.outbox(), evidence_keys(system)
        stopped(system)
    assert stat.S_IMODE((tmp_path / "kept" / "state").stat().st_mode) == 0o600
    path = f"/v1/complaints/{receipt['complaint_id']}"
    for more in (False, True):  # what was kept is kept again
        with running_system(**state | {"REDRESS_CLOCK": ""}) as system:
            for who in (shop, receipt["consumer_token"], signed_in["access_token"]):
                assert system.call("GET", path, **bearer(who)).status == 200
            again = system.call("POST", "/v1/sign-in", {"refresh_token": signed_in["refresh_token"]})
            assert again.status == 200
            assert system.call("GET", f"{system.desk}/clock").json()["now"] >= moved
            assert system.outbox() == sent
            assert evidence_keys(system) == files
            assert files
            other = system.call("POST", "/v1/complaints", KETTLE | {"order_number": f"E2{more}"}, **bearer(shop))
            assert other.status == 201
            if not more:
                system.settle()
                sent, files = system.outbox(), evidence_keys(system)
            stopped(system)
    with running_system(**state | {"REDRESS_CLOCK": ""}) as system:
        system.settle()
        shown = system.call(
            "GET", f"/v1/complaints/{other.json()['complaint_id']}", **bearer(signed_in["access_token"])
        )
        assert shown.json()["order_check"]["found"] is True, "what was on its way goes on"
        system.move_clock(advance="P1D")
        kinds = [
            one["type"]
            for one in system.call("GET", f"{path}/timeline", **bearer(signed_in["access_token"])).json()["items"]
        ]
        assert kinds.count("DeadlineMissed") == 1, "its clock rings, once"


def test_without_a_folder_whoever_brings_a_token_of_before_is_told_why_it_is_not_taken():
    with running_system() as system:
        reply = system.call("GET", "/v1/complaints", **bearer("rt1.AAAAA-AAAAA.0.AAAAAAAAAAAAAAAAAAAAAA"))
        assert (reply.status, reply.json()["code"]) == (401, "unauthenticated")
        assert "kept nothing of before" in reply.json()["detail"]
        assert "REDRESS_STATE" in reply.json()["detail"]
        page = system.call("GET", "/track/AAAAA-AAAAA/content", Accept="text/html", **bearer("rt1.AAAAA-AAAAA.0.AAAA"))
        assert (page.status, b"<!doctype html>" in page.body) == (401, True)
        without = system.call("GET", "/v1/complaints")
        assert (without.status, "REDRESS_STATE" in without.json()["detail"]) == (401, False)


def test_a_folder_that_another_system_uses_is_refused(tmp_path):
    first = Folder(tmp_path)
    with pytest.raises(SystemExit, match="another system uses"):
        Folder(tmp_path)
    assert first.read() is None


def test_what_another_version_kept_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "state").write_bytes(b"redress local state, Python 2.7\nrubbish")
    with pytest.raises(SystemExit, match="delete the file to begin anew"):
        Folder(tmp_path).read()


def test_what_was_written_is_what_is_read(tmp_path):
    folder = Folder(tmp_path)
    folder.write(b"a\nb")
    assert folder.read() == b"a\nb"


def test_a_path_that_is_no_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(SystemExit, match="cannot be used"):
        Folder(tmp_path / "file")


def test_what_is_no_pickle_is_refused_before_anything_starts(tmp_path):
    Folder(tmp_path).write(b"rubbish")
    process = start(REDRESS_STATE=str(tmp_path), **dict(zip(PORTS, map(str, free_ports(3)), strict=True)))
    output = process.communicate(timeout=PATIENCE)[0]
    assert (process.returncode, "delete the file" in output, "Traceback" in output) == (1, True, False)
