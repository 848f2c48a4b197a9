"""Learnifier's promises about cookies, each as its check says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Page

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Host, Tenant
from skola.ground.tenants.queries import forget_hosts
from skola.services.visits.models import Tally
from tests.promises import visiting as visit
from tests.promises.conftest import Restartable
from tests.promises.editing import Folder, edited
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db(transaction=True)]
HOST = "learnifier.localhost"


@keeps("learnifier-5.b")
def test_the_first_page_sets_no_cookie_that_is_not_required(client: Client) -> None:
    assert not client.get("/").cookies
    assert set(client.get("/account/login/").cookies) == {"csrftoken"}


@keeps("learnifier-5.d")
@pytest.mark.browser
def test_a_restarted_browser_sends_no_session_cookie(
    start_browser: Restartable, site: Site, account: Account
) -> None:
    with start_browser() as context:
        visit.log_in(context.new_page(), site)
    with start_browser() as context:
        page = context.new_page()
        answer = page.goto(site.url("/account/"))
        assert answer is not None
        asked = answer.request
        assert asked.redirected_from is not None
        first = asked.redirected_from.all_headers()
        assert first["host"].startswith(HOST)
        assert "sessionid" not in first.get("cookie", "")
        assert "sessionid" not in asked.all_headers().get("cookie", "")
        assert "/account/login/" in page.url


@keeps("learnifier-5.e")
def test_persistent_cookies_last_as_the_register_says(client: Client) -> None:
    set_cookies = dict(visit.choose(client, "all").cookies)
    set_cookies |= client.get("/display/").cookies
    form = {"scheme": "dark", "more_contrast": "1", "size": "125", "readable_font": "0"}
    set_cookies |= client.post("/display/", form | {"language": "sv"}).cookies
    assert set(set_cookies) == {"cookie_choice", "csrftoken", "display", "language"}
    for name, morsel in set_cookies.items():
        lasts = visit.LASTS[visit.entry("learnifier", name)["lifetime"]]
        assert lasts is not None
        assert morsel["max-age"] == lasts.total_seconds()


@keeps("learnifier-5.f")
@pytest.mark.browser
def test_with_cookies_blocked_pages_open_and_sign_in_explains(
    start_browser: Restartable, site: Site, account: Account
) -> None:
    with start_browser(cookies_blocked=True) as context:
        page = context.new_page()
        assert {"/", "/privacy/", "/courses/"} <= set(visit.crawl(page, site))
        page.goto(site.url("/account/login/"))
        page.get_by_label("E-mail", exact=True).fill(visit.ADDRESS)
        page.get_by_label("Password").fill(visit.PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        assert "needs a cookie" in page.locator("h1").inner_text()
        assert context.cookies() == []


@keeps("learnifier-5.g")
@pytest.mark.browser
def test_four_categories_three_switches_and_a_way_out_of_each_third_party(
    page: Page, site: Site
) -> None:
    page.goto(site.url("/cookies/"))
    switches = page.get_by_role("checkbox")
    assert switches.count() == 4
    assert [switches.nth(at).is_enabled() for at in range(4)] == [False, True, True, True]
    for one in visit.register("learnifier"):
        if one["party"] == "third":
            row = page.locator(f"tr:has(code:text-is('{one['name']}'))")
            assert row.get_by_role("link", name="Object there").count() == 1, one["name"]


@keeps("learnifier-5.cookie-login")
def test_each_sign_in_has_a_new_value_that_no_other_host_takes(account: Account) -> None:
    one, other = Client(HTTP_HOST=HOST), Client(HTTP_HOST=HOST)
    first, second = visit.sign_in(one)["sessionid"], visit.sign_in(other)["sessionid"]
    assert first.value != second.value
    again = Client(HTTP_HOST=HOST)
    again.cookies["sessionid"] = first.value
    assert visit.signed_in(again)
    client_b = Tenant.objects.create(slug="kic", name="Another", created_at=clock.now())
    Host.objects.create(tenant=client_b, name="kic.localhost")
    forget_hosts()
    elsewhere = Client(HTTP_HOST="kic.localhost")
    elsewhere.cookies["sessionid"] = first.value
    assert not visit.signed_in(elsewhere)


@keeps("learnifier-5.cookie-required-nooptout")
@pytest.mark.browser
def test_required_is_fixed_and_no_tracker_can_hide_there(
    page: Page, site: Site, tmp_path: Path
) -> None:
    page.goto(site.url("/cookies/"))
    fixed = page.locator("#class-necessary")
    assert fixed.is_disabled()
    assert fixed.is_checked()
    (own,) = (visit.POLICIES / "learnifier").glob("*.toml")
    text = own.read_text(encoding="utf-8")
    tracker = (
        '[[cookie]]\nname = "_track"\nclass = "necessary"\nparty = "third"\n'
        'lifetime = "1 year"\nstores = { sv = "spår", en = "a track" }\n\n'
    )
    (tmp_path / "learnifier").mkdir()
    changed = tmp_path / "learnifier" / own.name
    changed.write_text(text.replace("[[cookie]]", tracker + "[[cookie]]", 1), encoding="utf-8")
    command = [sys.executable, "-m", "skola.promises.policy", "check"]
    good = subprocess.run([*command, str(own)], capture_output=True, text=True, check=False)
    bad = subprocess.run([*command, str(changed)], capture_output=True, text=True, check=False)
    assert good.returncode == 0
    assert bad.returncode == 2
    assert "_track" in bad.stdout + bad.stderr


@keeps("learnifier-5.cookie-performance-optout")
@pytest.mark.browser
def test_switching_performance_off_ends_its_cookies_and_storage(
    page: Page, site: Site, folder: Folder
) -> None:
    (policy,) = (folder.published / "learnifier").glob("*.toml")
    in_use = (' without a cookie"\nretired = true\n', ' without a cookie"\n')
    policy.write_text(edited(policy.read_text(), [in_use]))
    visit.answer(page, site, "Accept all")
    page.context.add_cookies([{"name": "analytics-third", "value": "1", "url": site.url("/")}])
    page.evaluate("localStorage.setItem('visits', '7')")
    page.goto(site.url("/cookies/"))
    assert page.get_by_role("link", name="Firefox").count() == 1
    assert "analytics-third" in visit.names(page)
    page.get_by_role("checkbox", name="Performance").uncheck()
    with page.expect_response("**/cookies/choices/") as answered:
        page.get_by_role("button", name="Keep what is ticked").click()
    headers = answered.value.headers_array()
    ended = [one["value"] for one in headers if one["name"].lower() == "set-cookie"]
    assert any(one.startswith("analytics-third=") and "Max-Age=0" in one for one in ended)
    page.wait_for_load_state()
    assert "analytics-third" not in visit.names(page)
    assert page.evaluate("localStorage.length") == 0


@keeps("learnifier-5.cookie-functionality")
@pytest.mark.browser
def test_size_and_letters_stay_over_sign_out_or_only_for_the_session(
    start_browser: Restartable, site: Site, account: Account
) -> None:
    larger = "html[data-size='150'][data-font=readable]"

    def set_larger(page: Page) -> None:
        page.goto(site.url("/display/"))
        page.get_by_label("150 %").check()
        page.get_by_label("Wide letters, more space").check()
        page.get_by_role("button", name="Keep it so").click()
        page.wait_for_load_state()
        assert page.locator(larger).count() == 1

    with start_browser() as context:
        page = context.new_page()
        visit.answer(page, site, "Refuse all")
        set_larger(page)
    with start_browser() as context:
        page = context.new_page()
        page.goto(site.url("/"))
        assert page.locator(larger).count() == 0
        page.goto(site.url("/cookies/"))
        page.get_by_role("button", name="Accept all").click()
        page.wait_for_load_state()
        visit.log_in(page, site)
        set_larger(page)
        visit.log_out(page)
        page.goto(site.url("/"))
        assert page.locator(larger).count() == 1
        visit.log_in(page, site)
        assert page.locator(larger).count() == 1


@keeps("learnifier-5.cookie-lso", "learnifier-5.cookie-performance-third")
@pytest.mark.browser
def test_the_storage_of_the_browser_stays_empty_and_nobody_counts(
    page: Page, site: Site, account: Account
) -> None:
    allowed = {
        one["name"]
        for one in visit.register("learnifier")
        if one.get("kind") == "local-storage" and not one.get("retired")
    }
    elsewhere = visit.Elsewhere(page, site)
    for path in visit.crawl(page, site):
        if path != "/robots.txt":
            keys = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
            assert set(keys) <= allowed
            visit.load_from(page, "www.google-analytics.com", "stats.example")
    assert elsewhere.hosts == set()
    visit.answer(page, site, "Accept all")
    visit.log_in(page, site)
    for path in ("/", "/courses/first-aid-at-work/", "/account/"):
        page.goto(site.url(path))
        assert set(page.evaluate("Object.keys(localStorage)")) <= allowed


@keeps("learnifier-5.cookie-functionality-optout")
@pytest.mark.browser
def test_switching_functionality_off_warns_and_clears(page: Page, site: Site) -> None:
    visit.answer(page, site, "Accept all")
    page.goto(site.url("/display/"))
    page.get_by_role("button", name="Keep it so").click()
    page.goto(site.url("/cookies/"))
    page.evaluate("localStorage.setItem('html5-storage', 'viewed')")
    assert {"display", "language"} <= visit.names(page)
    beside = page.locator("#class-functional-words").inner_text()
    assert "gone when you close the browser" in beside
    page.get_by_role("checkbox", name="Functional").uncheck()
    page.get_by_role("button", name="Keep what is ticked").click()
    page.wait_for_load_state()
    assert visit.names(page) <= visit.NECESSARY
    assert page.evaluate("localStorage.length") == 0


@keeps("learnifier-5.cookie-ads-flash")
def test_pages_allow_no_plugin_and_no_host_that_is_not_registered(client: Client) -> None:
    hosts = {one["host"] for one in visit.register("learnifier") if one.get("host")}
    for answer in ("none", "all"):
        visit.choose(client, answer)
        for path in (*visit.PLAIN, *visit.FORMS):
            policy = client.get(path).headers["Content-Security-Policy"]
            assert "object-src 'none'" in policy
            assert "default-src 'self'" in policy
            assert set(re.findall(r"https?://(?:\*\.)?([^ ;]+)", policy)) <= hosts
            assert "*" not in policy.split()


@keeps("learnifier-5.cookie-ads-third")
@pytest.mark.browser
def test_a_network_hears_of_a_campaign_after_consent_and_its_results_are_numbers(
    page: Page, site: Site
) -> None:
    officer = people.account()
    people.role(officer.person, "officer", starts_at=clock.now())
    office = Client(HTTP_HOST="learnifier.localhost")
    office.force_login(officer)
    settled = {"role": "ads", "number": "AW-77", "is_on": "on"}
    assert office.post("/visits/others/settings/", settled).status_code == 302
    elsewhere = visit.Elsewhere(page, site)
    told: list[str] = []
    page.on("request", lambda one: told.append(one.url) if "googleadservices" in one.url else None)
    landing = "/courses/?campaign=spring&click=abc123&email=elin%40example.org"

    page.goto(site.url(landing))
    page.wait_for_load_state("networkidle")
    assert elsewhere.hosts == set(), "no consent"
    results = Tally.objects.filter(kind="ad").values_list("topic", "answer", "times")
    assert list(results) == [("spring", "came", 1)], "a count only"

    visit.answer(page, site, "Accept all")
    page.goto(site.url(landing))
    page.wait_for_load_state("networkidle")
    assert elsewhere.hosts == {"www.googleadservices.com"}
    (said,) = told
    asked = dict(one.split("=") for one in said.partition("?")[2].split("&"))
    assert asked == {"tid": "AW-77", "en": "visit", "campaign": "spring"}, "no personal field"

    report = {"result-campaign": "spring", "result-shown": "900", "result-clicked": "31"}
    assert office.post("/visits/others/results/", report).status_code == 302
    assert "31" in office.get("/visits/others/").content.decode()
    assert {one.name for one in Tally._meta.concrete_fields if one.is_relation} == {"tenant"}
    with connection.cursor() as cursor:
        cursor.execute("select * from visits_tally")
        held = str(cursor.fetchall())
    assert "abc123" not in held
    assert "elin" not in held
