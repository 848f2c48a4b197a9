"""Banner and settings page in a real browser: phone and desk, light and dark, with axe."""

import os
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize

from skola.ground.tenants.models import Tenant
from tests.journeys.browser import DESK, PHONE, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SKOLA_SHOTS", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_question_and_settings_can_be_read_by_everybody(
    browser: Browser,
    live_server: Any,
    tenant: Tenant,
    viewport: ViewportSize,
    scheme: Literal["light", "dark"],
) -> None:
    context = browser.new_context(viewport=viewport, color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    base = f"http://ilearn.localhost:{live_server.url.rpartition(':')[2]}"
    for path in ("/", "/cookies/", "/cookies/kept/"):
        page.goto(base + path)
        if SHOTS:
            name = f"{path.strip('/').replace('/', '-') or 'banner'}-{viewport['width']}-{scheme}"
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=path == "/cookies/")
        violations = Axe().run(page).response["violations"]
        found = [f"{one['id']} {node['html']}" for one in violations for node in one["nodes"]]
        assert found == [], path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0
    context.close()
