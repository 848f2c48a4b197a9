"""KIC: cookies that sign in and keep forged forms out."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client

from skola.ground.tenants.models import Tenant
from tests.promises import people
from tests.promises.keeping import keeps

pytestmark = [pytest.mark.tenant("kic"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def no_limits_left(tenant: Tenant) -> None:
    cache.clear()


@keeps("kic-cookie-login")
def test_the_session_cookie_changes_at_login_and_is_void_after_logout(tenant: Tenant) -> None:
    account = people.customer()
    who = people.browser(tenant)
    who.post("/account/signup/", {"birth_on": "1990-02-03"}, secure=True)
    before = who.cookies["sessionid"].value

    form = {"login": account.email, "password": people.PASSWORD}
    who.post("/account/login/", form, secure=True)

    cookie = who.cookies["sessionid"]
    assert cookie["httponly"] is True
    assert cookie["secure"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie.value != before
    old = cookie.value
    assert who.get("/account/", secure=True).status_code == 200
    who.post("/account/logout/", secure=True)
    who.cookies["sessionid"] = old
    assert who.get("/account/", secure=True).status_code == 302


@keeps("kic-cookie-fraud")
def test_a_form_without_its_token_is_refused_and_no_script_takes_fingerprints(
    tenant: Tenant,
) -> None:
    account = people.customer()
    form = {"login": account.email, "password": people.PASSWORD}
    forged = Client(enforce_csrf_checks=True, HTTP_HOST=f"{tenant.slug}.localhost")

    assert forged.post("/account/login/", form).status_code == 403
    assert forged.get("/account/").status_code == 302

    scripts = set()
    for path in ("/", "/privacy/", "/account/login/", "/account/signup/"):
        page = forged.get(path).content.decode()
        scripts |= set(re.findall(r'<script[^>]*\ssrc="([^"]+)"', page))
    assert scripts, "sign-in with a passkey has scripts"
    for script in scripts:
        assert script.startswith(settings.STATIC_URL)
        file = finders.find(script.removeprefix(settings.STATIC_URL).partition("?")[0])
        assert isinstance(file, str)
        with open(file) as text:
            words = text.read()
        for trace in ("toDataURL", "AudioContext", "getSupportedExtensions", "navigator.plugins"):
            assert trace not in words, f"{script} takes fingerprints"
