"""``skola cookies check``, run as an officer runs it, on a clean service and on another."""

import argparse
import http.client
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from skola.promises.cookies.api import Kind, Register, Seen, Stage, faults
from skola.promises.cookies.rules import Entry
from skola.web.commands import cookies, installation
from tests.promises.visiting import ADDRESS, PASSWORD, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.tenant("ilearn"),
    pytest.mark.django_db(transaction=True),
]
SPY = b'<img src="https://spy.example/pixel.gif" alt="">'


class Meddling(http.server.BaseHTTPRequestHandler):
    """Passes everything on to the service behind it, and adds to one page what nobody names."""

    behind: int

    def do_GET(self) -> None:
        self._pass_on(None)

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _pass_on(self, body: bytes | None) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.behind)) as there:
            self._ask(there, body)

    def _ask(self, there: http.client.HTTPConnection, body: bytes | None) -> None:
        told = {key: value for key, value in self.headers.items() if key != "Accept-Encoding"}
        there.request(self.command, self.path, body, told)
        answer = there.getresponse()
        content, meddles = answer.read(), self.path.partition("?")[0] == "/courses/"
        if meddles:
            content = content.replace(b"</main>", SPY + b"</main>")
        self.send_response(answer.status)
        for key, value in answer.getheaders():
            if key not in {"Content-Length", "Transfer-Encoding", "Connection"} and not (
                meddles and key.startswith("Content-Security-Policy")
            ):
                self.send_header(key, value)
        if meddles:
            self.send_header("Set-Cookie", "spy=1; Max-Age=31536000; Path=/")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@contextmanager
def meddled(site: Site) -> Iterator[str]:
    """The address of a proxy before the service that adds a cookie and a picture."""
    handler = type("Handler", (Meddling,), {"behind": site.port})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{site.slug}.localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command speaks to the database of the test."""
    monkeypatch.setattr(installation, "open_up", lambda *_words, **_more: None)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data")
    cookies.add_arguments(parser)
    return cookies.run(parser.parse_args(["check", *words]))


def test_a_clean_service_is_green_and_one_that_sets_what_nobody_names_is_not(
    site: Site, capsys: pytest.CaptureFixture[str], account: object, monkeypatch: Any
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _question: PASSWORD)
    assert run(site.url("/"), "--pages", "5", "--as", ADDRESS, "--json") == 0
    visitor, signed_in = json.loads(capsys.readouterr().out)
    assert (visitor["faults"], signed_in["faults"]) == ([], [])
    assert signed_in["signed_in_as"] == ADDRESS
    assert {"/", "/courses/"} <= set(visitor["pages"])
    stages = ("before", "necessary", "all", "withdrawn")
    at = {(one["stage"], one["page"]): one for one in visitor["seen"]}
    assert {(stage, page) for stage in stages for page in visitor["pages"]} <= set(at)
    assert all(one["request"] == [] for one in visitor["seen"])
    assert at["before", "/"]["cookie"] == []
    kept = {one["name"]: one["class"] for one in at["necessary", "/"]["cookie"]}
    assert kept["view_cookie_policy"] == "necessary"
    assert set(kept.values()) == {"necessary"}
    own = {one["name"] for page in signed_in["seen"] for one in page["cookie"]}
    assert "sessionid" in own

    with meddled(site) as address:
        assert run(address, "--pages", "5") == 1
    said = capsys.readouterr().out
    for stage in ("before a choice", "after refusing all", "after taking that back"):
        assert f"WRONG  cookie spy (ilearn.localhost), on /courses/, {stage}" in said
        assert f"request spy.example (https://spy.example/pixel.gif), on /courses/, {stage}" in said
    assert "The policy names no such cookie." in said
    assert "add a [[cookie]]" in said
    assert "8 to put right." in said


def test_it_says_what_is_missing(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("http://ilearn.localhost:9/") == 2
    assert "does not answer" in capsys.readouterr().err
    assert run("nobody") == 2
    assert "There is no tenant" in capsys.readouterr().err
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    assert run(site.url("/")) == 2
    assert "apt install chromium" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert run(site.url("/")) == 2
    assert "skola[browser]" in capsys.readouterr().err


DAY = timedelta(days=1)
REGISTER = Register(
    entries=(
        Entry("sessionid", "necessary", True, None),
        Entry("lang", "functional", True, 180 * DAY),
        Entry("_ga*", "performance", False, 730 * DAY, host="counts.example"),
        Entry("seen", "performance", True, 30 * DAY, kind="local-storage"),
        Entry("old", "functional", True, DAY, retired=True),
    ),
    offered=("necessary", "functional", "performance"),
)
OWN = ("north-school.example",)


def wrong(stage: Stage, kind: Kind, name: str, where: str = "", lasts: Any = None) -> str:
    """What is said of one thing that was seen; nothing where all is well."""
    found = list(faults([Seen(stage, "/", kind, name, where, lasts)], REGISTER, OWN))
    return found[0].what if found else ""


def test_what_was_seen_is_judged_by_class_lifetime_and_whose_it_is() -> None:
    host = OWN[0]
    cookie, storage, request = Kind.COOKIE, Kind.STORAGE, Kind.REQUEST
    assert wrong(Stage.BEFORE, cookie, "sessionid", host) == ""
    assert "It lasts 9 days" in wrong(Stage.BEFORE, cookie, "sessionid", host, 9 * DAY)
    assert wrong(Stage.ALL, cookie, "lang", host, 180 * DAY) == ""
    assert "It lasts 365 days" in wrong(Stage.ALL, cookie, "lang", host, 365 * DAY)
    assert wrong(Stage.NECESSARY, cookie, "lang", host) == "", "for this visit"
    assert "refused" in wrong(Stage.NECESSARY, cookie, "lang", host, DAY)
    assert "no more" in wrong(Stage.ALL, cookie, "old", host, DAY)
    assert "no such cookie" in wrong(Stage.ALL, cookie, "spy", host)
    assert wrong(Stage.ALL, cookie, "_ga1", "counts.example", DAY) == ""
    assert wrong(Stage.WITHDRAWN, cookie, "_ga1", "counts.example", DAY) == "", "its host's alone"
    assert "took the consent back" in wrong(Stage.WITHDRAWN, cookie, "_ga1", host, DAY)
    assert "own, and spy.example sets it" in wrong(Stage.ALL, cookie, "lang", "spy.example")
    assert wrong(Stage.ALL, storage, "seen", "localStorage") == ""
    assert "nobody has been asked" in wrong(Stage.BEFORE, storage, "seen", "localStorage")
    assert "no such entry" in wrong(Stage.ALL, storage, "other", "IndexedDB")
    assert wrong(Stage.ALL, request, "www.counts.example") == ""
    assert "nobody has been asked" in wrong(Stage.BEFORE, request, "counts.example")
    assert "took the consent back" in wrong(Stage.WITHDRAWN, request, "counts.example")
    assert wrong(Stage.BEFORE, request, host) == ""
    assert "no such host of somebody else" in wrong(Stage.ALL, request, "spy.example")
