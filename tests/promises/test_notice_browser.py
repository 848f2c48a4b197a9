"""The notice in a real browser: how it is reached, and where its links lead."""

import gzip
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Page

from skola.ground.people.models import Account
from tests.promises.keeping import keeps
from tests.promises.visiting import ADDRESS, PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUTSIDE = """(own) => [...document.querySelectorAll('a[href]')]
  .filter(a => /^https?:$/.test(a.protocol) && a.host !== own)
  .map(a => ({
    href: a.href, rel: a.rel, mark: a.classList.contains('external'), words: a.textContent
  }))
"""
PAGES = (
    "/",
    "/privacy/?language=en",
    "/privacy/recipients/",
    "/privacy/versions/",
    "/privacy/data/",
    "/cookies/",
    "/account/login/",
)


def outside_links_are_marked(page: Page, site: Site) -> int:
    """Every link to another host carries the mark; returns how many there are."""
    count = 0
    for path in PAGES:
        page.goto(site.url(path))
        own = urlsplit(page.url).netloc
        for link in page.evaluate(OUTSIDE, own):
            count += 1
            assert {"noopener", "noreferrer"} <= set(link["rel"].split()), link
            assert link["mark"], link
            assert "another site" in link["words"], link
    return count


def shown_sentence(page: Page, site: Site, paragraph: str) -> str:
    page.goto(site.url("/privacy/?language=en"))
    return page.locator(f"[id='{paragraph}'] .promise-text").inner_text()


@keeps("ilearn-38")
@pytest.mark.tenant("ilearn")
def test_links_out_of_ilearn_are_marked_and_the_sentence_is_shown(page: Page, site: Site) -> None:
    assert outside_links_are_marked(page, site) > 0
    assert "third" in shown_sentence(page, site, "p38") or "other" in shown_sentence(
        page, site, "p38"
    )


@keeps("ema-8.1")
@pytest.mark.tenant("ema")
def test_links_out_of_ema_are_marked_and_the_sentence_is_shown(page: Page, site: Site) -> None:
    assert outside_links_are_marked(page, site) > 0
    assert "sites" in shown_sentence(page, site, "p8.1")


@keeps("ekool-8.6")
@pytest.mark.tenant("ekool")
def test_links_out_of_ekool_are_marked_and_the_sentence_is_shown(page: Page, site: Site) -> None:
    assert outside_links_are_marked(page, site) > 0
    assert "not liable" in shown_sentence(page, site, "p8.6")


@keeps("learnifier-1.b")
@pytest.mark.tenant("learnifier")
def test_links_out_of_learnifier_are_marked_and_the_sentence_is_shown(
    page: Page, site: Site
) -> None:
    assert outside_links_are_marked(page, site) > 0
    page.goto(site.url("/privacy/?language=en"))
    paragraph = page.locator(".promise", has_text="learnifier-1.b").first
    assert "other websites" in paragraph.locator(".promise-text").inner_text()


def one_click_to_the_notice(page: Page) -> str:
    page.locator("footer a[href='/privacy/'], main a[href='/privacy/']").first.click()
    page.wait_for_url("**/privacy/")
    return page.locator("main").inner_text()


def enter(page: Page, site: Site) -> None:
    page.goto(site.url("/account/login/"))
    page.fill("input[name=login]", ADDRESS)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_load_state()


@keeps("ilearn-intro")
@pytest.mark.tenant("ilearn")
def test_the_notice_is_one_click_away_and_has_its_five_parts(
    page: Page, site: Site, account: Account
) -> None:
    for path in ("/", "/account/signup/"):
        page.goto(site.url(path))
        words = one_click_to_the_notice(page)
        titles = [title.lower() for title in page.locator("main h2").all_inner_texts()]
        for part in ("purposes", "purpose of this document", "processing", "storage", "rights"):
            assert any(part in title for title in titles), (path, part, titles)
        assert "how the data are protected" in words
    enter(page, site)
    page.goto(site.url("/account/"))
    assert page.url.endswith("/account/"), page.url
    assert "rights" in one_click_to_the_notice(page)


@keeps("kic-scope")
@pytest.mark.tenant("kic")
def test_courses_learner_area_and_sign_up_link_to_the_same_notice(
    page: Page, site: Site, account: Account
) -> None:
    versions = set()

    def version() -> str:
        one_click_to_the_notice(page)
        return page.locator(".policy-version").inner_text()

    for path in ("/courses/", "/account/signup/"):
        page.goto(site.url(path))
        versions.add(version())
    enter(page, site)
    for path in ("/", "/courses/mine/"):
        page.goto(site.url(path))
        versions.add(version())
    assert len(versions) == 1
    assert "2018-05-25" in versions.pop()


@pytest.mark.tenant("learnifier")
def test_the_longest_notice_is_light_and_works_without_script(client: Client) -> None:
    answer = client.get("/privacy/")
    assert "<script" not in answer.content.decode().split("<main")[1].split("</main>")[0]
    assert not answer.cookies
    assert len(gzip.compress(answer.content)) < 40_000
