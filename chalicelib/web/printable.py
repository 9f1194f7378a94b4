"""A document to read and print, as it is answered."""

from chalicelib.domain.vocabulary.terms import Locale

from .door import HTML, Answer, tagged
from .markup import secured


def printable(written: str, locale: Locale, version: int) -> Answer:
    """A whole page of HTML in a language, of that version of a record; a browser takes nothing from elsewhere."""
    headers = {"Content-Type": HTML, "Content-Language": locale, "Vary": "Accept-Language"}
    return Answer(200, written, headers | secured(written) | tagged(version))
