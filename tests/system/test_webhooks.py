"""A shop hears of its complaints by its webhook, whatever becomes of the calls: on the running system, by receivers
made with the official library, which look at the machine's own clock. Each story sets its webhooks anew.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import standardwebhooks
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.casework.receivers import DOWN, OK, Heard, Receiver, Say, listening, says
from tests.examples import DEAF, PLAN, REPORT

from .cast import CONSUMER, Case, Cast, china, instant, on_stage

FRIDAY = china(10, 9, 15, 40)
DEVELOPER = "dev@shop.example"
SUPERVISORS = "redress-local-SupervisorTopic"
LINK_LOCAL = "http://169.254.169.254/latest/meta-data/"


def closes(wire: socket.socket) -> None:
    """It may have taken what it was sent, and does not say so."""


class Arrived(NamedTuple):
    """What a receiver was sent, as the official library reads it by these secrets, and what it answers then."""

    one: Heard
    said: dict[str, Any]
    by: frozenset[str]
    then: Say

    @property
    def place(self) -> tuple[str, int]:
        return self.said["data"]["complaint_id"], self.said["data"]["seq"]


class Verifying(Receiver):
    """It trusts its secrets."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: list[str] = []
        self.arrived: list[Arrived] = []

    def take(self, one: Heard) -> None:
        super().take(one)
        said: dict[str, Any] = {}
        by = set[str]()
        for secret in self.secrets:
            with suppress(standardwebhooks.WebhookVerificationError):
                said = standardwebhooks.Webhook(secret).verify(one.body, one.headers)
                by.add(secret)
        self.arrived.append(Arrived(one, said, frozenset(by), self.say))


@dataclass
class Shop:
    """A storefront, with what it hears since it has set its webhook."""

    cast: Cast
    name: str
    receiver: Verifying
    began: datetime = FRIDAY

    def asks(self, method: str, path: str, **sent: Any) -> Any:
        reply = self.cast.call(method, f"/v1/{path}", self.cast.token(self.name), **sent)
        assert reply.status < 300, reply
        return reply.body

    def sets(self, say: Say = OK, url: str = "") -> None:
        """From now on; what is listed is later than what was before."""
        self.cast.pass_time("PT1S")
        self.began = self.cast.now()
        where = url or f"http://{self.receiver.place}/redress"
        self.trusts(self.asks("PUT", "webhook", json={"url": where, "email": DEVELOPER}))
        self.receiver.say = say
        self.receiver.arrived.clear()

    def trusts(self, webhook: dict[str, Any]) -> None:
        self.receiver.secrets = [one["secret"] for one in webhook["secrets"]]

    @property
    def webhook(self) -> dict[str, Any]:
        return dict(self.asks("GET", "webhook"))

    def hears(self) -> list[str]:
        """The types of what has come since the last look."""
        heard = [str(one.said["type"]).removeprefix("complaint.") for one in self.receiver.arrived]
        self.receiver.arrived.clear()
        return heard

    def attempts(self, case: Case) -> list[tuple[str, str | None]]:
        """What calls about a complaint came to, and why, the oldest first."""
        page = self.asks("GET", f"webhook/attempts?complaint_id={case.complaint_id}&limit=100")
        return [(one["outcome"], one["problem"]) for one in reversed(page["items"])]

    def events(self) -> dict[str, dict[str, Any]]:
        """Since the webhook was set, as the list says, page by page."""
        self.cast.pass_time("PT1M")
        found, after = list[dict[str, Any]](), self.began.isoformat()
        while after:
            page = self.asks("GET", "events", params={"after": after, "limit": 10})
            found += page["items"]
            after = page["next_cursor"]
        assert len({one["id"] for one in found}) == len(found)
        return {one.pop("id"): one for one in found}

    def check_that_it_has_heard_all(self) -> None:
        """Each of the list, once or marked where it may have had it before; those of a complaint in their order."""
        arrived = self.receiver.arrived
        assert all(one.by for one in arrived)
        listed = self.events()
        assert {one.one.id: one.said for one in arrived} == listed
        for name in listed:
            perhaps = [one for one in arrived if one.one.id == name and one.then is not DOWN]
            assert [one.then is OK for one in perhaps] == [False] * (len(perhaps) - 1) + [True], "taken once, at last"
            assert [one.one.is_marked for one in perhaps] == [number > 0 for number in range(len(perhaps))]
        for complaint in {one.place[0] for one in arrived}:
            seqs = [seq for about, seq in (one.place for one in arrived) if about == complaint]
            assert seqs == sorted(seqs), "nothing before what was before it"

    def letters(self) -> list[tuple[str, str, datetime]]:
        """Who was told since the webhook was set that it fails: to whom, of what, when."""
        about = [one for one in self.cast.system.outbox() if one["to"] == DEVELOPER or " webhook_" in one["subject"]]
        told = [(one["to"].rpartition(":")[2], one["text"], instant(one["sent_at"])) for one in about]
        return [(to, text, at) for to, text, at in told if at >= self.began]


Shops = tuple[Shop, Shop]


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """Speaks TLS, with a certificate that nobody has signed but itself."""
    receiver = Receiver()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_own_certificate(tmp_path_factory.mktemp("tls") / "own.pem"))
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    with listening(receiver):
        yield receiver


@pytest.fixture(scope="module")
def shops(strange: Receiver) -> Iterator[Shops]:
    first, second = Verifying(), Verifying()
    hosts = ",".join([first.place, second.place, strange.place, DEAF])
    with listening(first, second), on_stage(FRIDAY, REDRESS_WEBHOOK_HOSTS=hosts) as cast:
        yield Shop(cast, "storefront", first), Shop(cast, "storefront-b", second)


def _own_certificate(path: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    began = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    secret = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(form))
    return path


def end(*cases: Case) -> None:
    """Nothing more is to come of them."""
    for case in cases:
        case.do("withdrawal", by=CONSUMER)


# ---- what arrives ----------------------------------------------------------------------------------------------------


def test_each_shop_hears_of_its_own_in_order_and_the_list_says_the_same(shops: Shops) -> None:
    cast = shops[0].cast
    for shop in shops:
        shop.sets()
    cases = [cast.file(by=shop.name) for shop in shops]
    for case in cases:
        case.do("acknowledgement")
        end(case)
    for shop, case in zip(shops, cases, strict=True):
        assert {one.place[0] for one in shop.receiver.arrived} == {case.complaint_id}
        assert shop.attempts(case) == [("delivered", None)] * 3
        shop.check_that_it_has_heard_all()
        assert shop.hears() == ["filed", "acknowledged", "withdrawn"]


def test_during_a_rotation_both_secrets_sign_and_then_the_new_one(shops: Shops) -> None:
    shop, _ = shops
    shop.sets()
    shop.trusts(shop.asks("POST", "webhook/secret", json={"overlap_hours": 1}))
    new, old = shop.receiver.secrets
    case = shop.cast.file()
    shop.cast.pass_time("PT1H")
    end(case)
    during, after = shop.receiver.arrived
    assert (during.by, after.by) == ({new, old}, {new})
    assert [one["secret"] for one in shop.webhook["secrets"]] == [new]


# ---- what receivers do -----------------------------------------------------------------------------------------------


def test_a_hostile_receiver_leads_nowhere_and_nothing_is_lost(shops: Shops, strange: Receiver) -> None:
    shop, other = shops
    own, there = shop.receiver, f"http://{shop.receiver.place}/"
    huge = own.drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 100_000)
    hostile: list[tuple[Say, str, tuple[str, str | None]]] = [
        (DOWN, there, ("failed", "server_error")),
        (says("302 Found", f"Location: http://{other.receiver.place}/"), there, ("failed", "redirect")),
        (says("307 Temporary Redirect", f"Location: {LINK_LOCAL}"), there, ("failed", "redirect")),
        (closes, there, ("uncertain", "no_answer")),
        (own.drips(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 60_000 + b"\r\n"), there, ("uncertain", "no_answer")),
        (own.drips(b"HTTP/1.1 200 OK\r\nX: ", b"x"), there, ("uncertain", "timeout")),
        (OK, f"https://{strange.place}/", ("failed", "tls")),
        (OK, f"http://{DEAF}/", ("failed", "unreachable")),
        (huge, there, ("delivered", None)),
    ]
    other.sets()
    for say, url, came_to in hostile:
        shop.sets(say, url)
        case = shop.cast.file()
        assert shop.attempts(case) == [came_to]
        shop.sets()
        shop.cast.pass_time("PT10M")
        assert shop.attempts(case)[-1] == ("delivered", None)
        again = [] if came_to[0] == "delivered" else [came_to[0] == "uncertain"]
        assert [one.one.is_marked for one in own.arrived] == again
        end(case)
    assert (other.receiver.arrived, strange.heard) == ([], [])


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://169.254.169.254/", "http://shop.example/"])
def test_an_address_inside_is_refused_when_it_is_set(shops: Shops, url: str) -> None:
    shop, _ = shops
    refused = shop.cast.call("PUT", "/v1/webhook", shop.cast.token(shop.name), json={"url": url})
    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "url")


def test_who_asks_for_half_an_hour_has_it(shops: Shops) -> None:
    shop, _ = shops
    shop.sets(says("429 Too Many Requests", "Retry-After: 1800"))
    case = shop.cast.file()
    assert instant(shop.webhook["paused_until"]) == shop.cast.now() + timedelta(minutes=30)
    shop.receiver.say = OK
    end(case)
    shop.cast.pass_time("PT29M")
    assert shop.hears() == ["filed"]
    shop.cast.pass_time("PT6M")
    assert shop.hears() == ["filed", "withdrawn"]


def test_who_is_gone_is_called_no_more_until_it_is_set_again_and_has_the_rest_brought(shops: Shops) -> None:
    shop, _ = shops
    shop.sets(says("410 Gone"))
    began, case = shop.began, shop.cast.file()
    case.do("acknowledgement")
    end(case)
    assert (shop.webhook["state"], shop.webhook["disabled_why"], shop.hears()) == ("disabled", "gone", ["filed"])
    assert {to for to, _, _ in shop.letters()} == {DEVELOPER, SUPERVISORS}
    shop.sets()
    assert (shop.webhook["state"], shop.hears()) == ("on", [])
    for came_before in (False, True):
        shop.asks("POST", "webhook/redelivery", json={"from": began.isoformat()})
        shop.cast.line.settle()
        assert [one.one.is_marked for one in shop.receiver.arrived] == [came_before] * 3
        assert shop.hears() == ["filed", "acknowledged", "withdrawn"]
        shop.cast.pass_time("PT1S")


# ---- outages ---------------------------------------------------------------------------------------------------------


def test_an_hour_of_outage_loses_nothing_and_delays_no_other_shop(shops: Shops) -> None:
    shop, other = shops
    cast = shop.cast
    for one in shops:
        one.sets()
    kettle, toaster, lamp = (cast.file() for _ in range(3))
    shop.receiver.say = DOWN
    for case in (kettle, toaster):
        case.do("acknowledgement")
        case.do("investigation-report", REPORT)
    end(lamp, cast.file(), cast.file())
    assert instant(shop.webhook["paused_until"]) > cast.now()
    elsewhere = cast.file(by=other.name)
    elsewhere.do("acknowledgement")
    assert other.attempts(elsewhere) == [("delivered", None)] * 2
    shop.receiver.say = closes
    cast.pass_time("PT10M")
    kettle.do("resolution-plan", PLAN)
    shop.receiver.say = DOWN
    cast.pass_time("PT20M")
    kettle.do("feedback", {"satisfied": True}, by=CONSUMER)
    shop.receiver.say = closes
    cast.pass_time("PT30M")
    assert {one.one.id for one in shop.receiver.arrived if one.then is closes}, "some may have come then"
    shop.receiver.say = OK
    toaster.do("resolution-plan", PLAN)
    cast.pass_time("PT2H")
    shop.check_that_it_has_heard_all()
    other.check_that_it_has_heard_all()
    assert shop.webhook["failing_since"] is None
    assert shop.letters() == []
    end(toaster, elsewhere)


def test_three_days_are_given_up_and_a_week_ends_it_and_that_is_told(shops: Shops) -> None:
    shop, _ = shops
    cast = shop.cast
    shop.sets(DOWN)
    case = cast.file()
    end(case)
    cast.pass_time("P3DT1H")
    assert [one for one, _ in shop.attempts(case)].count("given_up") == 2
    told = shop.letters()
    assert {to for to, _, _ in told} == {DEVELOPER, SUPERVISORS}
    assert all(timedelta(days=3) <= at - shop.began < timedelta(days=3, minutes=10) for _, _, at in told)
    assert all("/v1/webhook/redelivery" in text for _, text, _ in told)
    cast.pass_time("P4D")
    last = cast.file()
    assert (shop.webhook["state"], shop.webhook["disabled_why"]) == ("disabled", "failing")
    assert {to for to, _, at in shop.letters() if at == cast.now()} == {DEVELOPER, SUPERVISORS}
    assert {*shop.hears()} == {"filed"}
    end(last)
    assert shop.hears() == []
    assert [one["type"] for one in shop.events().values()] == ["complaint.filed", "complaint.withdrawn"] * 2
