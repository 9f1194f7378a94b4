"""HTTP as one machine speaks it: every request gets one well-formed answer, written at once, whatever it was.

The standard library's server does the rest of the work, without its log lines, its name lookups and its HTML errors.
werkzeug's, tried behind the same tests, is no shorter and does worse: it ends every connection after one answer,
refuses broken requests in HTML, bids a body come that it then refuses, and takes one with both a length and chunks.
"""

import socket
import uuid
from collections.abc import Iterable
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from infra.aws.answers import Answer, Refused, json_answer
from infra.aws.pumps import LOG

LARGEST_BODY = 10 * 1024 * 1024
IDLE = 300
"""Seconds a connection may wait for its next request."""
PATIENCE = 30
"""Seconds a client may keep silent in the middle of a request."""
DRAINED = 64 * 1024 * 1024
"""So much of a refused body is still read, and thrown away, so that the client gets to see why it was refused."""


class Server(ThreadingMixIn, HTTPServer):
    """A thread per connection, on this machine's own address only."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own looks its name up, which can take seconds
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away in the middle of a sentence is no error of ours."""


class Handler(BaseHTTPRequestHandler):
    """One connection. Subclasses answer requests; refusals, bodies and the wire are dealt with here."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    verbose = False
    about = ""
    """What the request is about, for the line of a verbose server: never its address, in which a token may stand."""

    def respond(self, path: str, query: str, body: bytes) -> Answer:
        """The answer to a whole request. May raise Refused."""
        raise NotImplementedError

    def refusal(self, status: int, detail: str, headers: Iterable[tuple[str, str]] = ()) -> Answer:
        """What a refused request is told."""
        return json_answer(status, {"message": detail}, *headers)

    # ---- one request --------------------------------------------------------------------------------------------

    def handle_one_request(self) -> None:
        self.request_id = str(uuid.uuid4())
        self._asked_to_continue = False
        self.command = self.about = ""
        try:
            self.connection.settimeout(IDLE)
            self.raw_requestline = self.rfile.readline(65537)
            self.connection.settimeout(PATIENCE)
            if self.raw_requestline in (b"\r\n", b"\n"):  # left over from the body before, as some clients do
                self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline:
                self.close_connection = True
                return
            if len(self.raw_requestline) > 65536:
                raise Refused(414, "The address is too long.", close=True)
            if not self.parse_request():  # it has answered
                return
            if self.request_version == "HTTP/0.9":
                raise Refused(400, "The request line has no HTTP version.", close=True)
            path, _, query = _without_host(self.path).partition("?")
            answer = self.respond(path.partition("#")[0], query, self._read_body())
        except Refused as refusal:
            self.close_connection = self.close_connection or refusal.close
            answer = self.refusal(refusal.status, refusal.detail, refusal.headers)
        except TimeoutError:
            self.close_connection = True
            if not self.command:  # between two requests: nobody is waiting for an answer
                return
            answer = self.refusal(408, "The rest of the request did not arrive.")
        except ConnectionError:
            self.close_connection = True
            return
        except Exception:  # an error of our own: said aloud, and no dropped connection
            LOG.exception("a request could not be answered")
            self.close_connection = True
            answer = self.refusal(500, "The server has a fault; its log has more.")
        self._send(answer)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Where the standard library refuses a request: in our words. Nothing after it can be understood."""
        self.close_connection = True
        status = code if code < 500 else 400  # 505: that version does not exist
        self._send(self.refusal(status, f"The request cannot be read: {message or HTTPStatus(code).phrase}."))

    def handle_expect_100(self) -> bool:
        self._asked_to_continue = True  # answered when the body is read, if it is
        return True

    # ---- bodies -------------------------------------------------------------------------------------------------

    def _read_body(self) -> bytes:
        coding = self.headers.get("Transfer-Encoding")
        lengths = set(self.headers.get_all("Content-Length", []))
        if coding is not None:
            if coding.strip().lower() != "chunked":
                raise Refused(501, "Transfer-Encoding may only be chunked.", close=True)
            if lengths:
                raise Refused(400, "A request has a Content-Length or a Transfer-Encoding, not both.", close=True)
            self._continue()
            return self._read_chunks()
        if not lengths:
            return b""
        text = lengths.pop().strip()
        if lengths or not (text.isascii() and text.isdigit()):
            raise Refused(400, "The Content-Length is not a number.", close=True)
        length = int(text[:20])
        if length > LARGEST_BODY:
            if not self._asked_to_continue:
                self._drain(length)
            raise Refused(413, "The body is larger than 10 MB.", close=True)
        self._continue()
        return self._read_exactly(length)

    def _continue(self) -> None:
        if self._asked_to_continue:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _read_exactly(self, length: int) -> bytes:
        body = self.rfile.read(length)
        if len(body) < length:
            raise Refused(400, "The body is shorter than its Content-Length.", close=True)
        return body

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while size := self._chunk_size():
            if len(body) + size > LARGEST_BODY:
                self._drain(DRAINED)
                raise Refused(413, "The body is larger than 10 MB.", close=True)
            body += self._read_exactly(size)
            if self.rfile.readline(3) not in (b"\r\n", b"\n"):
                raise Refused(400, "A chunk of the body does not end where it should.", close=True)
        for _ in range(100):  # trailers
            if self.rfile.readline(65537) in (b"\r\n", b"\n", b""):
                return bytes(body)
        raise Refused(431, "The body has too many trailers.", close=True)

    def _chunk_size(self) -> int:
        digits = self.rfile.readline(1024).split(b";")[0].strip()
        if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
            raise Refused(400, "A chunk of the body has no size.", close=True)
        return int(digits, 16)

    def _drain(self, length: int) -> None:
        """Read what the client is still sending, without keeping it."""
        self.connection.settimeout(2)
        left = min(length, DRAINED)
        try:
            while left > 0 and (read := self.rfile.read1(min(left, 65536))):
                left -= len(read)
        except OSError:
            pass  # it has stopped sending, or gone: either will do

    # ---- the wire -----------------------------------------------------------------------------------------------

    def _send(self, answer: Answer) -> None:
        """Write the whole answer at once."""
        names = {name.lower() for name, _ in answer.headers}
        headers = [*answer.headers, ("Date", formatdate(usegmt=True))]
        if answer.status not in (
            204,
            304,
        ):  # which have no body, and the length of a 304 would be that of what it stands for
            headers.append(("Content-Length", str(len(answer.body))))
        if "x-request-id" not in names:
            headers.append(("X-Request-Id", self.request_id))
        if self.close_connection:
            headers.append(("Connection", "close"))
        try:
            phrase = HTTPStatus(answer.status).phrase
        except ValueError:
            phrase = "Unknown"
        head = "".join(
            [f"HTTP/1.1 {answer.status} {phrase}\r\n", *(f"{name}: {_line(value)}\r\n" for name, value in headers)]
        )
        body = b"" if self.command == "HEAD" or answer.status in (204, 304) else answer.body
        try:
            self.wfile.write(head.encode("utf-8", "replace") + b"\r\n" + body)
            if self.close_connection:
                self.connection.shutdown(socket.SHUT_WR)
        except OSError:
            self.close_connection = True  # the client has gone
        if self.verbose:
            line = f"{self.log_date_time_string()} {self.command} {self.about or '?'} {answer.status}\n"
            print(line, end="", flush=True)  # its end with it, or that of another thread's line comes between

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a verbose system prints one line a request, in `_send`."""


def _without_host(target: str) -> str:
    """The path and query of a request target, which may also be a whole URL."""
    for scheme in ("http://", "https://"):
        if target[: len(scheme)].lower() == scheme:
            _, slash, rest = target[len(scheme) :].partition("/")
            return slash + rest if slash else "/"
    return target


def _line(value: str) -> str:
    """A header's value, which must not start another header."""
    return value.replace("\r", " ").replace("\n", " ")
