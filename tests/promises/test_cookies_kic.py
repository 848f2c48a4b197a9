"""KIC's promises about cookies, each as its check says."""

from datetime import time, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.services.courses.tests.make import course
from skola.services.groups.models import Meeting
from skola.services.groups.tests import make as groups
from tests.promises import visiting as visit
from tests.promises.conftest import Restartable
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("kic"), pytest.mark.django_db(transaction=True)]
HOST = "kic.localhost"


@keeps("kic-cookie-purpose")
@pytest.mark.browser
def test_every_cookie_found_is_in_the_register(page: Page, site: Site, account: Account) -> None:
    visit.answer(page, site, "Accept all")
    page.locator("header .menu summary").first.click()
    page.locator("header").get_by_role("button", name="Latviešu").click()
    page.locator("header .menu summary").first.click()
    page.locator("header").get_by_role("button", name="English").click()
    found = visit.names(page)
    visit.log_in(page, site)
    for _path in visit.crawl(page, site):
        found |= visit.names(page)
    assert {"language", "cookie_choice", "sessionid", "csrftoken"} <= found
    page.goto(site.url("/cookies/"))
    listed = visit.rows(page.content())
    for name in found:
        assert listed[name][0] == visit.entry("kic", name)["stores"]["en"]
        section = page.locator(f"section:has(th:has-text('{name}'))").last
        assert section.get_attribute("id") == visit.entry("kic", name)["class"]


@keeps("kic-cookie-personalise")
def test_without_opting_in_all_visitors_see_the_same(client: Client) -> None:
    course()
    optional = {one["name"] for one in visit.register("kic") if one["class"] != "necessary"}
    one, other = Client(HTTP_HOST=HOST), Client(HTTP_HOST=HOST)
    for path in ("/", "/courses/", "/courses/first-aid-at-work/", "/courses/"):
        first, second = one.get(path), other.get(path, headers={"Referer": "https://x.example/"})
        assert first.content == second.content
        assert not optional & {*first.cookies, *second.cookies}
    visit.choose(one, "none")
    assert not optional & set(one.cookies)


@keeps("kic-cookie-login")
def test_the_session_cookie_is_guarded_new_at_sign_in_and_dead_after(account: Account) -> None:
    client = Client(HTTP_HOST=HOST)
    before = "a" * 32
    client.cookies["sessionid"] = before
    given = visit.sign_in(client, secure=True)["sessionid"]
    assert given.value != before
    assert given["httponly"]
    assert given["secure"]
    assert given["samesite"] == "Lax"
    assert visit.signed_in(client)
    out = client.post("/account/logout/")
    assert out.cookies["sessionid"]["max-age"] == 0
    client.cookies["sessionid"] = given.value
    assert not visit.signed_in(client)


@keeps("kic-cookie-settings")
@pytest.mark.browser
def test_the_language_outlives_the_browser_only_with_consent(
    start_browser: Restartable, site: Site
) -> None:
    def speaks(language: str) -> None:
        with start_browser() as context:
            page = context.new_page()
            page.goto(site.url("/"))
            assert page.locator("html").get_attribute("lang") == language

    def switch(allow: bool) -> None:
        with start_browser() as context:
            page = context.new_page()
            visit.answer(page, site, "Accept all" if allow else "Refuse all")
            page.locator("header .menu summary").first.click()
            page.locator("header").get_by_role("button", name="Svenska").click()
            page.wait_for_load_state()
            page.goto(site.url("/privacy/"))
            assert page.locator("html").get_attribute("lang") == "sv"
            if not allow:
                context.clear_cookies(name="cookie_choice")

    switch(allow=False)
    speaks("en")
    switch(allow=True)
    speaks("sv")


@keeps("kic-cookie-fraud")
@pytest.mark.browser
def test_forms_need_their_token_and_no_script_takes_fingerprints(page: Page, site: Site) -> None:
    strict = Client(HTTP_HOST=HOST, enforce_csrf_checks=True)
    sent = {"login": visit.ADDRESS, "password": visit.PASSWORD}
    assert strict.post("/account/login/", sent).status_code == 403
    strict.get("/account/login/")
    assert strict.post("/account/login/", sent).status_code == 403
    page.add_init_script(
        """window.taken = [];
        for (const [owner, name] of [[HTMLCanvasElement, 'toDataURL'], [HTMLCanvasElement,
            'getContext'], [CanvasRenderingContext2D, 'getImageData'], [Navigator, 'getBattery'],
            [OfflineAudioContext, 'startRendering']])
            if (owner.prototype[name])
                owner.prototype[name] = () => { window.taken.push(name); };"""
    )
    scripts: list[str] = []
    page.on(
        "request",
        lambda one: scripts.append(one.url) if one.resource_type == "script" else None,
    )
    for _path in visit.crawl(page, site):
        assert page.evaluate("window.taken") == []
    assert all(f"//{HOST}:" in address for address in scripts)


@keeps("kic-cookie-thirdparty")
@pytest.mark.browser
def test_no_other_host_is_contacted_without_consent(page: Page, site: Site) -> None:
    elsewhere = visit.Elsewhere(page, site)
    for path in visit.crawl(page, site):
        if path != "/robots.txt":
            visit.load_from(page, "video.example", "maps.example")
    assert elsewhere.hosts == set()


@keeps("kic-cookie-session")
@pytest.mark.browser
def test_a_closed_browser_forgets_the_session(
    start_browser: Restartable, site: Site, account: Account
) -> None:
    with start_browser() as context:
        page = context.new_page()
        visit.log_in(page, site)
        assert "sessionid" in visit.names(page)
    with start_browser() as context:
        page = context.new_page()
        sent: list[str] = []
        page.on("request", lambda one: sent.append(one.all_headers().get("cookie", "")))
        page.goto(site.url("/"))
        assert sent
        assert not any("sessionid" in one for one in sent)


@keeps("kic-cookie-persistent")
@pytest.mark.browser
def test_terms_are_those_of_the_register_and_nothing_brings_a_cookie_back(
    page: Page, site: Site
) -> None:
    client = Client(HTTP_HOST=HOST)
    set_cookies = dict(visit.choose(client, "all").cookies)
    set_cookies |= client.post("/display/language/", {"language": "lv"}).cookies
    set_cookies |= client.get("/account/login/").cookies
    assert set(set_cookies) == {"cookie_choice", "language", "csrftoken"}
    for name, morsel in set_cookies.items():
        lasts = visit.LASTS[visit.entry("kic", name)["lifetime"]]
        assert lasts is not None
        assert morsel["max-age"] == lasts.total_seconds()
    visit.answer(page, site, "Accept all")
    page.goto(site.url("/account/login/"))
    old = {one["value"] for one in page.context.cookies()}
    page.context.clear_cookies()
    for _path in visit.crawl(page, site):
        assert not old & {one["value"] for one in page.context.cookies()}
        assert "cookie_choice" not in visit.names(page)


@keeps("kic-cookie-manage")
@pytest.mark.browser
def test_a_class_is_taken_back_on_the_settings_page(page: Page, site: Site) -> None:
    without_script = page.context.browser
    assert without_script is not None
    context = without_script.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    visit.answer(page, site, "Accept all")
    page.goto(site.url("/display/"))
    page.get_by_role("button", name="Keep it so").click()
    assert {"display", "language"} <= visit.names(page)
    page.locator("footer").get_by_role("link", name="Cookie settings").click()
    assert page.get_by_role("link", name="Firefox").count() == 1
    page.get_by_role("checkbox", name="Functional").uncheck()
    with page.expect_response("**/cookies/choices/") as answered:
        page.get_by_role("button", name="Keep what is ticked").click()
    headers = answered.value.headers_array()
    ended = [
        line
        for one in headers
        if one["name"].lower() == "set-cookie"
        for line in one["value"].split("\n")
    ]
    for name in ("display", "language"):
        assert any(one.startswith(f'{name}=""') and "Max-Age=0" in one for one in ended)
    page.wait_for_load_state()
    assert visit.names(page) <= visit.NECESSARY
    assert page.get_by_role("checkbox", checked=True).count() == 3
    context.close()


@keeps("kic-cookie-effect")
@pytest.mark.browser
def test_necessary_cookies_suffice_and_each_switch_says_what_is_lost(
    page: Page, site: Site, account: Account
) -> None:
    visit.answer(page, site, "Refuse all")
    page.goto(site.url("/cookies/"))
    effect = "Without functional cookies, language and looks have to be chosen anew"
    assert effect in page.locator("main").inner_text()
    for kind in ("functional", "performance", "marketing"):
        beside = page.locator(f"#class-{kind}").get_attribute("aria-describedby")
        assert "Without them" in page.locator(f"#{beside}").inner_text()
    page.goto(site.url("/courses/"))
    page.get_by_role("link", name="First aid at work").click()
    visit.log_in(page, site)
    page.goto(site.url("/courses/first-aid-at-work/"))
    page.get_by_role("button", name="Take this course").click()
    page.wait_for_load_state()
    assert "/lessons/" in page.url
    assert visit.names(page) <= visit.NECESSARY


@keeps("kic-cookie-realtime")
@pytest.mark.browser
def test_a_live_lesson_needs_no_more_than_the_session_and_suggestions_wait_for_a_yes(
    page: Page, browser: Browser, site: Site, account: Account
) -> None:
    now = clock.now()
    run = groups.run(starts_on=now.date(), at=now)
    groups.participant(run, account.person, at=now)
    meeting = Meeting.objects.create(
        run=run, on=now.date(), begins=time(0, 0), ends=time(23, 59), topic="VAT"
    )
    course(title="First aid for children", summary="Helping children who are hurt.")
    visit.answer(page, site, "Refuse all")
    visit.log_in(page, site)
    page.get_by_role("link", name="Open the live lesson").click()
    expect(page.locator("h1")).to_contain_text(run.programme.title)

    trainer = people.account()
    groups.trainer(run, trainer.person, at=now)
    teaching = Client(HTTP_HOST=HOST)
    teaching.force_login(trainer)
    there = f"/live/{meeting.pk}/"
    assert teaching.post(there, {"words": "Turn to page nine."}).status_code == 302
    expect(page.locator("#lines")).to_contain_text("Turn to page nine.", timeout=15_000)
    page.get_by_label("Say something to the group").fill("Which table?")
    page.get_by_role("main").get_by_role("button", name="Send").click()
    expect(page.locator("#lines")).to_contain_text("Which table?")
    assert "Which table?" in teaching.get(there).content.decode()
    assert visit.names(page) <= visit.NECESSARY
    stranger = Client(HTTP_HOST=HOST)
    stranger.force_login(people.account())
    assert stranger.get(there).status_code == 404

    with clock.standing_at(now + timedelta(days=1)):
        assert teaching.post(there, {"words": "Late."}).status_code == 409, "it is over"

    suited = "because of what you looked at"
    for allowed in (False, True):
        if allowed:
            page.goto(site.url("/cookies/"))
            page.get_by_role("main").get_by_role("button", name="Accept all").click()
            page.wait_for_load_state()
        page.goto(site.url("/courses/first-aid-at-work/"))
        page.goto(site.url("/courses/"))
        assert (suited in page.locator("main").inner_text()) is allowed
    assert visit.names(page) <= visit.NECESSARY | {"interests"}
