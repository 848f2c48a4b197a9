"""Content of other sites in lessons, in a browser: nothing of it before a click or consent."""

import pytest
from playwright.sync_api import Page, Route, expect

from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.services.courses.tests.make import course, lesson
from tests.promises import visiting as visit
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
VIDEO = "www.youtube-nocookie.com"
TEXT = "Watch this.\n\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n\nhttps://x.example/\n\nOn."


def film() -> str:
    """A lesson that is open to all and shows a film of another site; its address."""
    made = course(title="Bees", author=people.person(given_name="Anna"), lessons=(0,))
    section = made.sections.get()
    one = lesson(section, title="A film", text=TEXT, is_preview=True)
    return f"/courses/{made.slug}/lessons/{one.slug}/"


@keeps("ilearn-cookie-thirdparty")
@pytest.mark.tenant("ilearn")
def test_a_film_of_others_waits_for_a_click_or_for_consent(
    page: Page, site: Site, account: Account
) -> None:
    address = site.url(film())
    elsewhere = visit.Elsewhere(page, site)
    page.goto(address)
    waits = page.get_by_text(f"Here stands something from {VIDEO}")
    expect(waits).to_be_visible()
    visit.load_from(page, VIDEO, "x.example")
    assert elsewhere.hosts == set()
    page.get_by_role("link", name="Load it").click()
    expect(page.frame_locator("iframe").locator("svg")).to_have_count(1)
    assert elsewhere.hosts == {VIDEO}

    # the click was for once; consent to its category is for always, and ends with it
    elsewhere.hosts.clear()
    page.goto(address)
    expect(waits).to_be_visible()
    assert elsewhere.hosts == set()
    visit.answer(page, site, "Accept all")
    page.goto(address)
    expect(page.frame_locator("iframe").locator("svg")).to_have_count(1)
    assert elsewhere.hosts == {VIDEO}
    page.goto(site.url("/cookies/"))
    assert VIDEO.removeprefix("www.") in visit.rows(page.content())
    page.get_by_role("button", name="Refuse all").click()
    elsewhere.hosts.clear()
    page.goto(address)
    expect(waits).to_be_visible()
    assert elsewhere.hosts == set()


@keeps("learnifier-5.h")
@pytest.mark.tenant("learnifier")
def test_a_cookie_of_an_embedded_site_is_apart_and_gone_with_the_page(
    page: Page, site: Site
) -> None:
    address = site.url(film())
    sent: list[str] = []

    def answers(route: Route) -> None:
        sent.append(route.request.headers.get("cookie", ""))
        route.fulfill(
            status=200,
            content_type="text/html",
            body="<script>document.cookie = 'told=2; Secure; SameSite=None; Path=/';"
            "document.title = document.cookie</script><p>A film</p>",
        )

    page.route(f"https://{VIDEO}/**", answers)
    page.goto(address)
    assert sent == []
    page.get_by_role("link", name="Load it").click()
    expect(page.frame_locator("iframe").get_by_text("A film")).to_be_visible()
    (frame,) = [one for one in page.frames if VIDEO in one.url]
    assert frame.evaluate("document.cookie") == "told=2", "it works as its operator intended"
    assert "told" not in page.evaluate("document.cookie")
    assert "told" not in {one.get("name") for one in page.context.cookies(site.url("/"))}
    page.goto(site.url("/"))
    page.goto(address)
    page.get_by_role("link", name="Load it").click()
    expect(page.frame_locator("iframe").get_by_text("A film")).to_be_visible()
    assert sent == ["", ""], "nothing of the first time comes back"
