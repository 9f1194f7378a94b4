"""An example of a storefront: order page, complaint, status. It is how one files a first complaint by hand.

A shop's own server does the same: it has a token by its client credentials, files what its customer typed
(`POST /v1/complaints`) with the Idempotency-Key of the form, shows each fault at its field in the words of the API,
hands the customer the `tracking_url` of the receipt, and asks `GET /v1/complaints/{id}` where it stands. No secret and
no token of the shop is in any page, and no page needs a script. A real shop shows a complaint only to the customer who
filed it; here there is one customer.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any, get_args
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

from jinja2 import Environment, StrictUndefined

from chalicelib.domain.vocabulary import spoken
from chalicelib.domain.vocabulary.terms import Category, Locale, Remedy
from chalicelib.web import languages
from infra.aws.answers import Answer
from infra.local import shop
from infra.local.storefront_words import LANGUAGES, WORDS

TEMPLATE = Path(__file__).with_suffix(".html")
ZONE = "Asia/Shanghai"
ORDERED = {"0042": 2, "0107": 5, "0013": 12}
"""The customer's orders: how they end, and how many days ago they were made."""
CUSTOMER = {"contact.name": "王芳", "contact.phone": "13800138000", "contact.email": "wang@example.cn"}
TYPED = {
    "product_name": "product",
    "category": "category",
    "description": "description",
    "requested_remedy": "remedy",
    "contact.name": "name",
    "contact.phone": "phone",
    "contact.email": "email",
}
"""The fields of the form, which are called as those of the API, and what each is called on the page."""
PATIENCE = 30  # seconds
MOST_MAILS = 50
_line = build_opener(ProxyHandler({}))


class Silent(Exception):
    """The API does not answer, or not as it should."""


@dataclass
class Reply:
    status: int
    body: dict[str, Any]


@dataclass
class Storefront:
    """The shop's server. `api` and `desk` are where they listen; from the desk it gets its tokens, as from Cognito."""

    api: str
    desk: str
    client: tuple[str, str]  # name and secret
    now: Callable[[], datetime]
    sent: Callable[[], list[dict[str, Any]]]
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    _token: tuple[str, float] = ("", 0.0)

    # ---- pages -------------------------------------------------------------------------------------------------

    def home(self) -> Answer:
        return Answer(303, b"", [("Location", "/shop")])

    def orders(self, query: str, headers: Message) -> Answer:
        """The order page."""
        lang = _language(_fields(query), headers)
        days = {number: self.now() - timedelta(days=ago) for number, ago in ORDERED.items()}
        made = [shop.order(f"E{day:%Y%m%d}-{number}") for number, day in days.items()]
        return _page("orders", lang, orders=made, filed=list(reversed(self.receipts)))

    def form(self, query: str, headers: Message) -> Answer:
        """Where a customer says what happened."""
        asked = _fields(query)
        lang, number = _language(asked, headers), asked.get("order", "")
        if not number.startswith("E"):
            return _lost(404, lang, "unknown")
        return _form(lang, number, CUSTOMER, secrets.token_urlsafe(16))

    def file(self, body: bytes, headers: Message) -> Answer:
        """File what was typed; the same form again files nothing more."""
        sent = _fields(body.decode("utf-8", "replace"))
        lang = _language(sent, headers)
        if not self._is_own(headers):
            return _lost(403, lang, "elsewhere")
        number, key = sent.get("order_number", ""), sent.get("key", "")
        try:
            reply = self._call("POST", "/v1/complaints", lang, _filing(sent, lang), key)
        except Silent:
            return _form(lang, number, sent, key, 503, refusal=WORDS[lang]["down"])
        if reply.status == 201:
            complaint_id = reply.body["complaint_id"]
            self.receipts[complaint_id] = reply.body
            self.by_key[key] = complaint_id
            return Answer(303, b"", [("Location", f"/shop/complaints/{complaint_id}?{urlencode({'lang': lang})}")])
        faults = {one["field"]: one["message"] for one in reply.body.get("errors", ())}
        if "contact" in faults:  # both are missing: said where the first of them is typed
            faults["contact.phone"] = faults.pop("contact")
        refusal, before = ("" if faults else reply.body["detail"]), ""
        if reply.body["code"] == "idempotency_mismatch":  # filed, gone back and changed: one may file it, knowingly
            before, key = self.by_key.get(key, ""), secrets.token_urlsafe(16)
        return _form(lang, number, sent, key, reply.status, faults=faults, refusal=refusal, before=before)

    def status(self, complaint_id: str, query: str, headers: Message) -> Answer:
        """Where a complaint stands, and the way to its own page."""
        lang = _language(_fields(query), headers)
        try:
            reply = self._call("GET", f"/v1/complaints/{quote(complaint_id, safe='')}", lang)
        except Silent:
            return _lost(503, lang, "silent")
        if reply.status != 200:
            return _lost(reply.status, lang, "unknown" if reply.status == 404 else "silent")
        deadline = reply.body["deadline"]
        due = deadline and _spoken(deadline["due_at"], lang)
        receipt = self.receipts.get(reply.body["complaint_id"])
        return _page("status", lang, complaint=reply.body, due=due, receipt=receipt)

    def mail(self, query: str, headers: Message) -> Answer:
        """What was sent to whomever, the newest first: a customer of a real shop looks into a mailbox."""
        lang = _language(_fields(query), headers)
        channels = {name: names[lang] for name, names in spoken.CHANNELS.items()}
        return _page("mail", lang, sent=self.sent()[: -MOST_MAILS - 1 : -1], channels=channels)

    # ---- the API -----------------------------------------------------------------------------------------------

    def _call(self, method: str, path: str, lang: Locale, content: object = None, key: str = "") -> Reply:
        """Raises Silent."""
        headers = {"Accept-Language": lang, "Content-Type": "application/json", "Idempotency-Key": key}
        body = None if content is None else json.dumps(content).encode()
        reply = Reply(0, {})
        for fresh in (False, True):  # a token may have been of before the pool began anew
            headers["Authorization"] = f"Bearer {self._token_in_force(fresh)}"
            reply = _said(Request(self.api + path, body, {k: v for k, v in headers.items() if v}, method=method))
            if reply.status != 401:
                break
        if reply.status >= 500 or reply.status == 429:
            raise Silent
        return reply

    def _token_in_force(self, fresh: bool) -> str:
        token, ends = self._token
        if fresh or time.monotonic() > ends:
            name, secret = self.client
            form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
            body = _said(Request(f"{self.desk}/oauth2/token", urlencode(form).encode(), method="POST")).body
            token = str(body["access_token"])
            self._token = token, time.monotonic() + body["expires_in"] / 2
        return token

    def _is_own(self, headers: Message) -> bool:
        """Whether a form was sent from a page of ours. Not by its Host: a stranger's name can lead here."""
        own = {self.desk, self.desk.replace("127.0.0.1", "localhost")}
        return headers.get("Origin") in own and headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def _said(request: Request) -> Reply:
    """Raises Silent."""
    try:
        with _line.open(request, timeout=PATIENCE) as answer:
            return Reply(answer.status, json.load(answer))
    except HTTPError as refusal:
        with refusal:
            try:
                return Reply(refusal.code, json.load(refusal))
            except ValueError:
                raise Silent from None
    except (OSError, ValueError):
        raise Silent from None


def _fields(form: str) -> dict[str, str]:
    try:
        return {name: values[-1] for name, values in parse_qs(form, max_num_fields=100).items()}
    except ValueError:
        return {}


def _language(asked: Mapping[str, str], headers: Message) -> Locale:
    """The one that was chosen, else the reader's."""
    chosen = next((one for one in LANGUAGES if one == asked.get("lang")), None)
    return chosen or languages.preferred(headers.get("Accept-Language", ""), languages.OF_CONSUMERS)


def _spoken(moment: str, lang: Locale) -> str:
    return spoken.spoken(datetime.fromisoformat(moment), lang, ZONE)


def _filing(sent: Mapping[str, str], lang: Locale) -> dict[str, Any]:
    """The body of the request: what was left empty is left out, for the API to say what is missing."""
    given = {name: sent[name].replace("\r\n", "\n") for name in (*TYPED, "order_number") if sent.get(name, "").strip()}
    contact = {name.partition(".")[2]: given.pop(name) for name in CUSTOMER if name in given}
    return {**given, "contact": contact, "channel": "web", "locale": lang}


def _form(lang: Locale, number: str, typed: Mapping[str, str], key: str, status: int = 200, **more: object) -> Answer:
    order = shop.order(number)
    words, products = WORDS[lang], [line["product_name"] for line in order["lines"]]
    shown = {
        "order": order,
        "key": key,
        "typed": {name: typed.get(name, "") for name in TYPED},
        "labels": {name: words[label] for name, label in TYPED.items()},
        "products": {name: name for name in products},
        "categories": {"": words["choose"]} | {one: spoken.CATEGORIES[one][lang] for one in get_args(Category)},
        "remedies": {"": words["no_matter"]} | {one: spoken.REMEDIES[one][lang] for one in get_args(Remedy)},
    }
    return _page("form", lang, status, **(shown | more))


def _lost(status: int, lang: Locale, why: str) -> Answer:
    return _page("lost", lang, status, refusal=WORDS[lang][why])


def _page(page: str, lang: Locale, status: int = 200, **shown: object) -> Answer:
    template, style = _template()
    words = WORDS[lang]
    title = words["status" if page == "lost" else page]
    empty = {"order": None, "faults": {}, "refusal": "", "before": ""}
    made = template.render(empty | shown | {"page": page, "lang": lang, "title": title, "words": words})
    policy = f"default-src 'none'; style-src '{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",  # with no-referrer, browsers would not say where a form comes from
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(status, made.encode(), list(headers.items()))


@cache
def _template() -> tuple[Any, str]:
    """The template, and what a browser knows its style by."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["spoken"] = _spoken
    environment.filters["price"] = lambda price, lang: spoken.money(Decimal(price["value"]), price["currency"], lang)
    environment.filters["with_lang"] = lambda fields, lang: urlencode({**fields, "lang": lang})
    environment.globals["languages"] = LANGUAGES
    text = TEMPLATE.read_text("utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    return environment.from_string(text), f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
