"""How many parts a text message takes (3GPP TS 23.038): what it costs, and how likely it is read.

A text in the GSM alphabet has room for 160 characters in one part and 153 in each of several, those of the extension
table counting two; any other text is UCS-2, with room for 70 UTF-16 units, or 67. What counts two is never split.
"""

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")


def parts(text: str) -> int:
    """The number of parts a text is sent in, at least one."""
    if set(text) <= GSM | GSM_EXTENSION:
        return _packed([2 if mark in GSM_EXTENSION else 1 for mark in text], 160, 153)
    return _packed([2 if mark > "\uffff" else 1 for mark in text], 70, 67)


def _packed(widths: list[int], alone: int, together: int) -> int:
    if sum(widths) <= alone:
        return 1
    count, room = 1, together
    for width in widths:
        if width > room:
            count, room = count + 1, together
        room -= width
    return count
