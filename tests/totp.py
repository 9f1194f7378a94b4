"""The app that shows codes, as a member of staff has it on their phone (RFC 6238)."""

import hmac
import time
from base64 import b32decode


def code(secret: str, steps: int = 0) -> str:
    """What it shows now by the clock of this machine, or so many times half a minute later."""
    padded = secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8)
    counted = (int(time.time()) // 30 + steps).to_bytes(8, "big")
    mac = hmac.digest(b32decode(padded), counted, "sha1")
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def no_code(secret: str) -> str:
    """One that it shows neither now nor before nor after."""
    shown = {code(secret, steps) for steps in (-1, 0, 1, 2)}
    return next(one for one in ("000000", "111111", "222222", "333333", "444444") if one not in shown)
