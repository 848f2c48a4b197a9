"""Tests of the officer's place are visits of somebody who holds a role."""

from collections.abc import Callable

import pytest

from skola.ground.people.models import Account, Role
from skola.ground.people.tests import make


@pytest.fixture
def enter(sign_in: Callable[[Account], Account]) -> Callable[[str], Account]:
    """Sign in as a holder of a role."""

    def as_(kind: str) -> Account:
        account = make.account()
        Role.objects.create(person=account.person, kind=kind, starts_at=make.A_DAY)
        return sign_in(account)

    return as_
