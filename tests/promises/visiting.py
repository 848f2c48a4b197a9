"""What the tests of promises do at a service, as somebody outside would."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from html import unescape
from http.cookies import Morsel
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Page, Route

POLICIES = Path(__file__).resolve().parents[2] / "policies"
ADDRESS, PASSWORD = "ilze@example.org", "a long enough one"
PLAIN = ("/", "/privacy/", "/courses/", "/courses/first-aid-at-work/", "/cookies/", "/robots.txt")
"""Public pages without a form of their own."""
FORMS = ("/display/", "/desk/", "/account/login/", "/account/signup/")
LASTS = {
    "session": None,
    "6 months": timedelta(days=180),
    "1 year": timedelta(days=365),
    "2 years": timedelta(days=730),
}
NECESSARY = {"sessionid", "csrftoken", "view_cookie_policy", "cookie_choice"}


@dataclass(frozen=True)
class Site:
    """A running service of a tenant."""

    slug: str
    port: int

    def url(self, path: str, *, host: str = "") -> str:
        """The address of a page; ``host`` is another name of the same tenant."""
        return f"http://{host or f'{self.slug}.localhost'}:{self.port}{path}"


def register(slug: str) -> list[dict[str, Any]]:
    """The cookies that the tenant's policy names, as its file says."""
    newest = max((POLICIES / slug).glob("*.toml"))
    found: list[dict[str, Any]] = tomllib.loads(newest.read_text(encoding="utf-8"))["cookie"]
    return found


def entry(slug: str, name: str) -> dict[str, Any]:
    """The line of the register for a cookie. Fails when there is none."""
    found = [one for one in register(slug) if fnmatchcase(name, one["name"])]
    assert found, f"{name} is not in the register of {slug}"
    return found[0]


def rows(html: str) -> dict[str, list[str]]:
    """The tables of the cookie page: name of the cookie to the words of its cells."""
    body = re.findall(r"<tr[^>]*><th scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", html, re.DOTALL)
    return {
        _words(name): [
            _words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)
        ]
        for name, cells in body
    }


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html)).strip()


def names(page: Page) -> set[str]:
    """The cookies in the browser."""
    return {cookie.get("name", "") for cookie in page.context.cookies()}


def crawl(page: Page, site: Site, *, forms: bool = True) -> Iterator[str]:
    """Open every public page in turn."""
    for path in PLAIN + (FORMS if forms else ()):
        answer = page.goto(site.url(path))
        assert answer is not None
        assert answer.status in {200, 404}, path
        if answer.status == 200:
            yield path


def answer(page: Page, site: Site, button: str) -> None:
    """Press a button of the banner on the first page."""
    page.goto(site.url("/"))
    page.locator(".cookie-banner").get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def log_in(page: Page, site: Site) -> None:
    """Sign in with the account of the tests."""
    page.goto(site.url("/account/login/"))
    page.get_by_label("E-mail", exact=True).fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    if "/account/policy/" in page.url:
        page.get_by_role("main").get_by_role("button", name="Continue").click()
        page.wait_for_load_state()
    assert page.locator("header .menu-who").count() == 1


def log_out(page: Page) -> None:
    """Sign out by the menu."""
    page.locator("header .menu-end summary").click()
    page.locator("header").get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()


class Elsewhere:
    """All requests that leave for another host; they are answered here, so none gets out."""

    def __init__(self, page: Page, site: Site) -> None:
        self.hosts: set[str] = set()
        self._own = site.slug
        page.route("**/*", self._see)

    def _see(self, route: Route) -> None:
        host = urlsplit(route.request.url).hostname or ""
        if host.endswith(f"{self._own}.localhost"):
            route.continue_()
            return
        self.hosts.add(host)
        route.fulfill(status=200, content_type="image/svg+xml", body="<svg/>")


def load_from(page: Page, *hosts: str) -> None:
    """Do what a tag in a page would do: fetch a picture and a frame of other hosts."""
    page.evaluate(
        """hosts => Promise.all(hosts.flatMap(host => ['img', 'iframe', 'script'].map(tag =>
            new Promise(done => {
                const part = document.createElement(tag);
                part.onload = part.onerror = done;
                setTimeout(done, 400);
                part.src = `https://${host}/collect.svg`;
                document.body.append(part);
            }))))""",
        list(hosts),
    )


def look_of(page: Page, *buttons: str) -> list[Any]:
    """How prominent the parts of the banner with these words are: size, colours, weight."""
    return [
        page.locator(".cookie-banner")
        .get_by_text(words, exact=True)
        .evaluate(
            """it => { const s = getComputedStyle(it), b = it.getBoundingClientRect();
                return [s.color, s.backgroundColor, s.fontSize, s.fontWeight, s.borderTopColor,
                    Math.round(b.width), Math.round(b.height)]; }"""
        )
        for words in buttons
    ]


# ---- without a window ----


def sign_in(client: Client, *, secure: bool = False) -> "dict[str, Morsel[str]]":
    """Send the sign-in form; returns the cookies of the answer."""
    sent = {"login": ADDRESS, "password": PASSWORD}
    answered = client.post("/account/login/", sent, secure=secure)
    assert answered.status_code == 302
    return dict(answered.cookies)


def signed_in(client: Client) -> bool:
    """Whether the service knows who this is."""
    return client.get("/account/").status_code == 200


def choose(client: Client, choice: str, *classes: str, **headers: str) -> Any:
    """Send the form of the settings page."""
    sent = {"choice": choice, "class": classes, "next": "/"}
    return client.post("/cookies/choices/", sent, headers=headers)


def later(client: Client, days: int) -> None:
    """Let the browser's jar drop what has ended ``days`` days later, as RFC 6265 says."""
    for name, morsel in list(client.cookies.items()):
        lasts = morsel["max-age"]
        if lasts != "" and int(lasts) <= days * 86_400:
            del client.cookies[name]


def asks(client: Client) -> bool:
    """Whether the first page asks about cookies."""
    return b"cookie-banner" in client.get("/").content
