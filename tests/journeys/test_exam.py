"""A whole exam in a real browser with a camera that is not real, its network cut in the middle."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from skola.ground.files.tests.make import picture
from skola.services.exams.rules import GAP_MS
from tests.journeys.browser import DESK, chromium
from tests.journeys.running import Demo

pytestmark = pytest.mark.browser
FAKE = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
]
AT_MOST_APART = GAP_MS / 1000
"""Seconds that two films of one attempt may differ: less than a gap.

How many pictures a second has is the machine's affair; that every part of it is there is not.
"""


@pytest.fixture(scope="module")
def filming() -> Iterator[Browser]:
    """Chromium with a camera that shows a test picture, and leave to use it."""
    with chromium(more=FAKE) as running:
        yield running


def _enter(demo: Demo, browser: Browser, name: str) -> Page:
    page = browser.new_context(viewport=DESK, bypass_csp=True, locale="en-GB").new_page()
    page.goto(f"http://ilearn.localhost:{demo.port}/demo/")
    page.get_by_role("button", name="Refuse all").click()
    page.get_by_role("button", name=f"Enter as {name}").click()
    page.goto(f"http://ilearn.localhost:{demo.port}/exams/")
    return page


@pytest.fixture
def liga(demo: Demo, filming: Browser) -> Iterator[Page]:
    """Līga, who has taken a place and shown her papers; an examiner has looked and let her in."""
    ieva = _enter(demo, filming, "Ieva")
    ieva.get_by_role("link", name="Exam desk").first.click()
    ieva.get_by_role("link", name="Exams and dates").click()
    ieva.get_by_role("link", name="Droša braukšana").click()
    begins = datetime.now(ZoneInfo("Europe/Riga")) - timedelta(minutes=1)
    ieva.locator("#id_starts_at").fill(f"{begins:%Y-%m-%dT%H:%M}")
    ieva.locator("#id_closes_at").fill(f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    ieva.locator("#id_places").fill("3")
    ieva.locator("#id_room").fill(f"Room of {begins:%H:%M:%S}")
    ieva.get_by_role("button", name="Set the date").click()
    row = ieva.get_by_role("row", name=f"Room of {begins:%H:%M:%S}")
    date = row.get_by_role("link").get_attribute("href")
    assert date is not None

    page = _enter(demo, filming, "Līga")
    page.goto(f"http://ilearn.localhost:{demo.port}{date.replace('/desk', '')}")
    page.get_by_label("filmed by camera and screen").check()
    page.get_by_role("button", name="Take a place").click()
    papers = {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
    page.get_by_label("A picture of you").set_input_files(papers)  # type: ignore[arg-type]
    page.get_by_role("button", name="Show the picture").click()
    expect(page.get_by_text("A person will look at your picture.")).to_be_visible()

    ieva.goto(f"http://ilearn.localhost:{demo.port}{date}")
    expect(ieva.get_by_role("link", name="Look at the papers")).to_be_visible()
    ieva.get_by_role("button", name="Let in").click()
    expect(ieva.get_by_role("link", name="Look at the papers")).to_have_count(0)
    ieva.context.close()
    page.reload()
    yield page
    page.context.close()


def _kept_here(page: Page) -> int:
    """How many parts of the film and answers this device still keeps."""
    return int(
        page.evaluate(
            """async () => {
                const all = await indexedDB.databases();
                if (!all.some((one) => one.name === "skola-exams")) return 0;
                const opened = await new Promise((ok) => {
                    const asked = indexedDB.open("skola-exams");
                    asked.onsuccess = () => ok(asked.result);
                });
                const count = (store) => new Promise((ok) => {
                    const asked = opened.transaction(store).objectStore(store).count();
                    asked.onsuccess = () => ok(asked.result);
                });
                const kept = await count("parts") + await count("answers");
                opened.close();
                return kept;
            }"""
        )
    )


def _lengths(page: Page) -> list[tuple[float, float]]:
    """Of each film on the page: how long its parts say it is, and how long it plays."""
    found: list[tuple[float, float]] = [
        (told / 1000, plays)
        for told, plays in page.evaluate(
            """async () => {
                const all = [...document.querySelectorAll("video[data-length]")];
                const soon = () => new Promise((ok) => setTimeout(ok, 50));
                return Promise.all(all.map(async (video) => {
                    while (!Number.isFinite(video.duration)) await soon();
                    return [Number(video.dataset.length), video.duration];
                }));
            }"""
        )
    ]
    return found


def _plays_to_its_end(page: Page, number: int) -> bool:
    return bool(
        page.evaluate(
            """async (number) => {
                const video = document.querySelectorAll("video[data-length]")[number];
                const ended = new Promise((ok) => (video.onended = () => ok(true)));
                video.onerror = () => { throw video.error; };
                video.muted = true;
                video.playbackRate = 4;
                await video.play();
                return ended;
            }""",
            number,
        )
    )


def test_the_rehearsal_sends_nothing_and_keeps_nothing(liga: Page) -> None:
    sent: list[Request] = []
    liga.get_by_role("link", name="Rehearse").click()
    liga.wait_for_url("**/rehearsal/")
    liga.wait_for_load_state("networkidle")
    liga.on("request", lambda request: sent.append(request))

    liga.get_by_role("button", name="Try camera, screen and network").click()

    for check in ("camera", "screen", "film", "network"):
        expect(liga.locator(f"#check-{check}")).to_contain_text("works", timeout=15_000)
    assert {(one.method, one.post_data) for one in sent} == {("HEAD", None)}
    assert _kept_here(liga) == 0
    assert [fault["id"] for fault in Axe().run(liga).response["violations"]] == []


@pytest.mark.keeps("ilearn-40.d")
def test_an_exam_outlives_a_cut_network_and_its_film_has_every_second(
    liga: Page, filming: Browser
) -> None:
    liga.get_by_role("link", name="To the exam").click()
    _refuse_the_camera_first(liga)
    liga.get_by_label("I have read what is recorded").check()
    liga.get_by_role("button", name="Start the exam").click()
    light = liga.locator("#light-words")
    expect(light).to_have_text("Recording", timeout=15_000)

    liga.get_by_label("labajā").check()
    expect(liga.locator("#saved")).to_contain_text("Saved at")
    context: BrowserContext = liga.context
    context.set_offline(True)
    liga.locator("textarea[name^=q-]").fill("Written while the network was away.")
    expect(liga.locator("#saved")).to_contain_text("No network")
    expect(light).to_contain_text("wait on this device", timeout=15_000)
    assert _kept_here(liga) > 0
    context.set_offline(False)
    expect(liga.locator("#saved")).to_contain_text("Saved at", timeout=15_000)
    liga.get_by_role("button", name="Hand in").click()

    expect(liga.get_by_text("being marked")).to_be_visible(timeout=30_000)
    assert _kept_here(liga) == 0
    liga.get_by_role("link", name="See your film").click()
    films = _lengths(liga)
    assert len(films) == 2
    camera, screen = films
    assert camera[0] >= 3
    assert abs(camera[0] - screen[0]) < AT_MOST_APART
    assert all(0 < plays <= told + AT_MOST_APART for told, plays in films)
    assert all(_plays_to_its_end(liga, number) for number in range(2))
    expect(liga.locator(".film-take")).to_have_count(2)
    expect(liga.locator(".film-take + .film-gap")).to_have_count(0)  # none where it was cut
    assert [fault["id"] for fault in Axe().run(liga).response["violations"]] == []


def _refuse_the_camera_first(page: Page) -> None:
    """A camera that is denied blocks the start, and the page says what one can do."""
    page.evaluate(
        """() => {
            const devices = navigator.mediaDevices;
            const real = devices.getUserMedia.bind(devices);
            devices.getUserMedia = async () => {
                devices.getUserMedia = real;
                throw new DOMException("denied", "NotAllowedError");
            };
        }"""
    )
    page.get_by_label("I have read what is recorded").check()
    page.get_by_role("button", name="Start the exam").click()
    expect(page.get_by_text("so the exam has not begun")).to_be_visible()
    expect(page.locator("#paper")).to_have_count(0)
