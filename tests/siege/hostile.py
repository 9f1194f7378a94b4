"""The three who make trouble: each a source of deeds, taken by chance from the seed, until the siege is over.

What consumer and shop type has a mark in it, by which it is known again wherever it turns up.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain, cycle
from typing import Any
from uuid import uuid4

from tests.examples import KETTLE, PLAN, REPORT

from .order_system import SLOW, TRICKS
from .people import Case, Entrance
from .wire import Reply, Wire

CONSUMER, SHOP, DEPARTMENT = "the hostile consumer", "the hostile shop", "the careless department"
CONSUMERS_MARK, SHOPS_MARK = "consumers-words.example", "shops-words.example"
LONG = f"我要投诉！https://{CONSUMERS_MARK}/ " * 250
AT_LENGTH = "壶身玻璃厚度不足，建议全额退款。" * 400
MOST_FILED = 120
"""Complaints of the hostile shop: each is one that the clock goes on ringing about."""

Deed = Callable[[], object]


def typed(length: int) -> str:
    """So many characters, with the mark."""
    return LONG[:length]


class Trouble:
    """What all three have: a wire, chance, and the complaints that they make trouble about."""

    party = ""

    def __init__(self, wire: Wire, entrance: Entrance, seed: int, now: Callable[[], datetime]) -> None:
        self.wire, self.entrance, self.now = wire, entrance, now
        self.chance = random.Random(f"{wire.party} {seed}")
        self.cases: list[Case] = []

    def prepare(self) -> None:
        """What must be there before the trouble begins."""

    def deeds(self) -> list[Deed]:
        """What it does over and over."""
        return []

    def run(self) -> Iterator[str]:
        """One deed after another, each a burst of requests; its name after each."""
        deeds = self.deeds()
        while True:
            self.chance.shuffle(deeds)
            for deed in deeds:
                deed()
                yield getattr(deed, "__name__", "deed")

    def file(self, storefront: str, **changes: Any) -> Case | None:
        """A complaint that is theirs, by way of a storefront."""
        filing = KETTLE | changes
        reply = self.wire.post("/v1/complaints", filing, token=self.entrance.storefront(storefront))
        if reply.status != 201:
            return None
        case = Case(reply.body["complaint_id"], reply.body["consumer_token"], filing, self.party)
        self.cases.append(case)
        return case

    def staff_does(self, case: Case, who: str, resource: str, body: dict[str, Any]) -> Reply:
        return self.wire.post(f"{case.path}/{resource}", body, token=self.entrance.staff(who))


ODD_FILES = (
    ("聊天记录.txt.bat", "text/plain", b"@echo off\r\nformat c:\r\n"),
    ("photo.exe", "image/jpeg", b"MZ" + bytes(200)),
    ("照片.jpg", "image/jpeg", b"\x00\x00\x00\x18ftypheic" + bytes(200)),
    ("page.html", "text/plain", b"<script>alert(1)</script>"),
    ("a/../../etc/passwd", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    ("\u202egnp.exe", "image/png", b"GIF89a" + bytes(100)),
    ("leer.png", "image/png", b"\x89PNG\r\n\x1a\n"),
)
BODIES = (
    b"",
    b"\xff\xfe\x00garbage",
    b"[" * 100_000,
    b'{"text": "' + b"a" * 250_000 + b'"}',
    b'{"text": "' + b"a" * 400_000 + b'"}',
    b'{"text": 1e999, "text": NaN}',
    b'{"text": "\\ud800"}',
    b'{"text": ' + b"9" * 10_000 + b"}",
    b"null",
    b'"text"',
    ("{" + ", ".join(f'"f{n}": {n}' for n in range(5_000)) + "}").encode(),
)
TOKENS = ("null", "Bearer", "x" * 8_000, "eyJhbGciOi" + "Jub25lIn0.e30.", "a.b.c", "\u00e9", "0" * 64)


class HostileConsumer(Trouble):
    """Has four complaints: one nobody has looked at, one under investigation, one with a plan, one to come and go with.

    The mail of two of them bounces, or stays in a full mailbox.
    """

    party = CONSUMER

    def prepare(self) -> None:
        for number, mailbox in enumerate(("bounce+h0", "success+h1", "full+h2", "success+h3")):
            contact = {
                "name": "胡先生",
                "email": f"{mailbox}@simulator.amazonses.com",
                "phone": f"+861390000000{number}",
            }
            self.file("storefront", order_number=f"E20261009-H{number}", contact=contact, description=typed(5_000))
        for case, life in zip(self.cases[1:3], (1, 3), strict=True):
            for resource, body in (
                ("acknowledgement", {}),
                ("investigation-report", REPORT),
                ("resolution-plan", PLAN),
            )[:life]:
                self.staff_does(case, "cs.lin", resource, body)

    def deeds(self) -> list[Deed]:
        return [
            self.inform,
            self.come_and_go,
            self.begin_uploads,
            self.upload_oddly,
            self.object,
            self.answer_wrongly,
            self.send_garbage,
            self.show_bad_tokens,
            self.reuse_keys,
            self.read,
        ]

    def _post(self, case: Case, resource: str, body: Any, **sent: Any) -> Reply:
        return self.wire.post(f"{case.path}/{resource}", body, token=case.token, **sent)

    def _one(self) -> Case:
        return self.chance.choice(self.cases)

    def inform(self) -> None:
        case = self._one()
        for _ in range(20):
            self._post(case, "information", {"text": typed(5_000)})

    def come_and_go(self) -> None:
        for _ in range(5):
            self._post(self.cases[3], "withdrawal", {"reason": typed(2_000)})
            self._post(self.cases[3], "reopening", {"reason": typed(5_000)})

    def begin_uploads(self) -> None:
        case = self._one()
        for number in range(45):
            name = self.chance.choice(ODD_FILES)[0] if number % 2 else f"{number}.jpg"
            self._post(case, "evidence", {"file_name": name, "content_type": "image/jpeg", "size": 20 * 1024 * 1024})

    def upload_oddly(self) -> None:
        case = self._one()
        for name, kind, content in ODD_FILES:
            offered = self._post(case, "evidence", {"file_name": name, "content_type": kind, "size": len(content)})
            if offered.status == 201:
                form = offered.body["upload"]
                self.wire.upload(form, content if self.chance.random() < 0.7 else content * 50)
        for kind in ("application/x-msdownload", "", "image/jpg", "video/3gpp", "text/html"):
            self._post(case, "evidence", {"file_name": "x", "content_type": kind, "size": 10})

    def object(self) -> None:
        """And staff, who mean well, plan anew."""
        case = self.cases[2]
        self._post(case, "feedback", {"satisfied": False, "opinion": typed(5_000)})
        self.staff_does(case, "cs.lin", "resolution-plan", PLAN)

    def answer_wrongly(self) -> None:
        for number in (-1, 0, 1, 99, 10**12, "1", None, 1.5):
            self._post(self._one(), "feedback", {"satisfied": False, "opinion": typed(5_000), "round": number})

    def send_garbage(self) -> None:
        case = self._one()
        for body in self.chance.sample(BODIES, 5):
            self._post(case, self.chance.choice(("information", "feedback", "reopening", "evidence")), body)
        if self.chance.random() < 0.2:
            self._post(case, "information", b'{"text": "' + b"a" * 11_000_000 + b'"}')

    def show_bad_tokens(self) -> None:
        for number in range(100):
            token = self.chance.choice((*TOKENS, f"{uuid4()}.{number}", self.cases[0].token[:-1] + "A"))
            path = f"{self._one().path}{self.chance.choice(('', '/timeline', '/evidence/order', '/notices'))}"
            self.wire.ask("GET", path, headers={"Authorization": f"Bearer {token}".encode()})  # type: ignore[dict-item]

    def reuse_keys(self) -> None:
        key, case = {"Idempotency-Key": f"mine-{self.chance.randrange(5)}"}, self._one()
        for number in range(5):
            self._post(case, "information", {"text": f"{number} {typed(300)}"}, headers=key)
            self._post(case, "information", {"text": "?"}, headers={"Idempotency-Key": "\u00e9" * number})

    def read(self) -> None:
        for path in ("", "/timeline?limit=100", "/timeline?cursor=AAAA", "/timeline?limit=-1", "/notices", "?x=1"):
            self.wire.get(f"{self._one().path}{path}", token=self._one().token)


class HostileShop(Trouble):
    """Its storefront files without end, and its order system is `order_system.py`."""

    party = SHOP
    NUMBERS = ("..", ".", "a/b?c", "E/../../x", "%2e%2e", "E\u202e1", "订单 42", "#", "E-😀", "'; DROP TABLE", "x" * 64)

    def prepare(self) -> None:
        once = self.chance.sample(sorted(TRICKS), len(TRICKS))
        self.tricks = chain(once, cycle(trick for trick in once if trick not in SLOW))

    def deeds(self) -> list[Deed]:
        return [self.complain, self.complain_oddly, self.offer, self.take_links, self.look]

    def _token(self) -> str:
        return self.entrance.storefront("storefront-b")

    def _complain(self, number: str) -> None:
        if len(self.cases) < MOST_FILED:
            count = len(self.cases)
            contact = {"name": "买家", "email": f"v{count}@example.com", "phone": f"+861370{count:07}"[:14]}
            product = f"{SHOPS_MARK} {self.chance.randrange(9)}"
            category = self.chance.choice(("product_quality", "delivery", "false_advertising", "other"))
            self.file("storefront-b", order_number=number, product_name=product, contact=contact, category=category)

    def complain(self) -> None:
        for _ in range(3):
            self._complain(f"H-{next(self.tricks)}-{len(self.cases)}")

    def complain_oddly(self) -> None:
        self._complain(self.chance.choice(self.NUMBERS))
        for odd in (
            {"order_number": ""},
            {"order_number": "x" * 65},
            {"locale": "xx"},
            {"channel": "phone"},
            {"order": 1},
        ):
            self.wire.post("/v1/complaints", KETTLE | odd, token=self._token())

    def offer(self) -> None:
        for case in self.cases[-3:]:
            for _ in range(15):
                offer = {"file_name": "x.bat", "content_type": "image/png", "size": 100}
                self.wire.post(f"{case.path}/evidence", offer, token=self._token())

    def take_links(self) -> None:
        """And the consumers' own links of before are worth nothing."""
        for case in self.cases[-2:]:
            for _ in range(3):
                reply = self.wire.post(f"{case.path}/link", {}, token=self._token())
                if reply.status == 200:
                    case.token = reply.body["consumer_token"]

    def look(self) -> None:
        for case in self.cases[-5:]:
            self.wire.get(case.path, token=self._token())
            self.wire.post(f"{case.path}/acknowledgement", {}, token=self._token())


class CarelessDepartment(Trouble):
    """Means no harm: quality answers late, twice and at length, legal reads one draft again and again, logistics
    reports by the dozen, at night too."""

    party = DEPARTMENT
    sent = 0

    def prepare(self) -> None:
        for number, category in enumerate(("product_quality", "false_advertising", "delivery")):
            contact = {"name": "李女士", "phone": f"+861350000000{number}"} | (
                {"email": "li@example.cn"} if number else {}
            )
            order = f"E20261009-L{number}"
            self.file(
                "storefront", order_number=order, contact=contact, category=category, product_name=f"水壶 {number}"
            )
            self.staff_does(self.cases[-1], "cs.lin", "acknowledgement", {})
        legal = self.cases[1]
        report = REPORT | {"without_inquiries": "不必等待。"}
        for resource, body in (("investigation-report", report), ("plan-draft", PLAN)):
            self.staff_does(legal, "cs.lin", resource, body)

    def deeds(self) -> list[Deed]:
        return [self.answer_late, self.review_again, self.report_at_night, self.add_evidence, self.remark]

    def answer_late(self) -> None:
        """Days after it was asked, and then twice more."""
        if (self.now().day, self.now().month) >= (13, 10) or self.now().month > 10:
            for _ in range(3):
                body = {"assessment": AT_LENGTH[:5_000], "recommended_solution": AT_LENGTH[:5_000]}
                self.staff_does(self.cases[0], "quality.he", "inquiries/1/answer", body)

    def review_again(self) -> None:
        for number in range(10):
            body = {"approved": bool(number % 2), "advice": AT_LENGTH[:5_000]}
            self.staff_does(self.cases[1], "legal.xu", "legal-review", body)

    def report_at_night(self) -> None:
        for number in range(24):
            status = self.chance.choice(("delayed", "in_transit", "lost", "damaged"))
            body = {"status": status, "text": f"{number} " + "货在路上，" * 399, "carrier": "顺丰速运"}
            self.staff_does(
                self.chance.choice((self.cases[0], self.cases[2])), "logistics.gao", "delivery-updates", body
            )

    def add_evidence(self) -> None:
        """Five are sent, all the others only begun."""
        for number in range(10):
            content = b"\xff\xd8\xff\xe0" + bytes(100)
            offer = {"file_name": f"{number}.jpg", "content_type": "image/jpeg", "size": len(content)}
            offered = self.staff_does(self.chance.choice(self.cases), "quality.he", "evidence", offer)
            if offered.status == 201 and self.sent < 5:
                self.sent += 1
                self.wire.upload(offered.body["upload"], content)

    def remark(self) -> None:
        for _ in range(5):
            self.staff_does(self.cases[0], "quality.he", "notes", {"text": AT_LENGTH[:5_000], "public": True})
