"""The style page and the display page in a browser: nothing for axe to find, nothing too wide."""

import mimetypes
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.http.cookie import parse_cookie
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pytest_django.fixtures import Settings

pytestmark = [pytest.mark.browser, pytest.mark.urls("skola.ground.ui.tests.urls")]

HOST = "http://school.localhost"
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
LOOKS = {
    "light": "c0.s100.f0.d1",
    "dark": "c0.s100.f0.d2",
    "high contrast": "c1.s100.f0.d1",
    "high contrast, dark": "c1.s100.f0.d2",
    "large and readable": "c0.s150.f1.d1",
}
SIZES = {"phone": 360, "narrow": 320, "desk": 1280}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=QUIET.split()
        )
        yield chromium
        chromium.close()


def _answer(route: Route) -> None:
    """Serve the room's own pages and files, and refuse every other host."""
    asked = urlsplit(route.request.url)
    if f"{asked.scheme}://{asked.netloc}" != HOST:
        route.abort()
        return
    if asked.path.startswith("/static/"):
        found = finders.find(asked.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(asked.path)[0] or "text/plain"
        route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)
        return
    request = RequestFactory().get(f"{asked.path}?{asked.query}")
    cookie = route.request.all_headers().get("cookie", "")
    request.COOKIES.update(parse_cookie(cookie))
    with translation.override("en"):
        response: HttpResponse = resolve(asked.path).func(request)
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"
    route.fulfill(
        body=response.content,
        status=response.status_code,
        headers={**response.headers, "Content-Security-Policy": policy},
    )


def _open(browser: Browser, path: str, look: str, size: str) -> tuple[Page, list[str]]:
    context = browser.new_context(viewport={"width": SIZES[size], "height": 800})
    context.add_cookies([{"name": "display", "value": LOOKS[look], "url": HOST}])
    context.route("**/*", _answer)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(HOST + path)
    return page, said


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.DEMO, settings.UI_HOOKS, settings.STATIC_URL = True, {}, "/static/"


@pytest.mark.parametrize("path", ["/styleguide/", "/display/"])
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_axe_finds_nothing(browser: Browser, path: str, look: str, size: str) -> None:
    page, said = _open(browser, path, look, size)
    found = Axe().run(page).response["violations"]
    page.context.close()
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert said == []


@pytest.mark.parametrize("look", ["light", "large and readable"])
@pytest.mark.parametrize("path", ["/styleguide/", "/display/"])
def test_no_page_scrolls_sideways_at_320_px(browser: Browser, path: str, look: str) -> None:
    page, _said = _open(browser, path, look, "narrow")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert wide == SIZES["narrow"]


def test_controls_are_large_enough_to_touch(browser: Browser) -> None:
    page, _said = _open(browser, "/styleguide/", "light", "phone")
    heights = page.eval_on_selector_all(
        ".button, input:not([type=checkbox], [type=radio], [type=hidden]), select, .tabs a",
        "them => them.map(it => it.getBoundingClientRect().height)",
    )
    page.context.close()
    assert heights
    assert min(heights) >= 44


def test_the_keyboard_meets_the_skip_link_first(browser: Browser) -> None:
    page, _said = _open(browser, "/display/", "light", "desk")
    page.keyboard.press("Tab")
    words = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    target = page.evaluate("document.activeElement.id")
    page.context.close()
    assert (words, target) == ("Skip to the content", "main")
