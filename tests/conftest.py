"""Fixtures of the tests that act from outside."""

from collections.abc import Iterator

import pytest

from tests.journeys.running import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, running as a newcomer starts it."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    running.stop()
