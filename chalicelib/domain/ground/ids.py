"""The id of a complaint: ten characters of Crockford's base 32 (no I, L, O, U), fit to be read out on the phone."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SAID_AS = str.maketrans("OIL", "011")  # what is easily misheard or misread


def read_id(said: str) -> str:
    """The id as it is written, "7K2M9-XD4FQ", however it was said. Raises ValueError for what cannot be one."""
    plain = said.upper().replace("-", "").translate(SAID_AS)
    if not re.fullmatch(f"[{ALPHABET}]{{10}}", plain):
        raise ValueError("is not the id of a complaint")
    return f"{plain[:5]}-{plain[5:]}"
