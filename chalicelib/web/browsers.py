"""What browsers are told: how to treat every answer, and which other origins' pages may read it (CORS)."""

import json

from chalice.app import Request, Response

from chalicelib.domain.ground.errors import NoSuchMethod
from chalicelib.settings import settings

from .problems import Reader, problem

ALWAYS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
SENT = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
READ = "ETag, Idempotency-Replayed, Location, Retry-After, X-Request-Id"
REMEMBERED = 7200  # seconds; browsers take no more


def for_origin(request: Request) -> dict[str, str]:
    """What lets a page of a listed origin read the answer, which differs by origin as soon as one is listed."""
    origin = request.headers.get("origin", "")
    if not settings().cors_origins:
        return {}
    allowed = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": READ}
    return {"Vary": "Origin", **(allowed if origin in settings().cors_origins else {})}


def preflight(request: Request, request_id: str, methods: str, reader: Reader) -> Response:
    """What a browser asks before it sends what a page wants sent; where no page may, there is no such method.

    `methods`: what the resource does take.
    """
    origin = for_origin(request)
    headers: dict[str, str | list[str]] = {**ALWAYS, **origin, "X-Request-Id": request_id, "Allow": methods}
    if not origin:
        status, more, content = problem(NoSuchMethod("no_page_may"), request_id, reader)
        return Response(body=json.dumps(content, ensure_ascii=False), status_code=status, headers={**headers, **more})
    if "Access-Control-Allow-Origin" in origin:
        headers["Access-Control-Allow-Methods"] = methods
        headers["Access-Control-Allow-Headers"] = SENT
        headers["Access-Control-Max-Age"] = str(REMEMBERED)
    return Response(body="", status_code=204, headers=headers)
