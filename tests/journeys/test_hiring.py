"""From the list with a new employee to a briefing that both signed and anybody can verify."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import DESK, PHONE
from tests.journeys.hand import Hand, enter
from tests.journeys.running import Demo, code_sent_to

pytestmark = pytest.mark.browser
COLUMNS = "number,given_name,family_name,email,phone,unit,position,since"
BRIEFING = "Gaisrinė sauga sandėlyje"
NAME, NUMBER = "Goda Vaitkutė", "9001"
SIGNING_TAPS = 8
"""What was told of them, home page, task, two answers, on, the box, and the signature."""


def _faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def _hire(manager: Page, address: str) -> None:
    """The manager brings the list with one more person, and puts the paper on file."""
    manager.get_by_role("link", name="Our people").first.click()
    manager.get_by_role("link", name="List of people").click()
    given, family = NAME.split()
    line = f"{NUMBER},{given},{family},{address},,Vilnius / Sandėlis,Sandėlininkas,"
    listed = f"{COLUMNS}\n{line}\n".encode()
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": listed}
    manager.get_by_label("The list, as CSV").set_input_files(file)  # type: ignore[arg-type]
    manager.get_by_role("button", name="Compare").click()
    expect(manager.get_by_role("row", name=NAME)).to_be_visible()
    manager.get_by_role("button", name="Apply this").click()
    manager.get_by_label("Family name").fill(family)
    manager.get_by_label("Family name").press("Enter")
    manager.get_by_role("link", name=f"{family} {given}").click()
    manager.get_by_role("link", name="Evidence and agreement to sign").click()
    manager.get_by_text("Put it on file").first.click()
    manager.get_by_label("Signed on paper on").fill("2026-01-05")
    manager.get_by_label("Number of the document").fill(f"S-{NUMBER}")
    manager.get_by_role("button", name="Put it on file").click()
    expect(manager.get_by_text(f"document S-{NUMBER}")).to_be_visible()


def _sign_in_by_code(page: Page, demo: Demo, address: str) -> None:
    page.goto(f"http://ema.localhost:{demo.port}/account/login/")
    refuse = page.get_by_role("button", name="Refuse all")
    if refuse.count():
        refuse.click()
    page.get_by_role("link", name="Send me a code").click()
    page.locator("main form").get_by_role("textbox").fill(address)
    page.locator("main form").get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_sent_to(address, demo.data / "mail"))
    page.get_by_role("button").filter(has_text=re.compile("Sign in|Confirm")).first.click()


def _read_and_sign(page: Page) -> Hand:
    expect(page.get_by_text("Your employer told us about you")).to_be_visible()
    hand = Hand(page)
    hand.tap(page.get_by_role("button", name="Continue"))
    hand.tap(page.locator(".card", has_text="to do").locator(".actions").get_by_role("link"))
    card = page.locator(".card", has_text=BRIEFING)
    hand.tap(card.get_by_role("link", name="Read and sign"))
    for answer in ("Ten, kur parašyta tekste", "Kai kelias už jūsų laisvas"):
        hand.tap(page.get_by_label(answer))
    hand.tap(page.get_by_role("button", name="On to the signature"))
    hand.tap(page.get_by_label("I have read and understood it, and I sign"))
    hand.tap(page.get_by_role("button", name="Sign", exact=True))
    expect(page.get_by_role("cell", name=BRIEFING)).to_be_visible()
    return hand


def _download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as begun:
        page.get_by_role("link", name=name, exact=True).click()
    file = folder / begun.value.suggested_filename
    begun.value.save_as(file)
    return file


def test_from_hire_to_a_signed_briefing_that_anybody_verifies(
    demo: Demo, browser: Browser, tmp_path: Path
) -> None:
    address = f"goda.{NUMBER}@example.org"
    manager = enter(demo, browser, "ema", "Jurga", DESK)
    _hire(manager, address)

    phone = browser.new_context(
        viewport=PHONE, bypass_csp=True, locale="en-GB", has_touch=True, is_mobile=True
    )
    employee = phone.new_page()
    _sign_in_by_code(employee, demo, address)
    assert _read_and_sign(employee).taps <= SIGNING_TAPS
    assert employee.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert _faults(employee) == []
    phone.close()

    instructor = enter(demo, browser, "ema", "Vytautas", DESK)
    hand = Hand(instructor)
    card = instructor.locator(".card", has_text="your signature")
    hand.tap(card.locator(".actions").get_by_role("link"))
    expect(instructor.get_by_label(NAME)).to_be_checked()
    hand.tap(instructor.get_by_role("button", name="Sign for those ticked"))
    assert hand.taps == 2
    signed = instructor.get_by_role("row", name=NAME)
    expect(signed).to_contain_text("signed by both, seals fit")
    instructor.context.close()

    manager.reload()
    told = _verified(manager, demo, tmp_path)
    assert re.search(rf"{NAME} \(instructed\) signed '{BRIEFING}'", told), told
    assert re.search(rf"Vytautas Stonkus \(instructor\) signed '{BRIEFING}'", told), told
    assert told.endswith("Proven: every seal fits, nothing was altered.\n")
    manager.context.close()


def _verified(manager: Page, demo: Demo, folder: Path) -> str:
    """What the program says of the evidence, away from the service."""
    evidence = _download(manager, "For machines", folder)
    program = _download(manager, "The program", folder)
    key = folder / "key.txt"
    key.write_text(demo.get("ema.localhost", "/briefings/key/")[1])
    command = [sys.executable, str(program), str(evidence), str(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    altered = folder / "altered.json"
    altered.write_text(evidence.read_text().replace(NAME, "Ona Petraitė"))
    command[2] = str(altered)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    return done.stdout
