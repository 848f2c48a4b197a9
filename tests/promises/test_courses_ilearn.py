"""iLearn's e-learning environment: from an empty course to the certificate of who completed it."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from tests.journeys.browser import DESK
from tests.promises import visiting as visit
from tests.promises.keeping import keeps
from tests.promises.visiting import Site

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db(transaction=True)]
TITLE, EXAM, BOARD = "Tying a boat", "Knots that hold", "Questions about knots"
ROOM = "Brīvības iela 1, room 4"
QUESTION = "Which knot makes a loop?\n* The bowline\nThe cleat"


def entered(browser: Browser, site: Site, who: Account) -> Page:
    """A browser in which somebody is signed in; they begin at the first page."""
    client = Client()
    client.force_login(who)
    context = browser.new_context(viewport=DESK, locale="en-GB", reduced_motion="reduce")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site.url("/")}])
    page = context.new_page()
    page.goto(site.url("/"))
    page.get_by_role("button", name="Refuse all").click()
    return page


def rail(page: Page, name: str) -> None:
    """Go to a place by the rail, as on every page."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()


def write_exam(page: Page) -> None:
    """Write an exam of one question, publish it, and set a date that has begun."""
    rail(page, "Exam desk")
    page.get_by_role("link", name="Write an exam").click()
    page.get_by_label("Title").fill(EXAM)
    page.get_by_label("Minutes").fill("20")
    page.get_by_role("button", name="Keep the draft").click()
    page.get_by_label("Question").fill("How many turns has a bowline?")
    page.get_by_label("Kind").select_option("number")
    page.get_by_label("Choices, or accepted answers").fill("1\n0")
    page.get_by_role("button", name="Add the question").click()
    page.get_by_role("button", name="Publish").click()
    begins = clock.now().astimezone(ZoneInfo("Europe/Riga")) - timedelta(minutes=1)
    page.get_by_label("One may begin from").fill(f"{begins:%Y-%m-%dT%H:%M}")
    page.get_by_label("Until").fill(f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("spinbutton", name="Places").fill("3")
    page.get_by_label("Room").fill(ROOM)
    page.get_by_role("button", name="Set the date").click()
    expect(page.get_by_role("table", name="Dates")).to_contain_text("0 of 3")


def build_course(page: Page) -> None:
    """Make a course of a lesson and a test, whose certificate asks for the exam too."""
    rail(page, "Making")
    page.get_by_role("link", name="Make your first course").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Summary").fill("Two knots that hold, and how to get them open again.")
    page.get_by_role("button", name="Make the course").click()
    page.get_by_label("Title of the lesson").fill("The bowline")
    page.get_by_role("button", name="Add and write it").click()
    page.get_by_label("Text").fill("Up through the hole.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Add a lesson").click()
    page.get_by_label("Title of the lesson").fill("What do you know?")
    page.get_by_label("Kind").select_option("exercise")
    page.get_by_role("button", name="Add and write it").click()
    page.get_by_label("Questions").fill(QUESTION)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Certificate of the course").click()
    page.get_by_label("Hours").fill("2")
    page.get_by_label("Exam to be passed besides the lessons").select_option(label=EXAM)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("In the catalogue")).to_be_visible()


def open_board(page: Page) -> None:
    """Open a board for the people of the course."""
    rail(page, "Forums")
    page.get_by_role("link", name="Reports and settings").click()
    page.get_by_role("link", name="Open a forum").click()
    page.get_by_label("Kind").select_option("board")
    page.get_by_label("Name").fill(BOARD)
    page.get_by_label("Rules of posting").fill("Be kind.")
    page.get_by_label("Who reads it").select_option("course")
    page.get_by_label("Course").select_option(label=TITLE)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BOARD)


def complete_lessons(page: Page) -> None:
    """Take the course: read the lesson, fail the test, then do it right."""
    rail(page, "Courses")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="Take this course").click()
    page.get_by_role("button", name="Done, go on").click()
    page.get_by_label("The cleat").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("0 of 1 right")).to_be_visible()
    page.get_by_label("The bowline").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("1 of 1 right")).to_be_visible()
    page.get_by_role("link", name="Back to the course").click()
    expect(page.get_by_role("region", name="Where you are")).to_contain_text("Finished")


def ask_for_certificate(page: Page) -> None:
    """Look from the page of the course what is lacking for its certificate, or at it."""
    rail(page, "Courses")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="Your certificate").click()


@keeps("ilearn-11.b")
@pytest.mark.browser
def test_a_course_with_lesson_test_and_exam_ends_with_a_certificate(
    browser: Browser, site: Site, account: Account
) -> None:
    author = people.account(email="author@example.org", password=visit.PASSWORD)
    people.role(author.person, "examiner")
    making = entered(browser, site, author)
    write_exam(making)
    build_course(making)
    open_board(making)

    learner = entered(browser, site, account)
    complete_lessons(learner)
    expect(learner.get_by_role("link", name=BOARD)).to_be_visible()
    learner.get_by_role("link", name="Your certificate").click()
    asked = learner.get_by_role("table", name="What the certificate asks for")
    expect(asked.get_by_role("row", name="Every lesson")).to_contain_text("done")
    expect(asked.get_by_role("row", name=EXAM)).to_contain_text("not yet")
    asked.get_by_role("link", name=EXAM).click()
    learner.get_by_role("link", name=EXAM).click()
    learner.get_by_label("without a camera").check()
    learner.get_by_role("button", name="Take a place").click()
    expect(learner.get_by_text("Show your passport or identity card in the room.")).to_be_visible()

    rail(making, "Exam desk")
    making.get_by_role("link", name="Exams and dates").click()
    making.get_by_role("link", name=EXAM).click()
    making.get_by_role("table", name="Dates").get_by_role("link").click()
    making.get_by_role("button", name="Let in").click()

    learner.reload()
    learner.get_by_role("link", name="To the exam").click()
    learner.get_by_label("I have read what is recorded").check()
    learner.get_by_role("button", name="Start the exam").click()
    learner.get_by_label("How many turns has a bowline?").fill("1")
    learner.get_by_role("button", name="Hand in").click()
    expect(learner.get_by_text("being marked")).to_be_visible()
    ask_for_certificate(learner)
    expect(asked.get_by_role("row", name=EXAM)).to_contain_text("not yet")

    rail(making, "Exam desk")
    making.get_by_role("table", name="To mark").get_by_role("link").first.click()
    making.get_by_role("button", name="Give the result").click()

    ask_for_certificate(learner)
    expect(learner).to_have_url(re.compile(r"/certificates/[0-9a-f-]{36}/$"))
    expect(learner.get_by_role("main")).to_contain_text(TITLE)
    with learner.expect_download() as paper:
        learner.get_by_role("link", name="PDF").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF-")
    making.context.close()
    learner.context.close()
