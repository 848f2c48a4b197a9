"""iLearn's promises about cookies, each as its check says."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Host, Tenant
from skola.ground.tenants.queries import forget_hosts
from skola.promises.cookies.sealing import opened
from tests.promises import visiting as visit
from tests.promises.conftest import Restartable
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db(transaction=True)]
EN = {"Accept-Language": "en"}
CHOICE = "view_cookie_policy"


def html(client: Client, path: str = "/", **headers: str) -> str:
    return client.get(path, headers=EN | headers).content.decode()


@keeps("ilearn-37")
@pytest.mark.browser
def test_every_cookie_of_a_crawl_is_on_the_page_and_none_comes_too_early(
    page: Page, site: Site
) -> None:
    for _path in visit.crawl(page, site):
        assert visit.names(page) <= visit.NECESSARY
        assert page.locator("footer a[href='/cookies/']").count() == 1 or page.url.endswith(".txt")
    visit.answer(page, site, "Accept all")
    page.goto(site.url("/display/"))
    page.get_by_label("High contrast").check()
    page.get_by_role("button", name="Keep it so").click()
    page.goto(site.url("/cookies/"))
    listed = visit.rows(page.content())
    assert "display" in visit.names(page)
    assert visit.names(page) <= set(listed)


@keeps("ilearn-cookie-scope")
@pytest.mark.browser
def test_the_choice_holds_on_a_subdomain(page: Page, site: Site, tenant: Tenant) -> None:
    Host.objects.create(tenant=tenant, name="kursi.ilearn.localhost")
    forget_hosts()
    visit.answer(page, site, "Accept all")
    answered = page.goto(site.url("/", host="kursi.ilearn.localhost"))
    assert page.locator(".cookie-banner").count() == 0
    assert answered is not None
    assert "google.com" in answered.headers["content-security-policy"]
    page.goto(site.url("/cookies/", host="kursi.ilearn.localhost"))
    assert page.get_by_role("checkbox", checked=True).count() == 4


@keeps("ilearn-cookie-refuse-browser")
@pytest.mark.browser
def test_with_cookies_blocked_pages_open_and_sign_in_explains(
    start_browser: Restartable, site: Site, account: Account
) -> None:
    with start_browser(cookies_blocked=True) as context:
        page = context.new_page()
        assert {"/privacy/", "/courses/"} <= set(visit.crawl(page, site))
        assert context.cookies() == []
        page.goto(site.url("/account/login/"))
        page.get_by_label("E-mail", exact=True).fill(visit.ADDRESS)
        page.get_by_label("Password").fill(visit.PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        assert "needs a cookie" in page.locator("h1").inner_text()
    with start_browser() as context:
        page = context.new_page()
        visit.answer(page, site, "Accept all")
        context.add_cookies([{"name": "_ga", "value": "1.2", "url": site.url("/")}])
        page.goto(site.url("/display/"))
        page.get_by_role("button", name="Keep it so").click()
        assert {"display", "_ga"} <= visit.names(page)
        page.locator("footer").get_by_role("link", name="Cookie settings").click()
        page.get_by_role("button", name="Refuse all").click()
        page.wait_for_load_state()
        assert visit.names(page) <= visit.NECESSARY


@keeps("ilearn-cookie-prefs")
@pytest.mark.browser
def test_contrast_and_size_stay_until_they_end(page: Page, site: Site) -> None:
    visit.answer(page, site, "Accept all")
    page.goto(site.url("/display/"))
    page.get_by_label("High contrast").check()
    page.get_by_label("150 %").check()
    page.get_by_role("button", name="Keep it so").click()
    for path in ("/", "/privacy/"):
        page.goto(site.url(path))
        page.reload()
        assert page.locator("html[data-contrast=more][data-size='150']").count() == 1
    page.context.clear_cookies(name="display")
    page.reload()
    assert page.locator("html[data-contrast=auto][data-size='100']").count() == 1


@keeps("ilearn-cookie-types")
def test_the_page_shows_every_field_of_every_entry(client: Client) -> None:
    shown = visit.rows(html(client, "/cookies/"))
    for one in visit.register("ilearn"):
        cells = shown[one["name"]]
        assert len(cells) == 5
        assert all(cells), one["name"]
        assert cells[0] == one["stores"]["en"]
        kind = "Session cookie" if one["lifetime"] == "session" else "Persistent cookie"
        party = "First party" if one["party"] == "first" else "Third party"
        assert kind in cells[4]
        assert party in cells[4]
        assert one.get("host", "") in cells[4] or one["host"] == "google.com"


@keeps("ilearn-cookie-session")
@pytest.mark.browser
def test_the_session_ends_with_the_browser_and_with_signing_out(
    start_browser: Restartable, site: Site, account: Account
) -> None:
    with start_browser() as context:
        page = context.new_page()
        visit.log_in(page, site)
        mine = next(one for one in context.cookies() if one["name"] == "sessionid")
        assert mine["expires"] == -1
        assert account.email not in mine["value"]
    with start_browser() as context:
        page = context.new_page()
        page.goto(site.url("/account/"))
        assert "/account/login/" in page.url
        visit.log_in(page, site)
        old = next(one for one in context.cookies() if one["name"] == "sessionid")
        visit.log_out(page)
        assert "sessionid" not in visit.names(page)
        context.add_cookies([{"name": "sessionid", "value": old["value"], "url": site.url("/")}])
        page.goto(site.url("/account/"))
        assert "/account/login/" in page.url


@keeps("ilearn-cookie-persistent")
def test_terms_are_those_of_the_register_and_run_from_the_last_visit(client: Client) -> None:
    set_cookies = dict(visit.choose(client, "all").cookies)
    set_cookies |= client.post("/display/language/", {"language": "en"}).cookies
    client.get("/display/")
    form = {"scheme": "dark", "more_contrast": "1", "size": "125", "readable_font": "0"}
    set_cookies |= client.post("/display/", form | {"language": "en"}).cookies
    assert len(set_cookies) >= 3
    for name, morsel in set_cookies.items():
        lasts = visit.LASTS[visit.entry("ilearn", name)["lifetime"]]
        assert lasts is not None
        assert morsel["max-age"] == lasts.total_seconds()
    again = client.get("/").cookies
    assert again["display"]["max-age"] == 365 * 86_400
    assert again["qtrans_front_language"].value == "en"
    visit.later(client, 364)
    assert 'data-contrast="more"' in html(client)
    visit.later(client, 365)
    with clock.standing_at(clock.now() + timedelta(days=365)):
        assert 'data-contrast="auto"' in html(client)
        assert visit.asks(client)


@keeps("ilearn-cookie-firstparty")
@pytest.mark.browser
def test_no_cookie_goes_to_another_tenants_host(page: Page, site: Site, account: Account) -> None:
    other = Tenant.objects.create(slug="kic", name="KIC", created_at=clock.now())
    Host.objects.create(tenant=other, name="kic.localhost")
    forget_hosts()
    visit.answer(page, site, "Accept all")
    visit.log_in(page, site)
    assert {one["domain"] for one in page.context.cookies()} == {"ilearn.localhost"}
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.all_headers().get("cookie", "")))
    page.goto(site.url("/", host="kic.localhost"))
    page.goto(site.url("/", host="localhost"))
    assert sent
    assert not any(sent)


@keeps("ilearn-cookie-required")
def test_a_first_visit_sets_none_and_a_form_only_what_it_needs(
    client: Client, account: Account
) -> None:
    for path in visit.PLAIN:
        assert not Client(HTTP_HOST="ilearn.localhost").get(path).cookies, path
    for path in visit.FORMS:
        fresh = Client(HTTP_HOST="ilearn.localhost")
        assert set(fresh.get(path).cookies) <= {"csrftoken"}, path
    assert set(visit.sign_in(client)) <= {"sessionid", "csrftoken"}
    assert set(visit.choose(client, "none").cookies) == {CHOICE}


@keeps("ilearn-cookie-consent-1y")
def test_the_choice_is_kept_a_year_unless_the_question_changes(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    answered = client.post("/cookies/choices/", {"choice": "none"}, secure=True).cookies[CHOICE]
    assert answered["max-age"] == 365 * 86_400
    assert answered["secure"]
    assert not visit.asks(client)
    with clock.standing_at(clock.now() + timedelta(days=364)):
        assert not visit.asks(client)
    with clock.standing_at(clock.now() + timedelta(days=365)):
        assert visit.asks(client)
    change_policy(settings, tmp_path, lambda text: text.replace('"6 months"', '"9 months"'))
    assert visit.asks(client)


def change_policy(settings: Settings, folder: Path, change: Any) -> None:
    """Let the tenant's policy say something else, as its administrator would write it."""
    (folder / "ilearn").mkdir()
    (own,) = (visit.POLICIES / "ilearn").glob("*.toml")
    text = own.read_text(encoding="utf-8")
    assert change(text) != text
    (folder / "ilearn" / own.name).write_text(change(text), encoding="utf-8")
    settings.POLICIES = folder


@keeps("ilearn-cookie-functional")
def test_functional_refused_falls_back_and_the_administrator_adds_an_entry(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    visit.choose(client, "all")
    client.post("/display/language/", {"language": "et"})
    assert '<html lang="et"' in html(client)
    refused = visit.choose(client, "none")
    assert refused.cookies["qtrans_front_language"]["max-age"] == 0
    assert '<html lang="en"' in html(client)
    once = client.post("/display/language/", {"language": "et"}).cookies
    assert once["qtrans_front_language"]["max-age"] == ""
    entry = (
        '[[cookie]]\nname = "map"\nclass = "functional"\nparty = "first"\nlifetime = "1 year"\n'
        'stores = { en = "The part of the map you saw", lv = "Redzētā kartes daļa" }\n\n'
    )
    change_policy(
        settings, tmp_path, lambda text: text.replace("[[cookie]]", entry + "[[cookie]]", 1)
    )
    assert visit.rows(html(client, "/cookies/"))["map"][0] == "The part of the map you saw"


@keeps("ilearn-cookie-language")
def test_the_language_is_remembered_for_a_year(client: Client) -> None:
    visit.choose(client, "all")
    morsel = client.post("/display/language/", {"language": "lt"}, secure=True).cookies[
        "qtrans_front_language"
    ]
    assert morsel["max-age"] == 365 * 86_400
    assert morsel["secure"]
    visit.later(client, 364)
    assert '<html lang="lt"' in html(client)
    visit.later(client, 365)
    assert '<html lang="en"' in html(client)


@keeps("ilearn-cookie-google")
@pytest.mark.browser
def test_nothing_of_google_without_consent_to_marketing(page: Page, site: Site) -> None:
    elsewhere = visit.Elsewhere(page, site)
    for _path in visit.crawl(page, site):
        pass
    page.goto(site.url("/"))
    visit.load_from(page, "www.google.com")
    assert elsewhere.hosts == set()
    page.goto(site.url("/cookies/"))
    assert visit.rows(page.content())["google.com"][2] == "6 months"
    page.get_by_role("checkbox", name="Functional").check()
    page.get_by_role("button", name="Keep what is ticked").click()
    page.goto(site.url("/"))
    visit.load_from(page, "www.google.com")
    assert elsewhere.hosts == set()


@keeps("ilearn-cookie-analytics")
@pytest.mark.browser
def test_only_the_vendors_of_the_register_and_only_after_consent(page: Page, site: Site) -> None:
    named = {one["host"] for one in visit.register("ilearn") if one["party"] == "third"}
    assert named >= {"google-analytics.com", "engagebay.com", "mailjet.com"}
    tried = [*named, "tracker.example", "doubleclick.net"]
    elsewhere = visit.Elsewhere(page, site)
    for _path in visit.crawl(page, site):
        if "text/html" in page.evaluate("document.contentType"):
            visit.load_from(page, *tried)
    assert elsewhere.hosts == set()
    visit.answer(page, site, "Accept all")
    visit.load_from(page, *tried)
    assert elsewhere.hosts == named


@keeps("ilearn-cookie-exception")
@pytest.mark.browser
def test_a_browser_that_keeps_only_the_choice_is_asked_once(page: Page, site: Site) -> None:
    def drop_the_others() -> None:
        for name in visit.names(page) - {CHOICE}:
            page.context.clear_cookies(name=name)

    page.goto(site.url("/"))
    page.get_by_text("Your browser blocks cookies?").click()
    assert CHOICE in page.locator(".cookie-banner").inner_text()
    visit.answer(page, site, "Refuse all")
    for _path in visit.crawl(page, site):
        drop_the_others()
        assert page.locator(".cookie-banner").count() == 0
    page.context.clear_cookies()
    page.goto(site.url("/cookies/kept/?next=/"))
    assert CHOICE in page.locator("main").inner_text()


@keeps("ilearn-cookie-choice")
@pytest.mark.browser
def test_the_banner_asks_fairly_and_the_answer_counts(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    banner = page.locator(".cookie-banner")
    looks = visit.look_of(page, "Accept all", "Refuse all", "Choose")
    assert looks[0] == looks[1] == looks[2]
    for words in ("Functional", "Performance", "Marketing", "EngageBay", "Mailjet", "Google"):
        assert words in banner.inner_text()
    visit.answer(page, site, "Refuse all")
    for _path in visit.crawl(page, site):
        assert visit.names(page) <= visit.NECESSARY
    page.goto(site.url("/cookies/"))
    page.get_by_role("button", name="Accept all").click()
    page.goto(site.url("/display/"))
    page.get_by_role("button", name="Keep it so").click()
    kept = {one["name"]: one["expires"] for one in page.context.cookies()}
    assert {"display", "qtrans_front_language"} <= set(kept)
    assert kept["display"] > 0
    with inside(Tenant.objects.get(slug="ilearn").pk):
        told = opened(stored(page))
    assert re.fullmatch(r"[0-9a-f]{8}\.fpm\.[0-9]{8}", told)


def stored(page: Page) -> str:
    return next(one["value"] for one in page.context.cookies() if one["name"] == CHOICE)


@keeps("ilearn-cookie-https")
def test_cookies_belong_to_https(settings: Settings, tenant: Tenant, account: Account) -> None:
    names = ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "HTTPS")
    script = f"from skola import settings\nprint([getattr(settings, n) for n in {names}])"
    environment = {
        "SKOLA_HTTPS": "yes",
        "SKOLA_SECRET_KEY": "k",
        "SKOLA_DATABASE_URL": "postgresql://a@b/c",
    }
    said = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    redirect, seconds, https = said.stdout.strip("[]\n").split(", ")
    settings.SECURE_SSL_REDIRECT, settings.HTTPS = redirect == "True", https == "True"
    settings.SECURE_HSTS_SECONDS = int(seconds)
    client = Client(HTTP_HOST="ilearn.localhost")
    for path in (*visit.PLAIN, *visit.FORMS):
        plain = client.get(path)
        assert plain.status_code == 301
        assert plain.headers["Location"].startswith("https://")
        assert not plain.cookies
    answers = [client.get("/account/login/", secure=True)]
    assert int(answers[0].headers["Strict-Transport-Security"].partition("=")[2]) >= 31_536_000
    answers.append(client.post("/cookies/choices/", {"choice": "all"}, secure=True))
    answers.append(client.post("/display/language/", {"language": "en"}, secure=True))
    set_cookies = [each for one in answers for each in one.cookies.values()]
    set_cookies += visit.sign_in(client, secure=True).values()
    assert len(set_cookies) >= 4
    assert all(each["secure"] for each in set_cookies)
