"""What the measures of load count, against a server that is made up."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from skola.web.loads import films
from skola.web.loads.people import NotThereError, Visitor, percentile, visit


class Answers(BaseHTTPRequestHandler):
    """A server that keeps parts, but for the second one of every film, and has one page."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._say(200 if self.path == "/" else 404, b"page")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if "n=1&" in self.path:
            return self._say(503, b"")
        return self._say(201, b'{"parts": "/p"}')

    def _say(self, status: int, text: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where it answers."""
    monkeypatch.setattr(films, "EVERY", 0.01)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_of_a_hundred_values_the_ninety_fifth_is_the_percentile() -> None:
    assert percentile([float(n) for n in range(100, 0, -1)]) == 95
    assert percentile([1.0, 2.0, 3.0]) == 3


def test_every_page_is_timed_and_one_that_is_not_there_stops_the_measure(port: int) -> None:
    there, gone = Visitor("ema.localhost", "", ["/", "/"]), Visitor("ema.localhost", "", ["/x"])

    assert len(visit(port, [there, there], pause=(0, 0))) == 4
    with pytest.raises(NotThereError):
        visit(port, [there, gone], pause=(0, 0))


def test_a_part_that_the_server_did_not_keep_is_lost(port: int) -> None:
    candidate = Visitor("ilearn.localhost", "", ["/takes/"])

    (sent,) = films.send_all(port, [candidate], parts=4)

    assert (sent.parts, sent.lost) == (4, 1)
