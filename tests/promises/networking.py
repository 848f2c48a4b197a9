"""An outside network of the tests: it asks who one is, and tells the service (OpenID Connect)."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey

CLIENT, SECRET = "our-client", "our-secret-of-thirty-two-letters"


@dataclass
class Provider:
    """The network as it runs: its address, whom it tells of, and what it was asked."""

    port: int
    person: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Every address that was asked of it, in order, with its query."""

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def scopes(self) -> set[str]:
        """What the service wished to know of people."""
        found = [parse_qs(urlsplit(one).query).get("scope", [""])[0] for one in self.asked]
        return {word for one in found for word in one.split()}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self) -> dict[str, Any]:
        """The answer to a code: an access token, and who it is."""
        now = int(time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person}
        signed = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running(**person: Any) -> Iterator[Provider]:
    """Run a network that tells of this person to whoever presses its button."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = Provider(server.server_port, dict(person))

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, *words: Any) -> None:
            """Say nothing."""

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            provider.asked.append(self.path)
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                query = {key: one[0] for key, one in parse_qs(parts.query).items()}
                back = urlencode({"code": "c", "state": query["state"]})
                there = f"{query['redirect_uri']}?{back}".replace("&", "&amp;")
                page = f"<!doctype html><title>Network</title><a href='{there}'>It is me</a>"
                self._send(page.encode(), "text/html")
                return
            told = provider.person if parts.path == "/userinfo" else provider.discovery()
            self._send(json.dumps(told).encode(), "application/json")

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self._send(json.dumps(provider.token()).encode(), "application/json")

    server.RequestHandlerClass = Answers
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
