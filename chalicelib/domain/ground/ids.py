"""The id of a complaint: ten characters of Crockford's base 32 (no I, L, O, U), fit to be read out on the phone."""

import re

from chalicelib.domain.ground.text import Wrong, plain

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SAID_AS = str.maketrans("OIL", "011")  # what is easily misheard or misread
BETWEEN = str.maketrans("", "", "- ")


def read_id(said: str) -> str:
    """The id as it is written, "7K2M9-XD4FQ", however it was said. Raises Wrong for what cannot be one."""
    marks = plain(said).upper().translate(BETWEEN).translate(SAID_AS)
    if not re.fullmatch(f"[{ALPHABET}]{{10}}", marks):
        raise Wrong("not_a_complaint_id")
    return f"{marks[:5]}-{marks[5:]}"


def read_code(said: str) -> str:
    """The code of a text message as it is written, "7K2M-9XD4", however it was typed: what cannot be one stays what it
    is, and is no complaint's."""
    marks = plain(said).upper().translate(BETWEEN).translate(SAID_AS)
    return write_code(marks)


def write_code(marks: str) -> str:
    """Eight characters in two groups."""
    return f"{marks[:4]}-{marks[4:]}"


def order_key(said: str) -> str:
    """What is the same for all ways to write the number of one order ("RP-9", "ｒｐ－９"). At most 256 characters."""
    return plain(said).casefold().replace(" ", "")[:256]
