"""The first page in a real browser: light, alone, without cookies, accessible, without script."""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Request, ViewportSize, expect

from tests.journeys.browser import DESK, PHONE
from tests.journeys.running import TENANTS, Demo

pytestmark = pytest.mark.browser
FIRST_LOAD_LIMIT = 150_000


@pytest.mark.parametrize("path", ["/", "/privacy/"])
@pytest.mark.parametrize("tenant", TENANTS)
def test_a_page_is_light_and_asks_no_other_host(
    demo: Demo, browser: Browser, tenant: str, path: str
) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    hosts: set[str | None] = set()
    sizes: list[int] = []

    def note(request: Request) -> None:
        hosts.add(urlsplit(request.url).hostname)

    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.on("request", note)
    page.goto(f"http://{tenant}.localhost:{demo.port}{path}", wait_until="networkidle")

    assert hosts == {f"{tenant}.localhost"}
    assert sum(sizes) < FIRST_LOAD_LIMIT
    assert context.cookies() == []
    context.close()


CONTRAST = "color-contrast"
LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"], dict[str, object]]] = {
    "phone, light": (PHONE, "light", {}),
    "phone, dark": (PHONE, "dark", {"runOnly": [CONTRAST]}),
    "desk": (DESK, "light", {"rules": {CONTRAST: {"enabled": False}}}),
}
"""How a page is looked at. Colours are the same at every width, and all else by day and night."""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("tenant", TENANTS)
def test_axe_finds_nothing(demo: Demo, browser: Browser, tenant: str, look: str) -> None:
    viewport, scheme, rules = LOOKS[look]
    context = browser.new_context(
        viewport=viewport, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    found = {}
    for path in ("/", "/privacy/", "/account/login/", "/demo/"):
        page.goto(f"http://{tenant}.localhost:{demo.port}{path}")
        result = Axe().run(page, options={"resultTypes": ["violations"], **rules})
        if result.violations_count:
            found[path] = result.generate_report()
    context.close()

    assert found == {}


@pytest.mark.parametrize("tenant", TENANTS)
def test_it_works_without_javascript(demo: Demo, browser: Browser, tenant: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(f"http://{tenant}.localhost:{demo.port}/")
    page.get_by_role("link", name="Enter as one of them").click()
    page.get_by_role("button").filter(has_text="Enter as").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("What now")
    context.close()


def test_no_page_scrolls_sideways_on_a_phone(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    wide = []
    for path in (
        "/",
        "/privacy/",
        "/courses/",
        "/desk/",
        "/account/login/",
        "/cookies/",
        "/display/",
    ):
        page.goto(f"http://ilearn.localhost:{demo.port}{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide.append((path, width))
    context.close()

    assert wide == []
