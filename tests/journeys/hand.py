"""Somebody at a page whose taps and keys are counted, and how long a practised person needs.

No test asserts a time, because machines are shared. What a page asks of a person is counted
instead, and taken for seconds by the keystroke-level model (Card, Moran and Newell 1980,
doi:10.1145/358886.358895), which says how long a practised person needs for each act.
"""

from playwright.sync_api import Browser, Locator, Page, ViewportSize

from tests.journeys.running import Demo

KEY = 0.28
"""Seconds for a key, of somebody who types no faster than most people."""
POINT = 1.1
"""Seconds to bring pointer or finger to something."""
THINK = 1.35
"""Seconds in which somebody decides what comes next."""


class Hand:
    """Who acts on a page; a tap is thought of first, and so is what is typed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.keys = self.thoughts = 0

    def tap(self, what: Locator) -> None:
        """Tap or click something."""
        what.click()
        self.taps += 1
        self.thoughts += 1

    def type(self, text: str) -> None:
        """Type something where the cursor is."""
        self.page.keyboard.type(text)
        self.keys += len(text)
        self.thoughts += 1

    def press(self, key: str) -> None:
        """Press a key that follows from what was typed, such as Enter."""
        self.page.keyboard.press(key)
        self.keys += 1

    @property
    def seconds(self) -> float:
        """How long a practised person needs for all of it."""
        return self.taps * (POINT + KEY) + self.keys * KEY + self.thoughts * THINK


def enter(
    demo: Demo, browser: Browser, service: str, name: str, viewport: ViewportSize, **how: bool
) -> Page:
    """Enter the demo as somebody, on a device of their own."""
    context = browser.new_context(viewport=viewport, bypass_csp=True, locale="en-GB", **how)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"http://{service}.localhost:{demo.port}/demo/")
    refuse = page.get_by_role("button", name="Refuse all")
    if refuse.count():
        refuse.click()
    page.get_by_role("button", name=f"Enter as {name}").click()
    return page
