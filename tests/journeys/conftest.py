from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import chromium
from tests.journeys.running import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with chromium() as running:
        yield running
