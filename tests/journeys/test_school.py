"""A day at a school in a real browser, its taps and keys counted: lesson, marks, absence note."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, product
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from skola.web.demo.names import of
from tests.journeys.browser import DESK, PHONE
from tests.journeys.hand import Hand, enter
from tests.journeys.running import Demo

pytestmark = pytest.mark.browser
PUPILS = 30
"""Pupils that the class gets besides those whom it has."""
LESSON_SECONDS, MARKS_SECONDS, NOTE_SECONDS = 60, 90, 15
"""What the three may take a practised person."""
NOTE_TAPS = 3
ABSENT, LATE = (3, 11, 24), 7


@pytest.fixture(scope="module")
def teacher(demo: Demo, browser: Browser) -> Iterator[Page]:
    """Kadri, whose class has thirty pupils and a lesson of hers today, at a desk."""
    office = enter(demo, browser, "ekool", "Helve", DESK)
    office.goto(f"http://ekool.localhost:{demo.port}/school/")
    office.get_by_role("link", name="Lepiku Kool").click()
    _take_over_a_list(office)
    office.get_by_role("link", name="7.B").click()
    _put_a_lesson_into_today(office)
    office.context.close()
    page = enter(demo, browser, "ekool", "Kadri", DESK)
    yield page
    page.context.close()


def _take_over_a_list(office: Page) -> None:
    names, families = of("EE").women[:6], of("EE").women_family[:5]
    lines = [f"{given},{family},7.B" for given, family in islice(product(names, families), PUPILS)]
    office.get_by_role("link", name="Take over a list of pupils").click()
    office.get_by_label("Paste the list").fill("\n".join(["given_name,family_name,class", *lines]))
    office.get_by_role("button", name="Look at it").click()
    office.get_by_role("button", name=re.compile("Enter [0-9]+ pupils")).click()


def _put_a_lesson_into_today(office: Page) -> None:
    today = datetime.now(ZoneInfo("Europe/Tallinn"))
    form = office.locator("#slot-form")
    office.get_by_text("Another lesson").click()
    form.get_by_label("Subject").select_option("Matemaatika")
    form.get_by_label("Day").select_option(str(today.isoweekday()))
    times = form.get_by_label("Time").locator("option")
    form.get_by_label("Time").select_option(index=times.count() - 1)
    form.get_by_label("Room").fill("Room of thirty")
    form.get_by_label("From").fill(f"{today:%Y-%m-%d}")
    form.get_by_role("button", name="Put it into the timetable").click()
    expect(office.get_by_text("Room of thirty")).to_be_visible()


def _faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def test_a_lesson_is_entered_and_thirty_marks_are_given_without_a_mouse(teacher: Page) -> None:
    teacher.get_by_role("link", name="Diary", exact=True).first.click()
    row = teacher.locator(".lesson-row", has_text="Room of thirty")
    hand = Hand(teacher)
    hand.tap(row.get_by_role("link"))
    hand.tap(teacher.get_by_label("Topic"))
    hand.type("Protsendid")
    hand.press("Tab")
    hand.type("Harjutused 12-15")
    pupils = teacher.locator(".roll-state")
    everybody = pupils.count()
    assert everybody >= PUPILS
    for place in ABSENT:
        hand.tap(pupils.nth(place))
        expect(pupils.nth(place)).to_contain_text("absent")
    for state in ("absent", "late"):
        hand.tap(pupils.nth(LATE))
        expect(pupils.nth(LATE)).to_contain_text(state)
    expect(teacher.locator("#saved")).to_contain_text("Saved at")

    assert hand.seconds < LESSON_SECONDS
    teacher.reload()
    expect(teacher.get_by_label("Topic")).to_have_value("Protsendid")
    expect(teacher.locator("#id_homework")).to_have_value("Harjutused 12-15")
    expect(teacher.locator("#there")).to_have_text(f"{everybody - len(ABSENT)} of {everybody}")
    assert _faults(teacher) == []

    _give_marks(teacher, everybody)


def _give_marks(teacher: Page, everybody: int) -> None:
    """Open a column and fill it: no pointer, from the lesson's page to the last mark."""
    teacher.get_by_role("link", name="To the journal of this group").press("Enter")
    teacher.wait_for_url("**/diary/journals/**")
    _go_to(teacher, "Mark something else", at_most=40)
    teacher.keyboard.press("Enter")
    teacher.keyboard.press("Tab")
    _go_to(teacher, "What is marked", at_most=8)
    hand = Hand(teacher)
    hand.type("Protsendid, töö 1")
    hand.press("Enter")
    teacher.wait_for_url("**?new=*")
    column = teacher.locator(".journal-cell input[autofocus]")
    expect(column).to_be_focused()
    place = column.evaluate("(input) => input.closest('td').cellIndex") + 1

    given = [str(5 - place % 4) for place in range(everybody)]
    for value in given:
        hand.type(value)
        hand.press("Enter")

    assert hand.taps == 0
    assert hand.seconds * PUPILS / everybody < MARKS_SECONDS
    teacher.wait_for_load_state("networkidle")
    teacher.reload()
    marks = teacher.locator(f"tbody tr td:nth-child({place}) > input")
    assert [one.input_value() for one in marks.all()] == given
    assert _faults(teacher) == []


def _go_to(page: Page, name: str, *, at_most: int) -> None:
    """Press Tab until what bears this name has the focus."""
    for _ in range(at_most):
        if page.evaluate(
            """(name) => {
                const here = document.activeElement;
                const label = here.labels?.[0]?.innerText ?? "";
                return (here.innerText || label).trim().startsWith(name);
            }""",
            name,
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{at_most} times Tab do not lead to “{name}”.")


def test_a_parent_reports_an_absence_in_three_taps_and_the_school_confirms_it(
    demo: Demo, browser: Browser, teacher: Page
) -> None:
    home = f"http://ekool.localhost:{demo.port}/"
    parent = enter(demo, browser, "ekool", "Andres", PHONE, has_touch=True, is_mobile=True)
    hand = Hand(parent)

    hand.tap(parent.get_by_role("link", name="Diary", exact=True).first)
    hand.tap(parent.get_by_role("link", name=re.compile("Report an absence.*Mirtel")))
    hand.tap(parent.get_by_role("button", name="Send"))

    expect(parent.get_by_text("The note is sent.")).to_be_visible()
    assert hand.taps == NOTE_TAPS
    assert hand.seconds < NOTE_SECONDS
    assert parent.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert _faults(parent) == []

    teacher.goto(home)
    waits = teacher.get_by_role("link", name=re.compile("absence note"))
    answering = Hand(teacher)
    answering.tap(waits.first)
    note = teacher.locator(".card", has_text="Mirtel Kask").last
    answering.tap(note.get_by_role("button", name="Confirm"))

    assert answering.taps == 2
    parent.goto(f"{home}diary/children/")
    expect(parent.get_by_text("Absence note").first).to_contain_text("confirmed")
    parent.context.close()
