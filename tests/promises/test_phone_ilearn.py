"""ilearn: every page of a customer fits a phone, found by walking through the account."""

import re
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.services.courses.tests import make as courses
from skola.services.desk.tests import make as desk
from skola.services.exams.tests import make as exams
from skola.services.forums.tests import make as forums
from skola.services.reaching.tests import make as reaching
from skola.services.shop.tests import make as shop
from tests.journeys.browser import PHONE
from tests.promises.keeping import keeps
from tests.promises.test_account_ilearn import with_everything
from tests.promises.visiting import Site, log_in

pytestmark = [
    pytest.mark.tenant("ilearn"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LONG = "Darba aizsardzības prasības elektromontāžas un būvdarbu vadītājiem"
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
AWAY = re.compile(r"/(logout|files|static|demo|media)/|\.(pdf|zip|csv|json|webmanifest|ics|toml)$")
WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}`).slice(-4);
}"""


def with_data(person: Person) -> None:
    """Whatever a customer can have, with long words in it."""
    now = clock.now() - timedelta(days=1)
    with_everything(person, LONG)
    course = courses.course(title=LONG, author=person)
    courses.lesson(course.sections.all()[0], title=LONG, position=9)
    exams.place(person)
    shop.order(person, at=now)
    desk.enquiry(person=person, body=LONG * 10, at=now)
    forums.forum(name=LONG[:80], at=now)
    reaching.device(person, at=now)
    reaching.delivery(person, "email", at=now)


def walk(page: Page, site: Site) -> Iterator[str]:
    """Open each page that links lead to from the first page on, one of each kind."""
    queue, seen = deque(["/", "/account/"]), set[str]()
    while queue:
        path = queue.popleft()
        kind = KEY.sub("…", path)
        if kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(site.url(path))
        assert answer is not None
        assert answer.status < 500, path
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        yield path
        for link in page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)"):
            to = urlsplit(urljoin(page.url, link))
            if to.port == site.port and not AWAY.search(to.path):
                queue.append(to.path)


@keeps("ilearn-6.c")
def test_every_page_of_a_customer_fits_a_phone_without_scrolling_sideways(
    browser: Browser, site: Site, account: Account
) -> None:
    cache.clear()
    with_data(account.person)
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="en-GB")
    page = context.new_page()
    log_in(page, site)
    found = {path: page.evaluate(WIDE) for path in walk(page, site)}
    context.close()

    assert {path: wide for path, wide in found.items() if wide} == {}
    kinds = {KEY.sub("…", path) for path in found}
    assert {
        "/account/",
        "/account/devices/",
        "/account/notices/…/",
        "/account/privacy/",
        "/contracts/…/",
        "/contracts/invoices/…/",
        "/courses/mine/",
        "/courses/",
        "/desk/mine/…/",
        "/offers/settings/",
        "/shop/orders/",
        "/forums/",
        "/account/requests/",
    } <= kinds, sorted(kinds)
