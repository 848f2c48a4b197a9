"""A visitor who opens every page in a real browser, and writes down what it keeps and asks for.

Four times: before a choice about cookies, after refusing all, after accepting all, and after
taking that back. What goes to others is written down and stopped here, unless it is asked to go.
"""

import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import URLPattern, URLResolver, get_resolver

from skola.promises.cookies.api import Kind, Seen, Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SETTLE_MS = 150
"""How long a page may go on working after it was loaded."""
PATIENCE_MS = 20_000
OF_ONE_SHAPE = 2
"""Pages that differ in nothing but an id: so many of them are opened."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
)
NOT_OPENED = re.compile(r"/(logout|metrics|demo)(/|$)")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|[A-Za-z0-9_=-]{24,}")


class NoBrowserError(Exception):
    """There is nothing to look through; the message says what to install."""


class NotThereError(Exception):
    """The service does not answer, or not as a service of ours does; the message says what now."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks: nobody, a persona of the demo by name, or an account by address and password."""

    name: str = ""
    password: str = ""


@dataclass
class Walk:
    """What was seen on the way."""

    address: str
    pages: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    broken: list[tuple[str, int]] = field(default_factory=list)
    """Pages that answered with an error of the service."""
    is_cut_short: bool = False
    """Whether there may be more pages than were asked for."""


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Start Chromium without a window. Raises NoBrowserError, with what to install."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoBrowserError(
            "A real browser is driven by Playwright, which is not needed to run Skola and is not"
            " installed: `pip install 'skola[browser]'`, or `pip install playwright`."
        ) from None
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        names = ("chromium", "chromium-browser", "google-chrome")
        path = next((found for name in names if (found := shutil.which(name))), None)
        if path is None and not own.exists():
            raise NoBrowserError(
                "There is no Chromium: `apt install chromium`, or `playwright install chromium`."
            )
        running = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield running
        finally:
            running.close()


def walk(
    browser: "Browser",
    address: str,
    *,
    own: Iterable[str],
    visitor: Visitor = Visitor(),
    most: int,
    let_out: frozenset[str] = frozenset(),
) -> Walk:
    """Open the pages of a service four times, and return what was seen.

    ``own`` are its host names, ``most`` how many pages, ``let_out`` the hosts of others that may be
    reached. Raises NotThereError.
    """
    made = Walk(address.rstrip("/"))
    first = _Look(browser, made, frozenset(own), let_out)
    first.enter(visitor)
    first.find(most)
    first.choose("none")
    first.again(Stage.NECESSARY)
    first.close()
    second = _Look(browser, made, frozenset(own), let_out)
    second.enter(visitor)
    second.choose("all")
    second.again(Stage.ALL)
    second.choose("none")
    second.again(Stage.WITHDRAWN)
    second.close()
    return made


class _Look:
    """One browser profile on its way."""

    def __init__(
        self, browser: "Browser", made: Walk, own: frozenset[str], let_out: frozenset[str]
    ) -> None:
        self.made, self.own, self.let_out = made, own, let_out
        self.stage, self.at = Stage.BEFORE, "/"
        self.context: BrowserContext = browser.new_context(locale="en-GB", reduced_motion="reduce")
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.route("**/*", self._asked)
        self.page: Page = self.context.new_page()
        self.page.on("websocket", self._asked_by_socket)
        self.page.on("dialog", lambda dialog: dialog.dismiss())
        self.asked: set[tuple[str, str]] = set()

    def close(self) -> None:
        self.context.close()

    def _asked(self, route: Any) -> None:
        host = self._note_request(route.request.url)
        if host in self.own or any(host == one or host.endswith(f".{one}") for one in self.let_out):
            route.continue_()
        else:
            route.abort()

    def _asked_by_socket(self, socket: Any) -> None:
        self._note_request(socket.url)

    def _note_request(self, url: str) -> str:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme in {"http", "https", "ws", "wss"} and host not in self.own:
            self.asked.add((host, f"{parts.scheme}://{parts.netloc}{parts.path}"))
        return host

    # ---- ways ----

    def enter(self, visitor: Visitor) -> None:
        """Be somebody, if asked to. What is set on the way counts as set before a choice."""
        self._open("/")
        if not visitor.name:
            return
        if "@" in visitor.name:
            self._open("/account/login/")
            self.page.fill("input[name=login]", visitor.name)
            self.page.fill("input[name=password]", visitor.password)
            self.page.locator("main form button").first.click()
        else:
            self._open("/demo/")
            card = self.page.locator(".doors li", has_text=visitor.name).locator("button")
            if card.count() == 0:
                raise NotThereError(
                    f"{self.made.address}/demo/ knows nobody called “{visitor.name}”. Name one of"
                    " the people shown there, or an account by its e-mail address."
                )
            card.first.click()
        self.page.wait_for_load_state()
        if "/account/policy/" in self.page.url:
            self.page.locator("main form button").first.click()
            self.page.wait_for_load_state()
        self._look("/account/login/")
        if self.page.locator("header .menu-who").count() == 0:
            raise NotThereError(f"“{visitor.name}” could not sign in. Is the password right?")

    def find(self, most: int) -> None:
        """Open every page that is found: where pages lead first, then the site map."""
        linked, mapped = list[str](), site_map()
        shapes, known = dict[str, int](), set[str]()
        self._after_open(self._open("/"), linked, known)
        while linked or mapped:
            path = linked.pop(0) if linked else mapped.pop(0)
            shape = _ID.sub("*", path)
            if path in known or NOT_OPENED.search(path) or shapes.get(shape, 0) >= OF_ONE_SHAPE:
                continue
            if len(self.made.pages) >= most:
                self.made.is_cut_short = True
                return
            known.add(path)
            status, kind = self.page.evaluate(_ASKED, path)
            if status >= 500:
                self.made.broken.append((path, status))
            if status != 200 or not kind.startswith("text/html"):
                continue
            shapes[shape] = shapes.get(shape, 0) + 1
            self._after_open(self._open(path), linked, known)

    def _after_open(self, path: str, waiting: list[str], known: set[str]) -> None:
        known.add(path)
        if path not in self.made.pages:
            self.made.pages.append(path)
        links = self.page.eval_on_selector_all(
            "a[href]:not([download])", "all => all.map(one => one.href)"
        )
        for link in dict.fromkeys(links):
            parts = urlsplit(urldefrag(urljoin(self.page.url, link))[0])
            if f"{parts.scheme}://{parts.netloc}" == self.made.address and parts.path not in known:
                waiting.append(parts.path)

    def again(self, stage: Stage) -> None:
        """Open the pages again that were found."""
        self.stage = stage
        for path in self.made.pages:
            self._open(path)

    def choose(self, choice: str) -> None:
        """Answer the question about cookies on its own page."""
        self._open("/cookies/")
        button = self.page.locator(f"main button[name=choice][value={choice}]")
        if button.count() == 0:
            raise NotThereError(
                f"{self.made.address}/cookies/ offers no choice. Is it the address of a service?"
            )
        button.first.click()
        self.page.wait_for_load_state()
        if urlsplit(self.page.url).path.startswith("/cookies/kept/"):
            raise NotThereError(
                f"{self.made.address} did not keep the choice: a proxy may take its cookie away."
            )

    # ---- looking ----

    def _open(self, path: str) -> str:
        """Open a page and look around; return where it led."""
        from playwright.sync_api import Error

        self.at = path
        try:
            answer = self.page.goto(self.made.address + path)
        except Error as problem:
            first = str(problem).partition("\n")[0]
            raise NotThereError(
                f"{self.made.address}{path} does not answer: {first}. Start the service (`skola"
                " demo`, `skola serve`), or name its address."
            ) from problem
        if answer is not None and answer.status >= 500 and self.stage is Stage.BEFORE:
            self.made.broken.append((path, answer.status))
        self.page.wait_for_timeout(SETTLE_MS)
        here = urlsplit(self.page.url).path
        self._look(path)
        return here

    def _look(self, path: str) -> None:
        """Write down what the browser keeps, and whom this page asked."""
        stage, now = self.stage, time.time()
        for cookie in self.context.cookies():
            ends = float(cookie.get("expires", -1))
            lasts = timedelta(seconds=max(0.0, ends - now)) if ends > 0 else None
            name, domain = cookie.get("name", ""), cookie.get("domain", "")
            self.made.seen.append(Seen(stage, path, Kind.COOKIE, name, domain, lasts))
        for where, name in self.page.evaluate(_STORED):
            self.made.seen.append(Seen(stage, path, Kind.STORAGE, name, where))
        for host, url in sorted(self.asked):
            self.made.seen.append(Seen(stage, path, Kind.REQUEST, host, url))
        self.asked.clear()


_ASKED = """async path => {
  try {
    const answer = await fetch(path, {redirect: "manual"});
    const file = (answer.headers.get("content-disposition") || "").startsWith("attachment");
    return [answer.status, file ? "" : answer.headers.get("content-type") || ""];
  } catch { return [0, ""]; }
}"""
"""What an address answers, asked by the page itself: a way that leads elsewhere is not followed."""
_STORED = """async () => {
  const found = [];
  const all = {localStorage: () => localStorage, sessionStorage: () => sessionStorage};
  for (const [where, open] of Object.entries(all)) {
    try { for (const name of Object.keys(open())) found.push([where, name]); } catch {}
  }
  try {
    for (const one of await indexedDB.databases()) found.push(["IndexedDB", one.name]);
  } catch {}
  try { for (const name of await caches.keys()) found.push(["Cache", name]); } catch {}
  return found;
}"""


def site_map() -> list[str]:
    """Return every address of ours that names nothing in particular."""
    return sorted(f"/{path}" for path in _plain(get_resolver(), "") if "<" not in path)


def _plain(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        path = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _plain(one, path)
        elif isinstance(one, URLPattern) and not re.search(r"[\\^$(]", path):
            yield path
