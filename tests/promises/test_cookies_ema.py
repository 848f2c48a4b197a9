"""EMA's promises about cookies, each as its check says."""

import time

import pytest
from django.test import Client
from playwright.sync_api import Page

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.services.visits.models import Visit
from tests.promises import visiting as visit
from tests.promises.conftest import Restartable
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.django_db(transaction=True)]
VENDORS = ("google-analytics.com", "ladesk.com", "stripe.com")


@keeps("ema-11.1")
@pytest.mark.browser
def test_signed_in_only_required_cookies_and_no_other_host(
    page: Page, site: Site, account: Account
) -> None:
    visit.answer(page, site, "Accept all")
    elsewhere = visit.Elsewhere(page, site)
    visit.log_in(page, site)
    for path in visit.crawl(page, site):
        if path != "/robots.txt":
            visit.load_from(page, *VENDORS)
        assert visit.names(page) <= visit.NECESSARY
    for path in ("/account/", "/courses/mine/", "/desk/mine/"):
        page.goto(site.url(path))
        visit.load_from(page, *VENDORS)
        assert visit.names(page) <= visit.NECESSARY
    assert elsewhere.hosts == set()


@keeps("ema-11.2-table")
@pytest.mark.browser
def test_every_cookie_found_has_a_full_row_in_six_columns(
    page: Page, site: Site, account: Account
) -> None:
    visit.answer(page, site, "Accept all")
    page.goto(site.url("/display/"))
    page.get_by_role("button", name="Keep it so").click()
    found = visit.names(page)
    visit.log_in(page, site)
    for _path in visit.crawl(page, site):
        found |= visit.names(page)
    assert found >= {"sessionid", "csrftoken", "cookie_choice", "display", "language"}
    page.goto(site.url("/cookies/"))
    heads = page.locator("#necessary thead th").all_inner_texts()
    assert heads == ["Name", "Purpose", "Created", "Valid for", "Data used", "More"]
    listed = visit.rows(page.content())
    for name in found:
        assert len(listed[name]) == 5
        assert all(listed[name])


@keeps("ema-11.2-cfduid")
def test_cfduid_is_listed_for_a_year_and_set_by_nobody(client: Client, account: Account) -> None:
    shown = visit.rows(client.get("/cookies/", headers={"Accept-Language": "en"}).content.decode())
    purpose, created, lasts, data, more = shown["__cfduid"]
    assert lasts == "1 year"
    assert created.startswith("Never")
    assert data == "A random number, no personal data"
    assert "Third party" in more
    assert purpose
    visit.choose(client, "all")
    visit.sign_in(client)
    for path in (*visit.PLAIN, *visit.FORMS):
        assert "__cfduid" not in client.get(path).cookies
    client.cookies["__cfduid"] = "d41d8cd98f00"
    assert client.get("/").cookies["__cfduid"]["max-age"] == 0


@keeps("ema-11.2-phpsessid")
def test_a_session_begins_at_sign_in_and_ends_at_sign_out(client: Client, account: Account) -> None:
    for path in (*visit.PLAIN, *visit.FORMS):
        assert "sessionid" not in client.get(path).cookies, path
    given = visit.sign_in(client)["sessionid"]
    assert given["max-age"] == given["expires"] == ""
    assert len(given.value) >= 32
    assert client.post("/account/logout/").cookies["sessionid"]["max-age"] == 0
    client.cookies["sessionid"] = given.value
    assert not visit.signed_in(client)


@keeps("ema-11.3")
@pytest.mark.browser
def test_going_on_is_no_consent(page: Page, site: Site) -> None:
    elsewhere = visit.Elsewhere(page, site)
    paths = [path for path in visit.PLAIN + visit.FORMS if not path.endswith((".txt", "cookies/"))]
    visited = 0
    for path in [*paths, *paths]:
        answered = page.goto(site.url(path))
        if answered is None or answered.status != 200:
            continue
        page.mouse.wheel(0, 4000)
        assert page.locator(".cookie-banner").is_visible()
        assert visit.names(page) <= visit.NECESSARY - {"cookie_choice", "sessionid"}
        visit.load_from(page, *VENDORS)
        visited += 1
    assert visited >= 10
    assert elsewhere.hosts == set()


@keeps("ema-11.4")
@pytest.mark.browser
def test_with_cookies_blocked_pages_open_and_sign_in_explains(
    start_browser: Restartable, site: Site, account: Account
) -> None:
    with start_browser(cookies_blocked=True) as context:
        page = context.new_page()
        assert {"/", "/privacy/", "/courses/", "/cookies/"} <= set(visit.crawl(page, site))
        page.goto(site.url("/cookies/"))
        warning = "If you block the necessary ones in the browser, you cannot sign in."
        assert warning in page.locator("main").inner_text()
        page.goto(site.url("/account/login/"))
        page.get_by_label("E-mail", exact=True).fill(visit.ADDRESS)
        page.get_by_label("Password").fill(visit.PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        assert "needs a cookie" in page.locator("h1").inner_text()
        assert context.cookies() == []


def test_the_page_leads_to_aboutcookies(client: Client) -> None:
    shown = client.get("/cookies/").content.decode()
    assert 'href="https://www.aboutcookies.org"' in shown


TWO_YEARS = 2 * 365 * 86_400
ANALYTICS = "www.google-analytics.com"


@keeps("ema-11.2-ga")
@pytest.mark.browser
def test_nobody_is_counted_elsewhere_before_a_yes_and_a_no_ends_it(
    page: Page, site: Site, account: Account
) -> None:
    elsewhere = visit.Elsewhere(page, site)
    told: list[str] = []
    page.on("request", lambda one: told.append(one.url) if ANALYTICS in one.url else None)
    visit.answer(page, site, "Accept all")
    page.goto(site.url("/courses/"))
    page.wait_for_load_state("networkidle")
    assert (visit.names(page) & {"_ga"}, elsewhere.hosts) == (set(), set()), "ours by default"
    assert Visit.objects.exists(), "we count ourselves"
    page.context.clear_cookies()

    officer = people.account()
    people.role(officer.person, "officer", starts_at=clock.now())
    office = Client(HTTP_HOST="ema.localhost")
    office.force_login(officer)
    assert "Google Analytics" in office.get("/visits/others/").content.decode()
    settled = {"role": "analytics", "number": "G-1234", "is_on": "on"}
    assert office.post("/visits/others/settings/", settled).status_code == 302
    for path in ("/", "/courses/", "/privacy/"):
        page.goto(site.url(path))
        page.wait_for_load_state("networkidle")
        assert "_ga" not in visit.names(page)
    assert elsewhere.hosts == set(), "not before a yes"

    visit.answer(page, site, "Accept all")
    page.goto(site.url("/courses/"))
    page.wait_for_load_state("networkidle")
    assert elsewhere.hosts == {ANALYTICS}
    (given,) = [one for one in page.context.cookies() if one.get("name") == "_ga"]
    assert 0 < given.get("expires", 0) - time.time() <= TWO_YEARS
    assert told
    for said in told:
        asked = {one.partition("=")[0] for one in said.partition("?")[2].split("&")}
        assert asked == {"v", "tid", "en", "dl", "cid"}

    visit.log_in(page, site)
    told.clear()
    page.goto(site.url("/courses/"))
    page.wait_for_load_state("networkidle")
    assert told == [], "nothing of who is signed in"
    visit.log_out(page)

    page.goto(site.url("/cookies/"))
    page.get_by_role("main").get_by_role("button", name="Refuse all").click()
    page.wait_for_load_state("networkidle")
    assert "_ga" not in visit.names(page), "gone with the consent"
    told.clear()
    page.goto(site.url("/courses/"))
    page.wait_for_load_state("networkidle")
    assert told == []
    assert "_ga" not in visit.names(page)
