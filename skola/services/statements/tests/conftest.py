from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant, inside
from skola.services.school.tests.make import A_DAY


@pytest.fixture
def stand() -> Iterator[None]:
    """Pages are asked for on a Monday at nine in Tallinn."""
    with clock.standing_at(A_DAY):
        yield


@pytest.fixture
def client_of(tenant: Tenant) -> Callable[[Person], Client]:
    """A browser in which somebody is signed in."""

    def enter(person: Person) -> Client:
        made = Client(HTTP_HOST=f"{tenant.slug}.localhost")
        with inside(tenant.pk):
            account = Account.objects.filter(person=person).first()
            if account is None:
                account = Account.objects.create_account(
                    person, email=person.email, password=None, now=people.A_DAY
                )
            made.force_login(account)
        return made

    return enter
