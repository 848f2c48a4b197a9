"""Content of other sites in lessons, in a browser: nothing of it before a click or consent."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.services.campaigns.tests.make import agree
from skola.services.courses.api import Course, enrol
from skola.services.courses.tests.make import course, lesson
from tests.promises import visiting as visit
from tests.promises.editing import Folder, edited
from tests.promises.keeping import keeps
from tests.promises.marketing import delivered, started
from tests.promises.marketing import office as marketing_office
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


ADS = "ads.example"
NETWORK = f"""[[cookie]]
name = "adnet"
opt_out = "https://{ADS}/"
clause = ["learnifier-5.cookie-ads-networks"]
class = "marketing"
party = "third"
host = "{ADS}"
processor = "ad-networks"
lifetime = "6 months"
stores.sv = "ett tal för annonser"
stores.en = "a number for advertisements"

"""


@keeps("learnifier-5.cookie-ads-networks")
@pytest.mark.tenant("learnifier")
def test_an_advertising_network_is_reached_by_consent_and_never_from_lessons_or_mails(
    page: Page, folder: Folder, site: Site, account: Account
) -> None:
    (file,) = (folder.published / "learnifier").glob("*.toml")
    one = '[[cookie]]\nname = "interests"'
    file.write_text(edited(file.read_text(), [(one, NETWORK + one)]))
    elsewhere = visit.Elsewhere(page, site)
    page.goto(site.url("/cookies/"))
    assert "adnet" in visit.rows(page.content())
    page.get_by_role("button", name="Refuse all").click()
    for path in visit.crawl(page, site):
        if path != "/robots.txt":
            visit.load_from(page, ADS)
    assert elsewhere.hosts == set()
    assert hosts_in_mails(account) <= {"learnifier.localhost"}

    page.goto(site.url("/cookies/"))
    page.get_by_role("button", name="Accept all").click()
    page.goto(site.url("/"))
    visit.load_from(page, ADS)
    assert elsewhere.hosts == {ADS}
    elsewhere.hosts.clear()
    visit.log_in(page, site)
    taken = Course.objects.get(slug="first-aid-at-work")
    enrol(taken, account.person, by="test", now=clock.now())
    page.goto(site.url("/cookies/"))
    page.get_by_role("button", name="Accept all").click()
    first = taken.lessons.order_by("section__position", "position")[0]
    for path in ("/courses/mine/", f"/courses/{taken.slug}/lessons/{first.slug}/"):
        answer = page.goto(site.url(path))
        assert answer is not None
        assert answer.status == 200, path
        visit.load_from(page, ADS)
    assert elsewhere.hosts == set()
    assert hosts_in_mails(account) <= {"learnifier.localhost"}


def hosts_in_mails(account: Account) -> set[str]:
    """Send an offer to somebody; the hosts that their mails would load from."""
    agree(account.person, "marketing.own", at=clock.now())
    started(marketing_office(), "news", offer="Bees")
    letters = delivered()
    assert letters
    bodies = [str(part) for one in letters for part in (one.body, *one.alternatives)]
    loaded = re.findall(r'(?:src|background)="https?://([^/":]+)', " ".join(bodies))
    assert ADS not in " ".join(bodies)
    return set(loaded)
