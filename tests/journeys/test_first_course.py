"""From the invitation on the first page to a course that somebody else takes and comes back to."""

import re
import time
from email import policy
from email.parser import Parser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import DESK, PHONE
from tests.journeys.running import Demo

pytestmark = pytest.mark.browser
TITLE = "Tying a boat"
PATIENCE_SECONDS = 30


def _code_sent_to(address: str, mails: Path) -> str:
    """Wait for the mail with the code, which the worker sends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        for file in sorted(mails.glob("*"), reverse=True):
            mail = Parser(policy=policy.default).parsestr(file.read_text(encoding="utf-8"))
            found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", str(mail), re.MULTILINE)
            if address in str(mail["to"]) and found:
                return found[1]
        time.sleep(0.3)
    raise AssertionError(f"No code arrived for {address} within {PATIENCE_SECONDS} seconds.")


def _faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def _refuse_cookies(page: Page) -> None:
    page.get_by_role("button", name="Refuse all").click()


def _sign_up(page: Page, demo: Demo, address: str) -> None:
    page.goto(f"http://ilearn.localhost:{demo.port}/")
    _refuse_cookies(page)
    page.get_by_role("link", name="Create your first course").click()
    page.get_by_label("Date of birth").fill("1990-04-05")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Given name").fill("Anna")
    page.get_by_label("Family name").fill("Paraugs")
    page.get_by_role("textbox", name=re.compile("e-?mail", re.IGNORECASE)).fill(address)
    page.get_by_label("Password").fill("violets in a tall glass")
    page.locator("main form").get_by_role("button").first.click()
    page.get_by_label("Code").fill(_code_sent_to(address, demo.data / "mail"))
    page.get_by_role("button", name="Confirm").click()


def _make(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/courses/making/new/$"))
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Summary").fill("Two knots that hold, and how to get them open again.")
    page.get_by_role("button", name="Make the course").click()
    for title, text in (
        ("The bowline", "Up through the hole."),
        ("The cleat", "Round, then eight."),
    ):
        page.get_by_label("Title of the lesson").fill(title)
        page.get_by_role("button", name="Add and write it").click()
        page.get_by_label("Text").fill(f"# How\n\n{text}")
        page.get_by_role("button", name="Save", exact=True).click()
        if title == "The bowline":
            page.get_by_text("Add a lesson").click()


@pytest.mark.keeps("ilearn-page-cta")
def test_somebody_signs_up_and_makes_a_course_that_another_takes(
    demo: Demo, browser: Browser
) -> None:
    author = browser.new_context(viewport=DESK, bypass_csp=True, locale="en-GB").new_page()
    _sign_up(author, demo, f"anna.{demo.port}@example.org")
    _make(author)

    author.get_by_role("button", name="Move “The cleat” up").focus()
    author.keyboard.press("Enter")
    first = author.locator(".making-lesson").first
    expect(first).to_contain_text("The cleat")
    author.get_by_role("button", name="Move “The cleat” down").click()
    expect(first).to_contain_text("The bowline")
    assert _faults(author) == []
    author.get_by_role("button", name="Publish").click()
    expect(author.get_by_text("In the catalogue")).to_be_visible()
    author.context.close()

    _take(demo, browser)
    _close_the_invitation(demo, browser)


def _close_the_invitation(demo: Demo, browser: Browser) -> None:
    """Whoever does not want to be invited is not, on the next pages either."""
    visitor = browser.new_context(viewport=PHONE, locale="en-GB").new_page()
    visitor.goto(f"http://ilearn.localhost:{demo.port}/")
    _refuse_cookies(visitor)
    invitation = visitor.get_by_role("link", name="Create your first course")
    expect(invitation).to_be_visible()
    visitor.get_by_role("button", name="Close this hint").click()
    expect(invitation).not_to_be_visible()
    visitor.reload()
    expect(invitation).not_to_be_visible()
    visitor.context.close()


def _take(demo: Demo, browser: Browser) -> None:
    """Somebody else takes the course on a phone, without JavaScript, and comes back to it."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="en-GB")
    learner = context.new_page()
    home = f"http://ilearn.localhost:{demo.port}"
    learner.goto(f"{home}/demo/")
    _refuse_cookies(learner)
    learner.get_by_role("button", name="Enter as Andris").click()

    learner.goto(f"{home}/courses/?q=knots")
    learner.get_by_role("link", name=TITLE).click()
    learner.get_by_role("button", name="Take this course").click()
    expect(learner.get_by_role("heading", level=1)).to_have_text("The bowline")
    learner.get_by_role("button", name="Done, go on").click()
    expect(learner.get_by_role("heading", level=1)).to_have_text("The cleat")

    learner.goto(f"{home}/courses/mine/")
    expect(learner.get_by_role("heading", name="The cleat")).to_be_visible()
    expect(learner.get_by_text("1 of 2")).to_be_visible()
    learner.get_by_role("link", name="Go on").click()
    learner.get_by_role("button", name="Mark as done").click()
    expect(learner.get_by_text("You have done every lesson of this course.")).to_be_visible()
    context.close()


def test_a_lesson_is_marked_as_done_without_a_reload(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(viewport=DESK, bypass_csp=True, locale="en-GB")
    learner = context.new_page()
    home = f"http://ilearn.localhost:{demo.port}"
    learner.goto(f"{home}/demo/")
    _refuse_cookies(learner)
    learner.get_by_role("button", name="Enter as Līga").click()
    learner.goto(f"{home}/courses/mine/")
    learner.get_by_role("link", name="Go on").click()
    learner.evaluate("window.stayed = true")
    learner.get_by_role("button", name="Mark as done").click()
    expect(learner.locator("#state")).to_contain_text("Done")
    assert learner.evaluate("window.stayed") is True
    assert _faults(learner) == []
    context.close()
