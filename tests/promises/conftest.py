"""Fixtures of the promises: a tenant's service running for real, and browsers that visit it."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.services.courses.tests.make import course
from tests.journeys.browser import DESK, FLAGS, chromium
from tests.promises.editing import Folder
from tests.promises.marking import AT
from tests.promises.people import working
from tests.promises.visiting import ADDRESS, PASSWORD, Site

Restartable = Callable[..., AbstractContextManager[BrowserContext]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with chromium() as running:
        yield running


@pytest.fixture
def standing(db: None) -> Iterator[None]:
    """Nothing is counted yet, and the clock stands at ``AT``."""
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


@pytest.fixture
def site(live_server: Any, tenant: Tenant) -> Iterator[Site]:
    """The tenant's service, reached by its own host name, with one course to look at."""
    cache.clear()
    course(author=make.person(given_name="Anna", family_name="Autore"))
    yield Site(tenant.slug, int(live_server.url.rpartition(":")[2]))
    cache.clear()


@pytest.fixture
def account(tenant: Tenant) -> Account:
    """Somebody who can sign in."""
    made = make.account(email=ADDRESS, password=PASSWORD)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


@pytest.fixture
def officer(tenant: Tenant) -> Client:
    """The browser of the data-protection officer."""
    return working(tenant, "officer")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser that was never here."""
    context = browser.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def start_browser(browser: Browser, tmp_path: Path) -> Restartable:
    """Start a browser that keeps its profile from one start to the next; it can block cookies."""

    @contextmanager
    def start(*, cookies_blocked: bool = False) -> Iterator[BrowserContext]:
        profile = tmp_path / ("blocking" if cookies_blocked else "profile")
        if cookies_blocked:
            (profile / "Default").mkdir(parents=True)
            values = {"profile": {"default_content_setting_values": {"cookies": 2}}}
            (profile / "Default" / "Preferences").write_text(json.dumps(values))
        context = browser.browser_type.launch_persistent_context(
            profile,
            executable_path=shutil.which("chromium"),
            args=FLAGS,
            locale="en-GB",
        )
        try:
            yield context
        finally:
            context.close()

    return start


@pytest.fixture
def folder(tenant: Tenant, tmp_path: Path, settings: Any) -> Folder:
    """The tenant's published policies, in a folder of this test."""
    made = Folder(tmp_path, tenant.slug)
    settings.POLICIES = made.published
    return made
