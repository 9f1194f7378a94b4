"""An address that somebody else chose leads to the public internet or nowhere, whatever it looks like."""

import socket
from typing import Any

import pytest

from chalicelib.adapters import outside
from chalicelib.domain.ground.text import Wrong
from tests.house import House

INSIDE = [
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:1:2:3:4:5:6"),
]
PUBLIC = ["8.8.8.8", "47.95.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


def stands_for(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name does."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_what_is_inside_or_wraps_it_is_not_public_and_the_rest_is() -> None:
    assert [one for one in INSIDE if outside.is_public(one)] == []
    assert [one for one in PUBLIC if not outside.is_public(one)] == []


def test_every_address_of_a_name_must_be_public(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stands_for(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(Wrong, match="not_public"):
        outside.resolve("https://shop.example/hooks")


def test_a_name_is_resolved_once_and_called_by_the_address_that_was_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_for(monkeypatch, "8.8.8.8")
    place = outside.resolve("https://shop.example:8443/hooks?a=1")
    stands_for(monkeypatch, "127.0.0.1")
    tried: list[Any] = []

    def refuse(address: Any, timeout: float) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(outside.Unreached):
        outside.ask(place, "POST", {}, outside.Bounds(1, 1), b"")
    assert tried == [("8.8.8.8", 8443)]
    assert (place.host, place.path) == ("shop.example", "/hooks?a=1")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://shop.example/", "not_https"),
        ("ftp://shop.example/", "wrong_form"),
        ("https://user:pass@shop.example/", "wrong_form"),
        ("https://8.8.8.8#@127.0.0.1/", "wrong_form"),
        ("https://8.8.8.8\\@127.0.0.1/", "wrong_form"),
        ("https://shop.example/#x", "wrong_form"),
        ("https://shop.example:0/", "wrong_form"),
        ("https://shop.example:99999/", "wrong_form"),
        ("https:///hooks", "wrong_form"),
        ("https://shop.example/a b", "wrong_form"),
        ("https://shop.example/\r\nX: y", "wrong_form"),
        ("https://店.example/", "wrong_form"),
        ("https://[::1%25eth0]/", "wrong_form"),
        ("https://127.1/", "not_public"),
        ("https://2130706433/", "not_public"),
        ("https://0x7f.1/", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://localhost/", "not_public"),
        ("https://127.0.0.1:9/", "not_public"),
    ],
)
def test_what_may_not_be_called_is_refused_with_a_reason(
    house: House, monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    house.set(monkeypatch, REDRESS_WEBHOOK_HOSTS="127.0.0.1:8")
    with pytest.raises(Wrong, match=reason):
        outside.resolve(url)


def test_a_name_whose_server_does_not_answer_is_left(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: Any, **__: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    with pytest.raises(Wrong, match="unresolved"):
        outside.resolve("https://shop.example/")


def test_a_host_of_our_own_may_be_named_with_its_port_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.set(monkeypatch, REDRESS_WEBHOOK_HOSTS="127.0.0.1:8080")
    assert outside.resolve("http://127.0.0.1:8080/x").addresses == ("127.0.0.1",)
    with pytest.raises(Wrong, match="not_https"):
        outside.resolve("http://127.0.0.1:8081/x")


def test_a_host_of_our_own_that_is_named_without_a_port_is_one_at_every_port(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.set(monkeypatch, REDRESS_WEBHOOK_HOSTS="127.0.0.1")
    assert outside.resolve("http://127.0.0.1:9000/x").port == 9000
    for elsewhere in ("http://127.0.0.2:9000/", "http://127.0.0.1.example:9000/"):
        with pytest.raises(Wrong):
            outside.resolve(elsewhere)
