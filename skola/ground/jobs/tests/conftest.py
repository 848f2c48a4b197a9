from collections.abc import Callable, Iterator
from typing import Any

import pytest
from procrastinate.contrib.django import app

from skola.ground.jobs import registry
from skola.ground.jobs.api import handler
from skola.ground.tenants.api import current_id

Done = list[tuple[Any, dict[str, Any]]]


@pytest.fixture
def done() -> Done:
    """What the job ``test.note`` was called with, and as which tenant."""
    return []


@pytest.fixture(autouse=True)
def note(done: Done) -> Iterator[Callable[..., None]]:
    """A job that notes its values, and one that always fails."""
    tasks, names = dict(app.tasks), dict(registry._names)

    @handler("test.note")
    def note(**values: Any) -> None:
        done.append((current_id(), values))

    @handler("test.fail")
    def fail(**values: Any) -> None:
        done.append((current_id(), values))
        raise ValueError("as always")

    yield note
    app.tasks.clear()
    app.tasks.update(tasks)
    registry._names.clear()
    registry._names.update(names)
