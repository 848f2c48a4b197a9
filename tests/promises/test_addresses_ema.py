"""EMA: the address of a visitor stands in the log of security, for its term, and nowhere else."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import sweep
from skola.services.billing.tests import make as billing
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, log_in
from tests.promises.raw import tables_with
from tests.promises.test_access import copy_of, text_of

NETWORK = "203.0.113"
A_SECOND = timedelta(seconds=1)


def used(tenant: Tenant, address: str, at: datetime) -> None:
    """Somebody looks around, mistypes the password, signs in and asks something."""
    with clock.standing_at(at):
        who = Client(
            HTTP_HOST=f"{tenant.slug}.localhost", HTTP_USER_AGENT="Firefox", REMOTE_ADDR=address
        )
        who.get("/")
        who.post("/cookies/", {"choice": "all", "next": "/"})
        who.get("/courses/")
        assert not log_in(who, password="not this one")
        assert log_in(who)
        who.post("/account/policy/", {"next": "/"})
        who.get("/account/sessions/")
        who.get("/courses/")


@pytest.mark.tenant("ema")
@keeps("ema-1.1.5")
def test_an_address_is_in_the_log_and_the_copy_for_a_year_and_then_nowhere(tenant: Tenant) -> None:
    cache.clear()
    person: Person = customer().person
    billing.contract(person, at=AT)
    used(tenant, f"{NETWORK}.77", AT)

    assert tables_with(f"{NETWORK}.77") <= {"skola_cache"}, "the whole address is kept nowhere"
    assert tables_with(NETWORK) - {"skola_cache"} == {"people_securityevent"}
    assert NETWORK in text_of(copy_of(person))

    end = AT.replace(year=AT.year + 1)
    used(tenant, "198.51.100.9", end - timedelta(days=1))
    sweep(now=end - A_SECOND)
    assert tables_with(NETWORK) == {"people_securityevent"}
    sweep(now=end + timedelta(days=1))
    assert tables_with(NETWORK) == set()
    assert tables_with("198.51.100") - {"skola_cache"} == {"people_securityevent"}
    with clock.standing_at(end + timedelta(days=1)):
        assert NETWORK not in text_of(copy_of(person))
    assert Person.objects.filter(pk=person.pk).exists()
