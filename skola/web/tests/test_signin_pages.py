"""Every page of sign-in in a real browser: phone and desk, scripts restricted, with axe."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from conftest import sized
from skola.ground.people.models import Account, Guardianship, Mail
from skola.ground.people.tests import make
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from tests.journeys.browser import DESK, PHONE, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long enough one"
SHOTS = os.environ.get("SKOLA_SHOTS", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(autouse=True)
def no_limits_left(transactional_db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Visit:
    """A visitor who looks at every page: faults of scripts and of access are collected."""

    def __init__(self, context: BrowserContext, base: str, name: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(8_000)
        self.base = base
        self.name = name
        self.faults: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.look(path)

    def look(self, what: str) -> None:
        """Run axe on the page as it is, see that it does not scroll sideways, keep a picture."""
        name = re.sub(r"[\W0-9a-f-]{36}|\W+", "-", what).strip("-") or "home"
        if SHOTS:
            Path(SHOTS).mkdir(exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}-{self.name}.png", full_page=True)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.faults.append(f"{what}: {wide} px too wide")
        if self.name != sized("phone", self.name):
            return  # the same words and names, beside each other instead of one below the other
        violations = Axe().run(self.page).response["violations"]
        self.faults += [
            f"{what}: {one['id']} {node['html'][:120]}"
            for one in violations
            for node in one["nodes"]
        ]

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def visit(
    request: pytest.FixtureRequest, browser: Browser, live_server: Any, tenant: Tenant
) -> Iterator[Visit]:
    viewport: ViewportSize = request.param
    context = browser.new_context(viewport=viewport, reduced_motion="reduce", locale="en-GB")
    port = live_server.url.rpartition(":")[2]
    base = f"http://{tenant.slug}.localhost:{port}"
    yield Visit(context, base, "phone" if viewport["width"] < 600 else "desk")
    context.close()


@pytest.fixture
def account(tenant: Tenant) -> Account:
    made = make.account(email="ilze@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


@pytest.fixture
def code(tenant: Tenant) -> Callable[[str], str]:
    """The code in the latest mail to an address."""

    def read(address: str) -> str:
        with inside(tenant.pk):
            mail = Mail.objects.filter(address=address).latest("created_at")
        found = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.text, re.MULTILINE)
        assert found, mail.text
        return found[1]

    return read


def log_in(visit: Visit) -> None:
    visit.page.goto(f"{visit.base}/account/login/")
    visit.page.get_by_label("E-mail", exact=True).fill("ilze@example.org")
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.press("Sign in")
    if "/account/policy/" in visit.page.url:
        visit.press("Continue")


def test_pages_of_a_visitor(visit: Visit, account: Account, code: Callable[[str], str]) -> None:
    for path in ("login/", "login/code/", "password/reset/", "password/reset/done/", "inactive/"):
        visit.open(f"/account/{path}")
    visit.open("/account/login/")
    visit.page.get_by_label("E-mail", exact=True).fill("ilze@example.org")
    visit.page.get_by_label("Password").fill("not the right one")
    visit.press("Sign in")
    visit.look("login-wrong")
    visit.open("/account/login/code/")
    visit.page.get_by_label("E-mail", exact=True).fill("ilze@example.org")
    visit.press("Send me a code")
    visit.look("login-code-confirm")
    visit.page.get_by_label("Code").fill(code("ilze@example.org"))
    visit.press("Confirm")
    visit.look("policy-first")

    assert visit.faults == []
    assert "/account/policy/" in visit.page.url


def test_opening_an_account(visit: Visit, code: Callable[[str], str]) -> None:
    visit.open("/account/signup/")
    visit.page.get_by_label("Date of birth").fill("1990-05-04")
    visit.press("Continue")
    visit.look("signup-form")
    visit.page.get_by_label("Given name").fill("Jānis")
    visit.page.get_by_label("Family name").fill("Ozoliņš")
    visit.page.get_by_label("E-mail", exact=True).fill("janis@example.org")
    visit.page.get_by_label("Password").fill("short")
    visit.press("Open the account")
    visit.look("signup-wrong")
    visit.page.get_by_label("Password").fill("nobody guesses this one")
    visit.press("Open the account")
    visit.look("signup-code")
    visit.page.get_by_label("Code").fill(code("janis@example.org"))
    visit.press("Confirm")
    visit.open("/account/")

    assert visit.faults == []
    assert visit.page.get_by_text("Jānis Ozoliņš").first.is_visible()


def test_pages_of_the_account(visit: Visit, account: Account) -> None:
    log_in(visit)
    for path in ("", "contact/", "email/", "sessions/", "logout/", "password/change/"):
        visit.open(f"/account/{path}")
    visit.open("/account/2fa/")
    visit.open("/account/2fa/totp/activate/")
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.press("Confirm")
    visit.look("totp-activate")
    secret = visit.page.locator("dt:has-text('Key') + dd").inner_text().strip()
    visit.page.get_by_label("Code").fill(totp(secret))
    visit.press("Add the app")
    visit.look("recovery-codes")
    visit.open("/account/2fa/")
    visit.open("/account/2fa/recovery-codes/generate/")
    visit.open("/account/2fa/totp/deactivate/")
    visit.page.context.clear_cookies()
    log_in(visit)
    visit.look("second-factor")

    assert visit.faults == []


def test_a_passkey_is_added_opens_the_account_and_goes(visit: Visit, account: Account) -> None:
    tools = visit.page.context.new_cdp_session(visit.page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    log_in(visit)
    visit.open("/account/2fa/webauthn/add/")
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.press("Confirm")
    visit.look("passkey-add")
    visit.page.get_by_label("Use it without a password").check()
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name="Add", exact=True).click()
    visit.open("/account/2fa/webauthn/")
    visit.page.context.clear_cookies()
    visit.page.goto(f"{visit.base}/account/login/?next=/account/")
    with visit.page.expect_navigation(url="**/account/"):
        visit.page.get_by_role("button", name="Sign in with a passkey").click()
    visit.page.get_by_role("heading", name="Your account").wait_for()
    visit.open("/account/2fa/webauthn/")
    visit.page.get_by_role("link", name="Remove").click()
    visit.page.wait_for_load_state()
    visit.look("passkey-remove")

    assert visit.faults == []


def test_pages_of_the_peoples_administration(visit: Visit, account: Account) -> None:
    make.role(account.person, "administrator")
    other = make.account(email="anna@example.org").person
    make.role(other, "author")
    parent = make.person(email="parent@example.org")
    Guardianship.objects.create(child=other, guardian=parent, powers=["see"], starts_at=make.A_DAY)
    log_in(visit)
    visit.open("/people/")
    visit.open("/people/?q=nobody+like+this")
    for tab in ("", "roles/", "guardians/", "security/", "clocks/"):
        visit.open(f"/people/{other.pk}/{tab}")
    visit.page.goto(f"{visit.base}/people/{other.pk}/security/")
    visit.page.get_by_text("Something is wrong with it").click()
    visit.page.get_by_label("minor without a verified guardian").check()
    visit.page.get_by_label("How it was found").fill("The school told us.")
    visit.press("Record and tell the person")
    visit.look("people-found")

    assert visit.faults == []
    assert visit.page.get_by_text("The school told us.").is_visible()


def totp(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
