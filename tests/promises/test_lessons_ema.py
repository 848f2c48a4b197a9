"""EMA's lessons suit whoever reads them: phone or desk, keyboard, each language of the service."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from skola.ground import clock
from skola.ground.people.models import Account
from skola.promises.policy.api import in_force
from skola.services.courses.tests import make as courses
from tests.journeys.browser import DESK, PHONE
from tests.promises import visiting as visit
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.django_db(transaction=True)]
MOST_STEPS = 80


def reach(page: Page, selector: str) -> None:
    """Go to a control with the Tab key alone, and see that it shows where one is."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            seen = page.evaluate(
                """() => { const it = document.activeElement, s = getComputedStyle(it),
                    b = it.getBoundingClientRect();
                    return [s.outlineStyle !== 'none' || s.boxShadow !== 'none', b.height,
                        b.left >= 0 && b.right <= window.innerWidth]; }"""
            )
            assert seen[0], "the focus is seen"
            assert seen[1] >= 24, "large enough"
            assert seen[2], "on the screen"
            return
    pytest.fail(f"{selector} is not reached by keyboard")


@keeps("ema-1.6.1")
@pytest.mark.browser
def test_the_same_lesson_is_usable_on_phone_and_desk_by_keyboard_in_each_language(
    browser: Browser, site: Site, account: Account
) -> None:
    made = courses.course(title="Fractions", lessons=(2,))
    courses.enrolment(made, account.person, started_at=clock.now())
    lesson = courses.lessons_of(made)[0]
    there = site.url(reverse("courses:lesson", args=[made.slug, lesson.slug]))
    words: dict[str, str] = {}
    languages = in_force(clock.now()).policy.policy.languages
    assert set(languages) == {"lt", "en"}
    for language in languages:
        for size in (PHONE, DESK):
            context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce")
            page = context.new_page()
            enter(page, site, account)
            page.goto(there)
            assert page.locator("html").get_attribute("lang") == language
            expect(page.locator("h1")).to_have_text(lesson.title)
            wide = page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, "nothing stands beside the screen"
            words[language] = page.locator("#mark").inner_text()
            for button in ("button#mark[hx-post]", "button#mark.button-quiet"):
                reach(page, button)
                page.keyboard.press("Enter")
                page.wait_for_load_state("networkidle")
            expect(page.locator("#mark")).to_have_text(words[language])
            context.close()
    assert words["lt"] != words["en"]


def enter(page: Page, site: Site, account: Account) -> None:
    """Sign in, and answer the question about cookies, in whatever language."""
    page.goto(site.url("/account/login/"))
    page.locator("input[name=login]").fill(visit.ADDRESS)
    page.locator("input[name=password]").fill(visit.PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
    if page.locator(".cookie-banner").count():
        page.locator(".cookie-banner button").nth(1).click()
        page.wait_for_load_state()
