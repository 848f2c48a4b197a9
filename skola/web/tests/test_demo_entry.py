"""Entering the demo as one of its people."""

from django.test import Client

from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant
from skola.web.demo.people import address_of
from skola.web.demo.tenants import SERVICES


def test_who_enters_as_somebody_sees_this_session_in_their_account(
    client: Client, tenant: Tenant
) -> None:
    service = next(one for one in SERVICES if one.slug == tenant.slug)
    chosen = make.account(email=address_of(service.personas[0]))

    client.post("/demo/visits/", {"account": str(chosen.pk)})

    assert b"this one" in client.get("/account/sessions/").content
