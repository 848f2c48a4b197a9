"""A processor on this machine: a real server that takes what is sent, and remembers it."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.ground.jobs import registry
from skola.promises.connectors import actions


@dataclass
class Receiver:
    """What came, in the order in which it came, and how it is answered."""

    port: int = 0
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    seconds: float = 0

    def url(self, task: str) -> tuple[str, str]:
        """Key and address of a task, as the settings have them."""
        return "k-1", f"http://127.0.0.1:{self.port}/{task}"

    def bodies(self, task: str) -> list[Any]:
        """What came for a task."""
        return [json.loads(body) for path, _heads, body in self.came if path == f"/{task}"]

    @property
    def everything(self) -> str:
        """All that came: addresses, heads, bodies."""
        return "\n".join(f"{path} {heads} {body.decode()}" for path, heads, body in self.came)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run the server while the block runs."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.came.append((self.path, dict(self.headers), body))
            time.sleep(made.seconds)
            self.send_response(made.status)
            self.send_header("Location", f"http://127.0.0.1:{made.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_told: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    with _running(server):
        yield made


@contextmanager
def posting() -> Iterator[tuple[int, list[str]]]:
    """A mail server that takes everything: its port, and each mail with envelope and heads."""
    came: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            said, is_text = [], False
            self._say("220 here")
            for raw in self.rfile:
                line = raw.decode().rstrip("\r\n")
                said.append(line)
                if is_text and line == ".":
                    is_text = False
                    came.append("\n".join(said))
                    self._say("250 taken")
                elif is_text:
                    continue
                elif line.upper().startswith("DATA"):
                    is_text = True
                    self._say("354 go on")
                else:
                    self._say("221 bye" if line.upper() == "QUIT" else "250 fine")

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with _running(server):
        yield server.server_address[1], came


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_JOBS = {name: work for work, name in registry._names.items()}


def work(at: Any, name: str = actions.SHIP) -> list[Exception]:
    """Do what waits in the queue under a name; return what was raised, which is tried again."""
    raised: list[Exception] = []
    with clock.standing_at(at):
        for values in jobs.waiting(name):
            try:
                _JOBS[name](**values)
            except Exception as error:
                raised.append(error)
    return raised


def come_round(at: Any) -> None:
    """What the clock does every half hour."""
    with clock.standing_at(at):
        _JOBS[actions.FOLLOW]()
