"""What people hold in their hands: a browser's window, with a listener to all that it asks for and complains of."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.running import PATIENCE

PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@dataclass
class Device:
    """A phone or a desktop: nothing is on it yet. Its pages share storage, as the tabs of a browser do."""

    context: BrowserContext
    api: str
    """Where the running system is."""
    addresses: list[str] = field(default_factory=list)
    """Of all requests of all its pages, as they go over the wire: without what is after a `#`."""
    faults: list[str] = field(default_factory=list)
    """Errors on the console, and what scripts did not catch. A test fails if one is left that it does not expect."""
    _expected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.on("request", self._asks)
        self.context.on("console", self._says)
        self.context.on("weberror", self._fails)

    def open(self, address: str) -> Page:
        """A new tab, at an address that may begin with `/` for the API."""
        page = self.context.new_page()
        page.goto(self.api + address if address.startswith("/") else address)
        return page

    def sign_in(self, token: str) -> None:
        """Whose access token it is has signed in to the console."""
        self.context.add_cookies([{"name": "redress", "value": token, "url": self.api, "httpOnly": True}])

    def expects(self, fault: str) -> None:
        """Faults in which this is said belong to the test, such as "status of 401"; there will be at least one."""
        self._expected.append(fault)

    def elsewhere(self) -> list[str]:
        """What was asked for that is not of the API."""
        return [one for one in self.addresses if not one.startswith((f"{self.api}/", "blob:", "data:"))]

    def judge(self) -> None:
        """Fails if the browser complained of what the test does not expect, or not of what it does."""
        unexpected = [one for one in self.faults if not any(words in one for words in self._expected)]
        assert not unexpected, "\n".join(["the browser complains:", *unexpected])
        missed = [words for words in self._expected if not any(words in one for one in self.faults)]
        assert not missed, f"the browser was expected to complain: {missed}"

    def _asks(self, request: Request) -> None:
        self.addresses.append(request.url.partition("#")[0])

    def _says(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            at: Any = message.location
            self.faults.append(f"{message.text} ({at.get('url', '')}:{at.get('lineNumber', '')})")

    def _fails(self, error: WebError) -> None:
        self.faults.append(str(error.error))
