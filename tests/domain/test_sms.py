"""How many parts a text message takes."""

import pytest

from chalicelib.domain.telling.sms import GSM, GSM_EXTENSION, parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the sign does not fit the first part, the last letter not the second
        ("a" * 151 + "€" + "a" * 153, 2),
        ("投" * 70, 1),
        ("投" * 71, 2),
        ("投" * 134, 2),
        ("投" * 135, 3),
        ("a" * 70 + "投", 2),
        ("".join(GSM | GSM_EXTENSION), 1),
        ("\uffff" * 70, 1),
        ("é" * 160, 1),
        ("ê" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("投" * 66 + "😀" + "投" * 66, 3),
        ("投" * 65 + "😀" + "投" * 67, 2),
    ],
)
def test_a_text_takes_as_many_parts_as_its_alphabet_needs(text: str, count: int):
    assert parts(text) == count
