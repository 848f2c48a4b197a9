"""EMA's support chat in browsers: two people talk, and what is loaded and set with it."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.promises.disclosures.tests import make as disclosures
from skola.services.billing import providers
from skola.services.chat import actions, queries
from skola.services.chat.rules import Span
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.desk import rules as desk_rules
from skola.services.desk.models import Enquiry
from skola.services.shop.tests import make as shop
from skola.services.workforce.tests import make as workforce
from tests.promises import visiting as visit
from tests.promises.keeping import keeps
from tests.promises.shopping import Shopper
from tests.promises.test_shop_ema import Stripe
from tests.promises.visiting import Site

pytestmark = [
    pytest.mark.tenant("ema"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody answers on every day and at every hour, and forms may be sent at once."""
    spans = [Span(day, time.min, time.max) for day in range(7)]
    actions.set_hours(spans, by="system", now=clock.now())
    monkeypatch.setattr(queries, "is_working_day", lambda *_told: True)
    monkeypatch.setattr(desk_rules, "FASTEST", timedelta(0))


@pytest.fixture
def stripe(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripe]:
    settings.PAYMENTS, settings.STRIPE_KEYS = "", {"ema": ("sk_test_1", "whsec_1")}
    made = Stripe()
    monkeypatch.setattr(providers, "urlopen", made)
    yield made
    cache.clear()


def agent_of(browser: Browser, site: Site) -> Page:
    """Somebody of the support at the page of the chats, in a browser of their own."""
    helper = people.account(email="support@example.org", password=visit.PASSWORD)
    people.role(helper.person, "support")
    EmailAddress.objects.create(user=helper, email=helper.email, verified=True, primary=True)
    return entered(browser, site, helper)


def entered(browser: Browser, site: Site, who: Account) -> Page:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(who)
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site.url("/")}])
    return context.new_page()


@keeps("ema-11.2-chat-feature", "ema-11.2-chat")
def test_a_visitor_chats_with_an_agent_and_it_becomes_an_enquiry(
    browser: Browser, page: Page, site: Site, office: None
) -> None:
    agent = agent_of(browser, site)
    elsewhere = visit.Elsewhere(page, site)
    for path in visit.PLAIN:
        page.goto(site.url(path))
    page.goto(site.url("/"))
    page.get_by_role("link", name="Chat", exact=True).click()
    assert page.locator("script[src*='/chat/']").count() == 0
    assert visit.names(page) == set()
    page.get_by_label("Your question").fill("Does the licence end?")
    page.get_by_role("button", name="Start the chat").click()
    page.get_by_text("We have been told that you wait.").wait_for()
    assert visit.names(page) == {"chat"}
    (cookie,) = page.context.cookies()
    assert cookie.get("expires") == -1, "for this visit, without consent"

    agent.goto(site.url("/chat/desk/"))
    agent.get_by_role("link", name="Does the licence end?").click()
    agent.get_by_label("Message").fill("In summer.")
    agent.get_by_role("button", name="Send").click()
    expect(page.locator("#talk")).to_contain_text("In summer.", timeout=30_000)
    page.get_by_label("Message").fill("Thank you.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_label("Message")).to_have_value("")
    expect(agent.locator("#talk")).to_contain_text("Thank you.", timeout=30_000)
    page.goto(site.url("/courses/"))
    agent.get_by_label("Message").fill("Any time.")
    agent.get_by_role("button", name="Send").click()
    expect(page.locator("#talk-news")).to_have_text("1 new answer", timeout=30_000)
    agent.get_by_role("button", name="End the chat").click()
    agent.get_by_role("link", name="Open the enquiry at the desk").click()

    kept = Enquiry.objects.get()
    assert agent.url.endswith(f"/desk/queue/{kept.pk}/")
    for words in ("Does the licence end?", "In summer.", "Thank you.", "Any time.", "chat"):
        expect(agent.locator("body")).to_contain_text(words)
    assert (kept.channel, kept.ending) == ("chat", "answered")
    assert kept.closed_at is not None
    assert elsewhere.hosts == set()
    shown = visit.rows(Client(HTTP_HOST="ema.localhost").get("/cookies/").content.decode())
    for name in ("A_auth", "A_la_sid", "LaSID", "LaUserDetails", "LaVisitorId", "gpf_language"):
        assert shown[name][1].startswith("Never"), name
        assert shown[name][2]
    assert shown["chat"][2] == "1 day"
    agent.context.close()


@keeps("ema-11.2-chat")
def test_the_payment_cookie_comes_at_checkout_and_nowhere_before(
    browser: Browser, site: Site, stripe: Stripe
) -> None:
    now = clock.now()
    disclosures.party(
        "processor.card-payments", name="Stripe", country="IE", at=now - timedelta(days=90)
    )
    manager = people.account(email="manager@example.org", password=visit.PASSWORD)
    company = workforce.company(manager=manager.person, at=now)
    client = Client(HTTP_HOST="ema.localhost")
    client.force_login(manager)
    told = {"company": str(company.pk), "email": "", "given_name": "", "family_name": ""}
    there = Shopper(client).ordered(shop.product(at=now), **told)
    page = entered(browser, site, manager)

    def at_stripe(route: Route) -> None:
        set_here = "__stripe_mid=1234; Domain=stripe.com; Path=/; Secure; SameSite=None"
        headers = {"set-cookie": set_here, "content-type": "text/html"}
        route.fulfill(status=200, headers=headers, body="<p>Pay here.</p>")

    page.route("https://*.stripe.com/**", at_stripe)
    page.route("https://stripe.com/**", at_stripe)
    visitor = browser.new_context().new_page()
    visitor.route("https://*.stripe.com/**", at_stripe)
    visitor.route("https://stripe.com/**", at_stripe)
    visit.answer(visitor, site, "Accept all")
    for one, path in ((visitor, "/"), (visitor, "/shop/"), (page, "/account/"), (page, there)):
        one.goto(site.url(path))
        visit.load_from(one, "stripe.com", "m.stripe.com")
        assert "__stripe_mid" not in visit.names(one), path
    page.get_by_role("button", name="by card").click()
    page.locator("main a[href^='https://checkout.stripe.com/']").click()
    page.get_by_text("Pay here.").wait_for()
    assert "__stripe_mid" in visit.names(page)
    visitor.context.close()
    page.context.close()


@keeps("ema-1.6.3")
def test_an_exercise_answers_at_once_and_the_chat_can_be_switched_off(
    page: Page, site: Site, account: Account, office: None
) -> None:
    course = Course.objects.get()
    exercise = courses.exercise(course)
    courses.enrolment(course, account.person, started_at=clock.now())
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url))
    visit.log_in(page, site)
    page.goto(site.url(f"/courses/{course.slug}/lessons/{exercise.slug}/"))
    page.get_by_label("112").check()
    page.get_by_role("button", name="Check").click()
    page.get_by_text("1 of 2 right").wait_for()

    page.get_by_role("link", name="Chat", exact=True).click()
    page.get_by_label("Your question").fill("Does the licence end?")
    page.get_by_role("button", name="Start the chat").click()
    page.get_by_text("We have been told that you wait.").wait_for()
    page.goto(site.url("/courses/"))
    page.wait_for_load_state("networkidle")
    scripts = {url.rpartition("/")[2].partition(".")[0] for url in loaded if "static/chat/" in url}
    assert scripts == {"chat", "news"}
    assert visit.names(page) <= visit.NECESSARY

    page.goto(site.url("/account/"))
    page.get_by_role("link", name="Support chat").click()
    page.get_by_role("button", name="Switch the chat off").click()
    page.get_by_text("The chat is off.").wait_for()
    loaded.clear()
    for path in ("/", "/courses/", f"/courses/{course.slug}/", "/chat/", "/account/"):
        page.goto(site.url(path))
        page.wait_for_load_state("networkidle")
        assert page.get_by_role("link", name="Chat", exact=True).count() == 0, path
    assert [url for url in loaded if "chat/" in url.partition("localhost")[2][6:]] == [
        site.url("/chat/")
    ]
