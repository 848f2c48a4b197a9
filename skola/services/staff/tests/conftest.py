from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.people.tests.make import account, role


@pytest.fixture
def stand(now: datetime) -> Iterator[None]:
    """Pages are asked for on the day of the test."""
    with clock.standing_at(now):
        yield


@pytest.fixture
def enter(sign_in: Callable[[Account], Account]) -> Callable[..., Person]:
    """Sign somebody in who holds these roles, and return the person."""

    def enter_as(*kinds: str) -> Person:
        entered = sign_in(account()).person
        for kind in kinds:
            role(entered, kind)
        return entered

    return enter_as
